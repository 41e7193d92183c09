"""Tell how far the cells of a sheet reach, by reading its XML as readers do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_CONTENT = frozenset({"v", "is", "f"})


class BrokenSheetError(ValueError):
    """A sheet that no reader should be given; the text says what is wrong with it."""


@dataclass
class _Place:
    """Where in an .xlsx sheet the parser stands, from 1, and how far cells with content reach."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0


def xlsx_extent(content: bytes) -> tuple[int, int]:
    """Return the last row and column, from 1, that hold a cell with content.

    Parameters
    ----------
    content : bytes
        A worksheet's XML.

    Returns
    -------
    rows, columns : int

    Raises
    ------
    BrokenSheetError
        When a cell's reference is none, lies outside any sheet, or the sheet has a DOCTYPE.

    Examples
    --------
    >>> xlsx_extent(b"<s><row r='2'><c r='B2'><v>1</v></c><c/></row></s>")
    (2, 2)
    """
    place = _Place()

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            place.row = _number(attributes.get("r"), place.row + 1)
            place.column = 0
        elif name == "c":
            place.row, place.column = _reference(attributes.get("r"), place)
        elif name in _CONTENT and place.column:
            place.last_row = max(place.last_row, place.row)
            place.last_column = max(place.last_column, place.column)

    _parse(content, start)
    return place.last_row, place.last_column


def ods_extents(content: bytes) -> dict[str, tuple[int, int]]:
    """Return the last row and column with content of every table of an .ods ``content.xml``.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    dict of str to (int, int)
        Repeated rows and cells are counted as often as they are repeated.

    Raises
    ------
    BrokenSheetError
        When a repetition is no number or the file has a DOCTYPE.
    """
    extents: dict[str, tuple[int, int]] = {}
    place = _Place()
    names = [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "table":
            names.append(given.get("name", ""))
            extents.setdefault(names[-1], (0, 0))
            place.row = 0
        elif name == "table-row":
            place.row += _number(given.get("number-rows-repeated"), 1)
            place.column = 0
        elif name in ("table-cell", "covered-table-cell"):
            place.column += _number(given.get("number-columns-repeated"), 1)
            if "value-type" in given or "formula" in given:
                rows, columns = extents.get(names[-1], (0, 0))
                extents[names[-1]] = (max(rows, place.row), max(columns, place.column))

    _parse(content, start)
    return extents


def _number(text: str | None, default: int) -> int:
    """Return a count that an attribute gives."""
    if text is None:
        return default
    if not text.isdecimal() or len(text) > len(str(MAX_ROWS)) + 1:
        raise BrokenSheetError("has a row or a repetition with a number that is none")
    return int(text)


def _reference(text: str | None, place: _Place) -> tuple[int, int]:
    """Return the row and column, from 1, of a cell."""
    if text is None:
        return place.row, place.column + 1
    match = _REFERENCE.fullmatch(text)
    column = 0
    for letter in match[1].upper() if match else "":
        column = 26 * column + ord(letter) - ord("A") + 1
    row = int(match[2]) if match else 0
    if not (1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS):
        raise BrokenSheetError("has a cell whose reference is none")
    return row, column


def _parse(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    """Run a parser over the content; nothing is expanded, since a DOCTYPE is refused."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise BrokenSheetError("holds a DOCTYPE, which no spreadsheet needs")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except expat.ExpatError as err:
        raise BrokenSheetError("is damaged") from err
