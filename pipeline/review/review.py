"""Take what people ruled into the run, and work out what of it stands."""

import pandas as pd
from pydantic import BaseModel

from pipeline.review.decisions_file import as_frame, rows_of
from pipeline.review.heads import Heads
from pipeline.review.standing_rulings import standing
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.old_codings import successors


class ReviewConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the review stage: none so far."""


def review(
    reports: pd.DataFrame,
    config: ReviewConfig,
    *,
    decisions_file: pd.DataFrame,
    codings_file: pd.DataFrame,
    taxonomy: Taxonomy,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the decisions people made, and what stands of them.

    Parameters
    ----------
    reports : DataFrame
        Table ``reports``.
    config : ReviewConfig
    decisions_file : DataFrame
        Rows of ``human/decisions.csv``, all text.
    codings_file : DataFrame
        Rows of ``human/codings.csv``, all text; may have none.
    taxonomy : Taxonomy

    Returns
    -------
    decisions : DataFrame
        Each once, in the order of the file, with themes as they are today; without rulings on
        reports that are not in the study and themes that are no more.
    report_states, codings_standing, settled_themes : DataFrame
        See :class:`pipeline.review.standing_rulings.Standing`; reports in the order of ``reports``.
    """
    decisions = decisions_file[~is_on_removed_report(decisions_file, reports)]
    decisions = decisions.drop_duplicates("decision_id").reset_index(drop=True)
    codings = codings_file[codings_file["report_id"].isin(set(reports["report_id"]))]
    held = standing(decisions, codings, taxonomy)
    tables = (held.report_states, held.codings_standing, held.settled_themes)
    states, standing_codings, settled = (_in_report_order(table, reports) for table in tables)
    return _of_today(decisions, taxonomy), states, standing_codings, settled


def _in_report_order(table: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Put rows into the order of the reports, as stages that work in batches need them."""
    place = {report_id: i for i, report_id in enumerate(reports["report_id"])}
    order = table["report_id"].map(place).astype(int).argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _of_today(decisions: pd.DataFrame, taxonomy: Taxonomy) -> pd.DataFrame:
    """Give each ruling the theme its own has become; leave out those whose theme is no more."""
    became, current = successors(taxonomy), set(taxonomy.theme_ids)
    themes = decisions["theme_id"].map(lambda theme_id: became.get(theme_id, theme_id))
    is_kept = themes.isin(current) | (decisions["theme_id"] == "")
    return decisions.assign(theme_id=themes)[is_kept].reset_index(drop=True)


def is_on_removed_report(decisions: pd.DataFrame, reports: pd.DataFrame) -> pd.Series:
    """Tell of each decision whether it rules on a report that is not in the study (any more)."""
    known = set(reports["report_id"])
    is_gone = [
        (report := Heads.report_named(table, target)) is not None and report not in known
        for table, target in zip(decisions["target_table"], decisions["target_id"], strict=True)
    ]
    return pd.Series(is_gone, index=decisions.index, dtype=bool)


def newest_decisions(decisions: pd.DataFrame, target_table: str) -> pd.DataFrame:
    """Return, for each target, the decision that holds: the newest one that was not taken back.

    Parameters
    ----------
    decisions : DataFrame
        Table ``decisions``.
    target_table : str
        ``topics``, ``topic_themes`` or ``signals``, where anyone's newest word holds.

    Returns
    -------
    DataFrame
        At most one row for each ``(target_id, theme_id)``, without memos.
    """
    rows = decisions[decisions["target_table"].isin([target_table, "batches"])]
    held = [
        row
        for row in Heads.of(rows_of(rows)).rulings
        if row["target_table"] == target_table and row["verdict"] != "memo"
    ]
    return as_frame(held)
