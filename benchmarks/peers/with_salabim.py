"""Salabim: a component for each truck, a `Resource` for each station.

Written with `yield`, which needs no greenlets and is a little faster; resources keep no statistics
(`monitor=False`), and there is no trace. Closing hours set the capacity of the resources to 0:
whoever holds one finishes, nobody else is let in.
"""

from collections.abc import Callable

import numpy as np
import salabim as sim

from workload import Case

sim.yieldless(False)


class Truck(sim.Component):
    """Its attributes are set after it is made: arguments would be inspected at each truck."""

    def process(self):
        env = self.env
        came = env.now()
        for station, work in zip(self.stations, self.works, strict=True):
            if work >= 0:
                yield self.request(station)
                yield self.hold(work)
                self.release(station)
        self.stays.append(env.now() - came)


class Arrivals(sim.Component):
    def process(self, seconds, works, stations, stays):
        for second, work in zip(seconds, works, strict=True):
            yield self.hold(till=second)
            truck = Truck()
            truck.works, truck.stations, truck.stays = work, stations, stays


class Doors(sim.Component):
    def process(self, case, stations):
        opens, closes = case.hours
        for day in range(0, case.end, case.day):
            yield self.hold(till=day + opens)
            for station, given in zip(stations, case.stations, strict=True):
                station.set_capacity(given.servers)
            yield self.hold(till=day + closes)
            for station in stations:
                station.set_capacity(0)


def prepare(case: Case) -> Callable[[], list[float]]:
    seconds, works = case.arrival.tolist(), case.work.tolist()

    def simulate() -> list[float]:
        env = sim.Environment(trace=False)
        stays: list[float] = []
        stations = [
            sim.Resource(
                station.name,
                capacity=station.servers if case.hours is None else 0,
                monitor=False,
            )
            for station in case.stations
        ]
        Arrivals(seconds=seconds, works=works, stations=stations, stays=stays)
        if case.hours is not None:
            Doors(case=case, stations=stations)
        env.run()
        return stays

    return simulate


def mean_stay(stays: list[float]) -> float:
    return float(np.mean(stays))
