"""Name the shape of a group's history, by stated rules on exact tests.

The rules, in order; the first that holds gives the name.

=========  =========================================================================================
too-few    fewer members than asked for, or so few that no history at all would pass the level
one-off    three quarters of the members in one period that is not the newest, and more there than
           chance puts (exact, corrected for the number of periods)
seasonal   more members in one season than chance puts (exact, corrected for the number of seasons),
           in at least two of its periods, and no rise within the seasons
emerging   a rise, and in the older half of the periods a third or less of the newer half's share
growing    any other rise
fading     a fall
unclear    none of these, yet one half of the periods has a third or less of the other half's
           share: a change that chance might make too
steady     none of these: about as much in both halves
=========  =========================================================================================

A signal is rising by the list's own measure, which compares all groups at once; where its own test
cannot tell, its name is that of a rise (:func:`rise_name`). A group to watch is then
perhaps-growing, and any other group of the list unclear: none of them is steady.
A rise or fall is one that passes the level both over all periods and within the seasons, where
there are seasons to compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.detect.trend import Floats, Ints, TrendTest

_BURST_SHARE = 0.75
_EMERGING_RATIO = 1 / 3


@dataclass(frozen=True, eq=False)
class Window:
    """The periods that histories are read over, and the tests that belong to them.

    Attributes
    ----------
    sizes : ndarray of shape (n_periods,)
        Reports of each period.
    plain : TrendTest
        Trend over all periods.
    seasonal : TrendTest or None
        Trend within seasons; None when there are none to compare.
    """

    sizes: Ints
    plain: TrendTest
    seasonal: TrendTest | None

    @property
    def tests(self) -> list[TrendTest]:
        """The plain test, and the one within seasons where there is one."""
        return [self.plain] if self.seasonal is None else [self.plain, self.seasonal]

    @property
    def can_compare(self) -> bool:
        """Whether at least two periods have reports."""
        return bool((self.sizes > 0).sum() >= 2)

    def p_rise(self, counts: Ints) -> Floats:
        """Return the p of a rise: the larger of the plain test's and the seasonal one's.

        Parameters
        ----------
        counts : ndarray of shape (n_groups, n_periods)

        Returns
        -------
        ndarray of shape (n_groups,)
            0-1.
        """
        return np.asarray(np.max([test.p_rise(counts) for test in self.tests], axis=0))

    def p_fall(self, counts: Ints) -> Floats:
        """Return the p of a fall; see :meth:`p_rise`."""
        backwards = [test.p_rise(counts[:, ::-1]) for test in self._backwards]
        return np.asarray(np.max(backwards, axis=0))

    def p_least(self, n_members: int) -> float:
        """Return the least p that any spread of so many members has over all periods."""
        backwards, *_ = self._backwards
        return min(self.plain.p_least(n_members), backwards.p_least(n_members))

    @cached_property
    def _backwards(self) -> list[TrendTest]:
        return [test.backwards() for test in self.tests]


def statuses(
    counts: Ints,
    window: Window,
    *,
    alpha: float,
    min_reports: int,
    p_values: tuple[Floats, Floats] | None = None,
) -> list[str]:
    """Name the shape of each group's history.

    Parameters
    ----------
    counts : ndarray of shape (n_groups, n_periods)
        Members of each group in each period.
    window : Window
    alpha : float
        Level of the exact tests, 0-1.
    min_reports : int
        Fewest members of which anything is said.
    p_values : tuple of ndarray of shape (n_groups,), optional
        Of the rises and of the falls; by default the exact ones of the window.

    Returns
    -------
    list of str
        emerging, growing, steady, unclear, fading, one-off, seasonal or too-few, a name for each
        group.
    """
    if not window.can_compare:
        return ["too-few"] * len(counts)
    p_rise, p_fall = p_values or (window.p_rise(counts), window.p_fall(counts))
    rises, falls = p_rise <= alpha, p_fall <= alpha
    return [
        _status(row, window, bool(rise), bool(fall), alpha, min_reports)
        for row, rise, fall in zip(counts, rises, falls, strict=True)
    ]


def _status(
    row: Ints, window: Window, rises: bool, falls: bool, alpha: float, min_reports: int
) -> str:
    """Apply the rules in order to one group."""
    n_members = int(row.sum())
    if n_members < min_reports or _cannot_tell(n_members, window, alpha):
        return "too-few"
    if _is_burst(row, window.sizes, alpha):
        return "one-off"
    if window.seasonal is not None and _is_seasonal(row, window.sizes, window.seasonal, alpha):
        return "seasonal"
    if rises:
        return rise_name(row, window.sizes)
    if falls:
        return "fading"
    return "unclear" if _differs(row, window.sizes) else "steady"


def rise_name(row: Ints, sizes: Ints) -> str:
    """Name a rise by how much there was before.

    Parameters
    ----------
    row, sizes : ndarray of shape (n_periods,)
        Members, and all reports, of each period.

    Returns
    -------
    str
        ``emerging`` where the older half of the periods has a third or less of the newer half's
        share, else ``growing``.
    """
    older, newer = _shares(row, sizes)
    return "emerging" if older <= _EMERGING_RATIO * newer else "growing"


def _cannot_tell(n_members: int, window: Window, alpha: float) -> bool:
    """Say whether no spread of so many members would pass the level, up or down."""
    return window.p_least(n_members) > alpha


def _is_burst(row: Ints, sizes: Ints, alpha: float) -> bool:
    """Say whether the members crowd in one period that is not the newest with reports."""
    peak = int(row.argmax())
    if peak == np.flatnonzero(sizes)[-1] or row[peak] < _BURST_SHARE * row.sum():
        return False
    n_periods = int((sizes > 0).sum())
    return n_periods * _p_crowded(row, sizes, [peak]) <= alpha


def _is_seasonal(row: Ints, sizes: Ints, test: TrendTest, alpha: float) -> bool:
    """Say whether the members crowd in one season, year after year, without a rise in it."""
    if test.p_rise(row[None, :])[0] <= alpha:
        return False
    return any(
        (row[list(season)] > 0).sum() >= 2
        and len(test.strata) * _p_crowded(row, sizes, season) <= alpha
        for season in test.strata
    )


def _p_crowded(row: Ints, sizes: Ints, periods: Sequence[int]) -> float:
    """Return the chance of as many members or more in some periods (hypergeometric)."""
    from scipy.stats import hypergeom

    chosen = list(periods)
    here = int(row[chosen].sum())
    return float(hypergeom.sf(here - 1, int(sizes.sum()), int(sizes[chosen].sum()), row.sum()))


def _differs(row: Ints, sizes: Ints) -> bool:
    """Say whether one half of the periods has a third or less of the other half's share."""
    smaller, larger = sorted(_shares(row, sizes))
    return smaller <= _EMERGING_RATIO * larger


def _shares(row: Ints, sizes: Ints) -> tuple[float, float]:
    """Return the share of the members in the older and the newer half of the periods."""
    occupied = np.flatnonzero(sizes)
    older, newer = np.split(occupied, [len(occupied) // 2])
    return (
        float(row[older].sum() / sizes[older].sum()),
        float(row[newer].sum() / sizes[newer].sum()),
    )
