"""Look inside a topic: group its reports among themselves.

Within a topic the words and likenesses that made it are common to all, so its reports are compared
anew with their own mean taken away. What comes out is a suggestion for a person, who splits the
topic by an edit or leaves it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.cluster.cluster import ClusterConfig
from pipeline.cluster.clusterers import group_reports
from pipeline.cluster.corpus import Corpus, read_corpus
from pipeline.cluster.distinct import is_distinct
from pipeline.cluster.edits_file import Edit
from pipeline.cluster.naming import Namer
from pipeline.errors import InputError
from pipeline.speech import Said
from pipeline.texts import Texts
from pipeline.vectors import unit


@dataclass(frozen=True)
class SubTopic:
    """A group of a topic's reports.

    Attributes
    ----------
    label : str
    terms : tuple of str
        Words that tell it from the rest of the topic, strongest first.
    report_ids : tuple of str
        The firmest member first.
    segment_ids : tuple of str
        For each report the sentence nearest to the group.
    stability : float
        0-1, mean share of disturbed runs that keep two of its reports together.
    """

    label: str
    terms: tuple[str, ...]
    report_ids: tuple[str, ...]
    segment_ids: tuple[str, ...]
    stability: float


@dataclass(frozen=True)
class Inside:
    """What is inside a topic.

    Attributes
    ----------
    topic_id : str
    sub_topics : tuple of SubTopic
        Largest first.
    others : tuple of str
        Reports of the topic in none of them.
    """

    topic_id: str
    sub_topics: tuple[SubTopic, ...]
    others: tuple[str, ...]

    def edits(self) -> list[Edit]:
        """Return the edits that split all but the largest sub-topic off; it keeps the topic's id.

        The reports in no sub-topic stay with it.
        """
        return [
            Edit(tee="jaa", aihe=self.topic_id, raportit=part.report_ids, nimi=part.label)
            for part in self.sub_topics[1:]
        ]


def look_inside(
    topic_id: str,
    texts: Texts,
    report_topics: pd.DataFrame,
    config: ClusterConfig,
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> Inside:
    """Group the main reports of a topic among themselves.

    Parameters
    ----------
    topic_id : str
    texts : Texts
    report_topics : DataFrame
        The table of that name.
    config : ClusterConfig
    seed : int
    progress : callable
        Called as ``progress(done, total)``.

    Returns
    -------
    Inside
        Near-copies are left out.

    Raises
    ------
    InputError
        When there is no such topic, or it is too small to hold two.
    """
    from threadpoolctl import threadpool_limits

    is_main = report_topics["is_main"].astype(bool)
    members = report_topics.loc[is_main & (report_topics["topic_id"] == topic_id), "report_id"]
    if not len(members):
        known = ", ".join(sorted(set(report_topics["topic_id"])))
        raise InputError(
            "There is no topic {topic_id}. Known: {known}.",
            topic_id=topic_id,
            known=known or Said("none"),
        )
    reports = texts.reports
    kept = reports[is_distinct(reports) & reports["report_id"].isin(members)]
    fewest = 2 * config.min_topic_reports
    if len(kept) < fewest:
        raise InputError(
            "{topic_id} must have at least {fewest} reports to be looked into. Got "
            "{n_kept}. Read them instead.",
            topic_id=topic_id,
            fewest=fewest,
            n_kept=len(kept),
        )
    corpus = read_corpus(texts.of(kept.reset_index(drop=True)))
    with threadpool_limits(limits=1):
        grouping = group_reports(corpus, config, seed, progress, seeks_candidates=False)
        weights = grouping.weights.tocsc()
        groups = [
            sorted(rows, key=lambda row: (-weights[row, topic], row))
            for topic, rows in enumerate(grouping.members())
        ]
        names = Namer(corpus.telling, len(corpus.report_ids), config.n_terms).names(groups)
        found = [
            SubTopic(
                name.label,
                tuple(term.text for term in name.terms),
                tuple(corpus.ids(rows)),
                tuple(_nearest_sentences(corpus, rows)),
                float(stability),
            )
            for name, rows, stability in zip(names, groups, grouping.stability, strict=True)
        ]
    others = corpus.ids(np.flatnonzero(grouping.labels < 0).tolist())
    return Inside(topic_id, tuple(found), tuple(others))


def _nearest_sentences(corpus: Corpus, rows: Sequence[int]) -> list[str]:
    """Return each report's sentence that is nearest to the mean sentence of some reports."""
    sentences = corpus.sentences
    own = np.isin(sentences.owners, list(rows))
    nearness = sentences.vectors @ unit(sentences.vectors[own].mean(axis=0)[None, :])[0]
    nearest = []
    for row in rows:
        places = np.flatnonzero(sentences.owners == row)
        nearest.append(sentences.segment_ids[places[nearness[places].argmax()]])
    return nearest
