"""Portsim's engine of reference against an idiomatic SimPy model of the same four stations.

Gate (2 servers, exponential 3 min), declaration (4, lognormal 10 min, cv 0.5), with probability 0.3
inspection (3, lognormal 25 min, cv 0.7), release (2, exponential 3 min). Both get the same arrivals
and the same work times, so the mean stay has to be equal; the clock runs over the simulation alone,
putting the draws into a plan or into lists included.

    python benchmarks/four_stations.py [--trucks N] [--rounds K]
"""

import argparse
import gc
import math
from collections.abc import Callable
from time import perf_counter

import numpy as np
import simpy

from lines import Station, line
from portsim.engines.simpy import run

STATIONS = (
    Station("gate", 2, share=1.0),
    Station("declaration", 4, share=1.0),
    Station("inspection", 3, share=0.3),
    Station("release", 2, share=1.0),
)


def draws(trucks: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Arrivals int64[n] and work int64[n, 4] in seconds, -1 where a truck skips a station."""
    rng = np.random.default_rng(seed)
    arrival = np.cumsum(rng.exponential(200.0, trucks)).astype(np.int64)
    work = np.column_stack(
        [
            rng.exponential(180.0, trucks),
            _lognormal(rng, 600.0, 0.5, trucks),
            _lognormal(rng, 1500.0, 0.7, trucks),
            rng.exponential(180.0, trucks),
        ]
    )
    work = np.rint(work).astype(np.int64)
    work[rng.random(trucks) >= STATIONS[2].share, 2] = -1
    return arrival, work


def _lognormal(rng: np.random.Generator, mean: float, cv: float, size: int) -> np.ndarray:
    sigma = math.sqrt(math.log(1 + cv * cv))
    return rng.lognormal(math.log(mean) - sigma * sigma / 2, sigma, size)


def with_portsim(arrival: np.ndarray, work: np.ndarray) -> float:
    plan = line(STATIONS, arrival, work)
    log = run(plan)
    return float((log.left - plan.arrival).mean())


def with_simpy(arrival: np.ndarray, work: np.ndarray) -> float:
    env = simpy.Environment()
    stations = [simpy.Resource(env, station.servers) for station in STATIONS]
    stays = []

    def truck(works):
        came = env.now
        for station, seconds in zip(stations, works, strict=True):
            if seconds >= 0:
                with station.request() as turn:
                    yield turn
                    yield env.timeout(seconds)
        stays.append(env.now - came)

    def arrivals():
        for second, works in zip(arrival.tolist(), work.tolist(), strict=True):
            yield env.timeout(second - env.now)
            env.process(truck(works))

    env.process(arrivals())
    env.run()
    return float(np.mean(stays))


def timed(model: Callable[..., float], *data: np.ndarray) -> tuple[float, float]:
    gc.collect()
    start = perf_counter()
    stay = model(*data)
    return perf_counter() - start, stay


def main() -> None:
    parser = argparse.ArgumentParser(description="portsim against idiomatic SimPy, four stations")
    parser.add_argument("--trucks", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3, help="the fastest round counts")
    options = parser.parse_args()

    data = draws(options.trucks)
    models = {"simpy, one process a truck": with_simpy, "portsim, engine simpy": with_portsim}
    best: dict[str, tuple[float, float]] = {}
    for _ in range(options.rounds):  # the two take turns, so that a busy machine slows both
        for name, model in models.items():
            result = timed(model, *data)
            best[name] = min(best.get(name, result), result)

    baseline = best["simpy, one process a truck"][0]
    print(f"{options.trucks:,} trucks through four stations, best of {options.rounds}")
    print(f"{'model':<28}{'seconds':>9}{'trucks/s':>11}{'speed':>8}{'mean stay':>13}")
    for name, (seconds, stay) in best.items():
        rate, speed = options.trucks / seconds, baseline / seconds
        print(f"{name:<28}{seconds:>9.2f}{rate:>11,.0f}{speed:>7.2f}×{stay / 60:>9.3f} min")


if __name__ == "__main__":
    main()
