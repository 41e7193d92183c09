"""Vectors of unit length, so that a product of two is their cosine."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_NEARLY_ZERO = 1e-6
_ROWS_AT_ONCE = 16_384

Float = TypeVar("Float", np.float32, np.float64)


def unit(vectors: NDArray[Float], out: NDArray[Float] | None = None) -> NDArray[Float]:
    """Give rows unit length; a row of (nearly) zeros becomes zeros.

    Parameters
    ----------
    vectors : ndarray of float, shape (n_rows, n_dims)
    out : ndarray of the same type and shape, optional
        Where to write; `vectors` themselves may be.

    Returns
    -------
    ndarray of the same type and shape

    Examples
    --------
    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    made = np.empty(vectors.shape, dtype=vectors.dtype) if out is None else out
    for start in range(0, len(vectors), _ROWS_AT_ONCE):
        rows = np.ascontiguousarray(vectors[start : start + _ROWS_AT_ONCE])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        is_zero = lengths < _NEARLY_ZERO
        scaled = rows / np.where(is_zero, 1, lengths)
        made[start : start + _ROWS_AT_ONCE] = np.where(is_zero, 0, scaled)
    return made
