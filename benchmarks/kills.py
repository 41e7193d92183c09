"""Kill runs at random moments and look whether anything a person made is lost.

Run ``python benchmarks/kills.py [--n 200]``. A small study with a named topic, rulings on reports,
topics and signals, codings, a register of signals, watches, pinned quotations and lists is run
again and again, all stages, in a process of its own, which gets SIGKILL after a random time. After
each kill every file that people made must hold the same bytes and the log must read whole; after
every tenth the run is finished, and topic ids, names, what stands of the rulings, and the register
beside the list must be those of the uninterrupted run.
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
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from small_export import finish, small_study

from pipeline.artifacts import Store
from pipeline.cluster.memory import FILE_NAME
from pipeline.config import load_settings
from pipeline.detect.register import COLUMNS, read_register
from pipeline.review.decisions_file import read_decisions
from pipeline.review.log import CsvLog
from pipeline.run import Plan, Silence, run
from pipeline.study import Study

STANDING = ("report_states", "codings_standing", "settled_themes")


def go(study: Study, **plan: Any) -> None:
    run(study, load_settings(study.settings_file, ()), Plan(**plan), Silence())


def made_by_people(study: Study) -> dict[str, bytes]:
    """Return the files of human/ but the one that runs keep, by name."""
    files = (path for path in study.human.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files if path.name != FILE_NAME}


def result_of(study: Study) -> dict[str, object]:
    """Return what must be as in an uninterrupted run: names, rulings that stand, the register."""
    store = Store(study)
    topics = store.read("topics")
    made: dict[str, object] = {
        name: store.read(name).astype(str).to_dict("records") for name in STANDING
    }
    made["names"] = dict(zip(topics["topic_id"], topics["label"], strict=True))
    made["signals"] = store.read("signals")["signal_id"].tolist()
    made["register"] = read_register(study.human)
    made["report"] = sorted(path.name for path in study.report.iterdir())
    return made


def write_by_people(study: Study) -> int:
    """Write what people make: names, rulings, register, codings, lists; return rows of the log."""
    store, human = Store(study), study.human
    human.mkdir(exist_ok=True)
    topics, signals = store.read("topics")["topic_id"], store.read("signals")["signal_id"]
    reports = store.read("reports")["report_id"].tolist()
    edit = f'[[muokkaus]]\ntee = "nimeä"\naihe = "{topics[0]}"\nnimi = "Tutkijan nimi"\n'
    (human / "edits.toml").write_text(edit, encoding="utf-8")
    (human / "pii_never.txt").write_text("Ruokapankki\n", encoding="utf-8")
    (human / "codings.csv").write_text(
        f"report_id,theme_id,coder\n{reports[5]},asuminen,Eero\n", encoding="utf-8"
    )
    (human / "quotes.toml").write_text(f'pin = ["{reports[6]}/observation/000"]\n')
    (human / "watch.toml").write_text('[[seuranta]]\nnimi = "A"\nlauseet = ["Vuokra nousee."]\n')
    row = dict.fromkeys(COLUMNS, "") | {"tunnus": signals[0], "nimi": "Vuokrat"}
    lines = [";".join(COLUMNS), ";".join(row.values())]
    (human / "register.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    themes = [{"target_table": "report_themes", "target_id": one, "theme_id": "asuminen",
               "verdict": "accept", "coder": "Aino"} for one in reports[:4]]  # fmt: skip
    read = [{"target_table": "reports", "target_id": one, "verdict": "read", "coder": "Aino"}
            for one in reports[:4]]  # fmt: skip
    beside = [{"target_table": "topics", "target_id": topics[1], "verdict": "change",
               "new_value": "Toinen nimi", "coder": "Eero"},
              {"target_table": "signals", "target_id": signals[0], "verdict": "accept",
               "coder": "Eero"}]  # fmt: skip
    rows = [*themes, *read, *beside]
    CsvLog(human).append(rows)
    return len(rows)


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
        n_rows = write_by_people(study)
        go(study)
        started = time.perf_counter()
        go(study, force=True)
        whole = time.perf_counter() - started
        before, expected = made_by_people(study), result_of(study)
        n_killed = n_lost = n_changed = n_torn = 0
        while n_killed < args.n:
            n_killed += kill_once(study, rng.uniform(0, whole))
            n_lost += made_by_people(study) != before
            n_torn += len(read_decisions(study.human)) != n_rows
            if n_killed % 10 == 0:
                go(study)
                n_changed += result_of(study) != expected
                print(n_killed, n_lost, n_torn, n_changed, file=sys.stderr, flush=True)
        print(f"{n_killed} kills within {whole:.1f} s: files of people changed {n_lost} times, "
              f"the log torn {n_torn} times, topic ids, names, rulings, register or signals "
              f"{n_changed} times of {args.n // 10}")  # fmt: skip


if __name__ == "__main__":
    main()
