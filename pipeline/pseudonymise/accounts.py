"""Find account and card numbers, whole and in part."""

import re
from collections.abc import Iterator

from pipeline.pseudonymise.cues import COUNTED, Cues
from pipeline.pseudonymise.spans import Span

_GAP = r"[ \u00a0\-\n]"
_FINNISH = re.compile(rf"(?<!\w)FI{_GAP}?\d{{2}}(?:{_GAP}?\d){{14}}(?!\d)", re.IGNORECASE)
_ANY = re.compile(
    rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_GAP}?[A-Z0-9]{{4}}){{2,7}}(?:{_GAP}?[A-Z0-9]{{1,3}})?(?!\w)"
)
_WITHOUT_COUNTRY = re.compile(rf"(?<![\w/])\d{{2}}(?:{_GAP}?\d{{4}}){{3}}{_GAP}?\d{{2}}(?!\d)")
_CARD = re.compile(rf"(?<![\w/])\d{{4}}(?:{_GAP}?\d{{4}}){{3}}(?!\d)")
_PART = re.compile(
    r"(?<![\w/,])(?:\.{2,3}|[*xX…]{1,4})?\d(?:[ \u00a0-]?\d){3,17}(?![\w/%€]|[.,]\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)\d\d)?")


def find_accounts(text: str, cues: Cues) -> Iterator[Span]:
    """Find account numbers: by shape, by their check digits, or beside a word such as *tili*.

    Parameters
    ----------
    text : str
    cues : Cues

    Yields
    ------
    Span
        Kind ``iban``.

    Examples
    --------
    >>> text = "Tilinumero loppuu 0007 85, tuki oli 1250 euroa vuonna 2024."
    >>> [text[s.start : s.end] for s in find_accounts(text, Cues(text))]
    ['0007 85']
    """
    from stdnum import iban, luhn

    for match in _FINNISH.finditer(text):
        score = 1.0 if iban.is_valid(_plain(match.group())) else 0.9
        yield Span(*match.span(), "iban", "iban", score)
    for match in _ANY.finditer(text):
        if iban.is_valid(_plain(match.group())) or cues.is_near("account", *match.span()):
            yield Span(*match.span(), "iban", "iban", 1.0)
    for match in _WITHOUT_COUNTRY.finditer(text):
        is_right = iban.is_valid("FI" + _plain(match.group()))
        if is_right or cues.is_near("account", *match.span()):
            yield Span(*match.span(), "iban", "iban-ilman-maata", 0.9)
    for match in _CARD.finditer(text):
        is_right = luhn.is_valid(_plain(match.group()))
        if is_right or cues.is_near("account", *match.span()):
            yield Span(*match.span(), "iban", "kortti", 0.9)
    for match in _PART.finditer(text):
        is_counted = COUNTED.match(text, match.end()) or _YEAR.fullmatch(match.group())
        if not is_counted and cues.is_near("account", *match.span(), before=4):
            yield Span(*match.span(), "iban", "tilin-osa", 0.7)


def _plain(number: str) -> str:
    """Return a number without blanks and dashes, upper case."""
    return re.sub(_GAP, "", number).upper()
