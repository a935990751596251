"""The kinds of visits: what visits of one stage take and give that are alike in all but their work.

Token lists are made here for each way through a route that some truck takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.plan.choices import Choice
from portsim.plan.ranks import ranked
from portsim.plan.reach import Variants
from portsim.plan.tokens import Amounts, Bill, Lists, bills
from portsim.scenario.legs import Leg
from portsim.scenario.model import Scenario
from portsim.scenario.traffic import TruckClass

__all__ = ["ClassLaid", "Kinds", "kinds_of", "variants_of"]

Bools = NDArray[np.bool_]
_MOST_BITS = 40
"""Legs of a route whose passing is told in one number, beside that of the residents."""


@dataclass(frozen=True, eq=False, slots=True)
class Kinds:
    """What visits of one kind have in common, one row a kind: k kinds."""

    stage: Ints
    """int64[k]."""
    take: Ints
    """int64[k], token list, as the next two."""
    give_in: Ints
    give_out: Ints
    patient: Bools
    """bool[k]: the patience of the truck holds here."""
    tolerant: Bools
    """bool[k]: its tolerance holds here."""
    who: Ints
    """int64[k, 3], class, whether the preferred of it, and step of its route; int64[k, 0] where
    nobody has a rank by these."""


@dataclass(frozen=True, eq=False, slots=True)
class ClassLaid:
    """The trucks of one class with what they draw: m trucks, k legs of the route."""

    number: int
    words: TruckClass
    legs: tuple[Leg, ...]
    members: Ints
    passed: Bools
    """bool[m, k]."""
    work: Ints
    """Seconds of each visit, truck by truck."""
    preferred: Bools | None
    """bool[m]; None if the class knows no preferred trucks."""
    stands: Ints | None
    """int64[m], number of the leg at which a truck stands when the run begins, -1 of those that
    come later; None if all do."""
    holds: Mapping[int, Amounts]
    """Servers kept from stages before by some of those that stand, by position among the m."""
    choices: tuple[Choice, ...] = ()


def kinds_of(
    scenario: Scenario,
    cls: ClassLaid,
    residents: Ints,
    lists: Lists,
    rows: dict[tuple[int, ...], int],
) -> NDArray[np.int32]:
    """Kind of each visit of a class, truck by truck; kinds met for the first time are entered."""
    route = [leg.stage for leg in cls.legs]
    stages = {name: number for number, name in enumerate(scenario.stages)}
    # Of other ways those of the stage that is named first.
    said = [cls.words.route[leg.step].stage for leg in cls.legs]
    moods = [
        tuple(
            mood is not None and name in (mood.stages or said[:1])
            for mood in (cls.words.patience, cls.words.tolerance)
        )
        for name in said
    ]

    by_rank = ranked(scenario)
    preferred = np.zeros(len(cls.members), dtype=bool)
    if by_rank and cls.preferred is not None:
        preferred = cls.preferred

    def enter(
        table: NDArray[np.int32], passed: Sequence[bool], made: Sequence[Bill], first: bool
    ) -> None:
        for step, bill in zip(np.flatnonzero(passed).tolist(), made, strict=True):
            given = (lists.row(amounts) for amounts in (bill.take, bill.give_in, bill.give_out))
            who = (cls.number, int(first), cls.legs[step].step) if by_rank else ()
            row = (stages[route[step]], *given, *moods[step], *who)
            table[step] = rows.setdefault(row, len(rows))

    # Who is preferred stands beside what a truck passes.
    told = np.column_stack([cls.passed, preferred])
    alike, which = _alike(scenario, told, residents, route)
    table = np.zeros((len(alike), len(route)), dtype=np.int32)
    for number, ((*passed, first), people) in enumerate(alike):
        units = {"truck": 1, "piece": cls.words.pieces, "resident": people}
        enter(table[number], passed, bills(scenario, route, passed, units), first)
    kinds = table[which]
    # Trucks that stand alike are many where futures are drawn together.
    known: dict[tuple[Any, ...], NDArray[np.int32]] = {}
    for number, held in cls.holds.items():
        assert cls.stands is not None
        passed, people = cls.passed[number].tolist(), int(residents[number])
        at = int(cls.stands[number])
        first = bool(preferred[number])
        key = (*passed, first, people, at, *sorted(held.items()))
        if key not in known:
            units = {"truck": 1, "piece": cls.words.pieces, "resident": people}
            made = bills(scenario, route, passed, units, (at, held))
            known[key] = kinds[number].copy()
            enter(known[key], passed, made, first)
        kinds[number] = known[key]
    return kinds[cls.passed]


def _alike(
    scenario: Scenario, told: Bools, residents: Ints, route: list[str]
) -> tuple[list[tuple[list[bool], int]], Ints]:
    """Groups of trucks of which the same is told, and with the same residents if these count.

    Returns:
        What is told of the trucks of each group, and their residents; and the group of each truck.
    """
    per_resident = any(
        amount.per == "resident"
        for name in route
        for amounts in (scenario.stages[name].spends, scenario.stages[name].offers)
        for amount in amounts.values()
    )
    bits = told.shape[1]
    if bits > _MOST_BITS:
        # Too many for one number: the rows themselves are sorted.
        people = residents if per_resident else np.zeros(len(residents), dtype=np.int64)
        table = np.column_stack([told.astype(np.int64), people])
        rows, which = np.unique(table, axis=0, return_inverse=True)
        return [([bool(b) for b in row[:-1]], row[-1]) for row in rows.tolist()], which.ravel()
    code = residents << bits if per_resident else np.zeros(len(residents), dtype=np.int64)
    for bit in range(bits):
        code |= told[:, bit].astype(np.int64) << bit
    kinds = np.unique(code)
    groups = [
        ([bool(row >> bit & 1) for bit in range(bits)], row >> bits) for row in kinds.tolist()
    ]
    return groups, np.searchsorted(kinds, code)


def variants_of(
    scenario: Scenario,
    cls: ClassLaid,
    residents: Ints,
    lists: Lists,
    rows: dict[tuple[int, ...], int],
    together: Bools,
) -> Variants:
    """What the trucks of a class pass when chance lets them pass some steps only."""
    preferred = np.zeros(len(cls.members), dtype=bool) if cls.preferred is None else cls.preferred
    told = np.column_stack([cls.passed, preferred])
    route = [leg.stage for leg in cls.legs]
    _, group = _alike(scenario, told, residents, route)
    # One truck of each group stands for all of it.
    _, first = np.unique(group, return_index=True)
    step, sender = (np.array([getattr(leg, of) for leg in cls.legs]) for of in ("step", "sender"))
    legs_let = np.unique(together[:, step] & ((sender < 0) | together[:, sender]), axis=0)
    who = np.repeat(first, len(legs_let))
    passed = cls.passed[who] & np.tile(legs_let, (len(first), 1))
    each = replace(cls, members=cls.members[who], passed=passed)
    if cls.preferred is not None:
        each = replace(each, preferred=preferred[who])
    kinds = kinds_of(scenario, each, residents[who], lists, rows).tolist()
    ends = np.cumsum(passed.sum(axis=1)).tolist()
    by_legs: list[dict[tuple[int, ...], list[int]]] = [{} for _ in first]
    for row, end in enumerate(ends):
        legs_ = tuple(np.flatnonzero(passed[row]).tolist())
        by_legs[row // len(legs_let)][legs_] = kinds[end - len(legs_) : end]
    return Variants(group, [np.flatnonzero(cls.passed[row]).tolist() for row in first], by_legs)
