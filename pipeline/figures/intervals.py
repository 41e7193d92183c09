"""Intervals of shares: Clopper and Pearson's, and Wilson's."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

_LEVEL = 0.95


class Share(NamedTuple):
    """A share with its 95 % interval, all 0-1."""

    value: float
    low: float
    high: float


def exact_interval(n: int, size: int) -> tuple[float, float]:
    """Return Clopper and Pearson's 95 % interval of a share.

    It covers the true share at least as often as it says, however few the trials.

    Parameters
    ----------
    n, size : int
        Successes and trials; of no trials nothing is known, and the interval is (0, 1).

    Returns
    -------
    low, high : float
        0-1.

    References
    ----------
    Clopper and Pearson, Biometrika 26 (1934), doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> [round(end, 3) for end in exact_interval(0, 40)]
    [0.0, 0.088]
    """
    low, high = exact_intervals(np.array([n]), np.array([size]))
    return float(low[0]), float(high[0])


def exact_intervals(n: np.ndarray, size: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """Return Clopper and Pearson's 95 % intervals of many shares; see :func:`exact_interval`.

    Parameters
    ----------
    n : ndarray of shape (n_rows,)
        Successes, whole numbers.
    size : ndarray of shape (n_rows,), or int
        Trials, or one number of trials for all.

    Returns
    -------
    low, high : ndarray of shape (n_rows,)

    Examples
    --------
    >>> low, high = exact_intervals(np.array([3]), np.array([40]))
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.016, 0.204)
    """
    return effective_intervals(np.asarray(n), np.broadcast_to(size, np.shape(n)), 1.0)


def effective_intervals(
    n: np.ndarray, size: np.ndarray, effect: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return Clopper and Pearson's 95 % intervals of shares of reports that go together.

    Parameters
    ----------
    n, size : ndarray of shape (n_rows,)
        Successes and trials.
    effect : float
        Design effect, at least 1; the intervals are of ``n / effect`` in ``size / effect``.

    Returns
    -------
    low, high : ndarray of shape (n_rows,)

    References
    ----------
    Korn and Graubard, Survey Methodology 24 (1998), 193-201.

    Examples
    --------
    >>> low, high = effective_intervals(np.array([10]), np.array([40]), 2.0)
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.087, 0.491)
    """
    from scipy.special import betaincinv  # the quantiles of beta distributions

    effect = max(effect, 1.0)
    successes, trials = np.asarray(n) / effect, np.asarray(size) / effect
    failures, tail = trials - successes, (1 - _LEVEL) / 2
    some, fail = np.maximum(successes, 1e-9), np.maximum(failures, 1e-9)
    low = np.where(successes > 0, betaincinv(some, failures + 1, tail), 0.0)
    high = np.where(failures > 0, betaincinv(successes + 1, fail, 1 - tail), 1.0)
    return np.where(trials > 0, low, 0.0), np.where(trials > 0, high, 1.0)


def wilson_share(n: int, size: int) -> Share:
    """Return a share with Wilson's 95 % interval.

    Parameters
    ----------
    n, size : int
        Successes and trials. Of no trials nothing is known: 0, between 0 and 1.

    Returns
    -------
    Share

    References
    ----------
    Wilson, Journal of the American Statistical Association 22 (1927),
    doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> [round(x, 3) for x in wilson_share(6, 40)]
    [0.15, 0.071, 0.291]
    """
    return Share(n / size if size else 0.0, *_wilson(int(n), int(size)))


@lru_cache(maxsize=20_000)
def _wilson(n: int, size: int) -> tuple[float, float]:
    """Return Wilson's interval by scipy."""
    from scipy.stats import binomtest

    if size == 0:
        return 0.0, 1.0
    low, high = binomtest(n, size).proportion_ci(_LEVEL, "wilson")
    return float(low), float(high)
