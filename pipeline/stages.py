"""The table of contents: every stage of the pipeline, in order.

What a stage and a step are is said in :mod:`pipeline.steps`.
"""

from pipeline.assign.assign import assign
from pipeline.assign.coded_scores import coded_scores
from pipeline.assign.gaps import theme_gaps
from pipeline.assign.nearest_coded import nearest_coded
from pipeline.assign.needs import NOT_EVIDENCE, RANDOM_DRAWS, SAVED_MODEL
from pipeline.assign.reliability import tick_reliability
from pipeline.assign.saved import LEARNT_SETTINGS, ThemeContext, fit_or_load
from pipeline.assign.theme_shares import theme_shares
from pipeline.assign.theme_texts import make_theme_texts
from pipeline.assign.topic_mapping import map_topics
from pipeline.cluster.cluster import cluster, group
from pipeline.cluster.map import map_reports
from pipeline.cluster.needs import EDITS, PLACES, PREVIOUS_LINEAGE, keep_lineage
from pipeline.cluster.parts import topic_parts
from pipeline.codings import CODINGS_FILE
from pipeline.detect.detect import detect
from pipeline.detect.needs import REGISTER, WATCHES
from pipeline.detect.regional import regional, spread_over_regions
from pipeline.detect.regions import REGIONS
from pipeline.detect.rising import CALIBRATED, calibrate
from pipeline.detect.watch import follow_watches, match_watches
from pipeline.embed.embed import embed
from pipeline.embed.needs import ENCODER, PHRASE_ENCODER, TEXT_ENCODER, WORD_VECTORS, forget_kept
from pipeline.ingest.ingest import ingest
from pipeline.ingest.left_out import LEFT_OUT
from pipeline.label.label import fit_label_examples, fit_labels, label
from pipeline.label.needs import LABEL_TAXONOMIES
from pipeline.lemmatise.lemmatise import lemmatise
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.name.name import GOOD_NAMES, NameTables, candidates_to_quote, name, quote_groups
from pipeline.name.needs import LABEL_MODEL, PARSER, forget_unused_parses
from pipeline.needs import FILES, PROGRESS, SCRATCH, SECRET, SEED
from pipeline.pseudonymise.needs import PERSON_FINDER, PII_LISTS
from pipeline.pseudonymise.pseudonymise import pseudonymise
from pipeline.report.forms import (
    OF_THE_DECK,
    OF_THE_FINDINGS,
    OF_THE_METHODS,
    OF_THE_PAGE,
    OF_THE_TEXT,
    OF_THE_WORKBOOK,
    deck,
    director,
    findings,
    methods,
    page,
    public,
    text,
    units,
)
from pipeline.report.needs import (
    DECK_TEMPLATE,
    FINDINGS,
    FORMER_LABELS,
    PROVENANCE,
    PUBLISHED,
    QUOTE_RULINGS,
    WORD_TEMPLATE,
)
from pipeline.report.report import (
    FACTS_SETTINGS,
    ReportContext,
    ReportTables,
    gather_public,
    gather_report,
    workbook,
)
from pipeline.review.loose_ends import loose_ends
from pipeline.review.needs import DECISIONS_FILE, HUMAN_IDS
from pipeline.review.review import review
from pipeline.segment.segment import segment
from pipeline.steps import Stage, Step, only
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.texts import Texts
from pipeline.withdrawn import withdraw_gone

SUGGESTED = only("report_themes", "report_id", "theme_id", "assigned")
"""Which themes are suggested for which report; without the evidence, which is most of the table."""

COUNTED = only("reports", "report_id", "quality", "duplicate_of", "period", "reporter_id", "unit")
"""Which reports count, when, and who wrote them."""

TOLD_FROM = (
    *(TAXONOMY, PROVENANCE, QUOTE_RULINGS, REGISTER, FINDINGS),
    *(SEED, PROGRESS, PUBLISHED, FORMER_LABELS),
)
"""What a report is told from, beside its tables."""

GROUPED_BY = (
    *("clusterer", "small_n_max", "candidates_n_max", "n_runs"),
    *("min_topic_reports", "min_weight", "view_weights"),
)
"""Settings by which reports are grouped."""

STAGES: tuple[Stage, ...] = (
    Stage(
        "ingest",
        (
            Step(
                function=ingest,
                makes=("raw_reports", "raw_rejected", "periods", "rejected", "forms"),
                needs=(FILES, SECRET, TAXONOMY, LEFT_OUT),
            ),
        ),
    ),
    Stage(
        "pseudonymise",
        (
            Step(
                function=pseudonymise,
                over="reports",
                reads=("raw_reports",),
                paced_by="raw_reports",
                makes=("reports", "pii_spans", "name_queue", "indirect"),
                needs=(PERSON_FINDER, PII_LISTS, SECRET),
                finish=withdraw_gone,
            ),
        ),
    ),
    Stage(
        "segment",
        (Step(function=segment, over="reports", reads=("reports",), makes=("segments",)),),
    ),
    Stage(
        "lemmatise",
        (
            Step(
                function=lemmatise,
                over="reports",
                reads=("segments",),
                makes=("tokens",),
                needs=(LEMMATISER,),
                finish=forget_unused_parses,  # runs whenever the sentences have changed
            ),
        ),
    ),
    Stage(
        "embed",
        (
            Step(
                function=embed,
                over="reports",
                reads=("reports", "segments", "tokens"),
                makes=("embeddings", "report_embeddings"),
                needs=(TEXT_ENCODER, WORD_VECTORS),
                finish=forget_kept,
            ),
        ),
    ),
    Stage(
        "cluster",
        (
            Step(
                function=group,
                settings=GROUPED_BY,
                over="fit",
                reads=(Texts,),
                needs=(SEED, PROGRESS, PLACES),
            ),
            Step(
                function=cluster,
                settings=("n_terms",),
                reads=(Texts,),
                makes=(
                    *("topics", "report_topics", "segment_topics", "candidates"),
                    *("topic_lineage", "topic_edits"),
                ),
                needs=(SEED, EDITS, PREVIOUS_LINEAGE, PLACES),
                afterwards=keep_lineage,
            ),
            Step(
                function=topic_parts,
                settings=(*GROUPED_BY, "min_reports_inside", "n_topics_inside", "n_terms"),
                reads=(Texts, only("report_topics", "report_id", "topic_id", "weight", "is_main")),
                makes=("topic_parts",),
                needs=(SEED,),
            ),
            Step(
                function=map_reports,
                settings=("max_map_reports",),
                reads=(Texts,),
                makes=("report_map",),
                needs=(SEED,),
            ),
        ),
    ),
    Stage(
        "label",
        (
            Step(
                function=fit_label_examples,
                over="fit",
                needs=(LABEL_TAXONOMIES, ENCODER, LEMMATISER, SEED),
            ),
            Step(
                function=fit_labels,
                settings=("max_reports",),
                over="fit",
                reads=(Texts,),
                needs=(SEED,),
            ),
            Step(
                function=label,
                settings=("min_kind_confidence", "min_valence_confidence"),
                over="reports",
                reads=(Texts,),
                makes=("segment_kinds", "report_valences"),
            ),
        ),
    ),
    Stage(
        "review",
        (
            Step(
                function=review,
                reads=(only("reports", "report_id"),),
                makes=("decisions", "report_states", "codings_standing", "settled_themes"),
                needs=(DECISIONS_FILE, CODINGS_FILE, TAXONOMY),
            ),
            Step(
                function=loose_ends,
                reads=(
                    only("reports", "report_id"),
                    only("segments", "segment_id"),
                    only("topics", "topic_id"),
                ),
                makes=("loose_ends",),
                needs=(HUMAN_IDS, TAXONOMY),
            ),
        ),
    ),
    Stage(
        "assign",
        (
            Step(function=make_theme_texts, over="fit", needs=(TAXONOMY, ENCODER, LEMMATISER)),
            Step(
                function=fit_or_load,
                settings=("model", *LEARNT_SETTINGS),
                over="fit",
                reads=(Texts, "segment_kinds", "codings_standing"),
                needs=(TAXONOMY, ENCODER, LEMMATISER, NOT_EVIDENCE, SEED, SAVED_MODEL),
                context=ThemeContext,
            ),
            Step(
                function=assign,
                settings=("min_segment_score", "max_evidence"),
                over="reports",
                reads=(Texts, "segment_kinds"),
                makes=("report_themes", "segment_themes"),
            ),
            Step(
                function=coded_scores,
                settings=(),
                over="reports",
                reads=(Texts, "segment_kinds", "codings_standing"),
                only_where="codings_standing",
                makes=("coded_scores",),
            ),
            Step(
                function=nearest_coded,
                settings=("min_df",),
                reads=(Texts, "codings_standing", SUGGESTED),
                only_where="codings_standing",
                makes=("nearest_coded",),
                needs=(TAXONOMY,),
            ),
            Step(
                function=theme_shares,
                settings=(),
                reads=(
                    "periods",
                    only("reports", "report_id", "quality", "period", "reporter_id"),
                    only("report_themes", "report_id", "theme_id", "unseen_score"),
                    "codings_standing",
                ),
                only_where="codings_standing",
                makes=("corrected_shares",),
                needs=(TAXONOMY, RANDOM_DRAWS, SEED),
            ),
            Step(
                function=map_topics,
                settings=("min_topic_share", "main_topic_share"),
                reads=("topics", "report_topics", SUGGESTED),
                makes=("topic_themes",),
                needs=(TAXONOMY,),
            ),
            Step(
                function=tick_reliability,
                reads=(only("report_themes", "report_id"),),
                makes=("tick_reliability",),
            ),
            Step(
                function=theme_gaps,
                reads=("topics", SUGGESTED, "topic_themes"),
                makes=("theme_gaps",),
                needs=(TAXONOMY,),
            ),
        ),
    ),
    Stage(
        "detect",
        (
            Step(
                function=calibrate,
                settings=CALIBRATED,
                over="fit",
                reads=(
                    only("periods", "period", "start"),
                    COUNTED,
                    only("topics", "topic_id"),
                    only("report_topics", "report_id", "topic_id", "is_main"),
                    only("candidates", "candidate_id", "report_ids", "separation", "topic_id"),
                ),
                needs=(SEED, PROGRESS),
            ),
            Step(
                function=detect,
                settings=("wide_areas",),
                reads=(
                    only("reports", "report_id", "area", "client_groups"),
                    only("topics", "topic_id", "label"),
                    only("candidates", "candidate_id", "label"),
                    SUGGESTED,
                ),
                makes=("signals",),
            ),
            Step(
                function=regional,
                reads=(
                    only("periods", "period", "start"),
                    only("reports", *COUNTED.columns, "area"),
                    only(
                        *("candidates", "candidate_id", "report_ids", "separation", "topic_id"),
                        "label",
                    ),
                ),
                makes=("region_signals",),
                needs=(REGIONS, SEED, PROGRESS),
            ),
            Step(
                function=spread_over_regions,
                reads=(
                    only("periods", "period"),
                    only("reports", *COUNTED.columns, "area"),
                    only("signals", "signal_id", "rank", "report_ids"),
                ),
                makes=("signal_regions",),
                needs=(REGIONS,),
            ),
            Step(
                function=match_watches,
                settings=("watch_cut",),
                reads=(Texts,),
                makes=("watch_matches",),
                needs=(WATCHES, PHRASE_ENCODER, LEMMATISER),
            ),
            Step(
                function=follow_watches,
                settings=("exchange", "alpha", "min_reports", "n_shuffles"),
                reads=(only("periods", "period", "start"), COUNTED, "watch_matches"),
                makes=("watch_histories",),
                needs=(WATCHES, SEED),
            ),
        ),
    ),
    Stage(
        "name",
        (
            Step(
                function=candidates_to_quote,
                settings=("n_candidates",),
                reads=("signals",),
                makes=("candidates_to_quote",),
            ),
            Step(
                function=quote_groups,
                settings=("n_sentences",),
                over="fit",
                reads=(Texts, NameTables),
                needs=(PARSER, LABEL_MODEL, WORD_VECTORS, PLACES, SEED),
            ),
            Step(
                function=name,
                settings=GOOD_NAMES,
                reads=(
                    only(
                        "reports", "report_id", "client_groups", "themes_ticked", "themes_offered"
                    ),
                    "settled_themes",
                    "report_states",
                ),
                makes=("names",),
            ),
        ),
    ),
    Stage(
        "report",
        (
            Step(
                function=gather_report,
                settings=FACTS_SETTINGS,
                over="fit",
                reads=(ReportTables,),
                needs=TOLD_FROM,
                context=ReportContext,
            ),
            Step(function=page, over="files", looks_at=OF_THE_PAGE),
            Step(function=deck, over="files", looks_at=OF_THE_DECK, needs=(DECK_TEMPLATE,)),
            Step(function=text, over="files", looks_at=OF_THE_TEXT, needs=(WORD_TEMPLATE,)),
            Step(
                function=workbook,
                settings=FACTS_SETTINGS,
                over="files",
                looks_at=OF_THE_WORKBOOK,
                reads=(ReportTables,),
                needs=(TAXONOMY, PROVENANCE, SEED, PROGRESS, SCRATCH),
            ),
            Step(function=methods, over="files", looks_at=OF_THE_METHODS),
            Step(function=findings, over="files", looks_at=OF_THE_FINDINGS),
            Step(
                function=units,
                settings=("audiences",),
                over="files",
                looks_at=OF_THE_TEXT,
                needs=(WORD_TEMPLATE,),
            ),
            Step(
                function=director,
                settings=("audiences",),
                over="files",
                needs=(DECK_TEMPLATE, WORD_TEMPLATE),
            ),
            Step(
                function=gather_public,
                settings=(*FACTS_SETTINGS, "audiences"),
                over="fit",
                reads=(ReportTables,),
                needs=TOLD_FROM,
                context=ReportContext,
            ),
            Step(function=public, over="files", needs=(WORD_TEMPLATE,)),
        ),
    ),
)
