"""Compute parts in processes on this machine, each with its own Voikko, spaCy and encoder."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from pipeline.engine.protocol import Engine, Progress
from pipeline.engine.work import Done, RowTask, run_row_task
from pipeline.errors import WorkerError

PAYS_FROM_REPORTS = 500
"""Reports from which the work pays for starting processes, some 4 s of a core each."""

_SECONDS_TO_END = 5.0

IDLE_SECONDS = 10.0
"""Time without work after which the processes are let go: each holds some 700 MB, which the long
steps that look at whole tables of many reports can use; to start it again takes some 4 s. With a
minute, those of 100,000 reports were still there when grouping had read all sentences."""

MAX_LOST = 3
"""Times that a worker may be lost in one step before the run gives up."""


def n_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalPool:
    """The engine of several processes; small work is left to this one.

    Processes are spawned, never forked: threads of the encoder do not outlive a fork. A part whose
    worker was lost is done again.

    Parameters
    ----------
    n_processes : int
    alone : Engine
        Who does what is too small for workers.
    pays_from : int
        Reports from which workers are started.
    idle_seconds : float
        Time without work after which they are let go.
    """

    def __init__(
        self,
        n_processes: int,
        alone: Engine,
        pays_from: int = PAYS_FROM_REPORTS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._n_processes = n_processes
        self._alone = alone
        self._pays_from = pays_from
        self._idle_seconds = idle_seconds
        self._pool: ProcessPoolExecutor | None = None
        self._idle: threading.Timer | None = None
        self._is_busy = False
        self._turn = threading.Lock()

    def map(self, tasks: Sequence[RowTask], progress: Progress) -> Iterator[Done]:
        """Compute tasks, several at once where that pays."""
        if len(tasks) < 2 or sum(task.n_reports for task in tasks) < self._pays_from:
            yield from self._alone.map(tasks, progress)
            return
        self._stay()
        try:
            yield from self._by_workers(tasks, progress)
        finally:
            self._leave_when_idle()

    def _by_workers(self, tasks: Sequence[RowTask], progress: Progress) -> Iterator[Done]:
        """Compute tasks in processes, anew where a worker was lost."""
        left = {task.key: task for task in tasks}
        for _ in range(MAX_LOST + 1):
            futures = [self._started().submit(run_row_task, task) for task in left.values()]
            yield from self._finished(futures, left, progress)
            if not left:
                return
            self.close()  # a lost worker breaks the pool; what is left is done by a new one
        raise WorkerError(
            "A worker process was lost {n_lost} times at {step}. There may be too little memory "
            "for {n_processes} of them. Run again with --workers 1.",
            n_lost=MAX_LOST + 1,
            step=tasks[0].step,
            n_processes=self._n_processes,
        )

    def _finished(
        self, futures: Sequence["Future[Done]"], left: dict[str, RowTask], progress: Progress
    ) -> Iterator[Done]:
        """Yield what is done, until all is or the pool breaks."""
        for future in as_completed(futures):
            try:
                done = future.result()
            except BrokenProcessPool:
                continue
            task = left.pop(done.key)
            progress(task.n_reports)
            yield done

    def _started(self) -> ProcessPoolExecutor:
        """Return the pool, with processes that start at their first task."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._n_processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_leave_interrupts_to_the_run,
            )
        return self._pool

    def _stay(self) -> None:
        """Keep the processes: there is work."""
        with self._turn:
            self._is_busy = True
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None

    def _leave_when_idle(self) -> None:
        """Let the processes go after a while, unless there is more work by then."""
        with self._turn:
            self._is_busy = False
            if self._pool is not None:
                self._idle = threading.Timer(self._idle_seconds, self._leave)
                self._idle.daemon = True
                self._idle.start()

    def _leave(self) -> None:
        """End the processes if they are still idle."""
        with self._turn:
            if not self._is_busy:
                self._end()

    def close(self) -> None:
        """End the processes, whatever they are at: a part that is half done counts for nothing."""
        self._stay()
        with self._turn:
            self._end()

    def _end(self) -> None:
        if self._pool is not None:
            workers = list((self._pool._processes or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.join(_SECONDS_TO_END)
            self._pool = None


def _leave_interrupts_to_the_run() -> None:
    """Let Ctrl-C be heard by the run alone, which then ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
