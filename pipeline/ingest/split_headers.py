"""Cut headers such as "Question: choice" into a question and one of its choices."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.ingest.texts import fold
from pipeline.ingest.vocabulary import question_words

# What survey tools put between a question and one of its choices in a single header row.
_BRACKETS = (("[", "]"), ("(", ")"))
_JOINTS = (":", " - ", " – ", " — ", " / ", " | ", " > ", "?", ". ", " _ ")


class Cut(NamedTuple):
    """A header cut in two; ``question`` as it is written, ``key`` as it is compared."""

    question: str
    choice: str
    key: str


def cuts(header: str) -> list[Cut]:
    """Return all ways to cut a header, the longest question first.

    >>> [cut.choice for cut in cuts("1. Alue? Valitse:Harjukoski")]
    ['Harjukoski', 'Valitse:Harjukoski']
    >>> [cut.choice for cut in cuts("Q1. Alue? [Harjukoski]")]
    ['Harjukoski']
    """
    found: dict[str, Cut] = {}
    text = header.strip()
    for opening, closing in _BRACKETS:
        if text.endswith(closing) and (at := text.rfind(opening)) > 2:
            _add(found, text[:at], text[at + 1 : -1])
    for joint in _JOINTS:
        at = text.find(joint)
        while at != -1:
            end = at + 1 if joint[0] in "?." else at
            _add(found, text[:end], text[at + len(joint) :])
            at = text.find(joint, at + 1)
    return sorted(found.values(), key=lambda cut: -len(cut.question))


def _add(found: dict[str, Cut], question: str, choice: str) -> None:
    """Keep a cut that leaves something on both sides."""
    key = question_words(question)
    if len(key) >= 3 and choice.strip(" ])*:?.") and key not in found:
        found[key] = Cut(question.strip(), choice.strip(), key)


def shared_cuts(headers: Sequence[str], is_tick: Sequence[bool]) -> dict[int, Cut]:
    """Cut the headers of columns that share a question, two of which at least hold ticks.

    Parameters
    ----------
    headers : sequence of str
    is_tick : sequence of bool
        Whether a column's cells are ticks, or its own choice written out.

    Returns
    -------
    dict of int to Cut
        By place; columns beside the ticks that share their question, such as what was typed under
        another choice, are there too.
    """
    ways = {i: cuts(header) for i, header in enumerate(headers) if header}
    n_ticks = Counter(cut.key for i, own in ways.items() if is_tick[i] for cut in own)
    chosen: dict[int, Cut] = {}
    for i, own in ways.items():
        good = [cut for cut in own if n_ticks[cut.key] > 1]
        if good:
            # The question most columns share; of equal ones the longest.
            chosen[i] = max(good, key=lambda cut: (n_ticks[cut.key], len(cut.key)))
    return {i: cut for i, cut in chosen.items() if fold(cut.choice)}
