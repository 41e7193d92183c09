"""Look inside the largest topics: the parts that their reports fall into.

A small topic is read in one sitting. Of a large one its reader wants to know whether it is one
subject or several, so it is looked into (:mod:`pipeline.cluster.inside`) in every run; what shows
the parts decides by their stability which of them hold.
"""

import pandas as pd

from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.distinct import is_distinct
from pipeline.cluster.inside import look_inside
from pipeline.frames import empty
from pipeline.texts import Texts

N_RUNS = 20
"""Disturbed clusterings of one topic: with 50 the same parts were found, their stability within
.02, in joined topics of 43, 81 and 154 reports."""


def topic_parts(
    texts: Texts, report_topics: pd.DataFrame, config: ClusterConfig, *, seed: int
) -> pd.DataFrame:
    """Group the members of each large topic among themselves.

    Parameters
    ----------
    texts : Texts
        Read only where there is a large topic.
    report_topics : DataFrame
        The table of that name; main topics count.
    config : ClusterConfig
    seed : int
        Same seed and tables, same parts.

    Returns
    -------
    DataFrame
        Table ``topic_parts``: of each topic looked into the parts, largest first. A topic that
        falls into no two parts has no row.
    """
    main = report_topics[report_topics["is_main"].astype(bool)]
    sizes = main["topic_id"].value_counts()
    if not (sizes >= config.min_reports_inside).any():
        return empty("topic_parts")
    distinct = set(texts.reports.loc[is_distinct(texts.reports), "report_id"])
    sizes = main.loc[main["report_id"].isin(distinct), "topic_id"].value_counts()
    large = sorted(
        sizes[sizes >= config.min_reports_inside].items(), key=lambda one: (-one[1], one[0])
    )
    chosen = [str(topic_id) for topic_id, _ in large[: config.n_topics_inside]]
    own = _texts_of(texts, set(main.loc[main["topic_id"].isin(chosen), "report_id"]))
    looked = config.model_copy(update={"n_runs": min(config.n_runs, N_RUNS)})
    rows = []
    for topic_id in chosen:
        found = look_inside(topic_id, own, main, looked, seed=seed, progress=_quietly)
        if len(found.sub_topics) < 2:
            continue
        for part_no, part in enumerate(found.sub_topics, 1):
            rows.append(
                {
                    "topic_id": topic_id,
                    "part_no": part_no,
                    "label": part.label,
                    "terms": list(part.terms),
                    "report_ids": list(part.report_ids),
                    "stability": part.stability,
                }
            )
    return pd.DataFrame(rows) if rows else empty("topic_parts")


def _texts_of(texts: Texts, report_ids: set[str]) -> Texts:
    """Return the texts of some reports, with their own sentences, words and vectors alone."""
    segments = texts.segments[texts.segments["report_id"].isin(report_ids)]
    segment_ids = set(segments["segment_id"])
    of_segments, of_reports = texts.embeddings, texts.report_embeddings
    own = Texts(
        texts.reports[texts.reports["report_id"].isin(report_ids)],
        segments,
        texts.tokens[texts.tokens["segment_id"].isin(segment_ids)],
        of_segments[of_segments["segment_id"].isin(segment_ids)],
        of_reports[of_reports["report_id"].isin(report_ids)],
    )
    return own.laid_out()


def _quietly(done: int, total: int) -> None:
    """Show no progress: a topic takes about a second."""
