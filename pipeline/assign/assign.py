"""Suggest themes for every report, and say which sentences and words carry them."""

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from pipeline.assign.distance_to_cut import standing
from pipeline.assign.evidence import Explained, explain
from pipeline.assign.features import segment_words
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.kinds_said import with_kinds
from pipeline.assign.linear import sigmoid
from pipeline.assign.report_texts import report_texts
from pipeline.assign.ticks import tick_matrix
from pipeline.frames import empty
from pipeline.texts import Texts


class AssignConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of the assign stage."""

    model: Path | None = Field(
        default=None,
        description="Model learnt in another study, the .json of havainto train, from the study's "
        "folder; the study's own codings are then not learnt from.",
    )
    ticks: Literal["auto"] | bool = Field(
        default="auto",
        description="Use what reporters ticked and typed on the form as one more source: auto asks "
        "of the ticks whether they follow the texts; true: always; false: text only.",
    )
    tick_sensitivity: float = Field(
        default=0.92,
        gt=0.5,
        lt=1,
        description="Share of a report's true themes that get ticked, 0-1, before coding tells.",
    )
    tick_specificity: float = Field(
        default=0.99,
        gt=0.5,
        lt=1,
        description="Share of the other themes that stay unticked, 0-1, before coding tells.",
    )
    fields: bool = Field(
        default=True,
        description="Use client groups, valence and source ticked on the form as evidence, "
        "learnt without labels; false: text, and ticks as set above.",
    )
    mean_themes: float = Field(
        default=2.0,
        ge=1,
        le=10,
        description="Themes a report has on average; coded reports, or ticks, overrule it.",
    )
    max_themes: int = Field(
        default=4,
        ge=1,
        description="Most themes suggested for a report; a full set of ticks that is used may have "
        "more.",
    )
    min_score: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Lowest score of a suggestion, 0-1; above 0 a familiar report may get none.",
    )
    off_topic_cut: float = Field(
        default=-5.0,
        lt=0,
        description="Familiarity below which a report without ticks gets no theme, in robust "
        "standard deviations from the typical report.",
    )
    min_segment_score: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Lowest score, 0-1, at which a sentence is said to carry a theme.",
    )
    max_evidence: int = Field(
        default=8,
        ge=1,
        le=50,
        description="Most words and sentences kept as evidence of one suggestion.",
    )
    min_df: int = Field(
        default=2, ge=1, description="Texts a word must stand in to count, theme texts included."
    )
    max_pool_reports: int = Field(
        default=20_000,
        ge=100,
        description="Most reports to learn from; of more, a random sample and all coded ones.",
    )
    min_topic_share: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="Share of a topic's reports with a theme, 0-1, from which the two are related.",
    )
    main_topic_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share, 0-1, from which one side is said to lie within the other.",
    )


def assign(
    texts: Texts,
    segment_kinds: pd.DataFrame,
    config: AssignConfig,
    *,
    fitted: FittedThemes,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score every pair of report and theme, and the sentences of the suggested ones.

    Parameters
    ----------
    texts : Texts
        Of any reports; each report is scored by itself.
    segment_kinds : DataFrame
        Of the same reports.
    config : AssignConfig
    fitted : FittedThemes
        From :func:`pipeline.assign.mapper.fit_theme_mapper`.

    Returns
    -------
    report_themes : DataFrame
        Every pair of a report with segments and a theme, in the order of ``reports`` and of the
        taxonomy. ``score`` is the probability that the log odds stand for; before some 30 reports
        are coded it orders pairs and is no more than that. ``evidence`` is filled for suggestions,
        and adds up to ``log_odds``; the columns of
        :func:`~pipeline.assign.distance_to_cut.standing` tell how far a pair is from the cut.
    segment_themes : DataFrame
        Sentences that carry a theme suggested for their report: those that reach
        ``min_segment_score`` by their own text, and for every suggestion at least the strongest.
        A sentence is scored as a report that consists of it alone would be, without ticks.
    """
    texts = with_kinds(texts, segment_kinds)
    documents, report_ids = report_texts(texts)
    if not report_ids:
        return empty("report_themes"), empty("segment_themes")
    ticks = tick_matrix(texts.reports, report_ids, fitted.theme_ids)
    rows = documents.rows(fitted.features)
    beside = fitted.beside(texts.reports, report_ids, ticks)
    apart = fitted.beside_unseen(texts.reports, report_ids, ticks, documents.folds)
    log_odds = fitted.log_odds(rows, ticks) + beside
    assigned = fitted.decide(documents.whole, log_odds, ticks)
    segments = texts.segments
    segment_ids = segments.loc[segments["report_id"].isin(report_ids), "segment_id"].tolist()
    by_segment = segment_words(texts.tokens)
    slopes = fitted.slopes(ticks)
    fields = fitted.field_pieces(texts.reports, report_ids, ticks)
    explained = Explained(
        rows=rows,
        ticks=ticks,
        slopes=slopes,
        tick_odds=log_odds - slopes * fitted.text_log_odds(rows, ticks) - fields.total,
        fields=fields,
        words=tuple(by_segment.get(segment_id, ()) for segment_id in segment_ids),
        segment_ids=tuple(segment_ids),
    )
    n_reports, n_themes = assigned.shape
    report_themes = pd.DataFrame(
        {
            "report_id": np.repeat(np.array(report_ids, dtype=object), n_themes),
            "theme_id": np.tile(np.array(fitted.theme_ids, dtype=object), n_reports),
            "score": sigmoid(log_odds).ravel(),
            "assigned": assigned.ravel(),
            "log_odds": log_odds.ravel(),
            "unseen_score": sigmoid(fitted.unseen_log_odds(rows, ticks) + apart).ravel(),
            **standing(fitted, log_odds, assigned, ticks),
            "evidence": explain(explained, assigned, fitted, config.max_evidence),
        }
    )
    return report_themes, _sentence_themes(explained, assigned, fitted, config.min_segment_score)


def _sentence_themes(
    explained: Explained, assigned: np.ndarray, fitted: FittedThemes, min_score: float
) -> pd.DataFrame:
    """Return the sentences that carry a theme suggested for their report, with their scores."""
    scores = sigmoid(fitted.sentence_log_odds(explained.rows.sentences))
    at, theme = np.nonzero(_carries(scores, assigned, explained.rows.of_report, min_score))
    return pd.DataFrame(
        {
            "segment_id": np.array(explained.segment_ids, dtype=object)[at],
            "theme_id": np.array(fitted.theme_ids, dtype=object)[theme],
            "score": scores[at, theme],
        }
    )


def _carries(
    scores: np.ndarray, assigned: np.ndarray, of_report: np.ndarray, min_score: float
) -> np.ndarray:
    """Return which sentences carry which theme, bool, shape (n_segments, n_themes)."""
    carries: np.ndarray = scores >= min_score
    for i in np.unique(of_report):
        own = np.flatnonzero(of_report == i)
        carries[own[scores[own].argmax(axis=0)], np.arange(scores.shape[1])] = True
    return np.asarray(carries & assigned[of_report])
