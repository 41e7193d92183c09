"""Group many reports: communities of their nearest-neighbour graph, in linear memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.graph import communities, weighted_graph
from pipeline.cluster.graph_candidates import groups_of_cuts
from pipeline.cluster.grouping import Grouping, KeptTogether, Progress, firm_weights
from pipeline.cluster.levels import MAX_LEVELS, cuts_of, levels_of, most_stable, thin
from pipeline.cluster.neighbours import nearest_neighbours, nearest_of
from pipeline.cluster.refine import at_nearest_mean, split_topics
from pipeline.cluster.sizes import numbered_by_size

MANY = 5_000
_N_NEIGHBOURS = (10, 30)
"""Neighbours of a report up to :data:`MANY` reports, and beyond."""

MAX_FITTED = 30_000
"""Of more reports the topics are those of a random sample of so many, which the others join."""

_N_STABILITY_RUNS = 10
_N_STEPS = MAX_LEVELS + _N_STABILITY_RUNS + 1
"""What progress counts: levels, thinned graphs, and the candidates."""


def group_by_graph(
    vectors: NDArray[np.float32],
    *,
    min_topic_reports: int,
    min_weight: float,
    seed: int,
    progress: Progress,
    max_fitted: int = MAX_FITTED,
    seeks_candidates: bool = True,
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
    max_fitted : int, default=:data:`MAX_FITTED`
        Of more reports the topics are found in a random sample of so many. All reports are
        then put at the nearest mean, but those of the sample that are in no topic. Candidates are
        of all reports: their graph is cut too, without asking how stable its cuts are.
    seeks_candidates : bool, default=True
        Whether small groups are looked for beside the topics, which stay the same.

    Returns
    -------
    Grouping
        Stability is over ten runs on a random 60 % of the edges.
    """
    rng = np.random.default_rng(seed)
    if len(vectors) > max_fitted:
        made = _by_sample(vectors, max_fitted, min_topic_reports, min_weight, rng, progress)
        return made if seeks_candidates else replace(made, groups=[])
    found = _topics(vectors, min_topic_reports, min_weight, rng, progress)
    shares = _shares_of(found.graph, found.labels, len(found.stability))
    groups = (
        groups_of_cuts(vectors, found.nearest, found.cuts, found.labels) if seeks_candidates else []
    )
    progress(_N_STEPS, _N_STEPS)
    return Grouping(
        found.labels,
        firm_weights(shares, found.labels, min_weight),
        found.stability,
        groups,
        KeptTogether.by_partitions(found.partitions),
    )


@dataclass(frozen=True, eq=False)
class _Topics:
    """The topics of reports that are all in the graph.

    Attributes
    ----------
    labels : ndarray of shape (n_reports,)
        Largest topic 0; -1 is none.
    stability : ndarray of shape (n_topics,)
    partitions : list of ndarray of shape (n_reports,)
        Communities of the thinned graphs.
    cuts : list of ndarray of shape (n_reports,)
        Communities of the graph, the coarsest cut first.
    graph : csr_matrix of shape (n_reports, n_reports)
    nearest : ndarray of shape (n_reports, n_neighbours)
    """

    labels: NDArray[np.int64]
    stability: NDArray[np.float64]
    partitions: list[NDArray[np.int64]]
    cuts: list[NDArray[np.int64]]
    graph: sparse.csr_matrix
    nearest: NDArray[np.int64]


def _topics(
    vectors: NDArray[np.float32],
    min_topic_reports: int,
    min_weight: float,
    rng: np.random.Generator,
    progress: Progress,
) -> _Topics:
    """Find the topics of reports that are all in the graph."""
    nearest, cosines = nearest_neighbours(vectors, _n_neighbours(vectors))
    graph = weighted_graph(nearest, cosines)
    levels = levels_of(graph, min_topic_reports, rng, lambda done, _: progress(done, _N_STEPS))
    level = most_stable(levels)
    partitions = []
    for run in range(_N_STABILITY_RUNS):
        partitions.append(communities(thin(graph, rng), level.resolution, rng))
        progress(MAX_LEVELS + 1 + run, _N_STEPS)
    labels = numbered_by_size(split_topics(level, levels, min_topic_reports), min_topic_reports)
    is_firm = _kept_with_topic(labels, partitions) >= min_weight
    labels = np.where(
        is_firm, at_nearest_mean(vectors, np.where(is_firm, labels, -1), min_topic_reports), -1
    )
    labels = numbered_by_size(labels, min_topic_reports)
    n_topics = int(labels.max(initial=-1)) + 1
    stability = np.mean([_kept_together(labels, p, n_topics) for p in partitions], axis=0)
    return _Topics(labels, stability, partitions, [one.labels for one in levels], graph, nearest)


def _n_neighbours(vectors: NDArray[np.float32]) -> int:
    return _N_NEIGHBOURS[len(vectors) > MANY]


def _by_sample(
    vectors: NDArray[np.float32],
    max_fitted: int,
    min_topic_reports: int,
    min_weight: float,
    rng: np.random.Generator,
    progress: Progress,
) -> Grouping:
    """Take the topics of a random sample, let the others join, and cut all for candidates."""
    drawn = np.sort(rng.choice(len(vectors), max_fitted, replace=False))
    found = _topics(vectors[drawn], min_topic_reports, min_weight, rng, progress)
    nearest, cosines = nearest_neighbours(vectors, _n_neighbours(vectors))
    graph = weighted_graph(nearest, cosines)
    joined = _joined(vectors, drawn, found.labels, min_topic_reports)
    labels = numbered_by_size(joined, min_topic_reports)
    inside = np.flatnonzero(labels >= 0)
    stability = found.stability[joined[inside[np.unique(labels[inside], return_index=True)[1]]]]
    groups = groups_of_cuts(vectors, nearest, cuts_of(graph, rng), labels)
    stand_in = _nearest_drawn(vectors, nearest, drawn)
    progress(_N_STEPS, _N_STEPS)
    return Grouping(
        labels,
        firm_weights(_shares_of(graph, labels, len(stability)), labels, min_weight),
        stability,
        groups,
        KeptTogether.by_partitions([one[stand_in] for one in found.partitions]),
    )


def _joined(
    vectors: NDArray[np.float32],
    drawn: NDArray[np.int64],
    labels: NDArray[np.int64],
    min_topic_reports: int,
) -> NDArray[np.int64]:
    """Put all reports at the nearest mean but those that were drawn and are in no topic."""
    known = np.full(len(vectors), -1)
    known[drawn] = labels
    made = at_nearest_mean(vectors, known, min_topic_reports)
    made[drawn[labels < 0]] = -1
    return made


def _nearest_drawn(
    vectors: NDArray[np.float32], nearest: NDArray[np.int64], drawn: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return for each report the place among the drawn ones of the nearest of these, or its own."""
    place = np.full(len(vectors), -1)
    place[drawn] = np.arange(len(drawn))
    known = place[nearest]
    found = known[np.arange(len(vectors)), (known >= 0).argmax(axis=1)]
    found[drawn] = place[drawn]
    far = np.flatnonzero(found < 0)
    if len(far):
        found[far] = nearest_of(vectors[far], vectors[drawn], 1)[0][:, 0]
    return np.asarray(found, dtype=np.int64)


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
