"""Tables of counts: municipalities, client groups, valence and themes, now and before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.charts import Bar, History, bar, ceiling, history
from pipeline.report.counts import compare, count
from pipeline.report.links import Links, hidden_count
from pipeline.report.material import Material, Row

VALENCES = ("negatiivinen", "neutraali", "positiivinen")
_SIGNIFICANT = 0.05
_SPARK_WIDTH, _SPARK_HEIGHT = 84.0, 22.0


@dataclass(frozen=True)
class Cell:
    """A count in one period."""

    n: Markup
    percent: str


@dataclass(frozen=True)
class CountRow:
    """One value: this period, the earlier ones, and how they differ.

    Attributes
    ----------
    change : str
        ``more``, ``fewer``, ``same`` or ``""`` when nothing came before.
    cells : tuple of Cell
        One a period, oldest first.
    """

    label: str
    n: Markup
    percent: str
    interval: str
    before: str
    n_before: Markup
    change: str
    bar: Bar
    spark: History
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CountTable:
    """A table of counts with its axis.

    Attributes
    ----------
    key : str
        Name of its texts in the catalogue.
    axis : tuple of (place, text)
        Ticks of the bars' axis.
    periods : tuple of str
        Names of the columns of the table of all periods.
    """

    key: str
    rows: tuple[CountRow, ...]
    axis: tuple[tuple[str, str], ...]
    periods: tuple[str, ...]


@dataclass(frozen=True)
class StackPart:
    """One valence of one period: where it stands in the bar and its count."""

    valence: str
    x: str
    width: str
    n: Markup
    tip: str


@dataclass(frozen=True)
class StackRow:
    """One period's reports by valence."""

    period: str
    n: Markup
    is_now: bool
    parts: tuple[StackPart, ...]


@dataclass(frozen=True)
class Valences:
    """Reports of each period by valence, with the legend's names."""

    rows: tuple[StackRow, ...]
    legend: tuple[tuple[str, str], ...]


def count_table(
    material: Material,
    members: pd.DataFrame,
    label: Callable[[str], str],
    words: Catalogue,
    links: Links,
    *,
    key: str,
    values: Sequence[str] = (),
    order: Sequence[str] = (),
    hides_lone: bool = False,
) -> CountTable:
    """Count the values of one kind, this period beside the earlier ones.

    Parameters
    ----------
    material : Material
    members : DataFrame with columns ``value``, ``report_id``, ``period``
    label : callable
        Turns a value into its display name.
    words : Catalogue
    links : Links
    key : str
        Name of the table's texts in the catalogue.
    values : sequence of str, default=()
        Values shown even when no report has them.
    order : sequence of str, default=()
        A fixed order; most reports first when empty.
    hides_lone : bool, default=False
        Whether a count of one opens nothing: a quotation of that report would be told where from.
    """
    counts = count(members, material.sizes, values)
    table = compare(counts, material.period)
    if order:
        places = {value: i for i, value in enumerate(order)}
        rank = table["value"].map(lambda value: places.get(value, len(places)))
        table = table.iloc[rank.argsort(kind="stable")]
    ids = _ids(members)
    if hides_lone and material.config.min_cell > 1:
        ids = {pair: held for pair, held in ids.items() if pair[0] == "" or len(held) > 1}
    top = ceiling([*table["share"], *table["ci_high"]]) if material.n_now else 1.0
    by_value = dict(list(counts.groupby("value", sort=False)))
    tallest = max(counts["share"].fillna(0.0), default=0.0)
    rows = [
        _row(row, by_value[str(row["value"])], ids, label, words, links, (top, tallest))
        for row in table.to_dict("records")
    ]
    names = tuple(words.period_name(period) for period in material.periods)
    return CountTable(key, tuple(rows), _axis(top, words), names)


def _ids(members: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return the report ids of each value and period."""
    ids: dict[tuple[str, str], list[str]] = {}
    columns = [members[name] for name in ("value", "period", "report_id")]
    for value, period, report_id in zip(*columns, strict=True):
        ids.setdefault((value, period), []).append(report_id)
    return ids


def _row(
    row: Row,
    past: pd.DataFrame,
    ids: dict[tuple[str, str], list[str]],
    label: Callable[[str], str],
    words: Catalogue,
    links: Links,
    tops: tuple[float, float],
) -> CountRow:
    """Lay out one value."""
    value, name = str(row["value"]), label(str(row["value"]))
    periods = [str(period) for period in past["period"]]
    now = periods[-1]
    earlier = [i for period in periods[:-1] for i in ids.get((value, period), [])]
    cells = [
        Cell(
            _counted(
                words,
                links,
                ids.get((value, period), []),
                int(n),
                f"{name}, {words.period_name(period)}",
            ),
            words.percent(n, size),
        )
        for period, n, size in zip(periods, past["n"], past["n_reports"], strict=True)
    ]
    return CountRow(
        label=name,
        n=_counted(
            words,
            links,
            ids.get((value, now), []),
            int(row["n"]),
            f"{name}, {words.period_name(now)}",
        ),
        percent=words.percent(row["n"], row["n_reports"]),
        interval=words.interval(row["ci_low"], row["ci_high"]),
        before=words.percent(row["n_before"], row["n_reports_before"]),
        n_before=_counted(
            words,
            links,
            earlier,
            int(row["n_before"]),
            words("counts.before_title", name=name).unescape(),
        ),
        change=_change(row),
        bar=bar(row["share"], row["ci_low"], row["ci_high"], row["share_before"], tops[0]),
        spark=_spark(past, tops[1], words),
        cells=tuple(cells),
    )


def _counted(words: Catalogue, links: Links, ids: Sequence[str], n: int, title: str) -> Markup:
    """Return a count that opens its reports, where all of them may be opened."""
    return links.count(ids, title) if len(ids) == n else hidden_count(words.whole(n))


def _change(row: Row) -> str:
    """Say whether the share differs from before by more than chance allows."""
    if pd.isna(row["p_adjusted"]):
        return ""
    if row["p_adjusted"] >= _SIGNIFICANT:
        return "same"
    return "more" if row["share"] > row["share_before"] else "fewer"


def _spark(past: pd.DataFrame, top: float, words: Catalogue) -> History:
    """Draw the shares of the periods as small columns."""
    texts = [
        f"{n} / {size} ({words.percent(n, size)})"
        for n, size in zip(past["n"], past["n_reports"], strict=True)
    ]
    labels = [words.period_name(str(period)) for period in past["period"]]
    return history(
        list(past["share"]),
        texts,
        labels,
        top,
        now=len(past) - 1,
        width=_SPARK_WIDTH,
        height=_SPARK_HEIGHT,
    )


def _axis(top: float, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """Return the ticks of an axis from 0 to `top`: nought, half, and whole with its sign."""
    half, whole = words.whole(round(50 * top)), words.whole_percent(top)
    return (("0%", words.whole(0)), ("50%", half), ("100%", whole))


def valence_history(material: Material, words: Catalogue, links: Links) -> Valences:
    """Lay out the reports of each period by valence, as bars of a common scale."""
    members = material.members("valence")
    ids = _ids(members)
    known = [*VALENCES, *sorted({*members["value"]} - set(VALENCES))]
    shown = [v for v in known if any(ids.get((v, p)) for p in material.periods)]
    longest = max(material.sizes.values(), default=0) or 1
    rows = []
    for period, size in material.sizes.items():
        parts, x = [], 0.0
        for valence in shown:
            mine = ids.get((valence, period), [])
            name = words.label("valence", valence)
            title = f"{words.period_name(period)}, {name}"
            wide = 100 * len(mine) / longest
            tip = f"{title}: {len(mine)} / {size} ({words.percent(len(mine), size)})"
            style = valence if valence in VALENCES else "muu"
            count_ = links.count(mine, title)
            parts.append(StackPart(style, f"{x:.2f}%", f"{wide:.2f}%", count_, tip))
            x += wide
        everyone = material.reports.loc[material.reports["period"] == period, "report_id"]
        n = links.count(
            everyone, words("counts.all_title", period=words.period_name(period)).unescape()
        )
        rows.append(StackRow(words.period_name(period), n, period == material.period, tuple(parts)))
    legend = [(v if v in VALENCES else "muu", words.label("valence", v)) for v in shown]
    return Valences(tuple(rows), tuple(legend))
