"""Take a compound apart into the dictionary forms of its parts."""

import re
from collections.abc import Callable
from itertools import pairwise

from pipeline.lemmatise.candidates import Reading
from pipeline.lemmatise.chooser import tail_start

_PIECE = re.compile(r"\+?([^+()]*)(?:\(([^)]*)\))?")


def compound_parts(form: str, reading: Reading, lemma_of: Callable[[str], str]) -> tuple[str, ...]:
    """Return the lemmas of a compound's parts, in order.

    Parameters
    ----------
    form : str
        Word form in lower case.
    reading : Reading
        The reading chosen for it.
    lemma_of : callable
        Gives the lemma of a word by itself, for the parts Voikko keeps together.

    Returns
    -------
    tuple of str
        In lower case; empty when the word is not a compound, a number with a word (*7-vuotias*)
        included.
    """
    if reading.n_parts < 2:
        return ()
    cuts = _cuts(reading.structure)
    last = tail_start(reading.structure)
    if last >= len(form) or form[: cuts[1]].strip("-").isdigit():
        return ()
    pieces = _PIECE.findall(reading.bases)
    parts = []
    for start, end in pairwise(cuts):
        surface = form[start:end].strip("-")
        if surface:
            base = "" if surface.endswith("s") else _base(pieces, start, end, surface)
            parts.append(base or lemma_of(surface))
    head = reading.key[last:] if reading.key.startswith(form[:last]) else reading.key
    return (*parts, head.strip("-")) if parts and head.strip("-") else ()


def _cuts(structure: str) -> list[int]:
    """Return where each part begins in the word."""
    cuts = []
    length = 0
    for sign in structure:
        if sign == "=":
            cuts.append(length)
        else:
            length += 1
    return cuts


def _base(pieces: list[tuple[str, str]], start: int, end: int, surface: str) -> str:
    """Return the dictionary form of the part between two offsets, from Voikko's WORDBASES.

    A derivation is put on its stem: ``suojel(suojella)+u(+u)`` is *suojelu*. A part that Voikko
    holds together with its neighbour (``toimeen=tulo``) gives "".
    """
    at = 0
    stem = base = ""
    is_named = False
    for piece, bracket in pieces:
        after = at + len(piece)
        if start <= at and after <= end and (piece or bracket):
            if "=" in bracket:
                return ""
            if bracket:
                base = stem + bracket.lstrip("+")
                is_named = True
            stem += piece
        elif at < end < after:
            return ""
        at = after
    return base.lower() if is_named else (surface if stem else "")
