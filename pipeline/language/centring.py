"""Take away from vectors what only says which language a text is in."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.language.detection import MAIN, UNKNOWN

MIN_TEXTS = 2
"""Fewest texts of a language that get a mean of their own; one alone would become nothing."""


def language_groups(languages: Sequence[str], weights: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Give a number to each language whose texts are centred by themselves.

    Parameters
    ----------
    languages : sequence of str
        Of each text. Unknown ones go with the main language.
    weights : ndarray of bool of shape (n_texts,)
        The texts that a mean is taken of.

    Returns
    -------
    ndarray of shape (n_texts,)
        0 for the main language and for those with fewer than :data:`MIN_TEXTS` texts.
    """
    named = np.array([MAIN if one == UNKNOWN else one for one in languages], dtype=object)
    groups = np.zeros(len(named), dtype=np.int64)
    counted = Counter(str(one) for one in named[weights])
    enough = sorted(one for one, n in counted.items() if n >= MIN_TEXTS and one != MAIN)
    for number, language in enumerate(enough, 1):
        groups[named == language] = number
    return groups


def without_language(
    vectors: NDArray[np.float32],
    languages: Sequence[str],
    counted: NDArray[np.bool_] | None = None,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Take the mean of each language's texts away from them.

    Multilingual encoders put texts of one language near each other, whatever they are about. With
    few texts the mean is mostly the texts themselves, so what they have in common goes with it:
    they then hold together no better than any others, which is what is wanted of a language.

    Parameters
    ----------
    vectors : ndarray of shape (n_texts, n_dims)
    languages : sequence of str
        ISO 639-1 code or ``unknown`` of each text.
    counted : ndarray of bool of shape (n_texts,), optional
        The texts that means are taken of; by default all.
    out : ndarray of float32 of shape (n_texts, n_dims), optional
        Where to write; `vectors` themselves may be.

    Returns
    -------
    ndarray of shape (n_texts, n_dims)
        Not of unit length.

    Examples
    --------
    >>> vectors = np.array([[1, 0], [3, 0], [0, 5], [0, 7]], dtype=np.float32)
    >>> without_language(vectors, ["fi", "fi", "sv", "sv"]).tolist()
    [[-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]]
    """
    if not len(vectors):
        return vectors
    weights = np.ones(len(vectors), dtype=bool) if counted is None else counted
    groups = language_groups(languages, weights)
    means = []
    for group in np.unique(groups).tolist():
        is_member = groups == group
        used = is_member & weights
        taken = used if used.any() else weights
        means.append((is_member, vectors.mean(axis=0, where=taken[:, None])))
    moved = vectors.astype(np.float32, copy=True) if out is None else out
    for is_member, mean in means:
        np.subtract(vectors, mean, out=moved, where=is_member[:, None])
    return moved
