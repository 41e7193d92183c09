"""The period in brief: about ten lines written from the numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.confirmations import ticked
from pipeline.report.facts.findings import are_alike
from pipeline.report.facts.phenomena import phenomena
from pipeline.report.facts.selection import listed_signals
from pipeline.report.facts.signals import Signals
from pipeline.report.facts.values import Count, Run, Text, amount_of, count_of, joined
from pipeline.report.facts.voices import ClientVoices
from pipeline.report.material import PROPOSAL, Material
from pipeline.report.wording import EN_DASH
from pipeline.valences import VALENCES

_N_NAMED = 3
_SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Brief:
    """The period in brief.

    Attributes
    ----------
    lines : tuple of Text
        One alone when the period has no reports.
    numbers : tuple of Text
        Those of plain numbers: how many reports, of what, from where and in what tone.
    untold : tuple of Text
        What no report tells of area, client group and valence; also the last of `numbers`.
    change : Text
        The one that says whether a theme differs from before.
    """

    lines: tuple[Text, ...]
    numbers: tuple[Text, ...] = ()
    change: Text = field(default_factory=Text)
    untold: tuple[Text, ...] = ()


def brief(
    material: Material,
    words: Catalogue,
    signals: Signals,
    voices: ClientVoices,
) -> Brief:
    """Write the lines; each number opens its reports.

    Parameters
    ----------
    material : Material
    words : Catalogue
    signals, voices : Signals, ClientVoices
        Sections already written, so that both say the same.
    """
    if not material.n_now:
        return Brief((words.text("brief.nothing"),))
    size, change = _size(material, words), _change(material, words)
    missing = tuple(_untold(material, words))
    numbers = (
        _themes(material, words),
        *_most(material, words),
        *_valence(material, words),
        *missing,
    )
    lines = (
        size,
        _signals(signals, words),
        change,
        *_phenomenon(material, words),
        _kinds(material, words),
        *numbers,
        words.text("brief.voices", n=voices.n, percent=voices.percent),
        _confirmed(material, words),
    )
    return Brief(lines, (size, *numbers), change, missing)


@dataclass(frozen=True)
class Figure:
    """One large number; ``anchor`` is the section it sums up, or ``""`` when it opens itself."""

    n: Count | str
    unit: str
    anchor: str = ""


def figures(
    material: Material, words: Catalogue, signals: Signals, n_topics: int
) -> tuple[Figure, ...]:
    """Choose the period's four large numbers."""
    n, n_signals = material.n_now, len(signals.cards)
    risen = words.whole(n_signals) if material.has_past else EN_DASH
    proposing = set(material.of_kind(PROPOSAL)["report_id"])
    return (
        Figure(
            count_of(material.now["report_id"], words.period_name(material.period)),
            words.unit("reports", n),
        ),
        Figure(words.whole(n_topics), words.unit("topics", n_topics), "topics"),
        Figure(risen, words.unit("weak_signals", n_signals), "signals"),
        Figure(
            count_of(sorted(proposing), words(f"kinds.{PROPOSAL}")),
            words.unit("with_proposal", len(proposing)),
        ),
    )


def _size(material: Material, words: Catalogue) -> Text:
    """Say how many reports there are, and how many there were."""
    n = amount_of(material.now["report_id"], words.period_name(material.period))
    earlier = material.periods[:-1]
    if not earlier:
        return words.text("brief.size", n=n)
    last = earlier[-1]
    ids = material.reports.loc[material.reports["period"] == last, "report_id"]
    before = amount_of(ids, words.period_name(last))
    return words.text("brief.size_before", n=n, before=before, last=words.period_name(last))


def _most(material: Material, words: Catalogue) -> Iterator[Text]:
    """Name the commonest areas and client groups."""
    for column in ("area", "client_groups"):
        members = material.members(column)
        members = members[(members["period"] == material.period) & (members["value"] != "")]
        named = [
            (words.label(column, str(value)), list(rows["report_id"]))
            for value, rows in members.groupby("value")
        ]
        if named:
            yield words.text(f"brief.{column}", named=_named(named, material, words))


def _named(sets: Iterable[tuple[str, list[str]]], material: Material, words: Catalogue) -> Text:
    """List the largest sets with their numbers."""
    ranked = sorted(sets, key=lambda one: (-len(one[1]), one[0]))
    largest = ranked[:_N_NAMED]
    parts = [
        words.text(
            "brief.one",
            name=name,
            n=count_of(ids, f"{name}, {words.period_name(material.period)}"),
            percent=words.percent(len(ids), material.n_now),
        )
        for name, ids in largest
    ]
    return joined([*parts, *_tied([len(ids) for _, ids in ranked], words)], "; ")


def _tied(sizes: Sequence[int], words: Catalogue) -> Iterator[Text]:
    """Say how many are left out that are as large as the last one named.

    Parameters
    ----------
    sizes : sequence of int
        Reports of each, in the order in which they are named.
    words : Catalogue
    """
    n = sum(size == sizes[_N_NAMED - 1] for size in sizes[_N_NAMED:])
    if n:
        yield Text((Run(words.amount("also_tied", n)),))


def _untold(material: Material, words: Catalogue) -> Iterator[Text]:
    """Say which of area, client group and valence no report tells."""
    if material.untold:
        names = [words(f"brief.untold_{column}") for column in material.untold]
        yield words.text("brief.untold", named=words.enumerated(names))


def _valence(material: Material, words: Catalogue) -> Iterator[Text]:
    """Say how many reports are negative, neutral and positive."""
    if "valence" in material.untold:
        return
    parts = []
    for valence in VALENCES:
        ids = list(material.now.loc[material.now["valence"] == valence, "report_id"])
        name = words.label("valence", valence).lower()
        share = words.percent(len(ids), material.n_now)
        parts.append(words.text("brief.one", name=name, n=count_of(ids, name), percent=share))
    yield words.text("brief.valence", named=joined(parts, "; "))


def _themes(material: Material, words: Catalogue) -> Text:
    """Name the commonest themes."""
    themes = material.themes[material.themes["period"] == material.period]
    sets = [
        (material.theme_label(str(value)), list(rows["report_id"]))
        for value, rows in themes.groupby("value")
    ]
    if not sets:
        return words.text("brief.no_themes")
    return words.text("brief.themes", named=_named(sets, material, words))


def _change(material: Material, words: Catalogue) -> Text:
    """Name the themes whose share differs from before by more than chance allows."""
    if not material.has_past:
        return words.text("brief.no_past")
    table = material.theme_table
    differs = table[table["p_adjusted"] < _SIGNIFICANT]
    if differs.empty:
        return words.text("brief.no_change")
    parts = [
        words.text(
            "brief.changed",
            name=material.theme_label(str(row["value"])),
            now=words.percent(int(row["n"]), int(row["n_reports"])),
            before=words.percent(int(row["n_before"]), int(row["n_reports_before"])),
        )
        for row in differs.to_dict("records")
    ]
    return words.text("brief.change", named=joined(parts, "; "))


def _phenomenon(material: Material, words: Catalogue) -> Iterator[Text]:
    """Name the largest topics; those listed as signals are told of there."""
    where = words.period_name(material.period)
    listed = list(listed_signals(material).evident["report_ids"])
    ranked = [
        one
        for one in phenomena(material, material.now_ids, words, where=where)
        if not any(are_alike(ids, material.topic_members[one.topic_id]) for ids in listed)
    ]
    found = ranked[:_N_NAMED]
    if found:
        parts = [
            words.text(
                "brief.one",
                name=one.label,
                n=one.n,
                percent=words.percent(one.size, material.n_now),
            )
            for one in found
        ]
        key = "brief.other_phenomena" if listed else "brief.phenomena"
        tied = _tied([one.size for one in ranked], words)
        yield words.text(key, named=joined([*parts, *tied], "; "))


def _signals(signals: Signals, words: Catalogue) -> Text:
    """Say what the list of weak signals amounts to; the section after it names them."""
    if not signals.cards:
        return signals.verdict
    strengths = Counter(card.strength for card in signals.cards)
    n = words.amount("weak_signals", len(signals.cards))
    if len(strengths) == 1:
        strength = words(f"strength.{next(iter(strengths))}")
        return words.text("brief.signals_alike", n=n, strength=strength)
    named = [words.amount(f"strength_{name}", n) for name, n in strengths.items()]
    return words.text("brief.signals", n=n, named=words.enumerated(named))


def _kinds(material: Material, words: Catalogue) -> Text:
    """Count the reports with good practices and with proposals."""
    sets = {
        kind: amount_of(material.of_kind(kind)["report_id"], words(f"kinds.{kind}"))
        for kind in ("hyva-kaytanto", PROPOSAL)
    }
    return words.text("brief.kinds", practices=sets["hyva-kaytanto"], proposals=sets[PROPOSAL])


def _confirmed(material: Material, words: Catalogue) -> Text:
    """Say how many of the machine's suggestions a person has looked at."""
    pairs = material.pairs[material.pairs["report_id"].isin(material.now_ids)]
    suggested = pairs[pairs["suggested"]]
    ruled = int((suggested["ruling"] != "").sum())
    ticks = ticked(material)
    n_suggested, n_both = words.whole(ticks.n_suggested), words.whole(ticks.n_both)
    first = "brief.suggested_ticked" if ticks.n_ticked else "brief.suggested"
    last = "brief.confirmed" if ruled else "brief.unconfirmed"
    lines = (
        words.text(first, suggested=n_suggested, ticked=n_both),
        words.text(last, ruled=words.whole(ruled)),
    )
    return joined(lines, " ")
