"""Who gets which slot: trucks that want a time book one after the other, each the next with room.

All of it is settled before any clock starts: how many come and what they want is drawn elsewhere,
and what becomes of them in the port may not enter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, local_seconds, zone
from portsim.compiling import compiled
from portsim.demand.arrivals import Base, Luck
from portsim.demand.following import cut_at_midnight
from portsim.scenario.model import Scenario
from portsim.scenario.slots import Slots, SlotWish

__all__ = ["AHEAD_S", "Bookings", "Times", "allotted", "slot_times", "wishes"]

_DAY_S, _HOUR_S = 86_400, 3600
AHEAD_S = 7 * _DAY_S
"""Trucks are drawn so far beyond the end: those that come before it, early for a later slot."""
NONE = -1
"""Stands for a slot that was not to be had."""


@dataclass(frozen=True, eq=False, slots=True)
class Times:
    """The slots of one kind: s of them, by time."""

    begin: Ints
    """int64[s], UTC epoch seconds."""
    length: int
    """Seconds."""
    quota: Ints
    """int64[s], trucks."""


@dataclass(frozen=True, eq=False, slots=True)
class Bookings:
    """What became of the trucks that wanted a slot, in the order of class and index: m trucks."""

    cls: Ints
    """int64[m], index of the class."""
    index: Ints
    """int64[m], index of the truck among the base trucks of its class."""
    wanted: Ints
    """int64[m], UTC epoch second at which it would have come freely."""
    slot: Ints
    """int64[m], UTC epoch second at which its slot begins; -1 without one."""
    got: NDArray[np.bool_]
    """bool[m], its slot has the second it wanted."""
    arrival: Ints
    """int64[m], UTC epoch second at which it comes; -1 if it has no slot or does not keep it."""

    def wanted_by(self, cls: Ints, index: Ints, arrival: Ints) -> Ints:
        """The seconds wanted by some trucks, given their class, index and arrival, which is that of
        those that asked for no slot: int64[n].
        """
        if not len(self.cls):
            return arrival
        most = int(max(self.index.max(), index.max(initial=0))) + 1
        code, known = cls * most + index, self.cls * most + self.index
        row = np.minimum(np.searchsorted(known, code), len(known) - 1)
        return np.where(known[row] == code, self.wanted[row], arrival)


@dataclass(frozen=True, eq=False, slots=True)
class Wishes:
    """What the base trucks of one class draw for their slots: n trucks."""

    ahead: Ints
    """int64[n], seconds before the time it wants at which a truck books."""
    shift: Ints
    """int64[n], seconds after its time at which it comes; early is less than 0."""
    place: Reals
    """float64[n] in [0, 1), where in its slot it means to come, if that is not the one wanted."""
    stays_away: NDArray[np.bool_]


def slot_times(slots: Slots, open_: Intervals, port_zone: str) -> Times:
    """The slots of a calendar's openings.

    Args:
        slots: their length and quota.
        open_: int64[k, 2], epoch seconds.
        port_zone: IANA zone of the hours of the quota.
    """
    length, place = round(slots.every), zone(port_zone)
    pieces = cut_at_midnight(open_, lambda seconds: local_seconds(seconds, place))
    count = (pieces[:, 1] - pieces[:, 0]) // length
    first = np.repeat(pieces[:, 0] - length * (np.cumsum(count) - count), count)
    begin = first + length * np.arange(int(count.sum()), dtype=np.int64)
    hour = local_seconds(begin, place) % _DAY_S // _HOUR_S
    return Times(begin, length, np.asarray(slots.quota, dtype=np.int64)[hour])


def wishes(words: SlotWish, luck: Luck, count: int) -> Wishes:
    """What the first `count` base trucks of a class draw, wanted or not."""
    shift = np.zeros(count)
    if words.early is not None:
        shift -= luck.values(words.early, "early", count)
    if words.late is not None:
        shift += luck.values(words.late, "late", count)
    none = np.zeros(count)
    ahead = none if words.ahead is None else luck.values(words.ahead, "ahead", count)
    return Wishes(
        np.rint(ahead).astype(np.int64),
        np.rint(shift).astype(np.int64),
        luck.uniforms("slot place", count),
        luck.uniforms("no_show", count) < words.no_show,
    )


def allotted(
    scenario: Scenario,
    names: Sequence[str],
    bases: Sequence[Base],
    draws: Callable[[int], Wishes],
    times: Callable[[str], Times],
) -> tuple[list[Base], Bookings | None]:
    """Let the trucks of a scenario book.

    Args:
        scenario: classes with their scales and what they say of slots.
        names: of the classes, in order.
        bases: of each class its base trucks at the seconds they want; `follow` has been heeded.
        draws: what the base trucks of a class draw, by its number.
        times: the slots of each name.

    Returns:
        The base trucks at the seconds at which they come, those that never do with a scale without
        end: who has no slot, who does not keep it, and who would come at a larger scale only, for
        slots that are taken depend on who comes. And what became of all who wanted one; None if no
        class asks for slots.
    """
    booked = list(bases)
    columns: list[Bookings] = []
    asking: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        words = scenario.traffic.classes[name].arrivals.slots
        if words is not None:
            asking.setdefault(words.of, []).append(number)
    for slots, numbers in asking.items():
        drawn = {number: draws(number) for number in numbers}
        columns.append(_of_one(scenario, names, booked, drawn, times(slots)))
    if not columns:
        return booked, None
    parts = {
        field: np.concatenate([getattr(column, field) for column in columns])
        for field in ("cls", "index", "wanted", "slot", "got", "arrival")
    }
    order = np.lexsort((parts["index"], parts["cls"]))
    return booked, Bookings(**{field: part[order] for field, part in parts.items()})


def _of_one(
    scenario: Scenario,
    names: Sequence[str],
    bases: list[Base],
    drawn: dict[int, Wishes],
    times: Times,
) -> Bookings:
    """Give out one kind of slots; put the trucks of its classes where they come."""
    come, reach = {}, []
    for number in drawn:
        cls = scenario.traffic.classes[names[number]]
        assert cls.arrivals.slots is not None
        come[number] = np.flatnonzero(bases[number].scale < scenario.traffic.scale * cls.scale)
        reach.append(np.full(len(come[number]), round(cls.arrivals.slots.at_most)))
    cls_ = np.concatenate([np.full(len(rows), number) for number, rows in come.items()])
    index = np.concatenate(list(come.values()))
    wanted = np.concatenate([bases[number].arrival[rows] for number, rows in come.items()])

    def column(name: str) -> np.ndarray:
        return np.concatenate([getattr(drawn[number], name)[rows] for number, rows in come.items()])

    order = np.lexsort((index, cls_, wanted, wanted - column("ahead")))
    row = np.full(len(index), NONE, dtype=np.int64)
    row[order] = _given(times, wanted[order], np.concatenate(reach)[order])
    has = row != NONE
    begin = np.where(has, times.begin[row] if len(times.begin) else 0, NONE)
    got = has & (begin <= wanted)
    within = begin + np.floor(column("place") * times.length).astype(np.int64)
    arrival = np.where(got, wanted, within) + column("shift")
    comes = has & ~column("stays_away")
    for number, rows in come.items():
        mine = cls_ == number
        base = bases[number]
        seconds, scale = base.arrival.copy(), np.full(len(base.scale), np.inf)
        seconds[rows] = np.where(comes[mine], arrival[mine], seconds[rows])
        scale[rows] = np.where(comes[mine], base.scale[rows], np.inf)
        bases[number] = replace(base, arrival=seconds, scale=scale)
    return Bookings(cls_, index, wanted, begin, got, np.where(comes, arrival, NONE))


def _given(times: Times, wanted: Ints, reach: Ints) -> Ints:
    """The slot of each truck, in the order of booking, or NONE: int64[m]."""
    first = np.searchsorted(times.begin + times.length, wanted, side="right")
    last = np.searchsorted(times.begin, wanted + reach, side="right") - 1
    room = np.append(times.quota, 0)
    # What comes after a slot without room; the one behind the last leads nowhere.
    after = np.where(room > 0, np.arange(len(room)), np.arange(1, len(room) + 1))
    after[-1] = len(room) - 1
    given = np.empty(len(wanted), dtype=np.int64)
    _give(first, last, room, after, given)
    return given


@compiled
def _give(first: Ints, last: Ints, room: Ints, after: Ints, given: Ints) -> None:
    """Give each truck the first slot from `first` to `last` with room; -1 without any.

    The next slot with room is found by halving paths. Source: Tarjan & van Leeuwen (1984), Journal
    of the ACM 31, 245-281.
    """
    for truck in range(len(first)):
        slot = first[truck]
        while after[slot] != slot:
            after[slot] = after[after[slot]]
            slot = after[slot]
        if slot > last[truck]:
            given[truck] = -1
            continue
        given[truck] = slot
        room[slot] -= 1
        if room[slot] == 0:
            after[slot] = slot + 1
