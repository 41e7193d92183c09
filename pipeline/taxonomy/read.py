"""Find, read and check a taxonomy: whatever file it came from, the rows are judged here."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import ConfigError, ResourceError
from pipeline.resources import shipped
from pipeline.taxonomy.model import ACTIONS, Change, Phrase, Taxonomy, Theme
from pipeline.taxonomy.rows import SHORT_LABEL, THEME_COLUMNS, Row, Sheets, read_sheets

_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_URI = r"https?://[^\s<>\"{}|\\^`]+"


def find_taxonomy(name_or_path: str | Path) -> Path:
    """Return the folder of a shipped taxonomy, or of one at a path.

    Parameters
    ----------
    name_or_path : str or Path
        A bare name such as ``"sosiaalinen-raportointi"`` is one that travels with the code; a
        ``Path``, or text with a slash in it, is a folder.

    Raises
    ------
    ResourceError
        When there is no such folder.

    Examples
    --------
    >>> find_taxonomy("lajit").name
    'lajit'
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or "/" in text or os.sep in text:
        folder = Path(name_or_path)
        if not folder.is_dir():
            raise ResourceError("No taxonomy folder at {folder}. Check the path.", folder=folder)
        return folder
    root = shipped("configs", "taxonomy")
    names = sorted(path.parent.name for path in root.glob("*/themes.csv"))
    if text not in names:
        raise ResourceError(
            "No taxonomy is named {text!r}. Shipped ones: {names}. For a folder of your "
            "own, give its path: ./{text}",
            text=text,
            names=", ".join(names),
        )
    return root / text


def load_taxonomy(folder: Path) -> Taxonomy:
    """Read and check a taxonomy folder.

    Raises
    ------
    ConfigError
        Naming the file and row, when a file is missing or not UTF-8, a column or key is missing or
        unknown, an id is malformed, repeated or unknown, two themes of one parent share a label, a
        theme has no label or definition, parents form a cycle, a phrase is repeated within its
        theme, or the history does not end at the version of ``meta.toml``.

    Examples
    --------
    >>> taxonomy = load_taxonomy(find_taxonomy("lajit"))
    >>> taxonomy.theme_ids
    ('havainto', 'hyva-kaytanto', 'ratkaisuehdotus')
    >>> "pitäisi" in {phrase.text for phrase in taxonomy.terms["ratkaisuehdotus"]}
    True
    """
    return check_taxonomy(read_sheets(folder))


def check_taxonomy(sheets: Sheets) -> Taxonomy:
    """Turn cleaned rows into a taxonomy.

    Raises
    ------
    ConfigError
        As :func:`load_taxonomy` does.
    """
    _check_meta(sheets.meta)
    themes = _themes(sheets.themes)
    history = tuple(map(_change, sheets.history))
    version = sheets.meta.cells["version"]
    if history and history[-1].version != version:
        raise ConfigError(
            "{place}: the history must end at version {version!r}, as in {place_2}. Got "
            "{version_2!r}. Add a row for the new version.",
            place=sheets.history[-1].place,
            version=version,
            place_2=sheets.meta.place,
            version_2=history[-1].version,
        )
    return Taxonomy(
        **sheets.meta.cells,
        themes=themes,
        terms=_phrases("term", sheets.terms, themes),
        examples=_phrases("example", sheets.examples, themes),
        history=history,
    )


def _check_meta(meta: Row) -> None:
    meta.require("name", _ID, "letters a-z, digits, hyphens, dots or underscores")
    meta.require("version", ".+", "a version such as 1.0.0")
    meta.require("base_uri", _URI + "(?<=[/#])", "an address ending in / or #")
    meta.require("title_fi", ".+", "a title in Finnish")
    meta.require("licence", _URI, "the address of a licence")


def _themes(rows: Sequence[Row]) -> tuple[Theme, ...]:
    if not rows:
        raise ConfigError("The taxonomy has no themes. Add at least one row of themes.")
    places: dict[tuple[str, str, str], str] = {}
    for place, cells in rows:
        row = Row(place, cells)
        row.require("theme_id", _ID, "letters a-z, digits, hyphens, . or _")
        if "is_codable" in cells:
            row.require("is_codable", "|yes|no|kyllä|ei", "yes or no")
        for column in ("label_fi", "definition"):
            if not cells[column]:
                raise ConfigError(
                    "{place}: theme {cells!r} has no {column}. Write one.",
                    place=place,
                    cells=cells["theme_id"],
                    column=column,
                )
        for column in ("theme_id", "label_fi", "label_en"):
            parent = "" if column == "theme_id" else cells["parent_id"]
            key = column, parent, cells[column].casefold()
            if cells[column] and key in places:
                raise ConfigError(
                    "{place}: {column} {cells!r} is already in {places}. Give each theme "
                    "under one parent its own.",
                    place=place,
                    column=column,
                    cells=cells[column],
                    places=places[key],
                )
            places[key] = place
    _check_parents(rows)
    others = [column for column in THEME_COLUMNS if column != "parent_id"]
    return tuple(
        Theme(
            parent_id=cells["parent_id"] or None,
            labels=_labels(cells),
            short_labels=_short_labels(cells),
            is_codable=cells.get("is_codable") not in ("no", "ei"),
            **{column: cells[column] for column in others},
        )
        for _, cells in rows
    )


def _labels(cells: Mapping[str, str]) -> tuple[Phrase, ...]:
    """Return the labels in languages other than Finnish and English."""
    found = [
        Phrase(column.removeprefix("label_"), text)
        for column, text in cells.items()
        if column.startswith("label_")
        and not column.startswith(SHORT_LABEL)
        and column not in THEME_COLUMNS
        and text
    ]
    return tuple(sorted(found))


def _short_labels(cells: Mapping[str, str]) -> tuple[Phrase, ...]:
    """Return the short labels."""
    found = [
        Phrase(column.removeprefix(SHORT_LABEL).removeprefix("_") or "fi", text)
        for column, text in cells.items()
        if column.startswith(SHORT_LABEL) and text
    ]
    return tuple(sorted(found))


def _check_parents(rows: Sequence[Row]) -> None:
    parents = {cells["theme_id"]: cells["parent_id"] for _, cells in rows}
    for place, cells in rows:
        path = [cells["theme_id"]]
        while parent := parents[path[-1]]:
            if parent not in parents:
                raise ConfigError(
                    "{place}: parent_id {parent!r} is not a theme. Known: {parents}.",
                    place=place,
                    parent=parent,
                    parents=", ".join(parents),
                )
            if parent in path:
                raise ConfigError(
                    "{place}: parents form a cycle, {path}. Empty the parent_id of the "
                    "topmost theme.",
                    place=place,
                    path=" < ".join([*path, parent]),
                )
            path.append(parent)


def _phrases(
    kind: str, rows: Sequence[Row], themes: tuple[Theme, ...]
) -> dict[str, tuple[Phrase, ...]]:
    labels = {
        t.theme_id: {Phrase("fi", t.label_fi), Phrase("en", t.label_en), *t.labels} for t in themes
    }
    found: dict[str, dict[Phrase, str]] = {theme_id: {} for theme_id in labels}
    for row in rows:
        row.require("lang", "[a-z]{2,3}", "a language code such as fi, sv or en")
        place, theme_id = row.place, row.cells["theme_id"]
        phrase = Phrase(row.cells["lang"], row.cells["text"])
        if theme_id not in found:
            raise ConfigError(
                "{place}: theme_id {theme_id!r} is not a theme. Known: {found}.",
                place=place,
                theme_id=theme_id,
                found=", ".join(found),
            )
        if not phrase.text:
            raise ConfigError(
                "{place}: text is empty. Write the {kind} or delete the row.",
                place=place,
                kind=kind,
            )
        if kind == "term" and phrase in labels[theme_id]:
            raise ConfigError(
                "{place}: the term repeats the label of theme {theme_id!r}. Delete the row.",
                place=place,
                theme_id=theme_id,
            )
        if phrase in found[theme_id]:
            raise ConfigError(
                "{place}: the {kind} is already in {found}. Delete one.",
                place=place,
                kind=kind,
                found=found[theme_id][phrase],
            )
        found[theme_id][phrase] = place
    return {theme_id: tuple(sorted(phrases)) for theme_id, phrases in found.items()}


def _change(row: Row) -> Change:
    row.require("version", ".+", "a version such as 1.0.0")
    row.require("date", r"\d{4}-\d{2}-\d{2}", "a date as YYYY-MM-DD")
    row.require("action", "|".join(ACTIONS), f"one of {', '.join(ACTIONS)}")
    ids = {}
    for column in ("from_ids", "to_ids"):
        row.require(column, rf"({_ID}(;{_ID})*)?", "theme ids joined by ;")
        ids[column] = tuple(sorted(filter(None, row.cells[column].split(";"))))
    return Change(
        version=row.cells["version"], date=row.cells["date"], action=row.cells["action"], **ids
    )
