"""The texts of reports as other tools get them, and where each sentence lies in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pandas as pd

from pipeline.frames import each_row

Grouping = Literal["reports", "period"]
BETWEEN_FIELDS = "\n\n"
_FIELDS = ("observation", "proposal")


@dataclass(frozen=True)
class Place:
    """A stretch of a source's text: a whole report, or one of its segments.

    Attributes
    ----------
    report_id, segment_id : str
        ``segment_id`` is ``""`` for the report as a whole.
    start, end : int
        Half-open, in code points of the source's text.
    """

    report_id: str
    segment_id: str
    start: int
    end: int


@dataclass(frozen=True)
class SourceText:
    """One text handed out.

    Attributes
    ----------
    name : str
        The report's id, or the period when the reports of a period are joined.
    text : str
        NFC; ends in a line feed, because some tools drop a coding that runs to the very end.
    reports : tuple of Place
        Each report in it, in order.
    segments : tuple of Place
        Each segment in it, in order.
    """

    name: str
    text: str
    reports: tuple[Place, ...]
    segments: tuple[Place, ...] = field(repr=False)

    @cached_property
    def by_report(self) -> dict[str, tuple[Place, ...]]:
        """Segments of each report."""
        found: dict[str, list[Place]] = {place.report_id: [] for place in self.reports}
        for place in self.segments:
            found[place.report_id].append(place)
        return {report_id: tuple(places) for report_id, places in found.items()}


def source_texts(
    reports: pd.DataFrame, segments: pd.DataFrame, grouping: Grouping = "reports"
) -> Iterator[SourceText]:
    """Yield the texts of reports, one a report or one a period.

    Parameters
    ----------
    reports : DataFrame with columns ``report_id``, ``period``, ``observation``, ``proposal``
    segments : DataFrame with columns ``segment_id``, ``report_id``, ``field``, ``start``, ``end``
    grouping : {"reports", "period"}, default="reports"
        One text a report, or the reports of a period in one text, each under its id, for tools
        that choke on many files.

    Notes
    -----
    A report's text is its observation, then its proposal after an empty line.
    """
    of_report: dict[str, list[tuple[str, int, int, str]]] = {}
    for row in each_row(segments):
        of_report.setdefault(row.report_id, []).append(
            (row.field, row.start, row.end, row.segment_id)
        )
    if grouping == "reports":
        for row in each_row(reports):
            yield _joined(row.report_id, [row], of_report, with_ids=False)
        return
    for period, rows in reports.groupby("period", sort=True):
        yield _joined(str(period) or "ilman-jaksoa", list(each_row(rows)), of_report, with_ids=True)


def _joined(
    name: str,
    rows: Sequence[object],
    of_report: dict[str, list[tuple[str, int, int, str]]],
    *,
    with_ids: bool,
) -> SourceText:
    """Put reports after one another."""
    text, places, sentences = "", [], []
    for row in rows:
        report_id: str = row.report_id  # type: ignore[attr-defined]
        if with_ids:
            text += ("\n" if text else "") + f"{report_id}\n"
        start, offsets = len(text), {}
        for name_of_field in _FIELDS:
            content: str = getattr(row, name_of_field)
            if content:
                text += BETWEEN_FIELDS if len(text) > start else ""
                offsets[name_of_field] = len(text)
                text += content
        places.append(Place(report_id, "", start, len(text)))
        for field_name, low, high, segment_id in of_report.get(report_id, ()):
            shift = offsets[field_name]
            sentences.append(Place(report_id, segment_id, shift + low, shift + high))
        text += "\n"
    return SourceText(name, text, tuple(places), tuple(sentences))
