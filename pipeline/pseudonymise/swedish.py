"""Read the words of a Swedish text, which Voikko would read as Finnish."""

import re
from dataclasses import replace

from pipeline.language.lemmas import dictionary_form, is_known
from pipeline.pseudonymise.name_lists import context_words
from pipeline.pseudonymise.word_readings import SWEDISH_TAILS, Reading, WordReader

_SWEDISH = context_words("swedish_common")
_FINNISH = context_words("finnish_common")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
_LEAST_SHARE = 0.6
_MIN_DEFINITE = 5
_LEAST_KNOWN = 3
_MIN_SHAPED = 6
_GENITIVE = "s"
_NOUNS = context_words("swedish_nouns")
_LIGHT = context_words("swedish_light_words")
_DEFINITE = ("en", "et", "an", "na")
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
    if swedish > finnish and swedish >= _LEAST:
        return True
    if finnish or len(words) < _LEAST_KNOWN:
        return False
    known = sum(word in _SWEDISH or is_plain_swedish(word) for word in words)
    return known >= max(_LEAST_KNOWN - 1, _LEAST_SHARE * len(words))


def is_plain_swedish(word: str) -> bool:
    """Tell whether a lower-case word is a plain word of Swedish, and no name.

    Parameters
    ----------
    word : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_plain_swedish("adressen"), is_plain_swedish("gunilla")
    (True, False)
    """
    return len(word) > 1 and is_known(word, "sv") and dictionary_form(word, "sv").islower()


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
        is_guess = not own.classes and own.is_nen
        exact_last = (
            own.is_surname and key in own.bases and not is_guess
        ) or stripped in lists.surnames
        is_given = bool(keys & lists.given) or exact_given
        is_shaped = len(stripped) >= _MIN_SHAPED and stripped.endswith(SWEDISH_TAILS)
        is_surname = bool(keys & lists.surnames) or exact_last
        is_surname = is_surname or (is_shaped and not own.is_place and not is_known(stripped, "sv"))
        is_nature = bool(keys & _NOUNS)
        is_name = is_given or is_surname or is_nature
        is_definite = (
            len(key) >= _MIN_DEFINITE and key.endswith(_DEFINITE) and is_plain_swedish(key[:-2])
        )
        is_noun = is_nature or key.endswith(_NOUN_TAILS) or (not is_name and is_plain_swedish(key))
        is_common = key in _SWEDISH or key in lists.titles or key in _LIGHT
        classes = frozenset({"sukunimi"}) if is_surname and not is_given else frozenset[str]()
        return replace(
            own,
            classes=frozenset({"nimisana"}) if is_noun or is_common else classes,
            bases=keys,
            is_given=is_given and not is_common and not (is_noun and key not in lists.given),
            is_surname=(is_surname or (is_nature and not is_definite)) and not is_common,
            is_nen=False,
            is_everyday=is_noun or is_plain_swedish(stripped),
            is_common=is_noun,
            is_function=is_common,
            is_vague_place=False,
            cases=frozenset({"nimento", "omanto"} if key.endswith(_GENITIVE) else {"nimento"}),
            verbs=frozenset(),
            participles=frozenset(),
            is_passive=False,
            is_noun=is_noun,
            is_own=False,
            is_title=bool(keys & lists.titles),
        )
