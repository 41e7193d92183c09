"""Write .xlsx files whose cells are safe to open."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.human.durable import write_durably

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters that a spreadsheet may read as a formula."""
MAX_CELL_CHARS = 32_767
"""Longest text of one Excel cell."""


def safe_cell(text: str) -> str:
    """Return cell text that no spreadsheet takes for a formula and that fits a cell.

    A text that starts with ``= + - @``, a tab or a line end, with or without apostrophes
    before it, gets one more apostrophe.

    Examples
    --------
    >>> safe_cell("=1+1")
    "'=1+1"
    >>> safe_cell("Vuokra nousi.")
    'Vuokra nousi.'
    """
    safe = safe_text(text)
    return safe if len(safe) <= MAX_CELL_CHARS else f"{safe[: MAX_CELL_CHARS - 1]}…"


def safe_text(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, whole, however long it is.

    For .csv files; :func:`original_text` gives back what was given.
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def original_text(cell: str) -> str:
    """Return what :func:`safe_cell` was given, for text that was not cut.

    Examples
    --------
    >>> original_text(safe_cell("=1+1"))
    '=1+1'
    """
    is_marked = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS)
    return cell[1:] if is_marked else cell


def write_private(path: Path, content: bytes) -> None:
    """Write a file aside, synced and readable by its owner only, and put it in place."""
    write_durably(path, content)


def write_sheet(
    path: Path,
    sheet: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widths: Sequence[int],
    choices: dict[int, Sequence[str]] | None = None,
    more: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Any]], Sequence[int]]] = (),
) -> int:
    """Write one sheet with a frozen header, a filter, and drop-down lists, for its owner only.

    Parameters
    ----------
    path : Path
    sheet : str
    header : sequence of str
    rows : iterable of sequences
        Numbers stay numbers; everything else is written as safe text.
    widths : sequence of int
        Column widths, in characters.
    choices : dict of int to sequence of str, optional
        Allowed values by column number, from 0.
    more : sequence of tuple
        Further sheets: name, header, rows, widths.

    Returns
    -------
    int
        Rows written on the first sheet, without the header.
    """
    import xlsxwriter

    # In memory: xlsxwriter would else leave the texts in temporary files when it is killed.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        n_rows = _fill(book, sheet, header, rows, widths, choices or {})
        for name, titles, content, sizes in more:
            _fill(book, name, titles, content, sizes, {})
    write_private(path, buffer.getvalue())
    return n_rows


def _fill(
    book: Any,
    sheet: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int],
    choices: dict[int, Sequence[str]],
) -> int:
    """Fill one sheet; return its rows without the header."""
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(sheet)
    for column, (title, width) in enumerate(zip(header, widths, strict=True)):
        page.set_column(column, column, width, wrap)
        page.write_string(0, column, title, bold)
    n_rows = 0
    for n_rows, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                page.write_number(n_rows, column, value)
            else:
                page.write_string(n_rows, column, safe_cell(str(value)))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(n_rows, 1), len(header) - 1)
    for column, values in choices.items():
        page.data_validation(
            1, column, max(n_rows, 1), column, {"validate": "list", "source": list(values)}
        )
    return n_rows
