"""Read the page's numbers back into plain text and the reports behind them."""

import html
import re
from collections.abc import Iterable

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.fit import clean
from pipeline.report.links import Links

_TAG = re.compile(r"<[^>]*>")
_SET = re.compile(r'data-set="(\d+)"')
_REPORT = re.compile(r'data-report="(\d+)"')
MAX_IDS = 40
"""Report ids written out behind one number in a slide's notes."""
MAX_NOTE_LINES = 60


def plain(text: object) -> str:
    """Return safe HTML as plain text.

    Examples
    --------
    >>> from markupsafe import Markup
    >>> plain(Markup("<b>A &amp; B</b>"))
    'A & B'
    """
    return clean(html.unescape(_TAG.sub("", str(text)))).strip()


class Sources:
    """The reports behind the numbers of a page's sections.

    Parameters
    ----------
    links : Links
        Those the sections were written with.
    words : Catalogue
    """

    def __init__(self, links: Links, words: Catalogue) -> None:
        self._links = links
        self._words = words

    def lines(self, marked: Iterable[object]) -> list[str]:
        """Return one line a number or quotation: what it is, and its report ids."""
        lines: dict[str, None] = {}
        for text in marked:
            for place in _SET.findall(str(text)):
                title, n, positions = self._links.sets[int(place)]
                lines[self._line(str(title), n, positions)] = None
            for place in _REPORT.findall(str(text)):
                report_id = self._links.ids[int(place)]
                lines[str(self._words("deck.quoted_from", report_id=report_id).unescape())] = None
        kept = list(lines)
        if len(kept) > MAX_NOTE_LINES:
            more = self._words.whole(len(kept) - MAX_NOTE_LINES)
            kept = [*kept[:MAX_NOTE_LINES], str(self._words("deck.more_numbers", n=more))]
        return [clean(line) for line in kept]

    def _line(self, title: str, n: int, positions: list[int]) -> str:
        """Write one number's source."""
        ids = [self._links.ids[place] for place in positions[:MAX_IDS]]
        listed = ", ".join(ids)
        if n > len(ids):
            listed = self._words(
                "deck.and_more", ids=listed, n=self._words.whole(n - len(ids))
            ).unescape()
        return f"{html.unescape(title)} ({self._words.whole(n)}): {listed}"
