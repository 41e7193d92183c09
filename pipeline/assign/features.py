"""Turn reports, sentences and theme texts into one feature space that every model here shares.

A row is ``[words | vector]``: TF-IDF weights of lemmas and compound parts, at unit length, beside
the encoder's vector less the mean of the pool, at unit length. Both halves therefore weigh alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.lemmatise.protocol import FUNCTION_POS, MIN_TERM_CHARS
from pipeline.texts import Texts
from pipeline.vectors import unit

Matrix = Any  # scipy.sparse.csr_array, imported only where it is made

_ROWS_AT_ONCE = 8192
"""Texts laid out at a time: what is held on the way is a few times their rows."""


@dataclass(frozen=True)
class Documents:
    """Texts to score: reports, sentences or theme texts.

    Attributes
    ----------
    terms : tuple of tuple of str
        Lemmas and compound parts of each text, one entry an occurrence.
    vectors : ndarray, shape (n_documents, n_dims)
        Encoder vectors, unit length.
    """

    terms: tuple[tuple[str, ...], ...]
    vectors: np.ndarray

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.terms)

    def take(self, rows: Sequence[int] | np.ndarray) -> "Documents":
        """Return the texts at these places, in this order."""
        return Documents(tuple(self.terms[i] for i in rows), self.vectors[np.asarray(rows, int)])


@dataclass(frozen=True)
class Features:
    """The feature space: its words with their weights, and the middle of the vectors.

    Attributes
    ----------
    vocabulary : dict of str to int
        Column of each term.
    idf : ndarray, shape (n_terms,)
        Inverse document frequency, smoothed as in scikit-learn: ``ln((1 + n) / (1 + df)) + 1``.
    centre : ndarray, shape (n_dims,)
        Mean vector of the pool.
    """

    vocabulary: dict[str, int]
    idf: np.ndarray
    centre: np.ndarray

    @property
    def n_terms(self) -> int:
        """Number of word columns, which stand before the vector columns."""
        return len(self.vocabulary)

    def transform(self, documents: Documents, *, centre: np.ndarray | None = None) -> Matrix:
        """Return the feature rows of texts.

        Parameters
        ----------
        documents : Documents
        centre : ndarray, shape (n_dims,), optional
            Mean taken off the vectors instead of the pool's, for theme texts, which lie elsewhere
            in the encoder's space than reports do.

        Returns
        -------
        scipy.sparse.csr_array, shape (n_documents, n_terms + n_dims)
            Sparse although the vectors are not: a sparse product adds up each row by itself in a
            fixed order, so that a report's score does not depend, to the last bit, on its batch.
        """
        from scipy.sparse import csr_array, vstack

        middle = self.centre if centre is None else centre
        starts = range(0, max(1, len(documents)), _ROWS_AT_ONCE)
        blocks = [self._rows(documents, start, middle) for start in starts]
        return blocks[0] if len(blocks) == 1 else csr_array(vstack(blocks, format="csr"))

    def _rows(self, documents: Documents, start: int, middle: np.ndarray) -> Matrix:
        """Return the feature rows of some thousand texts."""
        from scipy.sparse import csr_array, hstack

        some = slice(start, start + _ROWS_AT_ONCE)
        vectors = unit(documents.vectors[some] - middle)
        words = self._words(documents.terms[some])
        return csr_array(hstack([words, csr_array(vectors)], format="csr"))

    def _words(self, documents: Sequence[Sequence[str]]) -> Matrix:
        """Return unit-length rows of (1 + ln count) x idf."""
        from scipy.sparse import csr_array

        found: list[int] = []
        lengths = np.zeros(len(documents), dtype=np.int64)
        for place, terms in enumerate(documents):
            known = [column for column in map(self.vocabulary.get, terms) if column is not None]
            found.extend(known)
            lengths[place] = len(known)
        width = max(self.n_terms, 1)
        rows = np.repeat(np.arange(len(documents)), lengths)
        cells, counts = np.unique(rows * width + np.array(found, np.int64), return_counts=True)
        rows, columns = np.divmod(cells, width)
        weights = (1.0 + np.log(counts)) * self.idf[columns]
        norms = np.sqrt(np.bincount(rows, weights * weights, minlength=len(documents)))
        weights /= np.maximum(norms, 1e-12)[rows]
        starts = np.zeros(len(documents) + 1, dtype=np.int32)  # liblinear wants int32
        np.cumsum(np.bincount(rows, minlength=len(documents)), out=starts[1:])
        shape = (len(documents), self.n_terms)
        return csr_array((weights, columns.astype(np.int32), starts), shape=shape)


def fit_features(pool: Documents, theme_terms: Iterable[Sequence[str]], min_df: int) -> Features:
    """Learn the vocabulary, the word weights and the middle of the vectors.

    Parameters
    ----------
    pool : Documents
        All reports, coded or not.
    theme_terms : iterable of sequence of str
        Terms of the taxonomy's texts: a word that one report and one theme text share is kept.
    min_df : int
        Texts, reports and theme texts together, that a term must stand in.

    Returns
    -------
    Features
    """
    documents = [*pool.terms, *theme_terms]
    frequency: dict[str, int] = {}
    for terms in documents:
        for term in set(terms):
            frequency[term] = frequency.get(term, 0) + 1
    kept = sorted(term for term, n in frequency.items() if n >= min_df)
    counts = np.array([frequency[term] for term in kept], dtype=float)
    return Features(
        vocabulary={term: i for i, term in enumerate(kept)},
        idf=np.log((1 + len(documents)) / (1 + counts)) + 1.0,
        centre=pool.vectors.astype(float).mean(axis=0),
    )


class Word(NamedTuple):
    """A word of a text, and what it is indexed by.

    Attributes
    ----------
    lemma : str
        As in table ``tokens``.
    terms : tuple of str
        Its lemma and, of a compound, the parts too, in lower case.
    """

    lemma: str
    terms: tuple[str, ...]


def index_word(lemma: str, parts: Iterable[str], pos: str) -> Word:
    """Return what one word is indexed by: nothing for function words, numbers and short words.

    Examples
    --------
    >>> index_word("vuokra-asunto", ["vuokra", "asunto"], "NOUN").terms
    ('vuokra-asunto', 'vuokra', 'asunto')
    >>> index_word("mutta", [], "CCONJ").terms
    ()
    """
    if pos in FUNCTION_POS:
        return Word(lemma, ())
    base = lemma.lower()
    terms = [base, *(part for part in (p.lower() for p in parts) if part != base)]
    kept = tuple(t for t in terms if len(t) >= MIN_TERM_CHARS and t[0].isalpha())
    return Word(lemma, kept)


def segment_words(tokens: pd.DataFrame) -> dict[str, tuple[Word, ...]]:
    """Return the words of each segment that has tokens.

    Parameters
    ----------
    tokens : DataFrame with columns ``segment_id``, ``lemma``, ``parts``, ``pos``

    Returns
    -------
    dict of str to tuple of Word
    """
    words: dict[str, list[Word]] = {}
    known: dict[tuple[str, tuple[str, ...], str], Word] = {}  # a corpus repeats a few words
    columns = (tokens[name] for name in ("segment_id", "lemma", "parts", "pos"))
    for segment_id, lemma, parts, pos in zip(*columns, strict=True):
        key = (lemma, tuple(parts), pos)
        word = known.get(key)
        if word is None:
            word = known[key] = index_word(lemma, parts, pos)
        words.setdefault(segment_id, []).append(word)
    return {segment_id: tuple(found) for segment_id, found in words.items()}


def terms_of(words: Iterable[Word]) -> tuple[str, ...]:
    """Return the index terms of words, one entry an occurrence."""
    return tuple(term for word in words for term in word.terms)


def report_documents(
    texts: Texts,
) -> tuple[Documents, list[str]]:
    """Return the reports that can be scored: those of quality ok that have segments.

    Parameters
    ----------
    texts : Texts

    Returns
    -------
    documents : Documents
        Terms of all segments of a report, and the vector of the report.
    report_ids : list of str
        In the order of ``reports``.
    """
    segments, reports = texts.segments, texts.reports
    by_segment = segment_words(texts.tokens)
    terms: dict[str, list[str]] = {}
    for segment_id, report_id in zip(segments["segment_id"], segments["report_id"], strict=True):
        terms.setdefault(report_id, []).extend(terms_of(by_segment.get(segment_id, ())))
    good = reports.loc[reports["quality"] == "ok", "report_id"]
    report_ids = [report_id for report_id in good if report_id in terms]
    vectors = texts.report_vectors(report_ids).astype(float)
    return Documents(tuple(tuple(terms[i]) for i in report_ids), vectors), report_ids
