"""Every word the workbench says, from one message file a language."""

import sys
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from markupsafe import Markup

LANGUAGES = ("fi", "en")


@dataclass(frozen=True)
class Words:
    """The messages of one language.

    Attributes
    ----------
    language : {"fi", "en"}
    messages : dict
        The message file: tables of texts with ``{names}``.
    """

    language: str
    messages: dict[str, dict[str, str]]

    def __call__(self, key: str, **values: object) -> Markup:
        """Return a text with its values filled in; the values are escaped, the text is not.

        Parameters
        ----------
        key : str
            ``"table.name"``.
        """
        section, name = key.split(".", 1)
        text = Markup(self.messages[section][name])
        return text.format(**values) if values else text

    def has(self, section: str, name: str) -> bool:
        """Tell whether there is a text of that name."""
        return name in self.messages.get(section, {})

    def said(self, section: str, name: str) -> Markup:
        """Return a text by the name of a value; a value without a text is shown as it is."""
        found = self.messages[section].get(name)
        return Markup(found) if found is not None else Markup.escape(name)

    def decimal(self, number: float, n_digits: int = 2) -> str:
        """Write a number the way the language does, with a true minus sign."""
        text = f"{number:.{n_digits}f}".replace("-", "−")
        return text.replace(".", ",") if self.language == "fi" else text

    def day(self, iso: str) -> str:
        """Write a day or a moment the way the language does; "" stays as it is."""
        if len(iso) < 10:
            return iso
        year, month, day = iso[:10].split("-")
        clock = f" {iso[11:16].replace(':', '.')}" if len(iso) > 16 else ""
        if self.language == "fi":
            return f"{int(day)}.{int(month)}.{year}{clock}"
        return f"{year}-{month}-{day}{clock.replace('.', ':')}"

    def tell_indexing(self, name: str) -> None:
        """Say on the terminal that a search index is being made."""
        sys.stderr.write(f"{self('command.indexing', name=name)}\n")


def load_words(language: str) -> Words:
    """Read the message file of a language."""
    file = files("pipeline.workbench") / "messages" / f"{language}.toml"
    held: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    return Words(language, held)
