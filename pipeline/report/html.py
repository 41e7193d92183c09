"""Write the page: sections into templates, reports into data, and nothing from the network."""

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.links import Links
from pipeline.report.material import Material
from pipeline.report.page_data import page_data
from pipeline.report.provenance import Provenance
from pipeline.report.sections.agreement import agreement
from pipeline.report.sections.bound import has_bound_reports
from pipeline.report.sections.brief import brief_lines, figures
from pipeline.report.sections.counted import count_table, valence_history
from pipeline.report.sections.doubts import doubts, gaps
from pipeline.report.sections.groups import group_spreads
from pipeline.report.sections.origin import origin
from pipeline.report.sections.quality import data_quality
from pipeline.report.sections.rare import rare
from pipeline.report.sections.registered import register
from pipeline.report.sections.reliability import reliability
from pipeline.report.sections.signal_cards import signal_section
from pipeline.report.sections.signal_map import signal_map
from pipeline.report.sections.srqr import srqr
from pipeline.report.sections.themes import confirmations, heat_map, key_themes, ticked
from pipeline.report.sections.together import theme_pairs
from pipeline.report.sections.topic_cards import topic_section
from pipeline.report.sections.topic_changes import misfits, topic_changes
from pipeline.report.sections.topic_map import topic_map
from pipeline.report.sections.uncertain import next_themes, uncertain_pairs
from pipeline.report.sections.voices import client_voices
from pipeline.report.sections.watches import watches
from pipeline.taxonomy.model import Taxonomy

_ALWAYS = ("brief", "quality", "method")
_SECTIONS = (
    "brief",
    "counts",
    "themes",
    "key_themes",
    "groups",
    "signals",
    "topics",
    "voices",
    "activities",
    "review",
    "search",
    "quality",
    "method",
)


def render_html(
    material: Material,
    words: Catalogue,
    taxonomy: Taxonomy,
    provenance: Provenance,
    shown: dict[str, Any],
    links: Links,
) -> bytes:
    """Write the period report as one self-contained page.

    Parameters
    ----------
    material : Material
    words : Catalogue
    taxonomy : Taxonomy
    provenance : Provenance
    shown : dict
        What :func:`sections` returns.
    links : Links
        Those the sections were written with.

    Returns
    -------
    bytes
        UTF-8 HTML. Style and script are in the page and allowed by their hash alone; the
        content security policy lets nothing else run or load. Everything from a table is
        escaped, and report texts go in as JSON that the script shows as plain text.
    """
    style, script = _asset("report.css"), _asset("report.js")
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["zip"] = zip
    page = environment.get_template("report.html.j2").render(
        t=words,
        language=material.config.language,
        material=material,
        config=material.config,
        period=words.period_name(material.period),
        subtitle=_subtitle(material, words),
        sections=_shown_sections(material),
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        data=Markup(script_json(page_data(material, words, links))),
        origin=origin(provenance, taxonomy, words),
        has_bound_reports=has_bound_reports(material, provenance),
        srqr=srqr(material, words, taxonomy, provenance, shown["agreement"])
        if material.period
        else (),
        **shown,
    )
    return page.encode("utf-8")


def _shown_sections(material: Material) -> tuple[str, ...]:
    """Return the sections that have something to say, in order."""
    if not material.n_now:
        return _ALWAYS
    has_others = bool(material.config.activities) or material.reports["data_source"].nunique() > 1
    return tuple(name for name in _SECTIONS if name != "activities" or has_others)


def sections(material: Material, words: Catalogue, links: Links) -> dict[str, Any]:
    """Write every section that rests on reports, by the name its template knows it under."""
    taken: set[str] = set()
    areas, groups = material.members("area"), material.members("client_groups")
    signals = signal_section(material, words, links, taken)
    voices = client_voices(material, words, links, taken)
    opened = key_themes(material, words, links, taken)
    spreads = group_spreads(material, words, links, taken)
    topics = topic_section(material, words, links, taken)
    return {
        "signals": signals,
        "voices": voices,
        "figures": figures(material, words, links, signals, topics.n_now),
        "brief": brief_lines(material, words, links, signals, voices),
        "valences": valence_history(material, words, links),
        "area_table": count_table(
            material,
            areas,
            lambda value: words.label("area", value),
            words,
            links,
            key="area",
            hides_lone=True,
        ),
        "group_table": count_table(
            material,
            groups,
            lambda value: words.label("client_groups", value),
            words,
            links,
            key="client_groups",
        ),
        "source_table": count_table(
            material, material.members("data_source"), str, words, links, key="data_source"
        ),
        "theme_counts": count_table(
            material,
            material.themes,
            material.theme_label,
            words,
            links,
            key="themes",
            values=tuple(material.theme_labels),
        ),
        "heat": heat_map(material, material.group_cross, words, links),
        "area_heat": heat_map(material, material.area_cross, words, links),
        "pairs": theme_pairs(material, words, links),
        "signal_map": signal_map(material, words),
        "rare": rare(material, words),
        "confirmations": confirmations(material, words, links),
        "ticked": ticked(material),
        "key_themes": opened,
        "groups": spreads,
        "topics": topics,
        "topic_map": topic_map(material, words, links, signals.report_ids),
        "topic_changes": topic_changes(material, words, links),
        "misfits": misfits(material, words),
        "watches": watches(material, words, links),
        "register": register(material, words, links),
        "uncertain": uncertain_pairs(material, words, links),
        "next_themes": next_themes(material, words, links),
        "doubts": doubts(material, words, links),
        "gaps": gaps(material, links),
        "reliability": reliability(material, words, links),
        "quality": data_quality(material, words, links),
        "agreement": agreement(material, words, links),
    }


def script_json(value: Any) -> str:
    r"""Write JSON that cannot end the script element it stands in.

    Examples
    --------
    >>> script_json("</script>&")
    '"\\u003c/script\\u003e\\u0026"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _policy(style: str, script: str) -> str:
    """Return a policy under which only this style and this script work, and nothing loads."""
    parts: Sequence[str] = (
        "default-src 'none'",
        f"style-src '{_source_hash(style)}'",
        f"script-src '{_source_hash(script)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(parts)


def _source_hash(text: str) -> str:
    """Return the hash by which a policy names an inline source."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _asset(name: str) -> str:
    """Read a file that goes into the page as it is."""
    return (files("pipeline.report") / "templates" / name).read_text(encoding="utf-8")


def _subtitle(material: Material, words: Catalogue) -> Markup:
    """Return the line under the title: season, days, number of reports."""
    if not material.period:
        return words("page.subtitle_empty")
    periods = material.tables.periods
    row = periods[periods["period"] == material.period].iloc[0]
    name = words.period_name(material.period)
    return words(
        "page.subtitle",
        period=name[:1].upper() + name[1:],
        days=words.days(row["start"], row["end"]),
        n=words.amount("reports", material.n_now),
    )
