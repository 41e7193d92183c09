"""Move marks that would hide one another apart, each as little as it takes."""

import math
from collections.abc import Iterator, Sequence

_DIRECTIONS = 12
_MAX_RINGS = 60


def apart(places: Sequence[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Return places of which no two are nearer than `gap`; the first ones stay where they are.

    Parameters
    ----------
    places : sequence of (x, y)
    gap : float
        In the unit of the places.

    Examples
    --------
    >>> apart([(0.0, 0.0), (0.0, 0.0), (9.0, 0.0)], 2.0)
    [(0.0, 0.0), (2.0, 0.0), (9.0, 0.0)]
    """
    taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
    found = []
    for x, y in places:
        place = next((one for one in _around(x, y, gap) if _is_free(one, taken, gap)), (x, y))
        taken.setdefault(_square(place, gap), []).append(place)
        found.append(place)
    return found


def _around(x: float, y: float, gap: float) -> Iterator[tuple[float, float]]:
    """Yield a place and those around it, the nearest first, rightwards first."""
    yield x, y
    for ring in range(2, _MAX_RINGS):
        far = gap * ring / 2
        for turn in range(_DIRECTIONS):
            angle = 2 * math.pi * turn / _DIRECTIONS
            yield x + far * math.cos(angle), y + far * math.sin(angle)


def _square(place: tuple[float, float], gap: float) -> tuple[int, int]:
    """Return the square of a grid that a place lies in."""
    return math.floor(place[0] / gap), math.floor(place[1] / gap)


def _is_free(
    place: tuple[float, float],
    taken: dict[tuple[int, int], list[tuple[float, float]]],
    gap: float,
) -> bool:
    """Tell whether no place taken is nearer than the gap."""
    column, row = _square(place, gap)
    near = (
        one
        for i in (column - 1, column, column + 1)
        for j in (row - 1, row, row + 1)
        for one in taken.get((i, j), ())
    )
    return all(math.dist(place, one) >= gap * 0.999 for one in near)
