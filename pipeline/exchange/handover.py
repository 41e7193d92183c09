"""Gather what of a study goes out to other programs."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.artifacts import Store
from pipeline.codings import read_codings
from pipeline.errors import ConfigError
from pipeline.exchange.from_study import Handover
from pipeline.exchange.source_texts import Grouping
from pipeline.review.decisions_file import Row, read_decisions, rows_of
from pipeline.review.heads import Heads
from pipeline.review.standing_rulings import Standing, standing
from pipeline.taxonomy.model import Taxonomy


@dataclass(frozen=True)
class Chosen:
    """Which part of a study goes out.

    Attributes
    ----------
    period : str
        Reports of this period alone; ``""`` for all.
    coder : str
        Codings and memos of this coder alone; ``""`` for all.
    with_suggestions : bool
        Whether the machine's suggestions go along, as a coder of their own.
    grouping : {"reports", "period"}
    """

    period: str = ""
    coder: str = ""
    with_suggestions: bool = False
    grouping: Grouping = "reports"


@dataclass(frozen=True)
class People:
    """What people decided.

    Attributes
    ----------
    standing : Standing
    memos : list of dict
        Rows of the log that are memos and hold.
    """

    standing: Standing
    memos: list[Row]


def read_people(human: Path, taxonomy: Taxonomy) -> People:
    """Read what people decided in a study."""
    decisions = read_decisions(human)
    found = standing(decisions, read_codings(human), taxonomy)
    return People(
        found, [row for row in Heads.of(rows_of(decisions)).rulings if row["verdict"] == "memo"]
    )


def gather(store: Store, taxonomy: Taxonomy, chosen: Chosen) -> Handover:
    """Gather the chosen reports, codings and memos.

    Raises
    ------
    ArtifactError
        When the study has not been run.
    ConfigError
        When no report is of the period.
    """
    reports = store.read("reports")
    reports = reports[reports["quality"] != "empty"]
    if chosen.period:
        known = sorted(set(reports["period"]) - {""})
        reports = reports[reports["period"] == chosen.period]
        if reports.empty:
            raise ConfigError(
                "--period must be a period with reports: {known}. Got {period}.",
                known=", ".join(known),
                period=chosen.period,
            )
    people = read_people(store.study.human, taxonomy)
    ids = set(reports["report_id"])
    codings = people.standing.codings_standing
    codings = codings[codings["report_id"].isin(ids)]
    memos = [row for row in people.memos if _report_of(row) in ids]
    if chosen.coder:
        codings = codings[codings["coder"] == chosen.coder]
        memos = [row for row in memos if row["coder"] == chosen.coder]
    segments = store.read("segments")
    return Handover(
        name=store.study.root.resolve().name,
        reports=reports,
        segments=segments[segments["report_id"].isin(ids)],
        codings=codings.reset_index(drop=True),
        suggestions=_suggestions(store, ids) if chosen.with_suggestions else pd.DataFrame(),
        memos=memos,
        taxonomy=taxonomy,
        grouping=chosen.grouping,
    )


def _report_of(row: Row) -> str:
    """Return the report a memo is about, or ``""``."""
    target = row["target_id"]
    match row["target_table"]:
        case "reports" | "report_themes":
            return target
        case "segments" | "segment_themes":
            return target.rsplit("/", 2)[0]
        case _:
            return ""


def _suggestions(store: Store, ids: set[str]) -> pd.DataFrame:
    """Return the themes the machine suggests for reports."""
    pairs = store.read("report_themes")
    return pairs[pairs["assigned"] & pairs["report_id"].isin(ids)]
