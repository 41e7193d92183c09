"""Time the demo run: the first one, every stage again with vectors known, and with nothing to do.

    python benchmarks/demo_run.py [--runs 3] [--peer]
    python benchmarks/demo_run.py --many 100000

Each run is a process of its own in a study of its own. Prints wall seconds, CPU seconds and peak
memory of the whole process; the median of the runs is the figure to quote. Wall seconds say
something only when nothing else runs; the load of the machine is printed with them. ``--peer`` also
runs ``peer_script.py``, what one would write instead. ``--many`` projects the encoding of so many
reports from 2,000 texts (the demo's, each with a number of its own, so that none is read twice).
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
HAVAINTO = str(Path(sys.executable).with_name("havainto"))
PEER = [sys.executable, str(Path(__file__).with_name("peer_script.py"))]
N_MEASURED = 2000


def keep_compiled() -> None:
    """Let this process and those it starts keep modules and templates compiled.

    An installation has them compiled, and a run that may not keep them (PYTHONDONTWRITEBYTECODE)
    compiles them each time, which takes as long as a run with nothing to do.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def measure(command: list[str]) -> tuple[float, float, float]:
    """Run a command and return wall seconds, CPU seconds and peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def project(n_reports: int) -> None:
    """Print what encoding many reports would take, from 2,000 measured."""
    from demo_texts import demo_reports

    from pipeline.embed.onnx_e5 import OnnxE5

    demo = list(demo_reports().values())
    texts = [f"{i}. {demo[i % len(demo)]}" for i in range(N_MEASURED)]
    encoder = OnnxE5(n_threads=2)
    encoder.encode(texts[:2])
    started, used = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    times = n_reports / N_MEASURED
    print(
        f"{N_MEASURED:,} reports: {cpu:.0f} CPU s, {wall:.0f} s wall on two threads (load "
        f"{os.getloadavg()[0]:.1f}); {n_reports:,} would take {cpu * times / 3600:.1f} CPU hours"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="studies to make")
    parser.add_argument("--peer", action="store_true", help="also run what one would write instead")
    parser.add_argument("--many", type=int, help="project the encoding of so many reports")
    given = parser.parse_args()
    keep_compiled()
    if given.many is not None:
        project(given.many)
        return
    runs = given.runs
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            start = ["run", "--input", str(EXPORT), "--config", str(CONFIG), "--out", folder]
            for name, words in (
                ("first run", start),
                ("every stage again, vectors known", ["run", folder, "--force"]),
                ("nothing changed", ["run", folder]),
                ("havainto --help", ["--help"]),
            ):
                rows.setdefault(name, []).append(measure([HAVAINTO, *words]))
        if given.peer:
            rows.setdefault("the script one would write instead", []).append(measure(PEER))
    print(f"{os.cpu_count()} cores, {runs} runs each, median; load {os.getloadavg()[0]:.1f}")
    print(f"{'run':<38} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}")
    for name, figures in rows.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*figures, strict=True))
        print(f"{name:<38} {wall:>8.2f} {cpu:>8.2f} {memory:>8.0f}")


if __name__ == "__main__":
    main()
