"""Make the list in other worlds: other seeds, sizes, weights and rules, each as defensible."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.detect.detect import find_signals
from pipeline.detect.exchange import Exchange
from pipeline.detect.histories import GroupTables
from pipeline.detect.list_recipe import Again, Tables
from pipeline.detect.self_test import likeness
from pipeline.frames import each_row

STAYS = 0.8
"""Share of the worlds from which something is said to stay."""

N_SEEDS = 5
SMALLEST_TOPICS = (2, 5)
OTHER_WEIGHTS = ((1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 0.25, 0.25))
"""Weights of the likenesses beside the study's own: words as much as vectors, and hardly at all."""

EXCHANGES: tuple[Exchange, ...] = ("report", "reporter", "unit")
_SAME = 0.5


Weights = tuple[float, float, float, float]


@dataclass(frozen=True)
class World:
    """One way to make the list.

    Attributes
    ----------
    seed : int
    min_topic_reports : int
    weights : tuple of float
        Of the four likenesses.
    exchange : {"report", "reporter", "unit"}
    listed : tuple of (frozenset of str, strength)
        Reports of each listed group, best first, and how sure it is.
    topics : tuple of frozenset of str
        Main reports of each topic.
    """

    seed: int
    min_topic_reports: int
    weights: Weights
    exchange: Exchange
    listed: tuple[tuple[frozenset[str], str], ...]
    topics: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Standing:
    """How one group stands over the worlds.

    Attributes
    ----------
    found, signal : float
        0-1, share of the worlds that list a group half alike to it, and that call it a signal; of
        a topic the share that has a topic half alike, and 0.
    low, high : float
        0-1, least and largest share of the newest period's reports in the groups alike; NaN
        where no world has any.
    """

    found: float
    signal: float
    low: float
    high: float

    @property
    def stays(self) -> bool:
        """Whether it is found in at least 80 % of the worlds."""
        return self.found >= STAYS


def worlds(
    tables: Tables, again: Again, seed: int, progress: Callable[[int, int], None]
) -> list[World]:
    """Make the list in every world.

    Reports are grouped with five seeds and, with the study's own, for smaller and larger smallest
    topics and by other weights of their likenesses; each grouping is tested with reports, reporters
    and units moving together.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of :data:`~pipeline.detect.list_recipe.READS`.
    again : Again
    seed : int
        Of the study.
    progress : callable
        Called as ``progress(done, total)``.

    References
    ----------
    Steegen, Tuerlinckx, Gelman and Vanpaemel, Increasing transparency through a multiverse
    analysis, Perspectives on Psychological Science 11 (2016), 10.1177/1745691616658637.
    """
    mine = again.cluster
    ways = [(seed + k, mine) for k in range(N_SEEDS)]
    others = [mine.model_copy(update={"min_topic_reports": size}) for size in SMALLEST_TOPICS]
    others += [mine.model_copy(update={"view_weights": weights}) for weights in OTHER_WEIGHTS]
    ways += [(seed, other) for other in others if other != mine]
    made: list[World] = []
    for k, (its_seed, cluster) in enumerate(ways):

        def part(done: int, total: int, k: int = k) -> None:
            progress(1000 * k + 1000 * done // total, 1000 * len(ways))

        way = replace(again, cluster=cluster)
        made += _tested({**tables, **way.grouped(tables, its_seed, part)}, way, its_seed)
    return made


def _tested(tables: Tables, again: Again, seed: int) -> Iterator[World]:
    """Yield the worlds of one grouping."""
    main = tables["report_topics"][tables["report_topics"]["is_main"].astype(bool)]
    topics = tuple(frozenset(own["report_id"]) for _, own in main.groupby("topic_id"))
    for exchange in EXCHANGES:
        signals = find_signals(
            tables["periods"],
            tables["reports"],
            GroupTables.among(tables),
            tables["report_themes"],
            again.detect.model_copy(update={"exchange": exchange}),
            seed=seed,
            progress=_tell_nobody,
        )
        listed = signals[signals["rank"].notna()].sort_values("rank")
        groups = tuple((frozenset(row.report_ids), str(row.strength)) for row in each_row(listed))
        cluster = again.cluster
        size, weights = cluster.min_topic_reports, cluster.view_weights
        yield World(seed, size, weights, exchange, groups, topics)


def standing_of_listed(
    report_ids: Sequence[str], made: Sequence[World], newest: frozenset[str]
) -> Standing:
    """Say how a listed group stands over the worlds.

    Parameters
    ----------
    report_ids : sequence of str
    made : sequence of World
        At least one.
    newest : frozenset of str
        Reports of the newest period.
    """
    own = frozenset(report_ids)
    alike = [_most_alike(own, {g: s for g, s in world.listed}) for world in made]
    shares = [_share(found[0], newest) for found in alike if found]
    return Standing(
        found=float(np.mean([found is not None for found in alike])),
        signal=float(np.mean([found is not None and found[1] == "signal" for found in alike])),
        low=min(shares, default=float("nan")),
        high=max(shares, default=float("nan")),
    )


def standing_of_topic(
    report_ids: Sequence[str], made: Sequence[World], newest: frozenset[str]
) -> Standing:
    """Say how a topic stands over the worlds; see :func:`standing_of_listed`."""
    own = frozenset(report_ids)
    alike = [_most_alike(own, dict.fromkeys(world.topics, "")) for world in made]
    shares = [_share(found[0], newest) for found in alike if found]
    return Standing(
        found=float(np.mean([found is not None for found in alike])),
        signal=0.0,
        low=min(shares, default=float("nan")),
        high=max(shares, default=float("nan")),
    )


def newest_reports(periods: pd.DataFrame, reports: pd.DataFrame) -> frozenset[str]:
    """Return the reports of quality ok of the newest period that has any."""
    ok = reports[reports["quality"] == "ok"]
    held = [p for p in periods["period"] if (ok["period"] == p).any()]
    return frozenset(ok.loc[ok["period"] == held[-1], "report_id"]) if held else frozenset()


def _most_alike(
    own: frozenset[str], groups: Mapping[frozenset[str], str]
) -> tuple[frozenset[str], str] | None:
    """Return the group most alike, if half alike or more."""
    best = max(groups, key=lambda one: likeness(own, one), default=None)
    if best is None or likeness(own, best) < _SAME:
        return None
    return best, groups[best]


def _share(group: frozenset[str], newest: frozenset[str]) -> float:
    """Return the share of the newest period's reports that are in a group."""
    return len(group & newest) / len(newest) if newest else 0.0


def _tell_nobody(done: int, total: int) -> None:
    """Show no progress."""
