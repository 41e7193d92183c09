"""Whether a column of writers tells the writers apart, so that their reports may move together.

A form may fill the column with one word for everybody ("anonymous"), and a clerk may enter the
reports of a whole unit. Each period is then one block, no block finds another of its size, every
p-value is 1 and nothing can be found. A column is therefore used only when its blocks can still be
laid out in many ways.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.detect.exchange import Blocks, Exchange, block_reports, writers
from pipeline.detect.trend import Ints

MIN_WRITERS = 3
"""Fewest writers that a column must name."""
MAX_SHARE = 0.5
"""Largest share of the reports, 0-1, that one writer may have sent."""
MIN_BLOCKS = 5.0
"""Fewest blocks a period, on average over the periods with reports."""
MAX_LEAST_P = 0.01
"""Largest value of the smallest p that the blocks can reach."""

Reason = Literal[
    "used", "unknown", "few-writers", "one-writer", "few-blocks", "coarse", "not-asked"
]

_MANY = 1e12


@dataclass(frozen=True)
class Verdict:
    """What a column of writers tells, and whether it is used.

    Attributes
    ----------
    column : {"report", "reporter", "unit"}
        Whose reports would move together; ``report`` means that each moves alone.
    reason : str
        ``used``; ``not-asked`` (the setting says ``report``); or why the column is not used:
        ``unknown`` (no writer is known), ``few-writers`` (under three), ``one-writer`` (one sent
        more than half), ``few-blocks`` (under five a period on average) or ``coarse`` (the
        smallest p is above .01).
    n_writers : int
        Writers named.
    largest_share : float
        0-1, share of the reports that the busiest one sent.
    blocks_per_period : float
        Mean over the periods with reports.
    least_p : float
        0-1, the smallest p that the blocks can reach (:func:`least_p`).
    """

    column: Exchange
    reason: Reason
    n_writers: int = 0
    largest_share: float = 0.0
    blocks_per_period: float = 0.0
    least_p: float = 0.0

    @property
    def is_used(self) -> bool:
        """Whether reports of one writer move together."""
        return self.reason == "used"


@dataclass(frozen=True, eq=False)
class Independence:
    """Which reports move together in a study, and why.

    Attributes
    ----------
    blocks : Blocks
    used : {"report", "reporter", "unit"}
        What holds.
    verdicts : tuple of Verdict
        The columns looked at, in order; the last one is used, or none is.
    """

    blocks: Blocks
    used: Exchange
    verdicts: tuple[Verdict, ...]


def least_p(blocks: Blocks) -> float:
    """Return the smallest p that shuffles of whole blocks can reach.

    It is one in the number of choices of blocks that fill the newest period with reports: the
    history that is steepest in one of them only has that p, and nothing can have a smaller one.

    Parameters
    ----------
    blocks : Blocks

    Returns
    -------
    float
        0-1; no smaller than 1e-12, where counting stops; 1 without reports.

    Examples
    --------
    >>> periods = np.array([0, 0, 0, 1, 1])
    >>> least_p(block_reports(periods, [""] * 5)), least_p(block_reports(periods, ["a"] * 5))
    (0.1, 1.0)
    """
    if not len(blocks.periods):
        return 1.0
    n_newest = int((blocks.periods == blocks.periods.max()).sum())
    choices = np.zeros(n_newest + 1)
    choices[0] = 1
    for size in np.sort(blocks.sizes).tolist():
        if size > n_newest:
            break
        choices[size:] = np.minimum(choices[size:] + choices[:-size], _MANY)
        if choices[-1] >= _MANY:
            break
    return 1 / float(choices[-1])


def judge(periods: Ints, names: Sequence[str], column: Exchange) -> Verdict:
    """Say whether a column of writers tells them apart well enough to be used.

    Parameters
    ----------
    periods : ndarray of shape (n_reports,)
        Period number of each report.
    names : sequence of str
        Writer of each report; "" when unknown.
    column : {"reporter", "unit"}

    Returns
    -------
    Verdict
        The first rule that fails, in the order of :class:`Verdict`.

    Examples
    --------
    >>> judge(np.repeat([0, 1], 20), ["anonymous"] * 40, "reporter").reason
    'few-writers'
    """
    tally = Counter(name for name in names if name)
    if not tally:
        return Verdict(column, "unknown")
    blocks = block_reports(periods, names)
    share = max(tally.values()) / len(names)
    a_period = len(blocks.sizes) / len(np.unique(periods))
    smallest = least_p(blocks)
    rules: tuple[tuple[Reason, bool], ...] = (
        ("few-writers", len(tally) < MIN_WRITERS),
        ("one-writer", share > MAX_SHARE),
        ("few-blocks", a_period < MIN_BLOCKS),
        ("coarse", smallest > MAX_LEAST_P),
    )
    reason: Reason = next((name for name, fails in rules if fails), "used")
    if blocks.is_free:
        reason = "used"
    return Verdict(column, reason, len(tally), share, a_period, smallest)


def independence(periods: Ints, reports: pd.DataFrame, exchange: Exchange) -> Independence:
    """Decide which reports move together when the periods are shuffled.

    Parameters
    ----------
    periods : ndarray of shape (n_reports,)
        Period number of each report.
    reports : DataFrame
        Those reports, from table ``reports``.
    exchange : {"report", "reporter", "unit"}
        What the settings ask for. Units that do not tell writers apart give way to reporters, and
        reporters that do not to single reports.

    Returns
    -------
    Independence
    """
    asked: dict[Exchange, tuple[Exchange, ...]] = {
        "report": (),
        "reporter": ("reporter",),
        "unit": ("unit", "reporter"),
    }
    verdicts = []
    for column in asked[exchange]:
        names = writers(reports, column)
        verdicts.append(judge(periods, names, column))
        if verdicts[-1].is_used:
            return Independence(block_reports(periods, names), column, tuple(verdicts))
    if not verdicts:
        verdicts.append(Verdict("report", "not-asked"))
    return Independence(block_reports(periods, [""] * len(reports)), "report", tuple(verdicts))
