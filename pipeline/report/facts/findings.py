"""Findings of the period and of each client group: what was seen, what works, what is proposed."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.detect.detect import is_wide
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.quotations import KINDS, Quotations
from pipeline.report.facts.selection import client_groups, listed_signals, ranked_topics
from pipeline.report.facts.topic_name import topic_name
from pipeline.report.facts.values import Count, Quotation, Text, amount_of
from pipeline.report.material import N_TOPICS_OF_GROUP, Material, Row

PERIOD = ""
"""Scope of the findings of the whole period; the others are client groups."""
SEEN = KINDS[0]
NEW, CHANGED = "new", "changed"
_N_SEEN, _N_OTHERS, _N_SAID = 8, 3, 5
"""Phenomena offered in all, those offered beside however many signals, and sentences a kind."""
_LEAST = 2
"""Fewest reports of a topic that is offered as a finding of the period."""
_ALIKE = 0.5
_RISING = ("emerging", "growing")


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes
    ----------
    finding_id : str
        Lasting: ``H-`` and 8 hex digits of its scope, kind and source; ``O-`` of the analyst's own.
    text : Text
        One line; the quotation itself where that is all there is.
    n : Count
        Its reports of this period.
    quote : Quotation or None
    is_quotation : bool
        Whether the line is a quotation.
    mark : str
        :data:`NEW`, :data:`CHANGED` or ``""``.
    is_edited : bool
        Whether a person wrote the line.
    notes : tuple of str
        What the analyst noted under it; no form but the file shows it.
    name : str
        The phenomenon's name; ``""`` of a sentence and of the analyst's own.
    signal_id : str
        Of the listed weak signal it is, what is new in the period; ``""`` of any other.
    has_number : bool
        Whether the line itself says how many reports there are.
    bare : Text or None
        The drafted line of a signal without the words that it is one.
    """

    finding_id: str
    text: Text
    n: Count
    quote: Quotation | None = None
    is_quotation: bool = False
    mark: str = ""
    is_edited: bool = False
    notes: tuple[str, ...] = ()
    name: str = ""
    signal_id: str = ""
    has_number: bool = True
    bare: Text | None = None

    @property
    def is_signal(self) -> bool:
        """Whether it is a listed weak signal."""
        return bool(self.signal_id)


@dataclass(frozen=True)
class FindingList:
    """The findings of one kind.

    Attributes
    ----------
    prose : tuple of str
        What the analyst wrote between them.
    n : Count or None
        The period's reports that have a sentence of the kind, quoted or not; None for a group.
    """

    kind: str
    findings: tuple[Finding, ...]
    prose: tuple[str, ...] = ()
    n: Count | None = None


@dataclass(frozen=True)
class FindingPart:
    """The findings of the period (`scope` ``""``) or of a client group, kind by kind."""

    scope: str
    label: str
    n: Count
    lists: tuple[FindingList, ...]

    @property
    def n_findings(self) -> int:
        """How many there are."""
        return sum(len(one.findings) for one in self.lists)


@dataclass(frozen=True)
class Draft:
    """The machine's findings: all there could be, and those it offers."""

    parts: tuple[FindingPart, ...]
    offered: frozenset[str]


def finding_id(scope: str, kind: str, source: str) -> str:
    """Return the lasting id of a finding.

    Examples
    --------
    >>> finding_id("", "havainto", "T-1")
    'H-d6e57e67'
    """
    return "H-" + hashlib.sha256("|".join((scope, kind, source)).encode()).hexdigest()[:8]


def draft_findings(
    material: Material, words: Catalogue, quotations: Quotations, wide_areas: tuple[str, ...]
) -> Draft:
    """Draft the findings, those of most reports first.

    Of a client group only topics are named whose number may be shown beside the group, and a group
    below `min_cell` has no findings. Each kind of sentence is told by the most central of them.

    Parameters
    ----------
    material : Material
    words : Catalogue
    quotations : Quotations
    wide_areas : tuple of str
        What tells an area wider than a municipality (``detect.wide_areas``); those do not count.
    """
    if not material.n_now:
        return Draft((), frozenset())
    writer = _Writer(material, words, quotations, wide_areas)
    parts, offered = [writer.of_period()], set(writer.offered)
    for group, ids in client_groups(material).items():
        if len(set(ids)) >= max(material.config.min_cell, 1):
            parts.append(writer.of_group(group, ids))
    return Draft(tuple(parts), frozenset(offered | writer.offered))


class _Writer:
    """Write the findings of one scope after another."""

    def __init__(
        self,
        material: Material,
        words: Catalogue,
        quotations: Quotations,
        wide_areas: tuple[str, ...],
    ) -> None:
        self._material = material
        self._words = words
        self._quotations = quotations
        areas = zip(material.now["report_id"], material.now["area"], strict=True)
        self._areas = {i: {a for a in named if a and not is_wide(a, wide_areas)}
                       for i, named in areas}  # fmt: skip
        self._topics = {str(row["topic_id"]): row for row in material.topics.to_dict("records")}
        self.offered: set[str] = set()

    def of_period(self) -> FindingPart:
        """Write the findings of the period as a whole."""
        material, quotations = self._material, self._quotations
        lists = [FindingList(SEEN, self._seen())]
        for kind in KINDS[1:]:
            quotes = quotations.of_kinds[kind]
            said = self._sentences(PERIOD, kind, quotes, _N_SAID)
            n_kind = amount_of(material.of_kind(kind)["report_id"], self._words(f"kinds.{kind}"))
            lists.append(FindingList(kind, said, n=n_kind))
        n = amount_of(material.now["report_id"], self._words.period_name(material.period))
        return FindingPart(PERIOD, self._words("findings.whole"), n, tuple(lists))

    def of_group(self, group: str, ids: list[str]) -> FindingPart:
        """Write the findings of one client group."""
        words, label = self._words, self._words.label("client_groups", group)
        topics = self._group_topics(group, ids, label)
        lists = []
        for kind in KINDS:
            quotes = self._quotations.of_groups[group, kind]
            said = self._sentences(group, kind, quotes, 0 if kind == SEEN and topics else _N_SAID)
            lists.append(FindingList(kind, (*topics, *said) if kind == SEEN else said))
        n = amount_of(ids, f"{label}, {words.period_name(self._material.period)}")
        return FindingPart(group, label, n, tuple(lists))

    def _seen(self) -> tuple[Finding, ...]:
        """Write the phenomena of the period: what is new first, then the largest of the others."""
        of_topics, apart = self._signals()
        found = [self._of_signal(str(row["signal_id"]), row,
                                 self._quotations.of_signals[str(row["signal_id"])])
                 for row in apart]  # fmt: skip
        found += self._period_topics(of_topics)
        new = sorted((one for one in found if one.is_signal and one.n.n), key=lambda one: -one.n.n)
        others = [one for one in found if not one.is_signal]
        n_others = max(_N_SEEN - len(new), _N_OTHERS)
        offered = [one for one in others if one.n.n >= _LEAST][:n_others]
        self.offered.update(one.finding_id for one in (*new, *offered))
        return (*new, *others)

    def _signals(self) -> tuple[dict[str, Row], list[Row]]:
        """Return the signals with evidence: by the topic that is the same reports, and the rest."""
        of_topics: dict[str, Row] = {}
        others: list[Row] = []
        for row in listed_signals(self._material).evident.to_dict("records"):
            topic_id = str(row["topic_id"])
            members = self._material.topic_members.get(topic_id, [])
            if topic_id in of_topics or not are_alike(row["report_ids"], members):
                others.append(row)
            else:
                of_topics[topic_id] = row
        return of_topics, others

    def _of_signal(self, source: str, row: Row, quotes: tuple[Quotation, ...]) -> Finding:
        """Write a signal, with the numbers that stand in the list of signals."""
        told = self._phenomenon(
            source, str(row["label"]), row["report_ids"], quotes, self._rise(row)
        )
        return replace(told, signal_id=str(row["signal_id"]))

    def _period_topics(self, signals: Mapping[str, Row]) -> list[Finding]:
        """Write the topics with members in this period, the largest first.

        A topic that is a listed signal keeps its id and its quotation, where that is of a report
        of the signal.
        """
        ranked, found, pool = ranked_topics(self._material), [], self._quotations
        for row in (*ranked.shown, *ranked.rest):
            topic_id = str(row["topic_id"])
            quotes = pool.of_topics.get(topic_id, ())
            signal = signals.get(topic_id)
            if signal is None:
                one = self._phenomenon(topic_id, topic_name(row), ranked.members[topic_id], quotes)
            else:
                ids = set(signal["report_ids"])
                mine = tuple(quote for quote in quotes if quote.report_id in ids)
                mine = mine or pool.of_signals[str(signal["signal_id"])]
                one = self._of_signal(topic_id, signal, mine)
            if one.n.n:
                found.append(one)
        return found

    def _rise(self, row: Row) -> str:
        """Say that a listed signal rises, or is one to watch."""
        return self._words(f"findings.{'rising' if row['status'] in _RISING else 'watched'}")

    def _phenomenon(
        self,
        source: str,
        name: str,
        report_ids: Iterable[str],
        quotes: tuple[Quotation, ...],
        trend: str = "",
    ) -> Finding:
        """Write one phenomenon of the period: its number, areas, past and direction."""
        material, words = self._material, self._words
        ids = list(report_ids)
        now = [i for i in ids if i in material.now_ids]
        n = amount_of(now, f"{name}, {words.period_name(material.period)}")
        n_areas = self._n_areas(now) if len(now) > 1 else 0
        key = ("findings.seen", "findings.seen_in_one", "findings.seen_in")[min(n_areas, 2)]
        areas = words.amount("from_areas", n_areas)
        said = words.text(key, name=name, n=n, areas=areas).runs
        past = self._past(ids, name)
        end = words.text("findings.trend", trend=trend).runs if trend else ()
        stop = words.text("findings.stop").runs
        text = Text((*said, *past.runs, *end, *stop))
        bare = Text((*said, *past.runs, *stop)) if trend else None
        return Finding(finding_id(PERIOD, SEEN, source), text, n, next(iter(quotes), None),
                       name=name, bare=bare)  # fmt: skip

    def _n_areas(self, now: list[str]) -> int:
        """Count the areas of a phenomenon; 0 where their number would tell a small cell.

        Beside the sizes of the areas the number tells that one of them has a report of the
        phenomenon where so many others are not there, or cannot hold all its reports.
        """
        mine = Counter(area for i in now for area in self._areas[i])
        sizes = Counter(area for areas in self._areas.values() for area in areas)
        small = [area for area, n in mine.items() if n < self._material.config.min_cell]
        for area in small:
            others = sorted((n for one, n in sizes.items() if one != area), reverse=True)
            if len(others) < len(mine) or sum(others[: len(mine)]) < len(now):
                return 0
        return len(mine)

    def _past(self, ids: list[str], name: str) -> Text:
        """Say how many reports there were in the period before."""
        material, words = self._material, self._words
        earlier = material.periods[:-1]
        if not material.has_past:
            return Text()
        held = set(material.reports.loc[material.reports["period"] == earlier[-1], "report_id"])
        before = [i for i in ids if i in held]
        if not before:
            is_new = not any(i not in material.now_ids for i in ids)
            return words.text("findings.never" if is_new else "findings.not_before")
        n = amount_of(before, f"{name}, {words.period_name(earlier[-1])}")
        return words.text("findings.before", n=words.whole(n.n))

    def _group_topics(self, group: str, ids: list[str], label: str) -> list[Finding]:
        """Write the topics of a client group whose number may be shown beside it."""
        material, words = self._material, self._words
        cross, mine = material.topic_cross, set(ids)
        found = []
        for topic_id in cross.rows:
            row: Row | None = self._topics.get(topic_id)
            held = [i for i in material.topic_members.get(topic_id, []) if i in mine]
            if row is None or not held or cross.is_hidden(topic_id, group):
                continue
            name = without_group(topic_name(row), label)
            n = amount_of(held, f"{label}: {name}")
            text = words.text("findings.of_group", name=name, n=n)
            quotes = self._quotations.of_group_topics.get((group, topic_id), ())
            found.append(Finding(finding_id(group, SEEN, topic_id), text, n,
                                 next(iter(quotes), None), name=name))  # fmt: skip
        found.sort(key=lambda one: (-one.n.n, words.plain(one.text)))
        self.offered.update(one.finding_id for one in found[:N_TOPICS_OF_GROUP])
        return found

    def _sentences(
        self, scope: str, kind: str, quotes: tuple[Quotation, ...], n_offered: int
    ) -> tuple[Finding, ...]:
        """Write sentences as findings of their own: each speaks for itself."""
        words, found = self._words, []
        for quote in quotes:
            said = words("words.quoted", text=" ".join(quote.text.split()))
            n = amount_of([quote.report_id], words(f"kinds.{kind}"))
            found.append(Finding(finding_id(scope, kind, quote.segment_id),
                                 words.text("findings.said", said=said), n, quote,
                                 is_quotation=True))  # fmt: skip
        self.offered.update(one.finding_id for one in found[:n_offered])
        return tuple(found)


def without_group(name: str, group: str) -> str:
    """Return a name without the client group it begins with, for where the group is the heading.

    Examples
    --------
    >>> without_group("Vammaiset · asuminen: vuokra, avustaja", "Vammaiset")
    'Asuminen: vuokra, avustaja'
    >>> without_group("Vammaisten vuokra", "Vammaiset")
    'Vammaisten vuokra'
    """
    for sign in (" · ", ": "):
        if name.startswith(group + sign) and len(name) > len(group + sign):
            rest = name.removeprefix(group + sign)
            return rest[0].upper() + rest[1:]
    return name


def are_alike(report_ids: Iterable[str], members: Iterable[str]) -> bool:
    """Tell whether two sets of reports are about the same."""
    one, other = set(report_ids), set(members)
    return len(one & other) > _ALIKE * len(one | other)
