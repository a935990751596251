"""Who passes what: of each truck of a class the legs of its route that it drives.

Shares, channels, records and ways back are looked at here; what a truck does on a leg is not.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.demand import Trucks
from portsim.plan.reach import Reach
from portsim.plan.returns import times_drawn
from portsim.plan.tokens import Amounts
from portsim.scenario.legs import Leg, legs, places_at
from portsim.scenario.model import Scenario
from portsim.scenario.recorded import Record
from portsim.scenario.traffic import TruckClass

__all__ = [
    "legs_driven",
    "pass_as_told",
    "preferred_of",
    "skip_none",
    "standing_of",
    "steps_passed",
]

Bools = NDArray[np.bool_]


def preferred_of(
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


def steps_passed(
    scenario: Scenario,
    trucks: Trucks,
    number: int,
    record: Record,
    preferred: Bools | None,
    reach: Reach | None,
) -> Bools:
    """Which steps of their route the trucks of a class pass: bool[m, steps]."""
    words = scenario.traffic.classes[trucks.class_names[number]]
    members = trucks.members(number)
    who, shares = trucks.record[members], scenario.channels_of(words)
    by_chance = reach is None
    channel = _channels_of(trucks, words, number, shares) if shares and by_chance else None
    passed = np.ones((len(members), len(words.route)), dtype=bool)
    luck = {leg.step: leg.luck for leg in legs(words) if not leg.round}
    for column, step in enumerate(words.route):
        share = scenario.stages[step.stage].share if step.share is None else step.share
        if step.stage in record.passes:
            passed[:, column] = record.passes[step.stage][who] | (who < 0)
        elif share < 1.0 and by_chance:
            passed[:, column] = trucks.uniforms(number, f"{luck[column]} share", members) < share
        if channel is not None and step.channels:
            meant = [number for number, name in enumerate(shares) if name in step.channels]
            passed[:, column] &= np.isin(channel, meant)
        if preferred is not None and words.preferred and step.stage in words.preferred.skips:
            passed[:, column] &= ~preferred
    return passed if reach is None else passed & reach.possible


def legs_driven(
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


def skip_none(
    words: TruckClass, trucks: Trucks, members: Ints, passed: Bools, stands: Ints
) -> None:
    """Set the leg at which drawn trucks stand right: the n-th of the stage that they do drive."""
    standing = trucks.standing
    assert standing is not None
    own = trucks.own_luck(members)
    for row in np.flatnonzero((stands >= 0) & ~own).tolist():
        truck = members[row]
        here = [
            place
            for (stage, _), place in places_at(words).items()
            if stage == standing.stages[truck] and passed[row, place]
        ]
        if len(here) >= standing.passes[truck]:
            stands[row] = here[standing.passes[truck] - 1]


def standing_of(
    trucks: Trucks, words: TruckClass, members: Ints
) -> tuple[Ints | None, dict[int, Amounts]]:
    """On which leg some trucks stand when the run begins, and what they keep, if told."""
    standing = trucks.standing
    if standing is None:
        return None, {}
    places = places_at(words)
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
    stands, _ = standing_of(trucks, words, members)
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


def _channels(shares: Mapping[str, float], u: Reals) -> Ints:
    """Number of the channel of each truck: the shares cut [0, 1) in their order."""
    ends = np.cumsum(list(shares.values()))
    return np.searchsorted(ends / ends[-1], u, side="right")


def pass_as_told(passed: Bools, stands: Ints, holds: Mapping[int, Amounts], own: Bools) -> None:
    """Where a truck stands it passes; and where it may have taken what it is said to hold."""
    told_to_hold = [row for row in holds if own[row]]
    for column in range(passed.shape[1]):
        passed[:, column] |= stands == column
        passed[told_to_hold, column] |= stands[told_to_hold] > column
