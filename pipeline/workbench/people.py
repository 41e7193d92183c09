"""What people have decided so far, kept in memory in step with the log.

The log is only ever added to. For each key (what is ruled on, by whom) the rows stand in order,
and the head is the newest one whose batch is not taken back. Undo appends a *retract* of the
coder's newest standing batch; redo appends the rows of the newest retracted one anew. Both stacks
follow from the log alone, so they outlive a restart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.review.decisions_file import ANYONE, Key, decision_key

Row = dict[str, str]
SETTLED = ANYONE
"""Stands for the coder where a report was settled."""
_SAME = ("target_table", "target_id", "theme_id", "verdict", "new_value", "memo", "mode")


@dataclass(frozen=True)
class Memo:
    """One memo, newest last where several are listed."""

    row: Row

    @property
    def kind(self) -> str:
        """Return havainto, määritelmä, menetelmä or kysymys."""
        return self.row["new_value"] or "havainto"


@dataclass
class Reading:
    """One coder's word on one report.

    Attributes
    ----------
    coder : str
    state : str
        ``drafted`` (ruled, not confirmed), ``read`` or ``unsure``.
    themes : set of str
        Themes accepted.
    rejected : set of str
    mode, at, version : str
        Of the row that gave the state; of the newest ruling while drafted.
    """

    coder: str
    state: str = "drafted"
    themes: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)
    mode: str = ""
    at: str = ""
    version: str = ""


class People:
    """All that people decided in a study.

    Parameters
    ----------
    became : mapping of str to str, optional
        What became of themes that are no more, "" for nothing.

    Attributes
    ----------
    rows : list of dict
        The log, oldest first.
    retracted : set of str
        Batches taken back.
    """

    def __init__(self, became: Mapping[str, str] | None = None) -> None:
        self.became = became or {}
        self.rows: list[Row] = []
        self.retracted: set[str] = set()
        self.batches: dict[str, list[Row]] = {}
        self._stacks: dict[Key, list[Row]] = defaultdict(list)
        self._by_report: dict[str, set[Key]] = defaultdict(set)
        self._memos: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self._undo: dict[str, list[str]] = defaultdict(list)
        self._redo: dict[str, list[str]] = defaultdict(list)
        self._codings: dict[str, dict[str, Reading]] = defaultdict(dict)

    def take_codings(self, codings: Iterable[Row]) -> None:
        """Take in codings that came from a file: each coder has read the reports named there."""
        self._codings.clear()
        for row in codings:
            if row["segment_id"]:
                continue
            reading = self._codings[row["report_id"]].setdefault(
                row["coder"],
                Reading(row["coder"], "read", mode="import", version=row["taxonomy_version"]),
            )
            reading.at = max(reading.at, row["at"])
            theme = self.became.get(row["theme_id"], row["theme_id"])
            if theme:
                reading.themes.add(theme)

    def take(self, rows: Iterable[Row]) -> set[str]:
        """Take rows of the log in, in order; return the reports they touch."""
        touched: set[str] = set()
        batch: list[Row] = []
        for row in rows:
            if batch and row["batch"] != batch[0]["batch"]:
                self._close(batch)
                batch = []
            batch.append(row)
            touched |= self._take(row)
        if batch:
            self._close(batch)
        return touched

    def _take(self, row: Row) -> set[str]:
        """Take one row in."""
        self.rows.append(row)
        self.batches.setdefault(row["batch"], []).append(row)
        if row["verdict"] == "retract":
            self.retracted.add(row["new_value"])
            named = self.batches.get(row["new_value"], [])
            return {report for one in named for report in [_report_of(one)] if report}
        if row["verdict"] == "memo":
            self._memos[row["target_table"], row["target_id"]].append(row)
        else:
            key = decision_key(row)
            self._stacks[key].append(row)
            if row["target_table"] in ("reports", "report_themes"):
                self._by_report[row["target_id"]].add(key)
        report = _report_of(row)
        return {report} if report else set()

    def _close(self, batch: list[Row]) -> None:
        """Bring the coder's stacks of undo and redo up to date with a whole batch."""
        coder, name = batch[0]["coder"], batch[0]["batch"]
        undo, redo = self._undo[coder], self._redo[coder]
        if batch[0]["verdict"] == "retract":
            for row in batch:
                if row["new_value"] in undo:
                    undo.remove(row["new_value"])
                redo.append(row["new_value"])
            return
        if redo and _said(batch) == _said(self.batches[redo[-1]]):
            redo.pop()
        else:
            redo.clear()
        if name in undo:  # the rows of one batch came in two pieces
            undo.remove(name)
        undo.append(name)

    def next_undo(self, coder: str) -> list[Row]:
        """Return the rows of the coder's newest standing batch; none when there is none."""
        return self.batches[self._undo[coder][-1]] if self._undo[coder] else []

    def next_redo(self, coder: str) -> list[Row]:
        """Return the rows of the batch the coder took back last; none when there is none."""
        return self.batches[self._redo[coder][-1]] if self._redo[coder] else []

    def head(self, key: Key) -> Row | None:
        """Return the row that stands for a key."""
        stack = self._stacks.get(key, ())
        return next((r for r in reversed(stack) if r["batch"] not in self.retracted), None)

    def heads(self, target_table: str) -> Iterator[Row]:
        """Yield what stands on every target of a table."""
        for key in list(self._stacks):
            if key[0] == target_table:
                row = self.head(key)
                if row is not None:
                    yield row

    def readings(self, report_id: str) -> dict[str, Reading]:
        """Return each coder's word on a report; the settled one is under :data:`SETTLED`."""
        found = {
            coder: Reading(coder, "read", set(one.themes), set(), "import", one.at, one.version)
            for coder, one in self._codings.get(report_id, {}).items()
        }
        for key in self._by_report.get(report_id, ()):
            row = self.head(key)
            if row is None:
                continue
            reading = found.setdefault(key[3], Reading(key[3]))
            if row["target_table"] == "reports":
                reading.state = row["verdict"]
                reading.mode, reading.at = row["mode"], row["at"]
                reading.version = row["taxonomy_version"]
            elif theme := self.became.get(row["theme_id"], row["theme_id"]):
                gets, loses = (
                    (reading.themes, reading.rejected)
                    if row["verdict"] == "accept"
                    else (reading.rejected, reading.themes)
                )
                gets.add(theme)
                loses.discard(theme)
                if not reading.at:
                    reading.at, reading.mode = row["at"], row["mode"]
        return found

    def blind_themes(self, report_id: str, coder: str) -> set[str]:
        """Return the themes a coder gave a report before its suggestions were shown."""
        found: set[str] = set()
        for table, target, theme, who in self._by_report.get(report_id, ()):
            if table == "report_themes" and who == coder:
                stack = self._stacks[table, target, theme, who]
                blind = [
                    r for r in stack if r["mode"] == "blind" and r["batch"] not in self.retracted
                ]
                if blind and blind[-1]["verdict"] == "accept":
                    found.add(theme)
        return found

    def reported(self) -> set[str]:
        """Return the reports anybody has said anything of."""
        return {*self._by_report, *self._codings}

    def memos(self, target_table: str, target_id: str) -> list[Memo]:
        """Return the standing memos on a target, oldest first."""
        rows = self._memos.get((target_table, target_id), [])
        return [Memo(row) for row in rows if row["batch"] not in self.retracted]

    def all_memos(self) -> list[Memo]:
        """Return every standing memo, newest first."""
        rows = [row for rows in self._memos.values() for row in rows]
        standing = [row for row in rows if row["batch"] not in self.retracted]
        return [Memo(row) for row in sorted(standing, key=lambda r: r["at"], reverse=True)]

    def n_since(self, at: str) -> int:
        """Return how many standing rows were made after a moment."""
        moment = datetime.fromisoformat(at)
        return sum(
            row["batch"] not in self.retracted and datetime.fromisoformat(row["at"]) > moment
            for row in self.rows
            if row["verdict"] not in ("retract", "memo")
        )


def _said(batch: Iterable[Row]) -> list[tuple[str, ...]]:
    """Return what a batch says, whoever said it and when."""
    return [tuple(row[name] for name in _SAME) for row in batch]


def _report_of(row: Row) -> str:
    """Return the report a row is about, or ""."""
    table, target = row["target_table"], row["target_id"]
    if table in ("reports", "report_themes"):
        return target
    if table in ("segment_themes", "segments") and target.count("/") >= 2:
        return target.rsplit("/", 2)[0]
    return ""


def team_state(readings: Mapping[str, Reading]) -> str:
    """Return unread, once, agreed, disputed or settled."""
    if SETTLED in readings and readings[SETTLED].state == "read":
        return "settled"
    sets = [frozenset(r.themes) for c, r in readings.items() if r.state == "read" and c != SETTLED]
    if not sets:
        return "unread"
    if len(sets) == 1:
        return "once"
    return "agreed" if len(set(sets)) == 1 else "disputed"
