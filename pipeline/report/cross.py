"""Cross tables of themes and topics with client groups and areas, after disclosure control."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.report.disclosure import WITHHELD, Progress, Protected, protected_cross


@dataclass(frozen=True)
class Cross:
    """Themes or topics by the values of a column of ``reports``.

    Attributes
    ----------
    column : str
        ``client_groups`` or ``area``.
    rows, values : tuple of str
        Themes or topics, and values of the column, in order.
    table : Protected
    ids : dict of (row, value) to list of str
        Reports of each pair, also of those whose count is hidden.
    """

    column: str
    rows: tuple[str, ...]
    values: tuple[str, ...]
    table: Protected
    ids: dict[tuple[str, str], list[str]]

    def is_hidden(self, row: str, value: str) -> bool:
        """Tell whether a pair's count may not be shown."""
        place = self.rows.index(row), self.values.index(value)
        return not self.table.is_safe or bool(self.table.hidden[place])

    def text(self, row: str, value: str) -> str:
        """Return what a pair's cell says."""
        if not self.table.is_safe:
            return WITHHELD
        return self.table.text(self.rows.index(row), self.values.index(value))


def cross(
    held: pd.DataFrame,
    members: pd.DataFrame,
    rows: Sequence[str],
    column: str,
    least: int,
    progress: Progress | None = None,
) -> Cross:
    """Cross themes or topics with the values of a column, largest value first.

    Parameters
    ----------
    held, members : DataFrame with columns ``value`` and ``report_id``
        Memberships of one period.
    rows : sequence of str
        Values of `held`, in order.
    column : str
    least : int
        Smallest count shown.
    progress : callable, optional
        Called as ``progress(done, total)`` with the small cells that are safe, and all of them.
    """
    sizes = members["value"].value_counts()
    values = [str(v) for v in sorted(sizes.index, key=lambda v: (-int(sizes[v]), str(v)))]
    both = held[["value", "report_id"]].merge(
        members[["value", "report_id"]], on="report_id", suffixes=("", "_of_column")
    )
    ids: dict[tuple[str, str], list[str]] = {}
    for row, report_id, value in both.itertuples(index=False, name=None):
        ids.setdefault((str(row), str(value)), []).append(str(report_id))
    table = protected_cross(held, members, list(rows), values, least, progress)
    return Cross(column, tuple(rows), tuple(values), table, ids)
