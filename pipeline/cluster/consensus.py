"""Cluster a few reports by asking many disturbed clusterings how often two fall together.

A single clustering of 240 short texts is mostly chance; what a hundred disturbed ones agree on is
not. The share of runs that keep two reports together (their co-association) is a similarity of its
own, between 0 and 1, and everything later is read off it: topics, stability, memberships and the
candidates for signals.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import validate_data

from pipeline.cluster.graph import communities, neighbour_graph
from pipeline.cluster.similarity import centred, standardised
from pipeline.cluster.sizes import numbered_by_size
from pipeline.cluster.tree_cut import best_cut
from pipeline.vectors import unit

RESOLUTIONS = (2.0, 3.0, 5.0, 7.0, 10.0)
"""Every run on 240 reports is cut at each: communities of some 14 down to 4 reports.

Other numbers of reports scale them, for the size of a phenomenon does not grow with the corpus:
at 40 reports a resolution of 10 would leave every report alone.
"""

_REFERENCE_REPORTS = 240

_NEIGHBOURS = (5, 10)
"""Range of the number of neighbours in a run, ends included."""

_SUBSAMPLE = 0.85
"""Share of reports in every second run."""

Perturb = Callable[[np.random.Generator], NDArray[np.float32]]
Progress = Callable[[int, int], None]


def co_association(
    perturb: Perturb,
    n_reports: int,
    *,
    n_runs: int,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Count how often two reports fall together in disturbed clusterings.

    Each run draws a disturbed similarity, every second one on 85 % of the reports; joins each
    report to its 5 to 10 nearest; and cuts that graph at five resolutions (:data:`RESOLUTIONS`).

    Parameters
    ----------
    perturb : callable
        Given a generator, returns a similarity ``(n_reports, n_reports)``.
    n_reports : int
    n_runs : int
    rng : numpy.random.Generator
    progress : callable, optional
        Called as ``progress(done, total)`` after each run.

    Returns
    -------
    ndarray of shape (n_reports, n_reports)
        0-1, symmetric, 1 on the diagonal: share of the clusterings with both reports that put
        them together.

    References
    ----------
    Fred and Jain (2005), Combining multiple clusterings using evidence accumulation,
    doi:10.1109/TPAMI.2005.113.
    """
    together = np.zeros((n_reports, n_reports), dtype=np.float32)
    seen = np.zeros((n_reports, n_reports), dtype=np.float32)
    for run in range(n_runs):
        similarity = perturb(rng)
        rows = np.arange(n_reports)
        if run % 2:
            n_drawn = max(1, round(_SUBSAMPLE * n_reports))
            rows = np.sort(rng.choice(n_reports, n_drawn, replace=False))
        block = np.ix_(rows, rows)
        n_neighbours = int(rng.integers(_NEIGHBOURS[0], _NEIGHBOURS[1] + 1))
        graph = neighbour_graph(similarity[block], n_neighbours)
        hits = np.zeros((len(rows), len(rows)), dtype=np.float32)
        for resolution in RESOLUTIONS:
            scaled = max(1.0, resolution * n_reports / _REFERENCE_REPORTS)
            labels = communities(graph, scaled, rng)
            hits += labels[:, None] == labels[None, :]
        together[block] += hits
        seen[block] += len(RESOLUTIONS)
        if progress is not None:
            progress(run + 1, n_runs)
    share = np.asarray(together / np.maximum(seen, 1), dtype=np.float32)
    np.fill_diagonal(share, 1)
    return share


class ConsensusClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Cluster up to a few thousand reports by consensus; fits BERTopic's ``hdbscan_model`` slot.

    Average linkage on one minus the co-association, cut at the number of clusters between
    ``sqrt(n_reports) / 2`` and ``n_reports / 8`` whose mean silhouette is best. Holds several
    matrices of ``n_reports`` squared.

    Parameters
    ----------
    metric : {"cosine", "precomputed"}, default="cosine"
        What ``X`` is: vectors, whose mean is taken away and whose dimensions are left out at
        random; or a similarity of every pair, which is disturbed by noise of a tenth of its spread
        unless ``fit`` is given a better way.
    n_runs : int, default=100
        Number of disturbed clusterings.
    min_cluster_size : int, default=3
        Smaller clusters are noise.
    min_membership : float, default=0.15
        A report whose membership in its own cluster is less is noise.
    random_state : int, default=0
        Seed; the same seed gives the same result.

    Attributes
    ----------
    labels_ : ndarray of shape (n_reports,)
        Cluster of each report, largest cluster first; -1 is noise.
    co_association_ : ndarray of shape (n_reports, n_reports)
        0-1, share of clusterings that put two reports together.
    memberships_ : ndarray of shape (n_reports, n_clusters)
        0-1, mean co-association of a report with the (other) reports of a cluster.
    probabilities_ : ndarray of shape (n_reports,)
        Membership in the report's own cluster; 0 for noise.
    stability_ : ndarray of shape (n_clusters,)
        0-1, mean co-association of the pairs within a cluster.
    linkage_ : ndarray of shape (n_reports - 1, 4)
        The average-linkage tree, as SciPy writes it.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = np.repeat(np.eye(3), 10, axis=0) + 0.1 * rng.normal(size=(30, 3))
    >>> ConsensusClusterer(n_runs=10).fit(X).labels_.tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    """

    def __init__(
        self,
        metric: str = "cosine",
        n_runs: int = 100,
        min_cluster_size: int = 3,
        min_membership: float = 0.15,
        random_state: int = 0,
    ) -> None:
        self.metric = metric
        self.n_runs = n_runs
        self.min_cluster_size = min_cluster_size
        self.min_membership = min_membership
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        """Say that a precomputed similarity has a row and a column for each report."""
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.metric == "precomputed"
        return tags

    def fit(
        self,
        X: NDArray[np.float32],
        y: object = None,
        *,
        perturb: Perturb | None = None,
        progress: Progress | None = None,
    ) -> "ConsensusClusterer":
        """Cluster the reports.

        Parameters
        ----------
        X : ndarray of shape (n_reports, n_dims), or (n_reports, n_reports) when precomputed
        y : object
            Not used; scikit-learn's and BERTopic's calls pass one.
        perturb : callable, optional
            Way to draw a disturbed similarity, given a generator; by default as ``metric`` says.
        progress : callable, optional
            Called as ``progress(done, total)`` after each run.

        Returns
        -------
        ConsensusClusterer
            Itself.

        Raises
        ------
        ValueError
            When ``metric`` is unknown, or precomputed and ``X`` is not square.
        """
        X = validate_data(self, X, dtype=np.float32)
        similarity, draw = self._ways(X)
        rng = np.random.default_rng(self.random_state)
        if _is_flat(similarity):
            share = np.ones((len(X), len(X)), dtype=np.float32)
        else:
            share = co_association(
                perturb or draw, len(X), n_runs=self.n_runs, rng=rng, progress=progress
            )
        self.co_association_ = share
        self.linkage_ = average_linkage(share)
        labels = best_cut(share, self.linkage_, self.min_cluster_size)
        is_firm = _own(_memberships(share, labels), labels) >= self.min_membership
        self.labels_ = numbered_by_size(np.where(is_firm, labels, -1), self.min_cluster_size)
        self.memberships_ = _memberships(share, self.labels_)
        self.probabilities_ = _own(self.memberships_, self.labels_)
        self.stability_ = np.array(
            [self.probabilities_[self.labels_ == c].mean() for c in range(self.labels_.max() + 1)]
        )
        return self

    def _ways(self, X: NDArray[np.float32]) -> tuple[NDArray[np.float32], Perturb]:
        """Return the similarity that ``X`` means and the default way to disturb it."""
        if self.metric == "precomputed":
            if X.shape[0] != X.shape[1]:
                raise ValueError(
                    f"X must be square when metric is 'precomputed'. Got shape {X.shape}."
                )
            scores = standardised(X)
            return scores, lambda rng: _with_noise(scores, rng)
        if self.metric == "cosine":
            vectors = centred(X)
            return vectors @ vectors.T, lambda rng: _with_fewer_dims(vectors, rng)
        raise ValueError(f"metric must be 'cosine' or 'precomputed'. Got {self.metric!r}.")


def _is_flat(similarity: NDArray[np.float32]) -> bool:
    """Say whether all pairs are equally like, so that nothing tells reports apart."""
    pairs = similarity[~np.eye(len(similarity), dtype=bool)]
    return len(pairs) == 0 or bool(pairs.max() - pairs.min() < 1e-6)


def average_linkage(share: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the average-linkage tree on one minus the co-association, in SciPy's form."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    if len(share) < 2:
        return np.zeros((0, 4))
    distance = 1 - share.astype(np.float64)
    np.fill_diagonal(distance, 0)
    return np.asarray(linkage(squareform(distance, checks=False), "average"))


def _own(memberships: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each report's membership in its own cluster; 0 for noise."""
    if not memberships.shape[1]:
        return np.zeros(len(labels))
    own = memberships[np.arange(len(labels)), np.maximum(labels, 0)]
    return np.asarray(np.where(labels >= 0, own, 0))


def _memberships(share: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each report's mean co-association with the other reports of each cluster."""
    n_clusters = int(labels.max(initial=-1)) + 1
    belongs = labels[:, None] == np.arange(n_clusters)[None, :]
    links = share.astype(np.float64) @ belongs - belongs
    return np.asarray(links / np.maximum(1, belongs.sum(axis=0)[None, :] - belongs))


def _with_noise(scores: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Add symmetric noise of a tenth of the spread to standard scores."""
    noise = rng.normal(scale=0.1, size=scores.shape).astype(np.float32)
    return scores + (noise + noise.T) / np.float32(2**0.5)


def _with_fewer_dims(vectors: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the cosines of vectors with 40 % of their dimensions left out."""
    fewer = unit(vectors[:, rng.random(vectors.shape[1]) >= 0.4])
    return np.asarray(fewer @ fewer.T)
