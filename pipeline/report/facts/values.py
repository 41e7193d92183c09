"""The plain values that every form of the report renders: numbers with their reports, texts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """A number and the reports it stands for.

    Attributes
    ----------
    report_ids : tuple of str
        The distinct reports, in the order they were found.
    title : str
        What they have in common, in the report's language.
    unit : str
        Unit told after the number, by its key in the catalogue; ``""`` for the number alone.

    Examples
    --------
    >>> count_of(["R-2", "R-1", "R-2"], "asuminen").n
    2
    """

    report_ids: tuple[str, ...]
    title: str
    unit: str = ""

    @property
    def n(self) -> int:
        """How many reports."""
        return len(self.report_ids)


def count_of(report_ids: Iterable[str], title: str) -> Count:
    """Count distinct reports; the number is told alone."""
    return Count(tuple(dict.fromkeys(report_ids)), title)


def amount_of(report_ids: Iterable[str], title: str) -> Count:
    """Count distinct reports; the number is told with its unit, such as *3 raporttia*."""
    return Count(tuple(dict.fromkeys(report_ids)), title, unit="reports")


@dataclass(frozen=True)
class Hidden:
    """What stands for a number whose reports may not be opened, such as *<3*."""

    text: str


@dataclass(frozen=True)
class ReportLink:
    """One report, by its id."""

    report_id: str


@dataclass(frozen=True)
class Quotation:
    """One verbatim quotation.

    Attributes
    ----------
    report_id, segment_id : str
        Where it stands; ``segment_id`` is the sentence it was chosen for.
    text : str
        A stretch of the report's safe text.
    covers : tuple of str
        The sentences in the text.
    """

    report_id: str
    segment_id: str
    text: str
    covers: tuple[str, ...] = ()

    @property
    def report(self) -> ReportLink:
        """The report it stands in."""
        return ReportLink(self.report_id)

    @property
    def segments(self) -> tuple[str, ...]:
        """The sentence it was chosen for, and those in its text."""
        return (self.segment_id, *self.covers)


Number = Count | Hidden
"""A count, or what stands for it."""
Value = str | Count | Hidden | ReportLink
"""What one run of a text can say."""


@dataclass(frozen=True)
class Run:
    """A stretch of a text.

    Attributes
    ----------
    value : str, Count, Hidden or ReportLink
    style : str
        ``name`` for the name of a thing, ``nowrap`` for what should stay on one line, or ``""``.
    """

    value: Value
    style: str = ""


@dataclass(frozen=True)
class Text:
    """A text whose numbers still know their reports."""

    runs: tuple[Run, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.runs)


def joined(parts: Iterable[Text], by: str) -> Text:
    """Join texts.

    Examples
    --------
    >>> joined([Text((Run("a"),)), Text((Run("b"),))], "; ").runs[1].value
    '; '
    """
    runs: list[Run] = []
    for part in parts:
        runs += [Run(by), *part.runs] if runs else part.runs
    return Text(tuple(runs))


Said = Value | Text
"""Anything a form may be asked to write."""


def each_value(said: Said) -> Iterator[Value]:
    """Yield the values of a text in order, or the value itself."""
    if isinstance(said, Text):
        yield from (run.value for run in said.runs)
    else:
        yield said
