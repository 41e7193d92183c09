"""Ask of a study's own list how far it can be trusted: false alarms, and recurrence over seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.detect.calibrate import ListRules
from pipeline.detect.histories import Histories
from pipeline.detect.trend import Floats
from pipeline.figures.intervals import exact_interval

_SAME_JACCARD = 0.5


@dataclass(frozen=True)
class FalseAlarms:
    """How often a list of shuffled periods, where nothing rises, claims a signal.

    Attributes
    ----------
    n_shuffles : int
    n_alarms : int
        Shuffles whose list holds a group of at most the given q.
    rate, low, high : float
        0-1, share of the shuffles with its exact 95 % interval.
    mean_listed : float
        Groups in an average list of a shuffle, whatever their q.
    """

    n_shuffles: int
    n_alarms: int
    rate: float
    low: float
    high: float
    mean_listed: float


def false_alarms(
    histories: Histories,
    rules: ListRules,
    signal_q: float,
    *,
    n_shuffles: int,
    rng: np.random.Generator,
    progress: Callable[[int, int], None],
) -> FalseAlarms | None:
    """Count the shuffles of the periods whose list would claim a signal.

    Each shuffled list is judged against all the others, as the real list is judged against them.

    Parameters
    ----------
    histories : Histories
    rules : ListRules
    signal_q : float
        0-1, largest q of a signal.
    n_shuffles : int
        At least 2.
    rng : numpy.random.Generator
    progress : callable
        Called as ``progress(done, total)`` after each shuffle.

    Returns
    -------
    FalseAlarms or None
        None when there is nothing to rank.
    """
    ranker = histories.ranker(rules)
    if ranker is None:
        return None
    lists: list[Floats] = []
    for shuffle in range(n_shuffles):
        lists.append(ranker.rank(histories.counted.blocks.shuffled(rng))[1])
        progress(shuffle + 1, n_shuffles)
    n_alarms = sum(q <= signal_q for q in least_q_values(lists))
    low, high = exact_interval(n_alarms, n_shuffles)
    mean_listed = float(np.mean([len(scores) for scores in lists]))
    return FalseAlarms(n_shuffles, n_alarms, n_alarms / n_shuffles, low, high, mean_listed)


def least_q_values(lists: Sequence[Floats]) -> list[float]:
    """Return the least q of each list, judged against all the other lists.

    Parameters
    ----------
    lists : sequence of ndarray
        Scores of each list, best first.

    Returns
    -------
    list of float
        1 for an empty list.

    Examples
    --------
    >>> least_q_values([np.array([3.0, 1.0]), np.array([2.0]), np.array([])])
    [0.0, 0.5, 1.0]
    """
    everything = np.sort(np.concatenate(lists)) if lists else np.zeros(0)
    found = []
    for scores in lists:
        as_strong = len(everything) - np.searchsorted(everything, scores - 1e-9)
        own = np.array([(scores >= score - 1e-9).sum() for score in scores])
        q_values = (as_strong - own) / max(1, len(lists) - 1) / np.maximum(1, own)
        found.append(float(min(1, q_values.min(initial=1))))
    return found


def recurrence(
    listed: Sequence[frozenset[str]], others: Sequence[Sequence[frozenset[str]]]
) -> list[int]:
    """Count for each listed group the other lists that hold it, or one half alike to it.

    Parameters
    ----------
    listed : sequence of frozenset of str
        Reports of each group.
    others : sequence of sequence of frozenset of str
        Lists of other seeds.

    Returns
    -------
    list of int

    Examples
    --------
    >>> recurrence([frozenset("abc"), frozenset("xyz")], [[frozenset("abcd")], [frozenset("ab")]])
    [2, 0]
    """
    return [
        sum(any(likeness(group, other) >= _SAME_JACCARD for other in groups) for groups in others)
        for group in listed
    ]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the reports of either set that are in both."""
    n_common = len(one & other)
    return n_common / (len(one) + len(other) - n_common) if one or other else 0.0
