"""``havainto status``."""

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.commands.archived import show_archived
from pipeline.commands.chance_lines import chance_lines
from pipeline.commands.privacy_notes import show_privacy
from pipeline.commands.publish import show_published
from pipeline.commands.ruling_lines import ruling_lines
from pipeline.commands.settings import study_settings
from pipeline.console import counts_text, rows_of, thousands
from pipeline.errors import ArtifactError
from pipeline.frames import each_row
from pipeline.language.languages_line import languages_line
from pipeline.needs import Supply
from pipeline.run import is_current
from pipeline.speech import amount, marked, retold, say
from pipeline.stages import STAGES
from pipeline.steps import Stage
from pipeline.study import open_study


def show_status(path: Path) -> None:
    """Print a study's stages with rows and times, then what was dropped and why."""
    study = open_study(path)
    settings = study_settings(study)
    supply = Supply(Store(study), settings)
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for column in marked("stage", "state", "rows", "s"):
        table.add_column(say(column), justify="right" if column == "s" else "left", overflow="fold")
    is_behind = False
    for stage in STAGES:
        state = _state(stage, supply, is_behind=is_behind)
        is_behind = is_behind or state != "done"
        table.add_row(
            stage.name, say(state), _rows(stage, supply.store), _seconds(stage, supply.store)
        )
    console.print(table)
    _show_dropped(supply.store, console)
    show_privacy(supply.store, console)
    for line in ruling_lines(supply):
        console.print(line, markup=False, soft_wrap=True)
    show_archived(supply, console)
    show_published(study, console)
    for line in chance_lines(supply.store, settings.detect):
        console.print(f"\n{line}", markup=False)


def _state(stage: Stage, supply: Supply, *, is_behind: bool) -> str:
    """Tell whether a stage is done, has to run, or waits for an earlier one."""
    not_made, behind, done, again = marked("not made", "to be checked", "done", "to be run again")
    if any(supply.store.manifest(name) is None for name in stage.outputs):
        return not_made
    if is_behind:
        return behind
    try:
        return done if is_current(stage, supply) else again
    except ArtifactError:
        return not_made


def _rows(stage: Stage, store: Store) -> str:
    """Return the rows of a stage's tables."""
    parts = []
    for name in stage.makes:
        manifest = store.manifest(name)
        if manifest is not None:
            parts.append(rows_of(name, manifest["output"]["rows"]))
    if stage.makes:
        return ", ".join(parts)
    manifest = store.manifest(stage.outputs[0])
    return ", ".join(manifest["output"]) if manifest is not None else ""


def _seconds(stage: Stage, store: Store) -> str:
    """Return the time a stage's steps took, each when it ran last."""
    first = [(stage.outputs_of(step) or (step.name,))[0] for step in stage.steps]
    manifests = [store.manifest(name) for name in first]
    seconds = [manifest["seconds"] for manifest in manifests if manifest is not None]
    return f"{sum(seconds):.1f}" if seconds else ""


def _show_dropped(store: Store, console: Console) -> None:
    """Print rejected rows by file and reason, and reports kept out of the models."""
    if not store.is_whole("rejected"):
        return
    rejected = store.read("rejected")
    if len(rejected):
        console.print(say("\n[bold]Left out when reading the forms[/bold]"))
    counted = Counter(
        (row.file, row.reason, bool(row.is_row_dropped)) for row in each_row(rejected)
    )
    for (file, reason, is_row), n in sorted(counted.items()):
        units = amount(n, "row", "rows") if is_row else amount(n, "cell", "cells")
        console.print(f"  {file}: {units}: {retold(reason)}", markup=False)
    if not store.is_whole("reports"):
        return
    reports = store.read("reports")
    kept_out = {str(k): int(v) for k, v in reports["quality"].value_counts().items() if k != "ok"}
    if kept_out:
        console.print(
            say("\nKept out of the models: {kept_out} reports", kept_out=counts_text(kept_out))
        )
    line = languages_line(reports.loc[reports["quality"] == "ok", "language"])
    if line:
        console.print(f"\n{line}", markup=False)
    n_repeats = int((reports["duplicate_of"] != "").sum())
    if n_repeats:
        console.print(
            say("Repeats of an earlier report: {n_repeats}", n_repeats=thousands(n_repeats))
        )
    without_period = int(((reports["period"] == "") & (reports["apart_period"] == "")).sum())
    if without_period:
        console.print(
            say(
                "Without a period, counted in none: {without_period}",
                without_period=thousands(without_period),
            )
        )
