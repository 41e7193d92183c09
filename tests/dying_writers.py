"""Writers of the log that are killed in the middle: run by ``test_log``, in a small process.

Each is a fork, and to fork a process as large as that of the tests takes a tenth of a second.
"""

import os
import random
import signal
import stat
import sys
from pathlib import Path
from typing import Any

from pipeline.review.log import Conflict, CsvLog

N_KILLS = 200


def accept(target="P1-001", theme="asuminen", coder="Aino", **changes):
    made = {"target_table": "report_themes", "target_id": target, "theme_id": theme}
    return made | {"verdict": "accept", "coder": coder} | changes


def written(log: CsvLog, *given: Any) -> list[dict[str, str]]:
    rows = log.append(*given)
    assert not isinstance(rows, Conflict)
    return rows


def kill_writers(root: Path) -> None:
    """Let writers die, one after the other, and print the batches they confirmed."""
    rng = random.Random(11)
    for kill in range(N_KILLS):
        folder = root / str(kill // 20)  # a log that ten runs of twenty write stays short
        folder.mkdir(exist_ok=True)
        child = os.fork()
        if child == 0:  # the writer: dies at a random call among those of its batches
            # a kill, unlike a power cut, loses nothing that was written
            os.fsync = os.fstat  # type: ignore[assignment]  # what it returns is not read
            _die_after(rng.randrange(60))
            log = CsvLog(folder)
            for number in range(8):
                rows = [accept(f"P{number}", theme, memo="a\nb") for theme in ("x", "y", "z")]
                os.write(sys.stdout.fileno(), (written(log, rows)[0]["batch"] + "\n").encode())
            os._exit(0)
        os.waitpid(child, 0)


def _die_after(n_calls):
    """Kill this process with SIGKILL in the middle of its n-th call that touches the disk."""
    left = [n_calls]
    for module, name in (
        (os, "open"),
        (os, "fsync"),
        (os, "fdopen"),
        (Path, "replace"),
        (Path, "unlink"),
    ):
        _deadly(module, name, left)


def _deadly(module, name, left):
    real = getattr(module, name)

    def call(*args, **kwargs):
        left[0] -= 1
        if left[0] < 0:
            if name == "fsync":  # half of what was written has reached the disk
                held = os.fstat(args[0])
                if stat.S_ISREG(held.st_mode) and held.st_size > 7:
                    os.truncate(f"/proc/self/fd/{args[0]}", held.st_size - 7)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(module, name, call)


if __name__ == "__main__":
    kill_writers(Path(sys.argv[1]))
