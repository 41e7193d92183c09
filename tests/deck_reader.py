"""Read a deck back: its texts, tables, charts, notes, and whether each text fits its box."""

import io
from collections.abc import Iterator
from typing import Any

from PIL import ImageFont
from pptx import Presentation

LINE = 1.17
"""Height of a line in a usual face, in font sizes."""


def opened(deck: bytes) -> Any:
    return Presentation(io.BytesIO(deck))


def titles(deck: bytes) -> list[str]:
    return [slide.shapes.title.text for slide in opened(deck).slides]


def tables(deck: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each table with its slide's title."""
    for slide in opened(deck).slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                yield slide.shapes.title.text, rows


def charts(deck: bytes) -> Iterator[tuple[str, Any]]:
    """Yield each chart with its slide's title."""
    for slide in opened(deck).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                yield slide.shapes.title.text, shape.chart


def slide_of(deck: bytes, name: str) -> Any:
    """Return the slide of the chart whose alternative text names it so."""
    return next(slide for slide, _ in _drawn(deck, name))


def drawn(deck: bytes, name: str) -> Any:
    """Return the first chart whose alternative text names it so."""
    return next(shape.chart for _, shape in _drawn(deck, name))


def _drawn(deck: bytes, name: str) -> Iterator[tuple[Any, Any]]:
    for slide in opened(deck).slides:
        for shape in slide.shapes:
            if shape.has_chart and name in shape._element.nvGraphicFramePr.cNvPr.get("descr", ""):
                yield slide, shape


def notes(slide: Any) -> str:
    return slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""


def overflows(deck: bytes) -> list[str]:
    """Name what runs out of its box or its slide, measured in a real face."""
    presentation = opened(deck)
    wide, tall = presentation.slide_width, presentation.slide_height
    found = []
    for number, slide in enumerate(presentation.slides, start=1):
        for shape in slide.shapes:
            right, bottom = shape.left + shape.width, shape.top + shape.height
            if min(shape.left, shape.top) < 0 or right > wide or bottom > tall:
                found.append(f"slide {number}: {shape.name} leaves the slide")
            if shape.has_text_frame and not shape.is_placeholder:
                need = sum(_height(p, shape.width.pt) for p in shape.text_frame.paragraphs)
                if need > shape.height.pt + 1:
                    found.append(f"slide {number}: {shape.name} needs {need:.0f} points")
            if shape.has_table:
                found += [f"slide {number}: {text}" for text in _high_rows(shape.table)]
    return found


def _high_rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            room = column.width.pt - cell.margin_left.pt - cell.margin_right.pt
            need = sum(_height(p, room) for p in cell.text_frame.paragraphs)
            if need + cell.margin_top.pt + cell.margin_bottom.pt > row.height.pt + 1:
                yield f"a row needs {need:.0f} points and has {row.height.pt:.0f}"


def _height(paragraph: Any, width: float) -> float:
    """Return a paragraph's height with the space before it, wrapped at spaces."""
    size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=12.0)
    face = ImageFont.load_default(size)
    lines, at = 1, 0.0
    for word in paragraph.text.split(" "):
        long = face.getlength(word + " ")
        if at and at + face.getlength(word) > width:
            lines, at = lines + 1, 0.0
        while at + face.getlength(word) > width and long > width:
            lines, long = lines + 1, long - width
            word = word[int(len(word) * width / (long + width)) :]
        at += long
    before = paragraph.space_before.pt if paragraph.space_before else 0.0
    return lines * size * LINE + before
