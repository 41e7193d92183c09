"""Say the help of the commands in the language of the one who reads it."""

from collections.abc import Iterator
from typing import Any

from typer import BadParameter, Context, rich_utils
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
    """A group of commands whose help is said in the reader's language."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Translate the help, then run."""
        for one in each_help(self):
            if one.help:
                one.help = say(one.help)
        for panel, title in zip(_PANELS, _TITLES, strict=True):
            setattr(rich_utils, f"{panel}_PANEL_TITLE", say(title))
        for name, words in _WORDS.items():
            setattr(rich_utils, name, say(words))
        return super().main(*args, **kwargs)


class WrongUse(BadParameter):
    """Options that do not go together, said in the reader's language without typer's preface."""

    def format_message(self) -> str:
        """Return the sentence alone."""
        return self.message
