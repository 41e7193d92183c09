"""Rank the groups that rise, and learn from shuffled periods how much of the list is chance.

All groups come from text alone, so when nothing happens any spread of the reports over the periods
is as likely as the one seen. Shuffling the periods and making the list again says how strong a
list chance alone makes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.detect.trend import Floats, Ints, TrendTest
from pipeline.figures.corrections import p_of_strongest, q_values

_LEAST_SEPARATION = 0.02
_LEAST_SCORE = 0.3
"""Least strength listed, in average weights: a p of one half, whose -log10 is 0.3."""

_LEAST_P = 1e-12
N_PARTS = 5
"""Parts of the shuffles whose q values are compared: each is as if drawn with a seed of its own."""

_LEAST_PART = 10


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups that are tested.

    Attributes
    ----------
    members : csr_matrix of shape (n_groups, n_reports)
        1 where a report is a member.
    weights : ndarray of shape (n_groups,)
        0-1, how much a group counts for its separation (:func:`separation_weights`).
    """

    members: sparse.csr_matrix
    weights: Floats

    def counts(self, periods: Ints, n_periods: int) -> Ints:
        """Return the members of each group in each period, given each report's period."""
        spread = sparse.csr_matrix(
            (np.ones(len(periods)), (np.arange(len(periods)), periods)),
            shape=(len(periods), n_periods),
        )
        return np.asarray(np.rint((self.members @ spread).toarray()), dtype=np.int64)

    def overlapping(self, group: int, max_overlap: float) -> NDArray[np.bool_]:
        """Say of each group whether it shares too much of the smaller of the two with one."""
        common = (self.members @ self.members[[group]].T).toarray().ravel()
        sizes = np.diff(self.members.indptr)
        return np.asarray(common > max_overlap * np.minimum(sizes, sizes[group]))


@dataclass(frozen=True)
class ListRules:
    """What gets into the list.

    Attributes
    ----------
    n_listed : int
        Most groups listed.
    max_overlap : float
        0-1, most of the smaller group's reports that may be shared with a better one.
    min_newest_reports, min_recent_reports : int
        Members that must be in the newest period, and in the newest two.
    """

    n_listed: int
    max_overlap: float
    min_newest_reports: int
    min_recent_reports: int


@dataclass(frozen=True, eq=False)
class Ranking:
    """The list of rising groups, best first.

    Attributes
    ----------
    groups : ndarray of shape (n_listed,)
        Numbers of the groups.
    q_values : ndarray of shape (n_listed,)
        0-1, expected share of chance among the groups down to this one.
    p_max : ndarray of shape (n_listed,)
        0-1, chance that the strongest group of shuffled periods is as strong.
    q_by_part : ndarray of shape (n_parts, n_listed)
        The q values by each fifth of the shuffles alone; no rows where there are too few.
    """

    groups: Ints
    q_values: Floats
    p_max: Floats
    q_by_part: Floats

    def mostly_at_most(self, level: float) -> NDArray[np.bool_]:
        """Say which groups have a q of at most a level, by all shuffles and by most fifths."""
        by_all = self.q_values <= level
        if not len(self.q_by_part):
            return np.asarray(by_all)
        return np.asarray(by_all & (2 * (self.q_by_part <= level).sum(0) > len(self.q_by_part)))


def separation_weights(separations: Floats) -> Floats:
    """Return the root of each separation as a share of the largest; none counts under 0.02."""
    if not len(separations):
        return np.zeros(0)
    floored = np.maximum(separations, _LEAST_SEPARATION)
    return np.asarray(np.sqrt(floored / floored.max()))


class Ranker:
    """Make the list for any spread of the reports over the periods.

    Parameters
    ----------
    groups : Groups
    tests : sequence of TrendTest
        The plain test, and the one within seasons where there is one; the geometric mean of their
        p-values is the strength of a rise.
    rules : ListRules
    """

    def __init__(self, groups: Groups, tests: list[TrendTest], rules: ListRules) -> None:
        self._groups = groups
        self._tests = tests
        self._rules = rules
        self._sizes = np.diff(groups.members.indptr)
        self._overlapping: dict[int, NDArray[np.bool_]] = {}
        occupied = np.flatnonzero(np.array(tests[0].sizes) > 0)
        self._newest, self._recent = occupied[-1:], occupied[-2:]

    def rank(self, periods: Ints) -> tuple[Ints, Floats]:
        """Return the listed groups and their scores, best first.

        Parameters
        ----------
        periods : ndarray of shape (n_reports,)
            Period number of each report.

        Returns
        -------
        groups : ndarray of int
        scores : ndarray of float
            ``-weight * log10(p)``.
        """
        scores = self._scores(periods)
        order = np.lexsort((-self._sizes, -scores))
        weights = self._groups.weights
        least = _LEAST_SCORE * weights.mean() if len(weights) else 0.0
        listed: list[int] = []
        is_taken = np.zeros(len(scores), dtype=bool)
        for group in order.tolist():
            if len(listed) >= self._rules.n_listed or scores[group] <= least:
                break
            if not is_taken[group]:
                listed.append(group)
                is_taken |= self._overlaps_with(group)
        chosen = np.array(listed, dtype=np.int64)
        return chosen, scores[chosen]

    def calibrated(
        self,
        periods: Ints,
        n_shuffles: int,
        rng: np.random.Generator,
        progress: Callable[[int, int], None],
        shuffled: Callable[[np.random.Generator], Ints] | None = None,
    ) -> Ranking:
        """Rank the groups and compare the list with those of shuffled periods.

        Parameters
        ----------
        periods : ndarray of shape (n_reports,)
        n_shuffles : int
        rng : numpy.random.Generator
        progress : callable
            Called as ``progress(done, total)`` after each shuffle.
        shuffled : callable, optional
            Given a generator, returns shuffled periods; by default each report moves alone.

        Returns
        -------
        Ranking

        References
        ----------
        Storey and Tibshirani (2003), Statistical significance for genomewide studies,
        doi:10.1073/pnas.1530509100, for q; Westfall and Young (1993), Resampling-based multiple
        testing, ISBN 0-471-55761-7, for the maximum.
        """
        groups, scores = self.rank(periods)
        chance: list[Floats] = []
        for shuffle in range(n_shuffles if len(groups) else 0):
            drawn = rng.permutation(periods) if shuffled is None else shuffled(rng)
            chance.append(self.rank(drawn)[1])
            progress(shuffle + 1, n_shuffles)
        return judged(groups, scores, chance)

    def _overlaps_with(self, group: int) -> NDArray[np.bool_]:
        """Say which groups share too much with one; worked out once a group."""
        if group not in self._overlapping:
            self._overlapping[group] = self._groups.overlapping(group, self._rules.max_overlap)
        return self._overlapping[group]

    def _scores(self, periods: Ints) -> Floats:
        """Return ``-weight * log10(p)`` of each group; 0 without enough recent members."""
        counts = self._groups.counts(periods, len(self._tests[0].sizes))
        logs = [np.log10(np.maximum(test.p_rise(counts), _LEAST_P)) for test in self._tests]
        scores = -np.mean(logs, axis=0) * self._groups.weights
        is_recent = (counts[:, self._newest].sum(axis=1) >= self._rules.min_newest_reports) & (
            counts[:, self._recent].sum(axis=1) >= self._rules.min_recent_reports
        )
        return np.where(is_recent, scores, 0.0)


def judged(groups: Ints, scores: Floats, chance: list[Floats]) -> Ranking:
    """Compare a list with those that chance alone made.

    Parameters
    ----------
    groups : ndarray of shape (n_listed,)
    scores : ndarray of shape (n_listed,)
        Best first.
    chance : list of ndarray
        Scores of the list of each shuffle.

    Returns
    -------
    Ranking
    """
    parts = [chance[k::N_PARTS] for k in range(N_PARTS)]
    by_part = [q_values(scores, part) for part in parts if len(part) >= _LEAST_PART]
    return Ranking(
        groups,
        q_values(scores, chance),
        p_of_strongest(scores, chance),
        np.array(by_part, dtype=float).reshape(len(by_part), len(groups)),
    )
