"""A file as rows of cells, before anyone knows which column is which."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

Cell = (
    str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | list[object] | None
)


class Row(NamedTuple):
    """One row of a file; ``number`` counts from 1 as a spreadsheet does."""

    number: int
    cells: list[Cell]


class Fault(NamedTuple):
    """Something a reader could not take over.

    Attributes
    ----------
    row : int
        Row in the file, 0 for the whole file.
    column : int or None
        Index of the column, from 0; None for the whole row.
    reason : str
        Why, in one sentence without cell text.
    is_row_dropped : bool
    cells : list of cell
        The row as far as it could be read.
    """

    row: int
    column: int | None
    reason: str
    is_row_dropped: bool
    cells: list[Cell]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of one input file.

    Attributes
    ----------
    file : str
        Name of the file, as it stands in tables and messages.
    layout : str
        How the file was read, such as ``"sheet 1 of 2"`` or ``"windows-1252, separator ;"``.
    rows : sequence of Row
        Rows from the first to the last; rows without any cell are there too.
    faults : sequence of Fault
        What could not be read.
    is_headed : bool
        True when the first row surely holds the column names, as in JSON lines.
    name : str
        Name of a workbook's sheet.
    """

    file: str
    layout: str
    rows: Sequence[Row]
    faults: Sequence[Fault] = ()
    is_headed: bool = False
    name: str = ""


def column_letter(index: int) -> str:
    """Name a column as a spreadsheet does; ``index`` counts from 0.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\x00\ufeff\u200b \t\r\n\xa0"))
