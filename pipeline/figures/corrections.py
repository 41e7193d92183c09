"""Corrections of p-values for their number."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def holm(p_values: Floats) -> Floats:
    """Correct p-values for their number, step down; NaN stays NaN and is not counted.

    Parameters
    ----------
    p_values : ndarray of shape (n_tests,)
        0-1 or NaN.

    Returns
    -------
    ndarray of shape (n_tests,)
        0-1: a smaller p never gets a larger corrected one.

    References
    ----------
    Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, np.nan])).tolist()
    [0.02, 0.04, nan]
    """
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return adjusted


def q_values(scores: Floats, chance: list[Floats]) -> Floats:
    """Return the expected share of chance among the listed groups down to each.

    Parameters
    ----------
    scores : ndarray of shape (n_listed,)
        Scores of the list, best first.
    chance : list of ndarray
        Scores of the lists that chance alone made.

    Returns
    -------
    ndarray of shape (n_listed,)
        0-1, never falling.

    References
    ----------
    Storey and Tibshirani (2003), Statistical significance for genomewide studies,
    doi:10.1073/pnas.1530509100.

    Examples
    --------
    >>> q_values(np.array([3.0, 1.0]), [np.array([2.0]), np.array([0.5])]).tolist()
    [0.0, 0.25]
    """
    raw = [
        np.mean([(lots >= score - 1e-9).sum() for lots in chance]) / (scores >= score - 1e-9).sum()
        for score in scores
    ]
    falling = np.minimum.accumulate(np.array(raw[::-1], dtype=float))[::-1]
    return np.asarray(np.minimum(1, falling))


def p_of_strongest(scores: Floats, chance: list[Floats]) -> Floats:
    """Return the chance that the strongest group of a draw is as strong as each listed one.

    Parameters
    ----------
    scores, chance
        As :func:`q_values` takes them.

    Returns
    -------
    ndarray of shape (n_listed,)
        0-1, never 0: the list itself counts as one draw.

    References
    ----------
    Westfall and Young (1993), Resampling-based multiple testing, ISBN 0-471-55761-7.
    """
    strongest = np.array([lots.max(initial=0) for lots in chance])
    as_strong = [(strongest >= score - 1e-9).sum() for score in scores]
    return (1 + np.array(as_strong, dtype=float)) / (1 + len(chance))
