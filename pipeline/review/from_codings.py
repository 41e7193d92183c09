"""Turn codings, one row a judgement, into rows of the log."""

import hashlib
from collections.abc import Iterable

import pandas as pd

from pipeline.codings import COLUMNS as CODING_COLUMNS
from pipeline.human.files import iso_time
from pipeline.review.decisions_file import COLUMNS, IMPORT, MODES, Row

_LONG_AGO = "1970-01-01T00:00:00+00:00"


def codings_as_rows(codings: pd.DataFrame) -> list[Row]:
    """Return codings of a file that stays as it is, as rows of the log.

    Parameters
    ----------
    codings : DataFrame
        Columns of ``codings.csv``; those without a time come before every ruling.

    Returns
    -------
    list of dict
        One row a theme given, and one a report that a coder has read. The same codings give the
        same rows, ids included.
    """
    made = import_rows(codings)
    for row in made:
        row["at"] = row["at"] or _LONG_AGO
        content = "\x1f".join(row[name] for name in COLUMNS)
        row["decision_id"] = f"D-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        row["batch"] = "codings.csv"
    return made


def import_rows(codings: pd.DataFrame) -> list[Row]:
    """Return codings as rows to add to the log, without ids and, where the file has none, times.

    Parameters
    ----------
    codings : DataFrame
        Columns of ``codings.csv``. Themes of one report and coder add up; a row without a theme
        says that the report was read, and that none fits when no other row gives it one.
    """
    rows: list[Row] = []
    read: dict[tuple[str, str], Row] = {}
    for report, segment, theme, coder, at, version, memo, mode in _cells(codings):
        made = dict.fromkeys(COLUMNS, "") | {
            "at": iso_time(at),
            "coder": coder,
            "taxonomy_version": version,
            "mode": mode if mode in MODES else IMPORT,
        }
        if theme:
            table = "segment_themes" if segment else "report_themes"
            rows.append(
                made
                | {
                    "target_table": table,
                    "target_id": segment or report,
                    "theme_id": theme,
                    "verdict": "accept",
                    "memo": memo,
                }
            )
        confirmed = made | {"target_table": "reports", "target_id": report, "verdict": "read"}
        confirmed["memo"] = "" if theme else memo
        before = read.get((report, coder))
        if before is None or confirmed["at"] > before["at"]:
            read[report, coder] = confirmed
    return [*rows, *read.values()]


def _cells(codings: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    """Return the cells of codings, with ``""`` for columns they lack."""
    names = (*CODING_COLUMNS, "mode")
    held = [
        codings[name].astype(str).tolist() if name in codings else [""] * len(codings)
        for name in names
    ]
    return zip(*held, strict=True)


def themes_given(log: pd.DataFrame, codings_file: pd.DataFrame) -> pd.DataFrame:
    """Return every theme that a person gave, as it was called then.

    Parameters
    ----------
    log : DataFrame
        Rows of the log.
    codings_file : DataFrame
        Rows of ``human/codings.csv``.

    Returns
    -------
    DataFrame with columns ``taxonomy_version``, ``theme_id``
    """
    given = log[log["target_table"].isin(["report_themes", "segment_themes"])]
    given = given[given["verdict"] == "accept"]
    columns = ["taxonomy_version", "theme_id"]
    return pd.concat([given[columns], codings_file[columns]], ignore_index=True)
