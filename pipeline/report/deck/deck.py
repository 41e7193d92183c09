"""Write ``deck.pptx``: the report as slides a county can show and change."""

import io
from typing import Any

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.canvas import Canvas
from pipeline.report.deck.counted import count_slides, valence_slide
from pipeline.report.deck.crossed import heat_slides
from pipeline.report.deck.settled import settled
from pipeline.report.deck.signal_map import signal_map_slides
from pipeline.report.deck.signals import signal_slides
from pipeline.report.deck.sources import Sources, plain
from pipeline.report.deck.template import open_template
from pipeline.report.deck.together import pair_slides
from pipeline.report.deck.told import (
    activity_slide,
    brief_slides,
    group_slides,
    method_slides,
    theme_slides,
    voice_slides,
)
from pipeline.report.deck.topic_map import topic_map_slides
from pipeline.report.links import Links
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance
from pipeline.taxonomy.model import Taxonomy


def render_deck(
    material: Material,
    words: Catalogue,
    taxonomy: Taxonomy,
    provenance: Provenance,
    shown: dict[str, Any],
    links: Links,
    template: bytes | None = None,
) -> bytes:
    """Write the period report as slides.

    Charts and tables are native and can be edited; each slide's notes name the reports behind
    its numbers. What does not fit a slide goes on on the next, and no text is laid where it has
    not been measured to fit.

    Parameters
    ----------
    material : Material
    words : Catalogue
    taxonomy : Taxonomy
    provenance : Provenance
        ``made_at`` becomes the date of the file.
    shown : dict
        The page's sections (:func:`pipeline.report.html.sections`), so that both say the same.
    links : Links
        Those the sections were written with.
    template : bytes or None, default=None
        The user's .pptx or .potx.

    Returns
    -------
    bytes

    Raises
    ------
    ConfigError
        When the template cannot be used.
    """
    deck = open_template(template)
    canvas = Canvas(deck, words, Sources(links, words))
    _cover(canvas, material)
    brief_slides(canvas, shown["figures"] if material.n_now else (), shown["brief"])
    if material.n_now:
        _numbers(canvas, material, shown)
        theme_slides(canvas, shown["key_themes"])
        group_slides(canvas, shown["groups"])
        topic_map_slides(canvas, shown["topic_map"])
        signal_slides(canvas, shown["signals"])
        listed = (*shown["signals"].cards, *shown["signals"].candidates)
        signal_map_slides(canvas, shown["signal_map"], [one.n_now for one in listed])
        voice_slides(canvas, shown["voices"])
        activity_slide(canvas, material.config.activities)
    made_at = canvas.words.moment(provenance.made_at) if provenance.made_at else ""
    method_slides(canvas, shown["quality"], made_at, str(taxonomy.version))
    deck.core_properties.title = plain(words.title(material.config.title))
    deck.core_properties.author = plain(material.config.organisation)
    deck.core_properties.language = material.config.language
    buffer = io.BytesIO()
    deck.save(buffer)
    return settled(buffer.getvalue(), provenance.made_at)


def _cover(canvas: Canvas, material: Material) -> None:
    """Add the first slide."""
    lines = [material.config.organisation] if material.config.organisation else []
    if material.period:
        periods = material.tables.periods
        row = periods[periods["period"] == material.period].iloc[0]
        name = canvas.words.period_name(material.period)
        lines.append(
            plain(
                canvas.words(
                    "page.subtitle",
                    period=name[:1].upper() + name[1:],
                    days=canvas.words.days(row["start"], row["end"]),
                    n=canvas.words.amount("reports", material.n_now),
                )
            )
        )
    else:
        lines.append(str(canvas.words("page.subtitle_empty")))
    canvas.cover(
        canvas.words.title(material.config.title), [*lines, str(canvas.words("deck.internal"))]
    )


def _numbers(canvas: Canvas, material: Material, shown: dict[str, Any]) -> None:
    """Add the counts."""
    valence_slide(canvas, material, shown["valences"])
    count_slides(canvas, material, shown["area_table"], material.members("area"))
    count_slides(canvas, material, shown["group_table"], material.members("client_groups"))
    count_slides(
        canvas, material, shown["theme_counts"], material.themes, tuple(material.theme_labels)
    )
    for name in ("heat", "area_heat"):
        heat_slides(canvas, shown[name], str(canvas.words(f"themes.{name}_title")))
    pair_slides(canvas, shown["pairs"])
