"""Everything the report says, in one value that every form renders."""

from dataclasses import dataclass, fields, replace

from pipeline.detect.settings import DetectConfig
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.agreement import Agreement, agreement
from pipeline.report.facts.brief import Brief, Figure, brief, figures
from pipeline.report.facts.confirmations import Confirmation, Ticked, confirmations, ticked
from pipeline.report.facts.count_tables import (
    CountTable,
    area_table,
    group_table,
    source_table,
    theme_table,
)
from pipeline.report.facts.doubts import Doubts, doubts
from pipeline.report.facts.findings import draft_findings
from pipeline.report.facts.findings_merge import Findings, merge_findings
from pipeline.report.facts.front import Front, front
from pipeline.report.facts.gaps import Gaps, gaps
from pipeline.report.facts.groups import GroupSpread, group_spreads
from pipeline.report.facts.headlines import Charted, Headlines, headlines
from pipeline.report.facts.heat_map import HeatMap, heat_map
from pipeline.report.facts.key_themes import KeyTheme, key_themes
from pipeline.report.facts.methods import Methods, methods
from pipeline.report.facts.notes import note_activities
from pipeline.report.facts.origin import Origin, origin
from pipeline.report.facts.published import published_line
from pipeline.report.facts.quality import Quality, data_quality
from pipeline.report.facts.quotations import Quotations, hand_out
from pipeline.report.facts.rare_combinations import Rare, rare
from pipeline.report.facts.reading import Reading, reading
from pipeline.report.facts.register import Register, register
from pipeline.report.facts.reliability import Reliability, reliability
from pipeline.report.facts.saturation import saturation_notes, writers_note
from pipeline.report.facts.shuffled_units import chance_notes
from pipeline.report.facts.signal_map import MapPoint, signal_map
from pipeline.report.facts.signals import Signals, signals
from pipeline.report.facts.srqr import SrqrItem, srqr
from pipeline.report.facts.theme_pairs import ThemePair, theme_pairs
from pipeline.report.facts.tick_note import tick_notes
from pipeline.report.facts.topic_changes import Misfit, TopicChange, misfits, topic_changes
from pipeline.report.facts.topic_map import TopicMap, topic_map
from pipeline.report.facts.topics import Topics, topics
from pipeline.report.facts.uncertain import NextTheme, UncertainPairs, next_themes, uncertain_pairs
from pipeline.report.facts.valences import Valences, valences
from pipeline.report.facts.voices import ClientVoices, client_voices
from pipeline.report.facts.watches import Watched, watches
from pipeline.report.facts.worlds import Worlds, worlds
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance
from pipeline.report.settings import Activity
from pipeline.taxonomy.model import Taxonomy

SECTIONS = (
    "brief",
    "signals",
    "regions",
    "findings",
    "counts",
    "themes",
    "key_themes",
    "groups",
    "topics",
    "voices",
    "activities",
    "review",
    "search",
    "quality",
    "method",
)
"""The report's sections, in order; a form has a template or slides of the same name."""
_ALWAYS = ("brief", "quality", "method")


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """What the report says of one period, section by section.

    Attributes
    ----------
    sections : tuple of str
        Those of :data:`SECTIONS` that have something to say.
    chance_notes : tuple of str
        Which reports moved together when chance was judged, why, and what the list could reach.
    agreement : Agreement or None
        None when nothing is coded.
    published : str
        Which reports of earlier periods are kept as they were published; ``""`` for none.
    approved : frozenset of str
        Sentences the analyst has pinned, which may be quoted to anyone.
    srqr : tuple of SrqrItem
        Empty when the study has no period.
    held_identity : str
        Of the findings as the analyst held them when the run began.
    is_editable : bool
        Whether the analyst may edit the findings: those of the newest period.
    max_listed_ids : int
        Most report ids listed behind one number.
    max_sheet_rows : int
        Most rows of one sheet of the workbook.
    quoted_of_groups : frozenset of str, default=()
        Of what the public is told alone: sentences that other audiences read under a client group,
        and the public under no phenomenon, as both would tell what the group has reports of.
    """

    front: Front
    sections: tuple[str, ...]
    signals: Signals
    voices: ClientVoices
    key_themes: tuple[KeyTheme, ...]
    groups: tuple[GroupSpread, ...]
    findings: Findings
    approved: frozenset[str]
    headlines: Headlines
    topics: Topics
    figures: tuple[Figure, ...]
    brief: Brief
    valences: Valences
    area_table: CountTable
    group_table: CountTable
    source_table: CountTable
    theme_counts: CountTable
    heat: HeatMap
    area_heat: HeatMap
    pairs: tuple[ThemePair, ...]
    signal_map: tuple[MapPoint, ...]
    rare: Rare
    confirmations: tuple[Confirmation, ...]
    ticked: Ticked
    topic_map: TopicMap
    topic_changes: tuple[TopicChange, ...]
    misfits: tuple[Misfit, ...]
    watches: tuple[Watched, ...]
    register: Register
    published: str
    chance_notes: tuple[str, ...]
    uncertain: UncertainPairs
    next_themes: tuple[NextTheme, ...]
    doubts: Doubts
    gaps: Gaps
    reliability: Reliability
    quality: Quality
    agreement: Agreement | None
    activities: tuple[Activity, ...]
    reading: Reading
    origin: Origin
    srqr: tuple[SrqrItem, ...]
    methods: Methods
    saturation: tuple[str, ...]
    worlds: Worlds | None
    writers_note: str
    held_identity: str
    is_editable: bool
    quoted_of_groups: frozenset[str] = frozenset()
    max_listed_ids: int
    max_sheet_rows: int


def fields_but(*left_out: str) -> tuple[str, ...]:
    """Return the names of the facts but for some."""
    names = [field.name for field in fields(ReportFacts)]
    unknown = set(left_out) - set(names)
    if unknown:
        raise KeyError(f"The facts have no {sorted(unknown)}")
    return tuple(name for name in names if name not in left_out)


def _findings(
    material: Material, words: Catalogue, quotations: Quotations, provenance: Provenance
) -> Findings:
    """Draft findings, with the wide areas of the run, and merge what the analyst holds."""
    wide = DetectConfig.model_validate(provenance.settings.get("detect", {})).wide_areas
    drafted = draft_findings(material, words, quotations, wide)
    return merge_findings(drafted, material.held_findings, material, words)


def gather_facts(
    material: Material, words: Catalogue, taxonomy: Taxonomy, provenance: Provenance
) -> ReportFacts:
    """Write every section of the report as plain values."""
    quotations = hand_out(material)
    signal_facts = signals(material, words, quotations)
    voices = client_voices(material, words, quotations)
    topic_facts = topics(material, words, quotations)
    agreed = agreement(material, words)
    charted = _charted(material, words, signal_facts, voices)
    return ReportFacts(
        front=front(material, words),
        sections=shown_sections(material),
        signals=signal_facts,
        voices=voices,
        key_themes=key_themes(material, words, quotations),
        groups=group_spreads(material, words, quotations),
        approved=material.quote_rulings.pinned,
        findings=_findings(material, words, quotations, provenance),
        topics=topic_facts,
        figures=figures(material, words, signal_facts, topic_facts.n_now),
        brief=brief(material, words, signal_facts, voices),
        valences=charted.valences, area_table=charted.areas, group_table=charted.client_groups,
        source_table=source_table(material, words),
        theme_counts=charted.themes, pairs=charted.pairs,
        heat=heat_map(material, material.group_cross, words),
        area_heat=heat_map(material, material.area_cross, words),
        signal_map=charted.signal_map, topic_map=charted.topic_map,
        headlines=headlines(charted, material.n_now, words),
        rare=rare(material, words),
        confirmations=confirmations(material, words),
        ticked=replace(ticked(material), notes=tick_notes(material, words)),
        topic_changes=topic_changes(material, words),
        misfits=misfits(material, words),
        watches=watches(material, words),
        register=register(material, words),
        published=published_line(material, words),
        chance_notes=chance_notes(material, words, provenance),
        uncertain=uncertain_pairs(material, words),
        next_themes=next_themes(material, words),
        doubts=doubts(material, words),
        gaps=gaps(material),
        reliability=reliability(material, words),
        quality=data_quality(material, words),
        agreement=agreed,
        activities=(*material.config.activities, *note_activities(material, words)),
        reading=reading(material, words),
        origin=origin(provenance, taxonomy, words),
        srqr=srqr(material, words, taxonomy, provenance, agreed) if material.period else (),
        methods=methods(material, words, provenance),
        saturation=saturation_notes(material, words),
        worlds=worlds(material, words, provenance.worlds),
        writers_note=writers_note(material, words),
        held_identity=material.held_findings.identity, is_editable=not material.later_periods,
        max_listed_ids=material.config.max_listed_ids,
        max_sheet_rows=material.config.max_sheet_rows,
    )  # fmt: skip


def _charted(
    material: Material, words: Catalogue, signal_facts: Signals, voices: ClientVoices
) -> Charted:
    """Write what is drawn as charts."""
    return Charted(
        signals=signal_facts,
        signal_map=signal_map(material),
        valences=valences(material, words),
        areas=area_table(material, words),
        client_groups=group_table(material, words),
        themes=theme_table(material, words),
        pairs=theme_pairs(material, words),
        topic_map=topic_map(material, words, signal_facts.report_ids),
        voices=voices,
    )


def shown_sections(material: Material) -> tuple[str, ...]:
    """Return the sections that have something to say, in order."""
    if not material.n_now:
        return _ALWAYS
    reports = material.tables.reports
    has_notes = "apart_period" in reports and (reports["apart_period"] != "").any()
    has_others = bool(material.config.activities) or has_notes
    has_others = has_others or material.reports["data_source"].nunique() > 1
    has = {"activities": has_others, "regions": not material.tables.region_signals.empty}
    return tuple(name for name in SECTIONS if has.get(name, True))
