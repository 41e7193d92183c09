"""A report's sentences as pieces: plain stretches and words with what lights them.

Offsets come from the tables and are counted in code points here; the browser never computes one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

N_LEVELS = 3
N_LIT = 9
"""Suggestions whose evidence is marked: those that a digit toggles."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text.

    Attributes
    ----------
    text : str
    classes : str
        ``hit`` for a word searched for; ``e1-3`` for a word that speaks for the first suggestion,
        with the strength 3 of 3; "" for plain text.
    lemma : str
        Dictionary form of a word that is evidence; "" otherwise.
    """

    text: str
    classes: str = ""
    lemma: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence, as the page shows it."""

    segment_id: str
    field: str
    is_client: bool
    pieces: tuple[Piece, ...]
    classes: str
    is_first: bool
    is_new_line: bool


def sentences(
    page: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], hit_places: set[int]
) -> list[Sentence]:
    """Return a report's sentences with their words marked.

    Parameters
    ----------
    page : mapping
        As :func:`pipeline.workbench.index.unpacked` returns it.
    shown : sequence of mapping
        The suggestions shown, in the order of their digits.
    hit_places : set of int
        Words searched for, as places in ``page["tokens"]``.
    """
    words, wholes = _lit(shown)
    by_segment: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for place, (segment_id, start, end, form, lemma, parts) in enumerate(page["tokens"]):
        keys = (lemma, lemma.lower(), form.lower(), *parts)
        found = {one for key in keys for one in words.get((segment_id, key), ())}
        classes = sorted(found) + (["hit"] if place in hit_places else [])
        if classes:
            by_segment[segment_id].append((start, end, " ".join(classes), lemma if found else ""))
    made, field = [], ""
    for segment_id, name, start, _end, text, is_client, is_new_line in page["segments"]:
        is_first = name != field
        pieces = _pieces(text, start, by_segment.get(segment_id, ()))
        whole = " ".join(sorted(wholes.get(segment_id, ())))
        breaks = bool(is_new_line) and not is_first
        made.append(Sentence(segment_id, name, bool(is_client), pieces, whole, is_first, breaks))
        field = name
    return made


def _lit(
    shown: Sequence[Mapping[str, Any]],
) -> tuple[dict[tuple[str, str], set[str]], dict[str, set[str]]]:
    """Return the classes of words, and of whole sentences, that speak for the suggestions."""
    words: dict[tuple[str, str], set[str]] = defaultdict(set)
    wholes: dict[str, set[str]] = defaultdict(set)
    for number, pair in enumerate(shown[:N_LIT], 1):
        speaking = [(s, term, c) for s, term, c in pair["evidence"] if s and c > 0]
        most = max((c for _, _, c in speaking), default=0.0)
        for segment_id, term, contribution in speaking:
            level = max(1, min(N_LEVELS, round(N_LEVELS * contribution / most)))
            if term:
                for part in (term, *term.split()):
                    words[segment_id, part].add(f"e{number}-{level}")
            else:
                wholes[segment_id].add(f"s{number}-{level}")
    return words, wholes


def _pieces(
    text: str, start: int, marked: Sequence[tuple[int, int, str, str]]
) -> tuple[Piece, ...]:
    """Cut a sentence at its marked words."""
    made, at = [], 0
    for word_start, word_end, classes, lemma in marked:
        begin, end = word_start - start, word_end - start
        if begin > at:
            made.append(Piece(text[at:begin]))
        made.append(Piece(text[begin:end], classes, lemma))
        at = end
    if at < len(text):
        made.append(Piece(text[at:]))
    return tuple(made)
