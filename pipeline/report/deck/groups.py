"""Slides of client groups: what was seen in each, what works, what is proposed."""

from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.findings import columns_of
from pipeline.report.facts.findings import FindingPart
from pipeline.report.facts.quoted_elsewhere import unlinked_groups
from pipeline.report.facts.report_facts import ReportFacts


def group_slides(canvas: Canvas, facts: ReportFacts) -> None:
    """Add the findings of each client group that has any, without sentences quoted elsewhere."""
    shares = {group.label: group.percent for group in facts.groups}
    for part in unlinked_groups(facts):
        columns, marked = columns_of(canvas, part)
        if any(columns):
            title = _title(canvas, part, shares.get(part.label, ""))
            canvas.columns(title, columns, [part.n, *marked])


def _title(canvas: Canvas, part: FindingPart, percent: str) -> str:
    """Return the group and its size."""
    n = canvas.words.plain(part.n)
    return canvas.words("deck.group", name=part.label, n=n, percent=percent)
