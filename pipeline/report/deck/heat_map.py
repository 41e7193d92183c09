"""The heat map of themes and client groups as a native table with coloured cells."""

from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.grids import GridCell, grid, show_grid
from pipeline.report.deck.paragraphs import plain
from pipeline.report.facts.heat_map import HeatMap

_MAX_VALUES = 16
"""Groups or areas shown; the rest, mostly small counts, is left to the workbook."""


def heat_slides(canvas: Canvas, heat: HeatMap, title: str, least: int) -> None:
    """Add the map; darker cells hold more reports, and hidden ones say so.

    Themes whose every number is small are left out; a remark in the appendix says so.
    Of many groups or areas the largest are shown, and the title says so.
    """
    if heat.n_small:
        key = "themes.some_small" if heat.rows else "themes.all_small"
        said = canvas.words(key, n=canvas.words.whole(heat.n_small), least=least)
        canvas.remarks.append(f"{title}: {said}")
    if not heat.rows or not heat.groups:
        return
    words, groups = canvas.words, heat.groups[:_MAX_VALUES]
    if len(groups) < len(heat.groups):
        title = words("deck.largest", title=title, n=len(groups))
    rows = [
        [label, *(_cell(plain(words, cell.n), cell.shade) for cell in cells[: len(groups)])]
        for label, cells in heat.rows
    ]
    head = [words("counts.themes_name"), *groups]
    shares = [3.4, *(1.25 for _ in groups)]
    marked = [cell.n for _, cells in heat.rows for cell in cells[: len(groups)]]
    show_grid(canvas, title, grid(head, rows, shares), marked)


def _cell(text: str, shade: int) -> GridCell:
    """Colour one cell by its shade; nought stays bare."""
    darkest = len(palette.SHADES) - 1
    ink = palette.ON_DARKEST if shade == darkest else palette.INK if shade else ""
    return GridCell(text, palette.SHADES[shade], ink)
