"""Read and match a study's own lists: what is always personal data, and what never is."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.human.durable import write_durably
from pipeline.human.files import read_text
from pipeline.human.lock import human_lock
from pipeline.pseudonymise.name_lists import entries
from pipeline.pseudonymise.spans import Span, outside

ALWAYS_FILE = "pii_always.txt"
NEVER_FILE = "pii_never.txt"

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_PLAIN_WORDS = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*(?: [^\W_]+(?:[-'’][^\W_]+)*)*")

Bases = Callable[[str], frozenset[str]]
"""Possible dictionary forms of a word, lower case, the word itself among them."""


@dataclass(frozen=True)
class PiiLists:
    """Phrases of a study that mend the rules.

    Attributes
    ----------
    always : tuple of str
        Always replaced. A phrase of capitalised words counts as a person's name.
    never : tuple of str
        Never replaced by a rule; the always-list goes before it.
    """

    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def load_pii_lists(folder: Path) -> PiiLists:
    """Read ``pii_always.txt`` and ``pii_never.txt``; a missing file is an empty list.

    Parameters
    ----------
    folder : Path
        The study's ``human/``.

    Returns
    -------
    PiiLists

    Raises
    ------
    InputError
        When a file is not UTF-8 text.
    """
    return PiiLists(always=_read(folder / ALWAYS_FILE), never=_read(folder / NEVER_FILE))


def listed_words(folder: Path, file_name: str) -> tuple[str, ...]:
    """Return the phrases of one of the study's lists; none when there is no such file.

    Parameters
    ----------
    folder : Path
        The study's ``human/``.
    file_name : str
        ``ALWAYS_FILE`` or ``NEVER_FILE``.
    """
    return tuple(_read(folder / file_name))


def add_to_list(folder: Path, file_name: str, phrases: Sequence[str]) -> int:
    """Add phrases to a list, each once; the file is written aside, synced and renamed.

    Parameters
    ----------
    folder : Path
        The study's ``human/``.
    file_name : str
        ``ALWAYS_FILE`` or ``NEVER_FILE``.
    phrases : sequence of str

    Returns
    -------
    int
        How many were new.

    Raises
    ------
    ArtifactError
        When the file could not be written; what stood there stands.
    """
    with human_lock(folder):
        path = folder / file_name
        old = read_text(path) if path.exists() else ""
        known = {entry.casefold() for entry in _read(path)}
        fresh = [p for p in dict.fromkeys(phrases) if p.casefold() not in known]
        if fresh:
            joint = "" if not old or old.endswith("\n") else "\n"
            lines = "".join(f"{phrase}\n" for phrase in fresh)
            write_durably(path, f"{old}{joint}{lines}".encode())
    return len(fresh)


def find_listed(text: str, phrases: Sequence[str], bases: Bases) -> Iterator[Span]:
    """Find the phrases of a list, in any inflected form.

    A phrase of plain words is found word by word through dictionary forms, whatever the capitals;
    any other phrase, such as ``K-12/b``, is found as it stands.

    Parameters
    ----------
    text : str
    phrases : sequence of str
    bases : callable
        Possible dictionary forms of a word.

    Yields
    ------
    Span
        Kind ``nimi`` when every word of the phrase is capitalised and has no digit, else ``muu``.
    """
    words = (
        [(m.start(), m.end(), bases(m.group())) for m in _WORD.finditer(text)] if phrases else []
    )
    for phrase in phrases:
        kind = "nimi" if _is_name(phrase) else "muu"
        if not _PLAIN_WORDS.fullmatch(phrase):
            pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield Span(*match.span(), kind, "lista", 1.0)
            continue
        parts = phrase.casefold().split()
        for i in range(len(words) - len(parts) + 1):
            window = words[i : i + len(parts)]
            if all(part in found for part, (_, _, found) in zip(parts, window, strict=True)):
                forms = tuple(found for _, _, found in window) if kind == "nimi" else ()
                yield Span(window[0][0], window[-1][1], kind, "lista", 1.0, forms)


def spare(spans: Sequence[Span], kept: Sequence[Span]) -> list[Span]:
    """Cut out of ``spans`` what the never-list covers."""
    ranges = [(span.start, span.end) for span in kept]
    return [
        span._replace(start=start, end=end)
        for span in spans
        for start, end in outside(span.start, span.end, ranges)
    ]


def _is_name(phrase: str) -> bool:
    """Tell whether a phrase is written as a person's name."""
    return all(word[0].isupper() and not any(c.isdigit() for c in word) for word in phrase.split())


def _read(path: Path) -> tuple[str, ...]:
    """Read one list."""
    if not path.exists():
        return ()
    return entries(read_text(path))
