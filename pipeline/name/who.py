"""Whom a group of reports is about, and which themes: what most of its members have."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

MIN_SHARE, NEARLY_ALL = 2 / 3, 5 / 6
"""A name says of a group only what at least so many of its members have."""
MIN_LIFT = 1.3
"""And what is so many times as common among them as in all reports."""
HALF_LIFT = 4.0
"""What half of the members have, at least three of them, is said where it is so much commoner."""
_MIN_HALF = 3
MAX_THEMES = 2

Values = Mapping[str, Collection[str]]
"""What each report has, such as its client groups; a report of which nothing is known is absent."""


class Shared:
    """Finds what most members of a group have and most other reports do not.

    Parameters
    ----------
    values : mapping of str to collection of str
    divides : bool
        Whether a report of several values speaks for each in part: one of two client groups counts
        as half, unless nearly all of the members have it.

    Examples
    --------
    >>> values = {"R-1": ["lapset"], "R-2": ["lapset"], "R-3": ["ikäihmiset"], "R-4": ["muu"]}
    >>> shared = Shared(values)
    >>> shared.by(["R-1", "R-2", "R-3"], 1)
    ['lapset']
    >>> shared.by(["R-1", "R-2", "R-3", "R-4"], 1)
    []
    """

    def __init__(self, values: Values, divides: bool = False) -> None:
        self._values, self._divides = values, divides
        self._everywhere = Counter(value for held in values.values() for value in set(held))

    def by(self, members: Collection[str], n_most: int, half_lift: float = math.inf) -> list[str]:
        """Return the values of at least two thirds of the members and of lift 1.3, by lift.

        Parameters
        ----------
        members : collection of str
            Reports of the group.
        n_most : int
            Most values returned.
        half_lift : float
            After them comes one value of at least half, where its lift is greater than theirs and
            at least this.

        Returns
        -------
        list of str
            A member of which nothing is known counts as one that does not have the value; how
            common it is at all is counted among the reports of which something is known.
        """
        inside = Counter(value for one in members for value in set(self._values.get(one, ())))
        lifts = {
            value: n / len(members) * len(self._values) / self._everywhere[value]
            for value, n in inside.items()
        }
        in_order = sorted(inside, key=lambda value: (-lifts[value], value))
        most = [
            value
            for value in in_order
            if lifts[value] >= MIN_LIFT and self._is_of_most(value, inside[value], members)
        ][:n_most]
        needed = max([half_lift, *(lifts[value] for value in most)])
        half = [
            value
            for value in in_order
            if lifts[value] >= needed and inside[value] >= max(_MIN_HALF, len(members) / 2)
        ]
        return [*most, *[value for value in half if value not in most][:1]][:n_most]

    def _is_of_most(self, value: str, n_with: int, members: Collection[str]) -> bool:
        """Say whether at least two thirds of the members have a value."""
        if self._divides and n_with < NEARLY_ALL * len(members) - 1e-9:
            held = [set(self._values.get(one, ())) for one in members]
            return sum(1 / len(own) for own in held if value in own) >= _needed(members)
        return n_with >= _needed(members)


def _needed(members: Collection[str]) -> float:
    return MIN_SHARE * len(members) - 1e-9


def told_themes(
    reports: pd.DataFrame, settled_themes: pd.DataFrame, report_states: pd.DataFrame
) -> dict[str, frozenset[str]]:
    """Return the themes that people gave: a reader's, or those ticked on the form.

    Parameters
    ----------
    reports, settled_themes, report_states : DataFrame
        The tables of those names.

    Returns
    -------
    dict of str to frozenset of str
        By report. One that nobody has read, and whose form asked for no themes, is absent: what
        the machine suggests is no ground for a name.
    """
    read = set(report_states.loc[report_states["is_read"].astype(bool), "report_id"])
    counted = settled_themes[settled_themes["counted"].astype(bool)]
    given = counted.groupby("report_id")["theme_id"].agg(frozenset).to_dict()
    columns = [reports[name] for name in ("report_id", "themes_ticked", "themes_offered")]
    found: dict[str, frozenset[str]] = {}
    for report_id, ticked, offered in zip(*columns, strict=True):
        if report_id in read:
            found[report_id] = given.get(report_id, frozenset())
        elif len(offered) or len(ticked):
            found[report_id] = frozenset(ticked) | given.get(report_id, frozenset())
    return found


def client_groups(reports: pd.DataFrame) -> dict[str, Sequence[str]]:
    """Return the client groups of the reports that name one."""
    return {
        report_id: list(groups)
        for report_id, groups in zip(reports["report_id"], reports["client_groups"], strict=True)
        if len(groups)
    }
