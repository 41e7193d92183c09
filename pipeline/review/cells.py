"""Read the cells that a person fills in: themes by id or name, and sheets as text."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.files.calamine import no_panic
from pipeline.files.zip_guard import look_into
from pipeline.human.files import Line
from pipeline.ingest.cells import as_text
from pipeline.spreadsheet import original_text
from pipeline.taxonomy.model import Taxonomy

NONE_FITS = ("ei mikään", "none fits")
_BETWEEN = re.compile(r"[;\n]+")


class ThemeNames:
    """Know themes by id and by name, in either language and any case.

    Parameters
    ----------
    taxonomy : Taxonomy
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.labels = {theme.theme_id: theme.label_fi for theme in taxonomy.themes}
        self._known: dict[str, str] = {}
        for theme in taxonomy.themes:
            for name in (theme.label_en, theme.label_fi, theme.theme_id):
                if name:
                    self._known[name.casefold()] = theme.theme_id

    def read(self, cell: str) -> list[str] | None:
        """Return the themes of a cell, separated by semicolons or line ends.

        Returns
        -------
        list of str or None
            Ids, each once; None when one of them is no theme.
        """
        names = [name.strip().casefold() for name in _BETWEEN.split(cell) if name.strip()]
        found = [self._known.get(name, "") for name in names]
        return None if "" in found else list(dict.fromkeys(found))

    def text(self, theme_ids: list[str]) -> str:
        """Return themes as a cell that :meth:`read` reads."""
        return "; ".join(self.labels.get(theme_id, theme_id) for theme_id in theme_ids)


def read_sheets(path: Path) -> dict[str, list[Line]]:
    """Read every sheet of a workbook as text.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to list of Line
        Rows with text by sheet; a sheet without a header has none.

    Raises
    ------
    InputError
        When the file is no workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        look_into(path, path.name)
        with no_panic():
            book = CalamineWorkbook.from_path(str(path))
            sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        return {name: _lines(rows) for name, rows in sheets.items()}
    except (CalamineError, OSError) as err:
        raise InputError(
            "{path} is no review spreadsheet that can be read. Use one made by: "
            "havainto review STUDY --export FILE.xlsx",
            path=path,
        ) from err


def _lines(rows: Sequence[Sequence[Any]]) -> list[Line]:
    """Return the rows of a sheet under the names of their columns."""
    texts = [[original_text(as_text(cell)).strip() for cell in row] for row in rows]
    header = [cell.casefold() for cell in texts[0]] if texts else []
    return [
        Line(number, dict(zip(header, row, strict=False)))
        for number, row in enumerate(texts[1:], 2)
        if any(row)
    ]


def missing_columns(lines: list[Line], wanted: tuple[str, ...]) -> list[str]:
    """Return the columns that a sheet lacks."""
    return [name for name in wanted if lines and name not in lines[0].cells]
