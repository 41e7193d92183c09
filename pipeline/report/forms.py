"""The forms of the period report, one step each: a form is written anew when what it says changes.

Each renders the facts gathered once (:func:`pipeline.report.report.gather_report`) and counts
nothing itself; it imports what it writes with when it is called, for a run seldom writes them all.
The same facts and template give the same bytes.
"""

from pipeline.report.audiences import director_facts, document
from pipeline.report.catalogue import load_catalogue
from pipeline.report.facts.report_facts import ReportFacts, fields_but
from pipeline.report.findings_file import FILE_NAME, MEMORY_NAME, written_memory
from pipeline.report.findings_text import findings_text
from pipeline.report.settings import ReportConfig

OF_THE_PAGE = fields_but("approved", "held_identity", "is_editable", "max_sheet_rows", "methods")
OF_THE_DECK = fields_but("approved", "held_identity", "is_editable", "max_sheet_rows", "methods")
OF_THE_TEXT = fields_but(
    *("held_identity", "is_editable", "max_sheet_rows", "methods", "srqr", "reading"),
    *("topic_map", "quality", "reliability"),
)
OF_THE_WORKBOOK = ("front", "origin", "max_sheet_rows")
OF_THE_METHODS = ("front", "origin", "methods", "srqr")
OF_THE_FINDINGS = ("front", "findings", "held_identity", "is_editable")
"""Fields of the facts that each form says."""


def page(*, fitted: ReportFacts) -> dict[str, bytes]:
    """Write ``report.html``, one page that needs no network."""
    from pipeline.report.page.page import render_page

    return {"report.html": render_page(fitted, load_catalogue(fitted.front.language))}


def deck(*, fitted: ReportFacts, deck_template: bytes | None) -> dict[str, bytes]:
    """Write ``deck.pptx``, the same as slides.

    Raises
    ------
    ConfigError
        When the template is no presentation.
    """
    from pipeline.report.deck.deck import render_deck

    words = load_catalogue(fitted.front.language)
    return {"deck.pptx": render_deck(fitted, words, deck_template)}


def text(*, fitted: ReportFacts, word_template: bytes | None) -> dict[str, bytes]:
    """Write ``report.docx``, the findings as a text.

    Raises
    ------
    ConfigError
        When the template is no Word file.
    """
    from pipeline.report.word.word import render_word

    words = load_catalogue(fitted.front.language)
    return {"report.docx": render_word(document(fitted, words, "internal"), word_template)}


def methods(*, fitted: ReportFacts) -> dict[str, bytes]:
    """Write ``methods.md``, a methods section to paste into an article."""
    from pipeline.report.methods.methods import render_methods

    words = load_catalogue(fitted.front.language)
    return {"methods.md": render_methods(fitted, words).encode("utf-8")}


def findings(*, fitted: ReportFacts) -> dict[str, bytes]:
    """Write ``human/findings.md`` and its memory, the findings for the analyst to edit.

    None are written for an earlier period, whose findings are not for editing.
    """
    if not fitted.is_editable:
        return {}
    words = load_catalogue(fitted.front.language)
    title = ", ".join(filter(None, (words("toc.findings"), fitted.front.period)))
    content = findings_text(fitted.findings, title, words)
    memory = written_memory(fitted.findings.memory, fitted.held_identity, content)
    return {f"human/{FILE_NAME}": content, f"human/{MEMORY_NAME}": memory}


def units(
    config: ReportConfig, *, fitted: ReportFacts, word_template: bytes | None
) -> dict[str, bytes]:
    """Write what the units read, where it is asked for: a leaflet and a text."""
    if "units" not in config.audiences:
        return {}
    from pipeline.report.page.leaflet import render_leaflet
    from pipeline.report.word.word import render_word

    held = document(fitted, load_catalogue(fitted.front.language), "units")
    return {"units.html": render_leaflet(held), "units.docx": render_word(held, word_template)}


def director(
    config: ReportConfig,
    *,
    fitted: ReportFacts,
    deck_template: bytes | None,
    word_template: bytes | None,
) -> dict[str, bytes]:
    """Write what a director reads, where it is asked for: two pages and a short deck."""
    if "director" not in config.audiences:
        return {}
    from pipeline.report.deck.deck import render_deck
    from pipeline.report.word.word import render_word

    words = load_catalogue(fitted.front.language)
    held = document(fitted, words, "director")
    short = render_deck(director_facts(fitted), words, deck_template, audience="director")
    return {"director.docx": render_word(held, word_template), "director.pptx": short}


def public(*, fitted: ReportFacts | None, word_template: bytes | None) -> dict[str, bytes]:
    """Write what anyone may read, where it is asked for.

    Parameters
    ----------
    fitted : ReportFacts or None
        From :func:`pipeline.report.report.gather_public`.
    word_template : bytes or None
    """
    if fitted is None:
        return {}
    from pipeline.report.page.leaflet import render_leaflet
    from pipeline.report.word.word import render_word

    held = document(fitted, load_catalogue(fitted.front.language), "public")
    return {"public.html": render_leaflet(held), "public.docx": render_word(held, word_template)}
