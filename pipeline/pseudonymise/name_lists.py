"""Read the lists of names, titles, places and organisations that travel with the code."""

from dataclasses import dataclass
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
    """

    given: frozenset[str]
    surnames: frozenset[str]
    everyday: frozenset[str]
    titles: frozenset[str]
    places: frozenset[str]
    others: frozenset[str]


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
    return NameLists(
        given=_entries("given_names.txt"),
        surnames=_entries("surnames.txt"),
        everyday=_entries("everyday_names.txt"),
        titles=_entries("titles.txt"),
        places=_entries("municipalities.txt") | _entries("places.txt"),
        others=_entries("organisations.txt") | _entries("services.txt"),
    )


def read_entries(path: Path) -> tuple[str, ...]:
    """Return the entries of a list: one a line, ``#`` starts a comment, in the file's order."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    entries = (line.split("#", 1)[0].strip() for line in lines)
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def _entries(name: str) -> frozenset[str]:
    """Return one shipped list, lower case."""
    return frozenset(e.casefold() for e in read_entries(shipped("configs", "names", name)))
