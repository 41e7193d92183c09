"""Slides of the clients' voice, theme by theme."""

from collections.abc import Sequence

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block, block_height
from pipeline.report.deck.paragraphs import TEXT, heading, quotes
from pipeline.report.facts.values import Said
from pipeline.report.facts.voices import ClientVoices


def voice_slides(canvas: Canvas, voices: ClientVoices, headline: str) -> None:
    """Add the clients' voice, theme by theme in two columns."""
    words = canvas.words
    title = words("toc.voices")
    if not voices.themes:
        canvas.columns(title, [[Block(words("voices.none"), size=TEXT)]])
        return
    blocks: list[list[Block]] = []
    marked: list[Said] = [voices.n]
    # where no words may be quoted, the themes stand with their numbers
    for theme in [one for one in voices.themes if one.quotes] or voices.themes:
        blocks.append([heading(words, theme.label, theme.n), *quotes(words, theme.quotes)])
        marked.append(theme.n)
    left, right = _balanced(blocks, canvas.box.columns(1, 1)[0].width)
    canvas.columns(headline, [left, right], marked)


def _balanced(parts: Sequence[Sequence[Block]], width: float) -> tuple[list[Block], list[Block]]:
    """Share parts out to two columns of about one height, in order and none of them split."""
    heights = [sum(block_height(b, width) + b.before for b in part) for part in parts]
    sums = [abs(sum(heights) - 2 * sum(heights[:i])) for i in range(1, len(parts) + 1)]
    cut = 1 + sums.index(min(sums))
    left, right = ([b for part in some for b in part] for some in (parts[:cut], parts[cut:]))
    return left, right
