"""Themes that stand in the same reports."""

from dataclasses import dataclass
from itertools import combinations

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, count_of
from pipeline.report.material import Material

_MAX_PAIRS = 12


@dataclass(frozen=True)
class ThemePair:
    """Two themes and the reports that have both.

    Attributes
    ----------
    expected : str
        Reports that would have both if the themes had nothing to do with each other.
    chance : float
        The same as a number.
    longest : float
        The largest number or chance of all pairs, at which a bar is full.
    """

    first: str
    second: str
    n: Count
    expected: str
    chance: float
    longest: float


def theme_pairs(material: Material, words: Catalogue) -> tuple[ThemePair, ...]:
    """List the pairs of themes with most reports in this period.

    A pair of fewer reports than ``config.min_cell`` is left out: the list holds no small cell.
    """
    themes = material.themes[material.themes["period"] == material.period]
    sets = {str(value): set(rows["report_id"]) for value, rows in themes.groupby("value")}
    least = max(material.config.min_cell, 1)
    found = [
        (len(sets[a] & sets[b]), a, b)
        for a, b in combinations(sorted(sets), 2)
        if len(sets[a] & sets[b]) >= least
    ]
    found = sorted(found, key=lambda one: (-one[0], one[1:]))[:_MAX_PAIRS]
    chances = [len(sets[a]) * len(sets[b]) / material.n_now for _, a, b in found]
    longest = max([n for n, _, _ in found] + chances, default=1.0)
    pairs = []
    for (_, a, b), chance in zip(found, chances, strict=True):
        first, second = material.theme_label(a), material.theme_label(b)
        both = [i for i in material.now["report_id"] if i in sets[a] and i in sets[b]]
        pairs.append(
            ThemePair(
                first=first,
                second=second,
                n=count_of(both, f"{first} × {second}"),
                chance=chance,
                expected=words.decimal(chance, 1),
                longest=longest,
            )
        )
    return tuple(pairs)
