"""Cut time into periods: half-years, quarters, years, or a study's own."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

PeriodKind = Literal["half-year", "quarter", "year", "own"]

_MONTHS = {"half-year": 6, "quarter": 3, "year": 12}
_MARKS = {"half-year": "H", "quarter": "Q", "year": ""}
_LABEL = re.compile(r"(\d{4})(?:[ -]?([HQ])([1-4]))?", re.IGNORECASE)
_ONE_DAY = dt.timedelta(days=1)
_DAYS_A_YEAR = 365.25
_MIN_DAYS_TO_TELL = 20
_STRAY_SHARE = 0.01


class Period(NamedTuple):
    """A period with its first and last day, both included."""

    label: str
    start: dt.date
    end: dt.date


def period_of(day: dt.date, kind: PeriodKind, starts: Mapping[str, dt.date]) -> str:
    """Return the label of the period a day lies in.

    Parameters
    ----------
    day : date
    kind : {"half-year", "quarter", "year", "own"}
    starts : mapping of str to date
        Label to first day, for ``own``.

    Returns
    -------
    str
        ``""`` when the day is before the first of a study's own periods.

    Examples
    --------
    >>> day = dt.date(2024, 9, 1)
    >>> [period_of(day, kind, {}) for kind in ("half-year", "quarter", "year")]
    ['2024H2', '2024Q3', '2024']
    >>> period_of(day, "own", {"kevät": dt.date(2024, 1, 15), "syksy": dt.date(2024, 8, 1)})
    'syksy'
    """
    if kind == "own":
        begun = [(start, label) for label, start in starts.items() if start <= day]
        return max(begun)[1] if begun else ""
    n_months = _MONTHS[kind]
    number = (day.month - 1) // n_months + 1
    return f"{day.year}{_MARKS[kind]}{number if kind != 'year' else ''}"


def tidy_label(label: str) -> str:
    """Return a label in the way periods are written here, where it is one of them.

    >>> tidy_label("2024 h2"), tidy_label("kevät 2024")
    ('2024H2', 'kevät 2024')
    """
    found = _LABEL.fullmatch(label)
    if not found:
        return label
    return f"{found[1]}{(found[2] or '').upper()}{found[3] or ''}"


def standard_period(label: str) -> Period | None:
    """Return the half-year, quarter or year a label names, if it names one.

    >>> standard_period("2024H1").end.isoformat(), standard_period("2024H3")
    ('2024-06-30', None)
    """
    found = _LABEL.fullmatch(label)
    if not found or not dt.MINYEAR < int(found[1]) < dt.MAXYEAR:
        return None
    kind = {"H": "half-year", "Q": "quarter"}.get((found[2] or "").upper(), "year")
    number = int(found[3] or 1)
    if number * _MONTHS[kind] > 12:
        return None
    start = dt.date(int(found[1]), (number - 1) * _MONTHS[kind] + 1, 1)
    return Period(tidy_label(label), start, _months_later(start, _MONTHS[kind]) - _ONE_DAY)


def lay_out(
    days: Mapping[str, Iterable[dt.date]], kind: PeriodKind, starts: Mapping[str, dt.date]
) -> list[Period]:
    """Return the periods from the first to the last one in use, gaps included.

    Parameters
    ----------
    days : mapping of str to iterable of date
        Each label in use with the days of its reports.
    kind : {"half-year", "quarter", "year", "own"}
    starts : mapping of str to date
        Label to first day, for ``own``; the last one ends with its last report.

    Returns
    -------
    list of Period
        Oldest first. A label that is none of ``kind`` spans the days of its reports, and is not
        there when none of them has a day.

    Examples
    --------
    >>> [p.label for p in lay_out({"2023H1": [], "2024H1": []}, "half-year", {})]
    ['2023H1', '2023H2', '2024H1']
    """
    found: dict[str, Period] = {}
    for label, its_days in days.items():
        known = sorted(its_days)
        if kind == "own" and label in starts:
            found[label] = _own_period(label, starts, known)
        elif standard := standard_period(label):
            found[label] = standard
        elif known:
            found[label] = Period(label, known[0], known[-1])
    for period in _between(list(found.values()), kind, starts):
        found.setdefault(period.label, period)
    return sorted(found.values(), key=lambda period: (period.start, period.end, period.label))


def _own_period(label: str, starts: Mapping[str, dt.date], days: list[dt.date]) -> Period:
    """Return one of a study's own periods."""
    start = starts[label]
    later = [other for other in starts.values() if other > start]
    end = min(later) - _ONE_DAY if later else max([start, *days])
    return Period(label, start, end)


def _between(
    used: list[Period], kind: PeriodKind, starts: Mapping[str, dt.date]
) -> Iterable[Period]:
    """Yield every period of the study's kind from the first to the last one in use."""
    if kind == "own":
        own = [period.start for period in used if period.label in starts]
        for label, start in starts.items():
            if own and min(own) <= start <= max(own):
                yield _own_period(label, starts, [])
        return
    own = [p.start for p in used if p.label == period_of(p.start, kind, {})]
    start = min(own, default=dt.date.max)
    while own and start <= max(own):
        period = standard_period(period_of(start, kind, {}))
        if period is not None:
            yield period
        start = _months_later(start, _MONTHS[kind])


def _months_later(day: dt.date, n_months: int) -> dt.date:
    """Return the first day of the month some months on."""
    months = day.year * 12 + day.month - 1 + n_months
    return dt.date(months // 12, months % 12 + 1, 1)


def stray_days(days: list[dt.date], max_gap_years: int) -> set[dt.date]:
    """Return the days so far from nearly all others that their year must be mistyped.

    Days more than ``max_gap_years`` apart are cut into groups. A group beside the largest one is
    astray when it has one day, or less than a hundredth of them. One such year would otherwise
    stretch the study over decades of empty periods.

    Parameters
    ----------
    days : list of date
        One a report, in any order; fewer than 20 are too few to tell.
    max_gap_years : int

    Returns
    -------
    set of date

    Examples
    --------
    >>> days = [dt.date(2024, 9, n) for n in range(1, 25)]
    >>> [day.isoformat() for day in stray_days([*days, dt.date(2042, 9, 1)], 5)]
    ['2042-09-01']
    """
    if len(days) < _MIN_DAYS_TO_TELL:
        return set()
    groups: list[list[dt.date]] = []
    for day in sorted(days):
        if not groups or (day - groups[-1][-1]).days > max_gap_years * _DAYS_A_YEAR:
            groups.append([])
        groups[-1].append(day)
    largest = max(groups, key=len)
    limit = max(1.0, _STRAY_SHARE * len(days))
    return {day for g in groups if g is not largest and len(g) <= limit for day in g}
