"""Topics: every phenomenon of the period as a card, the rest by name."""

from dataclasses import dataclass

from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.charts import History, count_history
from pipeline.report.facts.name_parts import NameParts, name_parts, unquoted
from pipeline.report.facts.phenomena import STABLE, other_terms, stability_word
from pipeline.report.facts.quotations import Quotations
from pipeline.report.facts.selection import ranked_topics
from pipeline.report.facts.share_histories import ShareHistory, share_histories
from pipeline.report.facts.values import Count, Quotation, amount_of, count_of
from pipeline.report.material import Material, Row


@dataclass(frozen=True)
class TopicPart:
    """One stable part of a large topic.

    Attributes
    ----------
    n : Count
        Its reports up to this period; members of the topic all.
    """

    label: str
    n: Count


@dataclass(frozen=True)
class TopicCard:
    """One topic with its words, size, history and quotations.

    Attributes
    ----------
    suggested : str
        The machine's label where a person changed it; ``""`` otherwise.
    n_now, n_all : Count
        Members in this period, and up to it.
    n_touching : Count
        Reports of this period that touch on it and are not its members.
    """

    label: str
    name: NameParts
    suggested: str
    is_confirmed: bool
    terms: tuple[str, ...]
    n_now: Count
    n_all: Count
    n_touching: Count
    stability: str
    stability_number: str
    themes: tuple[str, ...]
    history: ShareHistory
    quotes: tuple[Quotation, ...]
    parts: tuple[TopicPart, ...] = ()


@dataclass(frozen=True)
class OtherTopic:
    """One topic without a card."""

    label: str
    name: NameParts
    terms: tuple[str, ...]
    n_now: Count
    n_all: Count
    history: History


@dataclass(frozen=True)
class Topics:
    """The period's largest topics as cards, the others by name, and the reports in none.

    Attributes
    ----------
    n_now : int
        Topics with reports in this period.
    """

    n_now: int
    cards: tuple[TopicCard, ...]
    others: tuple[OtherTopic, ...]
    rejected: tuple[tuple[str, Count], ...]
    outside: Count


def topics(material: Material, words: Catalogue, quotations: Quotations) -> Topics:
    """Write the section of topics."""
    ranked = ranked_topics(material)
    members = ranked.members
    gone = material.topics[material.topics["ruling"] == "reject"]
    inside = {report_id for ids in members.values() for report_id in ids}
    drawn = share_histories(
        [_counts(members[str(row["topic_id"])], material) for row in ranked.shown], material, words
    )
    return Topics(
        n_now=ranked.n_now,
        cards=tuple(
            _card(row, members[str(row["topic_id"])], history, material, words, quotations)
            for row, history in zip(ranked.shown, drawn, strict=True)
        ),
        others=tuple(
            _other(row, members[str(row["topic_id"])], material, words) for row in ranked.rest
        ),
        rejected=tuple(
            (str(label), amount_of(members.get(topic_id, []), str(label)))
            for topic_id, label in zip(gone["topic_id"], gone["label"], strict=True)
        ),
        outside=amount_of(
            (i for i in material.now["report_id"] if i not in inside),
            words("topics.outside_title"),
        ),
    )


def _card(
    row: Row,
    ids: list[str],
    history: ShareHistory,
    material: Material,
    words: Catalogue,
    quotations: Quotations,
) -> TopicCard:
    """Lay out one topic."""
    label, stability = str(row["label"]), float(row["stability"])
    now = [i for i in ids if i in material.now_ids]
    mapped = material.links[material.links["topic_id"] == row["topic_id"]]
    mapped = mapped.sort_values(["weight", "theme_id"], ascending=[False, True])
    quotes = quotations.of_topics[str(row["topic_id"])]
    return TopicCard(
        label=label,
        name=unquoted(name_parts(row), quotes),
        suggested="" if row["label_suggested"] == label else str(row["label_suggested"]),
        is_confirmed=row["ruling"] == "accept",
        terms=other_terms(row["terms"], str(row["words"])),
        n_now=amount_of(now, f"{label}, {words.period_name(material.period)}"),
        n_all=count_of(ids, label),
        n_touching=_touching(row, label, material, words),
        stability=words(f"stability.{stability_word(stability)}"),
        stability_number=words.decimal(stability, 2),
        themes=tuple(material.theme_label(theme) for theme in mapped["theme_id"].head(3)),
        history=history,
        quotes=quotes,
        parts=_stable_parts(row, ids, label, material, words),
    )


def _stable_parts(
    row: Row, ids: list[str], label: str, material: Material, words: Catalogue
) -> tuple[TopicPart, ...]:
    """Return the parts of a topic that hold together, where two or more do."""
    table = material.tables.topic_parts
    mine = table[(table["topic_id"] == row["topic_id"]) & (table["stability"] >= STABLE)]
    members, found = set(ids), []
    for name, held in zip(mine["label"], mine["report_ids"], strict=True):
        own = [i for i in held if i in members]
        title = words("topics.part_of", label=label, name=str(name))
        if own:
            found.append(TopicPart(str(name), amount_of(own, title)))
    return tuple(found) if len(found) > 1 else ()


def _touching(row: Row, label: str, material: Material, words: Catalogue) -> Count:
    """Count this period's reports that touch on a topic and are not its members."""
    ids = material.topic_touching.get(str(row["topic_id"]), [])
    now = (report_id for report_id in ids if report_id in material.now_ids)
    title = f"{label}, {words.period_name(material.period)} ({words('topics.touching_title')})"
    return amount_of(now, title)


def _other(row: Row, ids: list[str], material: Material, words: Catalogue) -> OtherTopic:
    """Lay out one topic without a card."""
    label, counts = str(row["label"]), _counts(ids, material)
    now = [i for i in ids if i in material.now_ids]
    names = [words.period_name(period) for period in material.periods]
    return OtherTopic(
        label=label,
        name=name_parts(row),
        terms=other_terms(row["terms"], str(row["words"]))[:5],
        n_now=count_of(now, f"{label}, {words.period_name(material.period)}"),
        n_all=count_of(ids, label),
        history=count_history(counts, names, max(counts, default=1) or 1),
    )


def _counts(ids: list[str], material: Material) -> list[int]:
    """Count a topic's reports in each period."""
    mine = material.reports[material.reports["report_id"].isin(set(ids))]
    per_period = mine["period"].value_counts()
    return [int(per_period.get(period, 0)) for period in material.periods]
