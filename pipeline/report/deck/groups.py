"""Slides of client groups: themes, observations, good practices and proposals of each."""

from collections.abc import Sequence

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block
from pipeline.report.deck.paragraphs import SMALL, heading, plain, quotes
from pipeline.report.facts.groups import GroupSpread, Voices
from pipeline.report.facts.values import Said


def group_slides(canvas: Canvas, groups: Sequence[GroupSpread]) -> None:
    """Add the spread of each client group."""
    words = canvas.words
    for group in groups:
        left = [heading(words, words("groups.themes"))]
        left += [Block(label, plain(words, n), size=14, before=5) for label, n in group.themes]
        if group.phenomena:
            left.append(heading(words, words("groups.phenomena")))
            left += [Block(p.label, plain(words, p.n), size=14, before=5) for p in group.phenomena]
        middle = _kind(canvas, "observations", group.observations)
        right = _kind(canvas, "practices", group.practices)
        right += _kind(canvas, "proposals", group.proposals)
        marked: list[Said] = [group.n, *(n for _, n in group.themes)]
        marked += [one.n for one in group.phenomena]
        for part in (group.observations, group.practices, group.proposals):
            marked += [part.n, *(one.report for one in part.quotes)]
        title = f"{group.label} · {plain(words, group.n)} ({group.percent})"
        canvas.columns(title, [left, middle, right], marked, shares=(4, 5, 5))


def _kind(canvas: Canvas, name: str, part: Voices) -> list[Block]:
    """Return the sentences of one kind under their heading."""
    words = canvas.words
    head = heading(words, words(f"groups.{name}"), part.n if part.quotes else "")
    if part.quotes:
        return [head, *quotes(canvas.words, part.quotes)]
    key = "words.no_quotes" if name == "observations" else f"groups.no_{name}"
    return [head, Block(canvas.words(key), size=SMALL, is_soft=True)]
