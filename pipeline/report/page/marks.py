"""Where the marks of each plot stand on the page; the templates draw them.

The plots are inline SVG inside the tables whose numbers they show, not pictures made by a
plotting library: each mark stands beside its number, takes its colours from the page (light, dark,
print), grows with the page without scaling its text, and a screen reader meets the numbers alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.facts.charts import History
from pipeline.report.facts.count_tables import CountRow
from pipeline.report.facts.reliability import Step
from pipeline.report.facts.signal_map import MapPoint
from pipeline.report.facts.theme_pairs import ThemePair
from pipeline.report.facts.valences import ValenceRow
from pipeline.report.spacing import apart

SIZES = {"card": (264.0, 64.0), "small": (176.0, 36.0), "spark": (84.0, 22.0)}
"""Width and height of the boxes of histories, in pixels."""
CURVE_SIDE = 220.0
"""Length of the sides of the reliability plot, in pixels."""
MOST_ROWS = 40
"""Rows of a long table shown before a name is typed; the page holds all of them."""
MOST_COLUMNS = 20
"""Groups or areas that stand side by side; more of them stand under each other."""
MAP_WIDTH, MAP_HEIGHT = 640.0, 360.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 16.0, 14.0, 52.0
_RADIUS = 12.0


@dataclass(frozen=True)
class Bar:
    """A share with its interval and the earlier share, in percent of the plot's width.

    Attributes
    ----------
    width : str
        Length of the bar.
    low, high : str
        Ends of the whisker.
    before : str
        Place of the mark of the earlier share; ``""`` for none.
    """

    width: str
    low: str
    high: str
    before: str


def bar(row: CountRow, end: float) -> Bar:
    """Place one share on an axis from 0 to `end`; NaN shares are nought, a NaN past is left out."""
    held = 0.0 if math.isnan(row.share) else row.share
    past = "" if math.isnan(row.share_before) else _place(row.share_before, end)
    return Bar(_place(held, end), _place(row.low, end), _place(row.high, end), past)


def _place(share: float, end: float) -> str:
    """Return a share as percent of the axis, cut at its end."""
    return f"{min(share / end, 1.0) * 100:.2f}%"


def half_percent(end: float) -> int:
    """Return the middle of an axis from 0 to `end`, in whole percent."""
    return round(50 * end)


def pair_bar(pair: ThemePair) -> tuple[str, str]:
    """Return the length of a pair's bar and the place of what chance would give, in percent."""
    return f"{100 * pair.n.n / pair.longest:.2f}%", f"{100 * pair.chance / pair.longest:.2f}%"


def stack(row: ValenceRow, longest: int) -> tuple[tuple[str, str], ...]:
    """Return where each part of a period's bar starts and how long it is, in percent."""
    places, x = [], 0.0
    for part in row.parts:
        wide = 100 * part.n.n / longest
        places.append((f"{x:.2f}%", f"{wide:.2f}%"))
        x += wide
    return tuple(places)


@dataclass(frozen=True)
class Column:
    """One column of a history, in pixels.

    Attributes
    ----------
    x, y, width, height : float
    middle : float
        x of the column's middle, for its text.
    is_now : bool
        True for the period reported on.
    label, value : str
        Period and number, as text.
    whisker : tuple of (low, high), or None
        y of the ends of the interval; None where there is none.
    """

    x: float
    y: float
    width: float
    height: float
    middle: float
    is_now: bool
    label: str
    value: str
    whisker: tuple[float, float] | None = None

    @property
    def top(self) -> float:
        """Return the y of the highest mark."""
        return min(self.y, self.whisker[1]) if self.whisker else self.y


@dataclass(frozen=True)
class Columns:
    """Columns over the periods, in pixels of a box of ``width`` x ``height``."""

    width: float
    height: float
    columns: tuple[Column, ...]


def columns(history: History, size: str) -> Columns:
    """Place one column a period in a box of one of :data:`SIZES`."""
    width, height = SIZES[size]
    values, top = history.values, history.top
    ends = history.intervals or (None,) * len(values)
    step = width / max(len(values), 1)
    gap = min(3.0, step * 0.25)
    placed = []
    marks = zip(values, history.texts, history.labels, ends, strict=True)
    for i, (value, text, label, end) in enumerate(marks):
        share = 0.0 if math.isnan(value) or top <= 0 else min(value / top, 1.0)
        tall = max(round(share * height, 1), 1.0) if share else 0.0
        x, wide = round(i * step, 2), round(step - gap, 2)
        middle = round(x + wide / 2, 2)
        whisker = (_up(end[0], top, height), _up(end[1], top, height)) if end else None
        is_now = i == len(values) - 1
        placed.append(Column(x, height - tall, wide, tall, middle, is_now, label, text, whisker))
    return Columns(width, height, tuple(placed))


def _up(value: float, top: float, height: float) -> float:
    """Return the y of a value, cut at the top of the box."""
    return round(height * (1 - min(value / top, 1.0)), 1)


@dataclass(frozen=True)
class CurvePoint:
    """A point of the reliability curve with its whisker, in pixels."""

    x: float
    y: float
    low: float
    high: float


def curve_point(step: Step) -> CurvePoint:
    """Place the pairs of one range of scores: their mean score across, the share coded up."""
    return CurvePoint(
        x=round(CURVE_SIDE * step.mean_score, 1),
        y=round(CURVE_SIDE * (1 - step.coded_share), 1),
        low=round(CURVE_SIDE * (1 - step.low), 1),
        high=round(CURVE_SIDE * (1 - step.high), 1),
    )


@dataclass(frozen=True)
class PlacedMap:
    """The map of signals, in pixels.

    Attributes
    ----------
    points : tuple of (x, y, MapPoint)
    across, up : tuple of (place, number)
        Ticks of the axes.
    """

    points: tuple[tuple[float, float, MapPoint], ...]
    across: tuple[tuple[float, int], ...]
    up: tuple[tuple[float, int], ...]
    width: float = MAP_WIDTH
    height: float = MAP_HEIGHT
    left: float = _LEFT
    bottom: float = MAP_HEIGHT - _BOTTOM


def signal_map(points: Sequence[MapPoint]) -> PlacedMap:
    """Place the signals: to the right the more reports, upwards the more areas.

    Signals that would hide one another are moved apart.
    """
    most = max([*(point.reports for point in points), 4])
    widest = max([*(point.areas for point in points), 4])
    places = apart(
        [(_map_x(point.reports, most), _map_y(point.areas, widest)) for point in points],
        2.1 * _RADIUS,
    )
    placed = [
        (round(x, 1), round(y, 1), point) for (x, y), point in zip(places, points, strict=True)
    ]
    return PlacedMap(
        tuple(placed),
        tuple((round(_map_x(n, most), 1), n) for n in _steps(most)),
        tuple((round(_map_y(n, widest), 1), n) for n in _steps(widest)),
    )


def _map_x(n: int, most: int) -> float:
    """Return the x of a number of reports."""
    return _LEFT + _RADIUS + (MAP_WIDTH - _LEFT - _RIGHT - 6 * _RADIUS) * n / most


def _map_y(n: int, most: int) -> float:
    """Return the y of a number of areas."""
    return MAP_HEIGHT - _BOTTOM - _RADIUS - (MAP_HEIGHT - _TOP - _BOTTOM - 2 * _RADIUS) * n / most


def _steps(most: int) -> list[int]:
    """Return about five round ticks from nought.

    Examples
    --------
    >>> _steps(4), _steps(23)
    ([0, 1, 2, 3, 4], [0, 5, 10, 15, 20])
    """
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if most / s <= 5)
    return list(range(0, most + 1, step))
