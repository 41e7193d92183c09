"""``havainto detect``: the list of rising groups, and how far it can be trusted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.artifacts import Store
from pipeline.cluster.edits_file import read_edits
from pipeline.cluster.needs import PLACES
from pipeline.commands.named import named_table
from pipeline.commands.settings import study_settings
from pipeline.config import Settings
from pipeline.detect import sheet as sheets
from pipeline.detect.backtest import Sighting, backtest
from pipeline.detect.list_recipe import READS, Again, histories_of
from pipeline.detect.register import merge_register, read_register, write_register
from pipeline.detect.self_test import false_alarms, recurrence
from pipeline.detect.sheet import Retest, Ticks, blind_rows, read_ticks, retest
from pipeline.errors import ArtifactError
from pipeline.frames import each_row
from pipeline.needs import Supply
from pipeline.speech import marked, retold, say
from pipeline.study import Study, open_study

# States of rows, which tables hold in English.
_STATUSES = marked(
    "emerging",
    "growing",
    "perhaps-growing",
    "steady",
    "fading",
    "one-off",
    "seasonal",
    "unclear",
    "too-few",
)
_STRENGTHS = marked("signal", "watch", "candidate")
_EDIT_STATES = marked("unfit", "partly")
N_SEEDS = 5
N_TEST_SHUFFLES = 400

_MADE = ("topics", "report_topics", "candidates", "signals")
_BESIDE = ("watch_histories", "topic_edits")


class Desk:
    """A study whose list is looked into."""

    def __init__(self, path: Path, *, with_texts: bool = False) -> None:
        self.study: Study = open_study(path)
        self.settings: Settings = study_settings(self.study)
        self.console = Console(highlight=False, soft_wrap=True)
        store = Store(self.study)
        names = (*READS, *_MADE) if with_texts else ("periods", "reports", *_MADE, *_BESIDE)
        self.tables = {name: store.read(name) for name in names}
        self.tables["signals"] = named_table("signals", store, self.settings)

    @property
    def seed(self) -> int:
        """Seed of the study."""
        return self.settings.study.seed

    @property
    def again(self) -> Again:
        """What the list was made with."""
        edits = read_edits(self.study.human)
        places = Supply(Store(self.study), self.settings).value(PLACES)
        return Again(self.settings.cluster, self.settings.detect, edits, places)

    @property
    def listed(self) -> pd.DataFrame:
        """Ranked rows of ``signals``, best first."""
        signals = self.tables["signals"]
        return signals[signals["rank"].notna()].sort_values("rank")

    @contextmanager
    def bar(self, title: str) -> Iterator[Callable[[int, int], None]]:
        """Show a bar and give what moves it."""
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        with Progress(
            *columns, TimeRemainingColumn(), console=self.console, transient=True
        ) as progress:
            task = progress.add_task(title, total=1)
            yield lambda done, total: progress.update(task, completed=done, total=total)

    def show(self, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a plain table; columns of numbers stand to the right."""
        table = Table(box=None, pad_edge=False)
        for title in titles:
            is_text = title in ("group", "name", "status", "strength")
            table.add_column(say(title), justify="left" if is_text else "right", overflow="fold")
        for row in rows:
            table.add_row(*row)
        self.console.print(table)


def show_list(path: Path) -> None:
    """Print the list of rising groups, what is watched for, and edits that no longer fit."""
    desk = Desk(path)
    n_periods = int((desk.tables["periods"]["n_reports"] > 0).sum())
    if n_periods < 2:
        desk.console.print(
            say(
                "A rise needs two periods with reports to compare. Got {n_periods}. What is "
                "told already: the topics and their sizes (havainto topics).",
                n_periods=n_periods,
            )
        )
    elif desk.listed.empty:
        desk.console.print(say("Nothing stands out: no group of reports rises."))
    else:
        rows = [
            (f"{int(row.rank)}. {row.label}", say(row.status), say(row.strength), *_figures(row))
            for row in each_row(desk.listed)
        ]
        desk.show(marked("group", "status", "strength", "counts", "p", "q"), rows)
    watched = desk.tables["watch_histories"]
    if len(watched):
        desk.console.print(say("\n[bold]Watched for[/bold] (human/watch.toml)"))
        rows = [(row.watch, say(row.status), *_figures(row)[:2]) for row in each_row(watched)]
        desk.show(marked("name", "status", "counts", "p"), rows)
    edits = desk.tables["topic_edits"]
    for edit in each_row(edits[edits["state"] != "applied"]):
        desk.console.print(
            say(
                "human/edits.toml, edit {edit_no}: {state}: {reason}.",
                edit_no=edit.edit_no,
                state=say(edit.state),
                reason=retold(edit.reason),
            )
        )


def _figures(row: Any) -> tuple[str, ...]:
    """Return counts, p and q of a row, as far as there are any."""
    q = getattr(row, "q_value", None)
    return (
        " ".join(map(str, row.counts)),
        "" if pd.isna(row.p_value) else f"{row.p_value:.4f}",
        "" if pd.isna(q) else f"{q:.2f} ({row.q_low:.2f}-{row.q_high:.2f})",
    )


def self_test(path: Path) -> None:
    """Print the false-alarm rate of this study, and how often each group recurs over seeds."""
    desk = Desk(path, with_texts=True)
    config = desk.settings.detect
    with desk.bar(say("shuffled periods")) as progress:
        alarms = false_alarms(
            histories_of(desk.tables, config.exchange),
            config.rules,
            config.signal_q,
            n_shuffles=N_TEST_SHUFFLES,
            rng=np.random.default_rng(desk.seed + 1),
            progress=progress,
        )
    if alarms is None:
        raise ArtifactError(
            "A self-test needs candidates and at least two periods with reports. Got "
            "{n_tables} candidates. Add form exports of more periods.",
            n_tables=len(desk.tables["candidates"]),
        )
    desk.console.print(
        say(
            "False alarms: {n_alarms} of {n_shuffles} shuffles of the periods give a signal, "
            "{rate:.3f} ({low:.3f}-{high:.3f}; nominal {signal_q:g}).\nA list of shuffled "
            "periods has {mean_listed:.1f} groups on average: a place in the list is no "
            "evidence, its q is.",
            n_alarms=alarms.n_alarms,
            n_shuffles=alarms.n_shuffles,
            rate=alarms.rate,
            low=alarms.low,
            high=alarms.high,
            signal_q=config.signal_q,
            mean_listed=alarms.mean_listed,
        )
    )
    others = []
    with desk.bar(say("{n} other seeds", n=N_SEEDS)) as progress:
        for step in range(N_SEEDS):
            part = _part(progress, step, N_SEEDS)
            others.append(desk.again.listed(desk.tables, desk.seed + 1 + step, part))
    groups = [frozenset(report_ids) for report_ids in desk.listed["report_ids"]]
    counts = recurrence(groups, others)
    rows = [
        (f"{int(row.rank)}. {row.label}", say(row.strength), say("{n} of {all}", n=n, all=N_SEEDS))
        for row, n in zip(each_row(desk.listed), counts, strict=True)
    ]
    desk.show(marked("group", "strength", "listed again with another seed"), rows)


def _part(
    progress: Callable[[int, int], None], step: int, n_steps: int
) -> Callable[[int, int], None]:
    """Return the progress of one step out of several."""
    return lambda done, total: progress(1000 * step + 1000 * done // total, 1000 * n_steps)


def show_backtest(path: Path) -> None:
    """Print where today's groups stood in the lists of earlier periods."""
    desk = Desk(path, with_texts=True)
    if (desk.tables["periods"]["n_reports"] > 0).sum() < 3:
        raise ArtifactError(
            "A backtest needs at least three periods with reports. Add form exports of more."
        )
    with desk.bar(say("earlier lists")) as progress:
        periods, seen = backtest(
            desk.tables, desk.tables["signals"], desk.again, seed=desk.seed, progress=progress
        )
    newest = desk.tables["periods"]["period"].iloc[-1]
    rows = [
        (f"{int(row.rank)}. {row.label}", *(_place(s) for s in sightings), _now(row))
        for row, sightings in zip(each_row(desk.listed), seen, strict=True)
    ]
    desk.show(("group", *periods, newest), rows)
    desk.console.print(say("Each cell: place in the list of that time, strength, reports then."))


def _place(sighting: Sighting | None) -> str:
    """Return a place of an earlier list in words."""
    if sighting is None:
        return "-"
    return f"{sighting.rank}. {say(sighting.strength)} ({sighting.n_reports})"


def _now(row: Any) -> str:
    """Return a place of today's list in words."""
    return f"{int(row.rank)}. {say(row.strength)} ({len(row.report_ids)})"


def write_blind_sheet(path: Path, file: Path) -> None:
    """Write the sheet in which a person ticks, blind, who belongs to each group."""
    desk = Desk(path, with_texts=True)
    sheets.write_blind_sheet(file, blind_rows(desk.tables, desk.seed))
    desk.console.print(
        say(
            "{n_listed} groups to read: {file}\nFill in the column kuuluu (k = belongs, e = "
            "does not), then: havainto detect retest {path} {file}",
            n_listed=len(desk.listed),
            file=file,
            path=path,
        )
    )


def show_retest(path: Path, file: Path) -> None:
    """Print the tests of the groups before and after a person's review of their members."""
    desk = Desk(path)
    config = desk.settings.detect
    if desk.listed["p_value"].isna().any():
        raise ArtifactError("A retest needs at least two periods with reports.")
    ticks = read_ticks(file)
    _say_odd_rows(desk, ticks)
    found = retest(desk.tables, ticks.answers, config, seed=desk.seed)
    titles = marked(
        "group", "counts before", "p before", "status", "counts after", "p after", "status"
    )
    desk.show(titles, [_retest_row(one) for one in found])
    n_unanswered = sum(one.n_unanswered for one in found)
    if n_unanswered:
        desk.console.print(
            say(
                "{n_unanswered} rows have no answer and stay as they were.",
                n_unanswered=n_unanswered,
            )
        )


def _say_odd_rows(desk: Desk, ticks: Ticks) -> None:
    """Name the rows of a sheet that do not count: they stop nothing else."""
    for rows, why in (
        (
            ticks.unknown(desk.tables),
            say("their group or code is not in the list, or was changed"),
        ),
        (ticks.unread, say("kuuluu must be k (kyllä), e (ei) or empty")),
    ):
        if rows:
            listed = ", ".join(map(str, rows))
            desk.console.print(
                say(
                    "Not counted, {why}: rows {listed}",
                    why=why,
                    listed=listed,
                )
            )


def _retest_row(one: Retest) -> tuple[str, ...]:
    """Return one group's row of the retest."""
    return (
        one.label,
        " ".join(map(str, one.counts_before)),
        f"{one.p_before:.4f}",
        say(one.status_before),
        " ".join(map(str, one.counts_after)),
        f"{one.p_after:.4f}",
        say(one.status_after),
    )


def bring_register(path: Path) -> None:
    """Merge the list into the study's register and say what has become of each signal."""
    desk = Desk(path)
    with desk.study.locked():
        before = read_register(desk.study.human)
        newest = desk.tables["periods"]["period"].iloc[-1]
        rows = merge_register(before, desk.tables["signals"], newest)
        if rows != before:
            write_register(desk.study.human, rows)
    shown = [(row["nimi"], row["tilanne"], row["sijoitus"], row["vahvuus"]) for row in rows]
    desk.show(marked("name", "status", "place", "strength"), shown)
    desk.console.print(say("Register: {human}", human=desk.study.human / "register.csv"))
