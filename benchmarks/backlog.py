"""What a truck costs while many wait: portsim's queues against `simpy.PriorityResource`.

So many trucks stand in the queue of one desk when its day begins. From then on every truck that is
served is replaced by one that joins, so that the backlog stays; the cost is that of a truck passing
through it. Each truck has one of three priorities, the same in both models.

    python benchmarks/backlog.py [--trucks N] [--rounds K]
"""

import argparse
import gc
from time import perf_counter

import numpy as np
import simpy
from lines import Station, line

from portsim.engines.simpy import run

WORK = 60
BACKLOGS = (10, 1_000, 16_000)


def with_portsim(waiting: int, trucks: int, priority: np.ndarray) -> tuple[float, int]:
    """Seconds of computing for all of it, and the number of trucks served."""
    arrival = np.concatenate([np.zeros(waiting), np.arange(trucks) * WORK]).astype(np.int64)
    work = np.full((len(arrival), 1), WORK, dtype=np.int64)
    start = perf_counter()
    plan = line((Station("desk", 1),), arrival, work, priority, end=trucks * WORK + 1)
    log = run(plan)
    return perf_counter() - start, int((log.finished >= 0).sum())


def with_simpy(waiting: int, trucks: int, priority: np.ndarray) -> tuple[float, int]:
    start = perf_counter()
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, 1)
    served = 0

    def truck(priority):
        nonlocal served
        with desk.request(priority) as turn:
            yield turn
            yield env.timeout(WORK)
            served += 1

    def arrivals():
        for k, p in enumerate(priority.tolist()):
            if k > waiting:
                yield env.timeout(WORK)
            env.process(truck(p))

    env.process(arrivals())
    env.run(until=trucks * WORK + 1)
    return perf_counter() - start, served


def cost(model, waiting: int, trucks: int, rounds: int) -> tuple[float, int]:
    """Seconds a truck that passes the backlog: the whole less a run in which the backlog forms."""
    priority = np.random.default_rng(1).integers(0, 3, waiting + trucks)
    spent = []
    for _ in range(rounds):
        gc.collect()
        forming, _ = model(waiting, 1, priority[: waiting + 1])
        gc.collect()
        whole, served = model(waiting, trucks, priority)
        spent.append((whole - forming) / (trucks - 1))
    return min(spent), served


def main() -> None:
    parser = argparse.ArgumentParser(description="cost of a truck against the length of the queue")
    parser.add_argument("--trucks", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3, help="the fastest round counts")
    options = parser.parse_args()

    print(f"microseconds a truck, {options.trucks:,} trucks, best of {options.rounds}")
    print(f"{'waiting':>9}{'PriorityResource':>19}{'portsim':>10}{'ratio':>9}")
    for waiting in BACKLOGS:
        theirs, a = cost(with_simpy, waiting, options.trucks, options.rounds)
        ours, b = cost(with_portsim, waiting, options.trucks, options.rounds)
        assert a == b, (a, b)
        print(f"{waiting:>9,}{theirs * 1e6:>19.1f}{ours * 1e6:>10.1f}{theirs / ours:>8.1f}×")


if __name__ == "__main__":
    main()
