"""Write a REFI-QDA project (``.qdpx``), which QualCoder, NVivo, ATLAS.ti and MAXQDA read.

The schema is Project.xsd of 18 March 2019 (https://www.qdasoftware.org). Where the standard leaves
a choice, what real importers do decides: texts without byte order mark and carriage returns, paths
in lower case, attributes with one value as variables inside the source, those with several as sets.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.exchange.guids import guid
from pipeline.exchange.project import Code, Note, Project, Selection, Source

NAMESPACE = "urn:QDA-XML:project:1.0"
_OWNER_ONLY_FILE = 0o600
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_qdpx(project: Project, file: Path) -> int:
    """Write a project; the same project gives the same bytes.

    Parameters
    ----------
    project : Project
        Its sources are taken one at a time, so that their number is not bounded by memory.
    file : Path
        Readable by its owner only; written aside first.

    Returns
    -------
    int
        Selections written.
    """
    part = file.with_name(f".{file.name}.part")
    part.touch(mode=_OWNER_ONLY_FILE)
    part.chmod(_OWNER_ONLY_FILE)
    outline = part.with_name(f"{part.name}.xml")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            outline.touch(mode=_OWNER_ONLY_FILE)
            with outline.open("wb") as target:
                n_selections = _write_outline(project, archive, target)
            with _entry(archive, "project.qde") as entry, outline.open("rb") as source:
                while block := source.read(1 << 20):
                    entry.write(block)
        part.replace(file)
    finally:
        outline.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    return n_selections


def _entry(archive: zipfile.ZipFile, name: str) -> Any:
    """Open an entry of the archive with a fixed time."""
    info = zipfile.ZipInfo(name, _NO_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = _OWNER_ONLY_FILE << 16
    return archive.open(info, "w", force_zip64=True)


def _write_outline(project: Project, archive: zipfile.ZipFile, target: Any) -> int:
    """Write ``project.qde`` in the order of the schema, and each text into the archive."""
    n_selections = 0
    with etree.xmlfile(target, encoding="utf-8") as xml:
        xml.write_declaration()
        marks = {"name": project.name, "origin": project.origin}
        if project.users:
            marks["creatingUserGUID"] = project.users[0].guid
        if project.at:
            marks["creationDateTime"] = project.at
        with xml.element(_tag("Project"), marks, nsmap={None: NAMESPACE}):
            for element in _before_sources(project):
                xml.write(element)
            sources = iter(project.sources)
            first = next(sources, None)
            if first is not None:
                notes = _by_source(project.notes)
                with xml.element(_tag("Sources")):
                    for source in _chain(first, sources):
                        mine = notes.get(source.guid, [])
                        xml.write(_source(source, mine))
                        n_selections += len(source.selections)
                        with _entry(archive, f"sources/{source.guid}.txt") as entry:
                            entry.write(source.text.encode("utf-8"))
            if project.notes:
                xml.write(_notes(project.notes))
            if project.sets:
                xml.write(_sets(project.sets))
    return n_selections


def _before_sources(project: Project) -> Iterator[Any]:
    """Yield users, codebook and attributes; the schema wants none of them empty."""
    if project.users:
        users = _element("Users")
        for user in project.users:
            etree.SubElement(users, _tag("User"), guid=user.guid, name=clean(user.name))
        yield users
    if project.codes:
        yield _code_book(project.codes)
    if project.variables:
        yield _variables(project.variables)


def _chain(first: Source, others: Iterator[Source]) -> Iterator[Source]:
    """Yield the first source, then the others."""
    yield first
    yield from others


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def clean(text: str) -> str:
    r"""Return text without the characters that XML cannot hold.

    Examples
    --------
    >>> clean("a\x00b\x0bc\n")
    'abc\n'
    """
    return "".join(
        sign
        for sign in text
        if sign in "\t\n" or (sign >= " " and not "\ud800" <= sign <= "\udfff")
        if sign not in "\ufffe\uffff"
    )


def _element(name: str, marks: Mapping[str, str] | None = None, /, **more: str) -> Any:
    """Return an element of the format, which many importers want without a prefix."""
    return etree.Element(_tag(name), {**(marks or {}), **more}, nsmap={None: NAMESPACE})


def _text(parent: Any, name: str, content: str) -> None:
    etree.SubElement(parent, _tag(name)).text = clean(content)


def _code_book(codes: Iterable[Code]) -> Any:
    """Return the codebook, each code under its parent."""
    book = _element("CodeBook")
    made = {"": etree.SubElement(book, _tag("Codes"))}
    for code in codes:
        element = etree.SubElement(
            made[code.parent],
            _tag("Code"),
            guid=code.guid,
            name=clean(code.name),
            isCodable=str(code.is_codable).lower(),
        )
        if code.description:
            _text(element, "Description", code.description)
        made[code.guid] = element
    return book


def _variables(names: Iterable[str]) -> Any:
    """Return the attributes' names."""
    element = _element("Variables")
    for name in names:
        etree.SubElement(
            element,
            _tag("Variable"),
            guid=guid("variable", name),
            name=clean(name),
            typeOfVariable="Text",
        )
    return element


def _source(source: Source, notes: Iterable[Note]) -> Any:
    """Return one text with its selections."""
    element = _element(
        "TextSource",
        guid=source.guid,
        name=clean(source.name),
        plainTextPath=f"internal://{source.guid}.txt",
    )
    if source.memo:
        _text(element, "Description", source.memo)
    for one in source.selections:
        element.append(_selection(one))
    for note in notes:
        marked = etree.SubElement(
            element,
            _tag("PlainTextSelection"),
            guid=guid("note place", note.guid),
            name=clean(source.text[note.start : note.end]),
            startPosition=str(note.start),
            endPosition=str(note.end),
            creatingUser=note.user,
        )
        etree.SubElement(marked, _tag("NoteRef"), targetGUID=note.guid)
    for name, value in source.values:
        held = etree.SubElement(element, _tag("VariableValue"))
        etree.SubElement(held, _tag("VariableRef"), targetGUID=guid("variable", name))
        _text(held, "TextValue", value)
    return element


def _selection(one: Selection) -> Any:
    """Return a selection with its codings."""
    marks = {
        "guid": one.guid,
        "name": clean(one.quote),
        "startPosition": str(one.start),
        "endPosition": str(one.end),
    }
    user = next((who for _, who in one.codes if who), "")
    marks |= {"creatingUser": user} if user else {}
    marks |= {"creationDateTime": one.at} if one.at else {}
    element = _element("PlainTextSelection", marks)
    if one.memo:
        _text(element, "Description", one.memo)
    for code, who in one.codes:
        marks = {"guid": guid("coding", one.guid, code, who)}
        marks |= {"creatingUser": who} if who else {}
        marks |= {"creationDateTime": one.at} if one.at else {}
        coding = etree.SubElement(element, _tag("Coding"), marks)
        etree.SubElement(coding, _tag("CodeRef"), targetGUID=code)
    return element


def _by_source(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """Return notes by the source they stand in."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.source, []).append(note)
    return found


def _notes(notes: Iterable[Note]) -> Any:
    """Return the memos; one without a time breaks an importer, so each has one."""
    element = _element("Notes")
    for number, note in enumerate(notes, 1):
        made = etree.SubElement(
            element,
            _tag("Note"),
            guid=note.guid,
            name=f"Muistio {number}",
            creatingUser=note.user,
            creationDateTime=note.at,
        )
        _text(made, "PlainTextContent", note.text)
    return element


def _sets(sets: dict[str, list[str]]) -> Any:
    """Return the sets of sources."""
    element = _element("Sets")
    for name, members in sets.items():
        made = etree.SubElement(element, _tag("Set"), guid=guid("set", name), name=clean(name))
        for member in members:
            etree.SubElement(made, _tag("MemberSource"), targetGUID=member)
    return element
