"""Gather from the tables the reports that can be scored, whole and in sentences."""

import numpy as np
import pandas as pd

from pipeline.assign.features import (
    Documents,
    report_documents,
    segment_words,
    stack_vectors,
    terms_of,
)
from pipeline.assign.sentences import ReportTexts, fold_of


def report_texts(
    reports: pd.DataFrame,
    segments: pd.DataFrame,
    tokens: pd.DataFrame,
    embeddings: pd.DataFrame,
    report_embeddings: pd.DataFrame,
) -> tuple[ReportTexts, list[str]]:
    """Return the reports of quality ok that have segments, in the order of ``reports``.

    Parameters
    ----------
    reports, segments, tokens, embeddings, report_embeddings : DataFrame
        The tables of those names.

    Returns
    -------
    texts : ReportTexts
        Sentences in the order of ``segments``.
    report_ids : list of str
    """
    whole, report_ids = report_documents(reports, segments, tokens, report_embeddings)
    place = {report_id: i for i, report_id in enumerate(report_ids)}
    own = segments[segments["report_id"].isin(place)]
    segment_ids = own["segment_id"].tolist()
    by_segment = segment_words(tokens)
    terms = tuple(terms_of(by_segment.get(segment_id, ())) for segment_id in segment_ids)
    sentences = Documents(terms, stack_vectors(embeddings, "segment_id", segment_ids))
    of_report = np.array([place[report_id] for report_id in own["report_id"]], dtype=int)
    folds = np.array([fold_of(report_id) for report_id in report_ids], dtype=int)
    return ReportTexts(whole, sentences, of_report, folds), report_ids
