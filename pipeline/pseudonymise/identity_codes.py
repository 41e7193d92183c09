"""Find Finnish personal identity codes and exact birth dates by their shape."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.spans import Span

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DASHES = r"\-\u2010\u2011\u2012\u2013\u2014\u2212\u00ad"
_CENTURY_SIGN = rf"[{_DASHES}+]"
_CENTURY_LETTER = "[UVWXYABCDEFuvwxyabcdef]"

_CODE = re.compile(
    rf"(?<![\w+])(?P<date>{_DAY}[. ]?{_MONTH}[. ]?\d\d)"
    rf"(?:\s*{_CENTURY_SIGN}\s*|{_CENTURY_LETTER}|[ ]{_CENTURY_LETTER}[ ]?)"
    r"(?P<number>\d[ ]?\d[ ]?\d)(?:(?P<blank>\s?)(?P<check>[0-9A-Za-z]))?(?![\w€%])"
)
_CODE_WITHOUT_SIGN = re.compile(
    rf"(?<![\w+])(?P<date>{_DAY}{_MONTH}\d\d)[ ]?(?P<number>\d{{3}})(?P<check>[0-9A-Za-z])(?!\w)"
)
_MOBILE = re.compile(r"(?:04\d|050)\d{7}$")
_HEAD_OF_CODE = re.compile(
    rf"(?<![\w+]){_DAY}{_MONTH}\d\d\s?[{_DASHES}+](?:[xX*_]{{1,5}})?(?![\w*])"
)
_RANGE_AFTER = re.compile(r"\s*\d")

_MONTHS = "tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu"
_DATE = (
    r"(?:\d{1,2}\s?\.\s?\d{1,2}\s?\.\s?(?:\d{4}|\d{2})(?!\d)"
    rf"|\d{{1,2}}\.\s?(?:{_MONTHS})kuu\w*\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}})"
)
_BIRTH_WORD = (
    r"(?:\b[sS]\.|\bsynt\.|\bsynt(?:yn\w+|yi\w*|yivät)|\bsyntymä(?:aika|päivä|pvm|vuosi)\w*"
    r"|\bhenkilötunnu\w+|\bhetu\w*|\bsotu\w*)"
)
_BORN_THEN_DATE = re.compile(
    rf"{_BIRTH_WORD}\W{{0,4}}(?:(?:on|oli|lapsi|hän|jo|joka|muistaakseni)\s+){{0,2}}[(:]?\s*(?P<date>{_DATE})",
    re.IGNORECASE,
)
_DATE_THEN_BORN = re.compile(rf"(?P<date>{_DATE})\s+(?:synt\.|syntyn\w+|syntyi)", re.IGNORECASE)
_SIX_DIGITS = re.compile(
    rf"(?:\bhenkilötunnu\w+|\bhetu\w*|\bsotu\w*|\bsyntymäai\w+)\W{{1,4}}(?:on\s+|alkaa\s+)?(?P<date>{_DAY}{_MONTH}\d\d)(?!\w)",
    re.IGNORECASE,
)


def find_identity_codes(text: str) -> Iterator[Span]:
    """Find personal identity codes, as people write and mistype them.

    The shape decides: a day, a month, two digits of the year, a century sign (any dash, or the
    letters in use since 2023) and three digits with a check character, blanks between them or not.
    A wrong check character is as personal as a right one; python-stdnum only raises the score.
    Without a century sign the check character must be right.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``hetu``.

    Examples
    --------
    >>> [(s.start, s.end, s.score) for s in find_identity_codes("Tunnus 140279\u2013917 L.")]
    [(7, 19, 1.0)]
    >>> list(find_identity_codes("Jakso 010124-311224, kulut 120500 euroa."))
    []
    """
    for match in _CODE.finditer(text):
        end = match.end()
        has_check = match["check"] is not None and not (match["blank"] and match["check"].islower())
        if not has_check:
            end = match.end("number")
            if " " in match.group()[: end - match.start()] or _RANGE_AFTER.match(text, end):
                continue
        score = 1.0 if _is_valid(match["date"], match["number"], match["check"] or "") else 0.9
        yield Span(match.start(), end, "hetu", "hetu", score)
    for match in _CODE_WITHOUT_SIGN.finditer(text):
        if not _MOBILE.match(match.group()) and _is_valid(
            match["date"], match["number"], match["check"]
        ):
            yield Span(match.start(), match.end(), "hetu", "hetu-ilman-merkkiä", 0.8)


def find_birth_dates(text: str) -> Iterator[Span]:
    """Find exact birth dates: a date beside a word of birth, or the head of an identity code.

    Other dates stay, as do ages and a year of birth alone.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Kind ``syntymaaika``; the word of birth is left in the text.

    Examples
    --------
    >>> text = "Rouva (s. 12.3.1947) kaatui 1.2.2024. Tunnus alkaa 120347-."
    >>> [text[s.start : s.end] for s in find_birth_dates(text)]
    ['12.3.1947', '120347-']
    """
    for pattern in (_BORN_THEN_DATE, _DATE_THEN_BORN, _SIX_DIGITS):
        for match in pattern.finditer(text):
            yield Span(*match.span("date"), "syntymaaika", "syntymäsana", 0.9)
    for match in _HEAD_OF_CODE.finditer(text):
        if not _RANGE_AFTER.match(text, match.end()):
            yield Span(*match.span(), "syntymaaika", "hetun-alku", 0.8)


def _is_valid(date: str, number: str, check: str) -> bool:
    """Tell whether the check character is right, whatever century sign was written."""
    from stdnum.fi import hetu

    digits = "".join(c for c in date + number if c.isdigit())
    code = f"{digits[:6]}-{digits[6:]}{check.upper()}"
    return bool(hetu.is_valid(code, allow_temporary=True))
