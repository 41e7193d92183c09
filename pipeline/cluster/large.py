"""Group many reports: communities of their nearest-neighbour graph, in linear memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.candidates import BRANCH_SIZES, Group
from pipeline.cluster.graph import communities, nearest_neighbours, nearest_of, weighted_graph
from pipeline.cluster.grouping import Grouping, KeptTogether, Progress, firm_weights
from pipeline.cluster.levels import MAX_LEVELS, levels_of, most_stable, thin
from pipeline.cluster.refine import at_nearest_mean, split_topics
from pipeline.cluster.sizes import numbered_by_size

MANY = 5_000
_N_NEIGHBOURS = (10, 30)
"""Neighbours of a report up to :data:`MANY` reports, and beyond."""

MAX_FITTED = 200_000
"""Of more reports a random sample of so many is grouped, and the others join its topics."""

_N_STABILITY_RUNS = 10
_N_OUTSIDERS = 3
_MOST_SMALL = 500
"""Small communities that are candidates, or a tenth of the reports when that is more."""
_REPORTS_A_MEMBER = 100
"""A candidate may have a member for so many reports."""


def group_by_graph(
    vectors: NDArray[np.float32],
    *,
    min_topic_reports: int,
    min_weight: float,
    seed: int,
    progress: Progress,
    max_fitted: int = MAX_FITTED,
) -> Grouping:
    """Group reports by communities of their neighbour graph.

    The graph is cut finer and finer (:mod:`pipeline.cluster.levels`); the most stable cut gives
    the topics, and all of them the candidates, to which the topics themselves belong. A report's
    weight in a topic is the topic's share of the report's edges. A report that thinned graphs
    seldom keep together with its topic is in none.

    Parameters
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
        Mean taken away, unit length.
    min_topic_reports : int
    min_weight : float
    seed : int
    progress : callable
        Called as ``progress(done, total)`` after each step.
    max_fitted : int, default=200000
        Of more reports a random sample of so many is grouped. The others join the topic of most of
        their nearest reports in the sample, by weight; candidates are of the sample alone.

    Returns
    -------
    Grouping
        Stability is over ten runs on a random 60 % of the edges.
    """
    rng = np.random.default_rng(seed)
    if len(vectors) <= max_fitted:
        return _fitted(vectors, min_topic_reports, min_weight, rng, progress)
    drawn = np.sort(rng.choice(len(vectors), max_fitted, replace=False))
    grouping = _fitted(vectors[drawn], min_topic_reports, min_weight, rng, progress)
    return _extended(grouping, vectors, drawn, min_weight)


def _fitted(
    vectors: NDArray[np.float32],
    min_topic_reports: int,
    min_weight: float,
    rng: np.random.Generator,
    progress: Progress,
) -> Grouping:
    """Group reports that are all in the graph."""
    n_steps = MAX_LEVELS + _N_STABILITY_RUNS + 1
    nearest, cosines = nearest_neighbours(vectors, _N_NEIGHBOURS[len(vectors) > MANY])
    graph = weighted_graph(nearest, cosines)
    levels = levels_of(graph, min_topic_reports, rng, lambda done, _: progress(done, n_steps))
    level = most_stable(levels)
    partitions = []
    for run in range(_N_STABILITY_RUNS):
        partitions.append(communities(thin(graph, rng), level.resolution, rng))
        progress(MAX_LEVELS + 1 + run, n_steps)
    labels = numbered_by_size(split_topics(level, levels, min_topic_reports), min_topic_reports)
    is_firm = _kept_with_topic(labels, partitions) >= min_weight
    labels = np.where(
        is_firm, at_nearest_mean(vectors, np.where(is_firm, labels, -1), min_topic_reports), -1
    )
    labels = numbered_by_size(labels, min_topic_reports)
    groups = _groups(vectors, nearest, [one.labels for one in levels], labels)
    progress(n_steps, n_steps)
    n_topics = int(labels.max(initial=-1)) + 1
    stability = np.mean([_kept_together(labels, p, n_topics) for p in partitions], axis=0)
    weights = firm_weights(_shares_of(graph, labels, n_topics), labels, min_weight)
    return Grouping(labels, weights, stability, groups, KeptTogether.by_partitions(partitions))


def _extended(
    fitted: Grouping, vectors: NDArray[np.float32], drawn: NDArray[np.int64], min_weight: float
) -> Grouping:
    """Let the reports that were not drawn join the topics of those nearest to them."""
    n_topics = len(fitted.stability)
    others = np.setdiff1d(np.arange(len(vectors)), drawn)
    nearest, cosines = nearest_of(vectors[others], vectors[drawn], _N_NEIGHBOURS[0])
    rows = np.repeat(np.arange(len(others)), nearest.shape[1])
    edges = sparse.csr_matrix(
        (np.clip(cosines, 1e-6, None).ravel(), (rows, nearest.ravel())),
        shape=(len(others), len(drawn)),
    )
    shares = _shares_of(edges, fitted.labels, n_topics)
    best = np.asarray(shares.argmax(axis=1)).ravel()
    is_in = np.asarray(shares.max(axis=1).todense()).ravel() >= min_weight
    labels = np.full(len(vectors), -1)
    labels[drawn], labels[others] = fitted.labels, np.where(is_in, best, -1)
    stacked = sparse.vstack([fitted.weights, shares]).tocsr()
    order = np.argsort(np.concatenate([drawn, others]))
    partitions = np.empty((len(fitted.kept_together.partitions), len(vectors)), dtype=np.int64)
    partitions[:, drawn] = fitted.kept_together.partitions
    partitions[:, others] = fitted.kept_together.partitions[:, nearest[:, 0]]
    return Grouping(
        labels,
        firm_weights(sparse.csr_matrix(stacked[order]), labels, min_weight),
        fitted.stability,
        [Group(tuple(drawn[list(g.members)].tolist()), g.separation) for g in fitted.groups],
        KeptTogether.by_partitions(list(partitions)),
    )


def _kept_with_topic(
    labels: NDArray[np.int64], partitions: Sequence[NDArray[np.int64]]
) -> NDArray[np.float64]:
    """Return how much of its topic's other reports each report stands with, 0-1, on average."""
    kept = np.zeros(len(labels))
    rows = np.flatnonzero(labels >= 0)
    sizes = np.bincount(labels[rows], minlength=1)[labels[rows]]
    for partition in partitions:
        pair = labels[rows] * (int(partition.max()) + 1) + partition[rows]
        _, place, together = np.unique(pair, return_inverse=True, return_counts=True)
        kept[rows] += (together[place] - 1) / np.maximum(1, sizes - 1)
    return kept / max(1, len(partitions))


def _groups(
    vectors: NDArray[np.float32],
    nearest: NDArray[np.int64],
    partitions: list[NDArray[np.int64]],
    topics: NDArray[np.int64],
) -> list[Group]:
    """Return the communities that stand apart, and the topics.

    Communities of 4 to 20 reports are at most 500, or a tenth of the reports, those that stand
    apart best; of larger ones, up to a hundredth of the reports, there are few, and all are taken.
    Separation is in cosines, and only neighbours of the members are looked at as outsiders.
    """
    fewest, few = BRANCH_SIZES
    most = max(few, len(vectors) // _REPORTS_A_MEMBER)
    found: dict[frozenset[int], Group] = {}
    for labels in (*partitions, topics):
        order = np.argsort(labels, kind="stable")
        for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
            is_topic = labels is topics and labels[members[0]] >= 0
            is_sized = fewest <= len(members) <= most and labels[members[0]] >= 0
            key = frozenset(members.tolist()) if is_sized or is_topic else frozenset[int]()
            if len(key) > 1 and key not in found:
                found[key] = _group(vectors, nearest, members)
    apart = [group for group in found.values() if group.separation > 0]
    apart.sort(key=lambda group: (-group.separation, group.members))
    small = [group for group in apart if len(group.members) <= few]
    large = [group for group in apart if len(group.members) > few]
    return small[: max(_MOST_SMALL, len(vectors) // 10)] + large


def _group(
    vectors: NDArray[np.float32], nearest: NDArray[np.int64], members: NDArray[np.int64]
) -> Group:
    """Order members from the most central and measure how far they stand apart."""
    size = len(members)
    if size > BRANCH_SIZES[1]:
        return _large_group(vectors, nearest, members)
    cosines = vectors[members] @ vectors[members].T
    inside = (cosines.sum() - np.trace(cosines)) / (size * (size - 1))
    outsiders = np.setdiff1d(nearest[members], members)
    links = np.sort((vectors[outsiders] @ vectors[members].T).mean(axis=1))
    outside = links[-_N_OUTSIDERS:].mean() if len(links) else 0.0
    order = np.argsort(-cosines.sum(axis=1), kind="stable")
    return Group(tuple(members[order].tolist()), float(inside - outside))


def _large_group(
    vectors: NDArray[np.float32], nearest: NDArray[np.int64], members: NDArray[np.int64]
) -> Group:
    """Do as :func:`_group` by the sum of the members, which costs no square of their number."""
    size = len(members)
    own = vectors[members].astype(np.float64)
    total = own.sum(axis=0)
    links = own @ total
    inside = (links.sum() - (own * own).sum()) / (size * (size - 1))
    outsiders = np.setdiff1d(nearest[members], members)
    strongest = np.sort(vectors[outsiders] @ (total / size))[-_N_OUTSIDERS:]
    outside = strongest.mean() if len(strongest) else 0.0
    order = np.argsort(-links, kind="stable")
    return Group(tuple(members[order].tolist()), float(inside - outside))


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


def _shares_of(
    edges: sparse.csr_matrix, labels: NDArray[np.int64], n_topics: int
) -> sparse.csr_matrix:
    """Return each topic's share of the edges of rows that lead to labelled reports."""
    ends = np.flatnonzero(labels >= 0)
    belongs = sparse.csr_matrix(
        (np.ones(len(ends)), (ends, labels[ends])), shape=(len(labels), n_topics)
    )
    totals = np.asarray(edges.sum(axis=1)).ravel()
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(totals, 1e-12)) @ edges @ belongs)
