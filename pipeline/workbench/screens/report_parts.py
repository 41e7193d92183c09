"""The parts of a report's page: its attributes, its suggestions, the list of themes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.assign.field_evidence import read_term
from pipeline.workbench.desk import Desk
from pipeline.workbench.people import SETTLED
from pipeline.workbench.rule import Shown
from pipeline.workbench.texts import N_LIT

TICK, BASE, REST = "[rasti]", "[lähtötaso]", "[muu]"


@dataclass(frozen=True)
class Suggestion:
    """One suggestion of the machine, with why."""

    number: int
    theme_id: str
    label: str
    strength: str
    score: float
    is_on: bool
    is_ruled: bool
    is_next: bool
    is_ticked: bool
    evidence: tuple[tuple[str, float, str], ...]
    total: float
    nearest: str
    likeness: float
    definition: str
    includes: str
    excludes: str


@dataclass(frozen=True)
class ThemeKey:
    """One theme of the list, with its letter."""

    theme_id: str
    label: str
    letter: str
    is_on: bool
    is_ruled: bool
    is_suggested: bool
    definition: str
    includes: str
    excludes: str
    is_child: bool


def attributes(
    desk: Desk, row: Mapping[str, Any], page: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return what the form says of a report, as names and texts; empty ones are left out."""
    words, labels = desk.words, desk.labels
    found = [
        ("period", str(row["period"])),
        ("date", words.day(row["date"])),
        ("area", ", ".join(labels.label("area", a) for a in json.loads(row["areas"]))),
        ("group", ", ".join(labels.label("client_groups", g) for g in json.loads(row["groups"]))),
        ("valence", labels.label("valence", row["valence"]) if row["valence"] else ""),
        ("unit", str(row["unit"])),
        ("source", str(row["source"])),
        ("duplicate", str(row["duplicate_of"])),
    ]
    if not desk.is_blind:
        ticked = [desk.theme_label(theme) for theme in json.loads(row["ticked"])]
        found.append(("ticked", ", ".join(ticked)))
    if not desk.is_withheld(str(row["report_id"])):
        names = topic_labels(desk)
        topics = [names.get(topic_id, topic_id) for topic_id, _, _ in page["topics"]]
        found.append(("topic", ", ".join(topics)))
    return [(str(words(f"columns.{name}")), text) for name, text in found if text]


def topic_labels(desk: Desk) -> dict[str, str]:
    """Return the name of each topic."""
    key = ("topic labels",)
    if key not in desk.cache:
        topics = desk.table("topics")
        desk.cache[key] = dict(zip(topics["topic_id"], topics["label"], strict=True))
    found: dict[str, str] = desk.cache[key]
    return found


def suggestions(
    desk: Desk, pairs: Sequence[Mapping[str, Any]], stands: Shown, page: Mapping[str, Any]
) -> list[Suggestion]:
    """Return the suggestions shown, in the order of their digits."""
    themes = {theme.theme_id: theme for theme in desk.themes}
    ruled = stands.themes | stands.rejected
    made = []
    for number, pair in enumerate(pairs, 1):
        theme_id = pair["theme_id"]
        theme = themes[theme_id]
        near = page["nearest"].get(theme_id)
        pieces = [
            (_piece_name(desk, term or _sentence_name(desk, s)), c, term if s else "")
            for s, term, c in pair["evidence"]
        ]
        made.append(
            Suggestion(
                number=number if number <= N_LIT else 0,
                theme_id=theme_id,
                label=desk.theme_label(theme_id),
                strength=pair["strength"],
                score=pair["score"],
                is_on=theme_id in stands.stands,
                is_ruled=theme_id in ruled,
                is_next=not pair["assigned"],
                is_ticked=any(term == TICK for _, term, _ in pair["evidence"]),
                evidence=tuple(pieces),
                total=pair["log_odds"],
                nearest=near[0] if near else "",
                likeness=near[1] if near else 0.0,
                definition=theme.definition,
                includes=theme.includes,
                excludes=theme.excludes,
            )
        )
    return made


def _sentence_name(desk: Desk, segment_id: str) -> str:
    """Return what a whole sentence's contribution is called."""
    field, number = segment_id.rsplit("/", 2)[1:]
    return str(desk.words(f"report.sentence_{field}", number=int(number)))


def _piece_name(desk: Desk, name: str) -> str:
    """Return what a piece that is no word is called."""
    field = read_term(name)
    if field is not None:
        column, values = field
        told = ", ".join(desk.labels.label(column, value) for value in values)
        return str(desk.words(f"evidence.{column}", values=told))
    kinds = {TICK: "tick", BASE: "base", REST: "rest"}
    return str(desk.words(f"evidence.{kinds[name]}")) if name in kinds else name


def theme_list(desk: Desk, pairs: Sequence[Mapping[str, Any]], stands: Shown) -> list[ThemeKey]:
    """Return every theme with its letter, in the order of the taxonomy."""
    letters = desk.letters.of_theme
    suggested = {pair["theme_id"] for pair in pairs if pair["assigned"]}
    ruled = stands.themes | stands.rejected
    return [
        ThemeKey(
            theme.theme_id,
            desk.theme_label(theme.theme_id),
            letters.get(theme.theme_id, ""),
            theme.theme_id in stands.stands,
            theme.theme_id in ruled,
            theme.theme_id in suggested,
            theme.definition,
            theme.includes,
            theme.excludes,
            theme.parent_id is not None,
        )
        for theme in desk.themes
    ]


@dataclass(frozen=True)
class OtherView:
    """What another coder, or the one who settled, made of a report."""

    coder: str
    state: str
    themes: tuple[str, ...]
    at: str
    is_settled: bool


def other_views(desk: Desk, report_id: str) -> list[OtherView]:
    """Return the others' words on a report, once this coder has read it; none under blindness."""
    readings = desk.people.readings(report_id)
    mine = readings.get(desk.coder)
    if desk.is_blind or mine is None or mine.state != "read":
        return []
    return [
        OtherView(
            coder,
            reading.state,
            tuple(desk.theme_label(t) for t in desk.theme_ids if t in reading.themes),
            reading.at,
            coder == SETTLED,
        )
        for coder, reading in sorted(readings.items())
        if coder != desk.coder
    ]
