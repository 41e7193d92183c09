"""Choose how many topics many reports have: as many as come out again when links are taken away.

A neighbour graph can be cut at any fineness. What is really there is found also without four
links of ten; cuts that are too coarse or too fine fall elsewhere each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.graph import communities

_EDGES_KEPT = 0.6
_STEP = 2.0**0.5
_MEAN_GROUP_SIZE = 6
MAX_LEVELS = 48
_N_TRIALS = 3
"""Thinned graphs that tell how stable a level is."""
_FEWEST_TOPICS = 8
_MOST_CRUMBS = 0.05
_TIE = 0.01
"""Levels whose stability differs by less are equally stable; the coarser is taken."""
_LOSS = 0.3
"""A level so much less stable than the best ends the search for a finer one."""


@dataclass(frozen=True, eq=False)
class Level:
    """A cut of the graph.

    Attributes
    ----------
    resolution : float
    labels : ndarray of shape (n_reports,)
        Community of each report, from 0.
    stability : float
        -0.5 to 1, mean adjusted Rand index with cuts of thinned graphs; NaN where not asked.
    crumbs : float
        0-1, share of reports in communities too small for a topic.
    n_topics : int
        Communities large enough for one.
    trials : tuple of ndarray of shape (n_reports,)
        The same cut of thinned graphs; empty where the stability was not asked.
    """

    resolution: float
    labels: NDArray[np.int64]
    stability: float
    crumbs: float
    n_topics: int
    trials: tuple[NDArray[np.int64], ...] = ()


def levels_of(
    graph: sparse.csr_matrix,
    min_topic_reports: int,
    rng: np.random.Generator,
    progress: Callable[[int, int], None],
) -> list[Level]:
    """Cut the graph finer and finer until communities have six reports on average.

    Parameters
    ----------
    graph : csr_matrix of shape (n_reports, n_reports)
    min_topic_reports : int
        Fewest reports of a topic; smaller communities are crumbs.
    rng : numpy.random.Generator
    progress : callable
        Called as ``progress(done, total)`` after each level.

    Returns
    -------
    list of Level
        Coarsest first, resolutions growing by the root of two. Stability is not asked of levels
        that cannot be taken, nor of those far beyond the most stable.
    """
    thinned = [thin(graph, rng) for _ in range(_N_TRIALS)]
    levels: list[Level] = []
    for number in range(MAX_LEVELS):
        resolution = _STEP**number
        labels = communities(graph, resolution, rng)
        sizes = np.bincount(labels)
        n_topics = int((sizes >= min_topic_reports).sum())
        crumbs = float(sizes[sizes < min_topic_reports].sum() / len(labels))
        found = [level.stability for level in levels if not np.isnan(level.stability)]
        is_beyond = bool(found) and found[-1] < max(found) - _LOSS
        can_be = n_topics >= _FEWEST_TOPICS and crumbs < _MOST_CRUMBS and not is_beyond
        trials = _trials(thinned, resolution, rng) if can_be else ()
        stability = _stability(labels, trials)
        levels.append(Level(resolution, labels, stability, crumbs, n_topics, trials))
        progress(number + 1, MAX_LEVELS)
        if len(labels) <= _MEAN_GROUP_SIZE * len(sizes):
            break
    return levels


def cuts_of(graph: sparse.csr_matrix, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Cut a graph as :func:`levels_of` does, without asking how stable a cut is.

    Parameters
    ----------
    graph : csr_matrix of shape (n_reports, n_reports)
    rng : numpy.random.Generator

    Returns
    -------
    list of ndarray of shape (n_reports,)
        Community of each report, from 0, in each cut, the coarsest first.
    """
    cuts: list[NDArray[np.int64]] = []
    for number in range(MAX_LEVELS):
        cuts.append(communities(graph, _STEP**number, rng))
        if len(cuts[-1]) <= _MEAN_GROUP_SIZE * (int(cuts[-1].max()) + 1):
            break
    return cuts


def most_stable(levels: list[Level]) -> Level:
    """Return the level whose communities are the topics.

    Among those with at least 8 topics and under 5 % of the reports in crumbs, the coarsest that is
    as stable as the most stable one, to one hundredth. Where there is none, the one with the
    fewest crumbs of those with the most topics up to eight.
    """
    asked = [level for level in levels if not np.isnan(level.stability)]
    if not asked:
        return max(levels, key=lambda one: (min(one.n_topics, _FEWEST_TOPICS), -one.crumbs))
    best = max(level.stability for level in asked)
    return next(level for level in asked if level.stability >= best - _TIE)


def thin(graph: sparse.csr_matrix, rng: np.random.Generator) -> sparse.csr_matrix:
    """Keep a random 60 % of the edges."""
    upper = sparse.triu(graph, k=1).tocoo()
    is_kept = rng.random(upper.nnz) < _EDGES_KEPT
    half = sparse.csr_matrix(
        (upper.data[is_kept], (upper.row[is_kept], upper.col[is_kept])), shape=graph.shape
    )
    return sparse.csr_matrix(half + half.T)


def _trials(
    thinned: list[sparse.csr_matrix], resolution: float, rng: np.random.Generator
) -> tuple[NDArray[np.int64], ...]:
    """Cut each thinned graph."""
    return tuple(communities(graph, resolution, rng) for graph in thinned)


def _stability(labels: NDArray[np.int64], trials: Sequence[NDArray[np.int64]]) -> float:
    """Return the mean agreement of a partition with those of thinned graphs; NaN without any."""
    from sklearn.metrics import adjusted_rand_score

    if not trials:
        return float("nan")
    return float(np.mean([adjusted_rand_score(labels, trial) for trial in trials]))
