"""Test every topic and candidate for growth over the periods, and rank those that rise.

This is the dear part of detect: it rests on which reports are in which group and period and on who
wrote them, and on no name, theme or area.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.cluster.ids import group_id
from pipeline.detect.calibrate import Ranking
from pipeline.detect.histories import GroupTables, Histories, read_histories
from pipeline.detect.rises import status_and_p
from pipeline.detect.settings import DetectConfig
from pipeline.detect.status import rise_name
from pipeline.detect.trend import Ints
from pipeline.figures.intervals import exact_interval

CALIBRATED = (
    *("n_listed", "n_shuffles", "exchange", "signal_q", "watch_q", "alpha"),
    *("min_reports", "min_newest_reports", "min_recent_reports", "max_overlap"),
)
"""Settings that :func:`calibrate` looks at."""

_CANNOT_TELL = ("too-few", "unclear", "steady")
"""Statuses of a group whose own test tells neither rise nor fall."""


@dataclass(frozen=True, kw_only=True)
class Rise:
    """One topic or candidate with its history, as table ``signals`` says it, but for its company.

    Attributes
    ----------
    report_ids : tuple of str
        Members that are counted, oldest first.
    counts : tuple of int
        Of them in each period.
    """

    signal_id: str
    rank: int | None = None
    status: str
    strength: str = "candidate"
    report_ids: tuple[str, ...]
    counts: tuple[int, ...]
    p_value: float | None
    q_value: float | None = None
    q_low: float | None = None
    q_high: float | None = None
    p_max: float | None = None
    ci_low: float
    ci_high: float
    candidate_id: str | None
    topic_id: str | None


@dataclass(frozen=True)
class Rises:
    """Every topic and candidate with its history, the list first, then by p-value."""

    rises: tuple[Rise, ...]


def calibrate(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    topics: pd.DataFrame,
    report_topics: pd.DataFrame,
    candidates: pd.DataFrame,
    config: DetectConfig,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> Rises:
    """Give every topic and candidate its history, and rank those that rise.

    Parameters
    ----------
    periods, reports, topics, report_topics, candidates : DataFrame
        The tables of those names; labels are not looked at.
    config : DetectConfig
    seed : int
        Seed of the shuffles.
    progress : callable
        Called as ``progress(done, total)`` after each shuffle.

    Returns
    -------
    Rises
        None of them where there is no group.
    """
    groups = GroupTables(topics.assign(label=""), report_topics, candidates.assign(label=""))
    histories = read_histories(periods, reports, groups, config.exchange)
    if not histories.subjects:
        return Rises(())
    ranking = _ranking(histories, config, seed, progress)
    rises = _rises(histories, config, seed)
    _add_places(rises, ranking, list(histories.separations), config)
    agreed = [_agreed(rise, histories.window.sizes) for rise in rises]
    return Rises(tuple(sorted(agreed, key=_place)))


def _place(rise: Rise) -> tuple[int, float, str]:
    """Return what the table is sorted by."""
    return rise.rank or 99, rise.p_value or 0, rise.signal_id


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


def _rises(histories: Histories, config: DetectConfig, seed: int) -> list[Rise]:
    """Return each subject with its history, test and status, not yet ranked."""
    counts, window = histories.counts, histories.window
    blocks = histories.counted.blocks
    names, p_values = status_and_p(histories.rows, counts, blocks, window, config, seed)
    rises: list[Rise] = []
    for subject, history, row, status, p in zip(
        histories.subjects, histories.rows, counts, names, p_values, strict=True
    ):
        newest = (int(row[-1]), int(window.sizes[-1])) if len(row) else (0, 0)
        ci_low, ci_high = exact_interval(*newest)
        rises.append(
            Rise(
                signal_id=group_id("S", subject.members),
                status=status,
                report_ids=tuple(histories.counted.report_ids[i] for i in history),
                counts=tuple(row.tolist()),
                p_value=p,
                ci_low=ci_low,
                ci_high=ci_high,
                candidate_id=subject.candidate_id,
                topic_id=subject.topic_id,
            )
        )
    return rises


def _add_places(
    rises: list[Rise], ranking: Ranking, tested: list[int], config: DetectConfig
) -> None:
    """Write rank, q, p of the maximum and strength into the listed ones."""
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
        strength = "signal" if is_sure else "watch" if q <= config.watch_q else "candidate"
        rises[tested[group]] = replace(
            rises[tested[group]],
            rank=rank,
            strength=strength,
            q_value=q,
            q_low=q_low,
            q_high=q_high,
            p_max=p_max,
        )


def _agreed(rise: Rise, sizes: Ints) -> Rise:
    """Let the status agree with the list where the group's own test cannot tell.

    A signal is named by its rise; what is only worth watching may be growing. No listed group is
    steady: it is there for rising, and that a test does not tell is no sign of sameness.
    """
    if rise.status not in _CANNOT_TELL:
        return rise
    if rise.strength == "signal":
        return replace(rise, status=rise_name(np.array(rise.counts), sizes))
    if rise.strength == "watch":
        return replace(rise, status="perhaps-growing")
    is_listed = rise.rank is not None and rise.status == "steady"
    return replace(rise, status="unclear") if is_listed else rise
