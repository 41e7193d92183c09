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
    missing = "no_signals" if charted.themes.has_past else "one_period"
    key = f"headlines.{'signals' if n_signals else missing}"
    n_topics = len(charted.topic_map.topics)
    return Headlines(
        signals=words(key, n=words.amount("weak_signals", n_signals)),
        signal_map=words("headlines.signal_map", n=words.amount("map_points", n_points)),
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


def told_of_most(
    names: Sequence[str], n: int, total: int, before: int | None, words: Catalogue
) -> str:
    """Tell what most reports have; where several have as many, that they do.

    Two are named, and of more is said how many they are: none of them is the largest.
    """
    if len(names) == 1:
        return told(names[0], n, total, before, words)
    said = out_of(n, total, words)
    if len(names) == 2:
        return words("headlines.tied", names=words.enumerated(names), n=said)
    return words("headlines.tied_many", many=words.whole(len(names)), n=said)


def _valences(held: Valences, n_now: int, words: Catalogue) -> str:
    """Tell the commonest valence of the period."""
    names = dict(held.legend)
    now = next((place for place, row in enumerate(held.rows) if row.is_now), None)
    if now is None or not held.rows[now].parts:
        return words("counts.valence_title")
    parts = held.rows[now].parts
    most = max(part.n.n for part in parts)
    places = [place for place, part in enumerate(parts) if part.n.n == most]
    before = held.rows[now - 1].parts[places[0]].n.n if now else None
    tied = [names[parts[place].valence].lower() for place in places]
    return words("headlines.valence", row=told_of_most(tied, most, n_now, before, words))


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
    """Tell the largest rows of a table; what the form did not say is no finding."""
    title = words(f"counts.{table.key}_title")
    rows = [row for row in table.rows if row.label != words("words.not_said")]
    most = max((row_number(row, -1) for row in rows), default=0)
    if not most:
        return title
    tied = [row for row in rows if row_number(row, -1) == most]
    before = row_number(tied[0], -2) if len(tied[0].cells) > 1 else None
    row = told_of_most([one.label for one in tied], most, n_now, before, words)
    return words("headlines.largest", title=title, row=row)


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
