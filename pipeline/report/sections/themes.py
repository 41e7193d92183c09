"""Themes: who groups them, what lies under the largest, and what people have confirmed."""

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.cross import Cross
from pipeline.report.links import Links, hidden_count
from pipeline.report.material import Material
from pipeline.report.sections.quoted import Phenomenon, QuoteView, phenomena, views

_N_SHADES = 5
_MAX_PHENOMENA = 5


@dataclass(frozen=True)
class KeyTheme:
    """One of the largest themes, opened."""

    label: str
    n: Markup
    percent: str
    phenomena: tuple[Phenomenon, ...]
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class HeatCell:
    """Reports of one theme and client group; ``shade`` is 0 (none) to 5 (most)."""

    n: Markup
    shade: int


@dataclass(frozen=True)
class HeatMap:
    """Themes by client groups or areas; no rows when the table cannot be shown safely."""

    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    is_safe: bool


@dataclass(frozen=True)
class Confirmation:
    """One theme: the machine's suggestions, people's rulings, the reporters' ticks."""

    label: str
    counted: Markup
    suggested: Markup
    accepted: Markup
    rejected: Markup
    open: Markup
    ticked: Markup
    only_ticked: Markup
    only_suggested: Markup


def key_themes(
    material: Material, words: Catalogue, links: Links, taken: set[str]
) -> tuple[KeyTheme, ...]:
    """Open the largest themes of the period: their phenomena and quotations."""
    table = material.theme_table
    table = table[table["n"] > 0].head(material.config.n_key_themes)
    sentences = material.tables.segment_themes
    opened = []
    for theme_id, n in zip(table["value"], table["n"], strict=True):
        ids = _now_ids(material, str(theme_id))
        label = material.theme_label(str(theme_id))
        mine = sentences[sentences["theme_id"] == theme_id]
        scores = dict(zip(mine["segment_id"], mine["score"], strict=True))
        quotes = material.scored_quotes(ids, scores, material.config.n_quotes, taken)
        found = phenomena(material, ids, words, links, where=label)
        linked = set(material.links.loc[material.links["theme_id"] == theme_id, "topic_id"])
        found = tuple(one for one in found if one.topic_id in linked)
        opened.append(
            KeyTheme(
                label=label,
                n=links.amount(ids, f"{label}, {words.period_name(material.period)}"),
                percent=words.percent(int(n), material.n_now),
                phenomena=found[:_MAX_PHENOMENA],
                quotes=views(quotes, links),
            )
        )
    return tuple(opened)


def _now_ids(material: Material, theme_id: str) -> list[str]:
    """Return this period's reports counted under a theme."""
    themes = material.themes
    mine = (themes["value"] == theme_id) & (themes["period"] == material.period)
    return list(themes.loc[mine, "report_id"])


def heat_map(material: Material, cross: Cross, words: Catalogue, links: Links) -> HeatMap:
    """Lay out a cross table; a hidden cell says so and opens nothing.

    A table whose small cells would follow from its margins has no rows.
    """
    if not cross.table.is_safe:
        return HeatMap((), (), is_safe=False)
    counts, hidden = cross.table.counts, cross.table.hidden
    most = max(int(counts[~hidden].max(initial=0)), 1)
    labels = [words.label(cross.column, value) for value in cross.values]
    rows = []
    for theme_id in cross.rows:
        name, cells = material.theme_label(theme_id), []
        for value, label in zip(cross.values, labels, strict=True):
            ids = cross.ids.get((theme_id, value), [])
            if cross.is_hidden(theme_id, value):
                cells.append(HeatCell(hidden_count(cross.text(theme_id, value)), 0))
            else:
                n = links.count(ids, f"{name} × {label}")
                cells.append(HeatCell(n, -(-len(set(ids)) * _N_SHADES // most)))
        rows.append((name, tuple(cells)))
    return HeatMap(tuple(labels), tuple(rows), is_safe=True)


@dataclass(frozen=True)
class Ticked:
    """How the period's suggestions and the reporters' ticks agree, in pairs of report and theme.

    Attributes
    ----------
    n_ticked, n_suggested, n_both : int
    """

    n_ticked: int
    n_suggested: int
    n_both: int

    @property
    def is_same(self) -> bool:
        """Whether the machine suggests what is ticked and nothing else."""
        return self.n_ticked == self.n_suggested == self.n_both


def ticked(material: Material) -> Ticked:
    """Compare this period's suggestions with the ticks on its forms."""
    pairs = material.pairs[material.pairs["report_id"].isin(material.now_ids)]
    pairs = pairs[pairs["suggested"]]
    suggested = set(zip(pairs["report_id"], pairs["theme_id"], strict=True))
    members = material.members("themes_ticked")
    members = members[(members["period"] == material.period) & (members["value"] != "")]
    ticks = set(zip(members["report_id"], members["value"], strict=True))
    return Ticked(len(ticks), len(suggested), len(ticks & suggested))


def confirmations(material: Material, words: Catalogue, links: Links) -> tuple[Confirmation, ...]:
    """Set the machine's suggestions beside people's rulings and the reporters' ticks."""
    pairs = material.pairs[material.pairs["report_id"].isin(material.now_ids)]
    ticks = material.members("themes_ticked")
    ticks = ticks[(ticks["period"] == material.period) & (ticks["value"] != "")]
    found = [
        _confirmation(material, theme_id, pairs, ticks, words, links)
        for theme_id in material.theme_table["value"]
    ]
    return tuple(found)


def _confirmation(
    material: Material,
    theme_id: str,
    pairs: pd.DataFrame,
    ticks: pd.DataFrame,
    words: Catalogue,
    links: Links,
) -> Confirmation:
    """Count the suggestions, rulings and ticks of one theme."""
    mine = pairs[pairs["theme_id"] == theme_id]
    label = material.theme_label(theme_id)
    suggested = list(mine.loc[mine["suggested"], "report_id"])
    ticked = list(ticks.loc[ticks["value"] == theme_id, "report_id"])
    sets = {
        "counted": list(mine.loc[mine["counted"], "report_id"]),
        "suggested": suggested,
        "accepted": list(mine.loc[mine["ruling"] == "accept", "report_id"]),
        "rejected": list(mine.loc[mine["ruling"] == "reject", "report_id"]),
        "open": list(mine.loc[mine["suggested"] & (mine["ruling"] == ""), "report_id"]),
        "ticked": ticked,
        "only_ticked": [i for i in ticked if i not in set(suggested)],
        "only_suggested": [i for i in suggested if i not in set(ticked)],
    }
    return Confirmation(
        label,
        **{
            name: links.count(ids, f"{label}: {words(f'confirmed.{name}')}")
            for name, ids in sets.items()
        },
    )
