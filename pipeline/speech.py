"""Say things to a person in their language: an English template, its values, and a catalogue.

Code below the commands knows no language: it raises errors and returns reasons as a template with
values. Only where a sentence meets a person is it looked up, by the English template, in the
message files of ``pipeline/messages/<language>/``, one file a room.
"""

import os
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["fi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
OVERRIDE = "HAVAINTO_LANG"
"""Environment variable that settles the language whatever the study and the system say."""
_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")

_of_study: ContextVar[Language] = ContextVar("language of the study in hand", default="fi")


@dataclass(frozen=True)
class Said:
    """A sentence that can be said in every language there is a catalogue for.

    Attributes
    ----------
    template : str
        English, with ``{names}``.
    values : dict of str to object
        What the names stand for; a value that is itself said is said in the same language.

    Examples
    --------
    >>> str(Said("{n} reports", {"n": 3}))
    '3 reports'
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in English."""
        return self.in_language("en")

    def in_language(self, language: Language) -> str:
        """Say it in a language; a template without a translation is said in English."""
        if not self.values:
            return _translated(self.template, language)
        values = {
            name: value.in_language(language) if isinstance(value, Said) else value
            for name, value in self.values.items()
        }
        return _translated(self.template, language).format(**values)


def say(template: str, **values: object) -> str:
    """Return a sentence in the language of the one who reads it.

    Parameters
    ----------
    template : str
        English, with ``{names}``; the key of the catalogue.
    **values : object
    """
    return Said(template, values).in_language(language())


def amount(n: int, one: str, many: str) -> str:
    """Return a number with its unit in the right form, with a space between thousands.

    Parameters
    ----------
    n : int
    one, many : str
        English unit for one and for several; the catalogue holds both.
    """
    return f"{n:,}".replace(",", " ") + " " + say(one if n == 1 else many)


def speak(chosen: str) -> None:
    """Take a study's language as the one to speak, unless the system or the user says another."""
    _of_study.set("en" if chosen == "en" else "fi")


def language() -> Language:
    """Return the language to speak.

    ``HAVAINTO_LANG`` settles it; else English where the study or the system is English; else
    Finnish.
    """
    asked = os.environ.get(OVERRIDE, "")[:2].lower()
    for known in LANGUAGES:
        if asked == known:
            return known
    system = next((os.environ[name] for name in _SYSTEM if os.environ.get(name)), "")
    if system[:2].lower() == "en":
        return "en"
    return _of_study.get()


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: Language) -> Mapping[str, str]:
    """Read every message of a language: English template to translation."""
    if language == "en":
        return {}
    messages: dict[str, str] = {}
    for file in sorted((files("pipeline") / "messages" / language).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            messages |= tomllib.loads(file.read_text(encoding="utf-8"))
    return messages


def _translated(template: str, language: Language) -> str:
    """Return the template of a language."""
    return catalogue(language).get(template, template)
