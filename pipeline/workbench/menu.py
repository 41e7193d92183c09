"""What the menu offers: all screens, or under blind coding those that give nothing away."""

from typing import NamedTuple

from pipeline.workbench.desk import Desk


class Entry(NamedTuple):
    """One screen of the menu."""

    path: str
    name: str


SCREENS = (
    Entry("/", "start"),
    Entry("/raportit", "reports"),
    Entry("/ilmiot", "topics"),
    Entry("/signaalit", "signals"),
    Entry("/yksimielisyys", "agreement"),
    Entry("/ratkaisu", "adjudicate"),
    Entry("/sitaatit", "quotes"),
    Entry("/nimet", "names"),
    Entry("/luokitus", "taxonomy"),
    Entry("/muistiot", "memos"),
)
BLIND = ("/", "/jono", "/raportit", "/raportti", "/ratkaise", "/joukko", "/nakyma", "/nappaimet")
"""Paths that a coder who codes blind may open, with those of undo, redo and memos."""
BLIND_TOO = (
    "/muistiot",
    "/muistiot.md",
    "/peru",
    "/kumoa",
    "/tee-uudelleen",
    "/ohje",
    "/muistio",
    "/tila",
)


def menu_of(desk: Desk) -> tuple[Entry, ...]:
    """Return the screens this coder may open."""
    return tuple(entry for entry in SCREENS if may_open(desk, entry.path))


def may_open(desk: Desk, path: str) -> bool:
    """Tell whether a coder may open a path; the blind see neither machine nor others."""
    return not desk.is_blind or path in (*BLIND, *BLIND_TOO) or path.startswith("/static/")
