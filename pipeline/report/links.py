"""Buttons that lead from a number to the reports behind it."""

from collections.abc import Iterable

from markupsafe import Markup

from pipeline.report.catalogue import Catalogue


def hidden_count(text: str) -> Markup:
    """Return a count that disclosure control hides; it opens nothing."""
    return Markup('<span class="hidden-count">{}</span>').format(text)


class Links:
    """Collect the report ids behind every number of one page.

    Parameters
    ----------
    words : Catalogue
    max_listed : int
        Ids kept a number; the rest is counted and left to the workbook.

    Attributes
    ----------
    sets : list of (title, n, positions)
        What each button opens: a title, the number of reports and positions in `ids`.
    ids : list of str
        Every report named so far, in the order it was first named.
    """

    def __init__(self, words: Catalogue, max_listed: int) -> None:
        self.sets: list[tuple[str, int, list[int]]] = []
        self.ids: list[str] = []
        self._words = words
        self._max_listed = max_listed
        self._positions: dict[str, int] = {}
        self._keys: dict[tuple[str, tuple[str, ...]], int] = {}

    def count(self, report_ids: Iterable[str], title: str) -> Markup:
        """Return the number of distinct reports as a button that lists them."""
        ids = tuple(dict.fromkeys(report_ids))
        return self._button(ids, title, self._words.whole(len(ids)))

    def amount(self, report_ids: Iterable[str], title: str) -> Markup:
        """Return the number with its unit, such as *3 raporttia*, as a button."""
        ids = tuple(dict.fromkeys(report_ids))
        return self._button(ids, title, self._words.amount("reports", len(ids)))

    def report(self, report_id: str) -> Markup:
        """Return one report's id as a button that opens its text."""
        html = '<button type="button" class="id" data-report="{}">{}</button>'
        return Markup(html).format(self.position(report_id), report_id)

    def position(self, report_id: str) -> int:
        """Return the place of a report in :attr:`ids`, giving it one when it has none."""
        if report_id not in self._positions:
            self._positions[report_id] = len(self.ids)
            self.ids.append(report_id)
        return self._positions[report_id]

    def _button(self, ids: tuple[str, ...], title: str, text: str) -> Markup:
        """Return a button for a set of reports; nought is plain text."""
        if not ids:
            return Markup('<span class="nought">{}</span>').format(text)
        key = (title, ids)
        if key not in self._keys:
            positions = [self.position(report_id) for report_id in ids[: self._max_listed]]
            self._keys[key] = len(self.sets)
            self.sets.append((title, len(ids), positions))
        html = '<button type="button" class="n" data-set="{}" aria-label="{}">{}</button>'
        spoken = self._words("page.open_reports", n=text, title=title)
        return Markup(html).format(self._keys[key], spoken, text)
