"""What a truck costs while many wait: portsim's queues against `simpy.PriorityResource`.

So many trucks stand before one desk when its day begins, and the desk serves them one by one, by
one of three priorities, the same in both models. The cost of a truck should not depend on how many
stand there.

    python benchmarks/backlog.py [--rounds K]
"""

import argparse
import gc
from collections.abc import Callable
from time import perf_counter

import numpy as np
import simpy

from lines import Station, line
from portsim.engines.simpy import run

WORK = 60
BACKLOGS = (1_000, 4_000, 16_000)


def with_portsim(priority: np.ndarray) -> list[int]:
    """The second at which each truck is done."""
    work = np.full((len(priority), 1), WORK, dtype=np.int64)
    arrival = np.zeros(len(priority), dtype=np.int64)
    return run(line((Station("desk", 1),), arrival, work, priority)).finished.tolist()


def with_simpy(priority: np.ndarray) -> list[int]:
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, 1)
    finished = [0] * len(priority)

    def truck(number, priority):
        with desk.request(priority) as turn:
            yield turn
            yield env.timeout(WORK)
            finished[number] = env.now

    def arrivals():
        yield env.timeout(0)
        for number, rank in enumerate(priority.tolist()):
            env.process(truck(number, rank))

    env.process(arrivals())
    env.run()
    return finished


def timed(model: Callable[[np.ndarray], list[int]], priority: np.ndarray) -> tuple[float, int]:
    """Seconds a truck, and the sum of the seconds at which the trucks are done."""
    gc.collect()
    start = perf_counter()
    finished = model(priority)
    return (perf_counter() - start) / len(priority), sum(finished)


def main() -> None:
    parser = argparse.ArgumentParser(description="cost of a truck against the length of the queue")
    parser.add_argument("--rounds", type=int, default=2, help="the fastest round counts")
    options = parser.parse_args()

    print(f"microseconds a truck, best of {options.rounds}")
    print(f"{'waiting':>9}{'PriorityResource':>19}{'portsim':>10}{'ratio':>9}")
    for waiting in BACKLOGS:
        # The desk serves whoever comes first before it looks at priorities only in SimPy, where
        # each request is granted as it is made: let the first truck have the first priority.
        priority = np.random.default_rng(1).integers(0, 3, waiting)
        priority[0] = 0
        theirs, done = min(timed(with_simpy, priority) for _ in range(options.rounds))
        ours, same = min(timed(with_portsim, priority) for _ in range(options.rounds))
        assert done == same, "the two models served the trucks differently"
        print(f"{waiting:>9,}{theirs * 1e6:>19.1f}{ours * 1e6:>10.1f}{theirs / ours:>8.1f}×")


if __name__ == "__main__":
    main()
