"""What became of the topics: since the run before, and of the edits a person made to them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.cluster.lineage import GONE
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, amount_of
from pipeline.report.material import Material, Row

_CHANGED = ("new", "split", "merged", GONE)
_N_NAMED = 3


@dataclass(frozen=True)
class TopicChange:
    """One topic that is not what it was.

    Attributes
    ----------
    change : str
        ``new``, ``split``, ``merged`` or ``gone``.
    label : str
        Its name; of a topic that is gone its id, for its name is gone with it.
    others : tuple of str
        Names of the topics it comes from or, when it is gone, that hold its reports now.
    """

    change: str
    label: str
    n: Count
    others: tuple[str, ...]


@dataclass(frozen=True)
class Misfit:
    """One edit that does not fit any more, or only in part."""

    number: str
    action: str
    topics: str
    is_partial: bool
    reason: str


def topic_changes(material: Material, words: Catalogue) -> tuple[TopicChange, ...]:
    """List the topics that are new, split, merged or gone; none after a first run."""
    rows = material.tables.topic_lineage.to_dict("records")
    if all(row["change"] == "new" for row in rows):
        return ()
    labels = dict(zip(material.topics["topic_id"], material.topics["label"], strict=True))
    known = set(material.reports["report_id"])
    found = []
    for change in _CHANGED:
        for row in (row for row in rows if row["change"] == change):
            ids = [report_id for report_id in row["report_ids"] if report_id in known]
            known_as = material.former_labels.get(str(row["topic_id"]), "")
            former = known_as or words("topics.former", topic=row["topic_id"])
            label = str(labels.get(row["topic_id"], former))
            if change != GONE and row["topic_id"] not in labels:
                continue
            if change != GONE:  # as it is now, after edits
                ids = material.topic_members.get(row["topic_id"], [])
            others = _heirs(ids, material) if change == GONE else _origins(row)
            found.append(
                TopicChange(
                    change=change,
                    label=label,
                    n=amount_of(ids, f"{label} ({words(f'topics.change_{change}')})"),
                    others=tuple(str(labels.get(topic, topic)) for topic in others),
                )
            )
    return tuple(found)


def _origins(row: Row) -> list[str]:
    """Return the topics of the run before that a topic comes from, itself left out."""
    return [topic for topic in row["previous_ids"] if topic != row["topic_id"]]


def _heirs(ids: Sequence[str], material: Material) -> list[str]:
    """Return the topics that hold most of some reports now."""
    held = material.tables.report_topics
    held = held[held["is_main"].astype(bool) & held["report_id"].isin(set(ids))]
    return [str(topic) for topic, _ in Counter(held["topic_id"]).most_common(_N_NAMED)]


def misfits(material: Material, words: Catalogue) -> tuple[Misfit, ...]:
    """List the edits of ``human/edits.toml`` that were not done, or not wholly."""
    edits = material.tables.topic_edits
    rows = edits[edits["state"] != "applied"].to_dict("records")
    labels = dict(zip(material.topics["topic_id"], material.topics["label"], strict=True))
    return tuple(
        Misfit(
            number=words.whole(int(row["edit_no"])),
            action=str(row["action"]),
            topics="; ".join(str(labels.get(topic, topic)) for topic in row["topic_ids"]),
            is_partial=row["state"] == "partly",
            reason=str(row["reason"]),
        )
        for row in rows
    )
