"""Say the help of the commands in the language of the one who reads it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from typer import BadParameter, Context
from typer.core import TyperGroup

from pipeline.speech import marked, say

_WORDS = dict(
    zip(
        ("DEFAULT_STRING", "REQUIRED_LONG_STRING", "RICH_HELP"),
        marked(
            "[default: {}]",
            "[required]",
            "Try [blue]'{command_path} {help_option}'[/] for help.",
        ),
        strict=True,
    )
)
_PANELS = ("ARGUMENTS", "OPTIONS", "COMMANDS", "ERRORS")
_TITLES = marked("Arguments", "Options", "Commands", "Error")


def each_help(command: Any) -> Iterator[Any]:
    """Yield a command, its parameters and those of its sub-commands: what has a ``help``."""
    yield command
    yield from (parameter for parameter in command.params if hasattr(parameter, "help"))
    help_option = command.get_help_option(Context(command))
    if help_option is not None:
        yield help_option
    for one in getattr(command, "commands", {}).values():
        yield from each_help(one)


class Spoken(TyperGroup):
    """A group of commands whose help is said in the reader's language.

    Help is translated where it is shown and where options are wrong, not in every run: what typer
    shows it with takes a twentieth of a run with nothing to do to import.
    """

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Translate the help where it is asked for, then run."""
        asked: Sequence[str] | None = args[0] if args else kwargs.get("args")
        given = sys.argv[1:] if asked is None else asked
        if len(given) < 2 or "--help" in given:  # a group alone shows its help
            self._translate()
        return super().main(*args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the options of the group; what is wrong with them is said in that language."""
        with self._translated_if_wrong():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Read the options of a command and run it; what is wrong is said in that language."""
        with self._translated_if_wrong():
            return super().invoke(ctx)

    @contextmanager
    def _translated_if_wrong(self) -> Iterator[None]:
        """Translate the words around an error of usage before typer shows it."""
        try:
            yield
        except Exception:
            self._translate()
            raise

    def _translate(self) -> None:
        """Say every help, and the words around it, in the reader's language."""
        from typer import rich_utils

        for one in each_help(self):
            if one.help:
                one.help = say(one.help)
        for panel, title in zip(_PANELS, _TITLES, strict=True):
            setattr(rich_utils, f"{panel}_PANEL_TITLE", say(title))
        for name, words in _WORDS.items():
            setattr(rich_utils, name, say(words))


class WrongUse(BadParameter):
    """Options that do not go together, said in the reader's language without typer's preface."""

    def format_message(self) -> str:
        """Return the sentence alone."""
        return self.message
