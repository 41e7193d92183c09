"""The slide of what became of the signals listed in earlier periods."""

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.grids import grid, show_grid
from pipeline.report.deck.paragraphs import plain
from pipeline.report.facts.register import Register


def register_slides(canvas: Canvas, register: Register) -> None:
    """Add a table of the signals first listed before the period; nothing without any."""
    words = canvas.words
    rows, marked = [], []
    for one in register.rows:
        became = one.became
        if became.since is None:
            continue
        marked.append(became.since)
        rows.append(
            [
                one.name,
                one.first,
                became.status or words("register.no_group"),
                plain(words, became.since),
                one.verdict or (words(f"register.ruled_{became.ruling}") if became.ruling else ""),
            ]
        )
    if rows:
        head = [words(f"register.{name}") for name in ("name", "first", "state", "since")]
        table = grid([*head, words("register.verdict")], rows, [4.0, 1.5, 2.2, 1.6, 1.6], n_text=3)
        show_grid(canvas, words("register.followed"), table, marked)
