"""Read what people coded: ``human/codings.csv``, or any file of the same form."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.errors import InputError
from pipeline.files.calamine import no_panic
from pipeline.files.zip_guard import look_into
from pipeline.human.files import Line, complaint, read_table
from pipeline.needs import human_file

FILE_NAME = "codings.csv"
COLUMNS = ("report_id", "segment_id", "theme_id", "coder", "at", "taxonomy_version", "memo")
_MODE = "mode"
_REQUIRED = ("report_id", "theme_id")
_IN_FINNISH = {
    "raportti": "report_id",
    "raportti_id": "report_id",
    "lause": "segment_id",
    "teema": "theme_id",
    "teema_id": "theme_id",
    "koodaaja": "coder",
    "aika": "at",
    "luokituksen_versio": "taxonomy_version",
    "muistio": "memo",
}


def read_codings(path: Path) -> pd.DataFrame:
    """Read codings: one row a judgement of one coder.

    Parameters
    ----------
    path : Path
        A ``.csv`` file with commas, semicolons or tabs, an ``.xlsx`` file, or a folder that may
        hold ``codings.csv``.

    Returns
    -------
    DataFrame
        Columns ``report_id``, ``segment_id`` (empty: the whole report), ``theme_id`` (empty: read,
        none fits), ``coder``, ``at``, ``taxonomy_version``, ``memo`` and, where the file has it,
        ``mode`` (how it was coded; otherwise in another program); all text. A row with neither
        theme nor coder was not filled in and is left out. The index is the row's place in the
        file; :func:`row_numbers` makes the number a spreadsheet program shows of it. No rows when
        the folder holds no codings.

    Raises
    ------
    InputError
        When the file cannot be read, would unpack to far more than it is, or lacks ``report_id``
        or ``theme_id``, or a row lacks its report.
    """
    if path.is_dir():
        path = path / FILE_NAME
        if not path.exists():
            return pd.DataFrame(columns=list(COLUMNS), dtype=object)
    is_book = path.suffix.lower() == ".xlsx"
    lines = _book_lines(path) if is_book else read_table(path, _REQUIRED, also=_IN_FINNISH)
    names = [*COLUMNS, *(name for name in (_MODE,) if lines and name in lines[0].cells)]
    held: dict[tuple[str, ...], int] = {}
    for line in lines:
        row = {name: line.cells.get(name, "") for name in names}
        if not row["theme_id"] and not row["coder"]:
            continue
        if not row["report_id"]:
            raise complaint(
                f"{path}, line {line.number}", "report_id must be there", "an empty cell",
                "Fill it in, or delete the row.",
            )  # fmt: skip
        held.setdefault(tuple(row.values()), line.number)
    index = pd.Index(list(held.values()), dtype=int)
    return pd.DataFrame(list(held), columns=names, index=index, dtype=object)


def row_numbers(codings: pd.DataFrame) -> list[int]:
    """Return where in its file each coding of :func:`read_codings` stands, from 1."""
    return [int(number) for number in codings.index]


def _book_lines(path: Path) -> list[Line]:
    """Read the first sheet of a workbook as text."""
    from python_calamine import CalamineError, CalamineWorkbook

    from pipeline.ingest.cells import as_text

    if not path.exists():
        raise InputError("{path} does not exist. Give the path of a file.", path=path)
    try:
        look_into(path, path.name)
        with no_panic():
            rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as err:
        raise complaint(
            str(path), "it must be a table of codings", "a file that cannot be read",
            "Save it as .xlsx or .csv.",
        ) from err  # fmt: skip
    return list(_lines([[as_text(cell).strip() for cell in row] for row in rows], path))


def _lines(rows: list[list[str]], path: Path) -> Iterator[Line]:
    """Yield the rows of a sheet under the names of their columns."""
    header = [_IN_FINNISH.get(name.casefold(), name) for name in rows[0]] if rows else []
    missing = [name for name in _REQUIRED if name not in header]
    if missing:
        raise complaint(
            f"{path}, line 1", f"the columns {', '.join(_REQUIRED)} must be there",
            f"a sheet that lacks the columns {', '.join(missing)}", "Put them back.",
        )  # fmt: skip
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            yield Line(number, dict(zip(header, row, strict=False)))


CODINGS_FILE = human_file("codings_file", FILE_NAME, read_codings)
