"""Cut a tree of reports where its groups stand apart best, in a time that grows with the square.

Going down a tree, each step splits one cluster in two. What a report's distances to all other
clusters add up to does not change with it, so a step needs only the distances to the smaller part,
and looks again only at the reports whose nearest other cluster was the one split.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.cluster.sizes import numbered_by_size

_ROUNDING = 1e-9
"""Silhouettes nearer than this are equal; the cut into fewer clusters then stands."""


def best_cut(
    share: NDArray[np.float32], tree: NDArray[np.float64], min_cluster_size: int
) -> NDArray[np.int64]:
    """Cut the tree where the mean silhouette is best, within the bounds of the number of clusters.

    Parameters
    ----------
    share : ndarray of shape (n_reports, n_reports)
    tree : ndarray of shape (n_reports - 1, 4)
    min_cluster_size : int
        Smaller clusters become noise.

    Returns
    -------
    ndarray of shape (n_reports,)
        Largest cluster 0, ties by first report; -1 is noise.

    References
    ----------
    Rousseeuw (1987), Silhouettes, doi:10.1016/0377-0427(87)90125-7.
    """
    n_reports = len(share)
    if n_reports < 2 or share.min() == 1:
        return numbered_by_size(np.zeros(n_reports, dtype=np.int64), min_cluster_size)
    fewest = max(2, round(n_reports**0.5 / 2))
    most = max(fewest, n_reports // 8)
    walk = _Walk(share, tree, most)
    best, best_score = walk.labels.copy(), -np.inf
    while walk.n_clusters < min(most, n_reports - 1):
        walk.split()
        if walk.is_whole:
            score = walk.mean_silhouette()
            if walk.n_clusters <= fewest or score > best_score + _ROUNDING:
                best, best_score = walk.labels.copy(), score
    return numbered_by_size(best, min_cluster_size)


class _Walk:
    """The clusters of a tree, from one to many.

    Parameters
    ----------
    share, tree
        As :func:`best_cut` takes them.
    most : int
        Most clusters that will be come to.

    Attributes
    ----------
    labels : ndarray of shape (n_reports,)
        Cluster of each report now, from 0.
    n_clusters : int
    """

    def __init__(self, share: NDArray[np.float32], tree: NDArray[np.float64], most: int) -> None:
        n_reports = len(share)
        self._distance = 1 - share.astype(np.float64)
        np.fill_diagonal(self._distance, 0)
        self._tree = tree
        self._leaves, self._ends = _leaves(tree)
        self._next = n_reports - 2
        self._cluster_of = {2 * n_reports - 2: 0}
        self.labels = np.zeros(n_reports, dtype=np.int64)
        self.n_clusters = 1
        self._sums = np.zeros((n_reports, most))
        self._sums[:, 0] = self._distance.sum(axis=0)
        self._sizes = np.zeros(most)
        self._sizes[0] = n_reports
        self._other = np.full(n_reports, -1)
        self._to_other = np.full(n_reports, np.inf)

    @property
    def is_whole(self) -> bool:
        """Whether a height cuts the tree so: no join left is as high as the last one undone."""
        undone, heights = self._next + 1, self._tree[:, 2]
        return undone == 0 or undone > len(heights) - 1 or heights[undone - 1] < heights[undone]

    def split(self) -> None:
        """Undo the highest join that is left."""
        node = len(self._distance) + self._next
        parts = sorted(self._tree[self._next, :2].astype(int).tolist(), key=self._size_of)
        old, new = self._cluster_of.pop(node), self.n_clusters
        self._cluster_of.update({parts[0]: new, parts[1]: old})
        start, end = self._ends[parts[0]]
        moved = self._leaves[start:end]
        self._sums[:, new] = self._distance[moved].sum(axis=0)
        self._sums[:, old] -= self._sums[:, new]
        self._sizes[[old, new]] += (-len(moved), len(moved))
        self.labels[moved] = new
        self.n_clusters += 1
        self._next -= 1
        self._look_again(np.flatnonzero(self._other == old))
        for cluster in (old, new):
            mean = self._sums[:, cluster] / self._sizes[cluster]
            is_nearer = (mean < self._to_other) & (self.labels != cluster)
            self._other[is_nearer] = cluster
            self._to_other[is_nearer] = mean[is_nearer]

    def mean_silhouette(self) -> float:
        """Return the mean silhouette of the clusters; a report alone in one counts as 0."""
        sizes = self._sizes[self.labels]
        own = self._sums[np.arange(len(sizes)), self.labels] / np.maximum(1, sizes - 1)
        widest = np.maximum(own, self._to_other)
        apart = np.divide(
            self._to_other - own, widest, out=np.zeros_like(own), where=(widest > 0) & (sizes > 1)
        )
        return float(apart.mean())

    def _size_of(self, node: int) -> int:
        """Return the number of reports under a node of the tree."""
        start, end = self._ends[node]
        return int(end - start)

    def _look_again(self, rows: NDArray[np.int64]) -> None:
        """Find the nearest other cluster of some reports among all."""
        if not len(rows):
            return
        means = self._sums[rows, : self.n_clusters] / self._sizes[: self.n_clusters]
        means[np.arange(len(rows)), self.labels[rows]] = np.inf
        self._other[rows] = means.argmin(axis=1)
        self._to_other[rows] = means.min(axis=1)


def _leaves(tree: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the reports in the order of the tree, and where each node's begin and end there."""
    n_reports = len(tree) + 1
    ends = np.zeros((2 * n_reports - 1, 2), dtype=np.int64)
    ends[-1] = (0, n_reports)
    sizes = np.concatenate([np.ones(n_reports), tree[:, 3]]).astype(np.int64)
    for join in range(n_reports - 2, -1, -1):
        left, right = tree[join, :2].astype(int)
        start, end = ends[n_reports + join]
        ends[left] = (start, start + sizes[left])
        ends[right] = (start + sizes[left], end)
    return np.argsort(ends[:n_reports, 0]), ends
