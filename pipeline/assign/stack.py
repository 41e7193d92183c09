"""Learn from coded reports: classifiers, and one small model for all themes that weighs them."""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Matrix
from pipeline.assign.fitted import Weights
from pipeline.assign.linear import Linear, ThemeClassifier, fit_logistic, logit
from pipeline.assign.zero_shot import ZeroShot

ANCHOR = 30.0  # coded reports that the zero-shot score counts for
PRIOR_WEIGHT = 20.0  # coded reports that the mean share of themes counts for, in one theme
N_FOLDS = 5


@dataclass(frozen=True)
class Stack:
    """One logistic model over (report, theme) pairs, anchored to the zero-shot score.

    Attributes
    ----------
    zero_shot : ZeroShot
    theme_rows : csr_array, shape (n_texts, n_features)
        The taxonomy's texts, which train the classifiers beside the coded reports.
    theme_labels : ndarray of bool, shape (n_texts, n_themes)
    pool_rows : csr_array, shape (n_reports, n_features)
    seed : int
    """

    zero_shot: ZeroShot
    theme_rows: Matrix
    theme_labels: np.ndarray
    pool_rows: Matrix
    seed: int

    def fit(self, rows: Matrix, truth: np.ndarray) -> tuple[Linear, np.ndarray]:
        """Learn from coded reports.

        Parameters
        ----------
        rows : csr_array, shape (n_coded, n_features)
        truth : ndarray of bool, shape (n_coded, n_themes)

        Returns
        -------
        text : Linear
            Log odds of each theme from the text.
        held_out : ndarray, shape (n_coded, n_themes)
            The same for the coded reports, by classifiers that had not seen them.
        """
        n_coded, n_themes = truth.shape
        n_with = truth.sum(axis=0)
        share = max(float(truth.mean()), 0.02)
        prior = logit((n_with + PRIOR_WEIGHT * share) / (n_coded + PRIOR_WEIGHT))
        trust = np.log1p(n_with) / np.log1p(100)
        seen, unseen = self._classify(rows, truth), self._classify_unseen(rows, truth)
        zero = Linear(np.zeros_like(seen.weights), np.zeros(n_themes))
        parts = [zero.scaled(1.0, prior), seen, seen.scaled(trust)]
        columns = [np.broadcast_to(prior, unseen.shape), unseen, unseen * trust]
        for score in self.zero_shot.parts:
            parts += [score, score.scaled(1 - trust)]
            columns += [score(rows), score(rows) * (1 - trust)]
        weights, constant = fit_logistic(columns, truth)
        stacked = zero.scaled(1.0, constant)
        for weight, part in zip(weights, parts, strict=True):
            stacked = stacked + part.scaled(float(weight))
        stacked_unseen = sum(w * c for w, c in zip(weights, columns, strict=True)) + constant

        anchor = self._anchor(rows, truth)
        lean = n_coded / (n_coded + ANCHOR)
        text = stacked.scaled(lean) + anchor.scaled(1 - lean)
        return text, lean * stacked_unseen + (1 - lean) * anchor(rows)

    def _classify(self, rows: Matrix, truth: np.ndarray) -> Linear:
        """Train the classifiers on coded reports and the taxonomy's texts."""
        from scipy.sparse import csr_array, vstack

        together = csr_array(vstack([rows, self.theme_rows], format="csr"))
        labels = np.vstack([truth, self.theme_labels])
        return ThemeClassifier(c=5.0, seed=self.seed).fit(together, labels)

    def _classify_unseen(self, rows: Matrix, truth: np.ndarray) -> np.ndarray:
        """Return the scores of coded reports by classifiers that had not seen them."""
        scores = np.empty(truth.shape)
        for fold in _folds(len(truth), self.seed):
            rest = np.setdiff1d(np.arange(len(truth)), fold)
            scores[fold] = self._classify(rows[rest], truth[rest])(rows[fold])
        return scores

    def _anchor(self, rows: Matrix, truth: np.ndarray) -> Linear:
        """Put the zero-shot score on the scale of log odds, with two numbers (Platt scaling)."""
        blend = self.zero_shot.blend(self.pool_rows)
        weights, constant = fit_logistic([blend(rows)], truth)
        return blend.scaled(float(weights[0]), constant)


def _folds(n_rows: int, seed: int) -> list[np.ndarray]:
    """Deal rows into at most ``N_FOLDS`` folds, none of them empty."""
    order = np.random.default_rng(seed).permutation(n_rows)
    return [np.sort(order[i::N_FOLDS]) for i in range(min(N_FOLDS, n_rows))]


def weigh(text: np.ndarray, ticks: np.ndarray, truth: np.ndarray) -> Weights:
    """Weigh text against ticks on coded reports, leaning on equal weights while they are few.

    Parameters
    ----------
    text, ticks : ndarray, shape (n_coded, n_themes)
        Log odds from held-out text and from ticks.
    truth : ndarray of bool, shape (n_coded, n_themes)

    Returns
    -------
    Weights
    """
    learnt, constant = fit_logistic([text, ticks], truth)
    lean = len(truth) / (len(truth) + ANCHOR)
    return Weights(
        text=float(lean * learnt[0] + (1 - lean)),
        ticks=float(lean * learnt[1] + (1 - lean)),
        shift=float(lean * constant),
    )
