"""Run the study again as a child process, and tell how far it is."""

import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field

from pipeline.stages import STAGES
from pipeline.study import Study

_NAMES = tuple(stage.name for stage in STAGES)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Progress:
    """How far a run is.

    Attributes
    ----------
    stages : dict of str to str
        What the run has said of each stage so far, without its name.
    is_running : bool
    code : int or None
        How the run ended; None while it works, or when none was started here.
    last_line : str
        The last line it wrote, which says what went wrong when `code` is not 0.
    """

    stages: dict[str, str] = field(default_factory=dict)
    is_running: bool = False
    code: int | None = None
    last_line: str = ""


class Runner:
    """Starts ``havainto run`` as a child and reads what it says."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.progress = Progress()
        self._child: subprocess.Popen[str] | None = None

    def start(self) -> bool:
        """Start a run; False when one that was started here still works."""
        if self._child is not None and self._child.poll() is None:
            return False
        self.progress = Progress(is_running=True)
        command = [sys.executable, "-c", "from pipeline.cli import main; main()", "run"]
        self._child = subprocess.Popen(
            [*command, str(self.study.root.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        threading.Thread(
            target=self._follow, args=(self._child, self.progress), daemon=True
        ).start()
        return True

    @staticmethod
    def _follow(child: "subprocess.Popen[str]", progress: Progress) -> None:
        """Read the child's lines until it ends."""
        if child.stdout is None:
            return
        with child.stdout as lines:
            for line in lines:
                said = _ANSI.sub("", line).strip()
                if not said:
                    continue
                name, _, rest = said.partition(" ")
                if name in _NAMES:
                    progress.stages[name] = rest.strip()
                else:
                    progress.last_line = said
        progress.code = child.wait()
        progress.is_running = False

    def stop(self) -> None:
        """End the child, as Ctrl+C would; what its stages have made stays."""
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            self._child.wait()
