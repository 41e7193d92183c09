"""The workbook's sheets: counts, what holds after people's rulings, and every safe table."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial

import pandas as pd

from pipeline.comparison import Comparison, ThemeAgreement
from pipeline.report.catalogue import Catalogue
from pipeline.report.cross import Cross
from pipeline.report.facts.rare_combinations import rare_table
from pipeline.report.material import Material
from pipeline.tables import TABLES


def sheets(material: Material, words: Catalogue) -> dict[str, pd.DataFrame]:
    """Return the sheets in order: counts, what holds, then the tables as they are."""
    tables = {field.name: getattr(material.tables, field.name) for field in fields(material.tables)}
    tables["topics"], tables["signals"] = _topics(material), material.signals
    return {
        "counts": all_counts(material, words),
        "themes_in_force": themes_in_force(material),
        "themes_by_group": cross_sheet(material, material.group_cross, words),
        "themes_by_area": cross_sheet(material, material.area_cross, words),
        "rare_combinations": rare_table(material),
        **(agreement_sheets(found, material) if (found := material.comparison) else {}),
        "activities": pd.DataFrame(
            [one.model_dump() for one in material.config.activities],
            columns=["name", "n", "source"],
        ),
        **tables,
        "columns": _columns(),
    }


def _topics(material: Material) -> pd.DataFrame:
    """Return the topics with the numbers that page and deck tell of them."""
    now, ids = material.now_ids, material.topics["topic_id"]
    members = [material.topic_members.get(topic_id, []) for topic_id in ids]
    touching = [material.topic_touching.get(topic_id, []) for topic_id in ids]
    return material.topics.assign(
        n_now=[sum(i in now for i in held) for held in members],
        n_until=[len(held) for held in members],
        n_touching_now=[sum(i in now for i in held) for held in touching],
    )


def cross_sheet(material: Material, cross: Cross, words: Catalogue) -> pd.DataFrame:
    """Return a cross table as the page shows it: hidden cells are texts."""
    labels = [words.label(cross.column, value) for value in cross.values]
    rows = []
    for theme_id in cross.rows:
        cells: list[int | str] = [
            cross.text(theme_id, value)
            if cross.is_hidden(theme_id, value)
            else len(set(cross.ids.get((theme_id, value), [])))
            for value in cross.values
        ]
        rows.append([theme_id, material.theme_label(theme_id), *cells])
    return pd.DataFrame(rows, columns=["theme_id", "label", *labels], dtype=object)


def all_counts(material: Material, words: Catalogue) -> pd.DataFrame:
    """Count areas, client groups, valence and themes in every period up to the reported one.

    Returns
    -------
    DataFrame with columns ``kind``, ``value``, ``label``, ``period``, ``n``, ``n_reports``, \
``share``, ``ci_low``, ``ci_high``
    """
    labels: dict[str, Callable[[str], str]] = {
        kind: partial(words.label, kind) for kind in ("area", "client_groups", "valence")
    }
    parts = []
    for kind, label in {**labels, "theme": material.theme_label}.items():
        counts = material.counts[kind].copy()
        counts.insert(0, "kind", kind)
        counts.insert(2, "label", [label(str(value)) for value in counts["value"]])
        parts.append(counts)
    return pd.concat(parts, ignore_index=True)


def themes_in_force(material: Material) -> pd.DataFrame:
    """List the report-theme pairs that are counted, suggested or ruled on."""
    pairs = material.pairs
    shown = pairs[pairs["counted"] | pairs["suggested"] | (pairs["ruling"] != "")]
    shown = shown.merge(material.reports[["report_id", "period"]], on="report_id", how="left")
    shown.insert(2, "label", [material.theme_label(theme) for theme in shown["theme_id"]])
    return shown


def _columns() -> pd.DataFrame:
    """List the columns of every safe table with their meanings."""
    rows = [
        (table.name, column.name, str(column.type), column.meaning)
        for table in TABLES.values()
        if not table.is_raw
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "type", "meaning"])


def agreement_sheets(found: Comparison, material: Material) -> dict[str, pd.DataFrame]:
    """Return the workbook's sheets: pairs, themes, and every disagreement."""
    themes = [one.by_theme.assign(sources="; ".join(one.names)) for one in found.agreements]
    by_theme, dissent = pd.concat(themes, ignore_index=True), found.dissent.copy()
    for frame in (by_theme, dissent):
        frame["label"] = [material.theme_label(theme_id) for theme_id in frame["theme_id"]]
    return {
        "agreement": found.pairs.rename(
            columns={"first": "first_source", "second": "second_source"}
        ),
        "agreement_by_theme": pd.concat([_of_sets(found.agreements), by_theme], ignore_index=True),
        "disagreements": dissent,
    }


def _of_sets(agreements: Sequence[ThemeAgreement]) -> pd.DataFrame:
    """Return the alphas of theme sets in the columns of those of single themes."""
    return pd.DataFrame(
        [
            {
                "theme_id": "",
                "n_reports": one.by_theme["n_reports"].max(),
                "alpha": one.of_sets.value,
                "alpha_low": one.of_sets.low,
                "alpha_high": one.of_sets.high,
                "sources": "; ".join(one.names),
                "label": "",
            }
            for one in agreements
        ]
    )
