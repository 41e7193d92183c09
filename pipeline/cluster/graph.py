"""Neighbour graphs of reports and their communities, the same for the same seed.

scikit-network's ``Leiden`` draws from the C library's ``rand()`` and so cannot be seeded: five
fits of one graph under one ``random_state`` differ. Its ``Louvain`` draws from the given state
alone and reaches the same modularity; the one thing Leiden would add, communities that hang
together, is had by splitting each community into its connected parts.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_TOLERANCE = 1e-5
"""Gain of modularity under which a pass ends; one move gains about 1/n_edges."""


def neighbour_graph(similarity: NDArray[np.float32], n_neighbours: int) -> sparse.csr_matrix:
    """Join every report to its nearest neighbours.

    Parameters
    ----------
    similarity : ndarray of shape (n_reports, n_reports)
        Symmetric; the diagonal is not looked at.
    n_neighbours : int
        At least 1; at most all the others are taken.

    Returns
    -------
    csr_matrix of shape (n_reports, n_reports)
        Symmetric. An edge weighs 1 when each is among the nearest of the other, else 0.5.
    """
    n_reports = len(similarity)
    k = min(n_neighbours, n_reports - 1)
    if k < 1:
        return sparse.csr_matrix((n_reports, n_reports), dtype=np.float64)
    masked = np.array(similarity, dtype=np.float32)
    np.fill_diagonal(masked, -np.inf)
    nearest = np.argpartition(-masked, k - 1, axis=1)[:, :k]
    half = np.full(nearest.size, 0.5)
    return _symmetric(nearest, half)


def weighted_graph(nearest: NDArray[np.int64], cosines: NDArray[np.float32]) -> sparse.csr_matrix:
    """Make a symmetric graph of neighbour lists, an edge weighing its (positive) cosine."""
    return _symmetric(nearest, np.clip(cosines, 1e-6, None).astype(np.float64).ravel() / 2)


def communities(
    graph: sparse.csr_matrix, resolution: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Cut a graph into communities that each hang together.

    Louvain's maximum of Newman's modularity, ``sum_c [w_c / w - resolution (d_c / d)^2]``, with
    nodes visited in an order drawn from ``rng``; then each community is split into its connected
    parts.

    Parameters
    ----------
    graph : csr_matrix of shape (n_reports, n_reports)
        Symmetric, weights above 0.
    resolution : float
        Above 0; the higher, the smaller the communities.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_reports,)
        Community of each report, from 0, in order of first appearance.

    References
    ----------
    Blondel et al. (2008), Fast unfolding of communities in large networks,
    doi:10.1088/1742-5468/2008/10/P10008. Traag et al. (2019), From Louvain to Leiden: guaranteeing
    well-connected communities, doi:10.1038/s41598-019-41695-z.
    """
    from scipy.sparse.csgraph import connected_components
    from sknetwork.clustering import Louvain

    if graph.nnz == 0:
        return np.arange(graph.shape[0], dtype=np.int64)
    louvain = Louvain(
        resolution=resolution,
        modularity="newman",
        tol_optimization=_TOLERANCE,
        tol_aggregation=_TOLERANCE,
        shuffle_nodes=True,
        sort_clusters=False,
        return_probs=False,
        return_aggregate=False,
        random_state=int(rng.integers(2**31)),
    )
    labels = louvain.fit(graph).labels_
    edges = graph.tocoo()
    inside = labels[edges.row] == labels[edges.col]
    kept = sparse.csr_matrix(
        (edges.data[inside], (edges.row[inside], edges.col[inside])), shape=graph.shape
    )
    parts = connected_components(kept, directed=False)[1]
    return np.asarray(parts, dtype=np.int64)


def _symmetric(nearest: NDArray[np.int64], weights: NDArray[np.float64]) -> sparse.csr_matrix:
    """Turn neighbour lists into a graph: the sum of both directions."""
    n_reports, k = nearest.shape
    rows = np.repeat(np.arange(n_reports), k)
    half = sparse.csr_matrix((weights, (rows, nearest.ravel())), shape=(n_reports, n_reports))
    return sparse.csr_matrix(half + half.T)
