"""The commands on themes and topics: rule on them, learn from rulings, exchange codings."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.commands.spoken_help import WrongUse
from pipeline.commands.study_path import StudyPath
from pipeline.speech import say


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
    from pipeline.commands.save_topic_model import save_topic_model
    from pipeline.commands.show_topics import show_inside, show_topics

    if bertopic is not None:
        save_topic_model(study, bertopic)
    elif inside is not None:
        show_inside(study, inside, writes_edits=write_edit)
    elif write_edit:
        raise WrongUse(say("--write-edit needs --inside TOPIC."))
    else:
        show_topics(study)


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
