"""Find small groups of like reports that may be a signal, never looking at their dates.

A new phenomenon is a handful of reports, and no single partition holds every such handful. So
there are three sources, which overlap freely: the small branches of the consensus tree, and the
close neighbourhoods of single reports by consensus and by plain likeness, which does not depend on
the seed. The detect stage tests them and shows few.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BRANCH_SIZES = (4, 20)
"""Fewest and most reports of a branch that is a candidate, most only among many reports."""

_REPORTS_A_MEMBER = 20
"""A branch may have a member for so many reports, if that is more than a neighbourhood may have."""

_NEIGHBOURHOOD_SIZES = (4, 12)
_LIKENESS_SIZES = (4, 5, 6, 8, 10)
_MIN_SEPARATION = 0.05
_MAX_JACCARD = 0.85
_MAX_NEIGHBOURHOODS = 300
_SIMILARITY_SHARE = 0.02
"""Weight of the plain similarity beside the co-association: it orders reports that tie."""

_N_OUTSIDERS = 3


@dataclass(frozen=True)
class Group:
    """A candidate's members and how far they stand apart.

    Attributes
    ----------
    members : tuple of int
        Rows of the reports, most central first.
    separation : float
        Mean likeness inside less that of the three nearest outsiders, -1 to 1.
    """

    members: tuple[int, ...]
    separation: float


def candidate_groups(
    share: NDArray[np.float32], similarity: NDArray[np.float32], tree: NDArray[np.float64]
) -> list[Group]:
    """Return the groups of reports that may be a signal.

    Parameters
    ----------
    share : ndarray of shape (n_reports, n_reports)
        Co-association, 0-1.
    similarity : ndarray of shape (n_reports, n_reports)
        Standard scores, to order ties.
    tree : ndarray of shape (n_reports - 1, 4)
        Average linkage on one minus ``share``.

    Returns
    -------
    list of Group
        Small branches, then neighbourhoods of 4 to 12 reports by co-association and of 4 to 10 by
        likeness, each set of members once; groups that do not stand apart at all are left out.
    """
    near = [*neighbourhoods(share, similarity), *like_neighbourhoods(share, similarity)]
    sets = dict.fromkeys([*branches(tree), *near])
    groups = [_group(share, sorted(members)) for members in sets]
    return [group for group in groups if group.separation > 0]


def with_topics(
    groups: Sequence[Group], topics: Sequence[Sequence[int]], share: NDArray[np.float32]
) -> list[Group]:
    """Add to candidates the topics that stand apart and are none of them.

    Parameters
    ----------
    groups : sequence of Group
    topics : sequence of sequence of int
        Rows of each topic's reports, two or more.
    share : ndarray of shape (n_reports, n_reports)
        Co-association, 0-1.
    """
    known = {frozenset(group.members) for group in groups}
    made = [_group(share, sorted(rows)) for rows in topics if frozenset(rows) not in known]
    return [*groups, *(group for group in made if group.separation > 0)]


def branches(tree: NDArray[np.float64]) -> list[frozenset[int]]:
    """Return the small branches of a SciPy tree, from the leaves up.

    They have 4 to 12 reports, or up to a twentieth of the reports, at most 20: a larger branch is
    a theme. All the reports together are no branch: there is nothing they could stand apart from.
    """
    n_reports = len(tree) + 1
    members: list[frozenset[int]] = [frozenset((i,)) for i in range(n_reports)]
    fewest, most = BRANCH_SIZES
    most = min(most, max(_NEIGHBOURHOOD_SIZES[1], n_reports // _REPORTS_A_MEMBER))
    for left, right in tree[:, :2].astype(int):
        joined = members[left] | members[right]
        members.append(joined if len(joined) <= most else frozenset(range(most + 1)))
    most = min(most, n_reports - 1)
    return [branch for branch in members[n_reports:] if fewest <= len(branch) <= most]


def neighbourhoods(
    share: NDArray[np.float32], similarity: NDArray[np.float32]
) -> list[frozenset[int]]:
    """Return the close neighbourhoods of single reports, best separated first.

    Each report with its 3 to 11 nearest is one; they are taken greedily by separation, from those
    of at least 0.05, if their Jaccard index with every one taken before is under 0.85.

    Parameters
    ----------
    share, similarity : ndarray of shape (n_reports, n_reports)

    Returns
    -------
    list of frozenset of int
        At most 300, or half the reports when that is more.
    """
    n_reports = len(share)
    found: dict[frozenset[int], float] = {}
    order = _nearest_first(share + _SIMILARITY_SHARE * similarity)
    links = np.zeros_like(share)
    outside = np.ones(share.shape, dtype=bool)
    rows = np.arange(n_reports)
    for size in range(1, min(_NEIGHBOURHOOD_SIZES[1], n_reports - 1) + 1):
        newest = order[:, size - 1]
        links += share[newest]
        outside[rows, newest] = False
        if size < _NEIGHBOURHOOD_SIZES[0]:
            continue
        inside = np.take_along_axis(links, order[:, :size], axis=1).sum(axis=1) - size
        separations = inside / (size * (size - 1)) - _strongest(links / size, outside)
        for i in np.flatnonzero(separations >= _MIN_SEPARATION):
            found.setdefault(frozenset(order[i, :size].tolist()), float(separations[i]))
    return _without_doubles(found, n_reports)


def like_neighbourhoods(
    share: NDArray[np.float32], similarity: NDArray[np.float32]
) -> list[frozenset[int]]:
    """Return neighbourhoods of single reports by plain likeness, best separated first.

    Each report with its 3, 4, 5, 7 or 9 most like is one; taken as in :func:`neighbourhoods`, by
    separation in ``share``.

    Parameters
    ----------
    share, similarity : ndarray of shape (n_reports, n_reports)

    Returns
    -------
    list of frozenset of int
        At most 300, or half the reports when that is more.
    """
    n_reports = len(share)
    order = _nearest_first(similarity)
    found: dict[frozenset[int], float] = {}
    for size in (size for size in _LIKENESS_SIZES if size < n_reports):
        for nearest in order[:, :size].tolist():
            members = frozenset(nearest)
            if members not in found:
                found[members] = separation(share, sorted(members))
    apart = {members: value for members, value in found.items() if value >= _MIN_SEPARATION}
    return _without_doubles(apart, n_reports)


def _nearest_first(closeness: NDArray[np.floating]) -> NDArray[np.int64]:
    """Order all reports for each one: itself, then those closest to it."""
    closeness = closeness.copy()
    np.fill_diagonal(closeness, np.inf)
    return np.argsort(-closeness, axis=1, kind="stable")


def separation(share: NDArray[np.float32], members: list[int]) -> float:
    """Return mean likeness inside less that of the three nearest outsiders."""
    size = len(members)
    links = share[members].sum(axis=0)
    inside = (links[members].sum() - size) / (size * (size - 1))
    outside = np.ones((1, len(share)), dtype=bool)
    outside[0, members] = False
    return float(inside - _strongest(links[None, :] / size, outside)[0])


def _strongest(links: NDArray[np.floating], outside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return, for each row, the mean link of the three strongest outsiders, or of all."""
    n_strongest = min(_N_OUTSIDERS, int(outside[0].sum()))
    masked = np.where(outside, links, -np.inf)
    top = np.partition(masked, masked.shape[1] - n_strongest, axis=1)[:, -n_strongest:]
    return np.asarray(top.mean(axis=1, dtype=np.float64))


def _without_doubles(found: dict[frozenset[int], float], n_reports: int) -> list[frozenset[int]]:
    """Keep sets from the best separated down, each not nearly one of those kept."""
    at_most = max(_MAX_NEIGHBOURHOODS, n_reports // 2)
    order = sorted(found, key=lambda members: (-found[members], len(members), sorted(members)))
    kept: list[frozenset[int]] = []
    for members in order:
        if len(kept) >= at_most:
            break
        if all(jaccard(members, other) < _MAX_JACCARD for other in kept):
            kept.append(members)
    return kept


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of the reports of either set that are in both."""
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def _group(share: NDArray[np.float32], members: list[int]) -> Group:
    """Order members from the most central and measure their separation."""
    centrality = share[np.ix_(members, members)].sum(axis=1)
    order = np.argsort(-centrality, kind="stable")
    return Group(tuple(members[i] for i in order), separation(share, members))
