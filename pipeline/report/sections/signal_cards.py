"""Weak signals: cards down to where evidence ends, the rest of the list as rows, the others."""

import math
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from pipeline.figures.intervals import exact_interval
from pipeline.report.catalogue import Catalogue
from pipeline.report.charts import History, history
from pipeline.report.links import Links
from pipeline.report.material import Material, Row
from pipeline.report.sections.quoted import QuoteView, views

_CARD_WIDTH, _CARD_HEIGHT = 264.0, 64.0
_SMALL_WIDTH, _SMALL_HEIGHT = 176.0, 36.0
_SPARK_WIDTH, _SPARK_HEIGHT = 84.0, 22.0
_MAX_OTHERS = 15
_ALIKE = 0.5
"""Share of the smaller set's reports above which two sets are shown as one."""
_SMALLEST_P = 0.001


@dataclass(frozen=True)
class SignalCard:
    """One listed signal.

    Attributes
    ----------
    strength : str
        ``signal``, ``watch`` or, when a person accepted it, ``candidate``.
    topic : str
        Label of the topic it lies in; ``""`` for none and for its own label.
    n_topic : Markup
        That topic's reports of this period.
    history, small : History
        The same columns, for the card and for the top of the page.
    q_percent : str
        Share of chance expected in the list down to here; ``""`` when unknown.
    """

    signal_id: str
    rank: int
    label: str
    strength: str
    status: str
    ruling: str
    n: Markup
    n_now: Markup
    share: str
    interval: str
    n_areas: str
    n_groups: str
    topic: str
    n_topic: Markup
    themes: tuple[str, ...]
    history: History
    small: History
    members: tuple[Markup, ...]
    quotes: tuple[QuoteView, ...]
    p_value: str
    q_percent: str


@dataclass(frozen=True)
class Candidate:
    """One listed set whose rise cannot be told from chance."""

    rank: int
    label: str
    status: str
    n_now: Markup
    n: Markup
    q_percent: str
    spark: History


@dataclass(frozen=True)
class OtherSignal:
    """One topic or candidate that was followed and not listed."""

    label: str
    status: str
    n: Markup
    spark: History


@dataclass(frozen=True)
class Signals:
    """The section: what rises, what is listed without evidence, what was followed or rejected.

    Attributes
    ----------
    n_more : int
        Followed sets that are not shown, also those much like a shown one.
    report_ids : frozenset of str
        Reports of the cards.
    """

    cards: tuple[SignalCard, ...]
    candidates: tuple[Candidate, ...]
    others: tuple[OtherSignal, ...]
    n_more: int
    rejected: tuple[tuple[str, Markup], ...]
    verdict: Markup
    until: str
    report_ids: frozenset[str]


def signal_section(material: Material, words: Catalogue, links: Links, taken: set[str]) -> Signals:
    """Write the section of weak signals."""
    signals = material.signals
    held = signals[signals["ruling"] != "reject"]
    listed = held[held["rank"].notna()].sort_values("rank")
    rest = held[held["rank"].isna()]
    now = _place(material)
    is_evident = (listed["strength"] != "candidate") | (listed["ruling"] == "accept")
    evident, unsure = listed[is_evident], listed[~is_evident]
    top = max((max(counts, default=0) for counts in evident["counts"]), default=1)
    cards = [_card(row, material, words, links, taken, top) for row in evident.to_dict("records")]
    candidates = [_candidate(row, material, words, links) for row in unsure.to_dict("records")]
    apart = _apart(_ordered(rest), [set(ids) for ids in listed["report_ids"]])
    others = [_other(row, material, words, links) for row in apart[:_MAX_OTHERS]]
    gone = signals[signals["ruling"] == "reject"]
    rejected = [
        (label, links.amount(ids, label))
        for label, ids in zip(gone["label"], gone["report_ids"], strict=True)
    ]
    last = len(material.tables.periods) - 1
    until = (
        "" if now == last else words.period_name(str(material.tables.periods["period"].iloc[-1]))
    )
    return Signals(
        cards=tuple(cards),
        candidates=tuple(candidates),
        others=tuple(others),
        n_more=len(rest) - len(others),
        rejected=tuple(rejected),
        verdict=_verdict(material, len(cards), len(candidates), words),
        until=until,
        report_ids=frozenset(i for ids in evident["report_ids"] for i in ids),
    )


def _ordered(rest: pd.DataFrame) -> list[Row]:
    """Order the unlisted: those with most reports in the newest period first."""
    return sorted(rest.to_dict("records"), key=_newest_first)


def _newest_first(row: Row) -> tuple[int, int, str]:
    """Return the sort key of an unlisted signal."""
    counts = row["counts"]
    return -(counts[-1] if counts else 0), -sum(counts), str(row["signal_id"])


def _apart(rows: list[Row], shown: list[set[str]]) -> list[Row]:
    """Leave out the sets that share most of their reports with one shown before them."""
    kept = []
    for row in rows:
        ids = set(row["report_ids"])
        if all(len(ids & one) <= _ALIKE * min(len(ids), len(one)) for one in shown):
            shown = [*shown, ids]
            kept.append(row)
    return kept


def _verdict(material: Material, n_cards: int, n_candidates: int, words: Catalogue) -> Markup:
    """Say in one sentence what the list amounts to."""
    if not material.has_past:
        return words("signals.one_period")
    if n_cards:
        return words("signals.listed", n=words.amount("in_groups", n_cards))
    return words("signals.unsure" if n_candidates else "signals.none")


def _place(material: Material) -> int:
    """Return the index of the reported period among all periods."""
    return len(material.periods) - 1


def _card(
    row: Row,
    material: Material,
    words: Catalogue,
    links: Links,
    taken: set[str],
    top: int,
) -> SignalCard:
    """Lay out one listed signal."""
    label, ids, counts = str(row["label"]), list(row["report_ids"]), list(row["counts"])
    now, now_ids = _place(material), [i for i in ids if i in material.now_ids]
    pool = material.quotable[material.quotable["report_id"].isin(ids)]
    carried = material.tables.segment_topics
    carried = carried[carried["topic_id"] == row["topic_id"]]
    scores = dict(zip(carried["segment_id"], carried["weight"], strict=True))
    scores = scores or dict.fromkeys(pool["segment_id"], 1.0)
    topic, n_topic = _topic(row, material, words, links)
    low, high = exact_interval(len(now_ids), material.n_now)
    return SignalCard(
        signal_id=str(row["signal_id"]),
        rank=int(row["rank"]),
        label=label,
        strength=str(row["strength"]),
        status=str(words(f"status.{row['status']}")),
        ruling=str(row["ruling"]),
        n=links.amount(ids, label),
        n_now=links.amount(now_ids, f"{label}, {words.period_name(material.period)}"),
        share=words.percent(len(now_ids), material.n_now),
        interval=words.interval(low, high),
        n_areas=words.amount("areas", int(row["n_areas"])),
        n_groups=words.amount("client_groups", int(row["n_client_groups"])),
        topic=topic,
        n_topic=n_topic,
        themes=tuple(material.theme_label(theme) for theme in row["theme_ids"]),
        history=_columns(counts[: now + 1], material, words, top, (_CARD_WIDTH, _CARD_HEIGHT)),
        small=_columns(counts[: now + 1], material, words, top, (_SMALL_WIDTH, _SMALL_HEIGHT)),
        members=tuple(links.report(report_id) for report_id in ids),
        quotes=views(material.scored_quotes(ids, scores, 2, taken), links),
        p_value=p_text(row["p_value"], words),
        q_percent=_q_text(row["q_value"], words),
    )


def _topic(row: Row, material: Material, words: Catalogue, links: Links) -> tuple[str, Markup]:
    """Return the topic a signal lies in, and that topic's reports of this period."""
    mine = material.topics[material.topics["topic_id"] == row["topic_id"]]
    mine = mine[(mine["ruling"] != "reject") & (mine["label"] != row["label"])]
    if mine.empty:
        return "", Markup("")
    label = str(mine["label"].iloc[0])
    held = material.tables.report_topics
    ids = held.loc[held["topic_id"] == row["topic_id"], "report_id"]
    now = [report_id for report_id in ids if report_id in material.now_ids]
    return label, links.amount(now, f"{label}, {words.period_name(material.period)}")


def _candidate(row: Row, material: Material, words: Catalogue, links: Links) -> Candidate:
    """Lay out one listed set without evidence."""
    followed = _other(row, material, words, links)
    now_ids = [i for i in row["report_ids"] if i in material.now_ids]
    return Candidate(
        rank=int(row["rank"]),
        label=followed.label,
        status=followed.status,
        n_now=links.count(now_ids, f"{followed.label}, {words.period_name(material.period)}"),
        n=followed.n,
        q_percent=_q_text(row["q_value"], words),
        spark=followed.spark,
    )


def _columns(
    counts: list[int], material: Material, words: Catalogue, top: int, size: tuple[float, float]
) -> History:
    """Draw the counts of the periods as columns."""
    names = [words.period_name(period) for period in material.periods]
    return history(
        [float(n) for n in counts],
        [str(n) for n in counts],
        names,
        float(top),
        now=_place(material),
        width=size[0],
        height=size[1],
    )


def _other(row: Row, material: Material, words: Catalogue, links: Links) -> OtherSignal:
    """Lay out one signal that is not listed."""
    counts = list(row["counts"])[: _place(material) + 1]
    label = str(row["label"])
    return OtherSignal(
        label=label,
        status=str(words(f"status.{row['status']}")),
        n=links.count(row["report_ids"], label),
        spark=_columns(
            counts, material, words, max(counts, default=1) or 1, (_SPARK_WIDTH, _SPARK_HEIGHT)
        ),
    )


def p_text(p_value: float, words: Catalogue) -> str:
    """Write a p-value, such as *0,018* or *alle 0,001*; ``""`` when it is unknown."""
    if p_value is None or math.isnan(p_value):
        return ""
    if p_value < _SMALLEST_P:
        return str(words("signals.p_below", p=words.decimal(_SMALLEST_P, 3)))
    return words.decimal(p_value, 3)


def _q_text(q_value: float, words: Catalogue) -> str:
    """Write a share of chance in whole percent; ``""`` when it is unknown."""
    return "" if pd.isna(q_value) else words.percent(round(q_value * 100), 100)
