"""Read one cell as a text, a day, a tick or a list."""

import datetime as dt
import json
from collections.abc import Container

from pipeline.ingest.dates import DateOrder, from_number, from_text
from pipeline.ingest.sheets import Cell
from pipeline.ingest.texts import clean_text

TICKED = frozenset(
    {
        "1",
        "x",
        "✓",
        "✔",
        "☒",
        "kyllä",
        "k",
        "true",
        "tosi",
        "valittu",
        "yes",
        "y",
        "ja",
        "sant",
        "vald",
        "valt",
        "selected",
        "checked",
    }
)
UNTICKED = frozenset(
    {
        "",
        "0",
        "☐",
        "ei",
        "e",
        "false",
        "epätosi",
        "ei valittu",
        "no",
        "-",
        "n",
        "nej",
        "falskt",
        "ej vald",
        "ej valt",
        "not selected",
        "unchecked",
        "n/a",
    }
)


def as_text(cell: Cell) -> str:
    r"""Return a cell as clean text; a whole number has no decimals, a date is ISO.

    >>> as_text(17.0), as_text(None), as_text(" a\r\nb ")
    ('17', '', 'a\nb')
    """
    match cell:
        case None:
            return ""
        case str():
            return clean_text(cell)[0]
        case bool():
            return str(int(cell))
        case float() if cell.is_integer():
            return str(int(cell))
        case dt.datetime() | dt.date() | dt.time():
            return cell.isoformat()
        case list():
            return "; ".join(clean_text(str(item))[0] for item in cell)
        case _:
            return str(cell)


def as_date(cell: Cell, order: DateOrder = "day-first") -> dt.date | None:
    """Return the day a cell means.

    Parameters
    ----------
    cell : Cell
        A spreadsheet date, its serial number, seconds or milliseconds since 1970, or text such as
        ``1.9.2024``, ``01.09.2024 12:30``, ``2024-09-01T12:30Z`` or ``1. syyskuuta 2024``
        (:func:`pipeline.ingest.dates.from_text`).
    order : {"day-first", "month-first"}
        How ``9/10/2024`` is read.

    Returns
    -------
    date or None
        None when the cell is no date, or a day that is in no calendar.

    Examples
    --------
    >>> as_date("1.9.2024").isoformat(), as_date(45536.0).isoformat(), as_date("31.2.2024")
    ('2024-09-01', '2024-09-01', None)
    """
    match cell:
        case dt.datetime():
            return cell.date()
        case dt.date():
            return cell
        case bool() | None:
            return None
        case int() | float():
            return from_number(cell)
        case str():
            return from_text(clean_text(cell)[0], order)
        case _:
            return None


def tick(cell: Cell) -> bool | None:
    """Tell whether a cell is a tick (True), none (False), or something else (None).

    >>> tick(1.0), tick("x"), tick(""), tick("Työikäiset")
    (True, True, False, None)
    """
    text = as_text(cell).casefold()
    if text in TICKED:
        return True
    return False if text in UNTICKED else None


def as_list(cell: Cell, separator: str, labels: Container[str] = ()) -> list[str]:
    """Return the choices in a cell, in order and without doubles.

    Parameters
    ----------
    cell : Cell
        A list, a JSON list as text, or texts with a separator or a line end between them.
    separator : str
    labels : container of str
        Known labels; parts that make one together are put together again, so that a separator
        may occur inside a label.

    Returns
    -------
    list of str

    Examples
    --------
    >>> as_list("Vuolinna; Kiviranta;", ";"), as_list('["a", "b"]', ";")
    (['Vuolinna', 'Kiviranta'], ['a', 'b'])
    >>> as_list("Lapset, nuoret, Vammaiset", ",", {"Lapset, nuoret"})
    ['Lapset, nuoret', 'Vammaiset']
    """
    items = cell if isinstance(cell, list) else _from_json(cell)
    if items is not None:
        parts = [as_text(i) if isinstance(i, str | int | float) else "" for i in items]
        return list(dict.fromkeys(part for part in parts if part))
    text = as_text(cell)
    if text in labels:
        return [text]
    parts = [part for line in text.split("\n") for part in line.split(separator)]
    return list(dict.fromkeys(_rejoin(parts, separator, labels)))


def _from_json(cell: Cell) -> list[object] | None:
    """Return the items of a JSON list written as text, None when it is none."""
    if not isinstance(cell, str) or not cell.lstrip().startswith("["):
        return None
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):  # the latter from thousands of brackets
        return None
    return found if isinstance(found, list) else None


def _rejoin(parts: list[str], separator: str, labels: Container[str]) -> list[str]:
    """Put together neighbours that make a known label, the longest first; drop what is empty."""
    joined: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(len(parts), at + 1, -1):
            candidate = separator.join(parts[at:end]).strip()
            if candidate in labels:
                joined.append(candidate)
                at = end
                break
        else:
            if part := parts[at].strip():
                joined.append(part)
            at += 1
    return joined
