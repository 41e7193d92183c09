"""Write ``deck.pptx``: the report as slides a county can show and change."""

import io
from typing import Literal

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.activities import activity_slide
from pipeline.report.deck.brief import brief_slides
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.count_tables import count_slides
from pipeline.report.deck.director import director_slides
from pipeline.report.deck.findings import finding_slides
from pipeline.report.deck.fit import clean
from pipeline.report.deck.grids import appendix_slides
from pipeline.report.deck.groups import group_slides
from pipeline.report.deck.heat_map import heat_slides
from pipeline.report.deck.key_themes import theme_slides
from pipeline.report.deck.method import method_slides
from pipeline.report.deck.regions import region_slides
from pipeline.report.deck.register import register_slides
from pipeline.report.deck.signal_map import signal_map_slides
from pipeline.report.deck.signals import signal_slides
from pipeline.report.deck.sources import Sources
from pipeline.report.deck.template import open_template
from pipeline.report.deck.theme_pairs import pair_slides
from pipeline.report.deck.topic_map import topic_map_slides
from pipeline.report.deck.valences import valence_slides
from pipeline.report.deck.voices import voice_slides
from pipeline.report.facts.report_facts import ReportFacts
from pipeline.report.one_date import with_one_date


def render_deck(
    facts: ReportFacts,
    words: Catalogue,
    template: bytes | None = None,
    *,
    audience: Literal["internal", "director"] = "internal",
) -> bytes:
    """Write the period report as slides.

    Charts and tables are native and can be edited; each slide's notes say what its numbers count,
    and no slide or note names a report. What does not fit a slide goes on on the next, and no text
    is laid where it has not been measured to fit.

    Parameters
    ----------
    facts : ReportFacts
        When its newest table was made becomes the date of the file.
    words : Catalogue
    template : bytes or None, default=None
        The user's .pptx or .potx.
    audience : {"internal", "director"}, default="internal"
        For a director what is new and what is proposed comes first, and cross tables, maps, themes
        opened, the voices and the appendix are left out.

    Returns
    -------
    bytes

    Raises
    ------
    ConfigError
        When the template cannot be used.
    """
    deck = open_template(template)
    canvas = Canvas(deck, words, Sources(words))
    front = facts.front
    canvas.cover(front.title, _cover_lines(facts, words, words(f"audiences.{audience}")))
    brief_slides(canvas, facts.figures if front.n_now else (), facts.brief.lines)
    if front.n_now:
        (_sections if audience == "internal" else director_slides)(canvas, facts)
    is_internal = audience == "internal"
    method_slides(canvas, facts.quality, facts.origin, front.look_back, names_files=is_internal)
    if is_internal:
        appendix_slides(canvas)
    deck.core_properties.title = clean(front.title).strip()
    deck.core_properties.author = clean(front.organisation).strip()
    deck.core_properties.language = front.language
    buffer = io.BytesIO()
    deck.save(buffer)
    return with_one_date(buffer.getvalue(), facts.origin.made_at_iso)


def _cover_lines(facts: ReportFacts, words: Catalogue, use: str) -> list[str]:
    """Return what stands under the title of the first slide."""
    organisation = facts.front.organisation
    past = [words("deck.look_back")] if facts.front.look_back else []
    lines = [words.plain(facts.front.subtitle), *past, use]
    return [organisation, *lines] if organisation else lines


def _sections(canvas: Canvas, facts: ReportFacts) -> None:
    """Add the slides of each section that rests on reports, in order."""
    heads = facts.headlines
    signal_slides(canvas, facts.signals, heads.signals)
    region_slides(canvas, facts.signals.by_region, facts.front.min_cell)
    register_slides(canvas, facts.register)
    marked = [one.n_now for one in facts.signals.cards]
    marked += [one.n_now for one in facts.signals.candidates]
    signal_map_slides(canvas, facts.signal_map, marked, heads.signal_map)
    finding_slides(canvas, facts.findings)
    valence_slides(canvas, facts.valences, heads.valences)
    count_slides(canvas, facts.area_table, heads.areas)
    count_slides(canvas, facts.group_table, heads.client_groups)
    count_slides(canvas, facts.theme_counts, heads.themes)
    heat_slides(canvas, facts.heat, canvas.words("themes.heat_title"), facts.front.min_cell)
    heat_slides(
        canvas, facts.area_heat, canvas.words("themes.area_heat_title"), facts.front.min_cell
    )
    pair_slides(canvas, facts.pairs, heads.pairs)
    theme_slides(canvas, facts.key_themes)
    group_slides(canvas, facts)
    topic_map_slides(canvas, facts.topic_map, heads.topic_map)
    voice_slides(canvas, facts.voices, heads.voices)
    activity_slide(canvas, facts.activities)
