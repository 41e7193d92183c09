"""Say which sentences, words and ticks carried a suggestion.

A report's log odds are a sum: words, vector, ticks and a constant. Words go to the sentences they
stand in, by occurrence. The vector of a report is not the sum of its sentences' vectors, so it is
first written as the closest mixture of them, with no sentence counted against; each sentence then
gets its part of the mixture. What the mixture misses, words and sentences that speak against the
theme, and the constant are left out, so the pieces shown add up to more or less than the whole.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Matrix, Word
from pipeline.assign.fitted import FittedThemes

TICK = "[rasti]"

Evidence = list[dict[str, object]]


@dataclass(frozen=True)
class Explained:
    """Reports to explain, with their sentences.

    Attributes
    ----------
    rows : csr_array, shape (n_reports, n_features)
    tick_odds : ndarray, shape (n_reports, n_themes)
        What ticks added to the log odds.
    words : tuple of tuple of Word
        The words of each sentence.
    sentence_rows : csr_array, shape (n_segments, n_features)
    segment_ids : tuple of str
    of_report : ndarray of int, shape (n_segments,)
        Row of each sentence's report.
    """

    rows: Matrix
    tick_odds: np.ndarray
    words: tuple[tuple[Word, ...], ...]
    sentence_rows: Matrix
    segment_ids: tuple[str, ...]
    of_report: np.ndarray


def explain(
    explained: Explained, assigned: np.ndarray, fitted: FittedThemes, max_evidence: int
) -> list[Evidence]:
    """Return the evidence of every pair, report by report; none for pairs not suggested.

    Parameters
    ----------
    explained : Explained
    assigned : ndarray of bool, shape (n_reports, n_themes)
    fitted : FittedThemes
    max_evidence : int
        Most pieces of one pair.

    Returns
    -------
    list of list of dict
        Each piece has ``segment_id``, ``term`` and ``contribution``, in log odds. A word has
        both; a sentence by its vector has the term ``""``; the reporter's tick has no segment and
        the term ``"[rasti]"``, and its contribution is negative where the theme was not ticked.
        The largest contribution, by absolute size, comes first.
    """
    from threadpoolctl import threadpool_limits

    evidence: list[Evidence] = []
    weights = fitted.text.weights * fitted.weights.text
    with threadpool_limits(limits=1):
        for i, themes in enumerate(assigned):
            own = np.flatnonzero(explained.of_report == i)
            parts = _ReportParts.of(explained, i, own, fitted.features.vocabulary, weights)
            for j, is_assigned in enumerate(themes):
                evidence.append(parts.strongest(j, max_evidence) if is_assigned else [])
    return evidence


@dataclass(frozen=True)
class _ReportParts:
    """One report's log odds, taken apart.

    Attributes
    ----------
    places : list of (segment_id, term)
        Where each row of ``parts`` stands.
    parts : ndarray, shape (n_places, n_themes)
    ticks : ndarray, shape (n_themes,)
    """

    places: list[tuple[str, str]]
    parts: np.ndarray
    ticks: np.ndarray

    @classmethod
    def of(
        cls,
        explained: Explained,
        i: int,
        own: np.ndarray,
        vocabulary: dict[str, int],
        weights: np.ndarray,
    ) -> "_ReportParts":
        """Take one report apart into words and sentences."""
        n_terms = len(vocabulary)
        row = explained.rows[[i]].toarray()[0]
        places: list[tuple[str, str]] = []
        parts: list[np.ndarray] = []
        for (s, lemma), shares in _shares(explained.words, own).items():
            columns = {
                vocabulary[term]: share for term, share in shares.items() if term in vocabulary
            }
            if columns:
                at = list(columns)
                amounts = np.array(list(columns.values())) * row[at]
                places.append((explained.segment_ids[s], lemma))
                parts.append((amounts[:, None] * weights[at]).sum(axis=0))
        vectors = explained.sentence_rows[own].toarray()[:, n_terms:]
        mixture = _mixture(vectors, row[n_terms:])
        for s, vector, share in zip(own, vectors, mixture, strict=True):
            places.append((explained.segment_ids[s], ""))
            parts.append(share * (vector[:, None] * weights[n_terms:]).sum(axis=0))
        return cls(places, np.array(parts), explained.tick_odds[i])

    def strongest(self, j: int, max_evidence: int) -> Evidence:
        """Return the pieces that speak for one theme, largest first."""
        found = [
            (float(value), *place)
            for place, value in zip(self.places, self.parts[:, j], strict=True)
            if value > 0
        ]
        if self.ticks[j] != 0:
            found.append((float(self.ticks[j]), "", TICK))
        found.sort(key=lambda piece: (-abs(piece[0]), piece[1], piece[2]))
        return [
            {"segment_id": segment_id, "term": term, "contribution": contribution}
            for contribution, segment_id, term in found[:max_evidence]
        ]


def _shares(
    words: tuple[tuple[Word, ...], ...], own: np.ndarray
) -> dict[tuple[int, str], dict[str, float]]:
    """Return, for each sentence and lemma, its share of the report's occurrences of each term.

    A compound gathers what its parts contribute, so that evidence names words as they were used.
    """
    counts: dict[tuple[int, str], dict[str, int]] = {}
    totals: dict[str, int] = {}
    for s in own:
        for word in words[s]:
            of_word = counts.setdefault((int(s), word.lemma), {})
            for term in word.terms:
                of_word[term] = of_word.get(term, 0) + 1
                totals[term] = totals.get(term, 0) + 1
    return {
        place: {term: n / totals[term] for term, n in of_word.items()}
        for place, of_word in counts.items()
    }


def _mixture(sentences: np.ndarray, report: np.ndarray) -> np.ndarray:
    """Return the weights, none below 0, that make sentences come closest to the report."""
    from scipy.optimize import nnls

    weights: np.ndarray = nnls(sentences.T, report, maxiter=100 * len(sentences))[0]
    return weights
