"""Run ``havainto`` in a process of its own that has no network at all."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HAVAINTO = str(Path(sys.executable).with_name("havainto"))
CUT_OFF = ["unshare", "--map-root-user", "--net"]
IS_CUT_OFF = (
    bool(shutil.which("unshare"))
    and not subprocess.run([*CUT_OFF, "true"], capture_output=True, check=False).returncode
)
"""False where this machine does not let a process give up its network."""


def havainto(*words, check=0, **environment):
    """Run the command; return what it printed, on standard error when it is to fail."""
    command = [*(CUT_OFF if IS_CUT_OFF else ()), HAVAINTO, *map(str, words)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == check, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if check == 0 else done.stderr
