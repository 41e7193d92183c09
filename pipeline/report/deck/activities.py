"""The slide of figures from other sources than the reports."""

from collections.abc import Sequence

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.grids import grid, show_grid
from pipeline.report.settings import Activity


def activity_slide(canvas: Canvas, activities: Sequence[Activity]) -> None:
    """Add the figures of other sources, where there are any."""
    if activities:
        words = canvas.words
        head = [words("activities.name"), words("activities.source"), words("counts.n")]
        rows = [[one.name, one.source, words.whole(one.n)] for one in activities]
        table = grid(head, rows, [5.0, 4.0, 1.2], n_text=2)
        show_grid(canvas, words("toc.activities"), table)
