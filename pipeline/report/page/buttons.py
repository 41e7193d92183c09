"""Buttons that lead from a number to the reports behind it."""

import html
from typing import Any

from markupsafe import Markup, escape

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.values import Count, Hidden, ReportLink, Text


class Buttons:
    """Write plain values as HTML and number what the buttons open, in the order of the page.

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

    def html(self, value: Any) -> Any:
        """Write a value of the facts as HTML; anything else stays as it is."""
        if isinstance(value, Text):
            return self._text(value)
        if isinstance(value, Count):
            return self._count(value)
        if isinstance(value, Hidden):
            return Markup('<span class="hidden-count">{}</span>').format(value.text)
        return self._report(value.report_id) if isinstance(value, ReportLink) else value

    def message(self, key: str, **values: Any) -> Markup:
        """Return a text of the catalogue as HTML, its values filled in and escaped."""
        pieces = []
        for literal, name, style in self._words.parts(key):
            said = _own(literal) if literal else escape(self.html(values[name]))
            pieces.append((style, said))
        return _styled(pieces)

    def position(self, report_id: str) -> int:
        """Return the place of a report in :attr:`ids`, giving it one when it has none."""
        if report_id not in self._positions:
            self._positions[report_id] = len(self.ids)
            self.ids.append(report_id)
        return self._positions[report_id]

    def _text(self, text: Text) -> Markup:
        """Write a text; stretches of one style are one element."""
        return _styled(
            [
                (run.style, _own(run.value) if isinstance(run.value, str) else self.html(run.value))
                for run in text.runs
            ]
        )

    def _report(self, report_id: str) -> Markup:
        """Return one report's id as a button that opens its text."""
        button = '<button type="button" class="id" data-report="{}">{}</button>'
        return Markup(button).format(self.position(report_id), report_id)

    def _count(self, count: Count) -> Markup:
        """Return a number as a button that lists its reports; nought is plain text."""
        text = self._words.plain(count)
        if not count.n:
            return Markup('<span class="nought">{}</span>').format(text)
        key = (count.title, count.report_ids)
        if key not in self._keys:
            listed = count.report_ids[: self._max_listed]
            self._keys[key] = len(self.sets)
            self.sets.append((count.title, count.n, [self.position(i) for i in listed]))
        button = '<button type="button" class="n" data-set="{}" aria-label="{}">{}</button>'
        spoken = self.message("page.open_reports", n=text, title=count.title)
        return Markup(button).format(self._keys[key], spoken, text)


def _own(text: str) -> Markup:
    """Escape a text of ours; an apostrophe, which no attribute of the page ends at, stays."""
    return Markup(html.escape(text, quote=False).replace('"', "&#34;"))


def _styled(pieces: list[tuple[str, Markup]]) -> Markup:
    """Join HTML; neighbours of one style are one element."""
    joined, open_style = [], ""
    for style, piece in pieces:
        if style != open_style:
            joined.append(Markup("</span>") if open_style else Markup(""))
            joined.append(Markup('<span class="{}">').format(style) if style else Markup(""))
            open_style = style
        joined.append(piece)
    joined.append(Markup("</span>") if open_style else Markup(""))
    return Markup("").join(joined)


class PageWords:
    """The catalogue as the templates call it: ``t("table.name", n=count)`` gives HTML."""

    def __init__(self, words: Catalogue, buttons: Buttons) -> None:
        self._words = words
        self._buttons = buttons

    def __call__(self, key: str, **values: Any) -> Markup:
        """Return a text as HTML."""
        return self._buttons.message(key, **values)

    def whole(self, number: int) -> str:
        """Write a whole number with thousands apart."""
        return self._words.whole(number)

    def whole_percent(self, share: float) -> str:
        """Write a share of 0-1 in whole percent."""
        return self._words.whole_percent(share)
