"""Sentences and their words as CoNLL-U (https://universaldependencies.org/format.html).

Havainto parses no syntax: every word hangs on the first one with the relation ``dep``, which the
format has for relations that are not known, so that readers which want a tree get one.
"""

import re
from collections.abc import Iterator

import pandas as pd

from pipeline.frames import each_row

_GAP = re.compile(r"\S")
_Word = tuple[int, int, str, str, str, str]
"""Start and end in the segment, form, lemma, UPOS, parts joined by ``#``."""


def conllu(segments: pd.DataFrame, tokens: pd.DataFrame) -> Iterator[str]:
    """Yield each segment as one CoNLL-U sentence.

    Parameters
    ----------
    segments : DataFrame with columns ``segment_id``, ``report_id``, ``start``, ``text``
    tokens : DataFrame with columns ``segment_id``, ``start``, ``end``, ``lemma``, ``pos`` and \
``parts``

    Notes
    -----
    What stands between the words, punctuation in the main, is one token a sign, with the UPOS
    PUNCT or SYM. Line ends inside a sentence become spaces in ``# text``.
    """
    of_segment = {str(name): rows for name, rows in tokens.groupby("segment_id", sort=False)}
    report_id = None
    for segment in each_row(segments):
        lines = []
        if segment.report_id != report_id:
            report_id = segment.report_id
            lines.append(f"# newdoc id = {report_id}")
        text = re.sub(r"\s", " ", segment.text)
        words = list(_words(text, segment.start, of_segment.get(segment.segment_id)))
        if not words:
            continue
        lines += [f"# sent_id = {segment.segment_id}", f"# text = {text.strip()}"]
        lines += [_line(number, word, words, text) for number, word in enumerate(words, 1)]
        yield "\n".join(lines) + "\n\n"


def _words(text: str, shift: int, tokens: pd.DataFrame | None) -> Iterator[_Word]:
    """Yield the words and the signs between them."""
    place = 0
    for row in each_row(tokens) if tokens is not None else ():
        start, end = row.start - shift, row.end - shift
        yield from _signs(text, place, start)
        yield start, end, text[start:end], row.lemma, row.pos, "#".join(row.parts)
        place = end
    yield from _signs(text, place, len(text))


def _signs(text: str, start: int, end: int) -> Iterator[_Word]:
    """Yield what is not white space in a gap between words, sign by sign."""
    for match in _GAP.finditer(text, start, end):
        sign = match[0]
        pos = "SYM" if sign in "%€$+=<>~^|°§" else "PUNCT"
        yield match.start(), match.end(), sign, sign, pos, ""


def _line(number: int, word: _Word, words: list[_Word], text: str) -> str:
    """Return one word's line."""
    _, end, form, lemma, pos, parts = word
    head, relation = ("0", "root") if number == 1 else ("1", "dep")
    is_glued = number < len(words) and words[number][0] == end
    notes = ["SpaceAfter=No"] if is_glued else []
    notes += [f"Parts={parts}"] if parts and "|" not in parts else []
    form, lemma = (re.sub(r"\s", " ", cell) or "_" for cell in (form, lemma))
    return "\t".join(
        (str(number), form, lemma, pos, "_", "_", head, relation, "_", "|".join(notes) or "_")
    )
