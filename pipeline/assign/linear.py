"""Straight-line scores: every score here is a sum over words, vector parts and a constant.

Zero-shot likeness, classifiers and the stack over them are all linear in the features, so the
whole mapper folds into one weight a feature and theme. That is what makes evidence add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.assign.features import Matrix


@dataclass(frozen=True)
class Linear:
    """One linear score a theme.

    Attributes
    ----------
    weights : ndarray, shape (n_features, n_themes)
    constant : ndarray, shape (n_themes,)
    """

    weights: np.ndarray
    constant: np.ndarray

    def __call__(self, rows: Matrix) -> np.ndarray:
        """Return scores, shape (n_documents, n_themes)."""
        return np.asarray(rows @ self.weights + self.constant)

    def __add__(self, other: "Linear") -> "Linear":
        """Return the sum of two scores as one score."""
        return Linear(self.weights + other.weights, self.constant + other.constant)

    def scaled(self, factor: float | np.ndarray, shift: float | np.ndarray = 0.0) -> "Linear":
        """Return the score times ``factor`` plus ``shift``; either may differ by theme."""
        return Linear(self.weights * factor, self.constant * factor + shift)


def logit(p: np.ndarray | float) -> np.ndarray:
    """Return the log odds of a probability."""
    p = np.asarray(p, dtype=float)
    return np.asarray(np.log(p / (1 - p)))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return the probability of log odds, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=float))))


@dataclass(frozen=True)
class ThemeClassifier:
    """One logistic regression a theme, on reports and theme texts together.

    Attributes
    ----------
    c : float
        Inverse strength of the penalty.
    seed : int
    """

    c: float
    seed: int

    def fit(self, rows: Matrix, labels: np.ndarray) -> Linear:
        """Learn a classifier for each theme.

        Parameters
        ----------
        rows : csr_array, shape (n_documents, n_features)
        labels : ndarray of bool, shape (n_documents, n_themes)

        Returns
        -------
        Linear
            Log odds, with both classes weighted alike. A theme that no document has, or that all
            have, gets a constant.
        """
        from sklearn.linear_model import LogisticRegression

        n_documents, n_themes = labels.shape
        weights = np.zeros((rows.shape[1], n_themes))
        constant = np.full(n_themes, float(logit(0.5 / (n_documents + 1))))
        for j in range(n_themes):
            if labels[:, j].all() or not labels[:, j].any():
                continue
            model = LogisticRegression(
                C=self.c,
                class_weight="balanced",
                solver="liblinear",
                dual=True,
                max_iter=5000,
                random_state=self.seed,
            )
            model.fit(rows, labels[:, j])
            weights[:, j] = model.coef_[0]
            constant[j] = model.intercept_[0]
        return Linear(weights, constant)


def fit_logistic(
    columns: Sequence[np.ndarray], labels: np.ndarray, *, c: float = 1.0
) -> tuple[np.ndarray, float]:
    """Fit one logistic model over all (report, theme) pairs.

    Parameters
    ----------
    columns : sequence of ndarray, each of shape (n_reports, n_themes)
        What the model may lean on.
    labels : ndarray of bool, shape (n_reports, n_themes)
    c : float, default=1
        Inverse strength of the penalty.

    Returns
    -------
    weights : ndarray, shape (n_columns,)
        In the unit of each column.
    constant : float
    """
    from sklearn.linear_model import LogisticRegression

    x = np.stack([column.ravel() for column in columns], axis=1)
    mean, deviation = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    model = LogisticRegression(C=c, max_iter=1000).fit((x - mean) / deviation, labels.ravel())
    weights = model.coef_[0] / deviation
    return weights, float(model.intercept_[0] - weights @ mean)
