"""Write the period report: a page, a deck, a workbook and a methods section."""

from collections.abc import Sequence

import pandas as pd

from pipeline.comparison import compare_codings
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
    report_map: pd.DataFrame,
    topic_lineage: pd.DataFrame,
    topic_edits: pd.DataFrame,
    watch_histories: pd.DataFrame,
    coded_scores: pd.DataFrame,
    nearest_coded: pd.DataFrame,
    theme_gaps: pd.DataFrame,
    segment_kinds: pd.DataFrame,
    report_valences: pd.DataFrame,
    config: ReportConfig,
    *,
    taxonomy: Taxonomy,
    provenance: Provenance,
    deck_template: bytes | None,
    quote_rulings: QuoteRulings,
    register: Sequence[dict[str, str]],
    codings: pd.DataFrame,
    seed: int,
) -> dict[str, bytes]:
    """Write the files of one period's report.

    Parameters
    ----------
    periods, rejected, reports, pii_spans, segments, tokens, topics, report_topics, \
segment_topics, candidates, report_themes, segment_themes, topic_themes, signals, decisions, \
report_map, topic_lineage, topic_edits, watch_histories, coded_scores, nearest_coded, theme_gaps, \
segment_kinds, report_valences : DataFrame
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
    register : sequence of dict of str to str
        Rows of the analyst's register of signals; none where there is no register.
    codings : DataFrame
        What people coded, to compare the machine and the ticks with; may have no rows.
    seed : int
        Of the bootstrap intervals of that comparison.

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
        report_map=report_map,
        topic_lineage=topic_lineage,
        topic_edits=topic_edits,
        watch_histories=watch_histories,
        coded_scores=coded_scores,
        nearest_coded=nearest_coded,
        theme_gaps=theme_gaps,
        segment_kinds=segment_kinds,
        report_valences=report_valences,
    )
    is_taught_here = provenance.settings.get("assign", {}).get("model") is None
    comparison = compare_codings(
        codings,
        taxonomy,
        reports,
        report_themes,
        learnt=set(codings["report_id"]) if is_taught_here else (),
        seed=seed,
    )
    material = gather(tables, config, taxonomy, quote_rulings, register, comparison)
    words = load_catalogue(config.language)
    links = Links(words, config.max_listed_ids)
    shown = sections(material, words, links)
    return {
        "report.html": render_html(material, words, taxonomy, provenance, shown, links),
        "deck.pptx": render_deck(
            material, words, taxonomy, provenance, shown, links, deck_template
        ),
        "tables.xlsx": render_workbook(material, words, provenance),
        "methods.md": render_methods(
            material, words, taxonomy, provenance, shown["agreement"]
        ).encode("utf-8"),
    }
