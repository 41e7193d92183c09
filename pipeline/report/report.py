"""Gather what the period report says, and write its workbook.

The other forms are written from what is gathered here (:mod:`pipeline.report.forms`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.assign.coded import judging
from pipeline.comparison import Comparison, compare_codings
from pipeline.detect.settings import DetectConfig
from pipeline.needs import Progress, tell_nobody
from pipeline.report.audiences import LEAST_PUBLIC
from pipeline.report.catalogue import load_catalogue
from pipeline.report.facts.quoted_elsewhere import quoted_of_groups
from pipeline.report.facts.report_facts import ReportFacts, gather_facts
from pipeline.report.findings_file import HeldFindings
from pipeline.report.look_back import as_known_then
from pipeline.report.material import Material, ReportTables, gather
from pipeline.report.provenance import Provenance
from pipeline.report.published import Published
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.report.settings import ReportConfig
from pipeline.taxonomy.model import Taxonomy

__all__ = [
    "FACTS_SETTINGS",
    "ReportConfig",
    "ReportContext",
    "ReportTables",
    "gather_public",
    "gather_report",
    "report_material",
    "workbook",
]

FACTS_SETTINGS = tuple(
    name
    for name in ReportConfig.model_fields
    if name not in ("template", "word_template", "audiences")
)
"""Settings that the facts rest on: all but how they look and for whom they are."""


@dataclass(frozen=True, kw_only=True)
class ReportContext:
    """What the report stage needs beside tables and settings.

    Attributes
    ----------
    taxonomy : Taxonomy
        Labels and order of the themes.
    provenance : Provenance
        The run behind the tables.
    former_labels : mapping of str to str
        Last label of each topic the study has had, by id.
    quote_rulings : QuoteRulings
        Quotations the analyst pinned or banned.
    register : sequence of dict of str to str
        Rows of the analyst's register of signals; none where there is no register.
    findings : HeldFindings
        The findings as the analyst left them.
    seed : int
        Of the bootstrap intervals of that comparison.
    progress : callable, default=:func:`~pipeline.needs.tell_nobody`
        Called as ``progress(done, total)`` while small cells of a cross table are hidden.
    published : sequence of Published, default=()
        Reports of this and other periods as they were published.
    """

    taxonomy: Taxonomy
    provenance: Provenance
    quote_rulings: QuoteRulings
    register: Sequence[dict[str, str]]
    findings: HeldFindings
    seed: int
    progress: Progress = tell_nobody
    published: Sequence[Published] = ()
    former_labels: Mapping[str, str] = field(default_factory=dict)


def gather_report(
    tables: ReportTables, config: ReportConfig, *, context: ReportContext
) -> ReportFacts:
    """Gather once, as plain values, what every form of one period's report says.

    Parameters
    ----------
    tables : ReportTables
        The safe tables of the contract, whole.
    config : ReportConfig
    context : ReportContext

    Returns
    -------
    ReportFacts

    Raises
    ------
    ConfigError
        When ``config.period`` is no period of the study.
    InputError
        When a pinned quotation may not be shown.
    """
    material, words = report_material(tables, config, context), load_catalogue(config.language)
    return gather_facts(material, words, context.taxonomy, context.provenance)


def gather_public(
    tables: ReportTables, config: ReportConfig, *, fitted: ReportFacts, context: ReportContext
) -> ReportFacts | None:
    """Gather what the public is told, small numbers hidden; None when nothing is made for it.

    Parameters and errors are those of :func:`gather_report`, whose result is `fitted`: what the
    others are told of client groups is not quoted to the public under a phenomenon.
    """
    if "public" not in config.audiences:
        return None
    strict = config.model_copy(update={"min_cell": max(config.min_cell, LEAST_PUBLIC)})
    told = gather_report(tables, strict, context=context)
    return replace(told, quoted_of_groups=quoted_of_groups(fitted))


def workbook(
    tables: ReportTables,
    config: ReportConfig,
    *,
    fitted: ReportFacts,
    taxonomy: Taxonomy,
    provenance: Provenance,
    seed: int,
    progress: Progress,
    scratch: Path | None,
) -> dict[str, bytes]:
    """Write ``tables.xlsx``: every table given, and the counts.

    It rests on the tables themselves, which the facts do not hold, and on no finding or quotation.

    Parameters
    ----------
    tables : ReportTables
    config : ReportConfig
    fitted : ReportFacts
        From :func:`gather_report`.
    taxonomy, provenance, seed, progress
        As :class:`ReportContext` has them.
    scratch : Path or None
        The study's own folder of half-made things; None to make nothing on disk.
    """
    from pipeline.report.facts.sheets import sheets
    from pipeline.report.workbook.workbook import render_workbook

    context = ReportContext(
        taxonomy=taxonomy,
        provenance=provenance,
        quote_rulings=QuoteRulings(),
        register=(),
        findings=HeldFindings(),
        seed=seed,
        progress=progress,
    )
    material, words = report_material(tables, config, context), load_catalogue(config.language)
    held = render_workbook(fitted, sheets(material, words), words, scratch)
    return {"tables.xlsx": held}


def report_material(tables: ReportTables, config: ReportConfig, context: ReportContext) -> Material:
    """Gather the period reported on, with people's rulings and codings.

    Of an earlier period nothing is used that came later (:mod:`pipeline.report.look_back`).
    """
    names = [str(name) for name in tables.periods["period"]]
    later = tuple(names[names.index(config.period) + 1 :]) if config.period in names else ()
    if config.period is not None and later:
        settings = DetectConfig.model_validate(context.provenance.settings.get("detect", {}))
        tables = as_known_then(tables, config.period, settings, context.seed)
    material = gather(
        tables,
        config,
        context.taxonomy,
        context.quote_rulings,
        context.register,
        _comparison(tables, context),
    )
    held = HeldFindings() if later else context.findings
    return replace(
        material,
        later_periods=later,
        held_findings=held,
        former_labels=context.former_labels,
        progress=context.progress,
        published=tuple(one for one in context.published if one.period < material.period),
    )


def _comparison(tables: ReportTables, context: ReportContext) -> Comparison | None:
    """Compare coders, the machine and the forms' ticks; None when nothing is coded blind."""
    codings = tables.codings_standing
    is_taught_here = context.provenance.settings.get("assign", {}).get("model") is None
    return compare_codings(
        judging(codings),
        context.taxonomy,
        tables.reports,
        tables.report_themes,
        learnt=set(codings["report_id"]) if is_taught_here else (),
        seed=context.seed,
    )
