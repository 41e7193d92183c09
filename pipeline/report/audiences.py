"""What each audience is told: a document of plain texts, without ids, made from the facts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.count_tables import CountRow, CountTable
from pipeline.report.facts.director import DirectorPart, director_parts
from pipeline.report.facts.findings import SEEN, Finding, FindingPart
from pipeline.report.facts.headlines import row_number
from pipeline.report.facts.quoted_elsewhere import unlinked_groups
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.report.facts.values import Count
from pipeline.report.settings import Audience

LEAST_PUBLIC = 5
"""Smallest number of reports that is published."""
_DIRECTOR_LINES, _DIRECTOR_ROWS, _DIRECTOR_GROUPS = 4, 6, 4


@dataclass(frozen=True)
class Line:
    """One item of a list; `quote` stands under it."""

    text: str
    quote: str = ""


@dataclass(frozen=True)
class TextTable:
    """A table of texts; the columns after the first are numbers.

    Attributes
    ----------
    bars : tuple of float
        0-1, length of each row's bar, the longest 1; 0 where the row tells no number. No more
        than the rows tell. Empty for a table that is not drawn.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[float, ...] = ()


@dataclass(frozen=True)
class Part:
    """One heading and what stands under it: paragraphs, then a list, then a table."""

    title: str
    level: int = 1
    paragraphs: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    table: TextTable | None = None


@dataclass(frozen=True)
class Document:
    """A text for one audience. It holds nothing but what the audience may read.

    Attributes
    ----------
    lead : tuple of str
        What stands under the title.
    """

    title: str
    organisation: str
    language: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    made_at_iso: str


def document(facts: ReportFacts, words: Catalogue, audience: Audience) -> Document:
    """Write the text for an audience.

    Parameters
    ----------
    facts : ReportFacts
        For the public those gathered with a `min_cell` of :data:`LEAST_PUBLIC` or more.
    words : Catalogue
    audience : {"internal", "units", "director", "public"}
    """
    writer = _Writer(facts, words)
    parts = {
        "internal": writer.internal,
        "units": writer.units,
        "director": writer.director,
        "public": writer.public,
    }[audience]()
    front = facts.front
    lead = [_flat(words.plain(front.subtitle)), words(f"audiences.{audience}")]
    return Document(
        title=front.title,
        organisation=front.organisation,
        language=front.language,
        lead=tuple(lead),
        parts=tuple(part for part in parts if part.paragraphs or part.lines or part.table
                    or part.level == 1),
        made_at_iso=facts.origin.made_at_iso,
    )  # fmt: skip


def _flat(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split(" ")).strip()


Rule = Callable[[Finding, str], Line | None]
"""A finding and its kind to a line, or None where it is not told."""


class _Writer:
    """Write the parts of one audience."""

    def __init__(self, facts: ReportFacts, words: Catalogue) -> None:
        self._facts, self._words = facts, words
        self._carded = {card.signal_id for card in facts.signals.cards}

    def internal(self) -> Iterator[Part]:
        """Everything of the findings, with the quotations that may be quoted."""
        facts, words = self._facts, self._words
        yield self._brief()
        if facts.front.n_now:
            yield self._signals()
            parts = (*_period(facts), *unlinked_groups(facts))
            yield from self._findings(parts, self._quoted_but_signals)
            yield from self._tables()
        yield Part(words("toc.method"), paragraphs=(words("method.lead"), words("method.file")))

    def units(self) -> Iterator[Part]:
        """One part a client group and an area; of texts only what a person wrote or approved.

        Of an area the themes are told whose number the map of themes and areas shows. A unit's
        name is not known here: the tables hold a stand-in for it.
        """
        told = [*self._of_groups(), *self._of_areas()]
        title, why = self._words("toc.findings"), self._words("audiences.no_units")
        yield from told or [Part(title, paragraphs=(why,))]

    def _of_groups(self) -> Iterator[Part]:
        return self._findings(unlinked_groups(self._facts), self._approved)

    def _of_areas(self) -> Iterator[Part]:
        facts, words = self._facts, self._words
        sizes = {
            row.label: words.amount("reports", row.n.n)
            for row in facts.area_table.rows
            if isinstance(row.n, Count)
        }
        themes = [theme for theme, _ in facts.area_heat.rows]
        for area, cells in facts.area_heat.turned():
            shown = [(theme, cell.n) for theme, cell in zip(themes, cells, strict=True)
                     if isinstance(cell.n, Count)]  # fmt: skip
            shown.sort(key=lambda one: (-one[1].n, one[0]))
            lines = tuple(
                Line(_flat(words("findings.of_group", name=theme,
                                 n=words.amount("reports", n.n))))
                for theme, n in shown
            )  # fmt: skip
            if lines and area in sizes:
                yield Part(f"{area}: {sizes[area]}")
                yield Part(words("toc.themes"), level=2, lines=lines)

    def director(self) -> Iterator[Part]:
        """Two pages: what is new, what is proposed, what works, then the numbers."""
        facts, words = self._facts, self._words
        if not facts.front.n_now:
            yield self._brief()
            return
        held = director_parts(facts, words)
        yield self._of_director(held.new, words.plain(facts.brief.change), words("deck.suggestion"))
        for part in (held.asked, held.works, held.others):
            if part.findings:
                yield self._of_director(part)
        numbers = tuple(Line(_flat(words.plain(line))) for line in facts.brief.numbers)
        yield Part(words("director.numbers"), lines=numbers)
        for table in (facts.theme_counts, facts.group_table):
            if table.rows:
                yield replace(self._table(table, _DIRECTOR_ROWS), level=2)

    def _of_director(self, part: DirectorPart, *lead: str) -> Part:
        lines = tuple(self._quoted(one, "") for one in part.findings)
        return Part(part.title, paragraphs=(*filter(None, (part.lead,)), *lead), lines=lines)

    def public(self) -> Iterator[Part]:
        """Numbers of five and more, approved quotations, and nothing else."""
        facts, words = self._facts, self._words
        if facts.front.n_now < LEAST_PUBLIC:
            yield Part(words("toc.brief"), paragraphs=(words("audiences.too_few"),))
            return
        yield from self._findings(_period(facts), self._published)
        for table in (facts.theme_counts, facts.group_table, facts.area_table):
            rows = published_rows(table, facts.front.n_now)
            if rows:
                yield self._as_part(table, rows, has_past=False)
        yield Part(words("toc.method"), paragraphs=(words("method.lead"),
                   words("audiences.public_note", least=LEAST_PUBLIC)))  # fmt: skip

    def _brief(self) -> Part:
        words = self._words
        lines = tuple(Line(_flat(words.plain(line))) for line in self._facts.brief.lines)
        return Part(words("toc.brief"), lines=lines)

    def _signals(self) -> Part:
        """Tell each signal once: in the analyst's words where its finding was edited."""
        words, lines, edited = self._words, [], self._edited()
        for card in self._facts.signals.cards:
            now = words("signals.now", n=card.n_now, share=card.share, interval=card.interval)
            own = edited.get(card.signal_id)
            quote = card.quotes[0].text if card.quotes else ""
            text = f"{card.label}. {now}" if own is None else self._text(own)
            lines.append(Line(text, self._said(quote)))
        verdict = words.plain(self._facts.signals.verdict)
        return Part(words("toc.signals"), paragraphs=(verdict,), lines=tuple(lines))

    def _findings(self, parts: Iterable[FindingPart], rule: Rule) -> Iterator[Part]:
        """Write findings under their headings; `rule` says what of each may be told."""
        words = self._words
        for part in parts:
            inner = []
            for held in part.lists:
                told = (rule(one, held.kind) for one in held.findings)
                lines = tuple(line for line in told if line is not None)
                if lines:
                    inner.append(Part(words(f"findings.{held.kind}"), level=2, lines=lines))
            if inner:
                yield Part(f"{part.label}: {words.plain(part.n)}")
                yield from inner

    def _text(self, one: Finding) -> str:
        """Return a finding's line; an edited one with its number."""
        text = _flat(self._words.plain(one.text))
        return f"{text} ({self._words.plain(one.n)})" if one.n.n and not one.has_number else text

    def _quoted(self, one: Finding, _: str) -> Line:
        quote = one.quote.text if one.quote is not None and not one.is_quotation else ""
        return Line(self._text(one), self._said(quote))

    def _quoted_but_signals(self, one: Finding, kind: str) -> Line | None:
        """Return a finding's line; none where it is told among the signals."""
        return None if one.signal_id in self._carded else self._quoted(one, kind)

    def _edited(self) -> dict[str, Finding]:
        """Return the findings of signals that the analyst wrote anew, by the signal's id."""
        found = (one for part in _period(self._facts) for held in part.lists
                 for one in held.findings)  # fmt: skip
        return {one.signal_id: one for one in found if one.is_signal and one.is_edited}

    def _approved(self, one: Finding, _: str) -> Line | None:
        is_approved = one.quote is not None and one.quote.segment_id in self._facts.approved
        if one.is_quotation:
            return Line(self._text(one)) if is_approved else None
        quote = one.quote.text if one.quote is not None and is_approved else ""
        return Line(self._text(one), self._said(quote))

    def _published(self, one: Finding, kind: str) -> Line | None:
        line = self._approved(one, kind)
        if kind != SEEN:
            return line if one.is_quotation else None
        if line is None or one.is_quotation or one.n.n < LEAST_PUBLIC:
            return line if one.is_quotation else None
        if one.is_signal:
            return None
        of_groups = self._facts.quoted_of_groups
        if one.quote is not None and not of_groups.isdisjoint(one.quote.segments):
            line = replace(line, quote="")
        if one.is_edited:
            return line
        text = self._words("findings.of_group", name=one.name, n=one.n)
        return replace(line, text=_flat(text))

    def _said(self, quote: str) -> str:
        return self._words("words.quoted", text=" ".join(quote.split())) if quote else ""

    def _tables(self) -> Iterator[Part]:
        facts = self._facts
        for table in (facts.theme_counts, facts.group_table, facts.area_table):
            if table.rows:
                yield self._table(table, len(table.rows))

    def _table(self, table: CountTable, n_rows: int) -> Part:
        return self._as_part(table, table.rows[:n_rows], has_past=table.has_past)

    def _as_part(self, table: CountTable, rows: Sequence[CountRow], *, has_past: bool) -> Part:
        words = self._words
        head = [words(f"counts.{table.key}_name"), "n", "%", words("counts.interval")]
        cells = [[row.label, words.plain(row.n), row.percent, row.interval] for row in rows]
        if has_past:
            head.append(words("counts.before"))
            cells = [[*cell, row.before] for cell, row in zip(cells, rows, strict=True)]
        held = TextTable(tuple(head), tuple(tuple(cell) for cell in cells), _bars(rows))
        return Part(words(f"counts.{table.key}_caption"), table=held)


def _bars(rows: Sequence[CountRow]) -> tuple[float, ...]:
    """Return the length of each row's number beside the largest of them."""
    numbers = [row.n.n if isinstance(row.n, Count) else 0 for row in rows]
    longest = max(numbers, default=0)
    return tuple(number / longest for number in numbers) if longest else ()


def _period(facts: ReportFacts) -> tuple[FindingPart, ...]:
    """Return the findings of the period, where there are any."""
    part = facts.findings.period
    return () if part is None or not part.n_findings else (part,)


def published_rows(table: CountTable, n_now: int) -> tuple[CountRow, ...]:
    """Return the rows whose numbers may be published.

    Rows under :data:`LEAST_PUBLIC` are left out. Where what is left of all reports would tell a
    single one of them, the smallest that are shown go too, until two rows and as many reports as
    the limit are missing.
    """
    rows = sorted(table.rows, key=lambda row: -row_number(row, -1))
    shown = [row for row in rows if row_number(row, -1) >= LEAST_PUBLIC]
    missing = [row for row in rows if 0 < row_number(row, -1) < LEAST_PUBLIC]
    while shown and missing and (
        len(missing) < 2 or sum(row_number(row, -1) for row in missing) < LEAST_PUBLIC
    ):  # fmt: skip
        missing.append(shown.pop())
    return tuple(row for row in shown if row_number(row, -1) <= n_now)


def director_facts(facts: ReportFacts) -> ReportFacts:
    """Return the facts of a deck of 12-15 slides: few groups, their lists short and unquoted."""
    groups = tuple(
        replace(part, lists=tuple(
            replace(held, findings=tuple(_bare(one) for one in held.findings[:_DIRECTOR_LINES]))
            for held in part.lists))
        for part in facts.findings.groups[:_DIRECTOR_GROUPS]
    )  # fmt: skip
    parts = (*_period(facts), *groups)
    return replace(facts, findings=replace(facts.findings, parts=parts))


def _bare(one: Finding) -> Finding:
    """Return a finding without the quotation under it."""
    return one if one.is_quotation else replace(one, quote=None)
