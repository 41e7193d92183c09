"""Lay titles, paragraphs and notes on slides, splitting what does not fit."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.fit import (
    LINE_HEIGHT,
    Block,
    Box,
    clean,
    flow,
    n_lines,
    shortened,
)
from pipeline.report.deck.sources import Sources
from pipeline.report.deck.template import content_box, cover_layout, title_layout
from pipeline.report.deck.xml import child
from pipeline.report.facts.values import Said

_TITLE_SIZES = (28.0, 24.0, 20.0, 18.0)
_COVER_SIZES = (18.0, 16.0, 14.0, 12.0)
_SCALES = (1.3, 1.2, 1.1, 1.0, 0.92, 0.85)
"""Sizes of the text tried, largest first, until a slide holds it; then it is split."""
_CONTINUED = tuple(scale for scale in _SCALES if scale <= 1)
"""Sizes tried on a slide that goes on from one in the plain size."""
_INSET = 14.4
"""Left and right inset of a placeholder's text together, in points."""
_PALE = 0.35
_WIDER = 1.15
"""How much wider a face may be that stands in for the one asked for."""


class Canvas:
    """A deck being written.

    Parameters
    ----------
    deck : pptx.presentation.Presentation
        Empty, from :func:`~pipeline.report.deck.template.open_template`.
    words : Catalogue
    sources : Sources

    Attributes
    ----------
    box : Box
        Where the content of an ordinary slide may stand.
    appendix : list of callable
        What adds the slides of the appendix, in order.
    remarks : list of str
        What the first slide of the appendix says of tables that are not shown.
    """

    def __init__(self, deck: Any, words: Catalogue, sources: Sources) -> None:
        self.deck = deck
        self.words = words
        self.sources = sources
        self.remarks: list[str] = []
        self.appendix: list[Callable[[], None]] = []
        self._layout = title_layout(deck)
        self.box: Box = content_box(deck, self._layout)

    def cover(self, title: str, lines: Sequence[str]) -> None:
        """Add the first slide."""
        slide = self._slide(cover_layout(self.deck), title, sizes=(40.0, 34.0, 28.0, 24.0))
        rest = [one for one in slide.placeholders if one.placeholder_format.idx != 0]
        if rest:
            box = Box(0, 0, rest[0].width.pt - _INSET, rest[0].height.pt - 8)
            _write(rest[0].text_frame, _fitted(lines, box), is_plain=True)
        else:
            self.write(slide, self.box, [Block(clean(line), size=18) for line in lines])
        for one in rest[1:]:
            one._element.getparent().remove(one._element)

    def slide(self, title: str, marked: Iterable[Said] = ()) -> Any:
        """Add an ordinary slide with its title, and the sources of its numbers in the notes.

        Parameters
        ----------
        title : str
        marked : iterable of Said
            The numbers, quotations and texts the slide shows.
        """
        slide = self._slide(self._layout, title)
        for one in list(slide.placeholders):
            if one.placeholder_format.idx != 0:
                one._element.getparent().remove(one._element)
        self._number(slide)
        lines = self.sources.lines(marked)
        if lines:
            heading = self.words("deck.sources")
            slide.notes_slide.notes_text_frame.text = "\n".join([heading, *lines])
        return slide

    def _number(self, slide: Any) -> None:
        """Show the slide's number where the layout has a place for it."""
        from pptx.enum.shapes import PP_PLACEHOLDER

        for one in self._layout.placeholders:
            if one.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                slide.shapes._spTree.append(deepcopy(one._element))

    def numbered(self, title: str, place: int, n: int) -> str:
        """Return a title that says which of several slides this is."""
        if n < 2:
            return title
        return f"{title} ({place + 1}/{n})"

    def columns(
        self,
        title: str,
        columns: Sequence[Sequence[Block]],
        marked: Iterable[Said] = (),
        shares: Sequence[float] = (),
        over: Callable[[Any], float] | None = None,
    ) -> None:
        """Add as many slides as it takes to show paragraphs in columns.

        Parameters
        ----------
        title : str
        columns : sequence of sequence of Block
        marked : iterable of Said
        shares : sequence of float, default=()
            Widths of the columns in proportion; equal when empty.
        over : callable, optional
            Draws above the columns of the first slide and returns the height it took, in points.
        """
        held, marked = [list(column) for column in columns if column], list(marked)
        shares = shares if len(held) == len(columns) and shares else [1.0] * len(held)
        if over is not None:
            first = self.slide(title, marked)
            box = self.box.below(over(first))
            pages = shared_out(held, box.columns(*shares) if held else [])
            self._fill(first, box.columns(*shares) if held else [], [page[0] for page in pages])
            held = [[one for blocks in page[1:] for one in blocks] for page in pages]
            kept = [(c, s) for c, s in zip(held, shares, strict=True) if c]
            held, shares = [c for c, _ in kept], [s for _, s in kept]
            title = self._continued(title)
        if not held:
            return
        slides = self._shared(held, shares)
        for place, (boxes, parts) in enumerate(slides):
            slide = self.slide(self.numbered(title, place, len(slides)), marked)
            self._fill(slide, boxes, parts)

    def _shared(
        self, held: Sequence[Sequence[Block]], shares: Sequence[float]
    ) -> list[tuple[list[Box], list[list[Block]]]]:
        """Share columns out to slides; those that go on have the width of those that ended."""
        slides: list[tuple[list[Box], list[list[Block]]]] = []
        columns, widths = list(held), list(shares)
        while columns:
            boxes = self.box.columns(*widths)
            pages = shared_out(columns, boxes, _SCALES if not slides else _CONTINUED)
            slides.append((boxes, [page[0] for page in pages]))
            n_shown = [len(page[0]) for page in pages]
            rest = [
                (self._going_on(column, n), wide)
                for column, n, wide in zip(columns, n_shown, widths, strict=True)
                if len(column) > n
            ]
            columns, widths = [column for column, _ in rest], [wide for _, wide in rest]
        return slides

    def _going_on(self, column: Sequence[Block], n: int) -> list[Block]:
        """Return what follows the first `n` paragraphs, under the heading it stands under."""
        head = next((one for one in reversed(column[:n]) if one.is_heading), None)
        if head is None or column[n].is_heading or n < 2:
            return list(column[n:])
        text = head.text if head.goes_on else self._continued(head.text)
        return [replace(head, text=text, goes_on=True), *column[n:]]

    def _fill(self, slide: Any, boxes: Sequence[Box], parts: Sequence[Sequence[Block]]) -> None:
        """Write each column that has text."""
        for box, part in zip(boxes, parts, strict=True):
            if part:
                self.write(slide, box, part)

    def _continued(self, title: str) -> str:
        """Return the title of a slide that goes on from the one before."""
        return self.words("deck.continued", title=title)

    def write(self, slide: Any, box: Box, blocks: Sequence[Block]) -> None:
        """Put paragraphs into a box of a slide; they have been measured to fit."""
        from pptx.util import Pt

        shape = slide.shapes.add_textbox(Pt(box.x), Pt(box.y), Pt(box.width), Pt(box.height))
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        _write(frame, blocks)

    def _slide(self, layout: Any, title: str, sizes: Sequence[float] = _TITLE_SIZES) -> Any:
        """Add a slide and write its title in the largest size that fits."""
        from pptx.util import Pt

        slide = self.deck.slides.add_slide(layout)
        holder = slide.shapes.title
        text, room = clean(title), holder.width.pt - _INSET
        size = _title_size(text, sizes, room, holder.height.pt - 7)
        most = max(int((holder.height.pt - 7) / (size * LINE_HEIGHT)), 1)
        holder.text_frame.text = shortened(text, size, room, most, is_bold=True)
        for run in holder.text_frame.paragraphs[0].runs:
            run.font.size = Pt(size)
            run.font.bold = True
        return slide


def _title_size(text: str, sizes: Sequence[float], room: float, height: float) -> float:
    """Return the largest size in which a title stands on one line, or else in which it fits.

    A title on two lines keeps off what stands below it, so it is never in the largest sizes.
    """
    for one in sizes[:-1]:
        if n_lines(text, one, room / _WIDER, is_bold=True) == 1:
            return one
    for one in sizes[len(sizes) // 2 :]:
        most = max(int(height / (one * LINE_HEIGHT)), 1)
        if n_lines(text, one, room, is_bold=True) <= most:
            return one
    return sizes[-1]


def _fitted(lines: Sequence[str], box: Box) -> list[Block]:
    """Return the cover's lines in the largest type in which the box holds them all."""
    for size in _COVER_SIZES:
        blocks = [Block(clean(line), size=size, before=size / 3) for line in lines]
        pages = flow(blocks, box.width, box.height)
        if len(pages) == 1:
            break
    return pages[0]


def shared_out(
    columns: Sequence[Sequence[Block]],
    boxes: Sequence[Box],
    scales: Sequence[float] = _SCALES,
) -> list[list[list[Block]]]:
    """Share columns out to slides, in the largest type that holds them on one slide.

    Where even the smallest does not, the plain size is split over slides.
    """
    for scale in (*scales, 1.0):
        grown = [[scaled(block, scale) for block in column] for column in columns]
        pages = [flow(c, b.width, b.height) for c, b in zip(grown, boxes, strict=True)]
        if all(len(page) == 1 for page in pages):
            break
    return pages


def scaled(block: Block, scale: float) -> Block:
    """Return a paragraph in another size."""
    return replace(block, size=block.size * scale, before=block.before * scale)


def _write(frame: Any, blocks: Sequence[Block], *, is_plain: bool = False) -> None:
    """Fill a text frame; plain text keeps the template's colour."""
    from pptx.util import Pt

    frame.word_wrap = True
    for place, block in enumerate(blocks):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_before = Pt(block.before if place else 0)
        paragraph.space_after = Pt(0)
        paragraph.line_spacing = 1.0
        _no_bullet(paragraph)
        run = paragraph.add_run()
        run.text = clean(block.text)
        run.font.size, run.font.bold = Pt(block.size), block.is_bold
        run.font.italic = block.is_quote
        if not is_plain:
            _colour(run, is_soft=block.is_soft)
        if block.tail:
            tail = paragraph.add_run()
            tail.text = f" {clean(block.tail)}"
            tail.font.size, tail.font.bold = Pt(block.size * 0.85), False
            _colour(tail, is_soft=True)


def _colour(run: Any, *, is_soft: bool) -> None:
    """Colour a run as the theme's text, or a paler shade of it."""
    from pptx.enum.dml import MSO_THEME_COLOR

    run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    if is_soft:
        run.font.color.brightness = _PALE


def _no_bullet(paragraph: Any) -> None:
    """Take the template's bullet and indent off a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    child(properties, "a:buNone")
