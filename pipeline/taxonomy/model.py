"""Hold the themes a county codes its reports into, and read and write them as plain files.

A taxonomy is a folder of five small files that people edit and one that is generated::

    themes.csv     theme_id, parent_id, label_fi, label_en, definition, includes, excludes; and,
                   where wanted, label_sv (any language), label_short and label_short_sv (a few
                   words, for names), and is_codable (no for a mere heading)
    terms.csv      theme_id, lang, text       other words for the theme
    examples.csv   theme_id, lang, text       sentences that belong to the theme
    history.csv    version, date, action, from_ids, to_ids    how the themes came to be
    meta.toml      name, version, base_uri, title_fi, title_en, licence
    themes.ttl     the same as SKOS, made by :func:`pipeline.taxonomy.skos.write_turtle`

Themes keep the order of their file. Terms and examples have no order of their own, so they are
kept sorted by language and text: the same taxonomy is equal whichever file it came from.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ConfigError, ResourceError
from pipeline.resources import shipped
from pipeline.taxonomy.rows import (
    HISTORY_COLUMNS,
    META_KEYS,
    PHRASE_COLUMNS,
    SHORT_LABEL,
    THEME_COLUMNS,
    Row,
    Sheets,
    read_sheets,
    short_column,
)

ACTIONS = ("create", "add", "revise", "rename", "merge", "split", "move", "retire", "illustrate")

_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_URI = r"https?://[^\s<>\"{}|\\^`]+"


class Phrase(NamedTuple):
    """A term or an example sentence, with its language as a two or three letter code."""

    lang: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One codable unit; texts are Finnish unless named otherwise, and ``""`` where there is none.

    Attributes
    ----------
    parent_id : str or None
        The broader theme; ``None`` for a theme at the top.
    definition, includes, excludes : str
        What the theme is, what is coded to it, and which neighbour takes the rest.
    labels : tuple of Phrase
        Labels in languages other than Finnish and English, one each, sorted.
    short_labels : tuple of Phrase
        A few words that stand for the label within a name, at most one a language, sorted.
    is_codable : bool
        False for a mere heading above other themes, which is never suggested.
    """

    theme_id: str
    parent_id: str | None = None
    label_fi: str
    label_en: str = ""
    definition: str
    includes: str = ""
    excludes: str = ""
    labels: tuple[Phrase, ...] = ()
    short_labels: tuple[Phrase, ...] = ()
    is_codable: bool = True

    def label(self, language: str) -> str:
        """Return the label in a language, or the Finnish one.

        Examples
        --------
        >>> theme = Theme(theme_id="koti", label_fi="Koti", definition="Missä asutaan.",
        ...     labels=(Phrase("sv", "Hem"),))
        >>> theme.label("sv"), theme.label("en")
        ('Hem', 'Koti')
        """
        named = {**dict(self.labels), "fi": self.label_fi, "en": self.label_en}
        return named.get(language) or self.label_fi

    def short_label(self, language: str) -> str:
        """Return the short label in a language, or the whole one.

        Examples
        --------
        >>> theme = Theme(theme_id="koti", label_fi="Koti ja arki", definition="Missä asutaan.",
        ...     short_labels=(Phrase("fi", "koti"),))
        >>> theme.short_label("fi"), theme.short_label("en")
        ('koti', 'Koti ja arki')
        """
        return dict(self.short_labels).get(language) or self.label(language)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of a history: ISO date and one of ``ACTIONS`` (illustrate: phrases, no meaning)."""

    version: str
    date: str
    action: str
    from_ids: tuple[str, ...] = ()
    to_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """An agreed, versioned tree of themes.

    Attributes
    ----------
    base_uri : str
        The scheme's own URI; a theme's URI is this and its id.
    themes : tuple of Theme
        In the order of the file, which is the order of every table and chart.
    terms, examples : mapping of theme_id to tuple of Phrase
        Every theme has a key, with an empty tuple where there are none.
    history : tuple of Change
        Oldest first; the newest ends at ``version``.
    """

    name: str
    version: str
    base_uri: str
    title_fi: str
    title_en: str
    licence: str
    themes: tuple[Theme, ...]
    terms: Mapping[str, tuple[Phrase, ...]]
    examples: Mapping[str, tuple[Phrase, ...]]
    history: tuple[Change, ...] = ()

    @cached_property
    def theme_ids(self) -> tuple[str, ...]:
        """The ids, in the order of the themes."""
        return tuple(theme.theme_id for theme in self.themes)

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the content: equal taxonomies share it, whatever file they came from.

        Short labels are no part of it: a theme called something shorter is the same theme, and a
        model learnt without them still fits.
        """
        whole = asdict(self)
        for theme in whole["themes"]:
            del theme["short_labels"]
        for theme in whole["themes"]:  # what most taxonomies lack leaves their digest as it was
            for column, default in (("labels", ()), ("is_codable", True)):
                if theme[column] == default:
                    del theme[column]
        content = json.dumps(whole, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8")).hexdigest()

    @property
    def meta(self) -> dict[str, str]:
        """The six values of ``meta.toml``."""
        return {key: str(getattr(self, key)) for key in META_KEYS}


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


def tabulate(taxonomy: Taxonomy) -> dict[str, list[Sequence[str]]]:
    """Return the rows of themes, terms, examples and history, each with its header first."""

    def phrases(by_theme: Mapping[str, tuple[Phrase, ...]]) -> list[Sequence[str]]:
        return [
            PHRASE_COLUMNS,
            *((i, *phrase) for i in taxonomy.theme_ids for phrase in by_theme[i]),
        ]

    return {
        "themes": _theme_grid(taxonomy.themes),
        "terms": phrases(taxonomy.terms),
        "examples": phrases(taxonomy.examples),
        "history": [
            HISTORY_COLUMNS,
            *(
                (line.version, line.date, line.action, *map(";".join, (line.from_ids, line.to_ids)))
                for line in taxonomy.history
            ),
        ],
    }


def _theme_grid(themes: Sequence[Theme]) -> list[Sequence[str]]:
    """Return the rows of themes; optional columns only where a theme needs them."""
    languages = sorted({label.lang for theme in themes for label in theme.labels})
    short = sorted({label.lang for theme in themes for label in theme.short_labels})
    columns = [*THEME_COLUMNS, *(f"label_{lang}" for lang in languages)]
    columns += [short_column(lang) for lang in short]
    has_headings = not all(theme.is_codable for theme in themes)
    grid: list[Sequence[str]] = [[*columns, *(["is_codable"] if has_headings else [])]]
    for theme in themes:
        cells = [getattr(theme, column) or "" for column in THEME_COLUMNS]
        labels = dict(theme.labels)
        cells += [labels.get(lang, "") for lang in languages]
        cells += [dict(theme.short_labels).get(lang, "") for lang in short]
        grid.append([*cells, *(["yes" if theme.is_codable else "no"] if has_headings else [])])
    return grid


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
