"""Read bare numbers as days in workbooks that count them from 1904.

A reader turns numbers with a date format into days by itself. Numbers whose format was lost would
be taken as days since 1900, four years too early.
"""

import datetime as dt
from collections.abc import Sequence

from pipeline.ingest.dates import names_days
from pipeline.ingest.sheets import Cell, Row, is_blank

_EPOCH = dt.date(1904, 1, 1)
_FIRST, _LAST = 18_500, 80_000


def with_1904_days(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the numbers of columns of days as days.

    Parameters
    ----------
    rows : sequence of Row
        Of a workbook that counts from 1904.

    Returns
    -------
    list of Row
        Changed are columns whose first text names a day or time and all of whose numbers can be
        days.

    Examples
    --------
    >>> rows = [Row(1, ["Päivämäärä", "Ikä"]), Row(2, [44077.0, 44077.0])]
    >>> with_1904_days(rows)[1].cells
    [datetime.date(2024, 9, 4), 44077.0]
    """
    width = max((len(row.cells) for row in rows), default=0)
    days = {column for column in range(width) if _is_days(column, rows)}
    return [
        Row(row.number, [_day(c) if i in days else c for i, c in enumerate(row.cells)])
        for row in rows
    ]


def _is_days(column: int, rows: Sequence[Row]) -> bool:
    """Say whether a column holds days as bare numbers."""
    cells = [row.cells[column] for row in rows if column < len(row.cells)]
    filled = [cell for cell in cells if not is_blank(cell)]
    title = next((cell for cell in filled if isinstance(cell, str)), "")
    numbers = [cell for cell in filled if _is_number(cell)]
    can_be = all(_FIRST <= float(str(number)) <= _LAST for number in numbers)
    return bool(numbers) and can_be and names_days(title)


def _is_number(cell: Cell) -> bool:
    """Say whether a cell is a number and no truth value."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _day(cell: Cell) -> Cell:
    """Return the day of a number; anything else as it is."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _EPOCH + dt.timedelta(days=int(cell))
    return cell
