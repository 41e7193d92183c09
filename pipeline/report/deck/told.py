"""Slides of words: the brief, key themes, client groups, the clients' voice and the method."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block, Box, block_height, flow
from pipeline.report.deck.grids import grid, show_grid
from pipeline.report.deck.sources import plain
from pipeline.report.sections.brief import Figure
from pipeline.report.sections.groups import GroupSpread, Voices
from pipeline.report.sections.quality import Quality
from pipeline.report.sections.quoted import Phenomenon, QuoteView
from pipeline.report.sections.themes import KeyTheme
from pipeline.report.sections.voices import ClientVoices
from pipeline.report.settings import Activity

_TEXT, _QUOTE, _SMALL = 16.0, 14.0, 12.0
_FIGURES = 70.0


def heading(text: object, tail: object = "") -> Block:
    """Return a heading inside a column."""
    return Block(plain(text), plain(tail), size=13, is_bold=True, before=14, keeps=True)


def quotes(words: Catalogue, views: Iterable[QuoteView]) -> list[Block]:
    """Return quotations with their report ids."""
    return [
        Block(
            words("words.quoted", text=plain_text(one.text)).unescape(),
            plain(one.report),
            size=_QUOTE,
            is_quote=True,
            before=7,
        )
        for one in views
    ]


def plain_text(text: str) -> str:
    """Return a report's text as it stands: it is no HTML."""
    return " ".join(text.split())


def phenomena(found: Iterable[Phenomenon]) -> list[Block]:
    """Return topics, each with its number and words."""
    blocks = []
    for one in found:
        blocks.append(Block(one.label, plain(one.n), size=14, is_bold=True, before=8, keeps=True))
        said = " · ".join([*one.terms, one.stability])
        blocks.append(Block(said, size=_SMALL, is_soft=True, before=1))
    return blocks


def brief_slides(canvas: Canvas, figures: Sequence[Figure], lines: Sequence[object]) -> None:
    """Add the period in brief: its large numbers and the lines under them."""
    blocks = [Block(plain(line), size=_TEXT, before=8) for line in lines]

    def over(slide: Any) -> float:
        boxes = canvas.box.columns(*(1.0 for _ in figures))
        for box, figure in zip(boxes, figures, strict=True):
            held = Box(box.x, box.y, box.width, _FIGURES)
            number = Block(plain(figure.n), size=32, is_bold=True)
            unit = Block(plain(figure.unit), size=_SMALL, is_soft=True, before=0)
            canvas.write(slide, held, flow([number, unit], held.width, held.height)[0])
        return _FIGURES

    marked = [*lines, *(figure.n for figure in figures)]
    title = str(canvas.words("toc.brief"))
    canvas.columns(title, [blocks], marked, over=over if figures else None)


def theme_slides(canvas: Canvas, themes: Sequence[KeyTheme]) -> None:
    """Add a slide for each key theme: phenomena on the left, quotations on the right."""
    words = canvas.words
    for theme in themes:
        left = [heading(words("key_themes.phenomena")), *phenomena(theme.phenomena)]
        if not theme.phenomena:
            left.append(Block(str(words("key_themes.no_phenomena")), is_soft=True))
        right = [heading(words("key_themes.quotes")), *quotes(words, theme.quotes)]
        if not theme.quotes:
            right.append(Block(str(words("words.no_quotes")), is_soft=True))
        title = f"{theme.label} · {plain(theme.n)} ({theme.percent})"
        marked = [theme.n, *(p.n for p in theme.phenomena), *(q.report for q in theme.quotes)]
        canvas.columns(title, [left, right], marked, shares=(5, 6))


def group_slides(canvas: Canvas, groups: Sequence[GroupSpread]) -> None:
    """Add the spread of each client group."""
    words = canvas.words
    for group in groups:
        left = [heading(words("groups.themes"))]
        left += [Block(label, plain(n), size=14, before=5) for label, n in group.themes]
        if group.phenomena:
            left.append(heading(words("groups.phenomena")))
            left += [Block(p.label, plain(p.n), size=14, before=5) for p in group.phenomena]
        middle = _kind(canvas, "observations", group.observations)
        right = _kind(canvas, "practices", group.practices)
        right += _kind(canvas, "proposals", group.proposals)
        marked: list[object] = [group.n, *(n for _, n in group.themes)]
        marked += [one.n for one in group.phenomena]
        for part in (group.observations, group.practices, group.proposals):
            marked += [part.n, *(one.report for one in part.quotes)]
        title = f"{group.label} · {plain(group.n)} ({group.percent})"
        canvas.columns(title, [left, middle, right], marked, shares=(4, 5, 5))


def _kind(canvas: Canvas, name: str, part: Voices) -> list[Block]:
    """Return the sentences of one kind under their heading."""
    head = heading(canvas.words(f"groups.{name}"), part.n if part.quotes else "")
    if part.quotes:
        return [head, *quotes(canvas.words, part.quotes)]
    key = "words.no_quotes" if name == "observations" else f"groups.no_{name}"
    return [head, Block(str(canvas.words(key)), size=_SMALL, is_soft=True)]


def voice_slides(canvas: Canvas, voices: ClientVoices) -> None:
    """Add the clients' voice, theme by theme in two columns."""
    words = canvas.words
    title = str(words("toc.voices"))
    if not voices.themes:
        canvas.columns(title, [[Block(str(words("voices.none")), size=_TEXT)]])
        return
    blocks: list[list[Block]] = []
    marked: list[object] = [voices.n]
    for theme in voices.themes:
        if theme.quotes:
            blocks.append([heading(theme.label, theme.n), *quotes(words, theme.quotes)])
            marked += [theme.n, *(one.report for one in theme.quotes)]
    said = plain(words("voices.n", n=voices.n, percent=voices.percent))
    left, right = _balanced([[Block(said, size=_TEXT)], *blocks], canvas.box.columns(1, 1)[0].width)
    canvas.columns(title, [left, right], marked)


def _balanced(parts: Sequence[Sequence[Block]], width: float) -> tuple[list[Block], list[Block]]:
    """Share parts out to two columns of about one height, in order and none of them split."""
    heights = [sum(block_height(b, width) + b.before for b in part) for part in parts]
    sums = [abs(sum(heights) - 2 * sum(heights[:i])) for i in range(1, len(parts) + 1)]
    cut = 1 + sums.index(min(sums))
    left, right = ([b for part in some for b in part] for some in (parts[:cut], parts[cut:]))
    return left, right


def activity_slide(canvas: Canvas, activities: Sequence[Activity]) -> None:
    """Add the figures of other sources, where there are any."""
    if activities:
        words = canvas.words
        head = [words("activities.name"), words("activities.source"), words("counts.n")]
        rows = [[one.name, one.source, words.whole(one.n)] for one in activities]
        table = grid(head, rows, [5.0, 4.0, 1.2], n_text=2)
        show_grid(canvas, str(words("toc.activities")), table)


def method_slides(canvas: Canvas, quality: Quality, made_at: str, version: str) -> None:
    """Add what a reader must know of the data and how the numbers came about."""
    words = canvas.words
    left_out = " · ".join(f"{label} {plain(n)}" for label, n in quality.left_out)
    facts = [
        (words("quality.counted"), plain(quality.counted)),
        (words("quality.left_out"), left_out),
        (words("quality.doubles"), plain(quality.n_doubles)),
        (words("quality.rows"), quality.rows_dropped),
        (words("quality.unknown"), quality.unknown_percent),
    ]
    left = [heading(words("deck.method_steps"))]
    left += [Block(plain(words("method.lead")), size=14)]
    left += [Block(plain(words("deck.made", made_at=made_at, version=version)), size=_SMALL)]
    right = [heading(words("toc.quality"))]
    right += [Block(plain(label), value, size=14, before=4) for label, value in facts]
    right += [heading(words("deck.method_read"))]
    right += [
        Block(plain(words(key)), size=_SMALL)
        for key in ("counts.lead", "counts.interval_note", "deck.suggestion", "deck.method_more")
    ]
    marked = [quality.counted, quality.n_doubles, *(n for _, n in quality.left_out)]
    canvas.columns(str(words("toc.method")), [left, right], marked)
