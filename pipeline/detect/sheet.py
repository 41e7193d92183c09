"""Have a person say, blind, who belongs to each listed group, and test the groups again.

What limits the list is membership, not the test: two lost newest reports, or one stranger, change
a p-value tenfold. So a person reads the members of each group and the twelve nearest other
reports, shuffled, with dates and places hidden, and ticks those that belong. Whoever ticks cannot
see what would make the rise steeper.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.cluster.similarity import centred
from pipeline.detect.histories import count_reports, window_of
from pipeline.detect.rises import chances
from pipeline.detect.settings import DetectConfig
from pipeline.detect.status import statuses
from pipeline.errors import InputError
from pipeline.files.encodings import decode
from pipeline.frames import each_row
from pipeline.ingest.cells import as_text
from pipeline.ingest.workbooks import read_workbook
from pipeline.row_codes import row_code
from pipeline.speech import Said
from pipeline.spreadsheet import safe_cell, write_private, write_sheet

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


def blind_rows(tables: Tables, seed: int) -> list[tuple[str, ...]]:
    """Make the rows of the sheet of all listed groups.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``reports``, ``segments``, ``tokens``, ``report_embeddings`` and ``signals``.
    seed : int
        Of the order of the rows.

    Returns
    -------
    list of tuple of str
        The columns of :data:`COLUMNS`: group, its name, a code of the row, the text, and the empty
        column ``kuuluu``. The code gives neither report nor period away.
    """
    texts = hidden_texts(tables)
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, ...]] = []
    for signal in _listed(tables["signals"]):
        shown = [*signal.report_ids, *nearest_reports(signal.report_ids, tables)]
        for number in rng.permutation(len(shown)).tolist():
            report_id = shown[number]
            code = row_code(signal.signal_id, report_id)
            rows.append((signal.signal_id, signal.label, code, texts.get(report_id, ""), ""))
    return rows


def write_blind_sheet(file: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write the sheet: a workbook, or for ``.csv`` text with semicolons and a byte order mark.

    Raises
    ------
    InputError
        When the file's name ends in neither.
    """
    match file.suffix.lower():
        case ".xlsx":
            choices: dict[int, Sequence[str]] = {COLUMNS.index("kuuluu"): (YES, NO)}
            write_sheet(file, "ryhmät", COLUMNS, rows, widths=(16, 30, 12, 90, 8), choices=choices)
        case ".csv":
            stream = io.StringIO()
            writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
            writer.writerow(COLUMNS)
            writer.writerows([safe_cell(cell) for cell in row] for row in rows)
            write_private(file, stream.getvalue().encode("utf-8-sig"))
        case suffix:
            raise InputError(
                "{file} must be an .xlsx file, or .csv. Got {suffix}.",
                file=file.name,
                suffix=suffix or Said("no ending"),
            )


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


@dataclass(frozen=True)
class Ticks:
    """The answers of a filled-in sheet.

    Attributes
    ----------
    answers : dict of (str, str) to str
        By signal and row code: ``k`` belongs, ``e`` does not, "" not answered.
    rows : dict of (str, str) to int
        The row each stands in, from 1 as a spreadsheet counts.
    unread : tuple of int
        Rows whose answer is none of those; they stay as they were.
    """

    answers: dict[tuple[str, str], str]
    rows: dict[tuple[str, str], int]
    unread: tuple[int, ...]

    def unknown(self, tables: Tables) -> tuple[int, ...]:
        """Return the answered rows whose group or code is not in the list, or was changed."""
        report_ids = tables["reports"]["report_id"].tolist()
        known = {
            (signal.signal_id, row_code(signal.signal_id, report_id))
            for signal in _listed(tables["signals"])
            for report_id in report_ids
        }
        return tuple(n for key, n in self.rows.items() if key not in known and self.answers[key])


def read_ticks(file: Path) -> Ticks:
    """Read the ticks of a filled-in sheet, .xlsx, .ods or .csv.

    Returns
    -------
    Ticks

    Raises
    ------
    InputError
        When the file is no such sheet.
    """
    grid = _grid(file)
    header = [cell.strip().casefold() for cell in grid[0]] if grid else []
    missing = [name for name in ("ryhmä", "rivi", "kuuluu") if name not in header]
    if missing:
        raise InputError(
            "{file} lacks the columns {missing}. Put them back.",
            file=file,
            missing=", ".join(missing),
        )
    places = [header.index(name) for name in ("ryhmä", "rivi", "kuuluu")]
    answers: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], int] = {}
    unread = []
    for number, cells in enumerate(grid[1:], 2):
        full = [*cells, *[""] * len(header)]
        signal_id, code, given = (full[place].strip() for place in places)
        if not (signal_id or code or given):
            continue
        answer = _ANSWERS.get(given.lower())
        key = signal_id, code.upper()
        if answer is None:
            unread.append(number)
        if not answers.get(key):
            answers[key], rows[key] = answer or "", number
    return Ticks(answers, rows, tuple(unread))


def _grid(file: Path) -> list[list[str]]:
    """Return the cells of a sheet as text."""
    if not file.is_file():
        raise InputError("{file} does not exist. Give the path of a filled-in sheet.", file=file)
    if file.suffix.lower() in (".xlsx", ".ods"):
        sheet = read_workbook(file, file.name)
        return [[as_text(cell) for cell in row.cells] for row in sheet.rows]
    text = decode(file.read_bytes(), file.name)[0]
    first = text.split("\n", 1)[0]
    separator = next((mark for mark in (";", "\t") if mark in first), ",")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


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
        The answers of :func:`read_ticks`.
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


def nearest_reports(report_ids: Sequence[str], tables: Tables) -> list[str]:
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
