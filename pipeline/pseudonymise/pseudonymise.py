"""Replace personal data in reports with stand-ins of the right kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic import BaseModel, Field

from pipeline.ingest.texts import slug
from pipeline.language.detection import report_languages
from pipeline.pseudonymise.choices import OTHER, safe_choices
from pipeline.pseudonymise.indirect import find_indirect
from pipeline.pseudonymise.levels import LEAST_DOUBT, LEVELS, Level
from pipeline.pseudonymise.lists import PiiLists, find_listed, spare
from pipeline.pseudonymise.name_queue import uncertain
from pipeline.pseudonymise.patterns import find_coded
from pipeline.pseudonymise.persons import PersonFinder
from pipeline.pseudonymise.spans import Span, settle
from pipeline.pseudonymise.stand_ins import (
    Persons,
    Replacement,
    first_free_number,
    keyed_stand_in,
    render,
    stand_in,
)
from pipeline.tables import TABLES

FIELDS = ("observation", "proposal")
TYPED_FIELDS = ("area_other", "client_groups_other", "themes_other")
# Fewest words of a choice that may be a person's name: places of up to three sound like one.
_MIN_NAME_WORDS = {"area": 4, "client_groups": 2, "valence": 2}
KEYED_FIELDS = {"reporter_id": "K", "unit": "Y"}

_KEY_COLUMNS = (
    *("report_id", "field", "raw_start", "raw_end", "safe_start", "safe_end"),
    *("stand_in", "original", "kind"),
)
_BREAK = "\n\n"
_DTYPES = {
    **dict.fromkeys(("start", "end", "raw_start", "raw_end", "safe_start", "safe_end"), "int64"),
    "score": "float64",
}


class PseudonymiseConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the pseudonymise stage."""

    level: Level = Field(
        "recall",
        description="What to do with words that may be names: recall takes out most of them "
        "(first choice), balanced those that something speaks for, precision those that are sure. "
        "What is uncertain is listed by havainto names at every level.",
    )
    min_name_score: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Least score of a person's name that is replaced, 0-1, in place of the "
        "level's; lower finds more names and touches more words that are none.",
    )

    @property
    def least_score(self) -> float:
        """Least score of a name that is replaced."""
        return LEVELS[self.level] if self.min_name_score is None else self.min_name_score


def pseudonymise(
    raw_reports: pd.DataFrame,
    config: PseudonymiseConfig,
    *,
    person_finder: PersonFinder,
    pii_lists: PiiLists,
    secret: bytes,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Replace personal data in the texts of reports, and who wrote them by keyed stand-ins.

    Doing it twice is doing it once. The same person has the same number in both fields of a
    report; across reports numbers mean nothing. What is not identifying stays: ages,
    municipalities, services, dates that are no birth dates. An area ticked on the form (``area``)
    is no person's name in that report, unless a given name stands with it. An open answer among
    ``area`` and ``client_groups`` that holds personal data is no choice and is left out; other
    client groups and valences that the form does not list become ids.

    Parameters
    ----------
    raw_reports : DataFrame with the columns of ``raw_reports``
        Any run of whole reports; each is handled on its own.
    config : PseudonymiseConfig
    person_finder : PersonFinder
    pii_lists : PiiLists
        The study's own always-list and never-list.
    secret : bytes
        The study's own; keys the stand-ins of ``reporter_id`` and ``unit``.

    Returns
    -------
    reports : DataFrame
        The same rows and columns with safe texts, and ``language``.
    pii_spans : DataFrame with columns ``report_id``, ``field``, ``start``, ``end``, ``kind``, \
``rule``, ``score``
        One row a stand-in, as offsets into the safe text.
    name_queue : DataFrame with columns ``report_id``, ``field``, ``start``, ``end``, \
``word_id``, ``verdict``, ``rule``, ``score``
        One row an uncertain word, as offsets into the safe text: ``replaced`` or ``kept``. It
        holds no word; ``word_id`` is a keyed one that all forms of a word share.
    indirect : DataFrame with columns ``report_id``, ``field``, ``start``, ``end``, ``rule``
        One row a place that may tell who is meant (:func:`find_indirect`).
    """
    texts = _texts(raw_reports)
    works = _find_replacements(texts, raw_reports["area"], config, person_finder, pii_lists)
    found = [work.found for work in works]
    reports = raw_reports.copy()
    rows = []
    for field_no, field in enumerate(_text_fields(raw_reports)):
        safe = []
        for text, items in zip(raw_reports[field], (f[field_no] for f in found), strict=True):
            safe.append(render(text, items)[0])
        reports[field] = pd.Series(safe, index=reports.index, dtype=object)
    for name, values in _safe_choice_fields(raw_reports, config, person_finder).items():
        reports[name] = pd.Series(values, index=reports.index, dtype=object)
    for name, prefix in KEYED_FIELDS.items():
        keyed = [keyed_stand_in(value, prefix, secret) for value in raw_reports[name]]
        reports[name] = pd.Series(keyed, index=reports.index, dtype=object)
    languages = report_languages(*(reports[field] for field in FIELDS))
    reports["language"] = pd.Series(languages, index=reports.index, dtype=object)
    for report_id, own, fields in zip(raw_reports["report_id"], texts, found, strict=True):
        for field, text, items in zip(_text_fields(raw_reports), own, fields, strict=True):
            places = render(text, items)[1]
            rows += [
                (report_id, field, start, end, item.kind, item.rule, item.score)
                for item, (start, end) in zip(items, places, strict=True)
            ]
    names = _text_fields(raw_reports)
    queue = [
        (report_id, *row)
        for report_id, own, work in zip(raw_reports["report_id"], texts, works, strict=True)
        for row in uncertain(names, own, work.found, work.left, person_finder.bases, secret)
    ]
    return (
        reports,
        _frame(rows, [column.name for column in TABLES["pii_spans"].columns]),
        _frame(queue, [column.name for column in TABLES["name_queue"].columns]),
        find_indirect(reports),
    )


def key_table(
    raw_reports: pd.DataFrame,
    config: PseudonymiseConfig,
    *,
    person_finder: PersonFinder,
    pii_lists: PiiLists,
    secret: bytes,
) -> pd.DataFrame:
    """Make the table that leads from every stand-in back to what it stands for.

    It finds everything anew, so that the stage itself never holds the originals. The result is
    personal data: it goes to :func:`pipeline.pseudonymise.key_file.write_key_file` and nowhere
    else.

    Parameters
    ----------
    raw_reports, config, person_finder, pii_lists, secret
        As in :func:`pseudonymise`.

    Returns
    -------
    DataFrame with columns ``report_id``, ``field``, ``raw_start``, ``raw_end``, ``safe_start``, \
``safe_end``, ``stand_in``, ``original``, ``kind``
        One row a stand-in; ``field`` is also ``reporter_id`` and ``unit``. Offsets are half-open,
        in code points.
    """
    texts = _texts(raw_reports)
    works = _find_replacements(texts, raw_reports["area"], config, person_finder, pii_lists)
    found = [work.found for work in works]
    rows = []
    for n_row, report_id in enumerate(raw_reports["report_id"]):
        for field, text, items in zip(
            _text_fields(raw_reports), texts[n_row], found[n_row], strict=True
        ):
            for item, place in zip(items, render(text, items)[1], strict=True):
                original = text[item.start : item.end]
                offsets = (item.start, item.end, *place)
                rows.append((report_id, field, *offsets, item.stand_in, original, item.kind))
        for field, prefix in KEYED_FIELDS.items():
            original = raw_reports[field].iloc[n_row]
            keyed = keyed_stand_in(original, prefix, secret)
            if keyed != original:
                offsets = (0, len(original), 0, len(keyed))
                rows.append((report_id, field, *offsets, keyed, original, field))
    return _frame(rows, _KEY_COLUMNS)


def _safe_choice_fields(
    raw_reports: pd.DataFrame, config: PseudonymiseConfig, person_finder: PersonFinder
) -> dict[str, list[Any]]:
    """Return the choices without personal data; groups and valences outside the form as ids.

    An id is made after the search, because it hides what the search looks for.
    """
    cells = {name: list(raw_reports[name]) for name in ("area", "client_groups")}
    cells["valence"] = [[value] if value else [] for value in raw_reports["valence"]]
    safe = {
        name: safe_choices(cells[name], person_finder, config.least_score, min_name_words=n_words)
        for name, n_words in _MIN_NAME_WORDS.items()
    }
    kept = {
        name: [[choice for choice in choices if choice != OTHER] for choices in safe[name]]
        for name in ("area", "client_groups")
    }
    ids = [[s for choice in choices if (s := slug(choice))] for choices in kept["client_groups"]]
    valences = [slug(choices[0]) if choices else "" for choices in safe["valence"]]
    groups = [list(dict.fromkeys(choices)) for choices in ids]
    return {"area": kept["area"], "client_groups": groups, "valence": valences}


@dataclass
class _Work:
    """One report while its personal data is being replaced."""

    texts: tuple[str, ...]
    areas: frozenset[str]
    persons: Persons
    found: tuple[list[Replacement], ...]
    left: tuple[list[Span], ...] = ()

    def safe_texts(self) -> list[str]:
        """Return the texts as they stand by now."""
        return [render(t, items)[0] for t, items in zip(self.texts, self.found, strict=True)]

    def take(self, field_no: int, spans: Sequence[Span]) -> None:
        """Add spans of the safe text of a field, as offsets into its raw text."""
        items = self.found[field_no]
        places = render(self.texts[field_no], items)[1]
        fresh = []
        for span in spans:
            shift = sum(
                (item.end - item.start) - (high - low)
                for item, (low, high) in zip(items, places, strict=True)
                if high <= span.start
            )
            mark = stand_in(span, self.persons)
            claim = (span.kind, span.rule, span.score)
            fresh.append(Replacement(span.start + shift, span.end + shift, mark, *claim))
        items.extend(fresh)
        items.sort()


def _find_replacements(
    reports: Sequence[tuple[str, ...]],
    areas: Iterable[Sequence[str]],
    config: PseudonymiseConfig,
    person_finder: PersonFinder,
    pii_lists: PiiLists,
) -> list[_Work]:
    """Find what to replace in every field of every report.

    A report in which something was found is searched again, because a stand-in may lay bare what
    it stood beside; the search ends when nothing is left, which makes the stage idempotent.
    """
    works = [
        _Work(
            texts,
            frozenset(name.casefold() for name in own_areas),
            Persons(first_free_number(texts)),
            tuple([] for _ in texts),
        )
        for texts, own_areas in zip(reports, areas, strict=True)
    ]
    pending = works
    while pending:
        safe = [work.safe_texts() for work in pending]
        names = person_finder.find_all([_BREAK.join(texts) for texts in safe])
        changed = []
        for work, texts, spans in zip(pending, safe, names, strict=True):
            sure = [
                span
                for span in spans
                if span.score >= config.least_score and not _is_area(span, work.areas)
            ]
            work.left = tuple(
                _doubtful_in(texts[field_no], own, person_finder, pii_lists)
                for field_no, own in enumerate(
                    _split([s for s in spans if LEAST_DOUBT <= s.score < config.least_score], texts)
                )
            )
            n_found = 0
            for field_no, own in enumerate(_split(sure, texts)):
                settled = _settle_field(texts[field_no], own, person_finder, pii_lists)
                work.take(field_no, settled)
                n_found += len(settled)
            if n_found:
                changed.append(work)
        pending = changed
    return works


def _doubtful_in(
    text: str, spans: Sequence[Span], person_finder: PersonFinder, pii_lists: PiiLists
) -> list[Span]:
    """Return the words left in that may be names, without those a person has settled."""
    settled = list(find_listed(text, pii_lists.never, person_finder.bases)) if spans else []
    return settle(text, spare(spans, settled))


def _is_area(span: Span, areas: frozenset[str]) -> bool:
    """Tell whether a one-word name is an area that the report itself was ticked for."""
    return len(span.words) == 1 and bool(span.words[0] & areas)


def _settle_field(
    text: str, names: Sequence[Span], person_finder: PersonFinder, pii_lists: PiiLists
) -> list[Span]:
    """Bring together what the rules, the person finder and the study's lists say of one text."""
    bases = person_finder.bases
    never = list(find_listed(text, pii_lists.never, bases))
    always = list(find_listed(text, pii_lists.always, bases))
    return settle(text, [*always, *spare([*find_coded(text), *names], never)])


def _split(spans: Sequence[Span], texts: Sequence[str]) -> list[list[Span]]:
    """Hand the spans of the joined texts of a report back to its fields."""
    fields = []
    start = 0
    for text in texts:
        end = start + len(text)
        own = [s for s in spans if start <= s.start and s.end <= end]
        fields.append([s._replace(start=s.start - start, end=s.end - start) for s in own])
        start = end + len(_BREAK)
    return fields


def _text_fields(raw_reports: pd.DataFrame) -> tuple[str, ...]:
    """Return the free texts of a table: the two answers, and what was typed under other choices."""
    return (*FIELDS, *(name for name in TYPED_FIELDS if name in raw_reports))


def _texts(raw_reports: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the free texts of each report."""
    return list(zip(*(raw_reports[field] for field in _text_fields(raw_reports)), strict=True))


def _frame(rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    """Make a frame whose text columns hold Python strings."""
    by_column = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pd.DataFrame(
        {
            name: pd.Series(list(values), dtype=_DTYPES.get(name, object))
            for name, values in zip(columns, by_column, strict=True)
        }
    )
