"""Choose the reports that a coder should read next: those least like any report coded so far."""

import numpy as np

from pipeline.assign.features import unit


def next_to_code(
    scores: np.ndarray, vectors: np.ndarray, is_coded: np.ndarray, n_reports: int
) -> np.ndarray:
    """Return the places of the reports to code next, most telling first.

    Reports are taken one by one, each time the one whose nearest coded or taken report is the
    farthest; of equals, as at the very start, the one whose themes are the least sure.

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
    Farthest-first traversal (Gonzalez, Theoretical Computer Science 38 (1985),
    10.1016/0304-3975(85)90224-5), used to choose a core set to label (Sener and Savarese, ICLR
    2018, arXiv:1708.00489). Uncertainty, the sum of ``p (1 - p)``, only breaks ties: scores of a
    mapper with few codings are no guide to what it does not know.

    Examples
    --------
    >>> scores = np.array([[0.9], [0.5], [0.5], [0.6]])
    >>> vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.1, 1.0], [-1.0, 0.0]])
    >>> next_to_code(scores, vectors, np.array([True, False, False, False]), 2).tolist()
    [3, 1]
    """
    unsure = (scores * (1 - scores)).sum(axis=1)
    directions = unit(vectors - vectors.mean(axis=0)) if len(vectors) else vectors
    known = directions[is_coded]
    likeness = (directions @ known.T).max(axis=1) if len(known) else np.full(len(scores), -1.0)
    is_open = ~is_coded
    chosen: list[int] = []
    for _ in range(min(n_reports, int(is_open.sum()))):
        nearest = likeness[is_open].min()
        equals = np.flatnonzero(is_open & (likeness <= nearest + 1e-12))
        best = int(equals[unsure[equals].argmax()])
        chosen.append(best)
        is_open[best] = False
        likeness = np.maximum(likeness, directions @ directions[best])
    return np.array(chosen, dtype=int)
