"""Read a taxonomy's files into rows of clean text that know where they stand.

Every carrier of a taxonomy (CSV folder, workbook, SKOS graph) becomes the same rows, so that
:func:`pipeline.taxonomy.read.check_taxonomy` is the only judge and its errors name file and row.
"""

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ConfigError
from pipeline.speech import Said

THEME_COLUMNS = (
    "theme_id",
    "parent_id",
    "label_fi",
    "label_en",
    "definition",
    "includes",
    "excludes",
)
OPTIONAL_THEME_COLUMN = r"label_(?!fi|en)[a-z]{2,3}|label_short(_(?!fi)[a-z]{2,3})?|is_codable"
"""Columns that themes may have too: a label in another language, a short label (Finnish, or in
the language at its end), and ``no`` for a mere heading."""
SHORT_LABEL = "label_short"
PHRASE_COLUMNS = ("theme_id", "lang", "text")
HISTORY_COLUMNS = ("version", "date", "action", "from_ids", "to_ids")
META_KEYS = ("name", "version", "base_uri", "title_fi", "title_en", "licence")

_UNWRITABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Row(NamedTuple):
    """One row of text cells and where it stands, such as ``"themes.csv row 3"``."""

    place: str
    cells: Mapping[str, str]

    def require(self, column: str, pattern: str, expected: str) -> None:
        """Check that the whole cell matches the pattern.

        Raises
        ------
        ConfigError
            Saying what was expected.
        """
        if not re.fullmatch(pattern, self.cells[column]):
            got = repr(self.cells[column]) if self.cells[column] else "nothing"
            raise ConfigError(
                "{place}: {column} must be {expected}. Got {got}.",
                place=self.place,
                column=column,
                expected=expected,
                got=got,
            )


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """A taxonomy as it was read, cleaned and not yet checked."""

    meta: Row
    themes: Sequence[Row]
    terms: Sequence[Row]
    examples: Sequence[Row]
    history: Sequence[Row]


def short_column(lang: str) -> str:
    """Return the column of the short labels in a language.

    Examples
    --------
    >>> short_column("fi"), short_column("sv")
    ('label_short', 'label_short_sv')
    """
    return SHORT_LABEL if lang == "fi" else f"{SHORT_LABEL}_{lang}"


def clean_row(place: str, cells: Mapping[str, str]) -> Row:
    r"""Return the row in NFC, with ``\n`` line breaks, blanks for tabs and trimmed ends.

    Raises
    ------
    ConfigError
        When a cell holds another control character, which no file format could carry.

    Examples
    --------
    >>> clean_row("terms.csv row 2", {"text": " hyva\u0308\tmuisti\r\n"}).cells
    {'text': 'hyvä muisti'}
    """
    clean = {}
    for column, text in cells.items():
        text = re.sub(r"\r\n?", "\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
        if found := _UNWRITABLE.search(text):
            raise ConfigError(
                "{place}: {column} holds the control character U+{found:04X}. Type the "
                "text again without it.",
                place=place,
                column=column,
                found=ord(found[0]),
            )
        clean[column] = text.strip()
    return Row(place, clean)


def rows_of(
    grid: Sequence[Sequence[str]], columns: tuple[str, ...], source: str, optional: str = "(?!)"
) -> list[Row]:
    """Turn a grid with a header into rows, leaving out blank ones; row 1 is the header.

    Parameters
    ----------
    grid : sequence of sequence of str
    columns : tuple of str
        Columns that must be there.
    source : str
        Where the grid stands.
    optional : str
        Pattern of columns that may be there too; by default none.

    Raises
    ------
    ConfigError
        When a column is missing, unknown or repeated, or a row is longer or shorter than the
        header.
    """
    header = [cell.strip() for cell in grid[0]] if grid else []
    more = [name for name in header if name not in columns and re.fullmatch(optional, name)]
    if sorted(header) != sorted((*columns, *dict.fromkeys(more))):
        raise ConfigError(
            "{source} row 1: the columns must be {columns}. Got {header}.",
            source=source,
            columns=", ".join(columns),
            header=", ".join(header) or Said("none"),
        )
    rows = []
    for number, cells in enumerate(grid[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise ConfigError(
                "{source} row {number}: expected {n_header} cells. Got {n_cells}. Put a "
                "text that holds a comma in double quotes.",
                source=source,
                number=number,
                n_header=len(header),
                n_cells=len(cells),
            )
        rows.append(clean_row(f"{source} row {number}", dict(zip(header, cells, strict=True))))
    return rows


def meta_row(pairs: Sequence[tuple[str, object]], place: str) -> Row:
    """Return the six values of a taxonomy as a row.

    Raises
    ------
    ConfigError
        When one is missing, unknown, repeated or not text.
    """
    keys = [key for key, _ in pairs]
    if sorted(keys) != sorted(META_KEYS):
        raise ConfigError(
            "{place}: the keys must be {meta_keys}. Got {keys}.",
            place=place,
            meta_keys=", ".join(META_KEYS),
            keys=", ".join(keys) or Said("none"),
        )
    for key, value in pairs:
        if not isinstance(value, str):
            raise ConfigError(
                "{place}: {key} must be text in quotes. Got {value!r}.",
                place=place,
                key=key,
                value=value,
            )
    return clean_row(place, {key: str(value) for key, value in pairs})


def read_sheets(folder: Path) -> Sheets:
    """Read the five edited files of a taxonomy folder.

    Raises
    ------
    ConfigError
        When a file is missing, not UTF-8, not CSV or TOML, or lacks a column or key.
    """
    return Sheets(
        meta=_read_meta(folder / "meta.toml"),
        themes=_read_csv(folder / "themes.csv", THEME_COLUMNS, OPTIONAL_THEME_COLUMN),
        terms=_read_csv(folder / "terms.csv", PHRASE_COLUMNS),
        examples=_read_csv(folder / "examples.csv", PHRASE_COLUMNS),
        history=_read_csv(folder / "history.csv", HISTORY_COLUMNS),
    )


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return the rows as CSV with commas and line feeds."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _read_csv(path: Path, columns: tuple[str, ...], optional: str = "(?!)") -> list[Row]:
    reader = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    try:
        grid = list(reader)
    except csv.Error as err:
        raise ConfigError(
            "{path} line {line_num}: not valid CSV ({err}). Correct its quotes.",
            path=path,
            line_num=reader.line_num,
            err=err,
        ) from err
    return rows_of(grid, columns, str(path), optional)


def _read_meta(path: Path) -> Row:
    try:
        values = tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as err:
        raise ConfigError(
            "{path}: not valid TOML ({err}). Correct the line.", path=path, err=err
        ) from err
    return meta_row(list(values.items()), str(path))


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as err:
        raise ConfigError(
            "{path} cannot be read ({why}). A taxonomy folder holds themes.csv, "
            "terms.csv, examples.csv, history.csv and meta.toml.",
            path=path,
            why=err.strerror,
        ) from err
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = content.count(b"\n", 0, err.start) + 1
        raise ConfigError(
            "{path} line {line}: not UTF-8. Save the file as CSV UTF-8.", path=path, line=line
        ) from err
