"""A spread for each client group: observations, good practices, proposals, quotations."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.phenomena import Phenomenon, phenomena
from pipeline.report.facts.quotations import KINDS, Quotations
from pipeline.report.facts.selection import client_groups
from pipeline.report.facts.values import (
    Count,
    Number,
    Quotation,
    amount_of,
    count_of,
)
from pipeline.report.material import N_TOPICS_OF_GROUP, PROPOSAL, Material

_MAX_THEMES = 5


@dataclass(frozen=True)
class Voices:
    """Sentences of one kind: from how many reports they come, and the most central of them."""

    n: Count
    quotes: tuple[Quotation, ...]


@dataclass(frozen=True)
class GroupSpread:
    """One client group in this period."""

    anchor: str
    label: str
    n: Count
    percent: str
    themes: tuple[tuple[str, Number], ...]
    phenomena: tuple[Phenomenon, ...]
    observations: Voices
    practices: Voices
    proposals: Voices


def group_spreads(
    material: Material, words: Catalogue, quotations: Quotations
) -> tuple[GroupSpread, ...]:
    """Write a spread for each client group of `min_cell` reports or more, largest first.

    Of a smaller one nothing but its size is told, in the table of groups.
    """
    return tuple(
        _spread(material, f"ryhma-{place}", group, ids, words, quotations)
        for place, (group, ids) in enumerate(client_groups(material).items(), start=1)
        if len(set(ids)) >= material.config.min_cell
    )


def _spread(
    material: Material,
    anchor: str,
    group: str,
    ids: list[str],
    words: Catalogue,
    quotations: Quotations,
) -> GroupSpread:
    """Write the spread of one group."""
    label = words.label("client_groups", group)
    voices = {
        kind: _voices(material, ids, kind, label, words, quotations.of_groups[group, kind])
        for kind in KINDS
    }
    return GroupSpread(
        anchor=anchor,
        label=label,
        n=amount_of(ids, f"{label}, {words.period_name(material.period)}"),
        percent=words.percent(len(ids), material.n_now),
        themes=_themes(material, group, ids, label),
        phenomena=_phenomena(material, group, ids, label, words),
        observations=voices["havainto"],
        practices=voices["hyva-kaytanto"],
        proposals=voices[PROPOSAL],
    )


def _phenomena(
    material: Material, group: str, ids: list[str], label: str, words: Catalogue
) -> tuple[Phenomenon, ...]:
    """Return the largest topics of a client group whose number may be shown.

    A topic named without its number would tell that the group has a report of it.
    """
    cross = material.topic_cross
    shown = [topic for topic in cross.rows if not cross.is_hidden(topic, group)]
    return phenomena(material, ids, words, where=label, among=shown)[:N_TOPICS_OF_GROUP]


def _themes(
    material: Material, group: str, ids: list[str], label: str
) -> tuple[tuple[str, Number], ...]:
    """Return the commonest themes of a client group, as :func:`_phenomena` returns topics."""
    cross = material.group_cross
    themes = material.themes[material.themes["report_id"].isin(set(ids))]
    sets = {str(value): list(rows["report_id"]) for value, rows in themes.groupby("value")}
    ranked = sorted(sets, key=lambda value: (-len(sets[value]), value))
    shown = [v for v in ranked if v in cross.rows and not cross.is_hidden(v, group)][:_MAX_THEMES]
    return tuple(
        (
            material.theme_label(value),
            count_of(sets[value], f"{label}: {material.theme_label(value)}"),
        )
        for value in shown
    )


def _voices(
    material: Material,
    ids: list[str],
    kind: str,
    label: str,
    words: Catalogue,
    quotes: tuple[Quotation, ...],
) -> Voices:
    """Count all reports that have a sentence of one kind, beside those quoted."""
    having = material.of_kind(kind)
    having = having[having["report_id"].isin(set(ids))]
    n = amount_of(having["report_id"], f"{label}: {words(f'kinds.{kind}')}")
    return Voices(n, quotes)
