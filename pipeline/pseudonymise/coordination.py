"""Judge a word by what it is coordinated with: *Oksaselta ja Pohjalta*, *Mäen ja Rannan kylät*."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from pipeline.pseudonymise.name_lists import context_words
from pipeline.pseudonymise.spans import Span
from pipeline.pseudonymise.word_readings import Reading, Word

TOGETHER = 0.6
_NOTHING = 0.1
_SURE = 0.6
_LEAST_LOWER = 0.4
_AND = re.compile(r" (?:ja|sekä|och|samt) ")
_NAMED_THINGS = context_words("named_things")


def with_neighbours(
    text: str, words: Sequence[Word], spans: Sequence[Span], read: Callable[[str], Reading]
) -> list[Span]:
    """Let a sure name speak for the word it is joined with, and a plural thing against both.

    Parameters
    ----------
    text : str
    words : sequence of Word
    spans : sequence of Span
        Of names, the doubtful ones included.
    read : callable
        Gives a word's Reading.

    Returns
    -------
    list of Span
        The same places, in order.
    """
    found = sorted(spans)
    scores = {span: span.score for span in found}
    for left, right in pairwise(found):
        if not _AND.fullmatch(text[left.end : right.start]):
            continue
        is_open = not any(_is_plainly_name(text, one, read) for one in (left, right))
        if is_open and _is_of_things(text, words, right, read):
            scores[left] = scores[right] = _NOTHING
            continue
        for one, other in ((left, right), (right, left)):
            if scores[one] < _SURE <= other.score and _may_join(text, one, other, read):
                scores[one] = TOGETHER
    return [
        span if scores[span] == span.score
        else span._replace(score=scores[span], rule="rinnalla")
        for span in found
    ]  # fmt: skip


def _is_plainly_name(text: str, span: Span, read: Callable[[str], Reading]) -> bool:
    """Tell whether a word is a name whatever it owns: *Liisan ja Matin koira* is theirs."""
    reading = read(text[span.start : span.end])
    return reading.is_given or reading.is_nen or " " in text[span.start : span.end]


def _may_join(text: str, one: Span, other: Span, read: Callable[[str], Reading]) -> bool:
    """Tell whether a doubtful word stands in the same case as a sure name, and is no place."""
    form = text[one.start : one.end]
    reading, beside = read(form), read(text[other.start : other.end])
    if reading.is_place or reading.is_blocked or " " in form:
        return False
    if form.islower() and one.score < _LEAST_LOWER:
        return False
    if not reading.cases or not beside.cases:
        return True
    return bool(reading.cases & beside.cases) and not reading.is_inside


def _is_of_things(
    text: str, words: Sequence[Word], last: Span, read: Callable[[str], Reading]
) -> bool:
    """Tell whether two genitives name things together: *Mäen ja Rannan kylät*."""
    if "omanto" not in read(text[last.start : last.end]).cases:
        return False
    after = next(
        (word for word in words if word.start > last.start and word.start > last.end), None
    )
    if after is None or text[last.end : after.start] != " " or after.is_capital:
        return False
    return bool(read(after.form).all_bases & _NAMED_THINGS)
