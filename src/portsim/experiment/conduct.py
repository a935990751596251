"""Conducting a study: draw the demand once a replication, spread the tasks over cores, gather.

The same trucks meet every scenario (common random numbers). The order in which tasks finish and
the number of workers change nothing in the outcome.
"""

import datetime as dt
import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

import pandas as pd

from portsim.demand import Trucks, draw
from portsim.engines import ENGINES
from portsim.errors import InputError, PortsimError
from portsim.experiment.describe import entry, resolved
from portsim.experiment.study import Study
from portsim.experiment.tasks import Done, Task, perform
from portsim.measures import unit_of
from portsim.results import Manifest, Run, fingerprint, versions
from portsim.scenario.model import Scenario
from portsim.statistics import band, summarise
from portsim.statistics import compare as paired

__all__ = ["compare", "inputs", "run"]

Progress = Callable[[int, int], None]
_LOGS = ("none", "first", "all")
_WORTH_A_POOL_S = 4.0
CAPACITY_REPLICATIONS = 3
"""A saturated run takes four times as long as another and its releases hardly vary; so capacity is
measured in the first replications only, and its interval says how many there were."""


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "simpy",
    jobs: int | None = None,
    logs: str = "none",
    on_progress: Progress | None = None,
) -> Study:
    """Run one scenario.

    Args:
        scenario: from `portsim.load`.
        replications: how often; the scenario's number if left out.
        seed: root seed; the scenario's if left out.
        engine: ``simpy``; it never changes a result.
        jobs: processes; all cores if left out, 1 for none besides this one.
        logs: ``none``, ``first`` or ``all``: of which replications the log is kept.
        on_progress: called with the tasks done and their number.

    Returns:
        A study without a comparison.

    Raises:
        PlanError, StuckError: the scenario cannot be run to its end.
    """
    return _study([scenario], None, replications, seed, engine, jobs, logs, on_progress or _silent)


def compare(
    scenarios: Sequence[Scenario],
    *,
    baseline: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "simpy",
    jobs: int | None = None,
    logs: str = "none",
    on_progress: Progress | None = None,
) -> Study:
    """Compare scenarios on the very same trucks.

    Args:
        scenarios: two or more with different names and the same period.
        baseline: name of the one the others are held against; the first if left out.
        replications, seed: the first scenario's if left out.
        engine, jobs, logs, on_progress: as for `run`.

    Returns:
        A study with paired differences to the baseline.

    Raises:
        InputError: names clash, periods differ, or there is no such baseline.
        PlanError, StuckError: a scenario cannot be run to its end.
    """
    if len(scenarios) < 2:
        raise InputError("compare needs two scenarios or more; for one use run")
    return _study(
        scenarios,
        baseline or scenarios[0].name,
        replications,
        seed,
        engine,
        jobs,
        logs,
        on_progress or _silent,
    )


def inputs(
    scenarios: Sequence[Scenario],
    baseline: str | None,
    replications: int | None,
    seed: int | None,
) -> tuple[int, int, str]:
    """Replications and seed that a study will use, and the fingerprint of its inputs.

    Raises:
        InputError: the scenarios cannot be compared, or there is no such baseline.
    """
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two scenarios are called {name}; give each a name of its own")
    if baseline is not None and baseline not in names:
        raise InputError(f"no scenario is called {baseline}; there are {', '.join(names)}")
    first = scenarios[0]
    for other in scenarios[1:]:
        if (other.period, other.timezone) != (first.period, first.timezone):
            raise InputError(
                f"{other.name} and {first.name} have different periods or time zones; only the "
                "same trucks in the same days can be compared"
            )
    many = scenarios[0].replications if replications is None else replications
    root = scenarios[0].seed if seed is None else seed
    return many, root, fingerprint([resolved(s) for s in scenarios], root, many, baseline)


def _study(
    scenarios: Sequence[Scenario],
    baseline: str | None,
    replications: int | None,
    seed: int | None,
    engine: str,
    jobs: int | None,
    logs: str,
    on_progress: Progress,
) -> Study:
    if engine not in ENGINES:
        raise InputError(f"no engine is called {engine}; there is {', '.join(ENGINES)}")
    if logs not in _LOGS:
        raise InputError(f"logs must be one of {', '.join(_LOGS)}, not {logs}")
    many, root, print_ = inputs(scenarios, baseline, replications, seed)
    if many < 1:
        raise InputError(f"a study needs 1 replication or more, not {many}")
    total = (many + min(many, CAPACITY_REPLICATIONS)) * len(scenarios)
    workers = min(jobs or os.cpu_count() or 1, total)
    started = dt.datetime.now(dt.UTC).astimezone()
    clock = time.monotonic()
    tasks = _tasks(scenarios, many, root, engine, logs)
    done: list[Done] = []
    on_progress(0, total)
    for one in _performed(tasks, total, workers):
        done.append(one)
        on_progress(len(done), total)
    order = {scenario.name: number for number, scenario in enumerate(scenarios)}
    done.sort(key=lambda one: (order[one.scenario], one.replication, one.capacity is not None))
    figures = _figures(done)
    measured = {
        name: [one.measured for one in done if one.scenario == name and one.measured is not None]
        for name in order
    }
    manifest = Manifest(
        scenarios=tuple(entry(scenario, measured[scenario.name]) for scenario in scenarios),
        baseline=baseline,
        seed=root,
        replications=many,
        engine=engine,
        versions=versions(),
        fingerprint=print_,
        run=Run(
            started=started.isoformat(timespec="seconds"),
            finished=dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - clock, 1),
            workers=workers,
        ),
    )
    kept = [one.logs for one in done if one.logs is not None]
    return Study(
        manifest=manifest,
        summary=summarise(figures, unit_of),
        replications=figures,
        comparison=None if baseline is None else paired(figures, baseline, unit_of),
        curves=band({name: [one.curves for one in many_] for name, many_ in measured.items()}),
        logs={
            name: pd.concat([frames[name] for frames in kept], ignore_index=True)
            for name in (kept[0] if kept else ())
        },
    )


def _tasks(
    scenarios: Sequence[Scenario], replications: int, seed: int, engine: str, logs: str
) -> Iterator[Task]:
    for replication in range(1, replications + 1):
        drawn: dict[str, Trucks] = {}
        for scenario in scenarios:
            key = _demand_key(scenario)
            if key not in drawn:
                drawn[key] = draw(scenario, seed, replication)
            keeps = logs == "all" or (logs == "first" and replication == 1)
            for saturated in (False, True) if replication <= CAPACITY_REPLICATIONS else (False,):
                yield Task(scenario, drawn[key], engine, saturated, keeps and not saturated)


def _demand_key(scenario: Scenario) -> str:
    """What the trucks of a scenario depend on; scenarios alike in it share one draw."""
    names = {
        name
        for cls in scenario.traffic.classes.values()
        for name in (
            cls.arrivals.follow,
            cls.arrivals.booked.calendar if cls.arrivals.booked is not None else None,
        )
        if name is not None
    }
    parts = [
        scenario.traffic.model_dump_json(),
        scenario.period.model_dump_json(),
        scenario.timezone,
        scenario.position.model_dump_json() if scenario.position is not None else "",
        *(f"{name} {scenario.calendars[name].model_dump_json()}" for name in sorted(names)),
        json.dumps(dict(scenario.origin.digests), sort_keys=True),
    ]
    return "\n".join(parts)


def _performed(tasks: Iterator[Task], total: int, workers: int) -> Iterator[Done]:
    """Perform tasks as they come, at most two a worker ahead, so that few trucks wait in memory.

    Workers take seconds to start; a study that is over sooner is run here.
    """
    clock = time.monotonic()
    for number, task in enumerate(tasks, 1):
        yield perform(task)
        passed = time.monotonic() - clock
        if workers > 1 and passed / number * (total - number) > _WORTH_A_POOL_S:
            break
    else:
        return
    # A forked process would inherit the threads of numpy's libraries in any state.
    ways = multiprocessing.get_all_start_methods()
    way = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    others = set(multiprocessing.active_children())
    # Ctrl-C reaches the whole group; one voice is enough to say so.
    quiet = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(workers, mp_context=way, initializer=signal.signal, initargs=quiet)
    pending: set[Future[Done]] = set()
    try:
        for task in tasks:
            pending.add(pool.submit(perform, task))
            while len(pending) >= 2 * workers:
                ready, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ready)
        while pending:
            ready, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ready)
    except BrokenProcessPool as error:
        raise PortsimError(
            "a worker was killed, probably because memory ran out; use fewer --jobs"
        ) from error
    except BaseException:
        # Whoever waits for nothing any more should not wait for the workers either.
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _figures(done: Sequence[Done]) -> pd.DataFrame:
    """Figures of all replications in one frame, each scenario's capacity among them."""
    parts: list[pd.DataFrame] = []
    capacities = {
        (one.scenario, one.replication): one.capacity for one in done if one.capacity is not None
    }
    for one in done:
        if one.measured is None:
            continue
        frame = one.measured.figures.copy()
        if (one.scenario, one.replication) in capacities:
            value = capacities[one.scenario, one.replication]
            row = pd.DataFrame([("all", "", "capacity_per_day", value, 1, "")])
            frame = pd.concat([frame, row.set_axis(frame.columns, axis=1)], ignore_index=True)
        frame.insert(0, "replication", one.replication)
        frame.insert(0, "scenario", one.scenario)
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def _silent(done: int, total: int) -> None:
    """Say nothing."""
