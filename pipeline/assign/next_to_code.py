"""Choose the reports that a coder should read next: typical ones of what is not yet coded."""

import numpy as np

from pipeline.vectors import unit

N_NEIGHBOURS = 10  # reports that a typical one is near to
BATCH = 1000  # reports compared with all others at once, to bound memory
SEED = 0


def next_to_code(
    scores: np.ndarray, vectors: np.ndarray, is_coded: np.ndarray, n_reports: int
) -> np.ndarray:
    """Return the places of the reports to code next, most telling first.

    The reports are put into as many groups as will be coded after this step. Groups with the fewest
    coded or taken reports come first, of these the largest; each gives the uncoded report that is
    nearest to the reports around it. Of equals, the one whose themes are the least sure.

    Parameters
    ----------
    scores : ndarray, shape (n, n_themes)
        Probabilities, 0-1.
    vectors : ndarray, shape (n, n_dims)
        Encoder vectors of the reports.
    is_coded : ndarray of bool, shape (n,)
    n_reports : int
        Reports wanted; fewer are returned when fewer are uncoded.

    Returns
    -------
    ndarray of int, shape (at most n_reports,)

    Notes
    -----
    TypiClust (Hacohen, Dekel and Weinshall, Active learning on a budget, ICML 2022,
    arXiv:2202.02794): with few decisions, typical examples teach more than uncertain ones.

    Examples
    --------
    >>> scores = np.array([[0.9], [0.6], [0.5], [0.6]])
    >>> vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.1, 1.0], [-1.0, 0.0]])
    >>> next_to_code(scores, vectors, np.array([True, False, False, False]), 2).tolist()
    [2, 3]
    """
    wanted = min(n_reports, int((~is_coded).sum()))
    if wanted < 1:
        return np.zeros(0, dtype=int)
    directions = unit((vectors - vectors.mean(axis=0)).astype(float))
    group = _groups(directions, int(is_coded.sum()) + wanted)
    sizes = np.bincount(group)
    taken = np.bincount(group[is_coded], minlength=len(sizes))
    typical = _typicality(directions)
    unsure = (scores * (1 - scores)).sum(axis=1)
    is_open = ~is_coded
    chosen: list[int] = []
    while len(chosen) < wanted:
        rest = np.flatnonzero(is_open)
        order = np.lexsort(
            (-unsure[rest], -typical[rest].round(9), -sizes[group[rest]], taken[group[rest]])
        )
        best = int(rest[order[0]])
        chosen.append(best)
        is_open[best] = False
        taken[group[best]] += 1
    return np.array(chosen, dtype=int)


def _groups(directions: np.ndarray, n_groups: int) -> np.ndarray:
    """Return the group of each report, by k-means."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    n_different = len(np.unique(directions, axis=0))
    with threadpool_limits(limits=1):
        means = KMeans(min(n_groups, n_different), n_init=1, random_state=SEED)
        return np.asarray(means.fit_predict(directions))


def _typicality(directions: np.ndarray) -> np.ndarray:
    """Return the mean cosine of each report with those nearest to it."""
    n_near = min(N_NEIGHBOURS, len(directions) - 1)
    typical = np.zeros(len(directions))
    if not n_near:
        return typical
    for start in range(0, len(directions), BATCH):
        likeness = directions[start : start + BATCH] @ directions.T
        own = np.arange(len(likeness))
        likeness[own, start + own] = -np.inf
        nearest = np.partition(likeness, -n_near, axis=1)[:, -n_near:]
        typical[start : start + BATCH] = nearest.mean(axis=1)
    return typical
