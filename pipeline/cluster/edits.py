"""Apply to the topics what a person changed in them, at every run anew.

The edits are played in the order of the file on the topics as the machine grouped them. What no
longer fits is left undone and listed, never guessed at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.cluster.edits_file import Edit, TopicRef
from pipeline.cluster.grouping import Grouping
from pipeline.cluster.ids import group_id
from pipeline.frames import empty


class _Misfit(Exception):
    """An edit cannot be applied; its text says why."""


@dataclass(frozen=True, eq=False)
class Edited:
    """The topics after the edits.

    Attributes
    ----------
    labels : ndarray of shape (n_reports,)
        Main topic of each report, -1 for none; numbers of ``topic_ids``.
    weights : csr_matrix of shape (n_reports, n_topics)
    stability : ndarray of shape (n_topics,)
    topic_ids : list of str
        Largest topic first.
    names : dict of str to str
        Names that a person gave, by topic.
    junk : list of frozenset of int
        Rows of the topics marked as junk.
    outcomes : DataFrame
        Table ``topic_edits``.
    """

    labels: NDArray[np.int64]
    weights: sparse.csr_matrix
    stability: NDArray[np.float64]
    topic_ids: list[str]
    names: dict[str, str]
    junk: list[frozenset[int]]
    outcomes: pd.DataFrame

    def members(self) -> list[list[int]]:
        """Return the rows of each topic's main reports."""
        return [np.flatnonzero(self.labels == t).tolist() for t in range(len(self.topic_ids))]


def apply_edits(
    grouping: Grouping, topic_ids: Sequence[str], row_of: dict[str, int], edits: Sequence[Edit]
) -> Edited:
    """Play a person's edits on the topics.

    Parameters
    ----------
    grouping : Grouping
    topic_ids : sequence of str
        Id of each topic of the grouping.
    row_of : dict of str to int
        Row of each report; a near-copy has the row of the report it repeats.
    edits : sequence of Edit

    Returns
    -------
    Edited
        The grouping itself when there is no edit. A topic that has lost its last report is left
        out. A report put into a topic by a person has weight 1 there.
    """
    if not edits:
        return Edited(
            grouping.labels, grouping.weights, grouping.stability, list(topic_ids), {}, [],
            empty("topic_edits"),
        )  # fmt: skip
    desk = _Desk(grouping.labels.copy(), grouping.weights.tolil(), list(topic_ids), row_of)
    rows = [
        {
            "edit_no": number,
            "action": edit.action,
            "topic_ids": [ref if isinstance(ref, str) else " ".join(ref) for ref in edit.refs],
            **desk.play(edit),
        }
        for number, edit in enumerate(edits, 1)
    ]
    return desk.result(grouping, pd.DataFrame(rows))


@dataclass(eq=False)
class _Desk:
    """Topics while they are being edited."""

    labels: NDArray[np.int64]
    weights: sparse.lil_matrix
    ids: list[str]
    row_of: dict[str, int]
    names: dict[str, str] = field(default_factory=dict)
    junk: list[frozenset[int]] = field(default_factory=list)

    def play(self, edit: Edit) -> dict[str, object]:
        """Apply one edit and say whether it fitted."""
        try:
            left_out = self._apply(edit)
        except _Misfit as misfit:
            return {"state": "unfit", "reason": str(misfit)}
        if left_out:
            reason = f"ei ilmiössä tai aineistossa: {', '.join(left_out)}"
            return {"state": "partly", "reason": reason}
        return {"state": "applied", "reason": ""}

    def _apply(self, edit: Edit) -> list[str]:
        """Apply one edit; return the reports it names that could not take part."""
        topics = [self._find(ref) for ref in edit.refs]
        topic = topics[0]
        if edit.action == "nimeä":
            self.names[self.ids[topic]] = edit.name
            return []
        if edit.action == "yhdistä":
            self._merge(topic, topics[1:])
            if edit.name:
                self.names[self.ids[topic]] = edit.name
            return []
        if edit.action == "roska":
            self.junk.append(frozenset(np.flatnonzero(self.labels == topic).tolist()))
            self._empty(topic)
            return []
        return self._move(edit, topic)

    def _move(self, edit: Edit, topic: int) -> list[str]:
        """Add, remove or split off the reports of an edit."""
        known = {r: self.row_of[r] for r in edit.reports if r in self.row_of}
        if edit.action != "lisää":
            known = {r: row for r, row in known.items() if self.labels[row] == topic}
        rows = sorted(set(known.values()))
        if not rows:
            raise _Misfit("yksikään sen raporteista ei ole ilmiössä tai aineistossa")
        if edit.action == "lisää":
            self.labels[rows] = topic
            self.weights[rows, topic] = 1.0
        else:
            part = self._new_topic(edit) if edit.action == "jaa" else -1
            self.labels[rows] = part
            if part >= 0:
                for row in rows:
                    self.weights[row, part] = self.weights[row, topic]
            self.weights[rows, topic] = 0
        return [report_id for report_id in edit.reports if report_id not in known]

    def _merge(self, topic: int, others: Sequence[int]) -> None:
        """Put other topics into one."""
        others = [other for other in others if other != topic]
        if not others:
            raise _Misfit("yhdistettävät ilmiöt ovat jo sama ilmiö")
        for other in others:
            self.labels[self.labels == other] = topic
            self.weights[:, topic] = self.weights[:, topic].maximum(self.weights[:, other])
            self._empty(other)

    def _empty(self, topic: int) -> None:
        """Take every report out of a topic."""
        self.labels[self.labels == topic] = -1
        self.weights[:, topic] = 0

    def _new_topic(self, edit: Edit) -> int:
        """Begin a topic for reports that are split off; its id is made of those the edit names."""
        topic_id = group_id("T", edit.reports)
        if topic_id in self.ids:
            raise _Misfit("erotettava osa on jo oma ilmiönsä")
        self.ids.append(topic_id)
        if edit.name:
            self.names[topic_id] = edit.name
        wider = sparse.lil_matrix((self.weights.shape[0], len(self.ids)))
        wider[:, :-1] = self.weights
        self.weights = wider
        return len(self.ids) - 1

    def _find(self, ref: TopicRef) -> int:
        """Return the topic with an id, or the one that holds most of some reports."""
        if isinstance(ref, str):
            topic = self.ids.index(ref) if ref in self.ids else -1
            if topic < 0 or not (self.labels == topic).any():
                raise _Misfit(f"ilmiötä {ref} ei ole")
            return topic
        held = self.labels[[self.row_of[r] for r in ref if r in self.row_of]]
        counts = np.bincount(held[held >= 0], minlength=1)
        if 2 * counts.max() <= len(ref):
            raise _Misfit("mikään ilmiö ei sisällä enemmistöä raporteista, jotka siihen viittaavat")
        return int(counts.argmax())

    def result(self, grouping: Grouping, outcomes: pd.DataFrame) -> Edited:
        """Return the topics that have reports, numbered anew, largest first."""
        sizes = np.bincount(self.labels[self.labels >= 0], minlength=len(self.ids))
        kept = [t for t in np.argsort(-sizes, kind="stable").tolist() if sizes[t]]
        number_of = np.full(len(self.ids) + 1, -1)
        number_of[kept] = np.arange(len(kept))
        members = [np.flatnonzero(self.labels == t).tolist() for t in kept]
        weights = sparse.csr_matrix(self.weights[:, kept])
        weights.eliminate_zeros()
        return Edited(
            number_of[self.labels].astype(np.int64),
            weights,
            np.array([grouping.kept_together(rows) for rows in members]),
            [self.ids[t] for t in kept],
            self.names,
            self.junk,
            outcomes,
        )
