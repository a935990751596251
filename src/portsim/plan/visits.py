"""Visits: the stages each truck passes, its work there, and what it takes and gives.

The luck drawn with the trucks meets the words of the stages here. Calendars do not enter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals, own
from portsim.demand import MOST_DRAWN, Rounding, Trucks, inverse
from portsim.plan.choices import Choice, Told, all_ways, choice_at, told_ways
from portsim.plan.contract import NEVER, Ways
from portsim.plan.laid_kinds import ClassLaid, Kinds, kinds_of, variants_of
from portsim.plan.passing import (
    legs_driven,
    pass_as_told,
    preferred_of,
    skip_none,
    standing_of,
    steps_passed,
)
from portsim.plan.ranks import ranked
from portsim.plan.reach import Reach, Variants
from portsim.plan.returns import returns
from portsim.plan.tokens import Lists
from portsim.scenario.distributions import Distribution
from portsim.scenario.legs import Leg, legs, places_at
from portsim.scenario.model import Scenario
from portsim.scenario.recorded import Record
from portsim.scenario.stages import WorkTime

__all__ = ["Visits", "lay_out"]

Bools = NDArray[np.bool_]
_NOTHING_TOLD = Record(np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, eq=False, slots=True)
class Visits:
    """The visits of n trucks: v visits, those of truck k are [`first[k]`, `first[k + 1]`).

    Visits are many and alike, so each names its kind in place of all that kind says.
    """

    first: Ints
    """int64[n + 1]."""
    kind: NDArray[np.int32]
    """int32[v], row of `kinds`."""
    work: Ints
    """int64[v], seconds of work."""
    patience: Ints
    """int64[n], seconds, or NEVER."""
    tolerance: Ints
    """int64[n], trucks waiting, or NEVER."""
    preferred: Bools | None
    """bool[n], the truck has the priority of the preferred; None if no class has any."""
    kinds: Kinds
    times: Ints | None = None
    """int64[n], how often the truck would come again when it turns away or gives up; None if no
    class has such trucks."""
    after: Ints | None = None
    """int64[n, most], seconds from leaving to each of these comings."""
    ways: Ways | None = None
    """Visits that may be made in several ways; None if no class has such."""
    stands: Ints | None = None
    """int64[m], the visit at which each of the first m trucks stands, which are inside when the run
    begins; None if nobody is."""
    variants: Mapping[int, Variants] = field(default_factory=lambda: MappingProxyType({}))
    """By number of the class, what its trucks pass under other shares, where that was asked."""


def lay_out(
    scenario: Scenario,
    trucks: Trucks,
    lists: Lists,
    reach: Mapping[int, Reach] = MappingProxyType({}),
) -> Visits:
    """Lay out the visits of all trucks.

    Args:
        scenario: stages and routes.
        trucks: who comes, with their luck.
        lists: the table of token lists, which grows.
        reach: by number of the class, what its trucks pass under some shares; theirs are all visits
            that they would make under any, and what becomes of them under each stands in
            `variants`. None of these classes may have choices or trucks inside.
    """
    count = np.zeros(len(trucks.arrival), dtype=np.int64)
    patience, tolerance = (np.full(len(count), NEVER, dtype=np.int64) for _ in range(2))
    classes: list[ClassLaid] = []
    rounding = Rounding(scenario.origin.observed)
    for number in range(len(trucks.class_names)):
        cls = _draw(scenario, trucks, number, rounding, patience, tolerance, reach.get(number))
        count[cls.members] = cls.passed.sum(axis=1)
        classes.append(cls)
    first = np.concatenate([[0], np.cumsum(count)])
    kind, work = np.zeros(int(first[-1]), dtype=np.int32), np.zeros(int(first[-1]), dtype=np.int64)
    rows: dict[tuple[int, ...], int] = {}
    chosen: list[Told] = []
    variants: dict[int, Variants] = {}
    preferred: Bools | None = None
    stands = None if trucks.standing is None else np.zeros(len(trucks.standing), dtype=np.int64)
    for cls in classes:
        if cls.preferred is not None:
            preferred = np.zeros(len(count), dtype=bool) if preferred is None else preferred
            preferred[cls.members] = cls.preferred
        visits = count[cls.members]
        places = np.repeat(first[cls.members] - (np.cumsum(visits) - visits), visits)
        places += np.arange(len(places))
        residents = trucks.residents[cls.members]
        kind[places] = kinds_of(scenario, cls, residents, lists, rows)
        work[places] = cls.work
        if cls.number in reach:
            variants[cls.number] = variants_of(
                scenario, cls, residents, lists, rows, reach[cls.number].together
            )
        for choice in cls.choices:
            # Of all visits of the class those of one leg, truck by truck.
            here = (np.cumsum(cls.passed.ravel()) - 1).reshape(cls.passed.shape)
            at = here[cls.passed[:, choice.leg], choice.leg]
            kinds_of_ways = [
                kinds_of(other, replace(cls, legs=legs_), residents, lists, rows)[at]
                for other, legs_ in choice.ports
            ]
            chosen.append(told_ways(choice, places[at], kinds_of_ways))
        if stands is not None and cls.stands is not None:
            inside = np.flatnonzero(cls.stands >= 0)
            before = np.arange(len(cls.legs)) < cls.stands[inside, None]
            who = cls.members[inside]
            stands[who] = first[who] + (cls.passed[inside] & before).sum(axis=1)
    table = np.array(list(rows), dtype=np.int64).reshape(-1, 9 if ranked(scenario) else 6)
    stage, take, give_in, give_out, *moods = (own(row) for row in table[:, :6].T)
    patient, tolerant = (mood.astype(bool) for mood in moods)
    kinds = Kinds(stage, take, give_in, give_out, patient, tolerant, own(table[:, 6:]))
    times, after = returns(scenario, trucks)
    ways = all_ways(chosen, kind, work)
    moods_of = patience, tolerance, preferred
    return Visits(first, kind, work, *moods_of, kinds, times, after, ways, stands, variants)


def _draw(
    scenario: Scenario,
    trucks: Trucks,
    number: int,
    rounding: Rounding,
    patience: Ints,
    tolerance: Ints,
    reach: Reach | None,
) -> ClassLaid:
    """Draw what the trucks of a class do; enter their patience and tolerance."""
    words = scenario.traffic.classes[trucks.class_names[number]]
    members = trucks.members(number)

    def uniforms(distribution: Distribution[float], purpose: str, who: Ints) -> Reals:
        constant = distribution.constant is not None
        return np.zeros(len(who)) if constant else trucks.uniforms(number, purpose, who)

    def values(distribution: Distribution[float], purpose: str, who: Ints) -> Reals:
        u = uniforms(distribution, purpose, who)
        return inverse(distribution, u, scenario.origin.observed)

    def work(luck: str, time: WorkTime, who: Ints) -> Ints:
        parts = [
            (time.per_truck, "per_truck", None),
            (time.per_tonne, "per_tonne", trucks.tonnes),
            (time.per_resident, "per_resident", trucks.residents),
            *((time.per_piece, f"per_piece {piece}", None) for piece in range(words.pieces)),
        ]
        drawn = [(part, f"{luck} {name}", each) for part, name, each in parts if part is not None]
        first, purpose, amount = drawn[0]
        if len(drawn) == 1 and amount is None:
            return rounding.values(first, uniforms(first, purpose, who))
        seconds = np.zeros(len(who))
        for part, purpose, amount in drawn:
            value = values(part, purpose, who)
            seconds += value if amount is None else amount[who] * value
        return np.rint(np.minimum(seconds, MOST_DRAWN)).astype(np.int64)

    route = legs(words)
    stands, holds = standing_of(trucks, words, members)
    preferred = preferred_of(trucks, words, number, [leg.stage for leg in route], stands)
    recorded = words.arrivals.recorded
    told = None if recorded is None else scenario.origin.record(recorded)
    record = told or _NOTHING_TOLD
    who = trucks.record[members]
    passed = steps_passed(scenario, trucks, number, record, preferred, reach)
    if len(route) > len(words.route):
        passed = legs_driven(words, trucks, number, route, passed, stands)
    if stands is not None and any(number > 1 for _, number in places_at(words)):
        skip_none(words, trucks, members, passed, stands)
    if stands is not None:
        pass_as_told(passed, stands, holds, trucks.own_luck(members))
    choices: list[Choice] = []
    works = np.zeros(passed.shape, dtype=np.int64)
    for column, leg in enumerate(route):
        rows, step = np.flatnonzero(passed[:, column]), words.route[leg.step]
        drawn = work(leg.luck, step.time or scenario.stages[leg.stage].time, members[rows])
        works[rows, column] = _as_told(drawn, record, leg, who[rows])
        choice = choice_at(scenario, route, column, step)
        if choice is not None:
            others = [work(leg.luck, time, members[rows]) for time in choice.times]
            known = () if leg.stage in record.work else others
            sight = _sight(trucks, number, leg, choice, members[rows])
            choices.append(choice.drawn(works[rows, column], known, sight))
        if stands is not None:
            works[stands > column, column] = 0
    if words.patience is not None:
        drawn = np.rint(values(words.patience.time, "patience", members))
        patience[members] = np.maximum(1, drawn.astype(np.int64))
    if words.tolerance is not None:
        waiting = words.tolerance.waiting
        drawn = np.floor(values(waiting, "tolerance", members)).astype(np.int64)
        # Nobody turns away from a queue of nobody, unless just that is written: a small number
        # drawn from a distribution means a truck that bears no queue, not one that never comes.
        tolerance[members] = drawn if waiting.constant is not None else np.maximum(1, drawn)
    rest = preferred, stands, holds, _made(choices, trucks, members, passed, stands)
    return ClassLaid(number, words, route, members, passed, works[passed], *rest)


def _sight(trucks: Trucks, number: int, leg: Leg, choice: Choice, who: Ints) -> Reals | None:
    """Where trucks of a class begin to look, in [0, 1); None where they see all."""
    return trucks.uniforms(number, f"{leg.luck} sight", who) if choice.sight else None


def _made(
    choices: list[Choice], trucks: Trucks, members: Ints, passed: Bools, stands: Ints | None
) -> tuple[Choice, ...]:
    """The choices of a class, made by those who stand there or beyond when the run begins."""
    if stands is None or trucks.standing is None:
        return tuple(choices)
    rows = [np.flatnonzero(passed[:, choice.leg]) for choice in choices]
    return tuple(
        choice.settled(trucks.standing, members[some], stands[some] - choice.leg)
        for choice, some in zip(choices, rows, strict=True)
    )


def _as_told(drawn: Ints, record: Record, leg: Leg, who: Ints) -> Ints:
    """Work as it was recorded, where it was: m trucks that are `who` in the record."""
    if leg.round or leg.stage not in record.work:
        return drawn
    told = np.where(who < 0, np.nan, record.work[leg.stage][who])
    return np.where(np.isnan(told), drawn, np.rint(np.nan_to_num(told)).astype(np.int64))
