"""Shares of themes from a random sample that people coded, helped by the machine's scores.

The machine scores every report, and errs; the coded sample is right, and small. The share among
the coded is moved by what the machine says of all reports beyond what it says of the coded ones,
so the machine's errors cancel and its knowledge narrows the interval.
"""

from dataclasses import dataclass

import numpy as np

LAMBDA_SHRINKAGE = 0.5  # way that each theme's weight of the machine goes to their mean
POOL_WEIGHT = 30.0  # coded reports that the variance of all themes together counts for in one
UNSEEN_ERRORS = 1 / 6  # of the machine, in each theme, that the sample is taken to have missed
MIN_SAMPLE = 10  # coded reports from which shares are corrected
_LEVEL = 0.95
_LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class CorrectedShares:
    """Shares of themes in a population, from a coded random sample of it.

    Attributes
    ----------
    share, low, high : ndarray, shape (n_themes,)
        0-1, with a 95 % interval.
    weight : ndarray, shape (n_themes,)
        How far the machine's word is taken (lambda), 0-1.
    n_coded, n_reports : int
        Sample and population.
    n_to_halve : int
        Further reports to code, drawn at random, after which intervals are half as wide.
    """

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    n_coded: int
    n_reports: int
    n_to_halve: int


def corrected_shares(
    coded: np.ndarray, scores: np.ndarray, sample: np.ndarray, writers: np.ndarray | None = None
) -> CorrectedShares:
    """Estimate in how many reports each theme is.

    Parameters
    ----------
    coded : ndarray of bool, shape (n_sample, n_themes)
        What people found in the sampled reports.
    scores : ndarray, shape (n_reports, n_themes)
        What the machine makes of every report of the population, 0-1, from ticks too where there
        are any; of a coded report by what has not learnt from its coding.
    sample : ndarray of int, shape (n_sample,)
        Places of the coded reports, a simple random sample without replacement.
    writers : ndarray of int, shape (n_reports,), optional
        Number of each report's reporter; -1 where it is unknown, a reporter of its own.

    Returns
    -------
    CorrectedShares

    Raises
    ------
    ValueError
        When fewer than three reports are coded: they tell nothing of how far they differ.

    Notes
    -----
    The difference estimator of survey sampling, prediction-powered inference in today's words
    (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic, Science 382 (2023),
    10.1126/science.adi6000; Egami, Hinck, Stewart and Wei, NeurIPS 2023, arXiv:2306.04746)::

        share = mean of coded + weight (mean score of all - mean score of the coded)

    Each theme's weight is the slope of codings on scores, drawn half-way to the mean over themes.
    With few codings a rare theme's residuals may all be equal by luck, and Wald's interval then
    has no width: its variance is drawn to what all themes have in common, which is how much of
    ``share (1 - share)`` the machine leaves unexplained, and a sixth of an error that the sample
    did not happen to hold is added. Reporters whose residuals go together
    widen the intervals of all themes alike. The factor for a finite population applies, and the
    quantile is Student's.

    Examples
    --------
    >>> scores = np.linspace(0, 1, 100)[:, None]
    >>> found = corrected_shares(scores[::5] > 0.5, scores, np.arange(0, 100, 5))
    >>> bool(found.low[0] < 0.5 < found.high[0])
    True
    """
    from scipy.stats import t

    n, n_reports = len(sample), len(scores)
    if n < 3:
        raise ValueError("at least three coded reports are needed")
    truth, own = coded.astype(float), scores[sample]
    weight = _weights(truth, own)
    share = truth.mean(axis=0) + weight * (scores.mean(axis=0) - own.mean(axis=0))
    residuals = truth - weight * own
    residuals = residuals - residuals.mean(axis=0)
    variance = _pooled_variance(residuals, truth, scores.mean(axis=0))
    if writers is not None:
        variance = variance * _clustering(residuals, writers[sample])
    error = np.sqrt(variance * (1 / n - 1 / n_reports))
    reach = float(t.ppf(0.5 + _LEVEL / 2, n - 2)) * error
    seen = truth.sum(axis=0)
    # What was coded is there, and what was coded otherwise is not.
    least, most = seen / n_reports, 1 - (n - seen) / n_reports
    return CorrectedShares(
        share=np.clip(share, least, most),
        low=np.clip(share - reach, least, most),
        high=np.clip(share + reach, least, most),
        weight=weight,
        n_coded=n,
        n_reports=n_reports,
        n_to_halve=codings_to_halve(n, n_reports),
    )


def codings_to_halve(n_coded: int, n_reports: int) -> int:
    """Return how many more reports to code at random for intervals half as wide.

    Examples
    --------
    >>> codings_to_halve(40, 240)
    67
    >>> codings_to_halve(40, 40)
    0
    """
    wanted = (1 / n_coded - 1 / n_reports) / 4
    return int(np.ceil(1 / (wanted + 1 / n_reports) - 1e-9)) - n_coded


def _weights(truth: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return how far each theme's scores are taken, 0-1."""
    off_truth, off_own = truth - truth.mean(axis=0), own - own.mean(axis=0)
    together, spread = (off_truth * off_own).sum(axis=0), (off_own**2).sum(axis=0)
    overall = together.sum() / max(spread.sum(), _LEAST_VARIANCE)
    slope = np.where(spread > _LEAST_VARIANCE, together / np.maximum(spread, 1e-12), overall)
    slope = np.clip(slope, 0.0, 1.0)
    return np.asarray((1 - LAMBDA_SHRINKAGE) * slope + LAMBDA_SHRINKAGE * slope.mean())


def _pooled_variance(
    residuals: np.ndarray, truth: np.ndarray, mean_score: np.ndarray
) -> np.ndarray:
    """Return the variance of each theme's residuals, drawn to that of all themes."""
    n = len(residuals)
    own = (residuals**2).sum(axis=0) / (n - 2)
    share = (truth.sum(axis=0) + POOL_WEIGHT * mean_score) / (n + POOL_WEIGHT)
    whole = share * (1 - share)
    common = own.sum() / max(float(whole.sum()), _LEAST_VARIANCE) * whole
    pooled = ((n - 2) * own + POOL_WEIGHT * common) / (n - 2 + POOL_WEIGHT)
    return np.asarray(pooled + UNSEEN_ERRORS / n)


def _clustering(residuals: np.ndarray, writers: np.ndarray) -> float:
    """Return how many times wider the variance is for reports of one reporter going together."""
    n = len(residuals)
    apart = np.where(writers < 0, n + writers.max(initial=0) + np.arange(n) + 1, writers)
    _, block = np.unique(apart, return_inverse=True)
    n_blocks = int(block.max()) + 1
    if n_blocks == n or n_blocks < 2:
        return 1.0
    sums = np.zeros((n_blocks, residuals.shape[1]))
    np.add.at(sums, block, residuals)
    together = float((sums**2).sum()) * n_blocks / (n_blocks - 1)
    alone = float((residuals**2).sum()) * n / (n - 1)
    return max(1.0, together / max(alone, _LEAST_VARIANCE))
