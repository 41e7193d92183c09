"""Weak signals: the ranked list as cards with their history, and what else was followed."""

import math
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from pipeline.report.catalogue import Catalogue
from pipeline.report.charts import History, history
from pipeline.report.links import Links
from pipeline.report.material import Material, Row
from pipeline.report.sections.quoted import QuoteView, views
from pipeline.report.wording import decimal, interval, percent, period_name

_CARD_WIDTH, _CARD_HEIGHT = 264.0, 64.0
_SPARK_WIDTH, _SPARK_HEIGHT = 84.0, 22.0
_MAX_OTHERS = 15
_SMALLEST_P = 0.001


@dataclass(frozen=True)
class SignalCard:
    """One listed signal.

    Attributes
    ----------
    strength : str
        ``signal``, ``watch`` or ``candidate``.
    q_percent : str
        Share of chance expected in the list down to here; ``""`` when unknown.
    """

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
    themes: tuple[str, ...]
    history: History
    members: tuple[Markup, ...]
    quotes: tuple[QuoteView, ...]
    p_value: str
    q_percent: str


@dataclass(frozen=True)
class OtherSignal:
    """One topic or candidate that was followed and not listed."""

    label: str
    status: str
    n: Markup
    spark: History


@dataclass(frozen=True)
class Signals:
    """The section: cards, the rest by status, those a person rejected, and what to say of none."""

    cards: tuple[SignalCard, ...]
    others: tuple[OtherSignal, ...]
    n_more: int
    rejected: tuple[tuple[str, Markup], ...]
    verdict: Markup
    until: str


def signal_section(material: Material, words: Catalogue, links: Links, taken: set[str]) -> Signals:
    """Write the section of weak signals."""
    signals = material.signals
    held = signals[signals["ruling"] != "reject"]
    listed = held[held["rank"].notna()].sort_values("rank")
    rest = held[held["rank"].isna()]
    now = _place(material)
    top = max((max(counts, default=0) for counts in listed["counts"]), default=1)
    cards = [_card(row, material, words, links, taken, top) for row in listed.to_dict("records")]
    others = [_other(row, material, words, links) for row in _ordered(rest)]
    gone = signals[signals["ruling"] == "reject"]
    rejected = [
        (label, links.amount(ids, label))
        for label, ids in zip(gone["label"], gone["report_ids"], strict=True)
    ]
    last = len(material.tables.periods) - 1
    until = "" if now == last else period_name(str(material.tables.periods["period"].iloc[-1]))
    return Signals(
        cards=tuple(cards),
        others=tuple(others[:_MAX_OTHERS]),
        n_more=max(len(others) - _MAX_OTHERS, 0),
        rejected=tuple(rejected),
        verdict=_verdict(material, len(cards), words),
        until=until,
    )


def _ordered(rest: pd.DataFrame) -> list[Row]:
    """Order the unlisted: those with most reports in the newest period first."""
    return sorted(rest.to_dict("records"), key=_newest_first)


def _newest_first(row: Row) -> tuple[int, int, str]:
    """Return the sort key of an unlisted signal."""
    counts = row["counts"]
    return -(counts[-1] if counts else 0), -sum(counts), str(row["signal_id"])


def _verdict(material: Material, n_cards: int, words: Catalogue) -> Markup:
    """Say in one sentence what the list amounts to."""
    if not material.has_past:
        return words("signals.one_period")
    if n_cards == 0:
        return words("signals.none")
    return words("signals.listed", n=words.amount("signals", n_cards))


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
    return SignalCard(
        rank=int(row["rank"]),
        label=label,
        strength=str(row["strength"]),
        status=str(words(f"status.{row['status']}")),
        ruling=str(row["ruling"]),
        n=links.amount(ids, label),
        n_now=links.amount(now_ids, f"{label}, {period_name(material.period)}"),
        share=percent(len(now_ids), material.n_now),
        interval=interval(float(row["ci_low"]), float(row["ci_high"])),
        n_areas=words.amount("areas", int(row["n_areas"])),
        n_groups=words.amount("client_groups", int(row["n_client_groups"])),
        themes=tuple(material.theme_label(theme) for theme in row["theme_ids"]),
        history=_columns(counts[: now + 1], material, top, (_CARD_WIDTH, _CARD_HEIGHT)),
        members=tuple(links.report(report_id) for report_id in ids),
        quotes=views(material.scored_quotes(ids, scores, 2, taken), links),
        p_value=_p_text(row["p_value"]),
        q_percent="" if pd.isna(row["q_value"]) else percent(round(row["q_value"] * 100), 100),
    )


def _columns(counts: list[int], material: Material, top: int, size: tuple[float, float]) -> History:
    """Draw the counts of the periods as columns."""
    names = [period_name(period) for period in material.periods]
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
            counts, material, max(counts, default=1) or 1, (_SPARK_WIDTH, _SPARK_HEIGHT)
        ),
    )


def _p_text(p_value: float) -> str:
    """Write a p-value; ``""`` when it is unknown."""
    if p_value is None or math.isnan(p_value):
        return ""
    return "< 0,001" if p_value < _SMALLEST_P else decimal(p_value, 3)
