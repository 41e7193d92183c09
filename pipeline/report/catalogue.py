"""Every word the report says, by key, from one message file a language."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup

from pipeline.report.wording import NBSP, Wording


@dataclass(frozen=True)
class Catalogue(Wording):
    """The messages of one language, and how it writes numbers, days and lists.

    Attributes
    ----------
    messages : dict
        The message file: tables of texts. A text may hold safe HTML and ``{names}``.
    """

    def __call__(self, key: str, **values: object) -> Markup:
        """Return a text with its values filled in; the values are escaped, the text is not.

        Parameters
        ----------
        key : str
            ``"table.name"``.
        **values : object
            A :class:`~markupsafe.Markup` value goes in as it is.
        """
        section, name = key.split(".")
        text = Markup(self.messages[section][name])
        return text.format(**values) if values else text

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


def load_catalogue(language: str) -> Catalogue:
    """Read the message file of a language.

    Parameters
    ----------
    language : str
        ``"fi"`` or ``"en"``.
    """
    file = files("pipeline.report") / "messages" / f"{language}.toml"
    return Catalogue(tomllib.loads(file.read_text(encoding="utf-8")))
