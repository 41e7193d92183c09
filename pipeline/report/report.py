"""Write the period report: a page, a workbook and a methods section."""

import pandas as pd

from pipeline.report.catalogue import load_catalogue
from pipeline.report.html import render_html
from pipeline.report.material import Tables, gather
from pipeline.report.methods import render_methods
from pipeline.report.provenance import Provenance
from pipeline.report.settings import ReportConfig
from pipeline.report.workbook import render_workbook
from pipeline.taxonomy.model import Taxonomy

__all__ = ["ReportConfig", "report"]


def report(
    periods: pd.DataFrame,
    rejected: pd.DataFrame,
    reports: pd.DataFrame,
    pii_spans: pd.DataFrame,
    segments: pd.DataFrame,
    tokens: pd.DataFrame,
    topics: pd.DataFrame,
    report_topics: pd.DataFrame,
    segment_topics: pd.DataFrame,
    candidates: pd.DataFrame,
    report_themes: pd.DataFrame,
    segment_themes: pd.DataFrame,
    topic_themes: pd.DataFrame,
    signals: pd.DataFrame,
    decisions: pd.DataFrame,
    config: ReportConfig,
    *,
    taxonomy: Taxonomy,
    provenance: Provenance,
) -> dict[str, bytes]:
    """Write the files of one period's report.

    Parameters
    ----------
    periods, rejected, reports, pii_spans, segments, tokens, topics, report_topics, \
segment_topics, candidates, report_themes, segment_themes, topic_themes, signals, decisions \
: DataFrame
        The safe tables of the contract, whole.
    config : ReportConfig
    taxonomy : Taxonomy
        Labels and order of the themes.
    provenance : Provenance
        The run behind the tables. The same tables, settings and provenance give the same bytes.

    Returns
    -------
    dict of str to bytes
        ``report.html``, one page that needs no network; ``tables.xlsx``, every table given and
        the counts; ``methods.md``, a methods section to paste into an article.

    Raises
    ------
    ConfigError
        When ``config.period`` is no period of the study.
    """
    tables = Tables(
        periods=periods,
        rejected=rejected,
        reports=reports,
        pii_spans=pii_spans,
        segments=segments,
        tokens=tokens,
        topics=topics,
        report_topics=report_topics,
        segment_topics=segment_topics,
        candidates=candidates,
        report_themes=report_themes,
        segment_themes=segment_themes,
        topic_themes=topic_themes,
        signals=signals,
        decisions=decisions,
    )
    material = gather(tables, config, taxonomy)
    words = load_catalogue(config.language)
    return {
        "report.html": render_html(material, words, taxonomy, provenance),
        "tables.xlsx": render_workbook(material, words, provenance),
        "methods.md": render_methods(material, words, taxonomy, provenance).encode("utf-8"),
    }
