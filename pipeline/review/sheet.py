"""The review spreadsheet: one row a suggestion, one column for the ruling."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.assign.evidence import TICK
from pipeline.errors import InputError
from pipeline.frames import each_row
from pipeline.ingest.cells import as_text
from pipeline.ingest.zip_guard import look_into
from pipeline.review.review import newest_decisions
from pipeline.spreadsheet import original_text, write_sheet
from pipeline.taxonomy.model import Taxonomy

SHEET = "ehdotukset"
HEADER = (
    "kohde",
    "tunnus",
    "teema_tunnus",
    "ehdotus",
    "pisteet",
    "peruste",
    "teksti",
    "nykyinen ratkaisu",
    "ratkaisu",
    "uusi nimi",
    "muistio",
)
_WIDTHS = (14, 14, 22, 34, 8, 40, 80, 14, 12, 26, 30)
_RULINGS = {"hyväksy": "accept", "hylkää": "reject", "muuta": "change"}
_RULING_WORDS = {verdict: word for word, verdict in _RULINGS.items()}
_TARGET_WORDS = {"report_themes": "raportin teema", "topics": "aihe", "signals": "signaali"}
_TARGETS = {word: target for target, word in _TARGET_WORDS.items()}
_SHOW_BELOW_CUT = 1
_SHOWN_CHARS = 2_000


def write_suggestions(
    path: Path, tables: Mapping[str, pd.DataFrame], taxonomy: Taxonomy
) -> dict[str, int]:
    """Write the machine's suggestions, with what was ruled on them so far.

    Parameters
    ----------
    path : Path
        The .xlsx to write.
    tables : mapping of str to DataFrame
        ``reports``, ``segments``, ``topics``, ``report_themes``, ``signals``, ``decisions``.
    taxonomy : Taxonomy

    Returns
    -------
    dict of str to int
        Rows by kind of target.
    """
    rulings = {
        (target, row.target_id, row.theme_id): row.verdict
        for target in _TARGET_WORDS
        for row in each_row(newest_decisions(tables["decisions"], target))
    }
    rows = [*_theme_rows(tables, taxonomy), *_topic_rows(tables), *_signal_rows(tables)]
    full = []
    for target, target_id, theme_id, *shown in rows:
        verdict = rulings.get((target, target_id, theme_id), "")
        ruled = _RULING_WORDS.get(verdict, "")
        full.append((_TARGET_WORDS[target], target_id, theme_id, *shown, ruled, "", "", ""))
    write_sheet(path, SHEET, HEADER, full, widths=_WIDTHS, choices={8: tuple(_RULINGS)})
    targets = [row[0] for row in rows]
    return {target.replace("_", " "): targets.count(target) for target in _TARGET_WORDS}


def _theme_rows(tables: Mapping[str, pd.DataFrame], taxonomy: Taxonomy) -> list[tuple[Any, ...]]:
    """Return a report's suggested themes, and the strongest one that was not suggested."""
    labels = {theme.theme_id: theme.label_fi for theme in taxonomy.themes}
    sentences = tables["segments"].set_index("segment_id")["text"].to_dict()
    reports = tables["reports"].set_index("report_id")
    pairs = tables["report_themes"].sort_values(
        ["report_id", "score", "theme_id"], ascending=[True, False, True]
    )
    rows: list[tuple[Any, ...]] = []
    for report_id, group in pairs.groupby("report_id", sort=False):
        report = reports.loc[report_id]
        text = f"{report['observation']}\n\n{report['proposal']}".strip()[:_SHOWN_CHARS]
        below = group[~group["assigned"]].head(_SHOW_BELOW_CUT)
        for pair in each_row(pd.concat([group[group["assigned"]], below])):
            label = labels.get(pair.theme_id, pair.theme_id)
            shown = label if pair.assigned else f"({label})"
            reason = _reason(pair.evidence, sentences)
            rows.append(
                ("report_themes", report_id, pair.theme_id, shown, float(pair.score), reason, text)
            )
    return rows


def _reason(evidence: list[dict[str, Any]], sentences: Mapping[Any, Any]) -> str:
    """Return the strongest words and the strongest sentence of a suggestion."""
    speaking = [item for item in evidence if item["contribution"] > 0]
    evidence = sorted(speaking, key=lambda item: -item["contribution"])
    words = [item["term"] for item in evidence if item["segment_id"] or item["term"] == TICK]
    terms = [term for term in dict.fromkeys(words) if term][:5]
    ids = [item["segment_id"] for item in evidence if item["segment_id"] in sentences]
    parts = [", ".join(terms)] if terms else []
    if ids:
        parts.append(f"”{sentences[ids[0]]}”")
    return " · ".join(parts)


def _topic_rows(tables: Mapping[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """Return the topics with their words."""
    return [
        (
            "topics",
            t.topic_id,
            "",
            t.label,
            float(t.stability),
            ", ".join(t.terms),
            f"{t.n_reports} raporttia",
        )
        for t in each_row(tables["topics"])
    ]


def _signal_rows(tables: Mapping[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    """Return the listed signals with their counts and members."""
    listed = tables["signals"].dropna(subset=["rank"]).sort_values("rank")
    return [
        (
            "signals",
            s.signal_id,
            "",
            s.label,
            float(s.q_value),
            " ".join(str(n) for n in s.counts),
            ", ".join(s.report_ids),
        )
        for s in each_row(listed)
    ]


def read_rulings(
    path: Path, coder: str, taxonomy: Taxonomy, known: Mapping[str, set[str]]
) -> tuple[list[dict[str, str]], list[str]]:
    """Read the rulings of a filled-in spreadsheet.

    Parameters
    ----------
    path : Path
    coder : str
        Who ruled.
    taxonomy : Taxonomy
    known : mapping of str to set of str
        Ids that exist, by target table.

    Returns
    -------
    rulings : list of dict
        Rows for the log, in the order of the sheet.
    problems : list of str
        One sentence a row that cannot be taken, without cell text.

    Raises
    ------
    InputError
        When the file is no review spreadsheet.
    """
    frame = _read_sheet(path)
    themes = {theme.theme_id for theme in taxonomy.themes}
    rulings: list[dict[str, str]] = []
    problems: list[str] = []
    for number, row in enumerate(frame.to_dict("records"), 2):
        word = row["ratkaisu"].casefold()
        if not word:
            continue
        target = _TARGETS.get(row["kohde"], "")
        problem = _problem(row, word, target, themes, known)
        if problem:
            problems.append(f"row {number}: {problem}")
            continue
        ruling = {
            "coder": coder,
            "target_table": target,
            "target_id": row["tunnus"],
            "theme_id": row["teema_tunnus"],
            "verdict": _RULINGS[word],
            "new_value": row["uusi nimi"],
            "memo": row["muistio"],
            "taxonomy_version": taxonomy.version,
        }
        rulings.append(ruling)
    return rulings, problems


def _read_sheet(path: Path) -> pd.DataFrame:
    """Read the sheet as text."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        look_into(path, path.name)
        book = CalamineWorkbook.from_path(str(path))
        cells = book.get_sheet_by_name(SHEET).to_python()
    except (CalamineError, OSError) as err:
        raise InputError(
            f"{path} is no review spreadsheet with a sheet {SHEET}. "
            "Use one made by: havainto review STUDY --export FILE.xlsx"
        ) from err
    header = [str(cell) for cell in cells[0]] if cells else []
    missing = sorted(set(HEADER) - set(header))
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}. Export it again.")
    rows = [[original_text(as_text(cell)).strip() for cell in row] for row in cells[1:]]
    return pd.DataFrame(rows, columns=header, dtype=object)


def _problem(
    row: Mapping[Any, str],
    word: str,
    target: str,
    themes: set[str],
    known: Mapping[str, set[str]],
) -> str:
    """Return why a row cannot be taken, or an empty text."""
    if word not in _RULINGS:
        return f"ratkaisu must be one of {', '.join(_RULINGS)}, or empty."
    if not target:
        return f"kohde must be one of {', '.join(_TARGETS)}."
    if row["tunnus"] not in known[target]:
        return "tunnus is not in this study's tables. Export the suggestions again."
    if target == "report_themes" and row["teema_tunnus"] not in themes:
        return "teema_tunnus is not in the study's taxonomy."
    if word == "muuta" and (target != "topics" or not row["uusi nimi"]):
        return "muuta is for the name of an aihe, and needs uusi nimi."
    return ""
