"""Whoever computes, the same tables: one process, several, a Dask cluster, and some of them killed.

    python benchmarks/workers.py [--reports 2000] [--last embed] [--ways 1 2 dask kill driver]

A study of generated reports (``scale.py``) is run by each way up to a stage, in processes of its
own; the bytes of all tables are compared with those of one process. ``kill`` kills one worker of
two with signal 9 once a part of pseudonymise, segment or embed is done, a run each; ``driver``
kills the leading process while parts are being computed and runs again.
"""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from demo_run import HAVAINTO
from scale import make_study

from pipeline.engine.work import parts_folder
from pipeline.study import Study

PLACES = ("pseudonymise", "segment", "embed")


def bytes_of(study: Study) -> dict[str, str]:
    """Return a hash of every table, raw ones included."""
    files = sorted([*study.tables.glob("*.parquet"), *study.raw.glob("*.parquet")])
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def start(study: Study, last: str, *options: str) -> "subprocess.Popen[bytes]":
    """Start a run."""
    command = [HAVAINTO, "run", str(study.root), "--to", last, *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended meanwhile
        parents[int(folder.name)] = int(fields[1])
    found, level = [], [pid]
    while level:
        level = [child for child, parent in parents.items() if parent in level]
        found += level
    return found


def is_worker(pid: int) -> bool:
    """Tell whether a process is a spawned worker and not its resource tracker."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def wait_for_part(study: Study, step: str, process: "subprocess.Popen[bytes]") -> bool:
    """Wait until a part of a step is done; False when the run ends before."""
    folder = parts_folder(study, step)
    while process.poll() is None:
        if any(folder.glob("*.json")):
            return True
        time.sleep(0.02)
    return False


def one_way(study: Study, last: str, way: str) -> str:
    """Run a study one way; return what was done."""
    if way == "dask":
        code = start(study, last, "--local-cluster", "2").wait()
        return f"Dask of 2, ended with {code}"
    if way in PLACES:
        process = start(study, last, "--workers", "2")
        if not wait_for_part(study, way, process):
            return f"no part of {way} was caught"
        victims = [pid for pid in descendants(process.pid) if is_worker(pid)]
        os.kill(victims[-1], signal.SIGKILL)
        return f"1 of {len(victims)} workers killed in {way}, ended with {process.wait()}"
    if way == "driver":
        process = start(study, last, "--workers", "1")
        caught = wait_for_part(study, "pseudonymise", process)
        process.kill()
        process.wait()
        n_done = len(list(parts_folder(study, "pseudonymise").glob("*.json")))
        code = start(study, last, "--workers", "1").wait()
        return f"led process killed with {n_done} parts done ({caught}), ended with {code}"
    code = start(study, last, "--workers", way).wait()
    return f"{way} processes, ended with {code}"


def main() -> None:
    """Run all ways and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--last", default="embed", help="stage to stop after")
    parser.add_argument("--ways", nargs="*", default=["1", "2", "dask", *PLACES, "driver"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        first = make_study(Path(scratch) / "first", given.reports)
        first.secret()
        print("| way | tables | the same bytes | wall s |\n|---|---|---|---|")
        wanted: dict[str, str] = {}
        for number, way in enumerate(given.ways):
            study = Study(Path(scratch) / f"way{number}")
            shutil.copytree(first.root, study.root)
            began = time.perf_counter()
            told = one_way(study, given.last, way)
            found = bytes_of(study)
            wanted = wanted or found
            n_same = sum(found.get(name) == digest for name, digest in wanted.items())
            seconds = time.perf_counter() - began
            print(
                f"| {told} | {len(found)} | {n_same} of {len(wanted)} | {seconds:.0f} |", flush=True
            )


if __name__ == "__main__":
    main()
