"""Small multiples: the share of a period's reports, period by period, each with its interval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.figures.intervals import effective_intervals
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.charts import History, ceiling
from pipeline.report.material import Material


@dataclass(frozen=True)
class ShareHistory:
    """One chart of the multiples and the same as text, oldest period first.

    Attributes
    ----------
    drawn : History
        Height is the share; what a column says is its number of reports.
    cells : tuple of (n, share, interval)
        As text, one a period.
    """

    drawn: History
    cells: tuple[tuple[str, str, str], ...]


def share_histories(
    counts: Iterable[Sequence[int]], material: Material, words: Catalogue
) -> tuple[ShareHistory, ...]:
    """Draw several histories on one scale, so that they can be compared.

    Parameters
    ----------
    counts : iterable of sequence of int
        Reports in each period up to the reported one, oldest first.
    material : Material
    words : Catalogue

    Returns
    -------
    tuple of ShareHistory
        A period without reports has neither column nor interval. Intervals are of as many reports
        as those of one reporter are worth.
    """
    sizes = np.array(list(material.sizes.values()), dtype=float)
    rows = [np.array(one, dtype=float) for one in counts]
    effect = material.effects["topic"]
    bounds = [effective_intervals(row, sizes, effect) for row in rows]
    tops = [high[sizes > 0].max(initial=0.0) for _, high in bounds]
    top = ceiling([float(one) for one in tops])
    names = [words.period_name(period) for period in material.periods]
    return tuple(
        _share_history(row, ends, sizes, top, names, words)
        for row, ends in zip(rows, bounds, strict=True)
    )


def _share_history(
    row: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray],
    sizes: np.ndarray,
    top: float,
    names: Sequence[str],
    words: Catalogue,
) -> ShareHistory:
    """Draw one history."""
    low, high = bounds
    has = [bool(size) for size in sizes]
    ends = [
        (float(a), float(b)) if held else None for a, b, held in zip(low, high, has, strict=True)
    ]
    cells = tuple(
        (
            words.whole(int(n)),
            words.percent(int(n), int(size)),
            words.interval(*end) if end else "",
        )
        for n, size, end in zip(row, sizes, ends, strict=True)
    )
    drawn = History(
        values=tuple(np.divide(row, sizes, out=np.zeros(len(row)), where=sizes > 0)),
        texts=tuple(n for n, *_ in cells),
        labels=tuple(names),
        top=top,
        counts=tuple(int(n) for n in row),
        intervals=tuple(ends),
    )
    return ShareHistory(drawn, cells)
