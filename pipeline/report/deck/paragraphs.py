"""Paragraphs that several slides share: headings, quotations, topics."""

from collections.abc import Iterable

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.fit import Block, clean
from pipeline.report.facts.phenomena import Phenomenon
from pipeline.report.facts.values import Quotation, Said

TEXT, QUOTE, SMALL = 16.0, 14.0, 12.0
"""Sizes of running text, quotations and small text, in points."""


def plain(words: Catalogue, said: Said) -> str:
    """Return what a fact says as text that a slide can hold."""
    return clean(words.plain(said)).strip()


def heading(words: Catalogue, text: Said, tail: Said = "") -> Block:
    """Return a heading inside a column."""
    return Block(
        plain(words, text),
        plain(words, tail),
        size=13,
        is_bold=True,
        before=14,
        keeps=True,
        is_heading=True,
    )


def quotes(words: Catalogue, quotations: Iterable[Quotation]) -> list[Block]:
    """Return quotations, without the ids of their reports."""
    return [
        Block(
            words("words.quoted", text=" ".join(one.text.split())),
            "",
            size=QUOTE,
            is_quote=True,
            before=7,
        )
        for one in quotations
    ]


def phenomena(words: Catalogue, found: Iterable[Phenomenon]) -> list[Block]:
    """Return topics, each with its number and words."""
    blocks = []
    for one in found:
        tail = plain(words, one.n)
        blocks.append(Block(one.label, tail, size=14, is_bold=True, before=8, keeps=True))
        said = " · ".join([*one.terms, one.stability])
        blocks.append(Block(said, size=SMALL, is_soft=True, before=1))
    return blocks
