"""Say things to a person in their language: an English template, its values, and a catalogue.

Code below the commands knows no language: it raises errors and returns reasons as a template with
values. Only where a sentence meets a person is it looked up, by the English template, in the
message files of ``pipeline/messages/<language>/``, one file a room.
"""

import os
import re
import string
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

_NEXT_WORDS = re.compile(r"(?: [^\W\d_]+(?:-[^\W\d_]+)*)+")

_of_study: ContextVar[Language] = ContextVar("language of the study in hand", default="fi")


@dataclass(frozen=True)
class Said:
    """A sentence that can be said in every language there is a catalogue for.

    Attributes
    ----------
    template : str
        English, with ``{names}``.
    values : dict of str to object
        What the names stand for. A value that is itself said, or a known English sentence, is
        said in the same language.

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
            name: value.in_language(language)
            if isinstance(value, Said)
            else _retold(value, language)
            if isinstance(value, str)
            else value
            for name, value in self.values.items()
        }
        return _filled(_translated(self.template, language), values, language)


def say(template: str, **values: object) -> str:
    """Return a sentence in the language of the one who reads it.

    Parameters
    ----------
    template : str
        English, with ``{names}``; the key of the catalogue.
    **values : object
    """
    return Said(template, values).in_language(language())


def marked(*templates: str) -> tuple[str, ...]:
    """Return words as they are, to be said later: the catalogue must hold each.

    Parameters
    ----------
    *templates : str
        English words or sentences.
    """
    return templates


def retold(text: str) -> str:
    """Say in the reader's language what was written down in English.

    Tables hold reasons in English, whole sentences one after another or phrases between
    semicolons. Each is found again among the templates of ``reasons.toml`` and said by it.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        What is no known sentence stays as it was written.

    Examples
    --------
    >>> retold("")
    ''
    """
    return _retold(text, language())


def amount(n: int, one: str, many: str) -> str:
    """Return a number with its unit in the right form, with a space between thousands.

    Parameters
    ----------
    n : int
    one, many : str
        English unit for one and for several; the catalogue holds both.
    """
    return f"{n:,}".replace(",", " ") + " " + say(one if n == 1 else many)


def counted(n: int, many: str) -> str:
    """Return a number with the words after it, which agree with one and with several.

    Parameters
    ----------
    n : int
    many : str
        English words for several; the catalogue holds them, and the list of words after one.
    """
    spoken = language()
    return _filled("{n} " + _translated(many, spoken), {"n": f"{n:,}".replace(",", " ")}, spoken)


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


@lru_cache(maxsize=len(LANGUAGES))
def _ones(language: Language) -> Mapping[str, str]:
    """Read the words that follow a number: as they stand after several, to after one."""
    file = files("pipeline") / "messages" / f"ones.{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _filled(template: str, values: Mapping[str, object], language: Language) -> str:
    """Fill in a template; the words after a number that is one agree with it.

    Examples
    --------
    >>> _filled("{n} riviä hylättiin.", {"n": 1}, "fi")
    '1 rivi hylättiin.'
    >>> _filled("{n} rows were rejected.", {"n": 2}, "en")
    '2 rows were rejected.'
    """
    formatter, said, is_one = string.Formatter(), [], False
    for text, name, spec, conversion in formatter.parse(template):
        said.append(_after_one(text, _ones(language)) if is_one else text)
        is_one = False
        if name is not None:
            value, _ = formatter.get_field(name, (), values)
            value = formatter.convert_field(value, conversion)
            said.append(formatter.format_field(value, spec or ""))
            is_one = said[-1] == "1"
    return "".join(said)


def _after_one(text: str, ones: Mapping[str, str]) -> str:
    """Return what follows a one: its words in the singular, up to one that no list knows."""
    words = _NEXT_WORDS.match(text)
    if words is None:
        return text
    held = words[0].split(" ")
    for place, word in enumerate(held[1:], start=1):
        if word not in ones:
            break
        held[place] = ones[word]
    return " ".join(held) + text[words.end() :]


def _retold(text: str, language: Language) -> str:
    """Find the known sentences of a text, and say them in a language."""
    rest, said = text, []
    while rest:
        found = next(((m, own) for p, own in _told(language) if (m := p.match(rest))), None)
        if found is None:
            break
        match, translation = found
        values = {name: _retold(value, language) for name, value in match.groupdict().items()}
        said.append(_filled(translation, values, language))
        rest = rest[match.end() :].lstrip()
    if said and not rest:
        return " ".join(said)
    if "; " in text:
        return "; ".join(_retold(part, language) for part in text.split("; "))
    return text


@lru_cache(maxsize=len(LANGUAGES))
def _told(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what finds a written sentence again, with its translation; the longest first."""
    file = files("pipeline") / "messages" / language / "reasons.toml"
    if not file.is_file():
        return ()
    messages = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple((_finder(en), messages[en]) for en in sorted(messages, key=len, reverse=True))


def _any_of(name: str) -> str:
    """Return the pattern of what may stand for a name: a number, a column or any text."""
    if name in ("n", "row", "number") or name.startswith("n_"):
        return r"[\d ,.]+?"
    return "[^:]*?" if name in ("column", "field", "action", "by") else ".*?"


def _finder(template: str) -> re.Pattern[str]:
    """Return a pattern that a filled-in template matches, whole sentences at a time.

    Examples
    --------
    >>> _finder("{n} rows.").match("12 rows. More.").group("n")
    '12'
    """
    parts, after_number = [], False
    for text, name, _, _ in string.Formatter().parse(template):
        parts.append(_either(text) if after_number else re.escape(text))
        parts.append(f"(?P<{name}>{_any_of(name)})" if name else "")
        after_number = bool(name)
    end = "(?= |$)" if template.endswith(".") else "$"
    return re.compile("".join(parts) + end, re.DOTALL)


def _either(text: str) -> str:
    """Return a pattern of what follows a number, after several and after one."""
    one = _after_one(text, _ones("en"))
    return re.escape(text) if one == text else f"(?:{re.escape(text)}|{re.escape(one)})"


def _translated(template: str, language: Language) -> str:
    """Return the template of a language."""
    return catalogue(language).get(template, template)
