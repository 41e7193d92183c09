"""How likely chance alone makes a group rise or fall as it does, whatever moves together."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from scipy import sparse

from pipeline.detect.exchange import Blocks
from pipeline.detect.status import Window, statuses
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


class StatusRules(Protocol):
    """The settings a status rests on, as :class:`pipeline.detect.detect.DetectConfig` has them."""

    @property
    def alpha(self) -> float:
        """Level of the exact tests, 0-1."""

    @property
    def min_reports(self) -> int:
        """Fewest members of which anything is said."""

    @property
    def n_shuffles(self) -> int:
        """Shuffles of the periods, where reports move together."""


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


def status_and_p(
    rows: Sequence[Sequence[int]],
    counts: Ints,
    blocks: Blocks,
    window: Window,
    rules: StatusRules,
    seed: int,
) -> tuple[list[str], list[float] | list[None]]:
    """Name the shape of each group's history, with the p of its rise.

    Parameters
    ----------
    rows : sequence of sequence of int
        Reports of each group.
    counts : ndarray of shape (n_groups, n_periods)
    blocks : Blocks
    window : Window
    rules : StatusRules
    seed : int
        Of the shuffles, where reports move together.

    Returns
    -------
    names : list of str
        As :func:`pipeline.detect.status.statuses` gives them.
    p_values : list of float or None
        None for all while there are no two periods to compare.
    """
    if not window.can_compare:
        return ["too-few"] * len(counts), [None] * len(counts)
    found = chances(rows, blocks, window, rules.n_shuffles, seed)
    names = statuses(
        counts, window, alpha=rules.alpha, min_reports=rules.min_reports, p_values=found
    )
    return names, found.rise.tolist()


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
