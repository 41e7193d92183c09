"""Group all reports by what they say: topics, and candidates for signals.

All periods are grouped together and from text alone, so that a report's date, area or reporter
cannot shape a group and shuffled periods are a fair comparison later. A near-copy of a report is
not grouped again: it joins the topics of the report it repeats, and no count includes it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from pipeline.cluster.candidates import Group, jaccard
from pipeline.cluster.corpus import Corpus, read_corpus
from pipeline.cluster.edits_file import Edit
from pipeline.cluster.ids import group_id
from pipeline.cluster.lineage import trace
from pipeline.cluster.memberships import report_topic_table, segment_topic_table
from pipeline.cluster.terms import label_of, natural_form, strongest_lemmas
from pipeline.cluster.words import Words, gather_words, lemma_documents
from pipeline.tables import empty

if TYPE_CHECKING:
    from pipeline.cluster.edits import Edited
    from pipeline.cluster.grouping import Grouping

_SAME_JACCARD = 0.5
"""A candidate that shares half of the joint reports with a topic is noted as that topic."""

_NAMES = (
    *("topics", "report_topics", "segment_topics", "candidates"),
    *("topic_lineage", "topic_edits"),
)

Tables = tuple[pd.DataFrame, ...]


class ClusterConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the cluster stage."""

    small_n_max: int = Field(
        default=3000,
        ge=1,
        le=5000,
        description="Most reports grouped by consensus; more are grouped by their neighbour graph.",
    )
    n_runs: int = Field(
        default=100, ge=2, description="Disturbed clusterings whose consensus makes the groups."
    )
    min_topic_reports: int = Field(
        default=3, ge=2, description="Fewest reports of a topic; smaller groups are no topic."
    )
    min_weight: float = Field(
        default=0.15,
        gt=0,
        le=1,
        description="Least weight (0-1) of a report in a topic; under it the report is not in it.",
    )
    n_terms: int = Field(
        default=10, ge=1, le=10, description="Most words shown for a topic or candidate."
    )


def cluster(
    reports: pd.DataFrame,
    segments: pd.DataFrame,
    tokens: pd.DataFrame,
    embeddings: pd.DataFrame,
    report_embeddings: pd.DataFrame,
    config: ClusterConfig,
    *,
    seed: int,
    progress: Callable[[int, int], None],
    edits: Sequence[Edit],
    previous_lineage: pd.DataFrame,
) -> Tables:
    """Group the reports of quality ok that have a sentence.

    Parameters
    ----------
    reports, segments, tokens, embeddings, report_embeddings : DataFrame
        The tables of those names. Of ``reports`` only ``report_id``, ``quality`` and
        ``duplicate_of`` are read.
    config : ClusterConfig
    seed : int
        Same seed and tables, same groups.
    progress : callable
        Called as ``progress(done, total)``.
    edits : sequence of Edit
        What a person changed in the topics, in order.
    previous_lineage : DataFrame
        Table ``topic_lineage`` of the last run; no rows in a first one.

    Returns
    -------
    topics, report_topics, segment_topics, candidates, topic_lineage, topic_edits : DataFrame
        The tables of those names. ``topics.n_reports`` leaves near-copies out; ``report_topics``
        has them, with the weights of the report they repeat; ``candidates`` does not.
    """
    from threadpoolctl import threadpool_limits

    from pipeline.cluster.edits import apply_edits

    corpus = read_corpus(reports, segments, tokens, embeddings, report_embeddings)
    if not corpus.report_ids:
        return tuple(empty(name) for name in _NAMES)
    with threadpool_limits(limits=1):
        grouping = _grouping(corpus, config, seed, progress)
        words = gather_words(corpus.content, len(corpus.report_ids))
        machine_ids, lineage = trace(
            grouping.members(), corpus.report_ids, corpus.vectors, previous_lineage
        )
        edited = apply_edits(grouping, machine_ids, corpus.row_of, edits)
        shape = (edited.labels, edited.weights, edited.topic_ids)
        rng = np.random.default_rng(seed)
        return (
            _topics(corpus, words, edited, config.n_terms),
            report_topic_table(corpus.row_of, *shape),
            segment_topic_table(corpus.sentences, *shape, rng),
            _candidates(corpus, words, grouping.groups, edited, config.n_terms),
            lineage,
            edited.outcomes,
        )


def _grouping(
    corpus: Corpus, config: ClusterConfig, seed: int, progress: Callable[[int, int], None]
) -> "Grouping":
    """Group the reports the way that suits their number."""
    from pipeline.cluster.grouping import group_by_consensus
    from pipeline.cluster.large import group_by_graph

    if len(corpus.report_ids) > config.small_n_max:
        return group_by_graph(
            corpus.vectors,
            min_topic_reports=config.min_topic_reports,
            min_weight=config.min_weight,
            seed=seed,
            progress=progress,
        )
    return group_by_consensus(
        corpus.space(),
        n_runs=config.n_runs,
        min_topic_reports=config.min_topic_reports,
        min_weight=config.min_weight,
        seed=seed,
        progress=progress,
    )


def _topics(corpus: Corpus, words: Words, edited: "Edited", n_terms: int) -> pd.DataFrame:
    """Name and number the topics, largest first."""
    from pipeline.cluster.topics import topic_numbers_and_terms

    documents = lemma_documents(corpus.content, len(corpus.report_ids))
    numbered = topic_numbers_and_terms(documents, corpus.vectors, edited.labels, n_terms)
    column_of = {lemma: column for column, lemma in enumerate(words.lemmas)}
    order = sorted(range(len(numbered)), key=lambda topic: numbered[topic][0])
    members_of = edited.members()
    rows = []
    for topic in order:
        members = members_of[topic]
        number, lemmas = numbered[topic]
        named = _named(words, [column_of[lemma] for lemma in lemmas], members)
        topic_id = edited.topic_ids[topic]
        rows.append(
            {
                "topic_id": topic_id,
                "topic_no": number,
                **named,
                "label": edited.names.get(topic_id, named["label"]),
                "n_reports": len(members),
                "stability": float(edited.stability[topic]),
            }
        )
    return pd.DataFrame(rows) if rows else empty("topics")


def _candidates(
    corpus: Corpus, words: Words, groups: Sequence[Group], edited: "Edited", n_terms: int
) -> pd.DataFrame:
    """Name the candidates and say which of them are a topic; what is junk is none."""
    topics = [frozenset(members) for members in edited.members()]
    rows = []
    for group in groups:
        members = frozenset(group.members)
        if any(jaccard(members, junk) >= _SAME_JACCARD for junk in edited.junk):
            continue
        report_ids = corpus.ids(group.members)
        rows.append(
            {
                "candidate_id": group_id("C", report_ids),
                "report_ids": report_ids,
                "separation": group.separation,
                "topic_id": _same_topic(members, topics, edited),
                **_named(words, strongest_lemmas(words, group.members, n_terms), group.members),
            }
        )
    return pd.DataFrame(rows) if rows else empty("candidates")


def _same_topic(
    members: frozenset[int], topics: list[frozenset[int]], edited: "Edited"
) -> str | None:
    """Return the topic that shares half of the joint reports with a candidate, if there is one."""
    touched = {int(topic) for topic in edited.labels[list(members)] if topic >= 0}
    likeness = {topic: jaccard(members, topics[topic]) for topic in sorted(touched)}
    best = max(likeness, key=lambda topic: likeness[topic], default=-1)
    return edited.topic_ids[best] if best >= 0 and likeness[best] >= _SAME_JACCARD else None


def _named(words: Words, lemmas: list[int], members: Sequence[int]) -> dict[str, object]:
    """Return a group's label and its words in natural form."""
    return {
        "label": label_of(words, lemmas, members),
        "terms": [natural_form(words, lemma, members) for lemma in lemmas],
    }
