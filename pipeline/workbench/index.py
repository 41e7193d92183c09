"""A disposable read index of one generation: rows to sort and filter by, and words to search.

SQLite is never the truth here. The index is made anew whenever the tables change, and deleting it
loses nothing. Each report has one row with what the grid shows, facet rows for what it is filtered
by, a full-text row, and one packed piece with all that its own page shows.
"""

import json
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.workbench.generation import Generation

SCHEMA = """
CREATE TABLE report (
  n INTEGER PRIMARY KEY, report_id TEXT UNIQUE NOT NULL, period TEXT NOT NULL, date TEXT NOT NULL,
  valence TEXT NOT NULL, unit TEXT NOT NULL, reporter TEXT NOT NULL, source TEXT NOT NULL,
  quality TEXT NOT NULL, duplicate_of TEXT NOT NULL, areas TEXT NOT NULL, groups TEXT NOT NULL,
  ticked TEXT NOT NULL, text TEXT NOT NULL, n_suggested INTEGER NOT NULL, best REAL NOT NULL,
  doubt REAL NOT NULL, n_chars INTEGER NOT NULL, page BLOB NOT NULL);
CREATE INDEX report_period ON report (period, n);
CREATE INDEX report_doubt ON report (doubt, n);
CREATE INDEX report_best ON report (best, n);
CREATE INDEX report_suggested ON report (n_suggested, n);
CREATE TABLE facet (kind TEXT NOT NULL, value TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (kind, value, n)) WITHOUT ROWID;
CREATE INDEX facet_n ON facet (n, kind, value);
CREATE TABLE total (kind TEXT NOT NULL, value TEXT NOT NULL, n_reports INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (form, lemma, content='',
  tokenize='unicode61 remove_diacritics 0');
"""
# remove_diacritics 0: with the default, saa would find sää
VERSION = 3
_NO_DOUBT = 99.0
_BATCH = 4096

Row = dict[str, Any]


def open_index(generation: Generation, tell: Callable[[str], None]) -> sqlite3.Connection:
    """Open the index of a generation, making it first where it is missing or of another version.

    Parameters
    ----------
    generation : Generation
    tell : callable
        Told once when an index has to be made.
    """
    path = generation.index_file
    if not _is_current(path):
        tell(generation.name)
        part = path.with_name(".index.sqlite.part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        build(generation, part)
        part.replace(path)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _is_current(path: Path) -> bool:
    """Tell whether an index of this version stands there, whole."""
    if not path.exists():
        return False
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return bool(connection.execute("PRAGMA user_version").fetchone()[0] == VERSION)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def build(generation: Generation, path: Path) -> None:
    """Write the index of a generation to a file."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    beside = _Beside(generation)
    for n, row in enumerate(_reports(generation), 1):
        _add(connection, n, row, beside)
    connection.execute(
        "INSERT INTO total SELECT kind, value, count(*) FROM facet GROUP BY kind, value"
    )
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.executescript(f"PRAGMA user_version = {VERSION}; ANALYZE;")
    connection.commit()
    connection.close()


class _Beside:
    """What is small enough to hold whole: the groups each report is in."""

    def __init__(self, generation: Generation) -> None:
        self.topics: dict[str, list[tuple[str, float, bool]]] = defaultdict(list)
        for row in generation.read("report_topics").to_dict("records"):
            entry = (row["topic_id"], float(row["weight"]), bool(row["is_main"]))
            self.topics[row["report_id"]].append(entry)
        signals = generation.read("signals")
        self.signals: dict[str, list[str]] = defaultdict(list)
        for row in signals[signals["rank"].notna()].to_dict("records"):
            for report_id in row["report_ids"]:
                self.signals[report_id].append(row["signal_id"])
        self.nearest: dict[str, dict[str, tuple[str, float]]] = defaultdict(dict)
        for row in generation.read("nearest_coded").to_dict("records"):
            near = (row["coded_report_id"], float(row["likeness"]))
            self.nearest[row["report_id"]][row["theme_id"]] = near


def _reports(generation: Generation) -> Iterator[Row]:
    """Yield each report with its sentences, their words and its pairs, all in one order."""
    segments = _grouped(_rows(generation, "segments"), lambda row: row["report_id"])
    tokens = _grouped(_rows(generation, "tokens"), lambda row: report_of(row["segment_id"]))
    pairs = _grouped(_rows(generation, "report_themes"), lambda row: row["report_id"])
    for row in _rows(generation, "reports"):
        report_id = row["report_id"]
        yield {
            **row,
            "segments": segments(report_id),
            "tokens": tokens(report_id),
            "pairs": pairs(report_id),
        }


def report_of(segment_id: str) -> str:
    """Return the report a sentence stands in."""
    return segment_id.rsplit("/", 2)[0]


def _rows(generation: Generation, name: str) -> Iterator[Row]:
    """Yield the rows of a table, a batch at a time."""
    for batch in pq.ParquetFile(generation.file(name)).iter_batches(_BATCH):
        yield from batch.to_pylist()


def _grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> Callable[[str], list[Row]]:
    """Return a function that gives a report's rows when it is asked in the order of the table."""
    groups = groupby(rows, key)
    ahead: list[tuple[str, list[Row]]] = []

    def take(report_id: str) -> list[Row]:
        if not ahead:
            found = next(groups, None)
            if found is None:
                return []
            ahead.append((found[0], list(found[1])))
        return ahead.pop()[1] if ahead[0][0] == report_id else []

    return take


def _add(connection: sqlite3.Connection, n: int, row: Row, beside: _Beside) -> None:
    """Write all that stands of one report."""
    report_id = row["report_id"]
    suggested = [pair for pair in row["pairs"] if pair["assigned"]]
    text = "\n".join(part for part in (row["observation"], row["proposal"]) if part)
    values = (
        *(n, report_id, row["period"], row["date"].isoformat() if row["date"] else ""),
        *(row["valence"], row["unit"], row["reporter_id"], row["data_source"], row["quality"]),
        *(row["duplicate_of"], json.dumps(row["area"]), json.dumps(row["client_groups"])),
        *(json.dumps(row["themes_ticked"]), text, len(suggested)),
        max((float(pair["score"]) for pair in suggested), default=0.0),
        min((abs(float(pair["margin"])) for pair in row["pairs"]), default=_NO_DOUBT),
        *(len(text), _packed(row, beside)),
    )
    connection.execute(f"INSERT INTO report VALUES ({','.join('?' * len(values))})", values)
    facets = {
        *(("area", value) for value in row["area"]),
        *(("group", value) for value in row["client_groups"]),
        *(("theme", pair["theme_id"]) for pair in suggested),
        *(("topic", topic_id) for topic_id, _, _ in beside.topics.get(report_id, ())),
        *(("signal", signal_id) for signal_id in beside.signals.get(report_id, ())),
        ("period", row["period"]),
        ("valence", row["valence"]),
        ("source", row["data_source"]),
        ("suggested", str(min(len(suggested), 4))),
    }
    connection.executemany(
        "INSERT INTO facet VALUES (?, ?, ?)", [(kind, value, n) for kind, value in facets]
    )
    forms = " ".join(token["form"] for token in row["tokens"])
    lemmas = " ".join(" ".join((token["lemma"], *token["parts"])) for token in row["tokens"])
    connection.execute(
        "INSERT INTO words (rowid, form, lemma) VALUES (?, ?, ?)", (n, forms, lemmas)
    )


def _packed(row: Row, beside: _Beside) -> bytes:
    """Pack what the report's own page shows."""
    report_id = row["report_id"]
    page = {
        "segments": _sentences(row),
        "tokens": [
            [t["segment_id"], t["start"], t["end"], t["form"], t["lemma"], t["parts"]]
            for t in row["tokens"]
        ],
        "pairs": [
            {
                "theme_id": pair["theme_id"],
                "score": round(float(pair["score"]), 4),
                "assigned": pair["assigned"],
                "is_next": pair["is_next"],
                "strength": pair["strength"],
                "log_odds": round(float(pair["log_odds"]), 4),
                "evidence": [
                    [e["segment_id"], e["term"], round(e["contribution"], 4)]
                    for e in pair["evidence"]
                ],
            }
            for pair in row["pairs"]
            if pair["assigned"] or pair["is_next"]
        ],
        "topics": beside.topics.get(report_id, []),
        "signals": beside.signals.get(report_id, []),
        "nearest": beside.nearest.get(report_id, {}),
    }
    return zlib.compress(json.dumps(page, ensure_ascii=False).encode(), 1)


def _sentences(row: Row) -> list[list[Any]]:
    """Return a report's sentences; the last value tells whether a line ends before one."""
    made, field, last_end = [], "", 0
    for s in row["segments"]:
        if s["field"] != field:
            field, last_end = s["field"], 0
        is_new_line = "\n" in row[field][last_end : s["start"]]
        place = [s["segment_id"], field, s["start"], s["end"], s["text"]]
        made.append([*place, s["client_voice"], is_new_line])
        last_end = s["end"]
    return made


def unpacked(page: bytes) -> dict[str, Any]:
    """Return what :func:`build` packed of one report."""
    held: dict[str, Any] = json.loads(zlib.decompress(page))
    return held
