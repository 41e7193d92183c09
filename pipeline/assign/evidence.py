"""Say which sentences, words and ticks carried a suggestion.

A report's log odds are a sum: its words and vector, those of its strongest sentence for the theme,
ticks, and a remainder that its other themes and a constant make. Words go to the sentences they
stand in, by occurrence. The vector of a report is not the sum of its sentences' vectors, so it is
first written as the closest mixture of them, with no sentence counted against; each sentence then
gets its part of the mixture. What the mixture misses, words and sentences that speak against the
theme, and the remainder are left out, so the pieces shown add up to more or less than the whole.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Word
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.sentences import SENTENCE_SHARE, ReportRows

TICK = "[rasti]"

Evidence = list[dict[str, object]]


@dataclass(frozen=True)
class Explained:
    """Reports to explain, with their sentences.

    Attributes
    ----------
    rows : ReportRows
    ticks : ndarray of int8, shape (n_reports, n_themes)
    slopes : ndarray, shape (n_reports, n_themes)
        How much of the text's log odds counts, beside ticks.
    tick_odds : ndarray, shape (n_reports, n_themes)
        What ticks added to the log odds.
    words : tuple of tuple of Word
        The words of each sentence.
    segment_ids : tuple of str
    """

    rows: ReportRows
    ticks: np.ndarray
    slopes: np.ndarray
    tick_odds: np.ndarray
    words: tuple[tuple[Word, ...], ...]
    segment_ids: tuple[str, ...]


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
    with threadpool_limits(limits=1):
        for i, themes in enumerate(assigned):
            own = np.flatnonzero(explained.rows.of_report == i)
            parts = _ReportParts.of(explained, i, own, fitted)
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
        cls, explained: Explained, i: int, own: np.ndarray, fitted: FittedThemes
    ) -> "_ReportParts":
        """Take one report apart into words and sentences."""
        vocabulary, n_terms = fitted.features.vocabulary, fitted.features.n_terms
        text = fitted.text_of(int(explained.rows.folds[i]), explained.ticks[i])
        weights = text.weights * fitted.scale
        whole = explained.rows.whole[[i]].toarray()[0]
        sentences = explained.rows.sentences[own].toarray()
        scores = text(explained.rows.sentences[own])
        carries = scores.argmax(axis=0) == np.arange(len(own))[:, None]
        places: list[tuple[str, str]] = []
        parts: list[np.ndarray] = []
        for (s, lemma), shares in _shares(explained.words, own).items():
            known = {
                vocabulary[term]: share for term, share in shares.items() if term in vocabulary
            }
            if known:
                at, k = list(known), int(np.flatnonzero(own == s)[0])
                of_report, of_sentence = np.array(list(known.values())).T
                places.append((explained.segment_ids[s], lemma))
                parts.append(
                    _joint(
                        (of_report * whole[at])[:, None] * weights[at],
                        (of_sentence * sentences[k, at])[:, None] * weights[at] * carries[k],
                    )
                )
        mixture = _mixture(sentences[:, n_terms:], whole[n_terms:])
        for k, s in enumerate(own):
            by_vector = sentences[k, n_terms:][:, None] * weights[n_terms:]
            places.append((explained.segment_ids[s], ""))
            parts.append(_joint(mixture[k] * by_vector, by_vector * carries[k]))
        return cls(places, np.array(parts) * explained.slopes[i], explained.tick_odds[i])

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


def _joint(of_report: np.ndarray, of_sentence: np.ndarray) -> np.ndarray:
    """Return what features add to each theme, from the report's and the sentence's share."""
    joint = (1 - SENTENCE_SHARE) * of_report + SENTENCE_SHARE * of_sentence
    return np.asarray(joint.sum(axis=0))


def _shares(
    words: tuple[tuple[Word, ...], ...], own: np.ndarray
) -> dict[tuple[int, str], dict[str, tuple[float, float]]]:
    """Return, for each sentence and lemma, its share of the occurrences of each term.

    The first share is that of the report's occurrences, the second of the sentence's. A compound
    gathers what its parts contribute, so that evidence names words as they were used.
    """
    counts: dict[tuple[int, str], dict[str, int]] = {}
    totals: dict[str, int] = {}
    in_sentence: dict[tuple[int, str], int] = {}
    for s in own:
        for word in words[s]:
            of_word = counts.setdefault((int(s), word.lemma), {})
            for term in word.terms:
                of_word[term] = of_word.get(term, 0) + 1
                totals[term] = totals.get(term, 0) + 1
                in_sentence[int(s), term] = in_sentence.get((int(s), term), 0) + 1
    return {
        (s, lemma): {
            term: (n / totals[term], n / in_sentence[s, term]) for term, n in of_word.items()
        }
        for (s, lemma), of_word in counts.items()
    }


def _mixture(sentences: np.ndarray, report: np.ndarray) -> np.ndarray:
    """Return the weights, none below 0, that make sentences come closest to the report."""
    from scipy.optimize import nnls

    weights: np.ndarray = nnls(sentences.T, report, maxiter=100 * len(sentences))[0]
    return weights
