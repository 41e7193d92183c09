"""Say what a suggestion's log odds are made of, piece by piece, so that the pieces add up.

A report's log odds are a sum: its words and vector, those of its strongest sentence for the theme,
what the theme has before any text is read, ticks, and what its strongest theme takes off all of
them. Words go to the sentences they stand in, by occurrence. The vector of a report is not the sum
of its sentences' vectors, so it is first written as the closest mixture of them, with no sentence
counted against; each sentence then gets its part of the mixture. The largest pieces are shown, for
the theme and against it; the smaller ones, what the mixture misses and what the strongest theme
takes are one stated remainder.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Word
from pipeline.assign.field_evidence import FieldPieces
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.sentences import RIVAL_SHARE, SENTENCE_SHARE, ReportRows

TICK = "[rasti]"
PRIOR = "[lähtötaso]"
REST = "[muu]"

_NOTHING = 1e-9  # log odds that are left over by rounding

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
    fields : FieldPieces
        What client groups, valence and source added.
    words : tuple of tuple of Word
        The words of each sentence.
    segment_ids : tuple of str
    """

    rows: ReportRows
    ticks: np.ndarray
    slopes: np.ndarray
    tick_odds: np.ndarray
    fields: FieldPieces
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
        Most words and sentences of one pair.

    Returns
    -------
    list of list of dict
        Each piece has ``segment_id``, ``term`` and ``contribution``; contributions add up to the
        pair's log odds. Words and sentences come first, the largest by absolute size before the
        smaller: a word has both id and term, a sentence by its vector the term ``""``. Then come,
        without a segment, ``"[rasti]"``, what the form's ticks change, where it has any; a line
        a field of the form, as :func:`~pipeline.assign.field_evidence.field_terms` names it;
        ``"[lähtötaso]"``, what the theme has before any text is read; ``"[muu]"``, all the rest.
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
        What ticks change.
    fields : list of (term, ndarray of shape (n_themes,))
        What each field of the form adds.
    prior : ndarray, shape (n_themes,)
        What a theme has before any text is read.
    rest : ndarray, shape (n_themes,)
        What the mixture misses, and what the strongest theme takes off all themes.
    """

    places: list[tuple[str, str]]
    parts: np.ndarray
    ticks: np.ndarray
    fields: list[tuple[str, np.ndarray]]
    prior: np.ndarray
    rest: np.ndarray

    @classmethod
    def of(
        cls, explained: Explained, i: int, own: np.ndarray, fitted: FittedThemes
    ) -> "_ReportParts":
        """Take one report apart into words, sentences and what is neither."""
        n_terms, slopes = fitted.features.n_terms, explained.slopes[i]
        text = fitted.text_of(int(explained.rows.folds[i]), explained.ticks[i])
        weights = text.weights * fitted.scale
        row, own_rows = explained.rows.whole[[i]], explained.rows.sentences[own]
        whole, sentences = row.toarray()[0], own_rows.toarray()
        scores = text(own_rows)
        carries = scores.argmax(axis=0) == np.arange(len(own))[:, None]
        places, parts = _words(explained, own, fitted, (whole, sentences), weights, carries)
        mixture = _mixture(sentences[:, n_terms:], whole[n_terms:])
        for k, s in enumerate(own):
            by_vector = sentences[k, n_terms:][:, None] * weights[n_terms:]
            places.append((explained.segment_ids[s], ""))
            parts.append(_joint(mixture[k] * by_vector, by_vector * carries[k]).sum(axis=0))
        missed = (whole[n_terms:] - mixture @ sentences[:, n_terms:]) @ weights[n_terms:]
        mixed = (1 - SENTENCE_SHARE) * text(row)[0]
        strongest = (mixed + SENTENCE_SHARE * scores.max(axis=0)).max()
        return cls(
            places=places,
            parts=np.array(parts) * slopes,
            ticks=explained.tick_odds[i],
            fields=[
                (explained.fields.terms[i][field], added[i])
                for field, added in explained.fields.parts.items()
                if field in explained.fields.terms[i]
            ],
            prior=slopes * (fitted.scale * text.constant + fitted.shift)
            + explained.fields.constant[i],
            rest=slopes * ((1 - SENTENCE_SHARE) * missed - fitted.scale * RIVAL_SHARE * strongest),
        )

    def strongest(self, j: int, max_evidence: int) -> Evidence:
        """Return the largest pieces for one theme and against it, and what the others come to."""
        values = self.parts[:, j]
        order = sorted(range(len(values)), key=lambda k: (-abs(values[k]), self.places[k]))
        shown, left = order[:max_evidence], order[max_evidence:]
        pieces = [(*self.places[k], float(values[k])) for k in shown if values[k] != 0]
        if abs(self.ticks[j]) > _NOTHING:
            pieces.append(("", TICK, float(self.ticks[j])))
        pieces += [("", term, float(added[j])) for term, added in self.fields if added[j] != 0]
        pieces.append(("", PRIOR, float(self.prior[j])))
        pieces.append(("", REST, float(self.rest[j] + values[left].sum())))
        return [
            {"segment_id": segment_id, "term": term, "contribution": contribution}
            for segment_id, term, contribution in pieces
        ]


def _words(
    explained: Explained,
    own: np.ndarray,
    fitted: FittedThemes,
    rows: tuple[np.ndarray, np.ndarray],
    weights: np.ndarray,
    carries: np.ndarray,
) -> tuple[list[tuple[str, str]], list[np.ndarray]]:
    """Return what each word of a report adds, sentence by sentence, and where it stands."""
    from scipy.sparse import csr_array

    (whole, sentences), vocabulary = rows, fitted.features.vocabulary
    place_of = {int(s): k for k, s in enumerate(own)}
    places: list[tuple[str, str]] = []
    ends = [0]
    at: list[int] = []  # of each word's terms one after the other: column, sentence, shares
    in_sentence: list[int] = []
    shared: list[tuple[float, float]] = []
    for (s, lemma), shares in _shares(explained.words, own).items():
        known = [(vocabulary[term], share) for term, share in shares.items() if term in vocabulary]
        if not known:
            continue
        places.append((explained.segment_ids[s], lemma))
        at += [column for column, _ in known]
        ends.append(len(at))
        in_sentence += [place_of[s]] * len(known)
        shared += [share for _, share in known]
    if not at:
        return places, []
    of_report, of_sentence = np.array(shared).T
    joint = _joint(
        (of_report * whole[at])[:, None] * weights[at],
        (of_sentence * sentences[in_sentence, at])[:, None] * weights[at] * carries[in_sentence],
    )
    sums = csr_array((np.ones(len(at)), np.arange(len(at)), ends), shape=(len(places), len(at)))
    return places, list(sums @ joint)


def _joint(of_report: np.ndarray, of_sentence: np.ndarray) -> np.ndarray:
    """Return what each feature adds to each theme, from the report's and the sentence's share."""
    return (1 - SENTENCE_SHARE) * of_report + SENTENCE_SHARE * of_sentence


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
