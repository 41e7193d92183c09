"""Slides of counts: each kind of count as a chart and as a table, and valence over the periods."""

import math
from collections.abc import Sequence
from functools import partial
from typing import TypeVar

import pandas as pd

from pipeline.report.counts import compare, count
from pipeline.report.deck import palette
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Box
from pipeline.report.deck.grids import grid, show_grid
from pipeline.report.deck.plots import Bars, bar_label, draw_bars, draw_stack
from pipeline.report.deck.sources import plain
from pipeline.report.material import Material
from pipeline.report.sections.counted import CountRow, CountTable, Valences

_T = TypeVar("_T")
_MAX_BARS = 10
_MAX_COLUMNS = 12
_BAR = 44.0
"""Height of one bar with its earlier one, at most, in points."""


def count_slides(
    canvas: Canvas,
    material: Material,
    shown: CountTable,
    members: pd.DataFrame,
    values: Sequence[str] = (),
) -> None:
    """Add a chart and a table of one kind of count.

    Parameters
    ----------
    canvas : Canvas
    material : Material
    shown : CountTable
        The page's table, whose texts and order the slides share.
    members : DataFrame with columns ``value``, ``report_id``, ``period``
        What the page's table was counted from.
    values : sequence of str, default=()
        As the page's table was given.
    """
    counts = compare(count(members, material.sizes, values), material.period)
    title = plain(canvas.words(f"counts.{shown.key}_caption"))
    rows = list(zip(shown.rows, counts.to_dict("records"), strict=True))
    parts = _even(rows, _MAX_BARS)
    names = (canvas.words.period_name(material.period), str(canvas.words("deck.before_named")))
    for place, part in enumerate(parts):
        slide = canvas.slide(canvas.numbered(title, place, len(parts)), [row.n for row, _ in part])
        tall = min(canvas.box.height, 60 + _BAR * len(part))
        box = Box(canvas.box.x, canvas.box.y, canvas.box.width, tall)
        bars = _bars(canvas, part, box, has_past=material.has_past)
        alt = plain(canvas.words("deck.alt_bars", title=title))
        draw_bars(slide, box, bars, names, alt)
    _table(canvas, shown, title, has_past=material.has_past)


def _bars(
    canvas: Canvas,
    part: Sequence[tuple[CountRow, dict[object, object]]],
    box: Box,
    *,
    has_past: bool,
) -> Bars:
    """Turn rows into bars, in percent."""
    numbers = pd.DataFrame([numbers for _, numbers in part])
    columns = {
        name: tuple((100 * numbers[name].astype(float)).fillna(0.0).round(4))
        for name in ("share", "ci_low", "ci_high", "share_before")
    }
    most = max(max(columns[name]) for name in columns)
    return Bars(
        labels=tuple(bar_label(box, row.label, partial(_label, canvas, row)) for row, _ in part),
        now=columns["share"],
        before=columns["share_before"] if has_past else (),
        top=float(min(max(math.ceil(most / 10) * 10, 10), 100)),
        number_format=canvas.words.percent_format(),
        low=columns["ci_low"],
        high=columns["ci_high"],
    )


def _label(canvas: Canvas, row: CountRow, name: str) -> str:
    """Put a row's number and share to its name, or to what is left of it."""
    words = canvas.words("deck.label", name=name, n=plain(row.n), percent=row.percent)
    return plain(words)


def _table(canvas: Canvas, shown: CountTable, title: str, *, has_past: bool) -> None:
    """Add the table behind the chart."""
    words = canvas.words
    head = [words(f"counts.{shown.key}_name"), "n", "%", words("counts.interval")]
    past = [f"{words('counts.before')}, n", f"{words('counts.before')}, %", words("counts.change")]
    rows = []
    for row in shown.rows:
        cells = [row.label, plain(row.n), row.percent, row.interval]
        change = str(words(f"counts.{row.change}")) if row.change else ""
        rows.append([*cells, plain(row.n_before), row.before, change] if has_past else cells)
    shares = [4.0, 0.8, 1.1, 1.5, 1.55, 1.6, 1.5] if has_past else [4.2, 0.9, 1.1, 1.5]
    table = grid([*head, *past] if has_past else head, rows, shares)
    marked = [row.n for row in shown.rows]
    show_grid(canvas, plain(words("deck.counted", title=title)), table, marked)


def valence_slide(canvas: Canvas, material: Material, valences: Valences) -> None:
    """Add the periods' reports by valence, newest periods first to be kept."""
    rows = valences.rows[-_MAX_COLUMNS:]
    title = plain(canvas.words("counts.valence_title"))
    names = {style: name for style, name in valences.legend}
    series = [
        (
            names[style],
            palette.VALENCE[style],
            [_number(row.parts[place].n) for row in rows],
        )
        for place, (style, _) in enumerate(valences.legend)
    ]
    marked = [part.n for row in rows if row.is_now for part in row.parts]
    slide = canvas.slide(title, [*marked, *(row.n for row in rows)])
    alt = plain(canvas.words("deck.alt_history", title=title))
    draw_stack(slide, canvas.box, [row.period for row in rows], series, alt)
    head = [canvas.words("counts.period"), canvas.words("counts.reports"), *names.values()]
    cells = [[row.period, plain(row.n), *(plain(part.n) for part in row.parts)] for row in rows]
    table = grid(head, cells, [2.0, 1.0, *(1.0 for _ in names)])
    show_grid(canvas, plain(canvas.words("deck.counted", title=title)), table, marked)


def _number(marked: object) -> int:
    """Read a whole number as the page writes it."""
    return int("".join(sign for sign in plain(marked) if sign.isdigit()) or 0)


def _even(rows: Sequence[_T], most: int) -> list[list[_T]]:
    """Split rows into as few parts as hold `most` each, of about one size."""
    n = max(-(-len(rows) // most), 1)
    size = -(-len(rows) // n)
    return [list(rows[i : i + size]) for i in range(0, len(rows), size)]
