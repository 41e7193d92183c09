"""What the page's script needs: reports, the ids behind each number, and a word index."""

from typing import Any

import pandas as pd

from pipeline.report.catalogue import Catalogue
from pipeline.report.links import Links
from pipeline.report.material import Material


def page_data(material: Material, words: Catalogue, links: Links) -> dict[str, Any]:
    """Collect the page's data as plain values.

    Parameters
    ----------
    material : Material
    words : Catalogue
    links : Links
        Every button of the page has been made by now.

    Returns
    -------
    dict
        ``reports``: one list a report, in the order of ``links.ids``: id, period, date, areas,
        client groups, valence, observation, proposal, themes, whether it is left out; the id
        alone where the text is not in the page. ``sets``: title, number and positions of each
        button. ``words``: the index of :func:`word_index`. ``text``: words of the script.
    """
    embedded = newest(material.tables.reports, material.config.max_embedded_reports)
    for report_id in embedded["report_id"]:
        links.position(report_id)
    rows = _report_rows(material, words, embedded)
    positions = {report_id: links.position(report_id) for report_id in rows}
    return {
        "reports": [rows.get(report_id, [report_id]) for report_id in links.ids],
        "order": [positions[report_id] for report_id in rows],
        "sets": links.sets,
        "words": word_index(material, positions),
        "text": {**words.messages["script"], "quoted": words.messages["words"]["quoted"]},
    }


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


def _report_rows(
    material: Material, words: Catalogue, reports: pd.DataFrame
) -> dict[str, list[Any]]:
    """Return the fields the script shows of each report."""
    is_mine = material.pairs["report_id"].isin(set(reports["report_id"]))
    pairs = material.pairs[material.pairs["counted"] & is_mine]
    themes: dict[str, list[tuple[str, bool]]] = {}
    columns = [pairs[name] for name in ("report_id", "theme_id", "ruling")]
    for report_id, theme_id, ruling in zip(*columns, strict=True):
        label = (material.theme_label(theme_id), ruling == "accept")
        themes.setdefault(report_id, []).append(label)
    return {
        row["report_id"]: [
            row["report_id"],
            words.period_name(row["period"]),
            words.day(row["date"]) if row["date"] is not None and not pd.isna(row["date"]) else "",
            words.enumerated(_areas(material, words, row["period"], row["area"])),
            " · ".join(words.label("client_groups", group) for group in row["client_groups"]),
            words.label("valence", row["valence"]) if row["valence"] else "",
            row["observation"],
            row["proposal"],
            themes.get(row["report_id"], []),
            row["quality"] != "ok",
        ]
        for row in reports.to_dict("records")
    }


def _areas(material: Material, words: Catalogue, period: str, areas: list[str]) -> list[str]:
    """Name the areas of a report, save those that no other report of its period names."""
    hidden = str(words("words.hidden_area"))
    named = [
        hidden if (period, area) in material.lone_areas else words.label("area", area)
        for area in areas
    ]
    return list(dict.fromkeys(named))


def word_index(material: Material, positions: dict[str, int]) -> dict[str, Any]:
    """Index the reports in the page by lemma, so that a search finds every inflected form.

    Returns
    -------
    dict
        ``lemmas``: lemmas and compound parts, lower case, sorted. ``reports``: for each, the
        positions of the reports that have it. ``forms``: lower-case word form to positions in
        ``lemmas``, for forms that differ from their lemma.
    """
    segments = material.tables.segments
    segments = segments[segments["report_id"].isin(set(positions))]
    report_of = dict(zip(segments["segment_id"], segments["report_id"], strict=True))
    found: dict[str, set[int]] = {}
    forms: dict[str, set[str]] = {}
    tokens = material.tables.tokens
    tokens = tokens[tokens["segment_id"].isin(set(report_of))]
    columns = [tokens[name] for name in ("segment_id", "form", "lemma", "parts")]
    for segment_id, form, lemma, parts in zip(*columns, strict=True):
        position = positions[report_of[segment_id]]
        for name in (lemma.lower(), *(part.lower() for part in parts)):
            found.setdefault(name, set()).add(position)
        if form.lower() != lemma.lower():
            forms.setdefault(form.lower(), set()).add(lemma.lower())
    lemmas = sorted(found)
    places = {lemma: i for i, lemma in enumerate(lemmas)}
    return {
        "lemmas": lemmas,
        "reports": [sorted(found[lemma]) for lemma in lemmas],
        "forms": {form: sorted(places[lemma] for lemma in forms[form]) for form in sorted(forms)},
    }
