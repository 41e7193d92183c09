"""How likely chance alone makes a group rise or fall as it does, whatever moves together."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from pipeline.detect.exchange import Blocks
from pipeline.detect.status import Window
from pipeline.detect.trend import Floats, Ints

_ROUNDING = 1e-9


class Chances(NamedTuple):
    """The p-values of some groups.

    Attributes
    ----------
    rise, fall : ndarray of shape (n_groups,)
        0-1, one-sided.
    """

    rise: Floats
    fall: Floats


def chances(
    rows: Sequence[Sequence[int]], blocks: Blocks, window: Window, n_shuffles: int, seed: int
) -> Chances:
    """Return the p-values of the groups' rises and falls.

    Parameters
    ----------
    rows : sequence of sequence of int
        Reports of each group.
    blocks : Blocks
    window : Window
        At least two periods with reports.
    n_shuffles : int
        Used where reports move together only.
    seed : int
        Of those shuffles.

    Returns
    -------
    Chances
        Exact where every report moves alone. Otherwise the exact p is only a measure of steepness,
        and the p is the share of the shuffles, the seen order counted as one, in which it is at
        most as large.

    References
    ----------
    Phipson and Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585.
    """
    members = _matrix(rows, len(blocks.periods))
    n_periods = len(window.sizes)
    seen = _exact(_counts(members, blocks.periods, n_periods), window)
    if blocks.is_free:
        return seen
    rng = np.random.default_rng(seed)
    as_steep = np.ones((2, len(rows)))
    for _ in range(n_shuffles):
        drawn = _exact(_counts(members, blocks.shuffled(rng), n_periods), window)
        as_steep += np.stack(drawn) <= np.stack(seen) + _ROUNDING
    rise, fall = as_steep / (1 + n_shuffles)
    return Chances(rise, fall)


def _exact(counts: Ints, window: Window) -> Chances:
    """Return the p-values as if every report had been written independently."""
    return Chances(window.p_rise(counts), window.p_fall(counts))


def _matrix(rows: Sequence[Sequence[int]], n_reports: int) -> sparse.csr_matrix:
    """Return a matrix ``(n_groups, n_reports)`` with 1 where a report is a member."""
    starts = np.cumsum([0, *(len(one) for one in rows)])
    flat = np.array([row for one in rows for row in one], dtype=np.int64)
    return sparse.csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(rows), n_reports))


def _counts(members: sparse.csr_matrix, periods: Ints, n_periods: int) -> Ints:
    """Return the members of each group in each period."""
    spread = np.zeros((len(periods), n_periods))
    spread[np.arange(len(periods)), periods] = 1
    return np.asarray(np.rint(members @ spread), dtype=np.int64)
