"""Keep the ids of topics from one run to the next: which topic is which of the last run's.

Reports that both runs know decide; where they leave doubt, the topics' mean vectors do. When
nothing has changed the lineage of the last run is returned as it was, so that running again
changes no table.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.cluster.ids import group_id
from pipeline.frames import each_row, empty
from pipeline.vectors import unit

GONE = "gone"

_MIN_JACCARD = 0.3
"""Topics that share three tenths of their known reports are one."""

_DOUBTFUL_JACCARD = 0.1
_MIN_COSINE = 0.8
"""Topics that share a tenth of them are one if their mean vectors are this near."""

_MIN_ORIGIN_REPORTS = 2


@dataclass(frozen=True)
class _Kin:
    """A topic of the last run and one of this run that share reports.

    Attributes
    ----------
    old, new : int
    into : float
        0-1, share of the old topic's reports, of those still there, that are in the new one.
    out_of : float
        0-1, share of the new topic's reports, of those that had a topic, that come from the old.
    jaccard : float
        0-1, of the reports that both runs know.
    is_origin : bool
        Whether two reports and half of either topic are shared.
    """

    old: int
    new: int
    into: float
    out_of: float
    jaccard: float
    is_origin: bool


def trace(
    members: Sequence[Sequence[int]],
    report_ids: Sequence[str],
    vectors: NDArray[np.float32],
    previous: pd.DataFrame,
) -> tuple[list[str], pd.DataFrame]:
    """Give topics the ids of the topics of the last run that they continue.

    Parameters
    ----------
    members : sequence of sequence of int
        Rows of each topic's main reports, as grouped, before any edit of a person.
    report_ids : sequence of str
        Report of each row.
    vectors : ndarray of shape (n_reports, n_dims)
        Mean taken away, unit length.
    previous : DataFrame
        Table ``topic_lineage`` of the last run; no rows in a first run.

    Returns
    -------
    topic_ids : list of str
        A topic that continues none has an id made of its reports.
    lineage : DataFrame
        Table ``topic_lineage``: this run's topics, then those that are gone. It names no report
        that is not in the study any more.
    """
    named = [[report_ids[row] for row in rows] for rows in members]
    previous = _without_the_absent(previous, set(report_ids))
    olds = list(each_row(previous))
    unchanged = {frozenset(old.report_ids): old.topic_id for old in olds if old.change != GONE}
    if len(unchanged) == len(named) and all(frozenset(ids) in unchanged for ids in named):
        return [unchanged[frozenset(ids)] for ids in named], previous
    kin = _kin(named, set(report_ids), olds)
    heirs = _heirs(kin, olds, members, report_ids, vectors)
    topic_ids = _ids(named, heirs, olds)
    old_ids = [old.topic_id for old in olds]
    rows = [
        {
            "topic_id": topic_ids[new],
            "change": _change(new, new in heirs, kin, olds),
            "previous_ids": sorted(old_ids[k.old] for k in kin if k.new == new and k.is_origin),
            "report_ids": ids,
        }
        for new, ids in enumerate(named)
    ]
    rows += [
        {"topic_id": o.topic_id, "change": GONE, "previous_ids": [], "report_ids": o.report_ids}
        for number, o in enumerate(olds)
        if number not in heirs.values()
    ]
    return topic_ids, pd.DataFrame(rows) if rows else empty("topic_lineage")


def _without_the_absent(previous: pd.DataFrame, here: set[str]) -> pd.DataFrame:
    """Forget reports that have left the study, and topics that had no others."""
    left = [[r for r in report_ids if r in here] for report_ids in previous["report_ids"]]
    kept = np.array([bool(report_ids) for report_ids in left], dtype=bool)
    shortened = previous.assign(report_ids=pd.Series(left, index=previous.index, dtype=object))
    return shortened.loc[kept].reset_index(drop=True)


def _kin(named: list[list[str]], here: set[str], olds: Sequence[Any]) -> list[_Kin]:
    """Find the pairs of an old and a new topic that share reports."""
    old_of: dict[str, list[int]] = {}
    for number, old in enumerate(olds):
        for report_id in here.intersection(old.report_ids):
            old_of.setdefault(report_id, []).append(number)
    n_left = Counter(number for numbers in old_of.values() for number in numbers)
    found = []
    for new, ids in enumerate(named):
        shared = Counter(number for report_id in ids for number in old_of.get(report_id, ()))
        n_known = sum(report_id in old_of for report_id in ids)
        for old, n_shared in sorted(shared.items()):
            into, out_of = n_shared / n_left[old], n_shared / n_known
            jaccard = n_shared / (n_left[old] + n_known - n_shared)
            is_origin = n_shared >= _MIN_ORIGIN_REPORTS and max(into, out_of) >= 0.5
            found.append(_Kin(old, new, into, out_of, jaccard, is_origin))
    return found


def _heirs(
    kin: list[_Kin],
    olds: Sequence[Any],
    members: Sequence[Sequence[int]],
    report_ids: Sequence[str],
    vectors: NDArray[np.float32],
) -> dict[int, int]:
    """Match each new topic with at most one old one, the most alike first."""
    row_of = {report_id: row for row, report_id in enumerate(report_ids)}
    alike = []
    for pair in kin:
        here = [row_of[r] for r in olds[pair.old].report_ids if r in row_of]
        cosine = float(_mean(vectors, here) @ _mean(vectors, members[pair.new]))
        is_same = pair.jaccard >= _MIN_JACCARD
        if is_same or (pair.jaccard >= _DOUBTFUL_JACCARD and cosine >= _MIN_COSINE):
            is_gone = olds[pair.old].change == GONE
            alike.append((is_gone, -pair.jaccard, -round(cosine, 6), pair.old, pair.new))
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    for *_, old, new in sorted(alike):
        if new not in heirs and old not in taken:
            heirs[new] = old
            taken.add(old)
    return heirs


def _mean(vectors: NDArray[np.float32], rows: Sequence[int]) -> NDArray[np.float32]:
    """Return the unit mean of some vectors."""
    mean: NDArray[np.float32] = unit(vectors[list(rows)].mean(axis=0)[None, :])[0]
    return mean


def _ids(named: list[list[str]], heirs: dict[int, int], olds: Sequence[Any]) -> list[str]:
    """Return each topic's id: the old one's, or a new one that no topic has had."""
    used = {old.topic_id for old in olds}
    topic_ids = []
    for new, ids in enumerate(named):
        topic_id = olds[heirs[new]].topic_id if new in heirs else group_id("T", ids)
        while new not in heirs and topic_id in used:
            topic_id = group_id("T", [*ids, topic_id])
        used.add(topic_id)
        topic_ids.append(topic_id)
    return topic_ids


def _change(new: int, is_heir: bool, kin: list[_Kin], olds: Sequence[Any]) -> str:
    """Say what happened to a topic since the last run."""
    origins = [k for k in kin if k.new == new and k.is_origin and olds[k.old].change != GONE]
    if sum(origin.into >= 0.5 for origin in origins) > 1:
        return "merged"
    for origin in origins:
        parts = [k for k in kin if k.old == origin.old and k.is_origin and k.out_of >= 0.5]
        if origin in parts and len(parts) > 1:
            return "split"
    return "continued" if is_heir else "new"
