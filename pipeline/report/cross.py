"""Cross tables of themes with client groups and areas, after disclosure control."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.report.disclosure import WITHHELD, Protected, protected_cross


@dataclass(frozen=True)
class Cross:
    """Themes by the values of a column of ``reports``.

    Attributes
    ----------
    column : str
        ``client_groups`` or ``area``.
    themes, values : tuple of str
        Rows and columns, in order.
    table : Protected
    ids : dict of (theme, value) to list of str
        Reports of each pair, also of those whose count is hidden.
    """

    column: str
    themes: tuple[str, ...]
    values: tuple[str, ...]
    table: Protected
    ids: dict[tuple[str, str], list[str]]

    def is_hidden(self, theme_id: str, value: str) -> bool:
        """Tell whether a pair's count may not be shown."""
        place = self.themes.index(theme_id), self.values.index(value)
        return not self.table.is_safe or bool(self.table.hidden[place])

    def text(self, theme_id: str, value: str) -> str:
        """Return what a pair's cell says."""
        if not self.table.is_safe:
            return WITHHELD
        return self.table.text(self.themes.index(theme_id), self.values.index(value))


def cross_with_themes(
    themes: pd.DataFrame, members: pd.DataFrame, theme_ids: Sequence[str], column: str, least: int
) -> Cross:
    """Cross themes with the values of a column, largest value first.

    Parameters
    ----------
    themes, members : DataFrame with columns ``value`` and ``report_id``
        Memberships of one period.
    theme_ids : sequence of str
        Rows, in order.
    column : str
    least : int
        Smallest count shown.
    """
    sizes = members["value"].value_counts()
    values = [str(v) for v in sorted(sizes.index, key=lambda v: (-int(sizes[v]), str(v)))]
    both = themes[["value", "report_id"]].merge(
        members[["value", "report_id"]], on="report_id", suffixes=("", "_of_column")
    )
    ids: dict[tuple[str, str], list[str]] = {}
    for theme_id, report_id, value in both.itertuples(index=False, name=None):
        ids.setdefault((str(theme_id), str(value)), []).append(str(report_id))
    table = protected_cross(themes, members, list(theme_ids), values, least)
    return Cross(column, tuple(theme_ids), tuple(values), table, ids)
