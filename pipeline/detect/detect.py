"""Test every topic and candidate for growth over the periods, and list what rises.

A count is of distinct reports: of quality ok, with a known period, near-copies left out
(:func:`pipeline.cluster.distinct.is_distinct`).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from pipeline.cluster.distinct import is_distinct
from pipeline.cluster.ids import group_id
from pipeline.detect.calibrate import Groups, ListRules, Ranker, Ranking, separation_weights
from pipeline.detect.status import Window, statuses
from pipeline.detect.trend import Ints, plain_test, seasonal_test, share_interval
from pipeline.tables import TABLES, empty

_MIN_THEME_SHARE = 0.5


class DetectConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the detect stage."""

    n_listed: int = Field(
        default=8, ge=1, le=8, description="Most rising groups in the list a person looks at."
    )
    n_shuffles: int = Field(
        default=400,
        ge=20,
        description="Shuffles of the periods that tell how much of the list is chance.",
    )
    signal_q: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="Largest expected share of chance (q) of a group called a signal.",
    )
    watch_q: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Largest expected share of chance (q) of a group to watch.",
    )
    alpha: float = Field(
        default=0.05, gt=0, lt=0.5, description="Level of the exact tests that name a status."
    )
    min_reports: int = Field(
        default=3, ge=2, description="Fewest reports of a group whose history is named."
    )
    min_newest_reports: int = Field(
        default=1, ge=0, description="Reports a listed group must have in the newest period."
    )
    min_recent_reports: int = Field(
        default=3, ge=0, description="Reports a listed group must have in the newest two periods."
    )
    max_overlap: float = Field(
        default=0.34,
        ge=0,
        lt=1,
        description="Largest share of a group's reports that a better one in the list may have.",
    )
    wide_areas: tuple[str, ...] = Field(
        default=("hyvinvointialue", "valtakunnallinen", "koko "),
        description="An area whose name holds one of these is wide and not counted as an area.",
    )


@dataclass(frozen=True)
class _Subject:
    """A topic or candidate that gets a row."""

    label: str
    members: frozenset[str]
    candidate_id: str | None
    topic_id: str | None


@dataclass(frozen=True, eq=False)
class _Counted:
    """The reports that count, and where each stands in time."""

    report_ids: list[str]
    periods: Ints
    sizes: Ints
    row_of: dict[str, int]

    def rows(self, members: frozenset[str]) -> list[int]:
        """Return the row numbers of the members that count, oldest first."""
        rows = (self.row_of[member] for member in members if member in self.row_of)
        return sorted(rows, key=lambda row: (self.periods[row], row))


def detect(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    topics: pd.DataFrame,
    report_topics: pd.DataFrame,
    candidates: pd.DataFrame,
    report_themes: pd.DataFrame,
    config: DetectConfig,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> pd.DataFrame:
    """Give every topic and candidate its history, and rank those that rise.

    Parameters
    ----------
    periods, reports, topics, report_topics, candidates, report_themes : DataFrame
        The tables of those names.
    config : DetectConfig
    seed : int
        Seed of the shuffles.
    progress : callable
        Called as ``progress(done, total)`` after each shuffle.

    Returns
    -------
    DataFrame
        Table ``signals``: the list by rank, then the other groups by p-value. A row without
        ``candidate_id`` is a topic itself (its main reports); a candidate with the very reports of
        a topic has no row of its own. Only ranked rows can be ``signal`` or ``watch``.
        ``report_ids`` are the reports counted, so ``counts`` sums to their number. With reports in
        fewer than two periods there are no p-values and no list, and every status is ``too-few``.
    """
    subjects, tested = _subjects(reports, topics, report_topics, candidates)
    if not subjects:
        return empty("signals")
    counted = _counted(periods, reports)
    sizes = counted.sizes.tolist()
    window = Window(
        counted.sizes, plain_test(sizes), seasonal_test(sizes, periods["start"].tolist())
    )
    histories = [counted.rows(subject.members) for subject in subjects]
    ranking = _ranking(histories, tested, counted, window, config, seed, progress)
    counts = np.array([np.bincount(counted.periods[h], minlength=len(sizes)) for h in histories])
    rows = _rows(subjects, histories, counts, counted, window, config)
    _add_places(rows, ranking, list(tested), config)
    _add_company(rows, reports, report_themes, config.wide_areas)
    rows.sort(key=lambda row: (row["rank"] or 99, row["p_value"] or 0, row["signal_id"]))
    names = [column.name for column in TABLES["signals"].columns]
    return pd.DataFrame(rows, columns=names, dtype=object)


def _subjects(
    reports: pd.DataFrame,
    topics: pd.DataFrame,
    report_topics: pd.DataFrame,
    candidates: pd.DataFrame,
) -> tuple[list[_Subject], dict[int, float]]:
    """Return topics and candidates, and the separation of those that may be listed."""
    distinct = set(reports.loc[is_distinct(reports), "report_id"])
    main = report_topics[report_topics["is_main"].astype(bool)]
    of_topic = {str(t): frozenset(ids) for t, ids in main.groupby("topic_id")["report_id"]}
    subjects: dict[frozenset[str], _Subject] = {}
    for topic_id, label in zip(topics["topic_id"], topics["label"], strict=True):
        members = of_topic.get(topic_id, frozenset()) & distinct
        subjects[members] = _Subject(label, members, None, topic_id)
    separations: dict[frozenset[str], float] = {}
    names = ("candidate_id", "report_ids", "separation", "topic_id", "label")
    columns = (candidates[name] for name in names)
    for candidate_id, report_ids, separation, within, label in zip(*columns, strict=True):
        members = frozenset(report_ids) & distinct
        topic_id = None if pd.isna(within) else within
        subjects.setdefault(members, _Subject(label, members, candidate_id, topic_id))
        separations.setdefault(members, float(separation))
    listable = {i: separations[m] for i, m in enumerate(subjects) if m in separations}
    return list(subjects.values()), listable


def _counted(periods: pd.DataFrame, reports: pd.DataFrame) -> _Counted:
    """Find the reports that count."""
    number_of = {period: number for number, period in enumerate(periods["period"])}
    counts = is_distinct(reports) & reports["period"].isin(list(number_of))
    report_ids = reports.loc[counts, "report_id"].tolist()
    numbers = np.array([number_of[p] for p in reports.loc[counts, "period"]], dtype=np.int64)
    return _Counted(
        report_ids,
        numbers,
        np.bincount(numbers, minlength=len(periods)).astype(np.int64),
        {report_id: row for row, report_id in enumerate(report_ids)},
    )


def _ranking(
    histories: list[list[int]],
    tested: dict[int, float],
    counted: _Counted,
    window: Window,
    config: DetectConfig,
    seed: int,
    progress: Callable[[int, int], None],
) -> Ranking:
    """Rank the groups that may be listed; nothing is listed without periods to compare."""
    from scipy import sparse

    if not window.can_compare or not tested:
        return Ranking(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    of_groups = [histories[subject] for subject in tested]
    starts = np.cumsum([0, *(len(history) for history in of_groups)])
    flat = np.array([row for history in of_groups for row in history], dtype=np.int64)
    members = sparse.csr_matrix(
        (np.ones(len(flat)), flat, starts), shape=(len(of_groups), len(counted.report_ids))
    )
    weights = separation_weights(np.array(list(tested.values())))
    rules = ListRules(
        config.n_listed,
        config.max_overlap,
        config.min_newest_reports,
        config.min_recent_reports,
    )
    ranker = Ranker(Groups(members, weights), window.tests, rules)
    rng = np.random.default_rng(seed)
    return ranker.calibrated(counted.periods, config.n_shuffles, rng, progress)


def _rows(
    subjects: list[_Subject],
    histories: list[list[int]],
    counts: Ints,
    counted: _Counted,
    window: Window,
    config: DetectConfig,
) -> list[dict[str, object]]:
    """Return a row a subject with its history, test and status, not yet ranked."""
    names = statuses(counts, window, alpha=config.alpha, min_reports=config.min_reports)
    p_values = window.p_rise(counts).tolist() if window.can_compare else [None] * len(subjects)
    rows: list[dict[str, object]] = []
    for subject, history, row, status, p in zip(
        subjects, histories, counts, names, p_values, strict=True
    ):
        newest = (int(row[-1]), int(window.sizes[-1])) if len(row) else (0, 0)
        ci_low, ci_high = share_interval(*newest)
        rows.append(
            {
                "signal_id": group_id("S", subject.members),
                "rank": None,
                "status": status,
                "strength": "candidate",
                "label": subject.label,
                "report_ids": [counted.report_ids[i] for i in history],
                "counts": row.tolist(),
                "p_value": p,
                "q_value": None,
                "p_max": None,
                "ci_low": ci_low,
                "ci_high": ci_high,
                "candidate_id": subject.candidate_id,
                "topic_id": subject.topic_id,
            }
        )
    return rows


def _add_places(
    rows: list[dict[str, object]], ranking: Ranking, tested: list[int], config: DetectConfig
) -> None:
    """Write rank, q, p of the maximum and strength into the listed rows."""
    listed = zip(
        ranking.groups.tolist(), ranking.q_values.tolist(), ranking.p_max.tolist(), strict=True
    )
    for rank, (group, q, p_max) in enumerate(listed, 1):
        row = rows[tested[group]]
        row.update(rank=rank, q_value=q, p_max=p_max)
        if q <= config.signal_q:
            row["strength"] = "signal"
        elif q <= config.watch_q:
            row["strength"] = "watch"


def _add_company(
    rows: list[dict[str, object]],
    reports: pd.DataFrame,
    report_themes: pd.DataFrame,
    wide_areas: tuple[str, ...],
) -> None:
    """Write into each row what its members have in common: areas, client groups, themes."""
    areas = dict(zip(reports["report_id"], reports["area"], strict=True))
    groups = dict(zip(reports["report_id"], reports["client_groups"], strict=True))
    assigned = report_themes[report_themes["assigned"].astype(bool)]
    themes = assigned.groupby("report_id")["theme_id"].agg(list).to_dict()
    for row in rows:
        members: list[str] = row["report_ids"]  # type: ignore[assignment]
        named = {area for member in members for area in areas[member]}
        row["n_areas"] = sum(not is_wide(area, wide_areas) for area in named)
        row["n_client_groups"] = len({group for member in members for group in groups[member]})
        tally = Counter(theme for member in members for theme in themes.get(member, ()))
        ordered = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))
        row["theme_ids"] = [t for t, n in ordered if n >= _MIN_THEME_SHARE * len(members)]


def is_wide(area: str, wide_areas: tuple[str, ...]) -> bool:
    """Say whether an area is wider than a municipality.

    Examples
    --------
    >>> is_wide("Koko maakunta", ("koko ",)), is_wide("Kokemäki", ("koko ",))
    (True, False)
    """
    return any(part in area.casefold() for part in wide_areas)
