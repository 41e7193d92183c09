"""The table of contents: every stage of the pipeline, in order.

A stage is one or more steps. A step is one function of tables (in the order of ``reads``), its
settings, and the outside things it ``needs`` by name (:mod:`pipeline.needs`); it returns the
tables it ``makes``.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

from pipeline.assign.assign import assign
from pipeline.assign.coded_scores import coded_scores
from pipeline.assign.gaps import theme_gaps
from pipeline.assign.label_texts import fit_labels, label_texts
from pipeline.assign.nearest_coded import nearest_coded
from pipeline.assign.saved import fit_or_load
from pipeline.assign.topics import map_topics
from pipeline.cluster.cluster import cluster
from pipeline.cluster.map import map_reports
from pipeline.detect.detect import detect
from pipeline.detect.watch import follow_watches, match_watches
from pipeline.embed.embed import embed
from pipeline.ingest.ingest import ingest
from pipeline.lemmatise.lemmatise import lemmatise
from pipeline.pseudonymise.pseudonymise import pseudonymise
from pipeline.report.report import ReportContext, ReportTables, report
from pipeline.review.loose_ends import loose_ends
from pipeline.review.review import review
from pipeline.segment.segment import segment
from pipeline.tables import TEXT_TABLES


@dataclass(frozen=True, kw_only=True)
class Step:
    """One function of a stage.

    Attributes
    ----------
    function : callable
    reads : tuple of str
        Tables given, in order. The first one leads: its reports set the pace and the order.
    makes : tuple of str
        Tables returned, in order.
    needs : tuple of str
        Outside things given by keyword.
    over : {"reports", "whole", "fit", "files"}
        ``reports``: called once a batch of whole reports, as a pure function of the batch.
        ``whole``: called once with whole tables.
        ``fit``: called once with whole tables; what it returns goes to the stage's later steps
        as keyword ``fitted``, until another one returns its own.
        ``files``: called once with whole tables; returns the files of ``report/`` by name.
    tables : dataclass or None, default=None
        What the tables are given as, each a field of its name; one by one when None.
    context : dataclass or None, default=None
        What the outside things are given as, by keyword ``context``; one by one when None.
    """

    function: Callable[..., Any]
    reads: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    over: Literal["reports", "whole", "fit", "files"] = "whole"
    tables: Callable[..., Any] | None = None
    context: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Stage:
    """A named stage; its settings are the section of the same name.

    Attributes
    ----------
    name : str
    steps : tuple of Step
    """

    name: str
    steps: tuple[Step, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """Tables that an earlier stage makes, without doubles."""
        own = self.makes
        return tuple(dict.fromkeys(t for s in self.steps for t in s.reads if t not in own))

    @property
    def makes(self) -> tuple[str, ...]:
        """Tables that this stage makes."""
        return tuple(table for step in self.steps for table in step.makes)

    @property
    def needs(self) -> tuple[str, ...]:
        """Outside things, without doubles."""
        return tuple(dict.fromkeys(need for step in self.steps for need in step.needs))


def _names(bundle: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, in order."""
    return tuple(field.name for field in fields(bundle))


STAGES: tuple[Stage, ...] = (
    Stage(
        "ingest",
        (
            Step(
                function=ingest,
                makes=("raw_reports", "raw_rejected", "periods", "rejected", "forms"),
                needs=("files", "secret", "taxonomy"),
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
                makes=("reports", "pii_spans"),
                needs=("person_finder", "pii_lists", "secret"),
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
                needs=("lemmatiser",),
            ),
        ),
    ),
    Stage(
        "embed",
        (
            Step(
                function=embed,
                over="reports",
                reads=("reports", "segments"),
                makes=("embeddings", "report_embeddings"),
                needs=("encoder",),
            ),
        ),
    ),
    Stage(
        "cluster",
        (
            Step(
                function=cluster,
                reads=TEXT_TABLES,
                makes=(
                    "topics",
                    "report_topics",
                    "segment_topics",
                    "candidates",
                    "topic_lineage",
                    "topic_edits",
                ),
                needs=("seed", "progress", "edits", "previous_lineage"),
            ),
            Step(
                function=map_reports,
                reads=TEXT_TABLES,
                makes=("report_map",),
                needs=("seed",),
            ),
        ),
    ),
    Stage(
        "review",
        (
            Step(
                function=review,
                reads=("reports",),
                makes=("decisions", "report_states", "codings_standing", "settled_themes"),
                needs=("decisions_file", "codings_file", "taxonomy"),
            ),
            Step(
                function=loose_ends,
                reads=("reports", "segments", "topics"),
                makes=("loose_ends",),
                needs=("human_ids", "taxonomy"),
            ),
        ),
    ),
    Stage(
        "assign",
        (
            Step(
                function=fit_or_load,
                over="fit",
                reads=(*TEXT_TABLES, "codings_standing"),
                needs=(
                    "taxonomy",
                    "encoder",
                    "lemmatiser",
                    "not_evidence",
                    "seed",
                    "saved_model",
                ),
            ),
            Step(
                function=assign,
                over="reports",
                reads=TEXT_TABLES,
                makes=("report_themes", "segment_themes"),
            ),
            Step(
                function=coded_scores,
                over="reports",
                reads=(*TEXT_TABLES, "codings_standing"),
                makes=("coded_scores",),
            ),
            Step(
                function=nearest_coded,
                reads=(
                    "reports",
                    "segments",
                    "tokens",
                    "report_embeddings",
                    "codings_standing",
                    "report_themes",
                ),
                makes=("nearest_coded",),
                needs=("taxonomy",),
            ),
            Step(
                function=map_topics,
                reads=("topics", "report_topics", "report_themes"),
                makes=("topic_themes",),
                needs=("taxonomy",),
            ),
            Step(
                function=theme_gaps,
                reads=("topics", "report_themes", "topic_themes"),
                makes=("theme_gaps",),
                needs=("taxonomy",),
            ),
            Step(
                function=fit_labels,
                over="fit",
                reads=TEXT_TABLES,
                needs=("label_sets", "encoder", "lemmatiser", "seed"),
            ),
            Step(
                function=label_texts,
                over="reports",
                reads=TEXT_TABLES,
                makes=("segment_kinds", "report_valences"),
            ),
        ),
    ),
    Stage(
        "detect",
        (
            Step(
                function=detect,
                reads=(
                    "periods",
                    "reports",
                    "topics",
                    "report_topics",
                    "candidates",
                    "report_themes",
                ),
                makes=("signals",),
                needs=("seed", "progress"),
            ),
            Step(
                function=match_watches,
                reads=TEXT_TABLES,
                makes=("watch_matches",),
                needs=("watches", "phrase_encoder", "lemmatiser"),
            ),
            Step(
                function=follow_watches,
                reads=("periods", "reports", "watch_matches"),
                makes=("watch_histories",),
                needs=("watches", "seed"),
            ),
        ),
    ),
    Stage(
        "report",
        (
            Step(
                function=report,
                over="files",
                reads=_names(ReportTables),
                needs=_names(ReportContext),
                tables=ReportTables,
                context=ReportContext,
            ),
        ),
    ),
)
