"""Take a report out of what people made: the log and its copies, codings, lists and sheets."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.cluster.edits_file import FILE_NAME as EDITS
from pipeline.cluster.edits_file import read_edits
from pipeline.codings import FILE_NAME as CODINGS
from pipeline.detect.register import FILE_NAME as REGISTER
from pipeline.detect.register import read_register, write_register
from pipeline.detect.watch_file import FILE_NAME as WATCHES
from pipeline.detect.watch_file import read_watches
from pipeline.errors import InputError
from pipeline.human.files import read_table, read_text
from pipeline.human.lock import human_lock
from pipeline.report.findings_file import FILE_NAME as FINDINGS
from pipeline.report.findings_file import starts
from pipeline.report.quote_rulings import FILE_NAME as QUOTES
from pipeline.report.quote_rulings import read_quote_rulings
from pipeline.review.backups import FOLDER as BACKUPS
from pipeline.review.decisions_file import COLUMNS, Row, parse_decisions
from pipeline.review.decisions_file import FILE_NAME as DECISIONS
from pipeline.review.heads import Heads
from pipeline.review.log import as_csv, rewrite
from pipeline.spreadsheet import safe_cell, write_private

_TOML: Mapping[str, Callable[[Path], object]] = {
    EDITS: read_edits,
    WATCHES: read_watches,
    QUOTES: read_quote_rulings,
}


def names_report(row: Mapping[str, str], report_id: str) -> bool:
    """Tell whether a row of the log is about a report, or its memo names it."""
    about = Heads.report_named(row["target_table"], row["target_id"])
    ids = (about, row["target_id"], row["new_value"])
    return report_id in ids or is_word(report_id, row["memo"])


def is_word(report_id: str, text: str) -> bool:
    """Tell whether a text holds the id, and not as a part of a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(report_id)}(?![\w-])", text) is not None


def rulings_on(folder: Path, report_id: str) -> list[Row]:
    """Return the rows of the log that will be taken out."""
    path = folder / DECISIONS
    rows = parse_decisions(read_text(path), path) if path.exists() else []
    return [row for row in rows if names_report(row, report_id)]


def erase_from_human(folder: Path, report_id: str) -> Counter[str]:
    """Take a report out of all files of ``human/``.

    Parameters
    ----------
    folder : Path
    report_id : str

    Returns
    -------
    Counter of str
        Rows or entries taken out, by file.
    """
    taken: Counter[str] = Counter()
    taken[DECISIONS] = rewrite(folder, lambda row: not names_report(row, report_id))
    with human_lock(folder):
        for copy in sorted((folder / BACKUPS).glob("*")):
            taken[f"{BACKUPS}/{copy.name}"] = _erase_from_copy(copy, report_id)
        taken[CODINGS] = _erase_from_codings(folder / CODINGS, report_id)
        taken[REGISTER] = _erase_from_register(folder, report_id)
        taken[FINDINGS] = _erase_from_findings(folder / FINDINGS, report_id)
        for name, read in _TOML.items():
            taken[name] = _erase_from_toml(folder / name, report_id, read)
    return Counter({name: n for name, n in taken.items() if n})


def _erase_from_copy(path: Path, report_id: str) -> int:
    """Write a copy of the log anew without the report; one that cannot be read is deleted."""
    try:
        rows = parse_decisions(read_text(path), path)
    except InputError:
        path.unlink()
        return 1
    kept = [row for row in rows if not names_report(row, report_id)]
    # A line that a crash cut short is in no row; it goes with the rewriting.
    write_private(path, as_csv(kept, COLUMNS, header=True).encode())
    return len(rows) - len(kept)


def _erase_from_codings(path: Path, report_id: str) -> int:
    """Take the rows of a report out of the codings."""
    if not path.exists():
        return 0
    lines = read_table(path, ("report_id",), also={"raportti": "report_id"})
    kept = [line.cells for line in lines if line.cells["report_id"] != report_id]
    if len(kept) < len(lines):
        stream = io.StringIO()
        writer = csv.DictWriter(stream, list(lines[0].cells), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: safe_cell(text) for name, text in row.items()} for row in kept)
        write_private(path, stream.getvalue().encode())
    return len(lines) - len(kept)


def _erase_from_register(folder: Path, report_id: str) -> int:
    """Take a report out of the members in the register."""
    rows = read_register(folder)
    n = 0
    for row in rows:
        members = row["raportit"].split()
        if report_id in members:
            row["raportit"] = " ".join(one for one in members if one != report_id)
            n += 1
    if n:
        write_register(folder, rows)
    return n


def _erase_from_findings(path: Path, report_id: str) -> int:
    """Take the report's quotations and its id out of the findings.

    A finding that is nothing but a sentence of the report goes with it, and so does one of which
    it was the only report.
    """
    if not path.exists():
        return 0
    blocks = re.split(r"(?m)^(?=[-*+] |#|\S)", read_text(path))
    kept, n, names = [], 0, starts("reports")
    for block in blocks:
        if not is_word(report_id, block):
            kept.append(block)
            continue
        n += 1
        lines = block.splitlines(keepends=True)
        rest = [line for line in lines if f"[{report_id}/" not in line]
        rest = [_without_id(line, report_id) for line in rest]
        said = [_inner(line) for line in rest]
        is_sentence = len(rest) < len(lines) and not any(one.startswith(names) for one in said)
        is_empty = any(one in names for one in said)
        if not is_sentence and not is_empty:
            kept += rest
    if n:
        write_private(path, "".join(kept).encode())
    return n


def _inner(line: str) -> str:
    """Return what a line under a finding says."""
    return line.strip().removeprefix("-").strip()


def _without_id(line: str, report_id: str) -> str:
    """Take an id out of a list of ids, or anywhere else it stands in a line."""
    listed = re.compile(rf"(?<![\w/-]){re.escape(report_id)}(?![\w/-])(?:, )?")
    return re.sub(r",[ \t]*(\n?)$", r"\1", listed.sub("", line))


def _erase_from_toml(path: Path, report_id: str, read: Callable[[Path], object]) -> int:
    """Take the report and its sentences out of the lists of a TOML file.

    A paragraph that has nothing left to say goes whole.
    """
    if not path.exists():
        return 0
    text = read_text(path)
    named = re.compile(rf"""(["']){re.escape(report_id)}(?:/[^"'\n]*)?\1\s*,?[ \t]*""")
    n = len(named.findall(text))
    if not n:
        return 0
    write_private(path, named.sub("", text).encode())
    try:
        read(path.parent)
    except InputError:
        parts = re.split(r"(?m)^(?=\[\[)", text)
        write_private(path, "".join(part for part in parts if not named.search(part)).encode())
    return n
