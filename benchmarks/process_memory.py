"""Peak memory and CPU of this process, and of this process with its workers."""

import resource
import sys
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
    """Return the CPU seconds of this process and of its children, those still at work included."""
    import psutil

    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    alive = [one.cpu_times() for one in psutil.Process().children()]
    return sum(one.ru_utime + one.ru_stime for one in used) + sum(
        one.user + one.system + one.children_user + one.children_system for one in alive
    )


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


def _folders() -> list[Path]:
    """Return what the system tells of this process and its children; nothing where it does not."""
    import psutil

    if not _STATUS.exists():
        return []
    return [Path(f"/proc/{one.pid}") for one in (psutil.Process(), *psutil.Process().children())]


def _peak_of(status: Path) -> float:
    line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
