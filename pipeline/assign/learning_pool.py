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


def draw_pool(labels: np.ndarray, max_reports: int, seed: int) -> np.ndarray:
    """Return the places of the reports to learn from: all, or the coded ones and a sample."""
    if len(labels) <= max_reports:
        return np.arange(len(labels))
    order = np.random.default_rng(seed).permutation(len(labels))
    is_coded = (labels[order] != UNCODED).all(axis=1)
    n_coded = int(is_coded.sum())
    chosen = np.concatenate([order[is_coded], order[~is_coded][: max(max_reports - n_coded, 0)]])
    return np.sort(chosen)


def only_reports(texts: Texts, report_ids: list[str]) -> Texts:
    """Return the texts of some reports, so that those of the others are not laid out."""
    chosen = set(report_ids)
    segments = texts.segments[texts.segments["report_id"].isin(chosen)]
    return texts.of(
        texts.reports[texts.reports["report_id"].isin(chosen)],
        segments=segments,
        tokens=texts.tokens[texts.tokens["segment_id"].isin(set(segments["segment_id"]))],
    )
