"""Tell how far the ticks of each theme are believed."""

import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.fitted import FittedThemes
from pipeline.frames import empty


def tick_reliability(
    report_themes: pd.DataFrame, config: AssignConfig, *, fitted: FittedThemes
) -> pd.DataFrame:
    """Return how reliable the ticks of each theme are.

    Parameters
    ----------
    report_themes : DataFrame
        Not looked at; the step stands after the scores.
    config : AssignConfig
    fitted : FittedThemes

    Returns
    -------
    DataFrame, table ``tick_reliability``
        One row a theme; none when no form has a tick, or ticks are set aside by ``ticks = false``.
    """
    form = fitted.form
    if form is None or not form.n_ticked.sum():
        return empty("tick_reliability")
    return pd.DataFrame(
        {
            "theme_id": list(fitted.theme_ids),
            "n_ticked": form.n_ticked.astype(int),
            "quality": form.quality.astype(float),
            "sensitivity": form.several.sensitivity.astype(float),
            "first_sensitivity": form.first.sensitivity.astype(float),
            "specificity": form.several.specificity.astype(float),
            "p_value": float(form.p_value),
            "is_asked": bool(form.is_asked),
            "is_used": bool(form.is_used),
        }
    )
