"""Nothing that Havainto imports reaches for the network, compiled libraries included.

That a whole run asks for no socket is tested by ``test_packaging``, on a run that both share.
"""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from offline import CUT_OFF, IS_CUT_OFF

ROOT = Path(__file__).parents[1]
COUNTING = [sys.executable, str(ROOT / "tests" / "socket_calls.py")]
CAN_COUNT = (
    sys.platform == "linux"
    and not subprocess.run([*COUNTING, "true"], capture_output=True, check=False).returncode
)
needs_counting = pytest.mark.skipif(not CAN_COUNT, reason="needs Linux with seccomp")
COLLECTOR = b"events.data.microsoft.com"


def imported():
    """Return the names of all packages that some module of the pipeline imports."""
    names = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(str(node.module).split(".")[0])
    known = sys.stdlib_module_names | {"pipeline"}
    return sorted(name for name in names - known if importlib.util.find_spec(name))


def counted(*command, home, root=ROOT, folder=None, cut_off=IS_CUT_OFF):
    """Run a command in which every network socket is refused; return how many it asked for."""
    done = subprocess.run(
        [*(CUT_OFF if cut_off else ()), *COUNTING, *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "HOME": str(home), "PYTHONPATH": str(root)},
    )
    last = done.stderr.strip().rpartition("\n")[2]
    assert last.startswith("network sockets asked for: "), done.stderr
    return int(last.rpartition(" ")[2]), done


@needs_counting
def test_a_call_for_a_socket_is_refused_and_counted_in_children_too(tmp_path):
    ask = "import socket\ntry: socket.socket()\nexcept PermissionError: pass\n"
    code = f"{ask}import subprocess, sys; subprocess.run([sys.executable, '-c', {ask!r}])"
    n_asked, done = counted(sys.executable, "-c", code, home=tmp_path)
    assert (n_asked, done.returncode) == (2, 0)


def test_reporting_is_turned_off_by_importing_the_pipeline():
    code = "import pipeline, os, sys; print(os.environ['ORT_DISABLE_TELEMETRY'], *sys.modules)"
    environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    value, *modules = done.stdout.split()
    assert value == "1"
    assert "onnxruntime" not in modules


def test_the_installed_runtime_holds_no_address_to_report_to():
    spec = importlib.util.find_spec("onnxruntime")
    assert spec
    assert spec.submodule_search_locations
    (folder,) = spec.submodule_search_locations
    libraries = [
        path
        for path in Path(folder).rglob("*")
        if path.suffix in {".so", ".dll", ".dylib", ".pyd"} or ".so." in path.name
    ]
    assert libraries
    assert not [path.name for path in libraries if COLLECTOR in path.read_bytes()]
