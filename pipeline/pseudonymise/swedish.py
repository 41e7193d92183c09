"""Read the words of a Swedish text, which Voikko would read as Finnish."""

import re
from dataclasses import replace

from pipeline.pseudonymise.name_lists import context_words
from pipeline.pseudonymise.word_readings import Reading, WordReader

_SWEDISH = context_words("swedish_common")
_FINNISH = context_words("finnish_common")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
_GENITIVE = "s"
_NOUNS = context_words("swedish_nouns")
_NOUN_TAILS = ("arna", "erna", "orna", "heten", "ningen", "ningar", "tionen", "vården", "byrån")
"""Ends of nouns that no name has: a capital at the head of a sentence makes them none."""


def is_swedish(text: str) -> bool:
    """Tell whether a text is in Swedish, by its commonest words.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_swedish("Björn bor i sin bil och orkar inte."), is_swedish("Björn asuu autossaan.")
    (True, False)
    """
    words = [match.group().casefold() for match in _WORD.finditer(text)]
    swedish = sum(word in _SWEDISH for word in words)
    finnish = sum(word in _FINNISH for word in words)
    return swedish > finnish and swedish >= min(_LEAST, max(1, len(words) // 5))


class SwedishReader:
    """Read words by the shipped lists and Voikko's names, without Finnish inflection.

    Parameters
    ----------
    reader : WordReader
    """

    def __init__(self, reader: WordReader) -> None:
        self.reader = reader

    def read(self, form: str) -> Reading:
        """Return what a word of a Swedish text may be."""
        key = form.casefold()
        own = self.reader.read(key)
        stripped = key.removesuffix(_GENITIVE)
        keys = frozenset({key, stripped})
        lists = self.reader.lists
        base = self.reader.read(stripped) if stripped != key else own
        exact_given = (own.is_given and key in own.bases and own.is_nominative) or (
            base.is_given and stripped in base.bases
        )
        exact_last = (own.is_surname and key in own.bases) or stripped in lists.surnames
        is_given = bool(keys & lists.given) or exact_given
        is_surname = bool(keys & lists.surnames) or exact_last
        is_noun = bool(keys & _NOUNS) or key.endswith(_NOUN_TAILS)
        is_common = key in _SWEDISH or key in lists.titles
        return replace(
            own,
            classes=frozenset({"nimisana"}) if is_noun or is_common else frozenset(),
            bases=keys,
            is_given=is_given and not is_common and not (is_noun and key not in lists.given),
            is_surname=is_surname and not is_common,
            is_nen=False,
            is_everyday=is_noun,
            is_common=is_noun,
            is_function=is_common,
            is_vague_place=False,
            cases=frozenset({"nimento", "omanto"} if key.endswith(_GENITIVE) else {"nimento"}),
            verbs=frozenset(),
            participles=frozenset(),
            is_passive=False,
            is_noun=is_noun,
            is_title=bool(keys & lists.titles),
        )
