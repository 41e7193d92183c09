"""The numbers and sources of the methods section."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.references import REFERENCES
from pipeline.report.facts.shuffled_units import chance_notes, independence
from pipeline.report.facts.tick_note import tick_notes
from pipeline.report.material import Material
from pipeline.report.provenance import Provenance


@dataclass(frozen=True)
class Methods:
    """What the methods section counts, over the whole study unless said otherwise.

    Attributes
    ----------
    span : tuple of str
        First and last day; empty when the study has no periods.
    n_all, n_ok, n_rejected, n_doubles : int
        Reports, those counted, rows of the inputs left out, and possible doubles.
    n_now : int
        Reports of this period.
    n_suggested, n_ticked, n_ruled : int
        Pairs of report and theme, up to this period: suggested, suggested and ticked, ruled on.
    n_listed, n_evident : int
        Signals of the list, and those with evidence.
    exchange : str
        What moved together in the shuffles: ``report``, ``reporter`` or ``unit``.
    tick_notes : tuple of str
        Whether the forms' ticks help.
    chance_notes : tuple of str
        Why, and what the list could reach.
    """

    span: tuple[str, ...]
    n_periods: int
    n_all: int
    n_ok: int
    n_rejected: int
    n_doubles: int
    n_now: int
    n_pii: int
    n_segments: int
    n_topics: int
    n_suggested: int
    n_ticked: int
    n_ruled: int
    n_themes: int
    n_listed: int
    n_evident: int
    exchange: str
    chance_notes: tuple[str, ...]
    tick_notes: tuple[str, ...]
    references: tuple[str, ...]


def methods(material: Material, words: Catalogue, provenance: Provenance) -> Methods:
    """Count what the methods section tells."""
    tables, pairs = material.tables, material.pairs
    reports, periods = tables.reports, tables.periods
    listed = tables.signals["rank"].notna()
    return Methods(
        span=(words.day(periods["start"].iloc[0]), words.day(periods["end"].iloc[-1]))
        if len(periods)
        else (),
        n_periods=len(periods),
        n_all=len(reports),
        n_ok=int((reports["quality"] == "ok").sum()),
        n_rejected=int(tables.rejected["is_row_dropped"].astype(bool).sum()),
        n_doubles=int((reports["duplicate_of"] != "").sum()),
        n_now=material.n_now,
        n_pii=len(tables.pii_spans),
        n_segments=len(tables.segments),
        n_topics=len(tables.topics),
        n_suggested=int(pairs["suggested"].sum()),
        n_ticked=len(_ticks(material) & _suggested(material)),
        n_ruled=int((pairs["ruling"] != "").sum()),
        n_themes=len(material.theme_labels),
        n_listed=int(listed.sum()),
        n_evident=int((listed & (tables.signals["strength"] != "candidate")).sum()),
        exchange=independence(material, provenance).used,
        chance_notes=chance_notes(material, words, provenance),
        tick_notes=tick_notes(material, words),
        references=tuple(
            one.text for one in REFERENCES if not one.package or one.package in provenance.versions
        ),
    )


def _ticks(material: Material) -> set[tuple[str, str]]:
    """Return the report-theme pairs that reporters ticked."""
    members = material.members("themes_ticked")
    return set(zip(members["report_id"], members["value"], strict=True))


def _suggested(material: Material) -> set[tuple[str, str]]:
    """Return the report-theme pairs that the machine suggested."""
    pairs = material.pairs[material.pairs["suggested"]]
    return set(zip(pairs["report_id"], pairs["theme_id"], strict=True))
