"""Where the marks of each plot stand; the templates draw them.

The plots are inline SVG inside the tables whose numbers they show, not pictures made by a
plotting library: each mark stands beside its number, takes its colours from the page (light, dark,
print), grows with the page without scaling its text, and a screen reader meets the numbers alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_CEILINGS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


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
class History:
    """Columns over the periods, in pixels of a box of ``width`` x ``height``."""

    width: float
    height: float
    columns: tuple[Column, ...]


def ceiling(shares: Iterable[float]) -> float:
    """Return the round share at which an axis may end.

    Examples
    --------
    >>> ceiling([0.12, 0.34]), ceiling([])
    (0.4, 0.1)
    """
    top = max((share for share in shares if not math.isnan(share)), default=0.0)
    return next((step for step in _CEILINGS if step >= top), 1.0)


def bar(share: float, low: float, high: float, before: float, end: float) -> Bar:
    """Place one share on an axis from 0 to `end`; NaN shares are nought, a NaN past is left out."""
    held = 0.0 if math.isnan(share) else share
    past = "" if math.isnan(before) else _place(before, end)
    return Bar(_place(held, end), _place(low, end), _place(high, end), past)


def _place(share: float, end: float) -> str:
    """Return a share as percent of the axis, cut at its end."""
    return f"{min(share / end, 1.0) * 100:.2f}%"


def history(
    values: Sequence[float],
    texts: Sequence[str],
    labels: Sequence[str],
    top: float,
    *,
    now: int,
    width: float,
    height: float,
    intervals: Sequence[tuple[float, float] | None] = (),
) -> History:
    """Place one column a period.

    Parameters
    ----------
    values : sequence of float
        Height of each column, in the unit of `top`; NaN is nought.
    texts, labels : sequence of str
        What each column says: its number and its period.
    top : float
        Value that fills the box.
    now : int
        Index of the period reported on.
    width, height : float
        Size of the box, in pixels.
    intervals : sequence of (low, high) or None, default=()
        Interval of each column, in the unit of `top`; None where there is none.
    """
    ends = intervals or [None] * len(values)
    step = width / max(len(values), 1)
    gap = min(3.0, step * 0.25)
    columns = []
    marks = zip(values, texts, labels, ends, strict=True)
    for i, (value, text, label, end) in enumerate(marks):
        share = 0.0 if math.isnan(value) or top <= 0 else min(value / top, 1.0)
        tall = max(round(share * height, 1), 1.0) if share else 0.0
        x, wide = round(i * step, 2), round(step - gap, 2)
        middle = round(x + wide / 2, 2)
        whisker = (_up(end[0], top, height), _up(end[1], top, height)) if end else None
        columns.append(Column(x, height - tall, wide, tall, middle, i == now, label, text, whisker))
    return History(width, height, tuple(columns))


def _up(value: float, top: float, height: float) -> float:
    """Return the y of a value, cut at the top of the box."""
    return round(height * (1 - min(value / top, 1.0)), 1)
