"""How much is still to be found: kinds seen so far, and a bound on those not seen yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

_LEVEL_QUANTILE = 1.959963984540054  # of the standard normal, 97.5 %


@dataclass(frozen=True)
class Saturation:
    """What reports have shown, in the order they were read.

    Attributes
    ----------
    n_reports : int
    n_seen : int
        Different kinds (themes, topics) in them.
    curve : ndarray of int, shape (n_reports,)
        Kinds seen after each report.
    n_since_new : int
        Reports at the end that showed nothing new.
    unseen, most_unseen : float
        Estimate of the kinds not seen yet, and the upper end of its 95 % interval.
    """

    n_reports: int
    n_seen: int
    curve: np.ndarray
    n_since_new: int
    unseen: float
    most_unseen: float


def saturation(kinds: Sequence[Collection[str]]) -> Saturation:
    """Say how far reading on would show something new.

    Parameters
    ----------
    kinds : sequence of collection of str
        Themes or topics of each report, in the order of reading.

    Returns
    -------
    Saturation

    Notes
    -----
    Kinds that are in one report only (``q1``) and in two (``q2``) bound from below what is in
    none: Chao, Biometrics 43 (1987), 10.2307/2531532, in its bias-corrected form for incidences,
    ``(n - 1) / n * q1 (q1 - 1) / (2 (q2 + 1))``, with the log-normal interval given there. With no
    kind in one report alone the bound is 0: at most few are left, if they are as common as these.

    Examples
    --------
    >>> found = saturation([{"a"}, {"a", "b"}, {"b"}, {"a", "b"}])
    >>> found.n_seen, found.n_since_new, found.unseen
    (2, 2, 0.0)
    """
    seen: dict[str, int] = {}
    curve, newest = [], 0
    for i, own in enumerate(kinds, 1):
        for kind in set(own):
            newest = i if kind not in seen else newest
            seen[kind] = seen.get(kind, 0) + 1
        curve.append(len(seen))
    n = len(kinds)
    counts = np.array(list(seen.values()), dtype=float)
    q1, q2 = float((counts == 1).sum()), float((counts == 2).sum())
    share = (n - 1) / n if n else 0.0
    unseen = share * max(0.0, q1 * (q1 - 1)) / (2 * (q2 + 1))
    return Saturation(
        n_reports=n,
        n_seen=len(seen),
        curve=np.array(curve, dtype=int),
        n_since_new=n - newest,
        unseen=unseen,
        most_unseen=_upper(unseen, q1, q2, share),
    )


def _upper(unseen: float, q1: float, q2: float, share: float) -> float:
    """Return the upper end of the log-normal interval of what is unseen."""
    if unseen <= 0:
        # One kind seen once: its own variance, as if there were half another.
        return share * _LEVEL_QUANTILE * float(np.sqrt(q1)) if q1 else 0.0
    variance = (
        share * q1 * (q1 - 1) / (2 * (q2 + 1))
        + share**2 * q1 * (2 * q1 - 1) ** 2 / (4 * (q2 + 1) ** 2)
        + share**2 * q1**2 * q2 * (q1 - 1) ** 2 / (4 * (q2 + 1) ** 4)
    )
    return unseen * float(np.exp(_LEVEL_QUANTILE * np.sqrt(np.log1p(variance / unseen**2))))
