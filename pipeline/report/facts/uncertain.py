"""Report-theme pairs nobody has ruled on whose score lies near the cut."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.assign.distance_to_cut import strongest_not_suggested
from pipeline.comparison import evidence_words
from pipeline.frames import each_row
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import ReportLink
from pipeline.report.material import Material
from pipeline.report.wording import EN_DASH

_N_NEXT = 10
_NEAR = 0.15
"""Farthest score from the cut that is still worth a look, on the scale of scores, 0-1."""


@dataclass(frozen=True)
class Uncertain:
    """One pair to look at.

    Attributes
    ----------
    score : str
        The score or, while scores are not calibrated, the strength in a word; a dash for a pair
        that is not suggested.
    why : tuple of str
        The words that speak most for a suggestion.
    nearest : ReportLink or None
        The nearest report that people coded with the theme.
    """

    report: ReportLink
    theme: str
    score: str
    is_suggested: bool
    is_ticked: bool
    why: tuple[str, ...]
    nearest: ReportLink | None


@dataclass(frozen=True)
class NextTheme:
    """A report's strongest theme that was not suggested; ``short`` is how far from the cut."""

    report: ReportLink
    theme: str
    score: str
    short: str


@dataclass(frozen=True)
class UncertainPairs:
    """The pairs nearest the cut, and where the cut lies."""

    rows: tuple[Uncertain, ...]
    cut: str


def uncertain_pairs(material: Material, words: Catalogue) -> UncertainPairs:
    """List this period's open pairs, nearest the cut first."""
    pairs = material.pairs
    cut = cut_between(pairs)
    if cut is None:
        return UncertainPairs((), "")
    mine = pairs["report_id"].isin(material.now_ids) & (pairs["ruling"] == "")
    open_ = pairs[mine & pairs["score"].notna()]
    open_ = open_.assign(distance=(open_["score"] - cut).abs())
    nearest = open_[open_["distance"] <= _NEAR].sort_values(["distance", "report_id", "theme_id"])
    ticks = dict(zip(material.now["report_id"], material.now["themes_ticked"], strict=True))
    given = _given(material)
    columns = ["report_id", "theme_id", "score", "suggested"]
    rows = nearest[columns].head(material.config.n_uncertain)
    return UncertainPairs(
        tuple(
            Uncertain(
                report=ReportLink(report_id),
                theme=material.theme_label(theme_id),
                score=_score(score, given[report_id, theme_id].strength, material, words),
                is_suggested=bool(suggested),
                is_ticked=theme_id in ticks[report_id],
                why=tuple(evidence_words(given[report_id, theme_id].evidence)),
                nearest=_nearest(material, report_id, theme_id),
            )
            for report_id, theme_id, score, suggested in rows.itertuples(index=False, name=None)
        ),
        words.decimal(cut, 2),
    )


def next_themes(material: Material, words: Catalogue) -> tuple[NextTheme, ...]:
    """List this period's strongest themes that nobody and nothing suggested, nearest first."""
    rows = strongest_not_suggested(material.tables.report_themes)
    open_ = material.pairs[material.pairs["ruling"] == ""][["report_id", "theme_id"]]
    rows = rows[rows["report_id"].isin(material.now_ids)].merge(open_, on=["report_id", "theme_id"])
    rows = rows.sort_values(["margin", "report_id"], ascending=[False, True]).head(_N_NEXT)
    return tuple(
        NextTheme(
            report=ReportLink(row.report_id),
            theme=material.theme_label(row.theme_id),
            score=words.decimal(row.score, 2),
            short=str(words("review.times", n=words.decimal(math.exp(min(-row.margin, 20.0)), 1))),
        )
        for row in each_row(rows)
    )


def _given(material: Material) -> dict[tuple[str, str], Any]:
    """Return what the machine said of each of this period's pairs."""
    pairs = material.tables.report_themes
    pairs = pairs[pairs["report_id"].isin(material.now_ids)]
    return {(row.report_id, row.theme_id): row for row in each_row(pairs)}


def _score(score: float, strength: str, material: Material, words: Catalogue) -> str:
    """Return a score as a number where it is calibrated, and as a word where it is not."""
    if len(material.tables.coded_scores):
        return words.decimal(score, 2)
    return words(f"review.{strength}") if strength else EN_DASH


def _nearest(material: Material, report_id: str, theme_id: str) -> ReportLink | None:
    """Return the nearest coded report of a suggestion as a link."""
    found = material.tables.nearest_coded
    own = found[(found["report_id"] == report_id) & (found["theme_id"] == theme_id)]
    return ReportLink(str(own["coded_report_id"].iloc[0])) if len(own) else None


def cut_between(pairs: pd.DataFrame) -> float | None:
    """Return where the machine cut: midway between the scores it left out and those it took.

    Suggestions below the highest score left out are those of reports that got their best theme
    whatever its score; they do not move the cut. None when the machine scored nothing, took
    nothing or left nothing out.

    Examples
    --------
    >>> pairs = pd.DataFrame({"score": [0.3, 0.4, 0.6], "suggested": [True, False, True]})
    >>> cut_between(pairs)
    0.5
    """
    scored = pairs[pairs["score"].notna()]
    left = scored.loc[~scored["suggested"].astype(bool), "score"]
    if left.empty:
        return None
    took = scored.loc[scored["suggested"].astype(bool) & (scored["score"] >= left.max()), "score"]
    return None if took.empty else float((left.max() + took.min()) / 2)
