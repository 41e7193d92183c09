"""Read the day that a cell writes out, in the ways that forms and people write days.

A moment with a time zone is a day in Finland: an answer sent at 22.30 in universal time on the last
of June was sent on the first of July.
"""

import datetime as dt
import re
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

DateOrder = Literal["day-first", "month-first"]

# Excel counts days from here, its leap day of 1900 included.
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
_FIRST_SECOND, _LAST_SECOND = 600_000_000, 4_100_000_000  # 1989 to 2099
_HELSINKI = "Europe/Helsinki"

_CLOCK = (
    r"(\d{1,2})[.:](\d{2})(?:[.:](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?|[ai]\.?p\.?|[ef]\.?m\.?)?"
)
_AFTERNOON = ("p", "i", "e")  # PM, ip., em
_ZONE = r"(Z|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?(?:\s*\([^)]*\)|\s*\[[^\]]*\])?"
_TAIL = re.compile(rf"(?:\s*(?:,|T|kl|klo|at|o'clock)?\.?\s*{_CLOCK}\s*{_ZONE})?\s*", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_PARTS = re.compile(
    r"(?:[a-zåäö]{2,12}\.?,?\s+)?(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    r"(?:[a-zåäö]{2,12}\.?,?\s+)?(?:den\s+)?(\d{1,2})\.?(?:st|nd|rd|th)?[\s-]+([a-zåäö]{3,12})\.?,?[\s-]+(\d{4})",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"(?:[a-z]{2,12}\.?,?\s+)?([a-z]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(  # Wed Sep 04 13:45:22 EEST 2024
    r"[a-z]{3}\s+([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d{2}:\d{2})\s+(?:[A-Z]{3,4}\s+)?(\d{4})",
    re.IGNORECASE,
)


_DAY_WORDS = re.compile(
    r"päiv|pvm|aika|ajankohta|milloin|date|datum|tid\b|stamp|time|lähetetty|sent|submit|skickad",
    re.IGNORECASE,
)


def names_days(header: str) -> bool:
    """Say whether the name of a column speaks of a day or a time.

    Examples
    --------
    >>> names_days("Päivämäärä"), names_days("submitted_at"), names_days("Ikä")
    (True, True, False)
    """
    return bool(_DAY_WORDS.search(header))


def is_stamp(number: float) -> bool:
    """Say whether a number can be seconds or milliseconds since 1970."""
    return abs(number) >= _FIRST_SECOND and from_number(number) is not None


def from_number(number: float) -> dt.date | None:
    """Return the day of an Excel serial number, or of seconds or milliseconds since 1970.

    Examples
    --------
    >>> from_number(45536.0).isoformat(), from_number(1725451200000).isoformat()
    ('2024-09-01', '2024-09-04')
    """
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return _EXCEL_EPOCH + dt.timedelta(days=int(number))
    for unit in (1, 1_000, 1_000_000):
        if _FIRST_SECOND * unit <= number <= _LAST_SECOND * unit:
            moment = dt.datetime.fromtimestamp(number / unit, tz=dt.UTC)
            return moment.astimezone(ZoneInfo(_HELSINKI)).date()
    return None


def from_text(text: str, order: DateOrder = "day-first") -> dt.date | None:
    """Return the day that a text writes out.

    Parameters
    ----------
    text : str
    order : {"day-first", "month-first"}
        How ``9/10/2024`` is read.

    Returns
    -------
    date or None
        None for a text that is no day, and for a day that is in no calendar. A moment with a time
        zone is the day it was in Finland.

    Examples
    --------
    >>> from_text("2024-06-30T21:30:00Z").isoformat()
    '2024-07-01'
    >>> from_text("keskiviikko 4. syyskuuta 2024 klo 13.45.22 UTC+3").isoformat()
    '2024-09-04'
    >>> from_text("2024/06/30 11:45:22 ip. UTC+1").isoformat()
    '2024-07-01'
    >>> from_text("September 4, 2024 1:45 PM") == from_text("den 4 sept. 2024")
    True
    """
    number = text.replace(",", ".")
    if re.fullmatch(r"\d{5}(?:\.\d+)?|\d{9,10}(?:\.\d+)?|\d{12,13}", number):
        return from_number(float(number))
    if found := _YEAR_LAST.fullmatch(text):
        return _day(found[4], _month(found[1]), found[2])
    for pattern in (_ISO, _PARTS, _DAY_MONTH, _MONTH_DAY):
        if found := pattern.match(text):
            tail = _TAIL.fullmatch(text, found.end())
            if tail is None:
                continue
            day = _written(pattern, found, order)
            return None if day is None else _in_finland(day, tail)
    return None


def _written(pattern: re.Pattern[str], found: re.Match[str], order: DateOrder) -> dt.date | None:
    """Return the day as it is written."""
    if pattern is _ISO:
        return _day(found[1], int(found[2]), found[3])
    if pattern is _DAY_MONTH:
        return _day(found[3], _month(found[2]), found[1])
    if pattern is _MONTH_DAY:
        return _day(found[3], _month(found[1]), found[2])
    first, mark, second, year = found.groups()
    # Points are written in Finland, where the day always comes first.
    is_day_first = order == "day-first" or mark == "."
    day, month = (first, second) if is_day_first else (second, first)
    return _day(year if len(year) == 4 else f"20{year}", int(month), day)


def _day(year: str, month: int, day: str) -> dt.date | None:
    """Return a day, or None when no calendar has it."""
    try:
        return dt.date(int(year), month, int(day))
    except ValueError:
        return None


def _in_finland(day: dt.date, tail: re.Match[str]) -> dt.date:
    """Return the day in Finland of a moment, when its time zone is stated."""
    hours, minutes, seconds, half, zone = tail.groups()
    if hours is None or not zone:
        return day
    hour = (
        int(hours) % 12 + (12 if half.lower().startswith(_AFTERNOON) else 0) if half else int(hours)
    )
    try:
        clock = dt.time(hour, int(minutes), int(seconds or 0))
    except ValueError:
        return day
    moment = dt.datetime.combine(day, clock, tzinfo=dt.timezone(_offset(zone)))
    return moment.astimezone(ZoneInfo(_HELSINKI)).date()


def _offset(zone: str) -> dt.timedelta:
    """Return the hours that a zone is ahead of universal time."""
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone.replace(" ", ""))
    if not found:
        return dt.timedelta()
    size = dt.timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -size if found[1] == "-" else size


def _month(name: str) -> int:
    """Return the number of a month by its Finnish, Swedish or English name; 0 when it is none."""
    return _months().get(name.casefold().rstrip("."), 0)


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Return the number of each name of a month, long and short, in three languages."""
    from babel.dates import get_month_names

    found: dict[str, int] = {"sept": 9}
    for language in ("fi", "sv", "en"):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = get_month_names(width, context, language)
                found |= {str(name).casefold().rstrip("."): n for n, name in names.items()}
    for name, number in list(found.items()):
        if name.endswith("kuu"):  # tammikuu: tammikuun, tammikuuta
            found |= {f"{name}n": number, f"{name}ta": number}
    return found
