"""The command ``havainto``: parse, call, and say what went wrong in one line."""

import gc
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

import typer

from pipeline.commands import coding_verbs, study_verbs
from pipeline.commands.detect_verbs import verbs
from pipeline.commands.spoken_help import Spoken
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

for verb in (
    study_verbs.run,
    study_verbs.init,
    study_verbs.status,
    study_verbs.config,
    study_verbs.report,
    study_verbs.names,
    study_verbs.key,
    coding_verbs.review,
    study_verbs.erase,
    study_verbs.workbench,
    coding_verbs.topics,
    coding_verbs.train,
    coding_verbs.suggest,
    coding_verbs.evaluate,
    coding_verbs.taxonomy,
    coding_verbs.exchange,
    study_verbs.archive,
):
    app.command()(verb)
app.add_typer(verbs, name="detect")


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


def _seldom_look_for_cycles() -> None:
    """Have Python look for objects that hold each other after 20,000 new ones, not 700.

    A run makes many objects that stay and hardly any such cycles; looking for them at Python's
    own pace was a tenth of the CPU time of a small run, and freed next to nothing.
    """
    gc.set_threshold(20_000, *gc.get_threshold()[1:])


def main() -> None:
    """Run the command; exit 0 when done, 1 on the user's input or settings, 2 on wrong usage."""
    from pipeline.errors import PipelineError
    from pipeline.permissions import take_notes

    _keep_caches_out_of_the_environment()
    _seldom_look_for_cycles()
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
