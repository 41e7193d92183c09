"""The command ``havainto``: parse, call, and say what went wrong in one line."""

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Annotated, Literal

import typer

from pipeline.commands.detect_verbs import verbs
from pipeline.commands.spoken_help import Spoken, WrongUse
from pipeline.speech import language, retold, say

app = typer.Typer(
    cls=Spoken,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="From Finnish free-text reports to themes, weak signals and a period report, "
    "on your own machine.",
)

StudyPath = Annotated[Path, typer.Argument(help="Folder of the study.", show_default=False)]


@app.command()
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
    from pipeline.commands.run import run_study
    from pipeline.engine.settings import asked_workers

    run_study(
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


@app.command()
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


@app.command()
def status(study: StudyPath) -> None:
    """Show a study's stages, rows, dropped rows and why, and times."""
    from pipeline.commands.status import show_status

    show_status(study)


@app.command()
def config(
    study: Annotated[
        Path | None,
        typer.Argument(help="A study, to see its values.", show_default=False),
    ] = None,
) -> None:
    """Show every setting with its default and meaning."""
    from pipeline.commands.config import show_config

    show_config(study)


@app.command()
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
    from pipeline.commands.run import run_study

    overrides = [f'report.period="{period}"'] if period else []
    if audience:
        named = [one.strip() for one in audience.split(",") if one.strip()]
        overrides.append(f"report.audiences={json.dumps(named)}")
    if template is not None:
        overrides.append(f"report.template={json.dumps(str(template.resolve()))}")
    run_study(study=study, overrides=overrides)
    if publish:
        publish_report(study, period)


@app.command()
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


@app.command()
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


@app.command()
def review(
    study: StudyPath,
    export_file: Annotated[
        Path | None,
        typer.Option("--export", help="Write the suggestions to this .xlsx."),
    ] = None,
    import_file: Annotated[
        Path | None,
        typer.Option("--import", help="Read rulings from this .xlsx."),
    ] = None,
    adjudicate_file: Annotated[
        Path | None,
        typer.Option("--adjudicate", help="Read what was settled of disputed reports."),
    ] = None,
    undo_batch: Annotated[
        str, typer.Option("--undo", metavar="BATCH", help="Take a batch of rulings back.")
    ] = "",
    retarget: Annotated[
        str,
        typer.Option(metavar="OLD=NEW", help="Move rulings on what is gone to what is there."),
    ] = "",
    blind: Annotated[
        bool, typer.Option("--blind", help="With --export: leave the suggestions out.")
    ] = False,
    period: Annotated[str, typer.Option(help="With --export: only reports of this period.")] = "",
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Compare the coders; --export lists disputes.")
    ] = False,
    batches: Annotated[bool, typer.Option("--batches", help="List the newest batches.")] = False,
    coder: Annotated[str, typer.Option(help="Who ruled; needed with --import.")] = "",
) -> None:
    """Send suggestions out for a person to rule on, and take the rulings in."""
    from pipeline.commands import agreement as agreeing
    from pipeline.commands import review as reviewing

    if (blind or period) and (export_file is None or agreement):
        raise WrongUse(say("--blind and --period go with --export FILE."))
    who, old_new = coder.strip(), retarget.partition("=")
    for file, option in ((import_file, "--import"), (adjudicate_file, "--adjudicate")):
        if file is not None and not who:
            raise WrongUse(say("{option} needs --coder NAME: who made the rulings.", option=option))
    if retarget and not old_new[1]:
        raise WrongUse(say("--retarget must be OLD=NEW."))
    export = reviewing.Export(file=export_file, coder=who, period=period, is_blind=blind)
    none = Path()
    tasks: list[tuple[object, Callable[[], None]]] = [
        (agreement, lambda: agreeing.show_agreement(study, export_file)),
        (export_file and not agreement, lambda: reviewing.export_suggestions(study, export)),
        (import_file, lambda: reviewing.import_rulings(study, import_file or none, who)),
        (adjudicate_file, lambda: agreeing.adjudicate(study, adjudicate_file or none, who)),
        (undo_batch, lambda: reviewing.undo(study, undo_batch, who)),
        (batches, lambda: reviewing.show_batches(study)),
        (retarget, lambda: reviewing.retarget(study, old_new[0], old_new[2], who)),
    ]
    chosen = [act for is_wanted, act in tasks if is_wanted]
    if len(chosen) != 1:
        raise WrongUse(
            say(
                "Give one of --export, --import, --agreement, --adjudicate, --undo, --retarget and "
                "--batches."
            )
        )
    chosen[0]()


@app.command()
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


@app.command()
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


app.add_typer(verbs, name="detect")


@app.command()
def topics(
    study: StudyPath,
    inside: Annotated[
        str | None,
        typer.Option(metavar="TOPIC", help="Show what the topic with this id falls into."),
    ] = None,
    write_edit: Annotated[
        bool, typer.Option("--write-edit", help="With --inside: add the split to edits.toml.")
    ] = False,
    bertopic: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Save the topics as a model that BERTopic loads."),
    ] = None,
) -> None:
    """List the topics, or show what is inside one and how to split it."""
    from pipeline.commands.topics import save_model, show_inside, show_topics

    if bertopic is not None:
        save_model(study, bertopic)
    elif inside is not None:
        show_inside(study, inside, writes_edits=write_edit)
    elif write_edit:
        raise WrongUse(say("--write-edit needs --inside TOPIC."))
    else:
        show_topics(study)


@app.command()
def train(
    study: StudyPath,
    codes: Annotated[
        Path | None,
        typer.Option(help="Codings to add and learn from: .csv or .xlsx."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Where the model goes, .json; models/ of the study by default."),
    ] = None,
) -> None:
    """Take a coder's themes into the study, learn from them, and say how well it works."""
    from pipeline.commands.train import train as train_study

    train_study(study, codes, out)


@app.command()
def suggest(
    study: StudyPath,
    n: Annotated[int, typer.Option("--n", min=1, help="Reports to suggest.")] = 10,
    file: Annotated[
        Path | None,
        typer.Option("--export", help="Write a codings file to fill in, .csv or .xlsx."),
    ] = None,
    random: Annotated[
        int | None,
        typer.Option(min=1, help="Draw so many at random instead, to tell shares by."),
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="With --random: draw among the reports of this period.")
    ] = None,
) -> None:
    """List the reports that a coder should read next, most telling first, or a random sample."""
    from pipeline.commands.suggest import draw
    from pipeline.commands.suggest import suggest as suggest_reports

    if random is not None:
        draw(study, random, period, file)
    elif period is not None:
        raise WrongUse(say("--period needs --random N."))
    else:
        suggest_reports(study, n, file)


@app.command()
def evaluate(
    study: StudyPath,
    gold: Annotated[
        Path | None,
        typer.Option(help="Codings to compare with, .csv or .xlsx; by default the study's own."),
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say how many reports two coders should both read.")
    ] = False,
) -> None:
    """Compare the machine's suggestions and the reporters' ticks with a coder's themes."""
    from pipeline.commands.evaluate import show_evaluation
    from pipeline.commands.evaluate_plan import show_plan

    if plan and gold is not None:
        raise WrongUse(say("--plan goes without --gold."))
    if plan:
        show_plan(study)
        return

    show_evaluation(study, gold)


@app.command()
def taxonomy(
    study: StudyPath,
    export_file: Annotated[
        Path | None,
        typer.Option("--export", help="Write the taxonomy to this .xlsx, .ttl, .jsonld or .qdc."),
    ] = None,
    import_file: Annotated[
        Path | None,
        typer.Option(
            "--import", help="Read the study's taxonomy from this .xlsx, .ttl, .jsonld or .qdc."
        ),
    ] = None,
    retire_missing: Annotated[
        bool,
        typer.Option(
            "--retire-missing", help="With --import: coded themes may vanish; they are retired."
        ),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help="With --import: the file may take away themes, terms, examples or labels."
        ),
    ] = False,
) -> None:
    """Check the theme taxonomy, turn it into one file, and back."""
    from pipeline.commands.taxonomy import check_taxonomy, export_taxonomy, import_taxonomy

    if export_file is not None and import_file is not None:
        raise WrongUse(say("Give --export FILE or --import FILE, not both."))
    if retire_missing and import_file is None:
        raise WrongUse(say("--retire-missing goes with --import FILE."))
    if export_file is not None:
        export_taxonomy(study, export_file)
    elif import_file is not None:
        import_taxonomy(study, import_file, retires=retire_missing, loses=yes)
    else:
        check_taxonomy(study)


@app.command()
def exchange(
    study: StudyPath,
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            help="Write texts and codings to this .qdpx, .tsv (Annif) or .csv, or to a folder.",
        ),
    ] = None,
    import_file: Annotated[
        Path | None,
        typer.Option("--import", help="Take codings in from this .qdpx or .csv."),
    ] = None,
    period: Annotated[
        str, typer.Option(help="With --export: reports of this period, such as 2024H2.")
    ] = "",
    coder: Annotated[
        str, typer.Option(help="Codings of this coder; with --import: who coded.")
    ] = "",
    with_suggestions: Annotated[
        bool, typer.Option("--with-suggestions", help="With --export: the machine's too.")
    ] = False,
    sources: Annotated[
        str, typer.Option(help="With --export: one text a report (reports) or a period (period).")
    ] = "reports",
    mirror: Annotated[
        bool, typer.Option("--mirror", help="With --import: take back what the file lacks.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --import: show what would change.")
    ] = False,
) -> None:
    """Exchange texts and codings with QualCoder, NVivo, ATLAS.ti, R and others."""
    from pipeline.commands.exchange import export_study, import_codings
    from pipeline.exchange.handover import Chosen

    if (export is None) == (import_file is None):
        raise WrongUse(say("Give either --export FILE or --import FILE."))
    if sources not in ("reports", "period"):
        raise WrongUse(say("--sources must be reports or period."))
    if export is not None:
        grouping: Literal["reports", "period"] = "period" if sources == "period" else "reports"
        chosen = Chosen(period, coder.strip(), with_suggestions, grouping)
        export_study(study, export, chosen)
    elif import_file is not None:
        import_codings(study, import_file, coder=coder.strip(), mirrors=mirror, dry=dry_run)


@app.command()
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


def tell_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Show where an unexpected error arose, without its message: that may quote a report."""
    for line in traceback.format_tb(trace):
        typer.echo(line.rstrip(), err=True)
    typer.echo(
        say(
            "{kind}: its message is left out, since it may hold report text. This is a bug in "
            "Havainto; send the lines above to its makers.",
            kind=kind.__name__,
        ),
        err=True,
    )


def _keep_caches_out_of_the_environment() -> None:
    """Have numba, which umap compiles with, keep its files in the user's cache folder.

    It would else write beside the installed packages, where another user may not, and where files
    of one machine fail on another.
    """
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(home) / "havainto" / "numba"))


def main() -> None:
    """Run the command; exit 0 when done, 1 on the user's input or settings, 2 on wrong usage."""
    from pipeline.errors import PipelineError
    from pipeline.permissions import take_notes

    _keep_caches_out_of_the_environment()
    try:
        app()
    except PipelineError as err:
        typer.echo(f"havainto: {err.in_language(language())}", err=True)
        sys.exit(1)
    except OSError as err:  # a full disk, no permission: the file's name and the system's words
        named = err.filename or say("A file")
        typer.echo(f"havainto: {named}: {err.strerror or say('failed')}.", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        stopped = say("interrupted. Run the same command again to go on.")
        typer.echo(f"havainto: {stopped}", err=True)
        sys.exit(130)
    finally:
        for note in take_notes():
            typer.echo(f"havainto: {retold(note)}", err=True)
        sys.excepthook = tell_crash  # last, because typer puts its own hook in place
