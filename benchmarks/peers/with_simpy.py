"""Idiomatic SimPy: a process for each truck, a `Resource` for each station."""

from collections.abc import Callable

import numpy as np
import simpy

from workload import Case


def prepare(case: Case) -> Callable[[], list[int]]:
    seconds, works = case.arrival.tolist(), case.work.tolist()
    return lambda: _simulate(case, seconds, works)


def mean_stay(stays: list[int]) -> float:
    return float(np.mean(stays))


def _simulate(case: Case, seconds: list[int], works: list[list[int]]) -> list[int]:
    env = simpy.Environment()
    stations = [simpy.Resource(env, station.servers) for station in case.stations]
    stays = []

    def truck(works):
        came = env.now
        for station, work in zip(stations, works, strict=True):
            if work >= 0:
                with station.request() as turn:
                    yield turn
                    yield env.timeout(work)
        stays.append(env.now - came)

    def truck_by_day(works):
        # Who has come to the head of the queue waits at the desk for the doors to open: one more
        # timeout a desk and night, and no process of doors and no requests that block the desks.
        (opens, closes), day = case.hours, case.day
        came = env.now
        for station, work in zip(stations, works, strict=True):
            if work >= 0:
                with station.request() as turn:
                    yield turn
                    hour = env.now % day
                    if not opens <= hour < closes:
                        yield env.timeout((opens - hour) % day)
                    yield env.timeout(work)
        stays.append(env.now - came)

    def arrivals():
        life = truck if case.hours is None else truck_by_day
        for second, work in zip(seconds, works, strict=True):
            yield env.timeout(second - env.now)
            env.process(life(work))

    env.process(arrivals())
    env.run()
    return stays
