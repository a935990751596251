"""Token lists: the words takes, spends, offers and until become what each visit takes and gives.

Only one route of one kind of truck is looked at here, with names still in place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from portsim.arrays import Ints
from portsim.scenario.model import Scenario
from portsim.scenario.stages import Stage

__all__ = ["Amounts", "Bill", "Lists", "bills"]

Amounts = Mapping[str, int]
"""Tokens by resource."""


@dataclass(slots=True)
class Bill:
    """What one visit takes at its admission, and gives at its admission and at its end."""

    take: dict[str, int] = field(default_factory=dict)
    give_in: dict[str, int] = field(default_factory=dict)
    give_out: dict[str, int] = field(default_factory=dict)


def bills(
    scenario: Scenario,
    route: Sequence[str],
    passed: Sequence[bool],
    units: Mapping[str, int],
    held: tuple[int, Amounts] | None = None,
) -> list[Bill]:
    """Work out what a truck takes and gives at each stage it passes.

    Args:
        scenario: stages and resources.
        route: names of the stages of its class, in order, one for each leg.
        passed: which of them this truck passes.
        units: how many pieces and residents it has, and 1 truck, for amounts per unit.
        held: of a truck that is inside from the beginning the place in its route at which it
            stands, and the servers that it keeps from stages before; None where the route tells.

    Returns:
        One bill for each stage passed. Servers kept until a stage that the truck skips go back at
        the first later stage it passes; whatever is still held at the last end of work is given
        there.
    """
    of_stages: list[Bill] = []
    kept: list[tuple[int, str, int, str]] = []
    told = {} if held is None else _shared_out(scenario, route, passed, *held)
    for number, name in enumerate(route):
        if not passed[number]:
            continue
        stage, bill = scenario.stages[name], Bill()
        # Nobody keeps a bay while it waits for another one of the same stage.
        due = [item for item in kept if item[0] <= number or item[3] == name]
        kept = [item for item in kept if not (item[0] <= number or item[3] == name)]
        for _, resource, count, _ in due:
            _add(bill.give_in, resource, count)
        for resource, take in stage.takes.items():
            count = scenario.resources[resource].largest if take.count == "all" else take.count
            count = told.get((number, resource), count)
            _add(bill.take, resource, count)
            if take.until == "end":
                _add(bill.give_out, resource, count)
            elif count:
                # What is said to be kept has not come back where it should have.
                least = held[0] if held is not None and number < held[0] else 0
                kept.append((max(take.given_at(number, route), least), resource, count, name))
        _add_amounts(stage, bill, units)
        of_stages.append(bill)
    for _, resource, count, _ in kept:
        _add(of_stages[-1].give_out, resource, count)
    return of_stages


def _shared_out(
    scenario: Scenario, route: Sequence[str], passed: Sequence[bool], at: int, held: Amounts
) -> dict[tuple[int, str], int]:
    """How many of what a truck keeps it took at each stage before; what it gave back it never took.

    Those that it keeps for longest are told first.
    """
    left, told = dict(held), {}
    # Where a stage was passed once more, it gave back what it had taken before.
    last = {name: number for number, name in enumerate(route[:at]) if passed[number]}
    takes = [
        (take.given_at(number, route), number, resource, take.count)
        for number, name in enumerate(route[:at])
        for resource, take in scenario.stages[name].takes.items()
        if take.until != "end"
    ]
    for _, number, resource, count in sorted(takes, key=lambda row: (-row[0], row[1])):
        most = scenario.resources[resource].largest if count == "all" else count
        told[number, resource] = 0
        if last.get(route[number]) == number:
            told[number, resource] = min(most, left.get(resource, 0))
        left[resource] = left.get(resource, 0) - told[number, resource]
    return told


def _add_amounts(stage: Stage, bill: Bill, units: Mapping[str, int]) -> None:
    for resource, amount in stage.spends.items():
        _add(bill.take, resource, amount.count * units[amount.per])
    for resource, amount in stage.offers.items():
        _add(bill.give_out, resource, amount.count * units[amount.per])


def _add(amounts: dict[str, int], resource: str, count: int) -> None:
    if count:
        amounts[resource] = amounts.get(resource, 0) + count


class Lists:
    """The table of token lists of a plan: each list stands in it once."""

    def __init__(self, resources: Sequence[str]) -> None:
        self.numbers = {name: number for number, name in enumerate(resources)}
        self.rows: dict[tuple[tuple[int, int], ...], int] = {(): 0}

    def row(self, amounts: Amounts) -> int:
        """Number of the list that holds these tokens."""
        pairs = tuple(
            sorted((self.numbers[resource], count) for resource, count in amounts.items())
        )
        return self.rows.setdefault(pairs, len(self.rows))

    def table(self) -> tuple[Ints, Ints, Ints]:
        """The lists as `list_start`, `list_resource` and `list_count` of a plan, int64."""
        starts = np.cumsum([0, *(len(row) for row in self.rows)])
        pairs = np.array([pair for row in self.rows for pair in row], dtype=np.int64).reshape(-1, 2)
        return starts.astype(np.int64), pairs[:, 0].copy(), pairs[:, 1].copy()
