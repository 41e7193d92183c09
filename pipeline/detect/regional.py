"""Test every group within each region, and say where a listed one was first seen.

What rises in one county of 22 hardly moves the country's figures. So each group is tested again on
the reports of one region alone, with that region's own periods; the lists of all regions are
compared with those of the same shuffles, so that 22 lists claim no more than one would.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.cluster.distinct import is_distinct
from pipeline.cluster.ids import group_id
from pipeline.detect.calibrate import Ranker, judged
from pipeline.detect.histories import GroupTables, Histories, Subject, read_histories
from pipeline.detect.regions import Regions
from pipeline.detect.settings import DetectConfig
from pipeline.detect.trend import Floats
from pipeline.frames import empty
from pipeline.tables import TABLES

_LEAST_REGIONS = 2


@dataclass(frozen=True, eq=False)
class Region:
    """One region: the histories of its groups, and what ranks them."""

    name: str
    histories: Histories
    ranker: Ranker

    def subject(self, group: int) -> tuple[int, Subject]:
        """Return the number of a ranked group among the subjects, and the subject."""
        number = list(self.histories.separations)[group]
        return number, self.histories.subjects[number]


def regional(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    candidates: pd.DataFrame,
    config: DetectConfig,
    *,
    regions: Regions,
    seed: int,
    progress: Callable[[int, int], None],
) -> pd.DataFrame:
    """List what rises within each region.

    Parameters
    ----------
    periods, reports, candidates : DataFrame
        The tables of those names; candidates are listed, topics are not.
    config : DetectConfig
    regions : mapping of str to str
        Region of each area, by its name in lower case; an area that is in none counts nowhere.
    seed : int
        Of the shuffles.
    progress : callable
        Called as ``progress(done, total)`` after each shuffle.

    Returns
    -------
    DataFrame
        Table ``region_signals``: at most ``config.n_listed_region`` groups a region, by region
        and rank.
        p is the exact one within the region. q and p of the maximum are over the groups of all
        regions: each shuffle deals the periods anew within every region, and all their lists
        together are what chance alone makes. No rows with reports of fewer than two regions.
    """
    found = regions_of(periods, _with_region(reports, regions), candidates, config)
    if len(found) < _LEAST_REGIONS:
        return empty("region_signals")
    lists = [one.ranker.rank(one.histories.counted.blocks.periods) for one in found]
    n_shuffles = config.n_shuffles if any(len(scores) for _, scores in lists) else 0
    chance = chance_lists(found, n_shuffles, seed, progress)
    pairs = [
        (place, group, float(score))
        for place, (groups, scores) in enumerate(lists)
        for group, score in zip(groups.tolist(), scores, strict=True)
    ]
    pairs.sort(key=lambda pair: -pair[2])
    scores = np.array([score for *_, score in pairs])
    ranking = judged(np.arange(len(pairs)), scores, chance)
    sure = ranking.mostly_at_most(config.signal_q)
    figures_of = {
        pair[:2]: (float(ranking.q_values[i]), float(ranking.p_max[i]), bool(sure[i]))
        for i, pair in enumerate(pairs)
    }
    rows = [
        _row(found[place], rank, group, figures_of[place, group], config)
        for place, (groups, _) in enumerate(lists)
        for rank, group in enumerate(groups.tolist(), 1)
    ]
    return _frame("region_signals", rows)


def spread_over_regions(
    periods: pd.DataFrame, reports: pd.DataFrame, signals: pd.DataFrame, *, regions: Regions
) -> pd.DataFrame:
    """Say of each listed signal in which regions it has been seen, and since when.

    Parameters
    ----------
    periods, reports, signals : DataFrame
        The tables of those names.
    regions : mapping of str to str
        As :func:`regional` takes it.

    Returns
    -------
    DataFrame
        Table ``signal_regions``, the region where it was first seen first; several are first when
        they saw it in one period. A signal without a report in any region has no row.
    """
    placed = _with_region(reports, regions)
    number = {str(period): place for place, period in enumerate(periods["period"])}
    seen = {
        str(report_id): [(number[str(period)], region) for region in held]
        for report_id, period, held in zip(
            placed["report_id"], placed["period"], placed["regions"], strict=True
        )
        if str(period) in number
    }
    listed = signals[signals["rank"].notna()].sort_values("rank")
    rows: list[dict[str, Any]] = []
    for signal_id, members in zip(listed["signal_id"], listed["report_ids"], strict=True):
        places = sorted(pair for report_id in members for pair in seen.get(str(report_id), ()))
        first: dict[str, int] = {}
        for period, region in places:
            first.setdefault(region, period)
        sizes = Counter(region for _, region in places)
        rows.extend(
            {
                "signal_id": signal_id,
                "region": region,
                "n_reports": sizes[region],
                "first_period": list(number)[first[region]],
                "is_first": first[region] == places[0][0],
            }
            for region in sorted(sizes, key=lambda one: (first[one], -sizes[one], one))
        )
    return _frame("signal_regions", rows)


def _with_region(reports: pd.DataFrame, regions: Regions) -> pd.DataFrame:
    """Add the regions of each report, in order and once each, as column ``regions``."""
    named = [
        sorted({regions[area.casefold()] for area in areas if area.casefold() in regions})
        for areas in reports["area"]
    ]
    return reports.assign(regions=pd.Series(named, index=reports.index, dtype=object))


def regions_of(
    periods: pd.DataFrame,
    reports: pd.DataFrame,
    candidates: pd.DataFrame,
    config: DetectConfig,
) -> list[Region]:
    """Return the regions in which groups can be ranked, by name."""
    reports = reports[is_distinct(reports)]
    fewest = max(config.min_reports, config.min_recent_reports)
    found = []
    for name in sorted({region for held in reports["regions"] for region in held}):
        own = reports[[name in held for held in reports["regions"]]].reset_index(drop=True)
        inside = set(own["report_id"])
        sized = [len(inside.intersection(ids)) >= fewest for ids in candidates["report_ids"]]
        kept = candidates[np.array(sized, dtype=bool)]
        groups = GroupTables.without_topics(kept)
        histories = read_histories(periods, own, groups, config.exchange)
        ranker = histories.ranker(config.region_rules)
        if ranker is not None:
            found.append(Region(name, histories, ranker))
    return found


def chance_lists(
    found: Sequence[Region], n_shuffles: int, seed: int, progress: Callable[[int, int], None]
) -> list[Floats]:
    """Return the scores of all regions' lists together, a shuffle at a time."""
    rng = np.random.default_rng(seed)
    lists = []
    for shuffle in range(n_shuffles):
        drawn = [one.ranker.rank(one.histories.counted.blocks.shuffled(rng))[1] for one in found]
        lists.append(np.concatenate(drawn))
        progress(shuffle + 1, n_shuffles)
    return lists


def _row(
    region: Region, rank: int, group: int, figures: tuple[float, float, bool], config: DetectConfig
) -> dict[str, Any]:
    """Return a row of a region's list."""
    histories = region.histories
    number, subject = region.subject(group)
    rows = histories.rows[number]
    counts = np.bincount(histories.counted.periods[rows], minlength=len(histories.counted.sizes))
    q, p_max, is_sure = figures
    strength = "signal" if is_sure else "watch" if q <= config.watch_q else "candidate"
    return {
        "region": region.name,
        "rank": rank,
        "signal_id": group_id("S", subject.members),
        "strength": strength,
        "label": subject.label,
        "report_ids": [histories.counted.report_ids[row] for row in rows],
        "counts": counts.tolist(),
        "n_reports": histories.counted.sizes.tolist(),
        "p_value": float(histories.window.p_rise(counts[None, :])[0]),
        "q_value": q,
        "p_max": p_max,
        "candidate_id": subject.candidate_id,
        "topic_id": subject.topic_id,
    }


def _frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Lay rows out as a table."""
    if not rows:
        return empty(table)
    return pd.DataFrame(
        rows, columns=[column.name for column in TABLES[table].columns], dtype=object
    )
