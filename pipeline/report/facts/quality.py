"""Data quality: what was left out and why, what was doubled, unknown or taken away."""

from dataclasses import dataclass

import pandas as pd

from pipeline.frames import each_row
from pipeline.language.detection import MAIN, UNKNOWN
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, ReportLink, amount_of, count_of
from pipeline.report.material import Material

_MAX_REJECTED = 50
_MAX_UNKNOWN = 12
_MIN_REPORTS_OF_WORD = 3


@dataclass(frozen=True)
class Rejected:
    """One row or cell of an input that was left out."""

    file: str
    row: str
    column: str
    reason: str
    is_row_dropped: bool


@dataclass(frozen=True)
class Quality:
    """What a reader must know of the data before trusting a number."""

    counted: Count
    left_out: tuple[tuple[str, Count], ...]
    languages: tuple[tuple[str, Count], ...]
    doubles: tuple[tuple[ReportLink, ReportLink], ...]
    n_doubles: Count
    rows_dropped: str
    cells_dropped: str
    rejected: tuple[Rejected, ...]
    n_more_rejected: int
    n_words: str
    unknown_percent: str
    unknown_words: tuple[tuple[str, Count], ...]
    pii_kinds: tuple[tuple[str, str, Count], ...]
    loose_ends: tuple[tuple[str, str, str], ...]


def data_quality(material: Material, words: Catalogue) -> Quality:
    """Write the section of data quality, for all periods of the study."""
    tables = material.tables
    reports, rejected = tables.reports, tables.rejected
    doubles = reports[reports["duplicate_of"] != ""]
    dropped = rejected["is_row_dropped"].astype(bool)
    n_words, share, unknown = _unknown_words(material, words)
    shown = rejected.head(_MAX_REJECTED)
    columns = ["file", "row", "column", "reason", "is_row_dropped"]
    return Quality(
        counted=amount_of(
            reports.loc[reports["quality"] == "ok", "report_id"], words("quality.counted")
        ),
        left_out=_left_out(reports, words),
        languages=_languages(reports, words),
        doubles=tuple(
            (ReportLink(report_id), ReportLink(first))
            for report_id, first in zip(doubles["report_id"], doubles["duplicate_of"], strict=True)
        )[:_MAX_REJECTED],
        n_doubles=count_of(doubles["report_id"], words("quality.doubles")),
        rows_dropped=words.whole(int(dropped.sum())),
        cells_dropped=words.whole(int((~dropped).sum())),
        rejected=tuple(
            Rejected(str(file), words.whole(int(row)), str(column), str(reason), bool(is_dropped))
            for file, row, column, reason, is_dropped in shown[columns].itertuples(
                index=False, name=None
            )
        ),
        n_more_rejected=len(rejected) - len(shown),
        n_words=n_words,
        unknown_percent=share,
        unknown_words=unknown,
        pii_kinds=_pii_kinds(material, words),
        loose_ends=_loose_ends(material, words),
    )


def _loose_ends(material: Material, words: Catalogue) -> tuple[tuple[str, str, str], ...]:
    """List what people's files name and the study does not have: file, what, rows."""
    tables = material.tables
    rows = [
        (str(row.file), f"loose_{row.kind}_{row.reason}", int(row.n_rows))
        for row in each_row(tables.loose_ends)
    ]
    signals = tables.decisions.loc[tables.decisions["target_table"] == "signals", "target_id"]
    n_gone = int((~signals.isin(set(tables.signals["signal_id"]))).sum())
    if n_gone:
        rows.append(("decisions.csv", "loose_signal_gone", n_gone))
    return tuple((file, str(words(f"quality.{what}")), words.whole(n)) for file, what, n in rows)


def _left_out(reports: pd.DataFrame, words: Catalogue) -> tuple[tuple[str, Count], ...]:
    """Count the reports without content, by kind."""
    return tuple(
        (
            words.label("quality", kind),
            count_of(
                reports.loc[reports["quality"] == kind, "report_id"], words.label("quality", kind)
            ),
        )
        for kind in ("empty", "junk")
    )


def _languages(reports: pd.DataFrame, words: Catalogue) -> tuple[tuple[str, Count], ...]:
    """Count the reports by the language of their texts; nothing when all are in Finnish."""
    counted = reports[reports["quality"] == "ok"]
    sizes = {str(one): int(n) for one, n in counted["language"].value_counts().items()}
    if set(sizes) <= {MAIN}:
        return ()
    names = words.locale.languages
    found = []
    for one in sorted(sizes, key=lambda one: (one == UNKNOWN, -sizes[one], one)):
        title = words("quality.language_unknown") if one == UNKNOWN else str(names[one])
        report_ids = counted.loc[counted["language"] == one, "report_id"]
        found.append((title, count_of(report_ids, title)))
    return tuple(found)


def _unknown_words(
    material: Material, words: Catalogue
) -> tuple[str, str, tuple[tuple[str, Count], ...]]:
    """Return the number of words, the share unknown, and the unknown words of many reports.

    A word of fewer than three reports is not shown: it may be a name.
    """
    tokens = material.tables.tokens
    guessed = tokens[~tokens["known"].astype(bool)]
    segments = material.tables.segments[["segment_id", "report_id"]]
    seen = guessed[["segment_id", "lemma"]].merge(segments, on="segment_id")
    sets = {str(lemma): sorted({*rows["report_id"]}) for lemma, rows in seen.groupby("lemma")}
    often = [lemma for lemma in sets if len(sets[lemma]) >= _MIN_REPORTS_OF_WORD]
    often.sort(key=lambda lemma: (-len(sets[lemma]), lemma))
    shown = [(lemma, count_of(sets[lemma], lemma)) for lemma in often[:_MAX_UNKNOWN]]
    return words.whole(len(tokens)), words.percent(len(guessed), len(tokens)), tuple(shown)


def _pii_kinds(material: Material, words: Catalogue) -> tuple[tuple[str, str, Count], ...]:
    """Count what was taken away, by kind: places and reports."""
    spans = material.tables.pii_spans
    counts = spans["kind"].value_counts()
    kinds = sorted(counts.index, key=lambda kind: (-int(counts[kind]), kind))
    return tuple(
        (
            words.label("pii", str(kind)),
            words.whole(int(counts[kind])),
            count_of(spans.loc[spans["kind"] == kind, "report_id"], words.label("pii", str(kind))),
        )
        for kind in kinds
    )
