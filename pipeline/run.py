"""Run the stages of a study in order, and only those that something has changed for."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

import pandas as pd
import pyarrow.parquet as pq

from pipeline.artifacts import Manifest, Store, TableWriter, code_sha256, sha256_file
from pipeline.cluster.memory import LINEAGE, remember
from pipeline.config import Settings
from pipeline.errors import ArtifactError, ConfigError
from pipeline.frames import to_frame
from pipeline.needs import FILES, Supply
from pipeline.review.freeze import forget_gone, freeze
from pipeline.stages import STAGES, Stage, Step
from pipeline.study import Study
from pipeline.versions import package_versions

REPORTS_PER_BATCH = 64


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which stages to run.

    Attributes
    ----------
    first, last : str or None
        Stage to run whether or not something has changed, trusting what stands before it; and
        the stage to stop after.
    force : bool
        Run every stage, changed or not.
    dry : bool
        Tell what would run, and run nothing.
    """

    first: str | None = None
    last: str | None = None
    force: bool = False
    dry: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one stage.

    Attributes
    ----------
    stage : str
    state : {"ran", "skipped", "sealed", "would run"}
        ``sealed``: not run because the raw data it needs was purged.
    rows_in, rows_out : dict of str to int
        Rows by table.
    seconds : float
    """

    stage: str
    state: Literal["ran", "skipped", "sealed", "would run"]
    rows_in: dict[str, int] = field(default_factory=dict)
    rows_out: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


class Listener(Protocol):
    """Whoever shows the run to the user."""

    def starts(self, stage: str) -> None:
        """Tell that a stage starts working."""

    def progress(self, done: int, total: int) -> None:
        """Tell how far the stage is."""

    def ends(self, outcome: Outcome) -> None:
        """Tell what became of a stage."""


class Silence:
    """A listener that shows nothing."""

    def starts(self, stage: str) -> None:
        """Show nothing."""

    def progress(self, done: int, total: int) -> None:
        """Show nothing."""

    def ends(self, outcome: Outcome) -> None:
        """Show nothing."""


def run(study: Study, settings: Settings, plan: Plan, listener: Listener) -> list[Outcome]:
    """Bring a study up to date.

    Parameters
    ----------
    study : Study
    settings : Settings
    plan : Plan
    listener : Listener

    Returns
    -------
    list of Outcome
        One a stage, in order.

    Raises
    ------
    PipelineError
        When a stage cannot be run; what earlier stages made stays, and the next run goes on.
    """
    stages = _planned(plan)
    with study.locked():
        if not plan.dry:
            study.remove_unfinished()
            study.close_to_others()
        store = Store(study)
        # People go on ruling while the run works; what they rule now is for the next one.
        supply = Supply(store, settings, None if plan.dry else freeze(study))
        try:
            outcomes: list[Outcome] = []
            for stage in stages:
                outcome = _bring_up_to_date(stage, supply, plan, listener, outcomes)
                listener.ends(outcome)
                outcomes.append(outcome)
            if not plan.dry and store.is_whole("reports"):
                forget_gone(study, set(store.read("reports")["report_id"]))
        finally:
            supply.close()
    return outcomes


def _planned(plan: Plan) -> tuple[Stage, ...]:
    """Return the stages between the first and the last one, both included."""
    names = [stage.name for stage in STAGES]
    for option, name in (("--from", plan.first), ("--to", plan.last)):
        if name is not None and name not in names:
            raise ConfigError(
                "{option} must be one of {names}. Got {name!r}.",
                option=option,
                names=", ".join(names),
                name=name,
            )
    start = names.index(plan.first) if plan.first else 0
    stop = names.index(plan.last) + 1 if plan.last else len(names)
    if start >= stop:
        raise ConfigError(
            "--from {first} comes after --to {last}. Swap them.", first=plan.first, last=plan.last
        )
    return STAGES[start:stop]


def recipe(stage: Stage, supply: Supply) -> Manifest:
    """Return all that decides what a stage makes.

    Raises
    ------
    ArtifactError
        When a table it reads has not been made.
    """
    inputs = {}
    for name in stage.reads:
        manifest = supply.store.manifest(name)
        if manifest is None:
            raise ArtifactError(
                "Stage {stage} needs table {name}, which has not been made. Run: "
                "havainto run {study}",
                stage=stage.name,
                name=name,
                study=supply.study.root,
            )
        inputs[name] = {key: manifest["output"][key] for key in ("rows", "sha256")}
    section = getattr(supply.settings, stage.name)
    return {
        "stage": stage.name,
        "config": section.model_dump(mode="json"),
        "inputs": inputs,
        "code": code_sha256(),
        "resources": {
            need.name: dict(supply.identity(need))
            for need in stage.needs
            if need.identity is not None
        },
    }


def is_current(stage: Stage, supply: Supply) -> bool:
    """Tell whether a stage's outputs are finished and made from what there is now."""
    wanted = recipe(stage, supply)
    for name in stage.outputs:
        manifest = supply.store.manifest(name)
        if manifest is None or any(manifest.get(key) != wanted[key] for key in wanted):
            return False
        if stage.makes_files:
            if not all((supply.study.report / file).exists() for file in manifest["output"]):
                return False
        elif not supply.store.is_whole(name) and not _is_purged(name, supply):
            return False
    return True


def _is_purged(name: str, supply: Supply) -> bool:
    """Tell whether a table lay in ``raw/`` and all of it was deleted since."""
    return supply.store.path(name).parent == supply.study.raw and not supply.study.has_raw


def _bring_up_to_date(
    stage: Stage, supply: Supply, plan: Plan, listener: Listener, before: Sequence[Outcome]
) -> Outcome:
    """Run one stage when it has to, and tell what became of it."""
    if plan.dry and any(outcome.state == "would run" for outcome in before):
        return Outcome(stage=stage.name, state="would run")
    is_forced = plan.force or stage.name == plan.first
    if not is_forced and is_current(stage, supply):
        return Outcome(stage=stage.name, state="skipped")
    if _is_sealed(stage, supply, is_forced=is_forced) and not is_forced:
        return Outcome(stage=stage.name, state="sealed")
    if plan.dry:
        return Outcome(stage=stage.name, state="would run")
    listener.starts(stage.name)
    started = time.perf_counter()
    made = _StageRun(stage, supply, listener).make()
    if LINEAGE in stage.makes:
        remember(supply.store, supply.study.human)
    inputs = recipe(stage, supply)["inputs"]
    return Outcome(
        stage=stage.name,
        state="ran",
        rows_in={name: entry["rows"] for name, entry in inputs.items()},
        rows_out=made,
        seconds=time.perf_counter() - started,
    )


def _is_sealed(stage: Stage, supply: Supply, *, is_forced: bool) -> bool:
    """Tell whether a stage must be left as it is because the raw data is gone.

    That is so when only the program has changed since ``raw/`` was purged. When an input file or
    a setting has changed the stage has to run, and every input it was made from must be there;
    so it must when the stage is forced, because the safe tables are all that is left of it.

    Raises
    ------
    ArtifactError
        When it has to run and cannot.
    """
    study = supply.study
    manifests = [supply.store.manifest(name) for name in stage.outputs]
    if not stage.touches_raw or study.has_raw or None in manifests:
        return False
    old = next(manifest for manifest in manifests if manifest is not None)
    old_files = set(old["resources"].get(FILES.name, {}))
    here = {path.name for path in study.listed_inputs()}
    if stage.reads_inputs and not old_files <= here:
        gone = ", ".join(sorted(old_files - here))
        if not here or (here <= old_files and not is_forced):
            return True
        raise ArtifactError(
            "{gone} is no longer in {inputs}, and raw/ was purged: reading the inputs "
            "anew would make the old reports vanish. Put the old file back, or delete "
            "{tables} to begin without it.",
            gone=gone,
            inputs=study.inputs,
            tables=study.tables,
        )
    new = recipe(stage, supply)
    has_new_work = any(old[key] != new[key] for key in ("config", "inputs", "resources"))
    if has_new_work and not stage.reads_inputs:
        raise ArtifactError(
            "Stage {stage} has to run again and raw/ was purged. Run: havainto run "
            "{study} --from {stages}",
            stage=stage.name,
            study=study.root,
            stages=STAGES[0].name,
        )
    return not has_new_work


class _StageRun:
    """One run of one stage."""

    def __init__(self, stage: Stage, supply: Supply, listener: Listener) -> None:
        self.stage = stage
        self.supply = supply
        self.store = supply.store
        self.listener = listener
        supply.stage, supply.progress = stage.name, listener.progress
        self.config = getattr(supply.settings, stage.name)
        self.writers: dict[str, TableWriter] = {}
        self.fitted: Any = None

    def make(self) -> dict[str, int]:
        """Run the steps and put the outputs in place; return rows by table."""
        started = time.perf_counter()
        made_from = recipe(self.stage, self.supply)
        files: dict[str, bytes] = {}
        for step in self.stage.steps:
            files |= self._run_step(step)
        for step in self.stage.steps:
            if step.finish is not None:
                step.finish(self.supply)
        self.store.drop_manifests(self.stage.outputs)
        shared = made_from | {
            "versions": package_versions(),
            "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - started, 3),
        }
        if files:
            self._finish_files(files, shared)
            return {name: len(content) for name, content in files.items()}
        self.store.finish(list(self.writers.values()), shared)
        return {name: writer.n_rows for name, writer in self.writers.items()}

    def _run_step(self, step: Step) -> dict[str, bytes]:
        """Run one step; return the files it makes, if that is what it makes."""
        needed = {need.name: self.supply.value(need) for need in step.needs}
        beside = needed if step.context is None else {"context": step.context(**needed)}
        if step.takes("config"):
            beside["config"] = self.config
        if step.takes("fitted"):
            beside["fitted"] = self.fitted
        for name in step.makes:
            self.writers[name] = self.store.writer(name)
        if step.over == "reports":
            self._run_over_reports(step, beside)
        else:
            frames = [self._read(name) for name in step.tables]
            result = step.function(*step.given(frames), **beside)
            if step.over == "fit":
                self.fitted = result
            elif step.over == "files":
                made: dict[str, bytes] = result
                return made
            else:
                self._append(step, result)
        for name in step.makes:
            self.writers[name].close()
        return {}

    def _run_over_reports(self, step: Step, beside: dict[str, Any]) -> None:
        """Call a step once a batch of reports."""
        lead = self.store.manifest(step.tables[0])
        total = lead["output"]["rows"] if lead else 0
        done = 0
        for frames in self.store.read_batches(step.tables, REPORTS_PER_BATCH):
            self._append(step, step.function(*step.given(frames), **beside))
            done += len(frames[0])
            self.listener.progress(done, total)

    def _append(self, step: Step, result: Any) -> None:
        """Add what a step returned to the tables it makes."""
        frames = (result,) if isinstance(result, pd.DataFrame) else result
        for name, frame in zip(step.makes, frames, strict=True):
            self.writers[name].append(frame)

    def _read(self, name: str) -> pd.DataFrame:
        """Read a table of an earlier stage, or one that this stage has just made."""
        if name in self.writers:
            return to_frame(pq.ParquetFile(self.writers[name].part).read())
        return self.store.read(name)

    def _finish_files(self, files: dict[str, bytes], shared: Manifest) -> None:
        """Put the report's files in place, then their manifest."""
        folder = self.supply.study.report
        for name, content in files.items():
            part = folder / f".{name}.part"
            part.write_bytes(content)
            part.replace(folder / name)
        output = {
            name: {"bytes": len(content), "sha256": sha256_file(folder / name)}
            for name, content in files.items()
        }
        name = self.stage.name
        self.store.write_manifest(name, {"table": name, **shared, "output": output})
