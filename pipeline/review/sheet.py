"""The review spreadsheet: a row a suggestion, then its report's own, a column for the ruling."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.assign.evidence import TICK
from pipeline.assign.field_evidence import read_term
from pipeline.frames import each_row
from pipeline.human.files import Line
from pipeline.review.cells import ThemeNames
from pipeline.review.decisions_file import ANYONE, rows_of
from pipeline.review.heads import Heads
from pipeline.spreadsheet import write_sheet
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
    "muu teema",
    "muistio",
    "koodaaja",
    "ajo",
)
FIRST_HEADER = (
    *("kohde", "tunnus", "teema_tunnus", "ehdotus", "pisteet", "peruste", "teksti"),
    *("nykyinen ratkaisu", "ratkaisu", "uusi nimi", "muistio"),
)
"""Columns of a sheet of the first version, which is read too."""
READ, NONE, UNSURE = "luettu", "ei mikään", "epävarma"
ACCEPT, REJECT, CHANGE = "hyväksy", "hylkää", "muuta"
RULINGS = {ACCEPT: "accept", REJECT: "reject", CHANGE: "change"}
STATES = {READ: "read", NONE: "read", UNSURE: "unsure"}
TARGET_WORDS = {
    "reports": "raportti",
    "report_themes": "raportin teema",
    "topics": "aihe",
    "signals": "signaali",
}
_WIDTHS = (14, 14, 22, 34, 8, 40, 80, 14, 12, 26, 26, 30, 12, 16)
_WORDS = {
    **{verdict: word for word, verdict in RULINGS.items()},
    "read": READ,
    "unsure": UNSURE,
}
_FIELD_NAMES = {
    "client_groups": "lomakkeen asiakasryhmä",
    "valence": "lomakkeen sävy",
    "data_source": "raportin lähde",
    "kinds": "lauseiden lajit",
}
_SHOW_BELOW_CUT = 1
_SHOWN_CHARS = 2_000


def write_suggestions(
    path: Path, tables: Mapping[str, pd.DataFrame], taxonomy: Taxonomy, coder: str, run: str
) -> dict[str, int]:
    """Write the machine's suggestions, with what the coder ruled on them so far.

    Parameters
    ----------
    path : Path
        The .xlsx to write.
    tables : mapping of str to DataFrame
        ``reports``, ``segments``, ``topics``, ``report_themes``, ``signals``, ``decisions``.
    taxonomy : Taxonomy
    coder : str
        Whose rulings are shown; ``""`` for those of everyone, the newest on each thing.
    run : str
        Which suggestions they are: 12 hex digits.

    Returns
    -------
    dict of str to int
        Rows by kind of target.
    """
    ruled = _ruled(tables["decisions"], coder)
    rows = [*_report_rows(tables, taxonomy), *_topic_rows(tables), *_signal_rows(tables)]
    full = []
    for target, target_id, theme_id, *shown in rows:
        word = _WORDS.get(ruled.get((target, target_id, theme_id), ""), "")
        empty = ("", "", "", "", coder, f"A-{run}")
        full.append((TARGET_WORDS[target], target_id, theme_id, *shown, word, *empty))
    choices = (*RULINGS, *STATES)
    write_sheet(path, SHEET, HEADER, full, widths=_WIDTHS, choices={8: choices})
    targets = [row[0] for row in rows]
    return {target.replace("_", " "): targets.count(target) for target in TARGET_WORDS}


def _ruled(decisions: pd.DataFrame, coder: str) -> dict[tuple[str, str, str], str]:
    """Return the verdicts that hold, by target."""
    held = Heads.of(rows_of(decisions)).rulings
    shared = ("topics", "signals")
    return {
        (row["target_table"], row["target_id"], row["theme_id"]): row["verdict"]
        for row in held
        if row["verdict"] != "memo"
        and (not coder or row["target_table"] in shared or row["coder"] in (coder, ANYONE))
    }


def _report_rows(tables: Mapping[str, pd.DataFrame], taxonomy: Taxonomy) -> list[tuple[Any, ...]]:
    """Return each report's suggested themes, the strongest one that was not, and itself last."""
    labels = ThemeNames(taxonomy).labels
    sentences = tables["segments"].set_index("segment_id")["text"].to_dict()
    reports = tables["reports"].set_index("report_id")
    pairs = tables["report_themes"].sort_values(
        ["report_id", "score", "theme_id"], ascending=[True, False, True]
    )
    rows: list[tuple[Any, ...]] = []
    for report_id, group in pairs.groupby("report_id", sort=False):
        text = report_text(reports.loc[report_id])
        below = group[~group["assigned"]].head(_SHOW_BELOW_CUT)
        for pair in each_row(pd.concat([group[group["assigned"]], below])):
            label = labels.get(pair.theme_id, pair.theme_id)
            shown = label if pair.assigned else f"({label})"
            reason = _reason(pair.evidence, sentences)
            rows.append(
                ("report_themes", report_id, pair.theme_id, shown, float(pair.score), reason, text)
            )
        rows.append(("reports", report_id, "", "", "", "", text))
    return rows


def report_text(report: Any) -> str:
    """Return a report's text as a cell shows it."""
    return f"{report['observation']}\n\n{report['proposal']}".strip()[:_SHOWN_CHARS]


def _reason(evidence: list[dict[str, Any]], sentences: Mapping[Any, Any]) -> str:
    """Return the strongest words and the strongest sentence of a suggestion."""
    speaking = [item for item in evidence if item["contribution"] > 0]
    evidence = sorted(speaking, key=lambda item: -item["contribution"])
    words = [
        _field_words(item["term"]) or item["term"]
        for item in evidence
        if item["segment_id"] or item["term"] == TICK or read_term(item["term"])
    ]
    terms = [term for term in dict.fromkeys(words) if term][:5]
    ids = [item["segment_id"] for item in evidence if item["segment_id"] in sentences]
    parts = [", ".join(terms)] if terms else []
    if ids:
        parts.append(f"”{sentences[ids[0]]}”")
    return " · ".join(parts)


def _field_words(term: str) -> str:
    """Return how a field of the form is told as a reason; nothing for any other term."""
    found = read_term(term)
    if found is None:
        return ""
    return f"{_FIELD_NAMES[found[0]]}: {', '.join(found[1])}"


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


def shown_json(line: Line) -> str:
    """Return what the sheet showed of a suggestion, as the column ``shown`` of the log."""
    if not line.cells.get("ehdotus") or not line.cells.get("pisteet"):
        return ""
    try:
        score = round(float(line.cells["pisteet"].replace(",", ".")), 4)
    except ValueError:
        return ""
    run = line.cells.get("ajo", "").removeprefix("A-")
    return json.dumps(
        {"run": run, "score": score, "assigned": not line.cells["ehdotus"].startswith("(")}
    )
