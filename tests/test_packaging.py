"""The wheel carries settings, taxonomy and weights, and works far from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from small_export import rows, write_export

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_wheel_runs_outside_the_checkout(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    wheel = next(tmp_path.glob("havainto-*.whl"))
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    names = {path.relative_to(site).as_posix() for path in site.rglob("*")}
    assert "pipeline/configs/taxonomy/sosiaalinen-raportointi/themes.csv" in names
    assert not [name for name in names if name.startswith(("tests", "corpora", "benchmarks"))]
    assert not [name for name in names if name.endswith((".bin", ".part"))]  # fetched weights
    export = write_export(tmp_path / "syksy.csv", rows())
    code = "from pipeline.cli import main; main()"
    command = [sys.executable, "-P", "-c", code, "run", "--input", str(export)]
    command += ["--out", "tutkimus", "--set", "embed.encoder=hashing"]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tutkimus" / "report" / "report.html").exists()
    where = [sys.executable, "-P", "-c", "import pipeline; print(pipeline.__file__)"]
    found = subprocess.run(
        where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith(str(site))
