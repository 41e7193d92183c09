"""Take what people ruled into the run, beside what the machine suggested."""

import pandas as pd
from pydantic import BaseModel


class ReviewConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the review stage: none so far."""


def review(
    reports: pd.DataFrame, config: ReviewConfig, *, decisions_file: pd.DataFrame
) -> pd.DataFrame:
    """Return the decisions people made, oldest first, each once.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.
    config : ReviewConfig
    decisions_file : DataFrame
        Rows of ``human/decisions.csv``, all text.

    Returns
    -------
    DataFrame
        Table ``decisions``, without rulings on reports that were taken out of the study. Later
        rulings stand beside earlier ones, and :func:`newest_decisions` tells which of them holds.
    """
    held = decisions_file[~is_on_removed_report(decisions_file, reports)]
    return held.drop_duplicates("decision_id").reset_index(drop=True)


def is_on_removed_report(decisions: pd.DataFrame, reports: pd.DataFrame) -> pd.Series:
    """Tell of each decision whether it rules on a report that is not in the study (any more)."""
    is_on_report = decisions["target_table"] == "report_themes"
    return is_on_report & ~decisions["target_id"].isin(set(reports["report_id"]))


def newest_decisions(decisions: pd.DataFrame, target_table: str) -> pd.DataFrame:
    """Return, for each target, the decision that holds: the newest one.

    Parameters
    ----------
    decisions : DataFrame
        Table ``decisions``.
    target_table : str
        ``report_themes``, ``topics``, ``topic_themes`` or ``signals``.

    Returns
    -------
    DataFrame
        At most one row for each ``(target_id, theme_id)``. Of two made at the same time the one
        that stands later in the file holds.
    """
    rows = decisions[decisions["target_table"] == target_table]
    if rows.empty:
        return rows
    moment = pd.to_datetime(rows["at"], utc=True, format="ISO8601")
    order = moment.sort_values(kind="stable").index
    return rows.loc[order].drop_duplicates(["target_id", "theme_id"], keep="last")
