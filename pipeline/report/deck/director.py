"""Slides for a director: what is new, what is proposed, then the numbers and the client groups."""

from collections.abc import Sequence

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.count_tables import count_slides
from pipeline.report.deck.findings import finding_blocks
from pipeline.report.deck.fit import Block
from pipeline.report.deck.groups import group_slides
from pipeline.report.deck.paragraphs import heading
from pipeline.report.deck.signals import card_slide
from pipeline.report.deck.valences import valence_slides
from pipeline.report.facts.director import DirectorPart, DirectorParts, director_parts
from pipeline.report.facts.report_facts import ReportFacts

_MOST, _FIXED = 14, 9
"""Slides aimed at, and those of every deck: the rest are client groups, then single signals."""
_FEW = 2
"""So few signals leave room on their slide for the other observations."""


def director_slides(canvas: Canvas, facts: ReportFacts) -> None:
    """Add what a director reads; the charts of single signals where there is room for them."""
    words, heads = canvas.words, facts.headlines
    _parts(canvas, director_parts(facts, words))
    n_cards = max(_MOST - _FIXED - len(facts.findings.groups), 0)
    for card in facts.signals.cards[:n_cards]:
        card_slide(canvas, card)
    count_slides(canvas, facts.theme_counts, heads.themes)
    valence_slides(canvas, facts.valences, heads.valences)
    count_slides(canvas, facts.group_table, heads.client_groups)
    count_slides(canvas, facts.area_table, heads.areas)
    group_slides(canvas, facts)


def _parts(canvas: Canvas, held: DirectorParts) -> None:
    """Add the findings, short parts beside each other: what is new, then the others.

    Where nothing is new, that is said above the other observations.
    """
    new, rest = held.new, [held.asked, held.works]
    beside = [held.others] if held.others.findings else []
    if new.findings:
        first = [new, *beside] if len(new.findings) <= _FEW else [new]
        _columns(canvas, new.title, first)
    if not new.findings or len(new.findings) > _FEW:
        rest += beside
    rest = [part for part in rest if part.findings]
    if not new.findings and new.lead:
        rest.append(new)
    counted = [part.title for part in (held.asked, held.works) if part.findings]
    if rest:
        _columns(canvas, " · ".join(counted) or rest[0].title, rest)


def _columns(canvas: Canvas, title: str, parts: Sequence[DirectorPart]) -> None:
    """Add a slide of parts, a column each; one part alone has no heading but the slide's."""
    columns = [_column(canvas, part) for part in parts]
    if len(parts) == 1:
        columns = [columns[0][1:]]
    canvas.columns(title, columns, [one.n for part in parts for one in part.findings])


def _column(canvas: Canvas, part: DirectorPart) -> list[Block]:
    """Return one part as a column under its heading."""
    lead = [Block(part.lead)] if part.lead else []
    lines = [block for one in part.findings for block in finding_blocks(canvas, one)]
    return [heading(canvas.words, part.heading or part.title), *lead, *lines]
