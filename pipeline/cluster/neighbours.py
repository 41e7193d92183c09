"""Find the nearest neighbours of every report by cosine: exactly, or of very many nearly so.

Comparing all pairs grows with the square of the reports. Of very many, the reports are therefore
put into cells round the means of a sample (an inverted file), and each cell is compared
with the cells near it alone, so that the work grows with the power one and a half.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

_LOOKED_AT = 32
"""Times the root of the number of reports that each is compared with, of more than that."""

_BLOCK_CELLS = 16_000_000
"""Similarities held at a time while looking for neighbours: 64 MB of float32."""

_DRAWN_A_CELL = 50
"""Reports drawn for each cell, to find where the cells are."""
_N_ROUNDS = 10

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


def nearest_neighbours(vectors: Vectors, n_neighbours: int) -> tuple[Numbers, Vectors]:
    """Find each report's nearest neighbours by cosine among all, in linear memory.

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
        nearest[rows + start], cosines[rows + start] = _nearest_in(block, k)
    return nearest, cosines


def nearest_of(vectors: Vectors, among: Vectors, n_neighbours: int) -> tuple[Numbers, Vectors]:
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
        rows = slice(start, start + step)
        nearest[rows], cosines[rows] = _nearest_in(vectors[rows] @ among.T, k)
    return nearest, cosines


def neighbours_by_cells(
    vectors: Vectors, n_neighbours: int, rng: np.random.Generator
) -> tuple[Numbers, Vectors]:
    """Find nearly all of each report's nearest neighbours, in time of the power one and a half.

    As many cells as the root of the number of reports are made round the means of a sample. The
    reports of a cell are compared with those of the cells whose means are nearest to its own,
    together :data:`_LOOKED_AT` times the root.

    Parameters
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
        Unit length, at least four reports.
    n_neighbours : int
    rng : numpy.random.Generator
        Draws the sample.

    Returns
    -------
    nearest, cosines : ndarray of shape (n_reports, n_neighbours)
        As :func:`nearest_neighbours` returns them; a few of the nearest may be others, a little
        farther.

    References
    ----------
    Sivic and Zisserman (2003), Video Google, doi:10.1109/ICCV.2003.1238663, for the inverted file.
    """
    n_reports = len(vectors)
    k = min(n_neighbours, n_reports - 1)
    n_looked_at = min(n_reports, max(k + 1, round(_LOOKED_AT * n_reports**0.5)))
    means = _means_of_cells(vectors, round(n_reports**0.5), rng)
    cells, _ = nearest_of(vectors, means, 1)
    order = np.argsort(cells[:, 0], kind="stable")
    sizes = np.bincount(cells[:, 0], minlength=len(means))
    ends = np.cumsum(sizes)
    by_cell = vectors[order]
    nearest = np.empty((n_reports, k), dtype=np.int64)
    cosines = np.empty((n_reports, k), dtype=np.float32)
    for cell in np.flatnonzero(sizes).tolist():
        likeness = means @ means[cell]
        likeness[cell] = np.inf
        near = np.argsort(-likeness, kind="stable")
        near = near[: 1 + int(np.searchsorted(np.cumsum(sizes[near]), n_looked_at))]
        places = np.concatenate([np.arange(ends[one] - sizes[one], ends[one]) for one in near])
        among = by_cell[places]
        step = max(1, _BLOCK_CELLS // len(places))
        for start in range(0, int(sizes[cell]), step):
            own = np.arange(start, min(start + step, int(sizes[cell])))
            block = among[own] @ among.T
            block[np.arange(len(own)), own] = -np.inf
            found, likest = _nearest_in(block, k)
            rows = order[places[own]]
            nearest[rows], cosines[rows] = order[places[found]], likest
    return nearest, cosines


def _means_of_cells(vectors: Vectors, n_cells: int, rng: np.random.Generator) -> Vectors:
    """Find where the reports lie thick, from a sample; of reports alike, some cells are empty."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    n_drawn = min(len(vectors), _DRAWN_A_CELL * n_cells)
    drawn = np.sort(rng.choice(len(vectors), n_drawn, replace=False))
    seed = int(rng.integers(2**31))
    cells = KMeans(n_cells, n_init=1, max_iter=_N_ROUNDS, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer unlike reports than cells
        means = np.asarray(cells.fit(vectors[drawn]).cluster_centers_, dtype=np.float32)
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12))


def _nearest_in(block: Vectors, k: int) -> tuple[Numbers, Vectors]:
    """Return the columns of the k largest numbers of each row, largest first, ties by number."""
    found = np.argpartition(-block, k - 1, axis=1)[:, :k]
    values = np.take_along_axis(block, found, axis=1)
    order = np.lexsort((found, -values), axis=1)
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(values, order, axis=1)
