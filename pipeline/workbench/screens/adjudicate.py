"""Adjudication: two coders side by side, the machine out of sight, one word that settles."""

import json
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.review.decisions_file import Key
from pipeline.workbench import rule
from pipeline.workbench.agreement import disputed, read_by
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import link, render, to
from pipeline.workbench.people import SETTLED, Reading
from pipeline.workbench.rule import Ruling
from pipeline.workbench.screens.agreement import readings_of
from pipeline.workbench.screens.report_parts import attributes
from pipeline.workbench.texts import sentences
from pipeline.workbench.visit import Visit

REASONS = ("monitulkintainen", "ohje", "virhe", "reunatapaus", "nakemysero")
"""Why the coders differed: the text is ambiguous, the guide is wanting, a slip, a case on the
edge, a difference of view."""
ADDRESS = "/ratkaisu"


@dataclass(frozen=True)
class Column:
    """One coder's word on a report."""

    number: int
    coder: str
    themes: tuple[str, ...]
    memos: tuple[str, ...]
    marked: dict[str, list[str]]


def show(visit: Visit) -> Response:
    """Show the disputed report asked for, or the one whose readers are the most apart."""
    desk = visit.desk
    period = visit.asked("jakso") if visit.asked("jakso") in desk.periods else ""
    left = [one.report_id for one in disputed(readings_of(desk, period))]
    report_id = visit.asked("id") or (left[0] if left else "")
    row = desk.report_row(report_id) if report_id else None
    if row is None:
        return render(
            desk, "told.html.j2", desk.words("adjudicate.title"), here=ADDRESS,
            text=desk.words("adjudicate.nothing"),
        )  # fmt: skip
    page = desk.page_of(row)
    readings = desk.people.readings(report_id)
    settled = readings.get(SETTLED, Reading(SETTLED))
    is_settled = settled.state == "read"
    draft = _draft(settled, readings)
    letters = desk.letters.of_theme
    machine = [pair["theme_id"] for pair in page["pairs"] if pair["assigned"]]
    place = left.index(report_id) if report_id in left else -1
    return render(
        desk,
        "adjudicate.html.j2",
        desk.words("adjudicate.heading", report_id=report_id),
        here=ADDRESS,
        row=row,
        period=period,
        n_left=len(left),
        following=left[place + 1] if 0 <= place + 1 < len(left) else "",
        attributes=[a for a in attributes(desk, row, {**page, "topics": []})][:6],
        sentences=sentences(page, [], set()),
        columns=_columns(desk, report_id, [segment[0] for segment in page["segments"]]),
        themes=[
            (
                t.theme_id,
                desk.theme_label(t.theme_id),
                letters.get(t.theme_id, ""),
                t.theme_id in draft,
            )
            for t in desk.themes
        ],
        is_settled=is_settled,
        settled=[desk.theme_label(t) for t in desk.theme_ids if t in settled.themes],
        machine=[desk.theme_label(t) for t in machine] if is_settled else None,
        reasons=REASONS,
        basis=json.dumps(_standing(desk, report_id)),
    )


def _draft(settled: Reading, readings: dict[str, Reading]) -> set[str]:
    """Return the themes that settling would give now: those all readers gave, as changed here."""
    sets = [one.themes for one in read_by(readings)]
    shared = set.intersection(*sets) if sets else set()
    return (shared | settled.themes) - settled.rejected


def _columns(desk: Desk, report_id: str, segment_ids: list[str]) -> list[Column]:
    """Return each reader's themes, memos and marked sentences."""
    made = []
    for number, one in enumerate(read_by(desk.people.readings(report_id)), 1):
        memos = desk.people.memos("reports", report_id)
        marked: dict[str, list[str]] = {}
        for segment_id in segment_ids:
            for theme in desk.theme_ids:
                head = desk.people.head(("segment_themes", segment_id, theme, one.coder))
                if head is not None and head["verdict"] == "accept":
                    marked.setdefault(segment_id, []).append(desk.theme_label(theme))
        made.append(
            Column(
                number,
                one.coder,
                tuple(desk.theme_label(t) for t in desk.theme_ids if t in one.themes),
                tuple(m.row["memo"] for m in memos if m.row["coder"] == one.coder),
                marked,
            )
        )
    return made


def _key(report_id: str, theme: str) -> Key:
    return ("report_themes" if theme else "reports", report_id, theme, SETTLED)


def _standing(desk: Desk, report_id: str) -> dict[str, str]:
    """Return what stands of the settled word, by theme and for the report under ""."""
    heads = {t: desk.people.head(_key(report_id, t)) for t in ("", *desk.theme_ids)}
    return {theme: head["decision_id"] for theme, head in heads.items() if head is not None}


def act(visit: Visit) -> Response:
    """Settle a report, or change one theme of what would be settled."""
    desk = visit.desk
    report_id, do = visit.sent("id"), visit.sent("do")
    readings = desk.people.readings(report_id)
    period, reason = visit.sent("jakso"), visit.sent("syy")
    settled = readings.get(SETTLED, Reading(SETTLED))
    what, _, about = do.partition(":")
    here = link(ADDRESS, id=report_id, jakso=period)
    if report_id not in desk.places or len(read_by(readings)) < 2:
        return to(ADDRESS)
    if what == "toggle" and about in desk.theme_ids:
        is_on = about in _draft(settled, readings)
        return _write(visit, [_pair(report_id, about, "reject" if is_on else "accept")], here, here)
    if what == "take":
        taken = readings[about].themes if about in readings else None
    else:
        taken = _draft(settled, readings) if what == "settle" else None
    if taken is None:
        return to(here)
    named = {theme for one in readings.values() for theme in (*one.themes, *one.rejected)} | taken
    rulings = [
        _pair(report_id, theme, "accept" if theme in taken else "reject")
        for theme in desk.theme_ids
        if theme in named
    ]
    why = str(desk.words(f"reasons.{reason if reason in REASONS else REASONS[-1]}"))
    said = visit.sent("muistio")
    memo = f"{why}: {said}" if said else why
    rulings.append(Ruling(table="reports", target=report_id, verdict="read", memo=memo))
    return _write(visit, rulings, link(ADDRESS, jakso=period), here)


def _pair(report_id: str, theme: str, verdict: str) -> Ruling:
    return rule.Shown(report_id).pair(theme, verdict)


def _write(visit: Visit, rulings: list[Ruling], then: str, here: str) -> Response:
    """Write what settles a report, unless someone else has settled it since."""
    desk = visit.desk
    try:
        held = json.loads(visit.sent("basis", 100_000) or "{}")
    except ValueError:
        held = {}
    report_id = visit.sent("id")
    seen = {
        _key(report_id, t): str(held.get(t, "")) if isinstance(held, dict) else ""
        for t in ("", *desk.theme_ids)
    }
    conflict = desk.write(desk.pen("adjudication"), rulings, seen)
    if conflict is None:
        return to(then)
    return render(
        desk, "conflict.html.j2", desk.words("conflict.title"), 409, here=ADDRESS,
        conflict=conflict, report_id=report_id, queue="", do=visit.sent("do"),
        theme=conflict.key[2], pressed="", action=visit.sent("do").partition(":")[0],
        basis=json.dumps(_standing(desk, report_id)), address=here, target=ADDRESS,
    )  # fmt: skip
