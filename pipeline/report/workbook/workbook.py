"""Write the sheets into one workbook."""

import io
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.spreadsheet import FORMULA_STARTS, MAX_CELL_CHARS

_CUT = " […]"
_WIDTHS = {"observation": 80, "proposal": 60, "text": 80, "reason": 60, "evidence": 60, "terms": 50}
_WIDTH = 18
_ELSEWHERE = "tokens"
"""Is half of all cells and is read by programs alone, which take its Parquet file."""

_FOR_MACHINES = frozenset(
    ("segments", "segment_topics", "segment_themes", "segment_kinds", "report_themes")
)
MANY_ROWS = 20_000
"""Longer tables that nobody reads row by row are left to their Parquet files: at 10,000 reports
writing them was two thirds of the workbook's time, which every decision waits for."""
MANY_CELLS = 2_000_000
"""A workbook of more is written row by row to files in the scratch folder, and not held."""


def render_workbook(
    facts: ReportFacts,
    sheets: Mapping[str, pd.DataFrame],
    words: Catalogue,
    scratch: Path | None = None,
) -> bytes:
    """Write ``tables.xlsx``.

    Every text is written as a text cell, never as a formula, a link or a number, whatever it
    begins with; one that begins like a formula also carries Excel's quote mark, so that editing
    the cell does not wake it. Lists are joined with ``"; "``. A table longer than
    ``facts.max_sheet_rows`` is cut, with a last row that says where the whole of it is; words are
    left to their file altogether, and so are sentences and the scores of sentences and of pairs
    beyond :data:`MANY_ROWS`.

    Parameters
    ----------
    facts : ReportFacts
        The time the newest table was made becomes the workbook's date.
    sheets : mapping of str to DataFrame
        In order, from :func:`pipeline.report.facts.sheets.sheets`.
    words : Catalogue
    scratch : Path, optional
        The study's own folder of half-made things, for a workbook of more than
        :data:`MANY_CELLS`; without it every cell is held in memory.

    Returns
    -------
    bytes
        Nothing is written to a temporary file on the way but in `scratch`.
    """
    import xlsxwriter

    is_many = sum(frame.size for frame in sheets.values()) > MANY_CELLS
    held = {"in_memory": True} if scratch is None or not is_many else _in_rows(scratch)
    as_text = dict.fromkeys(("formulas", "urls", "numbers"), False)
    options = {f"strings_to_{kind}": wanted for kind, wanted in as_text.items()}
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, held | options)
    made = datetime.fromisoformat(facts.origin.made_at_iso)
    made = made if made.tzinfo is None else made.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": facts.front.title, "created": made})
    writer = _Writer(book, facts.max_sheet_rows, words)
    writer.readme(_readme(facts, sheets, words))
    for name, frame in sheets.items():
        writer.sheet(name, frame)
    book.close()
    return buffer.getvalue()


def _in_rows(scratch: Path) -> dict[str, object]:
    """Return the options of a workbook that holds one row and writes the others away."""
    return {"constant_memory": True, "tmpdir": str(scratch)}


def _readme(
    facts: ReportFacts, sheets: Mapping[str, pd.DataFrame], words: Catalogue
) -> list[tuple[str, str, str]]:
    """Return the lines of the README sheet: three cells each."""
    front = facts.front
    head = [
        (front.title, front.period, front.organisation),
        (words("workbook.made"), facts.origin.made_at, ""),
        *([(words.plain(front.look_back), "", "")] if front.look_back else []),
        (words("page.internal"), "", ""),
        (words("workbook.cells"), "", ""),
        ("", "", ""),
        (words("workbook.sheet"), words("workbook.rows"), words("workbook.meaning")),
    ]
    lines = [
        (name, words.whole(len(frame)), words(f"sheets.{name}")) for name, frame in sheets.items()
    ]
    return [*head, *lines]


class _Writer:
    """Write frames into an open workbook."""

    def __init__(self, book: Any, max_rows: int, words: Catalogue) -> None:
        self._book = book
        self._max_rows = max_rows
        self._words = words
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._quoted = book.add_format({"quote_prefix": True})

    def readme(self, lines: Sequence[tuple[str, str, str]]) -> None:
        """Write the first sheet, which says what the others are."""
        sheet = self._book.add_worksheet("README")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, 2, 90)
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                self._text(sheet, row, column, text)

    def sheet(self, name: str, frame: pd.DataFrame) -> None:
        """Write one table row by row, cut at the limit of rows."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        is_left = name == _ELSEWHERE or (name in _FOR_MACHINES and len(frame) > MANY_ROWS)
        shown = frame.head(0 if is_left else self._max_rows)
        for column, title in enumerate(frame.columns):
            sheet.set_column(column, column, _WIDTHS.get(str(title), _WIDTH))
            sheet.write_string(0, column, str(title), self._bold)
        columns = [shown[title].tolist() for title in shown.columns]
        for row, values in enumerate(zip(*columns, strict=True), start=1):
            for column, value in enumerate(values):
                self._cell(sheet, row, column, value)
        if len(frame):
            sheet.autofilter(0, 0, len(shown), len(frame.columns) - 1)
        if len(frame) > len(shown):
            rest = self._words(
                "workbook.cut",
                shown=self._words.whole(len(shown)),
                n=self._words.whole(len(frame)),
                name=name,
            )
            sheet.write_string(len(shown) + 1, 0, str(rest))

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        """Write one value by its type; an unknown number or date stays empty."""
        if isinstance(value, str):
            self._text(sheet, row, column, value)
        elif isinstance(value, list):
            self._text(sheet, row, column, "; ".join(_item(item) for item in value))
        elif value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
            return
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._date)
        else:
            sheet.write_number(row, column, value)

    def _text(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Write a text cell, cut at Excel's longest."""
        if not text:
            return
        if len(text) > MAX_CELL_CHARS:
            text = text[: MAX_CELL_CHARS - len(_CUT)] + _CUT
        style = self._quoted if text.startswith(FORMULA_STARTS) else None
        sheet.write_string(row, column, text, style)


def _item(value: Any) -> str:
    """Write one item of a list: a text or number as it is, a record as its values."""
    if isinstance(value, dict):
        return " | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in value.values())
    return str(value)
