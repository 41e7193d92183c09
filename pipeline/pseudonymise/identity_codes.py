"""Find personal identity codes by their shape, and parts of them beside a word that says so."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.birth_dates import SHORT_WORD_BEFORE
from pipeline.pseudonymise.cues import Cues
from pipeline.pseudonymise.spans import Span

_DASHES = r"\-\u2010\u2011\u2012\u2013\u2014\u2212\u00ad"
_LETTER = "[UVWXYABCDEFuvwxyabcdef]"
_BLANK = r"[ \u00a0]"
_SIX = rf"\d\d[. ]?\d\d[. ]?\d\d|\d(?:{_BLANK}\d){{5}}"

_CODE = re.compile(
    rf"(?<![\d+])(?P<century>19|20)?(?P<date>{_SIX})"
    rf"(?P<sign>\s*[{_DASHES}+]\s*|{_LETTER}|{_BLANK}{_LETTER}{_BLANK}?|{_BLANK}?[_/]{_BLANK}?)"
    rf"(?P<number>\d{_BLANK}?\d{_BLANK}?\d)(?:(?P<blank>\s?)(?P<check>[0-9A-Za-z]))?(?![\d€%])"
)
_CODE_WITHOUT_SIGN = re.compile(
    r"(?<![\d+])(?P<date>\d\d\.?\d\d\.?\d\d)[ ]?(?P<number>\d{3})(?P<check>[0-9A-Za-z])(?!\d)"
)
_SWEDISH_WITHOUT_SIGN = re.compile(r"(?<![\d+])(?:19|20)?(?P<date>\d{6})[ ]?\d{4}(?!\d)")
_ESTONIAN = re.compile(r"(?<![\d+])[1-8]\d{10}(?!\d)")
_MOBILE = re.compile(r"(?:04\d|050)\d{7}$")
_HEAD = re.compile(
    rf"(?<![\w+])(?P<date>\d{{6}})\s?[{_DASHES}+](?:[xX*_]{{1,5}}|\d{{1,2}})?(?![\w*])"
)
_SIX_DIGITS = re.compile(
    r"(?<![\w,/+-])(?<!\d\.)(?P<date>\d{6}|\d\d[ .]\d\d[ .]\d\d)(?![\w/€%]|[.,]\d)"
)
_DIGIT_GROUPS = re.compile(r"(?<![\w.,])\d{2,4}(?: \d{2,4}){0,2}(?![\w€%]|[.,]\d)")
_TAIL = re.compile(
    rf"(?<![\w])(?P<sign>[{_DASHES}+.]{{0,3}}{_BLANK}?|[A-Fa-f](?=\d))\d{{3}}(?P<check>[0-9A-Za-z])(?![\w€%])"
)
_RANGE_AFTER = re.compile(r"\s*\d")
_TENS = 2


def find_identity_codes(text: str, cues: Cues) -> Iterator[Span]:
    r"""Find personal identity codes, as people write and mistype them.

    The shape decides: a day, a month, two digits of the year, a century sign (any dash, an
    underscore, a slash, or the letters in use since 2023) and three digits with a check character,
    blanks between them or not, glued to a word or not, the year first or last. A wrong check
    character is as personal as a right one; python-stdnum only raises the score. Without a century
    sign the check character must be right, or a word such as *hetu* stand before. Swedish and
    Estonian codes go too.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``hetu``.

    Examples
    --------
    >>> text = "Tunnus 140279\u2013917 L."
    >>> [(s.start, s.end, s.score) for s in find_identity_codes(text, Cues(text))]
    [(7, 19, 1.0)]
    >>> text = "Jakso 010124-311224, kulut 120500 euroa."
    >>> list(find_identity_codes(text, Cues(text)))
    []
    """
    for match in _CODE.finditer(text):
        end = _end_of_code(text, match, cues)
        if end:
            is_right = _is_valid(match["date"], match["number"], match["check"] or "")
            yield Span(match.start(), end, "hetu", "hetu", 1.0 if is_right else 0.9)
    yield from _codes_without_sign(text, cues)
    for match in _ESTONIAN.finditer(text):
        if _is_estonian(match.group()) or cues.is_near("hetu", *match.span()):
            yield Span(*match.span(), "hetu", "isikukood", 0.9)


def _end_of_code(text: str, match: re.Match[str], cues: Cues) -> int:
    """Return where a code with a sign ends; 0 when it is none."""
    if not (_is_day_first(match["date"]) or _is_year_first(match["date"])):
        return 0
    if match["century"] and not _is_year_first(match["date"]):
        return 0
    has_check = match["check"] is not None and not (match["blank"] and match["check"].islower())
    if not has_check:
        end = match.end("number")
        is_open = " " in match.group()[: end - match.start()] or _RANGE_AFTER.match(text, end)
        return 0 if is_open or text[end : end + 1].isalnum() else end
    if match["sign"].strip() in ("/", "_") and match["check"].isdigit():
        is_right = _is_valid(match["date"], match["number"], match["check"])
        return match.end() if is_right or cues.is_near("hetu", *match.span()) else 0
    is_glued = text[match.end() : match.end() + 1].isalpha()
    if is_glued and match["check"].islower():
        is_right = _is_valid(match["date"], match["number"], match["check"])
        return match.end() if is_right else match.end("number")
    return match.end()


def _codes_without_sign(text: str, cues: Cues) -> Iterator[Span]:
    """Yield codes whose century sign was left out."""
    for match in _CODE_WITHOUT_SIGN.finditer(text):
        if _MOBILE.match(match.group()) or not _is_day_first(match["date"]):
            continue
        is_right = _is_valid(match["date"], match["number"], match["check"])
        if is_right or cues.is_near("hetu", *match.span(), before=5, after=3):
            yield Span(*match.span(), "hetu", "hetu-ilman-merkkiä", 0.8)
    for match in _SWEDISH_WITHOUT_SIGN.finditer(text):
        if _is_year_first(match["date"]) and cues.is_near("hetu", *match.span()):
            yield Span(*match.span(), "hetu", "personnummer", 0.8)


def find_parts_of_codes(text: str, cues: Cues) -> Iterator[Span]:
    """Find beginnings and ends of identity codes beside *hetu*, *alku*, *loppuosa* and the like.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``syntymaaika`` for a beginning, ``hetu`` for an end.

    Examples
    --------
    >>> text = "Tunnus alkaa 120347- ja hetun loppuosa on 308T."
    >>> [text[s.start : s.end] for s in find_parts_of_codes(text, Cues(text))]
    ['120347-', '120347', '308T']
    """
    for match in _HEAD.finditer(text):
        is_range = _RANGE_AFTER.match(text, match.end())
        if _is_day_first(match["date"]) and not is_range:
            yield Span(*match.span(), "syntymaaika", "hetun-alku", 0.8)
    for match in _SIX_DIGITS.finditer(text):
        if _is_day_first(match["date"]) and _says_code(cues, match, "beginning"):
            yield Span(*match.span(), "syntymaaika", "hetun-alku", 0.8)
    for match in _DIGIT_GROUPS.finditer(text):
        is_begun = cues.is_near("hetu", *match.span(), before=4) and cues.is_near(
            "beginning", *match.span(), before=2
        )
        if is_begun and not _is_year(match.group()):
            yield Span(*match.span(), "syntymaaika", "hetun-alku", 0.7)
    for match in _TAIL.finditer(text):
        if _is_tail(match, cues):
            yield Span(*match.span(), "hetu", "hetun-loppu", 0.8)


def _says_code(cues: Cues, match: re.Match[str], part: str) -> bool:
    """Tell whether a word around six digits says that they are of a code or a birth date."""
    start, end = match.span()
    return (
        cues.is_near("hetu", start, end, before=5, after=3)
        or cues.is_near(part, start, end, before=2)
        or cues.is_near("birth", start, end, before=5, after=2)
        or bool(SHORT_WORD_BEFORE.search(cues.text[max(0, start - 12) : start]))
    )


def _is_tail(match: re.Match[str], cues: Cues) -> bool:
    """Tell whether three digits and a character are the end of a code."""
    start, end = match.span()
    is_letter = match["check"].isalpha()
    is_end = cues.is_near("end", start, end, before=5, after=2)
    is_code = cues.is_near("hetu", start, end, before=6, after=4)
    if is_end:
        return is_letter or is_code or bool(match["sign"].strip(". "))
    return is_code and is_letter and bool(match["check"].isupper())


def _digits(date: str) -> str:
    return "".join(c for c in date if c.isdigit())


def _is_day_first(date: str) -> bool:
    """Tell whether six digits may be a day, a month and a year."""
    digits = _digits(date)
    return 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12


def _is_year_first(date: str) -> bool:
    """Tell whether six digits may be a year, a month and a day."""
    digits = _digits(date)
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:]) <= 31


def _is_year(text: str) -> bool:
    """Tell whether digits are a year alone."""
    return len(text) == 2 * _TENS and text[:_TENS] in ("19", "20")


def _is_valid(date: str, number: str, check: str) -> bool:
    """Tell whether the check character is right, whatever century sign was written."""
    from stdnum.fi import hetu

    digits = _digits(date + number)
    code = f"{digits[:6]}-{digits[6:]}{check.upper()}"
    return bool(hetu.is_valid(code, allow_temporary=True))


def _is_estonian(code: str) -> bool:
    """Tell whether eleven digits are an Estonian or Lithuanian code with a right check digit."""
    from stdnum.ee import ik

    return bool(ik.is_valid(code))
