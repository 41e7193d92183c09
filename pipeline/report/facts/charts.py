"""Charts as plain numbers and texts; each form places and draws them in its own way."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class History:
    """One column a period, oldest first.

    Attributes
    ----------
    values : tuple of float
        Height of each column, in the unit of `top`.
    texts, labels : tuple of str
        What each column says: its number and its period.
    top : float
        Value that fills the chart.
    counts : tuple of int
        Reports of each period.
    intervals : tuple of (low, high) or None
        Interval of each column, in the unit of `top`; empty for none, None where there is none.
    """

    values: tuple[float, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    top: float
    counts: tuple[int, ...]
    intervals: tuple[tuple[float, float] | None, ...] = ()


def count_history(counts: Sequence[int], labels: Sequence[str], top: float) -> History:
    """Return counts as columns of their own height."""
    numbers = tuple(int(n) for n in counts)
    texts = tuple(str(n) for n in numbers)
    return History(tuple(float(n) for n in numbers), texts, tuple(labels), float(top), numbers)


def ceiling(shares: Sequence[float]) -> float:
    """Return the round share at which an axis may end.

    Examples
    --------
    >>> ceiling([0.12, 0.34]), ceiling([])
    (0.4, 0.1)
    """
    top = max((share for share in shares if share == share), default=0.0)
    return next((step for step in _CEILINGS if step >= top), 1.0)


_CEILINGS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
