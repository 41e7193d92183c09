"""Read and write the tables of a study, each with its manifest.

A table is ``tables/<name>.parquet`` (``raw/`` for those with personal data) and its manifest is
``tables/<name>.json``. Files are written aside and renamed, manifests last: a table without a
manifest is not finished. Writing the same rows gives the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import ArtifactError
from pipeline.frames import read_frame, to_arrow
from pipeline.study import Study, private_folder
from pipeline.tables import TABLES, VECTOR

ROW_GROUP_ROWS = 32_768
_CODE_SUFFIXES = (".css", ".j2", ".js", ".py", ".toml")
_MANIFEST_KEYS = {"stage", "config", "inputs", "code", "resources", "seconds", "made_at", "output"}
_MAKE_NO_TABLE = ("configs/", "exchange/", "models/", "workbench/")

Manifest = dict[str, Any]


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def column_hashes(path: Path) -> dict[str, str]:
    """Return a hash of each column of a Parquet file, over the bytes it has there.

    Like the file's own it is the same for the same rows, and it stays when other columns change.
    """
    groups = pq.read_metadata(path)
    digests: dict[str, Any] = {}
    with path.open("rb") as stream:
        for number in range(groups.num_row_groups):
            group = groups.row_group(number)
            for place in range(group.num_columns):
                chunk = group.column(place)
                first = chunk.dictionary_page_offset or chunk.data_page_offset
                stream.seek(min(first, chunk.data_page_offset))
                name = chunk.path_in_schema.partition(".")[0]
                digest = digests.setdefault(name, hashlib.sha256())
                digest.update(f"{chunk.path_in_schema}\0{chunk.num_values}\0".encode())
                digest.update(stream.read(chunk.total_compressed_size))
    return {name: digest.hexdigest()[:32] for name, digest in digests.items()}


def is_as_read(read: Mapping[str, Any], output: Mapping[str, Any]) -> bool:
    """Tell whether a table is still what a step has read of it: all of it, or some columns.

    Parameters
    ----------
    read : mapping
        What the manifest of the step's own result says of this input.
    output : mapping
        What the manifest of the table says of it now.
    """
    if "columns" not in read:
        return bool(read["sha256"] == output["sha256"])
    held = output.get("columns", {})
    return all(held.get(name) == digest for name, digest in read["columns"].items())


@cache
def code_sha256() -> str:
    """Return one SHA-256 over the names and bytes of the package's own source files.

    The workbench and the exchange with other programs make no table, so a change in them reruns
    no stage.
    """
    root = Path(str(files("pipeline")))
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in _CODE_SUFFIXES):
        name = path.relative_to(root).as_posix()
        if not name.startswith(_MAKE_NO_TABLE):
            digest.update(f"{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def columns_missing(name: str, path: Path) -> tuple[str, ...]:
    """Return the columns of the contract that a table's file lacks, or holds in another type.

    Parameters
    ----------
    name : str
        Name of a table in ``TABLES``.
    path : Path
        A Parquet file; one that cannot be read lacks every column.
    """
    try:
        return _missing(name, pq.read_schema(path))
    except (pa.ArrowInvalid, OSError):
        return tuple(column.name for column in TABLES[name].columns)


def _missing(name: str, schema: pa.Schema) -> tuple[str, ...]:
    """Return the columns of the contract that a schema lacks, or has in another type."""
    held = {field.name: field.type for field in schema}
    return tuple(c.name for c in TABLES[name].columns if not _same(held.get(c.name), c.type))


def _same(held: pa.DataType | None, wanted: pa.DataType) -> bool:
    """Tell whether a column's type is the declared one, whatever its lists call their items."""
    return held is not None and held.equals(wanted, check_metadata=False)


def _laid_out(schema: pa.Schema) -> dict[str, Any]:
    """Return how a table's columns lie in its file, where that is not Parquet's way.

    Of vectors all first bytes lie together, then all second ones: of numbers of half precision the
    last bytes say little, and take next to no room.
    """
    vectors = [field.name for field in schema if field.type == VECTOR]
    if not vectors:
        return {}
    return {
        "use_dictionary": False,
        "column_encoding": {f"{name}.list.element": "BYTE_STREAM_SPLIT" for name in vectors},
    }


class TableWriter:
    """Write one table batch by batch, in row groups of a fixed size.

    The size of the batches does not show in the file.
    """

    def __init__(self, name: str, path: Path, attempt: str = "") -> None:
        self.name = name
        self.path = path
        self.part = path.with_name(f".{path.name}{attempt}.part")
        self.schema = TABLES[name].schema
        self.n_rows = 0
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._writer = pq.ParquetWriter(
            self.part, self.schema, compression="zstd", **_laid_out(self.schema)
        )

    def append(self, frame: pd.DataFrame) -> None:
        """Check a batch against the contract and add it."""
        self.append_arrow(to_arrow(self.name, frame))

    def append_arrow(self, table: pa.Table) -> None:
        """Add rows that were checked before."""
        self.n_rows += table.num_rows
        self._n_waiting += table.num_rows
        self._waiting.append(table)
        if self._n_waiting >= ROW_GROUP_ROWS:
            self._flush(all_rows=False)

    def close(self) -> None:
        """Write what is waiting and end the file; it still stands aside."""
        self._flush(all_rows=True)
        self._writer.close()

    def _flush(self, *, all_rows: bool) -> None:
        """Write full row groups, and the last short one when ``all_rows``."""
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting).combine_chunks()
        n_now = table.num_rows if all_rows else table.num_rows // ROW_GROUP_ROWS * ROW_GROUP_ROWS
        if n_now:
            self._writer.write_table(table.slice(0, n_now), row_group_size=ROW_GROUP_ROWS)
        rest = table.slice(n_now)
        self._waiting = [rest] if rest.num_rows else []
        self._n_waiting = rest.num_rows


class Store:
    """The tables and manifests of one study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._read: dict[str, tuple[tuple[int, int, int], Manifest]] = {}

    def path(self, name: str) -> Path:
        """Return where a table's rows lie."""
        folder = self.study.raw if TABLES[name].is_raw else self.study.tables
        return folder / f"{name}.parquet"

    def fitted_path(self, name: str) -> Path:
        """Return where what a step has fitted lies."""
        return self.study.tables / f"{name}.npz"

    def manifest_path(self, name: str) -> Path:
        """Return where a manifest lies: of a table, a fitted thing, a form or ``report``."""
        return self.study.tables / f"{name}.json"

    def manifest(self, name: str) -> Manifest | None:
        """Return a manifest, or None when the table is not finished.

        A manifest that lacks what is read today was written by another version: its table is not
        finished for this one. A file that has not changed is not read again; nobody may change what
        is returned.
        """
        path = self.manifest_path(name)
        try:
            told = path.stat()
        except FileNotFoundError:
            return None
        seen = (told.st_ino, told.st_mtime_ns, told.st_size)
        if name not in self._read or self._read[name][0] != seen:
            try:
                self._read[name] = seen, json.loads(path.read_text(encoding="utf-8"))
            except ValueError as err:
                raise ArtifactError(
                    "{path} is damaged. Delete it and run again to make the table anew.", path=path
                ) from err
        manifest = self._read[name][1]
        return manifest if manifest.keys() >= _MANIFEST_KEYS else None

    def is_whole(self, name: str) -> bool:
        """Tell whether a table's file is there, of the size stated and with its columns of today.

        A table that another version of the program made may lack a column that is read now.
        """
        manifest = self.manifest(name)
        path = self.path(name)
        if manifest is None or not path.exists():
            return False
        if path.stat().st_size != manifest["output"]["bytes"]:
            return False
        return not columns_missing(name, path)

    def writer(self, name: str) -> TableWriter:
        """Start writing a table aside."""
        if TABLES[name].is_raw:
            private_folder(self.study.raw)
        return TableWriter(name, self.path(name))

    def drop_manifests(self, names: Sequence[str]) -> None:
        """Mark outputs as unfinished before they are replaced."""
        for name in names:
            self.manifest_path(name).unlink(missing_ok=True)

    def finish(
        self,
        writers: Sequence[TableWriter],
        manifest: Mapping[str, Any],
        parts: Mapping[str, Any] | None = None,
    ) -> None:
        """Put closed tables in place, then their manifests.

        Parameters
        ----------
        writers : sequence of TableWriter
            Closed writers of all tables of one step.
        manifest : mapping
            What the manifests share; ``table`` and ``output`` are added to each.
        parts : mapping of str to list, optional
            By table, the parts its rows are made of.
        """
        for writer in writers:
            writer.part.replace(writer.path)
        for writer in writers:
            output = {
                "rows": writer.n_rows,
                "bytes": writer.path.stat().st_size,
                "sha256": sha256_file(writer.path),
                "columns": column_hashes(writer.path),
            }
            made = {"table": writer.name, **manifest, "output": output}
            if parts and writer.name in parts:
                made["parts"] = parts[writer.name]
            self.write_manifest(writer.name, made)

    def write_manifest(self, name: str, manifest: Mapping[str, Any]) -> None:
        """Write a manifest aside and rename it."""
        path = self.manifest_path(name)
        part = path.with_name(f".{path.name}.part")
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(path)

    def read(self, name: str, *columns: str) -> pd.DataFrame:
        """Read a finished table whole, or some of its columns.

        Raises
        ------
        ArtifactError
            When it is not finished or damaged.
        """
        return read_frame(self.open(name), columns or None)

    def open(self, name: str) -> pq.ParquetFile:
        """Open a finished table.

        Raises
        ------
        ArtifactError
            When it is not finished or damaged.
        """
        manifest = self.manifest(name)
        if manifest is None:
            raise ArtifactError(
                "Table {name} has not been made. Run: havainto run {study}",
                name=name,
                study=self.study.root,
            )
        if not self.path(name).exists():
            raise ArtifactError(
                "{path} was made and is gone. Run: havainto run {study} --from {manifest}",
                path=self.path(name),
                study=self.study.root,
                manifest=manifest["stage"],
            )
        try:
            file = pq.ParquetFile(self.path(name))
        except (pa.ArrowInvalid, OSError) as err:
            raise ArtifactError(
                "{path} is damaged. Run: havainto run {study} --from {manifest}",
                path=self.path(name),
                study=self.study.root,
                manifest=manifest["stage"],
            ) from err
        if missing := _missing(name, file.schema_arrow):
            raise self._of_another_version(name, missing)
        return file

    def _of_another_version(self, name: str, missing: Sequence[str]) -> ArtifactError:
        """Return the error for a table that lacks what the program reads now."""
        values = {"path": self.path(name), "missing": ", ".join(missing), "study": self.study.root}
        if self.study.has_raw or not any(self.study.tables.glob("raw_reports.json")):
            return ArtifactError(
                "{path} was made by another version of Havainto: it lacks {missing}. Run: "
                "havainto run {study}",
                **values,
            )
        return ArtifactError(
            "{path} was made by another version of Havainto: it lacks {missing}, and raw/ was "
            "purged. Put every form export back into inputs/ and run: "
            "havainto run {study} --from ingest",
            **values,
        )
