"""Slides of counts: each kind of count as a chart and as the table behind it."""

import math
from collections.abc import Sequence
from functools import partial

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Box
from pipeline.report.deck.grids import grid, put_by
from pipeline.report.deck.paragraphs import plain
from pipeline.report.deck.plots import Bars, bar_label, draw_bars
from pipeline.report.facts.count_tables import CountRow, CountTable

_MAX_BARS = 10
_ONE_SLIDE = 12
_CHANGES = ("more", "fewer")
_BAR = 44.0
"""Height of one bar with its earlier one, at most, in points."""


def count_slides(canvas: Canvas, shown: CountTable, headline: str) -> None:
    """Add a chart of one kind of count, and keep its table for the appendix.

    Where no row differs from before, the largest rows stand on one slide that says so; the table
    has them all. The charts of one kind share an axis. A table without rows, such as that of areas
    where no report gives one, makes no slide.
    """
    if not shown.rows:
        return
    words = canvas.words
    title = words(f"counts.{shown.key}_caption")
    parts = _even(shown.rows, _MAX_BARS)
    if shown.has_past and not any(row.change in _CHANGES for row in shown.rows):
        parts = [sorted(shown.rows, key=lambda row: -row.share)[:_ONE_SLIDE]]
    top = _top(shown.rows, has_past=shown.has_past)
    names = (shown.now, words("deck.before_named"))
    for place, part in enumerate(parts):
        slide = canvas.slide(canvas.numbered(headline, place, len(parts)), [row.n for row in part])
        tall = min(canvas.box.height, 60 + _BAR * len(part))
        box = Box(canvas.box.x, canvas.box.y, canvas.box.width, tall)
        bars = _bars(words, part, box, top, has_past=shown.has_past)
        draw_bars(slide, box, bars, names, words("deck.alt_bars", title=title))
    _table(canvas, shown, title)


def _top(rows: Sequence[CountRow], *, has_past: bool) -> float:
    """Return where the axis of all charts of a table ends, in percent."""
    shares = [share for row in rows for share in (row.share, row.low, row.high)]
    shares += [row.share_before for row in rows] if has_past else []
    most = max(_percents(shares), default=0.0)
    return float(min(max(math.ceil(most / 10) * 10, 10), 100))


def _bars(
    words: Catalogue, part: Sequence[CountRow], box: Box, top: float, *, has_past: bool
) -> Bars:
    """Turn rows into bars, in percent."""
    now, before = _percents([row.share for row in part]), [row.share_before for row in part]
    low, high = _percents([row.low for row in part]), _percents([row.high for row in part])
    past = _percents(before)
    return Bars(
        labels=tuple(bar_label(box, row.label, partial(_label, words, row)) for row in part),
        now=now,
        before=past if has_past else (),
        top=top,
        number_format=words.percent_format(),
        low=low,
        high=high,
    )


def _percents(shares: Sequence[float]) -> tuple[float, ...]:
    """Return shares of 0-1 in percent, four decimals of them; NaN is nought."""
    return tuple(0.0 if math.isnan(share) else round(100 * share, 4) for share in shares)


def _label(words: Catalogue, row: CountRow, name: str) -> str:
    """Put a row's number and share to its name, or to what is left of it."""
    return words("deck.label", name=name, n=row.n, percent=row.percent)


def _table(canvas: Canvas, shown: CountTable, title: str) -> None:
    """Add the table behind the chart."""
    words, has_past = canvas.words, shown.has_past
    head = [words(f"counts.{shown.key}_name"), "n", "%", words("counts.interval")]
    past = [f"{words('counts.before')}, n", f"{words('counts.before')}, %", words("counts.change")]
    rows = []
    for row in shown.rows:
        cells = [row.label, plain(words, row.n), row.percent, row.interval]
        change = words(f"counts.{row.change}") if row.change else ""
        earlier = [plain(words, row.n_before), row.before, change]
        rows.append([*cells, *earlier] if has_past else cells)
    shares = [3.3, 0.7, 1.05, 1.8, 1.75, 1.85, 1.45] if has_past else [4.2, 0.9, 1.1, 1.5]
    table = grid([*head, *past] if has_past else head, rows, shares)
    put_by(canvas, words("deck.counted", title=title), table, [row.n for row in shown.rows])


def _even(rows: Sequence[CountRow], most: int) -> list[list[CountRow]]:
    """Split rows into as few parts as hold `most` each, of about one size."""
    n = max(-(-len(rows) // most), 1)
    size = -(-len(rows) // n)
    return [list(rows[i : i + size]) for i in range(0, len(rows), size)]
