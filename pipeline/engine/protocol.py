"""What an engine is."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from pipeline.engine.work import Done, RowTask

Progress = Callable[[int], None]


class Engine(Protocol):
    """Whoever computes the parts of row steps."""

    def map(self, tasks: Sequence[RowTask], progress: Progress) -> Iterator[Done]:
        """Compute tasks, in whatever order, and yield what became of each.

        Parameters
        ----------
        tasks : sequence of RowTask
        progress : callable
            Given the number of reports done since the last call.
        """
        ...

    def close(self) -> None:
        """Let the workers go."""
