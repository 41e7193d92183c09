"""Score one yes-or-no label of a text, taught by what forms say about it and by examples.

What a form says is a weak label: sentences of the box for proposals are proposals, most of them.
The score is a log likelihood ratio, to be added to the log odds that the label has beforehand, so
that the box a sentence stands in and what the sentence says are two sources that can disagree.
What the examples say (:mod:`pipeline.label.example_scores`) is one more thing to lean on, as much
as the forms bear out; it is all there is where too few forms say anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Matrix
from pipeline.assign.linear import Linear, ThemeClassifier, fit_logistic, logit
from pipeline.assign.sentences import N_FOLDS

C = 5.0  # inverse strength of the penalty
SCALING_C = 10.0  # the same, of what sets two scores on one scale
MIN_LABELS = 15  # weakly labelled texts, with and without, below which examples alone teach
NOT_SAID = -1


@dataclass(frozen=True)
class LabelScore:
    """What texts say for a label and against it.

    Attributes
    ----------
    unseen : tuple of Linear
        One score a fold, learnt without the reports of that fold: a report's own box or tick must
        not have taught the score that is set against it. Empty where examples alone teach.
    slope, by_examples, shift : float
        Make log likelihood ratios: what the study's own score counts for, what the examples'
        ratio does, and a constant.
    """

    unseen: tuple[Linear, ...]
    slope: float
    by_examples: float
    shift: float

    def ratios(
        self, rows: Matrix, folds: np.ndarray, examples: np.ndarray, is_like: np.ndarray
    ) -> np.ndarray:
        """Return the log likelihood ratio of each text, shape (n_texts,).

        Parameters
        ----------
        rows : csr_array, shape (n_texts, n_features)
        folds : ndarray of int, shape (n_texts,)
        examples : ndarray, shape (n_texts,)
            Log likelihood ratio by the examples.
        is_like : ndarray of bool, shape (n_texts,)
            Texts of the kind of source that taught the score; the others are left to the examples.
        """
        own = self.slope * _held_out(self.unseen, rows, folds)
        return np.where(is_like, own + self.by_examples * examples + self.shift, examples)


def fit_label(
    rows: Matrix, folds: np.ndarray, said: np.ndarray, examples: np.ndarray, seed: int
) -> LabelScore:
    """Learn a label from weak labels and what examples say; from the latter where those are few.

    Parameters
    ----------
    rows : csr_array, shape (n_texts, n_features)
    folds : ndarray of int, shape (n_texts,)
        Fold of each text's report, 0-4.
    said : ndarray of int8, shape (n_texts,)
        What the form says: 1 with the label, 0 without, -1 nothing.
    examples : ndarray, shape (n_texts,)
        Log likelihood ratio of each text by the examples.
    seed : int

    Returns
    -------
    LabelScore
        Scores of texts not learnt from and the examples' ratios are set on the scale of log
        likelihood ratios together (Platt scaling, with two inputs).

    Notes
    -----
    Platt, Probabilistic outputs for support vector machines, in Advances in Large Margin
    Classifiers (1999). The constant loses the log odds of the label among the weakly labelled.
    """
    n_with, n_without = int((said == 1).sum()), int((said == 0).sum())
    if min(n_with, n_without) < MIN_LABELS:
        return LabelScore((), 0.0, 1.0, 0.0)
    told = said != NOT_SAID
    learner = ThemeClassifier(c=C, seed=seed)
    unseen = tuple(
        learner.fit(rows[places], (said[places] == 1)[:, None])
        for places in (np.flatnonzero(told & (folds != fold)) for fold in range(N_FOLDS))
    )
    own = _held_out(unseen, rows, folds)
    columns = [own[told, None], examples[told, None]]
    slopes, shift = fit_logistic(columns, (said == 1)[told, None], c=SCALING_C)
    base = float(logit(n_with / (n_with + n_without)))
    return LabelScore(unseen, float(slopes[0]), float(slopes[1]), shift - base)


def _held_out(unseen: Sequence[Linear], rows: Matrix, folds: np.ndarray) -> np.ndarray:
    """Score each text by the classifier of its fold; by 0 where there is none."""
    scores = np.zeros(rows.shape[0])
    for fold, score in enumerate(unseen):
        own = np.flatnonzero(folds == fold)
        if len(own):
            scores[own] = score(rows[own])[:, 0]
    return scores
