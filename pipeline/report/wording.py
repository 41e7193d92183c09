"""Numbers, days and lists as a Finnish reader expects them."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime

NBSP = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"
_HALF_YEAR = re.compile(r"(\d{4})H([12])")
_SEASONS = {"1": "kevät", "2": "syksy"}


def whole(number: int) -> str:
    """Write a whole number with thousands apart.

    Examples
    --------
    >>> whole(12345).replace(NBSP, " ")
    '12 345'
    """
    return f"{number:,}".replace(",", NBSP)


def decimal(number: float, n_digits: int) -> str:
    """Write a number with a decimal comma.

    Examples
    --------
    >>> decimal(0.25, 2)
    '0,25'
    """
    return f"{number:.{n_digits}f}".replace(".", ",")


def percent(n: int, size: int) -> str:
    """Write a share, rounded half up, with one decimal only where it is not whole.

    Examples
    --------
    >>> percent(31, 40).replace(NBSP, " "), percent(4, 40).replace(NBSP, " "), percent(0, 0)
    ('77,5 %', '10 %', '–')
    """
    if size == 0:
        return EN_DASH
    tenths = (2 * 1000 * n + size) // (2 * size)
    units, tenth = divmod(tenths, 10)
    return f"{units},{tenth}{NBSP}%" if tenth else f"{units}{NBSP}%"


def whole_percent(share: float) -> str:
    """Write a share of 0-1 in whole percent, rounded half up, without the sign."""
    return str(math.floor(share * 100 + 0.5))


def interval(low: float, high: float) -> str:
    """Write an interval of shares in whole percent.

    Examples
    --------
    >>> interval(0.0157, 0.2039).replace(NBSP, " ")
    '2–20 %'
    """
    return f"{whole_percent(low)}{EN_DASH}{whole_percent(high)}{NBSP}%"


def day(when: date) -> str:
    """Write a day.

    Examples
    --------
    >>> day(date(2024, 7, 1))
    '1.7.2024'
    """
    return f"{when.day}.{when.month}.{when.year}"


def moment(iso: str) -> str:
    """Write a moment given in ISO 8601, in its own offset.

    Examples
    --------
    >>> moment("2025-01-15T09:05:00+02:00")
    '15.1.2025 klo 9.05'
    """
    when = datetime.fromisoformat(iso)
    return f"{day(when)} klo {when.hour}.{when.minute:02d}"


def days(start: date, end: date) -> str:
    """Write a stretch of days, the year once where it is the same.

    Examples
    --------
    >>> days(date(2024, 7, 1), date(2024, 12, 31))
    '1.7.–31.12.2024'
    """
    first = f"{start.day}.{start.month}." if start.year == end.year else day(start)
    return f"{first}{EN_DASH}{day(end)}"


def period_name(period: str) -> str:
    """Name a half-year by its season; any other label stays as it is.

    Examples
    --------
    >>> period_name("2024H2"), period_name("2024")
    ('syksy 2024', '2024')
    """
    match = _HALF_YEAR.fullmatch(period)
    return f"{_SEASONS[match[2]]} {match[1]}" if match else period


def short_period(period: str) -> str:
    """Shorten a half-year for the foot of a column.

    Examples
    --------
    >>> short_period("2024H2"), short_period("2024")
    ('s24', '2024')
    """
    match = _HALF_YEAR.fullmatch(period)
    return f"{_SEASONS[match[2]][0]}{match[1][2:]}" if match else period


def enumerated(words: Sequence[str]) -> str:
    """Join words with commas and a last *ja*.

    Examples
    --------
    >>> enumerated(["a", "b", "c"])
    'a, b ja c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} ja {words[-1]}"
