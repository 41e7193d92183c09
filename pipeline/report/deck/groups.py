"""Slides of client groups: what was seen in each, what works, what is proposed."""

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.findings import columns_of
from pipeline.report.facts.findings import FindingPart
from pipeline.report.facts.report_facts import ReportFacts


def quoted_elsewhere(facts: ReportFacts) -> frozenset[str]:
    """Return the sentences that slides of themes and phenomena quote.

    The same sentence under a theme and under a client group would tell that the group has a
    report of the theme, whatever the table of the two hides.
    """
    voices = [quote for theme in facts.voices.themes for quote in theme.quotes]
    themes = [quote for theme in facts.key_themes for quote in theme.quotes]
    signals = [quote for card in facts.signals.cards for quote in card.quotes]
    period = facts.findings.period
    seen = period.lists[0].findings if period is not None else ()
    found = [one.quote for one in seen if one.quote is not None]
    return frozenset(quote.text for quote in (*voices, *themes, *signals, *found))


def group_slides(canvas: Canvas, facts: ReportFacts) -> None:
    """Add the findings of each client group that has any, without sentences quoted elsewhere."""
    elsewhere = quoted_elsewhere(facts)
    shares = {group.label: group.percent for group in facts.groups}
    for part in facts.findings.groups:
        columns, marked = columns_of(canvas, part, elsewhere)
        if any(columns):
            title = _title(canvas, part, shares.get(part.label, ""))
            canvas.columns(title, columns, [part.n, *marked])


def _title(canvas: Canvas, part: FindingPart, percent: str) -> str:
    """Return the group and its size."""
    n = canvas.words.plain(part.n)
    return canvas.words("deck.group", name=part.label, n=n, percent=percent)
