"""All memos by kind, author and theme; and the log: every batch with who, when and what."""

import unicodedata
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.workbench import undo
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import own_path, render, to
from pipeline.workbench.people import Memo
from pipeline.workbench.rule import Row
from pipeline.workbench.screens.report import MEMO_KINDS
from pipeline.workbench.visit import Visit

_BATCHES = 100
ADDRESS = "/muistiot"


@dataclass(frozen=True)
class Batch:
    """One batch of the log, in words."""

    name: str
    coder: str
    at: str
    mode: str
    what: tuple[str, ...]
    n_more: int
    report_id: str
    is_retracted: bool
    may_undo: bool


def show(visit: Visit) -> Response:
    """Show the memos that fit, and the newest batches of the log."""
    desk = visit.desk
    memos = _memos(visit)
    batches = list(desk.people.batches.items())
    if desk.is_blind:
        batches = [(name, rows) for name, rows in batches if rows[0]["coder"] == desk.coder]
    end = visit.asked("ennen")
    last = int(end) if end.isdigit() else len(batches)
    page = list(reversed(batches[max(0, last - _BATCHES) : last]))
    return render(
        desk,
        "memos.html.j2",
        desk.words("memos.title"),
        here=ADDRESS,
        memos=memos[:200],
        n_memos=len(memos),
        kinds=MEMO_KINDS,
        kind=visit.asked("laji"),
        author=visit.asked("kuka"),
        authors=sorted({memo.row["coder"] for memo in desk.people.all_memos()}),
        batches=[_batch(desk, name, rows) for name, rows in page],
        earlier=last - _BATCHES if last > _BATCHES else 0,
        address=visit.here,
    )


def _memos(visit: Visit) -> list[Memo]:
    """Return the memos of the kind and author asked for; a blind coder gets own ones."""
    desk = visit.desk
    kind, author = visit.asked("laji"), visit.asked("kuka")
    return [
        memo
        for memo in desk.people.all_memos()
        if (not kind or memo.kind == kind)
        and (not author or memo.row["coder"] == author)
        and (not desk.is_blind or memo.row["coder"] == desk.coder)
    ]


def _batch(desk: Desk, name: str, rows: list[Row]) -> Batch:
    """Say what a batch did."""
    said = [_said(desk, row) for row in rows[:4]]
    reports = {row["target_id"] for row in rows if row["target_table"].startswith("report")}
    is_mine = rows[0]["coder"] == desk.coder and rows[0]["verdict"] != "retract"
    is_gone = name in desk.people.retracted
    return Batch(
        name,
        rows[0]["coder"],
        rows[0]["at"],
        rows[0]["mode"],
        tuple(said),
        max(len(rows) - 4, 0),
        reports.pop() if len(reports) == 1 else "",
        is_gone,
        is_mine and not is_gone,
    )


def _said(desk: Desk, row: Row) -> str:
    """Say what one row does."""
    verdict = str(desk.words.said("verdicts", row["verdict"]))
    target = "" if row["target_table"] == "batches" else row["target_id"]
    theme = desk.theme_label(row["theme_id"]) if row["theme_id"] else ""
    return " · ".join(part for part in (target, theme, verdict) if part)


def undo_batch(visit: Visit) -> Response:
    """Take one of the coder's own batches back, whichever it is."""
    desk = visit.desk
    rows = desk.people.batches.get(visit.sent("era"), [])
    is_mine = bool(rows) and rows[0]["coder"] == desk.coder and rows[0]["verdict"] != "retract"
    if is_mine and rows[0]["batch"] not in desk.people.retracted:
        undo.take_back(desk, rows)
    return to(own_path(visit.sent("paluu"), ADDRESS))


def export(visit: Visit) -> Response:
    """Give the memos as one Markdown file, newest first."""
    desk = visit.desk
    lines = [f"# {desk.words('memos.title')}", ""]
    for memo in _memos(visit):
        row = memo.row
        about = row["target_id"] + (
            f", {desk.theme_label(row['theme_id'])}" if row["theme_id"] else ""
        )
        lines += [f"## {desk.words.day(row['at'])} · {row['coder']} · {memo.kind}", "", about, ""]
        lines += [f"> {line}" for line in printable(row["memo"]).split("\n")] + [""]
    headers = {"content-disposition": 'attachment; filename="muistiot.md"'}
    return Response("\n".join(lines), media_type="text/markdown; charset=utf-8", headers=headers)


def printable(text: str) -> str:
    """Return a text without control characters but for line ends and tabs."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
