"""Cut a study's tables to what was known at the end of an earlier period."""

from dataclasses import fields, replace

import pandas as pd

from pipeline.detect.detect import DetectConfig, find_signals
from pipeline.detect.histories import GroupTables
from pipeline.detect.watch import watch_histories
from pipeline.frames import empty
from pipeline.report.material import ReportTables

_WITH_MEMBERS = ("candidates", "topic_parts")
"""Tables whose rows name the reports of a group."""
_OF_THE_NEWEST = ("topic_lineage", "region_signals", "signal_regions")
"""Tables of the newest period alone."""


def as_known_then(
    tables: ReportTables, period: str, config: DetectConfig, seed: int
) -> ReportTables:
    """Return the tables as they would be with no report after a period.

    Reports of later periods are gone from every table, and topics, signals and what is watched
    for are counted, tested and ranked anew. What the groups and suggestions were learnt from
    stays as it is: the later reports had their part in it.

    Parameters
    ----------
    tables : ReportTables
    period : str
        One of the study's.
    config : DetectConfig
        Settings the signals were found with.
    seed : int
        Of the shuffles.

    Returns
    -------
    ReportTables
        ``rejected`` and ``topic_edits`` are whole, for their rows belong to no period. There is
        no ``topic_lineage``, which compares the newest run with the one before.
    """
    names = [str(name) for name in tables.periods["period"]]
    known = names[: names.index(period) + 1]
    reports = tables.reports
    later = set(reports.loc[~reports["period"].isin(known), "report_id"])
    segments = tables.segments
    told_later = set(segments.loc[segments["report_id"].isin(later), "segment_id"])
    cut = {
        field.name: _without(getattr(tables, field.name), later, told_later)
        for field in fields(tables)
    }
    cut["periods"] = tables.periods[tables.periods["period"].isin(known)].reset_index(drop=True)
    cut |= {name: _candidates(getattr(tables, name), later) for name in _WITH_MEMBERS}
    cut |= {name: empty(name) for name in _OF_THE_NEWEST}
    then = replace(tables, **cut)
    then = replace(then, topics=_topics(then))
    return replace(
        then,
        signals=find_signals(
            then.periods,
            then.reports,
            GroupTables(then.topics, then.report_topics, then.candidates),
            then.report_themes,
            config,
            seed=seed,
            progress=_tell_nobody,
        ),
        watch_histories=_watched(tables, then, later, config, seed),
    )


def _tell_nobody(done: int, total: int) -> None:
    """Show no progress."""


def _without(table: pd.DataFrame, later: set[str], told_later: set[str]) -> pd.DataFrame:
    """Leave out the rows of later reports and of their sentences."""
    gone = pd.Series(False, index=table.index)
    for name, ids in (("report_id", later), ("segment_id", told_later), ("coded_report_id", later)):
        if name in table.columns:
            gone |= table[name].isin(ids)
    return table[~gone].reset_index(drop=True)


def _candidates(candidates: pd.DataFrame, later: set[str]) -> pd.DataFrame:
    """Leave later reports out of groups, and groups that are left with fewer than two."""
    kept = candidates.assign(
        report_ids=pd.Series(
            [[i for i in ids if i not in later] for ids in candidates["report_ids"]],
            index=candidates.index,
            dtype=object,
        )
    )
    return kept[kept["report_ids"].map(len) > 1].reset_index(drop=True)


def _topics(then: ReportTables) -> pd.DataFrame:
    """Return the topics that had a member, with their numbers of members."""
    main = then.report_topics[then.report_topics["is_main"].astype(bool)]
    ok = set(then.reports.loc[then.reports["quality"] == "ok", "report_id"])
    sizes = main[main["report_id"].isin(ok)].groupby("topic_id").size()
    topics = then.topics.assign(n_reports=then.topics["topic_id"].map(sizes).fillna(0).astype(int))
    return topics[topics["n_reports"] > 0].reset_index(drop=True)


def _watched(
    tables: ReportTables, then: ReportTables, later: set[str], config: DetectConfig, seed: int
) -> pd.DataFrame:
    """Give what is watched for its history up to then."""
    rows = zip(tables.watch_histories["watch"], tables.watch_histories["report_ids"], strict=True)
    members = {str(name): frozenset(ids) - later for name, ids in rows}
    return watch_histories(then.periods, then.reports, members, config, seed)
