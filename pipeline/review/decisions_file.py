"""Read and append ``human/decisions.csv``, the record of what people ruled."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from pipeline.errors import InputError
from pipeline.spreadsheet import original_text, safe_cell
from pipeline.tables import TABLES

FILE_NAME = "decisions.csv"
COLUMNS = tuple(column.name for column in TABLES["decisions"].columns)
VERDICTS = ("accept", "reject", "change")
TARGETS = ("report_themes", "topics", "topic_themes", "signals")


def decision_id(decision: Mapping[str, str]) -> str:
    """Return ``D-`` and 12 hex digits of what was decided, by whom and when."""
    parts = "\x1f".join(str(decision[name]) for name in COLUMNS if name != "decision_id")
    return f"D-{hashlib.sha256(parts.encode()).hexdigest()[:12]}"


def read_decisions(folder: Path) -> pd.DataFrame:
    """Read every decision of a study, oldest first.

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
        the id of another ruling; it names the row.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return pd.DataFrame(columns=list(COLUMNS), dtype=object)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError(f"{path} must be UTF-8 text. Save it as UTF-8.") from err
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = sorted(set(COLUMNS) - set(reader.fieldnames or ()))
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}. Put them back.")
    rows = [{name: original_text(row[name] or "") for name in COLUMNS} for row in reader]
    known: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, 2):
        same_id = known.setdefault(row["decision_id"], row)
        if problem := _problem(row, same_id):
            raise InputError(f"{path}, row {number}: {problem}")
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _problem(row: Mapping[str, str], same_id: Mapping[str, str]) -> str:
    """Return what is wrong with a row, or an empty text."""
    if row["verdict"] not in VERDICTS:
        return f"verdict must be one of {', '.join(VERDICTS)}."
    if row["target_table"] not in TARGETS:
        return f"target_table must be one of {', '.join(TARGETS)}."
    if not _is_time(row["at"]):
        return "at must be a time such as 2025-01-31T12:00:00+02:00."
    if not row["decision_id"] or row != same_id:
        return "decision_id must be there, and each ruling must have its own."
    return ""


def _is_time(text: str) -> bool:
    """Tell whether a text is a time in ISO 8601."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def append_decisions(folder: Path, decisions: Iterable[Mapping[str, str]]) -> int:
    """Add decisions at the end of the file; those already there are left as they are.

    A text that a spreadsheet would take for a formula is written with an apostrophe before it,
    which :func:`read_decisions` takes off again.

    Returns
    -------
    int
        How many were added.
    """
    path = folder / FILE_NAME
    known = set(read_decisions(folder)["decision_id"])
    new = [dict(row) for row in decisions if row["decision_id"] not in known]
    if not new:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    header = next(csv.reader(io.StringIO(text)), list(COLUMNS))
    added = io.StringIO()
    writer = csv.DictWriter(added, header, restval="", lineterminator="\n")
    if not text:
        writer.writeheader()
    elif not text.endswith("\n"):
        added.write("\n")
    writer.writerows({name: safe_cell(value) for name, value in row.items()} for row in new)
    with path.open("a", encoding="utf-8", newline="") as stream:
        stream.write(added.getvalue())
    return len(new)
