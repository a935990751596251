"""The same queues in Ciw, for what Ciw can express: the means must agree within intervals.

A network with priorities, groups that come together, blocking between two stations, the shorter of
two lines, a share that is sent back, and shifts that overlap; each in both programs with luck of
its own. In Ciw the officers of a new shift always work beside those of the old one who still finish
a truck: here that is a choice, and without it tests/theory holds rosters against the Kolmogorov
equations. All works of those shifts last as long, for who ends first is taken for the one who goes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ciw
import numpy as np
from scipy import stats

import portsim
from theory.cases import Case, scenario

DAYS, WARM_UP, REPLICATIONS = 56, 28, 60
LEVEL = 0.999


@dataclass(frozen=True)
class Both:
    """A port in the words of portsim, and in those of Ciw; which waits are compared."""

    name: str
    port: str
    network: Callable[[], object]
    waits: tuple[tuple[str, str, int, str], ...]
    """Class and stage here, node and class there."""


def network() -> Both:
    """Three stations, a lognormal service, a green lane, half of the trucks scanned."""
    sigma = np.sqrt(np.log(1.81))

    def theirs() -> object:
        exp, log = ciw.dists.Exponential, ciw.dists.Lognormal
        route = [[0.0, 0.5, 0.5], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
        service = [exp(3.0), log(np.log(1.0) - sigma**2 / 2, sigma), exp(1 / 0.75)]
        return ciw.create_network(
            arrival_distributions={
                "fruit": [exp(0.5), None, None],
                "other": [exp(1.5), None, None],
            },
            service_distributions={"fruit": service, "other": service},
            routing={"fruit": route, "other": route},
            number_of_servers=[1, 2, 3],
            priority_classes={"fruit": 0, "other": 1},
        )

    port = """\
resources:
  gate-officers: {capacity: 1}
  scanners: {capacity: 2}
  clerks: {capacity: 3}
stages:
  gate: {takes: {gate-officers: 1}, time: {exponential: {mean: 20 min}}}
  scan: {takes: {scanners: 1}, share: 0.5, time: {lognormal: {mean: 60 min, cv: 0.9}}}
  release: {takes: {clerks: 1}, time: {exponential: {mean: 45 min}}}
traffic:
  fruit:
    {direction: export, priority: -1, arrivals: {rate: 12 per day}, route: [gate, scan, release]}
  other: {direction: export, arrivals: {rate: 36 per day}, route: [gate, scan, release]}
"""
    stages = ("gate", "scan", "release")
    waits = tuple((c, s, n, c) for c in ("fruit", "other") for n, s in enumerate(stages, 1))
    return Both("Network with priorities", port, theirs, waits)


def groups() -> Both:
    """Three trucks come together; service in four phases."""

    def theirs() -> object:
        return ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(1.0)],
            batching_distributions=[ciw.dists.Deterministic(3)],
            service_distributions=[ciw.dists.Gamma(4.0, 0.125)],
            number_of_servers=[2],
        )

    port = """\
resources:
  officers: {capacity: 2}
stages:
  desk: {takes: {officers: 1}, time: {erlang: {mean: 30 min, k: 4}}}
traffic:
  lorries: {direction: export, arrivals: {rate: 72 per day, together: 3}, route: [desk]}
"""
    return Both("Groups of three", port, theirs, (("lorries", "desk", 1, "Customer"),))


def blocking() -> Both:
    """Nobody waits between two stations."""

    def theirs() -> object:
        return ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(0.8), None],
            service_distributions=[ciw.dists.Exponential(2.0), ciw.dists.Exponential(2.0)],
            routing=[[0.0, 1.0], [0.0, 0.0]],
            number_of_servers=[1, 1],
            queue_capacities=[float("inf"), 0],
        )

    port = """\
resources:
  gate: {capacity: 1}
  post: {capacity: 1}
stages:
  near: {takes: {gate: {count: 1, until: next}}, time: {exponential: {mean: 30 min}}}
  far: {takes: {post: 1}, time: {exponential: {mean: 30 min}}}
traffic:
  lorries: {direction: export, arrivals: {rate: 19.2 per day}, route: [near, far]}
"""
    return Both("Two stations with blocking", port, theirs, (("lorries", "near", 1, "Customer"),))


def shorter() -> Both:
    """Two lanes with a line each; the one with fewer trucks is joined, of equal ones the first."""

    def theirs() -> object:
        choice = ciw.routing.LoadBalancing(destinations=[2, 3], tie_break="order")
        return ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(3.2), None, None],
            service_distributions=[
                ciw.dists.Deterministic(0.0),
                ciw.dists.Gamma(4.0, 0.125),
                ciw.dists.Gamma(4.0, 0.125),
            ],
            routing=ciw.routing.NetworkRouting(
                routers=[choice, ciw.routing.Leave(), ciw.routing.Leave()]
            ),
            number_of_servers=[float("inf"), 1, 1],
        )

    port = """\
resources:
  first: {capacity: 1}
  second: {capacity: 1}
stages:
  lane 1: {takes: {first: 1}, time: {erlang: {mean: 30 min, k: 4}}}
  lane 2: {takes: {second: 1}, time: {erlang: {mean: 30 min, k: 4}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 76.8 per day}
    route: [{stage: lane 1, or_shorter: lane 2}]
"""
    waits = (("lorries", "lane 1", 2, "Customer"), ("lorries", "lane 2", 3, "Customer"))
    return Both("The shorter of two lines", port, theirs, waits)


def sent_back() -> Both:
    """Three of ten are sent back to the same desk, with other work each time."""

    def theirs() -> object:
        return ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(1.96)],
            service_distributions=[ciw.dists.Gamma(4.0, 0.125)],
            routing=[[0.3]],
            number_of_servers=[2],
        )

    port = """\
resources:
  officers: {capacity: 2}
stages:
  desk: {takes: {officers: 1}, time: {erlang: {mean: 30 min, k: 4}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 47.04 per day}
    route: [{stage: desk, sent_back: {share: 0.3, at_most: 20}}]
"""
    return Both("Sent back to the desk", port, theirs, (("lorries", "desk", 1, "Customer"),))


def overlapping() -> Both:
    """Two officers, then one, then two, each shift finishing beside the next."""

    def theirs() -> object:
        return ciw.create_network(
            arrival_distributions=[ciw.dists.Exponential(2.7)],
            service_distributions=[ciw.dists.Deterministic(0.5)],
            number_of_servers=[
                ciw.Schedule(
                    numbers_of_servers=[2, 1, 2], shift_end_dates=[10.0, 16.0, 24.0], offset=6.0
                )
            ],
        )

    port = """\
calendars:
  early: {hours: "06:00-16:00"}
  late: {hours: "16:00-22:00"}
  night: {hours: "22:00-06:00"}
resources:
  officers:
    roster: [{calendar: early, count: 2}, {calendar: late, count: 1}, {calendar: night, count: 2}]
    handover: overlap
stages:
  desk: {takes: {officers: 1}, at_close: finish, time: 30 min}
traffic:
  lorries: {direction: export, arrivals: {rate: 64.8 per day}, route: [desk]}
"""
    waits = (("lorries", "desk", 1, "Customer"),)
    return Both("Shifts that overlap", port, theirs, waits)


def ciw_cases(folder: Path) -> tuple[list[str], int]:
    """Lines of a table with the mean waits of both programs, and how many differ."""
    lines = [
        "",
        "## Beside Ciw",
        "",
        (
            f"Mean waits in hours of {REPLICATIONS} replications of {DAYS} days in portsim and in "
            f"Ciw {ciw.__version__}, each with luck of its own; the difference with its 99.9 % "
            "interval (Welch)."
        ),
        "",
        "| queue | class, stage | portsim | Ciw | difference |",
        "| --- | --- | --: | --: | --: |",
    ]
    differ = 0
    for make in (network, groups, blocking, shorter, sent_back, overlapping):
        both = make()
        case = Case(both.name, "", both.port, ())
        file = folder / "both.yaml"
        file.write_text(scenario(case, REPLICATIONS, 7, DAYS), encoding="utf-8")
        ours = portsim.run(portsim.load(file), audit="none").replications
        theirs = [_their_waits(both, seed) for seed in range(REPLICATIONS)]
        for k, (cls, stage, _, _) in enumerate(both.waits):
            mine = ours[
                (ours["truck_class"] == cls)
                & (ours["place"] == stage)
                & (ours["measure"] == "wait_open_mean_h")
            ]["value"].to_numpy()
            other = np.array([waits[k] for waits in theirs])
            half = stats.ttest_ind(mine, other, equal_var=False).confidence_interval(LEVEL)
            gap = mine.mean() - other.mean()
            differ += not half.low <= 0 <= half.high
            lines.append(
                f"| {both.name} | {cls}, {stage} | {mine.mean():.4f} | {other.mean():.4f} "
                f"| {gap:+.4f} ± {(half.high - half.low) / 2:.4f} |"
            )
    return lines, differ


def _their_waits(both: Both, seed: int) -> list[float]:
    ciw.seed(seed)
    simulation = ciw.Simulation(both.network())
    end = 24.0 * (WARM_UP + DAYS)
    simulation.simulate_until_max_time(end)
    records = simulation.get_all_records()
    return [
        float(
            np.mean(
                [
                    r.waiting_time
                    for r in records
                    if r.node == node
                    and r.customer_class == cls
                    and 24.0 * WARM_UP <= r.arrival_date < end - 2
                ]
            )
        )
        for _, _, node, cls in both.waits
    ]
