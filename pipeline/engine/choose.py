"""The table of engines: which one a run is done by."""

from pipeline.engine.inline import Inline
from pipeline.engine.pool import LocalPool, n_cores
from pipeline.engine.protocol import Engine
from pipeline.engine.settings import Workers


def make_engine(workers: Workers, inline: Inline) -> Engine:
    """Return the engine that a run asks for.

    Parameters
    ----------
    workers : Workers
    inline : Inline
        The engine of this process.
    """
    if workers.is_cluster:
        from pipeline.engine.dask_cluster import DaskCluster

        return DaskCluster(workers)
    n_processes = workers.n_processes or n_cores()
    return inline if n_processes == 1 else LocalPool(n_processes, inline)
