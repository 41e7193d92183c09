"""Static word vectors, added up to a report's: what its words are about, whatever their order.

The vectors are the floret vectors of the Finnish spaCy model (Bojanowski et al. 2017, "Enriching
Word Vectors with Subword Information", doi 10.1162/tacl_a_00051; floret hashes the subwords), so an
unknown or misspelt word has one too.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from pipeline.embed.protocol import Vectors
from pipeline.finnish_model import load_finnish_model, log_probabilities
from pipeline.versions import version

_RARITY = 1e-4
"""A word of this probability counts half as much as the rarest."""


class WordVectors(Protocol):
    """Give words vectors whose length says how much the word says."""

    @property
    def name(self) -> str:
        """Name of all that changes the vectors, for manifests."""
        ...

    @property
    def n_dims(self) -> int:
        """Length of a vector."""
        ...

    def weighed(self, words: Sequence[str]) -> Vectors:
        """Return a vector a word, ``(len(words), n_dims)``, of length 0 to 1."""
        ...


class FloretVectors:
    """The vectors of the Finnish spaCy model, weighed by rarity.

    A vector is brought to unit length and multiplied by a / (a + p), where *p* is the word's
    probability in the model's table and *a* 1e-4 (Arora et al. 2017, openreview.net SyK00v5xx).
    """

    @property
    def name(self) -> str:
        """Package, version and weight."""
        return f"spacy-fi-experimental-web-md-{version('spacy-fi-experimental-web-md')}/sif"

    @property
    def n_dims(self) -> int:
        """300."""
        return 300

    def weighed(self, words: Sequence[str]) -> Vectors:
        """Return a vector a word; the model is loaded at the first call."""
        if not words:
            return np.zeros((0, self.n_dims), dtype=np.float32)
        table = load_finnish_model().vocab.vectors
        vectors = np.asarray(table.get_batch(list(words)), dtype=np.float32)
        probability = np.exp(log_probabilities(words))
        lengths = np.linalg.norm(vectors, axis=1)
        weights = _RARITY / (_RARITY + probability) / np.where(lengths > 0, lengths, 1)
        return np.asarray(vectors * weights[:, None], dtype=np.float32)


def summed_words(texts: Iterable[Iterable[str]], word_vectors: WordVectors) -> Vectors:
    """Add up the vectors of each text's words, repeats included.

    Parameters
    ----------
    texts : iterable of iterable of str
        The words of each text as written; those without a letter, and the stand-ins of personal
        data, say nothing.
    word_vectors : WordVectors

    Returns
    -------
    ndarray of shape (n_texts, n_dims)
        Float32, not of unit length; zeros for a text without words. A text's sum does not depend on
        the other texts.
    """
    kept = [[word.lower() for word in words if _says_something(word)] for words in texts]
    known = sorted({word for words in kept for word in words})
    place = {word: i for i, word in enumerate(known)}
    vectors = word_vectors.weighed(known)
    sums = np.zeros((len(kept), word_vectors.n_dims), dtype=np.float32)
    for i, words in enumerate(kept):
        sums[i] = vectors[[place[word] for word in words]].sum(axis=0)
    return sums


def _says_something(word: str) -> bool:
    return not word.startswith("[") and any(char.isalpha() for char in word)
