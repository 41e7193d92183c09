"""The reports behind a slide's numbers, as lines of its notes."""

from collections.abc import Iterable

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.fit import clean
from pipeline.report.facts.values import Count, ReportLink, Said, each_value

MAX_IDS = 40
"""Report ids written out behind one number in a slide's notes."""
MAX_NOTE_LINES = 60


class Sources:
    """Write the reports behind numbers and quotations.

    Parameters
    ----------
    words : Catalogue
    max_listed : int
        Most report ids listed behind one number anywhere in the report.
    """

    def __init__(self, words: Catalogue, max_listed: int) -> None:
        self._words = words
        self._max_ids = min(MAX_IDS, max_listed)

    def lines(self, shown: Iterable[Said | None]) -> list[str]:
        """Return one line a number or quotation: what it is, and its report ids."""
        lines: dict[str, None] = {}
        for said in shown:
            for value in each_value(said) if said is not None else ():
                if isinstance(value, Count) and value.n:
                    lines[self._line(value)] = None
                elif isinstance(value, ReportLink):
                    lines[self._words("deck.quoted_from", report_id=value.report_id)] = None
        kept = list(lines)
        if len(kept) > MAX_NOTE_LINES:
            more = self._words.whole(len(kept) - MAX_NOTE_LINES)
            kept = [*kept[:MAX_NOTE_LINES], self._words("deck.more_numbers", n=more)]
        return [clean(line) for line in kept]

    def _line(self, count: Count) -> str:
        """Write one number's source."""
        ids = count.report_ids[: self._max_ids]
        listed = ", ".join(ids)
        if count.n > len(ids):
            more = self._words.whole(count.n - len(ids))
            listed = self._words("deck.and_more", ids=listed, n=more)
        return f"{count.title} ({self._words.whole(count.n)}): {listed}"
