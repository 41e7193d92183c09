"""Which quotations stand under themes and phenomena, and so not under a client group too."""

from dataclasses import replace

from pipeline.report.facts.findings import Finding, FindingPart
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.report.facts.values import Quotation


def quoted_elsewhere(facts: ReportFacts) -> tuple[Quotation, ...]:
    """Return the quotations of themes and phenomena.

    The same sentence under a theme and under a client group would tell that the group has a
    report of the theme, whatever the table of the two hides.
    """
    voices = [quote for theme in facts.voices.themes for quote in theme.quotes]
    themes = [quote for theme in facts.key_themes for quote in theme.quotes]
    signals = [quote for card in facts.signals.cards for quote in card.quotes]
    period = facts.findings.period
    seen = period.lists[0].findings if period is not None else ()
    found = [one.quote for one in seen if one.quote is not None]
    return (*voices, *themes, *signals, *found)


def unlinked_groups(facts: ReportFacts) -> tuple[FindingPart, ...]:
    """Return the findings of client groups without the quotations that stand elsewhere too.

    A finding that is such a quotation is left out whole; a stretch that shares a sentence with one
    counts as the same. Elsewhere is also under a phenomenon of another client group, which would
    tell that this one has a report of it.
    """
    elsewhere = quoted_elsewhere(facts)
    texts = {quote.text for quote in elsewhere}
    covers = {segment for quote in elsewhere for segment in quote.segments}
    others = _under_phenomena(facts.findings.groups)

    def unlinked(one: Finding, label: str) -> Finding | None:
        quote = one.quote
        if quote is None:
            return one
        name = "" if one.is_quotation else one.name
        is_of_others = any(
            other != label and topic != name
            for segment in quote.segments
            for other, topic in others.get(segment, ())
        )
        if quote.text not in texts and covers.isdisjoint(quote.segments) and not is_of_others:
            return one
        return None if one.is_quotation else replace(one, quote=None)

    return tuple(
        replace(part, lists=tuple(
            replace(held, findings=tuple(told for one in held.findings
                                         if (told := unlinked(one, part.label)) is not None))
            for held in part.lists))
        for part in facts.findings.groups
    )  # fmt: skip


def _under_phenomena(parts: tuple[FindingPart, ...]) -> dict[str, set[tuple[str, str]]]:
    """Return the client groups and phenomena that each sentence is quoted under."""
    found: dict[str, set[tuple[str, str]]] = {}
    for part in parts:
        for held in part.lists:
            for one in held.findings:
                if one.quote is not None and not one.is_quotation:
                    for segment in one.quote.segments:
                        found.setdefault(segment, set()).add((part.label, one.name))
    return found


def quoted_of_groups(facts: ReportFacts) -> frozenset[str]:
    """Return the sentences that stand under a client group and nowhere else."""
    findings = (
        one for part in unlinked_groups(facts) for held in part.lists for one in held.findings
    )
    return frozenset(s for one in findings if one.quote is not None for s in one.quote.segments)
