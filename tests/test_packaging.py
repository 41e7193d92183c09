"""The wheel carries settings, taxonomy and weights, runs far from the checkout, stays offline."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_export import rows, write_export
from test_no_network import CAN_COUNT, counted, imported, needs_counting

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def far_run(tmp_path_factory):
    """A run of the unpacked wheel, in a process that has imported every library before."""
    folder = tmp_path_factory.mktemp("far")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    site, home = folder / "site", folder / "home"
    zipfile.ZipFile(next(folder.glob("havainto-*.whl"))).extractall(site)
    home.mkdir()
    export = write_export(folder / "syksy.csv", rows())
    # urllib3, which spaCy imports, tries at its import whether the machine has IPv6, with a socket
    # that is bound to this machine and never connected; told that there is none, it does not try.
    code = (
        "import socket, sys; socket.has_ipv6 = False\n"
        f"import pipeline, importlib\nfor name in {imported()}: importlib.import_module(name)\n"
        "from pipeline.cli import main\nmain()"
    )
    command = [sys.executable, "-P", "-W", "ignore", "-c", code, "run", "--input", str(export)]
    command += ["--out", "tutkimus"]
    if CAN_COUNT:
        n_asked, done = counted(*command, home=home, root=site, folder=folder)
    else:
        n_asked, environment = None, {**os.environ, "HOME": str(home), "PYTHONPATH": str(site)}
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return SimpleNamespace(folder=folder, site=site, home=home, n_asked=n_asked)


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(far_run):
    names = {path.relative_to(far_run.site).as_posix() for path in far_run.site.rglob("*")}
    assert "pipeline/configs/taxonomy/sosiaalinen-raportointi/themes.csv" in names
    assert not [name for name in names if name.startswith(("tests", "corpora", "benchmarks"))]
    assert not [name for name in names if name.endswith((".bin", ".part"))]  # fetched weights


def test_the_wheel_runs_outside_the_checkout(far_run):
    assert (far_run.folder / "tutkimus" / "report" / "report.html").exists()
    where = [sys.executable, "-P", "-c", "import pipeline; print(pipeline.__file__)"]
    environment = {**os.environ, "PYTHONPATH": str(far_run.site)}
    found = subprocess.run(
        where, cwd=far_run.folder, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith(str(far_run.site))


@needs_counting
def test_importing_every_library_and_a_run_ask_for_no_network_socket(far_run):
    assert {"onnxruntime", "bertopic", "spacy", "libvoikko", "sklearn"} <= set(imported())
    assert far_run.n_asked == 0
    assert not list(far_run.home.rglob("*onnxruntime*"))
