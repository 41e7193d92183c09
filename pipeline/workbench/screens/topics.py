"""Phenomena: topics as cards, one topic with its reports and the map, and what a person changes.

Each change is one paragraph of ``human/edits.toml``. Names show at once as waiting for a run;
weights and stability are the last run's until then.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from starlette.responses import Response

from pipeline.cluster.edits_file import FILE_NAME, Edit, add_edits, as_toml, read_edits
from pipeline.cluster.inside import Inside, look_inside
from pipeline.errors import InputError
from pipeline.frames import each_row
from pipeline.tables import TEXT_TABLES
from pipeline.texts import Texts
from pipeline.workbench import files
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import link, render, to
from pipeline.workbench.visit import Visit

ADDRESS, ONE = "/ilmiot", "/ilmio"
_CENTRAL = 3
_FEW_CHARS = 150
_MAP_SIZE = 600
_MOST_DOTS = 2000


@dataclass(frozen=True)
class Card:
    """One topic.

    Attributes
    ----------
    label : str
        Its name, with a change that waits for a run taken in.
    is_waiting : bool
        True when a change of it waits for a run.
    clauses : tuple of str
        The clause that shows what its name means, or three where it has no good name.
    suggestion : str
        What the user's own language model would call it; ``""`` for nothing.
    """

    topic_id: str
    label: str
    terms: tuple[str, ...]
    n_reports: int
    stability: float
    themes: tuple[str, ...]
    central: tuple[tuple[str, str], ...]
    is_waiting: bool
    clauses: tuple[str, ...]
    suggestion: str


@dataclass(frozen=True)
class Dot:
    """One report on the map, in units of its picture."""

    report_id: str
    x: float
    y: float
    is_own: bool


def waiting(desk: Desk) -> list[Edit]:
    """Return the changes that no run has seen: those beyond the ones the tables tell of."""
    return list(read_edits(desk.study.human))[len(desk.table("topic_edits")) :]


def _of(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    return frame[frame[column] == value]


def cards(desk: Desk) -> list[Card]:
    """Return the topics, largest first."""
    edits = waiting(desk)
    renamed = {e.topic: e.name for e in edits if e.action == "nimeä" and isinstance(e.topic, str)}
    touched = {ref for edit in edits for ref in edit.refs if isinstance(ref, str)}
    members = desk.table("report_topics").sort_values("weight", ascending=False)
    by_topic = {
        topic: part["report_id"].head(_CENTRAL).tolist()
        for topic, part in members.groupby("topic_id")
    }
    mapped = desk.table("topic_themes")
    shown = mapped[mapped["relation"] != "none"]
    themes = {topic: part["theme_id"].tolist() for topic, part in shown.groupby("topic_id")}
    return [
        Card(
            topic.topic_id,
            renamed.get(topic.topic_id, topic.label),
            tuple(topic.terms),
            int(topic.n_reports),
            float(topic.stability),
            tuple(desk.theme_label(t) for t in themes.get(topic.topic_id, ())[:3]),
            tuple((r, few_words(desk, r)) for r in by_topic.get(topic.topic_id, ())),
            topic.topic_id in touched,
            (topic.example,) if topic.example else tuple(topic.clauses),
            topic.suggestion,
        )
        for topic in each_row(desk.table("topics"))
    ]


def few_words(desk: Desk, report_id: str) -> str:
    """Return the beginning of a report."""
    row = desk.report_row(report_id)
    text = str(row["text"]).replace("\n", " ") if row else ""
    return text if len(text) <= _FEW_CHARS else text[:_FEW_CHARS].rsplit(" ", 1)[0] + "…"


def show(visit: Visit) -> Response:
    """Show the topics as cards."""
    desk = visit.desk
    edits = desk.table("topic_edits")
    unfit = [e for e in each_row(edits) if e.state != "applied"]
    return render(
        desk,
        "topics.html.j2",
        desk.words("topics.title"),
        here=ADDRESS,
        cards=cards(desk),
        waiting=[_words(desk, edit) for edit in waiting(desk)],
        unfit=[(int(e.edit_no), e.state, e.reason) for e in unfit],
        seen=files.digest(desk.study.human / FILE_NAME),
    )


def _words(desk: Desk, edit: Edit) -> str:
    """Say what a change does, in one line."""
    labels = dict(zip(desk.table("topics")["topic_id"], desk.table("topics")["label"], strict=True))
    named = [labels.get(r, r) if isinstance(r, str) else ", ".join(r) for r in edit.refs]
    said = str(desk.words(f"topics.did_{_KEYS[edit.action]}"))
    tail = [part for part in (edit.name, ", ".join(edit.reports)) if part]
    return f"{said}: {' + '.join(named)}" + (f" → {' · '.join(tail)}" if tail else "")


_KEYS = {
    "nimeä": "rename", "yhdistä": "merge", "jaa": "split",
    "lisää": "add", "poista": "remove", "roska": "junk",
}  # fmt: skip


def show_one(visit: Visit) -> Response:
    """Show one topic: its reports, the map, and on demand what is inside it."""
    desk = visit.desk
    topic_id = visit.asked("id")
    found = next((card for card in cards(desk) if card.topic_id == topic_id), None)
    if found is None:
        return render(desk, "told.html.j2", desk.words("told.missing_title"), 404,
                      here=ADDRESS, text=desk.words("told.missing"))  # fmt: skip
    members = _of(desk.table("report_topics"), "topic_id", topic_id)
    members = members.sort_values("weight", ascending=False)
    main = set(members[members["is_main"]]["report_id"])
    problem, inside = "", None
    if visit.asked("sisalta"):
        try:
            inside = _inside(desk, topic_id)
        except InputError:
            problem = str(desk.words("topics.too_small"))
    return render(
        desk,
        "topic.html.j2",
        found.label,
        here=ADDRESS,
        card=found,
        members=[
            (m.report_id, float(m.weight), bool(m.is_main), few_words(desk, m.report_id))
            for m in each_row(members)
        ],
        others=[(c.topic_id, c.label) for c in cards(desk) if c.topic_id != topic_id],
        dots=_dots(desk, main),
        size=_MAP_SIZE,
        inside=inside,
        problem=problem,
        seen=files.digest(desk.study.human / FILE_NAME),
    )


def _dots(desk: Desk, own: set[str]) -> list[Dot]:
    """Return the map's reports; of very many, a random part and all of the topic's own."""
    frame = desk.table("report_map")
    if len(frame) > _MOST_DOTS:
        few = frame.sample(_MOST_DOTS, random_state=desk.settings.study.seed)
        frame = pd.concat([few, frame[frame["report_id"].isin(own)]]).drop_duplicates("report_id")
    edge = _MAP_SIZE - 20
    dots = [
        Dot(
            m.report_id,
            round(10 + m.x * edge, 1),
            round(10 + (1 - m.y) * edge, 1),
            m.report_id in own,
        )
        for m in each_row(frame)
    ]
    return sorted(dots, key=lambda dot: dot.is_own)


def _inside(desk: Desk, topic_id: str) -> Inside:
    """Look inside a topic, once a generation."""
    key = ("inside", topic_id)
    if key not in desk.cache:
        desk.cache[key] = look_inside(
            topic_id,
            Texts(*map(desk.generation.read, TEXT_TABLES)),
            desk.table("report_topics"),
            desk.settings.cluster,
            seed=desk.settings.study.seed,
            progress=lambda done, total: None,
        )
    found: Inside = desk.cache[key]
    return found


def act(visit: Visit) -> Response:
    """Write one change of the topics."""
    desk = visit.desk
    edits = _edits(visit)
    topic_id = visit.sent("aihe")
    then = ADDRESS if visit.sent("do") in ("merge", "junk") else link(ONE, id=topic_id)
    then = ADDRESS if visit.sent("kortti") else then
    if not edits:
        return to(then)
    human = desk.study.human
    said = as_toml(edits)
    rulings = files.change(
        human, FILE_NAME, visit.sent("nahty"), lambda: add_edits(human, edits), [], memo=said[:2000]
    )
    if rulings is None:
        return render(desk, "told.html.j2", desk.words("conflict.title"), 409, here=ADDRESS,
                      text=desk.words("told.file_changed", file=FILE_NAME))  # fmt: skip
    desk.write(desk.pen("assisted"), rulings)
    return to(then)


def _edits(visit: Visit) -> list[Edit]:
    """Return the change a form asks for; none when it is not whole."""
    desk = visit.desk
    do, topic_id, other = visit.sent("do"), visit.sent("aihe"), visit.sent("toinen")
    name = visit.sent("nimi", 200)
    known = set(desk.table("topics")["topic_id"])
    reports = tuple(r for r in dict.fromkeys(visit.sent_list("raportti")) if r in desk.places)
    if topic_id not in known:
        return []
    given: dict[str, Any] = {}
    if do == "rename" and name:
        given = {"tee": "nimeä", "aihe": topic_id, "nimi": name}
    elif do == "merge" and other in known and other != topic_id:
        given = {"tee": "yhdistä", "aiheet": (topic_id, other)}
    elif do == "split" and reports:
        given = {"tee": "jaa", "aihe": topic_id, "raportit": reports, "nimi": name}
    elif do == "remove" and reports:
        given = {"tee": "poista", "aihe": topic_id, "raportit": reports}
    elif do == "move" and reports and other in known:
        return [Edit.model_validate({"tee": "lisää", "aihe": other, "raportit": reports})]
    elif do == "junk":
        given = {"tee": "roska", "aihe": topic_id}
    elif do == "inside":
        return _inside(desk, topic_id).edits()
    return [Edit.model_validate({k: v for k, v in given.items() if v})] if given else []
