"""Time the demo run: with an empty vector cache, with a warm one, and with nothing to do.

    python benchmarks/demo_run.py [--runs 3]

Each run is a process of its own in a study of its own. Prints wall seconds, CPU seconds and peak
memory of the whole process; the median of the runs is the figure to quote. Let nothing else run.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXPORT = ROOT / "corpora" / "jarvimaa" / "jarvimaa_webropol.xlsx"
CONFIG = ROOT / "configs" / "jarvimaa.toml"


def measure(words: list[str]) -> tuple[float, float, float]:
    """Run ``havainto`` and return wall seconds, CPU seconds and peak memory in MB."""
    command = [str(Path(sys.executable).with_name("havainto")), *words]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="studies to make")
    runs = parser.parse_args().runs
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            start = ["run", "--input", str(EXPORT), "--config", str(CONFIG), "--out", folder]
            for name, words in (
                ("empty vector cache", start),
                ("warm vector cache, every stage again", ["run", folder, "--force"]),
                ("nothing changed", ["run", folder]),
                ("havainto --help", ["--help"]),
            ):
                rows.setdefault(name, []).append(measure(words))
    print(f"{os.cpu_count()} cores, {runs} runs each, median")
    print(f"{'run':<38} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}")
    for name, figures in rows.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*figures, strict=True))
        print(f"{name:<38} {wall:>8.2f} {cpu:>8.2f} {memory:>8.0f}")


if __name__ == "__main__":
    main()
