"""Every word the report says, by key, from one message file a language."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from pipeline.report.wording import whole


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language.

    Attributes
    ----------
    messages : dict
        The message file: tables of texts. A text may hold safe HTML and ``{names}``.
    """

    messages: dict[str, Any]

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
        return f"{whole(n)}\N{NO-BREAK SPACE}{self.unit(unit, n)}"

    def whole(self, n: int) -> str:
        """Return a whole number with thousands apart."""
        return whole(n)

    def unit(self, unit: str, n: int) -> str:
        """Return a unit in the form that goes with a number."""
        one, many = self.messages["units"][unit]
        return str(one if n == 1 else many)


def load_catalogue(language: str) -> Catalogue:
    """Read the message file of a language.

    Parameters
    ----------
    language : str
        ``"fi"``.
    """
    file = files("pipeline.report") / "messages" / f"{language}.toml"
    return Catalogue(tomllib.loads(file.read_text(encoding="utf-8")))
