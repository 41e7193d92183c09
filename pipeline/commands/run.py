"""``havainto run`` and ``havainto report``."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from pipeline.commands.settings import study_settings
from pipeline.config import Settings
from pipeline.console import Terminal
from pipeline.engine.settings import Workers
from pipeline.errors import ConfigError, InputError
from pipeline.ingest.forms import FormMap
from pipeline.ingest.ingest import IngestConfig, read_and_plan
from pipeline.ingest.readers import read_sheet
from pipeline.pseudonymise.key_file import check_key_path, write_key_file
from pipeline.pseudonymise.needs import PERSON_FINDER, PII_LISTS
from pipeline.run import Outcome, Plan
from pipeline.run import run as run_stages
from pipeline.speech import say
from pipeline.study import Study, check_input, create_study, open_study


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What a person asks of ``havainto run``; the help of its options says what each does.

    Attributes
    ----------
    study, out : Path or None
        Folder of the study: one of the two.
    inputs : sequence of Path
        Form exports to add.
    config : Path or None
        Settings file.
    overrides : sequence of str
        Single settings, as ``section.name=value``.
    first, last : str or None
        Names of the first and last stage to run.
    force, dry_run, purge_raw : bool
    key_file : Path or None
        Where to write the key of the stand-ins.
    workers : Workers or None
        Who computes; as the settings say when None.
    """

    study: Path | None
    inputs: Sequence[Path] = ()
    out: Path | None = None
    config: Path | None = None
    overrides: Sequence[str] = ()
    first: str | None = None
    last: str | None = None
    force: bool = False
    dry_run: bool = False
    purge_raw: bool = False
    key_file: Path | None = None
    workers: Workers | None = None


def run_study(asked: RunOptions) -> None:
    """Open or make a study, bring it up to date and tell where the report is.

    Raises
    ------
    PipelineError
        When the study, its settings or its inputs do not do; or a stage cannot be run.
    """
    if asked.dry_run and (asked.inputs or asked.key_file is not None):
        raise ConfigError("--dry-run writes nothing. Leave out --input and --key-file.")
    place = _study_at(asked.study, asked.out, asked.inputs)
    if asked.key_file is not None:
        check_key_path(asked.key_file, place.root)
    if asked.config is not None and not place.settings_file.exists() and not asked.dry_run:
        # A broken file is not made the study's own.
        study_settings(place, asked.config, asked.overrides)
        shutil.copyfile(asked.config, place.settings_file)
    settings = study_settings(place, asked.config, asked.overrides)
    console = Console(highlight=False, soft_wrap=True)
    terminal = Terminal(console)
    workers = asked.workers or Workers(n_processes=settings.run.workers)
    plan = Plan(
        first=asked.first,
        last=asked.last,
        force=asked.force,
        dry=asked.dry_run,
        workers=workers,
    )
    try:
        outcomes = run_stages(place, settings, plan, terminal)
    finally:
        terminal.close()
    if asked.key_file is not None:
        _write_key_file(place, settings, asked.key_file, console)
    if asked.purge_raw and not asked.dry_run:
        _purge_raw(place, console)
    _tell_result(place, outcomes, console)


def _study_at(study: Path | None, out: Path | None, inputs: Sequence[Path]) -> Study:
    """Open the study, or make one in ``out``, and add the inputs."""
    if study is not None and out is not None:
        raise ConfigError("Give the study's folder once: as STUDY or as --out DIR.")
    if study is None and out is None:
        raise ConfigError("Which study? Give its folder, or --input FILE --out DIR to make one.")
    if study is not None and study.is_dir():
        place = open_study(study)
        for file in inputs:
            _check_readable(file, study_settings(place).ingest)
            place.add_input(file)
        return place
    if not inputs:
        raise InputError(
            "{study} is not a study yet. Give a form export with --input FILE, or run: "
            "havainto init FILE --study DIR",
            study=study or out,
        )
    for file in inputs:
        check_input(file)
        read_sheet(file, file.name, FormMap())
    return create_study(study or out or Path(), inputs)


def _check_readable(file: Path, config: IngestConfig) -> None:
    """Stop before a file that the study cannot read becomes one of its inputs."""
    check_input(file)
    read_and_plan(file, file.name, config)


def _write_key_file(study: Study, settings: Settings, path: Path, console: Console) -> None:
    """Ask for a passphrase and write the encrypted key of the stand-ins."""
    import typer

    from pipeline.artifacts import Store
    from pipeline.needs import Supply
    from pipeline.pseudonymise.pseudonymise import key_table

    supply = Supply(Store(study), settings)
    table = key_table(
        supply.store.read("raw_reports"),
        settings.pseudonymise,
        person_finder=supply.value(PERSON_FINDER),
        pii_lists=supply.value(PII_LISTS),
        secret=study.secret(),
    )
    passphrase = typer.prompt(
        say("Passphrase of the key file"), hide_input=True, confirmation_prompt=True
    )
    write_key_file(path, table, passphrase, study=study.root)
    console.print(
        say("Key of {n_table} stand-ins, encrypted: {path}", n_table=len(table), path=path),
        markup=False,
    )


def _purge_raw(study: Study, console: Console) -> None:
    """Delete ``raw/`` and remind of what else holds raw text."""
    if study.purge_raw():
        console.print(
            say(
                "Deleted {raw}. The form exports in {inputs} still hold personal data: "
                "delete them when your retention plan says so.",
                raw=study.raw,
                inputs=study.inputs,
            ),
            markup=False,
        )


def _tell_result(study: Study, outcomes: Sequence[Outcome], console: Console) -> None:
    """Say where the report is."""
    if outcomes and outcomes[-1].stage == "report" and outcomes[-1].state != "would run":
        console.print(
            say("Report: {report}", report=(study.report / "report.html").resolve()), markup=False
        )
