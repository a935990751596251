"""Visits: the stages each truck passes, its work there, and what it takes and gives.

The luck drawn with the trucks meets the words of the stages here. Calendars do not enter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals, own
from portsim.demand import MOST_DRAWN, Rounding, Trucks, inverse
from portsim.plan.choices import Choice, Told, all_ways, choice_at, told_ways
from portsim.plan.contract import NEVER, Ways
from portsim.plan.ranks import ranked
from portsim.plan.returns import returns, times_drawn
from portsim.plan.tokens import Amounts, Bill, Lists, bills
from portsim.scenario.distributions import Distribution
from portsim.scenario.legs import Leg, legs
from portsim.scenario.model import Scenario
from portsim.scenario.recorded import Record
from portsim.scenario.stages import WorkTime
from portsim.scenario.traffic import TruckClass

__all__ = ["Kinds", "Visits", "lay_out"]

Bools = NDArray[np.bool_]
_MOST_BITS = 40
"""Legs of a route whose passing is told in one number, beside that of the residents."""
_NOTHING_TOLD = Record(np.zeros(0, dtype=np.int64))


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


@dataclass(frozen=True, eq=False, slots=True)
class _Class:
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


def lay_out(scenario: Scenario, trucks: Trucks, lists: Lists) -> Visits:
    """Lay out the visits of all trucks.

    Args:
        scenario: stages and routes.
        trucks: who comes, with their luck.
        lists: the table of token lists, which grows.
    """
    count = np.zeros(len(trucks.arrival), dtype=np.int64)
    patience, tolerance = (np.full(len(count), NEVER, dtype=np.int64) for _ in range(2))
    classes: list[_Class] = []
    rounding = Rounding(scenario.origin.observed)
    for number in range(len(trucks.class_names)):
        cls = _draw(scenario, trucks, number, rounding, patience, tolerance)
        count[cls.members] = cls.passed.sum(axis=1)
        classes.append(cls)
    first = np.concatenate([[0], np.cumsum(count)])
    kind, work = np.zeros(int(first[-1]), dtype=np.int32), np.zeros(int(first[-1]), dtype=np.int64)
    rows: dict[tuple[int, ...], int] = {}
    chosen: list[Told] = []
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
        kind[places] = _kinds_of(scenario, cls, residents, lists, rows)
        work[places] = cls.work
        for choice in cls.choices:
            # Of all visits of the class those of one leg, truck by truck.
            here = (np.cumsum(cls.passed.ravel()) - 1).reshape(cls.passed.shape)
            at = here[cls.passed[:, choice.leg], choice.leg]
            kinds_of_ways = [
                _kinds_of(other, replace(cls, legs=legs_), residents, lists, rows)[at]
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
    return Visits(first, kind, work, *moods_of, kinds, times, after, ways, stands)


def _draw(
    scenario: Scenario,
    trucks: Trucks,
    number: int,
    rounding: Rounding,
    patience: Ints,
    tolerance: Ints,
) -> _Class:
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
    stands, holds = _standing(trucks, route, members)
    preferred = _preferred(trucks, words, number, [leg.stage for leg in route], stands)
    recorded = words.arrivals.recorded
    told = None if recorded is None else scenario.origin.record(recorded)
    record = told or _NOTHING_TOLD
    who = trucks.record[members]
    passed = _passed(scenario, trucks, number, record, preferred)
    if len(route) > len(words.route):
        passed = _again(words, trucks, number, route, passed, stands)
    if stands is not None and len({leg.stage for leg in route}) < len(route):
        _skipped_none(trucks, route, members, passed, stands)
    if stands is not None:
        _pass_as_told(passed, stands, holds, trucks.own_luck(members))
    choices: list[Choice] = []
    works = np.zeros(passed.shape, dtype=np.int64)
    for column, leg in enumerate(route):
        rows, step = np.flatnonzero(passed[:, column]), words.route[leg.step]
        drawn = work(leg.luck, step.time or scenario.stages[leg.stage].time, members[rows])
        works[rows, column] = _as_told(drawn, record, leg, who[rows])
        choice = choice_at(scenario, route, column, step)
        if choice is not None:
            others = [work(leg.luck, time, members[rows]) for time in choice.times]
            sight = _sight(trucks, number, leg, choice, members[rows])
            known = () if leg.stage in record.work else others
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
    rest = preferred, stands, holds, tuple(choices)
    return _Class(number, words, route, members, passed, works[passed], *rest)


def _pass_as_told(passed: Bools, stands: Ints, holds: Mapping[int, Amounts], own: Bools) -> None:
    """Where a truck stands it passes; and where it may have taken what it is said to hold."""
    told_to_hold = [row for row in holds if own[row]]
    for column in range(passed.shape[1]):
        passed[:, column] |= stands == column
        passed[told_to_hold, column] |= stands[told_to_hold] > column


def _sight(trucks: Trucks, number: int, leg: Leg, choice: Choice, who: Ints) -> Reals | None:
    """Where trucks of a class begin to look, in [0, 1); None where they see all."""
    return trucks.uniforms(number, f"{leg.luck} sight", who) if choice.sight else None


def _preferred(
    trucks: Trucks, words: TruckClass, number: int, route: Sequence[str], stands: Ints | None
) -> Bools | None:
    """Which trucks of a class are preferred; None if it knows no such trucks."""
    if words.preferred is None:
        return None
    members = trucks.members(number)
    preferred = trucks.uniforms(number, "preferred", members) < words.preferred.share
    if stands is not None:
        for column, stage in enumerate(route):
            if stage in words.preferred.skips:
                # Who stands there does not skip it.
                preferred[stands == column] = False
    return preferred


def _passed(
    scenario: Scenario, trucks: Trucks, number: int, record: Record, preferred: Bools | None
) -> Bools:
    """Which steps of their route the trucks of a class pass: bool[m, steps]."""
    words = scenario.traffic.classes[trucks.class_names[number]]
    members = trucks.members(number)
    who, shares = trucks.record[members], scenario.channels_of(words)
    channel = _channels_of(trucks, words, number, shares) if shares else None
    passed = np.ones((len(members), len(words.route)), dtype=bool)
    luck = {leg.step: leg.luck for leg in legs(words) if not leg.round}
    for column, step in enumerate(words.route):
        share = scenario.stages[step.stage].share if step.share is None else step.share
        if step.stage in record.passes:
            passed[:, column] = record.passes[step.stage][who] | (who < 0)
        elif share < 1.0:
            passed[:, column] = trucks.uniforms(number, f"{luck[column]} share", members) < share
        if channel is not None and step.channels:
            meant = [number for number, name in enumerate(shares) if name in step.channels]
            passed[:, column] &= np.isin(channel, meant)
        if preferred is not None and words.preferred and step.stage in words.preferred.skips:
            passed[:, column] &= ~preferred
    return passed


def _again(
    words: TruckClass,
    trucks: Trucks,
    number: int,
    route: Sequence[Leg],
    passed: Bools,
    stands: Ints | None,
) -> Bools:
    """Which legs the trucks of a class drive, given which steps they pass: bool[m, k].

    Whoever is sent back passes those steps again that it passed on its way there.
    """
    members = trucks.members(number)
    times = {
        place: times_drawn(
            words.route[place].sent_back, trucks, number, f"{_luck(route, place)} sent back"
        )
        for place in {leg.sender for leg in route} - {-1}
    }
    if stands is not None:
        # Whoever stands where it was sent for the n-th time may be sent as often as others again.
        own = trucks.own_luck(members)
        for place, leg in enumerate(route):
            if leg.round:
                there = own & (stands == place)
                times[leg.sender][there] += leg.round
    driven = [
        passed[:, leg.step] & passed[:, leg.sender] & (times[leg.sender] >= leg.round)
        if leg.round
        else passed[:, leg.step]
        for leg in route
    ]
    return np.column_stack(driven)


def _luck(route: Sequence[Leg], place: int) -> str:
    return next(leg.luck for leg in route if leg.step == place and not leg.round)


def _skipped_none(
    trucks: Trucks, route: Sequence[Leg], members: Ints, passed: Bools, stands: Ints
) -> None:
    """Set the leg at which drawn trucks stand right: the n-th of the stage that they do drive."""
    standing = trucks.standing
    assert standing is not None
    own = trucks.own_luck(members)
    for row in np.flatnonzero((stands >= 0) & ~own).tolist():
        truck = members[row]
        here = [
            place
            for place, leg in enumerate(route)
            if leg.stage == standing.stages[truck] and passed[row, place]
        ]
        if len(here) >= standing.passes[truck]:
            stands[row] = here[standing.passes[truck] - 1]


def _standing(
    trucks: Trucks, route: Sequence[Leg], members: Ints
) -> tuple[Ints | None, dict[int, Amounts]]:
    """On which leg some trucks stand when the run begins, and what they keep, if told."""
    standing = trucks.standing
    if standing is None:
        return None, {}
    places = {(leg.stage, leg.number): place for place, leg in enumerate(route)}
    stands, holds = np.full(len(members), -1, dtype=np.int64), {}
    for row, truck in enumerate(members[members < len(standing)].tolist()):
        stands[row] = places[standing.stages[truck], int(standing.passes[truck])]
        held = standing.holds[truck]
        if held is not None:
            holds[row] = held
    return stands, holds


def _channels_of(
    trucks: Trucks, words: TruckClass, number: int, shares: Mapping[str, float]
) -> Ints:
    """Number of the channel of each truck of a class: int64[m]."""
    members, names = trucks.members(number), list(shares)
    u = trucks.uniforms(number, "channel", members)
    channel = _channels(shares, u)
    route = legs(words)
    stands, _ = _standing(trucks, route, members)
    if stands is None:
        return channel
    own = trucks.own_luck(members)
    for column, leg in enumerate(route):
        step = words.route[leg.step]
        # Whoever stands at a step of some channels alone is in one of these.
        rows = np.flatnonzero(own & (stands == column))
        meant = {name: share for name, share in shares.items() if name in step.channels}
        if meant and len(rows):
            numbers = np.array([names.index(name) for name in meant], dtype=np.int64)
            channel[rows] = numbers[_channels(meant, u[rows])]
    return channel


def _as_told(drawn: Ints, record: Record, leg: Leg, who: Ints) -> Ints:
    """Work as it was recorded, where it was: m trucks that are `who` in the record."""
    if leg.round or leg.stage not in record.work:
        return drawn
    told = np.where(who < 0, np.nan, record.work[leg.stage][who])
    return np.where(np.isnan(told), drawn, np.rint(np.nan_to_num(told)).astype(np.int64))


def _channels(shares: Mapping[str, float], u: Reals) -> Ints:
    """Number of the channel of each truck: the shares cut [0, 1) in their order."""
    ends = np.cumsum(list(shares.values()))
    return np.searchsorted(ends / ends[-1], u, side="right")


def _kinds_of(
    scenario: Scenario,
    cls: _Class,
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
