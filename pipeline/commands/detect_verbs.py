"""The verbs of ``havainto detect``; without one the list is shown."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.commands.study_path import StudyPath

DEFAULT = "list"


class ListByDefault(TyperGroup):
    """A group of verbs in which ``havainto detect STUDY`` means ``havainto detect list STUDY``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default verb before a study that stands in its place."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


verbs = typer.Typer(
    cls=ListByDefault,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Show the list of rising groups, and how far it can be trusted.",
)


@verbs.command(DEFAULT)
def show_list(
    study: StudyPath,
    multiverse: Annotated[
        bool,
        typer.Option(
            "--multiverse",
            help="Say what stays in other, equally defensible lists; the report tells it.",
        ),
    ] = False,
) -> None:
    """Show the list of rising groups."""
    from pipeline.commands import detect
    from pipeline.commands.detect_multiverse import show_multiverse

    if multiverse:
        show_multiverse(study)
    else:
        detect.show_list(study)


@verbs.command("self-test")
def self_test(study: StudyPath) -> None:
    """Say how often chance alone makes such a list, and how alike the lists of five seeds are."""
    from pipeline.commands import detect

    detect.self_test(study)


@verbs.command("backtest")
def backtest(study: StudyPath) -> None:
    """Show the list as it would have stood after each earlier period."""
    from pipeline.commands import detect

    detect.show_backtest(study)


@verbs.command("sheet")
def sheet(
    study: StudyPath,
    file: Annotated[Path, typer.Argument(help="The .xlsx or .csv to write.", show_default=False)],
) -> None:
    """Write a blind sheet in which a person says who belongs to each group."""
    from pipeline.commands import detect

    detect.write_blind_sheet(study, file)


@verbs.command("retest")
def retest(
    study: StudyPath,
    file: Annotated[Path, typer.Argument(help="The filled-in sheet.", show_default=False)],
) -> None:
    """Test the groups again with the members that a person ticked in the sheet."""
    from pipeline.commands import detect

    detect.show_retest(study, file)


@verbs.command("register")
def register(study: StudyPath) -> None:
    """Merge the list into human/register.csv."""
    from pipeline.commands import detect

    detect.bring_register(study)
