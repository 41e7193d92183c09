"""What either way of grouping reports gives, and the way for few of them: consensus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.candidates import Group, candidate_groups
from pipeline.cluster.consensus import ConsensusClusterer, Progress
from pipeline.cluster.similarity import ReportSpace


@dataclass(frozen=True, eq=False)
class Grouping:
    """Reports in topics, and small groups of reports that may be signals.

    Attributes
    ----------
    labels : ndarray of shape (n_reports,)
        Main topic of each report; -1 is none.
    weights : csr_matrix of shape (n_reports, n_topics)
        0-1, how firmly a report belongs; only its main topic and further ones that are firm enough.
    stability : ndarray of shape (n_topics,)
        0-1, mean share of disturbed runs that keep two of the topic's reports together.
    groups : list of Group
    kept_together : callable
        Given the rows of any set of reports, returns its stability; 1 for a single report.
    """

    labels: NDArray[np.int64]
    weights: sparse.csr_matrix
    stability: NDArray[np.float64]
    groups: list[Group]
    kept_together: Callable[[Sequence[int]], float]

    def members(self) -> list[list[int]]:
        """Return the rows of each topic's main reports."""
        order = np.argsort(self.labels, kind="stable")
        ends = np.searchsorted(self.labels[order], np.arange(-1, len(self.stability)), side="right")
        return [rows.tolist() for rows in np.split(order, ends)[1:-1]]


def group_by_consensus(
    space: ReportSpace,
    *,
    n_runs: int,
    min_topic_reports: int,
    min_weight: float,
    seed: int,
    progress: Progress,
) -> Grouping:
    """Group up to a few thousand reports by the consensus of disturbed clusterings.

    Parameters
    ----------
    space : ReportSpace
    n_runs : int
        Number of disturbed clusterings.
    min_topic_reports : int
        Fewest reports of a topic.
    min_weight : float
        0-1, least weight of a report in a topic.
    seed : int
    progress : callable
        Called as ``progress(done, total)`` after each run.

    Returns
    -------
    Grouping
    """
    similarity = space.similarity()
    clusterer = ConsensusClusterer(
        metric="precomputed",
        n_runs=n_runs,
        min_cluster_size=min_topic_reports,
        min_membership=min_weight,
        random_state=seed,
    ).fit(similarity, perturb=space.perturbed, progress=progress)
    groups = candidate_groups(clusterer.co_association_, similarity, clusterer.linkage_)
    weights = firm_weights(sparse.csr_matrix(clusterer.memberships_), clusterer.labels_, min_weight)
    share = clusterer.co_association_
    return Grouping(
        clusterer.labels_,
        weights,
        clusterer.stability_,
        groups,
        lambda rows: _mean_share(share, list(rows)),
    )


def _mean_share(share: NDArray[np.float32], rows: list[int]) -> float:
    """Return the mean co-association of the pairs of some reports; 1 without a pair."""
    n_pairs = len(rows) * (len(rows) - 1)
    together = share[np.ix_(rows, rows)].sum(dtype=np.float64) - len(rows)
    return float(together / n_pairs) if n_pairs else 1.0


def firm_weights(
    weights: sparse.csr_matrix, labels: NDArray[np.int64], min_weight: float
) -> sparse.csr_matrix:
    """Keep each report's weight in its main topic, and those of at least ``min_weight``."""
    cells = weights.tocoo()
    is_kept = (cells.data >= min_weight) | (labels[cells.row] == cells.col)
    kept = (cells.data[is_kept], (cells.row[is_kept], cells.col[is_kept]))
    return sparse.csr_matrix(kept, shape=weights.shape)
