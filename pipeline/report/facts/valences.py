"""Reports of each period by valence."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, count_of
from pipeline.report.material import Material
from pipeline.valences import VALENCES

OTHER = "muu"
"""What stands for a valence that is none of the three."""


@dataclass(frozen=True)
class ValencePart:
    """One valence of one period.

    Attributes
    ----------
    valence : str
        One of :data:`pipeline.valences.VALENCES`, or :data:`OTHER`.
    tip : str
        What it says when pointed at.
    """

    valence: str
    n: Count
    tip: str


@dataclass(frozen=True)
class ValenceRow:
    """One period's reports by valence, in the order of the legend."""

    period: str
    n: Count
    is_now: bool
    parts: tuple[ValencePart, ...]


@dataclass(frozen=True)
class Valences:
    """Reports of each period by valence, with the legend's names.

    Attributes
    ----------
    rows : tuple of ValenceRow
        Oldest period first; none where no report tells its valence.
    legend : tuple of (valence, name)
    longest : int
        Most reports of a period, at least 1.
    """

    rows: tuple[ValenceRow, ...]
    legend: tuple[tuple[str, str], ...]
    longest: int


def valences(material: Material, words: Catalogue) -> Valences:
    """Lay out the reports of each period by valence."""
    if "valence" in material.untold:
        return Valences((), (), 1)
    members = material.members("valence")
    known = [*VALENCES, *sorted({*members["value"]} - set(VALENCES))]
    held = set(members["value"])
    shown = [valence for valence in known if valence in held]
    rows = []
    for period, size in material.sizes.items():
        name, mine = words.period_name(period), members[members["period"] == period]
        parts = []
        for valence in shown:
            title = f"{name}, {words.label('valence', valence)}"
            n = count_of(mine.loc[mine["value"] == valence, "report_id"], title)
            tip = f"{title}: {n.n} / {size} ({words.percent(n.n, size)})"
            parts.append(ValencePart(_style(valence), n, tip))
        everyone = material.reports.loc[material.reports["period"] == period, "report_id"]
        total = count_of(everyone, words("counts.all_title", period=name))
        rows.append(ValenceRow(name, total, period == material.period, tuple(parts)))
    legend = [(_style(valence), words.label("valence", valence)) for valence in shown]
    longest = max(material.sizes.values(), default=0) or 1
    return Valences(tuple(rows), tuple(legend), longest)


def _style(valence: str) -> str:
    """Return a valence that forms have a colour for."""
    return valence if valence in VALENCES else OTHER
