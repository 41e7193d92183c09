"""Write ``human/findings.md``: the findings in force as Markdown with lasting ids."""

from collections.abc import Iterator

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.findings import CHANGED, Finding, FindingPart
from pipeline.report.facts.findings_merge import Findings

_MAX_IDS = 40
"""Most report ids written under a finding; the page lists them all."""


def findings_text(findings: Findings, title: str, words: Catalogue) -> bytes:
    """Return the file as the analyst edits it.

    Parameters
    ----------
    findings : Findings
    title : str
        Of the file: the report's and its period's.
    words : Catalogue

    Returns
    -------
    bytes
        UTF-8. Reading it back and merging it with the same draft gives the same findings.
    """
    lines = [f"# {title}", ""]
    for paragraph in words("findings.how").split("\n"):
        lines += [paragraph, ""]
    for part in findings.parts:
        lines += _part(part, words)
    if findings.earlier:
        lines += [f"## {words('findings.earlier')}", "", words("findings.earlier_lead"), ""]
        for one in findings.earlier:
            lines.append(f"- {one.text} [{one.finding_id}]")
            lines += [f"  - {note}" for note in one.notes]
        lines.append("")
    above = ""
    for extra in findings.extras:
        if extra.part != above:
            above = extra.part
            lines += [f"## {above}", ""]
        if extra.name:
            lines += [f"### {extra.name}", ""]
        lines += [*extra.prose, ""]
    return ("\n".join(lines).rstrip() + "\n").encode()


def _part(part: FindingPart, words: Catalogue) -> Iterator[str]:
    """Yield the lines of one part."""
    yield from (f"## {part.label}", "")
    for held in part.lists:
        yield from (f"### {words(f'findings.{held.kind}')}", "")
        for line in held.prose:
            yield from (line, "")
        for one in held.findings:
            yield from _finding(one, words)
        if held.findings:
            yield ""


def _finding(one: Finding, words: Catalogue) -> Iterator[str]:
    """Yield the lines of one finding."""
    yield f"- {' '.join(words.plain(one.text).split())} [{one.finding_id}]"
    if one.quote is not None:
        if one.is_quotation:
            yield f"  - [{one.quote.segment_id}]"
        else:
            said = words("words.quoted", text=" ".join(one.quote.text.split()))
            yield f"  - {said} [{one.quote.segment_id}]"
    ids = one.n.report_ids
    if ids and not one.is_quotation:
        more = words("findings.more_reports", n=len(ids) - _MAX_IDS) if len(ids) > _MAX_IDS else ""
        yield f"  - {words('findings.reports', said=', '.join(ids[:_MAX_IDS]))}{more}"
    if one.mark:
        key = "findings.changed" if one.mark == CHANGED else "findings.new"
        yield f"  - {' '.join(words('findings.mark', said=words(key, n=one.n)).split())}"
    yield from (f"  - {note}" for note in one.notes)
