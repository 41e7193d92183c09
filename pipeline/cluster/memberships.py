"""Which report belongs to which topic, and which of its sentences says so."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.corpus import Sentences
from pipeline.frames import empty
from pipeline.vectors import unit

_BACKGROUND_QUANTILE = 0.95
"""A sentence carries a topic when it is nearer to it than 95 % of other reports' sentences are."""

_MAX_BACKGROUND = 2000
"""Sentences drawn, when there are more, to learn what other reports' sentences are like."""

_REPORT_COLUMNS = ("report_id", "topic_id", "weight", "is_main")
_SEGMENT_COLUMNS = ("segment_id", "topic_id", "weight")


def report_topic_table(
    row_of: dict[str, int],
    labels: NDArray[np.int64],
    weights: sparse.csr_matrix,
    topic_ids: list[str],
) -> pd.DataFrame:
    """Return a row for each report and each topic it belongs to.

    Parameters
    ----------
    row_of : dict of str to int
        Row of each report, in report order; near-copies have the row of the report they repeat.
    labels : ndarray of shape (n_rows,)
        Main topic of each row; -1 is none.
    weights : csr_matrix of shape (n_rows, n_topics)
        0-1.
    topic_ids : list of str

    Returns
    -------
    DataFrame
        Table ``report_topics``, a report's main topic first, then by weight.
    """
    columns: dict[str, list[object]] = {name: [] for name in _REPORT_COLUMNS}
    for report_id, row in row_of.items():
        span = slice(weights.indptr[row], weights.indptr[row + 1])
        found = zip(weights.indices[span].tolist(), weights.data[span].tolist(), strict=True)
        for topic, weight in sorted(
            found, key=lambda pair: (pair[0] != labels[row], -pair[1], pair[0])
        ):
            columns["report_id"].append(report_id)
            columns["topic_id"].append(topic_ids[topic])
            columns["weight"].append(min(1.0, max(0.0, weight)))
            columns["is_main"].append(topic == labels[row])
    return _frame("report_topics", columns)


def segment_topic_table(
    sentences: Sentences,
    labels: NDArray[np.int64],
    weights: sparse.csr_matrix,
    topic_ids: list[str],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return a row for each sentence that carries a topic of its report.

    A sentence is compared with the mean sentence of the topic's other reports. It carries the
    topic when it is nearer than 95 % of the sentences of reports outside the topic; the nearest
    sentence of a report always carries its main topic.

    Parameters
    ----------
    sentences : Sentences
    labels, weights, topic_ids
        As :func:`report_topic_table` takes them.
    rng : numpy.random.Generator
        Draws the background.

    Returns
    -------
    DataFrame
        Table ``segment_topics``.
    """
    if not topic_ids:
        return empty("segment_topics")
    vectors, owners = sentences.vectors, sentences.owners
    topic_of = np.where(sentences.is_copy, -1, labels[owners])
    sums = _sums(vectors, topic_of, len(topic_ids))
    cuts = _cuts(vectors, np.flatnonzero(~sentences.is_copy), topic_of, sums, rng)
    own = _sums(vectors, np.where(sentences.is_copy, -1, owners), len(labels))
    columns: dict[str, list[object]] = {name: [] for name in _SEGMENT_COLUMNS}
    for start, end in _spans(sentences.report_ids):
        row = owners[start]
        carried = []
        for topic in weights.indices[weights.indptr[row] : weights.indptr[row + 1]].tolist():
            is_main = labels[row] == topic
            others = sums[topic] - own[row] if is_main else sums[topic]
            nearness = vectors[start:end] @ unit(others[None, :])[0]
            is_carrier = nearness >= cuts[topic]
            is_carrier[nearness.argmax()] |= is_main
            carried += [(start + i, topic, nearness[i]) for i in np.flatnonzero(is_carrier)]
        for i, topic, weight in sorted(carried):
            columns["segment_id"].append(sentences.segment_ids[i])
            columns["topic_id"].append(topic_ids[topic])
            columns["weight"].append(min(1.0, max(0.0, float(weight))))
    return _frame("segment_topics", columns)


def _frame(table: str, columns: dict[str, list[object]]) -> pd.DataFrame:
    """Lay columns out as a table."""
    return pd.DataFrame(columns) if columns["topic_id"] else empty(table)


def _sums(
    vectors: NDArray[np.float32], groups: NDArray[np.int64], n_groups: int
) -> NDArray[np.float32]:
    """Add up the vectors of each group; group -1 is left out."""
    inside = np.flatnonzero(groups >= 0)
    belongs = sparse.csr_matrix(
        (np.ones(len(inside), dtype=np.float32), (groups[inside], inside)),
        shape=(n_groups, len(groups)),
    )
    return np.asarray(belongs @ vectors, dtype=np.float32)


def _cuts(
    vectors: NDArray[np.float32],
    firsts: NDArray[np.int64],
    topic_of: NDArray[np.int64],
    sums: NDArray[np.float32],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return, for each topic, how near 95 % of the first sentences of other reports stay."""
    drawn = firsts
    if len(drawn) > _MAX_BACKGROUND:
        drawn = np.sort(rng.choice(drawn, _MAX_BACKGROUND, replace=False))
    nearness = vectors[drawn] @ unit(sums).T
    cuts = np.full(len(sums), -1.0)
    for topic in range(len(sums)):
        outside = nearness[topic_of[drawn] != topic, topic]
        if len(outside):
            cuts[topic] = np.quantile(outside, _BACKGROUND_QUANTILE)
    return cuts


def _spans(report_ids: list[str]) -> list[tuple[int, int]]:
    """Return the half-open spans of sentences of one report each."""
    changes = [i for i in range(1, len(report_ids)) if report_ids[i] != report_ids[i - 1]]
    return list(zip([0, *changes], [*changes, len(report_ids)], strict=True))
