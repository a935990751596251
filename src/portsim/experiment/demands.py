"""A port under demands of many sizes: its trucks drawn for each, and what passes of them.

Where throughput stops rising, and why, may not enter.
"""

from collections.abc import Callable
from math import nan
from typing import NamedTuple

from portsim.demand import (
    Recurring,
    daily,
    draw_recurring,
    multipliable,
    recurring,
    steady,
)
from portsim.engines import Log, check_stuck, engine
from portsim.errors import StuckError
from portsim.experiment.climb import Throughput
from portsim.measures import released_rows
from portsim.plan import Plan, Site, Timetable, draft, timetable
from portsim.scenario.model import Scenario

__all__ = ["FINAL", "LOOK", "SEARCH", "Change", "Demands", "Span", "released_a_day"]

Change = Callable[[Plan], Plan]


class Span(NamedTuple):
    """Days that a run has: before what is measured, and of this at least and at most."""

    warm_up: int
    least: int
    most: int


SEARCH, FINAL = Span(14, 56, 56), Span(14, 56, 91)
"""While the multiple is searched, and what is measured there."""
LOOK = Span(7, 14, 14)
"""A look at what trucks wait for."""


class Demands:
    """A scenario under demands of many sizes, always with the same trucks.

    Attributes:
        scenario: whose demand it is.
        more: trucks a day of each class whose demand can be multiplied.
        fixed: those of the others.
        run: the engine; it does not mind trucks that wait for each other in a circle.
    """

    def __init__(
        self, scenario: Scenario, seed: int, engine_name: str, antithetic: bool = False
    ) -> None:
        """Get ready.

        Args:
            scenario: whose demand it is.
            seed: root seed.
            engine_name: name of the engine.
            antithetic: an even replication is the mirror of the one before it.
        """
        self.scenario, self._seed, self._antithetic = scenario, seed, antithetic
        self._timetables: dict[Span, tuple[Recurring, Timetable]] = {}
        self.run = engine(engine_name)
        self._searched: tuple[float, Site] | None = None
        self._steady = steady(scenario)
        days = self.days(SEARCH)[0]
        come = daily(scenario, days, self._steady)
        # A class that never comes neither can be multiplied nor keeps others from being so.
        self.more, self.fixed = (
            {name: count for name, count in come.items() if count > 0 and self._can(name) == can}
            for can in (True, False)
        )

    def _can(self, name: str) -> bool:
        return multipliable(self._steady[name])

    def days(self, span: Span) -> tuple[Recurring, Timetable]:
        """The days of a run, and the hours on them."""
        if span not in self._timetables:
            days = recurring(self.scenario, **span._asdict())
            self._timetables[span] = days, timetable(self.scenario, days)
        return self._timetables[span]

    def site(self, times: float, span: Span, replication: int = 1) -> Site:
        """Trucks drawn for multiples of the demand up to this one."""
        days, hours = self.days(span)
        trucks = draw_recurring(
            self.scenario, days, self._steady, self._seed, replication, times, self._antithetic
        )
        return Site(hours, draft(self.scenario, trucks))

    def log(self, plan: Plan) -> Log:
        """Run a plan.

        Raises:
            StuckError: trucks ended in a circular wait.
        """
        log = self.run(plan)
        check_stuck(plan, log)
        return log

    def released(self, plan: Plan) -> float:
        """Trucks released a day; NaN if some wait for each other for ever."""
        try:
            return released_a_day(plan, self.log(plan))
        except StuckError:
            return nan

    def search_site(self, times: float) -> Site:
        """The trucks that the search tries demands with; the last ones are kept."""
        if self._searched is None or self._searched[0] != times:
            self._searched = times, self.site(times, SEARCH)
        return self._searched[1]

    def through(self, times: float, changed: Change | None = None) -> Throughput:
        """What passes at multiples up to this one, of the trucks of the search, with something in
        the port changed."""
        site = self.search_site(times)

        def through(multiple: float) -> float:
            plan = site.at(multiple)
            return self.released(plan if changed is None else changed(plan))

        return through

    def came(self, times: float) -> int:
        """How many trucks the search draws at a multiple of the demand."""
        days = self.days(SEARCH)[0]
        return len(draw_recurring(self.scenario, days, self._steady, self._seed, 1, times).arrival)

    def brings(self, a_day: float) -> float:
        """The multiple of the demand that brings so many trucks a day, each its pieces."""
        classes = self.scenario.traffic.classes
        more, fixed = (
            sum(count * classes[name].pieces for name, count in come.items())
            for come in (self.more, self.fixed)
        )
        if not more:
            return a_day / fixed if fixed else 0.0
        once = a_day / (more + fixed)
        return once if once <= 1.0 else (a_day - fixed) / more


def released_a_day(plan: Plan, log: Log) -> float:
    """Trucks of all classes released a day."""
    return float(released_rows(plan, log)[0][1])
