"""Give topics and signals the names that the report's reader sees."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.detect.register import given_name, matches
from pipeline.frames import each_row
from pipeline.name.shown import ShownName, shown_names, with_names
from pipeline.report.catalogue import Catalogue
from pipeline.report.disclosure import naming_segments
from pipeline.report.quotes import quotable
from pipeline.taxonomy.model import Taxonomy

if TYPE_CHECKING:
    from pipeline.report.material import Material

_MAX_CHARS = 10_000


def with_shown_names(material: "Material", taxonomy: Taxonomy, words: Catalogue) -> "Material":
    """Return the material with the names of its topics and signals.

    A label that a person gave in a ruling stays; the machine's own name becomes the label it
    suggested. A clause is shown only where the sentence may be quoted in this report: not of a
    later report, of a sentence the analyst banned, or one that names an area with a single report.
    """
    names = _quotable_clauses(material.tables.names, _may_quote(material))
    shown = reader_names(names, taxonomy, words, material.config.language)
    return replace(
        material,
        tables=replace(material.tables, names=names),
        topics=_with_rulings(material.topics, shown),
        signals=_with_rulings(material.signals, shown, material.register),
    )


def reader_names(
    names: pd.DataFrame, taxonomy: Taxonomy, words: Catalogue, language: str
) -> dict[str, ShownName]:
    """Put the names together in a reader's language.

    Parameters
    ----------
    names : DataFrame
        The table of that name.
    taxonomy : Taxonomy
    words : Catalogue
        Of that language.
    language : str

    Returns
    -------
    dict of str to ShownName
        By topic or candidate.
    """
    themes = {theme.theme_id: theme.short_label(language) for theme in taxonomy.themes}

    def unclear(held: str) -> str:
        return words("names.unclear", words=held) if held else words("names.none")

    return shown_names(
        names,
        group_label=lambda group: words.label("client_groups", group),
        theme_label=lambda theme_id: themes.get(theme_id, theme_id),
        joined=lambda before, last: words("names.joined", before=before, last=last),
        unclear=unclear,
    )


def _quotable_clauses(names: pd.DataFrame, allowed: Collection[str]) -> pd.DataFrame:
    """Leave out the clauses of sentences that may not be quoted."""
    kept: dict[str, list[list[str]]] = {"clauses": [], "clause_segments": []}
    for clauses, segments in zip(names["clauses"], names["clause_segments"], strict=True):
        both = [pair for pair in zip(clauses, segments, strict=True) if pair[1] in allowed]
        kept["clauses"].append([clause for clause, _ in both])
        kept["clause_segments"].append([segment_id for _, segment_id in both])
    columns = {
        name: pd.Series(values, index=names.index, dtype=object) for name, values in kept.items()
    }
    return names.assign(**columns)


def _with_rulings(
    ruled: pd.DataFrame, shown: dict[str, ShownName], register: Sequence[dict[str, str]] = ()
) -> pd.DataFrame:
    """Name the rows, and keep the names that people gave in a ruling or in the register."""
    own = {
        number: str(label)
        for number, (label, suggested) in enumerate(
            zip(ruled["label"], ruled["label_suggested"], strict=True)
        )
        if label != suggested
    }
    listed = [row for row in register if given_name(row)]
    for at, place in (matches(listed, list(each_row(ruled))) if listed else {}).items():
        own.setdefault(place, given_name(listed[at]))
    named = with_names(ruled.assign(label=ruled["label_suggested"]), shown)
    named["label_suggested"] = named["label"]
    for number, label in own.items():
        row = named.index[number]
        named.loc[row, ["label", "words", "example"]] = [label, label, ""]
    return named


def _may_quote(material: "Material") -> Collection[str]:
    """Return the sentences of the names' clauses that this report may quote."""
    tables = material.tables
    wanted = {segment for found in tables.names["clause_segments"] for segment in found}
    segments = tables.segments[
        tables.segments["segment_id"].isin(wanted)
        & tables.segments["report_id"].isin(set(material.reports["report_id"]))
    ]
    tokens = tables.tokens[tables.tokens["segment_id"].isin(set(segments["segment_id"]))]
    pool = quotable(
        material.reports,
        segments,
        tokens,
        tables.pii_spans,
        1,
        _MAX_CHARS,
        replace(material.quote_rulings, pinned=frozenset()),
        tables.indirect,
    )
    periods = dict(zip(material.reports["report_id"], material.reports["period"], strict=True))
    naming = {
        period: naming_segments(tokens, [area for p, area in material.lone_areas if p == period])
        for period in material.periods
    }
    return {
        segment_id
        for segment_id, report_id in zip(pool["segment_id"], pool["report_id"], strict=True)
        if segment_id not in naming[periods[report_id]]
    }
