"""Tidy tables for R, DuckDB, SPSS and pandas: a folder with a codebook and a data package."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.artifacts import Store
from pipeline.errors import InputError
from pipeline.exchange.conllu import conllu
from pipeline.exchange.from_study import Handover
from pipeline.exchange.source_texts import source_texts
from pipeline.frames import each_row
from pipeline.spreadsheet import safe_cell, safe_text, write_private
from pipeline.study import private_folder
from pipeline.tables import TABLES, Column

SEPARATOR = ";"
"""Between the values of a cell that holds several, in the .csv files."""
_BOM = "utf-8-sig"
_TYPES: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_date, "date"),
    (pa.types.is_list, "list"),
)
_MAX_VALUES = 30
_CLOSED = ("period", "area", "client_groups", "valence", "quality", "field", "pos", "mode")
"""Columns whose values are few, known words; those of others are never listed."""


@dataclass(frozen=True)
class Tidy:
    """One table handed out.

    Attributes
    ----------
    name, meaning : str
    frame : DataFrame
    columns : tuple of Column
        In the order of the frame.
    """

    name: str
    meaning: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]


def write_tidy(store: Store, handover: Handover, folder: Path) -> int:
    """Write the tables of a study, each as Parquet and as CSV.

    Parameters
    ----------
    store : Store
    handover : Handover
    folder : Path
        A new or empty folder, or one that an earlier export made; readable by its owner only.

    Returns
    -------
    int
        Tables written.

    Raises
    ------
    InputError
        When the folder holds something else.

    Notes
    -----
    ``reports`` has ``doc_id`` and ``text``, as quanteda's ``corpus()`` and tidytext expect.
    Columns and their meanings come from :mod:`pipeline.tables`. In the CSV files the values of a
    list are joined by ``;`` and a text that a spreadsheet would take for a formula has an
    apostrophe before it; the Parquet files hold both as they are.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "datapackage.json").exists():
        raise InputError(
            "{folder} holds other files. Give a new folder for the tables.", folder=folder
        )
    private_folder(folder)
    tables = _tables(store, handover)
    for table in tables:
        arrow = pa.Table.from_pandas(
            table.frame,
            schema=pa.schema([pa.field(c.name, c.type) for c in table.columns]),
            preserve_index=False,
        )
        held = io.BytesIO()
        pq.write_table(arrow, held, compression="zstd")
        write_private(folder / f"{table.name}.parquet", held.getvalue())
        write_private(folder / f"{table.name}.csv", _csv(table))
    write_private(folder / "themes_wide.csv", _wide(handover))
    tokens = next(table.frame for table in tables if table.name == "tokens")
    write_private(
        folder / "tokens.conllu", "".join(conllu(handover.segments, tokens)).encode("utf-8")
    )
    write_private(folder / "codebook.csv", _codebook(tables))
    package = json.dumps(_package(handover.name, tables), ensure_ascii=False, indent=2)
    write_private(folder / "datapackage.json", package.encode("utf-8"))
    for script in ("read.R", "read.sql"):
        content = (files("pipeline.exchange") / "scripts" / script).read_bytes()
        write_private(folder / script, content)
    return len(tables)


def _tables(store: Store, handover: Handover) -> list[Tidy]:
    """Return the tables, renamed to what other tools expect."""
    ids = set(handover.reports["report_id"])
    texts = {
        text.name: text.text.rstrip("\n")
        for text in source_texts(handover.reports, handover.segments)
    }
    reports = handover.reports.assign(text=handover.reports["report_id"].map(texts))
    report_columns = [c for c in TABLES["reports"].columns if c.name in reports]
    report_columns.append(Column("text", pa.string(), "observation and proposal as one text"))
    tokens = store.read("tokens")
    tokens = tokens[tokens["segment_id"].isin(set(handover.segments["segment_id"]))]
    themes = pd.DataFrame(
        [
            (t.theme_id, t.parent_id or "", t.label_fi, t.label_en, t.definition)
            for t in handover.taxonomy.themes
        ],
        columns=["theme_id", "parent_id", "label_fi", "label_en", "definition"],
        dtype=object,
    )
    pairs = store.read("report_themes")
    pairs = pairs[pairs["report_id"].isin(ids)].drop(columns="evidence")
    return [
        _tidy("reports", TABLES["reports"].meaning, reports, report_columns),
        _tidy(
            "segments", TABLES["segments"].meaning, handover.segments, TABLES["segments"].columns
        ),
        _tidy("tokens", TABLES["tokens"].meaning, tokens, TABLES["tokens"].columns),
        _tidy(
            "codings",
            "one theme that a coder gave a report or sentence",
            handover.codings,
            _CODING_COLUMNS,
        ),
        _tidy(
            "suggestions", TABLES["report_themes"].meaning, pairs, TABLES["report_themes"].columns
        ),
        _tidy("themes", "one theme of the taxonomy", themes, _THEME_COLUMNS),
    ]


_CODING_COLUMNS = (
    Column("report_id", pa.string(), "report"),
    Column("segment_id", pa.string(), 'sentence; "" for the report as a whole'),
    Column("theme_id", pa.string(), 'theme; "" for read, none fits'),
    Column("coder", pa.string(), "who"),
    Column("at", pa.string(), "when, ISO 8601"),
    Column("taxonomy_version", pa.string(), "version of the taxonomy it was made under"),
    Column("memo", pa.string(), "why"),
    Column("mode", pa.string(), "assisted, blind, adjudication, bulk, import or sheet"),
)
_THEME_COLUMNS = tuple(
    Column(name, pa.string(), meaning)
    for name, meaning in (
        ("theme_id", "theme"),
        ("parent_id", 'the broader theme; "" at the top'),
        ("label_fi", "name in Finnish"),
        ("label_en", 'name in English; "" when there is none'),
        ("definition", "what the theme is"),
    )
)


def _tidy(name: str, meaning: str, frame: pd.DataFrame, columns: Any) -> Tidy:
    """Return a table with ``doc_id`` for ``report_id`` and its columns in order."""
    kept = tuple(c for c in columns if c.name in frame)
    renamed = tuple(
        Column("doc_id", c.type, c.meaning, c.nullable) if c.name == "report_id" else c
        for c in kept
    )
    held = frame[[c.name for c in kept]].rename(columns={"report_id": "doc_id"})
    return Tidy(name, meaning, held.reset_index(drop=True), renamed)


def _csv(table: Tidy) -> bytes:
    """Return a table as CSV with commas."""
    held = table.frame.copy()
    for column in table.columns:
        if pa.types.is_list(column.type):
            held[column.name] = [safe_cell(SEPARATOR.join(map(str, v))) for v in held[column.name]]
        elif pa.types.is_string(column.type):
            held[column.name] = [safe_text(str(v)) for v in held[column.name]]
    return held.to_csv(index=False, lineterminator="\n").encode(_BOM)


def _wide(handover: Handover) -> bytes:
    """Return a report a row and a theme a column, 1 where someone gave it, for SPSS and MAXQDA.

    A report that nobody has read has empty cells: not coded is not "no".
    """
    given: dict[str, set[str]] = {}
    for row in each_row(handover.codings):
        given.setdefault(row.report_id, set()).add(row.theme_id)
    wide = pd.DataFrame({"doc_id": handover.reports["report_id"]})
    for column in ("period", "valence"):
        wide[column] = list(handover.reports[column])
    for column in ("area", "client_groups"):
        wide[column] = [safe_cell(SEPARATOR.join(v)) for v in handover.reports[column]]
    for theme_id in handover.taxonomy.theme_ids:
        wide[theme_id.replace("-", "_")] = [
            "" if report not in given else str(int(theme_id in given[report]))
            for report in wide["doc_id"]
        ]
    return wide.to_csv(index=False, lineterminator="\n").encode(_BOM)


def type_name(column: Column) -> str:
    """Return a column's type in the words of a data package."""
    for is_type, name in _TYPES:
        if is_type(column.type):
            return name
    return "string"


def _codebook(tables: list[Tidy]) -> bytes:
    """Return a row a column: type, meaning, values, how many and how many missing."""
    rows = []
    for table in tables:
        for column in table.columns:
            values = table.frame[column.name]
            is_list = pa.types.is_list(column.type)
            missing = int((values.map(len) == 0).sum() if is_list else values.isna().sum())
            missing += 0 if is_list else int((values.astype(object) == "").sum())
            rows.append(
                (
                    table.name,
                    column.name,
                    type_name(column),
                    column.meaning,
                    _values(column, values, is_list=is_list),
                    len(values),
                    missing,
                )
            )
    head = ["table", "column", "type", "meaning", "values", "n", "missing"]
    held = pd.DataFrame(rows, columns=head)
    held["values"] = held["values"].map(safe_cell)
    return held.to_csv(index=False, lineterminator="\n").encode(_BOM)


def _values(column: Column, values: pd.Series, *, is_list: bool) -> str:
    """Return the values of a column of few, known words."""
    if column.name not in _CLOSED:
        return ""
    flat = {str(v) for cell in values for v in (cell if is_list else [cell])} - {""}
    return SEPARATOR.join(sorted(flat)) if len(flat) <= _MAX_VALUES else ""


def _package(name: str, tables: list[Tidy]) -> Mapping[str, Any]:
    """Return the description of the folder (Frictionless Data Package 1.0)."""
    keys = {"reports": ["doc_id"], "segments": ["segment_id"], "themes": ["theme_id"]}
    resources = []
    for table in tables:
        fields = [
            {
                "name": column.name,
                "type": "string" if type_name(column) == "list" else type_name(column),
                "description": column.meaning,
            }
            | ({"separator": SEPARATOR} if type_name(column) == "list" else {})
            for column in table.columns
        ]
        schema: dict[str, Any] = {"fields": fields}
        if table.name in keys:
            schema["primaryKey"] = keys[table.name]
        resources.append(
            {
                "name": table.name,
                "path": f"{table.name}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "description": table.meaning,
                "schema": schema,
            }
        )
    return {"profile": "tabular-data-package", "name": _slug(name), "resources": resources}


def _slug(name: str) -> str:
    """Return a name as a data package wants it.

    Examples
    --------
    >>> _slug("Syksy 2024")
    'syksy-2024'
    """
    return "".join(s if s.isalnum() or s in "._-" else "-" for s in name.lower()) or "study"
