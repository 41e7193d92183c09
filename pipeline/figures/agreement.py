"""Krippendorff's alpha: how far coders agree beyond chance, on single themes and on theme sets.

Of the libraries, ``krippendorff`` takes numbers only and gives no interval; theme sets need a
distance between sets. The formula is short enough to stand here.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np

from pipeline.figures.measures import N_BOOTSTRAP, Interval

_DRAWS_AT_ONCE = 100  # what bounds the memory of a bootstrap over many reports

Value = TypeVar("Value", bound=Hashable)


def masi_distance(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the MASI distance of two sets, 0-1: overlap, weighed by how they overlap.

    References
    ----------
    Passonneau, Measuring agreement on set-valued items (MASI) for semantic and pragmatic
    annotation, LREC 2006.

    Examples
    --------
    >>> masi_distance(frozenset("ab"), frozenset("ab"))
    0.0
    >>> round(masi_distance(frozenset("ab"), frozenset("abcd")), 4)
    0.6667
    >>> masi_distance(frozenset("ab"), frozenset())
    1.0
    """
    if a == b:
        return 0.0
    shared = a & b
    if not shared:
        return 1.0
    how = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1.0 - how * len(shared) / len(a | b)


def nominal_distance(a: Hashable, b: Hashable) -> float:
    """Return 0 for equal values, else 1."""
    return float(a != b)


def krippendorff_alpha(
    units: Sequence[Sequence[Value]],
    distance: Callable[[Value, Value], float] = nominal_distance,
    *,
    seed: int,
    n_bootstrap: int = N_BOOTSTRAP,
) -> Interval:
    """Return alpha with its 95 % bootstrap interval over units.

    Parameters
    ----------
    units : sequence of sequence
        What the coders of each unit said; coders who did not see it are left out.
    distance : callable
        Difference of two values, 0 for none.
    seed : int
    n_bootstrap : int, default=2000

    Returns
    -------
    Interval
        1 for full agreement, 0 for that of chance; NaN when no unit has two coders, or all of
        them said the same throughout, which leaves nothing to tell agreement from chance by.
        Draws without a value are left out of the interval.

    References
    ----------
    Krippendorff, Computing Krippendorff's alpha-reliability, University of Pennsylvania (2011),
    https://repository.upenn.edu/handle/20.500.14332/2089.

    Examples
    --------
    >>> units = list(zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]))
    >>> round(krippendorff_alpha(units, seed=0, n_bootstrap=100).value, 3)
    0.095
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = list(dict.fromkeys(value for unit in paired for value in unit))
    if not values:
        return Interval(*[float("nan")] * 3)
    place = {value: k for k, value in enumerate(values)}
    counts = np.zeros((len(paired), len(values)))
    for u, unit in enumerate(paired):
        for value in unit:
            counts[u, place[value]] += 1
    apart = np.array([[distance(a, b) for b in values] for a in values])
    within = ((counts @ apart) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    rng = np.random.default_rng(seed)
    n_units = len(paired)
    value = _alpha(np.ones((1, n_units)), counts, within, apart)[0]
    shares = np.full(n_units, 1 / n_units)
    sizes = [min(_DRAWS_AT_ONCE, n_bootstrap - at) for at in range(0, n_bootstrap, _DRAWS_AT_ONCE)]
    drawn = np.concatenate(
        [
            _alpha(rng.multinomial(n_units, shares, size=size), counts, within, apart)
            for size in sizes
        ]
    )
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.quantile(drawn, (0.025, 0.975)) if len(drawn) else (np.nan, np.nan)
    return Interval(float(value), float(low), float(high))


def _alpha(
    draws: np.ndarray, counts: np.ndarray, within: np.ndarray, apart: np.ndarray
) -> np.ndarray:
    """Return alpha of each draw of units; NaN where chance would not disagree."""
    totals = draws @ counts
    n = totals.sum(axis=1)
    by_chance = ((totals @ apart) * totals).sum(axis=1) / (n - 1)
    alpha: np.ndarray = np.full(len(draws), np.nan)
    np.divide(draws @ within, by_chance, out=alpha, where=by_chance > 0)
    return np.asarray(1 - alpha)
