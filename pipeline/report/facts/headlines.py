"""What each chart shows, said in its heading: the finding and its number."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.count_tables import CountRow, CountTable
from pipeline.report.facts.signal_map import MapPoint
from pipeline.report.facts.signals import Signals
from pipeline.report.facts.theme_pairs import ThemePair
from pipeline.report.facts.topic_map import TopicMap
from pipeline.report.facts.valences import Valences
from pipeline.report.facts.values import Count
from pipeline.report.facts.voices import ClientVoices

_CHANGES = ("more", "fewer")


@dataclass(frozen=True)
class Headlines:
    """The headings of the charts, one a chart."""

    signals: str
    signal_map: str
    valences: str
    areas: str
    client_groups: str
    themes: str
    pairs: str
    topic_map: str
    voices: str


@dataclass(frozen=True)
class Charted:
    """What the headings are written from: sections already written, so that all say the same."""

    signals: Signals
    signal_map: tuple[MapPoint, ...]
    valences: Valences
    areas: CountTable
    client_groups: CountTable
    themes: CountTable
    pairs: tuple[ThemePair, ...]
    topic_map: TopicMap
    voices: ClientVoices


def headlines(charted: Charted, n_now: int, words: Catalogue) -> Headlines:
    """Write the headings of a period of `n_now` reports."""
    n_signals, n_points = len(charted.signals.cards), len(charted.signal_map)
    key = "headlines.signals" if n_signals else "headlines.no_signals"
    n_topics = len(charted.topic_map.topics)
    return Headlines(
        signals=words(key, n=words.amount("weak_signals", n_signals)),
        signal_map=words("headlines.signal_map", n=words.whole(n_points)),
        valences=_valences(charted.valences, n_now, words),
        areas=_table(charted.areas, n_now, words),
        client_groups=_table(charted.client_groups, n_now, words),
        themes=_themes(charted.themes, n_now, words),
        pairs=_pairs(charted.pairs, words),
        topic_map=words("headlines.topic_map", n=words.amount("topics", n_topics)),
        voices=words("headlines.voices", n=words.plain(charted.voices.n),
                     percent=charted.voices.percent),
    )  # fmt: skip


def out_of(n: int, total: int, words: Catalogue) -> str:
    """Write a number of reports out of all, such as *9 raporttia 38:sta*."""
    every = words("headlines.of_all", total=words.elative(total))
    return words("headlines.out_of", n=words.amount("reports", n), total=every)


def told(name: str, n: int, total: int, before: int | None, words: Catalogue) -> str:
    """Say how many reports something has, and had in the period before where there was one."""
    said = out_of(n, total, words)
    if before is None:
        return words("headlines.one", name=name, n=said)
    return words("headlines.one_before", name=name, n=said, before=words.whole(before))


def _valences(held: Valences, n_now: int, words: Catalogue) -> str:
    """Tell the commonest valence of the period."""
    names = dict(held.legend)
    now = next((place for place, row in enumerate(held.rows) if row.is_now), None)
    if now is None or not held.rows[now].parts:
        return words("counts.valence_title")
    parts = held.rows[now].parts
    most = max(range(len(parts)), key=lambda place: parts[place].n.n)
    before = held.rows[now - 1].parts[most].n.n if now else None
    return told(names[parts[most].valence], parts[most].n.n, n_now, before, words)


def row_number(row: CountRow, place: int) -> int:
    """Return the number in one of a row's periods."""
    cell = row.cells[place].n
    if isinstance(cell, Count):
        return cell.n
    return int("".join(sign for sign in cell.text if sign.isdigit()) or 0)


def _row(row: CountRow, n_now: int, words: Catalogue) -> str:
    """Tell one row."""
    before = row_number(row, -2) if len(row.cells) > 1 else None
    return told(row.label, row_number(row, -1), n_now, before, words)


def _table(table: CountTable, n_now: int, words: Catalogue) -> str:
    """Tell the largest row of a table; what the form did not say is no finding."""
    title = words(f"counts.{table.key}_title")
    rows = [row for row in table.rows if row.label != words("words.not_said")]
    if not rows:
        return title
    largest = max(rows, key=lambda row: row_number(row, -1))
    return words("headlines.largest", title=title, row=_row(largest, n_now, words))


def _themes(table: CountTable, n_now: int, words: Catalogue) -> str:
    """Tell the themes that differ from before, or that none does."""
    changed = [row for row in table.rows if row.change in _CHANGES]
    if changed:
        return "; ".join(_row(row, n_now, words) for row in changed[:2])
    if table.has_past and table.rows:
        return words("headlines.no_change")
    return _table(table, n_now, words)


def _pairs(pairs: Sequence[ThemePair], words: Catalogue) -> str:
    """Tell the pair of themes of most reports."""
    if not pairs:
        return words("themes.pairs_title")
    most = pairs[0]
    return words("headlines.pair", first=most.first, second=most.second, n=words.plain(most.n),
                 expected=most.expected)  # fmt: skip
