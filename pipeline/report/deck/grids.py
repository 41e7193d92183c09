"""Native tables: measured, split over slides, drawn."""

import math
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import LINE_HEIGHT, Block, Box, clean, n_lines, shortened
from pipeline.report.deck.palette import rgb
from pipeline.report.deck.xml import child, element
from pipeline.report.facts.values import Said
from pipeline.report.text_width import text_width

_PAD_X, _PAD_Y = 6.0, 3.5
_MAX_LINES, _MAX_HEAD_LINES = 3, 5
_FIRST = 0.2
"""Share of the width that a first column of names keeps at least."""
_WIDER = 1.1
"""How much wider than measured a word may come out in a template's own face."""
_HEAD_WIDER = 1.25
"""The same for a bold word of the head, which is never broken."""
_SCALES = (1.35, 1.2, 1.1, 1.0, 0.9)
_MAX_COLUMNS = 9
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True)
class GridCell:
    """One cell; `fill` and `ink` are RGB in hex, ``""`` for the theme's."""

    text: str
    fill: str = ""
    ink: str = ""


@dataclass(frozen=True)
class Grid:
    """A table of a slide.

    Attributes
    ----------
    head : tuple of str
    rows : tuple of tuple of GridCell
    shares : tuple of float
        Widths of the columns in proportion.
    n_text : int
        Columns from the left that hold text; the others hold numbers and stand to the right.
    size : float
        Of the text, in points.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    shares: tuple[float, ...]
    n_text: int = 1
    size: float = 12.0


def grid(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    shares: Sequence[float],
    *,
    n_text: int = 1,
    size: float = 12.0,
) -> Grid:
    """Make a table of texts and cells."""
    held = tuple(
        tuple(one if isinstance(one, GridCell) else GridCell(clean(str(one))) for one in row)
        for row in rows
    )
    return Grid(tuple(clean(str(one)) for one in head), held, tuple(shares), n_text, size)


def put_by(canvas: Canvas, title: str, table: Grid, marked: Iterable[Said] = ()) -> None:
    """Keep the table behind a chart for the appendix."""
    held = list(marked)
    canvas.appendix.append(lambda: show_grid(canvas, title, table, held))


def appendix_slides(canvas: Canvas) -> None:
    """Add what was put by, after a slide that says what it is."""
    if not canvas.appendix:
        return
    said = [canvas.words("deck.appendix_lead"), *canvas.remarks]
    canvas.columns(canvas.words("deck.appendix"), [[Block(one) for one in said]])
    for show in canvas.appendix:
        show()


def show_grid(canvas: Canvas, title: str, table: Grid, marked: Iterable[Said] = ()) -> None:
    """Add as many slides as it takes to show a table whole, its head on each."""
    marked = list(marked)
    width = canvas.box.width
    parts = [page for part in side_by_side(table, width) for page in _largest(part, canvas.box)]
    for place, part in enumerate(parts):
        slide = canvas.slide(canvas.numbered(title, place, len(parts)), marked)
        draw_grid(slide, canvas.box, part)


def _largest(table: Grid, box: Box) -> list[Grid]:
    """Return the table in the largest type that takes the fewest slides and breaks no heading."""
    sized = [replace(table, size=table.size * scale) for scale in _SCALES]
    found = [(pages(one, box), _breaks_heading(one, box)) for one in sized]
    return min(found, key=lambda one: (one[1], len(one[0])))[0]


def _breaks_heading(table: Grid, box: Box) -> bool:
    """Tell whether a word of the head is wider than its column."""
    return any(
        _HEAD_WIDER * text_width(word, table.size, is_bold=True) > wide - 2 * _PAD_X + 0.01
        for text, wide in zip(table.head, column_widths(table, box.width), strict=True)
        for word in text.split(" ")
    )


def side_by_side(table: Grid, width: float) -> list[Grid]:
    """Split a table with more columns than fit; the first column is on each part.

    A part has at most nine columns, and as many as leave room for each word in the smallest type.
    """
    needs = _needs(replace(table, size=table.size * min(_SCALES)), width)
    bands: list[list[int]] = [[]]
    for place in range(1, len(needs)):
        used = needs[0] + sum(needs[i] for i in bands[-1])
        if bands[-1] and (len(bands[-1]) + 1 >= _MAX_COLUMNS or used + needs[place] > width):
            bands.append([])
        bands[-1].append(place)
    return [_with_columns(table, (0, *band)) for band in bands]


def _with_columns(table: Grid, kept: Sequence[int]) -> Grid:
    """Return a table with some of its columns."""
    return replace(
        table,
        head=tuple(table.head[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in table.rows),
        shares=tuple(table.shares[i] for i in kept),
    )


def pages(table: Grid, box: Box) -> list[Grid]:
    """Split a table into parts that fit a box, in even parts; texts over three lines are cut."""
    widths = column_widths(table, box.width)
    head = tuple(
        shortened(text, table.size, wide - 2 * _PAD_X, _MAX_HEAD_LINES, is_bold=True)
        for text, wide in zip(table.head, widths, strict=True)
    )
    rows = [
        tuple(
            replace(cell, text=shortened(cell.text, table.size, wide - 2 * _PAD_X, _MAX_LINES))
            for cell, wide in zip(row, widths, strict=True)
        )
        for row in table.rows
    ]
    room = box.height - row_height(head, widths, table.size, is_bold=True)
    heights = [row_height([cell.text for cell in row], widths, table.size) for row in rows]
    even = min(
        room, sum(heights) / max(math.ceil(sum(heights) / room), 1) + max(heights, default=0)
    )
    parts: list[list[tuple[GridCell, ...]]] = [[]]
    used = 0.0
    for row, tall in zip(rows, heights, strict=True):
        if parts[-1] and used + tall > even:
            parts.append([])
            used = 0.0
        parts[-1].append(row)
        used += tall
    return [replace(table, head=head, rows=tuple(part)) for part in parts]


def row_height(
    texts: Sequence[str], widths: Sequence[float], size: float, *, is_bold: bool = False
) -> float:
    """Return the height of a row, in points."""
    lines = max(
        n_lines(text, size, wide - 2 * _PAD_X, is_bold=is_bold)
        for text, wide in zip(texts, widths, strict=True)
    )
    return lines * size * LINE_HEIGHT + 2 * _PAD_Y


def column_widths(table: Grid, width: float) -> list[float]:
    """Return the columns' widths, in points: their shares, and room for each word.

    What a column lacks for a long word is taken from the others in proportion to what they can
    spare; where all together cannot, the shares stand.
    """
    widths = [width * share / sum(table.shares) for share in table.shares]
    needs = _needs(table, width)
    lacking = sum(max(need - wide, 0.0) for need, wide in zip(needs, widths, strict=True))
    spare = sum(max(wide - need, 0.0) for need, wide in zip(needs, widths, strict=True))
    if lacking > spare:
        return widths
    kept = 1.0 - lacking / spare if spare else 1.0
    return [need + max(wide - need, 0.0) * kept for need, wide in zip(needs, widths, strict=True)]


def _needs(table: Grid, width: float) -> list[float]:
    """Return the least widths of the columns, in points: those of their longest words."""
    needs = [
        _HEAD_WIDER * text_width(_longest(text), table.size, is_bold=True) + 2 * _PAD_X
        for text in table.head
    ]
    for row in table.rows:
        for place, cell in enumerate(row):
            wide = _WIDER * text_width(_longest(cell.text), table.size) + 2 * _PAD_X
            needs[place] = max(needs[place], wide)
    if table.shares[0] == max(table.shares):
        needs[0] = max(needs[0], width * _FIRST)
    return needs


def _longest(text: str) -> str:
    """Return the longest of the words between which a line may break."""
    return max(text.split(" "), key=len)


def draw_grid(slide: Any, box: Box, table: Grid) -> float:
    """Draw a table that fits its box, and return its height, in points."""
    from pptx.util import Pt

    widths = column_widths(table, box.width)
    heights = [row_height(table.head, widths, table.size, is_bold=True)]
    heights += [row_height([c.text for c in row], widths, table.size) for row in table.rows]
    shape = slide.shapes.add_table(
        len(heights),
        len(widths),
        Pt(box.x),
        Pt(box.y),
        Pt(box.width),
        Pt(sum(heights)),
    )
    drawn = shape.table
    style = shape._element.graphic.graphicData.tbl.tblPr
    style.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    ).text = _NO_STYLE
    drawn.horz_banding = False
    for place, wide in enumerate(widths):
        drawn.columns[place].width = Pt(wide)
    for place, tall in enumerate(heights):
        drawn.rows[place].height = Pt(tall)
    head = tuple(GridCell(text) for text in table.head)
    looks: dict[tuple[bool, bool, str, str], Any] = {}
    for line, (made, row) in enumerate(zip(drawn.rows, (head, *table.rows), strict=True)):
        for column, (cell, held) in enumerate(zip(made.cells, row, strict=True)):
            is_text = column < table.n_text
            look = (line == 0, is_text, held.ink, held.fill)
            if look not in looks:
                _fill(cell, held, table.size, is_text=is_text, is_head=line == 0)
                looks[look] = cell
            else:
                _fill_alike(cell, looks[look], held.text)
    return sum(heights)


def _fill_alike(cell: Any, looks_like: Any, text: str) -> None:
    """Write a cell that looks like one written before: a copy of it with another text.

    To set all of it anew by the library's calls takes ten times as long.
    """
    copy = deepcopy(looks_like._tc)
    cell._tc.getparent().replace(cell._tc, copy)
    type(cell)(copy, cell._parent).text_frame.paragraphs[0].runs[0].text = text


def _fill(cell: Any, held: GridCell, size: float, *, is_text: bool, is_head: bool) -> None:
    """Write one cell."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    cell.margin_left = cell.margin_right = Pt(_PAD_X)
    cell.margin_top = cell.margin_bottom = Pt(_PAD_Y)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_head else MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT if is_text else PP_ALIGN.RIGHT
    run = paragraph.add_run()
    run.text = held.text
    run.font.size, run.font.bold = Pt(size), is_head
    if held.ink:
        run.font.color.rgb = rgb(held.ink)
    else:
        run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    if held.fill:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(held.fill)
    else:
        cell.fill.background()
    _underline(cell, width=12700 if is_head else 6350)


def _underline(cell: Any, width: int) -> None:
    """Draw the line under a cell; `width` is in EMU."""
    line = element("a:lnB", w=str(width))
    child(child(line, "a:solidFill"), "a:srgbClr", val=palette.LINE.upper())
    cell._tc.get_or_add_tcPr().insert(0, line)
