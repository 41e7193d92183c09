"""Correct a form's ticks where the text speaks against them, as one mistake a form at most.

A reporter who knows the themes forgets one or adds a doubtful one; hardly anyone errs twice on the
same form. So the mistakes that a form may hold, one a theme, compete with one another and with
there being none. A mistake is the likelier the further text and the other ticks speak against the
tick, and the less the ticks of its theme are to be trusted; on a form with many ticks it is rather
a stray tick, on one with few a missing one.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.ticks import TickReliability

# log odds; learnt on library questions with simulated ticks, not on reports
DEFAULTS = np.array([0.2, 0.0, 0.9, 0.85, 0.35, 0.6])
PRECISION = np.array([1.0, 1.0, 40.0, 40.0, 40.0, 40.0])  # of the normal prior around them
PAIR_PRIOR = 2.0  # forms that two themes independent of one another count for


@dataclass(frozen=True)
class FlipModel:
    """How text and other ticks tell a mistaken tick or a missing one.

    Attributes
    ----------
    reliability : TickReliability
    together : ndarray, shape (n_themes, n_themes)
        Log of how much oftener two themes are ticked together than chance has it; 0 on the
        diagonal.
    mean_ticks : float
        Ticks a form has on average.
    weights : ndarray, shape (6,)
        Of a missing tick, of a stray tick, of text for a missing tick, of text against a stray
        tick, of which other themes are ticked, of how many are.
    """

    reliability: TickReliability
    together: np.ndarray
    mean_ticks: float
    weights: np.ndarray

    def log_odds(self, text: np.ndarray, ticks: np.ndarray) -> np.ndarray:
        """Return the log odds of each theme on forms with ticks, shape (n_reports, n_themes).

        Parameters
        ----------
        text : ndarray, shape (n_reports, n_themes)
            Log odds from the text.
        ticks : ndarray of int8, shape (n_reports, n_themes)
            1 ticked, 0 not ticked.
        """
        is_ticked = ticks == 1
        mistake = _log_odds_of_mistake(self._mistakes(text, is_ticked))
        return np.asarray(np.where(is_ticked, -mistake, mistake))

    def slopes(self, ticks: np.ndarray) -> np.ndarray:
        """Return how much of the text's log odds each theme takes, on forms with ticks."""
        return np.asarray(np.where(ticks == 1, self.weights[3], self.weights[2]))

    def _mistakes(self, text: np.ndarray, is_ticked: np.ndarray) -> np.ndarray:
        """Return the unnormalised log odds of each mistake against none."""
        columns, offset = _columns(
            text, is_ticked, self.together, self.mean_ticks, self.reliability
        )
        return np.asarray(columns @ self.weights + offset)


def fit_flips(
    reliability: TickReliability,
    all_ticks: np.ndarray,
    text: np.ndarray,
    ticks: np.ndarray,
    truth: np.ndarray,
) -> FlipModel:
    """Learn from coded forms how far to follow the text against the ticks.

    Parameters
    ----------
    reliability : TickReliability
    all_ticks : ndarray of int8, shape (n_forms, n_themes)
        Ticks of all reports, coded or not; -1 throughout a form without any.
    text : ndarray, shape (n_coded, n_themes)
        Log odds from the text of reports that the classifiers had not seen.
    ticks : ndarray of int8, shape (n_coded, n_themes)
    truth : ndarray of bool, shape (n_coded, n_themes)

    Returns
    -------
    FlipModel
        With the default weights when no coded form has a tick. A form with several mistakes
        counts as a part of each.

    Notes
    -----
    A conditional logit over "no mistake" and one mistake a theme (McFadden, Conditional logit
    analysis, in Zarembka, Frontiers in Econometrics, 1974), with a normal prior on its weights.
    """
    from scipy.optimize import minimize

    forms = all_ticks[(all_ticks >= 0).any(axis=1)] == 1
    together = _together(forms, all_ticks.shape[1])
    mean_ticks = float(forms.sum(axis=1).mean()) if len(forms) else 0.0
    asked = (ticks >= 0).any(axis=1)
    if not asked.any():
        return FlipModel(reliability, together, mean_ticks, DEFAULTS)
    is_ticked, is_mistake = ticks[asked] == 1, (ticks[asked] == 1) != truth[asked]
    columns, offset = _columns(text[asked], is_ticked, together, mean_ticks, reliability)
    share = is_mistake / np.maximum(is_mistake.sum(axis=1, keepdims=True), 1)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = columns @ weights + offset
        total = _log_total(scores)
        off = weights - DEFAULTS
        value = total.sum() - (share * scores).sum() + 0.5 * (PRECISION * off * off).sum()
        excess = np.exp(scores - total) - share
        return float(value), np.einsum("ij,ijk->k", excess, columns) + PRECISION * off

    weights = minimize(loss, DEFAULTS, jac=True).x
    return FlipModel(reliability, together, mean_ticks, weights)


def _columns(
    text: np.ndarray,
    is_ticked: np.ndarray,
    together: np.ndarray,
    mean_ticks: float,
    reliability: TickReliability,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what speaks for each mistake: columns to weigh, and the tick's own log odds."""
    others = is_ticked.astype(float) @ together
    excess = is_ticked.sum(axis=1, keepdims=True) - mean_ticks
    columns = np.stack(
        [
            ~is_ticked,
            is_ticked,
            np.where(is_ticked, 0.0, text),
            np.where(is_ticked, -text, 0.0),
            np.where(is_ticked, -others, others),
            np.where(is_ticked, excess, -excess),
        ],
        axis=-1,
    ).astype(float)
    own = reliability.log_odds(is_ticked.astype(np.int8))
    return columns, np.where(is_ticked, -own, own)


def _together(ticked: np.ndarray, n_themes: int) -> np.ndarray:
    """Return the log of observed over expected joint ticks, shrunk towards 0."""
    if not len(ticked):
        return np.zeros((n_themes, n_themes))
    pairs = ticked.T.astype(float) @ ticked
    share = ticked.mean(axis=0)
    expected = len(ticked) * np.outer(share, share)
    together = np.log((pairs + PAIR_PRIOR) / (expected + PAIR_PRIOR))
    np.fill_diagonal(together, 0.0)
    return np.asarray(together)


def _log_total(scores: np.ndarray) -> np.ndarray:
    """Return log(1 + sum of exp(score)) of each row, as a column."""
    top = np.maximum(scores.max(axis=1, keepdims=True), 0.0)
    return np.asarray(top + np.log(np.exp(-top) + np.exp(scores - top).sum(axis=1, keepdims=True)))


def _log_odds_of_mistake(scores: np.ndarray) -> np.ndarray:
    """Return the log odds of each mistake against no mistake and all others."""
    found = np.empty(scores.shape)
    for j in range(scores.shape[1]):
        others = np.delete(scores, j, axis=1)
        rest = _log_total(others) if others.shape[1] else np.zeros((len(scores), 1))
        found[:, j] = scores[:, j] - rest[:, 0]
    return found
