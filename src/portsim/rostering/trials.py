"""Trials of rosters: the same trucks come again and again, and others are on duty.

Trucks are drawn once, for all trials. A trial is a number of servers at each post in each stretch
of the week; who they are, and what they cost, may not enter.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from portsim.arrays import Ints, Reals
from portsim.calendars import Intervals, local_seconds, to_utc, union, zone
from portsim.demand import calendar_intervals, draw
from portsim.engines import check_stuck, engine
from portsim.engines.log import Log
from portsim.experiment.costs import money_rows, needed
from portsim.measures import Measurement, Wanted, figures, tally
from portsim.measures.trial import Trial
from portsim.measures.visit_kinds import Kinds
from portsim.plan import Draft, Site, draft, endless, timetable
from portsim.plan.contract import NEVER, Plan
from portsim.plan.steps import Steps, changes
from portsim.scenario.model import Scenario
from portsim.scenario.tours import WEEK_MIN
from portsim.studies.requirement import Requirement

__all__ = ["Trials", "Work"]

_WORTH_A_THREAD = 5_000
"""Trucks of a replication from which on several of them run side by side."""
_DAY_MIN, _WEEK_S, _MONDAY_S = 1440, 604_800, 3 * 86_400


@dataclass(frozen=True, eq=False, slots=True)
class Work:
    """What trucks ask of each post, by the hour of the week; p posts.

    Attributes:
        total: float64[p], server-hours of a week of those on trial.
        small: float64[p], of so large a share of the trucks as is promised, those with the least
            work; 0 where nothing is promised of all trucks.
        arriving: float64[p, h], server-hours of those on trial by the hour of the period in which
            the truck came, the mean of replications.
        hour_of_week: int64[h], which hour of the week each of these hours is.
        offered: float64[p, 168], by the hour in which the work would begin, were there servers
            without end: the offered load, lagged by the way to the post.
        in_hand: float64[p], hours of work in hand when a shift ends: no more than the longest, and
            twice the mean of what is left of a work that is looked at at any time.
    """

    total: Reals
    small: Reals
    arriving: Reals
    hour_of_week: Ints
    offered: Reals
    in_hand: Reals


class Trials:
    """Trials on the same trucks with the same luck."""

    def __init__(
        self,
        scenario: Scenario,
        posts: Sequence[str],
        edges: Ints,
        promises: Sequence[Requirement],
        replications: int,
        seed: int,
        engine_name: str = "compiled",
        jobs: int | None = None,
    ) -> None:
        """Draw the trucks.

        Args:
            scenario: the port; what it says of the capacity of the posts does not count.
            posts: names of the servers on trial.
            edges: int64[c + 1], minutes of the week.
            promises: what is measured.
            replications: how often the trucks are drawn.
            seed: root seed.
            engine_name: of the engine.
            jobs: so many replications run side by side.
        """
        self.scenario, self.posts, self.promises = scenario, tuple(posts), tuple(promises)
        self._engine = engine(engine_name)
        self._table = timetable(scenario)
        self._names = list(scenario.resources)
        self._drafts: list[Draft] = []
        for number in range(replications):
            trucks = draw(scenario, seed, number + 1, False)
            self._drafts.append(draft(scenario, trucks.at(scenario)))
        shifts = scenario.shifts
        self._zone = zone((shifts.timezone if shifts else None) or scenario.timezone)
        self._seconds, self._cell = self._laid(edges)
        names = frozenset(promise.measure for promise in promises)
        self._wanted, self._money = Wanted(names | needed(names)), bool(needed(names))
        self._simple = all(
            (promise.measure, promise.truck_class) == ("completed_within_limit", "all")
            for promise in promises
        )
        breaking = any(scenario.resources[post].breakdowns for post in self.posts)
        self._plain = None
        if not breaking:
            self._plain = [Site(self._table, each).all() for each in self._drafts]
            self._courses = [
                [_course(plan, n) for n in range(len(self._names))] for plan in self._plain
            ]
        self._known: dict[bytes, Reals] = {}
        jobs = min(jobs or os.cpu_count() or 1, replications)
        # Threads cost more than they bring where a run takes a millisecond.
        crowded = len(self._drafts[0].trucks.arrival) > _WORTH_A_THREAD
        self._each: Callable[..., Iterable[list[float]]] = map
        if jobs > 1 and crowded:
            self._each = ThreadPoolExecutor(jobs).map
        self.count = 0
        """So many rosters were tried."""

    @property
    def replications(self) -> int:
        """How often the trucks were drawn."""
        return len(self._drafts)

    @property
    def weeks(self) -> float:
        """Weeks of the period."""
        run = self._table.run
        return (run.stop - run.start) / _WEEK_S

    def _laid(self, edges: Ints) -> tuple[Ints, Ints]:
        """Plan seconds at which cells begin over the run, and which cell each is."""
        run = self._table.run
        first = dt.datetime.fromtimestamp(run.origin, self._zone).date() - dt.timedelta(days=8)
        first -= dt.timedelta(days=first.weekday())
        rows: list[tuple[int, int]] = []
        day = first
        while True:
            begins = to_utc(day, 0, self._zone, later=False)
            if begins >= run.stop:
                break
            low, high = day.weekday() * _DAY_MIN, (day.weekday() + 1) * _DAY_MIN
            for cell in np.flatnonzero((edges[:-1] >= low) & (edges[:-1] < high)).tolist():
                second = (int(edges[cell]) - low) * 60
                rows.append((to_utc(day, second, self._zone, later=False) - run.origin, cell))
            day += dt.timedelta(days=1)
        seconds, cells = np.array(rows, dtype=np.int64).T
        since = int(np.searchsorted(seconds, 0, side="right")) - 1
        return np.maximum(seconds[since:], 0), cells[since:]

    def _steps(self, on_duty: Ints) -> dict[int, Steps]:
        """The capacity of each post over the run, by the number of the resource."""
        steps = {}
        for post, counts in zip(self.posts, on_duty, strict=True):
            values = counts[self._cell]
            moved = np.concatenate([[True], values[1:] != values[:-1]])
            times, values = self._seconds[moved], values[moved]
            steps[self._names.index(post)] = Steps(int(values[0]), times[1:], values[1:])
        return steps

    def _plans(self, on_duty: Ints) -> Callable[[int], Plan]:
        """Gives the plan of each replication with others on duty."""
        steps = self._steps(on_duty)
        if self._plain is None:
            every = [steps.get(n, old) for n, old in enumerate(self._table.steps)]
            table = replace(self._table, steps=tuple(every))
            return lambda number: Site(table, self._drafts[number]).all()
        plans, courses = self._plain, self._courses

        def plan(number: int) -> Plan:
            every = [steps.get(n, old) for n, old in enumerate(courses[number])]
            time, which, value = changes(every, plans[number].resource_kind)
            return replace(
                plans[number],
                resource_initial=np.array([step.initial for step in every], dtype=np.int64),
                change_time=time,
                change_resource=which,
                change_value=value,
            )

        return plan

    def reached(self, on_duty: Ints) -> Reals:
        """What the promises come to, float64[replications, promises], of int64[p, c] on duty.

        Who has nobody on duty at all has no figure: that is the worst there is.
        """
        key = on_duty.tobytes()
        if key not in self._known:
            plans = self._plans(on_duty)
            self.count += 1
            rows = list(self._each(lambda n: self._run(plans(n)), range(len(self._drafts))))
            self._known[key] = np.array(rows, dtype=np.float64)
        return self._known[key]

    def _run(self, plan: Plan) -> list[float]:
        log = self._engine(plan)
        if self._simple:
            trial = Trial.of(plan, log)
            context = plan.context
            assert context is not None
            judged = float(context.pieces[trial.judged].sum())
            kept = float(context.pieces[trial.kept].sum())
            return [kept / judged if judged else 0.0] * len(self.promises)
        rows = figures(Measurement(plan, log), self._wanted)
        if self._money:
            rows += money_rows(self.scenario, rows)
        measured = {(row[0], row[1], row[2]): row[3] for row in rows}
        values = []
        for promise in self.promises:
            value = measured.get((promise.truck_class, promise.place, promise.measure), np.nan)
            if np.isnan(value):
                value = 0.0 if promise.sign > 0 else np.inf
            values.append(float(value))
        return values

    def waits(self, on_duty: Ints, blocks: Ints) -> Reals:
        """Truck-hours a week that trucks wait before stages of each post, float64[p, b].

        Args:
            on_duty: int64[p, c].
            blocks: int64[c], to which of b blocks of the week each cell belongs.
        """
        plan = self._plans(on_duty)(0)
        log = self._engine(plan)
        sums = np.zeros((len(self.posts), int(blocks.max()) + 1))
        marks = np.append(self._seconds, plan.end)
        queued = np.where(log.queued == NEVER, plan.end, log.queued)
        until = np.where(log.admitted == NEVER, plan.end, log.admitted)
        for number, post in enumerate(self.posts):
            takes = np.isin(plan.visit_stage, self._stages(post))
            since, till = np.sort(queued[takes]), np.sort(until[takes])
            # Waiting up to a mark is the integral of those who have joined less those admitted.
            total = _integral(since, marks) - _integral(till, marks)
            np.add.at(sums[number], blocks[self._cell], np.diff(total) / 3600.0)
        return sums / (plan.end / _WEEK_S)

    def _stages(self, post: str) -> list[int]:
        return [
            number
            for number, stage in enumerate(self.scenario.stages.values())
            if post in stage.takes
        ]

    def open_share(self, edges: Ints) -> Reals:
        """float64[p, c], in what part of the period a stage of a post works in a cell."""
        rows = []
        for post in self.posts:
            open_: Intervals = np.zeros((0, 2), dtype=np.int64)
            for stage in self._stages(post):
                open_ = union(open_, self._table.works[stage])
            rows.append(self._share(open_, edges))
        return np.array(rows)

    def calendar_share(self, name: str, edges: Ints) -> Reals:
        """float64[c], in what part of the period a calendar is open in a cell."""
        run = self._table.run
        open_ = calendar_intervals(self.scenario, name, run.origin, run.stop)
        return self._share(open_ - run.origin, edges)

    def _share(self, open_: Intervals, edges: Ints) -> Reals:
        run = self._table.run
        begins, stops = run.start - run.origin, run.stop - run.origin
        starts = np.maximum(self._seconds, begins)
        ends = np.append(self._seconds[1:], stops)
        inside = ends > starts
        starts, ends, cells = starts[inside], ends[inside], self._cell[inside]
        whole, part = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
        np.add.at(whole, cells, ends - starts)
        up_to = _open_up_to(open_, np.concatenate([starts, ends]))
        np.add.at(part, cells, up_to[len(starts) :] - up_to[: len(starts)])
        return np.asarray(part / np.maximum(whole, 1.0))

    def work(self, share: float) -> Work:
        """What trucks ask of the posts.

        Args:
            share: of the trucks on trial that must be out in time; 0 where nothing is promised.
        """
        plans = [Site(self._table, drawn).all() for drawn in self._drafts]
        logs = [self._engine(endless(plan)) for plan in plans]
        p = len(self.posts)
        total, small, in_hand = np.zeros(p), np.zeros(p), np.zeros(p)
        start = self._table.run.start - self._table.run.origin
        marks = np.arange(start, self._table.end, 3600, dtype=np.int64)
        arriving, offered = np.zeros((p, len(marks))), np.zeros((p, 168))
        each = 1.0 / len(plans) / self.weeks
        for plan, log in zip(plans, logs, strict=True):
            context = plan.context
            assert context is not None
            kinds = Kinds.sort(plan)
            truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
            last = plan.end - context.limit
            judged = (plan.arrival >= context.start) & (plan.arrival < last)
            for number, post in enumerate(self.posts):
                taken = kinds.take[kinds.of, self._names.index(post)]
                hours = taken * plan.visit_work / 3600.0
                by_truck = np.bincount(truck, weights=hours, minlength=plan.trucks)
                mine = by_truck[judged].astype(np.float64)
                total[number] += mine.sum() * each
                small[number] += _least(mine, context.pieces[judged], share) * each
                squared = float((hours**2).sum() / max(hours.sum(), 1e-12))
                in_hand[number] += min(squared, hours.max(initial=0.0)) / len(plans)
                hour = (plan.arrival[judged] - start) // 3600
                np.add.at(arriving[number], hour, mine / len(plans))
                begun = (log.admitted != NEVER) & (log.admitted >= context.start)
                np.add.at(
                    offered[number],
                    self._hour(plan, log.admitted[begun]),
                    hours[begun] * each,
                )
        return Work(total, small, arriving, self._hour(plans[0], marks), offered, in_hand)

    def _hour(self, plan: Plan, seconds: Ints) -> Ints:
        context = plan.context
        assert context is not None
        local = local_seconds(seconds + context.origin, self._zone) + _MONDAY_S
        return np.asarray(local // 3600 % 168, dtype=np.int64)

    def ceiling(self) -> float:
        """Share that servers without end at all hours get out in time, the mean of replications."""
        shares = []
        for drawn in self._drafts:
            plan = Site(self._table, drawn).all()
            counted = tally(Measurement(plan, self._checked(endless(plan))))
            judged = float(counted.judged.sum())
            shares.append(float(counted.kept.sum()) / judged if judged else np.nan)
        return float(np.mean(shares))

    def _checked(self, plan: Plan) -> Log:
        log = self._engine(plan)
        check_stuck(plan, log)
        return log


def _course(plan: Plan, resource: int) -> Steps:
    """What there is of a resource in a plan, breakdowns taken off."""
    times, values = plan.course(resource)
    return Steps(int(values[0]), times[1:], values[1:])


def _least(work: Reals, weight: Ints, share: float) -> float:
    """The least work of any trucks that have so large a share of the weight; some may be split."""
    order = np.argsort(work / weight)
    reached = np.cumsum(weight[order])
    if not len(reached) or share <= 0.0:
        return 0.0
    wanted = share * reached[-1]
    whole = int(np.searchsorted(reached, wanted, side="left"))
    rest = wanted - (reached[whole - 1] if whole else 0)
    part = work[order[whole]] / weight[order[whole]] * rest
    return float(work[order[:whole]].sum() + part)


def _integral(times: Ints, marks: Ints) -> Reals:
    """Of the number of sorted times at or before each second, up to each mark: float64[m]."""
    sums = np.concatenate([[0.0], np.cumsum(times, dtype=np.float64)])
    before = np.searchsorted(times, marks)
    return np.asarray(before * marks.astype(np.float64) - sums[before])


def _open_up_to(open_: Intervals, marks: Ints) -> Reals:
    """Open seconds up to each mark."""
    if not len(open_):
        return np.zeros(len(marks))
    sums = np.concatenate([[0], np.cumsum(open_[:, 1] - open_[:, 0])])
    row = np.searchsorted(open_[:, 0], marks, side="right")
    beyond = np.where(row > 0, np.maximum(0, open_[np.maximum(row - 1, 0), 1] - marks), 0)
    return np.asarray(sums[row] - np.where(row > 0, beyond, 0), dtype=np.float64)


assert WEEK_MIN * 60 == _WEEK_S
