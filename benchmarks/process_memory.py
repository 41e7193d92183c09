"""Peak memory and CPU of this process, and of this process with its workers."""

import os
import resource
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Return the peak resident memory in MB.

    On Linux that of the program since it began; ``getrusage``, used elsewhere, also counts what the
    process that started it held.
    """
    if _STATUS.exists():
        return _peak_of(_STATUS)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of its children.

    Children still at work are included where the system tells of them (Linux).
    """
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    for folder in _folders()[1:]:
        times = (folder / "stat").read_text().rpartition(")")[2].split()[11:15]
        seconds += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
    return seconds


def forget_peaks() -> None:
    """Let the peak memory of this process and its children count from now on (Linux)."""
    for folder in _folders():
        (folder / "clear_refs").write_text("5", encoding="ascii")


def peak_mb_of_all() -> float:
    """Return the sum of the peaks of this process and of its children at work, in MB.

    They need not have been at their peaks at once, so that it is the most there can have been.
    """
    found = [_peak_of(folder / "status") for folder in _folders()]
    return sum(found) if found else peak_mb()


@dataclass
class HeldAtOnce:
    """The most memory that this process and its children were seen to hold together (Linux).

    Looked at once a second in a thread, whose own CPU seconds (about one in a hundred) are counted
    with the rest. Pages that processes share are counted once, by the proportional set size the
    system tells. A rise and fall between two looks is not seen.
    """

    most_mb: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._look, daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def take(self) -> float:
        """Return the most since the last call, in MB, and forget it."""
        self._note(held_mb())
        with self._turn:
            most, self.most_mb = self.most_mb, 0.0
        return most

    def _note(self, held: float) -> None:
        with self._turn:
            self.most_mb = max(self.most_mb, held)

    def _look(self) -> None:
        while not self._ended.wait(1.0):
            self._note(held_mb())


def held_mb() -> float:
    """Return what this process and its children hold now, shared pages counted once, in MB."""
    return sum(map(_proportional_mb, _folders()))


def _proportional_mb(folder: Path) -> float:
    lines = _read(folder / "smaps_rollup").splitlines()
    return sum(int(one.split()[1]) for one in lines if one.startswith("Pss:")) / 1024


def _folders() -> list[Path]:
    """Return what the system tells of this process and its children; nothing where it does not."""
    if not _STATUS.exists():
        return []
    lists = [_read(one).split() for one in Path("/proc/self/task").glob("*/children")]
    return [Path("/proc/self"), *(Path("/proc") / pid for held in lists for pid in held)]


def _read(path: Path) -> str:
    """Return what the system tells in a file; nothing of a thread or process that has just gone."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _peak_of(status: Path) -> float:
    line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
