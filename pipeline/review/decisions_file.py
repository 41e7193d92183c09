"""Read ``human/decisions.csv``, the record of what people ruled, and know its columns.

The file is only ever added to (:mod:`pipeline.review.log`). Files of the first version, without
``batch``, ``mode``, ``shown`` and ``basis``, are read as they are, and so is a file that a
spreadsheet program saved with semicolons.
"""

import csv
import io
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pipeline.human.files import (
    complaint,
    described,
    iso_time,
    parse_table,
    read_text,
    records,
    separator_of,
)
from pipeline.tables import TABLES

FILE_NAME = "decisions.csv"
COLUMNS = tuple(column.name for column in TABLES["decisions"].columns)
FIRST_COLUMNS = (
    *("decision_id", "at", "coder", "target_table", "target_id", "theme_id", "verdict"),
    *("new_value", "memo", "taxonomy_version"),
)
"""Columns of a file of the first version."""
VERDICTS = ("accept", "reject", "change", "read", "unsure", "memo", "pin", "ban", "retract")
TARGETS = (
    *("reports", "report_themes", "segment_themes", "topics", "topic_themes", "signals"),
    *("signal_members", "segments", "evidence", "batches", "files"),
)
MODES = ("assisted", "blind", "adjudication", "bulk", "import", "sheet")

SHEET, BLIND, ADJUDICATION, IMPORT = "sheet", "blind", "adjudication", "import"
ANYONE = "*"
"""Stands for the coder where the newest word holds, whoever's it is."""

Row = dict[str, str]
Key = tuple[str, str, str, str]

_ANYONES = ("topics", "topic_themes", "signals")
_DATED_VERSION = re.compile(r"(\d{1,2})\.(\d{1,2})\.(?:19|20)(\d\d)")


def new_decision_id() -> str:
    """Return ``D-`` and 12 random hex digits."""
    return f"D-{secrets.token_hex(6)}"


def new_batch_id() -> str:
    """Return ``B-`` and 12 random hex digits."""
    return f"B-{secrets.token_hex(6)}"


def decision_key(row: Mapping[str, str]) -> Key:
    """Return what a row rules on: of two rows with one key the later one holds.

    Returns
    -------
    tuple of str
        Target table, target, theme and coder. The coder is :data:`ANYONE` for topics, signals and
        adjudication, where people do not rule side by side. Memos stand beside rulings, and the
        ``theme`` of a signal's member is the report.
    """
    table, theme = row["target_table"], row["theme_id"]
    if row["verdict"] == "memo":
        table = f"{table} memo"
    if table == "signal_members":
        theme = row["new_value"]
    is_anyones = table in _ANYONES or row["mode"] == ADJUDICATION
    return table, row["target_id"], theme, ANYONE if is_anyones else row["coder"]


@lru_cache(maxsize=1 << 16)
def moment(at: str) -> int:
    """Return a time as microseconds since 1970; without an offset it is taken for UTC.

    Examples
    --------
    >>> moment("1970-01-01T02:00:00.000001+02:00")
    1
    """
    when = datetime.fromisoformat(at)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Return rows by time and, of one time, by id: the order in which they hold."""
    return sorted(rows, key=lambda row: (moment(row["at"]), row["decision_id"]))


def as_frame(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Return rows as a frame with the columns of the table ``decisions``, all text."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS), dtype=object)


def rows_of(decisions: pd.DataFrame) -> list[Row]:
    """Return the rows of table ``decisions``, or of some of it, as :func:`as_frame` took them."""
    return [
        {str(column): text for column, text in row.items()} for row in decisions.to_dict("records")
    ]


def read_decisions(folder: Path) -> pd.DataFrame:
    """Read every decision of a study, in the order of the file.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.

    Returns
    -------
    DataFrame
        Columns of the table ``decisions``, all text; no rows when nothing was decided.

    Raises
    ------
    InputError
        When the file lacks a column, or a row has an unknown verdict or target, no time, no id or
        the id of another ruling; it names the line.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return as_frame([])
    return as_frame(parse_decisions(read_text(path), path))


def parse_decisions(text: str, path: Path) -> list[Row]:
    """Read the text of a decisions file.

    Parameters
    ----------
    text : str
    path : Path
        For messages.

    Returns
    -------
    list of dict
        All columns of today. A row of the first version is a batch of its own, of mode ``sheet``;
        of two such rows on one thing in one second the later line is a microsecond later. A last
        line that a crash cut short is passed over.

    Raises
    ------
    InputError
        See :func:`read_decisions`.
    """
    if not text.strip():
        return []
    lines = parse_table(text[: whole_length(text)], path, FIRST_COLUMNS)
    known: dict[str, Row] = {}
    rows: list[Row] = []
    last: dict[Key, int] = {}
    for line in lines:
        row = {name: line.cells.get(name, "") for name in COLUMNS}
        row["batch"] = row["batch"] or row["decision_id"]
        row["mode"] = row["mode"] or SHEET
        row["at"] = iso_time(row["at"])
        if found := _DATED_VERSION.fullmatch(row["taxonomy_version"]):
            # Finnish Excel takes 1.2.0 for the first of February 2000.
            row["taxonomy_version"] = ".".join(str(int(part)) for part in found.groups())
        check_row(row, f"{path}, line {line.number}")
        same = known.setdefault(row["decision_id"], row)
        if same is not row:
            if any(same[name] != row[name] for name in COLUMNS if name != "at"):
                raise complaint(
                    f"{path}, line {line.number}", "each decision_id must be its own",
                    "that of another ruling", "Give the copied row a decision_id of its own.",
                )  # fmt: skip
            continue
        row["at"] = _later_than(row["at"], last.get(decision_key(row)))
        last[decision_key(row)] = moment(row["at"])
        rows.append(row)
    return rows


def _later_than(at: str, before: int | None) -> str:
    """Move a time a microsecond on when the line before has the same one."""
    if before is None or not 0 <= before - moment(at) < 1_000_000 or "." in at:
        return at
    when = datetime.fromisoformat(at)
    return (when + timedelta(microseconds=before - moment(at) + 1)).isoformat()


def check_row(row: Mapping[str, str], place: str) -> None:
    """Check the fixed words of a row.

    Raises
    ------
    InputError
        It names the place.
    """
    for name, words in (("verdict", VERDICTS), ("target_table", TARGETS), ("mode", MODES)):
        if row[name] not in words:
            raise complaint(
                place, f"{name} must be one of {', '.join(words)}", described(row[name]),
                "Correct the cell, or take the row out of the file.",
            )  # fmt: skip
    if not row["at"]:
        raise complaint(
            place, "at must be a time such as 2025-01-31T12:00:00+02:00", "something else",
            "Correct the cell.",
        )  # fmt: skip
    if not row["decision_id"] or not row["target_id"]:
        raise complaint(
            place, "decision_id and target_id must be there", "an empty cell",
            "Fill the cell in, or take the row out of the file.",
        )  # fmt: skip


def whole_length(text: str) -> int:
    """Return how much of a file's text is whole: all, but for a last line that was cut short.

    A last line without a line end may have been written by hand; it is whole when it has all its
    cells and its quotation marks are closed.
    """
    if not text or (text.endswith("\n") and text.count('"') % 2 == 0):
        return len(text)
    held = list(records(text))
    start = 0
    for _ in range(held[-1][0] - 1):
        start = text.index("\n", start) + 1
    is_short = not text.endswith("\n") and len(held[-1][1]) < len(held[0][1])
    return start if is_short or _is_open(text, start) else len(text)


def _is_open(text: str, start: int) -> bool:
    """Tell whether the record that starts there ends inside quotation marks."""
    last = io.StringIO(text[start:], newline="")
    try:
        list(csv.reader(last, delimiter=separator_of(text), strict=True))
    except csv.Error as err:
        return "end of data" in str(err)
    return False
