"""Candidates for signals among many reports: the communities of a graph that stand apart."""

import numpy as np
from numpy.typing import NDArray

from pipeline.cluster.candidates import BRANCH_SIZES, Group

_N_OUTSIDERS = 3
_MOST_SMALL = 500
"""Small communities that are candidates, or a tenth of the reports when that is more."""
_REPORTS_A_MEMBER = 100
"""A candidate may have a member for so many reports."""


def groups_of_cuts(
    vectors: NDArray[np.float32],
    nearest: NDArray[np.int64],
    partitions: list[NDArray[np.int64]],
    topics: NDArray[np.int64],
) -> list[Group]:
    """Return the communities that stand apart, and the topics.

    Communities of 4 to 20 reports are at most 500, or a tenth of the reports, those that stand
    apart best; of larger ones, up to a hundredth of the reports, there are few, and all are taken.
    Separation is in cosines, and only neighbours of the members are looked at as outsiders.
    """
    fewest, few = BRANCH_SIZES
    most = max(few, len(vectors) // _REPORTS_A_MEMBER)
    found: dict[frozenset[int], Group] = {}
    for labels in (*partitions, topics):
        order = np.argsort(labels, kind="stable")
        for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
            is_topic = labels is topics and labels[members[0]] >= 0
            is_sized = fewest <= len(members) <= most and labels[members[0]] >= 0
            key = frozenset(members.tolist()) if is_sized or is_topic else frozenset[int]()
            if len(key) > 1 and key not in found:
                found[key] = group_of(vectors, nearest, members)
    apart = [group for group in found.values() if group.separation > 0]
    apart.sort(key=lambda group: (-group.separation, group.members))
    small = [group for group in apart if len(group.members) <= few]
    large = [group for group in apart if len(group.members) > few]
    return small[: max(_MOST_SMALL, len(vectors) // 10)] + large


def group_of(
    vectors: NDArray[np.float32], nearest: NDArray[np.int64], members: NDArray[np.int64]
) -> Group:
    """Order members from the most central and measure how far they stand apart."""
    size = len(members)
    if size > BRANCH_SIZES[1]:
        return _large_group(vectors, nearest, members)
    cosines = vectors[members] @ vectors[members].T
    inside = (cosines.sum() - np.trace(cosines)) / (size * (size - 1))
    outsiders = np.setdiff1d(nearest[members], members)
    links = np.sort((vectors[outsiders] @ vectors[members].T).mean(axis=1))
    outside = links[-_N_OUTSIDERS:].mean() if len(links) else 0.0
    order = np.argsort(-cosines.sum(axis=1), kind="stable")
    return Group(tuple(members[order].tolist()), float(inside - outside))


def _large_group(
    vectors: NDArray[np.float32], nearest: NDArray[np.int64], members: NDArray[np.int64]
) -> Group:
    """Do as :func:`group_of` by the sum of the members, which costs no square of their number."""
    size = len(members)
    own = vectors[members].astype(np.float64)
    total = own.sum(axis=0)
    links = own @ total
    inside = (links.sum() - (own * own).sum()) / (size * (size - 1))
    outsiders = np.setdiff1d(nearest[members], members)
    strongest = np.sort(vectors[outsiders] @ (total / size))[-_N_OUTSIDERS:]
    outside = strongest.mean() if len(strongest) else 0.0
    order = np.argsort(-links, kind="stable")
    return Group(tuple(members[order].tolist()), float(inside - outside))
