"""Words of the field that Voikko does not know or reads as other words.

A lexicon is a CSV file that people can read and edit. An entry is found in all its inflected forms
by analogy: *lasu* bends like *lelu*, so ``lasussa`` is looked up as ``lelussa``, and when Voikko
reads that as *lelu*, the word was *lasu*. Nothing is generated and no ending is listed.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import InputError
from pipeline.lemmatise.candidates import Reading
from pipeline.lemmatise.normalise import common_start

COLUMNS = ("lemma", "pos", "parts", "like", "forms", "note")
UPOS = frozenset(
    {"ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"}
    | {"PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"}
)
_MIN_REST = 4


@dataclass(frozen=True)
class Entry:
    """One word of a lexicon.

    Attributes
    ----------
    lemma : str
        Dictionary form, spelt as it should be shown.
    pos : str
        UPOS tag.
    parts : tuple of str
        Lemmas of a compound's parts; a clipped word has those of the full word.
    like : str
        A word Voikko knows that bends the same way, in lower case; the lemma itself, or "" when
        there are no forms either, when Voikko knows it and it is to be preferred to other readings.
    forms : tuple of str
        Forms that are not found by analogy, such as abbreviations, in lower case.
    """

    lemma: str
    pos: str
    parts: tuple[str, ...]
    like: str
    forms: tuple[str, ...]


class Match(NamedTuple):
    """What a lexicon says of a word form."""

    lemma: str
    pos: str
    parts: tuple[str, ...]


class Lexicon:
    """Entries, found by form.

    Parameters
    ----------
    entries : iterable of Entry
        Of two entries for the same form the later one holds, so a study's own lexicon comes last.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.abbreviations: list[str] = []
        self._by_form: dict[str, Match] = {}
        self._by_stem: dict[str, list[tuple[Entry, str]]] = {}
        self._by_lemma: dict[str, Entry] = {}
        self._preferred: dict[str, Entry] = {}
        for entry in entries:
            self._add(entry)
        self._lengths = sorted({len(stem) for stem in self._by_stem}, reverse=True)
        self._shortest = self._lengths[-1] if self._lengths else 0
        self._openings = {stem[: self._shortest] for stem in self._by_stem}
        self._heads = sorted({len(word) for word in self._by_lemma if len(word) > 2}, reverse=True)

    def _add(self, entry: Entry) -> None:
        """Make an entry findable."""
        match = Match(entry.lemma, entry.pos, entry.parts)
        key = entry.lemma.lower()
        for form in entry.forms:
            self._by_form[form] = match
            if "." in form:
                self.abbreviations.append(form)
        if entry.like and entry.like != key:
            ending = common_start(key[::-1], entry.like[::-1])
            stem = key[: len(key) - len(ending)]
            model = entry.like[: len(entry.like) - len(ending)]
            self._by_stem.setdefault(stem, []).insert(0, (entry, model))
            self._by_form[key] = match
        elif entry.like or not entry.forms:
            self._preferred[key] = entry
        if entry.like and entry.pos in ("NOUN", "PROPN"):
            self._by_lemma[key] = entry

    def exact(self, form: str) -> Match | None:
        """Return the entry that lists this form, in lower case, or None."""
        return self._by_form.get(form)

    def find(self, form: str, readings_of: Callable[[str], Sequence[Reading]]) -> Match | None:
        """Return the entry a word form belongs to, or None.

        Parameters
        ----------
        form : str
            In lower case.
        readings_of : callable
            Gives Voikko's readings of a word.
        """
        match = self._by_form.get(form)
        if match is not None or form[: self._shortest] not in self._openings:
            return match
        for length in self._lengths:
            if length >= len(form):
                continue
            for entry, model in self._by_stem.get(form[:length], ()):
                match = _by_analogy(form, length, entry, model, readings_of)
                if match is not None:
                    return match
        return None

    def misread(self, readings_of: Callable[[str], Sequence[Reading]]) -> "Lexicon":
        """Return the entries that bend like another word and that Voikko reads as yet another.

        They have to be looked up before Voikko is believed: *totu* is no form of *tottua*. All
        other entries need looking up only when Voikko does not know a word.
        """
        return Lexicon(
            entry
            for pairs in self._by_stem.values()
            for entry, _ in pairs
            if readings_of(entry.lemma.lower())
        )

    def prefer(self, readings: Sequence[Reading]) -> Match | None:
        """Return the entry that settles between the readings of a word Voikko knows, or None."""
        preferred = self._preferred
        for reading in readings:
            entry = preferred.get(reading.key)
            if entry is not None and reading.kind == "b" and reading.pos in (entry.pos, "NOUN"):
                return Match(entry.lemma, entry.pos, entry.parts)
        return None

    def head(self, form: str) -> tuple[int, Match] | None:
        """Return the longest entry that an unknown compound begins with, and its length."""
        for length in self._heads:
            if len(form) - length >= _MIN_REST:
                entry = self._by_lemma.get(form[:length])
                if entry is not None:
                    return length, Match(entry.lemma, entry.pos, entry.parts)
        return None


def _by_analogy(
    form: str,
    length: int,
    entry: Entry,
    model: str,
    readings_of: Callable[[str], Sequence[Reading]],
) -> Match | None:
    """Bend the model word as the form is bent and see whether Voikko knows it."""
    if not model and length and form[length] == "-":
        return None
    for reading in readings_of(model + form[length:]):
        if reading.key == entry.like:
            return Match(entry.lemma, entry.pos, entry.parts)
        if reading.kind == "m" and entry.pos == "VERB":
            return Match(form[:length] + reading.key[len(model) :], "NOUN", ())
    return None


def read_lexicon(path: Path) -> list[Entry]:
    """Read a lexicon from a CSV file.

    Parameters
    ----------
    path : Path
        UTF-8, with the columns ``lemma``, ``pos``, ``parts``, ``like``, ``forms`` and ``note``;
        ``parts`` and ``forms`` hold several words with spaces between them.

    Returns
    -------
    list of Entry

    Raises
    ------
    InputError
        When the file is missing, is not UTF-8, lacks a column or has an entry without lemma or with
        an unknown tag; says the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as err:
        raise InputError("The lexicon {path} cannot be read as UTF-8 text.", path=path) from err
    return [_entry(path, line, row) for line, row in enumerate(rows, start=2)]


def _entry(path: Path, line: int, row: dict[str, str | None]) -> Entry:
    """Check one row and turn it into an entry."""
    missing = [column for column in COLUMNS if row.get(column) is None]
    if missing:
        raise InputError(
            "{path}, line {line}: the columns must be {columns}. Missing {missing}.",
            path=path,
            line=line,
            columns=", ".join(COLUMNS),
            missing=missing,
        )
    values = {column: str(row[column]).strip() for column in COLUMNS}
    if not values["lemma"]:
        raise InputError("{path}, line {line}: lemma must not be empty.", path=path, line=line)
    if values["pos"] not in UPOS:
        raise InputError(
            "{path}, line {line}: pos must be a UPOS tag such as NOUN. Got {values!r}.",
            path=path,
            line=line,
            values=values["pos"],
        )
    return Entry(
        lemma=values["lemma"],
        pos=values["pos"],
        parts=tuple(values["parts"].split()),
        like=values["like"].lower(),
        forms=tuple(values["forms"].lower().split()),
    )
