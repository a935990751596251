"""The trucks of one replication: who comes when, with what, and the luck each will need.

Everything is drawn here before any clock starts. What becomes of the trucks (stages, hours,
servers) may not enter: two policies see the very same trucks.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, to_utc, zone
from portsim.demand.allotment import (
    AHEAD_S,
    Bookings,
    Times,
    Wishes,
    allotted,
    slot_times,
    wishes,
)
from portsim.demand.arrivals import (
    Base,
    Luck,
    Quarters,
    booked,
    counted,
    poisson,
    quarters,
    recorded,
)
from portsim.demand.following import followed
from portsim.demand.inside import Standing, beginning_of, standing, trucks_inside
from portsim.demand.inverse import inverse
from portsim.demand.opened import calendar_intervals
from portsim.demand.streams import uniforms
from portsim.scenario.inside import TrucksInside
from portsim.scenario.model import Scenario
from portsim.scenario.recorded import Record, Recorded
from portsim.scenario.traffic import Residents, TruckClass

__all__ = [
    "Trucks",
    "Window",
    "assembled",
    "base_start",
    "draw",
    "draw_later",
    "record_of",
    "window",
    "with_inside",
]

_MARGIN_S = 28 * 86_400
"""Slots and open days are read this much beyond the end: trucks of later slots may come before
it, and a night it cuts in two is as long as any other. So a later end moves no truck."""
_MOST_EARLY = 0.9999
"""So many of the papers are handed in no longer before the arrival than is looked ahead."""
_MOST_RESIDENTS = 1_000_000_000
"""As many as a scenario can write; more could not be multiplied by tokens in whole numbers."""


@dataclass(frozen=True, slots=True)
class Window:
    """The seconds of a run, UTC epoch: warm-up from `origin`, period from `start` to `stop`."""

    origin: int
    start: int
    stop: int


def window(scenario: Scenario) -> Window:
    """The seconds of a scenario's run: its period, and the warm-up in whole weeks before.

    Where trucks are inside at the beginning, it reaches back to the first arrival of them.
    """
    place, period = zone(scenario.timezone), scenario.period
    early = period.begins - dt.timedelta(seconds=period.warm_up)
    origin, stop = (
        to_utc(minute.date(), minute.hour * 3600 + minute.minute * 60, place, later=False)
        for minute in (early, period.ends)
    )
    inside = trucks_inside(scenario)
    if inside is not None:
        origin = min(origin - 1, int(inside.arrived.min(initial=origin)))
    return Window(origin, beginning_of(scenario), stop)


def base_start(scenario: Scenario) -> int:
    """Epoch second of the first base truck: 1 January of the year before the period.

    One fixed date, so that a longer warm-up or a later end moves no draw.
    """
    return to_utc(_first_day(scenario), 0, zone(scenario.timezone), later=False)


def _first_day(scenario: Scenario) -> dt.date:
    return dt.date(scenario.period.first_day.year - 1, 1, 1)


@dataclass(frozen=True, eq=False, slots=True)
class Trucks:
    """Trucks in the order of their number: by arrival second, class name, index in the class.

    n trucks; a demand larger than the scenario's holds the smaller one's trucks unchanged.
    """

    seed: int
    replication: int
    class_names: tuple[str, ...]
    arrival: Ints
    """int64[n], UTC epoch seconds within the run."""
    cls: Ints
    """int64[n], index into class_names."""
    index: Ints
    """int64[n], index of the truck among the base trucks of its class."""
    scale: Reals
    """float64[n]: the truck comes where its class's scale is above this."""
    tonnes: Reals
    """float64[n]."""
    value: Reals
    """float64[n], value of the goods."""
    residents: Ints
    """int64[n]."""
    record: Ints
    """int64[n], number of the truck in the record of its class; its index where there is none."""
    antithetic: bool = False
    """Whether replications are mirrored in pairs, see `portsim.demand.uniforms`."""
    bookings: Bookings | None = None
    """What became of all that wanted a slot, at the scenario's own scale; None if nobody does."""
    standing: Standing | None = None
    """How the first m trucks stand, which are inside when the period begins; None if it begins
    with nobody."""

    def members(self, cls: int) -> Ints:
        """Positions of the trucks of a class, int64[m], rising."""
        return np.flatnonzero(self.cls == cls)

    def uniforms(self, cls: int, purpose: str, who: Ints | None = None) -> Reals:
        """What a stream of luck holds for trucks of a class.

        Args:
            cls: index of the class.
            purpose: what the luck decides, e.g. ``gate per_piece 0``.
            who: int64[m], positions of trucks of that class; `members(cls)` if left out.

        Returns:
            float64[m] in [0, 1).
        """
        who = self.members(cls) if who is None else who
        owner = f"class {self.class_names[cls]}"
        if self.standing is None:
            return self._stream(owner, purpose, self.index[who])
        own = self.own_luck(who)
        luck = np.empty(len(who))
        luck[~own] = self._stream(owner, purpose, self.index[who[~own]])
        luck[own] = self._stream(f"{owner} inside", purpose, self.index[who[own]])
        return luck

    def own_luck(self, who: Ints) -> NDArray[np.bool_]:
        """Which of some trucks are inside from the beginning with luck of their own: bool[m]."""
        own = np.zeros(len(who), dtype=bool)
        if self.standing is not None:
            first = np.flatnonzero(who < len(self.standing))
            own[first] = self.standing.own[who[first]]
        return own

    def _stream(self, owner: str, purpose: str, index: Ints) -> Reals:
        count = int(index.max()) + 1 if len(index) else 0
        words = (self.seed, self.replication, owner, purpose, count, self.antithetic)
        return uniforms(*words)[index]

    def come(self, scenario: Scenario, times: float = 1.0) -> NDArray[np.bool_]:
        """Which trucks come at the scenario's scale, or at `times` as much demand: bool[n].

        No more come than were drawn, which `draw` does at four times the demand.
        """
        scales = np.array(
            [
                times * scenario.traffic.scale * scenario.traffic.classes[name].scale
                for name in self.class_names
            ]
        )
        return np.asarray(self.scale < scales[self.cls])

    def at(self, scenario: Scenario, times: float = 1.0) -> "Trucks":
        """The trucks that `come`, alone."""
        return self.take(self.come(scenario, times))

    def take(self, rows: Ints | NDArray[np.bool_]) -> "Trucks":
        """Some of the trucks, by their positions or by a mask."""
        columns = ("arrival", "cls", "index", "scale", "tonnes", "value", "residents", "record")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


def draw(scenario: Scenario, seed: int, replication: int, antithetic: bool = False) -> Trucks:
    """Draw the base trucks of one replication, at four times the demand.

    Args:
        scenario: traffic, period and the calendars that arrivals follow.
        seed: root seed of the study.
        replication: number of the replication, from 1.
        antithetic: an even replication is the mirror of the one before it.

    Returns:
        All trucks that arrive within the run, warm-up included.
    """
    run = window(scenario)
    names = tuple(sorted(scenario.traffic.classes))
    bases, bookings = _bases(scenario, seed, replication, antithetic, run.stop)
    inside = trucks_inside(scenario)
    # Who came before the beginning is told, and not drawn.
    cut = run if inside is None else replace(run, origin=run.start)
    trucks = assembled(scenario, cut, names, bases, seed, replication, antithetic)
    trucks = replace(trucks, bookings=bookings)
    return trucks if inside is None else _with_inside(scenario, trucks, inside)


def _booked_ahead(
    scenario: Scenario,
    names: tuple[str, ...],
    bases: list[tuple[Base, Luck]],
    calendar: Callable[[str], Intervals],
) -> tuple[list[tuple[Base, Luck]], Bookings | None]:
    """Let those book who want slots."""

    def draws(number: int) -> Wishes:
        words = scenario.traffic.classes[names[number]].arrivals.slots
        base, luck = bases[number]
        assert words is not None
        return wishes(words, luck, len(base.arrival))

    def times(name: str) -> Times:
        slots = scenario.slots[name]
        return slot_times(slots, calendar(slots.calendar), scenario.timezone)

    booked, bookings = allotted(scenario, names, [base for base, _ in bases], draws, times)
    return [(base, luck) for base, (_, luck) in zip(booked, bases, strict=True)], bookings


def draw_later(
    scenario: Scenario, seed: int, replication: int, antithetic: bool = False
) -> Trucks | None:
    """Draw the base trucks that come after the end, but whose papers may be handed in before it.

    In: as of `draw`, whose trucks have the luck that they have in a run of a later end.

    Returns:
        The trucks; None if no papers are handed in before an arrival.
    """
    leads = [
        papers.before_arrival
        for cls in scenario.traffic.classes.values()
        for papers in cls.papers.values()
        if papers.before_arrival is not None
    ]
    if not leads:
        return None
    most = np.array([_MOST_EARLY])
    ahead = max(float(inverse(lead, most, scenario.origin.observed)[0]) for lead in leads)
    run = window(scenario)
    stop = run.stop + min(int(np.ceil(ahead)) + 1, _MARGIN_S)
    names = tuple(sorted(scenario.traffic.classes))
    bases, _ = _bases(scenario, seed, replication, antithetic, stop)
    later = replace(run, origin=run.stop, stop=stop)
    return assembled(scenario, later, names, bases, seed, replication, antithetic)


def _bases(
    scenario: Scenario, seed: int, replication: int, antithetic: bool, stop: int
) -> tuple[list[tuple[Base, Luck]], Bookings | None]:
    """The base trucks of each class up to a second, by name, with their luck; and bookings."""
    begin = base_start(scenario)
    steps = quarters(scenario.timezone, begin, stop)
    far = steps
    if any(cls.arrivals.slots is not None for cls in scenario.traffic.classes.values()):
        far = quarters(scenario.timezone, begin, stop + AHEAD_S)

    @cache
    def calendar(name: str) -> Intervals:
        return calendar_intervals(scenario, name, begin, stop + _MARGIN_S)

    bases: list[tuple[Base, Luck]] = []
    for name, cls in sorted(scenario.traffic.classes.items()):
        luck = Luck(seed, replication, f"class {name}", scenario.origin.observed, antithetic)
        when = steps if cls.arrivals.slots is None else far
        bases.append((_base(scenario, cls, luck, when, calendar), luck))
    return _booked_ahead(scenario, tuple(sorted(scenario.traffic.classes)), bases, calendar)


def assembled(
    scenario: Scenario,
    run: Window,
    names: tuple[str, ...],
    bases: Sequence[tuple[Base, Luck]],
    seed: int,
    replication: int,
    antithetic: bool,
) -> Trucks:
    """Give the base trucks of each class their goods, and put those of a run in order.

    Args:
        scenario: what its classes carry.
        run: who does not arrive in it is left out.
        names: of the classes, in order.
        bases: of each class its base trucks, those that never come with a scale without end, and
            the streams of its luck.
        seed, replication, antithetic: for what is drawn of these trucks later.
    """
    columns: list[tuple[Ints, Ints, Ints, Reals, Reals, Reals, Ints, Ints]] = []
    for number, (name, (base, luck)) in enumerate(zip(names, bases, strict=True)):
        inside = (base.arrival >= run.origin) & (base.arrival < run.stop) & np.isfinite(base.scale)
        index = np.flatnonzero(inside)
        cls = scenario.traffic.classes[name]
        record = np.arange(len(base.arrival)) if base.record is None else base.record
        told = None if cls.arrivals.recorded is None else _told_loads(scenario, cls, record)
        tonnes, value, residents = _goods(scenario, cls, luck, len(record), told)
        columns.append(
            (
                base.arrival[index],
                np.full(len(index), number),
                index,
                base.scale[index],
                tonnes[index],
                value[index],
                residents[index],
                record[index],
            )
        )
    arrival, cls_, index, scale, tonnes, value, residents, record = (
        np.concatenate(parts) for parts in zip(*columns, strict=True)
    )
    # Classes and indices stand in their order already; a stable sort leaves ties in it.
    rank = np.argsort(arrival, kind="stable")
    return Trucks(
        seed=seed,
        replication=replication,
        class_names=names,
        arrival=arrival[rank],
        cls=cls_[rank],
        index=index[rank],
        scale=scale[rank],
        tonnes=tonnes[rank],
        value=value[rank],
        residents=residents[rank],
        record=record[rank],
        antithetic=antithetic,
    )


def _base(
    scenario: Scenario,
    cls: TruckClass,
    luck: Luck,
    steps: Quarters,
    calendar: Callable[[str], Intervals],
) -> Base:
    arrivals = cls.arrivals
    if arrivals.recorded is not None:
        base = recorded(record_of(scenario, arrivals.recorded).arrival, luck)
    elif arrivals.booked is not None:
        base = booked(arrivals.booked, calendar(arrivals.booked.calendar), luck)
    else:
        words = scenario.traffic.day_factor
        port = replace(luck, owner="port")
        days_luck: Callable[[int], Reals] | None = None
        if words is not None:
            days_luck = partial(port.values, words, "day factor")
        if arrivals.total is not None:
            if days_luck is not None:
                days_luck = _later(days_luck, (arrivals.total.from_ - _first_day(scenario)).days)
            base = counted(arrivals.total, arrivals, scenario.timezone, luck, days_luck)
        else:
            base = poisson(arrivals, steps, luck, days_luck)
    if arrivals.follow is not None:
        base = followed(base, arrivals, scenario.timezone, calendar(arrivals.follow))
    return base


def _later(days_luck: Callable[[int], Reals], skipped: int) -> Callable[[int], Reals]:
    """The factors of the days after the first so many."""
    return lambda count: days_luck(skipped + count)[skipped:]


def record_of(scenario: Scenario, words: Recorded) -> Record:
    """What was recorded of a class.

    Raises:
        KeyError: its file was not read, as of a scenario that nobody has checked.
    """
    record = scenario.origin.record(words)
    if record is None:
        raise KeyError(words.file)
    return record


def _told_loads(scenario: Scenario, cls: TruckClass, record: Ints) -> Reals | None:
    """Loads of trucks by their numbers in the record of their class, NaN where it has none."""
    assert cls.arrivals.recorded is not None
    told = record_of(scenario, cls.arrivals.recorded).tonnes
    return None if told is None else told[record]


def _goods(
    scenario: Scenario, cls: TruckClass, luck: Luck, count: int, told: Reals | None
) -> tuple[Reals, Reals, Ints]:
    """Tonnes, value and residents of the first `count` trucks of a stream of luck.

    Loads that are told, float64[count], stand where they are not NaN.
    """
    tonnes = luck.values(cls.load, "load", count) if cls.load is not None else np.zeros(count)
    if told is not None:
        tonnes = np.where(np.isnan(told), tonnes, told)
    if cls.price is not None:
        value = tonnes * luck.values(cls.price, "price", count)
    elif cls.value is not None:
        value = luck.values(cls.value, "value", count)
    else:
        value = np.zeros(count)
    if cls.residents is None:
        residents = np.zeros(count)
    elif isinstance(cls.residents, Residents):
        residents = np.ceil(np.round(value / cls.residents.quota, 9))
    else:
        residents = np.rint(luck.values(cls.residents, "residents", count))
    return tonnes, value, np.minimum(residents, _MOST_RESIDENTS).astype(np.int64)


def with_inside(scenario: Scenario, trucks: Trucks, futures: int) -> tuple[Trucks, int]:
    """The trucks that come in some futures, and before them those that are inside in each.

    Returns:
        All trucks; and how many are inside in each future. They have luck of their own.
    """
    inside = trucks_inside(scenario)
    if inside is None:
        return trucks, 0
    own = replace(inside, drawn=np.full(len(inside), -1, dtype=np.int64))
    return _with_inside(scenario, trucks, own.times(futures), len(inside)), len(inside)


def _with_inside(
    scenario: Scenario, trucks: Trucks, inside: TrucksInside, of_each: int | None = None
) -> Trucks:
    """The trucks that come, and before them those that are inside at the beginning.

    Those of several futures, `of_each` of each, stay together.
    """
    cls = np.array([trucks.class_names.index(name) for name in inside.classes], dtype=np.int64)
    own = inside.drawn < 0
    index = inside.drawn.copy()
    tonnes, value = np.zeros((2, len(inside)))
    residents = np.zeros(len(inside), dtype=np.int64)
    for number, name in enumerate(trucks.class_names):
        words = scenario.traffic.classes[name]
        index[own & (cls == number)] = np.arange((own & (cls == number)).sum())
        for some, owner in ((own, f"class {name} inside"), (~own, f"class {name}")):
            rows = np.flatnonzero(some & (cls == number))
            if not len(rows):
                continue
            seed, replication = trucks.seed, trucks.replication
            luck = Luck(seed, replication, owner, scenario.origin.observed, trucks.antithetic)
            told = np.full(int(index[rows].max()) + 1, np.nan)
            if words.arrivals.recorded is not None and some is not own:
                loads = record_of(scenario, words.arrivals.recorded).tonnes
                told = told if loads is None else loads[: len(told)].copy()
            known = rows[~np.isnan(inside.tonnes[rows])]
            told[index[known]] = inside.tonnes[known]
            goods = _goods(scenario, words, luck, len(told), told)
            tonnes[rows], value[rows], residents[rows] = (part[index[rows]] for part in goods)
    # Those with luck of their own stand behind the others of their class and second.
    future = np.arange(len(inside)) // (of_each or max(len(inside), 1))
    order = np.lexsort((index, own, cls, inside.arrived, future))
    record = np.where(own, -1, index)

    def first(of_inside: np.ndarray, come: np.ndarray) -> np.ndarray:
        return np.concatenate([of_inside[order], come])

    return replace(
        trucks,
        arrival=first(inside.arrived, trucks.arrival),
        cls=first(cls, trucks.cls),
        index=first(index, trucks.index),
        # They come at any scale of the demand.
        scale=first(np.full(len(inside), -1.0), trucks.scale),
        tonnes=first(tonnes, trucks.tonnes),
        value=first(value, trucks.value),
        residents=first(residents, trucks.residents),
        record=first(record, trucks.record),
        standing=standing(scenario, inside, order),
    )
