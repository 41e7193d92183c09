"""Say how every pair of report and theme stands: how far from the cut, how strong, who is next."""

import numpy as np
import pandas as pd

from pipeline.assign.fitted import FittedThemes
from pipeline.assign.ticks import is_full

WEAK, MEDIUM, STRONG = "weak", "medium", "strong"
MEDIUM_FROM = 1.0  # log odds above the cut: 2.7 times the odds there
STRONG_FROM = 2.0  # 7.4 times the odds at the cut


def standing(
    fitted: FittedThemes, log_odds: np.ndarray, assigned: np.ndarray, ticks: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the columns that tell where each pair stands, row by row of reports and themes.

    Parameters
    ----------
    fitted : FittedThemes
    log_odds : ndarray, shape (n_reports, n_themes)
    assigned : ndarray of bool, shape (n_reports, n_themes)
    ticks : ndarray of int8, shape (n_reports, n_themes)

    Returns
    -------
    dict of str to ndarray, each of shape (n_reports * n_themes,)
        ``margin``, log odds above the cut of the report's form; ``strength``, the word for it,
        ``""`` where nothing is suggested and from 30 coded reports on, when the score itself is
        calibrated; ``is_next``, the strongest theme of each report that is not suggested.
    """
    has_ticks = is_full(ticks) & (fitted.flips is not None)
    margin = log_odds - np.where(has_ticks, fitted.ticked_cut, fitted.cut)
    worded = np.where(margin >= STRONG_FROM, STRONG, np.where(margin >= MEDIUM_FROM, MEDIUM, WEAK))
    is_next = np.zeros(assigned.shape, dtype=bool)
    left = np.flatnonzero(~assigned.all(axis=1))
    rivals = np.where(assigned, -np.inf, log_odds)
    is_next[left, rivals[left].argmax(axis=1)] = True
    shown = assigned & (not fitted.is_calibrated)
    return {
        "margin": margin.ravel(),
        "strength": np.where(shown, worded, "").astype(object).ravel(),
        "is_next": is_next.ravel(),
    }


def strongest_not_suggested(report_themes: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest theme that was not suggested, one row a report that has one.

    Parameters
    ----------
    report_themes : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame with columns ``report_id``, ``theme_id``, ``score``, ``margin``
    """
    rows = report_themes[report_themes["is_next"].astype(bool)]
    return rows[["report_id", "theme_id", "score", "margin"]].reset_index(drop=True)
