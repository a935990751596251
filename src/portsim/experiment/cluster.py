"""A cluster: dask's workers as an executor like any other; nothing else of dask may enter."""

import logging
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from portsim.errors import InputError

__all__ = ["cluster"]

_PATIENCE = "10s"


@contextmanager
def cluster(where: str, jobs: int | None) -> Iterator[tuple[Executor, int]]:
    """Start or join a cluster for a while.

    Args:
        where: ``dask`` starts one on this machine, ``dask://HOST:PORT`` joins one.
        jobs: workers of one that is started; as many as there are cores if None.

    Yields:
        An executor, and how many tasks its workers do side by side.

    Raises:
        InputError: dask is not installed, nobody answers there, or `where` is something else.
    """
    kind, _, address = where.partition("://")
    if kind != "dask" or ("://" in where and not address):
        raise InputError(f"a cluster is dask or dask://HOST:PORT, not {where}")
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise InputError(
            "a cluster needs dask, which is not installed: pip install 'portsim[cluster]'"
        ) from error
    # What it says of workers that come and go is for its own developers.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    local = None
    if not address:
        local = LocalCluster(
            n_workers=jobs or os.cpu_count() or 1,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )
    try:
        client = Client(local or f"tcp://{address}", timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise InputError(f"no dask scheduler answers at {address}: {error}") from error
    try:
        yield client.get_executor(), max(1, sum(client.nthreads().values()))
    finally:
        client.close()
        if local is not None:
            local.close()
