"""The smallest p that any group of a study could have, whatever its history."""

import numpy as np

from pipeline.detect.histories import Counted, Histories
from pipeline.detect.independence import least_p
from pipeline.detect.trend import Ints


def reachable_p(histories: Histories) -> float | None:
    """Return the smallest p that a candidate of the study could have.

    A list whose best possible p is above the largest q of a signal cannot hold a signal by
    construction: its q is the share of shuffled lists at least as strong, and the best history is
    itself one of those that shuffles make.

    Parameters
    ----------
    histories : Histories

    Returns
    -------
    float or None
        0-1; None without a candidate or without two periods with reports.
    """
    if not histories.separations or not histories.window.can_compare:
        return None
    counted = histories.counted
    sizes = {len(histories.rows[subject]) for subject in histories.separations}
    steepest = np.stack([_newest_first(size, counted) for size in sorted(sizes)])
    by_reports = float(histories.window.plain.p_rise(steepest).min())
    return max(by_reports, least_p(counted.blocks)) if len(counted.periods) else None


def _newest_first(n_members: int, counted: Counted) -> Ints:
    """Return the counts of a group that lies as late as its size allows."""
    room = counted.sizes[::-1]
    taken = np.minimum(room, np.maximum(0, n_members - (np.cumsum(room) - room)))
    return np.asarray(taken[::-1], dtype=np.int64)
