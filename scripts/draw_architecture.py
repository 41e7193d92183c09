"""Draw docs/kuvat/architecture.svg from the table of contents: stages, and the tables they make.

Run ``python scripts/draw_architecture.py``; with ``--check`` it only tells whether the picture is
that of the code.
"""

import sys
from html import escape
from pathlib import Path

from pipeline.stages import STAGES
from pipeline.steps import Stage
from pipeline.tables import TABLES

FILE = Path(__file__).resolve().parents[1] / "docs" / "kuvat" / "architecture.svg"
LEFT, WIDTH, ROW, GAP = 20, 860, 17, 12
STAGE_WIDTH, TABLES_AT, READS_AT = 120, 160, 470
CHARS_IN_READS = 62
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1d2733}.stage{font-weight:600}.small{fill:#55606e}"
    ".raw{fill:#a03030}rect{fill:#f4f6f8;stroke:#c3cbd4}.gate{stroke:#a03030;stroke-dasharray:5 4}"
)


def wrapped(words: list[str], most: int) -> list[str]:
    """Join words by commas into lines of at most so many characters."""
    lines = [""]
    for number, word in enumerate(words):
        piece = word + ("," if number < len(words) - 1 else "")
        if lines[-1] and len(lines[-1]) + len(piece) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines


def text(x: int, y: int, said: str, kind: str = "") -> str:
    """Return one line of text."""
    return f'<text x="{x}" y="{y}" class="{kind}">{escape(said)}</text>'


def row(stage: Stage, top: int) -> tuple[list[str], int]:
    """Return the drawing of one stage, and where it ends."""
    made = list(stage.makes) or ["report.html", "deck.pptx", "tables.xlsx", "methods.md"]
    read = list(stage.reads) or ["inputs/: form exports"]
    reads = wrapped(read, CHARS_IN_READS)
    height = max(len(made), len(reads)) * ROW + 12
    parts = [
        f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{height}" rx="6"/>',
        text(LEFT + 10, top + 19, stage.name, "stage"),
    ]
    for i, name in enumerate(made):
        is_raw = name in TABLES and TABLES[name].is_raw
        parts.append(text(TABLES_AT, top + 19 + i * ROW, name, "raw" if is_raw else ""))
    for i, line in enumerate(reads):
        parts.append(text(READS_AT - 60, top + 19 + i * ROW, line, "small"))
    return parts, top + height


def draw() -> str:
    """Return the picture as SVG."""
    parts = [
        text(LEFT + 10, 24, "stage", "small"),
        text(TABLES_AT, 24, "makes", "small"),
        text(READS_AT - 60, 24, "reads", "small"),
    ]
    top = 34
    for stage, following in zip(STAGES, [*STAGES[1:], None], strict=True):
        drawn, top = row(stage, top)
        parts += drawn
        if stage.touches_raw and following is not None and not following.touches_raw:
            middle = top + GAP
            end = LEFT + WIDTH
            parts.append(f'<line x1="{LEFT}" x2="{end}" y1="{middle}" y2="{middle}" class="gate"/>')
            parts.append(text(TABLES_AT, middle + 16, "no raw data below this line", "raw"))
            top += GAP + 12
        top += GAP
    size = f'width="{WIDTH + 2 * LEFT}" height="{top}" viewBox="0 0 {WIDTH + 2 * LEFT} {top}"'
    title = "<title>The stages of Havainto, the tables they make and those they read</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>{title}<style>{STYLE}</style>'
        '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    drawing = draw()
    if "--check" in sys.argv:
        sys.exit(
            None
            if FILE.read_text(encoding="utf-8") == drawing
            else f"{FILE.name} is not that of the code. Run: python scripts/draw_architecture.py"
        )
    FILE.write_text(drawing, encoding="utf-8")
