"""Run one step, over parts or whole tables, and put what it makes in place."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd

from pipeline.artifacts import Manifest, TableWriter, sha256_file
from pipeline.engine.inline import Inline
from pipeline.engine.protocol import Engine
from pipeline.engine.work import RowTask, bound, done_before, parts_folder
from pipeline.fitted_files import load_fitted, only_fields, save_fitted
from pipeline.frames import empty
from pipeline.human.put_back import PREFIX, put_back
from pipeline.needs import Supply
from pipeline.recipes import recipe, step_is_current
from pipeline.row_parts import KnownParts, Listed, Part, merge, missing, parts_of
from pipeline.steps import Stage, Step, names_of
from pipeline.tables import VECTOR_TABLES
from pipeline.versions import package_versions, processor

Progress = Callable[[int, int], None]


class StepRun:
    """Runs the steps of a study, one after the other.

    Parameters
    ----------
    supply : Supply
    engine : Engine
        Who computes the parts of row steps.
    inline : Inline
        The engine of this process.
    progress : callable
        Called as ``progress(done, total)``.

    Attributes
    ----------
    files : dict of str to int
        Bytes of the files made last, by name, in the order they were made in.
    """

    def __init__(self, supply: Supply, engine: Engine, inline: Inline, progress: Progress) -> None:
        self.supply = supply
        self.store = supply.store
        self._engine = engine
        self._inline = inline
        self._progress = progress
        self.files: dict[str, int] = {}
        self._tables: dict[tuple[str, tuple[str, ...]], pd.DataFrame] = {}
        self._lazy: dict[type, Any] = {}
        self._held: tuple[str, Any] = "", None

    def bring_up_to_date(self, stage: Stage, step: Step, *, anew: bool = False) -> None:
        """Make a step, unless what it takes as fitted was out of date and comes out as it was."""
        was_fitted = not anew and self.fit_first(stage, step)
        if not (was_fitted and step_is_current(stage, step, self.supply)):
            self.make(stage, step, anew=anew)

    def make(self, stage: Stage, step: Step, *, anew: bool = False) -> None:
        """Run a step and put what it makes in place, then its manifests.

        Parameters
        ----------
        stage : Stage
        step : Step
            One of the stage's.
        anew : bool, default=False
            Also compute the parts that nothing has changed for.
        """
        self._enter(stage)
        self.fit_first(stage, step)
        started = time.perf_counter()
        made_from = recipe(stage, step, self.supply)
        if made_from is None:
            raise AssertionError(f"{step.name} has nothing fitted")

        def told() -> Manifest:
            return made_from | {
                "versions": package_versions(),
                "processor": processor(),
                "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
                "seconds": round(time.perf_counter() - started, 3),
            }

        if step.over == "fit":
            save_fitted(self.store, step.name, self._call(stage, step), told())
            self._held = "", None  # what is given on is always what the file holds
        elif step.over == "files":
            self._put_files(stage, step, self._call(stage, step), told())
        else:
            parts = self._make_tables(stage, step, made_from, anew)
            self._put_tables(step, parts, told)
        self._forget(step.makes)
        if step.afterwards is not None:
            step.afterwards(self.supply)

    def fit_first(self, stage: Stage, step: Step) -> bool:
        """Fit what a step takes as fitted, where that is out of date; tell whether it was."""
        fit = stage.fit_before(step)
        if fit is None or step_is_current(stage, fit, self.supply):
            return False
        self.make(stage, fit)
        return True

    def _enter(self, stage: Stage) -> None:
        """Forget what the stage before has read."""
        if self.supply.stage != stage.name:
            self._forget_all()
            self._held = "", None
        self.supply.stage, self.supply.progress = stage.name, self._progress

    def _call(self, stage: Stage, step: Step) -> Any:
        """Call a step once with its whole tables."""
        given = step.given_lazily(self._read, self._lazy)
        return bound(stage, step, self.supply, self._fitted(stage, step))(given)

    def _read(self, name: str, *columns: str) -> pd.DataFrame:
        """Read a table, or some of its columns; the steps of a stage share what they read.

        Vectors are left to whoever reads them: :class:`pipeline.texts.Texts`, which steps share.
        """
        if name in VECTOR_TABLES:
            return self.store.read(name, *columns)
        if (name, ()) in self._tables and columns:
            return self._tables[name, ()][list(columns)]
        if (name, columns) not in self._tables:
            self._tables[name, columns] = self.store.read(name, *columns)
        return self._tables[name, columns]

    def _forget_all(self) -> None:
        """Forget every table that was read."""
        self._tables.clear()
        self._lazy.clear()

    def _forget(self, names: tuple[str, ...]) -> None:
        """Forget what was read of tables that were made anew."""
        self._tables = {key: held for key, held in self._tables.items() if key[0] not in names}
        self._lazy = {
            kind: held for kind, held in self._lazy.items() if not set(names) & set(names_of(kind))
        }

    def _fitted(self, stage: Stage, step: Step) -> Any:
        """Return what a step is given as fitted."""
        fit = stage.fit_before(step)
        if fit is None:
            return None
        if self._held[0] != fit.name:
            self._held = fit.name, load_fitted(self.store.fitted_path(fit.name), fit.result)
        fitted = self._held[1]
        return fitted if step.looks_at is None else only_fields(fitted, step.looks_at)

    def _make_tables(
        self, stage: Stage, step: Step, made_from: Manifest, anew: bool
    ) -> dict[str, list[Listed]]:
        """Write a step's tables aside; return the parts they are made of, where there are any."""
        self._writers = [self.store.writer(name) for name in step.makes]
        by_name = {writer.name: writer for writer in self._writers}
        if step.over == "reports":
            listed = self._over_parts(stage, step, made_from, by_name.__getitem__, anew)
        else:
            listed = {}
            result = self._none(step) if self._is_bare(step) else self._call(stage, step)
            frames = (result,) if isinstance(result, pd.DataFrame) else result
            for writer, frame in zip(self._writers, frames, strict=True):
                writer.append(frame)
        for writer in self._writers:
            writer.close()
        return listed

    def _is_bare(self, step: Step) -> bool:
        """Tell whether a step lacks the rows without which it makes none."""
        manifest = self.store.manifest(step.only_where) if step.only_where else None
        return manifest is not None and manifest["output"]["rows"] == 0

    def _none(self, step: Step) -> tuple[pd.DataFrame, ...]:
        """Return a step's tables without rows."""
        return tuple(empty(name) for name in step.makes)

    def _over_parts(
        self,
        stage: Stage,
        step: Step,
        made_from: Manifest,
        writer_of: Callable[[str], TableWriter],
        anew: bool,
    ) -> dict[str, list[Listed]]:
        """Compute the parts that are new or changed, and write the tables from all of them."""
        study = self.supply.study
        parts = parts_of(step, self.store, made_from)
        if anew:
            self._forget_parts(step)
        known = KnownParts(self.store, () if anew else step.makes)
        todo = missing(parts, known, lambda key: done_before(study, step.name, key))
        total = sum(part.n_reports for part in parts)
        self._n_done = total - sum(part.n_reports for part in todo)

        def progress(n_more: int) -> None:
            self._n_done += n_more
            self._progress(self._n_done, total)

        fit = stage.fit_before(step)
        path = "" if fit is None else str(self.store.fitted_path(fit.name))
        tasks = [self._task(stage, step, part, path) for part in todo]
        if tasks and self._engine is not self._inline:
            self._forget_all()  # workers read their own, and need the memory
        self._inline.fitted = self._fitted(stage, step) if tasks else None
        of_key = {task.key: task for task in tasks}
        for done in self._engine.map(tasks, progress) if tasks else ():
            if done.failure is not None:
                raise done.failure.raised(of_key[done.key])
        self._inline.fitted = None
        return merge(step, self.store, parts, known, writer_of)

    def _task(self, stage: Stage, step: Step, part: Part, fitted: str) -> RowTask:
        """Return a part as a task that may travel."""
        return RowTask(
            root=str(self.supply.study.root.resolve()),
            human=str(self.supply.human.resolve()),
            settings=self.supply.settings.model_dump_json(exclude_unset=True),
            stage=stage.name,
            step=step.name,
            key=part.key,
            n_reports=part.n_reports,
            spans=tuple((name, *span) for name, span in part.spans.items()),
            fitted=fitted,
        )

    def _forget_parts(self, step: Step) -> None:
        """Delete the parts of a step, which its tables hold or nobody needs."""
        folder = parts_folder(self.supply.study, step.name)
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    def _put_tables(
        self, step: Step, parts: dict[str, list[Listed]], told: Callable[[], Manifest]
    ) -> None:
        """Put a step's tables in place, then their manifests."""
        if step.finish is not None:
            step.finish(self.supply)
        self.store.drop_manifests(step.makes)
        self.store.finish(self._writers, told(), parts)
        self._forget_parts(step)

    def _put_files(self, stage: Stage, step: Step, files: dict[str, bytes], told: Manifest) -> None:
        """Put a step's files in place, and those for the analyst, then their manifest."""
        before = self.store.manifest(step.name) or {"output": {}}
        self.store.drop_manifests((stage.name, step.name))
        put_back(self.supply.study.human, self.supply.human, files)
        files = {name: held for name, held in files.items() if not name.startswith(PREFIX)}
        folder = self.supply.study.report
        for name, content in files.items():
            part = folder / f".{name}.part"
            part.write_bytes(content)
            part.replace(folder / name)
        for name in set(before["output"]) - set(files):  # made for someone it is not made for now
            (folder / name).unlink(missing_ok=True)
        output = {
            name: {"bytes": len(content), "sha256": sha256_file(folder / name)}
            for name, content in files.items()
        }
        self.store.write_manifest(step.name, {"table": step.name, **told, "output": output})

    def gather_files(self, stage: Stage) -> None:
        """Write the manifest of all files of a stage, where its steps' manifests all stand."""
        if not stage.file_steps or self.store.manifest(stage.name) is not None:
            return
        made = [self.store.manifest(step.name) for step in stage.file_steps]
        steps = [manifest for manifest in made if manifest is not None]
        if len(steps) < len(made):
            return
        output = {name: one for manifest in steps for name, one in manifest["output"].items()}
        every = [self.store.manifest(step.name) or {} for step in stage.steps]
        shared = steps[0] | {
            "table": stage.name,
            **{
                key: {name: one for made in every for name, one in made.get(key, {}).items()}
                for key in ("config", "inputs", "resources")
            },
            "made_at": max(manifest["made_at"] for manifest in steps),
            "seconds": round(sum(manifest["seconds"] for manifest in steps), 3),
            "output": output,
        }
        self.files = {name: int(one["bytes"]) for name, one in output.items()}
        self.store.write_manifest(stage.name, shared)
