"""Where form and text disagree on a report's valence or a sentence's box."""

from dataclasses import dataclass

import pandas as pd

from pipeline.frames import each_row
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, ReportLink, amount_of, count_of
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
    same, asked : Count
        Reports with a valence ticked whose text has the same one, and all whose text has a plain
        one.
    sentences : tuple of (report, box, kind, text)
        In reading order.
    """

    valences: tuple[tuple[ReportLink, str, str], ...]
    same: Count
    asked: Count
    sentences: tuple[tuple[ReportLink, str, str, str], ...]


def doubts(material: Material, words: Catalogue) -> Doubts:
    """List this period's reports and sentences whose form and text disagree most."""
    rows = material.tables.report_valences
    is_both = (rows["ticked"] != "") & (rows["text_valence"] != "")
    asked = rows[rows["report_id"].isin(material.now_ids) & is_both]
    same = asked[asked["text_valence"] == asked["ticked"]]
    return Doubts(
        valences=_valences(asked, words),
        same=count_of(same["report_id"], words("doubts.same")),
        asked=amount_of(asked["report_id"], words("doubts.asked")),
        sentences=_sentences(material, words),
    )


def _valences(asked: pd.DataFrame, words: Catalogue) -> tuple[tuple[ReportLink, str, str], ...]:
    """List the reports whose text clearly has another valence than the one ticked."""
    rows = asked.assign(gap=asked["score"] - asked["ticked_score"])
    rows = rows[(rows["text_valence"] != rows["ticked"]) & (rows["gap"] >= _MIN_GAP)]
    rows = rows.sort_values(["gap", "report_id"], ascending=[False, True]).head(_MAX_VALENCES)
    return tuple(
        (
            ReportLink(row.report_id),
            words.label("valence", row.ticked),
            words.label("valence", row.text_valence),
        )
        for row in each_row(rows)
    )


def _sentences(
    material: Material, words: Catalogue
) -> tuple[tuple[ReportLink, str, str, str], ...]:
    """List the proposals outside the box for them, and what is in it and is none."""
    segments = material.tables.segments
    now = segments[segments["report_id"].isin(material.now_ids)]
    if not (now["field"] == "proposal").any():
        return ()
    rows = now.merge(material.tables.segment_kinds, on="segment_id")
    rows = rows[rows["kind"] != ""]
    rows = rows[(rows["field"] == "proposal") != (rows["kind"] == PROPOSAL)]
    return tuple(
        (
            ReportLink(row.report_id),
            words(f"doubts.{row.field}"),
            words(f"doubts.{row.kind}"),
            row.text,
        )
        for row in each_row(rows.head(_MAX_SENTENCES))
    )
