"""Exchange a taxonomy with qualitative tools as a REFI-QDA codebook (``.qdc``).

The codebook (REFI-QDA standard 1.5, https://www.qdasoftware.org) holds names, descriptions and the
tree. A code's GUID is made from its theme's URI, so a theme keeps its id through another tool that
renames or moves it; where a tool makes GUIDs anew, names and places tell. What the format cannot
hold (labels in other languages, terms, examples, history, meta) comes back from the taxonomy that
was exported.
"""

import re
import unicodedata
import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.taxonomy.changes import record
from pipeline.taxonomy.code_match import Code, match_codes
from pipeline.taxonomy.model import Taxonomy, Theme
from pipeline.taxonomy.read import check_taxonomy
from pipeline.taxonomy.rows import (
    HISTORY_COLUMNS,
    OPTIONAL_THEME_COLUMN,
    PHRASE_COLUMNS,
    THEME_COLUMNS,
    Sheets,
    meta_row,
    rows_of,
)
from pipeline.taxonomy.save import tabulate

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_SPACES = r"(urn:QDA-XML:codebook:[\d.:]+)?"
"""Namespaces read: the standard's 1.0, drafts such as 0:4, NVivo's 1:0, and none."""

INCLUDES, EXCLUDES = "Kuuluu: ", "Ei kuulu: "
MAX_BYTES = 20_000_000
_NEW_DEFINITION = "Määritelmä puuttuu."


def write_qdc(taxonomy: Taxonomy, file: Path) -> None:
    """Write the themes as a codebook that QualCoder, ATLAS.ti, NVivo and MAXQDA read."""
    ET.register_namespace("", NAMESPACE)
    book = ET.Element(f"{{{NAMESPACE}}}CodeBook", origin="Havainto")
    codes = ET.SubElement(book, f"{{{NAMESPACE}}}Codes")
    made: dict[str | None, ET.Element] = {None: codes}
    waiting = list(taxonomy.themes)
    while waiting:  # a parent may stand after its child in the file
        theme = next(theme for theme in waiting if theme.parent_id in made)
        waiting.remove(theme)
        code = ET.SubElement(
            made[theme.parent_id],
            f"{{{NAMESPACE}}}Code",
            guid=theme_guid(taxonomy, theme.theme_id),
            name=theme.label_fi,
            isCodable="true" if theme.is_codable else "false",
        )
        ET.SubElement(code, f"{{{NAMESPACE}}}Description").text = description_of(theme)
        made[theme.theme_id] = code
    ET.indent(book)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(ET.tostring(book, encoding="utf-8", xml_declaration=True) + b"\n")
    part.replace(file)


def from_qdc(file: Path, base: Taxonomy, *, date: str) -> Taxonomy:
    """Read a codebook back as the next version of a taxonomy.

    Parameters
    ----------
    file : Path
    base : Taxonomy
        The taxonomy that was exported, or the one in use. A code that is none of its themes
        (:func:`~pipeline.taxonomy.code_match.match_codes`) becomes a new theme; a codebook with
        none of them is another taxonomy.
    date : str
        Today, as YYYY-MM-DD, for the history.

    Returns
    -------
    Taxonomy
        ``base`` itself when nothing differs; else with its minor version raised and what was
        added, retired and revised in its history. What a codebook cannot hold is as in ``base``,
        and so are the definition and notes of a code that came back without a description.

    Raises
    ------
    ConfigError
        When the file is no codebook, or its codes make no valid taxonomy.
    """
    codes = _codes(_root(file))
    guids = {theme_guid(base, theme.theme_id): theme.theme_id for theme in base.themes}
    matched = match_codes(codes, base.themes, guids)
    known = {theme.theme_id: theme for theme in base.themes}
    taken = set(base.theme_ids)
    ids: dict[int, str] = {}
    themes: list[Theme] = []
    for code in codes:
        theme_id = matched.get(code.number) or _new_id(code.name, taken)
        taken.add(theme_id)
        ids[code.number] = theme_id
        parent_id = None if code.parent is None else ids[code.parent]
        themes.append(_theme(code, theme_id, parent_id, known.get(theme_id)))
    if sorted(themes, key=lambda t: t.theme_id) == sorted(base.themes, key=lambda t: t.theme_id):
        return base
    return _checked(_next_version(base, tuple(themes), date), file)


def _theme(code: Code, theme_id: str, parent_id: str | None, old: Theme | None) -> Theme:
    """Return a theme as a code has it, with what only the old theme knows."""
    definition, includes, excludes = sections_of(code.description)
    if old is not None and not code.description:
        definition, includes, excludes = old.definition, old.includes, old.excludes
    return Theme(
        theme_id=theme_id,
        parent_id=parent_id,
        label_fi=code.name,
        label_en=old.label_en if old else "",
        labels=old.labels if old else (),
        short_labels=old.short_labels if old else (),
        definition=definition or _NEW_DEFINITION,
        includes=includes,
        excludes=excludes,
        is_codable=code.is_codable,
    )


def _next_version(base: Taxonomy, themes: tuple[Theme, ...], date: str) -> Taxonomy:
    """Return the taxonomy with other themes, a raised version, and the change in its history."""
    ids = [theme.theme_id for theme in themes]
    new = replace(
        base,
        version=_raised(base.version),
        themes=themes,
        terms={i: base.terms.get(i, ()) for i in ids},
        examples={i: base.examples.get(i, ()) for i in ids},
    )
    return record(base, new, date)


def _checked(taxonomy: Taxonomy, file: Path) -> Taxonomy:
    """Let the one judge of taxonomies look at it."""
    grids = tabulate(taxonomy)
    return check_taxonomy(
        Sheets(
            meta=meta_row(list(taxonomy.meta.items()), file.name),
            themes=rows_of(
                grids["themes"], THEME_COLUMNS, f"{file.name}, codes", OPTIONAL_THEME_COLUMN
            ),
            terms=rows_of(grids["terms"], PHRASE_COLUMNS, f"{file.name}, terms"),
            examples=rows_of(grids["examples"], PHRASE_COLUMNS, f"{file.name}, examples"),
            history=rows_of(grids["history"], HISTORY_COLUMNS, f"{file.name}, history"),
        )
    )


class _DoctypeError(Exception):
    """A codebook declares a document type."""


class _WithoutDoctype(ET.TreeBuilder):
    """Build a tree, but refuse a DOCTYPE in whatever encoding: without one there is no entity."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse it before anything is expanded."""
        raise _DoctypeError(name)


def _root(file: Path) -> ET.Element:
    """Return the root of a codebook; entities, which a codebook needs none of, are refused."""
    try:
        content = file.read_bytes()
    except OSError as err:
        raise ConfigError(
            "{file} cannot be read ({why}). Check the path.", file=file, why=err.strerror
        ) from err
    refusal = ConfigError(
        "{file} must be a codebook under {max_bytes} MB without a DOCTYPE. Export it "
        "again from the tool it came from.",
        file=file.name,
        max_bytes=MAX_BYTES // 1000000,
    )
    if len(content) > MAX_BYTES:
        raise refusal
    try:
        root = ET.fromstring(content, parser=ET.XMLParser(target=_WithoutDoctype()))
    except _DoctypeError as err:
        raise refusal from err
    except (ET.ParseError, LookupError, ValueError) as err:
        raise ConfigError(
            "{file} is not valid XML ({err}). Export it again.", file=file.name, err=err
        ) from err
    space, _, name = root.tag.removeprefix("{").rpartition("}")
    if name != "CodeBook" or not re.fullmatch(_SPACES, space):
        raise ConfigError(
            "{file} must be a REFI-QDA codebook (.qdc). Got a file with the root "
            "{tag!r}. Export the codebook, not the project.",
            file=file.name,
            tag=root.tag,
        )
    return root


def _codes(root: ET.Element) -> list[Code]:
    """Return the codes in reading order, whatever version of the standard names them."""
    inside = next((part for part in root if _local(part) == "Codes"), None)
    first = [] if inside is None else _named(inside, "Code")
    waiting: list[tuple[ET.Element, int | None]] = [(code, None) for code in reversed(first)]
    codes: list[Code] = []
    while waiting:
        code, parent = waiting.pop()
        text = next(iter(_named(code, "Description")), None)
        codes.append(
            Code(
                number=len(codes),
                parent=parent,
                guid=code.get("guid", "").strip().strip("{}").lower(),
                name=code.get("name", "").strip(),
                description="" if text is None else (text.text or "").strip(),
                is_codable=code.get("isCodable", "true").strip().lower() not in ("false", "0"),
            )
        )
        here = len(codes) - 1
        waiting += [(child, here) for child in reversed(_named(code, "Code"))]
    return codes


def _named(element: ET.Element, name: str) -> list[ET.Element]:
    """Return the children of a name, in any namespace."""
    return [child for child in element if _local(child) == name]


def _local(element: ET.Element) -> str:
    """Return the name of an element without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def theme_guid(taxonomy: Taxonomy, theme_id: str) -> str:
    """Return the GUID of a theme's code, made from its URI."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, taxonomy.base_uri + theme_id))


def description_of(theme: Theme) -> str:
    """Return a theme's definition and notes as a code's description."""
    parts = [theme.definition]
    parts += [INCLUDES + theme.includes] if theme.includes else []
    parts += [EXCLUDES + theme.excludes] if theme.excludes else []
    return "\n\n".join(parts)


def sections_of(text: str) -> tuple[str, str, str]:
    """Return definition, inclusion and exclusion note of a description."""
    definition, includes, excludes = [], "", ""
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        if part.startswith(INCLUDES):
            includes = part.removeprefix(INCLUDES).strip()
        elif part.startswith(EXCLUDES):
            excludes = part.removeprefix(EXCLUDES).strip()
        else:
            definition.append(part.strip())
    return "\n\n".join(definition), includes, excludes


def _new_id(name: str, taken: set[str]) -> str:
    """Return an id made from a name, unlike any other."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "teema"
    theme_id, n = stem, 2
    while theme_id in taken:
        theme_id, n = f"{stem}-{n}", n + 1
    return theme_id


def _raised(version: str) -> str:
    """Return the next minor version.

    Examples
    --------
    >>> _raised("1.0.3"), _raised("2024")
    ('1.1.0', '2024.1')
    """
    if match := re.fullmatch(r"(\d+)\.(\d+)\.\d+", version):
        return f"{match[1]}.{int(match[2]) + 1}.0"
    return f"{version}.1"
