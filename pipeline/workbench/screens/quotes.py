"""Quotations: pinned, banned and proposed, with what would give a person away beside each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pipeline.frames import each_row
from pipeline.report.quote_rulings import FILE_NAME, QuoteRulings, read_quote_rulings
from pipeline.spreadsheet import write_private
from pipeline.workbench import files
from pipeline.workbench.desk import Desk
from pipeline.workbench.index import report_of
from pipeline.workbench.pages import own_path, render, to
from pipeline.workbench.rule import Ruling
from pipeline.workbench.visit import Visit

ADDRESS = "/sitaatit"
_MIN_CHARS, _MAX_CHARS = 60, 240
_PROPOSED = 40


@dataclass(frozen=True)
class Quote:
    """One sentence that is, may be or is never to be quoted.

    Attributes
    ----------
    checks : tuple of str
        What to mind: personal data stood in it, it names a place, the form is the only one of its
        area and group in the period, or the one who wrote it is quoted already.
    """

    segment_id: str
    report_id: str
    text: str
    is_client: bool
    facts: str
    themes: tuple[str, ...]
    checks: tuple[str, ...]


def show(visit: Visit) -> Response:
    """Show the quotations of a period."""
    desk = visit.desk
    periods = sorted((p for p in desk.periods if p), reverse=True)
    period = visit.asked("jakso") if visit.asked("jakso") in periods else (periods or [""])[0]
    rulings = read_quote_rulings(desk.study.human)
    rare, spans = _rare(desk, period), _spans(desk)
    pinned = [q for one in pins(desk) if (q := _quote(desk, one, rare, spans))]
    banned = [q for one in sorted(rulings.banned) if (q := _quote(desk, one, rare, spans))]
    return render(
        desk,
        "quotes.html.j2",
        desk.words("quotes.title"),
        here=ADDRESS,
        pinned=pinned,
        banned=banned,
        proposed=_proposed(desk, period, rulings, rare, spans),
        period=period,
        periods=periods,
        seen=files.digest(desk.study.human / FILE_NAME),
        address=visit.here,
    )


def pins(desk: Desk) -> list[str]:
    """Return the pinned sentences in the order of the file."""
    import tomllib

    path = desk.study.human / FILE_NAME
    if not path.exists():
        return []
    held = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return [str(one) for one in held.get("pin", [])]


def _spans(desk: Desk) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return where personal data stood, by report and field."""
    key = ("spans",)
    if key not in desk.cache:
        found: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for row in each_row(desk.table("pii_spans")):
            found.setdefault((row.report_id, row.field), []).append((row.start, row.end))
        desk.cache[key] = found
    spans: dict[tuple[str, str], list[tuple[int, int]]] = desk.cache[key]
    return spans


def _rare(desk: Desk, period: str) -> set[str]:
    """Return reports of a period that alone have their area and client group together."""
    alone: dict[tuple[str, str], set[str]] = {}
    for report_id in desk.periods.get(period, []):
        row = desk.report_row(report_id) or {"areas": "[]", "groups": "[]"}
        for area in json.loads(row["areas"]):
            for group in json.loads(row["groups"]):
                alone.setdefault((area, group), set()).add(report_id)
    return {next(iter(ids)) for ids in alone.values() if len(ids) == 1}


def _quote(
    desk: Desk,
    segment_id: str,
    rare: set[str],
    spans: Mapping[tuple[str, str], list[tuple[int, int]]],
) -> Quote | None:
    """Return a sentence as a quotation; None when the study no longer has it."""
    report_id = report_of(segment_id) if segment_id.count("/") >= 2 else segment_id
    row = desk.report_row(report_id)
    if row is None:
        return None
    page = desk.page_of(row)
    segment = next((s for s in page["segments"] if s[0] == segment_id), None)
    if segment is None:
        return None
    return _of(desk, row, page, segment, rare, spans)


def _of(
    desk: Desk,
    row: Mapping[str, Any],
    page: Mapping[str, Any],
    segment: list[Any],
    rare: set[str],
    spans: Mapping[tuple[str, str], list[tuple[int, int]]],
) -> Quote:
    """Return a sentence with what is to be minded about it."""
    segment_id, field, start, end, text, is_client = segment[:6]
    report_id = row["report_id"]
    areas = json.loads(row["areas"])
    checks = []
    if touches(spans.get((report_id, field), ()), start, end):
        checks.append("personal")
    lemmas = {t[4].lower() for t in page["tokens"] if t[0] == segment_id}
    if any(area.lower() in lemmas for area in areas):
        checks.append("place")
    if report_id in rare:
        checks.append("rare")
    groups = [desk.labels.label("client_groups", one) for one in json.loads(row["groups"])]
    facts = " · ".join(filter(None, [row["period"], ", ".join(areas), ", ".join(groups)]))
    mine = desk.mine(report_id)
    themes = sorted(mine.themes) if mine else []
    labels = tuple(desk.theme_label(theme) for theme in themes)
    return Quote(segment_id, report_id, text, bool(is_client), facts, labels, tuple(checks))


def touches(spans: Any, start: int, end: int) -> bool:
    """Tell whether personal data stood within a stretch of text."""
    return any(a < end and start < b for a, b in spans)


def _proposed(
    desk: Desk,
    period: str,
    rulings: QuoteRulings,
    rare: set[str],
    spans: Mapping[tuple[str, str], list[tuple[int, int]]],
) -> list[Quote]:
    """Return sentences of a period to choose from: the clients' voice first, one a report."""
    found = []
    for report_id in desk.periods.get(period, []):
        row = desk.report_row(report_id)
        if row is None or report_id in rulings.banned:
            continue
        page = desk.page_of(row)
        fits = [
            s
            for s in page["segments"]
            if _MIN_CHARS <= len(s[4]) <= _MAX_CHARS
            and s[0] not in rulings.pinned
            and not rulings.bans(s[0])
            and not touches(spans.get((report_id, s[1]), ()), s[2], s[3])
        ]
        if fits:
            best = max(fits, key=lambda s: (bool(s[5]), -abs(len(s[4]) - 140)))
            found.append(_of(desk, row, page, best, rare, spans))
    found.sort(key=lambda quote: (not quote.is_client, len(quote.checks), quote.report_id))
    return found[:_PROPOSED]


def act(visit: Visit) -> Response:
    """Pin or ban a sentence, take that back, or move a pin up or down."""
    desk = visit.desk
    segment_id, do = visit.sent("lause"), visit.sent("do")
    back = own_path(visit.sent("paluu"), ADDRESS)
    row = desk.report_row(report_of(segment_id)) if segment_id.count("/") >= 2 else None
    if row is None or do not in ("pin", "ban", "free", "up", "down"):
        return to(back)
    segment = next((s for s in desk.page_of(row)["segments"] if s[0] == segment_id), None)
    if segment is None:
        return to(back)
    is_personal = touches(_spans(desk).get((row["report_id"], segment[1]), ()), *segment[2:4])
    if do == "pin" and is_personal:
        return render(
            desk, "told.html.j2", desk.words("quotes.title"), 409, here=ADDRESS,
            text=desk.words("quotes.personal_stop"),
        )  # fmt: skip
    verdict = {"pin": "pin", "ban": "ban"}.get(do, "change")
    seen = visit.sent("nahty") or files.digest(desk.study.human / FILE_NAME)
    rulings = files.change(
        desk.study.human,
        FILE_NAME,
        seen,
        lambda: _write(desk, segment_id, do),
        [Ruling(table="segments", target=segment_id, verdict=verdict, value=_value(do))],
    )
    if rulings is None:
        return render(
            desk, "told.html.j2", desk.words("conflict.title"), 409, here=ADDRESS,
            text=desk.words("told.file_changed", file=FILE_NAME),
        )  # fmt: skip
    desk.write(desk.pen("assisted"), rulings)
    return to(back)


def _value(do: str) -> str:
    """Return what the log says beside the verdict."""
    return do if do in ("free", "up", "down") else ""


def _write(desk: Desk, segment_id: str, do: str) -> None:
    """Write ``quotes.toml`` with one sentence pinned, banned, freed or moved."""
    import tomlkit

    held = read_quote_rulings(desk.study.human)
    order, banned = pins(desk), sorted(held.banned)
    if do in ("up", "down"):
        if segment_id in order:
            at = order.index(segment_id)
            to_place = max(0, min(len(order) - 1, at + (-1 if do == "up" else 1)))
            order.insert(to_place, order.pop(at))
    else:
        order = [one for one in order if one != segment_id] + ([segment_id] if do == "pin" else [])
        report_id = report_of(segment_id)
        freed = {segment_id, report_id} if do == "pin" else {segment_id}
        banned = [one for one in banned if one not in freed] + ([segment_id] if do == "ban" else [])
    text = tomlkit.dumps({"pin": order, "ban": banned})
    write_private(desk.study.human / FILE_NAME, text.encode())
