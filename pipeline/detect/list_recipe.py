"""Make the list anew from a study's tables: with another seed, or as of an earlier period."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.cluster.cluster import ClusterConfig, cluster, group
from pipeline.cluster.edits_file import Edit
from pipeline.detect.detect import DetectConfig, find_signals
from pipeline.detect.exchange import Exchange
from pipeline.detect.histories import GroupTables, Histories, read_histories
from pipeline.frames import empty
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts

Tables = Mapping[str, pd.DataFrame]

READS = (*TEXT_TABLES, "periods", "report_themes")
"""Tables of a study that a list is made from."""


@dataclass(frozen=True, eq=False)
class Again:
    """What a list is made with.

    Attributes
    ----------
    cluster, detect : ClusterConfig, DetectConfig
    edits : tuple of Edit
    places : frozenset of str
        Municipalities and other places.
    """

    cluster: ClusterConfig
    detect: DetectConfig
    edits: tuple[Edit, ...] = ()
    places: frozenset[str] = frozenset()

    def grouped(
        self, tables: Tables, seed: int, progress: Callable[[int, int], None]
    ) -> dict[str, pd.DataFrame]:
        """Group the reports anew; return the tables ``topics``, ``report_topics``, ``candidates``.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            The tables of :data:`READS`.
        seed : int
        progress : callable
            Called as ``progress(done, total)``.
        """
        texts = Texts(*(tables[name] for name in TEXT_TABLES))
        topics, report_topics, _, candidates, *_ = cluster(
            texts,
            self.cluster,
            fitted=group(texts, self.cluster, seed=seed, progress=progress, places=self.places),
            seed=seed,
            edits=self.edits,
            previous_lineage=empty("topic_lineage"),
            places=self.places,
        )
        return {"topics": topics, "report_topics": report_topics, "candidates": candidates}

    def listed(
        self, tables: Tables, seed: int, progress: Callable[[int, int], None]
    ) -> list[frozenset[str]]:
        """Return the reports of each listed group, best first; its strength is not worked out."""
        made = self.grouped(tables, seed, progress)
        histories = histories_of({**tables, **made}, self.detect.exchange)
        ranker = histories.ranker(self.detect.rules)
        if ranker is None:
            return []
        groups, _ = ranker.rank(histories.counted.periods)
        candidates = list(histories.separations)
        return [histories.subjects[candidates[group]].members for group in groups.tolist()]

    def signals(
        self, tables: Tables, seed: int, progress: Callable[[int, int], None]
    ) -> pd.DataFrame:
        """Return the table ``signals`` made anew."""
        made = self.grouped(tables, seed, progress)
        return find_signals(
            tables["periods"],
            tables["reports"],
            GroupTables.among(made),
            tables["report_themes"],
            self.detect,
            seed=seed,
            progress=lambda done, total: None,
        )


def histories_of(tables: Tables, exchange: Exchange) -> Histories:
    """Gather the histories of the topics and candidates of a study."""
    groups = GroupTables.among(tables)
    return read_histories(tables["periods"], tables["reports"], groups, exchange)


def as_of(tables: Tables, n_periods: int) -> dict[str, pd.DataFrame]:
    """Return the tables as they would have been after the first periods.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of :data:`READS`.
    n_periods : int
        Periods kept, the oldest ones; reports without a period are left out.
    """
    periods = tables["periods"].iloc[:n_periods]
    reports = tables["reports"]
    reports = reports[reports["period"].isin(list(periods["period"]))]
    segments = tables["segments"]
    segments = segments[segments["report_id"].isin(reports["report_id"])]
    kept = {"periods": periods, "reports": reports, "segments": segments}
    for name, key, within in (
        ("tokens", "segment_id", segments),
        ("embeddings", "segment_id", segments),
        ("report_embeddings", "report_id", reports),
        ("report_themes", "report_id", reports),
    ):
        kept[name] = tables[name][tables[name][key].isin(within[key])]
    return {name: frame.reset_index(drop=True) for name, frame in kept.items()}
