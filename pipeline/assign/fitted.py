"""What the mapper learnt, as plain numbers: enough to score any report by itself."""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.decision import assign_by_cut
from pipeline.assign.features import Features, Matrix
from pipeline.assign.linear import Linear, sigmoid
from pipeline.assign.ticks import TickReliability


@dataclass(frozen=True)
class Weights:
    """How log odds of text and ticks add up: ``text * text_odds + ticks * tick_odds + shift``."""

    text: float = 1.0
    ticks: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True)
class FittedThemes:
    """All that scoring a report needs; nothing in it depends on the report's batch.

    Attributes
    ----------
    theme_ids : tuple of str
        In the taxonomy's order, which is that of every theme axis.
    features : Features
    text : Linear
        Log odds of each theme from the text alone.
    ticks : TickReliability or None
        None when ticks are not used.
    weights : Weights
        How text and ticks add up.
    cut, ticked_cut : float
        Log odds above which a theme is suggested, on forms without and with ticks.
    min_score : float
        Score below which even a report's strongest theme is not suggested, 0-1.
    n_coded : int
        Coded reports it was learnt from. Below 30 scores order pairs but are not probabilities.
    """

    theme_ids: tuple[str, ...]
    features: Features
    text: Linear
    ticks: TickReliability | None
    weights: Weights
    cut: float
    ticked_cut: float
    min_score: float
    n_coded: int

    def tick_log_odds(self, ticks: np.ndarray) -> np.ndarray:
        """Return what ticks add to the log odds, shape (n_reports, n_themes)."""
        if self.ticks is None:
            return np.zeros(ticks.shape)
        return np.asarray(self.weights.ticks * self.ticks.log_odds(ticks))

    def text_log_odds(self, rows: Matrix) -> np.ndarray:
        """Return the log odds of each theme from the text, shape (n_documents, n_themes)."""
        return np.asarray(self.weights.text * self.text(rows) + self.weights.shift)

    def log_odds(self, rows: Matrix, ticks: np.ndarray) -> np.ndarray:
        """Return the log odds of each theme, shape (n_reports, n_themes).

        Parameters
        ----------
        rows : csr_array, shape (n_reports, n_features)
            From ``features.transform``.
        ticks : ndarray of int8, shape (n_reports, n_themes)
        """
        return np.asarray(self.text_log_odds(rows) + self.tick_log_odds(ticks))

    def decide(self, log_odds: np.ndarray, ticks: np.ndarray) -> np.ndarray:
        """Return which pairs are suggested, bool, shape (n_reports, n_themes)."""
        is_ticked = (ticks >= 0).any(axis=1, keepdims=True) & (self.ticks is not None)
        cuts = np.where(is_ticked, self.ticked_cut, self.cut)
        is_sure = sigmoid(log_odds) >= self.min_score
        return np.asarray(assign_by_cut(log_odds, cuts) & is_sure)
