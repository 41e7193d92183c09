"""Tell the valence of a report: the one ticked, or where none was, that of its text if it is plain.

The text is judged where a valence is ticked too, to be set against the tick; it overrules none.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.assign.features import Documents, Features, fit_features
from pipeline.assign.linear import logit, sigmoid
from pipeline.assign.sentences import fold_of
from pipeline.label.example_scores import ExampleScores
from pipeline.label.label_score import NOT_SAID, LabelScore, fit_label
from pipeline.label.wording import of_each, words_only
from pipeline.valences import VALENCES

NOT_STATED = ""
PRIOR_REPORTS = 30.0  # reports that the shares below count for beside those ticked
PRIOR_SHARES = (0.55, 0.2, 0.25)  # of VALENCES: forms mostly report what is amiss


@dataclass(frozen=True)
class FittedValences:
    """What telling the valence of a report from its text needs.

    Attributes
    ----------
    examples : ExampleScores
        Of the valences, in the order of :data:`pipeline.valences.VALENCES`.
    features : Features
    scores : tuple of LabelScore
        One a valence.
    before : ndarray, shape (3,)
        Share of each valence, before the text is looked at.
    ticked : tuple of str
        Sources with a valence ticked: there the study's own scores and shares count.
    """

    examples: ExampleScores
    features: Features
    scores: tuple[LabelScore, ...]
    before: np.ndarray
    ticked: tuple[str, ...]

    def shares(
        self, documents: Documents, reports: pd.DataFrame, report_ids: list[str]
    ) -> np.ndarray:
        """Return how likely each report is of each valence, shape (n_reports, 3)."""
        rows = self.features.transform(words_only(documents))
        is_like = np.isin(of_reports("data_source", reports, report_ids), self.ticked)
        folds = np.array([fold_of(report_id) for report_id in report_ids], dtype=int)
        by_examples = _against_others(self.examples.scores(documents))
        odds = [
            score.ratios(rows, folds, by_examples[:, k], is_like)
            for k, score in enumerate(self.scores)
        ]
        before = np.where(is_like[:, None], self.before, np.array(PRIOR_SHARES))
        shares = sigmoid(np.stack(odds, axis=1) + logit(before))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def fit_valences(
    documents: Documents,
    reports: pd.DataFrame,
    report_ids: list[str],
    examples: ExampleScores,
    seed: int,
) -> FittedValences:
    """Learn what reports ticked with each valence are like.

    Parameters
    ----------
    documents : Documents
        The reports to learn from.
    reports : DataFrame
        Those that teach.
    report_ids : list of str
        Those to learn from.
    examples : ExampleScores
        Of the valences.
    seed : int

    Returns
    -------
    FittedValences
    """
    words, ticked = words_only(documents), of_reports("valence", reports, report_ids)
    features = fit_features(words, (), min_df=2)
    rows, by_examples = features.transform(words), _against_others(examples.scores(documents))
    folds = np.array([fold_of(report_id) for report_id in report_ids], dtype=int)
    told = ticked != ""
    n_ticked = np.array([(ticked == valence).sum() for valence in VALENCES], dtype=float)
    before = (n_ticked + PRIOR_REPORTS * np.array(PRIOR_SHARES)) / (n_ticked.sum() + PRIOR_REPORTS)
    scores = tuple(
        fit_label(
            rows,
            folds,
            np.where(told, ticked == valence, NOT_SAID).astype(int),
            by_examples[:, k],
            seed,
        )
        for k, valence in enumerate(VALENCES)
    )
    sources = of_each(reports.loc[reports["valence"] != "", "data_source"])
    return FittedValences(examples, features, scores, before, sources)


def of_reports(name: str, reports: pd.DataFrame, report_ids: list[str]) -> np.ndarray:
    """Return a column of some reports, in their order."""
    values = dict(zip(reports["report_id"], reports[name], strict=True))
    return np.array([values[report_id] for report_id in report_ids], dtype=object)


def valence_rows(
    report_ids: list[str], ticked: np.ndarray, shares: np.ndarray, min_confidence: float
) -> dict[str, list[object]]:
    """Return the columns of the table ``report_valences``.

    Parameters
    ----------
    report_ids : list of str
    ticked : ndarray of object, shape (n_reports,)
    shares : ndarray, shape (n_reports, 3)
        How likely each valence is by the text.
    min_confidence : float
        0-1, below which the text is said to have no plain valence.
    """
    best = shares.argmax(axis=1)
    place = {valence: k for k, valence in enumerate(VALENCES)}
    by_text = [
        VALENCES[k] if shares[i, k] >= min_confidence else NOT_STATED for i, k in enumerate(best)
    ]
    return {
        "report_id": list(report_ids),
        "valence": [tick or text for tick, text in zip(ticked, by_text, strict=True)],
        "text_valence": list(by_text),
        "score": [float(shares[i, k]) for i, k in enumerate(best)],
        "ticked": list(ticked),
        "ticked_score": [
            float(shares[i, place[valence]]) if valence in place else None
            for i, valence in enumerate(ticked)
        ],
    }


def _against_others(scores: np.ndarray) -> np.ndarray:
    """Return the log likelihood ratio of each label against the mean of the others."""
    n_labels = scores.shape[1]
    others = [
        np.logaddexp.reduce(np.delete(scores, k, axis=1), axis=1) - np.log(n_labels - 1)
        for k in range(n_labels)
    ]
    return np.asarray(scores - np.stack(others, axis=1))


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
