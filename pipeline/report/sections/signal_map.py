"""The map of weak signals: how much is seen of them, how wide they have spread, how they grow."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.material import Material, Row

WIDTH, HEIGHT = 640.0, 360.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 16.0, 14.0, 52.0
_RADIUS = 12.0
_RISING, _FADING = ("emerging", "growing"), ("fading",)


@dataclass(frozen=True)
class MapPoint:
    """One signal on the map, in pixels.

    Attributes
    ----------
    growth : str
        ``rising``, ``level``, ``fading`` or ``unsure``.
    text : str
        Its number on the map, which the table beside it explains.
    reports, areas : int
        What its place stands for.
    """

    x: float
    y: float
    growth: str
    text: str
    label: str
    n_now: str
    n_areas: str
    n_groups: str
    reports: int
    areas: int


@dataclass(frozen=True)
class MapTick:
    """A tick of an axis: where it stands and its number."""

    place: float
    text: str


@dataclass(frozen=True)
class SignalMap:
    """Listed signals by reports of this period and by areas."""

    points: tuple[MapPoint, ...]
    across: tuple[MapTick, ...]
    up: tuple[MapTick, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = _LEFT
    bottom: float = HEIGHT - _BOTTOM


def signal_map(material: Material, words: Catalogue) -> SignalMap:
    """Place the listed signals: to the right the more reports, upwards the more areas.

    Signals that would stand on each other are moved side by side.
    """
    signals = material.signals
    listed = signals[(signals["ruling"] != "reject") & signals["rank"].notna()].sort_values("rank")
    numbers = [sum(i in material.now_ids for i in ids) for ids in listed["report_ids"]]
    most = max([*numbers, 4])
    widest = max([*(int(n) for n in listed["n_areas"]), 4])
    taken: dict[tuple[int, int], int] = {}
    points = []
    for row, n in zip(listed.to_dict("records"), numbers, strict=True):
        place = (n, int(row["n_areas"]))
        nudge = taken.get(place, 0)
        taken[place] = nudge + 1
        points.append(
            MapPoint(
                x=round(_across(n, most) + nudge * 2.1 * _RADIUS, 1),
                y=round(_up(place[1], widest), 1),
                growth=_growth(row),
                text=str(int(row["rank"])),
                label=str(row["label"]),
                n_now=words.whole(n),
                n_areas=words.whole(place[1]),
                n_groups=words.whole(int(row["n_client_groups"])),
                reports=n,
                areas=place[1],
            )
        )
    return SignalMap(
        tuple(points),
        tuple(MapTick(round(_across(n, most), 1), words.whole(n)) for n in _steps(most)),
        tuple(MapTick(round(_up(n, widest), 1), words.whole(n)) for n in _steps(widest)),
    )


def _growth(row: Row) -> str:
    """Name the direction of a history, or ``unsure`` where its rise may be chance."""
    status = str(row["status"])
    if row["strength"] == "candidate" and row["ruling"] != "accept":
        return "unsure"
    if status in _RISING:
        return "rising"
    return "fading" if status in _FADING else "level"


def _across(n: int, most: int) -> float:
    """Return the x of a number of reports."""
    return _LEFT + _RADIUS + (WIDTH - _LEFT - _RIGHT - 6 * _RADIUS) * n / most


def _up(n: int, most: int) -> float:
    """Return the y of a number of areas."""
    return HEIGHT - _BOTTOM - _RADIUS - (HEIGHT - _TOP - _BOTTOM - 2 * _RADIUS) * n / most


def _steps(most: int) -> list[int]:
    """Return about five round ticks from nought.

    Examples
    --------
    >>> _steps(4), _steps(23)
    ([0, 1, 2, 3, 4], [0, 5, 10, 15, 20])
    """
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if most / s <= 5)
    return list(range(0, most + 1, step))
