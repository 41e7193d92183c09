"""Keep small counts from pointing at people: suppress cells, flag rare combinations, hide places.

One-way margins are published as they are, so a small cell of a cross table must not follow from
them. A cell below the limit, nought too, is shown as *<3*; further cells are withheld until none
of those that are 1 or more can be worked out, or even be told from nought, by the margins and the
cells that are shown.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.report.table_reader import TableReader

Progress = Callable[[int, int], None]

SEARCHES_A_CELL = 20
"""Paths looked for, a cell of a table, before it is protected the coarser way."""

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
    is_coarse : bool
        True when finding the fewest cells to withhold would have taken too long, and whole columns
        or the whole table are withheld instead.
    """

    counts: np.ndarray
    small: np.ndarray
    withheld: np.ndarray
    least: int
    is_safe: bool
    is_coarse: bool = False

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
    counts: np.ndarray,
    row_totals: np.ndarray,
    column_totals: np.ndarray,
    least: int,
    progress: Progress | None = None,
    *,
    searches_a_cell: int = SEARCHES_A_CELL,
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
    progress : callable, optional
        Called as ``progress(done, total)`` with the small cells that are safe, and all of them.
    searches_a_cell : int, default=20
        Paths looked for, a cell of the table, before the coarser way is taken.

    Returns
    -------
    Protected

    Notes
    -----
    Cells are withheld greedily: the endangered cell itself, then its neighbours in row and
    column, those that are small already first. What the reader can work out is checked exactly,
    as paths in a network (:class:`~pipeline.report.table_reader.TableReader`), and a cell that is
    safe stays so. Each round withholds a cell, so that there are at most as many rounds as cells;
    and the work is bound by `searches_a_cell` times the square of the cells: a table that needs
    more has every column withheld that holds a count from 1 up to the limit, or, where that does
    not do, everything. The coarser table is checked as exactly as any other.
    """
    counts = np.asarray(counts, dtype=np.int64)
    row_totals = np.asarray(row_totals)
    top = np.minimum.outer(row_totals, np.asarray(column_totals)).astype(np.int64)
    top = np.maximum(top, counts)
    small = (counts < least) if least > 1 else np.zeros(counts.shape, dtype=bool)
    table = _Table(counts, small, top, row_totals, least)
    withheld = _fewest(table, searches_a_cell * counts.size, progress)
    if withheld is not None:
        is_safe = not exposed_cells(counts, small, withheld, top, least)
        kept = _without_known(counts, small, withheld, top, least) if is_safe else withheld
        return Protected(counts, small & ~kept, kept, least, is_safe)
    columns = np.zeros_like(small) | (small & (counts > 0)).any(axis=0)
    for kept in (columns, np.ones_like(small)):
        if table.is_kept_by(kept):
            return Protected(counts, small & ~kept, kept, least, is_safe=True, is_coarse=True)
    return Protected(counts, np.zeros_like(small), kept, least, is_safe=False, is_coarse=True)


@dataclass(frozen=True)
class _Table:
    """A table to protect: its counts, which are small, the most each can be, its rows' totals."""

    counts: np.ndarray
    small: np.ndarray
    top: np.ndarray
    row_totals: np.ndarray
    least: int

    def reader(self, withheld: np.ndarray) -> TableReader:
        """Return what a reader can work out with some cells withheld."""
        return reader_of(self.counts, self.small, withheld, self.top, self.least)

    def guarded(self) -> list[tuple[int, int]]:
        """Return the cells from 1 up to the limit."""
        return _places(self.small & (self.counts > 0))

    def companions(self, withheld: np.ndarray) -> set[tuple[int, int]]:
        """Return cells to withhold so that no hidden one is needed to make up its row."""
        return _companions(self.counts, self.small, withheld, self.top, self.row_totals, self.least)

    def is_kept_by(self, withheld: np.ndarray) -> bool:
        """Tell whether withholding some cells protects the table."""
        if self.reader(withheld).certain(self.guarded()):
            return False
        return not self.companions(withheld)


def _fewest(table: _Table, most_searches: int, progress: Progress | None) -> np.ndarray | None:
    """Choose the cells to withhold greedily; None when that takes more searches than given.

    Cells are still exposed in what is returned only when everything has been withheld in vain.
    """
    withheld = np.zeros_like(table.small)
    reader = table.reader(withheld)
    open_ = table.guarded()
    n_guarded = len(open_)
    while True:
        open_ = reader.certain(open_)
        if progress is not None and n_guarded:
            progress(n_guarded - len(open_), n_guarded)
        more = {_next_withheld(table.counts, table.small, withheld, cell) for cell in open_}
        chosen = {cell for cell in more if cell is not None}
        if not chosen and not open_:
            chosen = table.companions(withheld)
        if not chosen:
            return withheld
        if reader.n_searches > most_searches:
            return None
        for cell in chosen:
            withheld[cell] = True
            reader.widen(cell, int(table.top[cell]))


def _without_known(
    counts: np.ndarray, small: np.ndarray, withheld: np.ndarray, top: np.ndarray, least: int
) -> np.ndarray:
    """Show again the withheld cells, all of the limit or more, that the reader knows anyway.

    To withhold what follows from the rest hides nothing, and to show it tells nothing new.
    """
    reader = reader_of(counts, small, withheld, top, least)
    kept = withheld.copy()
    for cell in _places(withheld & ~small):
        if reader.is_known(cell):
            kept[cell] = False
    return kept


def _companions(
    counts: np.ndarray,
    small: np.ndarray,
    withheld: np.ndarray,
    top: np.ndarray,
    row_totals: np.ndarray,
    least: int,
) -> set[tuple[int, int]]:
    """Return cells to withhold so that no hidden one is needed to make up its row.

    Every report stands in at least one cell of its row, so that a row's cells add up to its total
    or more. A hidden cell without which they cannot is told to be 1 or more, whatever its count;
    the cell of the row that can be largest is withheld with it, where that helps.
    """
    upper = np.where(withheld, top, np.where(small, np.minimum(top, least - 1), counts))
    found: set[tuple[int, int]] = set()
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
    is_open = ~withheld
    if not is_open.any():
        return None
    in_line = np.zeros_like(is_open)
    in_line[row], in_line[:, column] = is_open[row], is_open[:, column]
    near = in_line if in_line.any() else is_open
    near = near & small if (near & small).any() else near
    places = np.argwhere(near)
    crowd = np.where(
        places[:, 0] == row,
        withheld[row].sum(),
        np.where(places[:, 1] == column, withheld[:, column].sum(), counts[tuple(places.T)]),
    )
    best = np.lexsort((places[:, 1], places[:, 0], counts[tuple(places.T)], crowd))[0]
    return int(places[best, 0]), int(places[best, 1])


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
    reader = reader_of(counts, small, withheld, top, least)
    return reader.certain(_places(small & (counts > 0)))


def reader_of(
    counts: np.ndarray, small: np.ndarray, withheld: np.ndarray, top: np.ndarray, least: int
) -> TableReader:
    """Return what a reader can work out of a table, given as :func:`exposed_cells` takes it."""
    most = np.where(withheld, top, np.minimum(top, least - 1))
    return TableReader(counts, small | withheld, most)


def _places(mask: np.ndarray) -> list[tuple[int, int]]:
    """Return the cells that a mask marks, row by row."""
    return [(int(i), int(j)) for i, j in np.argwhere(mask)]


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
    progress: Progress | None = None,
) -> Protected:
    """Count two kinds of membership against each other and protect the table."""
    table = cross_table(rows, columns, row_order, column_order)
    totals = [
        np.array([members.loc[members["value"] == value, "report_id"].nunique() for value in order])
        for members, order in ((rows, row_order), (columns, column_order))
    ]
    return protect(table.to_numpy(), totals[0], totals[1], least, progress)


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
