"""Search every file of a folder for strings, inside zips, tables and databases too."""

import gzip
import html
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq

_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_MARKED = (".xml", ".rels", ".html", ".svg", ".qde", ".ttl")


def contents(name: str, held: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file's own bytes and everything packed in it, each with a path to it.

    Parameters
    ----------
    name : str
    held : bytes

    Yields
    ------
    tuple of str and bytes
        Members of zips (also of those inside them), the rows of Parquet files with their metadata,
        the rows of SQLite databases with packed pieces unpacked, and marked-up text without marks.
    """
    yield name, held
    if held[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(held)) as archive:
            yield f"{name}!comment", archive.comment
            for member in archive.infolist():
                yield f"{name}!names", member.filename.encode()
                yield from contents(f"{name}!{member.filename}", archive.read(member))
    elif held[:4] == b"PAR1" and held[-4:] == b"PAR1" and len(held) > 8:
        file = pq.ParquetFile(io.BytesIO(held))
        yield f"{name}!schema", str(file.schema_arrow.metadata).encode()
        for batch in file.iter_batches():
            for column in batch.schema.names:
                if not str(batch.schema.field(column).type).startswith("list<element: float"):
                    yield f"{name}!{column}", str(batch.column(column).to_pylist()).encode()
    elif held[:15] == b"SQLite format 3":
        yield from _database(name, held)
    elif held[:2] == b"\x1f\x8b":
        yield from contents(f"{name}!gz", gzip.decompress(held))
    elif name.endswith(_MARKED):
        text = held.decode("utf-8", errors="replace")
        yield f"{name}!text", html.unescape(_TAG.sub("", text)).encode()
        yield f"{name}!attributes", html.unescape(text).encode()


def _database(name: str, held: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the rows of a database, packed pieces unpacked."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(held)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in connection.execute(f'SELECT * FROM "{table}"'):
            for value in row:
                if isinstance(value, bytes):
                    yield f"{name}!{table}", _unpacked(value)
                elif value is not None:
                    yield f"{name}!{table}", str(value).encode()
    connection.close()


def _unpacked(value: bytes) -> bytes:
    """Return the bytes of a piece, unpacked when it is packed."""
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def places_of(
    strings: Sequence[str], folder: Path, leave: Sequence[str] = ()
) -> set[tuple[str, str]]:
    """Return (string, file) for every string that a file of a folder holds in any case of letters.

    Parameters
    ----------
    strings : sequence of str
    folder : Path
    leave : sequence of str
        First parts of paths that are not searched.

    Returns
    -------
    set of tuple
        Names of files count too, and texts in UTF-16.
    """
    wanted = {string: _needles(string) for string in strings}
    found = set()
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_dir() or place.parts[0] in leave:
            continue
        for inner, held in (("name", str(place).encode()), *contents(path.name, path.read_bytes())):
            flat = _flat(held)
            where = f"{place}{inner.removeprefix(path.name)}"
            found |= {(one, where) for one, needles in wanted.items()
                      if any(needle in flat for needle in needles)}  # fmt: skip
    return found


def _flat(held: bytes) -> bytes:
    """Return bytes in small letters, with what UTF-16 and escapes beyond ASCII say as well."""
    text = held.decode("utf-8", errors="ignore").casefold()
    parts = [held.lower(), text.encode()]
    if b"\\u" in held:
        parts.append(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text).casefold().encode())
    if b"\0" in held:
        parts.append(held.decode("utf-16-le", errors="ignore").casefold().encode("utf-8", "ignore"))
    return b"\n".join(parts)


def _needles(string: str) -> tuple[bytes, ...]:
    """Return the bytes a string may stand as."""
    small = string.casefold()
    return (small.encode(), small.encode("latin-1", "replace"))
