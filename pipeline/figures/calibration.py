"""What scores are worth: how often pairs of each score are right."""

import numpy as np
import pandas as pd


def reliability_table(right: np.ndarray, scores: np.ndarray, n_bins: int = 10) -> pd.DataFrame:
    """Return how often pairs of each score are right: what a reliability curve is drawn from.

    Parameters
    ----------
    right : ndarray of bool
        Whether a pair is right, in any shape.
    scores : ndarray of the same shape
        Probabilities, 0-1.
    n_bins : int, default=10
        Steps of equal width; a score on an edge belongs to the step above it, 1 to the last.

    Returns
    -------
    DataFrame
        ``low`` and ``high`` (ends of the step), ``n_pairs``, ``n_right``, ``mean_score``,
        ``share_right``; steps without a pair are left out.

    Examples
    --------
    >>> reliability_table(np.array([[True, False]]), np.array([[0.8, 0.05]]))["n_pairs"].tolist()
    [1, 1]
    """
    flat, hits = np.asarray(scores, dtype=float).ravel(), np.asarray(right, dtype=bool).ravel()
    # The very numbers 0.1, 0.2, ...: 3 * 0.1 is more than 0.3, and int(0.29 * 100) is 28.
    step = np.searchsorted(np.arange(1, n_bins) / n_bins, flat, side="right")
    rows = [
        (
            *(k / n_bins, (k + 1) / n_bins, int(own.sum()), int(hits[own].sum())),
            *(flat[own].mean(), hits[own].mean()),
        )
        for k in range(n_bins)
        if (own := step == k).any()
    ]
    columns = ["low", "high", "n_pairs", "n_right", "mean_score", "share_right"]
    return pd.DataFrame(rows, columns=columns)


def calibration_error(right: np.ndarray, scores: np.ndarray, n_bins: int = 10) -> float:
    """Return the expected calibration error, 0-1: mean gap of score and share right, over pairs.

    Parameters
    ----------
    right, scores, n_bins
        As :func:`reliability_table` takes them.

    References
    ----------
    Naeini et al., Obtaining well calibrated probabilities using Bayesian binning, AAAI (2015),
    doi:10.1609/aaai.v29i1.9602.

    Examples
    --------
    >>> round(calibration_error(np.array([[True, False]]), np.array([[0.8, 0.05]])), 3)
    0.125
    """
    table = reliability_table(right, scores, n_bins)
    gaps = (table["mean_score"] - table["share_right"]).abs()
    return float((gaps * table["n_pairs"]).sum() / max(int(table["n_pairs"].sum()), 1))
