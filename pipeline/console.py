"""Show a run on a terminal: one line a stage, a bar on long work."""

import time
from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.run import Outcome
from pipeline.speech import Said, counted, language

_SHOW_BAR_AFTER_SECONDS = 2.0
_STATES = {
    "skipped": Said("skipped: nothing changed"),
    "sealed": Said("sealed: raw data was purged, its results stay as they are"),
    "would run": Said("would run"),
}


class Terminal:
    """Write each stage's outcome on a line of its own.

    Parameters
    ----------
    console : rich.console.Console
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage = ""
        self._started = 0.0
        self._bar: Progress | None = None

    def starts(self, stage: str) -> None:
        """Note which stage works now."""
        self._stage = stage
        self._started = time.monotonic()
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.add_task(f"{stage:<13}", total=None, start=False)
            self._bar.start()

    def progress(self, done: int, total: int) -> None:
        """Move the bar, on work that takes more than a moment."""
        if self._bar is None or time.monotonic() - self._started < _SHOW_BAR_AFTER_SECONDS:
            return
        task = self._bar.tasks[0]
        if not task.started:
            self._bar.start_task(task.id)
        self._bar.update(task.id, completed=done, total=total)

    def ends(self, outcome: Outcome) -> None:
        """Write the stage's line."""
        self.close()
        if outcome.state == "ran":
            text = f"{outcome_text(outcome)}   {outcome.seconds:.1f} s"
        else:
            text = f"[dim]{_STATES[outcome.state].in_language(language())}[/dim]"
        if not self._console.is_terminal:  # one line a stage, for programs that read it
            line = f"[bold]{outcome.stage:<13}[/bold] {text}"
            self._console.print(line, highlight=False, soft_wrap=True)
            return
        row = Table.grid(padding=(0, 1))
        row.add_column(width=13, no_wrap=True)
        row.add_column(overflow="fold")
        row.add_row(f"[bold]{outcome.stage}[/bold]", text)
        self._console.print(row, highlight=False)

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def outcome_text(outcome: Outcome) -> str:
    """Return what went into a stage and what came out, in words."""
    if outcome.stage == "report":
        return ", ".join(f"{name} ({_size(n_bytes)})" for name, n_bytes in outcome.rows_out.items())
    made = ", ".join(rows_of(name, n) for name, n in outcome.rows_out.items())
    lead = next(iter(outcome.rows_in.items()), None)
    return made if lead is None else f"{rows_of(*lead)} -> {made}"


def thousands(number: int) -> str:
    """Return a whole number with a space between thousands."""
    return f"{number:,}".replace(",", " ")


def rows_of(name: str, n: int) -> str:
    """Return how many rows a table has, in words."""
    return counted(n, name.replace("_", " "))


def counts_text(counts: Mapping[str, int]) -> str:
    """Return counts by name, largest first, as one line."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(counted(n, name) for name, n in ordered)


def _size(n_bytes: int) -> str:
    """Return a file size in words."""
    if n_bytes < 1_000_000:
        return f"{max(1, round(n_bytes / 1000))} kB"
    return f"{n_bytes / 1_000_000:.1f} MB"
