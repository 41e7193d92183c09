"""Read one sheet of an .xlsx or .ods file."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import InputError
from pipeline.files.calamine import no_panic
from pipeline.files.zip_guard import Workbook, look_into
from pipeline.ingest.sheets import Fault, Row, Sheet, is_blank
from pipeline.ingest.texts import undo_mojibake
from pipeline.ingest.year_1904 import with_1904_days


def read_workbook(path: Path, file: str, sheet: str | None = None) -> Sheet:
    """Read a sheet of a workbook.

    Parameters
    ----------
    path : Path
    file : str
        Name of the file in tables and messages.
    sheet : str, optional
        Name of the sheet; the first one with cells when not given.

    Returns
    -------
    Sheet

    Raises
    ------
    InputError
        When the file is not a spreadsheet, is unsafe or damaged, or has no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    workbook = look_into(path, file)
    try:
        with no_panic(), path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            name = _pick(book.sheet_names, sheet, file)
            for candidate in [name] if name else book.sheet_names:
                found = book.get_sheet_by_name(candidate)
                if found.height:
                    break
            else:
                raise InputError("{file} has no cells in any of its sheets.", file=file)
            cells = found.to_python(skip_empty_area=False)
    except (CalamineError, OSError) as err:
        raise InputError(
            "{file} is damaged and cannot be read. Open it in Excel and save it again.", file=file
        ) from err
    rows = [
        Row(number, [undo_mojibake(c) if isinstance(c, str) else c for c in row])
        for number, row in enumerate(cells, start=1)
    ]
    if workbook.counts_from_1904:
        rows = with_1904_days(rows)
    n_sheets = len(book.sheet_names)
    layout = f"sheet {book.sheet_names.index(found.name) + 1} of {n_sheets}"
    faults = _faults(workbook, found.name, rows)
    return Sheet(file=file, layout=layout, rows=rows, faults=faults, name=found.name)


def sheet_names(path: Path, file: str) -> list[str]:
    """Return the names of a workbook's sheets that hold cells, after the same checks."""
    from python_calamine import CalamineError, CalamineWorkbook

    look_into(path, file)
    try:
        with no_panic(), path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            return [name for name in book.sheet_names if book.get_sheet_by_name(name).height]
    except (CalamineError, OSError) as err:
        raise InputError(
            "{file} is damaged and cannot be read. Open it in Excel and save it again.", file=file
        ) from err


def _pick(names: Sequence[str], wanted: str | None, file: str) -> str | None:
    """Return the sheet asked for, or None when the first one with cells will do."""
    if wanted is None or wanted in names:
        return wanted
    raise InputError(
        "{file} has no sheet {wanted!r}. Its sheets: {names}. Set ingest.sheet.",
        file=file,
        wanted=wanted,
        names=", ".join(names),
    )


def _faults(workbook: Workbook, name: str, rows: Sequence[Row]) -> list[Fault]:
    """Say which cells came as empty although the file has something in them."""
    reasons = (
        (workbook.errors, "The cell holds an error of a formula, such as #N/A."),
        (
            workbook.unsaved,
            "The cell holds a formula without a saved result."
            " Open the file in Excel, save it and run again.",
        ),
    )
    return [
        Fault(number, column, reason, False, rows[number - 1].cells)
        for places, reason in reasons
        for number, column in places.get(name, ())
        if number <= len(rows)
        and column < len(rows[number - 1].cells)
        and is_blank(rows[number - 1].cells[column])
    ]
