"""Write a taxonomy: its rows, and a folder of five files that people edit and one made of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.taxonomy.model import Phrase, Taxonomy, Theme
from pipeline.taxonomy.rows import (
    HISTORY_COLUMNS,
    PHRASE_COLUMNS,
    THEME_COLUMNS,
    csv_text,
    short_column,
)
from pipeline.taxonomy.skos import turtle


def save_taxonomy(taxonomy: Taxonomy, folder: Path) -> None:
    """Write the five edited files and the generated ``themes.ttl``, replacing older ones.

    Each file is written aside and renamed, so a reader never sees half of one.
    """
    import tomlkit

    files = {f"{name}.csv": csv_text(rows) for name, rows in tabulate(taxonomy).items()}
    files["meta.toml"] = tomlkit.dumps(taxonomy.meta)
    files["themes.ttl"] = turtle(taxonomy)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        aside = folder / f".{name}.tmp"
        aside.write_bytes(text.encode("utf-8"))
        aside.replace(folder / name)


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
