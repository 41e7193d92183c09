"""Topics: every phenomenon of the period as a card, the rest by name."""

from dataclasses import dataclass

from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.charts import History, history
from pipeline.report.links import Links
from pipeline.report.material import Material, Row
from pipeline.report.sections.quoted import QuoteView, other_terms, stability_word, views
from pipeline.report.sections.share_histories import ShareHistory, share_histories

_SPARK_WIDTH, _SPARK_HEIGHT = 84.0, 22.0


@dataclass(frozen=True)
class TopicCard:
    """One topic with its words, size, history and quotations.

    Attributes
    ----------
    suggested : str
        The machine's label where a person changed it; ``""`` otherwise.
    """

    label: str
    suggested: str
    is_confirmed: bool
    terms: tuple[str, ...]
    n_now: Markup
    n_all: Markup
    size_now: int
    stability: str
    stability_number: str
    themes: tuple[str, ...]
    history: ShareHistory
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class OtherTopic:
    """One topic without a card."""

    label: str
    terms: tuple[str, ...]
    n_now: Markup
    n_all: Markup
    spark: History


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
    rejected: tuple[tuple[str, Markup], ...]
    outside: Markup


def topic_section(material: Material, words: Catalogue, links: Links, taken: set[str]) -> Topics:
    """Write the section of topics."""
    held = material.tables.report_topics
    held = held[held["report_id"].isin(set(material.reports["report_id"]))]
    members = {topic: list(group["report_id"]) for topic, group in held.groupby("topic_id")}
    n_now = {t: sum(i in material.now_ids for i in ids) for t, ids in members.items()}
    gone = material.topics["ruling"] == "reject"
    rows = material.topics[~gone & material.topics["topic_id"].isin(set(members))]
    ranked = sorted(
        rows.to_dict("records"),
        key=lambda row: (-n_now[row["topic_id"]], -len(members[row["topic_id"]]), row["topic_id"]),
    )
    alive = [row for row in ranked if n_now[row["topic_id"]]]
    shown = alive[: material.config.n_topic_cards]
    rest = [row for row in ranked if row not in shown]
    rejected = [
        (str(label), links.amount(members.get(topic_id, []), str(label)))
        for topic_id, label in material.topics.loc[gone, ["topic_id", "label"]].itertuples(
            index=False, name=None
        )
    ]
    inside = set(held["report_id"])
    outside = [i for i in material.now["report_id"] if i not in inside]
    drawn = share_histories(
        (_counts(members[row["topic_id"]], material) for row in shown), material, words
    )
    return Topics(
        n_now=len(alive),
        cards=tuple(
            _card(row, members[row["topic_id"]], history, material, words, links, taken)
            for row, history in zip(shown, drawn, strict=True)
        ),
        others=tuple(_other(row, members[row["topic_id"]], material, words, links) for row in rest),
        rejected=tuple(rejected),
        outside=links.amount(outside, str(words("topics.outside_title"))),
    )


def _card(
    row: Row,
    ids: list[str],
    history: ShareHistory,
    material: Material,
    words: Catalogue,
    links: Links,
    taken: set[str],
) -> TopicCard:
    """Lay out one topic."""
    label, stability = str(row["label"]), float(row["stability"])
    now = [i for i in ids if i in material.now_ids]
    carried = material.tables.segment_topics
    carried = carried[carried["topic_id"] == row["topic_id"]]
    scores = dict(zip(carried["segment_id"], carried["weight"], strict=True))
    mapped = material.links[material.links["topic_id"] == row["topic_id"]]
    mapped = mapped.sort_values(["weight", "theme_id"], ascending=[False, True])
    return TopicCard(
        label=label,
        suggested="" if row["label_suggested"] == label else str(row["label_suggested"]),
        is_confirmed=row["ruling"] == "accept",
        terms=other_terms(row["terms"], label),
        n_now=links.amount(now, f"{label}, {words.period_name(material.period)}"),
        n_all=links.count(ids, label),
        size_now=len(now),
        stability=str(words(f"stability.{stability_word(stability)}")),
        stability_number=words.decimal(stability, 2),
        themes=tuple(material.theme_label(theme) for theme in mapped["theme_id"].head(3)),
        history=history,
        quotes=views(material.scored_quotes(now, scores, 1, taken), links),
    )


def _other(
    row: Row, ids: list[str], material: Material, words: Catalogue, links: Links
) -> OtherTopic:
    """Lay out one topic without a card."""
    label = str(row["label"])
    now = [i for i in ids if i in material.now_ids]
    return OtherTopic(
        label=label,
        terms=other_terms(row["terms"], label)[:5],
        n_now=links.count(now, f"{label}, {words.period_name(material.period)}"),
        n_all=links.count(ids, label),
        spark=_spark(ids, material, words),
    )


def _spark(ids: list[str], material: Material, words: Catalogue) -> History:
    """Draw the topic's reports in each period."""
    counts = _counts(ids, material)
    return history(
        [float(n) for n in counts],
        [str(n) for n in counts],
        [words.period_name(period) for period in material.periods],
        float(max(counts, default=1) or 1),
        now=len(counts) - 1,
        width=_SPARK_WIDTH,
        height=_SPARK_HEIGHT,
    )


def _counts(ids: list[str], material: Material) -> list[int]:
    """Count a topic's reports in each period."""
    mine = material.reports[material.reports["report_id"].isin(set(ids))]
    per_period = mine["period"].value_counts()
    return [int(per_period.get(period, 0)) for period in material.periods]
