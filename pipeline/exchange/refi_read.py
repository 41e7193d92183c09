"""Read a REFI-QDA project (``.qdpx``) that another program made, without trusting it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.errors import InputError
from pipeline.exchange.guids import plain_guid
from pipeline.exchange.project import Code, Project, Selection, Source, User
from pipeline.exchange.refi_write import NAMESPACE

MAX_ENTRIES = 200_000
MAX_OUTLINE_BYTES = 500_000_000
MAX_TEXT_BYTES = 20_000_000
MAX_CODINGS = 500_000
_MAX_RATIO = 200
_MIN_BOMB_BYTES = 20_000_000
_PARTS = re.compile(r"[\\/]")


def read_qdpx(file: Path) -> Project:
    """Read users, codes and coded texts of a project.

    Parameters
    ----------
    file : Path

    Returns
    -------
    Project
        Sources with their texts as the file holds them. Codings of pictures, sound, video and PDF
        pages are passed over; a source without plain text has the text ``""``.

    Raises
    ------
    InputError
        When the file is no project, holds a DOCTYPE, unpacks to more than it may, names a path
        outside itself, holds more than 500,000 codings, or its XML is broken; the line is named.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = _checked_names(archive, file)
            outline = next((n for n in names if n.lower() == "project.qde"), None)
            if outline is None:
                raise InputError(
                    "{file} holds no project.qde, so it is no REFI-QDA project. Export a project "
                    "(.qdpx), not a codebook.",
                    file=file.name,
                )
            if archive.getinfo(outline).file_size > MAX_OUTLINE_BYTES:
                raise InputError(
                    "{file}: project.qde must be under {n} MB. Export fewer documents at a time.",
                    file=file.name,
                    n=MAX_OUTLINE_BYTES // 1_000_000,
                )
            with archive.open(outline) as stream:
                return _Reader(archive, names, file).read(stream)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as err:
        raise InputError(
            "{file} is not a whole .qdpx file. Export the project again.", file=file.name
        ) from err
    except FileNotFoundError as err:
        raise InputError("{file} does not exist. Check the path.", file=file) from err


def _checked_names(archive: zipfile.ZipFile, file: Path) -> list[str]:
    """Return the entries' names, when none leads out of the archive or is a bomb."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise InputError(
            "{file} holds more than {n} files. Export fewer documents at a time.",
            file=file.name,
            n=MAX_ENTRIES,
        )
    for entry in entries:
        parts = _PARTS.split(entry.filename)
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise InputError(
                "{file} names a file outside itself. It is not taken in.", file=file.name
            )
        is_large = entry.file_size > _MIN_BOMB_BYTES
        if is_large and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1):
            raise InputError(
                "{file} unpacks to {n} MB from almost nothing, which no project does. It is not "
                "taken in.",
                file=file.name,
                n=entry.file_size // 1_000_000,
            )
    return [entry.filename for entry in entries]


class _Reader:
    """Reads one ``project.qde`` element by element, and the texts it names."""

    def __init__(self, archive: zipfile.ZipFile, names: list[str], file: Path) -> None:
        self.archive = archive
        self.by_lower = {name.lower().replace("\\", "/"): name for name in names}
        self.file = file
        self.n_codings = 0

    def read(self, stream: Any) -> Project:
        """Return the project."""
        users: list[User] = []
        codes: list[Code] = []
        sources: list[Source] = []
        name = origin = ""
        for element in self._elements(stream):
            match etree.QName(element).localname:
                case "Project":
                    name, origin = element.get("name", ""), element.get("origin", "")
                case "User":
                    users.append(_user(element))
                case "CodeBook":
                    codes = list(_codes(element))
                case "TextSource":
                    sources.append(self._source(element))
        return Project(
            name=name, origin=origin, users=tuple(users), codes=tuple(codes), sources=tuple(sources)
        )

    def _elements(self, stream: Any) -> Iterator[Any]:
        """Yield the finished elements of interest, and forget each afterwards."""
        wanted = [f"{{{NAMESPACE}}}{name}" for name in ("User", "CodeBook", "TextSource")]
        root = None
        try:
            for event, element in etree.iterparse(
                stream,
                events=("start", "end"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            ):
                if root is None:
                    root = self._checked_root(element)
                    yield root
                if event == "end" and element.tag in wanted and not _is_inside_source(element):
                    yield element
                    element.clear()
        except etree.XMLSyntaxError as err:
            raise InputError(
                "{file}: project.qde is not well-formed XML at line {line}. Export the project "
                "again; in a text of it a character such as & may stand unescaped.",
                file=self.file.name,
                line=err.lineno or 0,
            ) from err
        if root is None:
            raise InputError("{file}: project.qde is empty.", file=self.file.name)

    def _checked_root(self, root: Any) -> Any:
        """Return the root when it is a project's and nothing is declared before it."""
        info = root.getroottree().docinfo
        if info.doctype or info.internalDTD is not None:
            raise InputError(
                "{file}: project.qde holds a DOCTYPE, which no project needs. It is not taken in.",
                file=self.file.name,
            )
        if root.tag != f"{{{NAMESPACE}}}Project":
            raise InputError(
                "{file}: project.qde must be a REFI-QDA project. Got a file with the root {root}.",
                file=self.file.name,
                root=etree.QName(root).localname,
            )
        return root

    def _source(self, element: Any) -> Source:
        """Return a text with its selections."""
        name = element.get("name", "")
        made: list[Selection] = []
        for one in element.iterchildren(f"{{{NAMESPACE}}}PlainTextSelection"):
            codes = _given(one)
            if not codes:
                continue  # the place of a memo
            self._count(len(codes))
            made.append(_selection(one, codes, self.file, name))
        codes = _given(element)
        self._count(len(codes))
        return Source(
            guid=plain_guid(element.get("guid", "")),
            name=name,
            text=self._text(element, name),
            selections=tuple(made),
            memo=element.findtext(f"{{{NAMESPACE}}}Description") or "",
            codes=codes,
        )

    def _count(self, n: int) -> None:
        """Refuse more codings than a person makes."""
        self.n_codings += n
        if self.n_codings > MAX_CODINGS:
            raise InputError(
                "{file} holds more than {n} codings. Export fewer documents at a time.",
                file=self.file.name,
                n=MAX_CODINGS,
            )

    def _text(self, element: Any, name: str) -> str:
        """Return a source's plain text, byte order mark and carriage returns included."""
        inline = element.findtext(f"{{{NAMESPACE}}}PlainTextContent")
        if inline is not None:
            return str(inline)
        path = element.get("plainTextPath", "").replace("\\", "/")
        inside = path.removeprefix("internal://").lstrip("/").lower()
        entry = self.by_lower.get(f"sources/{inside}") or self.by_lower.get(inside)
        if entry is None:
            return ""
        if self.archive.getinfo(entry).file_size > MAX_TEXT_BYTES:
            raise InputError(
                "{file}: the text of {name} must be under {n} MB.",
                file=self.file.name,
                name=name,
                n=MAX_TEXT_BYTES // 1_000_000,
            )
        content = self.archive.read(entry)
        for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
            if content.startswith(mark):
                return content.decode(encoding, errors="replace")
        return content.decode("utf-8", errors="replace")


def _is_inside_source(element: Any) -> bool:
    """Tell whether a text stands inside another source: a description, transcript or PDF page."""
    parent = element.getparent()
    return element.tag.endswith("}TextSource") and (
        parent is None or not parent.tag.endswith("}Sources")
    )


def _user(element: Any) -> User:
    name = element.get("name") or element.get("id") or ""
    return User(plain_guid(element.get("guid", "")), name)


def _codes(book: Any) -> Iterator[Code]:
    """Yield codes, each after the one it stands under."""
    tag = f"{{{NAMESPACE}}}Code"
    for element in book.iter(tag):
        parent = element.getparent()
        yield Code(
            guid=plain_guid(element.get("guid", "")),
            name=element.get("name", "").strip(),
            description=element.findtext(f"{{{NAMESPACE}}}Description") or "",
            parent=plain_guid(parent.get("guid", "")) if parent.tag == tag else "",
            is_codable=element.get("isCodable", "true") in ("true", "1"),
        )


def _given(element: Any) -> tuple[tuple[str, str], ...]:
    """Return the codes given to a source or selection, with who gave each."""
    who = element.get("creatingUser", "")
    found = []
    for coding in element.iterchildren(f"{{{NAMESPACE}}}Coding"):
        reference = coding.find(f"{{{NAMESPACE}}}CodeRef")
        if reference is not None:
            user = plain_guid(coding.get("creatingUser", "") or who)
            found.append((plain_guid(reference.get("targetGUID", "")), user))
    return tuple(found)


def _selection(
    element: Any, codes: tuple[tuple[str, str], ...], file: Path, name: str
) -> Selection:
    """Return a selection of text."""
    try:
        start, end = int(element.get("startPosition", "")), int(element.get("endPosition", ""))
    except ValueError as err:
        raise InputError(
            "{file}: a selection in {name} has no whole numbers for its place (line {line}).",
            file=file.name,
            name=name,
            line=element.sourceline,
        ) from err
    return Selection(
        guid=plain_guid(element.get("guid", "")),
        start=start,
        end=end,
        quote=element.get("name", ""),
        codes=codes,
        memo=element.findtext(f"{{{NAMESPACE}}}Description") or "",
        at=element.get("creationDateTime", ""),
    )
