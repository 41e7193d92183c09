"""Slides of findings: one column a kind, each finding one line with its quotation."""

from dataclasses import replace

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.fit import Block
from pipeline.report.deck.paragraphs import heading, plain
from pipeline.report.facts.findings import Finding, FindingPart
from pipeline.report.facts.findings_merge import Findings
from pipeline.report.facts.values import Said

_LINE, _QUOTE = 14.0, 12.0


def finding_slides(canvas: Canvas, findings: Findings) -> None:
    """Add the findings of the period as a whole."""
    part = findings.period
    if part is None or not part.n_findings:
        return
    columns, marked = columns_of(canvas, part)
    title = canvas.words("deck.findings", name=part.label, n=counted(canvas.words, part))
    canvas.columns(title, columns, marked)


def counted(words: Catalogue, part: FindingPart) -> str:
    """Say how many findings of each kind there are."""
    named = [words.amount(one.kind, len(one.findings)) for one in part.lists if one.findings]
    return words.enumerated(named)


def columns_of(canvas: Canvas, part: FindingPart) -> tuple[list[list[Block]], list[Said]]:
    """Return the findings of one part as columns, and the numbers they hold."""
    columns: list[list[Block]] = []
    marked: list[Said] = []
    for held in part.lists:
        blocks: list[Block] = []
        for one in held.findings:
            blocks += finding_blocks(canvas, one)
            marked.append(one.n)
        if blocks:
            head = heading(canvas.words, canvas.words(f"findings.{held.kind}"))
            columns.append([head, *blocks])
    return columns, marked


def finding_blocks(canvas: Canvas, one: Finding) -> list[Block]:
    """Return one finding: its line, and the quotation under it."""
    words = canvas.words
    tail = plain(words, one.n) if one.n.n and not one.has_number else ""
    line = Block(plain(words, one.text), tail, size=_LINE, is_quote=one.is_quotation, before=8)
    if one.quote is None or one.is_quotation:
        return [line]
    line = replace(line, keeps=True)
    said = words("words.quoted", text=" ".join(one.quote.text.split()))
    return [line, Block(said, size=_QUOTE, is_quote=True, is_soft=True, before=2)]
