"""How the cost of a truck grows with traffic, with the backlog, and with the queues in a row.

    python benchmarks/growth.py [--days N] [--rounds K]

Flat columns are the aim: microseconds a truck that do not depend on the size. The figure in
brackets is the ratio to the smallest size. The SimPy engine and `simpy.PriorityResource` stop
where they would take minutes.
"""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any
from zlib import crc32

import numpy as np
import simpy

from plans import Run, engine, line, plan_of
from report import NOTHING, table
from timing import Entry, Job, take_turns
from workload import DAYS, Case, Station, in_a_row, scaled

COMPILED, REFERENCE, PRIORITY = "compiled engine", "SimPy engine", "simpy.PriorityResource"

TRAFFIC = (1, 4, 16, 64)
BACKLOGS = (1_000, 10_000, 100_000)
QUEUES = (4, 15, 30, 60)
PATIENCE, PATIENCE_OF_PRIORITY = 4, 16_000
"""Most traffic for the SimPy engine, longest backlog for `PriorityResource`."""
WORK, OPENS = 60, 3600


def engines() -> dict[str, Run]:
    found = {COMPILED: engine("compiled"), REFERENCE: engine("simpy")}
    return {name: run for name, run in found.items() if run is not None}


def traffic(days: int, rounds: int) -> str:
    rows: dict[str, dict[str, float]] = {}
    for times in TRAFFIC:
        case = scaled(times, days)
        fit = engines()
        if times > PATIENCE:
            fit.pop(REFERENCE, None)
        rows[f"{times} × ({case.trucks:,} trucks)"] = _costs(case, fit, case.trucks, rounds)
    return _section(
        "Traffic",
        f"Case (a) with so many times the traffic and the servers, {days} days; µs a truck.",
        rows,
        (COMPILED, REFERENCE),
    )


def queues(rounds: int) -> str:
    rows: dict[str, dict[str, float]] = {}
    for count in QUEUES:
        costs = {}
        for name, run in engines().items():
            # As many visits whatever the number of stations, fewer for the slow engine.
            case = in_a_row(count, (1_200_000 if name == COMPILED else 120_000) // count)
            costs |= _costs(case, {name: run}, int((case.work >= 0).sum()), rounds)
        rows[f"{count} stations"] = costs
    return _section(
        "Queues in a row",
        "The four stations of case (a) again and again, 300 trucks a day; µs a visit to a station.",
        rows,
        (COMPILED, REFERENCE),
    )


def backlog(rounds: int) -> str:
    rows: dict[str, dict[str, float]] = {}
    for waiting in BACKLOGS:
        # Three in ten have priority; the smaller number goes first.
        rank = np.where(np.random.default_rng(1).random(waiting) < 0.3, 0, 1)
        entries = [
            Entry(name, partial(_portsim_backlog, rank, run), _print_of, rounds, name == COMPILED)
            for name, run in engines().items()
        ]
        if waiting <= PATIENCE_OF_PRIORITY:
            entries.append(Entry(PRIORITY, partial(_simpy_backlog, rank), _print_of, rounds))
        take_turns(entries)
        if len({entry.figure for entry in entries}) > 1:
            raise RuntimeError("the models served the backlog in different orders")
        rows[f"{waiting:,} trucks"] = {e.name: e.best / waiting * 1e6 for e in entries}
    return _section(
        "Backlog",
        "All stand before one desk when its day begins, 30 % have priority; µs a truck. Every "
        "truck is served at the same second in all columns.",
        rows,
        (COMPILED, REFERENCE, PRIORITY),
    )


def _portsim_backlog(rank: np.ndarray, run: Run) -> Job:
    arrival = np.zeros(len(rank), dtype=np.int64)
    work = np.full((len(rank), 1), WORK, dtype=np.int64)
    end = OPENS + WORK * (len(rank) + 1)
    opening = np.array([[OPENS, end]], dtype=np.int64)
    plan = line((Station("desk", 1, WORK),), arrival, work, opening, end, rank.astype(np.int64))
    return lambda: run(plan).finished


def _simpy_backlog(rank: np.ndarray) -> Job:
    ranks = rank.tolist()

    def simulate() -> list[int]:
        env = simpy.Environment()
        desk = simpy.PriorityResource(env, 1)
        finished = [0] * len(ranks)

        def closed():
            with desk.request(priority=-1) as turn:
                yield turn
                yield env.timeout(OPENS)

        def truck(number, priority):
            with desk.request(priority) as turn:
                yield turn
                yield env.timeout(WORK)
                finished[number] = env.now

        env.process(closed())
        for number, priority in enumerate(ranks):
            env.process(truck(number, priority))
        env.run()
        return finished

    return simulate


def _print_of(finished: Any) -> float:
    """A figure that differs as soon as one truck is done at another second."""
    return float(crc32(np.asarray(finished, dtype=np.int64).tobytes()))


def _costs(case: Case, runs: dict[str, Run], units: int, rounds: int) -> dict[str, float]:
    """Microseconds a unit of each engine; big plans are made once and then shared."""
    plan = plan_of(case)
    entries = [
        Entry(name, lambda run=run: lambda: run(plan), rounds=rounds, warm_up=name == COMPILED)
        for name, run in runs.items()
    ]
    if entries:
        take_turns(entries)
    return {entry.name: entry.best / units * 1e6 for entry in entries}


def _section(title: str, text: str, rows: dict[str, dict[str, float]], names: tuple) -> str:
    first = next(iter(rows.values()))

    def cell(costs: dict[str, float], name: str) -> str:
        if name not in costs:
            return NOTHING
        return f"{costs[name]:.3f} ({costs[name] / first[name]:.2f})"

    lines = [(size, *(cell(costs, name) for name in names)) for size, costs in rows.items()]
    return f"### {title}\n\n{text}\n\n{table(('size', *names), lines)}"


def sections(days: int, rounds: int) -> list[Callable[[], str]]:
    return [partial(traffic, days, rounds), partial(backlog, rounds), partial(queues, rounds)]


def main() -> None:
    parser = argparse.ArgumentParser(description="how the cost of a truck grows")
    parser.add_argument("--days", type=int, default=DAYS, help="days of the traffic series")
    parser.add_argument("--rounds", type=int, default=2, help="the fastest round counts")
    options = parser.parse_args()
    for section in sections(options.days, options.rounds):
        print(section(), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
