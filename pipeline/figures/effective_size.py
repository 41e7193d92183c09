"""How many separate reports the reports of a few reporters are worth."""

import numpy as np

_MIN_BLOCKS = 8  # reporters with several reports from which their likeness can be told


def design_effect(has: np.ndarray, periods: np.ndarray, writers: np.ndarray) -> float:
    """Return how many times larger the variance of shares is for reports that go together.

    Parameters
    ----------
    has : ndarray of bool, shape (n_reports, n_values)
        Which report has which value.
    periods : ndarray of int, shape (n_reports,)
        Shares are of a period's reports.
    writers : ndarray of int, shape (n_reports,)
        Number of each report's reporter; -1 where unknown, which is a reporter of its own.

    Returns
    -------
    float
        At least 1, over all values and periods together, for single values are too few to tell. 1
        where fewer than eight reporters wrote several reports of a period: nothing tells then.

    Notes
    -----
    The ratio of the cluster-robust variance to that of single reports (Kish, Survey Sampling,
    1965). The effective number of reports is their number over it.

    Examples
    --------
    >>> pairs = np.repeat(np.arange(20), 2)
    >>> alike = (np.arange(40) // 2 % 2 == 0)[:, None]
    >>> round(design_effect(alike, np.zeros(40, int), pairs), 2)
    2.05
    """
    n_reports = len(has)
    if not n_reports:
        return 1.0
    own = np.where(writers < 0, n_reports + np.arange(n_reports), writers)
    pairs = np.stack([periods, own], axis=1)
    _, block, sizes = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    if (sizes > 1).sum() < _MIN_BLOCKS:
        return 1.0
    off = has.astype(float)
    together = alone = 0.0
    for period in np.unique(periods):
        rows = np.flatnonzero(periods == period)
        off[rows] -= off[rows].mean(axis=0)
        _, place = np.unique(block.ravel()[rows], return_inverse=True)
        n_blocks = int(place.max()) + 1
        if n_blocks < 2:
            continue
        sums = np.zeros((n_blocks, has.shape[1]))
        np.add.at(sums, place.ravel(), off[rows])
        together += float((sums**2).sum()) * n_blocks / (n_blocks - 1)
        alone += float((off[rows] ** 2).sum()) * len(rows) / max(len(rows) - 1, 1)
    return max(1.0, together / alone) if alone > 0 else 1.0
