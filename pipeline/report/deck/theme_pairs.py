"""Slides of the themes that stand in the same reports, beside what chance would give."""

from collections.abc import Sequence
from functools import partial

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Box
from pipeline.report.deck.grids import grid, put_by
from pipeline.report.deck.paragraphs import plain
from pipeline.report.deck.plots import Bars, bar_label, draw_bars
from pipeline.report.facts.theme_pairs import ThemePair

_BAR = 44.0
"""Height of one pair's two bars, at most, in points."""


def pair_slides(canvas: Canvas, pairs: Sequence[ThemePair], headline: str) -> None:
    """Add a chart of the pairs and the table behind it; nothing when there are no pairs.

    Parameters
    ----------
    canvas : Canvas
    pairs : sequence of ThemePair
        The page's pairs, in their order.
    headline : str
        Title of the chart.
    """
    if not pairs:
        return
    words = canvas.words
    title, marked = words("themes.pairs_title"), [pair.n for pair in pairs]
    slide = canvas.slide(headline, marked)
    box = canvas.box
    names = (words("counts.reports"), words("themes.pairs_expected"))
    box = Box(box.x, box.y, box.width, min(box.height, 60 + _BAR * len(pairs)))
    bars = Bars(
        labels=tuple(
            bar_label(box, f"{pair.first} × {pair.second}", partial(_label, words, pair))
            for pair in pairs
        ),
        now=tuple(float(pair.n.n) for pair in pairs),
        before=tuple(pair.chance for pair in pairs),
        top=float(max([1, *(pair.n.n for pair in pairs), *(pair.chance + 1 for pair in pairs)])),
    )
    alt = words("deck.alt_bars", title=title)
    draw_bars(slide, box, bars, names, alt)
    head = [words("counts.themes_name"), words("themes.pairs_second"), *names]
    rows = [[pair.first, pair.second, plain(words, pair.n), pair.expected] for pair in pairs]
    table = grid(head, rows, [4.0, 4.0, 1.3, 1.4], n_text=2)
    put_by(canvas, words("deck.table", title=title), table, marked)


def _label(words: Catalogue, pair: ThemePair, name: str) -> str:
    """Put a pair's number to its name, or to what is left of it."""
    return f"{name}: {plain(words, pair.n)}"
