"""The newest reports themselves, with what is known of each, and an index of their words."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material, Row


@dataclass(frozen=True)
class ReadableReport:
    """One report as it may be read.

    Attributes
    ----------
    day : str
        ``""`` when it has no date.
    areas, groups, valence : str
        Names, as one text.
    themes : tuple of (label, is_confirmed)
    is_left_out : bool
        Whether it is not counted.
    """

    report_id: str
    period: str
    day: str
    areas: str
    groups: str
    valence: str
    observation: str
    proposal: str
    themes: tuple[tuple[str, bool], ...]
    is_left_out: bool


@dataclass(frozen=True)
class WordIndex:
    """Where each word stands, so that a search finds every inflected form.

    Attributes
    ----------
    reports : dict of str to tuple of str
        Reports of each lemma and compound part, in lower case.
    forms : dict of str to tuple of str
        Lemmas of each lower-case word form that differs from its lemma.
    """

    reports: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Reading:
    """The reports whose texts are shown, newest first, and their words.

    Attributes
    ----------
    n_most : int
        Most reports shown.
    is_cut : bool
        Whether the study has more.
    """

    reports: tuple[ReadableReport, ...]
    index: WordIndex
    n_most: int
    is_cut: bool


def reading(material: Material, words: Catalogue) -> Reading:
    """Gather the reports to read."""
    n_most = material.config.max_embedded_reports
    shown = newest(material.tables.reports, n_most)
    return Reading(
        reports=_readable(material, words, shown),
        index=word_index(material, set(shown["report_id"])),
        n_most=n_most,
        is_cut=len(material.tables.reports) > n_most,
    )


def newest(reports: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return the newest reports, newest first; a report without a date counts as oldest."""
    keys = [
        (period, when.isoformat() if when is not None and not pd.isna(when) else "", report_id)
        for period, when, report_id in zip(
            reports["period"], reports["date"], reports["report_id"], strict=True
        )
    ]
    order = sorted(range(len(keys)), key=lambda i: keys[i], reverse=True)
    return reports.iloc[order[:n]]


def _readable(
    material: Material, words: Catalogue, reports: pd.DataFrame
) -> tuple[ReadableReport, ...]:
    """Return what is told of each report."""
    is_mine = material.pairs["report_id"].isin(set(reports["report_id"]))
    pairs = material.pairs[material.pairs["counted"] & is_mine]
    themes: dict[str, list[tuple[str, bool]]] = {}
    columns = [pairs[name] for name in ("report_id", "theme_id", "ruling")]
    for report_id, theme_id, ruling in zip(*columns, strict=True):
        label = (material.theme_label(theme_id), ruling == "accept")
        themes.setdefault(report_id, []).append(label)
    return tuple(
        ReadableReport(
            report_id=row["report_id"],
            period=words.period_name(row["period"]),
            day=words.day(row["date"])
            if row["date"] is not None and not pd.isna(row["date"])
            else "",
            areas=words.enumerated(_areas(material, words, row)),
            groups=" · ".join(_groups(words, row)),
            valence=words.label("valence", row["valence"]) if row["valence"] else "",
            observation=row["observation"],
            proposal=row["proposal"],
            themes=tuple(themes.get(row["report_id"], [])),
            is_left_out=row["quality"] != "ok",
        )
        for row in reports.to_dict("records")
    )


def _areas(material: Material, words: Catalogue, row: Row) -> list[str]:
    """Name the areas of a report, save those that no other report of its period names."""
    hidden = words("words.hidden_area")
    named = [
        hidden if (row["period"], area) in material.lone_areas else words.label("area", area)
        for area in row["area"]
    ]
    if typed := row["area_other"]:
        # One person typed it, so it is told of one report only.
        named.append(hidden if material.config.min_cell > 1 else typed)
    return list(dict.fromkeys(named))


def _groups(words: Catalogue, row: Row) -> list[str]:
    """Name the client groups of a report, and what its writer typed beside the choices."""
    named = [words.label("client_groups", group) for group in row["client_groups"]]
    typed = (row["client_groups_other"], row["themes_other"])
    return [*named, *(words("words.own_words", text=text) for text in typed if text)]


def word_index(material: Material, report_ids: set[str]) -> WordIndex:
    """Index some reports by lemma and compound part."""
    segments = material.tables.segments
    segments = segments[segments["report_id"].isin(report_ids)]
    report_of = dict(zip(segments["segment_id"], segments["report_id"], strict=True))
    found: dict[str, dict[str, None]] = {}
    forms: dict[str, set[str]] = {}
    tokens = material.tables.tokens
    tokens = tokens[tokens["segment_id"].isin(set(report_of))]
    columns = [tokens[name] for name in ("segment_id", "form", "lemma", "parts")]
    for segment_id, form, lemma, parts in zip(*columns, strict=True):
        for name in (lemma.lower(), *(part.lower() for part in parts)):
            found.setdefault(name, {})[report_of[segment_id]] = None
        if form.lower() != lemma.lower():
            forms.setdefault(form.lower(), set()).add(lemma.lower())
    return WordIndex(
        {lemma: tuple(found[lemma]) for lemma in sorted(found)},
        {form: tuple(sorted(forms[form])) for form in sorted(forms)},
    )
