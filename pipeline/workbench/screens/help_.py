"""Help with the keys: which letter is which theme; switching them off; changing one."""

from dataclasses import replace

from starlette.responses import Response

from pipeline.workbench.keys import changed, write_letters
from pipeline.workbench.pages import render, to
from pipeline.workbench.visit import Visit

COMMANDS = (
    *("enter", "digits", "letters", "shift", "none", "unsure", "memo", "sides", "updown"),
    *("pin", "notbecause", "undo", "search", "help"),
)


def show(visit: Visit) -> Response:
    """Show the keys."""
    desk = visit.desk
    letters = desk.letters
    return render(
        desk,
        "help.html.j2",
        desk.words("help.title"),
        here="/ohje",
        commands=COMMANDS,
        themes=[
            (t.theme_id, desk.theme_label(t.theme_id), letters.of_theme.get(t.theme_id, ""))
            for t in desk.themes
        ],
        refused=visit.asked("ei"),
    )


def act(visit: Visit) -> Response:
    """Switch keys on or off, or give a theme another letter."""
    desk = visit.desk
    letters = desk.letters
    if visit.sent("kytke"):
        off = (
            letters.off_for - {desk.coder}
            if visit.sent("kytke") == "on"
            else letters.off_for | {desk.coder}
        )
        write_letters(desk.study.human, replace(letters, off_for=frozenset(off)))
        return to("/ohje")
    new = changed(letters, visit.sent("teema"), visit.sent("kirjain").lower())
    if new is None:
        return to("/ohje?ei=1")
    write_letters(desk.study.human, new)
    return to("/ohje")
