"""Find what people's files name and the study does not have: kept, listed, never in the way."""

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from pipeline.assign.not_evidence import FILE_NAME as NOT_EVIDENCE_FILE
from pipeline.assign.not_evidence import read_not_evidence
from pipeline.codings import FILE_NAME as CODINGS_FILE
from pipeline.codings import read_codings
from pipeline.detect.watch_file import FILE_NAME as WATCH_FILE
from pipeline.detect.watch_file import read_watches
from pipeline.frames import each_row, empty
from pipeline.report.quote_rulings import FILE_NAME as QUOTES_FILE
from pipeline.report.quote_rulings import read_quote_rulings
from pipeline.review.decisions_file import FILE_NAME as DECISIONS_FILE
from pipeline.review.decisions_file import Row, read_decisions, rows_of
from pipeline.review.retractions import RETRACT, is_retracted, retractions
from pipeline.review.review import ReviewConfig
from pipeline.taxonomy.model import Taxonomy
from pipeline.taxonomy.old_codings import successors

REPORT, SEGMENT, THEME, TOPIC, SIGNAL = "report", "segment", "theme", "topic", "signal"
GONE, RETIRED, UNKNOWN = "gone", "retired", "unknown"
COLUMNS = ("file", "kind", "id", "decision_id")

_KINDS = {
    "reports": REPORT,
    "report_themes": REPORT,
    "segment_themes": SEGMENT,
    "segments": SEGMENT,
    "topics": TOPIC,
    "topic_themes": TOPIC,
    "signals": SIGNAL,
    "signal_members": SIGNAL,
}


def named_ids(folder: Path) -> pd.DataFrame:
    """List every id that the files of ``human/`` name.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.

    Returns
    -------
    DataFrame with columns ``file``, ``kind``, ``id``, ``decision_id``
        One row a naming; ``kind`` is report, segment, theme, topic or signal. Of the log only
        rulings that were neither taken back nor made anew for another target.

    Raises
    ------
    InputError
        When a file cannot be read.
    """
    rows = _of_log(rows_of(read_decisions(folder)))
    for coding in each_row(read_codings(folder)):
        rows.append((CODINGS_FILE, REPORT, coding.report_id, ""))
        rows += [(CODINGS_FILE, THEME, coding.theme_id, "")] if coding.theme_id else []
    quotes = read_quote_rulings(folder)
    rows += [(QUOTES_FILE, SEGMENT, one, "") for one in sorted(quotes.pinned)]
    rows += [
        (QUOTES_FILE, SEGMENT if "/" in one else REPORT, one, "") for one in sorted(quotes.banned)
    ]
    for watch in read_watches(folder):
        rows += [(WATCH_FILE, REPORT, one, "") for one in watch.examples]
    ruled_out = read_not_evidence(folder)["theme_id"]
    rows += [(NOT_EVIDENCE_FILE, THEME, theme_id, "") for theme_id in ruled_out]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _of_log(rows: list[Row]) -> list[tuple[str, str, str, str]]:
    """List the ids that standing rulings name."""
    gone = retractions(rows)
    target = {row["decision_id"]: row["target_id"] for row in rows}
    moved = {
        row["basis"]
        for row in rows
        if row["basis"] in target and target[row["basis"]] != row["target_id"]
    }
    found = []
    for row in rows:
        if row["verdict"] == RETRACT or row["decision_id"] in moved or is_retracted(row, gone):
            continue
        if kind := _KINDS.get(row["target_table"]):
            found.append((DECISIONS_FILE, kind, row["target_id"], row["decision_id"]))
        if row["theme_id"]:
            found.append((DECISIONS_FILE, THEME, row["theme_id"], row["decision_id"]))
    return found


def find_loose(
    named: pd.DataFrame, known: Mapping[str, Collection[str]], taxonomy: Taxonomy
) -> pd.DataFrame:
    """Return the namings of what the study does not have.

    Parameters
    ----------
    named : DataFrame
        From :func:`named_ids`.
    known : mapping of str to collection of str
        Ids that exist, by kind; kinds that are not there are not looked at.
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame
        Rows of ``named`` and ``reason``: gone; of a theme retired (no successor) or unknown (in no
        version of the taxonomy).
    """
    became, current = successors(taxonomy), set(taxonomy.theme_ids)
    reasons = []
    for row in each_row(named):
        if row.kind == THEME:
            is_here = became.get(row.id, row.id) in current
            reasons.append("" if is_here else RETIRED if row.id in became else UNKNOWN)
        elif row.kind in known:
            reasons.append("" if row.id in known[row.kind] else GONE)
        else:
            reasons.append("")
    loose = named.assign(reason=pd.Series(reasons, index=named.index, dtype=object))
    return loose[loose["reason"] != ""].reset_index(drop=True)


def loose_ends(
    reports: pd.DataFrame,
    segments: pd.DataFrame,
    topics: pd.DataFrame,
    config: ReviewConfig,
    *,
    human_ids: pd.DataFrame,
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    """Count what people's files name and the study does not have.

    Parameters
    ----------
    reports, segments, topics : DataFrame
        The whole tables of those names.
    config : ReviewConfig
    human_ids : DataFrame
        From :func:`named_ids`.
    taxonomy : Taxonomy

    Returns
    -------
    DataFrame, table ``loose_ends``
        Counts without ids: an erased report's id must not stay in the tables. ``havainto status``
        lists the ids.
    """
    known = {
        REPORT: set(reports["report_id"]),
        SEGMENT: set(segments["segment_id"]),
        TOPIC: set(topics["topic_id"]),
    }
    loose = find_loose(human_ids, known, taxonomy)
    counts = Counter(zip(loose["file"], loose["kind"], loose["reason"], strict=True))
    rows = [(*what, n) for what, n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=empty("loose_ends").columns) if rows else empty("loose_ends")
