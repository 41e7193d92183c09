"""Group many reports: communities of their nearest-neighbour graph, in linear memory."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.candidates import BRANCH_SIZES, Group
from pipeline.cluster.consensus import Progress, numbered_by_size
from pipeline.cluster.graph import communities, nearest_neighbours, weighted_graph
from pipeline.cluster.grouping import Grouping, KeptTogether, firm_weights

_N_NEIGHBOURS = 10
_N_STABILITY_RUNS = 10
_EDGES_KEPT = 0.6
_MEAN_GROUP_SIZE = 6
_MAX_LEVELS = 24
_N_OUTSIDERS = 3


def group_by_graph(
    vectors: NDArray[np.float32],
    *,
    min_topic_reports: int,
    min_weight: float,
    seed: int,
    progress: Progress,
) -> Grouping:
    """Group reports by communities of their neighbour graph.

    Topics are the communities at the first doubling of the resolution that gives ``sqrt(n)`` of
    them; further doublings, down to six reports a community, give the candidates. A report's
    weight in a topic is the topic's share of the report's edges.

    Parameters
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
        Mean taken away, unit length.
    min_topic_reports : int
    min_weight : float
    seed : int
    progress : callable
        Called as ``progress(done, total)`` after each step.

    Returns
    -------
    Grouping
        Stability is over ten runs on a random 60 % of the edges.
    """
    n_reports = len(vectors)
    rng = np.random.default_rng(seed)
    n_steps = _N_STABILITY_RUNS + 3
    nearest, cosines = nearest_neighbours(vectors, _N_NEIGHBOURS)
    graph = weighted_graph(nearest, cosines)
    progress(1, n_steps)
    levels = _levels(graph, rng)
    n_wanted = n_reports**0.5
    resolution, labels = next(
        (level for level in levels if _n_communities(level[1], min_topic_reports) >= n_wanted),
        levels[-1],
    )
    labels = numbered_by_size(labels, min_topic_reports)
    progress(2, n_steps)
    groups = _groups(vectors, nearest, [partition for _, partition in levels])
    progress(3, n_steps)
    n_topics = int(labels.max(initial=-1)) + 1
    partitions = []
    for run in range(_N_STABILITY_RUNS):
        partitions.append(communities(_thinned(graph, rng), resolution, rng))
        progress(4 + run, n_steps)
    stability = np.mean([_kept_together(labels, p, n_topics) for p in partitions], axis=0)
    weights = firm_weights(_edge_shares(graph, labels, n_topics), labels, min_weight)
    return Grouping(labels, weights, stability, groups, KeptTogether.by_partitions(partitions))


def _levels(
    graph: sparse.csr_matrix, rng: np.random.Generator
) -> list[tuple[float, NDArray[np.int64]]]:
    """Cut the graph at doubling resolutions until communities have six reports on average."""
    levels = []
    for level in range(_MAX_LEVELS):
        labels = communities(graph, 2.0**level, rng)
        levels.append((2.0**level, labels))
        if len(labels) <= _MEAN_GROUP_SIZE * (labels.max(initial=0) + 1):
            break
    return levels


def _n_communities(labels: NDArray[np.int64], min_size: int) -> int:
    """Count the communities of at least so many reports."""
    return int((np.bincount(labels) >= min_size).sum())


def _groups(
    vectors: NDArray[np.float32],
    nearest: NDArray[np.int64],
    partitions: list[NDArray[np.int64]],
) -> list[Group]:
    """Return the communities of 4 to 20 reports that stand apart, at most a tenth of the reports.

    Separation is in cosines, and only neighbours of the members are looked at as outsiders.
    """
    found: dict[frozenset[int], Group] = {}
    fewest, most = BRANCH_SIZES
    for labels in partitions:
        order = np.argsort(labels, kind="stable")
        for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
            key = frozenset(members.tolist())
            if fewest <= len(members) <= most and key not in found:
                found[key] = _group(vectors, nearest, members)
    apart = [group for group in found.values() if group.separation > 0]
    apart.sort(key=lambda group: (-group.separation, group.members))
    return apart[: max(150, len(vectors) // 10)]


def _group(
    vectors: NDArray[np.float32], nearest: NDArray[np.int64], members: NDArray[np.int64]
) -> Group:
    """Order members from the most central and measure how far they stand apart."""
    size = len(members)
    cosines = vectors[members] @ vectors[members].T
    inside = (cosines.sum() - np.trace(cosines)) / (size * (size - 1))
    outsiders = np.setdiff1d(nearest[members], members)
    links = np.sort((vectors[outsiders] @ vectors[members].T).mean(axis=1))
    outside = links[-_N_OUTSIDERS:].mean() if len(links) else 0.0
    order = np.argsort(-cosines.sum(axis=1), kind="stable")
    return Group(tuple(members[order].tolist()), float(inside - outside))


def _thinned(graph: sparse.csr_matrix, rng: np.random.Generator) -> sparse.csr_matrix:
    """Keep a random 60 % of the edges."""
    upper = sparse.triu(graph, k=1).tocoo()
    is_kept = rng.random(upper.nnz) < _EDGES_KEPT
    half = sparse.csr_matrix(
        (upper.data[is_kept], (upper.row[is_kept], upper.col[is_kept])), shape=graph.shape
    )
    return sparse.csr_matrix(half + half.T)


def _kept_together(
    labels: NDArray[np.int64], partition: NDArray[np.int64], n_topics: int
) -> NDArray[np.float64]:
    """Return, for each topic, the share of its pairs that another partition keeps together."""
    in_topic = labels >= 0
    ones = np.ones(int(in_topic.sum()))
    table = sparse.coo_matrix(
        (ones, (labels[in_topic], partition[in_topic])), shape=(n_topics, partition.max() + 1)
    ).tocsr()
    sizes = np.bincount(labels[in_topic], minlength=n_topics)
    pairs = np.asarray(table.multiply(table).sum(axis=1)).ravel() - sizes
    return np.asarray(pairs / np.maximum(1, sizes * (sizes - 1)))


def _edge_shares(
    graph: sparse.csr_matrix, labels: NDArray[np.int64], n_topics: int
) -> sparse.csr_matrix:
    """Return each topic's share of a report's edges, by weight."""
    rows = np.flatnonzero(labels >= 0)
    belongs = sparse.csr_matrix(
        (np.ones(len(rows)), (rows, labels[rows])), shape=(len(labels), n_topics)
    )
    totals = np.asarray(graph.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(totals, 1e-12)) @ graph @ belongs)
