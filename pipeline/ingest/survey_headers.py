"""Find the one row of questions among the header rows that Qualtrics writes.

Today's exports have three: short names, questions, and a row of ``{"ImportId": ...}``; older ones
have two, ``V1, V8, Q1`` above the questions. What stands above and under them is no answer.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.ingest.cells import as_text
from pipeline.ingest.sheets import Cell, Row, Sheet, is_blank

_IMPORT_ID = re.compile(r'^\{\s*"+ImportId"+\s*:')
_SHORT_NAME = re.compile(r"(?:V|Q|QID)\d+(?:[._#-]\w+)*|[A-Za-z]+Date|IPAddress|Status|Location\w+")
_LEGACY_WORDS = frozenset(("responseid", "responseset", "startdate", "enddate"))
_MAX_ROWS_ABOVE = 3


def questions_on_top(sheet: Sheet) -> Sheet:
    """Return the sheet with the questions as its first row, when it is Qualtrics'.

    Parameters
    ----------
    sheet : Sheet

    Returns
    -------
    Sheet
        Rows keep their numbers; any other sheet is returned as it is.
    """
    rows = sheet.rows
    for index in range(1, min(_MAX_ROWS_ABOVE, len(rows))):
        if _is_import_row(rows[index]):
            header = _filled(rows[index - 1], rows[0])
            return replace(sheet, rows=[header, *rows[index + 1 :]])
    if len(rows) > 1 and _is_legacy(rows[0], rows[1]):
        return replace(sheet, rows=[_filled(rows[1], rows[0]), *rows[2:]])
    return sheet


def _is_import_row(row: Row) -> bool:
    """Say whether most cells of a row are Qualtrics' own ids."""
    cells = [as_text(cell) for cell in row.cells if not is_blank(cell)]
    return bool(cells) and 2 * sum(bool(_IMPORT_ID.match(cell)) for cell in cells) > len(cells)


def _is_legacy(names: Row, questions: Row) -> bool:
    """Say whether a row of short names stands above one of questions."""
    short = [as_text(cell) for cell in names.cells if not is_blank(cell)]
    words = {as_text(cell).replace(" ", "").casefold() for cell in questions.cells}
    are_short = len(short) > 2 and all(_SHORT_NAME.fullmatch(name) for name in short)
    return are_short and bool(words & _LEGACY_WORDS)


def _filled(questions: Row, names: Row) -> Row:
    """Return the questions, each column without one under its short name."""
    width = max(len(questions.cells), len(names.cells))
    return Row(
        questions.number,
        [
            question if not is_blank(question) else name
            for question, name in zip(
                _padded(questions.cells, width), _padded(names.cells, width), strict=True
            )
        ],
    )


def _padded(cells: Sequence[Cell], width: int) -> list[Cell]:
    """Return cells up to a width."""
    return [*cells, *[None] * (width - len(cells))]
