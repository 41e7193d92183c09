"""Every word the report says, by key, from one message file a language."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter

from pipeline.report.facts.values import Count, Hidden, ReportLink, Run, Said, Text
from pipeline.report.wording import NBSP, Wording

_STYLE = re.compile(r"\[(name|nowrap):([^\[\]]*)\]")


@dataclass(frozen=True)
class Catalogue(Wording):
    """The messages of one language, and how it writes numbers, days and lists.

    Attributes
    ----------
    messages : dict
        The message file: tables of texts. A text may hold ``{names}`` of values, and styles:
        ``[name:...]`` for the name of a thing, ``[nowrap:...]`` for what stays on one line.

    Examples
    --------
    >>> words = Catalogue({"brief": {"one": "[name:{name}] ({n})"}})
    >>> words("brief.one", name="Asuminen", n=3)
    'Asuminen (3)'
    >>> [run.style for run in words.text("brief.one", name="Asuminen", n=3).runs]
    ['name', '', '', '']
    """

    def __call__(self, key: str, **values: object) -> str:
        """Return a text with its values filled in, plain.

        Parameters
        ----------
        key : str
            ``"table.name"``.
        **values : object
            Strings, numbers, and values of :mod:`pipeline.report.facts.values`.
        """
        return self.plain(self.text(key, **values))

    def text(self, key: str, **values: object) -> Text:
        """Return a text with its values filled in; those that are counts stay counts."""
        runs: list[Run] = []
        for literal, name, style in self.parts(key):
            if literal:
                runs.append(Run(literal, style))
            elif name:
                runs += _runs(values[name], style)
        return Text(tuple(runs))

    def parts(self, key: str) -> Iterator[tuple[str, str, str]]:
        """Yield the parts of a message: its text or ``""``, a value's name or ``""``, the style."""
        section, name = key.split(".")
        for stretch, style in _stretches(str(self.messages[section][name])):
            for literal, field, _, _ in Formatter().parse(stretch):
                if literal:
                    yield literal, "", style
                if field:
                    yield "", field, style

    def plain(self, said: Said) -> str:
        """Write any value as plain text."""
        if isinstance(said, Text):
            return "".join(self.plain(run.value) for run in said.runs)
        if isinstance(said, Count):
            return self.amount(said.unit, said.n) if said.unit else self.whole(said.n)
        if isinstance(said, Hidden):
            return said.text
        return said.report_id if isinstance(said, ReportLink) else said

    def label(self, kind: str, name: str) -> str:
        """Return the display name of an id; an id without one is shown as given."""
        if not name:
            return str(self.messages["words"]["not_said"])
        return str(self.messages["labels"][kind].get(name, name))

    def amount(self, unit: str, n: int) -> str:
        """Return a number with its unit in the right form, such as *3 raporttia*."""
        return f"{self.whole(n)}{NBSP}{self.unit(unit, n)}"

    def unit(self, unit: str, n: int) -> str:
        """Return a unit in the form that goes with a number."""
        one, many = self.messages["units"][unit]
        return str(one if self.is_one(n) else many)

    def title(self, given: str) -> str:
        """Return the report's title: the one given, or the language's own."""
        return given or str(self.messages["page"]["title"])


def _stretches(message: str) -> Iterator[tuple[str, str]]:
    """Yield the stretches of a message with their styles."""
    at = 0
    for found in _STYLE.finditer(message):
        yield message[at : found.start()], ""
        yield found[2], found[1]
        at = found.end()
    yield message[at:], ""


def _runs(value: object, style: str) -> tuple[Run, ...]:
    """Return a value as runs; those of a text keep their own styles."""
    if isinstance(value, Text):
        return value.runs
    if isinstance(value, Count | Hidden | ReportLink):
        return (Run(value, style),)
    return (Run(value if isinstance(value, str) else str(value), style),)


@cache
def load_catalogue(language: str) -> Catalogue:
    """Read the message file of a language, once a process.

    Parameters
    ----------
    language : str
        ``"fi"``, ``"en"`` or ``"sv"``.
    """
    file = files("pipeline.report") / "messages" / f"{language}.toml"
    return Catalogue(tomllib.loads(file.read_text(encoding="utf-8")))
