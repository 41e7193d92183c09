"""Report-theme pairs nobody has ruled on whose score lies near the cut."""

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.links import Links
from pipeline.report.material import Material
from pipeline.report.wording import decimal

_NEAR = 0.15
"""Farthest score from the cut that is still worth a look, on the scale of scores, 0-1."""


@dataclass(frozen=True)
class Uncertain:
    """One pair to look at."""

    report: Markup
    theme: str
    score: str
    is_suggested: bool
    is_ticked: bool


@dataclass(frozen=True)
class UncertainPairs:
    """The pairs nearest the cut, and where the cut lies."""

    rows: tuple[Uncertain, ...]
    cut: str


def uncertain_pairs(material: Material, words: Catalogue, links: Links) -> UncertainPairs:
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
    columns = ["report_id", "theme_id", "score", "suggested"]
    rows = nearest[columns].head(material.config.n_uncertain)
    return UncertainPairs(
        tuple(
            Uncertain(
                report=links.report(report_id),
                theme=material.theme_label(theme_id),
                score=decimal(score, 2),
                is_suggested=bool(suggested),
                is_ticked=theme_id in ticks[report_id],
            )
            for report_id, theme_id, score, suggested in rows.itertuples(index=False, name=None)
        ),
        decimal(cut, 2),
    )


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
