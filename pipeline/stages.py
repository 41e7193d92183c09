"""The table of contents: every stage of the pipeline, in order.

A stage is one or more steps. A step is one function of tables, the stage's settings if it asks for
them, and the outside things it ``needs`` (:mod:`pipeline.needs`); it returns the tables it
``makes``.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Literal

import pandas as pd

from pipeline.assign.assign import assign
from pipeline.assign.coded_scores import coded_scores
from pipeline.assign.gaps import theme_gaps
from pipeline.assign.nearest_coded import nearest_coded
from pipeline.assign.needs import NOT_EVIDENCE, SAVED_MODEL
from pipeline.assign.reliability import tick_reliability
from pipeline.assign.saved import fit_or_load
from pipeline.assign.topic_mapping import map_topics
from pipeline.cluster.cluster import cluster
from pipeline.cluster.map import map_reports
from pipeline.cluster.needs import EDITS, PREVIOUS_LINEAGE
from pipeline.codings import CODINGS_FILE
from pipeline.detect.detect import detect
from pipeline.detect.needs import REGISTER, WATCHES
from pipeline.detect.watch import follow_watches, match_watches
from pipeline.embed.embed import embed
from pipeline.embed.needs import ENCODER, PHRASE_ENCODER, WORD_VECTORS, forget_unused_vectors
from pipeline.ingest.ingest import ingest
from pipeline.ingest.left_out import LEFT_OUT
from pipeline.label.label import fit_labels, label
from pipeline.label.needs import LABEL_TAXONOMIES
from pipeline.lemmatise.lemmatise import lemmatise
from pipeline.lemmatise.needs import LEMMATISER
from pipeline.needs import FILES, PROGRESS, SECRET, SEED, Need, Supply
from pipeline.pseudonymise.needs import PERSON_FINDER, PII_LISTS
from pipeline.pseudonymise.pseudonymise import pseudonymise
from pipeline.report.needs import DECK_TEMPLATE, PROVENANCE, QUOTE_RULINGS
from pipeline.report.report import ReportContext, ReportTables, report
from pipeline.review.loose_ends import loose_ends
from pipeline.review.needs import DECISIONS_FILE, HUMAN_IDS
from pipeline.review.review import review
from pipeline.segment.segment import segment
from pipeline.tables import TABLES
from pipeline.taxonomy.needs import TAXONOMY
from pipeline.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Step:
    """One function of a stage.

    Attributes
    ----------
    function : callable
    reads : tuple of str or dataclass
        What is given, in order: a table of a name, or one value of a dataclass whose fields are
        names of tables. The first table leads: its reports set the pace and the order.
    makes : tuple of str
        Tables returned, in order.
    needs : tuple of Need
        Outside things, given by the keyword that is their name.
    over : {"reports", "whole", "fit", "files"}
        ``reports``: called once a batch of whole reports, as a pure function of the batch.
        ``whole``: called once with whole tables.
        ``fit``: called once with whole tables; what it returns goes to the stage's later steps
        as keyword ``fitted``, until another one returns its own.
        ``files``: called once with whole tables; returns the files of ``report/`` by name.
    context : dataclass or None, default=None
        What the outside things are given as, by keyword ``context``; one by one when None.
    finish : callable or None, default=None
        Called once the stage's tables are written and before their manifests are: a run killed
        in it makes the stage anew.
    """

    function: Callable[..., Any]
    reads: tuple[str | type, ...] = ()
    makes: tuple[str, ...] = ()
    needs: tuple[Need[Any], ...] = ()
    over: Literal["reports", "whole", "fit", "files"] = "whole"
    context: Callable[..., Any] | None = None
    finish: Callable[[Supply], None] | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables it reads, in order."""
        return tuple(name for one in self.reads for name in _names(one))

    def given(self, frames: Sequence[pd.DataFrame]) -> tuple[Any, ...]:
        """Return the frames of its tables as the function takes them."""
        left = iter(frames)
        return tuple(
            next(left) if isinstance(one, str) else one(*islice(left, len(_names(one))))
            for one in self.reads
        )

    def takes(self, name: str) -> bool:
        """Tell whether the function has a parameter of a name."""
        return name in inspect.signature(self.function).parameters


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
        return tuple(dict.fromkeys(t for s in self.steps for t in s.tables if t not in own))

    @property
    def makes(self) -> tuple[str, ...]:
        """Tables that this stage makes."""
        return tuple(table for step in self.steps for table in step.makes)

    @property
    def needs(self) -> tuple[Need[Any], ...]:
        """Outside things, without doubles."""
        return tuple(dict.fromkeys(need for step in self.steps for need in step.needs))

    @property
    def outputs(self) -> tuple[str, ...]:
        """What has a manifest: the stage's tables, or the stage itself where it makes files."""
        return self.makes or (self.name,)

    @property
    def makes_files(self) -> bool:
        """Whether it makes files of ``report/`` and no tables."""
        return any(step.over == "files" for step in self.steps)

    @property
    def reads_inputs(self) -> bool:
        """Whether it reads the study's input files."""
        return FILES in self.needs

    @property
    def touches_raw(self) -> bool:
        """Whether it reads or makes a table that lies in ``raw/``."""
        return any(TABLES[name].is_raw for name in (*self.reads, *self.makes))


def _names(one: str | type) -> tuple[str, ...]:
    """Return the table of a name, or those that the fields of a dataclass name, in order."""
    return (one,) if isinstance(one, str) else tuple(field.name for field in fields(one))


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
                makes=("reports", "pii_spans", "name_queue", "indirect"),
                needs=(PERSON_FINDER, PII_LISTS, SECRET),
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
                needs=(ENCODER, WORD_VECTORS),
                finish=forget_unused_vectors,
            ),
        ),
    ),
    Stage(
        "cluster",
        (
            Step(
                function=cluster,
                reads=(Texts,),
                makes=(
                    "topics",
                    "report_topics",
                    "segment_topics",
                    "candidates",
                    "topic_lineage",
                    "topic_edits",
                ),
                needs=(SEED, PROGRESS, EDITS, PREVIOUS_LINEAGE),
            ),
            Step(
                function=map_reports,
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
                function=fit_labels,
                over="fit",
                reads=(Texts,),
                needs=(LABEL_TAXONOMIES, ENCODER, LEMMATISER, SEED),
            ),
            Step(
                function=label,
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
                reads=("reports",),
                makes=("decisions", "report_states", "codings_standing", "settled_themes"),
                needs=(DECISIONS_FILE, CODINGS_FILE, TAXONOMY),
            ),
            Step(
                function=loose_ends,
                reads=("reports", "segments", "topics"),
                makes=("loose_ends",),
                needs=(HUMAN_IDS, TAXONOMY),
            ),
        ),
    ),
    Stage(
        "assign",
        (
            Step(
                function=fit_or_load,
                over="fit",
                reads=(Texts, "codings_standing"),
                needs=(
                    TAXONOMY,
                    ENCODER,
                    LEMMATISER,
                    NOT_EVIDENCE,
                    SEED,
                    SAVED_MODEL,
                ),
            ),
            Step(
                function=assign,
                over="reports",
                reads=(Texts,),
                makes=("report_themes", "segment_themes"),
            ),
            Step(
                function=coded_scores,
                over="reports",
                reads=(Texts, "codings_standing"),
                makes=("coded_scores",),
            ),
            Step(
                function=nearest_coded,
                reads=(
                    Texts,
                    "codings_standing",
                    "report_themes",
                ),
                makes=("nearest_coded",),
                needs=(TAXONOMY,),
            ),
            Step(
                function=map_topics,
                reads=("topics", "report_topics", "report_themes"),
                makes=("topic_themes",),
                needs=(TAXONOMY,),
            ),
            Step(
                function=tick_reliability,
                reads=("report_themes",),
                makes=("tick_reliability",),
            ),
            Step(
                function=theme_gaps,
                reads=("topics", "report_themes", "topic_themes"),
                makes=("theme_gaps",),
                needs=(TAXONOMY,),
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
                needs=(SEED, PROGRESS),
            ),
            Step(
                function=match_watches,
                reads=(Texts,),
                makes=("watch_matches",),
                needs=(WATCHES, PHRASE_ENCODER, LEMMATISER),
            ),
            Step(
                function=follow_watches,
                reads=("periods", "reports", "watch_matches"),
                makes=("watch_histories",),
                needs=(WATCHES, SEED),
            ),
        ),
    ),
    Stage(
        "report",
        (
            Step(
                function=report,
                over="files",
                reads=(ReportTables,),
                needs=(
                    *(TAXONOMY, PROVENANCE, DECK_TEMPLATE, QUOTE_RULINGS, REGISTER, SEED),
                    PROGRESS,
                ),
                context=ReportContext,
            ),
        ),
    ),
)
