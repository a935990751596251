"""The capacity of a scenario: the largest throughput it sustains, found by runs of its own.

Real runs are neither read nor touched here. Whatever goes wrong is said in the outcome.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, isfinite, isnan, log2, nan, sqrt
from typing import Any, NamedTuple

import numpy as np

from portsim.arrays import Reals
from portsim.errors import PortsimError, StuckError
from portsim.experiment.climb import (
    NEAR,
    RISING,
    Climb,
    climb,
    filled,
    luck_of,
)
from portsim.experiment.counterfactuals import not_measured, reason
from portsim.experiment.demands import FINAL, SEARCH, Demands
from portsim.experiment.limits import beyond, limits
from portsim.measures import released_rows
from portsim.plan import Plan, Site
from portsim.scenario.figure_notes import AT_LEAST, FALLS_BEYOND
from portsim.scenario.model import Scenario

__all__ = ["Capacity", "CapacityTask", "find", "replications_of"]

_REPLICATIONS, _PAIRS = 4, 3
"""So many replications, or antithetic pairs, tell it: at saturation they hardly differ."""
_HALVINGS = 12
"""So often the demand is halved at most where trucks wait for each other in a circle."""
_BEYOND = 2
"""So many of them also tell what passes at twice the demand."""
_ENOUGH = 500
"""Trucks from which on the search begins: of fewer, luck decides what rises."""
_REACH, _STEPS = 250_000, 8.0
"""Trucks that are drawn at most, some 3,500 a day, but at least this multiple of what the search
begins with: of a port that lets more pass, eight times its demand, nobody asks how many more."""
_FALLS = 0.02
"""Share by which throughput at twice the demand must be smaller to be called fallen."""
_FEW = (0.005, 0.01)
"""Where luck makes a larger share of the throughput, one replication does not tell what is full:
where throughput does not fall beyond that, and where it does."""
_SURE = 3.0
"""A demand fills a port for sure that is by so many standard deviations of its trucks larger."""

NoteRow = tuple[int, str, str, str, float, int, str]
"""replication, class, place, measure, value, count, note."""


class _Measured(NamedTuple):
    """The figures by replication, at which multiple they are reached, the one at which is asked
    whether they fall, and what must be known."""

    multiple: float
    crowded: float
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
        return _Search(task).capacity()
    except (PortsimError, MemoryError) as error:
        return Capacity.missing(task.scenario.name, error)


class _Search:
    """The search for the capacity of a port."""

    def __init__(self, task: CapacityTask) -> None:
        self._task = task
        self._port = Demands(task.scenario, task.seed, task.engine, task.antithetic)

    def capacity(self) -> Capacity:
        first, reach = self._span()
        if not first:
            raise PortsimError("no truck comes")
        top = climb(self._port.through, first, reach)
        if not isfinite(top.peak):
            raise StuckError("at any demand some trucks wait for each other in a circle")
        top = self._settled(top)
        # What limits it is asked first, while the trucks of the search are there.
        main, gains = limits(self._port, top, reach) if top.ended else ("", [])
        measured = self._measured(top, reach)
        facts: dict[str, Any] = {
            "multiple": _number(measured.multiple),
            "per_day": _number(_mean(measured.rows, "capacity_per_day")),
            "at_least": measured.at_least,
            "days": self._port.days(FINAL)[0].days,
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
            "beyond": self._beyond(measured) if measured.falls else {},
            "why": "",
        }
        rows: list[NoteRow] = [
            (1, "all", of[0], "capacity_gain_per_day", gain, 1, AT_LEAST if at_least else "")
            for of, gain, at_least in gains
            if len(of) == 1
        ]
        return Capacity(self._task.scenario.name, [*measured.rows, *rows], facts)

    def _span(self) -> tuple[float, float]:
        """The multiple to begin with, 0 if no truck comes, and the largest to be tried."""
        if not self._port.more:
            return float(bool(self._port.came(1.0))), 1.0
        hint = (self._port.days(SEARCH)[0].days + SEARCH.warm_up) * sum(self._port.more.values())
        first = min(2.0 ** ceil(log2(max(1.0, _ENOUGH / hint))), 2.0**40)
        trucks = self._port.came(first)
        return (first if trucks else 0.0), max(_STEPS, _REACH / max(trucks, 1)) * first

    def _settled(self, top: Climb) -> Climb:
        """The climb, ended where what rose until the search had to end was luck of its trucks."""
        days = self._port.days(SEARCH)[0].days
        if top.ended or luck_of(top.tried[top.peak], days) <= _FEW[False]:
            return top
        last = max(top.tried)
        numbers = range(1, self._task.replications + 1)
        through = self._through([self._port.site(last, SEARCH, number) for number in numbers])
        most = float(through(last).mean())
        peak = last if isnan(most) else filled(through, self._port.brings(most), last, days)
        if peak > last / 2.0:
            return top
        return top._replace(peak=peak, tried={**top.tried, peak: top.through(peak)}, ended=True)

    def _through(self, sites: Sequence[Site]) -> Callable[[float], Reals]:
        """What passes at a multiple of the demand, of the trucks of each of several sites."""

        def through(multiple: float) -> Reals:
            return np.array([self._port.released(site.at(multiple)) for site in sites])

        return through

    def _falls(self, top: Climb, reach: float) -> bool:
        """Whether throughput falls at twice the demand."""
        twice = 2.0 * top.peak
        if not top.ended or twice > reach:
            return False
        least = (1.0 - _FALLS) * top.tried[top.peak]
        # Trucks in a circular wait are no crowd: of them nobody knows how many would have passed.
        if any(
            multiple > top.peak and there < least
            for multiple, there in top.tried.items()
            if multiple < twice
        ):
            return True
        if twice not in top.tried:
            return self._port.through(max(twice, top.drawn))(twice) < least
        return top.tried[twice] < least

    def _measured(self, top: Climb, reach: float) -> _Measured:
        """The figures of each replication at the multiple that was found, and this.

        A port sustains no demand at which some replication ends in a circular wait: then it is
        halved, and nobody knows how much more would have gone well.
        """
        multiple, falls = top.peak, self._falls(top, reach)
        at_least, full = not top.ended or bool(self._port.fixed), top.ended
        ways = self._demands(top)
        for _ in range(_HALVINGS):
            try:
                return self._figures(
                    multiple, ways.pop(0), full=full, at_least=at_least, falls=falls
                )
            except StuckError:
                if not ways:
                    multiple, full, at_least, falls = multiple / 2.0, False, True, False
                    ways = [[multiple]]
        raise StuckError("at any demand some trucks wait for each other in a circle")

    def _demands(self, top: Climb) -> list[list[float]]:
        """Demands of which the one is measured at which most pass; others where that cannot be.

        The smallest filled the port by the luck of the trucks that the search was made with; other
        trucks may be fewer. So one is tried, too, that is larger by more than this luck; or, where
        throughput falls before that, those at which it was the largest but for luck.
        """
        multiple, tried = top.peak, top.tried
        came = multiple * sum(self._port.more.values()) + min(multiple, 1.0) * sum(
            self._port.fixed.values()
        )
        luck = 1.0 / sqrt(max(1.0, came * self._port.days(SEARCH)[0].days))
        sure = (1.0 + _SURE * luck) * multiple
        if any(
            more >= sure and there >= (1.0 - NEAR) * tried[multiple]
            for more, there in tried.items()
        ):
            return [[multiple, sure], [multiple]]
        if luck < RISING:
            return [[multiple]]
        least = (1.0 - luck) * tried[multiple]
        return [[more for more, there in sorted(tried.items()) if there >= least], [multiple]]

    def _figures(
        self, multiple: float, demands: list[float], *, full: bool, at_least: bool, falls: bool
    ) -> _Measured:
        """What passes at that of some demands, rising, at which most do.

        In: the multiple at which that is reached; the demands; whether they fill the port.
        """
        sites: list[Site] = []
        further_sites: list[Site] = []
        measured: list[tuple[int, tuple[str, str], float, int]] = []
        most = demands[-1]
        for replication in range(1, self._task.replications + 1):
            further_on = falls and replication <= _BEYOND
            site = self._port.site(most * (2.0 if further_on else 1.0), FINAL, replication)
            if replication == 1:
                figures = {demand: self._rows(site.at(demand)) for demand in demands}
                most = max(demands, key=lambda demand: (figures[demand][0][1], demand))
                passing = figures[most]
            else:
                passing = self._rows(site.at(most))
            measured += [(replication, *row) for row in passing]
            sites.append(site)
            further_sites += [site] * further_on
        here = [a_day for _, key, a_day, _ in measured if key == ("all", "")]
        a_day = float(np.mean(here))
        multiple = min(max(multiple, self._port.brings(a_day)), most)
        further: list[NoteRow] = []
        for replication, site in enumerate(further_sites, 1):
            plan = site.at(2.0 * multiple)
            # Here a circular wait is no reason to ask no further: it, too, lets fewer pass.
            further += [
                (replication, *key, "beyond_capacity_per_day", a_day, n, "")
                for key, a_day, n in released_rows(plan, self._port.run(plan))
            ]
        if falls and not _fell(here, further):
            # The look at one replication was luck: the figures of several decide.
            falls, further = False, []
        crowded = 2.0 * multiple
        if full and luck_of(a_day, self._port.days(SEARCH)[0].days) > _FEW[falls]:
            multiple = self._filled(sites, most, a_day)
        if not any(here):
            # Where nobody passes at any demand, none is the one at which most do.
            multiple = nan
        note = "; ".join([AT_LEAST] * at_least + [FALLS_BEYOND] * falls)
        rows: list[NoteRow] = [
            (replication, *key, "capacity_per_day", a_day, n, note)
            for replication, key, a_day, n in measured
        ]
        rows += [
            (replication, "all", "", "capacity_multiple", multiple, 1, note)
            for replication in range(1, len(here) + 1)
        ]
        return _Measured(multiple, crowded, at_least, falls, [*rows, *further])

    def _filled(self, sites: Sequence[Site], most: float, a_day: float) -> float:
        """The multiple of the demand that fills the port, from the trucks of all replications."""
        days = self._port.days(FINAL)[0].days
        return filled(self._through(sites), self._port.brings(a_day), most, days)

    def _rows(self, plan: Plan) -> list[tuple[tuple[str, str], float, int]]:
        return released_rows(plan, self._port.log(plan))

    def _beyond(self, measured: _Measured) -> dict[str, Any]:
        """What the manifest says of twice the demand."""
        groups = dict.fromkeys(row[1] for row in measured.rows if row[3] == "capacity_per_day")
        before, after = (
            {name: _mean(measured.rows, measure, name) for name in groups}
            for measure in ("capacity_per_day", "beyond_capacity_per_day")
        )
        facts = beyond(self._port, measured.crowded, before, after)
        return {
            name: _number(fact) if isinstance(fact, float) else fact for name, fact in facts.items()
        }


def _mean(rows: Sequence[NoteRow], measure: str, group: str = "all") -> float:
    values = [row[4] for row in rows if row[3] == measure and row[1] == group and not row[2]]
    return float(np.mean(values)) if values else nan


def _fell(here: Sequence[float], further: Sequence[NoteRow]) -> bool:
    """Whether fewer pass at twice the demand, in the replications in which both were run."""
    after = [row[4] for row in further if row[1] == "all" and not row[2]]
    before = float(np.mean(here[: len(after)]))
    return float(np.mean(after)) < min((1.0 - _FALLS) * before, float(np.mean(here)))


def _number(value: float) -> float | None:
    return float(f"{value:.10g}") if isfinite(value) else None
