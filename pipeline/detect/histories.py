"""Topics and candidates as histories: which of their reports stands in which period.

A count is of distinct reports: of quality ok, with a known period, near-copies left out
(:func:`pipeline.cluster.distinct.is_distinct`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.cluster.distinct import is_distinct
from pipeline.detect.calibrate import Groups, ListRules, Ranker, separation_weights
from pipeline.detect.exchange import Blocks, Exchange
from pipeline.detect.independence import Independence, independence
from pipeline.detect.status import Window
from pipeline.detect.trend import Ints, plain_test, seasonal_test
from pipeline.frames import empty


@dataclass(frozen=True, eq=False)
class GroupTables:
    """The tables of the groups whose histories are told: topics, their reports and candidates."""

    topics: pd.DataFrame
    report_topics: pd.DataFrame
    candidates: pd.DataFrame

    @classmethod
    def among(cls, tables: Mapping[str, pd.DataFrame]) -> "GroupTables":
        """Take them from among tables by name."""
        return cls(tables["topics"], tables["report_topics"], tables["candidates"])

    @classmethod
    def without_topics(cls, candidates: pd.DataFrame) -> "GroupTables":
        """Return candidates beside which no topic has a history."""
        return cls(empty("topics"), empty("report_topics"), candidates)


@dataclass(frozen=True)
class Subject:
    """A topic or candidate that gets a row."""

    label: str
    members: frozenset[str]
    candidate_id: str | None
    topic_id: str | None


@dataclass(frozen=True, eq=False)
class Counted:
    """The reports that count, and where each stands in time.

    Attributes
    ----------
    report_ids : list of str
    periods : ndarray of shape (n_reports,)
        Row of ``periods`` of each report.
    sizes : ndarray of shape (n_periods,)
        Reports of each period.
    row_of : dict of str to int
    independence : Independence
        Which of them move together when the periods are shuffled, and why.
    """

    report_ids: list[str]
    periods: Ints
    sizes: Ints
    row_of: dict[str, int]
    independence: Independence

    @property
    def blocks(self) -> Blocks:
        """Reports that move as a whole."""
        return self.independence.blocks

    def rows(self, members: frozenset[str]) -> list[int]:
        """Return the row numbers of the members that count, oldest first."""
        rows = (self.row_of[member] for member in members if member in self.row_of)
        return sorted(rows, key=lambda row: (self.periods[row], row))

    def counts(self, members: frozenset[str]) -> Ints:
        """Return the members that count, by period."""
        return np.bincount(self.periods[self.rows(members)], minlength=len(self.sizes))


@dataclass(frozen=True, eq=False)
class Histories:
    """All topics and candidates with their rows, and the tests of their window.

    Attributes
    ----------
    subjects : list of Subject
    separations : dict of int to float
        Separation of the subjects that may be listed: the candidates.
    counted : Counted
    window : Window
    rows : list of list of int
        Rows of each subject's reports, oldest first.
    """

    subjects: list[Subject]
    separations: dict[int, float]
    counted: Counted
    window: Window
    rows: list[list[int]]

    @property
    def counts(self) -> Ints:
        """Members of each subject in each period, ``(n_subjects, n_periods)``."""
        n_periods = len(self.counted.sizes)
        return np.array(
            [np.bincount(self.counted.periods[rows], minlength=n_periods) for rows in self.rows]
        ).reshape(len(self.rows), n_periods)

    def ranker(self, rules: ListRules) -> Ranker | None:
        """Return what ranks the candidates, in the order of ``separations``.

        None when there is nothing to rank: no candidate, or fewer than two periods with reports.
        A group counts for its separation and, where reports move together, for the number of its
        blocks a report: five reports of one writer weigh a fifth of five of five writers.

        References
        ----------
        Rao and Scott (1992), A simple method for the analysis of clustered binary data,
        doi:10.2307/2532311, for effective numbers.
        """
        from scipy import sparse

        if not self.window.can_compare or not self.separations:
            return None
        of_groups = [self.rows[subject] for subject in self.separations]
        starts = np.cumsum([0, *(len(rows) for rows in of_groups)])
        flat = np.array([row for rows in of_groups for row in rows], dtype=np.int64)
        members = sparse.csr_matrix(
            (np.ones(len(flat)), flat, starts),
            shape=(len(of_groups), len(self.counted.report_ids)),
        )
        weights = separation_weights(np.array(list(self.separations.values())))
        weights *= [self.counted.blocks.share_apart(rows) for rows in of_groups]
        return Ranker(Groups(members, weights), self.window.tests, rules)


def read_histories(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    groups: GroupTables,
    exchange: Exchange = "report",
) -> Histories:
    """Gather the histories of all topics and candidates.

    Parameters
    ----------
    periods, reports : DataFrame
        The tables of those names.
    groups : GroupTables
    exchange : {"report", "reporter", "unit"}
        What moves together when the periods are shuffled.

    Returns
    -------
    Histories
        A candidate with the very reports of a topic is that topic.
    """
    subjects, separations = _subjects(reports, groups)
    counted = count_reports(periods, reports, exchange)
    return Histories(
        subjects,
        separations,
        counted,
        window_of(periods, counted),
        [counted.rows(subject.members) for subject in subjects],
    )


def count_reports(
    periods: pd.DataFrame, reports: pd.DataFrame, exchange: Exchange = "report"
) -> Counted:
    """Find the reports that count, and what moves together when the periods are shuffled."""
    number_of = {period: number for number, period in enumerate(periods["period"])}
    counts = is_distinct(reports) & reports["period"].isin(list(number_of))
    report_ids = reports.loc[counts, "report_id"].tolist()
    numbers = np.array([number_of[p] for p in reports.loc[counts, "period"]], dtype=np.int64)
    return Counted(
        report_ids,
        numbers,
        np.bincount(numbers, minlength=len(periods)).astype(np.int64),
        {report_id: row for row, report_id in enumerate(report_ids)},
        independence(numbers, reports[counts], exchange),
    )


def window_of(periods: pd.DataFrame, counted: Counted) -> Window:
    """Return the periods' window, with the tests that belong to it."""
    sizes = counted.sizes.tolist()
    return Window(counted.sizes, plain_test(sizes), seasonal_test(sizes, periods["start"].tolist()))


def _subjects(reports: pd.DataFrame, groups: GroupTables) -> tuple[list[Subject], dict[int, float]]:
    """Return topics and candidates, and the separation of those that may be listed."""
    distinct = set(reports.loc[is_distinct(reports), "report_id"])
    topics, candidates = groups.topics, groups.candidates
    main = groups.report_topics[groups.report_topics["is_main"].astype(bool)]
    of_topic = {str(t): frozenset(ids) for t, ids in main.groupby("topic_id")["report_id"]}
    subjects: dict[frozenset[str], Subject] = {}
    for topic_id, label in zip(topics["topic_id"], topics["label"], strict=True):
        members = of_topic.get(topic_id, frozenset()) & distinct
        subjects[members] = Subject(label, members, None, topic_id)
    separations: dict[frozenset[str], float] = {}
    names = ("candidate_id", "report_ids", "separation", "topic_id", "label")
    columns = (candidates[name] for name in names)
    for candidate_id, report_ids, separation, within, label in zip(*columns, strict=True):
        members = frozenset(report_ids) & distinct
        topic_id = None if pd.isna(within) else within
        subjects.setdefault(members, Subject(label, members, candidate_id, topic_id))
        separations.setdefault(members, float(separation))
    listable = {i: separations[m] for i, m in enumerate(subjects) if m in separations}
    return list(subjects.values()), listable
