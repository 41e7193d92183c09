"""Sentences as words with their places in the sentence, by the Finnish spaCy model's parser."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pipeline.finnish_model import parsed


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word or sign of a sentence.

    Attributes
    ----------
    start, end : int
        Half-open, in code points of the sentence.
    pos, dep : str
        Word class and relation to the head, as Universal Dependencies name them.
    head : int
        Place of the head among the words of the sentence; its own for the root.
    features : frozenset of str
        Such as ``VerbForm=Fin``.
    """

    start: int
    end: int
    text: str
    pos: str
    dep: str
    head: int
    features: frozenset[str]


class Parser(Protocol):
    """Reads sentences."""

    def parse(self, sentences: Iterable[str]) -> Iterator[list[Word]]:
        """Yield the words of each sentence, in order."""
        ...


class SpacyParser:
    """The parser of the Finnish spaCy model, loaded at first use."""

    def parse(self, sentences: Iterable[str]) -> Iterator[list[Word]]:
        """Yield the words of each sentence, in order; stretches of blanks are words too.

        Raises
        ------
        ResourceError
            When the model is not installed.
        """
        for doc in parsed(sentences):
            yield [
                Word(
                    start=word.idx,
                    end=word.idx + len(word.text),
                    text=word.text,
                    pos=word.pos_,
                    dep=word.dep_,
                    head=word.head.i,
                    features=frozenset(str(word.morph).split("|")) - {""},
                )
                for word in doc
            ]
