"""Ask when a signal would have been seen: the list as it would have stood at earlier periods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.detect.list_recipe import Again, Tables, as_of
from pipeline.detect.self_test import likeness
from pipeline.frames import each_row

_MIN_SHARED = 2
_MIN_JACCARD = 1 / 3


@dataclass(frozen=True)
class Sighting:
    """A place of an earlier list that holds what is listed now.

    Attributes
    ----------
    rank : int
    strength : {"signal", "watch", "candidate"}
    n_reports : int
        Reports of the group then.
    """

    rank: int
    strength: str
    n_reports: int


def backtest(
    tables: Tables,
    signals: pd.DataFrame,
    again: Again,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> tuple[list[str], list[list[Sighting | None]]]:
    """Make the list as of every earlier period, and look in it for today's groups.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of :data:`pipeline.detect.list_recipe.READS`.
    signals : DataFrame
        Table ``signals`` of today.
    again : Again
    seed : int
    progress : callable
        Called as ``progress(done, total)``, in thousandths of a period.

    Returns
    -------
    periods : list of str
        Earlier periods, from the second one with reports.
    sightings : list of list of Sighting or None
        For each listed group, best first, and each of the periods. A group is seen in a list that
        holds two of its reports, and a third of the joint ones of those there were.
    """
    labels = tables["periods"]["period"].tolist()
    occupied = [n for n, size in enumerate(tables["periods"]["n_reports"], 1) if size]
    stops = occupied[1:-1]
    ranked = signals[signals["rank"].notna()].sort_values("rank")
    today = [frozenset(report_ids) for report_ids in ranked["report_ids"]]
    seen: list[list[Sighting | None]] = [[] for _ in today]
    for step, n_periods in enumerate(stops):
        progress(1000 * step, 1000 * len(stops))
        then = as_of(tables, n_periods)
        listed = again.signals(then, seed, _part(progress, step, len(stops)))
        listed = listed[listed["rank"].notna()].sort_values("rank")
        known = frozenset(then["reports"]["report_id"])
        for group, found in zip(today, seen, strict=True):
            found.append(_sighting(group & known, listed))
    return [labels[n - 1] for n in stops], seen


def _part(
    progress: Callable[[int, int], None], step: int, n_steps: int
) -> Callable[[int, int], None]:
    """Return a progress of one step out of several."""
    return lambda done, total: progress(1000 * step + 1000 * done // total, 1000 * n_steps)


def _sighting(group: frozenset[str], listed: pd.DataFrame) -> Sighting | None:
    """Return where a list holds a group: the place most alike to it."""
    places: Sequence[tuple[float, Sighting]] = [
        (
            likeness(group, frozenset(row.report_ids)),
            Sighting(int(row.rank), row.strength, len(row.report_ids)),
        )
        for row in each_row(listed)
        if len(group.intersection(row.report_ids)) >= _MIN_SHARED
    ]
    best = max(places, key=lambda place: place[0], default=None)
    return best[1] if best and best[0] >= _MIN_JACCARD else None
