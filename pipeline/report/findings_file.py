"""Read ``human/findings.md``: the findings as the analyst left them, and those offered before."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.errors import ArtifactError
from pipeline.human.files import read_text
from pipeline.report.catalogue import load_catalogue

FILE_NAME = "findings.md"
MEMORY_NAME = ".findings.json"
LANGUAGES = ("fi", "en", "sv")
_FORMAT = 1
_HEADING = re.compile(r"^(#{1,4})\s+(.*?)\s*#*$")
_ENTRY = re.compile(r"^ ?[-*+]\s+(.*)$")
_INNER = re.compile(r"^(?: {2,}|\t+)\s*[-*+]\s+(.*)$")
_ID = re.compile(r"\s*\[([HO]-[0-9a-f]{8})\]")
_SOURCE = re.compile(r"\[([^\[\]]+/[^\[\]/]+/\d+)\]\s*$")


@dataclass(frozen=True)
class Kept:
    """What a finding was when the file was last written.

    Attributes
    ----------
    text, reports : str
        Hashes of the machine's line and of its reports.
    quote : str
        Sentence it was quoted by; ``""`` for none.
    is_deleted : bool
        Whether the analyst took it out.
    """

    text: str
    reports: str
    quote: str = ""
    is_deleted: bool = False


@dataclass(frozen=True)
class Written:
    """One finding as it stands in the file.

    Attributes
    ----------
    finding_id : str
        ``""`` for a line that the analyst has added since.
    text : str
        The line without its id.
    quote : str
        Sentence it is to be quoted by; ``""`` for none.
    report_ids : tuple of str
        Reports named under it.
    mark : str
        Its mark of being new or changed, where it still carries one.
    notes : tuple of str
        What else the analyst wrote under it.
    """

    finding_id: str
    text: str
    quote: str = ""
    report_ids: tuple[str, ...] = ()
    mark: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """What stands under one heading: `part` and `name` are the headings of both levels."""

    part: str
    name: str
    entries: tuple[Written, ...] = ()
    prose: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeldFindings:
    """The file and the memory of what was offered.

    Attributes
    ----------
    stretches : tuple of Stretch or None
        None where there is no file.
    memory : mapping of str to Kept
        By id; of findings no longer offered too.
    identity : str
        Changes when a person changes the file, and not when a run writes it.
    """

    stretches: tuple[Stretch, ...] | None = None
    memory: Mapping[str, Kept] = field(default_factory=lambda: MappingProxyType({}))
    identity: str = "none"


def digest(text: str) -> str:
    """Return a short hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def findings_identity(folder: Path) -> str:
    """Return what makes the file what a person made it.

    The run that writes the file notes the identity it began with; as long as nobody has touched
    the file since, that is its identity, so that writing it makes nothing run again.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return "none"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    memory = _memory(folder)
    return str(memory["began"]) if memory.get("written") == found else found


def read_findings(folder: Path) -> HeldFindings:
    """Read the file of a study's ``human`` folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    HeldFindings
        Nothing where there is no file: whoever deletes it begins anew.

    Raises
    ------
    InputError
        When the file is no text.
    ArtifactError
        When the memory beside it cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return HeldFindings()
    kept = {name: Kept(**one) for name, one in _memory(folder).get("findings", {}).items()}
    return HeldFindings(parse(read_text(path)), kept, findings_identity(folder))


def reports_named(folder: Path) -> set[str]:
    """Return the reports that the file names."""
    stretches = read_findings(folder).stretches or ()
    written = [one for stretch in stretches for one in stretch.entries]
    sources = {one.quote.rsplit("/", 2)[0] for one in written if one.quote}
    return sources.union(*(one.report_ids for one in written))


def _memory(folder: Path) -> dict[str, Any]:
    """Read the memory; empty where there is none."""
    path = folder / MEMORY_NAME
    if not path.is_file():
        return {}
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] != _FORMAT:
            raise ValueError(held["format"])
        return dict(held)
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise ArtifactError(
            "{path}, which remembers the findings offered before, cannot be read. Put it back from "
            "a backup, or delete it: findings you took out are then offered again.",
            path=path,
        ) from err


def written_memory(memory: Mapping[str, Kept], identity: str, content: bytes) -> bytes:
    """Return the memory as a file, for a `content` made by a run that began with `identity`."""
    findings = {
        name: {"text": one.text, "reports": one.reports, "quote": one.quote,
               "is_deleted": one.is_deleted}
        for name, one in sorted(memory.items())
    }  # fmt: skip
    held = {"format": _FORMAT, "began": identity, "written": hashlib.sha256(content).hexdigest(),
            "findings": findings}  # fmt: skip
    return (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode()


@cache
def starts(key: str) -> tuple[str, ...]:
    """Return how a line under a finding may begin, in each language."""
    return tuple(load_catalogue(one)(f"findings.{key}", said="").strip() for one in LANGUAGES)


def parse(text: str) -> tuple[Stretch, ...]:
    r"""Read the Markdown; what is neither heading nor list is kept as it is.

    Examples
    --------
    >>> found = parse("## A\n### B\n- Vuokrat nousivat. [H-0123abcd]\n")[-1]
    >>> found.part, found.name, found.entries[0].text
    ('A', 'B', 'Vuokrat nousivat.')
    """
    stretches = [Stretch("", "")]
    is_comment = False
    for line in text.splitlines():
        if is_comment or line.lstrip().startswith("<!--"):
            is_comment = "-->" not in line
            continue
        here = stretches[-1]
        if heading := _HEADING.match(line):
            level, name = len(heading[1]), heading[2]
            if level > 1:
                stretches.append(Stretch(name, "") if level == 2 else Stretch(here.part, name))
        elif entry := _ENTRY.match(line):
            stretches[-1] = replace(here, entries=(*here.entries, _entry(entry[1])))
        elif here.entries and (inner := _INNER.match(line)):
            grown = _with_inner(here.entries[-1], inner[1].strip())
            stretches[-1] = replace(here, entries=(*here.entries[:-1], grown))
        elif here.entries and line.startswith((" ", "\t")) and line.strip():
            last = here.entries[-1]
            grown = _with_line(last, line.strip())
            stretches[-1] = replace(here, entries=(*here.entries[:-1], grown))
        elif line.strip() and here.part:
            stretches[-1] = replace(here, prose=(*here.prose, line.strip()))
    return tuple(stretches)


def _entry(text: str) -> Written:
    """Read the first line of a finding."""
    found = _ID.search(text)
    return Written(found[1] if found else "", _ID.sub("", text).strip())


def _with_line(one: Written, line: str) -> Written:
    """Add a line that goes on with the text; the id may stand in it."""
    found = _ID.search(line)
    text = f"{one.text} {_ID.sub('', line).strip()}".strip()
    return replace(one, text=text, finding_id=found[1] if found else one.finding_id)


def _with_inner(one: Written, line: str) -> Written:
    """Add a line under a finding: its quotation, its reports, its mark, or a note."""
    for start in starts("reports"):
        if line.startswith(start):
            ids = line.removeprefix(start).split(",")
            return replace(one, report_ids=tuple(i.strip() for i in ids if i.strip()))
    for start in starts("mark"):
        if line.startswith(start):
            return replace(one, mark=line.removeprefix(start).strip())
    if source := _SOURCE.search(line):
        return replace(one, quote=source[1])
    return replace(one, notes=(*one.notes, line))
