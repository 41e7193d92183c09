"""Set the valence a report was ticked with against the valence of its text."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.assign.features import Documents, Features, fit_features
from pipeline.assign.linear import logit, sigmoid
from pipeline.assign.sentences import fold_of
from pipeline.label.label_score import NOT_SAID, Examples, LabelScore, fit_label
from pipeline.valences import VALENCES

PRIOR_REPORTS = 30.0  # reports that an even split counts for beside those ticked


@dataclass(frozen=True)
class FittedValences:
    """What telling the valence of a report from its text needs.

    Attributes
    ----------
    features : Features
    scores : tuple of LabelScore
        One a valence.
    before : ndarray, shape (3,)
        Share of each valence, before the text is looked at.
    """

    features: Features
    scores: tuple[LabelScore, ...]
    before: np.ndarray

    def shares(self, documents: Documents, report_ids: list[str]) -> np.ndarray:
        """Return how likely each report is of each valence, shape (n_reports, 3)."""
        rows = self.features.transform(documents)
        folds = np.array([fold_of(report_id) for report_id in report_ids], dtype=int)
        odds = np.stack([score.ratios(rows, folds) for score in self.scores], axis=1)
        shares = sigmoid(odds + logit(self.before))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def fit_valences(
    documents: Documents, report_ids: list[str], ticked: np.ndarray, examples: Examples, seed: int
) -> FittedValences:
    """Learn what reports ticked with each valence are like.

    Parameters
    ----------
    documents : Documents
        The reports to learn from.
    report_ids : list of str
    ticked : ndarray of object, shape (n_reports,)
        The valence of each, ``""`` where none was ticked.
    examples : Examples
        Of the valences.
    seed : int

    Returns
    -------
    FittedValences
    """
    features = fit_features(documents, examples.documents.terms, min_df=2)
    rows, example_rows = features.transform(documents), examples.rows(features)
    folds = np.array([fold_of(report_id) for report_id in report_ids], dtype=int)
    told = ticked != ""
    n_ticked = np.array([(ticked == valence).sum() for valence in VALENCES], dtype=float)
    before = (n_ticked + PRIOR_REPORTS / 3) / (n_ticked.sum() + PRIOR_REPORTS)
    scores = tuple(
        fit_label(
            rows,
            folds,
            np.where(told, ticked == valence, NOT_SAID).astype(int),
            example_rows,
            examples.are(valence),
            seed,
        )
        for valence in VALENCES
    )
    return FittedValences(features, scores, before)


def valence_rows(
    report_ids: list[str], ticked: np.ndarray, shares: np.ndarray
) -> dict[str, list[object]]:
    """Return the columns of the table ``report_valences``."""
    best = shares.argmax(axis=1)
    place = {valence: k for k, valence in enumerate(VALENCES)}
    return {
        "report_id": list(report_ids),
        "valence": [VALENCES[k] for k in best],
        "score": [float(shares[i, k]) for i, k in enumerate(best)],
        "ticked": list(ticked),
        "ticked_score": [
            float(shares[i, place[valence]]) if valence in place else None
            for i, valence in enumerate(ticked)
        ],
    }


def report_documents(
    segments: pd.DataFrame,
    terms: dict[str, tuple[str, ...]],
    report_ids: list[str],
    vectors: np.ndarray,
) -> Documents:
    """Return what reports observe, as texts to score; proposals lean no way."""
    told: dict[str, list[str]] = {report_id: [] for report_id in report_ids}
    columns = (segments[name] for name in ("segment_id", "report_id", "field"))
    for segment_id, report_id, field in zip(*columns, strict=True):
        if field == "observation" and report_id in told:
            told[report_id].extend(terms.get(segment_id, ()))
    return Documents(tuple(tuple(told[i]) for i in report_ids), vectors)
