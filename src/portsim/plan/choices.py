"""Choices: the words `or_shorter`, `overflow` and `instead_of` become ways of visits.

What each truck sees and how long its work lasts in each way is told here; which way it goes is for
an engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.demand import Standing
from portsim.plan.contract import FITTING, SHORTEST, Ways
from portsim.scenario.legs import Leg
from portsim.scenario.model import Scenario
from portsim.scenario.stages import WorkTime
from portsim.scenario.traffic import Step

__all__ = ["Choice", "Told", "all_ways", "choice_at", "told_ways"]


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """The ways of one leg of a route: k of them, for m trucks."""

    leg: int
    """Place in the legs of the route."""
    rule: int
    ports: tuple[tuple[Scenario, tuple[Leg, ...]], ...]
    """The scenario and the legs that each way would have if it were the only one."""
    names: tuple[str, ...]
    """Of each way: its stage; of FITTING ways the servers that do in place of others, empty of the
    first."""
    times: tuple[WorkTime, ...]
    """Of all ways but the first; those of FITTING ways are that of the first."""
    milli: Ints
    """int64[k], thousandths by which works are multiplied."""
    sight: int = 0
    """How many of the ways a truck sees, 0 for all."""
    work: Ints | None = None
    """int64[m, k], seconds."""
    seen: NDArray[np.bool_] | None = None
    """bool[m, k]."""

    def drawn(self, first: Ints, others: Sequence[Ints], u: Reals | None) -> "Choice":
        """The choice with the works of its trucks, and what they see.

        In: int64[m], of the first way and of the others, which are as the first if none are told;
        float64[m], where each begins to look, or None.
        """
        count = len(self.ports)
        work = np.column_stack([first, *(others or [first] * (count - 1))])
        seen = np.ones(work.shape, dtype=bool)
        if u is not None:
            begins = np.minimum((u * count).astype(np.int64), count - 1)
            seen = (np.arange(count) - begins[:, None]) % count < self.sight
        return replace(self, work=(work * self.milli + 500) // 1000, seen=seen)

    def settled(self, standing: Standing, who: Ints, beyond: Ints) -> "Choice":
        """The choice where some trucks are inside when the run begins, and have made it.

        Args:
            standing: how those inside stand.
            who: int64[m], the trucks.
            beyond: int64[m], how many legs further on each stands; negative of those that come to
                it later.
        """
        assert self.work is not None
        assert self.seen is not None
        work, seen = self.work.copy(), self.seen.copy()
        for row in np.flatnonzero(beyond >= 0).tolist():
            truck, way = int(who[row]), 0
            if beyond[row]:
                work[row] = 0
            elif self.rule != FITTING:
                way = self.names.index(standing.stages[truck])
            elif not standing.working[truck]:
                continue
            elif standing.by[truck] in self.names:
                way = self.names.index(standing.by[truck])
            seen[row] = np.arange(len(self.names)) == way
        return replace(self, work=work, seen=seen)


@dataclass(frozen=True, eq=False, slots=True)
class Told:
    """The ways of some visits: m visits, k ways."""

    visit: Ints
    rule: int
    kind: Ints
    """int64[m, k], as the next one."""
    work: Ints
    seen: NDArray[np.bool_]


def choice_at(scenario: Scenario, route: Sequence[Leg], place: int, step: Step) -> Choice | None:
    """What there is to choose on a leg of a route; None if nothing."""
    leg, stage = route[place], scenario.stages[route[place].stage]
    if step.others:
        legs = [
            (*route[:place], replace(leg, stage=other), *route[place + 1 :])
            for other in (leg.stage, *step.others)
        ]
        shorter = step.or_shorter
        sight = 0 if shorter is None or shorter.sight is None else shorter.sight
        return Choice(
            leg=place,
            rule=SHORTEST if step.overflow is None else step.overflow.when_waiting,
            ports=tuple((scenario, legs_) for legs_ in legs),
            names=(leg.stage, *step.others),
            times=tuple(step.time or scenario.stages[other].time for other in step.others),
            milli=np.full(len(legs), 1000),
            sight=0 if sight >= len(legs) else sight,
        )
    swapped = stage.swapped()
    if not swapped:
        return None
    ports = [
        scenario.model_copy(update={"stages": {**scenario.stages, leg.stage: other}})
        for other in (stage, *(other for other, _ in swapped))
    ]
    return Choice(
        leg=place,
        rule=FITTING,
        ports=tuple((port, tuple(route)) for port in ports),
        names=("", *stage.instead),
        times=tuple(step.time or stage.time for _ in swapped),
        milli=np.array([1000, *(round(1000 * factor) for _, factor in swapped)]),
    )


def told_ways(choice: Choice, visit: Ints, kinds: Sequence[NDArray[np.int32]]) -> Told:
    """The ways of the visits of a leg: int64[m] visits, and int32[m] the kind of each way."""
    assert choice.work is not None
    assert choice.seen is not None
    kind = np.column_stack(kinds).astype(np.int64)
    return Told(visit, choice.rule, kind, choice.work, choice.seen)


def all_ways(told: Sequence[Told], kind: NDArray[np.int32], work: Ints) -> Ways | None:
    """The ways of all visits; who sees one way only goes that, and visits are what their first way
    says.

    Args:
        told: leg by leg.
        kind, work: of all visits; they are written to.
    """
    if not told:
        return None
    for some in told:
        first = some.seen.argmax(axis=1)
        rows = np.arange(len(first))
        kind[some.visit], work[some.visit] = some.kind[rows, first], some.work[rows, first]
    several = [some.seen.sum(axis=1) > 1 for some in told]
    visit = np.concatenate([t.visit[s] for t, s in zip(told, several, strict=True)])
    rule = np.concatenate(
        [np.full(int(s.sum()), t.rule) for t, s in zip(told, several, strict=True)]
    )
    seen = [t.seen & s[:, None] for t, s in zip(told, several, strict=True)]
    count = np.concatenate([s.sum(axis=1)[m] for s, m in zip(seen, several, strict=True)])
    kinds = np.concatenate([t.kind[s] for t, s in zip(told, seen, strict=True)])
    works = np.concatenate([t.work[s] for t, s in zip(told, seen, strict=True)])
    begin = np.cumsum(count) - count
    order = np.argsort(visit, kind="stable")
    start = np.concatenate([[0], np.cumsum(count[order])]).astype(np.int64)
    of = np.repeat(begin[order] - start[:-1], count[order]) + np.arange(int(start[-1]))
    return Ways(visit[order], rule[order], start, kinds[of], works[of])
