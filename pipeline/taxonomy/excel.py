"""Give a taxonomy as one Excel workbook that a researcher edits, and take it back.

The sheets are teemat, termit, esimerkit, historia and tiedot, with Finnish headings. Every cell is
text: none can become a formula, a date or a number, neither when it is written nor when someone
edits it in Excel.
"""

import datetime
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, InputError
from pipeline.files.calamine import no_panic
from pipeline.files.zip_guard import look_into
from pipeline.spreadsheet import FORMULA_STARTS, MAX_CELL_CHARS
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.read import check_taxonomy
from pipeline.taxonomy.rows import (
    HISTORY_COLUMNS,
    PHRASE_COLUMNS,
    SHORT_LABEL,
    THEME_COLUMNS,
    Row,
    Sheets,
    meta_row,
    rows_of,
    short_column,
)
from pipeline.taxonomy.save import tabulate

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook
    from xlsxwriter import Workbook

HEADINGS = {
    "theme_id": "teeman tunnus",
    "parent_id": "ylempi teema",
    "label_fi": "nimi",
    "label_en": "nimi englanniksi",
    "definition": "määritelmä",
    "includes": "sisältyy",
    "excludes": "ei sisälly",
    "lang": "kieli",
    "text": "teksti",
    "version": "versio",
    "date": "päivä",
    "action": "muutos",
    "from_ids": "mistä teemoista",
    "to_ids": "mihin teemoihin",
    "label_short": "lyhyt nimi",
    "is_codable": "koodataanko",
    "key": "tieto",
    "value": "arvo",
}
"""The Finnish heading of each column."""

_OPTIONAL_HEADING = r"nimi \((?!fi|en)[a-z]{2,3}\)|lyhyt nimi( \((?!fi)[a-z]{2,3}\))?|koodataanko"

SHEETS = {
    "themes": ("teemat", THEME_COLUMNS),
    "terms": ("termit", PHRASE_COLUMNS),
    "examples": ("esimerkit", PHRASE_COLUMNS),
    "history": ("historia", HISTORY_COLUMNS),
    "meta": ("tiedot", ("key", "value")),
}
"""Sheet name and columns of each part of a taxonomy."""

_WIDTHS = {
    "text": 90,
    "definition": 60,
    "includes": 60,
    "excludes": 60,
    "label_fi": 40,
    "value": 60,
}


def to_excel(taxonomy: Taxonomy, path: Path) -> None:
    """Write the taxonomy as an .xlsx workbook, the same bytes each time.

    Raises
    ------
    ConfigError
        When a text is longer than an Excel cell holds (32,767 characters).
    """
    import xlsxwriter

    grids = tabulate(taxonomy)
    grids["meta"] = [("key", "value"), *taxonomy.meta.items()]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        # The epoch stands in for the clock, so that equal taxonomies give equal files.
        workbook.set_properties({"created": datetime.datetime(2000, 1, 1)})
        for part, grid in grids.items():
            _write_sheet(workbook, SHEETS[part][0], grid)
    path.write_bytes(out.getvalue())


def _write_sheet(workbook: "Workbook", name: str, grid: Sequence[Sequence[str]]) -> None:
    text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    # Without the quote prefix Excel would read "=x" as a formula once someone edits the cell.
    quoted = workbook.add_format(
        {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True}
    )
    heading = workbook.add_format({"num_format": "@", "bold": True, "bottom": 1})
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, key in enumerate(grid[0]):
        sheet.set_column(column, column, _WIDTHS.get(key, 24), text)
        sheet.write_string(0, column, _heading(key), heading)
    for row, cells in enumerate(grid[1:], start=1):
        for column, cell in enumerate(cells):
            if len(cell) > MAX_CELL_CHARS:
                raise ConfigError(
                    "Sheet {name} row {row}: an Excel cell holds {max_cell_chars} "
                    "characters at most. Got {n_cell}. Shorten the {grid}.",
                    name=name,
                    row=row + 1,
                    max_cell_chars=MAX_CELL_CHARS,
                    n_cell=len(cell),
                    grid=grid[0][column],
                )
            style = quoted if cell.startswith(FORMULA_STARTS) else text
            sheet.write_string(row, column, cell, style)


def from_excel(path: Path) -> Taxonomy:
    """Read a taxonomy from a workbook made by :func:`to_excel` and perhaps edited since.

    Raises
    ------
    InputError
        When the file is not a workbook, or would unpack to far more than it is.
    ConfigError
        When a sheet or column is missing or a check of
        :func:`pipeline.taxonomy.load_taxonomy` fails; the message names the sheet and row.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        look_into(path, path.name)
        with no_panic():
            workbook = CalamineWorkbook.from_path(path)
    except (CalamineError, OSError) as err:
        raise InputError(
            "{path} cannot be read as an Excel workbook. Save it as .xlsx and try again.", path=path
        ) from err
    rows = {part: _read_sheet(workbook, part, path) for part in SHEETS}
    pairs = [(row.cells["key"], row.cells["value"]) for row in rows["meta"]]
    place = f"{path}, sheet {SHEETS['meta'][0]}"
    return check_taxonomy(
        Sheets(
            meta=meta_row(pairs, place),
            themes=rows["themes"],
            terms=rows["terms"],
            examples=rows["examples"],
            history=rows["history"],
        )
    )


def _read_sheet(workbook: "CalamineWorkbook", part: str, path: Path) -> list[Row]:
    name, columns = SHEETS[part]
    if name not in workbook.sheet_names:
        raise ConfigError(
            "{path} has no sheet {name!r}. Got {sheet_names}. Start from a workbook that "
            "the program exported.",
            path=path,
            name=name,
            sheet_names=", ".join(workbook.sheet_names),
        )
    values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    grid = [[_cell_text(value) for value in row] for row in values]
    headings = tuple(HEADINGS[column] for column in columns)
    optional = _OPTIONAL_HEADING if part == "themes" else "(?!)"
    return [
        Row(row.place, {_column(heading): cell for heading, cell in row.cells.items()})
        for row in rows_of(grid, headings, f"{path}, sheet {name},", optional)
    ]


def _heading(column: str) -> str:
    """Return the Finnish heading of a column."""
    if column in HEADINGS:
        return HEADINGS[column]
    if column.startswith(SHORT_LABEL):
        return f"lyhyt nimi ({column.removeprefix(SHORT_LABEL + '_')})"
    return f"nimi ({column.removeprefix('label_')})"


def _column(heading: str) -> str:
    """Return the column of a Finnish heading."""
    if match := re.fullmatch(r"nimi \(([a-z]{2,3})\)", heading):
        return f"label_{match[1]}"
    if match := re.fullmatch(r"lyhyt nimi \(([a-z]{2,3})\)", heading):
        return short_column(match[1])
    return next(column for column, name in HEADINGS.items() if name == heading)


def _cell_text(value: object) -> str:
    """Return what the cell shows: Excel keeps 2 as 2.0 and a date as a moment."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)
