"""Which reports themes are learnt from: a pool of all or some, and the coded ones in it."""

import numpy as np

from pipeline.assign.coded import UNCODED
from pipeline.texts import Texts


def coded_places(labels: np.ndarray | None) -> np.ndarray:
    """Return the places of coded reports, or none when they do not tell themes apart."""
    if labels is None:
        return np.zeros(0, dtype=int)
    coded = np.flatnonzero((labels != UNCODED).all(axis=1))
    is_telling = (labels[coded] == 1).any() and (labels[coded] == 0).any()
    return coded if is_telling else coded[:0]


def draw_pool(labels: np.ndarray, teaches: np.ndarray, max_reports: int, seed: int) -> np.ndarray:
    """Return the places of the reports to learn from.

    Parameters
    ----------
    labels : ndarray of int8, shape (n_reports, n_themes)
    teaches : ndarray of bool, shape (n_reports,)
        Which :func:`pipeline.teaching.teaching_ids` has.
    max_reports : int
    seed : int

    Returns
    -------
    ndarray of int, sorted
        The coded reports, whether or not they teach otherwise, and of the others that do all, or a
        random sample.
    """
    is_coded = (labels != UNCODED).all(axis=1)
    coded, others = np.flatnonzero(is_coded), np.flatnonzero(teaches & ~is_coded)
    n_more = max(max_reports - len(coded), 0)
    if len(others) > n_more:
        order = np.random.default_rng(seed).permutation(np.flatnonzero(teaches))
        others = order[~is_coded[order]][:n_more]
    return np.sort(np.concatenate([coded, others]))


def only_reports(texts: Texts, report_ids: list[str]) -> Texts:
    """Return the texts of some reports, so that those of the others are not laid out."""
    chosen = set(report_ids)
    segments = texts.segments[texts.segments["report_id"].isin(chosen)]
    return texts.of(
        texts.reports[texts.reports["report_id"].isin(chosen)],
        segments=segments,
        tokens=texts.tokens[texts.tokens["segment_id"].isin(set(segments["segment_id"]))],
    )
