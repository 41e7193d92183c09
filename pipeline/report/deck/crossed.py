"""The heat map of themes and client groups as a native table with coloured cells."""

from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.grids import GridCell, grid, show_grid
from pipeline.report.deck.sources import plain
from pipeline.report.sections.themes import HeatMap


def heat_slides(canvas: Canvas, heat: HeatMap, title: str) -> None:
    """Add the map; darker cells hold more reports, and hidden ones say so."""
    if not heat.rows or not heat.groups:
        return
    rows = [
        [label, *(_cell(plain(cell.n), cell.shade) for cell in cells)] for label, cells in heat.rows
    ]
    head = [canvas.words("counts.themes_name"), *heat.groups]
    shares = [3.4, *(1.25 for _ in heat.groups)]
    marked = [cell.n for _, cells in heat.rows for cell in cells]
    show_grid(canvas, title, grid(head, rows, shares), marked)


def _cell(text: str, shade: int) -> GridCell:
    """Colour one cell by its shade; nought stays bare."""
    darkest = len(palette.SHADES) - 1
    ink = palette.ON_DARKEST if shade == darkest else palette.INK if shade else ""
    return GridCell(text, palette.SHADES[shade], ink)
