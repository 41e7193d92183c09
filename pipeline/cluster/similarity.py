"""How like two reports are: by vectors, by sentences, by words and by the meaning of words.

The four views fail in different ways, so they are put on one scale (standard scores of the pairs)
and added; a small sample of reports is then looked at many times with parts of each view left out
(:meth:`ReportSpace.perturbed`), which :mod:`pipeline.cluster.consensus` needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.vectors import unit

VIEW_WEIGHTS = (1.0, 1.0, 0.5, 0.5)
"""Weight of vectors, sentences, words and the static vectors of words in the sum."""

_DROP = 0.4
"""Share of dimensions, sentences and words left out of a perturbed similarity."""

_JITTER = (0.6, 1.4)
"""Range of the factors by which a perturbed similarity changes the four weights."""

_MIN_PAIRS = 4
"""Fewest entries of two languages' block that have a scale of their own."""

_SENTENCE_BLOCK = 1024
"""Sentences compared with all others at a time."""


def centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the mean away from vectors and give them unit length; a zero vector stays zero.

    The mean of sentence encoders is large and says nothing: without it the likenesses of a corpus
    spread out.
    """
    if not len(vectors):
        return vectors
    return unit(np.asarray(vectors - vectors.mean(axis=0), dtype=np.float32))


def joined(
    vectors: NDArray[np.float32],
    word_vectors: NDArray[np.float32],
    weights: tuple[float, float, float, float] = VIEW_WEIGHTS,
) -> NDArray[np.float32]:
    """Put the encoder's vectors and the static vectors of words side by side, for a graph.

    Their cosine is the mean of both cosines, in the weights of those views.

    Parameters
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
    word_vectors : ndarray of shape (n_reports, n_word_dims)
        Both of unit length, mean taken away; a report without words has zeros.
    weights : tuple of float, default=:data:`VIEW_WEIGHTS`
        Of the four views; those of sentences and words are not used.

    Returns
    -------
    ndarray of shape (n_reports, n_dims + n_word_dims)
        Unit length.
    """
    of_texts, of_words = np.sqrt(np.array([weights[0], weights[3]], dtype=np.float32))
    return unit(np.hstack([of_texts * vectors, of_words * word_vectors]))


def standardised(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the pairs of a square matrix mean 0 and deviation 1; the diagonal is left out.

    A matrix whose pairs are all alike becomes zeros.
    """
    n_rows = len(matrix)
    if n_rows < 2:
        return np.zeros_like(matrix, dtype=np.float32)
    n_pairs = n_rows * (n_rows - 1)
    pairs = matrix.astype(np.float64)
    np.fill_diagonal(pairs, 0)
    mean = pairs.sum() / n_pairs
    spread = np.sqrt(max(0.0, (pairs**2).sum() / n_pairs - mean**2))
    if spread < 1e-6:
        return np.zeros_like(matrix, dtype=np.float32)
    return np.asarray((matrix - mean) / spread, dtype=np.float32)


def within_languages(
    matrix: NDArray[np.float32], languages: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Give the pairs of each two languages mean 0 and deviation 1 by themselves.

    Texts in one language are more alike than texts in two, whatever they are about. What counts is
    how a pair stands among the pairs of the same two languages. Fewer than four pairs tell nothing
    and become zeros.

    Parameters
    ----------
    matrix : ndarray of shape (n_reports, n_reports)
    languages : ndarray of shape (n_reports,)
        Number of each report's language.
    """
    made = np.zeros_like(matrix, dtype=np.float32)
    numbers = np.unique(languages).tolist()
    for one in numbers:
        for other in numbers[numbers.index(one) :]:
            rows, columns = np.flatnonzero(languages == one), np.flatnonzero(languages == other)
            block = matrix[np.ix_(rows, columns)].astype(np.float64)
            is_pair = (
                np.ones(block.shape, dtype=bool) if one != other else ~np.eye(len(rows), dtype=bool)
            )
            pairs = block[is_pair]
            if len(pairs) < _MIN_PAIRS or pairs.std() < 1e-6:
                continue
            scaled = ((block - pairs.mean()) / pairs.std()).astype(np.float32)
            made[np.ix_(rows, columns)] = scaled
            made[np.ix_(columns, rows)] = scaled.T
    return made


def best_matches(
    sentences: NDArray[np.float32], owners: NDArray[np.int64], n_reports: int
) -> NDArray[np.float32]:
    """Return how well each sentence is met in each report: its most like sentence there.

    Parameters
    ----------
    sentences : ndarray of shape (n_segments, n_dims)
        Unit length.
    owners : ndarray of shape (n_segments,)
        Report of each sentence, ascending; every report from 0 to ``n_reports - 1`` has one.
    n_reports : int

    Returns
    -------
    ndarray of shape (n_segments, n_reports)
        Cosines, -1 to 1.
    """
    first = np.searchsorted(owners, np.arange(n_reports))
    blocks = [
        np.maximum.reduceat(sentences[start : start + _SENTENCE_BLOCK] @ sentences.T, first, axis=1)
        for start in range(0, len(sentences), _SENTENCE_BLOCK)
    ]
    return np.concatenate(blocks)


@dataclass(frozen=True, eq=False)
class ReportSpace:
    """The four views of a set of reports.

    Attributes
    ----------
    vectors : ndarray of shape (n_reports, n_dims)
        Report vectors, mean taken away (:func:`centred`).
    matches : ndarray of shape (n_segments, n_reports)
        :func:`best_matches` of the centred sentence vectors.
    owners : ndarray of shape (n_segments,)
        Report of each sentence, ascending.
    words : csr_matrix of shape (n_reports, n_words)
        TF-IDF of lemmas and compound parts, rows of unit length.
    word_vectors : ndarray of shape (n_reports, n_word_dims)
        Sums of the static vectors of words, mean taken away.
    languages : ndarray of shape (n_reports,), optional
        Number of each report's language. Pairs are then likened within each pair of languages by
        itself (:func:`within_languages`), so that a language alone makes no two reports alike.
    weights : tuple of float, default=:data:`VIEW_WEIGHTS`
        How much each of the four views counts.
    """

    vectors: NDArray[np.float32]
    matches: NDArray[np.float32]
    owners: NDArray[np.int64]
    words: sparse.csr_matrix
    word_vectors: NDArray[np.float32]
    languages: NDArray[np.int64] | None = None
    weights: tuple[float, float, float, float] = VIEW_WEIGHTS

    def similarity(self) -> NDArray[np.float32]:
        """Return the likeness of every pair of reports, as a standard score.

        Returns
        -------
        ndarray of shape (n_reports, n_reports)
            Symmetric, mean 0 and deviation 1 off the diagonal.
        """
        every_sentence = np.ones(len(self.owners), dtype=bool)
        return self._combined(
            self.vectors, every_sentence, self.words, self.word_vectors, self.weights
        )

    def perturbed(self, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return the likeness with parts of each view left out and the weights shaken.

        40 % of dimensions, sentences (but one a report) and words are left out; each weight is
        multiplied by a number between 0.6 and 1.4.
        """
        dims = rng.random(self.vectors.shape[1]) >= _DROP
        words = rng.random(self.words.shape[1]) >= _DROP
        sentences = rng.random(len(self.owners)) >= _DROP
        word_dims = rng.random(self.word_vectors.shape[1]) >= _DROP
        n_reports = len(self.vectors)
        bare = np.bincount(self.owners[sentences], minlength=n_reports) == 0
        sentences[np.searchsorted(self.owners, np.flatnonzero(bare))] = True
        shaken = rng.uniform(*_JITTER, size=4) * self.weights
        return self._combined(
            unit(self.vectors[:, dims]),
            sentences,
            _unit_rows(self.words[:, np.flatnonzero(words)]),
            unit(self.word_vectors[:, word_dims]),
            shaken.tolist(),
        )

    def _combined(
        self,
        vectors: NDArray[np.float32],
        sentences: NDArray[np.bool_],
        words: sparse.csr_matrix,
        word_vectors: NDArray[np.float32],
        weights: Sequence[float],
    ) -> NDArray[np.float32]:
        """Add the four views, each as standard scores."""
        by_vectors = self._scaled(vectors @ vectors.T)
        by_sentences = self._scaled(self._sentence_likeness(sentences))
        by_words = self._scaled((words @ words.T).toarray().astype(np.float32))
        by_meaning = self._scaled(word_vectors @ word_vectors.T)
        return self._scaled(
            weights[0] * by_vectors
            + weights[1] * by_sentences
            + weights[2] * by_words
            + weights[3] * by_meaning
        )

    def _scaled(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """Put a view on the common scale."""
        if self.languages is None or not self.languages.any():
            return standardised(matrix)
        return within_languages(matrix, self.languages)

    def _sentence_likeness(self, sentences: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Average, both ways, how well the sentences of one report are met in the other.

        Only the sentences doing the looking are thinned; all may be found.
        """
        n_reports = self.matches.shape[1]
        owners = self.owners[sentences]
        first = np.searchsorted(owners, np.arange(n_reports))
        sums = np.add.reduceat(self.matches[sentences], first, axis=0)
        means = sums / np.bincount(owners, minlength=n_reports)[:, None]
        return ((means + means.T) / 2).astype(np.float32)


def word_view(
    counts: sparse.csr_matrix, n_of_language: NDArray[np.int64] | None = None
) -> sparse.csr_matrix:
    """Weigh words by TF-IDF: of those in at least two reports and at most 30 % of them.

    Parameters
    ----------
    counts : csr_matrix of shape (n_reports, n_words)
    n_of_language : ndarray of shape (n_words,), optional
        Reports with words in the language of each word, among which it is common or rare; by
        default all reports.

    Returns
    -------
    csr_matrix of shape (n_reports, n_words_kept)
        ``1 + log(count)`` times smoothed inverse document frequency, rows of unit length.
    """
    n_reports = (
        np.full(counts.shape[1], counts.shape[0]) if n_of_language is None else n_of_language
    )
    in_reports = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = (in_reports >= 2) & (in_reports <= np.maximum(2.0, 0.3 * n_reports))
    weighed = sparse.csr_matrix(counts[:, np.flatnonzero(kept)], dtype=np.float64)
    weighed.data = 1 + np.log(weighed.data)
    rarity = np.log((1 + n_reports[kept]) / (1 + in_reports[kept])) + 1
    return _unit_rows(sparse.csr_matrix(weighed.multiply(rarity[None, :])))


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Give rows of a sparse matrix unit length; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = sparse.diags(1 / np.where(lengths > 0, lengths, 1))
    return sparse.csr_matrix(scale @ matrix)
