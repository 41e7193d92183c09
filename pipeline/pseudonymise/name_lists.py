"""Read the lists of names, titles, places and organisations that travel with the code."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.resources import shipped


@dataclass(frozen=True)
class NameLists:
    """What the shipped lists say, lower case.

    Attributes
    ----------
    given, surnames : frozenset of str
        Names that Voikko does not mark as such.
    everyday : frozenset of str
        Names that are everyday words too.
    titles : frozenset of str
        Words that stand before a name.
    places : frozenset of str
        Municipalities, regions and countries.
    others : frozenset of str
        Organisations, services, systems, medicines.
    person_verbs, thing_verbs : frozenset of str
        Verbs whose subject is a person, or hardly ever one; no verb is in both.
    person_nouns : frozenset of str
        What people own or have, after a genitive.
    person_objects : frozenset of str
        Verbs whose object or addressee is a person.
    """

    given: frozenset[str]
    surnames: frozenset[str]
    everyday: frozenset[str]
    titles: frozenset[str]
    places: frozenset[str]
    others: frozenset[str]
    person_verbs: frozenset[str] = frozenset()
    thing_verbs: frozenset[str] = frozenset()
    person_nouns: frozenset[str] = frozenset()
    person_objects: frozenset[str] = frozenset()


def load_name_lists() -> NameLists:
    """Read ``configs/names``.

    Returns
    -------
    NameLists

    Raises
    ------
    ResourceError
        When a list is missing from the installation.
    """
    persons, things = _entries("person_verbs.txt"), _entries("thing_verbs.txt")
    return NameLists(
        given=_entries("given_names.txt"),
        surnames=_entries("surnames.txt"),
        everyday=_entries("everyday_names.txt"),
        titles=_entries("titles.txt"),
        places=_entries("municipalities.txt") | _entries("places.txt"),
        others=_entries("organisations.txt") | _entries("services.txt"),
        person_verbs=persons - things,
        thing_verbs=things - persons,
        person_nouns=_entries("person_nouns.txt"),
        person_objects=_entries("person_objects.txt"),
    )


def read_entries(path: Path) -> tuple[str, ...]:
    """Return the entries of a list: one a line, ``#`` starts a comment, in the file's order."""
    return entries(path.read_text(encoding="utf-8-sig"))


def entries(text: str) -> tuple[str, ...]:
    """Return the entries of a list's text."""
    held = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(dict.fromkeys(entry for entry in held if entry))


@lru_cache(maxsize=1)
def _context_words() -> dict[str, frozenset[str]]:
    """Read the words by which sentences are judged."""
    path = shipped("configs", "names", "context_words.toml")
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: frozenset(section["words"].split()) for name, section in sections.items()}


def context_words(section: str) -> frozenset[str]:
    """Return one section of ``configs/names/context_words.toml``.

    Parameters
    ----------
    section : str

    Returns
    -------
    frozenset of str
    """
    return _context_words()[section]


def _entries(name: str) -> frozenset[str]:
    """Return one shipped list, lower case."""
    return frozenset(e.casefold() for e in read_entries(shipped("configs", "names", name)))
