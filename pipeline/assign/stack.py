"""Learn from coded reports: classifiers, and one small model for all themes that weighs them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Matrix
from pipeline.assign.linear import Linear, ThemeClassifier, fit_logistic, logit
from pipeline.assign.sentences import N_FOLDS, ReportRows
from pipeline.assign.zero_shot import ZeroShot

ANCHOR = 60.0  # coded reports that the zero-shot score counts for
PRIOR_WEIGHT = 20.0  # coded reports that the mean share of themes counts for, in one theme


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

    def fit(self, rows: ReportRows, truth: np.ndarray) -> tuple[Linear, tuple[Linear, ...]]:
        """Learn from labelled reports.

        Parameters
        ----------
        rows : ReportRows
            Of the labelled reports.
        truth : ndarray of bool, shape (n_labelled, n_themes)

        Returns
        -------
        text : Linear
            Score of each theme from a text.
        unseen : tuple of Linear
            The same, each learnt without the reports of one fold.
        """
        n_labelled, n_themes = truth.shape
        n_with = truth.sum(axis=0)
        share = max(float(truth.mean()), 0.02)
        prior = logit((n_with + PRIOR_WEIGHT * share) / (n_labelled + PRIOR_WEIGHT))
        trust = np.log1p(n_with) / np.log1p(100)
        seen = self._classify(rows.whole, truth)
        unseen = [self._classify_without(rows, truth, fold) for fold in range(N_FOLDS)]
        held_out = np.empty((n_labelled, n_themes))
        for fold, classifier in enumerate(unseen):
            own = rows.folds == fold
            held_out[own] = classifier(rows.whole[own])
        columns = self._columns(rows.whole, held_out, prior, trust)
        weights, constant = fit_logistic(columns, truth)
        anchor = self._anchor(rows.whole, truth)
        lean = n_labelled / (n_labelled + ANCHOR)

        def stacked(classifier: Linear) -> Linear:
            total = anchor.scaled(1 - lean)
            parts = self._parts(prior, classifier, trust)
            for weight, part in zip(weights, parts, strict=True):
                total = total + part.scaled(lean * float(weight))
            return total.scaled(1.0, lean * constant)

        return stacked(seen), tuple(stacked(classifier) for classifier in unseen)

    def _parts(self, prior: np.ndarray, seen: Linear, trust: np.ndarray) -> list[Linear]:
        """Return what the small model weighs, as scores of any text."""
        constant = Linear(np.zeros_like(seen.weights), prior)
        parts = [constant, seen, seen.scaled(trust)]
        for score in self.zero_shot.parts:
            parts += [score, score.scaled(1 - trust)]
        return parts

    def _columns(
        self, rows: Matrix, unseen: np.ndarray, prior: np.ndarray, trust: np.ndarray
    ) -> Sequence[np.ndarray]:
        """Return the same for coded texts, by classifiers that had not seen them."""
        columns = [np.broadcast_to(prior, unseen.shape), unseen, unseen * trust]
        for score in self.zero_shot.parts:
            columns += [score(rows), score(rows) * (1 - trust)]
        return columns

    def _classify(self, rows: Matrix, truth: np.ndarray) -> Linear:
        """Train the classifiers on coded reports and the taxonomy's texts."""
        from scipy.sparse import csr_array, vstack

        together = csr_array(vstack([rows, self.theme_rows], format="csr"))
        labels = np.vstack([truth, self.theme_labels])
        return ThemeClassifier(c=5.0, seed=self.seed).fit(together, labels)

    def _classify_without(self, rows: ReportRows, truth: np.ndarray, fold: int) -> Linear:
        """Train the classifiers without one fold."""
        rest = np.flatnonzero(rows.folds != fold)
        return self._classify(rows.whole[rest], truth[rest])

    def _anchor(self, rows: Matrix, truth: np.ndarray) -> Linear:
        """Put the zero-shot score on the scale of log odds, with two numbers (Platt scaling)."""
        blend = self.zero_shot.blend(self.pool_rows)
        weights, constant = fit_logistic([blend(rows)], truth)
        return blend.scaled(float(weights[0]), constant)
