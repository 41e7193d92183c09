"""Run again, watch the stages, and take new suggestions into use."""

import json

from starlette.responses import Response

from pipeline.stages import STAGES
from pipeline.workbench.desk import Desk
from pipeline.workbench.pages import own_path, to
from pipeline.workbench.visit import Visit


def stages_of(desk: Desk) -> list[tuple[str, str, str]]:
    """Return each stage of the run: its name, its state, and what it said."""
    progress = desk.runner.progress
    found, is_next = [], progress.is_running
    for stage in STAGES:
        said = progress.stages.get(stage.name, "")
        state = "done" if said else "works" if is_next else "waits"
        is_next = is_next and bool(said)
        found.append((stage.name, state, said))
    return found


def start(visit: Visit) -> Response:
    """Start a run as a child process."""
    visit.desk.runner.start()
    return to("/")


def take_into_use(visit: Visit) -> Response:
    """Show the newest suggestions from now on."""
    desk = visit.desk
    found = desk.waiting()
    if found is not None:
        desk.take_into_use(found)
    return to(own_path(visit.sent("paluu")))


def state(visit: Visit) -> Response:
    """Tell the script how far the run is, and whether new suggestions wait."""
    desk = visit.desk
    progress = desk.runner.progress
    waiting = None if progress.is_running else desk.waiting()
    told = {
        "runs": progress.is_running,
        "code": progress.code,
        "waits": waiting is not None,
        "stages": [{"name": name, "state": state} for name, state, _ in stages_of(desk)],
    }
    return Response(json.dumps(told), media_type="application/json")
