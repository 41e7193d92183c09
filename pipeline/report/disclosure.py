"""Keep small counts from pointing at people: suppress cells, flag rare combinations, hide places.

One-way margins are published as they are, so a small cell of a cross table must not follow from
them. A cell below the limit, nought too, is shown as *<3*; further cells are withheld until none
of those that are 1 or more can be worked out, or even be told from nought, by the margins and the
cells that are shown.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

WITHHELD = ".."
"""What stands for a cell withheld for another cell's sake."""


@dataclass(frozen=True)
class Protected:
    """A cross table after disclosure control.

    Attributes
    ----------
    counts : ndarray of int of shape (n_rows, n_columns)
        As they are; only cells that are not hidden may be shown.
    small : ndarray of bool
        Cells shown as *<least*: below the limit, nought too.
    withheld : ndarray of bool
        Cells shown as :data:`WITHHELD`, whatever their count.
    least : int
        Smallest count shown.
    is_safe : bool
        False when a small cell follows from the margins whatever is withheld, as in a table of
        one column; such a table is not to be shown.
    """

    counts: np.ndarray
    small: np.ndarray
    withheld: np.ndarray
    least: int
    is_safe: bool

    @property
    def hidden(self) -> np.ndarray:
        """Cells whose count is not shown."""
        either: np.ndarray = self.small | self.withheld
        return either

    def text(self, row: int, column: int) -> str:
        """Return what a cell says."""
        if self.small[row, column]:
            return f"<{self.least}"
        return WITHHELD if self.withheld[row, column] else str(self.counts[row, column])


def protect(
    counts: np.ndarray, row_totals: np.ndarray, column_totals: np.ndarray, least: int
) -> Protected:
    """Withhold cells until no small one can be worked out.

    The reader is taken to know the margins, that a cell shown as *<least* is below `least`, that
    no cell is above its margins, and what each row and column of cells sums to. The last is more
    than the margins tell where a report stands in several cells; the table is then safer than it
    needs to be.

    Parameters
    ----------
    counts : ndarray of int of shape (n_rows, n_columns)
    row_totals, column_totals : ndarray of int
        Distinct reports of each row and column, which are published.
    least : int
        Smallest count shown; 1 or less shows every cell.

    Returns
    -------
    Protected

    Notes
    -----
    Cells are withheld greedily: the endangered cell itself, then its neighbours in row and
    column, those that are small already first. What the reader can work out is checked exactly,
    as a linear programme (Fischetti and Salazar, Journal of the American Statistical Association
    95, 2000, doi:10.1080/01621459.2000.10474282).
    """
    counts = np.asarray(counts, dtype=np.int64)
    top = np.minimum.outer(np.asarray(row_totals), np.asarray(column_totals)).astype(np.int64)
    top = np.maximum(top, counts)
    small = (counts < least) if least > 1 else np.zeros(counts.shape, dtype=bool)
    withheld = np.zeros_like(small)
    while True:
        exposed = exposed_cells(counts, small, withheld, top, least)
        more = {_next_withheld(counts, small, withheld, cell) for cell in exposed} - {None}
        if not more and not exposed:
            more = _companions(counts, small, withheld, top, np.asarray(row_totals), least)
        if not more:
            if not exposed:
                withheld = _without_known(counts, small, withheld, top, least)
            return Protected(counts, small & ~withheld, withheld, least, is_safe=not exposed)
        for cell in more:
            withheld[cell] = True


def _without_known(
    counts: np.ndarray, small: np.ndarray, withheld: np.ndarray, top: np.ndarray, least: int
) -> np.ndarray:
    """Show again the withheld cells, all of the limit or more, that the reader knows anyway.

    To withhold what follows from the rest hides nothing, and to show it tells nothing new.
    """
    is_hidden = small | withheld
    if not (withheld & ~small).any():
        return withheld
    reader = _Reader(counts, is_hidden, withheld, top, least)
    kept = withheld.copy()
    for place, cell in enumerate(reader.cells):
        if withheld[cell] and not small[cell] and reader.is_known(place):
            kept[cell] = False
    return kept


def _companions(
    counts: np.ndarray,
    small: np.ndarray,
    withheld: np.ndarray,
    top: np.ndarray,
    row_totals: np.ndarray,
    least: int,
) -> set[tuple[int, int] | None]:
    """Return cells to withhold so that no hidden one is needed to make up its row.

    Every report stands in at least one cell of its row, so that a row's cells add up to its total
    or more. A hidden cell without which they cannot is told to be 1 or more, whatever its count;
    the cell of the row that can be largest is withheld with it, where that helps.
    """
    upper = np.where(withheld, top, np.where(small, np.minimum(top, least - 1), counts))
    found: set[tuple[int, int] | None] = set()
    for i, j in np.argwhere((small | withheld) & (counts > 0)):
        others = int(upper[i].sum() - upper[i, j])
        could_be = int(top[i].sum() - top[i, j])
        if others >= row_totals[i] or could_be < row_totals[i]:
            continue
        open_ = [int(k) for k in np.flatnonzero(~withheld[i]) if k != j]
        if open_:
            found.add((int(i), max(open_, key=lambda k: (int(top[i, k] - upper[i, k]), -k))))
    return found


def _next_withheld(
    counts: np.ndarray, small: np.ndarray, withheld: np.ndarray, exposed: tuple[int, int]
) -> tuple[int, int] | None:
    """Choose the cell whose loss costs least: an exposed one itself, one in its lines, another."""
    if not withheld[exposed]:
        return exposed
    row, column = exposed
    in_row, in_column = int(withheld[row].sum()), int(withheld[:, column].sum())

    def cost(cell: tuple[int, int]) -> tuple[bool, bool, int, int, tuple[int, int]]:
        is_apart = cell[0] != row and cell[1] != column
        line = in_row if cell[0] == row else in_column
        return is_apart, not small[cell], line, int(counts[cell]), cell

    open_ = [(int(i), int(j)) for i, j in np.argwhere(~withheld)]
    return min(open_, key=cost, default=None)


def exposed_cells(
    counts: np.ndarray, small: np.ndarray, withheld: np.ndarray, top: np.ndarray, least: int
) -> list[tuple[int, int]]:
    """Return the cells from 1 up to the limit that cannot be nought, given what is shown.

    Parameters
    ----------
    counts, small, withheld : ndarray of shape (n_rows, n_columns)
        ``small`` is every cell below the limit, withheld or not.
    top : ndarray of int
        Most that each cell can be.
    least : int
    """
    guarded = small & (counts > 0)
    if not guarded.any():
        return []
    reader = _Reader(counts, small, withheld, top, least)
    return [cell for i, cell in enumerate(reader.cells) if guarded[cell] and reader.is_certain(i)]


class _Reader:
    """What a reader can work out of a table: a linear programme over its hidden cells.

    Rows and columns make a network, so the programme's corners are whole numbers.
    """

    def __init__(
        self,
        counts: np.ndarray,
        small: np.ndarray,
        withheld: np.ndarray,
        top: np.ndarray,
        least: int,
    ) -> None:
        self.cells = [(int(i), int(j)) for i, j in np.argwhere(small | withheld)]
        self._truth = np.array([counts[cell] for cell in self.cells])
        self._guarded = np.array([small[cell] and counts[cell] > 0 for cell in self.cells])
        self._most = np.array(
            [top[cell] if withheld[cell] else min(top[cell], least - 1) for cell in self.cells]
        )
        self._lines = np.zeros((sum(counts.shape), len(self.cells)))
        for place, (i, j) in enumerate(self.cells):
            self._lines[i, place] = self._lines[counts.shape[0] + j, place] = 1
        self._may_be_nought = np.zeros(len(self.cells), dtype=bool)
        self._look()

    def is_certain(self, place: int) -> bool:
        """Tell whether a cell is certainly 1 or more."""
        if not self._may_be_nought[place]:
            goal = np.zeros(len(self.cells))
            goal[place] = 1.0
            self._solve(goal)
        return not self._may_be_nought[place]

    def is_known(self, place: int) -> bool:
        """Tell whether only the true count of a cell fits."""
        goal = np.zeros(len(self.cells))
        for direction in (1.0, -1.0):
            goal[place] = direction
            found = self._found(goal)
            if found is not None and abs(found[place] - self._truth[place]) > 0.5:
                return False
        return True

    def _look(self) -> None:
        """Find other tables that fit, each with as many small cells nought as can be."""
        while self._solve(np.where(self._guarded & ~self._may_be_nought, 1.0, 0.0)):
            pass

    def _solve(self, goal: np.ndarray) -> bool:
        """Find the table that makes the goal smallest; tell whether it taught anything."""
        found = self._found(goal)
        if found is None:
            return False
        is_nought = found < 0.5
        news = is_nought & ~self._may_be_nought & self._guarded
        self._may_be_nought |= is_nought
        return bool(news.any())

    def _found(self, goal: np.ndarray) -> np.ndarray | None:
        """Return the table that makes the goal smallest."""
        from scipy.optimize import linprog

        found = linprog(
            goal,
            A_eq=self._lines,
            b_eq=self._lines @ self._truth,
            bounds=np.column_stack([np.zeros(len(goal)), self._most]),
            method="highs-ds",
        )
        return None if found.x is None else np.asarray(found.x)


def cross_table(
    rows: pd.DataFrame, columns: pd.DataFrame, row_order: Iterable[str], column_order: Iterable[str]
) -> pd.DataFrame:
    """Count the reports of every pair of two kinds of membership.

    Parameters
    ----------
    rows, columns : DataFrame with columns ``value`` and ``report_id``
    row_order, column_order : iterable of str
        Values shown, in order.

    Returns
    -------
    DataFrame of int
        Values of `rows` by values of `columns`; noughts included.

    Examples
    --------
    >>> rows = pd.DataFrame({"value": ["a", "b"], "report_id": ["1", "2"]})
    >>> columns = pd.DataFrame({"value": ["x", "x"], "report_id": ["1", "2"]})
    >>> cross_table(rows, columns, ["a", "b"], ["x"])["x"].tolist()
    [1, 1]
    """
    held = rows[["value", "report_id"]].merge(
        columns[["value", "report_id"]], on="report_id", suffixes=("", "_column")
    )
    table = pd.crosstab(held["value"], held["value_column"])
    index, names = pd.Index(list(row_order)), pd.Index(list(column_order))
    table = table.reindex(index=index, columns=names, fill_value=0)
    return table.fillna(0).astype("int64")


def protected_cross(
    rows: pd.DataFrame,
    columns: pd.DataFrame,
    row_order: list[str],
    column_order: list[str],
    least: int,
) -> Protected:
    """Count two kinds of membership against each other and protect the table."""
    table = cross_table(rows, columns, row_order, column_order)
    totals = [
        np.array([members.loc[members["value"] == value, "report_id"].nunique() for value in order])
        for members, order in ((rows, row_order), (columns, column_order))
    ]
    return protect(table.to_numpy(), totals[0], totals[1], least)


def rare_combinations(members: Mapping[str, pd.DataFrame], least: int) -> pd.DataFrame:
    """List the combinations of several kinds of membership that fewer than `least` reports share.

    Parameters
    ----------
    members : mapping of str to DataFrame with columns ``value`` and ``report_id``
        By name, such as area, client group and theme.
    least : int

    Returns
    -------
    DataFrame with the names of `members` as columns, ``n`` and ``report_ids``
        One row a combination with 1 to ``least - 1`` reports, in order.
    """
    held: pd.DataFrame | None = None
    for name, table in members.items():
        part = table[["report_id", "value"]].rename(columns={"value": name})
        held = part if held is None else held.merge(part, on="report_id")
    names = list(members)
    if held is None or held.empty:
        return pd.DataFrame(columns=[*names, "n", "report_ids"])
    grouped = held.groupby(names, sort=True)["report_id"].agg(lambda ids: sorted(set(ids)))
    table = grouped.rename("report_ids").reset_index()
    table["n"] = [len(ids) for ids in table["report_ids"]]
    return table.loc[table["n"] < least, [*names, "n", "report_ids"]].reset_index(drop=True)


def lone_areas(areas: pd.DataFrame) -> frozenset[str]:
    """Return the areas that one report alone names.

    Parameters
    ----------
    areas : DataFrame with columns ``value`` and ``report_id``
        Memberships of one period.
    """
    sizes = areas[areas["value"] != ""].groupby("value")["report_id"].nunique()
    return frozenset(str(value) for value in sizes.index[sizes == 1])


_OR = re.compile(r"[/,;()]|\s(?:ja|och|tai|eller)\s", re.IGNORECASE)
_AREA_WORD = re.compile(r"[^\W\d_]{3,}")


def naming_segments(tokens: pd.DataFrame, areas: Iterable[str]) -> set[str]:
    """Return the sentences that name one of some areas, in any form and with any ending.

    An area of several words is named when all of its words of three letters or more are there;
    one with a slash or a comma, when any part is.

    Parameters
    ----------
    tokens : DataFrame with columns ``segment_id``, ``form`` and ``lemma``
    areas : iterable of str

    Returns
    -------
    set of str
        Values of ``segment_id``.

    Examples
    --------
    >>> tokens = pd.DataFrame(
    ...     {"segment_id": ["a", "a", "b"], "form": ["Vanhassa", "Vääksyssä", "vanhassa"],
    ...      "lemma": ["vanha", "vääksy", "vanha"]}
    ... )
    >>> naming_segments(tokens, ["Vanha Vääksy"])
    {'a'}
    """
    parts = [
        [word.casefold() for word in _AREA_WORD.findall(part)]
        for area in areas
        for part in _OR.split(area)
    ]
    wanted = [words for words in parts if words]
    if not wanted or tokens.empty:
        return set()
    forms = tokens["form"].str.casefold()
    lemmas = tokens["lemma"].str.casefold()
    found: set[str] = set()
    for words in wanted:
        held: set[str] | None = None
        for word in words:
            is_word = (lemmas == word) | forms.str.startswith(word[: max(3, len(word) - 1)])
            mine = set(tokens.loc[is_word, "segment_id"])
            held = mine if held is None else held & mine
        found |= held or set()
    return found
