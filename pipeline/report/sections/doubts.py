"""Where form and text disagree, and where topics and themes miss each other."""

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from pipeline.assign.gaps import NEW_THEME, UNSUPPORTED
from pipeline.frames import each_row
from pipeline.report.catalogue import Catalogue
from pipeline.report.links import Links
from pipeline.report.material import PROPOSAL, Material

_MAX_VALENCES = 10
_MIN_GAP = 0.3
"""How much likelier the text's valence is than the one ticked, in reports that are listed."""
_MAX_SENTENCES = 10


@dataclass(frozen=True)
class Doubts:
    """Reports whose valence, and sentences whose box, the text speaks against.

    Attributes
    ----------
    valences : tuple of (report, ticked, by text)
        The strongest disagreement first.
    same, asked : Markup
        Reports with a valence ticked whose text has the same one, and all of them.
    n_asked : int
        The number of the latter.
    sentences : tuple of (report, box, kind, text)
        In reading order.
    """

    valences: tuple[tuple[Markup, str, str], ...]
    same: Markup
    asked: Markup
    n_asked: int
    sentences: tuple[tuple[Markup, str, str, str], ...]


@dataclass(frozen=True)
class Gap:
    """One topic without a theme, or one theme without a topic."""

    label: str
    terms: tuple[str, ...]
    n: Markup


@dataclass(frozen=True)
class Gaps:
    """Candidates for a new theme, and themes that no topic supports."""

    topics: tuple[Gap, ...]
    themes: tuple[Gap, ...]


def doubts(material: Material, words: Catalogue, links: Links) -> Doubts:
    """List this period's reports and sentences whose form and text disagree most."""
    rows = material.tables.report_valences
    asked = rows[rows["report_id"].isin(material.now_ids) & (rows["ticked"] != "")]
    same = asked[asked["valence"] == asked["ticked"]]
    return Doubts(
        valences=_valences(asked, words, links),
        same=links.count(same["report_id"], str(words("doubts.same"))),
        asked=links.amount(asked["report_id"], str(words("doubts.asked"))),
        n_asked=len(asked),
        sentences=_sentences(material, words, links),
    )


def _valences(
    asked: pd.DataFrame, words: Catalogue, links: Links
) -> tuple[tuple[Markup, str, str], ...]:
    """List the reports whose text clearly has another valence than the one ticked."""
    rows = asked.assign(gap=asked["score"] - asked["ticked_score"])
    rows = rows[(rows["valence"] != rows["ticked"]) & (rows["gap"] >= _MIN_GAP)]
    rows = rows.sort_values(["gap", "report_id"], ascending=[False, True]).head(_MAX_VALENCES)
    return tuple(
        (
            links.report(row.report_id),
            words.label("valence", row.ticked),
            words.label("valence", row.valence),
        )
        for row in each_row(rows)
    )


def _sentences(
    material: Material, words: Catalogue, links: Links
) -> tuple[tuple[Markup, str, str, str], ...]:
    """List the proposals outside the box for them, and what is in it and is none."""
    segments = material.tables.segments
    now = segments[segments["report_id"].isin(material.now_ids)]
    if not (now["field"] == "proposal").any():
        return ()
    rows = now.merge(material.tables.segment_kinds, on="segment_id")
    rows = rows[(rows["field"] == "proposal") != (rows["kind"] == PROPOSAL)]
    return tuple(
        (
            links.report(row.report_id),
            str(words(f"doubts.{row.field}")),
            str(words(f"doubts.{row.kind}")),
            row.text,
        )
        for row in each_row(rows.head(_MAX_SENTENCES))
    )


def gaps(material: Material, links: Links) -> Gaps:
    """List the topics that no theme covers and the themes that no topic supports."""
    found = material.tables.theme_gaps
    held = material.tables.report_topics
    held = held[
        held["is_main"].astype(bool) & held["report_id"].isin(material.reports["report_id"])
    ]
    labels = dict(zip(material.topics["topic_id"], material.topics["label"], strict=True))
    rejected = set(material.topics.loc[material.topics["ruling"] == "reject", "topic_id"])
    topics = tuple(
        Gap(
            label=str(labels.get(row.topic_id, row.label)),
            terms=tuple(row.terms),
            n=links.count(
                held.loc[held["topic_id"] == row.topic_id, "report_id"],
                str(labels.get(row.topic_id, row.label)),
            ),
        )
        for row in each_row(found[found["gap"] == NEW_THEME])
        if row.topic_id not in rejected
    )
    counted = material.themes
    themes = tuple(
        Gap(
            label=material.theme_label(row.theme_id),
            terms=(),
            n=links.count(
                counted.loc[counted["value"] == row.theme_id, "report_id"],
                material.theme_label(row.theme_id),
            ),
        )
        for row in each_row(found[found["gap"] == UNSUPPORTED])
    )
    return Gaps(topics, themes)
