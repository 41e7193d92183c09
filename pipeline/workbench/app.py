"""The workbench's application: which screen answers which address."""

import sys
import traceback
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import PipelineError
from pipeline.speech import language
from pipeline.workbench.desk import Desk
from pipeline.workbench.guard import App, Guard, Keys
from pipeline.workbench.menu import may_open
from pipeline.workbench.pages import render
from pipeline.workbench.screens import (
    adjudicate,
    agreement,
    evidence,
    grid,
    help_,
    memos,
    names,
    quotes,
    report,
    runs,
    signals,
    start,
    taxonomy,
    topics,
)
from pipeline.workbench.visit import Visit

Screen = Callable[[Visit], Response]
_KINDS = {
    "workbench.js": "text/javascript",
    "workbench.css": "text/css",
    "icon.svg": "image/svg+xml",
}

SCREENS: tuple[tuple[str, Screen | None, Screen | None], ...] = (
    ("/", start.show, None),
    ("/raportit", grid.show, None),
    ("/joukko", None, grid.rule_many),
    ("/nakyma", None, grid.keep_view),
    ("/raportti", report.show, None),
    ("/ratkaise", None, report.act),
    ("/muistio", None, report.write_memo),
    ("/jono", report.next_one, None),
    ("/kumoa", None, report.undo_one),
    ("/tee-uudelleen", None, report.redo_one),
    ("/ohje", help_.show, None),
    ("/nappaimet", None, help_.act),
    ("/aja", None, runs.start),
    ("/ota-kayttoon", None, runs.take_into_use),
    ("/yksimielisyys", agreement.show, None),
    ("/ratkaisu", adjudicate.show, adjudicate.act),
    ("/ilmiot", topics.show, topics.act),
    ("/ilmio", topics.show_one, None),
    ("/signaalit", signals.show, signals.act),
    ("/signaali", signals.show_members, signals.rule_members),
    ("/luokitus", taxonomy.show, taxonomy.act),
    ("/ei-todiste", None, evidence.act),
    ("/sitaatit", quotes.show, quotes.act),
    ("/nimet", names.show, names.act),
    ("/muistiot", memos.show, None),
    ("/muistiot.md", memos.export, None),
    ("/peru", None, memos.undo_batch),
    ("/tila", runs.state, None),
)
"""Address, what shows it, and what acts on a form sent to it."""


def make_app(desk: Desk, keys: Keys) -> App:
    """Return the application, behind its guard."""
    routes = [Route("/static/{name}", _static, methods=["GET"])]
    for path, show, act in SCREENS:
        if show is not None:
            routes.append(Route(path, _endpoint(desk, show), methods=["GET"]))
        if act is not None:
            routes.append(Route(path, _endpoint(desk, act), methods=["POST"]))
    inner = Starlette(routes=routes, exception_handlers={404: _endpoint(desk, _missing)})
    refusals = {status: str(desk.words(f"refusals.s{status}")) for status in (400, 403, 413)}
    return Guard(inner, keys, refusals)


def _endpoint(desk: Desk, screen: Screen) -> Callable[..., Awaitable[Response]]:
    """Return what Starlette calls: the form is read, then the screen answers under the lock."""

    async def answer(request: Request, _error: Exception | None = None) -> Response:
        form = await request.form() if request.method == "POST" else None
        visit = Visit(desk, request, form)
        return await run_in_threadpool(_answered, desk, screen, visit)

    return answer


def _answered(desk: Desk, screen: Screen, visit: Visit) -> Response:
    """Answer one request; an error becomes a page that quotes no text of a report."""
    with desk.lock:
        try:
            if not may_open(desk, visit.path):
                return render(desk, "told.html.j2", desk.words("told.blind_title"), 403,
                              text=desk.words("told.blind"))  # fmt: skip
            desk.catch_up()
            return screen(visit)
        except PipelineError as err:
            return render(desk, "told.html.j2", desk.words("told.problem_title"), 409,
                          text=err.in_language(language()))  # fmt: skip
        except Exception as err:
            # Its message may quote a report: only where it arose is told, as on the command line.
            lines = [*traceback.format_tb(err.__traceback__), f"{type(err).__name__}\n"]
            sys.stderr.writelines(lines)
            return render(desk, "told.html.j2", desk.words("told.crash_title"), 500,
                          text=desk.words("told.crash"))  # fmt: skip


def _missing(visit: Visit) -> Response:
    """Say that there is no such page."""
    words = visit.desk.words
    return render(visit.desk, "told.html.j2", words("told.missing_title"), 404,
                  text=words("told.missing"))  # fmt: skip


async def _static(request: Request) -> Response:
    """Return the script, the style sheet or the icon."""
    name: Any = request.path_params["name"]
    if name not in _KINDS:
        return Response(status_code=404)
    content = (files("pipeline.workbench") / "static" / name).read_bytes()
    return Response(content, media_type=_KINDS[name])
