"""Compute parts on a Dask cluster; the study's folder lies where every worker sees it."""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.engine.protocol import Progress
from pipeline.engine.settings import Workers
from pipeline.engine.work import Done, RowTask, run_row_task
from pipeline.errors import ConfigError, ResourceError, WorkerError

ALLOWED_FAILURES = 3
"""Workers that may be lost over one part before the run gives up."""

_PLAIN = ("tcp://127.0.0.1", "tcp://localhost", "tcp://[::1]")


def check_encrypted(address: str) -> None:
    """Check that no connection leaves this machine in plain.

    Parameters
    ----------
    address : str
        Of the scheduler.

    Raises
    ------
    ConfigError
    """
    if address.startswith("tcp://") and not address.startswith(_PLAIN):
        raise ConfigError(
            "The scheduler {address} is on another machine and the connection is not "
            "encrypted. Start it with TLS and give its tls:// address; see docs/klusteri.md.",
            address=address,
        )


class DaskCluster:
    """The engine that hands parts to Dask; a part whose worker was lost is done again by another.

    Parameters
    ----------
    workers : Workers
        Which scheduler, or how many workers to start here.

    Raises
    ------
    ResourceError
        When Dask is not installed.
    ConfigError
        When the scheduler is on another machine and the connection is not encrypted.
    """

    def __init__(self, workers: Workers) -> None:
        try:
            import dask
            import distributed
        except ImportError as err:
            raise ResourceError(
                "A cluster needs Dask, which is not installed. Run: pip install 'havainto[cluster]'"
            ) from err
        dask.config.set({"distributed.scheduler.allowed-failures": ALLOWED_FAILURES})
        cluster: Any = distributed
        self._cluster: Any = None
        if workers.n_local:
            self._cluster = cluster.LocalCluster(
                n_workers=workers.n_local,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                host="127.0.0.1",
            )
            self._client: Any = cluster.Client(self._cluster)
        elif workers.scheduler_file is not None:
            self._client = cluster.Client(scheduler_file=str(workers.scheduler_file))
        else:
            self._client = cluster.Client(workers.scheduler)
        try:
            check_encrypted(str(self._client.scheduler.address))
        except ConfigError:
            self.close()
            raise

    def map(self, tasks: Sequence[RowTask], progress: Progress) -> Iterator[Done]:
        """Compute tasks on the cluster."""
        import distributed

        cluster: Any = distributed
        n_reports = {task.key: task.n_reports for task in tasks}
        futures = self._client.map(run_row_task, list(tasks), pure=False)
        try:
            for future in cluster.as_completed(futures):
                done: Done = future.result()
                progress(n_reports[done.key])
                yield done
        except distributed.KilledWorker as err:
            raise WorkerError(
                "Workers of the cluster were lost {n_lost} times over one part of {step}. There "
                "may be too little memory for them.",
                n_lost=ALLOWED_FAILURES + 1,
                step=tasks[0].step,
            ) from err

    def close(self) -> None:
        """Leave the cluster, and end the one that was started here."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()
