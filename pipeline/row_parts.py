"""Cut row steps into parts, so that a step computes the reports that are new or changed.

A part is some hundred whole reports of one period. Where it ends is told by the ids of its reports,
so a new period, a late report or a withdrawn one changes the part it is in and no other. What a
part is made of, down to the content of the rows it reads, makes its key; a part whose key is known
from the step's last run is taken from the table as it stands.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.artifacts import Manifest, Store, TableWriter
from pipeline.engine.work import Done, part_file
from pipeline.steps import Step
from pipeline.table_rows import ReportReader, SpanReader, check_at_end, content_sha256
from pipeline.tables import TABLES

Span = tuple[int, int]

MIN_REPORTS, MAX_REPORTS = 256, 1024
"""Fewest and most reports of a part; a period's last part, and a small period's, has fewer."""

_ONE_IN = 256
"""Of reports past the fewest, one in so many ends a part: some 500 reports on average."""


@dataclass(frozen=True)
class Part:
    """Some whole reports of one period.

    Attributes
    ----------
    ids : str
        Hash of the reports, in order.
    key : str
        Hash of all that decides what the step makes of them.
    n_reports : int
    spans : dict of str to tuple of int
        Where its rows lie in each table that the step reads: the first, and how many.
    """

    ids: str
    key: str
    n_reports: int
    spans: dict[str, Span]


class Listed(NamedTuple):
    """A part as a table's manifest lists it.

    Attributes
    ----------
    ids : str
        Hash of the reports, in order.
    key : str
        Key of the part in the step that made the table.
    n_rows : int
    content : str
        Hash of the rows.
    """

    ids: str
    key: str
    n_rows: int
    content: str


def cut(report_ids: list[str], periods: list[str]) -> Iterator[list[str]]:
    """Cut reports into parts.

    Parameters
    ----------
    report_ids, periods : list of str
        Of each report, in the order of the table.

    Yields
    ------
    list of str
        The reports of a part.
    """
    start = 0
    for _, group in groupby(periods):
        end = start + len(list(group))
        part: list[str] = []
        for report_id in report_ids[start:end]:
            part.append(report_id)
            is_long = len(part) >= MIN_REPORTS and _ends_part(report_id)
            if is_long or len(part) == MAX_REPORTS:
                yield part
                part = []
        if part:
            yield part
        start = end


def _ends_part(report_id: str) -> bool:
    """Tell whether a part that is long enough ends with a report; the same wherever it stands."""
    digest = hashlib.sha256(report_id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") % _ONE_IN == 0


def parts_of(step: Step, store: Store, made_from: Manifest) -> list[Part]:
    """Return the parts of a step's work, in the order of the table that paces it.

    Parameters
    ----------
    step : Step
    store : Store
    made_from : dict
        The step's recipe.

    Raises
    ------
    ArtifactError
        When a table holds a report that the pacing one lacks.
    """
    pace = store.open(step.paced_by).read(columns=["report_id", "period"])
    of_each = list(cut(pace.column("report_id").to_pylist(), pace.column("period").to_pylist()))
    ids = [_hashed(report_ids) for report_ids in of_each]
    told = {name: _told(name, store, step.paced_by, of_each, ids) for name in step.tables}
    shared = {key: value for key, value in made_from.items() if key != "inputs"}
    starts = dict.fromkeys(step.tables, 0)
    parts = []
    for number, report_ids in enumerate(of_each):
        spans = {name: (starts[name], told[name][number][0]) for name in step.tables}
        content = {name: told[name][number][1] for name in step.tables}
        key = _hashed([shared, content, ids[number]])
        parts.append(Part(ids[number], key, len(report_ids), spans))
        for name, (_, n_rows) in spans.items():
            starts[name] += n_rows
    return parts


def _hashed(value: Any) -> str:
    """Return the hash of a value of JSON."""
    told = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _told(
    name: str, store: Store, paced_by: str, of_each: list[list[str]], ids: list[str]
) -> list[tuple[int, str]]:
    """Return the number of rows of each part in a table, and their hash.

    A table that was made by the same parts lists them in its manifest; another is read.
    """
    listed = _listed(name, store)
    if [part.ids for part in listed] == ids:
        return [(part.n_rows, part.content) for part in listed]
    reader = ReportReader.of_file(store.open(name))
    found = []
    for report_ids in of_each:
        rows = reader.take(pa.array(report_ids, pa.string()))
        found.append((len(rows), content_sha256(rows)))
    check_at_end(reader, name, paced_by)
    return found


def _listed(name: str, store: Store) -> list[Listed]:
    """Return the parts that a finished table is made of; none where its manifest lists none."""
    manifest = store.manifest(name)
    if manifest is None or not store.is_whole(name):
        return []
    listed = [Listed(*part) for part in manifest.get("parts", [])]
    is_all = sum(part.n_rows for part in listed) == manifest["output"]["rows"]
    return listed if is_all else []


class KnownParts:
    """The parts that a step's tables, as they stand, are made of.

    Parameters
    ----------
    store : Store
    names : tuple of str
        The step's tables; none where they are not to be used.
    """

    def __init__(self, store: Store, names: tuple[str, ...]) -> None:
        spans: dict[str, dict[str, tuple[Span, str]]] = {}
        self._readers: dict[str, SpanReader] = {}
        for name in names:
            start = 0
            for part in _listed(name, store):
                spans.setdefault(part.key, {})[name] = ((start, part.n_rows), part.content)
                start += part.n_rows
            if start:
                self._readers[name] = SpanReader(store.open(name))
        self._known = {key: of_key for key, of_key in spans.items() if len(of_key) == len(names)}

    def __contains__(self, key: str) -> bool:
        """Tell whether a part is known."""
        return key in self._known

    def rows(self, key: str, name: str) -> tuple[pa.Table, str]:
        """Return a part's rows of a table, and their hash."""
        span, content = self._known[key][name]
        if name not in self._readers:
            return TABLES[name].schema.empty_table(), content
        return self._readers[name].rows(*span), content


def merge(
    step: Step,
    store: Store,
    parts: list[Part],
    known: KnownParts,
    writer_of: Callable[[str], TableWriter],
) -> dict[str, list[Listed]]:
    """Write a step's tables from their parts, in order.

    Parameters
    ----------
    step : Step
    store : Store
    parts : list of Part
    known : KnownParts
        Those of the tables as they stand.
    writer_of : callable
        Given the name of a table, returns its writer, which is not closed here.

    Returns
    -------
    dict of str to list of Listed
        For each table its parts: the manifests' ``parts``.
    """
    listed: dict[str, list[Listed]] = {}
    for name in step.makes:
        writer = writer_of(name)
        listed[name] = []
        for part in parts:
            if part.key in known:
                rows, content = known.rows(part.key, name)
            else:
                rows = pq.read_table(part_file(store.study, step.name, part.key, name))
                content = content_sha256(rows)
            writer.append_arrow(rows.cast(writer.schema))
            listed[name].append(Listed(part.ids, part.key, len(rows), content))
    return listed


def missing(
    parts: list[Part], known: KnownParts, is_done: Callable[[str], Done | None]
) -> list[Part]:
    """Return the parts to compute: neither known nor done by a run that was killed."""
    return [part for part in parts if part.key not in known and is_done(part.key) is None]
