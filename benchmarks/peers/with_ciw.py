"""Ciw: a network of nodes; draws come in through `Sequential` and a distribution of our own.

Ciw settles what falls into the same second by lot, so its mean stay may differ by a little.
Closing hours are server schedules. By Ciw's rule (`preemption=False`) servers whose shift ends
finish their truck, and a new shift comes in full beside those that are still at work. A night of
twelve hours is longer than any work here, so nobody is left in the morning and the rules agree.
"""

from collections.abc import Callable
from typing import Any

import ciw
import numpy as np

from workload import Case


class Given(ciw.dists.Distribution):
    """The work of each truck at a station, looked up by the number of the truck."""

    def __init__(self, works: list[int]) -> None:
        super().__init__()
        self.works = works

    def sample(self, t: float | None = None, ind: Any = None) -> int:
        return self.works[ind.id_number - 1]


def prepare(case: Case) -> Callable[[], ciw.Simulation]:
    nodes = len(case.stations)
    # The arrivals never run dry: after the last truck the next one comes at infinity.
    gaps = [*np.diff(case.arrival, prepend=0).tolist(), float("inf")]
    assert (case.work[:, 0] >= 0).all(), "every truck has to begin at the first node"
    routes = [np.nonzero(row)[0] + 2 for row in case.work[:, 1:] >= 0]
    routes = [route.tolist() for route in routes]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential(gaps)] + [None] * (nodes - 1),
        service_distributions=[Given(works) for works in case.work.T.tolist()],
        number_of_servers=[_servers(case, station.servers) for station in case.stations],
        routing=ciw.routing.ProcessBased(lambda ind, _: list(routes[ind.id_number - 1])),
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)  # copies the draws: preparation as well

    def simulate() -> ciw.Simulation:
        simulation.simulate_until_max_customers(case.trucks, method="Finish")
        return simulation

    return simulate


def _servers(case: Case, servers: int) -> int | ciw.Schedule:
    if case.hours is None:
        return servers
    opens, closes = case.hours
    # The cycle begins at the first opening and before that there are no servers.
    return ciw.Schedule(
        numbers_of_servers=[servers, 0],
        shift_end_dates=[closes - opens, case.day],
        offset=float(opens),
    )


def mean_stay(simulation: ciw.Simulation) -> float:
    came: dict[int, float] = {}
    left: dict[int, float] = {}
    for record in simulation.get_all_records():
        truck = record.id_number
        came[truck] = min(came.get(truck, record.arrival_date), record.arrival_date)
        left[truck] = max(left.get(truck, 0), record.exit_date)
    return float(np.mean([left[truck] - came[truck] for truck in came]))
