"""What a slide's numbers count, as lines of its notes; no report is named, and no hidden number."""

from collections.abc import Iterable

from pipeline.report.catalogue import Catalogue
from pipeline.report.deck.fit import clean
from pipeline.report.facts.values import Count, Said, each_value

MAX_NOTE_LINES = 60


class Sources:
    """Write what the numbers of a slide count.

    A deck is handed on: with the ids of reports in its notes, a reader could cross any two numbers
    and work out every cell the slides hide. The page and the workbook lead to the reports.

    Parameters
    ----------
    words : Catalogue
    """

    def __init__(self, words: Catalogue) -> None:
        self._words = words

    def lines(self, shown: Iterable[Said | None]) -> list[str]:
        """Return one line a number: what it counts, and how many reports."""
        lines: dict[str, None] = {}
        for said in shown:
            for value in each_value(said) if said is not None else ():
                if isinstance(value, Count) and value.n:
                    lines[self._line(value)] = None
        kept = list(lines)
        if len(kept) > MAX_NOTE_LINES:
            more = self._words.whole(len(kept) - MAX_NOTE_LINES)
            kept = [*kept[:MAX_NOTE_LINES], self._words("deck.more_numbers", n=more)]
        return [clean(line) for line in kept]

    def _line(self, count: Count) -> str:
        """Write one number's line."""
        return f"{count.title}: {self._words.whole(count.n)}"
