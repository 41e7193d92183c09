"""One report: its text, what the machine suggests and why, and what the coder makes of it."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pipeline.review.decisions_file import Key
from pipeline.review.log import Conflict
from pipeline.workbench import rule, undo
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import link, own_path, render, to
from pipeline.workbench.people import Reading
from pipeline.workbench.queue import neighbour, next_in_queue, progress
from pipeline.workbench.rule import Row, Ruling, Shown
from pipeline.workbench.screens.evidence import ruled_out
from pipeline.workbench.screens.report_parts import attributes, other_views, suggestions, theme_list
from pipeline.workbench.search import hits, parse
from pipeline.workbench.texts import sentences
from pipeline.workbench.views import read_view
from pipeline.workbench.visit import Visit

MEMO_KINDS = ("havainto", "määritelmä", "menetelmä", "kysymys")
ADDRESS = "/raportti"


def address(report_id: str, queue: str, **more: object) -> str:
    """Return the address of a report in a queue."""
    return link(ADDRESS, id=report_id, jono=queue, **more)


def shown_pairs(desk: Desk, report_id: str, page: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the pairs the page shows as suggestions, strongest first; none when withheld."""
    if desk.is_withheld(report_id):
        return []
    pairs = [pair for pair in page["pairs"] if pair["theme_id"] in desk.theme_ids]
    return sorted(pairs, key=lambda pair: (not pair["assigned"], -pair["log_odds"]))


def shown(desk: Desk, report_id: str, pairs: list[dict[str, Any]]) -> Shown:
    """Return what stands on the page, for the rules."""
    mine = desk.mine(report_id) or Reading(desk.coder)
    return Shown(
        report_id,
        {pair["theme_id"]: pair for pair in pairs},
        frozenset(mine.themes),
        frozenset(mine.rejected),
        desk.generation.suggestions,
        mine.state == "read",
    )


def show(visit: Visit) -> Response:
    """Show a report."""
    return _page(visit, visit.asked("id"), visit.asked("jono"), is_after=bool(visit.asked("ero")))


def _page(visit: Visit, report_id: str, queue: str, *, is_after: bool = False) -> Response:
    """Return a report's page."""
    desk = visit.desk
    row = desk.report_row(report_id)
    if row is None:
        words = desk.words
        return render(desk, "told.html.j2", words("told.missing_title"), 404,
                      text=words("told.no_report", report_id=report_id))  # fmt: skip
    page = desk.page_of(row)
    pairs = shown_pairs(desk, report_id, page)
    view = read_view(queue)
    terms = parse(view.query, desk.lemmatiser) if view.query else ()
    stands = shown(desk, report_id, pairs)
    mine = desk.mine(report_id)
    n_read, n_all = progress(desk.index, view, terms)
    return render(
        desk,
        "report.html.j2",
        desk.words("report.title", report_id=report_id),
        here=ADDRESS,
        row=row,
        queue=queue,
        view=view,
        attributes=attributes(desk, row, page),
        sentences=sentences(page, pairs, hits(terms, page["tokens"]) if terms else set()),
        suggestions=suggestions(desk, pairs, stands, page),
        themes=theme_list(desk, pairs, stands),
        stands=[desk.theme_label(t) for t in desk.theme_ids if t in stands.stands],
        mine=mine,
        is_withheld=desk.is_withheld(report_id),
        is_after=is_after and not desk.is_blind,
        differs=_difference(mine, pairs) if is_after and not desk.is_blind else None,
        others=other_views(desk, report_id),
        sentence_themes=_sentence_themes(desk, page),
        rulings_on_sentences=_quote_rulings(desk, page),
        memos=_memos(desk, report_id),
        memo_kinds=MEMO_KINDS,
        ruled_out=ruled_out(desk),
        basis=json.dumps(_standing(desk, report_id)),
        before=neighbour(desk.index, view, terms, row["n"], -1),
        after=neighbour(desk.index, view, terms, row["n"], 1),
        n_read=n_read,
        n_all=n_all,
    )


def _difference(mine: Reading | None, pairs: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return where the machine and the coder, who ruled first, differ."""
    own = mine.themes if mine else set()
    machine = {pair["theme_id"] for pair in pairs if pair["assigned"]}
    return {
        "both": sorted(own & machine),
        "only_me": sorted(own - machine),
        "only_machine": sorted(machine - own),
    }


def _memos(desk: Desk, report_id: str) -> list[Row]:
    """Return the memos on a report; a blind coder sees only own ones."""
    found = [memo.row for memo in desk.people.memos("reports", report_id)]
    return [row for row in found if not desk.is_blind or row["coder"] == desk.coder]


def _sentence_themes(desk: Desk, page: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the themes this coder gave each sentence."""
    found: dict[str, list[str]] = {}
    for segment in page["segments"]:
        for theme in desk.theme_ids:
            head = desk.people.head(("segment_themes", segment[0], theme, desk.coder))
            if head is not None and head["verdict"] == "accept":
                found.setdefault(segment[0], []).append(theme)
    return found


def _quote_rulings(desk: Desk, page: Mapping[str, Any]) -> dict[str, str]:
    """Return pin or ban of each sentence that has one in quotes.toml."""
    from pipeline.report.quote_rulings import read_quote_rulings

    held = read_quote_rulings(desk.study.human)
    ids = [segment[0] for segment in page["segments"]]
    return {
        one: "pin" if one in held.pinned else "ban"
        for one in ids
        if one in held.pinned or one in held.banned
    }


def _standing(desk: Desk, report_id: str) -> dict[str, str]:
    """Return the decision that stands on each theme of a report, and on the report under ""."""
    found = {}
    for theme in ("", *desk.theme_ids):
        head = desk.people.head(_key(desk, report_id, theme))
        if head is not None:
            found[theme] = head["decision_id"]
    return found


def _key(desk: Desk, report_id: str, theme: str) -> Key:
    """Return the key of a report, or of one of its themes, for this coder."""
    return ("report_themes" if theme else "reports", report_id, theme, desk.coder)


def seen_by(desk: Desk, report_id: str, basis: str) -> dict[Key, str]:
    """Return what stood on the page that a form was sent from."""
    try:
        held = json.loads(basis or "{}")
    except ValueError:
        held = {}
    held = held if isinstance(held, dict) else {}
    return {
        _key(desk, report_id, theme): str(held.get(theme, "")) for theme in ("", *desk.theme_ids)
    }


def act(visit: Visit) -> Response:
    """Write what was pressed on a report, and go where it leads."""
    desk = visit.desk
    report_id, queue, do = visit.sent("id"), visit.sent("jono"), visit.sent("do")
    row = desk.report_row(report_id)
    if row is None:
        return _page(visit, report_id, queue)
    pairs = shown_pairs(desk, report_id, desk.page_of(row))
    stands = shown(desk, report_id, pairs)
    rulings = _rulings(visit, do, stands)
    if rulings is None:
        return _page(visit, report_id, queue)
    was_withheld = desk.is_withheld(report_id)
    seen = seen_by(desk, report_id, visit.sent("basis", 100_000))
    conflict = desk.write(desk.pen("blind" if was_withheld else "assisted"), rulings, seen)
    if conflict is not None:
        return _conflict(visit, conflict, report_id, queue, do)
    if do in ("confirm", "none", "unsure"):
        if was_withheld and not desk.is_blind and do != "unsure":
            return to(address(report_id, queue, ero="1"))
        return to(link("/jono", id=report_id, jono=queue))
    return to(address(report_id, queue, lause=visit.sent("lause")))


def _rulings(visit: Visit, do: str, stands: Shown) -> list[Ruling] | None:
    """Return what a press says; None for a press that is not known."""
    desk = visit.desk
    what, _, theme = do.partition(":")
    if what == "confirm":
        return rule.confirm(stands)
    if what == "none":
        return rule.none_fits(stands)
    if what == "unsure":
        return [stands.state("unsure")]
    if what == "toggle" and theme in desk.theme_ids:
        return rule.toggle(stands, theme)
    if what == "sentence":
        return _on_sentence(visit, stands)
    return None


def _on_sentence(visit: Visit, stands: Shown) -> list[Ruling] | None:
    """Say that a sentence carries a theme, which gives the report the theme too; or take it off."""
    desk = visit.desk
    segment_id, theme = visit.sent("lause"), visit.sent("teema")
    is_here = segment_id.rsplit("/", 2)[0] == stands.report_id
    if not is_here or theme not in desk.theme_ids:
        return None
    head = desk.people.head(("segment_themes", segment_id, theme, desk.coder))
    if head is not None and head["verdict"] == "accept":
        return [rule.sentence(segment_id, theme, "reject")]
    rulings = [rule.sentence(segment_id, theme, "accept")]
    if theme not in stands.themes:
        rulings.append(stands.pair(theme, "accept"))
    return rulings


def _conflict(visit: Visit, conflict: Conflict, report_id: str, queue: str, do: str) -> Response:
    """Show both versions: what the person pressed, and what stands since."""
    desk = visit.desk
    return render(
        desk,
        "conflict.html.j2",
        desk.words("conflict.title"),
        409,
        here=ADDRESS,
        conflict=conflict,
        report_id=report_id,
        queue=queue,
        do=do,
        theme=conflict.key[2],
        pressed=do.partition(":")[2] if do.startswith("toggle:") else "",
        action=do.partition(":")[0],
        basis=json.dumps(_standing(desk, report_id)),
        address=address(report_id, queue),
    )


def next_one(visit: Visit) -> Response:
    """Go to the next report of a queue, or home when all have been read."""
    desk = visit.desk
    queue = visit.asked("jono")
    view = read_view(queue)
    terms = parse(view.query, desk.lemmatiser) if view.query else ()
    place = desk.places.get(visit.asked("id"), 0)
    found = next_in_queue(desk.index, view, terms, place)
    if found is None:
        return to(link("/", valmis="1"))
    return to(address(found, queue))


def write_memo(visit: Visit) -> Response:
    """Write a memo on a report, or on whatever the form names."""
    desk = visit.desk
    text, kind = visit.sent("teksti"), visit.sent("laji")
    table, target = visit.sent("kohde") or "reports", visit.sent("id")
    if text and target and kind in MEMO_KINDS:
        desk.write(
            desk.pen("assisted"), [rule.memo(table, target, visit.sent("teema"), kind, text)]
        )
    return to(own_path(visit.sent("paluu"), "/muistiot"))


def undo_one(visit: Visit) -> Response:
    """Take the newest batch back and show what it was about."""
    return _stepped(visit, undo.undo(visit.desk))


def redo_one(visit: Visit) -> Response:
    """Make the batch again that was taken back last."""
    return _stepped(visit, undo.redo(visit.desk))


def _stepped(visit: Visit, rows: list[Row]) -> Response:
    """Go to the report a step of undo or redo was about."""
    back = own_path(visit.sent("paluu"))
    reports = {
        row["target_id"] for row in rows if row["target_table"] in ("reports", "report_themes")
    }
    if len(reports) == 1 and rows[0]["mode"] in ("assisted", "blind"):
        return to(address(reports.pop(), visit.sent("jono")))
    return to(back)
