"""The first screen: how far the coding is, what to do next, and the state of the run."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from pipeline.human.lock import synced_service
from pipeline.taxonomy.old_codings import changed_since
from pipeline.workbench.desk import Desk
from pipeline.workbench.generation import is_running
from pipeline.workbench.pages import render
from pipeline.workbench.people import SETTLED
from pipeline.workbench.screens.runs import stages_of
from pipeline.workbench.visit import Visit


@dataclass(frozen=True)
class PeriodProgress:
    """How far the reports of one period are."""

    period: str
    n_reports: int
    n_read: int
    n_drafted: int
    n_unsure: int
    n_disputed: int
    n_agreed: int
    n_settled: int
    queue: str

    @property
    def n_open(self) -> int:
        """Reports this coder has neither read nor marked unsure."""
        return self.n_reports - self.n_read - self.n_unsure


def show(visit: Visit) -> Response:
    """Show how far the coding is."""
    desk = visit.desk
    periods = period_progress(desk)
    todo = next((p for p in periods if p.n_open), None)
    return render(
        desk,
        "start.html.j2",
        desk.words("start.title"),
        here="/",
        periods=periods,
        todo=todo,
        n_lots=_lots_of(desk, todo.period) if todo else 0,
        coders=[] if desk.is_blind else coder_progress(desk),
        n_stale=len(stale(desk)),
        loose=loose(desk),
        n_since=desk.people.n_since(desk.generation.made_at),
        stages=stages_of(desk),
        is_locked=is_running(desk.study) and not desk.runner.progress.is_running,
        synced=synced_service(desk.study.root),
        is_done=bool(visit.asked("valmis")),
    )


def _lots_of(desk: Desk, period: str) -> int:
    """Return how many reports of a period are read before the machine speaks."""
    return len(desk.lots.intersection(desk.periods[period]))


def period_progress(desk: Desk) -> list[PeriodProgress]:
    """Return each period's progress, newest first."""
    found = desk.index.execute(
        "SELECT period, coalesce(mine.state, 'open') AS own, "
        "coalesce(team.state, 'unread') AS all_, count(*) AS k "
        "FROM report LEFT JOIN mine ON mine.n = report.n LEFT JOIN team ON team.n = report.n "
        "GROUP BY period, own, all_"
    ).fetchall()
    own: dict[str, dict[str, int]] = {}
    team: dict[str, dict[str, int]] = {}
    for row in found:
        for table, state in ((own, row["own"]), (team, row["all_"])):
            counted = table.setdefault(row["period"], {})
            counted[state] = counted.get(state, 0) + row["k"]
    return [
        PeriodProgress(
            period,
            sum(counted.values()),
            n_read=counted.get("read", 0),
            n_drafted=counted.get("drafted", 0),
            n_unsure=counted.get("unsure", 0),
            n_disputed=team[period].get("disputed", 0),
            n_agreed=team[period].get("agreed", 0),
            n_settled=team[period].get("settled", 0),
            queue=urlencode({"jakso": period}),
        )
        for period, counted in sorted(own.items(), reverse=True)
    ]


def coder_progress(desk: Desk) -> list[tuple[str, int, int, int]]:
    """Return each coder with the reports read, drafted and unsure."""
    counted: dict[str, dict[str, int]] = {}
    for report_id in desk.people.reported():
        if report_id in desk.places:
            for coder, reading in desk.people.readings(report_id).items():
                if coder != SETTLED:
                    states = counted.setdefault(coder, {})
                    states[reading.state] = states.get(reading.state, 0) + 1
    return [
        (coder, states.get("read", 0), states.get("drafted", 0), states.get("unsure", 0))
        for coder, states in sorted(counted.items())
    ]


def stale(desk: Desk) -> dict[str, str]:
    """Return reports this coder read under an older meaning of a theme given, with that theme."""
    found: dict[str, str] = {}
    known: dict[tuple[str, str], bool] = {}
    for report_id in desk.people.reported().intersection(desk.places):
        mine = desk.people.readings(report_id).get(desk.coder)
        if mine is None or mine.version in ("", desk.taxonomy.version):
            continue
        for theme in sorted(mine.themes):
            key = (theme, mine.version)
            if key not in known:
                known[key] = changed_since(desk.taxonomy, *key)
            if known[key]:
                found[report_id] = theme
    return found


def loose(desk: Desk) -> list[tuple[str, str, str]]:
    """Return rulings on what the tables no longer hold: table, id, and when."""
    known = {
        "reports": set(desk.places),
        "report_themes": set(desk.places),
        "topics": set(desk.table("topics")["topic_id"]),
        "signals": set(desk.table("signals")["signal_id"]),
    }
    gone = {
        (table, row["target_id"]): row["at"]
        for table, ids in known.items()
        for row in desk.people.heads(table)
        if row["target_id"] not in ids
    }
    return [(table, target, at) for (table, target), at in sorted(gone.items())]
