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

_BLOCK_CELLS = 16_000_000
"""Similarities held at a time while looking for neighbours: 64 MB of float32."""


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


def nearest_neighbours(
    vectors: NDArray[np.float32], n_neighbours: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Find each report's nearest neighbours by cosine, in memory linear in the reports.

    Parameters
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
        Unit length.
    n_neighbours : int

    Returns
    -------
    nearest : ndarray of shape (n_reports, n_neighbours)
        Row numbers, nearest first.
    cosines : ndarray of the same shape
    """
    n_reports = len(vectors)
    k = min(n_neighbours, n_reports - 1)
    nearest = np.empty((n_reports, k), dtype=np.int64)
    cosines = np.empty((n_reports, k), dtype=np.float32)
    step = max(1, _BLOCK_CELLS // max(1, n_reports))
    for start in range(0, n_reports, step):
        block = vectors[start : start + step] @ vectors.T
        rows = np.arange(len(block))
        block[rows, rows + start] = -np.inf
        _take_nearest(block, start, nearest, cosines)
    return nearest, cosines


def nearest_of(
    vectors: NDArray[np.float32], among: NDArray[np.float32], n_neighbours: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Find the nearest of some reports for each of others by cosine, in linear memory.

    Parameters
    ----------
    vectors : ndarray of shape (n_rows, n_dims)
    among : ndarray of shape (n_others, n_dims)
        Both unit length.
    n_neighbours : int

    Returns
    -------
    nearest, cosines : ndarray of shape (n_rows, n_neighbours)
        As :func:`nearest_neighbours` returns them; row numbers of `among`.
    """
    k = min(n_neighbours, len(among))
    nearest = np.empty((len(vectors), k), dtype=np.int64)
    cosines = np.empty((len(vectors), k), dtype=np.float32)
    step = max(1, _BLOCK_CELLS // max(1, len(among)))
    for start in range(0, len(vectors), step):
        _take_nearest(vectors[start : start + step] @ among.T, start, nearest, cosines)
    return nearest, cosines


def _take_nearest(
    block: NDArray[np.float32],
    start: int,
    nearest: NDArray[np.int64],
    cosines: NDArray[np.float32],
) -> None:
    """Write the nearest of some rows into their places, nearest first, ties by number."""
    k = nearest.shape[1]
    found = np.argpartition(-block, k - 1, axis=1)[:, :k]
    values = np.take_along_axis(block, found, axis=1)
    order = np.lexsort((found, -values), axis=1)
    nearest[start : start + len(block)] = np.take_along_axis(found, order, axis=1)
    cosines[start : start + len(block)] = np.take_along_axis(values, order, axis=1)


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
