"""Visits: the stages each truck passes, its work there, and what it takes and gives.

The luck drawn with the trucks meets the words of the stages here. Calendars do not enter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.demand import Trucks, inverse
from portsim.plan.contract import NEVER
from portsim.plan.tokens import Lists, bills
from portsim.scenario.distributions import Distribution
from portsim.scenario.model import Scenario
from portsim.scenario.stages import WorkTime
from portsim.scenario.traffic import TruckClass

__all__ = ["Visits", "lay_out"]


@dataclass(frozen=True, eq=False, slots=True)
class Visits:
    """The visits of all trucks in the columns of a plan."""

    first: Ints
    stage: Ints
    work: Ints
    take: Ints
    give_in: Ints
    give_out: Ints
    patience: Ints
    tolerance: Ints


@dataclass(frozen=True, eq=False, slots=True)
class _Class:
    """The trucks of one class with what they draw: m trucks, k steps of the route."""

    words: TruckClass
    members: Ints
    passed: np.ndarray
    work: Ints
    patience: Ints
    tolerance: Ints
    residents: Ints


def lay_out(scenario: Scenario, trucks: Trucks, lists: Lists) -> Visits:
    """Lay out the visits of all trucks.

    Args:
        scenario: stages and routes.
        trucks: who comes, with their luck.
        lists: the table of token lists, which grows.
    """
    classes = [_draw(scenario, trucks, number) for number in range(len(trucks.class_names))]
    count = np.zeros(len(trucks.arrival), dtype=np.int64)
    for cls in classes:
        count[cls.members] = cls.passed.sum(axis=1)
    first = np.concatenate([[0], np.cumsum(count)])
    visits = Visits(first, *(np.zeros(int(first[-1]), dtype=np.int64) for _ in range(7)))
    visits.patience[:] = NEVER
    visits.tolerance[:] = NEVER
    numbers = {name: number for number, name in enumerate(scenario.stages)}
    for cls in classes:
        _fill(scenario, cls, visits, lists, numbers)
    return visits


def _draw(scenario: Scenario, trucks: Trucks, number: int) -> _Class:
    name = trucks.class_names[number]
    words = scenario.traffic.classes[name]
    members = trucks.members(number)

    def values(distribution: Distribution[float], purpose: str) -> Reals:
        constant = distribution.constant is not None
        u = np.zeros(len(members)) if constant else trucks.uniforms(number, purpose)
        return inverse(distribution, u, scenario.origin.observed)

    amounts = {
        "per_truck": np.ones(len(members)),
        "per_tonne": trucks.tonnes[members],
        "per_resident": trucks.residents[members].astype(np.float64),
    }

    def work(stage: str, time: WorkTime) -> Ints:
        seconds = np.zeros(len(members))
        for part, amount in amounts.items():
            distribution = getattr(time, part)
            if distribution is not None:
                seconds += amount * values(distribution, f"{stage} {part}")
        for piece in range(words.pieces if time.per_piece is not None else 0):
            assert time.per_piece is not None
            seconds += values(time.per_piece, f"{stage} per_piece {piece}")
        return np.rint(seconds).astype(np.int64)

    def passes(stage: str, share: float) -> np.ndarray:
        if share >= 1.0:
            return np.ones(len(members), dtype=bool)
        return trucks.uniforms(number, f"{stage} share") < share

    stages = [(step, scenario.stages[step.stage]) for step in words.route]
    passed = [
        passes(step.stage, stage.share if step.share is None else step.share)
        for step, stage in stages
    ]
    works = [work(step.stage, step.time or stage.time) for step, stage in stages]
    never = np.full(len(members), NEVER)
    patience, tolerance = never, never
    if words.patience is not None:
        patience = np.maximum(1, np.rint(values(words.patience.time, "patience")).astype(np.int64))
    if words.tolerance is not None:
        tolerance = np.floor(values(words.tolerance.waiting, "tolerance")).astype(np.int64)
    return _Class(
        words=words,
        members=members,
        passed=np.stack(passed, axis=1),
        work=np.stack(works, axis=1),
        patience=patience,
        tolerance=tolerance,
        residents=trucks.residents[members],
    )


def _fill(
    scenario: Scenario, cls: _Class, visits: Visits, lists: Lists, numbers: dict[str, int]
) -> None:
    route = [step.stage for step in cls.words.route]
    for passed, same, residents in _alike(scenario, cls, route):
        units = {"truck": 1, "piece": cls.words.pieces, "resident": residents}
        steps = np.flatnonzero(passed).tolist()
        found = bills(scenario, route, passed, units)
        for position, (step, bill) in enumerate(zip(steps, found, strict=True)):
            at = visits.first[cls.members[same]] + position
            name = route[step]
            visits.stage[at] = numbers[name]
            visits.work[at] = cls.work[same, step]
            visits.take[at] = lists.row(bill.take)
            visits.give_in[at] = lists.row(bill.give_in)
            visits.give_out[at] = lists.row(bill.give_out)
            for words, drawn, column in (
                (cls.words.patience, cls.patience, visits.patience),
                (cls.words.tolerance, cls.tolerance, visits.tolerance),
            ):
                if words is not None and name in (words.stages or route[:1]):
                    column[at] = drawn[same]


def _alike(
    scenario: Scenario, cls: _Class, route: list[str]
) -> Iterator[tuple[list[bool], Ints, int]]:
    """Groups of trucks that pass the same stages, and have the same residents if these count."""
    per_resident = any(
        amount.per == "resident"
        for name in route
        for amounts in (scenario.stages[name].spends, scenario.stages[name].offers)
        for amount in amounts.values()
    )
    bits = len(route)
    code = cls.passed.astype(np.int64) @ (1 << np.arange(bits))
    if per_resident:
        code += cls.residents << bits
    kinds, kind = np.unique(code, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    edges = np.searchsorted(kind[order], np.arange(len(kinds) + 1))
    for number, row in enumerate(kinds.tolist()):
        same = order[edges[number] : edges[number + 1]]
        yield [bool(row >> bit & 1) for bit in range(bits)], same, row >> bits
