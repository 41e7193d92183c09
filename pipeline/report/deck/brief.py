"""Slides of the period in brief: its large numbers and the lines under them."""

from collections.abc import Sequence
from typing import Any

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block, Box, flow
from pipeline.report.deck.paragraphs import SMALL, TEXT, plain
from pipeline.report.facts.brief import Figure
from pipeline.report.facts.values import Said, Text

_FIGURES = 70.0
"""Height of the row of large numbers, in points."""


def brief_slides(canvas: Canvas, figures: Sequence[Figure], lines: Sequence[Text]) -> None:
    """Add the period in brief."""
    words = canvas.words
    blocks = [Block(plain(words, line), size=TEXT, before=8) for line in lines]

    def over(slide: Any) -> float:
        boxes = canvas.box.columns(*(1.0 for _ in figures))
        for box, figure in zip(boxes, figures, strict=True):
            held = Box(box.x, box.y, box.width, _FIGURES)
            number = Block(plain(words, figure.n), size=32, is_bold=True)
            unit = Block(plain(words, figure.unit), size=SMALL, is_soft=True, before=0)
            canvas.write(slide, held, flow([number, unit], held.width, held.height)[0])
        return _FIGURES

    marked: list[Said] = [*lines, *(figure.n for figure in figures)]
    title = canvas.words("toc.brief")
    canvas.columns(title, [blocks], marked, over=over if figures else None)
