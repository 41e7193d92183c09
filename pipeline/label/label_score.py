"""Score one yes-or-no label of a text, taught by what forms say about it and by examples.

What a form says is a weak label: sentences of the box for proposals are proposals, most of them.
The score is a log likelihood ratio, to be added to the log odds that the label has beforehand, so
that the box a sentence stands in and what the sentence says are two sources that can disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Documents, Features, Matrix
from pipeline.assign.linear import Linear, ThemeClassifier, fit_logistic, logit
from pipeline.assign.sentences import N_FOLDS
from pipeline.taxonomy.model import Taxonomy

C = 5.0  # inverse strength of the penalty
MIN_LABELS = 15  # weakly labelled texts, with and without, below which examples alone teach
NOT_SAID = -1


@dataclass(frozen=True)
class LabelScore:
    """What texts say for a label and against it.

    Attributes
    ----------
    unseen : tuple of Linear
        One score a fold, learnt without the reports of that fold: a report's own box or tick must
        not have taught the score that is set against it.
    slope, shift : float
        Make log likelihood ratios of scores.
    """

    unseen: tuple[Linear, ...]
    slope: float
    shift: float

    def ratios(self, rows: Matrix, folds: np.ndarray) -> np.ndarray:
        """Return the log likelihood ratio of each text, shape (n_texts,)."""
        return self.slope * _held_out(self.unseen, rows, folds) + self.shift


def fit_label(
    rows: Matrix,
    folds: np.ndarray,
    said: np.ndarray,
    example_rows: Matrix,
    example_labels: np.ndarray,
    seed: int,
) -> LabelScore:
    """Learn a label from weak labels and examples; from examples alone where those are few.

    Parameters
    ----------
    rows : csr_array, shape (n_texts, n_features)
    folds : ndarray of int, shape (n_texts,)
        Fold of each text's report, 0-4.
    said : ndarray of int8, shape (n_texts,)
        What the form says: 1 with the label, 0 without, -1 nothing.
    example_rows : csr_array, shape (n_examples, n_features)
    example_labels : ndarray of bool, shape (n_examples,)
    seed : int

    Returns
    -------
    LabelScore
        Scores of texts not learnt from are set on the scale of log likelihood ratios with two
        numbers (Platt scaling); those of examples alone are set to mean 0 and spread 1.

    Notes
    -----
    Platt, Probabilistic outputs for support vector machines, in Advances in Large Margin
    Classifiers (1999). The constant loses the log odds of the label among the weakly labelled.
    """
    n_with, n_without = int((said == 1).sum()), int((said == 0).sum())
    is_taught = min(n_with, n_without) >= MIN_LABELS
    unseen = tuple(
        _fit(
            rows,
            np.flatnonzero((said != NOT_SAID) & (folds != fold) & is_taught),
            said,
            (example_rows, example_labels),
            seed,
        )
        for fold in range(N_FOLDS)
    )
    scores = _held_out(unseen, rows, folds)
    if not is_taught:
        spread = max(float(scores.std()), 1e-9) if len(scores) else 1.0
        return LabelScore(unseen, 1 / spread, -float(scores.mean()) / spread if len(scores) else 0)
    told = said != NOT_SAID
    slope, shift = fit_logistic([scores[told, None]], (said == 1)[told, None])
    base = float(logit(n_with / (n_with + n_without)))
    return LabelScore(unseen, float(slope[0]), shift - base)


def _fit(
    rows: Matrix,
    places: np.ndarray,
    said: np.ndarray,
    examples: tuple[Matrix, np.ndarray],
    seed: int,
) -> Linear:
    """Train one classifier on the texts at some places and on the examples."""
    from scipy.sparse import csr_array, vstack

    together = csr_array(vstack([rows[places], examples[0]], format="csr"))
    labels = np.concatenate([said[places] == 1, examples[1]])
    return ThemeClassifier(c=C, seed=seed).fit(together, labels[:, None])


def _held_out(unseen: Sequence[Linear], rows: Matrix, folds: np.ndarray) -> np.ndarray:
    """Return the score of each text by the classifier of its fold."""
    scores = np.zeros(rows.shape[0])
    for fold, score in enumerate(unseen):
        own = np.flatnonzero(folds == fold)
        if len(own):
            scores[own] = score(rows[own])[:, 0]
    return scores


@dataclass(frozen=True)
class Examples:
    """Example sentences of a small set of labels.

    Attributes
    ----------
    documents : Documents
    labels : tuple of str
        Label of each example.
    """

    documents: Documents
    labels: tuple[str, ...]

    def rows(self, features: Features) -> Matrix:
        """Return the feature rows."""
        return features.transform(self.documents)

    def are(self, label: str) -> np.ndarray:
        """Return which examples have a label, bool, shape (n_examples,)."""
        return np.array([own == label for own in self.labels])


def example_phrases(labels: Taxonomy) -> tuple[list[str], tuple[str, ...]]:
    """Return the Finnish examples of a set of labels, and the label of each."""
    found = [
        (phrase.text, label)
        for label in labels.theme_ids
        for phrase in labels.examples[label]
        if phrase.lang == "fi"
    ]
    return [text for text, _ in found], tuple(label for _, label in found)
