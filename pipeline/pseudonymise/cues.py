"""Find the words that announce personal data: *hetu*, *kilvessä*, *syntymäajalla*, *född*.

A bare number is nobody's until such a word stands beside it. Finnish words are matched by their
dictionary form, so that no inflection and no consonant gradation is missed; Swedish, Estonian and
colloquial ones, which Voikko does not know, by how they start.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.lemmatise.voikko import MAX_CHARS, open_voikko
from pipeline.pseudonymise.inflection import stems
from pipeline.pseudonymise.spans import STAND_IN
from pipeline.resources import shipped

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_MIN_START = 4

COUNTED = re.compile(
    r"\s*(?:€|%|§|e\b|eur|sentti|senttiä|kron|sek\b|tuhat|miljoon|kertaa|kerran|krt|kpl|kk\b|h\b|min\b|km\b|m2|neliö"
    r"|-?vuoti|vuo|kuukau|päiv|viik|tunti|tunn|minuut|asia|henkilö|ihmi|perhe|lapsi|lasta|nuor|haki|hakem|päätö|osall|vasta|käyn|soit"
    r"|kävij|asu|koht|tapaam|palau|kyse|opp|vanhu|mie|nai|potila|pois|paik|jono|ann|kass|lahj|klient|barn|person|famil|gång|år|dag)"
)
"""After a number: it counts something, and identifies nobody."""

_SENTENCE_END = re.compile(r"[!?]|\.\s+(?=[A-ZÅÄÖ])|\n\s*\n")
_SHORT_POINT = re.compile(r"\b(?:puh|p|tel|tfn|rek|nro|nr|synt|s|f|as|os|dnro|dno|t)$", re.I)


class Cue(NamedTuple):
    """A word that announces personal data.

    Attributes
    ----------
    start, end : int
        Half-open offsets, in code points.
    kinds : frozenset of str
        Sections of ``configs/names/cue_words.toml``.
    """

    start: int
    end: int
    kinds: frozenset[str]


@dataclass(frozen=True)
class _Kind:
    """What one section of the file says."""

    lemmas: frozenset[str]
    tails: tuple[str, ...]
    starts: tuple[str, ...]
    short: frozenset[str]


class Cues:
    """The cues of one text, in order.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> cues = Cues("Kilvessä luki uiv 941.")
    >>> cues.is_near("vehicle", 14, 21), cues.is_near("phone", 14, 21)
    (True, False)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        closed = {match.start() + 1 for match in STAND_IN.finditer(text)}
        self.found = [
            Cue(*match.span(), kinds)
            for match in _WORD.finditer(text)
            if match.start() not in closed and (kinds := kinds_of(match.group().casefold()))
        ]

    def is_near(self, kind: str, start: int, end: int, *, before: int = 6, after: int = 0) -> bool:
        """Tell whether a cue stands in the same sentence within so many words of ``[start, end)``.

        Parameters
        ----------
        kind : str
        start, end : int
        before, after : int
            Most words between the cue and the place; 0 for no look in that direction.
        """
        return any(True for _ in self.near(kind, start, end, before=before, after=after))

    def near(
        self, kind: str, start: int, end: int, *, before: int = 6, after: int = 0
    ) -> Iterator[Cue]:
        """Yield the cues of a kind around a place; see :meth:`is_near`."""
        for cue in self.found:
            if kind not in cue.kinds:
                continue
            if before and cue.end <= start:
                if _is_joined(self.text[cue.start : start], cue.end - cue.start, before):
                    yield cue
            elif after and cue.start >= end and _is_joined(self.text[end : cue.start], 0, after):
                yield cue


def _is_joined(between: str, head: int, most: int) -> bool:
    """Tell whether a stretch after its first ``head`` characters is short and one sentence."""
    rest = between[head:]
    if len(_WORD.findall(rest)) > most or len(rest) > 12 * (most + 1):
        return False
    for match in _SENTENCE_END.finditer(between):
        if not (match.group()[0] == "." and _SHORT_POINT.search(between[: match.start()])):
            return False
    return True


@lru_cache(maxsize=65536)
def kinds_of(word: str) -> frozenset[str]:
    """Return what a word announces, by its lower-case form.

    Parameters
    ----------
    word : str
        Lower case.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted(kinds_of("syntymäajalla")), sorted(kinds_of("kilvessä"))
    (['birth'], ['plate', 'vehicle'])
    """
    known = lemmas_of(word)
    return frozenset(
        name
        for name, kind in _kinds().items()
        if known & kind.lemmas
        or word in kind.short
        or (kind.starts and word.startswith(kind.starts))
        or (kind.tails and any(lemma.endswith(kind.tails) for lemma in known))
    )


@lru_cache(maxsize=65536)
def lemmas_of(word: str) -> frozenset[str]:
    """Return the possible dictionary forms of a lower-case word, itself among them.

    Raises
    ------
    ResourceError
        When Voikko or its dictionary is missing.
    """
    analyses = _voikko().analyze(word) if len(word) <= MAX_CHARS else []
    known = {a["BASEFORM"].casefold() for a in analyses if "BASEFORM" in a}
    return frozenset(known or stems(word)) | {word}


def is_word(form: str) -> bool:
    """Tell whether Voikko knows a word, so that it is hardly the letters of a plate or a code."""
    return len(form) <= MAX_CHARS and bool(_voikko().analyze(form.casefold()))


def any_of(cues: Cues, kinds: Sequence[str], start: int, end: int, *, before: int = 6) -> bool:
    """Tell whether a cue of any of these kinds stands before a place."""
    return any(cues.is_near(kind, start, end, before=before) for kind in kinds)


@lru_cache(maxsize=1)
def _voikko():  # type: ignore[no-untyped-def]  # libvoikko has no types
    """Open Voikko once a process."""
    return open_voikko()


@lru_cache(maxsize=1)
def _kinds() -> dict[str, _Kind]:
    """Read the shipped cue words."""
    path = shipped("configs", "names", "cue_words.toml")
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _kind(section) for name, section in sections.items()}


def _kind(section: dict[str, list[str]]) -> _Kind:
    """Read one section; a short start is matched as a whole word."""
    starts = section.get("starts", [])
    return _Kind(
        frozenset(section.get("lemmas", ())),
        tuple(section.get("tails", ())),
        tuple(start for start in starts if len(start) >= _MIN_START),
        frozenset(start for start in starts if len(start) < _MIN_START),
    )
