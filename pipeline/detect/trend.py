"""Exact tests of whether a group's share of the reports rises or falls over the periods.

Given how many of a group's reports there are in all, and how many reports each period has, every
way to spread them over the periods is equally likely when nothing happens. The tests count those
ways, so that they hold for three reports as for thirty and for periods of any sizes.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 60
"""Larger groups, for which counting is slow, are tested by the normal approximation."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def score_distribution(n_members: int, sizes: Sequence[int], scores: Sequence[int]) -> Floats:
    """Return the distribution of the sum of scores of members drawn from periods at random.

    Parameters
    ----------
    n_members : int
        Members of the group; 0 to the sum of ``sizes``.
    sizes : sequence of int
        Reports of each period.
    scores : sequence of int
        Score of each period, 0 or more.

    Returns
    -------
    ndarray of shape (n_members * max(scores) + 1,)
        Probability of each sum of scores.

    Examples
    --------
    Two members from two periods of two reports: 1, 4 and 1 of the six pairs.

    >>> (6 * score_distribution(2, [2, 2], [0, 1])).round(9).tolist()
    [1.0, 4.0, 1.0]
    """
    from scipy.stats import binom

    n_reports = sum(sizes)
    width = n_members * max(scores, default=0) + 1
    ways = np.zeros((n_members + 1, width))
    ways[0, 0] = 1
    # Binomial numbers stand for the binomial coefficients: given the total they say the same,
    # and they neither overflow nor vanish.
    share = n_members / n_reports if n_reports else 0.0
    for size, score in zip(sizes, scores, strict=True):
        chance = binom.pmf(np.arange(min(size, n_members) + 1), size, share)
        grown = np.zeros_like(ways)
        for n_here, weight in enumerate(chance):
            shift = n_here * score
            grown[n_here:, shift:] += weight * ways[: n_members + 1 - n_here, : width - shift]
        ways = grown
    total = ways[n_members].sum()
    return np.asarray(ways[n_members] / total)


def tail(distribution: Floats) -> Floats:
    """Return the probability of each value or a larger one."""
    return np.minimum(1, np.cumsum(distribution[::-1])[::-1])


@dataclass(frozen=True)
class TrendTest:
    """Exact one-sided Cochran-Armitage test, plain or within strata.

    Attributes
    ----------
    sizes : tuple of int
        Reports of each period.
    strata : tuple of tuple of int
        Period numbers of each stratum, oldest first; one stratum of all periods is the plain test.
        Scores count the periods of a stratum from 0, and the sums of the strata are added.

    References
    ----------
    Armitage (1955), Tests for linear trends in proportions and frequencies, doi:10.2307/3001775;
    the exact conditional form as in Mehta, Patel and Senchaudhuri (1992), Exact stratified linear
    rank tests for ordered categorical and binary data, doi:10.2307/1390598.
    """

    sizes: tuple[int, ...]
    strata: tuple[tuple[int, ...], ...]
    _tails: dict[tuple[int, ...], Floats] = field(default_factory=dict, repr=False, compare=False)

    def p_rise(self, counts: Ints) -> Floats:
        """Return the chance of a rise at least as steep, for each group.

        Parameters
        ----------
        counts : ndarray of shape (n_groups, n_periods)
            Members of each group in each period.

        Returns
        -------
        ndarray of shape (n_groups,)
            0-1.
        """
        totals = np.stack([counts[:, list(s)].sum(axis=1) for s in self.strata], axis=1)
        sums = sum(
            (counts[:, list(s)] @ np.arange(len(s)) for s in self.strata),
            np.zeros(len(counts), dtype=np.int64),
        )
        p_values = np.ones(len(counts))
        order, starts = _alike(totals)
        for rows in np.split(order, starts[1:]) if len(order) else ():
            p_values[rows] = self._tail(tuple(totals[rows[0]].tolist()))[sums[rows]]
        return p_values

    def p_least(self, n_members: int) -> float:
        """Return the least p that any spread of so many members over one stratum could have."""
        chances = self._tail((n_members,))
        return float(chances[chances > 0].min())

    def backwards(self) -> "TrendTest":
        """Return the test with the periods in the opposite order: its rise is a fall."""
        last = len(self.sizes) - 1
        strata = tuple(tuple(last - period for period in s[::-1]) for s in self.strata)
        return TrendTest(self.sizes[::-1], strata)

    def _tail(self, totals: tuple[int, ...]) -> Floats:
        """Return the tail of the sum of scores, given each stratum's members."""
        if totals not in self._tails:
            exact = sum(totals) <= EXACT_UP_TO
            self._tails[totals] = self._counted(totals) if exact else self._normal(totals)
        return self._tails[totals]

    def _counted(self, totals: tuple[int, ...]) -> Floats:
        """Count the ways: the strata's distributions, convolved."""
        distribution = np.ones(1)
        for total, stratum in zip(totals, self.strata, strict=True):
            sizes = [self.sizes[period] for period in stratum]
            alone = score_distribution(total, sizes, range(len(stratum)))
            distribution = np.convolve(distribution, alone)
        return tail(distribution)

    def _normal(self, totals: tuple[int, ...]) -> Floats:
        """Approximate the tail of a large group by the normal one, corrected for continuity."""
        from scipy.stats import norm

        mean, variance, highest = 0.0, 0.0, 0
        for total, stratum in zip(totals, self.strata, strict=True):
            sizes = np.array([self.sizes[period] for period in stratum], dtype=float)
            scores = np.arange(len(stratum))
            n_reports = max(2.0, sizes.sum())
            centre = (sizes @ scores) / n_reports
            spread = (sizes @ (scores - centre) ** 2) / n_reports
            mean += total * centre
            variance += total * spread * (n_reports - total) / (n_reports - 1)
            highest += total * (len(stratum) - 1)
        sums = np.arange(highest + 1)
        return np.asarray(norm.sf(sums - 0.5, mean, max(variance, 1e-12) ** 0.5))


def _alike(totals: Ints) -> tuple[Ints, Ints]:
    """Return the rows of a table with like ones together, and where each kind begins.

    Rows are told apart by one number each, which is much faster to sort than rows are.
    """
    base = int(totals.max(initial=0)) + 1
    if base ** totals.shape[1] < 2**62:
        keys = totals @ (base ** np.arange(totals.shape[1], dtype=np.int64))
    else:
        keys = np.unique(totals, axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(keys, kind="stable")
    return order, np.flatnonzero(np.diff(keys[order], prepend=-1))


def plain_test(sizes: Sequence[int]) -> TrendTest:
    """Return the trend test over all periods.

    Examples
    --------
    Three reports of 40 now against none of 40 before:

    >>> plain_test([40, 40]).p_rise(np.array([[0, 3]])).round(3).tolist()
    [0.12]
    """
    return TrendTest(tuple(sizes), (tuple(range(len(sizes))),))


def seasonal_test(sizes: Sequence[int], starts: Sequence[dt.date]) -> TrendTest | None:
    """Return the trend test within seasons; None when the periods have no seasons to compare.

    Seasons are half-years or quarters: every period starts six (or three) months after the one
    before, and there are at least two of each season.

    Parameters
    ----------
    sizes : sequence of int
        Reports of each period.
    starts : sequence of datetime.date
        First day of each period, oldest first.

    Returns
    -------
    TrendTest or None
    """
    seasons = seasons_of(starts)
    if seasons is None:
        return None
    strata = tuple(
        tuple(period for period, s in enumerate(seasons) if s == season)
        for season in range(max(seasons) + 1)
    )
    return TrendTest(tuple(sizes), strata)


def seasons_of(starts: Sequence[dt.date]) -> list[int] | None:
    """Return the season of each half-year or quarter, from 0; None when there are none.

    Examples
    --------
    >>> seasons_of([dt.date(y, m, 1) for y in (2023, 2024) for m in (1, 7)])
    [0, 1, 0, 1]
    >>> seasons_of([dt.date(2024, 1, 1), dt.date(2024, 7, 1)]) is None
    True
    """
    months = [start.year * 12 + start.month for start in starts]
    steps = {later - earlier for earlier, later in pairwise(months)}
    if steps not in ({6}, {3}):
        return None
    n_seasons = 12 // steps.pop()
    if len(starts) < 2 * n_seasons:
        return None
    return [period % n_seasons for period in range(len(starts))]
