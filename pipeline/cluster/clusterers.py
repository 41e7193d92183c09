"""The table of clusterers: a new one is a module that makes a grouping, and a line here.

What a line names is imported only when a study uses it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pipeline.cluster.candidates import with_topics
from pipeline.cluster.corpus import Corpus
from pipeline.cluster.similarity import joined

if TYPE_CHECKING:
    from pipeline.cluster.cluster import ClusterConfig
    from pipeline.cluster.grouping import Grouping

Progress = Callable[[int, int], None]
BY_NUMBER = "by-number"


class Clusterer(Protocol):
    """Anything that groups the reports of a corpus from their texts alone."""

    def __call__(
        self,
        corpus: Corpus,
        config: "ClusterConfig",
        seed: int,
        progress: Progress,
        *,
        seeks_candidates: bool,
    ) -> "Grouping":
        """Return topics and candidate groups; the same seed gives the same ones."""
        ...


def group_reports(
    corpus: Corpus,
    config: "ClusterConfig",
    seed: int,
    progress: Progress,
    *,
    seeks_candidates: bool = True,
) -> "Grouping":
    """Group the reports of a corpus by the clusterer that the settings name.

    Parameters
    ----------
    corpus : Corpus
    config : ClusterConfig
    seed : int
    progress : callable
        Called as ``progress(done, total)``.
    seeks_candidates : bool, default=True
        Without them the grouping has topics alone; these are the same.

    Returns
    -------
    Grouping
    """
    clusterer = CLUSTERERS[config.clusterer]
    return clusterer(corpus, config, seed, progress, seeks_candidates=seeks_candidates)


def _by_number(
    corpus: Corpus,
    config: "ClusterConfig",
    seed: int,
    progress: Progress,
    *,
    seeks_candidates: bool,
) -> "Grouping":
    """Group some hundreds of reports by consensus, and more by their neighbour graph.

    Between the two lies a range where the graph makes the topics and the consensus the candidates.
    """
    n_reports = len(corpus.report_ids)
    if n_reports <= config.small_n_max:
        return _by_consensus(corpus, config, seed, progress, seeks_candidates=seeks_candidates)
    if seeks_candidates and n_reports <= config.candidates_n_max:
        return _by_both(corpus, config, seed, progress)
    return _by_graph(corpus, config, seed, progress, seeks_candidates=seeks_candidates)


def _by_both(corpus: Corpus, config: "ClusterConfig", seed: int, progress: Progress) -> "Grouping":
    """Take the topics of the graph, which costs a moment here, and candidates by consensus."""
    made = _by_graph(corpus, config, seed, lambda done, total: None, seeks_candidates=False)
    fine = _by_consensus(corpus, config, seed, progress, seeks_candidates=True)
    groups = with_topics(fine.groups, made.members(), fine.kept_together.share)
    return replace(made, groups=groups)


def _by_consensus(
    corpus: Corpus,
    config: "ClusterConfig",
    seed: int,
    progress: Progress,
    *,
    seeks_candidates: bool,
) -> "Grouping":
    from pipeline.cluster.grouping import group_by_consensus

    return group_by_consensus(
        replace(corpus.space(), weights=config.view_weights),
        n_runs=config.n_runs,
        min_topic_reports=config.min_topic_reports,
        min_weight=config.min_weight,
        seed=seed,
        progress=progress,
        seeks_candidates=seeks_candidates,
    )


def _by_graph(
    corpus: Corpus,
    config: "ClusterConfig",
    seed: int,
    progress: Progress,
    *,
    seeks_candidates: bool,
) -> "Grouping":
    from pipeline.cluster.large import group_by_graph

    return group_by_graph(
        joined(corpus.vectors, corpus.word_vectors, config.view_weights),
        min_topic_reports=config.min_topic_reports,
        min_weight=config.min_weight,
        seed=seed,
        progress=progress,
        seeks_candidates=seeks_candidates,
    )


CLUSTERERS: dict[str, Clusterer] = {
    BY_NUMBER: _by_number,
    "consensus": _by_consensus,
    "graph": _by_graph,
}
"""By the value of ``cluster.clusterer``."""
