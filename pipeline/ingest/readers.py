"""Read an input file by the kind its name says."""

from dataclasses import replace
from pathlib import Path

from pipeline.errors import InputError
from pipeline.ingest.delimited import read_csv
from pipeline.ingest.forms import FormMap
from pipeline.ingest.html_text import plain
from pipeline.ingest.json_lines import read_jsonl
from pipeline.ingest.sheets import Row, Sheet
from pipeline.ingest.survey_headers import questions_on_top
from pipeline.ingest.workbooks import read_workbook, sheet_names
from pipeline.speech import Said

_MAX_OTHER_SHEETS = 10


def read_sheet(path: Path, file: str, form: FormMap) -> Sheet:
    """Read the rows of an .xlsx, .ods, .csv or .jsonl file.

    Parameters
    ----------
    path : Path
    file : str
        Name of the file in tables and messages.
    form : FormMap
        Says sheet, encoding and separator where they cannot be found from the file.

    Returns
    -------
    Sheet

    Raises
    ------
    InputError
        When the file is missing, empty, of another kind, or cannot be read.
    """
    if not path.is_file():
        raise InputError("{file} is not a file. Give the path of a form export.", file=file)
    if path.stat().st_size == 0:
        raise InputError("{file} is empty (0 bytes). Export it again.", file=file)
    return _as_seen(questions_on_top(_read(path, file, form)))


def _as_seen(sheet: Sheet) -> Sheet:
    """Return the sheet with its cells' markup turned into the text a reader would see."""
    rows = [
        Row(row.number, [plain(cell) if isinstance(cell, str) else cell for cell in row.cells])
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


def _read(path: Path, file: str, form: FormMap) -> Sheet:
    """Read a file by the ending of its name."""
    match path.suffix.lower():
        case ".xlsx" | ".ods":
            return read_workbook(path, file, form.sheet)
        case ".csv":
            return _read_text(path, file, form)
        case ".jsonl":
            return read_jsonl(path, file, encoding=form.encoding)
        case ".xls":
            raise InputError("{file} is an old .xls file. Save it in Excel as .xlsx.", file=file)
        case suffix:
            raise InputError(
                "{file} must be an .xlsx, .ods, .csv or .jsonl file. Got {suffix}.",
                file=file,
                suffix=suffix or Said("no ending"),
            )


def _read_text(path: Path, file: str, form: FormMap) -> Sheet:
    """Read separated values, unless the file is a workbook under a wrong name."""
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise InputError(
            "{file} is not text. Is it a workbook? Then name it .xlsx or .ods.", file=file
        )
    return read_csv(path, file, encoding=form.encoding, separator=form.separator)


def read_other_sheets(path: Path, sheet: Sheet) -> list[Sheet]:
    """Read the sheets of a workbook beside the one with the answers; none of other files."""
    if path.suffix.lower() not in (".xlsx", ".ods"):
        return []
    names = [name for name in sheet_names(path, sheet.file) if name != sheet.name]
    found = []
    for name in names[:_MAX_OTHER_SHEETS]:
        other = read_workbook(path, sheet.file, name)
        found.append(other)
    return found
