"""Tables of counts: municipalities, client groups, sources and themes, now and before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.figures.corrected_shares import MIN_SAMPLE
from pipeline.frames import each_row
from pipeline.report.catalogue import Catalogue
from pipeline.report.counts import compare
from pipeline.report.facts.charts import History, ceiling
from pipeline.report.facts.values import Count, Hidden, Number, count_of
from pipeline.report.material import Material, Row

_SIGNIFICANT = 0.05
NOTHING = Count((), "")
"""No report."""
Ids = dict[tuple[str, str], list[str]]
"""Reports by value and period."""


@dataclass(frozen=True)
class Cell:
    """A count in one period."""

    n: Number
    percent: str


@dataclass(frozen=True)
class CountRow:
    """One value: this period, the earlier ones, and how they differ.

    Attributes
    ----------
    percent, interval, before : str
        The share now, its interval and the share before, as text.
    share, low, high, share_before : float
        The same as numbers of 0-1; NaN where there is nothing to divide by.
    change : str
        ``more``, ``fewer``, ``same`` or ``""`` when nothing came before.
    history : History
        Share of each period.
    corrected : str
        Share corrected for the machine's errors, with its interval; ``""`` where there is none.
    cells : tuple of Cell
        One a period, oldest first.
    """

    label: str
    n: Number
    percent: str
    interval: str
    before: str
    share: float
    low: float
    high: float
    share_before: float
    n_before: Number
    change: str
    history: History
    cells: tuple[Cell, ...]
    corrected: str = ""


@dataclass(frozen=True)
class CountTable:
    """A table of counts.

    Attributes
    ----------
    key : str
        Name of its texts in the catalogue.
    top : float
        Share at which the axis of its bars ends.
    periods : tuple of str
        Names of the periods of the cells.
    now : str
        Name of the period reported on.
    has_past : bool
        Whether there is anything to compare with.
    notes : tuple of str
        What the corrected shares are of, and what would sharpen them; none where there are none.
    unsaid : Count
        Reports of this period that name no area; of other tables none, for there it is a row.
    """

    key: str
    rows: tuple[CountRow, ...]
    top: float
    periods: tuple[str, ...]
    now: str
    has_past: bool
    notes: tuple[str, ...] = ()
    unsaid: Count = NOTHING


def area_table(material: Material, words: Catalogue) -> CountTable:
    """Count areas. A count of one opens nothing: its quotations would be told where from."""
    table = _column_table(material, words, "area", hides_lone=material.config.min_cell > 1)
    members = material.members("area")
    unsaid = members[(members["value"] == "") & (members["period"] == material.period)]
    return replace(table, unsaid=count_of(unsaid["report_id"], words("counts.no_area", n="")))


def group_table(material: Material, words: Catalogue) -> CountTable:
    """Count client groups."""
    return _column_table(material, words, "client_groups")


def source_table(material: Material, words: Catalogue) -> CountTable:
    """Count the sources of the reports."""
    members = material.members("data_source")
    return _Writer(material, words, _ids(members), str).table("data_source", "data_source")


def theme_table(material: Material, words: Catalogue) -> CountTable:
    """Count themes, also those that no report has, beside shares corrected by a coded sample."""
    held = material.tables.corrected_shares
    held = held[held["period"] == material.period]
    corrected = {
        str(row.theme_id): (
            f"{words.whole_percent(row.share)} ({words.interval(row.ci_low, row.ci_high)})"
        )
        for row in each_row(held)
    }
    ids = _ids(material.themes)
    table = _Writer(material, words, ids, material.theme_label, corrected).table("themes", "theme")
    return table if held.empty else replace(table, notes=_sample_notes(held.iloc[0], words))


def _sample_notes(first: pd.Series, words: Catalogue) -> tuple[str, ...]:
    """Say what corrected shares are of, and what more codings would bring."""
    notes = [
        words(
            f"themes.corrected_{first['scope']}",
            n_reports=int(first["n_reports"]),
            n_coded=int(first["n_coded"]),
            least=MIN_SAMPLE,
        )
    ]
    if first["n_to_halve"]:
        notes.append(words("themes.corrected_more", n=int(first["n_to_halve"])))
    if first["n_waiting"]:
        notes.append(words("themes.corrected_waiting", n=int(first["n_waiting"])))
    return tuple(notes)


def _column_table(
    material: Material, words: Catalogue, column: str, *, hides_lone: bool = False
) -> CountTable:
    """Count the values of a column that have names in the catalogue.

    A column that no report has an answer in makes no rows.
    """
    ids = _ids(material.members(column))
    if hides_lone:
        ids = {pair: held for pair, held in ids.items() if pair[0] == "" or len(held) > 1}
    writer = _Writer(material, words, ids, lambda value: words.label(column, value))
    table = writer.table(column, column)
    return replace(table, rows=()) if column in material.untold else table


def _ids(members: pd.DataFrame) -> Ids:
    """Return the report ids of each value and period."""
    ids: Ids = {}
    columns = [members[name] for name in ("value", "period", "report_id")]
    for value, period, report_id in zip(*columns, strict=True):
        ids.setdefault((value, period), []).append(report_id)
    return ids


class _Writer:
    """Write the rows of one table.

    Parameters
    ----------
    material : Material
    words : Catalogue
    ids : dict of (value, period) to list of str
        The reports that may be opened.
    label : callable
        Turns a value into its display name.
    corrected : mapping of str to str, optional
        Corrected share of each value, as text.
    """

    def __init__(
        self,
        material: Material,
        words: Catalogue,
        ids: Ids,
        label: Callable[[str], str],
        corrected: Mapping[str, str] | None = None,
    ) -> None:
        self._material = material
        self._words = words
        self._ids = ids
        self._label = label
        self._corrected = corrected or {}
        self._names = tuple(words.period_name(period) for period in material.periods)

    def table(self, key: str, kind: str) -> CountTable:
        """Write the table of one kind of count, this period beside the earlier ones.

        That no area was given is no area.
        """
        material = self._material
        counts = material.counts[kind]
        if kind == "area":
            counts = counts[counts["value"] != ""]
        compared = compare(counts, material.period, material.effects[kind])
        shares = [*compared["share"], *compared["ci_high"]]
        by_value = dict(list(counts.groupby("value", sort=False)))
        tallest = max(counts["share"].fillna(0.0), default=0.0)
        return CountTable(
            key=key,
            rows=tuple(
                self._row(row, by_value[str(row["value"])], tallest)
                for row in compared.to_dict("records")
            ),
            top=ceiling(shares) if material.n_now else 1.0,
            periods=self._names,
            now=self._words.period_name(material.period),
            has_past=material.has_past,
        )

    def _row(self, row: Row, past: pd.DataFrame, tallest: float) -> CountRow:
        """Lay out one value."""
        words, value = self._words, str(row["value"])
        name, periods = self._label(value), [str(period) for period in past["period"]]
        earlier = [i for period in periods[:-1] for i in self._ids.get((value, period), [])]
        cells = tuple(
            Cell(self._count(value, period, int(n)), words.percent(n, size))
            for period, n, size in zip(periods, past["n"], past["n_reports"], strict=True)
        )
        before_title = words("counts.before_title", name=name)
        return CountRow(
            label=name,
            n=cells[-1].n,
            percent=words.percent(row["n"], row["n_reports"]),
            interval=words.interval(row["ci_low"], row["ci_high"]),
            before=words.percent(row["n_before"], row["n_reports_before"]),
            share=float(row["share"]),
            low=float(row["ci_low"]),
            high=float(row["ci_high"]),
            share_before=float(row["share_before"]),
            n_before=self._openable(earlier, int(row["n_before"]), before_title),
            change=_change(row),
            history=self._history(past, tallest),
            cells=cells,
            corrected=self._corrected.get(value, ""),
        )

    def _count(self, value: str, period: str, n: int) -> Number:
        """Return the count of a value in a period."""
        title = f"{self._label(value)}, {self._words.period_name(period)}"
        return self._openable(self._ids.get((value, period), []), n, title)

    def _openable(self, ids: list[str], n: int, title: str) -> Number:
        """Return a count that opens its reports, where all of them may be opened."""
        return count_of(ids, title) if len(ids) == n else Hidden(self._words.whole(n))

    def _history(self, past: pd.DataFrame, top: float) -> History:
        """Return the shares of the periods."""
        texts = [
            f"{n} / {size} ({self._words.percent(n, size)})"
            for n, size in zip(past["n"], past["n_reports"], strict=True)
        ]
        counts = tuple(int(n) for n in past["n"])
        return History(tuple(past["share"]), tuple(texts), self._names, top, counts)


def _change(row: Row) -> str:
    """Say whether the share differs from before by more than chance allows."""
    if pd.isna(row["p_adjusted"]):
        return ""
    if row["p_adjusted"] >= _SIGNIFICANT:
        return "same"
    return "more" if row["share"] > row["share_before"] else "fewer"
