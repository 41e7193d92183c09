"""What rises within regions, and in which regions a listed signal has been seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.charts import History, count_history
from pipeline.report.facts.values import Count, count_of
from pipeline.report.material import Material, Row

_EVIDENT = ("signal", "watch")
_MAX_FIRST = 3


@dataclass(frozen=True)
class RegionRise:
    """One group that rises within a region.

    Attributes
    ----------
    strength : str
        ``signal`` or ``watch``.
    n_now, n : Count
        Its reports of the region, of this period and up to it.
    q_percent : str
        Share of chance expected in the lists of all regions down to here.
    """

    rank: int
    label: str
    strength: str
    n_now: Count
    n: Count
    history: History
    q_percent: str


@dataclass(frozen=True)
class RegionPart:
    """One region that has something to say.

    Attributes
    ----------
    size : str
        The region's reports of this period.
    """

    name: str
    size: str
    rises: tuple[RegionRise, ...]


@dataclass(frozen=True)
class ByRegion:
    """The section: regions with a rise, and the names of those without one.

    Attributes
    ----------
    headline : str
        In how many regions something rises.
    quiet : str
        Regions that were looked into and have nothing beyond chance; ``""`` for none.
    """

    headline: str
    parts: tuple[RegionPart, ...]
    quiet: str


def by_region(material: Material, words: Catalogue) -> ByRegion:
    """Write the section of regions; it has no parts where no region has anything beyond chance.

    A group that a person rejected rises nowhere; one that was given a name has it here too.
    """
    table, ruled = material.tables.region_signals, material.signals
    gone = set(ruled.loc[ruled["ruling"] == "reject", "candidate_id"].dropna())
    table = table[~table["candidate_id"].isin(gone)]
    labels = dict(zip(ruled["candidate_id"], ruled["label"], strict=True))
    names = sorted(set(table["region"]))
    evident = table[table["strength"].isin(_EVIDENT)]
    parts = []
    for name in sorted(set(evident["region"])):
        rows = evident[evident["region"] == name].sort_values("rank").to_dict("records")
        n_now = int(rows[0]["n_reports"][: len(material.periods)][-1])
        size = words("regions.size", n=words.amount("reports", n_now))
        rises = tuple(
            _rise(
                name,
                row | {"label": labels.get(row["candidate_id"], row["label"])},
                material,
                words,
            )
            for row in rows
        )
        parts.append(RegionPart(name, size, rises))
    shown = {part.name for part in parts}
    quiet = "; ".join(name for name in names if name not in shown)
    key = "regions.found" if parts else "regions.none"
    return ByRegion(
        headline=words(key, n=words.amount("in_regions", len(parts))),
        parts=tuple(parts),
        quiet=words("regions.quiet", names=quiet) if quiet else "",
    )


def _rise(region: str, row: Row, material: Material, words: Catalogue) -> RegionRise:
    """Lay out one group of a region's list."""
    label, period = str(row["label"]), words.period_name(material.period)
    known = set(material.reports["report_id"])
    ids = [report_id for report_id in row["report_ids"] if report_id in known]
    now = [report_id for report_id in ids if report_id in material.now_ids]
    counts = list(row["counts"])[: len(material.periods)]
    names = [words.period_name(one) for one in material.periods]
    return RegionRise(
        rank=int(row["rank"]),
        label=label,
        strength=str(row["strength"]),
        n_now=count_of(now, f"{region}: {label}, {period}"),
        n=count_of(ids, f"{region}: {label}"),
        history=count_history(counts, names, max(counts, default=1) or 1),
        q_percent=words.percent(round(row["q_value"] * 100), 100),
    )


def seen_in(signal_id: str, counts: Sequence[int], material: Material, words: Catalogue) -> str:
    """Say where a listed signal was first seen, and over how many regions and periods it spreads.

    Returns ``""`` where no report of it lies in a known region.
    """
    table = material.tables.signal_regions
    own = table[table["signal_id"] == signal_id]
    if own.empty:
        return ""
    first = own[own["is_first"].astype(bool)]
    names = [str(region) for region in first["region"]]
    told = ", ".join(names[:_MAX_FIRST])
    if len(names) > _MAX_FIRST:
        told = words("regions.and_more", names=told, n=words.whole(len(names) - _MAX_FIRST))
    held = list(counts)[: len(material.periods)]
    return words(
        "regions.seen",
        first=told,
        period=words.period_name(str(first["first_period"].iloc[0])),
        n_regions=words.whole(len(own)),
        n_periods=words.whole(sum(n > 0 for n in held)),
        total=words.whole(len(held)),
    )
