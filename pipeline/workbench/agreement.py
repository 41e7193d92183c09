"""How far coders agree, as coding goes on, and how far the machine pulls them.

Only reports that two coders have *read* count, and an empty set of themes is an answer: a coder
who found that none fits has said something.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.figures.agreement import krippendorff_alpha, masi_distance
from pipeline.figures.intervals import wilson_share
from pipeline.figures.measures import Interval
from pipeline.workbench.people import SETTLED, Reading

N_BOOTSTRAP = 1000
LEAST_BLIND = 10
"""Blind reports below which nothing is said of the machine's pull."""

Readings = Mapping[str, Mapping[str, Reading]]


@dataclass(frozen=True)
class Pair:
    """Two coders and the reports both have read."""

    first: str
    second: str
    n_reports: int
    n_same: int


@dataclass(frozen=True)
class Disputed:
    """One report on which readers differ; ``distance`` is their mean MASI distance, 0-1."""

    report_id: str
    distance: float
    sets: tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True)
class Agreement:
    """Agreement of the coders of a study.

    Attributes
    ----------
    n_reports : int
        Reports that two have read.
    of_sets, of_blind : Interval
        Alpha of theme sets by MASI: of all of them, and of those where every reader was blind.
    n_blind : int
    by_theme : tuple of (str, int, Interval)
        Theme, reports with it by anyone, and its alpha.
    early, late : Interval
        Alpha of the half of the reports that was finished first, and of the other.
    """

    n_reports: int
    of_sets: Interval
    n_blind: int
    of_blind: Interval
    by_theme: tuple[tuple[str, int, Interval], ...]
    early: Interval
    late: Interval
    pairs: tuple[Pair, ...]
    disputed: tuple[Disputed, ...]


def agreement(readings: Readings, theme_ids: Sequence[str], seed: int) -> Agreement:
    """Compare the coders.

    Parameters
    ----------
    readings : mapping of report_id to mapping of coder to Reading
    theme_ids : sequence of str
    seed : int
        Of the bootstrap.
    """
    read = {report_id: read_by(by) for report_id, by in readings.items()}
    double = {report_id: by for report_id, by in read.items() if len(by) > 1}
    units = {report_id: [frozenset(r.themes) for r in by] for report_id, by in double.items()}
    blind = [r for r, by in double.items() if all(one.mode == "blind" for one in by)]
    order = sorted(double, key=lambda report_id: max(one.at for one in double[report_id]))
    half = len(order) // 2
    return Agreement(
        len(units),
        _alpha([units[r] for r in units], seed),
        len(blind),
        _alpha([units[r] for r in blind], seed),
        tuple(_of_theme(theme, list(units.values()), seed) for theme in theme_ids),
        _alpha([units[r] for r in order[:half]], seed),
        _alpha([units[r] for r in order[half:]], seed),
        _pairs(double),
        disputed(readings),
    )


def read_by(readings: Mapping[str, Reading]) -> list[Reading]:
    """Return the readings of those who have read a report, by name; not what was settled."""
    return [one for c, one in sorted(readings.items()) if c != SETTLED and one.state == "read"]


def disputed(readings: Readings) -> tuple[Disputed, ...]:
    """Return reports whose readers differ and that nobody has settled, the most apart first."""
    found = []
    for report_id, by in readings.items():
        sets = [(one.coder, frozenset(one.themes)) for one in read_by(by)]
        is_settled = SETTLED in by and by[SETTLED].state == "read"
        if len({themes for _, themes in sets}) > 1 and not is_settled:
            apart = [masi_distance(a, b) for (_, a), (_, b) in combinations(sets, 2)]
            found.append(Disputed(report_id, sum(apart) / len(apart), tuple(sets)))
    return tuple(sorted(found, key=lambda one: (-one.distance, one.report_id)))


def _alpha(units: Sequence[Sequence[frozenset[str]]], seed: int) -> Interval:
    return krippendorff_alpha(units, masi_distance, seed=seed, n_bootstrap=N_BOOTSTRAP)


def _of_theme(
    theme: str, units: Sequence[Sequence[frozenset[str]]], seed: int
) -> tuple[str, int, Interval]:
    """Return a theme, the reports anyone gave it, and how far the coders agree on it."""
    yes_no = [[theme in themes for themes in unit] for unit in units]
    n_with = sum(any(unit) for unit in yes_no)
    return theme, n_with, krippendorff_alpha(yes_no, seed=seed, n_bootstrap=N_BOOTSTRAP)


def _pairs(double: Mapping[str, Sequence[Reading]]) -> tuple[Pair, ...]:
    """Return every two coders who have read the same reports."""
    counted: dict[tuple[str, str], list[int]] = {}
    for by in double.values():
        for a, b in combinations(by, 2):
            both = counted.setdefault((a.coder, b.coder), [0, 0])
            both[0] += 1
            both[1] += a.themes == b.themes
    return tuple(Pair(*names, *n) for names, n in sorted(counted.items()))


@dataclass(frozen=True)
class Pull:
    """How often a coder's themes equal the machine's, ruling blind and with its word in sight.

    Attributes
    ----------
    n_blind, same_blind, n_assisted, same_assisted : int
    difference : Interval or None
        Share of equal sets with the machine's word in sight less that without, with its 95 %
        interval; None under ten blind reports.
    """

    n_blind: int
    same_blind: int
    n_assisted: int
    same_assisted: int
    difference: Interval | None


def pull(blind: Sequence[bool], assisted: Sequence[bool]) -> Pull:
    """Compare how often themes equal the machine's.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 10.

    Examples
    --------
    >>> found = pull([True] * 6 + [False] * 4, [True] * 27 + [False] * 5).difference
    >>> [round(end, 3) for end in found]
    [0.244, -0.039, 0.544]
    """
    counted = (len(blind), sum(blind), len(assisted), sum(assisted))
    if len(blind) < LEAST_BLIND or not assisted:
        return Pull(*counted, None)
    a, b = wilson_share(sum(assisted), len(assisted)), wilson_share(sum(blind), len(blind))
    p, q = sum(assisted) / len(assisted), sum(blind) / len(blind)
    low = p - q - math.hypot(p - a.low, b.high - q)
    high = p - q + math.hypot(a.high - p, q - b.low)
    return Pull(*counted, Interval(p - q, low, high))
