"""Read and append ``human/decisions.csv``, the record of what people ruled."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from pipeline.errors import InputError
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
        When the file lacks a column or holds an unknown verdict or target; it names the row.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return pd.DataFrame(columns=list(COLUMNS), dtype=object)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError(f"{path} must be UTF-8 text. Save it as UTF-8.") from err
    reader = csv.DictReader(io.StringIO(text))
    missing = sorted(set(COLUMNS) - set(reader.fieldnames or ()))
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}. Put them back.")
    rows = [{name: row[name] or "" for name in COLUMNS} for row in reader]
    for number, row in enumerate(rows, 2):
        if row["verdict"] not in VERDICTS:
            raise InputError(f"{path}, row {number}: verdict must be one of {', '.join(VERDICTS)}.")
        if row["target_table"] not in TARGETS:
            raise InputError(
                f"{path}, row {number}: target_table must be one of {', '.join(TARGETS)}."
            )
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def append_decisions(folder: Path, decisions: Iterable[Mapping[str, str]]) -> int:
    """Add decisions at the end of the file; those already there are left as they are.

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
    is_first = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        if is_first:
            writer.writeheader()
        writer.writerows(new)
    return len(new)
