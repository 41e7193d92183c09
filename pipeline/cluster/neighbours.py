"""Find the nearest neighbours of reports by cosine, exactly and in linear memory."""

import numpy as np
from numpy.typing import NDArray

_BLOCK_CELLS = 16_000_000
"""Similarities held at a time while looking for neighbours: 64 MB of float32."""

_BAND_COLUMNS = 32
"""Columns that are looked at as one when the largest numbers of a row are sought."""

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


def _nearest_in(block: Vectors, k: int) -> tuple[Numbers, Vectors]:
    """Return the columns of the k largest numbers of each row, largest first, ties by number.

    The columns are looked at in bands first: the k largest numbers of a row are all in the k bands
    with the largest maxima, and sorting those out alone takes a tenth of the time and memory.
    """
    columns = _columns_of_best_bands(block, k)
    values = np.take_along_axis(block, columns, axis=1)
    among = np.argpartition(values, values.shape[1] - k, axis=1)[:, values.shape[1] - k :]
    found = np.take_along_axis(columns, among, axis=1)
    values = np.take_along_axis(values, among, axis=1)
    order = np.lexsort((found, -values), axis=1)
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(values, order, axis=1)


def _columns_of_best_bands(block: Vectors, k: int) -> Numbers:
    """Return for each row the columns of the k bands with the largest maxima, and the rest.

    Band b has every ``n_bands``-th column from column b on; columns beyond the last whole round
    are in no band, and in the rest.
    """
    n_rows, n_columns = block.shape
    n_bands = n_columns // _BAND_COLUMNS
    if n_bands <= k:
        return np.broadcast_to(np.arange(n_columns), block.shape)
    n_banded = n_bands * _BAND_COLUMNS
    maxima = block[:, :n_banded].reshape(n_rows, _BAND_COLUMNS, n_bands).max(axis=1)
    best = np.argpartition(maxima, n_bands - k, axis=1)[:, n_bands - k :]
    rounds = np.arange(0, n_banded, n_bands)
    in_bands = (best[:, None, :] + rounds[None, :, None]).reshape(n_rows, -1)
    rest = np.broadcast_to(np.arange(n_banded, n_columns), (n_rows, n_columns - n_banded))
    return np.hstack([in_bands, rest])
