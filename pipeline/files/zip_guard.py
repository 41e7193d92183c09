"""Look into a spreadsheet's zip before a reader unpacks it."""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.files.sheet_extent import BrokenSheetError, ods_extents, xlsx_extent

MAX_UNPACKED_BYTES = 1 << 30
MAX_CELLS = 50_000_000
_ODS = "content.xml"
_MAX_RATIO = 300
_MIN_BOMB_BYTES = 50 << 20
_CHUNK_BYTES = 1 << 20
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"

_ERROR_CELL = re.compile(rb'<(?:\w+:)?c (?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>')
_EMPTY_FORMULA = re.compile(
    rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*'
    rb"<(?:\w+:)?f(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_FROM_1904 = re.compile(rb'<(?:\w+:)?workbookPr[^>]*\bdate1904="(?:1|true)"')
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet [^>]*>")
_RELATION_TAG = re.compile(rb"<(?:\w+:)?Relationship [^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


@dataclass(frozen=True)
class Workbook:
    """What is known of a spreadsheet file before it is read.

    Attributes
    ----------
    kind : str
        ``"xlsx"`` or ``"ods"``, by its content.
    errors : dict of str to list of (int, int)
        Sheet name to the (row from 1, column from 0) of cells that hold a formula's error.
    unsaved : dict of str to list of (int, int)
        The same for formulas whose result is not in the file.
    counts_from_1904 : bool
        Whether a bare number stands for days since 1904, as in workbooks of old Macs.
    """

    kind: str
    errors: dict[str, list[tuple[int, int]]]
    unsaved: dict[str, list[tuple[int, int]]]
    counts_from_1904: bool = False


def look_into(path: Path, file: str) -> Workbook:
    """Check that a file is a spreadsheet that is safe to unpack.

    Parameters
    ----------
    path : Path
    file : str
        Name of the file in messages.

    Returns
    -------
    Workbook

    Raises
    ------
    InputError
        When the file is another kind of file, protected, damaged, or unpacks to too much.
    """
    with path.open("rb") as stream:
        magic = stream.read(8)
    if magic.startswith(_OLE_MAGIC):
        raise InputError(
            "{file} is protected with a password or is an old .xls file. Save it in "
            "Excel as .xlsx without a password.",
            file=file,
        )
    if not magic.startswith(b"PK"):
        raise InputError(
            "{file} is not a spreadsheet, whatever its name says. Save it as .xlsx or .csv.",
            file=file,
        )
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive, file)
            kind = _kind(archive, file)
            errors, unsaved = _scan(archive, file) if kind == "xlsx" else ({}, {})
            if kind == "ods":
                _check_extents({_ODS: _read(archive, _ODS)}, file)
            is_1904 = bool(_FROM_1904.search(_read(archive, "xl/workbook.xml")))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as err:
        raise InputError(
            "{file} is damaged and cannot be unpacked. Export it again.", file=file
        ) from err
    except RuntimeError as err:  # how zipfile says that an entry is encrypted
        raise InputError(
            "{file} is protected with a password. Save it without one.", file=file
        ) from err
    return Workbook(kind, errors, unsaved, is_1904)


def _check_sizes(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse a zip that would unpack to more than a spreadsheet of reports ever holds.

    Every entry is unpacked once in small pieces, since the sizes in the zip's list may lie.
    """
    entries = archive.infolist()
    n_bytes = sum(entry.file_size for entry in entries)
    ratio = max((e.file_size / max(e.compress_size, 1) for e in entries), default=0)
    if n_bytes > MAX_UNPACKED_BYTES or (n_bytes > _MIN_BOMB_BYTES and ratio > _MAX_RATIO):
        raise InputError(
            "{file} would unpack to {n_bytes:,} bytes, {ratio:,.0f} times its size, and "
            "was not opened. Copy the answers to a new workbook.",
            file=file,
            n_bytes=n_bytes,
            ratio=ratio,
        )
    for entry in entries:
        with archive.open(entry) as stream:
            while stream.read(_CHUNK_BYTES):
                pass


def _kind(archive: zipfile.ZipFile, file: str) -> str:
    """Tell which kind of spreadsheet a zip is."""
    names = {_plain(name) for name in archive.namelist()}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
        if b"encryption-data" in _read(archive, "META-INF/manifest.xml"):
            raise InputError("{file} is protected with a password. Save it without one.", file=file)
        return "ods"
    if "word/document.xml" in names:
        raise InputError(
            "{file} is a Word document. Give the form's export as .xlsx or .csv.", file=file
        )
    raise InputError(
        "{file} is a zip file without a spreadsheet Havainto can read. Save it as .xlsx or .csv.",
        file=file,
    )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return an entry, or nothing when it is not there.

    Some programs write backslashes or other capitals into the names, and readers take them.
    """
    entries = {_plain(entry): entry for entry in archive.namelist()}
    return archive.read(entries[_plain(name)]) if _plain(name) in entries else b""


def _plain(name: str) -> str:
    """Return an entry's name as readers compare it."""
    return name.replace("\\", "/").lower()


def _scan(
    archive: zipfile.ZipFile, file: str
) -> tuple[dict[str, list[tuple[int, int]]], dict[str, list[tuple[int, int]]]]:
    """Find the cells of each sheet that the reader would give as empty, and its far corner."""
    errors, unsaved = {}, {}
    for name, entry in _sheets(archive):
        content = _read(archive, entry)
        if content:
            _check_extents({name: content}, file)
        errors[name] = [_place(match) for match in _ERROR_CELL.finditer(content)]
        unsaved[name] = [_place(match) for match in _EMPTY_FORMULA.finditer(content)]
    return errors, unsaved


def _check_extents(sheets: dict[str, bytes], file: str) -> None:
    """Refuse sheets whose cells reach so far that a reader would ask for all memory."""
    for name, content in sheets.items():
        try:
            is_ods = name == _ODS
            extents = ods_extents(content) if is_ods else {name: xlsx_extent(content)}
        except BrokenSheetError as err:
            raise InputError(
                "{file}: sheet {name!r} {err}. Copy the answers to a new workbook.",
                file=file,
                name=name,
                err=err,
            ) from err
        for sheet, (n_rows, n_columns) in extents.items():
            if n_rows * n_columns > MAX_CELLS:
                raise InputError(
                    "{file}: sheet {sheet!r} reaches to row {n_rows:,} and column "
                    "{n_columns:,}. Copy the answers to a new workbook.",
                    file=file,
                    sheet=sheet,
                    n_rows=n_rows,
                    n_columns=n_columns,
                )


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name and the zip entry it lies in."""
    relations = _RELATION_TAG.findall(_read(archive, "xl/_rels/workbook.xml.rels"))
    targets = {tag[b"Id"]: tag[b"Target"] for tag in map(_attributes, relations)}
    for tag in map(_attributes, _SHEET_TAG.findall(_read(archive, "xl/workbook.xml"))):
        target = targets.get(tag.get(b"r:id", b""), b"").decode("utf-8", "replace")
        target = target.replace("\\", "/")
        entry = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        yield html.unescape(tag.get(b"name", b"").decode("utf-8", "replace")), entry


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a tag; a missing ``Id`` or ``Target`` is empty."""
    return {b"Id": b"", b"Target": b"", **dict(_ATTRIBUTE.findall(tag))}


def _column(letters: bytes) -> int:
    """Return the index of a column from its letters, from 0."""
    index = 0
    for letter in letters:
        index = 26 * index + letter - ord("A") + 1
    return index - 1


def _place(match: re.Match[bytes]) -> tuple[int, int]:
    """Return a cell's row from 1 and column from 0."""
    return int(match[2]), _column(match[1])
