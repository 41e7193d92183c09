"""Gather from the tables the reports that can be scored, whole and in sentences."""

import numpy as np

from pipeline.assign.features import (
    Documents,
    report_documents,
    segment_words,
    terms_of,
)
from pipeline.assign.sentences import ReportTexts, fold_of
from pipeline.texts import Texts


def scored_ids(texts: Texts) -> list[str]:
    """Return the reports of quality ok that have segments, in the order of ``reports``."""
    good = texts.reports["quality"] == "ok"
    has_segments = texts.reports["report_id"].isin(set(texts.segments["report_id"]))
    return list(texts.reports.loc[good & has_segments, "report_id"])


def report_texts(
    texts: Texts,
) -> tuple[ReportTexts, list[str]]:
    """Return the reports of quality ok that have segments, in the order of ``reports``.

    Parameters
    ----------
    texts : Texts

    Returns
    -------
    documents : ReportTexts
        Sentences in the order of ``segments``.
    report_ids : list of str
    """
    whole, report_ids = report_documents(texts)
    place = {report_id: i for i, report_id in enumerate(report_ids)}
    own = texts.segments[texts.segments["report_id"].isin(place)]
    segment_ids = own["segment_id"].tolist()
    by_segment = segment_words(texts.tokens)
    terms = tuple(terms_of(by_segment.get(segment_id, ())) for segment_id in segment_ids)
    sentences = Documents(terms, texts.segment_vectors(segment_ids).astype(float))
    of_report = np.array([place[report_id] for report_id in own["report_id"]], dtype=int)
    folds = np.array([fold_of(report_id) for report_id in report_ids], dtype=int)
    return ReportTexts(whole, sentences, of_report, folds), report_ids
