"""Frames of the contract's tables: made empty, checked on the way to a file, and read back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contract.table import EVIDENCE, TEXTS
from pipeline.errors import ArtifactError
from pipeline.tables import DATE, TABLES, TEXT, VECTOR, Column


def empty(name: str) -> pd.DataFrame:
    """Return the table of that name with no rows and the columns of the contract."""
    return pd.DataFrame({column.name: pd.Series(dtype=object) for column in TABLES[name].columns})


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a frame as named tuples, so that ``row.report_id`` reads like the table."""
    yield from frame.itertuples(index=False)


def to_arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    """Check a frame against the contract and turn it into an Arrow table.

    Parameters
    ----------
    name : str
        Name of a table in ``TABLES``.
    frame : DataFrame
        Its columns may stand in any order.

    Returns
    -------
    pyarrow.Table
        Columns in the order of the contract.

    Raises
    ------
    ArtifactError
        When a column is missing, unknown, of the wrong type, or null where null is not allowed.
    """
    table = TABLES[name]
    known = [column.name for column in table.columns]
    if sorted(known) != sorted(frame.columns):
        missing = sorted(set(known) - set(frame.columns))
        unknown = sorted(set(frame.columns) - set(known))
        raise ArtifactError(
            "{name} does not have its columns. Missing {missing}, extra {unknown}.",
            name=name,
            missing=missing,
            unknown=unknown,
        )
    arrays = [_to_array(name, column, frame[column.name]) for column in table.columns]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _to_array(name: str, column: Column, values: pd.Series) -> pa.Array:
    """Turn one column into an Arrow array of the declared type."""
    if column.type == VECTOR and len(values):
        return _vectors(values)
    try:
        array = pa.array(values, type=column.type, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as err:
        raise ArtifactError(
            "{name}.{column} must be {type}.", name=name, column=column.name, type=column.type
        ) from err
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if array.null_count and not column.nullable:
        raise ArtifactError(
            "{name}.{column} has {null_count} empty values.",
            name=name,
            column=column.name,
            null_count=array.null_count,
        )
    return array


def _vectors(values: pd.Series) -> pa.Array:
    """Turn a column of equally long float32 vectors into an Arrow list array, without copies."""
    matrix = np.stack(values.to_list()).astype(np.float32, copy=False)
    n_rows, n_dims = matrix.shape
    offsets = np.arange(0, (n_rows + 1) * n_dims, n_dims, dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(matrix.ravel()), type=VECTOR)


def read_frame(file: pq.ParquetFile, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table, or some of its columns, each after the other, so that none lies there twice.

    Parameters
    ----------
    file : ParquetFile
    columns : sequence of str, optional
        Names; all of the table by default.

    Returns
    -------
    DataFrame
        As :func:`to_frame` makes it, with the columns in the order asked for.
    """
    named = file.schema_arrow.names if columns is None else columns
    n_rows, n_groups = file.metadata.num_rows, file.metadata.num_row_groups
    data: dict[str, pd.Series] = {}
    for name in named:
        if file.schema_arrow.field(name).type == VECTOR:
            groups = (file.read_row_group(i, columns=[name]).column(0) for i in range(n_groups))
            matrix = matrix_of(n_rows, (chunk for group in groups for chunk in group.chunks))
            data[name] = _object_series(list(matrix))
        else:
            data[name] = _series(file.read(columns=[name]).column(0))
    pa.default_memory_pool().release_unused()
    return pd.DataFrame(data, copy=False)


def to_frame(arrow: pa.Table) -> pd.DataFrame:
    """Turn an Arrow table into a frame: lists as Python lists, vectors as float32 arrays.

    Dates come as :class:`datetime.date`, texts as Python strings in object columns. Equal texts,
    and equal lists of texts, are one object: they are read and never changed. Evidence stays in
    Arrow, and becomes Python values where a pair's is asked for.
    """
    return pd.DataFrame({name: _series(arrow.column(name)) for name in arrow.column_names})


def _series(column: pa.ChunkedArray) -> pd.Series:
    """Turn one column into a Series, as :func:`to_frame` says."""
    kind = column.type
    if kind == VECTOR:
        return _object_series(list(matrix_of(len(column), column.chunks)))
    if kind == TEXT:
        return pd.Series(_texts(column), dtype=object)
    if kind == TEXTS:
        return _object_series(_lists(column))
    if kind == EVIDENCE:
        return pd.Series(column, dtype=pd.ArrowDtype(kind))
    if pa.types.is_list(kind) or kind == DATE:
        return _object_series(column.to_pylist())
    if column.null_count:
        with_nulls: pd.Series = column.to_pandas(integer_object_nulls=False)
        return with_nulls
    return pd.Series(column.to_numpy())


def _texts(column: pa.ChunkedArray) -> np.ndarray:
    """Return texts as Python strings, equal ones as one object: most columns repeat a few."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):  # without rows there may be no chunk
        encoded = encoded.combine_chunks()
    known = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    numbers = encoded.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(known[numbers])


def _lists(column: pa.ChunkedArray) -> list[object]:
    """Return lists of texts as Python lists, equal lists as one object: most are empty."""
    if column.null_count:
        return list(column.to_pylist())
    known: dict[tuple[str, ...], list[str]] = {}
    empty_list = known.setdefault((), [])
    found: list[object] = []
    for chunk in (chunk for chunk in column.chunks if len(chunk)):
        texts = _texts(pa.chunked_array([chunk.flatten()], type=TEXT)).tolist()
        ends = np.diff(chunk.offsets.to_numpy()).cumsum()
        filled = np.flatnonzero(np.diff(ends, prepend=0))
        of_chunk: list[object] = [empty_list] * len(chunk)
        starts = np.concatenate([[0], ends[:-1]])[filled].tolist()
        for row, start, end in zip(filled.tolist(), starts, ends[filled].tolist(), strict=True):
            items = texts[start:end]
            of_chunk[row] = known.setdefault(tuple(items), items)
        found += of_chunk
    return found


def _object_series(values: list[object]) -> pd.Series:
    """Hold values as they are: no guessing of types, which pandas does on its own."""
    series = pd.Series([None] * len(values), dtype=object)
    series[:] = values
    return series


def matrix_of(n_rows: int, chunks: Iterable[pa.ListArray]) -> np.ndarray:
    """Lay the vectors of some arrays out as one matrix; each array may be gone after its turn.

    Parameters
    ----------
    n_rows : int
        Of all arrays together.
    chunks : iterable of ListArray
        Vectors of equal length.

    Returns
    -------
    ndarray of float32, shape (n_rows, n_dims)
        (0, 0) without rows.
    """
    matrix = np.zeros((0, 0), dtype=np.float32)
    start = 0
    for chunk in (chunk for chunk in chunks if len(chunk)):
        rows = chunk.flatten().to_numpy().reshape(len(chunk), -1)
        if not start:
            matrix = np.empty((n_rows, rows.shape[1]), dtype=np.float32)
        matrix[start : start + len(rows)] = rows
        start += len(rows)
    return matrix
