"""Exchange a taxonomy with qualitative tools as a REFI-QDA codebook (``.qdc``).

The codebook (REFI-QDA standard 1.5, https://www.qdasoftware.org) holds names, descriptions and the
tree. A code's GUID is made from its theme's URI, so a theme keeps its id through another tool that
renames or moves it. What the format cannot hold (English labels, terms, examples, history, meta)
comes back from the taxonomy that was exported.
"""

import re
import unicodedata
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.taxonomy.changes import record
from pipeline.taxonomy.model import Taxonomy, Theme, check_taxonomy, tabulate
from pipeline.taxonomy.rows import (
    HISTORY_COLUMNS,
    PHRASE_COLUMNS,
    THEME_COLUMNS,
    Sheets,
    meta_row,
    rows_of,
)

NAMESPACE = "urn:QDA-XML:codebook:1.0"
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
            isCodable="true",
        )
        ET.SubElement(code, f"{{{NAMESPACE}}}Description").text = description_of(theme)
        made[theme.theme_id] = code
    ET.SubElement(book, f"{{{NAMESPACE}}}Sets")
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
        The taxonomy that was exported; a code with an unknown GUID becomes a new theme.
    date : str
        Today, as YYYY-MM-DD, for the history.

    Returns
    -------
    Taxonomy
        ``base`` itself when nothing differs; else with its minor version raised and what was
        added, retired and revised in its history.

    Raises
    ------
    ConfigError
        When the file is no codebook, or its codes make no valid taxonomy.
    """
    known = {theme_guid(base, theme.theme_id): theme for theme in base.themes}
    themes: list[Theme] = []
    taken = set(base.theme_ids)
    ids: dict[int, str] = {}
    for code, parent in _codes(_root(file)):
        name = code.get("name", "").strip()
        old = known.get(code.get("guid", "").lower())
        theme_id = old.theme_id if old else _new_id(name, taken)
        taken.add(theme_id)
        ids[id(code)] = theme_id
        text = code.findtext(f"{{{NAMESPACE}}}Description") or ""
        definition, includes, excludes = _sections(text)
        themes.append(
            Theme(
                theme_id=theme_id,
                parent_id=None if parent is None else ids[id(parent)],
                label_fi=name,
                label_en=old.label_en if old else "",
                definition=definition or _NEW_DEFINITION,
                includes=includes,
                excludes=excludes,
            )
        )
    if sorted(themes, key=lambda t: t.theme_id) == sorted(base.themes, key=lambda t: t.theme_id):
        return base
    return _checked(_next_version(base, tuple(themes), date), file)


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
            themes=rows_of(grids["themes"], THEME_COLUMNS, f"{file.name}, codes"),
            terms=rows_of(grids["terms"], PHRASE_COLUMNS, f"{file.name}, terms"),
            examples=rows_of(grids["examples"], PHRASE_COLUMNS, f"{file.name}, examples"),
            history=rows_of(grids["history"], HISTORY_COLUMNS, f"{file.name}, history"),
        )
    )


def _root(file: Path) -> ET.Element:
    """Return the root of a codebook; entities, which a codebook needs none of, are refused."""
    try:
        content = file.read_bytes()
    except OSError as err:
        raise ConfigError(f"{file} cannot be read ({err.strerror}). Check the path.") from err
    if len(content) > MAX_BYTES or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ConfigError(
            f"{file.name} must be a codebook under {MAX_BYTES // 1_000_000} MB without a DOCTYPE. "
            "Export it again from the tool it came from."
        )
    try:
        root = ET.fromstring(content)  # no DOCTYPE, so no entity to expand
    except ET.ParseError as err:
        raise ConfigError(f"{file.name} is not valid XML ({err}). Export it again.") from err
    if root.tag != f"{{{NAMESPACE}}}CodeBook":
        raise ConfigError(
            f"{file.name} must be a REFI-QDA codebook (.qdc). Got a file with the root "
            f"{root.tag!r}. Export the codebook, not the project."
        )
    return root


def _codes(root: ET.Element) -> Iterator[tuple[ET.Element, ET.Element | None]]:
    """Yield codes with their parents, in reading order."""
    waiting: list[tuple[ET.Element, ET.Element | None]] = [
        (code, None) for code in reversed(root.findall(f"{{{NAMESPACE}}}Codes/{{{NAMESPACE}}}Code"))
    ]
    while waiting:
        code, parent = waiting.pop()
        yield code, parent
        waiting += [(child, code) for child in reversed(code.findall(f"{{{NAMESPACE}}}Code"))]


def theme_guid(taxonomy: Taxonomy, theme_id: str) -> str:
    """Return the GUID of a theme's code, made from its URI."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, taxonomy.base_uri + theme_id))


def description_of(theme: Theme) -> str:
    """Return a theme's definition and notes as a code's description."""
    parts = [theme.definition]
    parts += [INCLUDES + theme.includes] if theme.includes else []
    parts += [EXCLUDES + theme.excludes] if theme.excludes else []
    return "\n\n".join(parts)


def _sections(text: str) -> tuple[str, str, str]:
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
