"""What rises within regions, as one table; a small number of a region is not told."""

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.grids import grid, show_grid
from pipeline.report.deck.paragraphs import plain
from pipeline.report.facts.regions import ByRegion
from pipeline.report.facts.values import Count, Hidden, Number


def region_slides(canvas: Canvas, by_region: ByRegion, least: int) -> None:
    """Add the groups that rise within regions; nothing where none does."""
    words = canvas.words
    rows, marked = [], []
    for part in by_region.parts:
        for one in part.rises:
            numbers = [_at_least(one.n_now, least), _at_least(one.n, least)]
            marked += numbers
            cells = [plain(words, number) for number in numbers]
            rows.append([part.name, one.label, words(f"strength.{one.strength}"), *cells])
    if not rows:
        return
    head = [
        words("regions.name"),
        words("signals.name"),
        words("regions.strength"),
        words("topics.others_now"),
        words("topics.others_all"),
    ]
    table = grid(head, rows, [2.2, 4.4, 1.5, 0.9, 1.3], n_text=3)
    show_grid(canvas, by_region.headline, table, marked)


def _at_least(number: Count, least: int) -> Number:
    """Return a number, or that it is small."""
    return Hidden(f"<{least}") if 0 < number.n < least else number
