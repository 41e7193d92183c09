"""Compute parts in this process, one after the other."""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.engine.protocol import Progress
from pipeline.engine.work import Done, RowTask, do_part
from pipeline.needs import Supply


class Inline:
    """The engine of one process, which uses what the run has already loaded.

    Parameters
    ----------
    supply : Supply

    Attributes
    ----------
    fitted : object
        What the step in hand is given as fitted.
    """

    def __init__(self, supply: Supply) -> None:
        self._supply = supply
        self.fitted: Any = None

    def map(self, tasks: Sequence[RowTask], progress: Progress) -> Iterator[Done]:
        """Compute tasks in their order."""
        for task in tasks:
            yield do_part(task, self._supply, progress, self.fitted)

    def close(self) -> None:
        """Do nothing: there are no workers."""
