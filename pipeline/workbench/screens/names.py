"""Words that may be names, to settle once, and places that may tell who is meant.

Only words that were left in the safe text are shown: what was replaced stands in ``raw/``, which
the workbench never reads (``havainto names`` shows it).
"""

from dataclasses import dataclass

from starlette.responses import Response

from pipeline.frames import each_row
from pipeline.pseudonymise.indirect import sentence_around
from pipeline.pseudonymise.lists import ALWAYS_FILE, NEVER_FILE, add_to_list, listed_words
from pipeline.pseudonymise.name_queue import KEPT, REPLACED, dictionary_form
from pipeline.pseudonymise.needs import PERSON_FINDER
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import render, to
from pipeline.workbench.visit import Visit

ADDRESS = "/nimet"
_SHOWN = 100
_FILES = {"always": ALWAYS_FILE, "never": NEVER_FILE}


@dataclass(frozen=True)
class Doubt:
    """One word of the safe text that may be a name, with one of its places."""

    word: str
    n_places: int
    n_reports: int
    report_id: str
    before: str
    form: str
    after: str


@dataclass(frozen=True)
class Told:
    """One sentence that may tell who is meant, and why."""

    report_id: str
    rule: str
    sentence: str


def show(visit: Visit) -> Response:
    """Show the words that wait for a ruling, and the places that may tell who is meant."""
    desk = visit.desk
    doubts, queue = _doubts(desk), desk.table("name_queue")
    told = _told(desk)
    return render(
        desk,
        "names.html.j2",
        desk.words("names.title"),
        here=ADDRESS,
        doubts=doubts[:_SHOWN],
        n_doubts=len(doubts),
        n_replaced=int(queue[queue["verdict"] == REPLACED]["word_id"].nunique()),
        settled={do: len(listed_words(desk.study.human, name)) for do, name in _FILES.items()},
        told=told[:_SHOWN],
        n_told=len(told),
        study=desk.study.root,
    )


def act(visit: Visit) -> Response:
    """Put a word that waits on one of the study's lists."""
    desk, word, do = visit.desk, visit.sent("sana"), visit.sent("do")
    if do in _FILES and word in {doubt.word for doubt in _doubts(desk)}:
        add_to_list(desk.study.human, _FILES[do], [word])
    return to(ADDRESS)


def _doubts(desk: Desk) -> list[Doubt]:
    """Return the words that wait, those of most reports first, without those settled since."""
    queue = desk.table("name_queue")
    queue = queue[queue["verdict"] == KEPT]
    if queue.empty:
        return []
    settled = {word.casefold() for name in _FILES.values()
               for word in listed_words(desk.study.human, name)}  # fmt: skip
    texts, bases = _texts(desk), desk.supply.value(PERSON_FINDER).bases
    found = []
    for _, rows in queue.groupby("word_id", sort=True):
        first = rows.iloc[0]
        text = texts[first.report_id, first.field]
        form = text[first.start : first.end]
        word = dictionary_form(form, bases)
        if word in settled:
            continue
        sentence = sentence_around(text, first.start, first.end)
        before, _, after = sentence.partition(form)
        found.append(
            Doubt(
                *(word, len(rows), rows["report_id"].nunique()),
                *(first.report_id, before, form, after),
            )
        )
    return sorted(found, key=lambda one: (-one.n_reports, -one.n_places, one.word))


def _told(desk: Desk) -> list[Told]:
    """Return the sentences that may tell who is meant."""
    texts = _texts(desk)
    return [
        Told(
            row.report_id,
            row.rule,
            sentence_around(texts[row.report_id, row.field], row.start, row.end),
        )
        for row in each_row(desk.table("indirect"))
    ]


def _texts(desk: Desk) -> dict[tuple[str, str], str]:
    """Return the safe texts of the reports, by report and field."""
    key = ("safe texts",)
    if key not in desk.cache:
        reports = desk.table("reports")
        fields = [name for name in ("observation", "proposal", "area_other",
                                    "client_groups_other", "themes_other")]  # fmt: skip
        desk.cache[key] = {
            (row["report_id"], field): row[field]
            for row in reports[["report_id", *fields]].to_dict("records")
            for field in fields
        }
    texts: dict[tuple[str, str], str] = desk.cache[key]
    return texts
