"""Agreement, live: how far coders agree, on what, with whom, and how far the machine pulls."""

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response

from pipeline.workbench.agreement import Agreement, Pull, agreement, pull
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import render
from pipeline.workbench.people import SETTLED, Reading
from pipeline.workbench.visit import Visit


def readings_of(desk: Desk, period: str = "") -> dict[str, Mapping[str, Reading]]:
    """Return what coders made of each report anyone has ruled on, of one period or of all."""
    wanted = desk.periods.get(period, []) if period else desk.places
    said = desk.people.reported()
    return {one: desk.people.readings(one) for one in wanted if one in said}


def show(visit: Visit) -> Response:
    """Show how far the coders agree."""
    desk = visit.desk
    period = visit.asked("jakso") if visit.asked("jakso") in desk.periods else ""
    readings = readings_of(desk, period)
    return render(
        desk,
        "agreement.html.j2",
        desk.words("agreement.title"),
        here="/yksimielisyys",
        period=period,
        periods=sorted((p for p in desk.periods if p), reverse=True),
        found=_found(desk, period, readings),
        pull=pull_of(desk, readings),
        overruled=_overruled(desk, readings),
    )


def _found(desk: Desk, period: str, readings: Mapping[str, Mapping[str, Reading]]) -> Agreement:
    """Return the agreement, computed once for each state of the log."""
    key = ("agreement", period)
    stamp = len(desk.people.rows)
    held = desk.cache.get(key)
    if held is None or held[0] != stamp:
        made = agreement(readings, desk.theme_ids, desk.settings.study.seed)
        desk.cache[key] = (stamp, made)
    found: Agreement = desk.cache[key][1]
    return found


def pull_of(desk: Desk, readings: Mapping[str, Mapping[str, Reading]]) -> Pull:
    """Compare people's themes with suggestions that had not learnt from them.

    Only readings made after the suggestions count: a later run has learnt from its readers and
    would agree with them for that reason.
    """
    made_at = datetime.fromisoformat(desk.generation.made_at)
    same: dict[str, list[bool]] = {"blind": [], "assisted": []}
    for report_id, by in readings.items():
        row = desk.report_row(report_id)
        if row is None:
            continue
        pairs = desk.page_of(row)["pairs"]
        machine = {pair["theme_id"] for pair in pairs if pair["assigned"]}
        for coder, one in by.items():
            is_later = one.at and datetime.fromisoformat(one.at) > made_at
            if coder != SETTLED and one.state == "read" and one.mode in same and is_later:
                given = desk.people.blind_themes(report_id, coder)
                themes = given if one.mode == "blind" else one.themes
                same[one.mode].append(themes == machine)
    return pull(same["blind"], same["assisted"])


def _overruled(
    desk: Desk, readings: Mapping[str, Mapping[str, Reading]]
) -> list[tuple[str, list[str], list[str]]]:
    """Return reports settled otherwise than this coder had them, with both sets."""
    found = []
    for report_id, by in readings.items():
        mine, settled = by.get(desk.coder), by.get(SETTLED)
        if mine is None or settled is None or "read" not in (mine.state, settled.state):
            continue
        if mine.state == settled.state == "read" and mine.themes != settled.themes:
            found.append((report_id, sorted(mine.themes), sorted(settled.themes)))
    return found
