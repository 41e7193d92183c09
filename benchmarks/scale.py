"""Growth of the pipeline: CPU, wall, memory and disk by stage, from forty to many thousands.

    python benchmarks/scale.py [--reports 40 240 2000 10000] [--changes 240 10000] [--workers N]
        [--keep DIR] [--first STAGE] [--last STAGE]

Reports are made of the demo's sentences: each belongs to one of 72 planted topics, takes most of
its five sentences from that topic's few source reports and the others from anywhere, and has a
number of its own. Vectors are hashed, so the figures are without the encoder. The first table has
CPU seconds and peak memory a stage, both of this process and its workers together: the sum of the
peaks of all, which need not have been at once. A row more has the most that all were seen to hold
at one time. The last lines give the growth exponent of CPU between neighbouring sizes. A study that
``--keep`` has already is gone on with, and what was done before counts as nothing. ``--changes``
then changes one thing at a time in a study of that size and times ``havainto run``: a decision, a
coding, a renamed topic, forty new reports of a new half-year. ``--fit STUDY --pool N`` prints the
memory that learning the themes of a finished study takes when N of its reports are learnt from: two
studies of two sizes tell what each report costs beyond the pool. ``--newest STUDY`` prints how many
suggestions would be others if the newest reports taught too, which are too few to
(:mod:`pipeline.teaching`). Load of the machine is printed: wall seconds mean nothing under it.
"""

import argparse
import csv
import itertools
import math
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from demo_run import HAVAINTO, keep_compiled, measure
from demo_texts import demo_reports
from process_memory import HeldAtOnce, cpu_seconds, forget_peaks, peak_mb, peak_mb_of_all

from pipeline import teaching
from pipeline.artifacts import Store
from pipeline.config import load_settings
from pipeline.engine.settings import Workers
from pipeline.engine.work import bound
from pipeline.fitted_files import load_fitted
from pipeline.needs import Supply
from pipeline.review.log import CsvLog
from pipeline.run import Outcome, Plan, Silence, run
from pipeline.segment.sentences import split_sentences
from pipeline.stages import STAGES
from pipeline.study import Study, create_study
from pipeline.teaching import teaching_ids

N_TOPICS = 72
N_SENTENCES = 5
N_PERIODS = 6
SETTINGS = '[embed]\nencoder = "hashing"\n'
AREAS = ("Vuolinna", "Harjukoski", "Kiviranta", "Ylämaa", "Salmela", "Koivisto")
GROUPS = ("tyoikaiset", "lapset-nuoret-perheet", "ikaantyneet", "vammaiset")
VALENCES = ("negatiivinen", "negatiivinen", "negatiivinen", "neutraali", "positiivinen")
COLUMNS = ("report_id", "date", "area", "client_groups", "valence", "observation")


def make_reports(n_reports: int, *, seed: int = 0, half_year: int | None = None) -> list[list[str]]:
    """Return rows of a form export, the cells in the order of ``COLUMNS``."""
    rng = np.random.default_rng(seed)
    sources = [split(text) for text in demo_reports().values()]
    sources = [sentences for sentences in sources if len(sentences) >= 2]
    everything = [sentence for sentences in sources for sentence in sentences]
    planted = np.random.default_rng(1)
    topics = [
        [one for i in planted.choice(len(sources), 4, replace=False) for one in sources[i]]
        for _ in range(N_TOPICS)
    ]
    rows = []
    for number in range(n_reports):
        topic = topics[int(rng.integers(N_TOPICS))]
        own = rng.choice(len(topic), min(N_SENTENCES - 1, len(topic)), replace=False)
        text = [*(topic[i] for i in own), everything[int(rng.integers(len(everything)))]]
        period = int(rng.integers(N_PERIODS)) if half_year is None else half_year
        day = date(2022 + period // 2, 1 + 6 * (period % 2), 1) + timedelta(int(rng.integers(180)))
        rows.append([
            f"{'S' if half_year is None else 'U'}{number:07d}", day.isoformat(),
            str(rng.choice(AREAS)), str(rng.choice(GROUPS)), str(rng.choice(VALENCES)),
            f"{' '.join(text)} Tapaus {number} kirjattiin.",
        ])  # fmt: skip
    return rows


def split(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in split_sentences(text, 12)]


def write(path: Path, rows: list[list[str]]) -> None:
    """Write rows as a form export."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])


def make_study(root: Path, n_reports: int) -> Study:
    """Make a study of so many reports, not yet run."""
    study = create_study(root)
    study.settings_file.write_text(SETTINGS, encoding="utf-8")
    write(study.inputs / "raportit.csv", make_reports(n_reports))
    return study


@dataclass
class Meter:
    """A listener that notes what each stage took, and says so as it ends."""

    stages: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    at_once: HeldAtOnce = field(default_factory=HeldAtOnce)
    most_at_once: float = 0.0
    _cpu: float = 0.0
    _wall: float = 0.0

    def starts(self, stage: str) -> None:
        """Start the watch."""
        forget_peaks()
        self.at_once.take()
        self._cpu, self._wall = cpu_seconds(), time.perf_counter()

    def progress(self, done: int, total: int) -> None:
        """Show nothing."""

    def ends(self, outcome: Outcome) -> None:
        """Stop the watch."""
        if outcome.state == "ran":
            wall = time.perf_counter() - self._wall
            took = self.stages[outcome.stage] = cpu_seconds() - self._cpu, wall, peak_mb_of_all()
            held = self.at_once.take()
            self.most_at_once = max(self.most_at_once, held)
            shown = "{:.1f} CPU s, {:.1f} s, {:.0f} MB".format(*took)
            shown = f"{shown}, {held:.0f} MB at once"
            print(f"{time.strftime('%H:%M:%S')} {outcome.stage} {shown}", flush=True)


def kept_or_made(root: Path, n_reports: int) -> Study:
    """Return a study that is there, or make it."""
    return Study(root) if root.exists() else make_study(root, n_reports)


def disk_mb(study: Study) -> float:
    """Return the size of the study's folder."""
    return sum(p.stat().st_size for p in study.root.rglob("*") if p.is_file()) / 2**20


def show(sizes: list[int], plan: Plan, folder: Path) -> None:
    """Print the table of stages, a column a size."""
    found: dict[int, dict[str, tuple[float, float, float]]] = {}
    totals = {}
    for n_reports in sizes:
        study = kept_or_made(folder / str(n_reports), n_reports)
        meter = Meter()
        meter.at_once.start()
        run(study, load_settings(study.settings_file), plan, meter)
        meter.at_once.stop()
        found[n_reports] = meter.stages
        cpu = sum(one[0] for one in meter.stages.values())
        wall = sum(one[1] for one in meter.stages.values())
        peak = max(one[2] for one in meter.stages.values())
        totals[n_reports] = (cpu, wall, peak, meter.most_at_once, disk_mb(study))
        at_once = f"{meter.most_at_once:.0f} MB at once"
        print(f"# {n_reports}: {cpu:.0f} CPU s, {wall:.0f} s, {peak:.0f} MB, {at_once}", flush=True)
    heads = " | ".join(f"{n:,}" for n in sizes)
    print(f"\n| CPU s (peak MB) | {heads} |\n|---{'|---' * len(sizes)}|")
    for stage in STAGES:
        cells = [found[n].get(stage.name, (0.0, 0.0, 0.0)) for n in sizes]
        print(f"| {stage.name} | {' | '.join(f'{cpu:.1f} ({mb:.0f})' for cpu, _, mb in cells)} |")
    for place, what in enumerate(("CPU s", "wall s", "peak MB", "MB at once", "disk MB")):
        print(f"| **{what}** | {' | '.join(f'{totals[n][place]:.0f}' for n in sizes)} |")
    for small, large in itertools.pairwise(sizes):
        times = math.log(large / small)
        told = [
            f"{name} {math.log(found[large][name][0] / cpu) / times:.2f}"
            for name, (cpu, _, _) in found[small].items()
            if cpu >= 0.2 and name in found[large]
        ]
        print(f"\nGrowth exponents {small:,} to {large:,}: {', '.join(told)}")


def show_changes(sizes: list[int], folder: Path) -> None:
    """Print what a run costs after each change."""
    print("\n| after | reports | CPU s | wall s | ran |\n|---|---|---|---|---|")
    for n_reports in sizes:
        root = folder / str(n_reports)
        study = kept_or_made(root, n_reports)
        subprocess.run([HAVAINTO, "run", str(root)], check=True, stdout=subprocess.DEVNULL)
        store = Store(study)
        report = str(store.read("reports")["report_id"].iloc[-1])
        topic = str(store.read("topics")["topic_id"].iloc[0])
        on = {"target_table": "report_themes", "target_id": report, "verdict": "accept"}
        read = {"target_table": "reports", "target_id": report, "verdict": "read"}
        named = {"target_table": "topics", "target_id": topic, "verdict": "change"}
        changes = {
            "one decision": [on | {"theme_id": "yksinaisyys"}],
            "one coding": [on | {"theme_id": "asuminen"}, read],
            "a renamed topic": [named | {"new_value": "Uusi nimi"}],
            "forty new reports": [],
        }
        for what, rulings in changes.items():
            before = {stage: made for stage, made in made_at(study).items()}
            if rulings:
                CsvLog(study.human).append([row | {"coder": "Mittaaja"} for row in rulings])
            else:
                write(study.inputs / "uusi.csv", make_reports(40, seed=9, half_year=N_PERIODS))
            wall, cpu, _ = measure([HAVAINTO, "run", str(root)])
            ran = [step for step, made in made_at(study).items() if before.get(step) != made]
            print(
                f"| {what} | {n_reports:,} | {cpu:.1f} | {wall:.1f} | {', '.join(ran)} |",
                flush=True,
            )


def show_fit(folder: Path, pool: int) -> None:
    """Print the peak memory of learning themes from a pool of a finished study's reports."""
    study = Study(folder)
    settings = load_settings(study.settings_file, [f"assign.max_pool_reports={pool}"])
    supply = Supply(Store(study), settings)
    stage = next(one for one in STAGES if one.name == "assign")
    themes, step = (one for one in stage.steps if one.over == "fit")
    held = load_fitted(supply.store.fitted_path(themes.name), themes.result)
    learn = bound(stage, step, supply, held)
    n_reports, before = len(supply.store.read("reports", "report_id")), peak_mb()
    learn(step.given_lazily(supply.store.read))
    print(
        f"{n_reports:,} reports, {pool:,} learnt from: {before:.0f} MB before, {peak_mb():.0f} peak"
    )


def show_newest(folder: Path) -> None:
    """Print how many suggestions are others when the newest reports teach too."""
    told = {"report_themes": ("assigned",), "segment_kinds": ("kind",)}
    before = {name: Store(Study(folder)).read(name, *columns) for name, columns in told.items()}
    reports = Store(Study(folder)).read("reports", "report_id", "period")
    n_new = len(reports) - len(teaching_ids(reports))
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(folder, Path(scratch) / "study")
        study = Study(Path(scratch) / "study")
        teaching.MAX_NEW_SHARE = 0.0
        run(
            study,
            load_settings(study.settings_file),
            Plan(first="label", last="assign", force=True),
            Silence(),
        )
        after = {name: Store(study).read(name, *columns) for name, columns in told.items()}
    print(f"{len(reports):,} reports, {n_new} of them do not teach")
    for name, (column,) in told.items():
        n_other = int((before[name][column].to_numpy() != after[name][column].to_numpy()).sum())
        print(f"{name}: {n_other} of {len(before[name]):,} are others when they do")


def made_at(study: Study) -> dict[str, str]:
    """Return when each step ran last."""
    store = Store(study)
    found = {}
    for stage in STAGES:
        for step in stage.steps:
            manifest = store.manifest((stage.outputs_of(step) or (step.name,))[0])
            found[step.name] = manifest["made_at"] if manifest else ""
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, nargs="*", default=[40, 240, 2000, 10_000])
    parser.add_argument("--changes", type=int, nargs="*", default=[])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--first", help="stage to start with, in a study that --keep has")
    parser.add_argument("--last", help="stage to stop after")
    parser.add_argument("--fit", type=Path, help="a finished study: memory of learning its themes")
    parser.add_argument("--newest", type=Path, help="a finished study: what its newest would teach")
    parser.add_argument("--pool", type=int, default=1000, help="reports that --fit learns from")
    parser.add_argument("--keep", type=Path, help="folder for the studies; thrown away without it")
    given = parser.parse_args()
    keep_compiled()
    print(f"load {os.getloadavg()[0]:.1f}")
    if given.fit:
        show_fit(given.fit, given.pool)
        return
    if given.newest:
        show_newest(given.newest)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if given.reports:
            workers = Workers(n_processes=given.workers)
            show(given.reports, Plan(first=given.first, last=given.last, workers=workers), folder)
        if given.changes:
            show_changes(given.changes, folder)


if __name__ == "__main__":
    main()
