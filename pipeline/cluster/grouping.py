"""What either way of grouping reports gives, and the way for few of them: consensus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.candidates import Group, candidate_groups
from pipeline.cluster.similarity import ReportSpace

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class KeptTogether:
    """How often disturbed groupings keep any set of reports together.

    Attributes
    ----------
    share : ndarray of shape (n_reports, n_reports)
        0-1, share of runs that keep two reports together; without rows where partitions tell.
    partitions : ndarray of shape (n_runs, n_reports)
        Group of each report in each run; without rows where shares tell.
    """

    share: NDArray[np.float32]
    partitions: NDArray[np.int64]

    @classmethod
    def by_share(cls, share: NDArray[np.float32]) -> "KeptTogether":
        """Return what the shares of all pairs tell."""
        return cls(share, np.zeros((0, 0), dtype=np.int64))

    @classmethod
    def by_partitions(cls, partitions: Sequence[NDArray[np.int64]]) -> "KeptTogether":
        """Return what the groups of each run tell."""
        return cls(np.zeros((0, 0), dtype=np.float32), np.stack(partitions))

    def __call__(self, rows: Sequence[int]) -> float:
        """Return the mean share of the pairs of some reports, 0-1; 1 without a pair."""
        rows = list(rows)
        n_pairs = len(rows) * (len(rows) - 1)
        if not n_pairs:
            return 1.0
        if len(self.share):
            together = self.share[np.ix_(rows, rows)].sum(dtype=np.float64) - len(rows)
            return float(together / n_pairs)
        counts = [np.bincount(partition[rows]) for partition in self.partitions]
        return float(np.mean([(n * (n - 1)).sum() for n in counts]) / n_pairs)


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
    kept_together : KeptTogether
        Given the rows of any set of reports, returns its stability; 1 for a single report.
    """

    labels: NDArray[np.int64]
    weights: sparse.csr_matrix
    stability: NDArray[np.float64]
    groups: list[Group]
    kept_together: KeptTogether

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
    seeks_candidates: bool = True,
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
    seeks_candidates : bool, default=True
        Whether small groups are looked for beside the topics, which stay the same.

    Returns
    -------
    Grouping
    """
    from pipeline.cluster.consensus import ConsensusClusterer  # scikit-learn is slow to import

    similarity = space.similarity()
    clusterer = ConsensusClusterer(
        metric="precomputed",
        n_runs=n_runs,
        min_cluster_size=min_topic_reports,
        min_membership=min_weight,
        random_state=seed,
    ).fit(similarity, perturb=space.perturbed, progress=progress)
    groups = (
        candidate_groups(clusterer.co_association_, similarity, clusterer.linkage_)
        if seeks_candidates
        else []
    )
    weights = firm_weights(sparse.csr_matrix(clusterer.memberships_), clusterer.labels_, min_weight)
    kept = KeptTogether.by_share(clusterer.co_association_)
    return Grouping(clusterer.labels_, weights, clusterer.stability_, groups, kept)


def firm_weights(
    weights: sparse.csr_matrix, labels: NDArray[np.int64], min_weight: float
) -> sparse.csr_matrix:
    """Keep each report's weight in its main topic, and those of at least ``min_weight``."""
    cells = weights.tocoo()
    is_kept = (cells.data >= min_weight) | (labels[cells.row] == cells.col)
    kept = (cells.data[is_kept], (cells.row[is_kept], cells.col[is_kept]))
    return sparse.csr_matrix(kept, shape=weights.shape)
