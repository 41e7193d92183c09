"""Measure text before it is laid on a slide, so that nothing runs out of its box.

The widths of text are those of :mod:`pipeline.report.text_width`.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.report.text_width import text_width

LINE_HEIGHT = 1.22
"""Height of a line, in font sizes."""
_ELLIPSIS = "…"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")


@dataclass(frozen=True)
class Box:
    """A rectangle of a slide, in points."""

    x: float
    y: float
    width: float
    height: float

    def below(self, height: float) -> "Box":
        """Return what is left when `height` is taken off the top."""
        return replace(self, y=self.y + height, height=self.height - height)

    def columns(self, *shares: float, gap: float = 24.0) -> list["Box"]:
        """Split into columns by their shares of the width."""
        room = self.width - gap * (len(shares) - 1)
        boxes, x = [], self.x
        for share in shares:
            wide = room * share / sum(shares)
            boxes.append(replace(self, x=x, width=wide))
            x += wide + gap
        return boxes


@dataclass(frozen=True)
class Block:
    """One paragraph.

    Attributes
    ----------
    text : str
    tail : str
        What follows in a paler, smaller face: a report's id, a number.
    size : float
        In points.
    before : float
        Space above, in points; none at the top of a box.
    keeps : bool
        Whether it stays on the slide of the paragraph after it, as a heading does.
    is_heading : bool
        Whether it heads what follows, and so is said again where that goes on on another slide.
    goes_on : bool
        Whether it is a heading said again.
    """

    text: str
    tail: str = ""
    size: float = 14.0
    is_bold: bool = False
    is_quote: bool = False
    is_soft: bool = False
    before: float = 6.0
    keeps: bool = False
    is_heading: bool = False
    goes_on: bool = False


def clean(text: str) -> str:
    r"""Return text without signs that a slide's XML cannot hold; a line break is a space.

    Examples
    --------
    >>> clean("a\nb\x07")
    'a b '
    """
    return _CONTROL.sub(" ", text)


def n_lines(text: str, size: float, width: float, *, is_bold: bool = False) -> int:
    """Return how many lines a paragraph takes; a word longer than the line is broken."""
    room = max(width, size)
    lines, at = 1, 0.0
    space = text_width(" ", size, is_bold=is_bold)
    for word in text.split(" "):
        wide = text_width(word, size, is_bold=is_bold)
        if at and at + space + wide > room:
            lines, at = lines + 1, 0.0
        elif at:
            at += space
        if wide > room:
            # broken anywhere: each line may lose up to one letter's width
            extra = math.ceil(wide / max(room - size, size)) - 1
            lines, at = lines + extra, room
        else:
            at += wide
    return lines


def shortened(
    text: str, size: float, width: float, max_lines: int, *, is_bold: bool = False
) -> str:
    """Return the text, cut at a word with an ellipsis where it takes more than `max_lines`.

    Examples
    --------
    >>> shortened("Lasten ja nuorten palvelut", 12, 80, 1)
    'Lasten ja…'
    """
    if n_lines(text, size, width, is_bold=is_bold) <= max_lines:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        cut = text[:middle].rstrip() + _ELLIPSIS
        if n_lines(cut, size, width, is_bold=is_bold) <= max_lines:
            low = middle
        else:
            high = middle - 1
    cut = text[:low].rstrip()
    at_word = cut.rsplit(" ", 1)[0] if low < len(text) and text[low] != " " else cut
    return (at_word if len(at_word) * 2 >= len(cut) else cut).rstrip(" ,;") + _ELLIPSIS


def block_height(block: Block, width: float) -> float:
    """Return the height of a paragraph without the space above it, in points."""
    text = f"{block.text} {block.tail}" if block.tail else block.text
    return n_lines(text, block.size, width, is_bold=block.is_bold) * block.size * LINE_HEIGHT


def flow(blocks: Sequence[Block], width: float, height: float) -> list[list[Block]]:
    """Share paragraphs out to boxes of one size, in order.

    A paragraph taller than a box is cut with an ellipsis. A heading goes with what follows it.

    Parameters
    ----------
    blocks : sequence of Block
    width, height : float
        Of one box, in points.

    Returns
    -------
    list of list of Block
        One list a box; none is empty.
    """
    pages: list[list[Block]] = []
    page: list[Block] = []
    used = 0.0
    for block in (_cut(block, width, height) for block in blocks):
        tall = block_height(block, width)
        gap = block.before if page else 0.0
        if page and used + gap + tall > height:
            carried: list[Block] = []
            while page and page[-1].keeps:
                carried.insert(0, page.pop())
            if page:
                pages.append(page)
            page, used = [], 0.0
            for one in carried:
                used += (one.before if page else 0.0) + block_height(one, width)
                page.append(one)
            gap = block.before if page else 0.0
        page.append(block)
        used += gap + tall
    return [*pages, page] if page else pages


def _cut(block: Block, width: float, height: float) -> Block:
    """Return the paragraph, cut to two thirds of a box where it is taller than that."""
    limit = max(int(height * 2 / 3 / (block.size * LINE_HEIGHT)), 1)
    if block_height(block, width) <= limit * block.size * LINE_HEIGHT:
        return block
    tail = text_width(f" {block.tail}", block.size)
    room = max(limit - math.ceil(tail / width), 1)
    text = shortened(block.text, block.size, width, room, is_bold=block.is_bold)
    return replace(block, text=text)
