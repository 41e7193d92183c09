"""What a director reads of the findings, in this order: what is new, what is proposed, the rest."""

from dataclasses import dataclass, replace

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.findings import SEEN, Finding, FindingList
from pipeline.report.facts.headlines import out_of
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.report.material import PROPOSAL

_N_NEW, _N_SAID = 6, 4


@dataclass(frozen=True)
class DirectorPart:
    """One heading, the findings under it, and how many reports they rest on.

    Attributes
    ----------
    heading : str
        Of a column, where several parts stand under one title.
    """

    title: str
    findings: tuple[Finding, ...]
    lead: str = ""
    heading: str = ""


@dataclass(frozen=True)
class DirectorParts:
    """The findings of the period for a director."""

    new: DirectorPart
    asked: DirectorPart
    works: DirectorPart
    others: DirectorPart


def director_parts(facts: ReportFacts, words: Catalogue) -> DirectorParts:
    """Share the findings of the period out: short lists, each finding once.

    What is new are the findings behind which a listed signal is; a line that the analyst has
    edited stands as it is, and what was taken out of the file is nowhere.
    """
    period = facts.findings.period
    lists = {} if period is None else {one.kind: one for one in period.lists}
    seen = lists[SEEN].findings if SEEN in lists else ()
    new = [_bare(one) for one in seen if one.is_signal]
    others = [one for one in seen if not one.is_signal]
    n_cards = len(facts.signals.cards)
    title = words("director.new", n=words.amount("weak_signals", n_cards))
    return DirectorParts(
        new=DirectorPart(
            title=title if n_cards else facts.headlines.signals,
            findings=tuple(new[:_N_NEW]),
            lead=_verdict(facts, words),
        ),
        asked=_said(lists.get(PROPOSAL), "asked", facts, words),
        works=_said(lists.get("hyva-kaytanto"), "works", facts, words),
        others=DirectorPart(words("director.others"), tuple(map(_silent, others[:_N_SAID])),
                            heading=words("director.others")),
    )  # fmt: skip


def _verdict(facts: ReportFacts, words: Catalogue) -> str:
    """Say why nothing is new; nothing where something is."""
    return "" if facts.signals.cards else words.plain(facts.signals.verdict)


def _said(held: FindingList | None, key: str, facts: ReportFacts, words: Catalogue) -> DirectorPart:
    """Tell the findings of one kind, and in how many reports of all there is such a thing."""
    n = held.n.n if held is not None and held.n is not None else 0
    title = words(f"director.{key}", n=out_of(n, facts.front.n_now, words))
    if key == "asked" and not n:
        title = words("director.none_asked")
    findings = held.findings[:_N_SAID] if held is not None else ()
    heading = words("director.works_short" if key == "works" else f"findings.{PROPOSAL}")
    return DirectorPart(title, tuple(map(_silent, findings)), heading=heading)


def _bare(one: Finding) -> Finding:
    """Return a finding without what its heading says already: that it is a rising signal."""
    return one if one.is_edited or one.bare is None else replace(one, text=one.bare)


def _silent(one: Finding) -> Finding:
    """Return a finding without the quotation under it."""
    return one if one.is_quotation else replace(one, quote=None)
