"""Say how many double-coded reports make the interval of alpha as narrow as wanted."""

import math
from collections.abc import Sequence

import numpy as np

from pipeline.figures.agreement import krippendorff_alpha, masi_distance

MIN_UNITS = 15  # double-coded reports from which they themselves tell how wide the interval is
N_SIMULATED = 200
_N_BOOTSTRAP = 500

ThemeSet = frozenset[str]


def width_of_alpha(units: Sequence[Sequence[ThemeSet]], seed: int) -> float:
    """Return the width of the 95 % interval of alpha by MASI; NaN where there is none.

    Parameters
    ----------
    units : sequence of sequence of frozenset of str
        The theme sets that coders gave to each report.
    seed : int
    """
    found = krippendorff_alpha(units, masi_distance, seed=seed, n_bootstrap=_N_BOOTSTRAP)
    return found.high - found.low


def reports_for_width(width: float, n_units: int, wanted: float) -> int:
    """Return how many double-coded reports give a wanted width, from that of so many.

    The width of a bootstrap interval falls with the root of the number of units.

    Parameters
    ----------
    width : float
        Of ``n_units`` double-coded reports.
    n_units : int
    wanted : float
        0-2.

    Examples
    --------
    >>> reports_for_width(0.2, 40, 0.1)
    160
    """
    return max(2, math.ceil(n_units * (width / wanted) ** 2 - 1e-9))


def simulated_units(
    theme_sets: Sequence[ThemeSet], agreement: float, seed: int
) -> list[tuple[ThemeSet, ThemeSet]]:
    """Return what two coders might say of reports like these, at a level of agreement.

    The second coder says what the first does in a share of the reports, and of the others what is
    true of another report drawn by chance, so that alpha is that share.

    Parameters
    ----------
    theme_sets : sequence of frozenset of str
        Themes that reports have, at least two different sets.
    agreement : float
        Alpha, 0-1.
    seed : int

    Returns
    -------
    list of tuple of frozenset of str
        200 reports.
    """
    rng = np.random.default_rng(seed)
    first = rng.integers(0, len(theme_sets), N_SIMULATED)
    other = rng.integers(0, len(theme_sets), N_SIMULATED)
    # An even share of agreeing reports, not a random one: the width is asked for, not its chance.
    agrees = rng.permutation(N_SIMULATED) < round(agreement * N_SIMULATED)
    return [
        (theme_sets[i], theme_sets[i if same else j])
        for i, j, same in zip(first, other, agrees, strict=True)
    ]
