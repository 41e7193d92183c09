"""Bring the machine's findings and the analyst's file together: what a person did, stands."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.report.catalogue import Catalogue, load_catalogue
from pipeline.report.facts.findings import (
    CHANGED,
    NEW,
    PERIOD,
    Draft,
    Finding,
    FindingList,
    FindingPart,
)
from pipeline.report.facts.quotations import KINDS
from pipeline.report.facts.values import Count, Quotation, Run, Text, amount_of
from pipeline.report.findings_file import LANGUAGES, HeldFindings, Kept, Stretch, Written, digest
from pipeline.report.material import Material
from pipeline.report.quotes import choose

Place = tuple[str, str]
"""Scope and kind."""


@dataclass(frozen=True)
class Earlier:
    """A finding that a person wrote and that has no reports in this period."""

    finding_id: str
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """The findings in force.

    Attributes
    ----------
    parts : tuple of FindingPart
        The whole period first, unless the analyst has put the parts in another order.
    earlier : tuple of Earlier
        Kept in the file, shown nowhere.
    extras : tuple of Stretch
        What the analyst wrote under headings of their own; kept in the file, shown nowhere.
    memory : mapping of str to Kept
        What is to be remembered of each, by id.
    """

    parts: tuple[FindingPart, ...]
    earlier: tuple[Earlier, ...]
    extras: tuple[Stretch, ...]
    memory: Mapping[str, Kept]

    @property
    def period(self) -> FindingPart | None:
        """The findings of the whole period; None where there is nothing."""
        return next((part for part in self.parts if part.scope == PERIOD), None)

    @property
    def groups(self) -> tuple[FindingPart, ...]:
        """Those of the client groups that have any."""
        return tuple(one for one in self.parts if one.scope != PERIOD and one.n_findings)

    @property
    def quoted_segments(self) -> frozenset[str]:
        """The sentences they quote, by id."""
        quotes = (one.quote for part in self.parts for held in part.lists for one in held.findings)
        return frozenset(quote.segment_id for quote in quotes if quote is not None)


def merge_findings(
    draft: Draft, held: HeldFindings, material: Material, words: Catalogue
) -> Findings:
    """Return the findings as the analyst left them, with what is new and what has changed.

    A line that nobody has edited is written anew from its numbers; an edited one stands as it is.
    What is in the memory and not in the file was taken out and stays out. What is offered for the
    first time comes last in its list and is marked; so is one whose reports are not what they were.
    """
    return _Merger(draft, held, material, words).merged()


class _Merger:
    """Merge one draft into one file."""

    def __init__(
        self, draft: Draft, held: HeldFindings, material: Material, words: Catalogue
    ) -> None:
        self._draft, self._held = draft, held
        self._material, self._words = material, words
        self._drafted: dict[str, tuple[Place, Finding]] = {
            one.finding_id: ((part.scope, held_list.kind), one)
            for part in draft.parts
            for held_list in part.lists
            for one in held_list.findings
        }
        self._lists: dict[Place, list[Finding]] = {}
        self._prose: dict[Place, tuple[str, ...]] = {}
        self._earlier: list[Earlier] = []
        self._memory: dict[str, Kept] = {}
        self._scopes: list[str] = []
        self._extras: list[Stretch] = []
        self._in_file: set[str] = set()

    def merged(self) -> Findings:
        """Return the findings in force."""
        self._take_file()
        self._add_new()
        scopes = [*self._scopes, *(p.scope for p in self._draft.parts)]
        parts = {part.scope: part for part in self._draft.parts}
        found = []
        for scope in dict.fromkeys(scopes):
            if scope in parts:
                found.append(self._filled(parts[scope]))
        return Findings(tuple(found), tuple(self._earlier), tuple(self._extras), self._memory)

    def _filled(self, part: FindingPart) -> FindingPart:
        """Return a drafted part with the findings in force."""
        counts = {held.kind: held.n for held in part.lists}
        lists = tuple(
            FindingList(kind, tuple(self._lists.get((part.scope, kind), ())),
                        self._prose.get((part.scope, kind), ()), counts.get(kind))
            for kind in KINDS
        )  # fmt: skip
        return replace(part, lists=lists)

    def _take_file(self) -> None:
        """Go through the file: each line to its place, in the file's order."""
        names = _place_names(self._draft)
        for stretch in self._held.stretches or ():
            part = names.scopes.get(stretch.part.casefold())
            kind = names.kinds.get(stretch.name.casefold())
            here = None if part is None or kind is None else (part, kind)
            if part is not None and part not in self._scopes:
                self._scopes.append(part)
            if here is not None:
                self._prose[here] = (*self._prose.get(here, ()), *stretch.prose)
            elif stretch.part.casefold() not in names.earlier:
                self._set_aside(stretch)
            for line in stretch.entries:
                name = line.finding_id or (self._own_id(line) if here is not None else "")
                if name and name not in self._in_file:
                    self._in_file.add(name)
                    self._place(line, here)

    def _set_aside(self, stretch: Stretch) -> None:
        """Keep what stands under a heading of the analyst's own, but for findings with an id."""
        own = [f"- {line.text}" for line in stretch.entries if not line.finding_id]
        if stretch.prose or own:
            kept = replace(stretch, entries=(), prose=(*stretch.prose, *own))
            self._extras.append(kept)

    def _place(self, line: Written, here: Place | None) -> None:
        """Put one line of the file where it belongs."""
        home, drafted = self._drafted.get(line.finding_id, (None, None))
        if drafted is not None and home is not None:
            self._lists.setdefault(here or home, []).append(self._kept(line, drafted))
        elif line.finding_id.startswith("O-") or not line.finding_id:
            one = self._own(line)
            place = here or (PERIOD, KINDS[0])
            self._lists.setdefault(place, []).append(one)
            self._memory[one.finding_id] = Kept("", digest(" ".join(one.n.report_ids)))
        elif self._is_edited(line, "") or line.notes:
            self._earlier.append(Earlier(line.finding_id, line.text, line.notes))
            self._memory[line.finding_id] = self._known(line.finding_id) or Kept("", "")

    def _kept(self, line: Written, drafted: Finding) -> Finding:
        """Return a finding of the draft as the file has it."""
        plain = self._words.plain(drafted.text)
        known = self._known(line.finding_id)
        reports = _reports(drafted.n)
        is_changed = known is not None and known.reports != reports
        mark = CHANGED if is_changed else drafted.mark
        if not is_changed and line.mark:
            mark = NEW if line.mark.startswith(_said_new()) else CHANGED
        quote = self._quote(line, drafted, known)
        is_edited = self._is_edited(line, plain)
        self._memory[line.finding_id] = Kept(
            digest(_spoken(plain)), reports, drafted.quote.segment_id if drafted.quote else ""
        )
        return replace(
            drafted,
            text=_plain(line.text) if is_edited else drafted.text,
            quote=quote,
            is_quotation=drafted.is_quotation and not is_edited,
            mark=mark,
            is_edited=is_edited,
            has_number=not is_edited or self._says(line.text, drafted.n),
            notes=line.notes,
        )

    def _says(self, text: str, n: Count) -> bool:
        """Tell whether a person's line says the number of its reports."""
        number = re.escape(_spoken(self._words.plain(n)))
        return re.search(rf"(?<!\d){number}(?!\w)", _spoken(text)) is not None

    def _is_edited(self, line: Written, plain: str) -> bool:
        """Tell whether a person wrote a line: it is not the machine's last one, nor its new one."""
        known, told = self._known(line.finding_id), _spoken(line.text)
        if plain and told == _spoken(plain):
            return False
        return known is None or known.text != digest(told)

    def _known(self, name: str) -> Kept | None:
        """Return what is remembered of a finding."""
        return self._held.memory.get(name)

    def _quote(self, line: Written, drafted: Finding, known: Kept | None) -> Quotation | None:
        """Return the quotation: the machine's, the one a person chose, or none."""
        was = known.quote if known is not None else ""
        if drafted.is_quotation or line.quote == was:
            return drafted.quote
        return self._quotation(line.quote) if line.quote else None

    def _quotation(self, segment_id: str) -> Quotation | None:
        """Return the quotation of a sentence, or None where it may not be quoted."""
        pool = self._material.quotable
        found = choose(pool[pool["segment_id"] == segment_id], {segment_id: 1.0}, 1)
        return found[0] if found else None

    def _own_id(self, line: Written) -> str:
        """Return the id of a line that the analyst has added."""
        return f"O-{digest(line.text)[:8]}"

    def _own(self, line: Written) -> Finding:
        """Return a finding of the analyst's own."""
        now = (one for one in line.report_ids if one in self._material.now_ids)
        n = amount_of(now, line.text)
        return Finding(
            finding_id=line.finding_id or self._own_id(line),
            text=_plain(line.text),
            n=n,
            quote=self._quotation(line.quote) if line.quote else None,
            is_edited=True,
            has_number=self._says(line.text, n),
            notes=line.notes,
        )

    def _add_new(self) -> None:
        """Add what is offered and not in the file, but for what was taken out."""
        is_first = self._held.stretches is None
        for name, (place, drafted) in self._drafted.items():
            if name in self._memory:
                continue
            known = self._known(name)
            if known is not None:
                self._memory[name] = replace(known, is_deleted=True)
            elif name in self._draft.offered:
                mark = "" if is_first else NEW
                self._lists.setdefault(place, []).append(replace(drafted, mark=mark))
                quote = drafted.quote.segment_id if drafted.quote else ""
                text = self._words.plain(drafted.text)
                self._memory[name] = Kept(digest(_spoken(text)), _reports(drafted.n), quote)
        for name, known in self._held.memory.items():
            if name not in self._memory and name not in self._in_file:
                self._memory[name] = replace(known, is_deleted=True)


@dataclass(frozen=True)
class _Names:
    """The headings of the file, in any language, to scopes and kinds."""

    scopes: Mapping[str, str]
    kinds: Mapping[str, str]
    earlier: frozenset[str]


def _place_names(draft: Draft) -> _Names:
    """Return what the headings may be called."""
    scopes: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for words in (load_catalogue(language) for language in LANGUAGES):
        scopes[words("findings.whole").casefold()] = PERIOD
        for kind in KINDS:
            kinds[words(f"findings.{kind}").casefold()] = kind
        for part in draft.parts:
            if part.scope != PERIOD:
                scopes[words.label("client_groups", part.scope).casefold()] = part.scope
    earlier = frozenset(load_catalogue(one)("findings.earlier").casefold() for one in LANGUAGES)
    return _Names(scopes, kinds, earlier)


def _said_new() -> tuple[str, ...]:
    """Return how a mark of what is new begins, in each language."""
    return tuple(load_catalogue(one)("findings.new") for one in LANGUAGES)


def _reports(count: Count) -> str:
    """Return a hash of the reports of a number."""
    return digest(" ".join(sorted(count.report_ids)))


def _plain(text: str) -> Text:
    """Return a person's line as a text."""
    return Text((Run(text),))


def _spoken(text: str) -> str:
    """Return a line with plain spaces, as an editor may leave it."""
    return " ".join(text.split())


def quoted_texts(parts: Iterable[FindingPart]) -> frozenset[str]:
    """Return the texts that findings quote."""
    return frozenset(
        one.quote.text
        for part in parts
        for held in part.lists
        for one in held.findings
        if one.quote is not None
    )
