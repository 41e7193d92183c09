"""A spread for each client group: observations, good practices, proposals, quotations."""

from dataclasses import dataclass

from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.links import Links, hidden_count
from pipeline.report.material import N_TOPICS_OF_GROUP, Material
from pipeline.report.sections.quoted import Phenomenon, QuoteView, phenomena, views

_MAX_THEMES = 5


@dataclass(frozen=True)
class Voices:
    """Sentences of one kind: from how many reports they come, and the most central of them."""

    n: Markup
    size: int
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class GroupSpread:
    """One client group in this period."""

    anchor: str
    label: str
    n: Markup
    percent: str
    themes: tuple[tuple[str, Markup], ...]
    phenomena: tuple[Phenomenon, ...]
    observations: Voices
    practices: Voices
    proposals: Voices


def group_spreads(
    material: Material, words: Catalogue, links: Links, taken: set[str]
) -> tuple[GroupSpread, ...]:
    """Write a spread for each client group with reports in this period, largest first."""
    members = material.members("client_groups")
    members = members[(members["period"] == material.period) & (members["value"] != "")]
    sizes = members["value"].value_counts()
    names = sorted(sizes.index, key=lambda value: (-int(sizes[value]), value))
    return tuple(
        _spread(
            material,
            (f"ryhma-{place}", words.label("client_groups", str(name)), str(name)),
            list(members.loc[members["value"] == name, "report_id"]),
            words,
            links,
            taken,
        )
        for place, name in enumerate(names, start=1)
    )


def _spread(
    material: Material,
    names: tuple[str, str, str],
    ids: list[str],
    words: Catalogue,
    links: Links,
    taken: set[str],
) -> GroupSpread:
    """Write the spread of one group."""
    anchor, label, group = names
    return GroupSpread(
        anchor=anchor,
        label=label,
        n=links.amount(ids, f"{label}, {words.period_name(material.period)}"),
        percent=words.percent(len(ids), material.n_now),
        themes=_themes(material, group, ids, label, links),
        phenomena=_phenomena(material, group, ids, label, words, links),
        observations=_voices(material, ids, "havainto", label, words, links, taken),
        practices=_voices(material, ids, "hyva-kaytanto", label, words, links, taken),
        proposals=_voices(material, ids, "ratkaisuehdotus", label, words, links, taken),
    )


def _phenomena(
    material: Material, group: str, ids: list[str], label: str, words: Catalogue, links: Links
) -> tuple[Phenomenon, ...]:
    """Return the largest topics of a client group, with the numbers that may be shown.

    Those whose number is hidden come last, by name: their order would tell what they hide.
    """
    cross = material.topic_cross
    hidden = {t: cross.text(t, group) for t in cross.rows if cross.is_hidden(t, group)}
    found = phenomena(material, ids, words, links, where=label, among=cross.rows, hidden=hidden)[
        :N_TOPICS_OF_GROUP
    ]
    shown = (one for one in found if one.topic_id not in hidden)
    unshown = (one for one in found if one.topic_id in hidden)
    return (*shown, *sorted(unshown, key=lambda one: (one.label, one.topic_id)))


def _themes(
    material: Material, group: str, ids: list[str], label: str, links: Links
) -> tuple[tuple[str, Markup], ...]:
    """Return the commonest themes of a client group, as :func:`_phenomena` returns topics."""
    cross = material.group_cross
    themes = material.themes[material.themes["report_id"].isin(set(ids))]
    sets = {str(value): list(rows["report_id"]) for value, rows in themes.groupby("value")}
    ranked = sorted(sets, key=lambda value: (-len(sets[value]), value))[:_MAX_THEMES]
    shown = [value for value in ranked if not cross.is_hidden(value, group)]
    hidden = sorted(material.theme_label(v) for v in ranked if cross.is_hidden(v, group))
    texts = {material.theme_label(v): cross.text(v, group) for v in ranked}
    return (
        *(
            (
                material.theme_label(value),
                links.count(sets[value], f"{label}: {material.theme_label(value)}"),
            )
            for value in shown
        ),
        *((name, hidden_count(texts[name])) for name in hidden),
    )


def _voices(
    material: Material,
    ids: list[str],
    kind: str,
    label: str,
    words: Catalogue,
    links: Links,
    taken: set[str],
) -> Voices:
    """Choose the central sentences of one kind and link all reports that have such.

    A sentence quoted elsewhere is quoted again only where nothing else is left to quote.
    """
    having = material.of_kind(kind)
    having = having[having["report_id"].isin(set(ids))]
    n_quotes = material.config.n_quotes
    quotes = material.central_quotes(ids, kind, n_quotes, taken)
    if not quotes:
        quotes = material.central_quotes(ids, kind, min(n_quotes, 1), set())
    title = f"{label}: {words(f'kinds.{kind}')}"
    n = links.amount(having["report_id"], title)
    return Voices(n, having["report_id"].nunique(), views(quotes, links))
