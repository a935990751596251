"""Workers: tasks are spread over threads, processes or a cluster, and come back as they finish.

Any `concurrent.futures.Executor` will do. What a task is, and what becomes of its outcome, is no
business of this room's corner.
"""

import multiprocessing
import signal
import time
from collections.abc import Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeAlias

from threadpoolctl import threadpool_limits

from portsim.errors import AuditError, InputError, PortsimError
from portsim.experiment.capacity import Capacity, CapacityTask, find
from portsim.experiment.guard import unguarded
from portsim.experiment.tasks import RunResult, Task, run_one

__all__ = ["Failure", "Outcome", "Work", "do", "performed"]

Work: TypeAlias = Task | CapacityTask
"""What there is to do."""
Outcome: TypeAlias = RunResult | Capacity
"""What comes of it."""

_WORTH_A_POOL_S = 4.0
_AHEAD = 2
"""Tasks handed out a worker: it should never wait for the next one, and few should wait for it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that came to nothing."""

    scenario: str
    replication: int
    """0 if it was to find the capacity."""
    error: Exception


class _GoneError(PortsimError):
    """Nobody is left to do the work."""


def performed(
    tasks: Iterator[Work],
    total: int,
    engine: str,
    workers: int,
    executor: Executor | None,
    kept: str = "",
) -> Generator[Outcome | Failure, None, None]:
    """Perform tasks and give their outcomes as they come.

    Args:
        tasks: what to do; asked for little by little.
        total: their number.
        engine: which engine they use. The compiled one lets go of Python's lock, so its tasks run
            in threads; those of SimPy in processes.
        workers: how many of them; of a given executor, how many it has.
        executor: use this one; it is not shut down here.
        kept: a sentence on what becomes of finished runs if the workers go.

    Raises:
        InputError: a task found the input wrong: there is no use in going on; or worker processes
            would start the main script all over.
        AuditError: the engines disagree.
        PortsimError: a worker process was killed, or the executor gave its tasks up.
    """
    try:
        if executor is not None:
            yield from _spread(tasks, executor, workers)
        elif workers == 1:
            yield from map(_here, tasks)
        elif engine == "compiled":
            yield from _in_threads(tasks, workers)
        else:
            yield from _in_processes(tasks, total, workers)
    except _GoneError as gone:
        raise PortsimError(". ".join(filter(None, (str(gone), kept)))) from gone


def do(task: Work) -> Outcome:
    """Do a task; whatever it raises."""
    return find(task) if isinstance(task, CapacityTask) else run_one(task)


def _here(task: Work) -> Outcome | Failure:
    try:
        return do(task)
    except Exception as error:
        return _failure(task, error)


def _failure(task: Work, error: Exception) -> Failure:
    """A failure of this run alone; what concerns them all is raised."""
    if isinstance(error, InputError):
        raise error
    if isinstance(error, AuditError):
        where = f"replication {task.replication} of {task.scenario.name}"
        raise AuditError(f"{where}: {error}") from error
    if isinstance(error, BrokenProcessPool):
        _refuse_unguarded()
        raise _GoneError(
            "a worker was killed, probably because memory ran out; use fewer --jobs"
        ) from error
    return Failure(task.scenario.name, task.replication, error)


def _refuse_unguarded() -> None:
    where = unguarded()
    if where:
        raise InputError(
            f'{where}: `if __name__ == "__main__":` is missing. Worker processes read the script '
            "again and would start the study all over; put what runs below that line, or use "
            "jobs=1 or the compiled engine"
        )


def _spread(tasks: Iterator[Work], executor: Executor, workers: int) -> Iterator[Outcome | Failure]:
    pending: dict[Future[Outcome], Work] = {}

    def finished() -> Iterator[Outcome | Failure]:
        ready, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in ready:
            task = pending.pop(future)
            if future.cancelled():
                raise _GoneError("the workers have gone: nobody cancelled their runs here")
            error = future.exception()
            if error is None:
                yield future.result()
            elif isinstance(error, Exception):
                yield _failure(task, error)
            else:
                raise error

    try:
        for task in tasks:
            try:
                pending[executor.submit(do, task)] = task
            except BrokenProcessPool as error:
                _failure(task, error)
            while len(pending) >= _AHEAD * workers:
                yield from finished()
        while pending:
            yield from finished()
    finally:
        for future in pending:
            future.cancel()


def _in_threads(tasks: Iterator[Work], workers: int) -> Iterator[Outcome | Failure]:
    pool = ThreadPoolExecutor(workers)
    try:
        # Each product of small matrices would wait for cores that the other workers have.
        with threadpool_limits(1, user_api="blas"):
            yield from _spread(tasks, pool, workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_processes(tasks: Iterator[Work], total: int, workers: int) -> Iterator[Outcome | Failure]:
    """Worker processes take seconds to start; a study that is over sooner is run here."""
    clock = time.monotonic()
    for number, task in enumerate(tasks, 1):
        yield _here(task)
        passed = time.monotonic() - clock
        if passed / number * (total - number) > _WORTH_A_POOL_S:
            break
    else:
        return
    _refuse_unguarded()
    # A forked process would inherit the threads of numpy's libraries in any state.
    ways = multiprocessing.get_all_start_methods()
    way = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, mp_context=way, initializer=_begin)
    try:
        yield from _spread(tasks, pool, workers)
    except BaseException:
        # Whoever waits for nothing any more should not wait for the workers either.
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """Get a worker process ready."""
    # Ctrl-C reaches the whole group; one voice is enough to say so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1, user_api="blas")
