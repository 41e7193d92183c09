"""Read a CSV file as Excel and survey tools write it, broken ones included."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from pipeline.files.encodings import Decoded, decode
from pipeline.ingest.sheets import Cell, Fault, Row, Sheet
from pipeline.ingest.texts import undo_mojibake

_SEPARATORS = (";", "\t", ",", "|")
_N_SAMPLE_ROWS = 100
_SURE_SHARE = 0.6
# A record of more lines than this is an unclosed quotation mark and no answer.
_MAX_RECORD_LINES = 2000


def read_csv(
    path: Path, file: str, *, encoding: str | None = None, separator: str | None = None
) -> Sheet:
    """Read a file of separated values.

    A quotation mark that is never closed costs its own row only: that row is reported as a fault
    and reading goes on from the next line.

    Parameters
    ----------
    path : Path
    file : str
        Name of the file in tables and messages.
    encoding : str, optional
        Found from the bytes when not given.
    separator : str, optional
        Found from the rows when not given; a first line ``sep=;`` is obeyed.

    Returns
    -------
    Sheet

    Raises
    ------
    InputError
        When the file is not in the encoding given.
    """
    decoded = decode(path.read_bytes(), file, encoding)
    lines = io.StringIO(undo_lines(decoded.text), newline="").readlines()
    first = 0
    if lines and lines[0].strip().strip('"').lower().startswith("sep=") and separator is None:
        separator = lines[0].strip().strip('"')[4:] or None
        first = 1
    if separator is None:
        separator = find_separator(lines)
    rows: list[Row] = [Row(1, [])] * first
    faults = _encoding_faults(decoded)
    for number, cells, reason in _records(lines[first:], separator):
        if reason:
            faults.append(Fault(number + first, None, reason, True, cells))
        else:
            rows.append(Row(number + first, cells))
    shown = {"\t": "tab"}.get(separator, separator)
    return Sheet(
        file=file, layout=f"{decoded.encoding}, separator {shown}", rows=rows, faults=faults
    )


def undo_lines(text: str) -> str:
    """Put right the lines of a text that were UTF-8 read as Windows-1252."""
    return "".join(undo_mojibake(line) for line in text.splitlines(keepends=True))


def find_separator(lines: Sequence[str]) -> str:
    r"""Return the separator that cuts most rows into the same number of cells.

    >>> find_separator(["pvm;havainto\n", "1.9.2024;Vuokra nousi, ja perhe muutti\n"])
    ';'
    """
    best = max(_SEPARATORS, key=lambda separator: _regularity(lines, separator))
    return best if _regularity(lines, best) > 0 else ";"


def _regularity(lines: Sequence[str], separator: str) -> float:
    """Return how evenly a separator cuts the first rows, 0-1; more cells count for more.

    A separator that is not in the first line must cut most rows alike, lest the commas of a
    file with one column of text be taken for separators.
    """
    reader = csv.reader(lines[: 3 * _N_SAMPLE_ROWS], delimiter=separator)
    try:
        counts = Counter(len(row) for row in islice(reader, _N_SAMPLE_ROWS) if row)
    except csv.Error:
        return 0.0
    n_rows = counts.total()
    wide = {n_cells: n for n_cells, n in counts.items() if n_cells > 1}
    if not wide:
        return 0.0
    n_cells = max(wide, key=lambda n: (wide[n], n))
    share = wide[n_cells] / n_rows
    is_sure = separator in lines[0] or (n_cells > 2 and share > _SURE_SHARE)
    return share * (1 - 1 / n_cells) if is_sure else 0.0


def _encoding_faults(decoded: Decoded) -> list[Fault]:
    """Say what the decoding had to put up with."""
    faults = []
    if decoded.n_odd_lines:
        reason = f"{decoded.n_odd_lines} lines are in another encoding and were read in that."
        faults.append(Fault(0, None, reason, False, []))
    if decoded.n_lost:
        reason = f"{decoded.n_lost} bytes stand for no letter in {decoded.encoding} and were lost."
        faults.append(Fault(0, None, reason, False, []))
    return faults


def _records(lines: Sequence[str], separator: str) -> Iterator[tuple[int, list[Cell], str]]:
    """Yield each record as its number from 1, its cells, and why it is bad ("" when it is not)."""
    for number, cells, reason, _ in _spans(lines, separator):
        yield number, cells, reason


def record_spans(lines: Sequence[str], separator: str) -> Iterator[tuple[int, int, int]]:
    """Yield each record as its number from 1 and its lines, half-open, from 0."""
    for number, _, _, (start, end) in _spans(lines, separator):
        yield number, start, end


def _spans(
    lines: Sequence[str], separator: str
) -> Iterator[tuple[int, list[Cell], str, tuple[int, int]]]:
    """Yield each record with the lines it takes."""
    at, number = 0, 0
    while at < len(lines):
        feed = _Feed(lines, at)
        reader = csv.reader(feed, delimiter=separator)
        while True:
            start = feed.at
            feed.limit = start + _MAX_RECORD_LINES
            try:
                cells = next(reader, None)
            except csv.Error:
                cells = []
                reason = "The row has a cell of more than 131,072 characters."
            else:
                reason = _fault_of(lines[start : feed.at], separator)
            if cells is None:
                at = feed.at
                break
            number += 1
            if reason:
                yield number, [lines[start].rstrip("\r\n")], reason, (start, start + 1)
                at = start + 1
                break
            yield number, list(cells), "", (start, feed.at)


def _fault_of(lines: Sequence[str], separator: str) -> str:
    """Say whether a record is open at its end, or closed by another record's quotation mark."""
    if not any('"' in line for line in lines):
        return ""
    try:
        n_records = sum(1 for _ in csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as err:
        # On one line, text after a closing mark is sloppy but plain: Excel reads it too.
        if len(lines) == 1 and "unexpected end" not in str(err):
            return ""
        return "A quotation mark opens a cell and is never closed."
    return "" if n_records == 1 else "A quotation mark opens a cell and is never closed."


class _Feed:
    """Lines for a csv reader, counted, and cut off when one record takes too many."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self._lines = lines
        self.at = at
        self.limit = len(lines)

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.at >= min(self.limit, len(self._lines)):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]
