"""Write the period report: a page, a deck, a workbook and a methods section."""

import pandas as pd

from pipeline.report.catalogue import load_catalogue
from pipeline.report.deck.deck import render_deck
from pipeline.report.html import render_html, sections
from pipeline.report.links import Links
from pipeline.report.material import Tables, gather
from pipeline.report.methods import render_methods
from pipeline.report.provenance import Provenance
from pipeline.report.quote_rulings import QuoteRulings
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
    deck_template: bytes | None,
    quote_rulings: QuoteRulings,
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
    deck_template : bytes or None
        The user's .pptx or .potx; None for the plain one.
    quote_rulings : QuoteRulings
        Quotations the analyst pinned or banned.

    Returns
    -------
    dict of str to bytes
        ``report.html``, one page that needs no network; ``deck.pptx``, the same as slides;
        ``tables.xlsx``, every table given and the counts; ``methods.md``, a methods section to
        paste into an article.

    Raises
    ------
    ConfigError
        When ``config.period`` is no period of the study, or the template is no presentation.
    InputError
        When a pinned or banned quotation is not in the study, or a pinned one may not be shown.
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
    material = gather(tables, config, taxonomy, quote_rulings)
    words = load_catalogue(config.language)
    links = Links(words, config.max_listed_ids)
    shown = sections(material, words, links)
    return {
        "report.html": render_html(material, words, taxonomy, provenance, shown, links),
        "deck.pptx": render_deck(
            material, words, taxonomy, provenance, shown, links, deck_template
        ),
        "tables.xlsx": render_workbook(material, words, provenance),
        "methods.md": render_methods(material, words, taxonomy, provenance).encode("utf-8"),
    }
