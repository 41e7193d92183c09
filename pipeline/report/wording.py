"""Numbers, days and lists as a reader of the report's language expects them.

The forms are Babel's, from the Unicode CLDR of the language; what CLDR has no form for, such as the
name of a half-year, is in the message file.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

NBSP = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"
_HALF_YEAR = re.compile(r"(\d{4})H([12])")
_FRONT = (1, 4, 5, 7, 9)
"""Digits whose Finnish names have front vowels; so has *ten*, and not *hundred* or *thousand*."""
_SEASONS = {"1": "spring", "2": "autumn"}


@dataclass(frozen=True)
class Wording:
    """How one language writes numbers, days and lists.

    Attributes
    ----------
    messages : mapping
        The message file; its table ``wording`` names the locale and the forms CLDR lacks.

    Examples
    --------
    >>> finnish = Wording({"wording": {"locale": "fi_FI"}})
    >>> finnish.whole(12345).replace(NBSP, " "), finnish.decimal(0.25, 2)
    ('12 345', '0,25')
    >>> finnish.day(date(2024, 7, 1)), finnish.enumerated(["a", "b", "c"])
    ('1.7.2024', 'a, b ja c')
    >>> english = Wording({"wording": {"locale": "en_GB"}})
    >>> english.whole(12345), english.decimal(0.25, 2), english.day(date(2024, 7, 1))
    ('12,345', '0.25', '1 Jul 2024')
    """

    messages: Mapping[str, Any]

    @cached_property
    def locale(self) -> Locale:
        """The language and country whose forms are used."""
        return Locale.parse(self._form("locale"))

    def whole(self, number: int) -> str:
        """Write a whole number with thousands apart."""
        return format_decimal(number, locale=self.locale)

    def elative(self, number: int) -> str:
        """Write a whole number with the Finnish ending for *out of*; elsewhere without one.

        Examples
        --------
        >>> finnish = Wording({"wording": {"locale": "fi_FI"}})
        >>> [finnish.elative(n) for n in (38, 40, 41, 112, 200)]
        ['38:sta', '40:stä', '41:stä', '112:sta', '200:sta']
        >>> Wording({"wording": {"locale": "en_GB"}}).elative(38)
        '38'
        """
        written = self.whole(number)
        if self.locale.language != "fi":
            return written
        is_front = number % 10 in _FRONT if number % 10 else bool(number % 100)
        return f"{written}:{'stä' if is_front else 'sta'}"

    def decimal(self, number: float, n_digits: int) -> str:
        """Write a number with a fixed number of decimals."""
        exact = Decimal(f"{number:.{n_digits}f}")
        return format_decimal(exact, format=f"0.{'0' * n_digits}", locale=self.locale)

    def percent(self, n: int, size: int) -> str:
        """Write a share, rounded half up, with one decimal only where it is not whole.

        Examples
        --------
        >>> finnish = Wording({"wording": {"locale": "fi_FI"}})
        >>> finnish.percent(31, 40).replace(NBSP, " "), finnish.percent(0, 0)
        ('77,5 %', '–')
        >>> english = Wording({"wording": {"locale": "en_GB"}})
        >>> english.percent(31, 40), english.percent(4, 40)
        ('77.5%', '10%')
        """
        if size == 0:
            return EN_DASH
        return self._percent(Decimal((2 * 1000 * n + size) // (2 * size)) / 1000)

    def whole_percent(self, share: float) -> str:
        """Write a share of 0-1 in whole percent, rounded half up.

        Examples
        --------
        >>> Wording({"wording": {"locale": "en_GB"}}).whole_percent(0.125)
        '13%'
        """
        return self._percent(Decimal(_hundredths(share)) / 100)

    def interval(self, low: float, high: float) -> str:
        """Write an interval of shares in whole percent.

        Examples
        --------
        >>> finnish = Wording({"wording": {"locale": "fi_FI"}})
        >>> finnish.interval(0.0157, 0.2039).replace(NBSP, " ")
        '2–20 %'
        """
        return f"{_hundredths(low)}{EN_DASH}{self.whole_percent(high)}"

    def day(self, when: date) -> str:
        """Write a day."""
        return format_date(when, format="medium", locale=self.locale)

    def moment(self, iso: str) -> str:
        """Write a moment given in ISO 8601, in its own offset.

        Examples
        --------
        >>> forms = {"locale": "fi_FI", "moment": "{day} klo {time}"}
        >>> Wording({"wording": forms}).moment("2025-01-15T09:05:00+02:00")
        '15.1.2025 klo 9.05'
        """
        when = datetime.fromisoformat(iso).replace(tzinfo=None)
        time = format_time(when.time(), format="short", locale=self.locale)
        return self._form("moment").format(day=self.day(when), time=time)

    def days(self, start: date, end: date) -> str:
        """Write a stretch of days, the year once where it is the same.

        Examples
        --------
        >>> forms = {"locale": "fi_FI", "days": "yMd"}
        >>> Wording({"wording": forms}).days(date(2024, 7, 1), date(2024, 12, 31))
        '1.7.–31.12.2024'
        """
        return format_interval(start, end, skeleton=self._form("days"), locale=self.locale)

    def period_name(self, period: str) -> str:
        """Name a half-year by its season; any other label stays as it is.

        Examples
        --------
        >>> finnish = Wording({"wording": {"autumn": "syksy"}})
        >>> finnish.period_name("2024H2"), finnish.period_name("2024")
        ('syksy 2024', '2024')
        """
        match = _HALF_YEAR.fullmatch(period)
        return f"{self._form(_SEASONS[match[2]])} {match[1]}" if match else period

    def enumerated(self, words: Sequence[str]) -> str:
        """Join words with commas and a last *and*."""
        return format_list(words, locale=self.locale)

    def is_one(self, number: int) -> bool:
        """Tell whether a number takes the singular."""
        return self.locale.plural_form(number) == "one"

    def percent_format(self) -> str:
        """Return the number format by which a spreadsheet or a chart writes percents.

        Examples
        --------
        >>> Wording({"wording": {"locale": "en_GB"}}).percent_format()
        '0"%"'
        """
        sign = self._percent(Decimal(0)).removeprefix("0")
        return f'0"{sign}"'

    def _percent(self, share: Decimal) -> str:
        """Write an exact share of 0-1 in percent."""
        return format_percent(share, locale=self.locale, decimal_quantization=False)

    def _form(self, name: str) -> str:
        """Return a form of the message file."""
        return str(self.messages["wording"][name])


def _hundredths(share: float) -> int:
    """Return a share in whole percent, rounded half up."""
    return math.floor(share * 100 + 0.5)
