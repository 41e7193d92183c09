"""The reporter's own ticks as one more source that errs, with a reliability for each theme."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

GLOBAL_WEIGHT = 20.0  # coded pairs that the prior reliability counts for, over all themes
THEME_WEIGHT = 300.0  # coded pairs that all themes together count for, in one theme


@dataclass(frozen=True)
class TickReliability:
    """How far a tick and its absence are to be believed.

    Attributes
    ----------
    sensitivity : ndarray, shape (n_themes,)
        Share of reports with the theme that have it ticked.
    specificity : ndarray, shape (n_themes,)
        Share of reports without the theme that do not have it ticked.
    """

    sensitivity: np.ndarray
    specificity: np.ndarray

    def log_odds(self, ticks: np.ndarray) -> np.ndarray:
        """Return what ticks add to the log odds of each theme.

        Parameters
        ----------
        ticks : ndarray of int8, shape (n_reports, n_themes)
            1 ticked, 0 not ticked, -1 the form has no tick at all, which says nothing.

        Returns
        -------
        ndarray, shape (n_reports, n_themes)
        """
        present = np.log(self.sensitivity / (1 - self.specificity))
        absent = np.log((1 - self.sensitivity) / self.specificity)
        return np.where(ticks == 1, present, np.where(ticks == 0, absent, 0.0))


def fit_reliability(
    ticks: np.ndarray, labels: np.ndarray, sensitivity: float, specificity: float
) -> TickReliability:
    """Learn the reliability of ticks from coded reports, shrunk to all themes and to the prior.

    Parameters
    ----------
    ticks : ndarray of int8, shape (n_reports, n_themes)
        Ticks of the coded reports.
    labels : ndarray of bool, shape (n_reports, n_themes)
        What coders found; no rows when nothing is coded.
    sensitivity, specificity : float
        Prior reliability of any tick, 0-1.

    Returns
    -------
    TickReliability
    """
    asked = (ticks >= 0).any(axis=1)
    ticked, labels = ticks[asked] == 1, labels[asked]
    return TickReliability(
        sensitivity=_shrunk((ticked & labels).sum(axis=0), labels.sum(axis=0), sensitivity),
        specificity=_shrunk((~ticked & ~labels).sum(axis=0), (~labels).sum(axis=0), specificity),
    )


def _shrunk(right: np.ndarray, of: np.ndarray, prior: float) -> np.ndarray:
    """Return a share for each theme, drawn to the share over all themes and that to the prior."""
    overall = (right.sum() + GLOBAL_WEIGHT * prior) / (of.sum() + GLOBAL_WEIGHT)
    return np.asarray((right + THEME_WEIGHT * overall) / (of + THEME_WEIGHT))


def true_mean(ticked: np.ndarray, sensitivity: float, specificity: float) -> float:
    """Return the mean number of themes a report has, from what was ticked and how well.

    Parameters
    ----------
    ticked : ndarray of bool, shape (n_reports, n_themes)
        Forms with a tick at least.
    sensitivity, specificity : float
        Reliability of a tick, 0-1; together above 1.

    Returns
    -------
    float
        At least one theme a report: a form in use has something to say.

    Notes
    -----
    The estimator of Rogan and Gladen, American Journal of Epidemiology 107 (1978),
    10.1093/oxfordjournals.aje.a112510, added up over themes.

    Examples
    --------
    >>> round(true_mean(np.eye(2, dtype=bool), 0.9, 0.9), 6)
    1.0
    """
    n_themes = ticked.shape[1]
    wrong: float = (1 - specificity) * n_themes
    seen = float(ticked.sum(axis=1).mean())
    return float(max((seen - wrong) / (sensitivity + specificity - 1), 1.0))


def tick_matrix(
    reports: pd.DataFrame, report_ids: Sequence[str], theme_ids: Sequence[str]
) -> np.ndarray:
    """Return what was ticked on each form.

    A form without a single tick says nothing: a form that does not ask and a reporter who skipped
    the question look alike. Ticks of themes that the taxonomy does not have are passed over.

    Parameters
    ----------
    reports : DataFrame with columns ``report_id``, ``themes_ticked``
    report_ids : sequence of str
    theme_ids : sequence of str

    Returns
    -------
    ndarray of int8, shape (n_reports, n_themes)
        1 ticked, 0 not ticked, -1 the form has no tick at all.
    """
    ticked = dict(zip(reports["report_id"], reports["themes_ticked"], strict=True))
    column = {theme_id: j for j, theme_id in enumerate(theme_ids)}
    ticks = np.full((len(report_ids), len(theme_ids)), -1, dtype=np.int8)
    for i, report_id in enumerate(report_ids):
        places = [column[theme_id] for theme_id in ticked[report_id] if theme_id in column]
        if places:
            ticks[i] = 0
            ticks[i, places] = 1
    return ticks
