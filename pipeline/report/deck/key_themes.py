"""Slides of key themes: phenomena on the left, quotations on the right."""

from collections.abc import Sequence

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block
from pipeline.report.deck.paragraphs import heading, phenomena, quotes
from pipeline.report.facts.key_themes import KeyTheme
from pipeline.report.facts.values import Said


def theme_slides(canvas: Canvas, themes: Sequence[KeyTheme]) -> None:
    """Add a slide for each key theme."""
    words = canvas.words
    for theme in themes:
        left = []
        if theme.phenomena:
            head = heading(words, words("key_themes.phenomena"))
            left = [head, *phenomena(words, theme.phenomena)]
        right = [heading(words, words("key_themes.quotes")), *quotes(words, theme.quotes)]
        if not theme.quotes:
            right.append(Block(words("words.no_quotes"), is_soft=True))
        title = theme.headline
        marked: list[Said] = [
            theme.n,
            *(p.n for p in theme.phenomena),
        ]
        canvas.columns(title, [left, right], marked, shares=(5, 6))
