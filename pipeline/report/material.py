"""What every section of the report is written from: one period, those before it, what holds."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.cluster.core import core_reports
from pipeline.comparison import Comparison
from pipeline.detect.detect import is_nowhere
from pipeline.errors import ConfigError
from pipeline.report import decisions as rulings
from pipeline.report.catalogue import load_catalogue
from pipeline.report.counts import compare, count, effect_of_writers, memberships
from pipeline.report.cross import Cross, cross
from pipeline.report.disclosure import Progress, lone_areas, naming_segments
from pipeline.report.findings_file import HeldFindings
from pipeline.report.names import with_shown_names
from pipeline.report.published import Published
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.report.quotes import content_words, quotable
from pipeline.report.settings import ReportConfig
from pipeline.review.review import newest_decisions
from pipeline.taxonomy.model import Taxonomy

PROPOSAL = "ratkaisuehdotus"
N_TOPICS_OF_GROUP = 5
"""Most topics named under a client group."""
Row = dict[Hashable, Any]
"""One row of a table: column to value."""


@dataclass(frozen=True)
class ReportTables:
    """The tables the report stage reads, under their own names.

    A table is named here and nowhere else: the stage reads what this class lists.
    """

    periods: pd.DataFrame
    rejected: pd.DataFrame
    reports: pd.DataFrame
    pii_spans: pd.DataFrame
    indirect: pd.DataFrame
    segments: pd.DataFrame
    tokens: pd.DataFrame
    topics: pd.DataFrame
    names: pd.DataFrame
    report_topics: pd.DataFrame
    segment_topics: pd.DataFrame
    candidates: pd.DataFrame
    report_themes: pd.DataFrame
    segment_themes: pd.DataFrame
    topic_themes: pd.DataFrame
    signals: pd.DataFrame
    decisions: pd.DataFrame
    report_states: pd.DataFrame
    codings_standing: pd.DataFrame
    settled_themes: pd.DataFrame
    loose_ends: pd.DataFrame
    report_map: pd.DataFrame
    topic_lineage: pd.DataFrame
    topic_edits: pd.DataFrame
    topic_parts: pd.DataFrame
    watch_histories: pd.DataFrame
    region_signals: pd.DataFrame
    signal_regions: pd.DataFrame
    coded_scores: pd.DataFrame
    corrected_shares: pd.DataFrame
    nearest_coded: pd.DataFrame
    tick_reliability: pd.DataFrame
    theme_gaps: pd.DataFrame
    segment_kinds: pd.DataFrame
    report_valences: pd.DataFrame


@dataclass(frozen=True)
class Material:
    """One period and those before it, with people's rulings applied.

    Attributes
    ----------
    tables : ReportTables
    config : ReportConfig
    period : str
        The period reported on; ``""`` when the study has none.
    sizes : dict of str to int
        Reports of quality ok in each period up to this one, oldest first.
    reports : DataFrame
        Reports of quality ok in those periods.
    now : DataFrame
        Those of them in this period.
    pairs : DataFrame
        Report-theme pairs of those reports (:func:`~pipeline.report.decisions.effective_themes`).
    topics, signals : DataFrame
        With the names and rulings that hold (:mod:`pipeline.report.names`).
    links : DataFrame
        Topic-theme links that hold.
    theme_labels : dict of str to str
        Label of each theme in the report's language; the Finnish one where that has none.
    quote_rulings : QuoteRulings
        Quotations the analyst pinned or banned.
    register : tuple of dict of str to str
        Rows of the analyst's register of signals (:mod:`pipeline.detect.register`).
    comparison : Comparison or None
        How coders, the machine and ticks agree; None when nothing is coded.
    later_periods : tuple of str
        Periods of the study after the one reported on, oldest first; nothing of them is counted.
    published : tuple of Published
        Reports of earlier periods as they were published.
    progress : callable or None
        Called as ``progress(done, total)`` while small cells of a cross table are hidden.
    former_labels : mapping of str to str
        Last label of each topic the study has had, by id.
    held_findings : HeldFindings
        The findings as the analyst left them; nothing for an earlier period.
    """

    tables: ReportTables
    config: ReportConfig
    period: str
    sizes: dict[str, int]
    reports: pd.DataFrame
    now: pd.DataFrame
    pairs: pd.DataFrame
    topics: pd.DataFrame
    signals: pd.DataFrame
    links: pd.DataFrame
    theme_labels: dict[str, str]
    quote_rulings: QuoteRulings
    register: tuple[dict[str, str], ...] = ()
    comparison: Comparison | None = None
    later_periods: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    progress: Progress | None = None
    held_findings: HeldFindings = field(default_factory=HeldFindings)
    former_labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def periods(self) -> list[str]:
        """Periods up to this one, oldest first."""
        return list(self.sizes)

    @property
    def n_now(self) -> int:
        """Reports of this period."""
        return len(self.now)

    @cached_property
    def untold(self) -> tuple[str, ...]:
        """Columns that no report of this period or an earlier one has an answer in."""
        return tuple(
            column
            for column in ("area", "client_groups", "valence")
            if (self.members(column)["value"] == "").all()
        )

    @property
    def has_past(self) -> bool:
        """Whether an earlier period has reports."""
        return len(self.reports) > len(self.now)

    @cached_property
    def now_ids(self) -> frozenset[str]:
        """Ids of this period's reports."""
        return frozenset(self.now["report_id"])

    @cached_property
    def themes(self) -> pd.DataFrame:
        """Counted themes as memberships: ``value``, ``report_id``, ``period``."""
        counted = self.pairs[self.pairs["counted"]]
        members = counted.rename(columns={"theme_id": "value"})[["value", "report_id"]]
        return members.merge(self.reports[["report_id", "period"]], on="report_id")

    @cached_property
    def topic_members(self) -> dict[str, list[str]]:
        """Members of each topic up to this period: the reports whose main topic it is.

        Every number told of a topic is that of these reports or of some of them.
        """
        return self._reports_of_topics(are_members=True)

    @cached_property
    def topic_touching(self) -> dict[str, list[str]]:
        """Reports up to this period that touch on each topic and have another main one, or none."""
        return self._reports_of_topics(are_members=False)

    @cached_property
    def firm_topics(self) -> frozenset[str]:
        """Topics with a core that a reader finds one subject in, and those a person stands for."""
        cores = core_reports(self.tables.report_topics)
        stands = self.topics["is_named"].astype(bool) | (self.topics["ruling"] == "accept")
        return frozenset(self.topics.loc[stands, "topic_id"]).union(
            topic_id for topic_id, core in cores.items() if core
        )

    def _reports_of_topics(self, *, are_members: bool) -> dict[str, list[str]]:
        """Return the reports of each topic that are its members, or those that are not."""
        held = self.tables.report_topics
        held = held[held["is_main"].astype(bool) == are_members]
        held = held[held["report_id"].isin(set(self.reports["report_id"]))]
        return {str(topic): list(rows["report_id"]) for topic, rows in held.groupby("topic_id")}

    @cached_property
    def counts(self) -> dict[str, pd.DataFrame]:
        """Reports of each value and period (:func:`~pipeline.report.counts.count`), by kind.

        Kinds are ``area``, ``client_groups``, ``valence``, ``data_source`` and ``theme``; of the
        last every theme of the taxonomy is counted.
        """
        columns = ("area", "client_groups", "valence", "data_source")
        found = {
            column: count(self.members(column), self.sizes, effect=self.effects[column])
            for column in columns
        }
        values = tuple(self.theme_labels)
        found["theme"] = count(self.themes, self.sizes, values, self.effects["theme"])
        return found

    @cached_property
    def effects(self) -> dict[str, float]:
        """How many times reports of one reporter widen the variance of shares, by kind.

        That of ``topic`` is also taken for other groups of reports, which are too few to tell.
        """
        columns = ("area", "client_groups", "valence", "data_source")
        found = {name: effect_of_writers(self.members(name), self.reports) for name in columns}
        found["theme"] = effect_of_writers(self.themes, self.reports)
        pairs = [(topic, one) for topic, ids in self.topic_members.items() for one in ids]
        topics = pd.DataFrame(pairs, columns=["value", "report_id"])
        return found | {"topic": effect_of_writers(topics, self.reports)}

    @cached_property
    def theme_table(self) -> pd.DataFrame:
        """Every theme of the taxonomy, this period beside the earlier ones."""
        return compare(self.counts["theme"], self.period, self.effects["theme"])

    @cached_property
    def quotable(self) -> pd.DataFrame:
        """Sentences of this period that may be quoted."""
        tables, config = self.tables, self.config
        mine = tables.segments[tables.segments["report_id"].isin(self.now_ids)]
        tokens = tables.tokens[tables.tokens["segment_id"].isin(set(mine["segment_id"]))]
        pool = quotable(
            self.now,
            mine,
            tokens,
            tables.pii_spans,
            config.min_quote_chars,
            config.max_quote_chars,
            self.quote_rulings,
            tables.indirect,
        )
        lone = [area for period, area in self.lone_areas if period == self.period]
        naming = naming_segments(tokens, lone)
        is_apart = [naming.isdisjoint(covers) for covers in pool["covers"]]
        return pool.loc[pd.Series(is_apart, index=pool.index, dtype=bool)]

    @cached_property
    def lone_areas(self) -> frozenset[tuple[str, str]]:
        """Periods and areas of which one report tells: naming the area would name its client."""
        if self.config.min_cell < 2:
            return frozenset()
        areas = self.members("area")
        return frozenset(
            (str(period), area)
            for period, rows in areas.groupby("period")
            for area in lone_areas(rows)
        )

    @cached_property
    def group_cross(self) -> Cross:
        """Themes of this period by client groups, small cells hidden."""
        return self._cross("client_groups")

    @cached_property
    def area_cross(self) -> Cross:
        """Themes of this period by areas, small cells hidden."""
        return self._cross("area")

    @cached_property
    def topic_cross(self) -> Cross:
        """The largest topics of each client group by client groups, small cells hidden."""
        held = self.tables.report_topics.rename(columns={"topic_id": "value"})
        gone = self.topics.loc[self.topics["ruling"] == "reject", "topic_id"]
        held = held[held["is_main"].astype(bool) & ~held["value"].isin(gone)]
        held = held[held["report_id"].isin(self.now_ids)]
        members = self.members("client_groups")
        members = members[members["period"] == self.period]
        both = held.merge(members[["value", "report_id"]], on="report_id", suffixes=("", "_group"))
        sizes = both.groupby(["value_group", "value"]).size().rename("n").reset_index()
        sizes = sizes.sort_values(["n", "value"], ascending=[False, True])
        rows = sizes.groupby("value_group").head(N_TOPICS_OF_GROUP)["value"]
        named = [str(topic_id) for topic_id in sorted(set(rows))]
        return cross(held, members, named, "client_groups", self.config.min_cell, self.progress)

    def _cross(self, column: str) -> Cross:
        """Cross this period's themes with a column."""
        members, table = self.members(column), self.theme_table
        if column == "area":
            members = members[members["value"] != ""]
        return cross(
            self.themes[self.themes["period"] == self.period],
            members[members["period"] == self.period],
            [str(theme_id) for theme_id in table.loc[table["n"] > 0, "value"]],
            column,
            self.config.min_cell,
            self.progress,
        )

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """Content lemmas of the sentences that may be quoted."""
        tokens = self.tables.tokens
        return content_words(tokens[tokens["segment_id"].isin(set(self.quotable["segment_id"]))])

    def of_kind(self, kind: str) -> pd.DataFrame:
        """Return this period's segments of a kind."""
        own = self._segments_now["kind"] == kind
        return self._segments_now.loc[own].drop(columns="kind")

    @cached_property
    def _segments_now(self) -> pd.DataFrame:
        """Segments of this period, with their kinds."""
        segments = self.tables.segments
        kinds = self.tables.segment_kinds[["segment_id", "kind"]]
        return segments[segments["report_id"].isin(self.now_ids)].merge(kinds, on="segment_id")

    def members(self, column: str) -> pd.DataFrame:
        """Return which report has which value of a column of ``reports``."""
        if column not in self._members:
            self._members[column] = self._members_of(column)
        return self._members[column]

    @cached_property
    def _members(self) -> dict[str, pd.DataFrame]:
        """The memberships listed so far, by column."""
        return {}

    def _members_of(self, column: str) -> pd.DataFrame:
        """List which report has which value of a column."""
        members = memberships(self.reports, column)
        if column != "area":
            return members
        said = ["" if is_nowhere(str(value)) else value for value in members["value"]]
        return members.assign(
            value=pd.Series(said, index=members.index, dtype=object)
        ).drop_duplicates()

    def theme_label(self, theme_id: str) -> str:
        """Return the label of a theme; an unknown one is shown by its id."""
        return self.theme_labels.get(theme_id, theme_id)


def gather(
    tables: ReportTables,
    config: ReportConfig,
    taxonomy: Taxonomy,
    quote_rulings: QuoteRulings,
    register: Sequence[dict[str, str]] = (),
    comparison: Comparison | None = None,
) -> Material:
    """Cut the tables to a period and its past and apply people's rulings.

    Raises
    ------
    ConfigError
        When ``config.period`` is no period of the study.
    """
    quote_rulings = quote_rulings.known(tables.segments["segment_id"])
    period, known = _period(tables.periods, config)
    reports = tables.reports
    held = reports[(reports["quality"] == "ok") & reports["period"].isin(known)]
    held = held.reset_index(drop=True)
    per_period = held["period"].value_counts()
    pairs = rulings.effective_themes(
        tables.report_themes, tables.settled_themes, tables.report_states
    )
    material = Material(
        tables=tables,
        config=config,
        period=period,
        sizes={name: int(per_period.get(name, 0)) for name in known},
        reports=held,
        now=held[held["period"] == period].reset_index(drop=True),
        pairs=pairs[pairs["report_id"].isin(set(held["report_id"]))].reset_index(drop=True),
        topics=rulings.effective_labels(
            tables.topics, "topic_id", newest_decisions(tables.decisions, "topics")
        ),
        signals=rulings.effective_labels(
            tables.signals, "signal_id", newest_decisions(tables.decisions, "signals")
        ),
        links=rulings.effective_links(tables.topic_themes, tables.decisions),
        theme_labels=_theme_labels(taxonomy, config.language),
        quote_rulings=quote_rulings,
        register=tuple(register),
        comparison=comparison,
    )
    return with_shown_names(material, taxonomy, load_catalogue(config.language))


def _theme_labels(taxonomy: Taxonomy, language: str) -> dict[str, str]:
    """Return the label of each theme in a language, or in Finnish where it has none."""
    return {theme.theme_id: theme.label(language) for theme in taxonomy.themes}


def _period(periods: pd.DataFrame, config: ReportConfig) -> tuple[str, list[str]]:
    """Return the period to report on and all periods up to it."""
    names = [str(name) for name in periods["period"]]
    if config.period is None:
        return (names[-1] if names else ""), names
    if config.period not in names:
        known = ", ".join(names) or "none"
        raise ConfigError(
            "report.period must be a period of the study ({known}). Got {period!r}.",
            known=known,
            period=config.period,
        )
    return config.period, names[: names.index(config.period) + 1]
