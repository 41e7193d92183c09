"""The page's colours, for the deck; a template's own theme colours come first where it has any."""

from typing import Any

INK = "1e2528"
PAPER = "fbfaf7"
LINE = "c9c4b8"
GRID = "e2ded5"
ACCENT = "12586f"
MARK = "b0491a"
PAST = "8fa6ae"
GOOD = "2f6b4f"
PROPOSAL = "8a5a00"
GROWTH = {
    "rising": (MARK, "ffffff"),
    "level": (PAST, INK),
    "fading": ("2b7aa8", "ffffff"),
    "unsure": ("cfcabd", INK),
}
"""Fill and ink of a point of the map of signals, by direction."""
TOPICS = (
    "7d898e",
    "0072b2",
    "b5541a",
    "007a5a",
    "8e4585",
    "8f6c00",
    "3a86b8",
    "4b3fa0",
    "b03a6b",
)
"""Colours of the marks of the map of reports; the first is that of the other reports."""
VALENCE = {
    "negatiivinen": "b0491a",
    "neutraali": "9a9c98",
    "positiivinen": "2b7aa8",
    "muu": "cfcabd",
}
SHADES = ("", "e7f0f2", "cfe1e6", "aacbd4", "79aebc", "12586f")
"""Fills of a heat map's cells, from none to most."""
ON_DARKEST = "ffffff"


def rgb(colour: str) -> Any:
    """Return a colour as python-pptx has it."""
    from pptx.dml.color import RGBColor

    return RGBColor(*bytes.fromhex(colour))
