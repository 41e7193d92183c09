"""Write every safe table, the counts and what holds after people's rulings into one workbook."""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pandas as pd

from pipeline.report.catalogue import Catalogue
from pipeline.report.counts import count
from pipeline.report.cross import Cross
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance
from pipeline.report.sections.agreement import agreement_sheets
from pipeline.report.sections.rare import rare_table
from pipeline.spreadsheet import FORMULA_STARTS, MAX_CELL_CHARS
from pipeline.tables import TABLES

_CUT = " […]"
_WIDTHS = {"observation": 80, "proposal": 60, "text": 80, "reason": 60, "evidence": 60, "terms": 50}
_WIDTH = 18


def render_workbook(material: Material, words: Catalogue, provenance: Provenance) -> bytes:
    """Write ``tables.xlsx``.

    Every text is written as a text cell, never as a formula, a link or a number, whatever it
    begins with; one that begins like a formula also carries Excel's quote mark, so that editing
    the cell does not wake it. Lists are joined with ``"; "``. A table longer than
    ``config.max_sheet_rows`` is cut, with a last row that says where the whole of it is.

    Parameters
    ----------
    material : Material
    words : Catalogue
    provenance : Provenance
        ``made_at`` becomes the workbook's date.

    Returns
    -------
    bytes
        Nothing is written to a temporary file on the way.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = datetime.fromisoformat(provenance.made_at)
    made = made if made.tzinfo is None else made.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": words.title(material.config.title), "created": made})
    writer = _Writer(book, material.config.max_sheet_rows, words)
    sheets = _sheets(material, words)
    writer.readme(_readme(material, sheets, words, provenance))
    for name, frame in sheets.items():
        writer.sheet(name, frame)
    writer.sheet("columns", _columns())
    book.close()
    return buffer.getvalue()


def _sheets(material: Material, words: Catalogue) -> dict[str, pd.DataFrame]:
    """Return the sheets in order: counts, what holds, then the tables as they are."""
    tables = {field.name: getattr(material.tables, field.name) for field in fields(material.tables)}
    tables["topics"], tables["signals"] = material.topics, material.signals
    return {
        "counts": all_counts(material, words),
        "themes_in_force": themes_in_force(material),
        "themes_by_group": cross_sheet(material, material.group_cross, words),
        "themes_by_area": cross_sheet(material, material.area_cross, words),
        "rare_combinations": rare_table(material),
        **(agreement_sheets(found, material) if (found := material.comparison) else {}),
        "activities": pd.DataFrame(
            [one.model_dump() for one in material.config.activities],
            columns=["name", "n", "source"],
        ),
        **tables,
    }


def cross_sheet(material: Material, cross: Cross, words: Catalogue) -> pd.DataFrame:
    """Return a cross table as the page shows it: hidden cells are texts."""
    labels = [words.label(cross.column, value) for value in cross.values]
    rows = []
    for theme_id in cross.rows:
        cells: list[int | str] = [
            cross.text(theme_id, value)
            if cross.is_hidden(theme_id, value)
            else len(set(cross.ids.get((theme_id, value), [])))
            for value in cross.values
        ]
        rows.append([theme_id, material.theme_label(theme_id), *cells])
    return pd.DataFrame(rows, columns=["theme_id", "label", *labels], dtype=object)


def all_counts(material: Material, words: Catalogue) -> pd.DataFrame:
    """Count areas, client groups, valence and themes in every period up to the reported one.

    Returns
    -------
    DataFrame with columns ``kind``, ``value``, ``label``, ``period``, ``n``, ``n_reports``, \
``share``, ``ci_low``, ``ci_high``
    """
    labels: dict[str, Callable[[str], str]] = {
        kind: partial(words.label, kind) for kind in ("area", "client_groups", "valence")
    }
    parts = []
    for kind, label in {**labels, "theme": material.theme_label}.items():
        members = material.themes if kind == "theme" else material.members(kind)
        values = tuple(material.theme_labels) if kind == "theme" else ()
        counts = count(members, material.sizes, values)
        counts.insert(0, "kind", kind)
        counts.insert(2, "label", [label(str(value)) for value in counts["value"]])
        parts.append(counts)
    return pd.concat(parts, ignore_index=True)


def themes_in_force(material: Material) -> pd.DataFrame:
    """List the report-theme pairs that are counted, suggested or ruled on."""
    pairs = material.pairs
    shown = pairs[pairs["counted"] | pairs["suggested"] | (pairs["ruling"] != "")]
    shown = shown.merge(material.reports[["report_id", "period"]], on="report_id", how="left")
    shown.insert(2, "label", [material.theme_label(theme) for theme in shown["theme_id"]])
    return shown


def _columns() -> pd.DataFrame:
    """List the columns of every safe table with their meanings."""
    rows = [
        (table.name, column.name, str(column.type), column.meaning)
        for table in TABLES.values()
        if not table.is_raw
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "type", "meaning"])


def _readme(
    material: Material,
    sheets: dict[str, pd.DataFrame],
    words: Catalogue,
    provenance: Provenance,
) -> list[tuple[str, str, str]]:
    """Return the lines of the README sheet: three cells each."""
    config = material.config
    head = [
        (words.title(config.title), words.period_name(material.period), config.organisation),
        (str(words("workbook.made")), words.moment(provenance.made_at), ""),
        (str(words("page.internal")), "", ""),
        (str(words("workbook.cells")), "", ""),
        ("", "", ""),
        (
            str(words("workbook.sheet")),
            str(words("workbook.rows")),
            str(words("workbook.meaning")),
        ),
    ]
    lines = [
        (name, words.whole(len(frame)), str(words(f"sheets.{name}")))
        for name, frame in sheets.items()
    ]
    return [*head, *lines, ("columns", words.whole(len(_columns())), str(words("sheets.columns")))]


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
        """Write one table, cut at the limit of rows."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        shown = frame.head(self._max_rows)
        for column, title in enumerate(frame.columns):
            sheet.set_column(column, column, _WIDTHS.get(str(title), _WIDTH))
            sheet.write_string(0, column, str(title), self._bold)
            for row, value in enumerate(shown[title].tolist(), start=1):
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
