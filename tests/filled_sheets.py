"""Fill in the spreadsheets of ``havainto review`` as a person would."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

Cells = dict[str, Any]


def read_rows(path: Path, sheet: str) -> list[Cells]:
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def fill(path: Path, sheet: str, change: Callable[[Cells], Cells], to: Path | None = None) -> Path:
    """Change the cells of each row of a sheet; the file keeps that sheet alone."""
    rows = read_rows(path, sheet)
    target = to or path
    with xlsxwriter.Workbook(str(target)) as book:
        page = book.add_worksheet(sheet)
        for column, name in enumerate(rows[0]):
            page.write_string(0, column, name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate((row | change(row)).values()):
                page.write(number, column, value)
    return target
