"""Test every topic and candidate for growth over the periods, and list what rises.

A count is of distinct reports: of quality ok, with a known period, near-copies left out
(:func:`pipeline.cluster.distinct.is_distinct`).
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from pipeline.cluster.ids import group_id
from pipeline.detect.calibrate import ListRules, Ranking
from pipeline.detect.exchange import Exchange
from pipeline.detect.histories import GroupTables, Histories, read_histories
from pipeline.detect.rises import status_and_p
from pipeline.detect.status import rise_name
from pipeline.detect.trend import Ints
from pipeline.figures.intervals import exact_interval
from pipeline.frames import empty
from pipeline.tables import TABLES

_CANNOT_TELL = ("too-few", "unclear", "steady")
"""Statuses of a group whose own test tells neither rise nor fall."""
_MIN_THEME_SHARE = 0.5

_NOWHERE = re.compile(
    r"(?:alue(?:tta)?|kunta|paikkakunta)?\s*"
    r"(?:ei (?:ole )?(?:ilmoitettu|tiedossa|tietoa|mainittu|m\u00e4\u00e4ritelty)|tuntematon)\W*",
    re.IGNORECASE,
)
"""Answers by which a form says that no area was given."""


class DetectConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the detect stage."""

    n_listed: int = Field(
        default=8,
        ge=1,
        le=20,
        description="Most rising groups in the list a person looks at, and in that of each region.",
    )
    n_shuffles: int = Field(
        default=400,
        ge=20,
        description="Shuffles of the periods that tell how much of the list is chance.",
    )
    exchange: Exchange = Field(
        default="reporter",
        description="What moves together in a shuffle: nothing (report), or one reporter's or one "
        "unit's reports of one period, where the form tells who wrote.",
    )
    signal_q: float = Field(
        default=0.1,
        gt=0,
        le=1,
        description="Largest expected share of chance (q) of a group called a signal, by all "
        "shuffles and by most fifths of them.",
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
    watch_cut: float = Field(
        default=4.5,
        description="Least score, in standard scores, of a report that says what is watched for.",
    )
    wide_areas: tuple[str, ...] = Field(
        default=("hyvinvointialue", "valtakunnallinen", "koko "),
        description="An area whose name holds one of these is wide and not counted as an area.",
    )

    @property
    def rules(self) -> ListRules:
        """What gets into the list."""
        return ListRules(
            self.n_listed, self.max_overlap, self.min_newest_reports, self.min_recent_reports
        )


def detect(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    groups: GroupTables,
    report_themes: pd.DataFrame,
    config: DetectConfig,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> pd.DataFrame:
    """Give every topic and candidate its history, and rank those that rise.

    Parameters
    ----------
    periods, reports, report_themes : DataFrame
        The tables of those names.
    groups : GroupTables
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
    histories = read_histories(periods, reports, groups, config.exchange)
    if not histories.subjects:
        return empty("signals")
    ranking = _ranking(histories, config, seed, progress)
    rows = _rows(histories, config, seed)
    _add_places(rows, ranking, list(histories.separations), config)
    _agree(rows, histories.window.sizes)
    _add_company(rows, reports, report_themes, config.wide_areas)
    rows.sort(key=lambda row: (row["rank"] or 99, row["p_value"] or 0, row["signal_id"]))
    names = [column.name for column in TABLES["signals"].columns]
    return pd.DataFrame(rows, columns=names, dtype=object)


def _ranking(
    histories: Histories, config: DetectConfig, seed: int, progress: Callable[[int, int], None]
) -> Ranking:
    """Rank the groups that may be listed; nothing is listed without periods to compare."""
    ranker = histories.ranker(config.rules)
    if ranker is None:
        return Ranking(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros((0, 0)))
    rng = np.random.default_rng(seed)
    blocks = histories.counted.blocks
    return ranker.calibrated(blocks.periods, config.n_shuffles, rng, progress, blocks.shuffled)


def _rows(histories: Histories, config: DetectConfig, seed: int) -> list[dict[str, Any]]:
    """Return a row a subject with its history, test and status, not yet ranked."""
    counts, window = histories.counts, histories.window
    blocks = histories.counted.blocks
    names, p_values = status_and_p(histories.rows, counts, blocks, window, config, seed)
    rows: list[dict[str, Any]] = []
    for subject, history, row, status, p in zip(
        histories.subjects, histories.rows, counts, names, p_values, strict=True
    ):
        newest = (int(row[-1]), int(window.sizes[-1])) if len(row) else (0, 0)
        ci_low, ci_high = exact_interval(*newest)
        rows.append(
            {
                "signal_id": group_id("S", subject.members),
                "rank": None,
                "status": status,
                "strength": "candidate",
                "label": subject.label,
                "report_ids": [histories.counted.report_ids[i] for i in history],
                "counts": row.tolist(),
                "p_value": p,
                "q_value": None,
                "q_low": None,
                "q_high": None,
                "p_max": None,
                "ci_low": ci_low,
                "ci_high": ci_high,
                "candidate_id": subject.candidate_id,
                "topic_id": subject.topic_id,
            }
        )
    return rows


def _add_places(
    rows: list[dict[str, Any]], ranking: Ranking, tested: list[int], config: DetectConfig
) -> None:
    """Write rank, q, p of the maximum and strength into the listed rows."""
    by_part = np.vstack([ranking.q_values, ranking.q_by_part])
    listed = zip(
        ranking.groups.tolist(),
        ranking.q_values.tolist(),
        ranking.p_max.tolist(),
        by_part.min(axis=0).tolist(),
        by_part.max(axis=0).tolist(),
        ranking.mostly_at_most(config.signal_q).tolist(),
        strict=True,
    )
    for rank, (group, q, p_max, q_low, q_high, is_sure) in enumerate(listed, 1):
        row = rows[tested[group]]
        row.update(rank=rank, q_value=q, p_max=p_max, q_low=q_low, q_high=q_high)
        if is_sure:
            row["strength"] = "signal"
        elif q <= config.watch_q:
            row["strength"] = "watch"


def _agree(rows: list[dict[str, Any]], sizes: Ints) -> None:
    """Let the status agree with the list where the group's own test cannot tell.

    A signal is named by its rise; what is only worth watching may be growing. No listed group is
    steady: it is there for rising, and that a test does not tell is no sign of sameness.
    """
    for row in rows:
        if row["status"] not in _CANNOT_TELL:
            continue
        if row["strength"] == "signal":
            row["status"] = rise_name(np.array(row["counts"]), sizes)
        elif row["strength"] == "watch":
            row["status"] = "perhaps-growing"
        elif row["rank"] is not None and row["status"] == "steady":
            row["status"] = "unclear"


def _add_company(
    rows: list[dict[str, Any]],
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
        members = row["report_ids"]
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
    return is_nowhere(area) or any(part in area.casefold() for part in wide_areas)


def is_nowhere(area: str) -> bool:
    """Say whether an answer tells that no area was given.

    Examples
    --------
    >>> is_nowhere("Alue ei ilmoitettu"), is_nowhere("Ei tiedossa."), is_nowhere("Eikka")
    (True, True, False)
    """
    return _NOWHERE.fullmatch(area.strip()) is not None
