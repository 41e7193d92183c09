"""Find user names and pages of the net, and numbers under which a register knows somebody."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.pseudonymise.cues import COUNTED, Cues, any_of
from pipeline.pseudonymise.name_lists import read_entries
from pipeline.pseudonymise.spans import Span
from pipeline.resources import shipped

_URL = re.compile(
    r"(?<![\w@.])(?:https?\s?:\s?//\s?|www\.)(?P<host>[\w.-]+\w)(?::\d+)?(?P<path>[/?#][^\s<>\"”»]*)?",
    re.IGNORECASE,
)
_BARE_PAGE = re.compile(
    r"(?<![\w@./-])(?P<host>(?:[\w-]+\.)+(?:com|fi|net|org|me|io|tv|fm|gg|se|ee|ly|be|info|app|example))(?P<path>/[\w@./?=&%+~#-]*\w)",
    re.IGNORECASE,
)
_BLOG = re.compile(
    r"(?<![\w@./-])[\w-]+\.(?:blogspot|wordpress|tumblr|vuodatus|wixsite|weebly|substack)\.\w{2,3}(?:/\S*\w)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@])@[^\W\d][\w.]*\w")
_NUMBERED = re.compile(r"(?<![\w.@#])[^\W\d_][\w.-]*#\d{3,5}(?!\w)")
_UNDERSCORED = re.compile(
    r"(?<![\w.@/[-])(?=[\w.]*[^\W_])(?:\w*[^\W_]_+\w+|\w+_+[^\W_]\w*)(?:\.\w+)*(?![\w/@-])"
)
_TOKEN = re.compile(r"(?<![\w@#[])[^\W_][\w.#-]*\w(?![\w\]])")
_QUOTED = re.compile(r"[\"”“»'](?P<name>[^\"”“»'\n]{2,30})[\"”“»']")
_NAMED = re.compile(
    r"(?<!\w)nime(?:llä|ltä|nä)\s(?P<name>[^\W\d_][\w.-]*(?:\s[^\W\d_][\w.-]*){0,2}\s\d{2,4})(?!\w)"
)
_CAMEL = re.compile(r"[a-zåäö][A-ZÅÄÖ]")

_SLASHED = re.compile(
    r"(?<![\w/.-])(?:[A-ZÅÄÖ]{1,8}\s?[/ -]\s?)?(?:[A-ZÅÄÖ]{1,8}/)?\d{3,6}/[A-Z\d.]{1,8}"
    r"(?:[./-][\d.A-Z]{1,8}){0,2}/\d{2,4}(?![\w/])"
    r"|(?<![\w/.-])[A-ZÅÄÖ]{2,8}/\d{1,6}/(?:[\d.]{2,8}/)?(?:19|20)?\d{2}(?![\w/])"
)
_DOSSIER = re.compile(
    r"(?<![\w/.-])[A-ZÅÄÖ]{2,5}\s(?:19|20)\d\d-\d{4,6}(?:\s[A-Z]?\s?\d\d){0,4}(?!\w)"
)
_REFERENCE = re.compile(r"(?<!\w)RF\d{2}(?:\s?\d{1,4}){2,6}(?!\d)")
_LETTERED = re.compile(r"(?<![\w/.-])[A-ZÅÄÖ]{1,3}[- ]?\d{4,10}[A-Z]?(?![\w/]|-\d)")
_NUMBER = re.compile(
    r"(?<![\w,.])(?:[A-ZÅÄÖ]{1,8}[ /-])?(?=(?:[\w./:-]*\d){3})"
    r"[\w/.:-]*\d[\w/-]*(?:\s\d{3,6})*(?![€%\w]|,\d)"
)
_LAW = re.compile(r"\d{1,4}/(?:19|20)\d\d")
_NO_NUMBER = re.compile(
    r"(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?|\d{1,2}\.\d{1,2}\.?(?:\d{2,4})?(?:[-–].*)?"
    r"|\d{1,2}[.:]\d\d(?:[-–].*)?|1[0-9]{2}|116 ?\d{3}|080\s?0.*|[^\W\d_]+-?20\d\d"
    r"|(?:KHO|KKO|HE|EOA|EOAK|HTV)\W.*|\d{1,3}|\d{1,2}-(?:[^\W\d_]\w*|\d{1,3})"
    r"|(?:19|20)\d\d-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,3} ?000"
)


def find_pages(text: str) -> Iterator[Span]:
    """Find addresses of pages that may be of a person: all but those of shipped public hosts.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``tunnus``.

    Examples
    --------
    >>> text = "Ks. https://www.kela.fi/asumistuki ja https://mummonarki.example.com."
    >>> [text[s.start : s.end] for s in find_pages(text)]
    ['https://mummonarki.example.com']
    """
    for pattern in (_URL, _BARE_PAGE):
        for match in pattern.finditer(text):
            if not _is_public(match["host"]):
                end = match.end() - len(match.group()) + len(match.group().rstrip(".,;:!?)"))
                yield Span(match.start(), end, "tunnus", "verkkosivu", 0.9)
    for match in _BLOG.finditer(text):
        yield Span(*match.span(), "tunnus", "blogi", 0.9)


def find_handles(text: str, cues: Cues) -> Iterator[Span]:
    """Find user names: by shape, or beside *nimimerkki*, *Instagram* and the like.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``tunnus``.

    Examples
    --------
    >>> text = "Löytyy nimellä @pekka_v, Steamissa YöKettu99. Ks. kela.fi."
    >>> [text[s.start : s.end] for s in find_handles(text, Cues(text))]
    ['@pekka_v', 'YöKettu99']
    """
    for pattern in (_HANDLE, _NUMBERED, _UNDERSCORED):
        for match in pattern.finditer(text):
            yield Span(*match.span(), "tunnus", "nimimerkki", 0.9)
    for match in _TOKEN.finditer(text):
        if _looks_made_up(match.group()) and cues.is_near("account_name", *match.span(), before=4):
            yield Span(*match.span(), "tunnus", "nimimerkki", 0.7)
    for match in _QUOTED.finditer(text):
        if cues.is_near("account_name", *match.span(), before=1):
            yield Span(*match.span("name"), "tunnus", "nimimerkki-lainattu", 0.7)
    for match in _NAMED.finditer(text):
        yield Span(*match.span("name"), "tunnus", "nimellä-ja-luku", 0.7)


def _looks_made_up(token: str) -> bool:
    """Tell whether a token looks like a user name: digits, points or capitals inside."""
    has_letter = any(c.isalpha() for c in token)
    if _NO_NUMBER.fullmatch(token) or not has_letter or token.isupper():
        return False
    has_digit = any(c.isdigit() for c in token) and not token[0].isdigit()
    is_pointed = "." in token.strip(".") and not token.endswith("-") and token.islower()
    return has_digit or is_pointed or bool(_CAMEL.search(token))


def find_register_numbers(text: str, cues: Cues) -> Iterator[Span]:
    """Find case, court, policy, permit, customer and other register numbers.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``tunnus``.

    Examples
    --------
    >>> text = "Asiakasnumerolla 123456, asia LH/1234/05.02/2024, laki 1301/2014, 450 euroa."
    >>> sorted({text[s.start : s.end] for s in find_register_numbers(text, Cues(text))})
    ['123456', 'LH/1234/05.02/2024']
    """
    for pattern in (_SLASHED, _DOSSIER, _REFERENCE):
        for match in pattern.finditer(text):
            yield Span(*match.span(), "tunnus", "asian-numero", 0.9)
    for match in _LETTERED.finditer(text):
        if any_of(cues, ("register", "case"), *match.span(), before=5):
            yield Span(*match.span(), "tunnus", "rekisterin-numero", 0.8)
    for match in _NUMBER.finditer(text):
        value = match.group().rstrip(".:")
        if _NO_NUMBER.fullmatch(value) or COUNTED.match(text, match.end()):
            continue
        if _LAW.fullmatch(value) and not cues.is_near("register", *match.span(), before=2):
            continue
        if _is_registered(value, match, cues):
            yield Span(
                match.start(), match.start() + len(value), "tunnus", "rekisterin-numero", 0.8
            )


def _is_registered(value: str, match: re.Match[str], cues: Cues) -> bool:
    """Tell whether a register's word stands before a number that may be its."""
    start, end = match.span()
    if cues.is_near("law", start, end, before=3):
        return False
    if cues.is_near("register", start, end, before=3):
        return True
    n_digits = sum(c.isdigit() for c in value)
    is_odd = bool(re.search(r"[/-]", value)) or bool(re.match(r"[A-ZÅÄÖ]", value))
    return n_digits >= 5 and is_odd and cues.is_near("case", start, end, before=3)


@lru_cache(maxsize=1)
def _public_hosts() -> frozenset[str]:
    """Read the hosts whose pages are of no person."""
    return frozenset(read_entries(shipped("configs", "names", "public_hosts.txt")))


def _is_public(host: str) -> bool:
    """Tell whether a host, or what it is under, is public."""
    parts = host.casefold().removeprefix("www.").split(".")
    return any(".".join(parts[i:]) in _public_hosts() for i in range(len(parts) - 1))
