"""Read the rows of whole reports, or of a span, from tables; and name rows by their content."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import ArtifactError
from pipeline.frames import to_frame

_READ_ROWS = 8_192
_ID = "__report_id"


def batches_of_reports(
    names: Sequence[str], readers: Sequence["ReportReader"], n_reports: int
) -> Iterator[tuple[pd.DataFrame, ...]]:
    """Read several tables side by side, a batch of whole reports at a time.

    Parameters
    ----------
    names : sequence of str
        Tables with ``report_id`` or ``segment_id``, all in the same order of reports. The first
        leads: every report of the others must be in it.
    readers : sequence of ReportReader
        One a table.
    n_reports : int
        Reports a batch.

    Yields
    ------
    tuple of DataFrame
        One frame a table.

    Raises
    ------
    ArtifactError
        When a table holds a report that the leading one lacks.
    """
    lead, *others = readers
    while (ids := lead.next_ids(n_reports)) is not None:
        yield tuple(to_frame(reader.take(ids)) for reader in readers)
    for name, reader in zip(names[1:], others, strict=True):
        check_at_end(reader, name, names[0])


def check_at_end(reader: "ReportReader", name: str, lead: str) -> None:
    """Check that a table holds no report that the one which sets the pace lacks.

    Raises
    ------
    ArtifactError
    """
    if reader.has_more():
        raise ArtifactError(
            "{name} holds reports that {names} lacks, or in another order. Run again with --force.",
            name=name,
            names=lead,
        )


class ReportReader:
    """Hand out the rows of whole reports, in order.

    Parameters
    ----------
    schema : pyarrow.Schema
    batches : iterable of pyarrow.RecordBatch
        The rows.
    """

    def __init__(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = iter(batches)
        self._buffer = _with_id(schema.empty_table())

    @classmethod
    def of_file(cls, file: pq.ParquetFile) -> "ReportReader":
        """Read a whole file, some thousand rows at a time."""
        return cls(file.schema_arrow, file.iter_batches(batch_size=_READ_ROWS))

    @classmethod
    def of_table(cls, table: pa.Table) -> "ReportReader":
        """Read rows that are in memory."""
        return cls(table.schema, table.to_batches())

    def _fill(self) -> bool:
        """Read one more batch into the buffer; False at the end of the file."""
        batch = next(self._batches, None)
        if batch is None:
            return False
        more = _with_id(pa.Table.from_batches([batch]))
        self._buffer = pa.concat_tables([self._buffer, more]) if len(self._buffer) else more
        return True

    def has_more(self) -> bool:
        """Tell whether rows are left."""
        return len(self._buffer) > 0 or self._fill()

    def next_ids(self, n_reports: int) -> pa.Array | None:
        """Return the next reports, whose rows are not yet taken, or None at the end."""
        while len(pc.unique(self._buffer.column(_ID))) <= n_reports and self._fill():
            pass
        if not len(self._buffer):
            return None
        return pc.unique(self._buffer.column(_ID)).slice(0, n_reports)

    def take(self, ids: pa.Array) -> pa.Table:
        """Return the next rows that belong to the given reports."""
        while self._all_in(ids) and self._fill():
            pass
        mask = pc.is_in(self._buffer.column(_ID), value_set=ids)
        first_other = pc.index(mask, value=False).as_py()
        n_rows = len(self._buffer) if first_other < 0 else first_other
        taken = self._buffer.slice(0, n_rows)
        self._buffer = self._buffer.slice(n_rows)
        return taken.drop_columns([_ID])

    def _all_in(self, ids: pa.Array) -> bool:
        """Tell whether every waiting row belongs to the given reports."""
        mask = pc.is_in(self._buffer.column(_ID), value_set=ids)
        return not len(mask) or bool(pc.all(mask).as_py())


def _with_id(table: pa.Table) -> pa.Table:
    """Add the report each row belongs to."""
    if "report_id" in table.column_names:
        ids = table.column("report_id")
    else:
        # <report_id>/<field>/<nnn>
        ids = pc.replace_substring_regex(table.column("segment_id"), r"/[^/]+/[^/]+$", "")
    return table.append_column(_ID, ids.cast(pa.string()))


class SpanReader:
    """Read spans of rows; the row groups read last are kept, since spans come in order."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self._file = file
        meta = file.metadata
        self._ends: list[int] = []
        for number in range(meta.num_row_groups):
            before = self._ends[-1] if self._ends else 0
            self._ends.append(before + meta.row_group(number).num_rows)
        self._kept: dict[int, pa.Table] = {}

    def rows(self, start: int, n_rows: int) -> pa.Table:
        """Return ``n_rows`` rows from ``start`` on."""
        kept: dict[int, pa.Table] = {}
        found = [self._file.schema_arrow.empty_table()]
        group_start = 0
        for number, end in enumerate(self._ends):
            first, last = max(start, group_start), min(start + n_rows, end)
            if first < last:
                group = self._kept.get(number)
                kept[number] = self._file.read_row_group(number) if group is None else group
                found.append(kept[number].slice(first - group_start, last - first))
            group_start = end
        self._kept = kept
        return pa.concat_tables(found)


def content_sha256(table: pa.Table) -> str:
    """Return the SHA-256 of a table's values, however they lie in memory.

    As Parquet and not as they lie, since what stands where a value is null is anything.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(
        table.combine_chunks(),
        sink,
        row_group_size=max(1, len(table)),
        compression="none",
        use_dictionary=False,
        write_statistics=False,
    )
    return hashlib.sha256(sink.getvalue()).hexdigest()
