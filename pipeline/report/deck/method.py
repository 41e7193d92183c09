"""Slides of the method: what a reader must know of the data, and how the numbers came about."""

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block
from pipeline.report.deck.paragraphs import SMALL, heading, plain
from pipeline.report.facts.origin import Origin
from pipeline.report.facts.quality import Quality
from pipeline.report.facts.values import Said, Text


def method_slides(
    canvas: Canvas, quality: Quality, origin: Origin, look_back: Text, *, names_files: bool = True
) -> None:
    """Add what a reader must know of the data and how the numbers came about.

    Parameters
    ----------
    canvas : Canvas
    quality, origin, look_back : Quality, Origin, Text
    names_files : bool, default=True
        Whether the reader is told of the page, the workbook and the methods section.
    """
    words = canvas.words
    left_out = " · ".join(f"{label} {plain(words, n)}" for label, n in quality.left_out)
    facts = [
        (words("quality.counted"), plain(words, quality.counted)),
        (words("quality.left_out"), left_out),
        (words("quality.doubles"), plain(words, quality.n_doubles)),
        (words("quality.rows"), quality.rows_dropped),
        (words("quality.unknown"), quality.unknown_percent),
    ]
    files = ("method.file", "deck.method_more") if names_files else ()
    left = [heading(words, words("deck.method_steps"))]
    left += [Block(words("method.lead"), size=14)]
    left += [
        Block(
            words("deck.made", made_at=origin.made_at, version=origin.taxonomy_version), size=SMALL
        )
    ]
    if look_back:
        left += [Block(plain(words, look_back), size=SMALL)]
    right = [heading(words, words("toc.quality"))]
    right += [Block(plain(words, label), value, size=14, before=4) for label, value in facts]
    right += [heading(words, words("deck.method_read"))]
    right += [
        Block(words(key), size=SMALL)
        for key in ("counts.lead", "counts.interval_note", "deck.suggestion", *files)
    ]
    marked: list[Said] = [quality.counted, quality.n_doubles, *(n for _, n in quality.left_out)]
    canvas.columns(words("toc.method"), [left, right], marked)
