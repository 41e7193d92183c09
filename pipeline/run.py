"""Run the stages of a study in order, and of each only the steps that something has changed for."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pipeline.artifacts import Store
from pipeline.config import Settings
from pipeline.engine.choose import make_engine
from pipeline.engine.inline import Inline
from pipeline.engine.settings import Workers
from pipeline.engine.work import FOLDER as PARTS
from pipeline.errors import ArtifactError, ConfigError
from pipeline.needs import FILES, Supply
from pipeline.recipes import is_current, recipe, step_is_current
from pipeline.review.freeze import FOLDER, forget_gone, freeze
from pipeline.stages import STAGES
from pipeline.step_run import StepRun
from pipeline.steps import Stage, Step
from pipeline.study import Study
from pipeline.withdrawn import settle_done, settle_failed

__all__ = ["Listener", "Outcome", "Plan", "Silence", "is_current", "run"]


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
    workers : Workers
        Who computes; by default this process alone.
    """

    first: str | None = None
    last: str | None = None
    force: bool = False
    dry: bool = False
    workers: Workers = field(default_factory=Workers)


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
        inline = Inline(supply)
        engine = make_engine(Workers() if plan.dry else plan.workers, inline)
        try:
            steps = StepRun(supply, engine, inline, listener.progress)
            outcomes: list[Outcome] = []
            for stage in stages:
                outcome = _bring_up_to_date(stage, steps, plan, listener, outcomes)
                listener.ends(outcome)
                outcomes.append(outcome)
            if not plan.dry and plan.last is None:
                shutil.rmtree(study.tables / PARTS, ignore_errors=True)  # nothing is under way
            if not plan.dry and store.is_whole("reports"):
                forget_gone(study, set(store.read("reports")["report_id"]))
            if not plan.dry and stages[-1].steps[-1].over == "files":
                settle_done(store)
                shutil.rmtree(study.tables / PARTS, ignore_errors=True)  # of runs that were killed
        except BaseException:
            if not plan.dry:
                shutil.rmtree(study.tables / FOLDER, ignore_errors=True)
                settle_failed(store, stages[min(len(outcomes), len(stages) - 1)].name)
            raise
        finally:
            engine.close()
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


def _bring_up_to_date(
    stage: Stage, steps: StepRun, plan: Plan, listener: Listener, before: Sequence[Outcome]
) -> Outcome:
    """Run those steps of a stage that have to run, and tell what became of it."""
    supply = steps.supply
    if plan.dry and any(outcome.state == "would run" for outcome in before):
        return Outcome(stage=stage.name, state="would run")
    is_forced = plan.force or stage.name == plan.first
    state: Literal["ran", "skipped", "sealed"] = "skipped"
    started = time.perf_counter()
    for step in stage.steps:
        if step.over == "fit" and not is_forced:
            continue  # done when a step that takes its result has to run
        if not is_forced and step_is_current(stage, step, supply):
            continue
        if _is_sealed(stage, step, supply, is_forced=is_forced) and not is_forced:
            state = "sealed"
            continue
        if plan.dry:
            return Outcome(stage=stage.name, state="would run")
        if state != "ran":
            listener.starts(stage.name)
        state = "ran"
        steps.bring_up_to_date(stage, step, anew=is_forced)
    if not plan.dry:
        steps.gather_files(stage)
    if state != "ran":
        return Outcome(stage=stage.name, state=state)
    return Outcome(
        stage=stage.name,
        state=state,
        rows_in={name: _rows(name, supply.store) for name in stage.reads},
        rows_out={name: _rows(name, supply.store) for name in stage.makes} or steps.files,
        seconds=time.perf_counter() - started,
    )


def _rows(name: str, store: Store) -> int:
    """Return how many rows a finished table has."""
    manifest = store.manifest(name) or {"output": {"rows": 0}}
    return int(manifest["output"]["rows"])


def _is_sealed(stage: Stage, step: Step, supply: Supply, *, is_forced: bool) -> bool:
    """Tell whether a step must be left as it is because the raw data is gone.

    That is so when only the program has changed since ``raw/`` was purged. When an input file or
    a setting has changed the step has to run, and every input it was made from must be there;
    so it must when the stage is forced, because the safe tables are all that is left of it.

    Raises
    ------
    ArtifactError
        When it has to run and cannot.
    """
    study = supply.study
    manifests = [supply.store.manifest(name) for name in stage.outputs_of(step)]
    if not step.touches_raw or study.has_raw or None in manifests:
        return False
    old = next(manifest for manifest in manifests if manifest is not None)
    old_files = set(old["resources"].get(FILES.name, {}))
    here = {path.name for path in study.listed_inputs()}
    if step.reads_inputs and not old_files <= here:
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
    new = recipe(stage, step, supply) or {}
    has_new_work = any(old[key] != new.get(key) for key in ("config", "inputs", "resources"))
    if has_new_work and not step.reads_inputs:
        raise ArtifactError(
            "Stage {stage} has to run again and raw/ was purged. Run: havainto run "
            "{study} --from {stages}",
            stage=stage.name,
            study=study.root,
            stages=STAGES[0].name,
        )
    return not has_new_work
