"""The core of a topic: the reports that hang together so firmly that a reader finds one subject."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_SHARE_OF_FIRM = 0.7
"""A report is in the core with so much of the weight that the firmer half of its topic has."""

_MIN_REPORTS = 3
_MIN_WEIGHT = 0.3
"""Least mean weight, 0-1, of a core: below it the reports are together by chance as often."""


def is_core(weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which reports of one topic are its core.

    Parameters
    ----------
    weights : ndarray of shape (n_reports,)
        0-1, how firmly each of the topic's main reports belongs to it.

    Returns
    -------
    ndarray of shape (n_reports,)
        All False where fewer than three hang together, or loosely: such a topic has no core. The
        others only touch upon its subject.

    Examples
    --------
    >>> is_core(np.array([0.8, 0.7, 0.7, 0.3])).tolist()
    [True, True, True, False]
    >>> is_core(np.array([0.3, 0.25, 0.2])).tolist()
    [False, False, False]
    """
    n_firm = max(_MIN_REPORTS, len(weights) // 2)
    firm = np.sort(weights)[::-1][:n_firm]
    core = weights >= _SHARE_OF_FIRM * firm.mean() if len(firm) else np.zeros(0, dtype=bool)
    holds = core.sum() >= _MIN_REPORTS and weights[core].mean() >= _MIN_WEIGHT
    return np.asarray(core & holds)


def core_reports(report_topics: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return the core of each topic.

    Parameters
    ----------
    report_topics : DataFrame
        The table of that name; only main topics count.

    Returns
    -------
    dict of str to frozenset of str
        Reports by topic; empty for a topic without a core.
    """
    main = report_topics[report_topics["is_main"].astype(bool)]
    found: dict[str, frozenset[str]] = {}
    for topic_id, own in main.groupby("topic_id", sort=False):
        core = is_core(own["weight"].to_numpy(dtype=np.float64))
        found[str(topic_id)] = frozenset(own.loc[core, "report_id"])
    return found
