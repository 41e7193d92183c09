"""Which reports move together when the periods are shuffled.

Shuffling single reports says that each was written independently. Five like reports that one
writer sends in one period are nearer to one observation than to five, and five new ones in the
newest period would look like a new phenomenon. Where the writer is known, the reports of one
writer in one period are therefore a block that moves as a whole.

References
----------
Good (2005), Permutation, parametric and bootstrap tests of hypotheses, doi:10.1007/b138696, for
exchangeability; Winkler et al. (2015), Multi-level block permutation,
doi:10.1016/j.neuroimage.2015.05.092, for blocks. Blocks of one size only change places there; here
blocks of several sizes do too (:meth:`Blocks.shuffled`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.detect.trend import Ints

Exchange = Literal["report", "reporter", "unit"]

_N_SWEEPS = 3
"""Times that every two periods exchange blocks in a shuffle."""


def writers(reports: pd.DataFrame, exchange: Exchange) -> list[str]:
    """Name the writer of each report.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.
    exchange : {"report", "reporter", "unit"}
        ``unit`` falls back on the reporter where the unit is unknown.

    Returns
    -------
    list of str
        "" when unknown, and always for ``report``.

    Examples
    --------
    >>> reports = pd.DataFrame({"reporter_id": ["K-1", "K-1", ""], "unit": ["Y-1", "", ""]})
    >>> writers(reports, "unit")
    ['unit Y-1', 'reporter K-1', '']
    """
    if exchange == "report":
        return [""] * len(reports)
    reporters = [f"reporter {one}" if one else "" for one in reports["reporter_id"]]
    if exchange == "reporter":
        return reporters
    units = [f"unit {one}" if one else "" for one in reports["unit"]]
    return [unit or reporter for unit, reporter in zip(units, reporters, strict=True)]


@dataclass(frozen=True, eq=False)
class Blocks:
    """Reports over periods, in blocks that move as a whole.

    Attributes
    ----------
    periods : ndarray of shape (n_reports,)
        Period number of each report.
    of_report : ndarray of shape (n_reports,)
        Block of each report, from 0; a block lies in one period.
    """

    periods: Ints
    of_report: Ints

    @property
    def sizes(self) -> Ints:
        """Reports of each block."""
        return np.bincount(self.of_report)

    @property
    def is_free(self) -> bool:
        """Whether every report is a block of its own."""
        return len(self.sizes) == len(self.periods)

    @property
    def n_bound(self) -> int:
        """Reports that do not move alone."""
        sizes = self.sizes
        return int(sizes[sizes > 1].sum())

    def share_apart(self, rows: Sequence[int]) -> float:
        """Return the number of blocks that some reports lie in, a report: 1 when each is alone."""
        return len(set(self.of_report[list(rows)].tolist())) / len(rows) if len(rows) else 1.0

    def shuffled(self, rng: np.random.Generator) -> Ints:
        """Lay the blocks out anew, so that every period keeps its number of reports.

        Every order of the blocks on one line, cut where the periods end, is equally likely, if
        each cut falls between two blocks. Such orders are drawn by a Markov chain: blocks of one
        size change places freely, and every two periods, each put in random order, exchange
        beginnings of equally many reports. Both moves are their own opposites, so no draw is
        refused. A block that nothing equals in size, alone or together, stays where it is; the
        shuffled lists then hold what it holds, and claim nothing for it.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_reports,)
            Period number of each report.
        """
        if self.is_free:
            return rng.permutation(self.periods)
        sizes = self.sizes
        places = np.empty(len(sizes), dtype=np.int64)
        places[self.of_report] = self.periods
        occupied = np.unique(places).tolist()
        for _ in range(_N_SWEEPS):
            for size in np.unique(sizes):
                alike = np.flatnonzero(sizes == size)
                places[alike] = rng.permutation(places[alike])
            for one, other in combinations(rng.permutation(occupied).tolist(), 2):
                _exchange(places, sizes, (one, other), rng)
        return places[self.of_report]


def _exchange(places: Ints, sizes: Ints, pair: tuple[int, int], rng: np.random.Generator) -> None:
    """Exchange random blocks of two periods, as many reports from each."""
    one, other = (rng.permutation(np.flatnonzero(places == period)) for period in pair)
    ends, other_ends = np.cumsum(sizes[one]), np.cumsum(sizes[other])
    common = sorted(set(ends.tolist()).intersection(other_ends.tolist()))
    if common:
        n_reports = common[rng.integers(len(common))]
        places[one[ends <= n_reports]] = pair[1]
        places[other[other_ends <= n_reports]] = pair[0]


def block_reports(periods: Ints, names: Sequence[str]) -> Blocks:
    """Put the reports of one writer in one period into one block.

    Parameters
    ----------
    periods : ndarray of shape (n_reports,)
        Period number of each report.
    names : sequence of str
        Writer of each report; one whose writer is unknown ("") is a block of its own.

    Returns
    -------
    Blocks

    Examples
    --------
    >>> block_reports(np.array([0, 0, 0, 1]), ["a", "", "a", "a"]).of_report.tolist()
    [0, 1, 0, 2]
    """
    numbers: dict[tuple[str, int], int] = {}
    of_report = []
    n_blocks = 0
    for name, period in zip(names, periods.tolist(), strict=True):
        block = numbers.setdefault((name, period), n_blocks) if name else n_blocks
        n_blocks = max(n_blocks, block + 1)
        of_report.append(block)
    return Blocks(periods, np.array(of_report, dtype=np.int64))
