"""Have a person say, blind, who belongs to each listed group, and test the groups again.

What limits the list is membership, not the test: two lost newest reports, or one stranger, change
a p-value tenfold. So a person reads the members of each group and the twelve nearest other
reports, shuffled, with dates and places hidden, and ticks those that belong. Whoever ticks cannot
see what would make the rise steeper.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.cluster.similarity import centred
from pipeline.detect.detect import DetectConfig
from pipeline.detect.histories import count_reports, window_of
from pipeline.detect.rises import chances
from pipeline.detect.status import statuses
from pipeline.errors import InputError
from pipeline.frames import each_row
from pipeline.spreadsheet import safe_cell

COLUMNS = ("ryhmä", "nimi", "rivi", "teksti", "kuuluu")
YES, NO = "k", "e"
_ANSWERS = {
    "": "",
    **dict.fromkeys(("k", "kyllä", "x", "1"), YES),
    **dict.fromkeys(("e", "ei", "0"), NO),
}

N_NEAREST = 12

PLACE, TIME = "[PAIKKA]", "[AIKA]"
_YEAR = re.compile(r"(19|20)\d\d(-\w+)?|\d{1,2}\.\d{1,2}\.(\d{4})?")
_MONTH = re.compile(r"\w{4,}kuu")
_SEASONS = frozenset(("kevät", "kesä", "syksy", "talvi", "joulu", "juhannus", "pääsiäinen"))

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Retest:
    """A listed group before and after a person's review of its members.

    Attributes
    ----------
    signal_id, label : str
    counts_before, counts_after : list of int
        Members by period.
    p_before, p_after : float
        Exact one-sided p of a rise.
    status_before, status_after : str
    n_unanswered : int
        Rows of the sheet without a tick; they stay as they were.
    """

    signal_id: str
    label: str
    counts_before: list[int]
    counts_after: list[int]
    p_before: float
    p_after: float
    status_before: str
    status_after: str
    n_unanswered: int


def blind_sheet(tables: Tables, seed: int) -> str:
    """Write the sheet of all listed groups.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``reports``, ``segments``, ``tokens``, ``report_embeddings`` and ``signals``.
    seed : int
        Of the order of the rows.

    Returns
    -------
    str
        CSV for a spreadsheet: group, its name, a code of the row, the text, and the empty column
        ``kuuluu``. The code gives neither report nor period away.
    """
    texts = hidden_texts(tables)
    rng = np.random.default_rng(seed)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for signal in _listed(tables["signals"]):
        shown = [*signal.report_ids, *_nearest(signal.report_ids, tables)]
        for number in rng.permutation(len(shown)).tolist():
            report_id = shown[number]
            code = row_code(signal.signal_id, report_id)
            text = safe_cell(texts.get(report_id, ""))
            writer.writerow((signal.signal_id, safe_cell(signal.label), code, text, ""))
    return stream.getvalue()


def row_code(signal_id: str, report_id: str) -> str:
    """Return the code of a report in a group's part of the sheet: 8 hex digits."""
    return hashlib.sha256(f"{signal_id}\n{report_id}".encode()).hexdigest()[:8]


def hidden_texts(tables: Tables) -> dict[str, str]:
    """Return the sentences of each report with names of places and all times hidden."""
    places = {area.lower() for areas in tables["reports"]["area"] for area in areas}
    tokens = tables["tokens"]
    hidden: dict[str, list[tuple[int, int, str]]] = {}
    for token in each_row(tokens):
        mask = _mask(token.form, token.lemma, token.pos, places)
        if mask:
            hidden.setdefault(token.segment_id, []).append((token.start, token.end, mask))
    texts: dict[str, list[str]] = {}
    for segment in each_row(tables["segments"]):
        text = segment.text
        for start, end, mask in reversed(hidden.get(segment.segment_id, [])):
            text = text[: start - segment.start] + mask + text[end - segment.start :]
        texts.setdefault(segment.report_id, []).append(_YEAR.sub(TIME, text))
    return {report_id: " ".join(sentences) for report_id, sentences in texts.items()}


def _mask(form: str, lemma: str, pos: str, places: set[str]) -> str:
    """Return what hides a word, or "" when it may be read."""
    lower = lemma.lower()
    if lower in places or (pos == "PROPN" and not form.isupper()):
        return PLACE
    is_time = lower in _SEASONS or _MONTH.fullmatch(lower) or _YEAR.fullmatch(form)
    return TIME if is_time else ""


def read_ticks(file: Path) -> dict[tuple[str, str], str]:
    """Read the ticks of a filled-in sheet.

    Returns
    -------
    dict of (str, str) to str
        By signal and row code: ``k`` belongs, ``e`` does not, "" not answered.

    Raises
    ------
    InputError
        When the file is no such sheet or an answer is another; it names the row.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as err:
        raise InputError(f"{file} does not exist. Give the path of a filled-in sheet.") from err
    except UnicodeDecodeError as err:
        raise InputError(f"{file} must be UTF-8 text. Save it as UTF-8.") from err
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    missing = [
        name for name in ("ryhmä", "rivi", "kuuluu") if name not in (reader.fieldnames or ())
    ]
    if missing:
        raise InputError(f"{file} lacks the columns {', '.join(missing)}. Put them back.")
    ticks = {}
    for number, row in enumerate(reader, 2):
        answer = _ANSWERS.get((row["kuuluu"] or "").strip().lower())
        if answer is None:
            raise InputError(f"{file}, row {number}: kuuluu must be k (kyllä), e (ei) or empty.")
        ticks[row["ryhmä"], row["rivi"]] = answer
    return ticks


def retest(
    tables: Tables,
    ticks: Mapping[tuple[str, str], str],
    config: DetectConfig,
    *,
    seed: int,
) -> list[Retest]:
    """Test the listed groups again with the members a person ticked.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``periods``, ``reports`` and ``signals``.
    ticks : mapping
        As :func:`read_ticks` returns them.
    config : DetectConfig
    seed : int
        Of the shuffles, where some reports move together.

    Returns
    -------
    list of Retest
        The listed groups that have a row in the sheet.

    Raises
    ------
    InputError
        When no row of the sheet belongs to a group of the list.
    """
    counted = count_reports(tables["periods"], tables["reports"], config.exchange)
    window = window_of(tables["periods"], counted)
    found = []
    for signal in _listed(tables["signals"]):
        codes = {row_code(signal.signal_id, r): r for r in counted.report_ids}
        answers = {
            codes[c]: t for (s, c), t in ticks.items() if s == signal.signal_id and c in codes
        }
        if not answers:
            continue
        before = frozenset(signal.report_ids)
        after = (before | {r for r, t in answers.items() if t == YES}) - {
            r for r, t in answers.items() if t == NO
        }
        counts = np.stack([counted.counts(before), counted.counts(after)])
        rows = [counted.rows(before), counted.rows(after)]
        p_values = chances(rows, counted.blocks, window, config.n_shuffles, seed)
        p_before, p_after = p_values.rise.tolist()
        names = statuses(
            counts,
            window,
            alpha=config.alpha,
            min_reports=config.min_reports,
            p_values=p_values,
        )
        unanswered = sum(tick == "" for tick in answers.values())
        both = (counts[0].tolist(), counts[1].tolist(), p_before, p_after, names[0], names[1])
        found.append(Retest(signal.signal_id, signal.label, *both, unanswered))
    if not found:
        raise InputError(
            "No row of the sheet belongs to a group of the list. The list has changed since: "
            "write the sheet again."
        )
    return found


def _listed(signals: pd.DataFrame) -> list[pd.Series]:
    """Return the listed groups, best first."""
    return list(each_row(signals[signals["rank"].notna()].sort_values("rank")))


def _nearest(report_ids: Sequence[str], tables: Tables) -> list[str]:
    """Return the twelve reports nearest to a group that are not in it."""
    reports = tables["reports"]
    usable = set(
        reports.loc[(reports["quality"] == "ok") & (reports["duplicate_of"] == ""), "report_id"]
    )
    frame = tables["report_embeddings"]
    ids = frame["report_id"].tolist()
    vectors = centred(np.stack(frame["vector"].to_list()))
    members = [row for row, report_id in enumerate(ids) if report_id in set(report_ids)]
    nearness = vectors @ vectors[members].mean(axis=0)
    order = np.argsort(-nearness, kind="stable").tolist()
    others = [ids[i] for i in order if i not in set(members) and ids[i] in usable]
    return others[:N_NEAREST]
