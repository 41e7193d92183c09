"""Which report comes next: open ones of a view in its order, unsure ones at the end.

The order is that of the view, so reports without any suggestion come in their turn: a theme that
the machine misses cannot be seen in a list sorted by its confidence.
"""

import sqlite3
from collections.abc import Sequence

from pipeline.workbench.search import Term
from pipeline.workbench.views import SORTS, View, condition

_LEFT = "report.n NOT IN (SELECT n FROM mine WHERE state IN ('read', 'unsure'))"
_UNSURE = "report.n IN (SELECT n FROM mine WHERE state = 'unsure')"


def next_in_queue(
    index: sqlite3.Connection, view: View, terms: Sequence[Term], n: int
) -> str | None:
    """Return the report to read after one, or None when the whole view has been read.

    Parameters
    ----------
    index : Connection
    view : View
    terms : sequence of Term
        The view's query.
    n : int
        Place of the report that was read last; 0 for none.
    """
    for left in (_LEFT, _UNSURE):
        for bound in ("after", "all"):
            found = _first(index, view, terms, n, left=left, bound=bound)
            if found is not None:
                return found
    return None


def neighbour(
    index: sqlite3.Connection, view: View, terms: Sequence[Term], n: int, step: int
) -> str | None:
    """Return the report before or after one in the view, read or not; None at either end."""
    way = "after" if step > 0 else "before"
    return _first(index, view, terms, n, left="1", bound=way)


def progress(index: sqlite3.Connection, view: View, terms: Sequence[Term]) -> tuple[int, int]:
    """Return how many reports of a view this coder has read, and how many there are."""
    where, values = condition(view, terms)
    row = index.execute(
        "SELECT count(mine.n), count(*) FROM report LEFT JOIN mine ON mine.n = report.n AND "
        f"mine.state = 'read' WHERE {where}",
        values,
    ).fetchone()
    return int(row[0]), int(row[1])


def _first(
    index: sqlite3.Connection,
    view: View,
    terms: Sequence[Term],
    n: int,
    *,
    left: str,
    bound: str,
) -> str | None:
    """Return the first report of a view, or the first beyond a place in it."""
    where, values = condition(view, terms)
    column = SORTS[view.sort]
    is_down = view.sort in ("uusin", "varmin", "ehdotukset", "pituus")
    if bound == "before":
        is_down = not is_down
    beyond, extra = "report.n <> ?", [n]
    if bound != "all" and n:
        sign = "<" if is_down else ">"
        here = f"(SELECT {column} FROM report WHERE n = ?)"
        beyond, extra = f"({column}, report.n) {sign} ({here}, ?)", [n, n]
    way = "DESC" if is_down else "ASC"
    row = index.execute(
        f"SELECT report.report_id FROM report WHERE {where} AND {left} AND {beyond} "
        f"ORDER BY {column} {way}, report.n {way} LIMIT 1",
        [*values, *extra],
    ).fetchone()
    return str(row[0]) if row is not None else None
