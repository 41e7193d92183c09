"""Find the closed choices in a column of answers, and what parts several of them in one cell.

A value is a choice when it repeats, or is known beforehand (a municipality, a theme, a client
group), and holds no personal data. All else is what one person typed: it is counted and its rows
are told, and its text goes nowhere.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ingest.texts import fold
from pipeline.ingest.vocabulary import is_other_label, is_typed_other

SEPARATORS = (";", "|", "\n", ",")
MAX_CHOICE_CHARS = 100
_MIN_TOGETHER = 2  # cells in which two parts always stand together, to be one label
_MOSTLY_CAPITAL = 0.7
_MIN_ALONE = 0.6  # share of parts that must be labels elsewhere, for small letters after a comma
_CODED = re.compile(r"@|\d{6}[-+A-FU-Y_/]|(?:\d[ -]?){7,}|\bpuh\b|https?:|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Closed:
    """The choices of a column.

    Attributes
    ----------
    separator : str or None
        What parts choices in one cell; None when each cell holds one.
    choices : tuple of str
        As written on the form, the most frequent first; the other choice is not among them.
    other : str
        Label of the choice for whatever is not offered; "" when there is none.
    n_open : int
        Distinct values that are no choice.
    open_rows : tuple of int
        Places in ``cells`` of the first of them.
    share : float
        Cells that hold choices only, of all, 0-1.
    n_joined : int
        Cells that hold several choices.
    """

    separator: str | None
    choices: tuple[str, ...]
    other: str
    n_open: int
    open_rows: tuple[int, ...]
    share: float
    n_joined: int

    @property
    def is_closed(self) -> bool:
        """True when the column is a choice list and no free text."""
        return bool(self.choices or self.other) and self.share >= 0.5


def is_personal(label: str) -> bool:
    """Tell whether a value holds something that no choice holds: a code, a number, an address.

    >>> is_personal("Pirjon perhe, puh. 040 123 4567"), is_personal("Työikäiset (18–64 v)")
    (True, False)
    """
    return len(label) > MAX_CHOICE_CHARS or _CODED.search(label) is not None


def closed_choices(cells: Sequence[str], is_known: Callable[[str], bool]) -> Closed:
    """Return the choices that a column of answers is made of.

    Parameters
    ----------
    cells : sequence of str
        Answers, blank ones left out.
    is_known : callable
        Tells of a label whether it is a choice although it stands only once.

    Returns
    -------
    Closed

    Examples
    --------
    >>> cells = ["Lapset, nuoret", "Lapset, nuoret, Vammaiset", "Vammaiset", "Muu, mikä?"]
    >>> found = closed_choices(cells, lambda label: False)
    >>> found.separator, found.choices, found.other
    (',', ('Lapset, nuoret', 'Vammaiset'), 'Muu, mikä?')
    """
    distinct = Counter(cells)
    best = _labelled(cells, {cell: [cell.strip()] for cell in distinct}, None, is_known)
    for mark in SEPARATORS:
        parts = parts_of(distinct, mark, is_known)
        n_joined = sum(n for cell, n in distinct.items() if len(parts[cell]) > 1)
        if not n_joined:
            continue
        found = _labelled(cells, parts, mark, is_known)
        # Parting at commas must not make open answers of what was a choice as a whole.
        if mark != "," or (_are_labels(parts, distinct) and found.share >= best.share):
            return found
    return best


def parts_of(
    cells: Iterable[str], mark: str, is_known: Callable[[str], bool]
) -> dict[str, list[str]]:
    """Cut each distinct cell at a separator, and put the labels that hold it together again."""
    cut = {cell: [part.strip() for part in cell.split(mark) if part.strip()] for cell in cells}
    if mark != ",":
        return cut
    whole = {fold(parts[0]) for parts in cut.values() if len(parts) == 1}
    is_small = sum(parts[0][:1].islower() for parts in cut.values() if parts) > len(cut) / 2
    joined = {}
    for cell, parts in cut.items():
        labels: list[str] = []
        for part in _known_first(parts, is_known):
            goes_on = part[:1].islower() and not is_small
            if labels and fold(part) not in whole and goes_on and not is_known(part):
                labels[-1] = f"{labels[-1]}, {part}"
            else:
                labels.append(part)
        joined[cell] = labels
    return _join_inseparable(joined)


def _known_first(parts: list[str], is_known: Callable[[str], bool]) -> list[str]:
    """Put together neighbours that make a known choice, the longest first."""
    joined: list[str] = []
    at = 0
    while at < len(parts):
        ends = (end for end in range(len(parts), at + 1, -1) if is_known(", ".join(parts[at:end])))
        end = next(ends, at + 1)
        joined.append(", ".join(parts[at:end]))
        at = end
    return joined


def _join_inseparable(cut: dict[str, list[str]]) -> dict[str, list[str]]:
    """Put together two parts of which neither ever stands without the other."""
    n_cells = Counter(part for parts in cut.values() for part in dict.fromkeys(parts))
    pairs = Counter(pair for parts in cut.values() for pair in pairwise(parts))
    fixed = {
        pair
        for pair, n in pairs.items()
        if n >= _MIN_TOGETHER and n == n_cells[pair[0]] == n_cells[pair[1]]
    }
    joined = {}
    for cell, parts in cut.items():
        labels: list[str] = []
        last = ""
        for part in parts:
            if labels and (last, part) in fixed:
                labels[-1] = f"{labels[-1]}, {part}"
            else:
                labels.append(part)
            last = part
        joined[cell] = labels
    return joined


def _are_labels(parts: dict[str, list[str]], distinct: Counter[str]) -> bool:
    """Tell whether commas part labels: capitals begin them, or they are cells of their own."""
    joined = [labels for labels in parts.values() if len(labels) > 1]
    if all(label[:1].isupper() or label[:1].isdigit() for labels in joined for label in labels):
        return True
    alone = {fold(labels[0]) for labels in parts.values() if len(labels) == 1}
    seen = [fold(label) in alone for labels in joined for label in labels]
    return sum(seen) >= _MIN_ALONE * len(seen)


def _is_capital(spellings: Counter[str]) -> bool:
    """Tell whether a label begins with a capital or a number."""
    return not spellings.most_common(1)[0][0][:1].islower()


def _labelled(
    cells: Sequence[str],
    parts: dict[str, list[str]],
    mark: str | None,
    is_known: Callable[[str], bool],
) -> Closed:
    """Tell choices from open answers among the parts."""
    n_cells: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for cell in cells:
        for label in dict.fromkeys(parts[cell]):
            n_cells[fold(label)] += 1
            written.setdefault(fold(label), Counter())[label] += 1
    n_capital = sum(n for key, n in n_cells.items() if _is_capital(written[key]))
    are_capital = n_capital > _MOSTLY_CAPITAL * n_cells.total()
    kinds: dict[str, str] = {}
    for key, spellings in written.items():
        label = spellings.most_common(1)[0][0]
        if is_other_label(label):
            kinds[key] = "other"
        elif is_personal(label) or is_typed_other(label):
            kinds[key] = "open"
        elif are_capital and label[:1].islower() and not is_known(label):
            kinds[key] = "open"  # typed in small letters among choices that begin with capitals
        else:
            kinds[key] = "choice" if n_cells[key] > 1 or is_known(label) else "open"
    open_places = [
        place
        for place, cell in enumerate(cells)
        if any(kinds[fold(label)] == "open" for label in parts[cell])
    ]
    named = [key for key, _ in n_cells.most_common() if kinds[key] == "choice"]
    others = [key for key, _ in n_cells.most_common() if kinds[key] == "other"]
    return Closed(
        separator=mark,
        choices=tuple(written[key].most_common(1)[0][0] for key in named),
        other=written[others[0]].most_common(1)[0][0] if others else "",
        n_open=sum(kind == "open" for kind in kinds.values()),
        open_rows=tuple(open_places[:20]),
        share=1 - len(open_places) / max(len(cells), 1),
        n_joined=sum(len(parts[cell]) > 1 for cell in cells),
    )
