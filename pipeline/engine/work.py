"""One part of a row step as a task: what travels to a worker, what it does, what it tells back.

Only paths, hashes and places of rows travel. A worker opens the study itself, reads the rows of its
part and writes what the step makes of them beside the tables, under the part's key: aside first,
under a name that no other attempt has, then renamed, the note that it is done last. So two attempts
at a part cannot disturb each other, and a part that is done is never computed again.
"""

import json
import os
import secrets
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import errors
from pipeline.artifacts import Store, TableWriter
from pipeline.config import Settings
from pipeline.errors import PipelineError, WorkerError
from pipeline.fitted_files import load_fitted
from pipeline.needs import Supply
from pipeline.recipes import section_of
from pipeline.stages import STAGES
from pipeline.steps import Stage, Step
from pipeline.study import HALF_MADE, Study, private_folder
from pipeline.table_rows import ReportReader, SpanReader, batches_of_reports

REPORTS_PER_BATCH = 64
FOLDER = HALF_MADE

Progress = Callable[[int], None]


@dataclass(frozen=True)
class RowTask:
    """One part of one row step.

    Attributes
    ----------
    root, human : str
        Folders of the study, and of the frozen copy of what people made.
    settings : str
        The study's settings as JSON.
    stage, step, key : str
        Names of the stage and the step, and the key of the part.
    n_reports : int
    spans : tuple of (str, int, int)
        Table, first row and number of rows of the part, for each table that the step reads.
    fitted : str
        File of what the step is given as fitted; "" for none.
    """

    root: str
    human: str
    settings: str
    stage: str
    step: str
    key: str
    n_reports: int
    spans: tuple[tuple[str, int, int], ...]
    fitted: str = ""


@dataclass(frozen=True)
class Failure:
    """Why a part could not be computed, without a word of any report.

    Attributes
    ----------
    kind : str
        Name of the class of the error.
    template : str
        The sentence of an error that a user can mend; "" for a fault of the program.
    values : dict of str to str
    place : str
        File and line of a fault.
    """

    kind: str
    template: str = ""
    values: dict[str, str] = field(default_factory=dict)
    place: str = ""

    def raised(self, task: RowTask) -> PipelineError:
        """Return the error to raise where the run is led from."""
        if self.template:
            known = getattr(errors, self.kind, WorkerError)
            error: PipelineError = known(self.template, **self.values)
            return error
        return WorkerError(
            "A worker failed at {step}, part {key}: {kind} in {place}. Run again with --workers 1 "
            "to see more.",
            step=task.step,
            key=task.key,
            kind=self.kind,
            place=self.place,
        )


@dataclass(frozen=True)
class Done:
    """What became of a task.

    Attributes
    ----------
    key : str
    rows : dict of str to int
        Rows made, by table.
    failure : Failure or None
    """

    key: str
    rows: dict[str, int]
    failure: Failure | None = None


def parts_folder(study: Study, step: str) -> Path:
    """Return where the parts of a step lie until they are merged."""
    return study.tables / FOLDER / step


def part_file(study: Study, step: str, key: str, table: str) -> Path:
    """Return where the rows of a part lie."""
    return parts_folder(study, step) / f"{key}.{table}.parquet"


def done_before(study: Study, step: str, key: str) -> Done | None:
    """Return what an earlier attempt at a part has finished."""
    path = parts_folder(study, step) / f"{key}.json"
    if not path.exists():
        return None
    return Done(key, json.loads(path.read_text(encoding="utf-8")))


def find_step(stage: str, step: str) -> tuple[Stage, Step]:
    """Return a stage and its step by their names."""
    found = next(one for one in STAGES if one.name == stage)
    return found, next(one for one in found.steps if one.name == step)


def do_part(
    task: RowTask, supply: Supply, progress: Progress | None = None, fitted: Any = None
) -> Done:
    """Compute one part and write it.

    Parameters
    ----------
    task : RowTask
    supply : Supply
        Of the study.
    progress : callable, optional
        Given the number of reports done since the last call.
    fitted : object, optional
        What the step is given as fitted, where the task names a file of it.
    """
    from threadpoolctl import threadpool_limits

    earlier = done_before(supply.study, task.step, task.key)
    if earlier is not None:
        return earlier
    stage, step = find_step(task.stage, task.step)
    private_folder(supply.study.tables / FOLDER)
    folder = private_folder(parts_folder(supply.study, step.name))
    attempt = f".{os.getpid()}-{secrets.token_hex(4)}"
    writers = [
        TableWriter(name, part_file(supply.study, step.name, task.key, name), attempt)
        for name in step.makes
    ]
    readers = [
        ReportReader.of_table(_span_reader(name, supply).rows(start, n_rows))
        for name, start, n_rows in ([] if _is_bare(step, task) else task.spans)
    ]
    call = bound(stage, step, supply, fitted)
    n_done = 0
    with threadpool_limits(limits=1):  # sums of floats depend on how many threads share them
        batches = batches_of_reports(step.tables, readers, REPORTS_PER_BATCH) if readers else ()
        for frames in batches:
            result = call(step.given(frames))
            made = (result,) if isinstance(result, pd.DataFrame) else result
            for writer, frame in zip(writers, made, strict=True):
                writer.append(frame)
            if progress is not None:
                progress(min(REPORTS_PER_BATCH, task.n_reports - n_done))
                n_done = min(n_done + REPORTS_PER_BATCH, task.n_reports)
    if progress is not None and n_done < task.n_reports:
        progress(task.n_reports - n_done)
    for writer in writers:
        writer.close()
        writer.part.replace(writer.path)
    done = Done(task.key, {writer.name: writer.n_rows for writer in writers})
    note = folder / f".{task.key}.json{attempt}.part"
    note.write_text(json.dumps(done.rows), encoding="utf-8")
    note.replace(folder / f"{task.key}.json")
    return done


def _span_reader(name: str, supply: Supply) -> SpanReader:
    """Return the reader of a table, kept for the next part while the table stays as it is."""
    kept: dict[str, tuple[str, SpanReader]] = supply.once("span_readers", dict)
    manifest = supply.store.manifest(name)
    content = "" if manifest is None else str(manifest["output"]["sha256"])
    if name not in kept or kept[name][0] != content:
        kept[name] = content, SpanReader(supply.store.open(name))
    return kept[name][1]


def _is_bare(step: Step, task: RowTask) -> bool:
    """Tell whether a part lacks the rows without which the step makes none."""
    return any(name == step.only_where and n_rows == 0 for name, _, n_rows in task.spans)


def bound(
    stage: Stage, step: Step, supply: Supply, fitted: Any
) -> Callable[[tuple[Any, ...]], Any]:
    """Return a step's function with all but its tables given; it takes those as one tuple."""
    needed = {need.name: supply.value(need) for need in step.needs}
    beside: dict[str, Any] = needed if step.context is None else {"context": step.context(**needed)}
    if step.takes("config"):
        beside["config"] = section_of(stage, step, supply)
    if step.takes("fitted"):
        beside["fitted"] = fitted
    return lambda given: step.function(*given, **beside)


def run_row_task(task: RowTask) -> Done:
    """Compute one part in a worker, which opens the study and its resources at its first task.

    An error comes back as a value, and without its own words where it may hold a text.
    """
    try:
        supply = _supply(task.root, task.human, task.settings)
        supply.stage = task.stage
        _, step = find_step(task.stage, task.step)
        fitted = _fitted(task.fitted, _mark(task.fitted), step.name) if task.fitted else None
        return do_part(task, supply, fitted=fitted)
    except PipelineError as err:
        said = {name: str(value) for name, value in err.said.values.items()}
        return Done(task.key, {}, Failure(type(err).__name__, err.said.template, said))
    except Exception as err:  # whatever it is, its message may hold a text and must not travel
        last = traceback.extract_tb(err.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        return Done(task.key, {}, Failure(type(err).__name__, place=place))


@lru_cache(maxsize=2)
def _supply(root: str, human: str, settings: str) -> Supply:
    """Return the supply of a study, kept for the next task; one thread a worker."""
    held = Settings.model_validate_json(settings).on_one_thread()
    supply = Supply(Store(Study(Path(root))), held, Path(human))
    return supply


def _mark(path: str) -> int:
    """Tell one state of a file from the next."""
    return Path(path).stat().st_mtime_ns


@lru_cache(maxsize=1)
def _fitted(path: str, mark: int, step: str) -> Any:
    """Return what a step is given as fitted, kept for the next task."""
    stage, taking = next((s, one) for s in STAGES for one in s.steps if one.name == step)
    fit = stage.fit_before(taking)
    return None if fit is None else load_fitted(Path(path), fit.result)
