"""Heat maps: themes by client groups and by areas, small cells hidden."""

from dataclasses import dataclass, replace

from pipeline.report.catalogue import Catalogue
from pipeline.report.cross import Cross
from pipeline.report.facts.values import Count, Hidden, Number, count_of
from pipeline.report.material import Material

_N_SHADES = 5
_N_LARGEST = 3


@dataclass(frozen=True)
class HeatCell:
    """Reports of one theme and client group; ``shade`` is 0 (none) to 5 (most)."""

    n: Number
    shade: int


@dataclass(frozen=True)
class HeatMap:
    """Themes by client groups or areas.

    Attributes
    ----------
    groups : tuple of str
        Largest first.
    rows : tuple of (str, tuple of HeatCell)
        A theme and its cells; none when the table cannot be shown safely.
    is_safe : bool
    is_coarse : bool
        Whether more cells are hidden than need be, because to choose fewer takes too long.
    n_small, n_small_groups : int
        Themes, and client groups or areas, left out because each of their numbers is small.
    """

    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    is_safe: bool
    is_coarse: bool = False
    n_small: int = 0
    n_small_groups: int = 0

    @property
    def is_mostly_small(self) -> bool:
        """Whether most of what is left says nothing but that a number is small."""
        cells = [cell for _, row in self.rows for cell in row]
        return 2 * sum(_is_small(cell) for cell in cells) > len(cells)

    def largest(self) -> tuple[tuple[str, str, Number], ...]:
        """Return the largest numbers: theme, client group or area, and number."""
        found = [
            (theme, group, cell.n)
            for theme, cells in self.rows
            for group, cell in zip(self.groups, cells, strict=True)
            if isinstance(cell.n, Count)
        ]
        return tuple(sorted(found, key=lambda one: -one[2].n)[:_N_LARGEST])

    def first(self, n: int) -> "HeatMap":
        """Return the map of the `n` largest groups or areas."""
        rows = tuple((name, cells[:n]) for name, cells in self.rows)
        return replace(self, groups=self.groups[:n], rows=rows)

    def turned(self) -> tuple[tuple[str, tuple[HeatCell, ...]], ...]:
        """Return the rows of the table on its side: each group or area and its cells."""
        return tuple(
            (group, tuple(cells[place] for _, cells in self.rows))
            for place, group in enumerate(self.groups)
        )


def heat_map(material: Material, cross: Cross, words: Catalogue) -> HeatMap:
    """Lay out a cross table; a hidden cell says so and opens nothing.

    A table whose small cells would follow from its margins has no rows, nor has one of what no
    report tells.
    """
    if cross.column in material.untold:
        return HeatMap((), (), is_safe=True)
    if not cross.table.is_safe:
        return HeatMap((), (), is_safe=False)
    counts, hidden = cross.table.counts, cross.table.hidden
    most = max(int(counts[~hidden].max(initial=0)), 1)
    labels = [words.label(cross.column, value) for value in cross.values]
    rows = []
    for theme_id in cross.rows:
        name, cells = material.theme_label(theme_id), []
        for value, label in zip(cross.values, labels, strict=True):
            ids = cross.ids.get((theme_id, value), [])
            if cross.is_hidden(theme_id, value):
                cells.append(HeatCell(Hidden(cross.text(theme_id, value)), 0))
            else:
                n = count_of(ids, f"{name} × {label}")
                cells.append(HeatCell(n, -(-len(set(ids)) * _N_SHADES // most)))
        rows.append((name, tuple(cells)))
    telling = [row for row in rows if not all(map(_is_small, row[1]))]
    kept = [i for i in range(len(labels)) if not all(_is_small(row[1][i]) for row in telling)]
    return HeatMap(
        tuple(labels[i] for i in kept),
        tuple((name, tuple(cells[i] for i in kept)) for name, cells in telling),
        is_safe=True,
        is_coarse=cross.table.is_coarse,
        n_small=len(rows) - len(telling),
        n_small_groups=len(labels) - len(kept) if telling else 0,
    )


def _is_small(cell: HeatCell) -> bool:
    """Tell whether a cell says nothing but that its number is small."""
    return isinstance(cell.n, Hidden) and cell.n.text.startswith("<")
