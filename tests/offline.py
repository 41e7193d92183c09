"""Run ``havainto`` as a user does: in this process, or in one of its own without any network.

In this process is ten times as fast, and :mod:`conftest` refuses connections there. What a process
is (a terminal, threads, imports, no network at all) is tested in one of its own.
"""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

from pipeline.cli import main

HAVAINTO = str(Path(sys.executable).with_name("havainto"))
CUT_OFF = ["unshare", "--map-root-user", "--net"]
IS_CUT_OFF = (
    bool(shutil.which("unshare"))
    and not subprocess.run([*CUT_OFF, "true"], capture_output=True, check=False).returncode
)
"""False where this machine does not let a process give up its network."""


def havainto(*words, check=0):
    """Run the command in this process; return what it printed, on standard error when it fails.

    ``check`` is the code it must end with, or None where it may end well or with one line.
    """
    out, err = io.StringIO(), io.StringIO()
    before, hook = sys.argv, sys.excepthook
    sys.argv = ["havainto", *map(str, words)]
    code: str | int | None = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as ending:
        code = ending.code
    except Exception:
        code = traceback.format_exc()
    finally:
        sys.argv, sys.excepthook = before, hook
    return _told(code, check, out.getvalue(), err.getvalue())


def havainto_alone(*words, check=0, **environment):
    """Run the command in a process of its own, cut off where it can be; return as above."""
    done = subprocess.run(
        [*(CUT_OFF if IS_CUT_OFF else ()), HAVAINTO, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )
    return _told(done.returncode, check, done.stdout, done.stderr)


def _told(code, expected, out, err):
    assert code in ((0, 1) if expected is None else (expected,)), f"{code}\n{err}"
    assert "Traceback" not in err
    return out if code == 0 else err
