"""Keep the topics of the last run where no crash and no cleaning of ``tables/`` loses them.

What people named and ruled hangs on the ids of topics. The lineage that keeps those ids lies in
``tables/``, which is disposable and which a killed run leaves without it; so a copy lies in
``human/``, with each topic's members, from the moment a run has finished grouping.
"""

import json
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from pipeline.artifacts import Store
from pipeline.errors import ArtifactError
from pipeline.frames import empty
from pipeline.human.durable import write_durably

LINEAGE = "topic_lineage"
FILE_NAME = ".topics.json"
_FORMAT = 1


def remember(store: Store, human: Path) -> None:
    """Copy the finished lineage to ``human/``, durably; nothing is written when it is the same.

    Parameters
    ----------
    store : Store
    human : Path
        The study's ``human/``.

    Raises
    ------
    ArtifactError
        When it could not be written; the copy of the run before stands.
    """
    named = former_labels(human)
    if store.is_whole("topics"):
        topics = store.read("topics")
        named |= dict(zip(topics["topic_id"], topics["label"], strict=True))
    rows: list[dict[str, object]] = [
        {str(name): list(value) if isinstance(value, list) or hasattr(value, "tolist") else value
         for name, value in row.items()}
        for row in store.read(LINEAGE).to_dict("records")
    ]  # fmt: skip
    for row in rows:
        row["label"] = str(named.get(str(row["topic_id"]), ""))
    _write(human, rows)


def former_labels(human: Path) -> dict[str, str]:
    """Return the last label of each topic that is remembered, also of those that are gone.

    None where there is no copy, or none that can be read; :func:`recall` complains of that.
    """
    path = human / FILE_NAME
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["topics"]
        return {str(row["topic_id"]): str(row.get("label", "")) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def recall(store: Store, human: Path) -> pd.DataFrame:
    """Return the topics of the last finished run: from the tables, or else from the copy.

    Raises
    ------
    ArtifactError
        When the copy cannot be read; the message says what to do.
    """
    if store.is_whole(LINEAGE):
        return store.read(LINEAGE)
    path = human / FILE_NAME
    if not path.is_file():
        return empty(LINEAGE)
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] != _FORMAT:
            raise ValueError(held["format"])
        columns = list(empty(LINEAGE).columns)
        rows = [{name: row[name] for name in columns} for row in held["topics"]]
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise ArtifactError(
            "{path}, which keeps the ids of topics, cannot be read. Put it back from a "
            "backup, or delete it: topics then get new ids, and rulings on the old ones "
            "no longer apply.",
            path=path,
        ) from err
    return pd.DataFrame(rows, columns=columns) if rows else empty(LINEAGE)


def forget_reports(human: Path, report_ids: Collection[str]) -> None:
    """Take reports out of the copy."""
    path = human / FILE_NAME
    if not path.is_file():
        return
    rows = json.loads(path.read_text(encoding="utf-8"))["topics"]
    for row in rows:
        if any(one in report_ids for one in row["report_ids"]):
            row["label"] = ""  # its words may be the report's
        row["report_ids"] = [one for one in row["report_ids"] if one not in report_ids]
    _write(human, rows)


def _write(human: Path, rows: list[dict[str, object]]) -> None:
    """Write the copy where it differs from what is there."""
    path = human / FILE_NAME
    text = json.dumps({"format": _FORMAT, "topics": rows}, ensure_ascii=False, indent=1) + "\n"
    if path.is_file() and path.read_bytes() == text.encode():
        return
    human.mkdir(exist_ok=True)
    write_durably(path, text.encode())
