"""The map of weak signals: how much is seen of them, how wide they have spread, how they grow."""

from dataclasses import dataclass

from pipeline.report.material import Material, Row

_RISING, _FADING = ("emerging", "growing"), ("fading",)


@dataclass(frozen=True)
class MapPoint:
    """One signal on the map.

    Attributes
    ----------
    rank : int
        Its number on the map, which the table beside it explains.
    growth : str
        ``rising``, ``level``, ``fading`` or ``unsure``.
    reports, areas, groups : int
        Reports of this period, and areas and client groups of all its reports.
    """

    rank: int
    label: str
    growth: str
    reports: int
    areas: int
    groups: int


def signal_map(material: Material) -> tuple[MapPoint, ...]:
    """Return the listed signals by rank, with what their places on the map stand for.

    None where no report tells its area: the map is of how wide they have spread.
    """
    if "area" in material.untold:
        return ()
    signals = material.signals
    listed = signals[(signals["ruling"] != "reject") & signals["rank"].notna()].sort_values("rank")
    return tuple(
        MapPoint(
            rank=int(row["rank"]),
            label=str(row["label"]),
            growth=_growth(row),
            reports=sum(i in material.now_ids for i in row["report_ids"]),
            areas=int(row["n_areas"]),
            groups=int(row["n_client_groups"]),
        )
        for row in listed.to_dict("records")
    )


def _growth(row: Row) -> str:
    """Name the direction of a history, or ``unsure`` where its rise may be chance."""
    status = str(row["status"])
    if row["strength"] == "candidate" and row["ruling"] != "accept":
        return "unsure"
    if status in _RISING:
        return "rising"
    return "fading" if status in _FADING else "level"
