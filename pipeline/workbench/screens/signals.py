"""Signals: the listed groups with their histories, what the analyst makes of them, and who belongs.

The analyst's word goes to ``human/register.csv``; who belongs is ruled on blind, with places and
times hidden, and what it does to the test is told only when every text has been ruled on.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from starlette.responses import Response

from pipeline.detect.register import (
    COLUMNS,
    FILE_NAME,
    OWN_NAME,
    given_name,
    merge_register,
    read_register,
    write_register,
)
from pipeline.detect.sheet import NO, YES, Retest, hidden_texts, nearest_reports, retest
from pipeline.frames import each_row
from pipeline.row_codes import row_code
from pipeline.workbench import files
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import link, render, to
from pipeline.workbench.rule import Ruling
from pipeline.workbench.visit import Visit

ADDRESS, MEMBERS = "/signaalit", "/signaali"
DISMISSED = "hylätty"
VERDICTS = ("seurataan", "vahvistettu", DISMISSED, "toimenpiteeseen")
OWNER = "omistaja"
SIDES = ("merkki", "ilmiö", "tulkinta")
_WRITTEN = (*SIDES, OWNER, "seuraava_katselmus", "muistio", "nimi")


@dataclass(frozen=True)
class Card:
    """One listed group, or one of the register that is no longer listed."""

    signal_id: str
    rank: int
    label: str
    strength: str
    status: str
    counts: tuple[tuple[str, int], ...]
    most: int
    q: float
    p: float
    low: float
    high: float
    n_areas: int
    n_groups: int
    report_ids: tuple[str, ...]
    register: Mapping[str, str]
    is_returning: bool
    first_regions: tuple[str, ...]
    first_period: str
    n_regions: int


@dataclass(frozen=True)
class RegionRow:
    """One group of a region's list that stands out from chance."""

    region: str
    label: str
    strength: str
    counts: tuple[tuple[str, int], ...]
    q: float
    report_ids: tuple[str, ...]


def show(visit: Visit) -> Response:
    """Show the list, and the register beside it."""
    desk = visit.desk
    rows = {row["tunnus"]: row for row in read_register(desk.study.human)}
    listed = [_card(desk, signal, rows.get(signal.signal_id, {})) for signal in _listed(desk)]
    known = {card.signal_id for card in listed}
    return render(
        desk,
        "signals.html.j2",
        desk.words("signals.title"),
        here=ADDRESS,
        cards=listed,
        others=[row for tunnus, row in rows.items() if tunnus not in known],
        regions=_regions(desk),
        verdicts=VERDICTS,
        sides=SIDES,
        owner=OWNER,
        seen=files.digest(desk.study.human / FILE_NAME),
    )


def _listed(desk: Desk) -> list[Any]:
    """Return the listed groups, best first."""
    signals = desk.table("signals")
    return list(each_row(signals[signals["rank"].notna()].sort_values("rank")))


def _card(desk: Desk, signal: Any, row: Mapping[str, str]) -> Card:
    """Return a listed group with its row of the register."""
    counts = [int(n) for n in signal.counts]
    periods = desk.table("periods")["period"].tolist()
    seen = desk.table("signal_regions")
    seen = seen[seen["signal_id"] == signal.signal_id]
    first = seen[seen["is_first"].astype(bool)]
    return Card(
        signal.signal_id,
        int(signal.rank),
        _named(row, signal.label),
        signal.strength,
        signal.status,
        tuple(zip(periods, counts, strict=True)),
        max(counts, default=0) or 1,
        _number(signal.q_value),
        _number(signal.p_value),
        float(signal.ci_low),
        float(signal.ci_high),
        int(signal.n_areas),
        int(signal.n_client_groups),
        tuple(signal.report_ids),
        row,
        row.get("tilanne") == "palannut",
        tuple(first["region"]),
        "".join(first["first_period"].head(1)),
        len(seen),
    )


def _regions(desk: Desk) -> list[RegionRow]:
    """Return what rises within regions beyond chance, by region and rank."""
    table = desk.table("region_signals")
    evident = table[table["strength"] != "candidate"].sort_values(["region", "rank"])
    periods = desk.table("periods")["period"].tolist()
    return [
        RegionRow(
            row.region,
            row.label,
            row.strength,
            tuple(zip(periods, (int(n) for n in row.counts), strict=True)),
            _number(row.q_value),
            tuple(row.report_ids),
        )
        for row in each_row(evident)
    ]


def _number(value: Any) -> float:
    return float("nan") if pd.isna(value) else float(value)


def act(visit: Visit) -> Response:
    """Write what the analyst makes of a signal into the register."""
    desk = visit.desk
    signal_id, verdict = visit.sent("signaali"), visit.sent("ratkaisu")
    signal = next((s for s in _listed(desk) if s.signal_id == signal_id), None)
    review = visit.sent("seuraava_katselmus", 20)
    held = {row["tunnus"] for row in read_register(desk.study.human)}
    if (signal is None and signal_id not in held) or verdict not in ("", *VERDICTS):
        return to(ADDRESS)
    if review and not _is_day(review):
        return render(desk, "told.html.j2", desk.words("signals.title"), 409, here=ADDRESS,
                      text=desk.words("signals.no_day"))  # fmt: skip
    cells = {name: visit.sent(name, 2000) for name in _WRITTEN}
    says = "reject" if verdict == DISMISSED else "accept"
    ruling = Ruling(table="signals", target=signal_id, verdict=says, value=verdict)
    ruled = [ruling] if verdict else []
    rulings = files.change(
        desk.study.human,
        FILE_NAME,
        visit.sent("nahty"),
        lambda: _write(desk, signal, signal_id, {**cells, "ratkaisu": verdict}),
        ruled,
    )
    if rulings is None:
        return render(desk, "told.html.j2", desk.words("conflict.title"), 409, here=ADDRESS,
                      text=desk.words("told.file_changed", file=FILE_NAME))  # fmt: skip
    desk.write(desk.pen("assisted"), rulings)
    return to(f"{ADDRESS}#{signal_id}")


def _is_day(text: str) -> bool:
    """Tell whether a text is a day such as 2026-05-31."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _write(desk: Desk, signal: Any, signal_id: str, cells: Mapping[str, str]) -> None:
    """Bring the register up to date with the list, and write the analyst's cells of one signal."""
    newest = desk.table("periods")["period"].iloc[-1]
    rows = merge_register(read_register(desk.study.human), desk.table("signals"), newest)
    if not any(row["tunnus"] == signal_id for row in rows):
        fresh = {"tunnus": signal_id, "nimi": signal.label, "ensimmäinen_jakso": newest}
        fresh[OWN_NAME] = signal.label
        fresh["raportit"] = " ".join(signal.report_ids)
        rows = merge_register(
            [*rows, {**dict.fromkeys(COLUMNS, ""), **fresh}], desk.table("signals"), newest
        )
    for number, row in enumerate(rows):
        rows[number] = {**row, OWNER: row.get(OWNER, "")}
        if row["tunnus"] == signal_id:
            rows[number].setdefault(OWN_NAME, row["nimi"])
            rows[number] |= {**cells, "nimi": cells["nimi"] or row["nimi"]}
    write_register(desk.study.human, rows)


def _named(row: Mapping[str, str], label: str) -> str:
    """Return a signal's name: that of a person, of a register without the column, or its own."""
    if row and not row.get(OWN_NAME):
        return row["nimi"] or label
    return (given_name(dict(row)) if row else "") or label


@dataclass(frozen=True)
class Text:
    """One text to rule on, blind."""

    code: str
    text: str
    answer: str


def _shown(desk: Desk, signal: Any) -> list[str]:
    """Return the members of a group and the nearest others, in an order that tells nothing."""
    key = ("members", signal.signal_id)
    if key not in desk.cache:
        names = ("reports", "report_embeddings")
        tables = {name: desk.generation.read(name) for name in names}
        shown = [*signal.report_ids, *nearest_reports(signal.report_ids, tables)]
        rng = np.random.default_rng(_seed(desk, signal.signal_id))
        desk.cache[key] = [shown[i] for i in rng.permutation(len(shown)).tolist()]
    found: list[str] = desk.cache[key]
    return found


def _seed(desk: Desk, signal_id: str) -> int:
    """Return a seed of a group's order."""
    text = f"{desk.settings.study.seed}\n{signal_id}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def _texts(desk: Desk, signal: Any) -> list[Text]:
    """Return the texts of a group with places and times hidden, and this coder's answers."""
    shown = _shown(desk, signal)
    key = ("hidden", signal.signal_id)
    if key not in desk.cache:
        wanted = set(shown)
        segments = desk.table("segments")
        segments = segments[segments["report_id"].isin(wanted)]
        tokens = desk.table("tokens")
        tokens = tokens[tokens["segment_id"].isin(set(segments["segment_id"]))]
        tables = {"reports": desk.table("reports"), "segments": segments, "tokens": tokens}
        desk.cache[key] = hidden_texts(tables)
    texts = desk.cache[key]
    return [
        Text(row_code(signal.signal_id, r), texts.get(r, ""), _answer(desk, signal.signal_id, r))
        for r in shown
    ]


def _answer(desk: Desk, signal_id: str, report_id: str) -> str:
    """Return k, e or "" as this coder has ruled."""
    head = desk.people.head(("signal_members", signal_id, report_id, desk.coder))
    return "" if head is None else YES if head["verdict"] == "accept" else NO


def show_members(visit: Visit) -> Response:
    """Show the texts of a group to rule on; the test before and after once all are ruled on."""
    desk = visit.desk
    signal = next((s for s in _listed(desk) if s.signal_id == visit.asked("id")), None)
    if signal is None:
        return render(desk, "told.html.j2", desk.words("told.missing_title"), 404,
                      here=ADDRESS, text=desk.words("told.missing"))  # fmt: skip
    texts = _texts(desk, signal)
    n_left = sum(not text.answer for text in texts)
    return render(
        desk,
        "members.html.j2",
        signal.label,
        here=ADDRESS,
        signal_id=signal.signal_id,
        texts=texts,
        n_left=n_left,
        result=None if n_left else _result(desk, signal, texts),
        yes=YES,
        no=NO,
    )


def _result(desk: Desk, signal: Any, texts: list[Text]) -> Retest | None:
    """Test the group again with the members this coder ruled on; None with a single period."""
    if pd.isna(signal.p_value):
        return None
    ticks = {(signal.signal_id, text.code): text.answer for text in texts}
    tables = {name: desk.table(name) for name in ("periods", "reports", "signals")}
    found = retest(tables, ticks, desk.settings.detect, seed=desk.settings.study.seed)
    return found[0]


def rule_members(visit: Visit) -> Response:
    """Write who belongs to a group, as far as it was answered."""
    desk = visit.desk
    signal_id = visit.sent("signaali")
    signal = next((s for s in _listed(desk) if s.signal_id == signal_id), None)
    if signal is None:
        return to(ADDRESS)
    rulings = []
    for report_id in _shown(desk, signal):
        answer = visit.sent(f"v-{row_code(signal_id, report_id)}")
        if answer in (YES, NO) and answer != _answer(desk, signal_id, report_id):
            verdict = "accept" if answer == YES else "reject"
            rulings.append(
                Ruling(table="signal_members", target=signal_id, verdict=verdict, value=report_id)
            )
    if rulings:
        desk.write(desk.pen("blind"), rulings)
    return to(link(MEMBERS, id=signal_id))
