"""The heat map of themes and client groups as a native table with coloured cells."""

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.grids import GridCell, grid, show_grid
from pipeline.report.deck.paragraphs import plain
from pipeline.report.facts.heat_map import HeatMap

_MAX_VALUES = 16
"""Groups or areas shown; the rest, mostly small counts, is left to the workbook."""


def heat_slides(canvas: Canvas, heat: HeatMap, title: str, least: int) -> None:
    """Add the map; darker cells hold more reports, and hidden ones say so.

    Themes and groups whose every number is small are left out, and a map of which most is small is
    not shown; a remark in the appendix says so, with the largest numbers.
    Of many groups or areas the largest are shown, and the title says so.
    """
    n_groups, heat = len(heat.groups), heat.first(_MAX_VALUES)
    remark = _remark(canvas.words, heat, least)
    if remark:
        canvas.remarks.append(f"{title}. {remark}")
    if not heat.rows or heat.is_mostly_small:
        return
    words, groups = canvas.words, heat.groups
    if len(groups) < n_groups:
        title = words("deck.largest", title=title, n=len(groups))
    rows = [
        [label, *(_cell(plain(words, cell.n), cell.shade) for cell in cells)]
        for label, cells in heat.rows
    ]
    head = [words("counts.themes_name"), *groups]
    shares = [3.4, *(1.25 for _ in groups)]
    marked = [cell.n for _, cells in heat.rows for cell in cells]
    show_grid(canvas, title, grid(head, rows, shares), marked)


def _remark(words: Catalogue, heat: HeatMap, least: int) -> str:
    """Say what of a map is not shown; ``""`` where all is."""
    if heat.rows and heat.is_mostly_small:
        named = [f"{theme} × {group} {plain(words, n)}" for theme, group, n in heat.largest()]
        return words("themes.mostly_small", least=least, named="; ".join(named))
    if not heat.rows:
        return words("themes.all_small", least=least) if heat.n_small else ""
    said = [
        words(key, n=words.whole(n), least=least)
        for key, n in (
            ("themes.some_small", heat.n_small),
            ("themes.small_columns", heat.n_small_groups),
        )
        if n
    ]
    return " ".join(said)


def _cell(text: str, shade: int) -> GridCell:
    """Colour one cell by its shade; nought stays bare."""
    darkest = len(palette.SHADES) - 1
    ink = palette.ON_DARKEST if shade == darkest else palette.INK if shade else ""
    return GridCell(text, palette.SHADES[shade], ink)
