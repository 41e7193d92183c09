"""A project of a qualitative tool as plain values: what a ``.qdpx`` file holds of interest here."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class User:
    """A coder."""

    guid: str
    name: str


@dataclass(frozen=True)
class Code:
    """A code of the codebook; ``parent`` is the GUID of the code it stands under, or ``""``."""

    guid: str
    name: str
    description: str = ""
    parent: str = ""
    is_codable: bool = True


@dataclass(frozen=True)
class Selection:
    """A stretch of a source's text with the codes given to it.

    Attributes
    ----------
    guid : str
    start, end : int
        As the file counts them.
    quote : str
        The words selected, as far as the file says them.
    codes : tuple of (str, str)
        GUID of each code and of who gave it (``""`` when the file does not say).
    memo : str
    at : str
        ISO 8601, or ``""``.
    """

    guid: str
    start: int
    end: int
    quote: str
    codes: tuple[tuple[str, str], ...]
    memo: str = ""
    at: str = ""


@dataclass(frozen=True)
class Source:
    """A text with its selections.

    Attributes
    ----------
    guid, name : str
    text : str
        As the file holds it, a byte order mark and carriage returns included when it is read.
    selections : tuple of Selection
    memo : str
    values : tuple of (str, str)
        Attribute and value.
    codes : tuple of (str, str)
        Codes of the whole source, as in :class:`Selection`.
    """

    guid: str
    name: str
    text: str
    selections: tuple[Selection, ...] = ()
    memo: str = ""
    values: tuple[tuple[str, str], ...] = ()
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Note:
    """A memo on a stretch of a source."""

    guid: str
    source: str
    start: int
    end: int
    text: str
    user: str
    at: str


@dataclass(frozen=True)
class Project:
    """A project; ``sources`` may be a generator when it is written.

    Attributes
    ----------
    name, origin : str
    at : str
        When its newest ruling was made; ISO 8601, or ``""``.
    users : tuple of User
        The first one is taken for its own coder by some tools.
    codes : tuple of Code
        Parents before their children.
    variables : tuple of str
        Names of the attributes that sources have values of.
    sets : dict of str to list of str
        Name of a set of sources and the GUIDs in it: an attribute that may have several values.
    """

    name: str
    origin: str
    users: tuple[User, ...]
    codes: tuple[Code, ...]
    sources: Iterable[Source]
    at: str = ""
    variables: tuple[str, ...] = ()
    sets: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
