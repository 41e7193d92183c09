"""Give personal data its stand-ins: the same person the same one within a report."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.pseudonymise.spans import LABELS, Span

_NUMBERED = re.compile(r"\[NIMI-([0-9]{1,9})\]")
_KEYED = re.compile(r"[A-Z]-[0-9a-f]{8}")
_HEX_DIGITS = 8


class Replacement(NamedTuple):
    """One place of a raw text and what stands there in the safe text.

    Attributes
    ----------
    start, end : int
        Half-open offsets into the raw text, in code points.
    stand_in : str
    kind, rule, score
        As in :class:`~pipeline.pseudonymise.spans.Span`.
    """

    start: int
    end: int
    stand_in: str
    kind: str
    rule: str
    score: float


class Persons:
    """The persons of one report and their numbers, in the order they are met.

    Two mentions are one person when every word of the shorter one may be a form of a word of the
    longer: *Matti Virtanen*, *Virtaselle*, *Matin*. Where several fit, the one met last is meant.
    Case endings are not kept: *Matin* and *Matille* both become ``[NIMI-1]``.

    Parameters
    ----------
    first : int
        Number of the first person; above 1 when the text already has stand-ins.
    """

    def __init__(self, first: int) -> None:
        self._next = first
        self._people: list[tuple[int, tuple[frozenset[str], ...]]] = []

    def stand_in(self, words: tuple[frozenset[str], ...]) -> str:
        """Return the stand-in of a mention, known or new."""
        for i, (number, known) in reversed(list(enumerate(self._people))):
            if _is_same(words, known):
                longer = max(known, words, key=len)
                self._people.append((number, longer))
                del self._people[i]
                return f"[NIMI-{number}]"
        number = self._next
        self._next += 1
        self._people.append((number, words))
        return f"[NIMI-{number}]"


def first_free_number(texts: Sequence[str]) -> int:
    """Return the first number that no stand-in in the texts uses.

    A stand-in of ten digits or more, which no run has made, is no number to count on from.
    """
    return 1 + max((int(n) for text in texts for n in _NUMBERED.findall(text)), default=0)


def stand_in(span: Span, persons: Persons) -> str:
    """Return the stand-in of a span."""
    if span.kind == "nimi":
        return persons.stand_in(span.words)
    return f"[{LABELS[span.kind]}]"


def render(text: str, replacements: Sequence[Replacement]) -> tuple[str, list[tuple[int, int]]]:
    """Put stand-ins into a text.

    Parameters
    ----------
    text : str
        The raw text.
    replacements : sequence of Replacement
        Disjoint, in order.

    Returns
    -------
    str
        The safe text.
    list of (int, int)
        Offsets of each stand-in in the safe text.
    """
    pieces, places = [], []
    at = length = 0
    for item in replacements:
        pieces += [text[at : item.start], item.stand_in]
        length += item.start - at
        places.append((length, length + len(item.stand_in)))
        length += len(item.stand_in)
        at = item.end
    return "".join([*pieces, text[at:]]), places


def keyed_stand_in(value: str, prefix: str, secret: bytes) -> str:
    """Return a short stand-in that only the holder of the secret can make again.

    Parameters
    ----------
    value : str
        ``""`` stays ``""``, and a stand-in with this prefix stays as it is.
    prefix : str
        ``K`` for a person who reports, ``Y`` for a unit.
    secret : bytes
        The study's own.

    Returns
    -------
    str
        The prefix and eight hexadecimal digits of an HMAC-SHA256.

    Examples
    --------
    >>> keyed_stand_in("", "K", b"secret"), keyed_stand_in("K-3f9a0c12", "K", b"secret")
    ('', 'K-3f9a0c12')
    """
    if not value or (_KEYED.fullmatch(value) and value.startswith(prefix)):
        return value
    message = f"{prefix}\0{value}".encode()
    return f"{prefix}-{hmac.new(secret, message, hashlib.sha256).hexdigest()[:_HEX_DIGITS]}"


def _is_same(left: tuple[frozenset[str], ...], right: tuple[frozenset[str], ...]) -> bool:
    """Tell whether two mentions may be one person."""
    shorter, longer = sorted((left, right), key=len)
    return bool(shorter) and all(any(word & other for other in longer) for word in shorter)
