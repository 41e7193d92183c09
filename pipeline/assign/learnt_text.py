"""Learn one score of texts: from the taxonomy, and from coded or ticked reports where they are."""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.fitted import MIN_CODED
from pipeline.assign.linear import Linear, fit_logistic, sigmoid
from pipeline.assign.self_training import SelfTraining
from pipeline.assign.sentences import ReportRows
from pipeline.assign.stack import Stack
from pipeline.assign.ticks import is_full
from pipeline.assign.zero_shot import TaxonomyAlone

_LEAST_SPREAD = 1e-6  # below it all scores are one
_BEYOND = 60.0  # log odds beyond the scores between which the shift is looked for
SLOPE = 1.1  # log odds for one standard deviation of the zero-shot score, with nothing coded
MIN_LABELS = 30  # ticked forms from which ticks teach what the texts of a theme are like


@dataclass(frozen=True)
class LearntText:
    """A score of texts, its joint values for the pool, and what makes log odds of them.

    Attributes
    ----------
    text : Linear
    unseen : tuple of Linear
        The same learnt without one fold each; empty where no report was learnt from.
    scores : ndarray, shape (n_reports, n_themes)
        Of a report that was learnt from, by what had not seen it.
    scale, shift : float
        Log odds are ``scale * scores + shift``.
    """

    text: Linear
    unseen: tuple[Linear, ...]
    scores: np.ndarray
    scale: float
    shift: float


def learn_text(
    alone: TaxonomyAlone,
    rows: ReportRows,
    coded: tuple[np.ndarray, np.ndarray],
    ticks: np.ndarray,
    mean_themes: float,
) -> LearntText:
    """Learn to score texts from the taxonomy, coded reports and, for the rest, their ticks.

    Parameters
    ----------
    alone : TaxonomyAlone
        Of the same pool.
    rows : ReportRows
        Of the pool.
    coded : tuple of ndarray
        Places of the coded reports in the pool, and bool of shape (n_coded, n_themes).
    ticks : ndarray of int8, shape (n_reports, n_themes)
        -1 throughout where ticks are not used.
    mean_themes : float
        Themes a report has on average.
    """
    zero_shot = alone.zero_shot(mean_themes)
    places, truth = _labelled(*coded, ticks)
    if not len(places):
        text = zero_shot.blend(rows.whole)
        scores = rows.score(text)
        return LearntText(text, (), scores, *moment_matched(scores, mean_themes))
    stack = Stack(zero_shot, alone.theme_rows, alone.theme_labels, rows.whole, alone.seed)
    text, unseen = stack.fit(rows.take(places), truth)
    uncoded = rows.whole[np.setdiff1d(np.arange(rows.whole.shape[0]), places)]
    teach = SelfTraining(uncoded, alone.theme_rows, alone.theme_labels, mean_themes, alone.seed)
    text, unseen = teach.improve(text, unseen, rows.take(places), truth)
    scores = rows.score(text)
    scores[places] = rows.take(places).score_unseen(unseen)
    known = coded if len(coded[0]) >= MIN_CODED else (places, truth)
    slope, shift = fit_logistic([scores[known[0]]], known[1])
    return LearntText(text, unseen, scores, float(slope[0]), shift)


def _labelled(
    coded: np.ndarray, truth: np.ndarray, ticks: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places and themes to learn from: coded, and where many tick, as ticked."""
    ticked = np.setdiff1d(np.flatnonzero(is_full(ticks)), coded)
    if len(ticked) < MIN_LABELS:
        return coded, truth
    return np.concatenate([coded, ticked]), np.vstack([truth, ticks[ticked] == 1])


def moment_matched(scores: np.ndarray, mean_themes: float) -> tuple[float, float]:
    """Return scale and shift at which probabilities add up to ``mean_themes`` a report."""
    from scipy.optimize import brentq

    spread = float(scores.std())
    scale = SLOPE / spread if spread > _LEAST_SPREAD else SLOPE
    target: float = min(mean_themes, 0.95 * scores.shape[1])

    def excess(shift: float) -> float:
        return float(sigmoid(scale * scores + shift).sum(axis=1).mean() - target)

    low, high = float(scale * scores.min()), float(scale * scores.max())
    return scale, float(brentq(excess, -high - _BEYOND, -low + _BEYOND))
