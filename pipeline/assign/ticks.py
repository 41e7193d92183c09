"""The reporter's own ticks as one more source that errs, with a reliability for each theme."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

GLOBAL_WEIGHT = 20.0  # coded pairs that the prior reliability counts for, over all themes
UNKNOWN, NOT_FIRST = -1, -2  # not offered or not answered; offered in a single choice, not chosen
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
    ticked, known = ticks == 1, ticks != UNKNOWN
    has, lacks = labels & known, ~labels & known
    return TickReliability(
        sensitivity=_shrunk((ticked & has).sum(axis=0), has.sum(axis=0), sensitivity),
        specificity=_shrunk((~ticked & lacks).sum(axis=0), lacks.sum(axis=0), specificity),
    )


def weakened(
    reliability: TickReliability, quality: np.ndarray, rate: np.ndarray
) -> TickReliability:
    """Return a reliability of which only a share of the ticks is worth, the rest being chance.

    Parameters
    ----------
    reliability : TickReliability
        Of ticks that are meant.
    quality : ndarray, shape (n_themes,)
        Share of them that are, 0-1.
    rate : ndarray, shape (n_themes,)
        Share of reports with a theme ticked, which is how often chance ticks it.
    """
    rate = np.clip(rate, 0.001, 0.9)
    wrong = quality * (1 - reliability.specificity) + (1 - quality) * rate
    return TickReliability(
        sensitivity=quality * reliability.sensitivity + (1 - quality) * rate,
        specificity=1 - wrong,
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
    """Return what was ticked on each form, and what was offered there.

    A report whose writer passed the question over says nothing. A theme that the form does not
    offer is unknown. Of a single choice the others are not first, which is less than not ticked.
    Where the table does not say what was offered, all themes were, with several choices. Ticks of
    themes that the taxonomy does not have are passed over.

    Parameters
    ----------
    reports : DataFrame with columns ``report_id``, ``themes_ticked``, and, where the forms are \
known, ``themes_offered`` and ``themes_answers``
    report_ids : sequence of str
    theme_ids : sequence of str

    Returns
    -------
    ndarray of int8, shape (n_reports, n_themes)
        1 ticked, 0 not ticked, -1 unknown, -2 offered in a single choice and not chosen.
    """
    by_id = reports.set_index("report_id")
    has_forms = "themes_offered" in by_id
    column = {theme_id: j for j, theme_id in enumerate(theme_ids)}
    ticks = np.full((len(report_ids), len(theme_ids)), UNKNOWN, dtype=np.int8)
    ticked = dict(zip(by_id.index, by_id["themes_ticked"], strict=True))
    offers = dict(zip(by_id.index, by_id["themes_offered"], strict=True)) if has_forms else {}
    answers = dict(zip(by_id.index, by_id["themes_answers"], strict=True)) if has_forms else {}
    for i, report_id in enumerate(report_ids):
        places = [column[theme_id] for theme_id in ticked[report_id] if theme_id in column]
        offered = [column[t] for t in offers.get(report_id, ()) if t in column]
        if places and not offered:
            offered = list(range(len(theme_ids)))
        ticks[i, offered] = NOT_FIRST if answers.get(report_id) == "one" else 0
        ticks[i, places] = 1
    return ticks


def is_full(ticks: np.ndarray) -> np.ndarray:
    """Return which forms offered every theme with several choices, as a column."""
    return np.asarray((ticks >= 0).all(axis=1, keepdims=True))


def answered_pairs(ticks: np.ndarray, *, full: bool, parts: bool) -> np.ndarray:
    """Return which pairs of report and theme a form answers, where the answer is used.

    Parameters
    ----------
    ticks : ndarray of int8, shape (n_reports, n_themes)
        From :func:`tick_matrix`.
    full, parts : bool
        Whether full sets of ticks are used, and those of single choices and part offers.

    Returns
    -------
    ndarray of bool, shape (n_reports, n_themes)
    """
    return np.asarray((ticks != UNKNOWN) & np.where(is_full(ticks), full, parts))
