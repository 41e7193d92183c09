"""Keep account of every row and cell that did not get into a report."""

import json
from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.frames import to_arrow, to_frame
from pipeline.ingest.cells import as_text
from pipeline.ingest.sheets import Cell, column_letter, is_blank


class Ledger:
    """What was left out, and the raw cells of the rows it was left out of."""

    def __init__(self) -> None:
        self._reasons: dict[tuple[str, int, str], list[str]] = {}
        self._dropped: set[tuple[str, int, str]] = set()
        self._cells: dict[tuple[str, int], str] = {}

    def drop(
        self, file: str, row: int, cells: Sequence[Cell], names: Sequence[str], reason: str,
        column: str = "",
    ) -> None:  # fmt: skip
        """Record a row that does not become a report."""
        self._add(file, row, column, reason)
        self._dropped.add((file, row, column))
        self._keep(file, row, cells, names)

    def note(
        self, file: str, row: int, cells: Sequence[Cell], names: Sequence[str], reason: str,
        column: str,
    ) -> None:  # fmt: skip
        """Record a cell that was left out of a report, or changed in it."""
        self._add(file, row, column, reason)
        self._keep(file, row, cells, names)

    def note_file(self, file: str, reason: str, column: str = "") -> None:
        """Record something that is true of the whole file, or of a whole column of it."""
        self._add(file, 0, column, reason)

    def first_reason(self) -> str:
        """Return why the first row was dropped, with its place; "" when none was."""
        for file, row, column in self._reasons:
            if (file, row, column) in self._dropped:
                return f"{file}, row {row}: {self._reasons[file, row, column][0]}"
        return ""

    @property
    def n_dropped(self) -> int:
        """Rows that did not become a report."""
        return len({key[:2] for key in self._dropped})

    def rejected(self) -> pd.DataFrame:
        """Return the ``rejected`` table."""
        keys = sorted(self._reasons)
        return frame(
            "rejected",
            {
                "file": [file for file, _, _ in keys],
                "row": [row for _, row, _ in keys],
                "column": [column for _, _, column in keys],
                "reason": [" ".join(self._reasons[key]) for key in keys],
                "is_row_dropped": [key in self._dropped for key in keys],
            },
        )

    def raw_rejected(self) -> pd.DataFrame:
        """Return the ``raw_rejected`` table."""
        keys = sorted(self._cells)
        return frame(
            "raw_rejected",
            {
                "file": [file for file, _ in keys],
                "row": [row for _, row in keys],
                "cells": [self._cells[key] for key in keys],
            },
        )

    def _add(self, file: str, row: int, column: str, reason: str) -> None:
        reasons = self._reasons.setdefault((file, row, column), [])
        if reason not in reasons:
            reasons.append(reason)

    def _keep(self, file: str, row: int, cells: Sequence[Cell], names: Sequence[str]) -> None:
        if (file, row) not in self._cells:
            self._cells[file, row] = cells_json(cells, names)


def cells_json(cells: Iterable[Cell], names: Sequence[str]) -> str:
    """Return the cells of a row that hold anything, as a JSON object by column name."""
    kept = {
        names[i] if i < len(names) else column_letter(i): cell
        if isinstance(cell, str)
        else as_text(cell)
        for i, cell in enumerate(cells)
        if not is_blank(cell)
    }
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def frame(name: str, columns: dict[str, list[object]]) -> pd.DataFrame:
    """Return columns as a table of the contract, checked, in the form stages exchange."""
    held = {key: pd.Series(values, dtype=object) for key, values in columns.items()}
    return to_frame(to_arrow(name, pd.DataFrame(held)))
