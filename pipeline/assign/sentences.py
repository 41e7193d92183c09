"""Reports with their sentences, side by side, and the score of a report from both.

A report touches a theme through one or two of its sentences, which its other sentences drown. Its
score is therefore two thirds that of the whole and one third that of its strongest sentence. A
quarter of its strongest theme's score is then taken off all its themes: what counts as much in a
report that is clear on one theme is less than in a report that is clear on none. A sentence is
scored as a report of that one sentence is.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Documents, Features, Matrix
from pipeline.assign.linear import Linear

SENTENCE_SHARE = 1 / 3
RIVAL_SHARE = 0.25
N_FOLDS = 5


@dataclass(frozen=True)
class ReportTexts:
    """Reports, whole and in sentences.

    Attributes
    ----------
    whole : Documents
    sentences : Documents
        Of all the reports; each report has at least one.
    of_report : ndarray of int, shape (n_sentences,)
        Place in ``whole`` of each sentence's report.
    folds : ndarray of int, shape (n_reports,)
        Which fold each report belongs to, 0-4, wherever it is met; from :func:`fold_of`.
    """

    whole: Documents
    sentences: Documents
    of_report: np.ndarray
    folds: np.ndarray

    def __len__(self) -> int:
        """Return the number of reports."""
        return len(self.whole)

    @classmethod
    def unsplit(cls, documents: Documents) -> "ReportTexts":
        """Return texts that are one sentence each."""
        places = np.arange(len(documents))
        return cls(documents, documents, places, places % N_FOLDS)

    def take(self, places: Sequence[int] | np.ndarray) -> "ReportTexts":
        """Return the reports at these places, in this order, with their sentences."""
        places = np.asarray(places, int)
        new_place = np.full(len(self), -1)
        new_place[places] = np.arange(len(places))
        own = np.flatnonzero(new_place[self.of_report] >= 0)
        return ReportTexts(
            self.whole.take(places),
            self.sentences.take(own),
            new_place[self.of_report[own]],
            self.folds[places],
        )

    def rows(self, features: Features) -> "ReportRows":
        """Return the feature rows."""
        return ReportRows(
            features.transform(self.whole),
            features.transform(self.sentences),
            self.of_report,
            self.folds,
        )


@dataclass(frozen=True)
class ReportRows:
    """Feature rows of reports and of their sentences.

    Attributes
    ----------
    whole : csr_array, shape (n_reports, n_features)
    sentences : csr_array, shape (n_sentences, n_features)
    of_report : ndarray of int, shape (n_sentences,)
        Row in ``whole`` of each sentence's report.
    folds : ndarray of int, shape (n_reports,)
        Fold of each report, 0-4.
    """

    whole: Matrix
    sentences: Matrix
    of_report: np.ndarray
    folds: np.ndarray

    def take(self, places: np.ndarray) -> "ReportRows":
        """Return the reports at these places, in this order, with their sentences."""
        new_place = np.full(self.whole.shape[0], -1)
        new_place[places] = np.arange(len(places))
        own = np.flatnonzero(new_place[self.of_report] >= 0)
        return ReportRows(
            self.whole[places],
            self.sentences[own],
            new_place[self.of_report[own]],
            self.folds[places],
        )

    def strongest(self, scores: np.ndarray) -> np.ndarray:
        """Return the largest of a report's sentence scores, shape (n_reports, n_themes)."""
        found = np.full((self.whole.shape[0], scores.shape[1]), -np.inf)
        np.maximum.at(found, self.of_report, scores)
        return found

    def score(self, text: Linear) -> np.ndarray:
        """Return the joint score of whole and strongest sentence, shape (n_reports, n_themes)."""
        return joint_score(text(self.whole), self.strongest(text(self.sentences)))

    def score_unseen(self, texts: Sequence[Linear]) -> np.ndarray:
        """Return joint scores, each report by the score that was learnt without its fold."""
        scores = np.zeros((self.whole.shape[0], len(texts[0].constant)))
        for fold, text in enumerate(texts):
            own = np.flatnonzero(self.folds == fold)
            if len(own):
                scores[own] = self.take(own).score(text)
        return scores


def fold_of(report_id: str) -> int:
    """Return the fold of a report, 0-4: the same in any batch and any run.

    Examples
    --------
    >>> [fold_of(report_id) for report_id in ("P1-001", "P1-002", "P1-003")]
    [0, 2, 0]
    """
    return zlib.crc32(report_id.encode("utf-8")) % N_FOLDS


def joint_score(whole: np.ndarray, strongest: np.ndarray) -> np.ndarray:
    """Return the score of reports from those of the whole and of the strongest sentence.

    Parameters
    ----------
    whole, strongest : ndarray, shape (n_reports, n_themes)

    Returns
    -------
    ndarray, shape (n_reports, n_themes)

    Examples
    --------
    >>> joint_score(np.array([[3.0, 0.0]]), np.array([[6.0, 3.0]])).tolist()
    [[3.0, 0.0]]
    """
    mixed = (1 - SENTENCE_SHARE) * whole + SENTENCE_SHARE * strongest
    return np.asarray(mixed - RIVAL_SHARE * mixed.max(axis=1, keepdims=True))
