"""Write the period report: a page, a deck, a workbook and a methods section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.assign.coded import judging
from pipeline.comparison import Comparison, compare_codings
from pipeline.detect.detect import DetectConfig
from pipeline.needs import Progress, tell_nobody
from pipeline.report.audiences import LEAST_PUBLIC, director_facts, document
from pipeline.report.catalogue import Catalogue, load_catalogue
from pipeline.report.deck.deck import render_deck
from pipeline.report.facts.report_facts import ReportFacts, gather_facts
from pipeline.report.findings_file import (
    FILE_NAME,
    MEMORY_NAME,
    HeldFindings,
    written_memory,
)
from pipeline.report.findings_text import findings_text
from pipeline.report.look_back import as_known_then
from pipeline.report.material import Material, ReportTables, gather
from pipeline.report.methods.methods import render_methods
from pipeline.report.page.leaflet import render_leaflet
from pipeline.report.page.page import render_page
from pipeline.report.provenance import Provenance
from pipeline.report.published import Published
from pipeline.report.quote_rulings import QuoteRulings
from pipeline.report.settings import ReportConfig
from pipeline.report.word.word import render_word
from pipeline.report.workbook.workbook import render_workbook
from pipeline.taxonomy.model import Taxonomy

__all__ = ["ReportConfig", "ReportContext", "ReportTables", "report"]


@dataclass(frozen=True, kw_only=True)
class ReportContext:
    """What the report stage needs beside tables and settings.

    Attributes
    ----------
    taxonomy : Taxonomy
        Labels and order of the themes.
    provenance : Provenance
        The run behind the tables.
    deck_template : bytes or None
        The user's .pptx or .potx; None for the plain one.
    former_labels : mapping of str to str
        Last label of each topic the study has had, by id.
    word_template : bytes or None
        The user's .docx or .dotx; None for the plain one.
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
    deck_template: bytes | None
    quote_rulings: QuoteRulings
    register: Sequence[dict[str, str]]
    findings: HeldFindings
    seed: int
    progress: Progress = tell_nobody
    published: Sequence[Published] = ()
    word_template: bytes | None = None
    former_labels: Mapping[str, str] = field(default_factory=dict)


def report(tables: ReportTables, config: ReportConfig, context: ReportContext) -> dict[str, bytes]:
    """Write the files of one period's report.

    What the report says is gathered once as plain values (:mod:`pipeline.report.facts`); each
    form renders those and counts nothing itself.

    Parameters
    ----------
    tables : ReportTables
        The safe tables of the contract, whole.
    config : ReportConfig
    context : ReportContext
        The same tables, settings and context give the same bytes.

    Returns
    -------
    dict of str to bytes
        ``report.html``, one page that needs no network; ``deck.pptx``, the same as slides;
        ``report.docx``, the findings as a text;
        ``tables.xlsx``, every table given and the counts; ``methods.md``, a methods section to
        paste into an article; ``human/findings.md`` and its memory, the findings for the analyst
        to edit, but for an earlier period.

    Raises
    ------
    ConfigError
        When ``config.period`` is no period of the study, or the template is no presentation.
    InputError
        When a pinned quotation may not be shown.
    """
    material, words = report_material(tables, config, context), load_catalogue(config.language)
    facts = gather_facts(material, words, context.taxonomy, context.provenance)
    return {
        "report.html": render_page(facts, words),
        "deck.pptx": render_deck(facts, words, context.deck_template),
        "report.docx": render_word(document(facts, words, "internal"), context.word_template),
        "tables.xlsx": render_workbook(facts, words),
        "methods.md": render_methods(facts, words).encode("utf-8"),
        **_for_others(tables, config, context, facts, words),
        **_for_human(material, facts, words),
    }


def _for_others(
    tables: ReportTables,
    config: ReportConfig,
    context: ReportContext,
    facts: ReportFacts,
    words: Catalogue,
) -> dict[str, bytes]:
    """Write the files of the audiences asked for, each without what it may not read."""
    made: dict[str, bytes] = {}
    if "units" in config.audiences:
        held = document(facts, words, "units")
        made["units.html"] = render_leaflet(held)
        made["units.docx"] = render_word(held, context.word_template)
    if "director" in config.audiences:
        held = document(facts, words, "director")
        made["director.docx"] = render_word(held, context.word_template)
        made["director.pptx"] = render_deck(
            director_facts(facts), words, context.deck_template, audience="director"
        )
    if "public" in config.audiences:
        strict = config.model_copy(update={"min_cell": max(config.min_cell, LEAST_PUBLIC)})
        material = report_material(tables, strict, context)
        told = gather_facts(material, words, context.taxonomy, context.provenance)
        held = document(told, words, "public")
        made["public.html"] = render_leaflet(held)
        made["public.docx"] = render_word(held, context.word_template)
    return made


def _for_human(material: Material, facts: ReportFacts, words: Catalogue) -> dict[str, bytes]:
    """Write the findings for the analyst; an earlier period's are not for editing."""
    if material.later_periods:
        return {}
    title = ", ".join(filter(None, (words("toc.findings"), facts.front.period)))
    content = findings_text(facts.findings, title, words)
    memory = written_memory(facts.findings.memory, material.held_findings.identity, content)
    return {f"human/{FILE_NAME}": content, f"human/{MEMORY_NAME}": memory}


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
