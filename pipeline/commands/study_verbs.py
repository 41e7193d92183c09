"""The commands on a study as a whole: make it, run it, show it, open it, take from it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.study_path import StudyPath


def run(
    study: Annotated[
        Path | None,
        typer.Argument(help="Folder of the study.", show_default=False),
    ] = None,
    inputs: Annotated[
        list[Path] | None,
        typer.Option("--input", help="Form export to add: .xlsx, .ods, .csv or .jsonl."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to make a study in, when none is given."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Settings file; becomes the study's own when it has none."),
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting for this run only."),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="STAGE", help="Run this stage again and what follows."),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="STAGE", help="Stop after this stage."),
    ] = None,
    force: Annotated[bool, typer.Option(help="Run every stage, changed or not.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Tell what would run, and run nothing.")] = False,
    purge_raw: Annotated[
        bool, typer.Option(help="Delete raw/ after the run; what was made from it stays.")
    ] = False,
    key_file: Annotated[
        Path | None,
        typer.Option(help="Write the encrypted key of the stand-ins here, outside the study."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="Processes that work at once; 0 is one a processor core."),
    ] = None,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Dask scheduler to give the work to.")
    ] = "",
    scheduler_file: Annotated[
        Path | None, typer.Option(help="File that a Dask scheduler wrote its address to.")
    ] = None,
    local_cluster: Annotated[
        int, typer.Option(min=0, metavar="N", help="Workers of a Dask cluster started here.")
    ] = 0,
) -> None:
    """Bring a study up to date: from form exports to the period report."""
    from pipeline.commands.run import RunOptions, run_study
    from pipeline.engine.settings import asked_workers

    asked = RunOptions(
        study=study,
        inputs=inputs or [],
        out=out,
        config=config,
        overrides=overrides or [],
        first=first,
        last=last,
        force=force,
        dry_run=dry_run,
        purge_raw=purge_raw,
        key_file=key_file,
        workers=asked_workers(workers, scheduler, scheduler_file, local_cluster),
    )
    run_study(asked)


def init(
    file: Annotated[Path, typer.Argument(help="A form export to look at.", show_default=False)],
    study: Annotated[Path, typer.Option(help="Folder to make the study in.", show_default=False)],
    sheet: Annotated[
        str | None, typer.Option(help="Name of a workbook's sheet, where it is not the first.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Notes that are no answers to the form: their source."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take new choices as they are shown.")] = False,
    join: Annotated[
        list[str] | None,
        typer.Option(metavar="NEW=OLD", help="A choice that was renamed. May be given again."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the file out of the study.")] = False,
) -> None:
    """Look at a form export and make a study of it, or match it with the forms of a study."""
    from pipeline.commands.init import start_or_add

    start_or_add(file, study, sheet=sheet, source=source, accepts=yes, joins=join or (), undo=undo)


def status(study: StudyPath) -> None:
    """Show a study's stages, rows, dropped rows and why, and times."""
    from pipeline.commands.status import show_status

    show_status(study)


def config(
    study: Annotated[
        Path | None,
        typer.Argument(help="A study, to see its values.", show_default=False),
    ] = None,
) -> None:
    """Show every setting with its default and meaning."""
    from pipeline.commands.config import show_config

    show_config(study)


def report(
    study: StudyPath,
    period: Annotated[
        str | None,
        typer.Option(help="Period to report on, such as 2024H2; the newest one by default."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(help="PowerPoint file, .pptx or .potx, that gives the deck its design."),
    ] = None,
    audience: Annotated[
        str | None,
        typer.Option(
            "--for",
            help="For whom, apart by commas: internal, units, director, public.",
        ),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Keep this report in published/ as it is now.")
    ] = False,
) -> None:
    """Make the period report of a study, bringing it up to date first."""
    from pipeline.commands.publish import publish_report
    from pipeline.commands.run import RunOptions, run_study

    overrides = [f'report.period="{period}"'] if period else []
    if audience:
        named = [one.strip() for one in audience.split(",") if one.strip()]
        overrides.append(f"report.audiences={json.dumps(named)}")
    if template is not None:
        overrides.append(f"report.template={json.dumps(str(template.resolve()))}")
    run_study(RunOptions(study=study, overrides=overrides))
    if publish:
        publish_report(study, period)


def names(
    study: StudyPath,
    always: Annotated[
        list[str] | None,
        typer.Option(help="A word that is always a name here; repeatable.", show_default=False),
    ] = None,
    never: Annotated[
        list[str] | None,
        typer.Option(help="A word that never is a name here; repeatable.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most words to show.")] = 40,
) -> None:
    """List the words that may be names, and settle them once: always or never."""
    from pipeline.commands.names import settle_names

    settle_names(study, always or [], never or [], limit)


def key(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Key file, from run --key-file.", show_default=False),
    ],
    report_id: Annotated[
        str,
        typer.Argument(metavar="REPORT", help="A report, such as P1-001.", show_default=False),
    ],
) -> None:
    """Show what the stand-ins of one report stand for; asks for the pass phrase."""
    from pipeline.commands.key import show_key

    show_key(file, report_id)


def erase(
    study: StudyPath,
    report_id: Annotated[str, typer.Argument(help="The report.", show_default=False)],
    reason: Annotated[str, typer.Option(help="Why, for the log; do not name anyone in it.")] = "",
    keep_files: Annotated[
        bool,
        typer.Option("--keep-files", help="Leave the form exports as they are; pass the row over."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take one report out of the study, everywhere, and say what cannot be reached."""
    from pipeline.commands.erase import erase as erase_report

    erase_report(study, report_id, reason=reason, keeps_files=keep_files, is_sure=yes)


def workbench(
    study: StudyPath,
    coder: Annotated[
        str, typer.Option(help="Who rules; by default the name of your account.")
    ] = "",
    blind: Annotated[
        bool, typer.Option("--blind", help="Show neither suggestions nor others' rulings.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 8765 or a free one.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
) -> None:
    """Open the workbench in the browser: code reports, see why, undo, settle."""
    from pipeline.commands.workbench import open_workbench

    open_workbench(study, coder=coder, is_blind=blind, port=port, opens_browser=not no_browser)


def archive(
    study: StudyPath,
    out: Annotated[Path, typer.Option(help="A new folder for the packages.", show_default=False)],
    texts: Annotated[
        bool,
        typer.Option("--texts", help="Also the texts, when confirmed anonymous in study.toml."),
    ] = False,
) -> None:
    """Archive a study: for a publication without texts, for a data archive with them."""
    from pipeline.commands.archive import archive_study

    archive_study(study, out, with_texts=texts)
