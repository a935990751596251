"""The one workload of the comparison: four stations in a row, draws made in advance.

Gate (2 servers, exponential 3 min), declaration (4, lognormal 10 min, cv 0.5), with probability 0.3
inspection (3, lognormal 25 min, cv 0.7), release (2, exponential 3 min). Trucks arrive round the
clock (Poisson); the stations work round the clock, or from 08:00 to 20:00 only: then nothing new
starts while closed, work under way is finished, and a queue builds up every night.
"""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

DAY = 86_400
DAYS = 244


class Station(NamedTuple):
    """Servers, and the work of one truck in seconds; without a cv it is exponential."""

    name: str
    servers: int
    mean: float
    cv: float | None = None
    share: float = 1.0
    """Share of the trucks that stop here."""


STATIONS = (
    Station("gate", 2, 180.0),
    Station("declaration", 4, 600.0, cv=0.5),
    Station("inspection", 3, 1500.0, cv=0.7, share=0.3),
    Station("release", 2, 180.0),
)


@dataclass(frozen=True, eq=False)
class Case:
    """Trucks with all their luck drawn already, in whole seconds (or parts of them)."""

    title: str
    days: int
    arrival: np.ndarray
    """int64[n], rising."""
    work: np.ndarray
    """int64[n, stations], -1 where a truck passes a station by."""
    stations: tuple[Station, ...] = STATIONS
    hours: tuple[int, int] | None = None
    """Ticks of the day at which work opens and closes; round the clock if None."""
    tick: int = 1
    """Ticks a second: all times are whole ticks."""

    @property
    def trucks(self) -> int:
        return len(self.arrival)

    @property
    def end(self) -> int:
        """Late enough for the last truck to have left."""
        return (self.days + 30) * self.day

    @property
    def day(self) -> int:
        return DAY * self.tick

    def finer(self, times: int = 1000) -> "Case":
        """The same luck on a finer clock, where hardly any two things happen at once."""
        rng = np.random.default_rng(2)
        moment = np.sort(self.arrival * times + rng.integers(0, times, self.trucks))
        work = self.work * times + rng.integers(0, times, self.work.shape)
        return replace(
            self,
            arrival=moment,
            work=np.where(self.work >= 0, work, -1),
            hours=self.hours and (self.hours[0] * times, self.hours[1] * times),
            tick=self.tick * times,
        )


def round_the_clock(days: int = DAYS) -> Case:
    return _drawn("(a) open round the clock, 300 trucks a day", days, 300.0)


def in_the_daytime(days: int = DAYS) -> Case:
    title = "(b) open 08:00–20:00, 150 trucks a day arriving round the clock"
    return _drawn(title, days, 150.0, hours=(8 * 3600, 20 * 3600))


def scaled(times: int, days: int) -> Case:
    """So many times the traffic of (a), and so many times the servers."""
    stations = tuple(s._replace(servers=s.servers * times) for s in STATIONS)
    return _drawn(f"{times} × traffic", days, 300.0 * times, stations)


def in_a_row(count: int, trucks: int) -> Case:
    """The four stations again and again until there are so many."""
    stations = tuple(STATIONS[k % len(STATIONS)] for k in range(count))
    return _drawn(f"{count} stations", max(1, trucks // 300), 300.0, stations)


def _drawn(
    title: str,
    days: int,
    rate: float,
    stations: tuple[Station, ...] = STATIONS,
    hours: tuple[int, int] | None = None,
) -> Case:
    rng = np.random.default_rng(1)
    # Poisson arrivals: a Poisson number of trucks, each at any second alike.
    arrival = np.sort(rng.integers(0, days * DAY, rng.poisson(rate * days)))
    work = np.empty((len(arrival), len(stations)), dtype=np.int64)
    for column, station in zip(work.T, stations, strict=True):
        column[:] = np.rint(_seconds(rng, station, len(arrival)))
        if station.share < 1:
            column[rng.random(len(arrival)) >= station.share] = -1
    return Case(title, days, arrival, work, stations, hours)


def _seconds(rng: np.random.Generator, station: Station, size: int) -> np.ndarray:
    if station.cv is None:
        return rng.exponential(station.mean, size)
    sigma = math.sqrt(math.log(1 + station.cv**2))
    return rng.lognormal(math.log(station.mean) - sigma**2 / 2, sigma, size)
