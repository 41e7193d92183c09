"""Group all reports by what they say: topics, and candidates for signals.

All periods are grouped together and from text alone, so that a report's date, area or reporter
cannot shape a group and shuffled periods are a fair comparison later. A near-copy of a report is
not grouped again: it joins the topics of the report it repeats, and no count includes it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import pandas as pd
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from pipeline.cluster.candidates import Group, jaccard
from pipeline.cluster.clusterers import BY_NUMBER, CLUSTERERS, group_reports
from pipeline.cluster.corpus import Corpus, read_corpus
from pipeline.cluster.edits_file import Edit
from pipeline.cluster.grouping import Grouping
from pipeline.cluster.ids import group_id
from pipeline.cluster.lineage import trace
from pipeline.cluster.memberships import report_topic_table, segment_topic_table
from pipeline.cluster.naming import Name, Namer
from pipeline.cluster.similarity import VIEW_WEIGHTS
from pipeline.frames import empty
from pipeline.texts import Texts

if TYPE_CHECKING:
    from pipeline.cluster.edits import Edited

_SAME_JACCARD = 0.5
"""A candidate that shares half of the joint reports with a topic is noted as that topic."""

_NAMES = (
    *("topics", "report_topics", "segment_topics", "candidates"),
    *("topic_lineage", "topic_edits"),
)

Tables = tuple[pd.DataFrame, ...]


def _known(clusterer: str) -> str:
    """Refuse a clusterer that is not in the table."""
    if clusterer not in CLUSTERERS:
        choices = " or ".join(f"'{name}'" for name in CLUSTERERS)
        raise PydanticCustomError("clusterer", "Input should be {choices}", {"choices": choices})
    return clusterer


ViewWeight = Annotated[float, Field(ge=0, le=10)]
ViewWeights = tuple[ViewWeight, ViewWeight, ViewWeight, ViewWeight]


def _telling(weights: ViewWeights) -> ViewWeights:
    """Refuse weights that would make all reports equally alike in the graph."""
    if not weights[0] + weights[3]:
        raise PydanticCustomError(
            "view_weights", "Input should have a first or last weight above 0"
        )
    return weights


class ClusterConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the cluster stage."""

    clusterer: Annotated[str, AfterValidator(_known)] = Field(
        default=BY_NUMBER,
        description="What groups the reports: by-number takes consensus for some hundreds, and "
        "the neighbour graph for more.",
    )
    small_n_max: int = Field(
        default=500,
        ge=1,
        le=5000,
        description="Most reports that by-number groups by consensus.",
    )
    candidates_n_max: int = Field(
        default=3000,
        ge=1,
        le=5000,
        description="Most reports whose candidates for signals by-number still finds by "
        "consensus, when the graph makes their topics.",
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
    view_weights: Annotated[ViewWeights, AfterValidator(_telling)] = Field(
        default=VIEW_WEIGHTS,
        description="How much likeness by report vectors, sentences, words and meanings of words "
        "counts; beyond small_n_max reports the first and the last alone.",
    )
    n_terms: int = Field(
        default=10, ge=1, le=10, description="Most words shown for a topic or candidate."
    )
    min_reports_inside: int = Field(
        default=30,
        ge=6,
        description="Fewest reports of a topic that is looked into for parts in every run; a "
        "smaller one is read.",
    )
    n_topics_inside: int = Field(
        default=12, ge=0, description="Most topics looked into, the largest first."
    )
    max_map_reports: int = Field(
        default=2000,
        ge=1,
        le=5000,
        description="Most reports laid out on the map; of more, a random sample of so many.",
    )


def group(
    texts: Texts,
    config: ClusterConfig,
    *,
    seed: int,
    progress: Callable[[int, int], None],
    places: frozenset[str],
) -> Grouping | None:
    """Group the reports of quality ok that have a sentence, before any edit of a person.

    Parameters
    ----------
    texts : Texts
        Of ``reports`` no date or person is read, and no area as that of a report: areas are
        known as words that say where.
    config : ClusterConfig
    seed : int
        Same seed and tables, same groups.
    progress : callable
        Called as ``progress(done, total)``.
    places : frozenset of str
        Municipalities and other places, whose names make no two reports alike.

    Returns
    -------
    Grouping or None
        By row of the corpus (:func:`pipeline.cluster.corpus.read_corpus`); None without reports.
    """
    from threadpoolctl import threadpool_limits

    corpus = read_corpus(texts, places)
    if not corpus.report_ids:
        return None
    with threadpool_limits(limits=1):
        return group_reports(corpus, config, seed, progress)


def cluster(
    texts: Texts,
    config: ClusterConfig,
    *,
    fitted: Grouping | None,
    seed: int,
    edits: Sequence[Edit],
    previous_lineage: pd.DataFrame,
    places: frozenset[str],
) -> Tables:
    """Make topics of groups: with lasting ids, as a person edited them, named by their words.

    Parameters
    ----------
    texts : Texts
        Those that were grouped.
    config : ClusterConfig
    fitted : Grouping or None
        From :func:`group`.
    seed : int
        Of the sentences taken to compare with.
    edits : sequence of Edit
        What a person changed in the topics, in order.
    previous_lineage : DataFrame
        Table ``topic_lineage`` of the last run; no rows in a first one.
    places : frozenset of str
        Municipalities and other places, which name no group.

    Returns
    -------
    topics, report_topics, segment_topics, candidates, topic_lineage, topic_edits : DataFrame
        The tables of those names. ``topics.n_reports`` leaves near-copies out; ``report_topics``
        has them, with the weights of the report they repeat; ``candidates`` does not.
    """
    from threadpoolctl import threadpool_limits

    from pipeline.cluster.edits import apply_edits

    corpus = read_corpus(texts, places)
    if fitted is None or not corpus.report_ids:
        return tuple(empty(name) for name in _NAMES)
    with threadpool_limits(limits=1):
        machine_ids, lineage = trace(
            fitted.members(), corpus.report_ids, corpus.vectors, previous_lineage
        )
        edited = apply_edits(fitted, machine_ids, corpus.row_of, edits)
        shape = (edited.labels, edited.weights, edited.topic_ids)
        rng = np.random.default_rng(seed)
        groups = _without_junk(fitted.groups, edited)
        of_topics = edited.members()
        namer = Namer(corpus.telling, len(corpus.report_ids), config.n_terms)
        names = namer.names([*of_topics, *(group.members for group in groups)])
        return (
            _topics(corpus, edited, names[: len(of_topics)]),
            report_topic_table(corpus.row_of, *shape),
            segment_topic_table(corpus.sentences, *shape, rng),
            _candidates(corpus, groups, edited, names[len(of_topics) :]),
            lineage,
            edited.outcomes,
        )


def _topics(corpus: Corpus, edited: "Edited", names: Sequence[Name]) -> pd.DataFrame:
    """Lay the topics out, largest first; a name that a person gave stands."""
    members_of = edited.members()
    rows = []
    for topic, topic_id in enumerate(edited.topic_ids):
        rows.append(
            {
                "topic_id": topic_id,
                "topic_no": topic,
                **names[topic].columns,
                "label": edited.names.get(topic_id, names[topic].label),
                "n_reports": len(members_of[topic]),
                "stability": float(edited.stability[topic]),
                "is_named": topic_id in edited.names,
            }
        )
    return pd.DataFrame(rows) if rows else empty("topics")


def _without_junk(groups: Sequence[Group], edited: "Edited") -> list[Group]:
    """Leave out the groups that a person has marked as junk."""
    return [
        group
        for group in groups
        if not any(jaccard(frozenset(group.members), junk) >= _SAME_JACCARD for junk in edited.junk)
    ]


def _candidates(
    corpus: Corpus, groups: Sequence[Group], edited: "Edited", names: Sequence[Name]
) -> pd.DataFrame:
    """Say which of the candidates are a topic."""
    topics = [frozenset(members) for members in edited.members()]
    rows = []
    for group, name in zip(groups, names, strict=True):
        report_ids = corpus.ids(group.members)
        rows.append(
            {
                "candidate_id": group_id("C", report_ids),
                "report_ids": report_ids,
                "separation": group.separation,
                "topic_id": _same_topic(frozenset(group.members), topics, edited),
                **name.columns,
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
