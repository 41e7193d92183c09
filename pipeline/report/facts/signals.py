"""Weak signals: cards down to where evidence ends, the rest of the list as rows, the others."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.figures.intervals import effective_intervals
from pipeline.report.catalogue import Catalogue
from pipeline.report.facts.charts import History, count_history
from pipeline.report.facts.name_parts import NameParts, name_parts, unquoted
from pipeline.report.facts.quotations import Quotations
from pipeline.report.facts.regions import ByRegion, by_region, seen_in
from pipeline.report.facts.selection import listed_signals
from pipeline.report.facts.values import (
    Count,
    Quotation,
    ReportLink,
    Text,
    amount_of,
    count_of,
)
from pipeline.report.material import Material, Row
from pipeline.report.wording import NBSP

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
    over : str
        Over how many areas and client groups it has spread; ``""`` where no report tells them.
    topic : str
        Label of the topic it lies in; ``""`` for none and for its own label.
    n_topic : Count or None
        That topic's reports of this period.
    q_percent : str
        Share of chance expected in the list down to here; ``""`` when unknown.
    seen : str
        Where it was first seen, and over how many regions and periods it spreads; ``""`` without
        a known region.
    """

    signal_id: str
    rank: int
    label: str
    name: NameParts
    strength: str
    status: str
    ruling: str
    n: Count
    n_now: Count
    share: str
    interval: str
    over: str
    topic: str
    n_topic: Count | None
    themes: tuple[str, ...]
    history: History
    members: tuple[ReportLink, ...]
    quotes: tuple[Quotation, ...]
    p_value: str
    q_percent: str
    seen: str


@dataclass(frozen=True)
class Candidate:
    """One listed set whose rise cannot be told from chance."""

    rank: int
    label: str
    name: NameParts
    status: str
    n_now: Count
    n: Count
    q_percent: str
    history: History


@dataclass(frozen=True)
class OtherSignal:
    """One topic or candidate that was followed and not listed."""

    label: str
    status: str
    n: Count
    history: History


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
    rejected: tuple[tuple[str, Count], ...]
    verdict: Text
    by_region: ByRegion
    report_ids: frozenset[str]


def signals(material: Material, words: Catalogue, quotations: Quotations) -> Signals:
    """Write the section of weak signals."""
    table, listed = material.signals, listed_signals(material)
    rest = table[(table["ruling"] != "reject") & table["rank"].isna()]
    top = max((max(counts, default=0) for counts in listed.evident["counts"]), default=1)
    cards = [
        _card(row, material, words, quotations, top) for row in listed.evident.to_dict("records")
    ]
    candidates = [_candidate(row, material, words) for row in listed.unsure.to_dict("records")]
    shown = [set(ids) for part in (listed.evident, listed.unsure) for ids in part["report_ids"]]
    others = [_other(row, material, words) for row in _apart(_ordered(rest), shown)[:_MAX_OTHERS]]
    gone = table[table["ruling"] == "reject"]
    return Signals(
        cards=tuple(cards),
        candidates=tuple(candidates),
        others=tuple(others),
        n_more=len(rest) - len(others),
        rejected=tuple(
            (label, amount_of(ids, label))
            for label, ids in zip(gone["label"], gone["report_ids"], strict=True)
        ),
        verdict=_verdict(material, len(cards), len(candidates), words),
        by_region=by_region(material, words),
        report_ids=frozenset(i for ids in listed.evident["report_ids"] for i in ids),
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


def _verdict(material: Material, n_cards: int, n_candidates: int, words: Catalogue) -> Text:
    """Say in one sentence what the list amounts to."""
    if not material.has_past:
        return words.text("signals.one_period")
    if n_cards == 1:
        return words.text("signals.listed_one")
    if n_cards:
        return words.text("signals.listed", n=words.amount("in_groups", n_cards))
    return words.text("signals.unsure" if n_candidates else "signals.none")


def _card(
    row: Row, material: Material, words: Catalogue, quotations: Quotations, top: int
) -> SignalCard:
    """Lay out one listed signal."""
    label, ids = str(row["label"]), list(row["report_ids"])
    now_ids = [i for i in ids if i in material.now_ids]
    topic, n_topic = _topic(row, material, words)
    n, size = np.array([len(now_ids)]), np.array([material.n_now])
    low, high = (float(end[0]) for end in effective_intervals(n, size, material.effects["topic"]))
    quotes = quotations.of_signals[str(row["signal_id"])]
    return SignalCard(
        signal_id=str(row["signal_id"]),
        rank=int(row["rank"]),
        label=label,
        name=unquoted(name_parts(row), quotes),
        strength=str(row["strength"]),
        status=words(f"status.{row['status']}"),
        ruling=str(row["ruling"]),
        n=amount_of(ids, label),
        n_now=amount_of(now_ids, f"{label}, {words.period_name(material.period)}"),
        share=words.percent(len(now_ids), material.n_now),
        interval=words.interval(low, high),
        over=_over(row, material, words),
        topic=topic,
        n_topic=n_topic,
        themes=tuple(material.theme_label(theme) for theme in row["theme_ids"]),
        history=_history(row["counts"], material, words, top),
        members=tuple(ReportLink(report_id) for report_id in ids),
        quotes=quotes,
        p_value=p_text(row["p_value"], words),
        q_percent=_q_text(row, words),
        seen=seen_in(str(row["signal_id"]), row["counts"], material, words),
    )


def _over(row: Row, material: Material, words: Catalogue) -> str:
    """Say over how many areas and client groups a signal has spread, of those that are told."""
    units = {"area": ("areas", "n_areas"), "client_groups": ("client_groups", "n_client_groups")}
    return "".join(
        f" · {words.amount(unit, int(row[column]))}"
        for told, (unit, column) in units.items()
        if told not in material.untold
    )


def _topic(row: Row, material: Material, words: Catalogue) -> tuple[str, Count | None]:
    """Return the topic a signal lies in, and that topic's reports of this period."""
    mine = material.topics[material.topics["topic_id"] == row["topic_id"]]
    mine = mine[(mine["ruling"] != "reject") & (mine["label"] != row["label"])]
    if mine.empty:
        return "", None
    label = str(mine["label"].iloc[0])
    ids = material.topic_members.get(str(row["topic_id"]), [])
    now = [report_id for report_id in ids if report_id in material.now_ids]
    return label, amount_of(now, f"{label}, {words.period_name(material.period)}")


def _candidate(row: Row, material: Material, words: Catalogue) -> Candidate:
    """Lay out one listed set without evidence."""
    followed = _other(row, material, words)
    now_ids = [i for i in row["report_ids"] if i in material.now_ids]
    return Candidate(
        rank=int(row["rank"]),
        label=followed.label,
        name=name_parts(row),
        status=followed.status,
        n_now=count_of(now_ids, f"{followed.label}, {words.period_name(material.period)}"),
        n=followed.n,
        q_percent=_q_text(row, words),
        history=followed.history,
    )


def _other(row: Row, material: Material, words: Catalogue) -> OtherSignal:
    """Lay out one signal that is not listed."""
    label = str(row["label"])
    counts = list(row["counts"])[: len(material.periods)]
    return OtherSignal(
        label=label,
        status=words(f"status.{row['status']}"),
        n=count_of(row["report_ids"], label),
        history=_history(counts, material, words, max(counts, default=1) or 1),
    )


def _history(counts: Sequence[int], material: Material, words: Catalogue, top: float) -> History:
    """Return the counts of the periods up to this one."""
    names = [words.period_name(period) for period in material.periods]
    return count_history(list(counts)[: len(names)], names, top)


def p_text(p_value: float, words: Catalogue) -> str:
    """Write a p-value, such as *0,018* or *alle 0,001*; ``""`` when it is unknown."""
    if p_value is None or math.isnan(p_value):
        return ""
    if p_value < _SMALLEST_P:
        return words("signals.p_below", p=words.decimal(_SMALLEST_P, 3))
    return words.decimal(p_value, 3)


def _q_text(row: Row, words: Catalogue) -> str:
    """Write a share of chance in whole percent; ``""`` when it is unknown."""
    if pd.isna(row["q_value"]):
        return ""
    q = words.percent(round(row["q_value"] * 100), 100)
    if pd.isna(row["q_low"]) or round(row["q_low"] * 100) == round(row["q_high"] * 100):
        return q
    return f"{q}{NBSP}({words.interval(row['q_low'], row['q_high'])})"
