"""Score coded reports by what was learnt without them, so that scores can be held to account."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.assign.assign import AssignConfig
from pipeline.assign.coded import UNCODED, coded_labels, judging
from pipeline.assign.fitted import FittedThemes
from pipeline.assign.kinds_said import with_kinds
from pipeline.assign.linear import sigmoid
from pipeline.assign.report_texts import report_texts
from pipeline.assign.ticks import tick_matrix
from pipeline.frames import empty
from pipeline.texts import Texts


def coded_scores(
    texts: Texts,
    segment_kinds: pd.DataFrame,
    codings_standing: pd.DataFrame,
    config: AssignConfig,
    *,
    fitted: FittedThemes,
) -> pd.DataFrame:
    """Score the coded reports, each by the classifiers that had not seen its fold.

    Parameters
    ----------
    texts : Texts
        Of any reports; each report is scored by itself.
    segment_kinds : DataFrame
        Of the same reports.
    codings_standing : DataFrame
        What people coded, one row a judgement. Only those that did not see the machine's word say
        whether it is right.
    config : AssignConfig
    fitted : FittedThemes
        From :func:`pipeline.assign.mapper.fit_theme_mapper`.

    Returns
    -------
    DataFrame, table ``coded_scores``
        Every pair of a blindly coded report and a theme; no rows before 30 reports are coded, when
        scores are no probabilities. Neither the classifiers nor what fields say had seen the
        report; the few numbers that weigh them, set the scale and judge ticks are learnt from all
        coded reports.
    """
    codings = judging(codings_standing)
    if not fitted.is_calibrated or not fitted.unseen or codings.empty:
        return empty("coded_scores")
    coded = set(codings["report_id"])
    own = with_kinds(texts.of(texts.reports[texts.reports["report_id"].isin(coded)]), segment_kinds)
    documents, report_ids = report_texts(own)
    if not report_ids:
        return empty("coded_scores")
    labels = coded_labels(codings, report_ids, fitted.theme_ids)
    ticks = tick_matrix(own.reports, report_ids, fitted.theme_ids)
    odds = fitted.unseen_log_odds(documents.rows(fitted.features), ticks)
    apart = fitted.beside_unseen(own.reports, report_ids, ticks, documents.folds)
    scores = sigmoid(odds + apart)
    known = (labels != UNCODED).all(axis=1)
    return _pairs(
        np.array(report_ids, dtype=object)[known], fitted.theme_ids, scores[known], labels[known]
    )


def _pairs(
    report_ids: np.ndarray, theme_ids: Sequence[str], scores: np.ndarray, labels: np.ndarray
) -> pd.DataFrame:
    """Return one row a pair."""
    return pd.DataFrame(
        {
            "report_id": np.repeat(report_ids, len(theme_ids)),
            "theme_id": np.tile(np.array(theme_ids, dtype=object), len(report_ids)),
            "score": scores.ravel(),
            "coded": (labels == 1).ravel(),
        }
    )
