"""The capacity of a scenario: the largest throughput it sustains, found by runs of its own.

Real runs are neither read nor touched here. Whatever goes wrong is said in the outcome.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil, isfinite, log2, nan, sqrt
from typing import Any, NamedTuple

import numpy as np

from portsim.demand import (
    Recurring,
    daily,
    draw_recurring,
    multipliable,
    recurring,
    steady,
)
from portsim.engines import Log, check_stuck, engine
from portsim.errors import PortsimError, StuckError
from portsim.experiment.climb import NEAR, RISING, Climb, Throughput, climb
from portsim.experiment.counterfactuals import not_measured, reason
from portsim.measures import Cause, Measurement, released_rows, waits
from portsim.plan import STORE, Plan, Site, Timetable, draft, more, timetable
from portsim.scenario.figure_notes import AT_LEAST, FALLS_BEYOND
from portsim.scenario.model import Scenario

__all__ = ["Capacity", "CapacityTask", "find", "replications_of"]

_REPLICATIONS, _PAIRS = 4, 3
"""So many replications, or antithetic pairs, tell it: at saturation they hardly differ."""
_HALVINGS = 12
"""So often the demand is halved at most where trucks wait for each other in a circle."""
_BEYOND = 2
"""So many of them also tell what passes at twice the demand."""


class _Span(NamedTuple):
    """Days that a run has: before what is measured, and of this at least and at most."""

    warm_up: int
    least: int
    most: int


_SEARCH, _FINAL = _Span(14, 56, 56), _Span(14, 56, 91)
"""While the multiple is searched, and what is measured there."""
_LOOK = _Span(7, 14, 14)
"""A look at what trucks wait for."""
_ENOUGH = 500
"""Trucks from which on the search begins: of fewer, luck decides what rises."""
_REACH, _STEPS = 1_000_000, 8.0
"""Trucks that are drawn at most, but at least this multiple of what the search begins with."""
_FALLS = 0.02
"""Share by which throughput at twice the demand must be smaller to be called fallen."""
_SURE = 3.0
"""A demand fills a port for sure that is by so many standard deviations of its trucks larger."""
_LITTLE, _PRESSED, _MUCH = 1.05, 1.3, 1.8
"""Multiples of the capacity's demand at which is asked what one more of a resource would give."""
_FURTHER = 16.0
"""The largest such multiple, where even one more leaves throughput rising."""
_CANDIDATES = 4
_STEP, _GAINS, _SHARE = 0.05, 0.004, 0.1
"""More of a resource than one where it has many, as a share; the share of the throughput from which
on a gain is none of luck; and the share of the largest gain below which one is not worth a name."""

Change = Callable[[Plan], Plan]
NoteRow = tuple[int, str, str, str, float, int, str]
"""replication, class, place, measure, value, count, note."""


class _Gain(NamedTuple):
    """What one more of a resource, or of each of several, adds."""

    places: list[str]
    a_day: float
    at_least: bool
    """Whether throughput with one more still rose when the search had to end."""


class _Measured(NamedTuple):
    """The figures by replication, at which multiple they are reached, and what must be known."""

    at: float
    at_least: bool
    falls: bool
    rows: list[NoteRow]


@dataclass(frozen=True, eq=False, slots=True)
class CapacityTask:
    """Whose capacity is to be found."""

    scenario: Scenario
    seed: int
    engine: str
    replications: int
    antithetic: bool = False
    replication: int = 0
    """None: the task is one of the study."""


@dataclass(frozen=True, eq=False, slots=True)
class Capacity:
    """What was found.

    Attributes:
        scenario: its name.
        rows: replication, class, place, measure, value, count, note of each figure.
        facts: the same in JSON types for the manifest: ``per_day``, ``multiple``, ``at_least``,
            ``days``, ``replications``, ``limits`` (``places``, ``gain_per_day``, ``at_least``),
            ``waits_for``,
            ``beyond`` (``multiple``, ``per_day``, ``group``, ``before``, ``after``,
            ``waits_for``; empty where throughput does not fall) and ``why`` there is none.
    """

    scenario: str
    rows: list[NoteRow] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def missing(cls, scenario: str, error: Exception) -> "Capacity":
        """None could be found, and why."""
        rows: list[NoteRow] = [(1, "all", "", "capacity_per_day", nan, 0, not_measured(error))]
        return cls(scenario, rows, {"why": reason(error)})


def replications_of(replications: int, antithetic: bool) -> int:
    """How many of a study's replications tell the capacity."""
    return min(replications, 2 * _PAIRS if antithetic else _REPLICATIONS)


def find(task: CapacityTask) -> Capacity:
    """Find the capacity of a scenario.

    The demand is raised, always by the same trucks, until throughput stops rising; the multiple is
    then narrowed, and a few replications are run there.

    Returns:
        What was found; if it cannot be found, why. Nothing is raised but for faults of portsim.
    """
    try:
        return _Port(task).found()
    except (PortsimError, MemoryError) as error:
        return Capacity.missing(task.scenario.name, error)


class _Port:
    """A scenario under demands of many sizes."""

    def __init__(self, task: CapacityTask) -> None:
        self._task, self._scenario = task, task.scenario
        self._timetables: dict[_Span, tuple[Recurring, Timetable]] = {}
        self._run = engine(task.engine)
        self._searched: tuple[float, Site] | None = None
        self._steady = steady(task.scenario)
        days = self._days(_SEARCH)[0]
        come = daily(task.scenario, days, self._steady)
        # A class that never comes neither can be multiplied nor keeps others from being so.
        self._more, self._fixed = (
            {name: count for name, count in come.items() if count > 0 and self._can(name) == can}
            for can in (True, False)
        )

    def _can(self, name: str) -> bool:
        return multipliable(self._steady[name])

    # ---- runs ----------------------------------------------------------------------------------

    def _days(self, span: _Span) -> tuple[Recurring, Timetable]:
        if span not in self._timetables:
            days = recurring(self._scenario, **span._asdict())
            self._timetables[span] = days, timetable(self._scenario, days)
        return self._timetables[span]

    def _site(self, times: float, span: _Span, replication: int = 1) -> Site:
        days, hours = self._days(span)
        task = self._task
        trucks = draw_recurring(
            self._scenario, days, self._steady, task.seed, replication, times, task.antithetic
        )
        return Site(hours, draft(self._scenario, trucks))

    def _log(self, plan: Plan) -> Log:
        log = self._run(plan)
        check_stuck(plan, log)
        return log

    def _released(self, plan: Plan) -> float:
        """Trucks released a day; NaN if some wait for each other for ever."""
        try:
            return _all(plan, self._log(plan))
        except StuckError:
            return nan

    def _search_site(self, times: float) -> Site:
        """The trucks that the search tries demands with; the last ones are kept."""
        if self._searched is None or self._searched[0] != times:
            self._searched = times, self._site(times, _SEARCH)
        return self._searched[1]

    def _through(self, times: float, changed: Change | None = None) -> Throughput:
        site = self._search_site(times)

        def through(multiple: float) -> float:
            plan = site.at(multiple)
            return self._released(plan if changed is None else changed(plan))

        return through

    # ---- the search ----------------------------------------------------------------------------

    def found(self) -> Capacity:
        first, reach = self._span()
        if not first:
            raise PortsimError("no truck comes")
        top = climb(self._through, first, reach)
        if not isfinite(top.at):
            raise StuckError("at any demand some trucks wait for each other in a circle")
        # What limits it is asked first, while the trucks of the search are there.
        main, gains = self._limits(top, reach) if top.ended else ("", [])
        measured = self._measured(top, reach)
        facts: dict[str, Any] = {
            "multiple": _number(measured.at),
            "per_day": _number(_mean(measured.rows, "capacity_per_day")),
            "at_least": measured.at_least,
            "days": self._days(_FINAL)[0].days,
            "replications": len({row[0] for row in measured.rows}),
            "limits": [
                {
                    "places": gain.places,
                    "gain_per_day": _number(gain.a_day),
                    "at_least": gain.at_least,
                }
                for gain in gains
            ],
            "waits_for": main,
            "beyond": self._beyond(measured.at, measured.rows) if measured.falls else {},
            "why": "",
        }
        rows: list[NoteRow] = [
            (1, "all", of[0], "capacity_gain_per_day", gain, 1, AT_LEAST if at_least else "")
            for of, gain, at_least in gains
            if len(of) == 1
        ]
        return Capacity(self._scenario.name, [*measured.rows, *rows], facts)

    def _span(self) -> tuple[float, float]:
        """The multiple to begin with, 0 if no truck comes, and the largest to be tried."""
        if not self._more:
            return float(bool(self._came(1.0))), 1.0
        hint = (self._days(_SEARCH)[0].days + _SEARCH.warm_up) * sum(self._more.values())
        first = min(2.0 ** ceil(log2(max(1.0, _ENOUGH / hint))), 2.0**40)
        trucks = self._came(first)
        return (first if trucks else 0.0), max(_STEPS, _REACH / max(trucks, 1)) * first

    def _came(self, times: float) -> int:
        days, seed = self._days(_SEARCH)[0], self._task.seed
        return len(draw_recurring(self._scenario, days, self._steady, seed, 1, times).arrival)

    def _falls(self, top: Climb, reach: float) -> bool:
        """Whether throughput falls at twice the demand."""
        twice = 2.0 * top.at
        if not top.ended or twice > reach:
            return False
        least = (1.0 - _FALLS) * top.tried[top.at]
        # Trucks in a circular wait are no crowd: of them nobody knows how many would have passed.
        if any(at > top.at and there < least for at, there in top.tried.items() if at < twice):
            return True
        if twice not in top.tried:
            return self._through(max(twice, top.drawn))(twice) < least
        return top.tried[twice] < least

    # ---- what is told --------------------------------------------------------------------------

    def _measured(self, top: Climb, reach: float) -> "_Measured":
        """The figures of each replication at the multiple that was found, and this.

        A port sustains no demand at which some replication ends in a circular wait: then it is
        halved, and nobody knows how much more would have gone well.
        """
        at, falls = top.at, self._falls(top, reach)
        at_least = not top.ended or bool(self._fixed)
        ways = self._demands(top)
        for _ in range(_HALVINGS):
            try:
                return self._figures(at, ways.pop(0), at_least=at_least, falls=falls)
            except StuckError:
                if not ways:
                    at, at_least, falls = at / 2.0, True, False
                    ways = [[at]]
        raise StuckError("at any demand some trucks wait for each other in a circle")

    def _demands(self, top: Climb) -> list[list[float]]:
        """Demands of which the one is measured at which most pass; others where that cannot be.

        The smallest filled the port by the luck of the trucks that the search was made with; other
        trucks may be fewer. So one is tried, too, that is larger by more than this luck; or, where
        throughput falls before that, those at which it was the largest but for luck.
        """
        at, tried = top.at, top.tried
        came = at * sum(self._more.values()) + min(at, 1.0) * sum(self._fixed.values())
        luck = 1.0 / sqrt(max(1.0, came * self._days(_SEARCH)[0].days))
        sure = (1.0 + _SURE * luck) * at
        if any(more >= sure and there >= (1.0 - NEAR) * tried[at] for more, there in tried.items()):
            return [[at, sure], [at]]
        if luck < RISING:
            return [[at]]
        least = (1.0 - luck) * tried[at]
        return [[more for more, there in sorted(tried.items()) if there >= least], [at]]

    def _figures(
        self, at: float, demands: list[float], *, at_least: bool, falls: bool
    ) -> "_Measured":
        """What passes at that of some demands, rising, at which most do."""
        sites: list[Site] = []
        measured: list[tuple[int, tuple[str, str], float, int]] = []
        most = demands[-1]
        for replication in range(1, self._task.replications + 1):
            beyond = falls and replication <= _BEYOND
            site = self._site(most * (2.0 if beyond else 1.0), _FINAL, replication)
            if replication == 1:
                figures = {demand: self._rows(site.at(demand)) for demand in demands}
                most = max(demands, key=lambda demand: (figures[demand][0][1], demand))
                passing = figures[most]
            else:
                passing = self._rows(site.at(most))
            measured += [(replication, *row) for row in passing]
            sites += [site] * beyond
        here = [a_day for _, key, a_day, _ in measured if key == ("all", "")]
        at = min(max(at, self._brings(float(np.mean(here)))), most)
        further: list[NoteRow] = []
        for replication, site in enumerate(sites, 1):
            plan = site.at(2.0 * at)
            # Here a circular wait is no reason to ask no further: it, too, lets fewer pass.
            further += [
                (replication, *key, "beyond_capacity_per_day", a_day, n, "")
                for key, a_day, n in released_rows(plan, self._run(plan))
            ]
        if falls and not _fell(here, further):
            # The look at one replication was luck: the figures of several decide.
            falls, further = False, []
        if not any(here):
            # Where nobody passes at any demand, none is the one at which most do.
            at = nan
        note = "; ".join([AT_LEAST] * at_least + [FALLS_BEYOND] * falls)
        rows: list[NoteRow] = [
            (replication, *key, "capacity_per_day", a_day, n, note)
            for replication, key, a_day, n in measured
        ]
        rows += [
            (replication, "all", "", "capacity_multiple", at, 1, note)
            for replication in range(1, len(here) + 1)
        ]
        return _Measured(at, at_least, falls, [*rows, *further])

    def _rows(self, plan: Plan) -> list[tuple[tuple[str, str], float, int]]:
        return released_rows(plan, self._log(plan))

    def _brings(self, a_day: float) -> float:
        """The multiple of the demand that brings so many trucks a day, each its pieces."""
        classes = self._scenario.traffic.classes
        more, fixed = (
            sum(count * classes[name].pieces for name, count in come.items())
            for come in (self._more, self._fixed)
        )
        if not more:
            return a_day / fixed if fixed else 0.0
        once = a_day / (more + fixed)
        return once if once <= 1.0 else (a_day - fixed) / more

    # ---- why -----------------------------------------------------------------------------------

    def _limits(self, top: Climb, reach: float) -> tuple[str, list[_Gain]]:
        """What trucks wait for where more come than pass, and what one more of it would give.

        Returns:
            The root of most of the waiting, and the resources of which more lets more pass, each
            with the trucks a day that one more adds, the most first; where no resource by itself
            does, those that do together.
        """
        at, drawn = top.at, top.drawn
        plan = self._site(_PRESSED * at, _LOOK).at(_PRESSED * at)
        waiting = waits(Measurement(plan, self._run(plan)))
        main = waiting.main_root()
        names = plan.context.resource_names if plan.context is not None else ()
        candidates = [
            names.index(cause.name)
            for cause, _ in waiting.by_root(("servers", "budget"))[:_CANDIDATES]
        ]
        steps = {
            resource: max(1, round(_STEP * _largest(plan, resource)))
            for resource in np.flatnonzero(plan.resource_kind != STORE).tolist()
        }
        tried = top.tried
        if drawn < _MUCH * at:
            drawn = 2.0 * at
            through = self._through(drawn)
            tried = {multiple: through(multiple) for multiple in (at, _LITTLE * at)}

        @cache
        def pressed(times: float) -> Plan:
            return self._search_site(drawn).at(times * at)

        there = self._released(pressed(_PRESSED))
        before = max(value for value in (0.0, there, *tried.values()) if isfinite(value))

        def added(*these: int) -> tuple[float, bool]:
            """What more of these adds to the most that pass at any demand; whether at least."""

            def changed(plan: Plan) -> Plan:
                for resource in these:
                    plan = more(plan, resource, steps[resource])
                return plan

            def through(times: float) -> float:
                return self._released(changed(pressed(times)))

            def rises() -> bool:
                return seen[-1] > (1.0 + NEAR) * seen[-2]

            if not (most := through(_PRESSED)) > (1.0 + _GAINS) * there:
                return 0.0, False
            seen, at_least = [through(_LITTLE), most], bool(self._fixed)
            if rises():
                seen.append(through(_MUCH))
                if rises():
                    # The demand that fills the port is too small for one more.
                    first = _MUCH * at
                    filled = climb(
                        lambda times: self._through(times, changed),
                        first,
                        max(first, min(_FURTHER * at, reach)),
                    )
                    seen += filled.tried.values()
                    at_least |= not filled.ended
            gain = max((value for value in seen if isfinite(value)), default=0.0) - before
            return (gain, at_least) if gain > _GAINS * before else (0.0, False)

        def gain(*these: int) -> _Gain:
            sum_, at_least = added(*these)
            return _Gain(
                [names[resource] for resource in these],
                sum_ / max(steps[resource] for resource in these),
                at_least,
            )

        gains = [entry for entry in map(gain, candidates) if entry.a_day > 0]
        gains.sort(key=lambda entry: -entry.a_day)
        if not gains and added(*steps)[0] > 0:
            # Those for which nobody waits, though they are as busy, are the first to be spared.
            together = [
                *candidates,
                *(resource for resource in steps if resource not in candidates),
            ]
            for resource in reversed(list(together)):
                without = [number for number in together if number != resource]
                if without and added(*without)[0] > 0:
                    together = without
            gains = [gain(*together)]
        least = _SHARE * gains[0].a_day if gains else 0.0
        return "" if main is None else main.text, [entry for entry in gains if entry.a_day >= least]

    def _beyond(self, at: float, rows: Sequence[NoteRow]) -> dict[str, Any]:
        """How many pass at twice the demand, who of them fewest, and what these wait for."""
        plan = self._site(2.0 * at, _LOOK).at(2.0 * at)
        waiting = waits(Measurement(plan, self._run(plan)))
        groups = list(dict.fromkeys(row[1] for row in rows if row[3] == "capacity_per_day"))
        before = {name: _mean(rows, "capacity_per_day", name) for name in groups}
        after = {name: _mean(rows, "beyond_capacity_per_day", name) for name in groups}
        context = plan.context
        assert context is not None
        directions = [name for name in groups if name in context.directions]
        fall = {name: before[name] - after[name] for name in groups}
        losers = [name for name in directions if fall[name] > 0]
        if not 0 < len(losers) < len(directions):
            losers = [name for name in groups if name in context.class_names]
        loser = max(losers, key=lambda name: fall[name])
        of_loser = [
            loser in pair for pair in zip(context.class_names, context.directions, strict=True)
        ]
        seconds = waiting.seconds[:, np.array(of_loser)].sum(axis=1)
        sums = np.bincount(waiting.root, weights=seconds, minlength=len(waiting.causes))
        things = [cause.kind in Cause.RESOURCES for cause in waiting.causes]
        cause = waiting.causes[int(np.where(things, sums, -1.0).argmax())]
        return {
            "multiple": _number(2.0 * at),
            "per_day": _number(after["all"]),
            "group": loser,
            "before": _number(before[loser]),
            "after": _number(after[loser]),
            "waits_for": cause.text if sums.max(initial=0.0) > 0 else "",
        }


def _all(plan: Plan, log: Log) -> float:
    return float(released_rows(plan, log)[0][1])


def _largest(plan: Plan, resource: int) -> int:
    changes = plan.change_value[plan.change_resource == resource]
    return max(1, int(plan.resource_initial[resource]), int(changes.max(initial=0)))


def _mean(rows: Sequence[NoteRow], measure: str, group: str = "all") -> float:
    values = [row[4] for row in rows if row[3] == measure and row[1] == group and not row[2]]
    return float(np.mean(values)) if values else nan


def _fell(here: Sequence[float], beyond: Sequence[NoteRow]) -> bool:
    """Whether fewer pass at twice the demand, in the replications in which both were run."""
    after = [row[4] for row in beyond if row[1] == "all" and not row[2]]
    before = float(np.mean(here[: len(after)]))
    return float(np.mean(after)) < min((1.0 - _FALLS) * before, float(np.mean(here)))


def _number(value: float) -> float | None:
    return float(f"{value:.10g}") if isfinite(value) else None
