"""Slides of the periods' reports by valence."""

from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.grids import grid, put_by
from pipeline.report.deck.paragraphs import plain
from pipeline.report.deck.plots import draw_stack
from pipeline.report.facts.valences import Valences

_MAX_COLUMNS = 12


def valence_slides(canvas: Canvas, valences: Valences, headline: str) -> None:
    """Add the periods' reports by valence, newest periods first to be kept.

    None where no report tells its valence.
    """
    if not valences.rows:
        return
    words, rows = canvas.words, valences.rows[-_MAX_COLUMNS:]
    title, names = words("counts.valence_title"), dict(valences.legend)
    series = [
        (names[style], palette.VALENCE[style], [row.parts[place].n.n for row in rows])
        for place, (style, _) in enumerate(valences.legend)
    ]
    marked = [part.n for row in rows if row.is_now for part in row.parts]
    slide = canvas.slide(headline, [*marked, *(row.n for row in rows)])
    alt = words("deck.alt_history", title=title)
    draw_stack(slide, canvas.box, [row.period for row in rows], series, alt)
    head = [words("counts.period"), words("counts.reports"), *names.values()]
    cells = [
        [row.period, plain(words, row.n), *(plain(words, part.n) for part in row.parts)]
        for row in rows
    ]
    table = grid(head, cells, [2.0, 1.0, *(1.0 for _ in names)])
    put_by(canvas, words("deck.counted", title=title), table, marked)
