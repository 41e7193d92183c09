"""Find telephone numbers, e-mail addresses, and names people have on the net or in a register."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.spans import Span

_GAP = r"[ \u00a0\-\u2010\u2011\u2013./]"
_MOBILE = re.compile(
    rf"(?<![\w+./,-])(?:(?:\+|00)358{_GAP}?\(?0?\)?{_GAP}?|0)(?:4\d|50)(?:{_GAP}?\d){{5,8}}(?![\w])"
)
_ABROAD = re.compile(
    rf"(?<![\w+./,-])(?:\(?\+\d{{1,3}}\)?|00[1-9]\d{{1,2}})(?:{_GAP}?\d){{6,12}}(?!\w)"
)
_LANDLINE = re.compile(
    rf"(?<![\w+./,-])\(?0[1-9]\d{{0,2}}\)?{_GAP}?\d{{3}}{_GAP}?\d{{2}}{_GAP}?\d{{1,3}}(?![\w€%])"
)
_LOCAL = re.compile(
    r"\b(?:puh|p|gsm|matkapuh|puhelin\w*|numero(?:on|sta|ssa|lla|nsa|ni)?|soit\w+|tekstar\w+)"
    rf"\b\W{{0,3}}(?:on\s+|oli\s+|numero\w*\s+)?(?P<number>\(?\d{{2,4}}\)?(?:{_GAP}?\d){{4,8}})(?![\w])",
    re.IGNORECASE,
)
_FREE_OF_CHARGE = re.compile(r"^(?:\+?358|0)?\s?800|^116\s?\d{3}$")
_DATE = re.compile(r"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{1,2}[./-]\d{4}")
_MIN_DIGITS = 6

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:\s?@\s?|\s?[(\[]\s?(?:at|ät|@|miuku)\s?[)\]]\s?)"
    r"[\w-]+(?:(?:\.|\s?[(\[](?:dot|piste)[)\]]\s?)[\w-]+)*(?:\.|\s?[(\[](?:dot|piste)[)\]]\s?)[^\W\d_]{2,}",
    re.IGNORECASE,
)
_EMAIL_CUT = re.compile(r"(?<![\w.+-])[\w+-]+(?:\.[\w+-]+)+@[\w-]+(?![\w@])")

_PROFILE = re.compile(
    r"(?<![\w.])(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|tiktok|twitter|x|linkedin|snapchat|youtube|t|wa|"
    r"onlyfans|threads|vk|ask|twitch)\.(?:com|me|fm|tv|net)/[\w@./?=&%+-]*[\w/]",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@])@[^\W\d][\w.]*\w")
_NAMED_HANDLE = re.compile(
    r"\b(?:käyttäjätunnus|käyttäjänimi|käyttäjänimellä|käyttäjätunnuksella|nimimerkki|nimimerkillä|nimimerkin|"
    r"snäppi|snap|snapchat|insta|instagram|ig|tiktok|discord|kik|telegram|tunnuksella|profiili)"
    r"(?:\s+on|\s*:)?\s+[\"'”»]?(?P<handle>(?=\w*[\d_.])[\w.]*\w)[\"'”»]?",
    re.IGNORECASE,
)
_REGISTER = (
    r"(?:(?:asiakas|asiakkaan|potilas|potilaan|tapaus|tapauksen|asian?|päätös|päätöksen|diaari"
    r"|lasku|laskun|viite|viitteen|vakuutus|passin?|henkilökortin?|ajokortin?"
    r"|tilin?|jäsen|jäsenen|sopimus|sopimuksen|hakemus|hakemuksen|rekisteri"
    r"|oleskeluluvan|kela-kortin)[ -]?(?:numero|tunnus|tunniste|nro|nr)"
    r"|käyttäjätunnus|dnro|dno|diaarinro)"
)
_REGISTER_NUMBER = re.compile(
    rf"\b{_REGISTER}(?:n|lla|nsa|ni|lle|ta|sta|ksella|ksen)?\b\.?(?:\s+(?:on|oli))?\s*[:=]?\s*"
    r"(?P<number>(?=[\w/.:-]*\d)(?=\S{3})(?:[A-ZÅÄÖ]{1,8}[ -])?[\w/.:-]*\d[\w/-]*)",
    re.IGNORECASE,
)


def find_phones(text: str) -> Iterator[Span]:
    """Find telephone numbers: mobile numbers by shape, the others with phonenumbers.

    What stays: emergency and public service numbers (112, 116 xxx, 0800), years, sums, opening
    hours and sections of law. A number without a leading 0 or + needs a word such as *puh*.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``puhelin``.

    Examples
    --------
    >>> text = "Soita 050-000 1283 tai (03) 818 1234, hätänumero on 112 ja laki 1301/2014."
    >>> sorted({text[s.start : s.end] for s in find_phones(text)})
    ['(03) 818 1234', '050-000 1283']
    """
    for match in _MOBILE.finditer(text):
        yield Span(*match.span(), "puhelin", "matkapuhelin", 0.95)
    for start, end, rule, score in _other_phones(text):
        number = text[start:end]
        n_digits = sum(c.isdigit() for c in number)
        is_service = _FREE_OF_CHARGE.match(number.lstrip("(+"))
        if n_digits >= _MIN_DIGITS and not is_service and not _DATE.match(number):
            yield Span(start, end, "puhelin", rule, score)


def _other_phones(text: str) -> Iterator[tuple[int, int, str, float]]:
    """Yield what may be a telephone number that is no Finnish mobile number."""
    import phonenumbers

    for match in _ABROAD.finditer(text):
        yield *match.span(), "maatunnus", 0.9
    for match in _LANDLINE.finditer(text):
        yield *match.span(), "suuntanumero", 0.7
    for match in _LOCAL.finditer(text):
        yield *match.span("number"), "puhelinsana", 0.8
    for hit in phonenumbers.PhoneNumberMatcher(text, "FI"):
        if hit.raw_string.startswith(("0", "+", "(0", "(+")):
            yield hit.start, hit.end, "phonenumbers", 0.9


def find_emails(text: str) -> Iterator[Span]:
    """Find e-mail addresses, with a written-out at sign or a lost ending too.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``sahkoposti``.

    Examples
    --------
    >>> text = "Osoite on aino.kettuvaara(at)esimerkki.fi, ei muuta."
    >>> [text[s.start : s.end] for s in find_emails(text)]
    ['aino.kettuvaara(at)esimerkki.fi']
    """
    for match in _EMAIL.finditer(text):
        yield Span(*match.span(), "sahkoposti", "sähköposti", 1.0)
    for match in _EMAIL_CUT.finditer(text):
        yield Span(*match.span(), "sahkoposti", "sähköposti-katkennut", 0.8)


def find_handles(text: str) -> Iterator[Span]:
    """Find profiles and user names of the net, and numbers under which a register knows somebody.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``tunnus``.

    Examples
    --------
    >>> text = "Löytyy nimellä @pekka_v, asiakasnumero 123456. Ks. kela.fi ja 1301/2014."
    >>> [text[s.start : s.end] for s in find_handles(text)]
    ['@pekka_v', '123456']
    """
    for match in _PROFILE.finditer(text):
        yield Span(*match.span(), "tunnus", "profiili", 0.9)
    for match in _HANDLE.finditer(text):
        yield Span(*match.span(), "tunnus", "nimimerkki", 0.9)
    for match in _NAMED_HANDLE.finditer(text):
        yield Span(*match.span("handle"), "tunnus", "nimimerkki", 0.7)
    for match in _REGISTER_NUMBER.finditer(text):
        yield Span(*match.span("number"), "tunnus", "rekisterin-numero", 0.8)
