"""Make pages: one environment of templates, everything escaped."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.workbench.desk import Desk
from pipeline.workbench.menu import menu_of


@cache
def environment() -> Environment:
    """Return the templates; a text is escaped unless it is markup already."""
    made = Environment(
        loader=PackageLoader("pipeline.workbench", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["query"] = lambda value: quote(str(value), safe="")
    made.globals["link"] = link
    return made


def link(path: str, **values: object) -> str:
    """Return an address with a query string; empty values are left out."""
    given = {name: str(value) for name, value in values.items() if value not in ("", None)}
    return f"{path}?{urlencode(given)}" if given else path


def render(
    desk: Desk, template: str, title: str, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a page in the frame that every page has."""
    people = desk.people
    frame: dict[str, Any] = {
        "t": desk.words,
        "labels": desk.labels,
        "desk": desk,
        "title": title,
        "study_name": desk.study.root.resolve().name,
        "menu": menu_of(desk),
        "can_undo": bool(people.next_undo(desk.coder)),
        "can_redo": bool(people.next_redo(desk.coder)),
        "run": desk.runner.progress,
        "has_waiting": False if desk.runner.progress.is_running else desk.waiting() is not None,
        "keys_on": desk.coder not in desk.letters.off_for,
        "here": "/",
        "said": "",
    }
    text = environment().get_template(template).render({**frame, **values})
    return HTMLResponse(text, status_code=status)


def to(path: str) -> Response:
    """Send the browser on to a page after something was written."""
    return RedirectResponse(path, status_code=303)


def own_path(given: str, otherwise: str = "/") -> str:
    """Return an address of this workbench that a form names; anything else is not followed."""
    is_own = given.startswith("/") and not given.startswith(("//", "/\\")) and "\n" not in given
    return given if is_own else otherwise


def text_of(form: Mapping[str, Any], name: str, most: int = 20_000) -> str:
    """Return a field of a form as clean text, without NUL and with one kind of line end."""
    value = str(form.get(name, "") or "")
    return value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()[:most]
