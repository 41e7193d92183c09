"""Slides of client groups: themes, observations, good practices and proposals of each."""

from collections.abc import Sequence

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block
from pipeline.report.deck.paragraphs import SMALL, heading, plain, quotes
from pipeline.report.facts.groups import GroupSpread, Voices
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.report.facts.values import Said


def quoted_elsewhere(facts: ReportFacts) -> frozenset[str]:
    """Return the sentences that slides of themes quote.

    The same sentence under a theme and under a client group would tell that the group has a
    report of the theme, whatever the table of the two hides.
    """
    voices = (quote for theme in facts.voices.themes for quote in theme.quotes)
    themes = (quote for theme in facts.key_themes for quote in theme.quotes)
    signals = (quote for card in facts.signals.cards for quote in card.quotes)
    return frozenset(quote.text for quotes in (voices, themes, signals) for quote in quotes)


def group_slides(canvas: Canvas, groups: Sequence[GroupSpread], elsewhere: frozenset[str]) -> None:
    """Add the spread of each client group, without quotations that stand `elsewhere`."""
    words = canvas.words
    for group in groups:
        left = [heading(words, words("groups.themes"))]
        left += [Block(label, plain(words, n), size=14, before=5) for label, n in group.themes]
        if group.phenomena:
            left.append(heading(words, words("groups.phenomena")))
            left += [Block(p.label, plain(words, p.n), size=14, before=5) for p in group.phenomena]
        middle = _kind(canvas, "observations", group.observations, elsewhere)
        right = _kind(canvas, "practices", group.practices, elsewhere)
        right += _kind(canvas, "proposals", group.proposals, elsewhere)
        marked: list[Said] = [group.n, *(n for _, n in group.themes)]
        marked += [one.n for one in group.phenomena]
        title = f"{group.label} · {plain(words, group.n)} ({group.percent})"
        canvas.columns(title, [left, middle, right], marked, shares=(4, 5, 5))


def _kind(canvas: Canvas, name: str, part: Voices, elsewhere: frozenset[str]) -> list[Block]:
    """Return the sentences of one kind under their heading."""
    words = canvas.words
    own = [quote for quote in part.quotes if quote.text not in elsewhere]
    head = heading(words, words(f"groups.{name}"))
    if own:
        return [head, *quotes(canvas.words, own)]
    key = "words.no_quotes" if name == "observations" else f"groups.no_{name}"
    return [head, Block(canvas.words(key), size=SMALL, is_soft=True)]
