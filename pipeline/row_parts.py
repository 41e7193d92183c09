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
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.artifacts import Manifest, Store, TableWriter
from pipeline.engine.work import Done, part_file
from pipeline.steps import Step
from pipeline.table_rows import ReportReader, SpanReader, check_at_end, content_sha256

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
    key : str
        Hash of all that decides what the step makes of them.
    n_reports : int
    spans : dict of str to tuple of int
        Where its rows lie in each table that the step reads: the first, and how many.
    """

    key: str
    n_reports: int
    spans: dict[str, Span]


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
    shared = {key: value for key, value in made_from.items() if key != "inputs"}
    readers = {name: ReportReader.of_file(store.open(name)) for name in step.tables}
    starts = dict.fromkeys(step.tables, 0)
    parts = []
    for ids in cut(pace.column("report_id").to_pylist(), pace.column("period").to_pylist()):
        wanted, spans, content = pa.array(ids, pa.string()), {}, {}
        for name, reader in readers.items():
            rows = reader.take(wanted)
            spans[name] = (starts[name], len(rows))
            starts[name] += len(rows)
            content[name] = content_sha256(rows)
        told = json.dumps([shared, content], sort_keys=True, ensure_ascii=False)
        parts.append(Part(hashlib.sha256(told.encode()).hexdigest()[:32], len(ids), spans))
    for name, reader in readers.items():
        check_at_end(reader, name, step.paced_by)
    return parts


class KnownParts:
    """The parts that a step's tables, as they stand, are made of.

    Parameters
    ----------
    store : Store
    names : tuple of str
        The step's tables; none where they are not to be used.
    """

    def __init__(self, store: Store, names: tuple[str, ...]) -> None:
        self._spans: dict[str, dict[str, Span]] = {}
        self._readers: dict[str, SpanReader] = {}
        if not all(store.is_whole(name) for name in names):
            return
        for name in names:
            manifest = store.manifest(name)
            start, listed = 0, manifest.get("parts", []) if manifest else []
            if manifest is None or sum(n for _, n in listed) != manifest["output"]["rows"]:
                self._spans.clear()
                return
            for key, n_rows in listed:
                self._spans.setdefault(key, {})[name] = (start, n_rows)
                start += n_rows
            self._readers[name] = SpanReader(store.open(name))
        self._spans = {k: spans for k, spans in self._spans.items() if len(spans) == len(names)}

    def __contains__(self, key: str) -> bool:
        """Tell whether a part is known."""
        return key in self._spans

    def rows(self, key: str, name: str) -> pa.Table:
        """Return a part's rows of a table."""
        return self._readers[name].rows(*self._spans[key][name])


def merge(
    step: Step,
    store: Store,
    parts: list[Part],
    known: KnownParts,
    writer_of: Callable[[str], TableWriter],
) -> dict[str, list[list[Any]]]:
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
    dict of str to list
        For each table ``[key, rows]`` of every part: the manifests' ``parts``.
    """
    listed: dict[str, list[list[Any]]] = {}
    for name in step.makes:
        writer = writer_of(name)
        listed[name] = []
        for part in parts:
            if part.key in known:
                rows = known.rows(part.key, name)
            else:
                rows = pq.read_table(part_file(store.study, step.name, part.key, name))
            writer.append_arrow(rows.cast(writer.schema))
            listed[name].append([part.key, len(rows)])
    return listed


def missing(
    parts: list[Part], known: KnownParts, is_done: Callable[[str], Done | None]
) -> list[Part]:
    """Return the parts to compute: neither known nor done by a run that was killed."""
    return [part for part in parts if part.key not in known and is_done(part.key) is None]
