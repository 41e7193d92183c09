"""Place the selections of another program's project on this study's reports and sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.exchange.counting import BOM, Counting, places_of, settle
from pipeline.exchange.from_study import selection_guid, source_guid
from pipeline.exchange.project import Project, Selection, Source
from pipeline.exchange.source_texts import Place, SourceText

_MOST_OF = 0.5


@dataclass(frozen=True)
class Coded:
    """One code given to one report or sentence by one coder.

    Attributes
    ----------
    report_id, segment_id : str
        ``segment_id`` is ``""`` for the report as a whole.
    code, user : str
        GUIDs; ``user`` is ``""`` when the file does not say.
    at, memo : str
        The memo holds the words selected where they are not a sentence or several.
    """

    report_id: str
    segment_id: str
    code: str
    user: str
    at: str
    memo: str


@dataclass(frozen=True)
class Placed:
    """What of a file could be placed.

    Attributes
    ----------
    coded : tuple of Coded
    reports : frozenset of str
        Reports whose text is in the file, as it is here.
    unknown : tuple of str
        Names of texts that are not this study's, with codings.
    moved : tuple of str
        Names of texts of this study whose words are others in the file; nothing of them is taken.
    counting : Counting
        How the file counts characters.
    """

    coded: tuple[Coded, ...]
    reports: frozenset[str]
    unknown: tuple[str, ...]
    moved: tuple[str, ...]
    counting: Counting


def place_codings(project: Project, texts: Iterable[SourceText]) -> Placed:
    """Find what each coding of a project is about.

    Parameters
    ----------
    project : Project
        As read from a file.
    texts : iterable of SourceText
        This study's texts, by report and by period.

    Raises
    ------
    InputError
        When how the file counts cannot be settled (:func:`~pipeline.exchange.counting.settle`).
    """
    known: dict[str, SourceText] = {}
    for text in texts:
        known[source_guid(text.name)] = text
        known[text.name] = text
    same: list[tuple[Source, SourceText]] = []
    unknown, moved, reports = [], [], set()
    for source in project.sources:
        ours = known.get(source.guid) or known.get(source.name.removesuffix(".txt"))
        has_codings = bool(source.selections or source.codes)
        if ours is None:
            unknown += [source.name] if has_codings else []
        elif plain(source.text).rstrip() != ours.text.rstrip():
            moved.append(source.name)
        else:
            same.append((source, ours))
            reports |= {place.report_id for place in ours.reports}
    counting = settle((ours.text, source.selections) for source, ours in same)
    coded = tuple(one for source, ours in same for one in _coded(source, ours, counting))
    return Placed(coded, frozenset(reports), tuple(unknown), tuple(moved), counting)


def plain(text: str) -> str:
    """Return a text without byte order mark and carriage returns."""
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def _coded(source: Source, ours: SourceText, counting: Counting) -> Iterator[Coded]:
    """Yield what the codings of one text are about."""
    for code, user in source.codes:
        for report in ours.reports:
            yield Coded(report.report_id, "", code, user, "", "")
    places = places_of(ours.text, counting)
    for one in source.selections:
        span = counting.span(places, one.start, one.end)
        if span is None:
            continue
        found = _as_sent_out(one, list(_places(span, ours)), ours)
        is_whole = bool(found) and _is_whole(span, found, ours)
        quote = "" if is_whole else ours.text[span[0] : span[1]].strip()
        memo = "\n".join(part for part in (one.memo.strip(), quote and f"”{quote}”") if part)
        for place in found:
            for code, user in one.codes:
                yield Coded(place.report_id, place.segment_id, code, user, one.at, memo)


def _as_sent_out(one: Selection, found: list[Place], ours: SourceText) -> list[Place]:
    """Return the only sentence of a report where that was coded, not the report as a whole.

    The two stand at the same place; only the GUID the coding was handed out with tells them apart.
    """
    if len(found) != 1 or found[0].segment_id:
        return found
    sentences = ours.by_report[found[0].report_id]
    if len(sentences) != 1:
        return found
    sent_out = (
        selection_guid(user, code, found[0].report_id, sentences[0].segment_id)
        for code, user in one.codes
    )
    return [sentences[0]] if one.guid in sent_out else found


def _places(span: tuple[int, int], ours: SourceText) -> Iterator[Place]:
    """Yield the reports that a span covers, and the sentences it covers of others."""
    start, end = span
    for report in ours.reports:
        if start >= report.end or end <= report.start:
            continue
        sentences = ours.by_report[report.report_id]
        if not sentences or _covers(span, sentences[0].start, sentences[-1].end):
            yield report
            continue
        for sentence in sentences:
            low, high = max(start, sentence.start), min(end, sentence.end)
            length = sentence.end - sentence.start
            is_inside = sentence.start <= start and end <= sentence.end
            if high > low and (is_inside or high - low > _MOST_OF * length):
                yield sentence


def _covers(span: tuple[int, int], start: int, end: int) -> bool:
    """Tell whether a span holds another, but for a full stop's worth at its ends."""
    return span[0] <= start + 1 and span[1] >= end - 1


def _is_whole(span: tuple[int, int], found: list[Place], ours: SourceText) -> bool:
    """Tell whether a span is just the sentences or reports it was placed on."""
    low, high = min(place.start for place in found), max(place.end for place in found)
    left = ours.text[min(low, span[0]) : max(low, span[0])]
    right = ours.text[min(high, span[1]) : max(high, span[1])]
    return len(left.strip()) <= 1 and len(right.strip()) <= 1
