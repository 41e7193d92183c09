"""Slides for a director: what is new, what is proposed, then the numbers and the client groups."""

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.count_tables import count_slides
from pipeline.report.deck.findings import finding_blocks
from pipeline.report.deck.fit import Block
from pipeline.report.deck.groups import group_slides
from pipeline.report.deck.paragraphs import heading
from pipeline.report.deck.signals import card_slide
from pipeline.report.deck.valences import valence_slides
from pipeline.report.facts.director import DirectorPart, director_parts
from pipeline.report.facts.report_facts import ReportFacts

_MOST, _FIXED = 14, 10
"""Slides aimed at, and those of every deck: the rest are client groups, then single signals."""


def director_slides(canvas: Canvas, facts: ReportFacts) -> None:
    """Add what a director reads; the charts of single signals where there is room for them."""
    words, heads = canvas.words, facts.headlines
    held = director_parts(facts, words)
    _slide(canvas, held.new)
    n_cards = max(_MOST - _FIXED - len(facts.findings.groups), 0)
    for card in facts.signals.cards[:n_cards]:
        card_slide(canvas, card)
    _slide(canvas, held.asked)
    shown = [part for part in (held.works, held.others) if part.findings]
    if shown:
        columns = [_column(canvas, part) for part in shown]
        marked = [one.n for part in shown for one in part.findings]
        canvas.columns(shown[0].title, columns, marked)
    count_slides(canvas, facts.theme_counts, heads.themes)
    valence_slides(canvas, facts.valences, heads.valences)
    count_slides(canvas, facts.group_table, heads.client_groups)
    count_slides(canvas, facts.area_table, heads.areas)
    group_slides(canvas, facts)


def _slide(canvas: Canvas, part: DirectorPart) -> None:
    """Add a slide of one part; one with nothing to say makes none."""
    lead = [Block(part.lead)] if part.lead else []
    lines = [block for one in part.findings for block in finding_blocks(canvas, one)]
    if lines or lead:
        canvas.columns(part.title, [[*lines, *lead]], [one.n for one in part.findings])


def _column(canvas: Canvas, part: DirectorPart) -> list[Block]:
    """Return one part as a column under its heading."""
    lines = [block for one in part.findings for block in finding_blocks(canvas, one)]
    return [heading(canvas.words, part.heading), *lines]
