"""Decide which themes are suggested: one cut for all themes, and at least one theme a report.

Scores from text alone are too unsure to be cut where a theme is more likely than not; the cut that
gives the mean number of themes serves them better. With ticks they are sure, and cut there.
"""

import numpy as np


def cut_for_mean(scores: np.ndarray, mean_themes: float) -> float:
    """Return the cut that suggests ``mean_themes`` themes a report on average.

    Parameters
    ----------
    scores : ndarray, shape (n_reports, n_themes)
    mean_themes : float
        Themes a report, on average.

    Returns
    -------
    float
        Half-way between the last score above and the first one below; 0 for a single score.

    Examples
    --------
    >>> cut_for_mean(np.array([[3.0, 1.0], [2.0, 0.0]]), 1.0)
    1.5
    """
    ordered = np.sort(scores, axis=None)[::-1]
    if ordered.size < 2:
        return 0.0
    n_above = min(max(round(mean_themes * len(scores)), 1), ordered.size - 1)
    return float((ordered[n_above - 1] + ordered[n_above]) / 2)


def assign_by_cut(
    scores: np.ndarray, cut: float | np.ndarray, *, keeps_one: bool = True
) -> np.ndarray:
    """Return which pairs pass the cut; a report that has none keeps its strongest theme.

    Parameters
    ----------
    scores : ndarray, shape (n_reports, n_themes)
    cut : float or ndarray, shape (n_reports, 1)
        The same for all themes.
    keeps_one : bool, default=True
        Whether a report below the cut keeps its strongest theme.

    Returns
    -------
    ndarray of bool, shape (n_reports, n_themes)

    Examples
    --------
    >>> assign_by_cut(np.array([[0.9, 0.8], [0.1, 0.2]]), 0.5).tolist()
    [[True, True], [False, True]]
    """
    assigned = scores > cut
    is_lonely = ~assigned.any(axis=1) & keeps_one
    lonely = np.flatnonzero(is_lonely)
    assigned[lonely, scores[lonely].argmax(axis=1)] = True
    return assigned


def strongest(scores: np.ndarray, n_most: int) -> np.ndarray:
    """Return which pairs are among the strongest of their report.

    Parameters
    ----------
    scores : ndarray, shape (n_reports, n_themes)
    n_most : int
        Of equals at the end the earlier theme goes before.

    Returns
    -------
    ndarray of bool, shape (n_reports, n_themes)

    Examples
    --------
    >>> strongest(np.array([[0.1, 0.9, 0.5]]), 2).tolist()
    [[False, True, True]]
    """
    order = np.argsort(-scores, axis=1, kind="stable")[:, :n_most]
    kept = np.zeros(scores.shape, dtype=bool)
    np.put_along_axis(kept, order, True, axis=1)
    return kept
