"""The search for hours: which opening and closing of either side lets the cheapest roster keep a
promise, alone and together.

Of each hours that are tried the cheapest roster is looked for, on the same trucks; few hours are
tried in whole, of many those next to the best so far, until no hour more or less is better.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Ints, Reals
from portsim.checking import Scenario
from portsim.errors import PortsimError, ScenarioError
from portsim.results.roster_tables import HOURS
from portsim.rostering.ground import COMPLETED
from portsim.rostering.hours import (
    Hours,
    Window,
    as_it_is,
    hours_text,
    open_hours_a_week,
    usual_pair,
    with_hours,
)
from portsim.rostering.search import Found, Search, SearchLimits
from portsim.rostering.trials import Trials
from portsim.rostering.week import Choices
from portsim.studies.requirement import Requirement

__all__ = ["Chosen", "Opening", "Tried", "choose"]

_ALL = 24
"""So few hours are tried in whole."""
_PARTS = 12
"""A roster under some hours may take so small a part of the time there is."""


@dataclass(frozen=True, eq=False, slots=True)
class Tried:
    """Hours that were tried for a level of the promise.

    Attributes:
        hours: of each calendar that may move.
        level: promises, of which the first may be another than asked.
        cost: of the cheapest roster found, a week; infinite without one.
        bound: no roster of these shifts costs less.
        people: so many it has.
        reached: what the first promise comes to, on the trucks of the search; without a roster,
            what can be reached at most.
        chosen: the roster, int64[t + k]; None without one.
        note: why nothing was looked for.
        open_h: hours a week that the calendars are open together.
    """

    hours: Hours
    level: tuple[Requirement, ...]
    cost: float
    bound: float
    people: int
    reached: float
    chosen: Ints | None = None
    note: str = ""
    open_h: float = 0.0

    @property
    def rank(self) -> tuple[float, float, float]:
        """The better, the smaller: first what keeps the promise, then what costs less, then what
        is open less long."""
        if math.isfinite(self.cost):
            return 0.0, self.cost, self.open_h
        missed = -self.level[0].sign * self.reached
        return 1.0, missed if math.isfinite(missed) else math.inf, self.open_h

    @property
    def preference(self) -> tuple[float, float, bool, float]:
        """What is proposed, the smaller the rather: hours are not changed for nothing."""
        kept, worth, open_h = self.rank
        return kept, worth, any(self.hours), open_h


@dataclass(eq=False)
class Opening:
    """A search for hours that remembers what it has tried."""

    scenario: Scenario
    words: Choices
    replications: int
    seed: int
    seconds: float
    windows: tuple[Window, ...]
    exact: bool
    jobs: int | None
    say: Callable[[str], None]
    tried: dict[tuple[Hours, tuple[Requirement, ...]], Tried] = field(default_factory=dict)
    late: bool = False
    """Whether time ran out before nothing was better."""

    def __post_init__(self) -> None:
        self._ends = time.monotonic() + self.seconds

    def as_they_are(self) -> Hours:
        """Nothing is moved."""
        return (None,) * len(self.windows)

    def best(self, free: Sequence[int], level: tuple[Requirement, ...], *starts: Hours) -> Tried:
        """The best hours with some calendars free and the others as they are.

        Args:
            free: numbers of the calendars that may move.
            level: promises to be kept.
            starts: where to begin, besides the hours that there are.
        """
        if math.prod(1 + len(self.windows[number].pairs) for number in free) <= _ALL:
            every = (self.at(hours, level) for hours in self._every(free))
            return min(every, key=lambda one: one.preference)
        usual = tuple(
            usual_pair(self.scenario, window) if number in free else None
            for number, window in enumerate(self.windows)
        )
        begun = [self.at(hours, level) for hours in (self.as_they_are(), usual, *starts)]
        best = min(begun, key=lambda one: one.rank)
        here = best if best.hours != self.as_they_are() else begun[1]
        while True:
            around = [self.at(hours, level) for hours in self._around(here.hours, free)]
            nearby = min(around, key=lambda one: one.rank, default=here)
            if not nearby.rank < here.rank:
                break
            here = nearby
        return min((*begun, here), key=lambda one: one.preference)

    def _every(self, free: Sequence[int]) -> Iterator[Hours]:
        """All hours with some calendars free, those that there are first."""
        every: list[Hours] = [self.as_they_are()]
        for number in free:
            every = [
                (*hours[:number], pair, *hours[number + 1 :])
                for hours in every
                for pair in (None, *self.windows[number].pairs)
            ]
        return iter(every)

    def _around(self, hours: Hours, free: Sequence[int]) -> Iterator[Hours]:
        """Hours in which one calendar opens or closes a step earlier or later."""
        for number in free:
            window, pair = self.windows[number], hours[number]
            if pair is None:
                pair = usual_pair(self.scenario, window)
            row, column = window.opens.index(pair[0]), window.closes.index(pair[1])
            for r, c in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if 0 <= r < len(window.opens) and 0 <= c < len(window.closes):
                    other = window.opens[r], window.closes[c]
                    if other[0] < other[1]:
                        yield (*hours[:number], other, *hours[number + 1 :])

    def at(self, hours: Hours, level: tuple[Requirement, ...]) -> Tried:
        """The cheapest roster under some hours."""
        hours = tuple(
            None if pair is not None and as_it_is(self.scenario, window, pair) else pair
            for window, pair in zip(self.windows, hours, strict=True)
        )
        key = hours, level
        if key not in self.tried:
            if self.tried and time.monotonic() > self._ends:
                self.late = True
                return Tried(hours, level, math.inf, math.inf, 0, math.nan, note="no time left")
            made = replace(self._look(hours, level), open_h=self._open_h(hours))
            self.tried[key] = made
            named = hours_text(self.scenario, self.windows, hours) or "hours as they are"
            cost = f"{made.cost:,.0f} a week" if math.isfinite(made.cost) else "no roster"
            self.say(f"{named}: {cost}")
        return self.tried[key]

    def _open_h(self, hours: Hours) -> float:
        return sum(
            open_hours_a_week(self.scenario, window.calendar, pair)
            for window, pair in zip(self.windows, hours, strict=True)
        )

    def _look(self, hours: Hours, level: tuple[Requirement, ...]) -> Tried:
        try:
            port, _ = with_hours(self.scenario, self.windows, hours, self.scenario.name)
        except ScenarioError as error:
            why = error.faults[0].expected if error.faults else "refused"
            return Tried(hours, level, math.inf, math.inf, 0, math.nan, note=f"expected {why}")
        trials = Trials(
            port, self.words.posts, self.words.edges, level, self.replications, self.seed,
            jobs=self.jobs,
        )  # fmt: skip
        ceiling = _ceiling(trials, level)
        if level[0].sign > 0 and level[0].value > ceiling + 1e-12:
            return Tried(hours, level, math.inf, math.inf, 0, ceiling, note="beyond the ceiling")
        search = Search(self.words, trials, level, port.completion.limit / 3600.0)
        sign = np.array([promise.sign for promise in level])
        value = np.array([promise.value for promise in level])
        limits = SearchLimits(self.seconds / _PARTS, exact=self.exact)
        try:
            cheapest = search.run(sign * value, limits)
        except PortsimError as error:
            why = str(error).split("\n")[0]
            return Tried(hours, level, math.inf, math.inf, 0, math.nan, note=why)
        return self._cheaper(_tried(hours, level, cheapest, self.words), trials, sign, value)

    def _cheaper(self, one: Tried, trials: Trials, sign: Reals, value: Reals) -> Tried:
        """The cheapest roster of other hours that will do under these, if it is cheaper.

        An hour more does little harm, so what was good enough with fewer mostly is here.
        """
        others = [
            other
            for other in self.tried.values()
            if other.chosen is not None and other.cost < one.cost - 1e-9
        ]
        for other in sorted(others, key=lambda each: each.cost):
            assert other.chosen is not None
            reached = trials.reached(self.words.on_duty(other.chosen)).mean(axis=0)
            if np.all(sign * reached >= sign * value - 1e-12):
                return replace(
                    other, hours=one.hours, level=one.level, reached=float(reached[0]),
                    bound=min(one.bound, other.cost),
                )  # fmt: skip
        return one


def _ceiling(trials: Trials, level: Sequence[Requirement]) -> float:
    """What servers without end reach under these hours; NaN where it bounds nothing."""
    first = level[0]
    plain = first.measure == COMPLETED and first.truck_class == "all"
    if not plain or trials.scenario.completion.from_ != "arrival" or trials.scenario.chooses:
        return math.nan
    return trials.ceiling()


def _tried(hours: Hours, level: tuple[Requirement, ...], found: Found, words: Choices) -> Tried:
    reached = float(np.asarray(found.reached)[:, 0].mean())
    if found.chosen is None:
        return Tried(hours, level, math.inf, math.inf, 0, reached)
    people = int((words.people @ found.chosen).sum())
    return Tried(hours, level, found.cost, found.bound, people, reached, found.chosen)


@dataclass(frozen=True, eq=False, slots=True)
class Chosen:
    """The best hours found.

    Attributes:
        scenario: the port with them.
        calendars: what an overlay says of them.
        table: columns of hours.csv.
        facts: what a manifest says of the search, JSON types only.
    """

    scenario: Scenario
    calendars: Mapping[str, Any]
    table: pd.DataFrame
    facts: Mapping[str, Any]


def choose(opening: Opening, levels: Sequence[tuple[Requirement, ...]]) -> Chosen:
    """Look for the best hours of each calendar alone, of all together, and for other levels.

    Args:
        opening: what may move.
        levels: promises to be kept, those that are asked first.
    """
    windows, scenario, first = opening.windows, opening.scenario, levels[0]
    base = opening.at(opening.as_they_are(), first)
    alone = [opening.best([number], first) for number in range(len(windows))]
    together = tuple(one.hours[number] for number, one in enumerate(alone))
    every = range(len(windows))
    best = min(
        (*alone, opening.best(every, first, together, *(one.hours for one in alone))),
        key=lambda one: one.preference,
    )
    for level in levels[1:]:
        opening.best(every, level, best.hours)
    port, calendars = with_hours(scenario, windows, best.hours, scenario.name)
    parts = [([], base), *(([number], one) for number, one in zip(every, alone, strict=True))]
    if len(windows) > 1:
        parts.append((list(every), best))
    facts = {
        "best": hours_text(scenario, windows, best.hours),
        "parts": [_part(opening, free, one) for free, one in parts],
        "longer": _moved(scenario, port, windows, 1),
        "shorter": _moved(scenario, port, windows, -1),
        "late": opening.late,
        # What they are called in other languages, by what they are called here.
        "calendars": {
            calendar.label.in_english(window.calendar): calendar.label.or_name(window.calendar)
            for window in windows
            for calendar in (scenario.calendars[window.calendar],)
        },
    }
    return Chosen(port, calendars, _table(opening, best), facts)


def _label(scenario: Scenario, window: Window) -> str:
    return scenario.calendars[window.calendar].label.in_english(window.calendar)


def _part(opening: Opening, free: Sequence[int], one: Tried) -> dict[str, Any]:
    scenario, there = opening.scenario, math.isfinite(one.cost)
    return {
        "of": [_label(scenario, opening.windows[number]) for number in free],
        "hours": hours_text(scenario, opening.windows, one.hours),
        "cost": one.cost if there else None,
        "reached": one.reached if math.isfinite(one.reached) else None,
    }


def _moved(before: Scenario, after: Scenario, windows: Sequence[Window], sign: int) -> list[str]:
    """Labels of calendars that are open longer, or less long, than before."""
    return [
        _label(before, window)
        for window in windows
        if sign * open_hours_a_week(after, window.calendar)
        > sign * open_hours_a_week(before, window.calendar) + 1e-9
    ]


def _table(opening: Opening, best: Tried) -> pd.DataFrame:
    """What was tried, the cheapest first of each level."""
    rows = []
    for one in opening.tried.values():
        there = math.isfinite(one.cost)
        rows.append(
            {
                "promise": str(one.level[0]),
                "hours": hours_text(opening.scenario, opening.windows, one.hours),
                "cost": one.cost if there else math.nan,
                "bound": one.bound if there else math.nan,
                "people": one.people,
                "reached": one.reached,
                "frontier": "yes" if there and _undominated(one, opening.tried.values()) else "no",
                "best": "yes" if one is best else "no",
                "note": one.note,
            }
        )
    table = pd.DataFrame(rows, columns=list(HOURS))
    return table.sort_values(["promise", "cost"], kind="stable").reset_index(drop=True)


def _undominated(one: Tried, tried: Iterable[Tried]) -> bool:
    """Whether none that costs as much or less reaches more, nor as much for less, in money or in
    hours."""
    sign = one.level[0].sign

    cost, reached = one.cost, sign * one.reached
    return not any(
        other.cost <= cost
        and sign * other.reached >= reached
        and (other.cost < cost or sign * other.reached > reached or other.open_h < one.open_h)
        for other in tried
        if math.isfinite(other.cost)
    )
