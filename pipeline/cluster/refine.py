"""Refine the topics of a cut: split what a finer cut holds better, then put reports where they fit.

One resolution for all cuts large topics apart before it tells small ones from each other. So each
topic of the chosen cut is looked at in the finer ones, and split where its parts come out of
thinned graphs at least as whole as it does itself. A graph knows only neighbours: last, each report
goes to the topic whose mean vector is nearest.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.cluster.levels import Level

_MOST_FINER = 4
"""Finer levels looked at: the finest has communities a quarter as large."""
_LEAST_SHARE = 0.5
"""Share of a finer community that must lie in a topic to be a part of it."""
_LEAST_COVERED = 0.8
"""Share of a topic's reports that its parts must hold."""
_N_ROUNDS = 2


def split_topics(
    level: Level, levels: Sequence[Level], min_topic_reports: int
) -> NDArray[np.int64]:
    """Split the topics of a level whose parts in a finer one are at least as stable.

    Parameters
    ----------
    level : Level
        The chosen one.
    levels : sequence of Level
        All, the coarsest first.
    min_topic_reports : int
        Fewest reports of a part.

    Returns
    -------
    ndarray of shape (n_reports,)
        Labels from 0; those of the level where nothing is split.

    References
    ----------
    Hennig (2007), Cluster-wise assessment of cluster stability, doi:10.1016/j.csda.2006.11.025.
    """
    labels = level.labels.copy()
    if not level.trials:
        return labels
    held = dict(enumerate(recovery(labels, level.trials).tolist()))
    finer = [one for one in levels if one.resolution > level.resolution and one.trials]
    for one in finer[:_MOST_FINER]:
        whole = recovery(one.labels, one.trials)
        sizes = np.bincount(one.labels)
        for topic in list(held):
            rows = np.flatnonzero(labels == topic)
            if len(rows) < 2 * min_topic_reports:
                continue
            found, counts = np.unique(one.labels[rows], return_counts=True)
            is_part = (counts >= _LEAST_SHARE * sizes[found]) & (counts >= min_topic_reports)
            parts, counts = found[is_part], counts[is_part]
            if len(parts) < 2 or counts.sum() < _LEAST_COVERED * len(rows):
                continue
            if np.average(whole[parts], weights=counts) <= held[topic]:
                continue
            largest = parts[counts.argmax()]
            held[topic] = float(whole[largest])
            for part in parts[parts != largest].tolist():
                new = len(held)
                labels[rows[one.labels[rows] == part]] = new
                held[new] = float(whole[part])
    return labels


def recovery(labels: NDArray[np.int64], trials: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Return how whole each community comes out of other cuts.

    Parameters
    ----------
    labels : ndarray of shape (n_reports,)
        Community of each report, from 0.
    trials : sequence of ndarray of the same shape
        At least one.

    Returns
    -------
    ndarray of shape (n_communities,)
        0-1, mean over the trials of the best Jaccard index with one of their communities.

    Examples
    --------
    >>> recovery(np.array([0, 0, 0, 1]), [np.array([0, 0, 1, 2])]).round(2).tolist()
    [0.67, 1.0]
    """
    from scipy import sparse

    n_communities = int(labels.max(initial=-1)) + 1
    sizes = np.bincount(labels, minlength=n_communities)
    total = np.zeros(n_communities)
    for trial in trials:
        both = sparse.csr_matrix((np.ones(len(labels)), (labels, trial))).tocoo()
        jaccard = both.data / (sizes[both.row] + np.bincount(trial)[both.col] - both.data)
        best = np.zeros(n_communities)
        np.maximum.at(best, both.row, jaccard)
        total += best
    return total / len(trials)


def at_nearest_mean(
    vectors: NDArray[np.float32], labels: NDArray[np.int64], min_topic_reports: int
) -> NDArray[np.int64]:
    """Put each report into the topic whose mean vector is nearest, two rounds.

    Parameters
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
        Unit length.
    labels : ndarray of shape (n_reports,)
        Topic of each report, from 0; -1 is none.
    min_topic_reports : int
        Topics of fewer take no report, and lose theirs.

    Returns
    -------
    ndarray of shape (n_reports,)
        Labels among those given.

    References
    ----------
    Dhillon and Modha (2001), Concept decompositions for large sparse text data using clustering,
    doi:10.1023/A:1007612920971.
    """
    for _ in range(_N_ROUNDS):
        names, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
        takes = (sizes >= min_topic_reports) & (names >= 0)
        if takes.sum() < 2:
            return labels
        means = topic_means(vectors, place, len(names))[takes]
        labels = names[takes][(vectors @ means.T).argmax(axis=1)]
    return np.asarray(labels, dtype=np.int64)


def topic_means(
    vectors: NDArray[np.float32], labels: NDArray[np.int64], n_topics: int
) -> NDArray[np.float32]:
    """Return the mean vector of each topic, of unit length.

    Parameters
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
    labels : ndarray of shape (n_reports,)
        Topic of each report, from 0; one of -1 counts nowhere.
    n_topics : int

    Returns
    -------
    ndarray of shape (n_topics, n_dims)
    """
    sums = np.zeros((n_topics, vectors.shape[1]), dtype=np.float32)
    inside = labels >= 0
    np.add.at(sums, labels[inside], vectors[inside])
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12))
