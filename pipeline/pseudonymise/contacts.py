"""Find telephone numbers and e-mail addresses, however people write them down."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.cues import Cues, is_word
from pipeline.pseudonymise.spans import Span

_SIGN = r"\u00a0\-\u2010\u2011\u2012\u2013./"
_GAP = rf"(?:[ {_SIGN}]|\s?\n\s?|[{_SIGN}] | [{_SIGN}] ?|[{_SIGN}]\n)"
_BEFORE = r"(?<![\d+])(?<!\d[./,-])"
_MOBILE = re.compile(
    rf"{_BEFORE}(?:(?:\+|00)358{_GAP}?\(?0?\)?{_GAP}?|0{_GAP}?)(?:4{_GAP}?\d|5{_GAP}?0)(?:{_GAP}?\d){{5,8}}(?!\d)"
)
_LETTERED = re.compile(
    rf"(?<!\w)[0Oo]{_GAP}?(?:4{_GAP}?[\dOo]|5{_GAP}?[0Oo])(?:{_GAP}?[\dOoIl]){{5,8}}(?!\w)"
)
_ABROAD = re.compile(
    rf"(?<![\w+])(?<!\d[./,-])(?:\(?\+\d{{1,3}}\)?|00[1-9]\d{{1,2}})(?:{_GAP}?\d){{6,12}}(?!\d)"
)
_LANDLINE = re.compile(
    rf"(?<![\w+])(?<!\d[./,-])\(?0[1-9]\d{{0,2}}\)?{_GAP}?\d{{3}}{_GAP}?\d{{2}}{_GAP}?\d{{0,3}}(?![\w€%])"
)
_GROUPED = re.compile(
    r"(?<![\w+])(?<!\d[./,-])(?=[\d() \u00a0-]*[ \u00a0-]\d{3})\(?0[1-9]\d?\)?"
    r"(?:[ \u00a0-]?(?!(?:19|20)\d\d(?!\d))\d{2,4})"
    r"(?:[ \u00a0-](?!(?:19|20)\d\d(?!\d))\d{2,4}){1,2}(?![\w€%]|[./:-]\d)"
)
_LOCAL = re.compile(
    rf"(?<![\w+./,-])\(?\d{{2,4}}\)?(?:{_GAP}?\d){{4,8}}(?![\w€%]|[.,/:-]\d|\s?(?:euro|€|kpl|krt))"
)
_LANDLINE_SHORT = re.compile(rf"(?<![\w+./,-])0[1-9]\d?{_GAP}\d{{2,3}}{_GAP}?\d{{2,4}}(?![\w€%])")
_FREE_OF_CHARGE = re.compile(r"^(?:\+?358|0)?\s?80\s?0|^116\s?\d{3}$")
_DATE = re.compile(
    r"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{1,2}[./-](?:19|20)\d\d(?!\d)|^(?:19|20)\d\d[-–/](?:19|20)\d\d$"
    r"|^\d{1,3} ?000$|^\d{4}-\d\d-\d\d$|^\d{1,2}\.\d{2}[-–]\d{1,2}\.\d{2}$"
)
_MIN_DIGITS = 6
_WHOLE_NUMBER = 9
_MIN_SPOKEN = 5

_DIGIT_WORDS = (
    "nolla|yksi|kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän|yks|kaks|kol|nel|viis|kuus|seiska|seittemän|kaheksan|yheksän"
    "|kymmenen|(?:kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän)(?:kymmentä|kyt)\\w*|sata|tuplanolla"
    "|noll|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|tjugo|trettio|fyrtio|femtio|null|üks|kolm|neli|viis|kuus|seitse|kaheksa|üheksa"
)
_SPOKEN = re.compile(
    rf"(?<!\w)(?:{_DIGIT_WORDS}|\d{{2,4}}|\d)(?:[ ,\u00a0-]+(?:{_DIGIT_WORDS}|\d{{1,4}})(?!\w))+",
    re.IGNORECASE,
)
_DIGIT_WORD = re.compile(rf"(?:{_DIGIT_WORDS})(?!\w)", re.IGNORECASE)

_LOCAL_PART = r"[\w.+-]+(?:,[\w.+-]+)?"
_AT = re.compile(
    rf"(?<![\w.+@-])(?P<local>{_LOCAL_PART})(?:@|\s@\s)(?:\s?[\w-]+(?:\s?\.\s?[\w-]+)*)?"
)
_AFTER_AT = (
    r"(?:@\s?|\s@\s|\s?[(\[{]\s?(?:at|a|ät|ätt|@|miuku\w*|snabel-?a)\s?[)\]}]\s?"
    r"|\s(?:ät|ätt|miuku|miukumauku|snabel-?a|miumau)\s)"
)
_POINT = (
    r"(?:\s?\.\s?|\s?[(\[{]\s?(?:dot|piste|punkt|punkti|point)\s?[)\]}]\s?"
    r"|\s(?:dot|piste|punkt|point)\s)"
)
_EMAIL = re.compile(
    rf"(?<![\w.+-])(?:[\w+-]+{_POINT}){{0,3}}[\w.+-]+{_AFTER_AT}[\w-]+(?:{_POINT}[\w-]+)*",
    re.IGNORECASE,
)
_PROVIDERS = (
    "gmail|hotmail|outlook|luukku|icloud|yahoo|live|msn|elisa|kolumbus|saunalahti|suomi24|protonmail|proton"
    "|netti|welho|dnainternet|pp|mail|posti|jippii|telia|aol|gmx|yandex|ukr"
)
_EMAIL_AT = re.compile(
    rf"(?<![\w.+-])(?:[\w+-]+{_POINT}){{0,3}}[\w.+-]+\sat\s(?:[\w-]+(?:{_POINT}[\w-]+)+|(?:{_PROVIDERS})(?!\w))",
    re.IGNORECASE,
)
_BROKEN_LINE = re.compile(rf"(?<![\w.+-]){_LOCAL_PART}\s?@\s*\n\s*[\w-]+(?:\.[\w-]+)+")


def find_phones(text: str, cues: Cues) -> Iterator[Span]:
    """Find telephone numbers: mobile numbers by shape, the others with phonenumbers.

    A number may be broken over lines, glued to a word, said in words, or have the letter O for a
    zero. What stays: emergency and public service numbers (112, 116 xxx, 0800, a number right
    after *kriisipuhelin*), years, sums, opening hours and sections of law. A number without a
    leading 0 or + needs a word such as *puh*.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``puhelin``.

    Examples
    --------
    >>> text = "Soita 050-000 1283 tai (03) 818 1234, hätänumero on 112 ja laki 1301/2014."
    >>> sorted({text[s.start : s.end] for s in find_phones(text, Cues(text))})
    ['(03) 818 1234', '050-000 1283']
    """
    for match in _MOBILE.finditer(text):
        start, end = match.start(), _end_of_number(match.group()) + match.start()
        yield Span(start, end, "puhelin", "matkapuhelin", 0.95)
    for match in _LETTERED.finditer(text):
        if sum(c.isdigit() for c in match.group()) >= _MIN_DIGITS:
            yield Span(*match.span(), "puhelin", "o-nollana", 0.9)
    for start, end, rule, score in _other_phones(text, cues):
        number = text[start:end]
        n_digits = sum(c.isdigit() for c in number)
        if n_digits < _MIN_DIGITS or _FREE_OF_CHARGE.match(number.lstrip("(+")):
            continue
        if not (_DATE.match(number) or cues.is_near("publicline", start, end, before=1)):
            yield Span(start, end, "puhelin", rule, score)
    yield from _spoken(text, cues)


def _end_of_number(number: str) -> int:
    """Return where a number ends: not on the next line when it was whole before."""
    head, *rest = number.split("\n", 1)
    if rest and sum(c.isdigit() for c in head) >= _WHOLE_NUMBER:
        return len(head.rstrip())
    return len(number)


def _other_phones(text: str, cues: Cues) -> Iterator[tuple[int, int, str, float]]:
    """Yield what may be a telephone number that is no Finnish mobile number."""
    import phonenumbers

    if sum(c.isdigit() for c in text) < _MIN_DIGITS:
        return
    for match in _ABROAD.finditer(text):
        yield *match.span(), "maatunnus", 0.9
    for match in (*_LANDLINE.finditer(text), *_GROUPED.finditer(text)):
        yield *match.span(), "suuntanumero", 0.7
    for match in _LOCAL.finditer(text):
        is_law = cues.is_near("law", *match.span(), before=3)
        if not is_law and cues.is_near("phone", *match.span(), before=4):
            yield *match.span(), "puhelinsana", 0.8
    for match in _LANDLINE_SHORT.finditer(text):
        if cues.is_near("phone", *match.span(), before=4):
            yield *match.span(), "puhelinsana", 0.8
    for hit in phonenumbers.PhoneNumberMatcher(text, "FI"):
        if hit.raw_string.startswith(("0", "+", "(0", "(+")):
            yield hit.start, hit.end, "phonenumbers", 0.9


def _spoken(text: str, cues: Cues) -> Iterator[Span]:
    """Yield numbers said in words, at least in part: *nolla neljäkymmentä 123 4567*."""
    for match in _SPOKEN.finditer(text):
        said = len(_DIGIT_WORD.findall(match.group()))
        n_digits = said + sum(c.isdigit() for c in match.group())
        is_zero = match.group().casefold().startswith(("nolla", "noll ", "null "))
        is_told = cues.is_near("phone", *match.span(), before=4)
        if said and n_digits >= _MIN_SPOKEN and (is_zero or (is_told and said >= _MIN_SPOKEN)):
            yield Span(*match.span(), "puhelin", "sanoina", 0.8)


def find_emails(text: str, cues: Cues) -> Iterator[Span]:
    """Find e-mail addresses, with a written-out at sign or a lost ending too.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``sahkoposti``.

    Examples
    --------
    >>> text = "Osoite on aino.kettuvaara ät esimerkki piste fi, ei muuta."
    >>> [text[s.start : s.end] for s in find_emails(text, Cues(text))]
    ['aino.kettuvaara ät esimerkki piste fi']
    """
    for match in _EMAIL.finditer(text):
        is_two_words = " @ " in match.group() and "." not in match.group()
        if is_two_words and not cues.is_near("email", *match.span(), before=4):
            continue
        yield Span(*match.span(), "sahkoposti", "sähköposti", 1.0)
    for match in _BROKEN_LINE.finditer(text):
        yield Span(*match.span(), "sahkoposti", "sähköposti-rivin-yli", 0.9)
    for match in _EMAIL_AT.finditer(text):
        yield Span(*match.span(), "sahkoposti", "sähköposti-sanoin", 0.9)
    for match in _AT.finditer(text):
        is_handle = match["local"].isalpha() and is_word(match["local"]) and " @" in match.group()
        if not is_handle or cues.is_near("email", *match.span(), before=4):
            yield Span(*match.span(), "sahkoposti", "sähköposti-katkennut", 0.8)
