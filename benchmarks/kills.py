"""Kill runs at random moments and look whether anything a person made is lost.

Run ``python benchmarks/kills.py [--n 200]``. A small study with a topic name, a ruling, a list and
a register is run again and again from its first stage in a process of its own, which gets SIGKILL
after a random time. After each kill every file that people made must hold the same bytes; after
every tenth the run is finished, and topic ids and names must be those of the uninterrupted run.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from small_export import finish, small_study

from pipeline.artifacts import Store
from pipeline.cluster.memory import FILE_NAME
from pipeline.config import load_settings
from pipeline.run import Plan, Silence, run
from pipeline.study import Study

LAST = "detect"


def go(study: Study, **plan: object) -> None:
    run(study, load_settings(study.settings_file, ()), Plan(last=LAST, **plan), Silence())


def made_by_people(study: Study) -> dict[str, bytes]:
    """Return the files of human/ but the one that runs keep, by name."""
    files = (path for path in study.human.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files if path.name != FILE_NAME}


def names_of(study: Study) -> dict[str, str]:
    topics = Store(study).read("topics")
    return dict(zip(topics["topic_id"], topics["label"], strict=True))


def kill_once(study: Study, after: float) -> bool:
    """Run all stages in a child and kill it; tell whether it was still at work."""
    child = os.fork()
    if child == 0:
        try:
            go(study, force=True)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="kills")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        source = finish(small_study(Path(folder) / "source"))
        study = Study(Path(folder) / "killed")
        shutil.copytree(source.root, study.root)
        first = next(iter(names_of(study)))
        edit = f'[[muokkaus]]\ntee = "nimeä"\naihe = "{first}"\nnimi = "Tutkijan nimi"\n'
        study.human.mkdir(exist_ok=True)
        (study.human / "edits.toml").write_text(edit, encoding="utf-8")
        (study.human / "pii_never.txt").write_text("Ruokapankki\n", encoding="utf-8")
        started = time.perf_counter()
        go(study, force=True)
        whole = time.perf_counter() - started
        before, names = made_by_people(study), names_of(study)
        n_killed = n_lost = n_changed = 0
        while n_killed < args.n:
            n_killed += kill_once(study, rng.uniform(0, whole))
            n_lost += made_by_people(study) != before
            if n_killed % 10 == 0:
                go(study)
                n_changed += names_of(study) != names
        print(f"{n_killed} kills within {whole:.1f} s: files of people changed {n_lost} times, "
              f"topic ids or names {n_changed} times of {args.n // 10}")  # fmt: skip


if __name__ == "__main__":
    main()
