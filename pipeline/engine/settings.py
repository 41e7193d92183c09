"""Who works on a run: the settings, and what the command line asks for."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field

from pipeline.errors import ConfigError


class RunConfig(BaseModel, frozen=True, extra="forbid"):
    """Settings of how a run is done; they change no result."""

    workers: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Processes that work on a study at once: 0 takes one a processor core. The "
        "results do not change.",
    )


@dataclass(frozen=True, kw_only=True)
class Workers:
    """Who works on a run.

    Attributes
    ----------
    n_processes : int, default=1
        Processes on this machine; 0 is one a core, 1 none but this one.
    scheduler : str, default=""
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``.
    scheduler_file : Path, optional
        File that a Dask scheduler wrote its address to.
    n_local : int, default=0
        Workers of a Dask cluster that is started on this machine for the run.
    """

    n_processes: int = 1
    scheduler: str = ""
    scheduler_file: Path | None = None
    n_local: int = 0

    @property
    def is_cluster(self) -> bool:
        """Whether Dask does the work."""
        return bool(self.scheduler or self.scheduler_file or self.n_local)


def asked_workers(
    n_processes: int | None, scheduler: str, scheduler_file: Path | None, n_local: int
) -> Workers | None:
    """Return who works on a run by what was asked for; None where nothing was.

    Parameters
    ----------
    n_processes : int or None
    scheduler : str
    scheduler_file : Path or None
    n_local : int

    Raises
    ------
    ConfigError
        When two things were asked for, or the scheduler's file is not there.
    """
    asked = [n_processes is not None, bool(scheduler), scheduler_file is not None, n_local > 0]
    if sum(asked) > 1:
        raise ConfigError(
            "Give one of --workers, --scheduler, --scheduler-file and --local-cluster."
        )
    if scheduler_file is not None and not scheduler_file.is_file():
        raise ConfigError(
            "{file} is not there. Start the scheduler first: dask scheduler --scheduler-file FILE",
            file=scheduler_file,
        )
    if not any(asked):
        return None
    return Workers(
        n_processes=1 if n_processes is None else n_processes,
        scheduler=scheduler,
        scheduler_file=scheduler_file,
        n_local=n_local,
    )
