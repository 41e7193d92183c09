"""The plain value every rule answers with, and how overlapping answers are settled."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LABELS = {
    "nimi": "NIMI",
    "hetu": "HETU",
    "syntymaaika": "SYNTYMÄAIKA",
    "puhelin": "PUHELIN",
    "sahkoposti": "SÄHKÖPOSTI",
    "iban": "TILINUMERO",
    "rekisterinumero": "REKISTERINUMERO",
    "osoite": "OSOITE",
    "tunnus": "TUNNUS",
    "muu": "POISTETTU",
}
"""Kind of personal data -> the word in its stand-in."""

STAND_IN = re.compile(
    r"\[(?P<kind>" + "|".join([*LABELS.values(), "PAIKKA"]) + r")"
    r"(?:(?:(?<=NIMI)|(?<=PAIKKA))[- ]\d{1,5})?\]"
)
"""A stand-in in a safe text, ours or one of a text that was pseudonymised before it came here:
``[NIMI-1]``, ``[NIMI]``, ``[PAIKKA 2]``. What it covers is never looked at again."""

_RANK = {
    "muu": 0,
    "iban": 1,
    "sahkoposti": 2,
    "hetu": 3,
    "osoite": 4,
    "syntymaaika": 5,
    "rekisterinumero": 6,
}
_LAST_RANK = 9


class Span(NamedTuple):
    """A place with personal data.

    Attributes
    ----------
    start, end : int
        Half-open offsets into the text that was searched, in code points.
    kind : str
        A key of ``LABELS``.
    rule : str
        Rule that found it.
    score : float
        How sure the rule is, 0-1.
    words : tuple of frozenset of str
        For a name: the possible dictionary forms of each word, lower case. Two mentions with a
        form in common may be one person.
    """

    start: int
    end: int
    kind: str
    rule: str
    score: float
    words: tuple[frozenset[str], ...] = ()


def settle(text: str, spans: Iterable[Span]) -> list[Span]:
    """Make spans disjoint without uncovering anything but blanks and punctuation.

    The rule with the stronger claim keeps its whole span; what another one covers beyond it stays
    covered as a span of its own. Stand-ins already in the text are left alone.

    Parameters
    ----------
    text : str
    spans : iterable of Span

    Returns
    -------
    list of Span
        Disjoint, in order.

    Examples
    --------
    >>> phone = Span(0, 11, "puhelin", "matkapuhelin", 0.9)
    >>> code = Span(6, 17, "hetu", "hetu", 1.0)
    >>> [(s.start, s.end, s.kind) for s in settle("040123140279-917L", [phone, code])]
    [(0, 6, 'puhelin'), (6, 17, 'hetu')]
    """
    taken = [match.span() for match in STAND_IN.finditer(text)]
    kept: list[Span] = []
    for span in sorted(spans, key=_strength):
        for start, end in outside(span.start, span.end, taken):
            start, end = _trim(text, start, end)
            if start < end:
                kept.append(span._replace(start=start, end=end))
        taken.append((span.start, span.end))
    return sorted(kept)


def outside(start: int, end: int, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what of ``[start, end)`` no taken range covers, in order."""
    free = []
    for low, high in sorted(taken):
        if high <= start or low >= end:
            continue
        if low > start:
            free.append((start, low))
        start = max(start, high)
    if start < end:
        free.append((start, end))
    return free


def _strength(span: Span) -> tuple[int, int, int]:
    """Order spans from the strongest claim to the weakest."""
    return (_RANK.get(span.kind, _LAST_RANK), span.start - span.end, span.start)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop blanks and punctuation that a cut has left at the edges; empty when nothing is left."""
    if (start, end) == (0, len(text)) or any(c.isalnum() for c in text[start:end]):
        while start < end and (text[start].isspace() or text[start] in ",;"):
            start += 1
        while start < end and (text[end - 1].isspace() or text[end - 1] in ",;"):
            end -= 1
        return start, end
    return end, end
