"""Who is inside at a second, as a gate log shows it: where each truck stands, and since when.

Only what was stamped before the second may enter. What a log does not say (whether a truck without
a stamped start is at work yet, whether one that was never seen leaving is still there) is inferred
by rules that are written here.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.checking.served import first_free, taken
from portsim.forecasting.seen_in_log import (
    Visits,
    classes_of,
    gone_unseen,
    most_at_work,
    visits_of,
)
from portsim.forecasting.whereabouts import OUT, Whereabouts, apportioned
from portsim.gatelog import GateLog
from portsim.held.names import Partners
from portsim.plan import Timetable
from portsim.scenario.inside import TrucksInside
from portsim.scenario.model import Scenario

__all__ = ["Standing", "standing_in"]

_FAR = 1.5
"""Who has been in for so many times the longest stay of those that left has left unseen."""
_DAY_S = 86_400.0


@dataclass(frozen=True, eq=False, slots=True)
class Standing:
    """Who is inside at a second."""

    inside: TrucksInside
    left: Mapping[str, int]
    """What is left of budgets, by their last refill and who was taken since."""
    forgotten: int
    """Trucks that the log never shows leaving and that are taken to have left."""
    unsure: int
    """Of how many of those inside the log leaves open at which of the next stages they are."""


@dataclass(slots=True)
class _Truck:
    """One truck that is inside."""

    row: int
    cls: str
    stage: str
    working: bool
    since: float
    arrived: float
    may: Mapping[str, float] = field(default_factory=dict)
    """Where it may be, and how likely; empty where it was seen."""
    by: str = ""
    """Servers that do in place of those named."""


def standing_in(
    log: GateLog,
    names: Partners,
    scenario: Scenario,
    timetable: Timetable,
    before_it: Timetable,
) -> Standing:
    """Who is inside at the beginning of a scenario.

    Args:
        log: as it stood then, see `GateLog.before`.
        names: what of the log is what in the scenario.
        scenario: whose period begins then.
        timetable: of the scenario.
        before_it: the same of the days before.
    """
    second = timetable.run.start
    inside, forgotten, unsure = _Reader(log, names, scenario, second).read()
    _at_work(inside, log, names, scenario, timetable)
    _no_more_than_there_are(inside, scenario)
    load = log.trucks["load"].to_numpy(np.float64)
    plates = log.trucks["truck"].fillna("").astype(str).to_numpy()
    n = len(inside)

    def before(values: list[float]) -> Ints:
        floor = np.floor(np.array(values, dtype=np.float64))
        return np.asarray(np.minimum(floor, second - 1).astype(np.int64))

    rows = [truck.row for truck in inside]
    since = before([truck.since for truck in inside])
    arrived = np.minimum(before([truck.arrived for truck in inside]), since)
    told = TrucksInside(
        names=tuple(str(plates[row]) for row in rows),
        classes=tuple(truck.cls for truck in inside),
        stages=tuple(truck.stage for truck in inside),
        working=np.array([truck.working for truck in inside], dtype=bool),
        since=since,
        arrived=arrived,
        tonnes=load[rows] if n else np.zeros(0),
        remaining=np.full(n, np.nan),
        drawn=np.full(n, -1, dtype=np.int64),
        holds=(None,) * n,
        assumed=np.zeros(n, dtype=bool),
        # A gate log knows each stage once a truck.
        passes=np.ones(n, dtype=np.int64),
        by=tuple(truck.by for truck in inside),
    )
    return Standing(told, _left(log, names, scenario, before_it), forgotten, unsure)


def _left(
    log: GateLog, names: Partners, scenario: Scenario, before_it: Timetable
) -> dict[str, int]:
    """What is left of budgets: their level less what those took whom the log shows since the last
    refill. A budget that was not refilled in the days before has its level."""
    visits = log.visits
    earliest = visits[["queue", "start", "end"]].min(axis=1)
    began = visits["start"].fillna(earliest).to_numpy(np.float64)
    stage = visits["stage"].map(dict(names.stages))
    left = {}
    for (name, resource), steps in zip(scenario.resources.items(), before_it.steps, strict=True):
        if resource.kind != "budget" or not len(steps.times):
            continue
        since = float(steps.times[-1] + before_it.run.origin)
        spent = 0
        for where, words in scenario.stages.items():
            if name in words.spends:
                taken = int(((began >= since) & stage.eq(where).to_numpy()).sum())
                spent += words.spends[name].count * taken
        left[name] = max(int(steps.values[-1]) - spent, 0)
    return left


class _Reader:
    """Reads where each truck stands."""

    def __init__(self, log: GateLog, names: Partners, scenario: Scenario, second: int) -> None:
        self.log, self.names, self.scenario, self.second = log, names, scenario, second
        self.classes = classes_of(log, names, scenario)

    def read(self) -> tuple[list[_Truck], int, int]:
        """Those inside, in the order of the log; how many are taken to have left unseen, and of how
        many the log leaves open at which of the next stages they are."""
        visits = visits_of(self.log, self.names)
        self.whereabouts = Whereabouts(
            self.scenario, self.names, visits, self.classes, self.log.stamped
        )
        truck, named = visits.truck, visits.named.tolist()
        final = np.flatnonzero(np.append(truck[1:] != truck[:-1], True)) if len(truck) else truck
        last = dict(zip(truck[final].tolist(), final.tolist(), strict=True))
        firsts = self.log.firsts
        trucks: list[_Truck] = []
        for row, first in enumerate(firsts.tolist()):
            if first < self.second:
                visit = last.get(row)
                if visit is None:
                    trucks.append(self._next(row, "", first, first))
                else:
                    trucks.append(self._at(row, named[visit], visits.stamps[visit], first))
        unsure = self._settle(trucks)
        stays = [
            float(np.nanmax(visits.stamps[last[truck.row]])) - truck.arrived
            for truck in trucks
            if truck.stage == OUT and truck.row in last
        ]
        inside = [truck for truck in trucks if truck.stage != OUT]
        longest = _FAR * max(stays) if stays else np.inf
        there = [truck for truck in inside if self.second - truck.arrived <= max(longest, _DAY_S)]
        there = self._not_gone(there, visits)
        return there, len(inside) - len(there), unsure

    def _settle(self, trucks: list[_Truck]) -> int:
        """Put those who may be at several stages at one; how many of them are inside."""
        known = set(self.names.stages.values())
        open_ = sorted((truck for truck in trucks if truck.may), key=lambda truck: truck.since)
        stages = apportioned(
            [truck.may for truck in open_], [(truck.cls, truck.stage) for truck in open_]
        )
        for truck, stage in zip(open_, stages, strict=True):
            truck.stage = stage
            # A mere way is under way at once.
            truck.working = (
                stage != OUT and stage not in known and not self.scenario.stages[stage].takes
            )
        return sum(truck.stage != OUT and len(truck.may) > 1 for truck in open_)

    def _not_gone(self, inside: list[_Truck], visits: Visits) -> list[_Truck]:
        """Those whom at their stage not so many passed that their own end must be missing."""
        cls = np.unique(self.classes, return_inverse=True)[1]
        gone: set[int] = set()
        for named, stage in self.names.stages.items():
            here = [truck for truck in inside if truck.stage == stage]
            if not here or "end" not in self.log.stamped[named]:
                continue
            over = np.flatnonzero((visits.named == named) & np.isfinite(visits.done))
            rows = np.array([truck.row for truck in here], dtype=np.int64)
            came = np.array([truck.arrived if truck.working else truck.since for truck in here])
            missing = gone_unseen(
                np.concatenate([visits.joined[over], came]),
                np.concatenate([visits.done[over], np.full(len(here), np.inf)]),
                cls[np.concatenate([visits.truck[over], rows])],
                most_at_work(self.scenario, stage),
            )
            gone |= set(rows[missing[len(over) :]].tolist())
        return [truck for truck in inside if truck.row not in gone]

    def _at(self, row: int, named: str, stamps: Reals, first: float) -> _Truck:
        """Where a truck stands by its last visit."""
        queue, start, end = stamps.tolist()
        stage = self.names.stages[named]
        cls = self.classes[row]
        at_first = named == self.log.stages[0]
        if np.isnan(start) and np.isnan(end) and queue == first and at_first:
            # Its arrival is the queue of the first stage of the log, whichever its own is.
            return self._next(row, "", first, first)
        if not np.isnan(end):
            return self._next(row, stage, end, first)
        if not np.isnan(start):
            # Who was seen going in at the last stage, whose ends nobody stamps, is as good as out.
            over = "end" not in self.log.stamped[named]
            over = over and not self.whereabouts.shows_more(cls, stage)
            return _Truck(row, cls, OUT if over else stage, True, start, first)
        return _Truck(row, cls, stage, False, first if np.isnan(queue) else queue, first)

    def _next(self, row: int, stage: str, since: float, first: float) -> _Truck:
        """A truck that is done at a stage, or has just come, with where it may stand."""
        cls = self.classes[row]
        may = self.whereabouts.weights(cls, stage, since)
        return _Truck(row, cls, stage, False, since, first, may)


def _at_work(
    inside: list[_Truck],
    log: GateLog,
    names: Partners,
    scenario: Scenario,
    timetable: Timetable,
) -> None:
    """Where starts are not stamped, the first in the queue are at work, as many as can be.

    The j-th of them from behind has been since the j-th last end there, or since it came.
    """
    begin = timetable.run.start - timetable.run.origin
    stages = list(scenario.stages)
    for named, stage in names.stages.items():
        if "start" in log.stamped[named]:
            continue
        admits = timetable.works[stages.index(stage)]
        if not np.any((admits[:, 0] <= begin) & (begin < admits[:, 1])):
            continue
        queue = [truck for truck in inside if truck.stage == stage and not truck.working]
        queue.sort(key=lambda truck: truck.since)
        room = _room(scenario, timetable, stage, begin)
        at_work = queue[: room if room is not None else len(queue)]
        rows = log.visits[log.visits["stage"].eq(named)]
        ends = np.sort(rows["end"].dropna().to_numpy(np.float64))[::-1]
        for place, truck in enumerate(reversed(at_work)):
            truck.working = True
            if place < len(ends):
                truck.since = max(truck.since, float(ends[place]))


def _room(scenario: Scenario, timetable: Timetable, stage: str, begin: int) -> int | None:
    """How many trucks can be at work at a stage at a plan second; None if any number."""
    rows = dict(zip(scenario.resources, timetable.steps, strict=True))
    most: int | None = None
    words = scenario.stages[stage]
    for name, take in words.takes.items():
        room = 0
        for each in (name, *words.instead_of.get(name, ())):
            steps = rows[each]
            passed = int(np.searchsorted(steps.times, begin, side="right"))
            there = int(steps.values[passed - 1]) if passed else steps.initial
            count = scenario.resources[each].largest if take.count == "all" else take.count
            room += there // max(count, 1)
        most = room if most is None else min(most, room)
    return most


def _no_more_than_there_are(inside: list[_Truck], scenario: Scenario) -> None:
    """Whoever would be at work beyond all servers there are is taken to wait."""
    used: Counter[str] = Counter()
    for truck in sorted(inside, key=lambda truck: truck.since):
        if truck.working:
            by = first_free(scenario, truck.stage, used)
            truck.working, truck.by = by is not None, by or ""
            if by is not None:
                used += taken(scenario, truck.stage, by)
