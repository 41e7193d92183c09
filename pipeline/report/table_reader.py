"""What a reader can work out of a cross table with hidden cells: flows in a network.

Rows and columns are the nodes of a network, hidden cells its edges, and a table that fits the
margins is a flow. A cell can be nought when its count finds other ways from its row to its column;
so every question is a search for a path, and no programme has to be solved.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Cell = tuple[int, int]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class TableReader:
    """What a reader can work out of a table.

    Parameters
    ----------
    counts : ndarray of int of shape (n_rows, n_columns)
        The table as it is.
    hidden : ndarray of bool of the same shape
        Cells whose count is not shown.
    most : ndarray of int of the same shape
        Most that each hidden cell can be, for all that the reader knows of it alone.

    Attributes
    ----------
    n_searches : int
        Paths looked for so far; one takes a time in proportion to the cells at most.

    References
    ----------
    Gusfield (1988), A graph theoretic approach to statistical data security,
    doi:10.1137/0217034; Ford and Fulkerson (1956), Maximal flow through a network,
    doi:10.4153/CJM-1956-045-5.
    """

    def __init__(self, counts: Ints, hidden: Mask, most: Ints) -> None:
        self._counts = counts
        self._hidden = hidden.copy()
        self._most = np.where(hidden, most, counts)
        self._may_be_nought: Mask = counts == 0
        self.n_searches = 0

    def widen(self, cell: Cell, most: int) -> None:
        """Withhold a cell: the reader knows no more of it than what it can be at most."""
        self._hidden[cell] = True
        self._most[cell] = most

    def certain(self, cells: Iterable[Cell]) -> list[Cell]:
        """Return those of some hidden cells that are 1 or more in every table that fits.

        A cell that can be nought stays so when others are withheld, and is not tried again.
        """
        return [cell for cell in cells if not self._can_be_nought(cell)]

    def is_known(self, cell: Cell) -> bool:
        """Tell whether only the true count of a hidden cell fits."""
        rises, falls = self._ways(self._counts)
        if falls[cell] and self._path(rises, falls, cell) is not None:
            return False
        return not rises[cell] or self._path(falls, rises, cell) is None

    def _ways(self, flow: Ints) -> tuple[Mask, Mask]:
        """Return the cells that can be more than in a fitting table, and those that can be less."""
        return self._hidden & (flow < self._most), self._hidden & (flow > 0)

    def _can_be_nought(self, cell: Cell) -> bool:
        """Send the count of a cell other ways, as far as they reach."""
        if self._may_be_nought[cell]:
            return True
        flow = self._counts.copy()
        while flow[cell] > 0:
            path = self._path(*self._ways(flow), cell)
            if path is None:
                return False
            ups, downs = path
            room = [int(self._most[one] - flow[one]) for one in ups]
            sent = min([int(flow[cell]), *room, *(int(flow[one]) for one in downs)])
            flow[cell] -= sent
            for one in ups:
                flow[one] += sent
            for one in downs:
                flow[one] -= sent
        self._may_be_nought |= flow == 0
        return True

    def _path(self, there: Mask, back: Mask, cell: Cell) -> tuple[list[Cell], list[Cell]] | None:
        """Find a way from a cell's row to its column that does not use the cell, shortest first.

        Parameters
        ----------
        there, back : ndarray of bool
            Cells that lead from their row to their column, and those that lead back.
        cell : tuple of int

        Returns
        -------
        tuple of two lists of cells, or None
            Those used there and those used back; None when there is no way.
        """
        self.n_searches += 1
        start, goal = cell
        n_rows, n_columns = there.shape
        there = there.copy()
        there[cell] = False
        row_before, column_before = np.full(n_columns, -1), np.full(n_rows, -1)
        is_new_row = np.ones(n_rows, dtype=bool)
        is_new_row[start] = False
        rows = np.array([start])
        while len(rows):
            reached = there[rows] & (row_before < 0)
            columns = np.flatnonzero(reached.any(axis=0))
            if not len(columns):
                return None
            row_before[columns] = rows[reached[:, columns].argmax(axis=0)]
            if row_before[goal] >= 0:
                return _traced(start, goal, row_before, column_before)
            led = back[:, columns] & is_new_row[:, None]
            rows = np.flatnonzero(led.any(axis=1))
            column_before[rows] = columns[led[rows].argmax(axis=1)]
            is_new_row[rows] = False
        return None


def _traced(
    start: int, goal: int, row_before: Ints, column_before: Ints
) -> tuple[list[Cell], list[Cell]]:
    """Walk a way back from its end and return its cells, those used there and those used back."""
    there: list[Cell] = []
    back: list[Cell] = []
    column = goal
    while True:
        row = int(row_before[column])
        there.append((row, column))
        if row == start:
            return there, back
        column = int(column_before[row])
        back.append((row, column))
