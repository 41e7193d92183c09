"""Ask of a form's ticks whether they say anything of the texts, and how much."""

from dataclasses import dataclass

import numpy as np

from pipeline.assign.linear import sigmoid
from pipeline.assign.ticks import UNKNOWN

N_SHUFFLES = 199
MIN_TICKED = 20  # ticks below which nothing is asked, and they are believed as set
MAX_ROWS = 3000
ALPHA = 0.05
QUALITY_WEIGHT = 50.0  # ticks that believing them counts for, over all themes
THEME_QUALITY_WEIGHT = 20.0  # ticks that all themes together count for, in one theme


@dataclass(frozen=True)
class TickCheck:
    """What the texts say of the ticks.

    Attributes
    ----------
    n_ticked : ndarray of int, shape (n_themes,)
        Ticks of each theme.
    quality : ndarray, shape (n_themes,)
        Share of ticks that follow the text as right ones would, 0-1; the others are as good as
        dealt out by chance.
    rate : ndarray, shape (n_themes,)
        Share of the reports offered a theme that have it ticked.
    p_value : float
        Chance that ticks dealt out anew among the reports follow the texts as well; 1 when too few
        were ticked to ask.
    is_asked : bool
    """

    n_ticked: np.ndarray
    quality: np.ndarray
    rate: np.ndarray
    p_value: float
    is_asked: bool

    @property
    def helps(self) -> bool:
        """Whether the ticks are to be used: they follow the texts, or are too few to ask."""
        return not self.is_asked or self.p_value <= ALPHA


def check_ticks(text: np.ndarray, ticks: np.ndarray, seed: int) -> TickCheck:
    """Compare ticks with log odds from texts that were not taught by them.

    Parameters
    ----------
    text : ndarray, shape (n_reports, n_themes)
        Log odds from the text.
    ticks : ndarray of int8, shape (n_reports, n_themes)
        As :func:`pipeline.assign.ticks.tick_matrix` gives them.
    seed : int

    Returns
    -------
    TickCheck

    Notes
    -----
    A permutation test of the mean text score of ticked pairs, themes centred; ticks move between
    reports as whole forms, so that what is ticked together stays together. Quality is the observed
    difference between ticked and unticked pairs over the one that the text's own probabilities
    let expect of right ticks.
    """
    rows = np.flatnonzero((ticks != UNKNOWN).any(axis=1))
    rng = np.random.default_rng(seed)
    if len(rows) > MAX_ROWS:
        rows = np.sort(rng.choice(rows, MAX_ROWS, replace=False))
    ticked, known = ticks[rows] == 1, ticks[rows] != UNKNOWN
    n_ticked, n_known = ticked.sum(axis=0), np.maximum(known.sum(axis=0), 1)
    odds = text[rows]
    centred = odds - (odds * known).sum(axis=0) / n_known
    if n_ticked.sum() < MIN_TICKED:
        ones = np.ones(ticks.shape[1])
        return TickCheck(n_ticked, ones, n_ticked / n_known, 1.0, is_asked=False)
    seen = float((centred * ticked).sum())
    dealt = [float((centred * ticked[rng.permutation(len(rows))]).sum()) for _ in range(N_SHUFFLES)]
    p_value = (1 + sum(value >= seen for value in dealt)) / (1 + N_SHUFFLES)
    return TickCheck(
        n_ticked, _quality(centred, odds, ticked, known), n_ticked / n_known, p_value, is_asked=True
    )


def _quality(
    centred: np.ndarray, odds: np.ndarray, ticked: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """Return the quality of each theme's ticks, shrunk to that of all and to 1."""
    chance = sigmoid(odds)
    seen = _gap(centred, ticked.astype(float), known)
    expected = np.maximum(_gap(centred, chance, known), 1e-6)
    n = ticked.sum(axis=0)
    overall = float(np.clip((n * seen).sum() / max((n * expected).sum(), 1e-6), 0, 1))
    overall = (QUALITY_WEIGHT + n.sum() * overall) / (QUALITY_WEIGHT + n.sum())
    own = np.clip(seen / expected, 0, 1)
    return np.asarray((THEME_QUALITY_WEIGHT * overall + n * own) / (THEME_QUALITY_WEIGHT + n))


def _gap(values: np.ndarray, weights: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the mean of each theme with the weights less that with their complements."""
    inside, outside = weights * known, (1 - weights) * known
    return np.asarray(
        (values * inside).sum(axis=0) / np.maximum(inside.sum(axis=0), 1e-9)
        - (values * outside).sum(axis=0) / np.maximum(outside.sum(axis=0), 1e-9)
    )
