"""What every later stage may ask of a lemmatiser, and the plain values it answers with."""

from typing import NamedTuple, Protocol

CONTENT_POS = frozenset({"NOUN", "VERB", "ADJ", "PROPN"})
"""UPOS tags of the words that carry content: what groups and quotations are made of."""

FUNCTION_POS = frozenset(
    {"ADP", "AUX", "CCONJ", "DET", "INTJ", "NUM", "PART", "PRON", "PUNCT", "SCONJ", "SYM"}
)
"""UPOS tags of the words that carry none.

Adverbs and what has no tag of its own (ADV, X) are in neither list. The models of themes leave out
these only, since they learn what each word tells; an adverb may tell a theme and names no group.
"""

MIN_PART_CHARS = 4
"""Shortest part of a compound that counts as a word where groups are named."""

MIN_TERM_CHARS = 3
"""Shortest term, word or part, of the models of themes: they learn what *työ* tells."""


class Analysis(NamedTuple):
    """One word's dictionary form and what is known about it.

    Attributes
    ----------
    lemma : str
        Dictionary form, lower case but for proper nouns and acronyms.
    pos : str
        UPOS tag.
    parts : tuple of str
        Lemmas of a compound's parts, in order; empty when the word is not a compound.
    known : bool
        False when neither the dictionary nor the lexicon has the word and the lemma is a guess.
    """

    lemma: str
    pos: str
    parts: tuple[str, ...]
    known: bool


class Token(NamedTuple):
    """One word of a text with its analysis.

    Attributes
    ----------
    start, end : int
        Half-open offsets into the text, in code points.
    form : str
        The word as written: ``text[start:end]``.
    lemma, pos, parts, known
        As in :class:`Analysis`.
    """

    start: int
    end: int
    form: str
    lemma: str
    pos: str
    parts: tuple[str, ...]
    known: bool


class Lemmatiser(Protocol):
    """Anything that finds the words of a text and their dictionary forms."""

    def analyse(self, form: str) -> Analysis:
        """Return the analysis of one word by itself; a capital is taken as meant."""
        ...

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a text in order, without punctuation marks and spaces."""
        ...
