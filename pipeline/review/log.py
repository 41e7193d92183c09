"""Keep the log of what people decided: appended to, never rewritten, and safe from a crash.

:class:`DecisionLog` is what the rest of the program knows of it; :class:`CsvLog` keeps it in
``human/decisions.csv``. A batch is first written aside (``human/.decisions.tail``) with the place
where it belongs, then to the file, each with fsync; whoever opens the log next finishes what was
begun. So a batch that was confirmed is there, and none is there in part.
"""

import contextlib
import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from pipeline.errors import ArtifactError, InputError
from pipeline.files.encodings import decode
from pipeline.human.durable import put_in_place, remove_durably, write_at, write_durably
from pipeline.human.files import iso_time
from pipeline.human.lock import human_lock
from pipeline.review.backups import back_up, set_aside
from pipeline.review.decisions_file import (
    COLUMNS,
    FILE_NAME,
    Key,
    Row,
    check_row,
    decision_key,
    in_order,
    moment,
    new_batch_id,
    new_decision_id,
    parse_decisions,
    whole_length,
)
from pipeline.review.retractions import RETRACT, is_retracted, retractions
from pipeline.spreadsheet import safe_cell

TAIL = ".decisions.tail"


@dataclass(frozen=True)
class Conflict:
    """A ruling made on an older state of things than the one that stands; nothing was written.

    Attributes
    ----------
    key : tuple of str
        What was ruled on (:func:`pipeline.review.decisions_file.decision_key`).
    seen : dict of str to str or None
        The row that the person saw; None when nothing stood or the row is not known.
    standing : dict of str to str or None
        The row that stands now.
    """

    key: Key
    seen: Row | None
    standing: Row | None


class DecisionLog(Protocol):
    """An append-only log of decisions."""

    def append(
        self, rows: Sequence[Mapping[str, str]], basis: Mapping[Key, str] | None = None
    ) -> list[Row] | Conflict:
        """Add rows as one batch, or say what has changed since the person looked."""

    def since(self, position: int) -> tuple[list[Row], int]:
        """Return the rows after a position, and the position after them."""

    def head(self, key: Key) -> Row | None:
        """Return the row that stands for a key."""


@dataclass
class _Memory:
    """What is known of the file.

    Attributes
    ----------
    rows, by_id, by_key
        The rows in the order of the file, and by id and key; those of a key in order of time.
    last : int
        The latest moment of a row.
    header : tuple of str or None
        The columns; None when the file is not there or not of this program's own form.
    length : int
        Bytes read.
    state : tuple of int or None
        Inode, size and time of the file then.
    """

    rows: list[Row] = field(default_factory=list)
    by_id: dict[str, Row] = field(default_factory=dict)
    by_key: dict[Key, list[Row]] = field(default_factory=dict)
    retracts: list[Row] = field(default_factory=list)
    retracted: dict[str, int] = field(default_factory=dict)
    last: int = 0
    header: tuple[str, ...] | None = None
    length: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    state: tuple[int, int, int] | None = None

    def take(self, data: bytes, rows: list[Row]) -> None:
        """Remember rows and the bytes they came from."""
        self.digest.update(data)
        self.length += len(data)
        for row in rows:
            if row["decision_id"] in self.by_id:
                continue
            self.rows.append(row)
            self.by_id[row["decision_id"]] = row
            self.last = max(self.last, moment(row["at"]))
            if row["verdict"] == RETRACT:
                self.retracts.append(row)
            before = self.by_key.setdefault(decision_key(row), [])
            before.append(row)
            if len(before) > 1:
                before[:] = in_order(before)
        self.retracted = retractions(self.retracts)


class CsvLog:
    """The log in ``human/decisions.csv``; any number of processes may open it at once.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.

    Notes
    -----
    What was read is kept in memory and checked at each use against the file's size, inode and
    time; of a file that only grew, only the new lines are read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._memory = _Memory()

    def append(
        self, rows: Sequence[Mapping[str, str]], basis: Mapping[Key, str] | None = None
    ) -> list[Row] | Conflict:
        """Add rows as one batch.

        Parameters
        ----------
        rows : sequence of mapping
            Columns of the table ``decisions``; those left out or empty are filled in:
            ``decision_id``, one ``batch`` for all, ``at`` (later than every row before), ``mode``
            (sheet) and ``basis``. A row whose ``decision_id`` is in the log already is passed over.
        basis : mapping of key to decision_id, optional
            What stood when the person looked, ``""`` for nothing. Every key named is compared with
            what stands now. Without it nothing is compared.

        Returns
        -------
        list of dict, or Conflict
            The rows as they were written, durably; or, when something has changed, what, and then
            nothing is written.

        Raises
        ------
        InputError
            When a row's words are not known, or the file cannot be read; nothing is written.
        ArtifactError
            When the disk is full or another program holds the log for longer than 5 seconds;
            nothing is written.
        """
        with human_lock(self.folder):
            self._refresh()
            for key, seen in (basis or {}).items():
                standing = self._head(key)
                if (standing["decision_id"] if standing else "") != seen:
                    return Conflict(key, self._memory.by_id.get(seen), standing)
            made = self._completed(rows, basis or {})
            if made:
                back_up(self.path, datetime.now().astimezone().date())
                self._write(made)
            return made

    def since(self, position: int) -> tuple[list[Row], int]:
        """Return the rows after a position.

        Parameters
        ----------
        position : int
            0 for all, or what this method returned last.

        Returns
        -------
        rows : list of dict
            In the order of the file.
        position : int
            To be given next time.
        """
        self._look()
        return [dict(row) for row in self._memory.rows[position:]], len(self._memory.rows)

    def head(self, key: Key) -> Row | None:
        """Return the newest row of a key that was not taken back, or None."""
        self._look()
        found = self._head(key)
        return dict(found) if found else None

    def batch(self, batch_id: str) -> list[Row]:
        """Return the rows of a batch, in the order of the file."""
        self._look()
        return [dict(row) for row in self._memory.rows if row["batch"] == batch_id]

    def _look(self) -> None:
        """Read what is new, under the lock only when there is something new."""
        if self._state() != self._memory.state or (self.folder / TAIL).exists():
            with human_lock(self.folder):
                self._refresh()

    def _head(self, key: Key) -> Row | None:
        """Return the row that stands for a key, from memory."""
        held = self._memory.by_key.get(key, [])
        return next(
            (r for r in reversed(held) if not is_retracted(r, self._memory.retracted)), None
        )

    def _completed(self, rows: Sequence[Mapping[str, str]], basis: Mapping[Key, str]) -> list[Row]:
        """Fill in what the log gives to every row."""
        batch = new_batch_id()
        now = datetime.now().astimezone()
        behind = self._memory.last + 1 - moment(now.isoformat(timespec="microseconds"))
        now += timedelta(microseconds=max(behind, 0))
        made: list[Row] = []
        for number, given in enumerate(rows):
            row = {name: str(given.get(name, "") or "") for name in COLUMNS}
            if row["decision_id"] in self._memory.by_id:
                continue
            own = (now + timedelta(microseconds=number)).isoformat(timespec="microseconds")
            row["decision_id"] = row["decision_id"] or new_decision_id()
            row["batch"] = row["batch"] or batch
            row["mode"] = row["mode"] or "sheet"
            row["at"] = iso_time(row["at"]) if row["at"] else own
            check_row(row, f"decision {number + 1} of the batch")
            if not row["basis"]:
                key = decision_key(row)
                standing = self._head(key)
                row["basis"] = basis.get(key, standing["decision_id"] if standing else "")
            made.append(row)
        return made

    def _write(self, rows: list[Row]) -> None:
        """Write a batch aside, then to the file."""
        if self._memory.header is None:
            self._begin()
        content = as_csv(rows, self._memory.header or COLUMNS)
        length = self._memory.length
        tail = self.folder / TAIL
        try:
            put_in_place(tail, json.dumps({"length": length, "batch": content}).encode())
        except OSError as err:
            raise _not_written(self.path, err) from err
        try:
            write_at(self.path, length, content.encode())
        except OSError as err:
            with contextlib.suppress(OSError):
                write_at(self.path, length, b"")
                remove_durably(tail)
            raise _not_written(self.path, err) from err
        remove_durably(tail)
        self._take(content.encode(), rows)

    def _begin(self) -> None:
        """Start the file, or write an older or foreign one anew with all of today's columns."""
        rows = self._memory.rows
        text = as_csv(rows, COLUMNS, header=True)
        if self.path.exists():
            set_aside(self.path, "ennen-muutosta")
        try:
            put_in_place(self.path, text.encode())
        except OSError as err:
            raise _not_written(self.path, err) from err
        self._memory = _Memory()
        self._refresh()

    def _refresh(self) -> None:
        """Finish what a crash left half done, and read what is new; under the lock."""
        self._replay()
        state = self._state()
        if state == self._memory.state:
            return
        if state is None:
            self._memory = _Memory()
            return
        data = self.path.read_bytes()
        head, rest = data[: self._memory.length], data[self._memory.length :]
        is_longer = self._memory.header is not None and len(data) >= self._memory.length
        if (
            is_longer
            and rest.endswith(b"\n")
            and self._memory.digest.digest() == hashlib.sha256(head).digest()
        ):
            header = as_csv([], self._memory.header or (), header=True)
            try:
                rows = parse_decisions(header + rest.decode("utf-8"), self.path)
            except (InputError, UnicodeDecodeError):
                self._read_whole(data)  # which names the line of the whole file
            else:
                self._take(rest, rows)
            return
        self._read_whole(data)

    def _read_whole(self, data: bytes) -> None:
        """Read the file from its start; cut off a last line that was left unfinished."""
        decoded = decode(data, self.path.name)
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
        whole = text[: whole_length(text)]
        rows = parse_decisions(whole, self.path)
        header = next(csv.reader(io.StringIO(whole, newline="")), [])
        # Not this program's own form: semicolons, a byte order mark, older columns.
        is_own = whole.encode() == data[: len(whole.encode())] and set(COLUMNS) <= set(header)
        self._memory = _Memory()
        if is_own and len(whole.encode()) < len(data):
            set_aside(self.path, "katkennut")
            write_at(self.path, len(whole.encode()), b"")
        if is_own and not whole.endswith("\n"):
            write_at(self.path, len(whole.encode()), b"\n")
            whole += "\n"
        self._memory.header = tuple(header) if is_own else None
        self._take(whole.encode() if is_own else data, rows)

    def _replay(self) -> None:
        """Finish the batch that was written aside and may not be in the file."""
        tail = self.folder / TAIL
        if not tail.exists():
            return
        begun = json.loads(tail.read_bytes())
        length, content = int(begun["length"]), str(begun["batch"]).encode()
        held = self.path.read_bytes() if self.path.exists() else b""
        if content.startswith(held[length:]) and len(held) >= length:
            write_at(self.path, length, content)
        elif held[length : length + len(content)] != content:
            raise ArtifactError(
                "{path} was changed while {tail} held a batch that belongs to it. Add "
                "its lines to the end of the file by hand, then delete {tail_2}.",
                path=self.path,
                tail=tail,
                tail_2=tail.name,
            )
        remove_durably(tail)

    def _take(self, data: bytes, rows: list[Row]) -> None:
        """Remember rows that were read or written, and the bytes they came from."""
        self._memory.take(data, rows)
        self._memory.state = self._state()

    def _state(self) -> tuple[int, int, int] | None:
        """Return what changes when anyone writes to the file."""
        try:
            held = self.path.stat()
        except FileNotFoundError:
            return None
        return held.st_ino, held.st_size, held.st_mtime_ns


def as_csv(rows: Sequence[Row], columns: Sequence[str], *, header: bool = False) -> str:
    """Return rows as lines of CSV that no spreadsheet program takes for formulas."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", extrasaction="ignore", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows({name: safe_cell(value) for name, value in row.items()} for row in rows)
    return stream.getvalue()


def rewrite(folder: Path, is_kept: Callable[[Row], bool]) -> int:
    """Write the log anew without some of its rows: for the erasure of a report, and nothing else.

    Parameters
    ----------
    folder : Path
        The study's ``human`` folder.
    is_kept : callable

    Returns
    -------
    int
        Rows taken out.
    """
    log = CsvLog(folder)
    with human_lock(folder):
        log._refresh()
        rows = log._memory.rows
        kept = [row for row in rows if is_kept(row)]
        if len(kept) < len(rows):
            write_durably(log.path, as_csv(kept, COLUMNS, header=True).encode())
    return len(rows) - len(kept)


@contextlib.contextmanager
def settled_log(folder: Path) -> Iterator[Path]:
    """Hold the log still, with nothing half done in it, while it is copied."""
    log = CsvLog(folder)
    with human_lock(folder):
        if log.path.exists() or (folder / TAIL).exists():
            log._refresh()
        yield log.path


def _not_written(path: Path, err: OSError) -> ArtifactError:
    """Return the error of a batch that could not be written."""
    return ArtifactError(
        "{path} could not be added to: {why}. Nothing was written. Make room on the "
        "disk and try again.",
        path=path,
        why=err.strerror or err,
    )
