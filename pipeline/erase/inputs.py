"""Find the rows of form exports that a report came from, and take them out of the files."""

import io
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.files.calamine import no_panic
from pipeline.files.encodings import decode
from pipeline.ingest.delimited import find_separator, record_spans, undo_lines
from pipeline.ingest.drafts import Draft
from pipeline.ingest.ids import drafts_of
from pipeline.ingest.ingest import IngestConfig, read_all_drafts
from pipeline.spreadsheet import write_private
from pipeline.taxonomy.model import Taxonomy

CANNOT_EDIT = (".ods",)


def rows_of(
    files: Sequence[Path],
    config: IngestConfig,
    secret: bytes,
    taxonomy: Taxonomy,
    report_id: str,
) -> dict[Path, list[int]]:
    """Return the rows that hold a report, copies of it included, by file.

    Parameters
    ----------
    files : sequence of Path
    config : IngestConfig
    secret : bytes
    taxonomy : Taxonomy
    report_id : str

    Returns
    -------
    dict of Path to list of int
        Row numbers as ingest counts them: records of a CSV file and rows of a sheet from 1, lines
        of a JSON file.
    """
    drafts: list[Draft] = read_all_drafts(files, config, taxonomy)
    by_name = {path.name: path for path in files}
    found: dict[Path, list[int]] = defaultdict(list)
    for draft in drafts_of(drafts, {report_id}, secret):
        found[by_name[draft.file]].append(draft.row)
    return dict(found)


def remove_rows(path: Path, rows: Sequence[int], config: IngestConfig) -> None:
    """Write a form export anew without some of its rows.

    A workbook keeps its values and loses its looks; its formulas become their values.

    Raises
    ------
    InputError
        When the file is of a kind that cannot be edited.
    """
    suffix = path.suffix.lower()
    if suffix in CANNOT_EDIT:
        raise InputError(
            "{path} cannot be edited. Give --keep-files, which leaves the report out when the "
            "file is read, or delete the row in the program that made the file.",
            path=path,
        )
    if suffix == ".xlsx":
        _rewrite_book(path, set(rows), config.sheet)
        return
    data = path.read_bytes()
    decoded = decode(data, path.name, config.encoding)
    text = undo_lines(decoded.text) if suffix == ".csv" else decoded.text
    lines = io.StringIO(text, newline="").readlines()
    gone: set[int] = set()
    if suffix == ".jsonl":
        gone = {row - 1 for row in rows}
    else:
        first = int(bool(lines) and lines[0].strip().strip('"').lower().startswith("sep="))
        own = lines[0].strip().strip('"')[4:] if first else ""
        separator = config.separator or own or find_separator(lines)
        for number, start, end in record_spans(lines[first:], separator):
            if number + first in rows:
                gone.update(range(start + first, end + first))
    kept = "".join(line for i, line in enumerate(lines) if i not in gone)
    bom = data[: len(data) - len(data.lstrip(b"\xef\xbb\xbf\xff\xfe"))]
    write_private(path, bom + kept.encode(decoded.encoding))


def _rewrite_book(path: Path, rows: set[int], sheet: str | None) -> None:
    """Write a workbook anew without rows of the sheet that ingest reads."""
    import datetime as dt

    import xlsxwriter
    from python_calamine import CalamineWorkbook

    with no_panic(), path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        cells = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    read = sheet or next((name for name, held in cells.items() if held), "")
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, held in cells.items():
            page = made.add_worksheet(name)
            kept = [row for n, row in enumerate(held, 1) if name != read or n not in rows]
            for at, row in enumerate(kept):
                for column, value in enumerate(row):
                    if isinstance(value, dt.datetime):
                        page.write_datetime(at, column, value, moment)
                    elif isinstance(value, dt.date):
                        page.write_datetime(at, column, value, day)
                    elif isinstance(value, dt.time | dt.timedelta):
                        page.write_string(at, column, str(value))
                    elif isinstance(value, bool):
                        page.write_boolean(at, column, value)
                    elif isinstance(value, int | float):
                        page.write_number(at, column, value)
                    elif value != "":
                        page.write_string(at, column, str(value))
    write_private(path, buffer.getvalue())


def is_named_in(path: Path, report_id: str) -> bool:
    """Tell whether a file's bytes, or a workbook's cells, hold the id."""
    if path.suffix.lower() in (".xlsx", ".ods"):
        return _is_in_book(path, report_id)
    return report_id.encode() in path.read_bytes()


def _is_in_book(path: Path, report_id: str) -> bool:
    """Tell whether a cell of a workbook holds the id."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with no_panic(), path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            sheets: list[Any] = [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]
    except (CalamineError, OSError):
        return False
    return any(report_id in str(cell) for rows in sheets for row in rows for cell in row)


def overwrite_and_remove(path: Path) -> None:
    """Delete a file after writing over its bytes."""
    with path.open("r+b") as stream:
        stream.write(bytes(path.stat().st_size))
        stream.flush()
        os.fsync(stream.fileno())
    path.unlink()
