"""The engine of reference: the port as SimPy processes, one a truck, on an integer clock.

It reads a plan and writes a log; it draws no luck, knows no names and keeps no statistics.

How it works. A truck goes through its visits one after the other. At each it *queues*, is
admitted and *takes* tokens, *works*, and *gives* tokens back. What happens in one second is
settled in rounds (`_Port.settle`): works that end, trucks that lose patience, trucks that join a
queue, changes of capacity, admissions, servers that those left waiting open or close. The port
walks through SimPy's agenda event by event and settles a round once nothing more falls due in that
second (`_Port.run`). So no rule depends on the order in which events were put into the agenda.
"""

import gc
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import Any

import numpy as np
import simpy

from portsim.engines.choices import Choices
from portsim.engines.convoy import Convoy, count_of
from portsim.engines.log import (
    DIVERTED,
    GAVE_UP,
    INSIDE,
    RELEASED,
    Log,
    opening_rows,
    outcomes_before,
    stop_rows,
)
from portsim.engines.paperwork import Paperwork
from portsim.engines.rank import Rank, ranks_of, rise_at
from portsim.engines.rule import Rule, rules_of
from portsim.engines.works import Work, Works
from portsim.plan.beside import Movers, movers
from portsim.plan.contract import NEVER, SERVERS, Beginning, Plan
from portsim.plan.standing import Standing, standing

__all__ = ["run"]

Tokens = tuple[tuple[int, int], ...]
Key = tuple[int, int, int]
Life = Generator[simpy.Event, Any, None]


def run(plan: Plan) -> Log:
    """Run a plan through SimPy.

    Args:
        plan: the whole contract of an engine.

    Returns:
        The log of [0, plan.end), determined by the plan alone.
    """
    with _collector_off():
        return _Port(plan).run()


@contextmanager
def _collector_off() -> Iterator[None]:
    """Switch the collector of cycles off for a while.

    A backlog is hundreds of thousands of live processes; walking through them again and again took
    half of the time, and a truck that has left is no part of a cycle.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Clock(simpy.Environment):
    """SimPy counts in whatever numbers it is given; here they are integers only."""

    @property
    def now(self) -> int:
        return self._now  # type: ignore[return-value]


class _Visit(simpy.Event):
    """A truck at a stage: falls due when its work there is over, or when it leaves the queue."""

    def __init__(self, env: simpy.Environment, truck: int, number: int, recipe: "_Recipe") -> None:
        super().__init__(env)
        self.truck = truck
        self.number = number
        self.recipe = recipe
        self.waiting = False

    def falls_due(self, delay: int, outcome: int | None = None) -> None:
        self._ok = True
        self._value = outcome
        self.env.schedule(self, delay=delay)


class _Recipe:
    """What a kind of visit takes and gives, and its rank where it has one of its own; visits alike
    in everything but work share one."""

    def __init__(
        self, plan: Plan, stage: int, take: int, give_in: int, give_out: int, rank: Rank | None
    ) -> None:
        self.stage = stage
        self.rank = rank
        self.claims = bool(plan.stage_claims[stage]) and (rank is None or rank.claims)
        self.take: Tokens = plan.tokens(take)
        self.give_in: Tokens = plan.tokens(give_in)
        self.give_out: Tokens = plan.tokens(give_out)
        back = dict(self.give_in)
        self.need: Tokens = tuple(
            (resource, n - back.get(resource, 0)) for resource, n in self.take
        )
        self.servers = {
            resource for resource, _ in self.take if plan.resource_kind[resource] == SERVERS
        }


class _Stage:
    """A place to queue: heaps of waiting trucks, first in key order first.

    One heap for all, or one for each need where overtaking is allowed, and for each rank where
    trucks rise: the heads of the heaps are the stage's candidates.
    """

    def __init__(self, plan: Plan, number: int) -> None:
        self.number = number
        self.claims = bool(plan.stage_claims[number])
        self.overtaking = bool(plan.stage_overtaking[number])
        self.rises = rise_at(plan, number)
        self.heaps: dict[Any, _Heap] = defaultdict(list)
        self.waiting = 0
        self.at_work = 0
        self.admits = False
        self.neighbours: list[_Stage] = [self]
        self.work_time = _WorkTime(plan.works(number)) if plan.stage_pause[number] else None
        self.pace = None if plan.paces is None else _Pace(*plan.paces.of(number))
        self.convoy: Convoy | None = None

    def join(self, key: Key, visit: _Visit) -> bool:
        """Put a truck into its heap; whether it stands first there."""
        if not visit.waiting:
            visit.waiting = True
            self.waiting += 1
        line: Any = visit.recipe.need if self.overtaking else ()
        if self.rises and visit.recipe.rank is not None:
            line = (line, *visit.recipe.rank[:2])
        heap = self.heaps[line]
        heappush(heap, (key, visit))
        return heap[0][1] is visit

    def show_head(self, heap: "_Heap", candidates: "list[_Candidate]", now: int) -> None:
        while heap and not heap[0][1].waiting:
            heappop(heap)  # it gave up; taking it from the middle would have cost a search
        if heap:
            key = heap[0][0]
            if self.rises:
                rank = heap[0][1].recipe.rank
                key = key if rank is None else (rank.level(now - key[1]), *key[1:])
            heappush(candidates, (key, self, heap))

    def first(self, now: int) -> _Visit:
        """Take out who goes first of those who wait."""
        candidates: list[_Candidate] = []
        for heap in self.heaps.values():
            self.show_head(heap, candidates, now)
        return heappop(candidates[0][2])[1]


_Heap = list[tuple[Key, _Visit]]
_Candidate = tuple[Key, _Stage, _Heap]


class _WorkTime:
    """Work time of a stage that pauses: the second at which some work will be done."""

    def __init__(self, intervals: np.ndarray) -> None:
        self.starts: list[int] = intervals[:, 0].tolist()
        self.ends: list[int] = intervals[:, 1].tolist()
        self.done: list[int] = np.cumsum(intervals[:, 1] - intervals[:, 0]).tolist()

    def passed(self, second: int) -> int:
        """Work time before a second."""
        last = bisect_right(self.starts, second) - 1
        return self.done[last] - max(0, self.ends[last] - second) if last >= 0 else 0

    def end_of(self, admitted: int, work: int) -> int:
        if work == 0:
            return admitted
        passed = self.passed(admitted)
        at = bisect_left(self.done, passed + work)
        if at == len(self.done):
            return NEVER
        return self.ends[at] - (self.done[at] - passed - work)


class _Pace:
    """How long work of a stage lasts by the second in which it begins."""

    def __init__(self, since: np.ndarray, milli: np.ndarray) -> None:
        self.since: list[int] = since.tolist()
        self.milli: list[int] = milli.tolist()

    def of(self, admitted: int, work: int) -> int:
        return (work * self.milli[bisect_right(self.since, admitted) - 1] + 500) // 1000


class _Port:
    """The port: its stages, its tokens, and the settling of each second."""

    def __init__(self, plan: Plan) -> None:
        begins = standing(plan)
        self.env = _Clock(begins.second)
        self.begin, self.end = begins.second, plan.end
        self.kind = plan.resource_kind.tolist()
        # Of servers, capacity minus use (below 0 where a shift ended on unfinished trucks); of
        # budgets and stores, what is left.
        self.free: list[int] = begins.free.tolist()
        self.capacity: list[int] = begins.capacity.tolist()

        kinds = _recipes(plan)
        self.note_down(plan, movers(plan), kinds)
        self.choices = Choices(plan, kinds, self.is_open, self.fits)
        self.undecided, self.chooses = self.choices.open, bool(self.choices.open)
        self.papers = Paperwork(plan, begins.papers)
        self.papered, self.lacking = bool(self.papers), self.papers.lacking
        self.here: dict[int, _Visit] = {}
        """Of trucks with papers, and of papers, the visit whose queue they joined last."""
        self.stages = [_Stage(plan, number) for number in range(len(plan.stage_pause))]
        recipes = {*self.recipe, *self.choices.recipes}
        self.wanted_by = _wanted_by(plan, recipes, self.stages)
        if plan.stage_claims.any():
            _introduce_neighbours(self.stages, self.wanted_by)

        again = plan.again
        self.next = None if again is None else again.next.tolist()
        self.after = [] if again is None else again.after.tolist()
        self.convoys = [Convoy(plan, row) for row in range(count_of(plan))]
        for convoy in self.convoys:
            self.stages[convoy.stage].convoy = convoy

        self.unsettled = False
        self.impatient: list[_Visit] = []
        self.joining: list[_Visit] = []
        self.changes: Sequence[tuple[int, int]] = ()
        self.turns: Sequence[tuple[int, bool]] = ()
        self.rules = rules_of(plan, begins)
        self.openings: list[tuple[int, int, int, int]] = []
        self.breaks: Sequence[tuple[int, int, bool]] = ()
        self.stops: list[tuple[int, int, int, int]] = []
        failing = [] if plan.stops is None else plan.stops.fails.tolist()
        self.works = None if plan.stops is None else Works(failing, self.free, self.worked)
        self.hands: dict[int, _Visit] = {}
        self.ends: Sequence[tuple[int, int]] = ()
        self.leaving = _leaving(plan)
        self.touched: set[_Stage] = set()

        if plan.beginning is not None:
            self.find(plan.beginning, begins)
        for rule in self.rules:
            if rule.due != NEVER:
                self.expect(rule)
        self.env.process(self.calendar(_agenda(plan, begins)))
        inside = int(np.searchsorted(plan.arrival, begins.second))
        self.env.process(self.arrivals(plan.arrival.tolist(), inside))
        if self.papers.begin:
            self.env.process(self.hand_in())

    def note_down(self, plan: Plan, rows: Movers, kinds: Sequence[_Recipe]) -> None:
        """Note who moves, with nothing of what will happen to them; papers are numbered behind the
        trucks, and so are their visits."""
        self.trucks, self.visits = plan.trucks, plan.visits
        self.queued = [NEVER] * len(rows.kind)
        self.admitted = [NEVER] * len(rows.kind)
        self.finished = [NEVER] * len(rows.kind)
        beside = len(rows.priority) - plan.trucks
        self.outcome = outcomes_before(plan).tolist() + [INSIDE] * beside
        self.left = [NEVER] * len(rows.priority)
        self.first_visit = rows.first_visit.tolist()
        self.priority = rows.priority.tolist()
        self.work = rows.work.tolist()
        self.patience = rows.patience.tolist()
        self.tolerance = rows.tolerance.tolist()
        self.recipe = [kinds[kind] for kind in rows.kind.tolist()]

    def run(self) -> Log:
        """Walk through the agenda; settle once nothing more falls due in a second."""
        env = self.env
        while env.peek() < self.end:
            env.step()
            if self.unsettled and env.peek() > env.now:
                self.settle()
        seconds = np.array((self.queued, self.admitted, self.finished), dtype=np.int64)
        queued, admitted, finished = np.ascontiguousarray(seconds[:, : self.visits])
        log = Log(
            queued=queued,
            admitted=admitted,
            finished=finished,
            outcome=np.array(self.outcome[: self.trucks], dtype=np.int64),
            left=np.array(self.left[: self.trucks], dtype=np.int64),
            openings=opening_rows(self.openings),
            stops=stop_rows(self.stops),
            ways=np.array(self.choices.chosen, dtype=np.int64),
            papers=np.ascontiguousarray(seconds[:, self.visits :].T),
        )
        self.let_go()
        return log

    def let_go(self) -> None:
        """Undo the circles of waiting trucks and port: the next runs would carry them along."""
        waiting = [visit for s in self.stages for heap in s.heaps.values() for _, visit in heap]
        for visit in (*waiting, *self.here.values()):
            if visit.callbacks:
                visit.callbacks.clear()
        vars(self).clear()

    # ---- the processes -------------------------------------------------------------------------

    def find(self, beginning: Beginning, begins: Standing) -> None:
        """Let the trucks that are inside go on from where they stand, and others come again."""
        before = (beginning.queued, beginning.admitted, beginning.finished)
        for column, known in zip((self.queued, self.admitted, self.finished), before, strict=True):
            for visit_number, second in zip(begins.visits.tolist(), known.tolist(), strict=True):
                column[visit_number] = second
        if beginning.coming is not None:
            for truck, second in beginning.coming.tolist():
                self.let_return(truck, second)
        for truck, number in zip(begins.truck.tolist(), begins.visit.tolist(), strict=True):
            visit = _Visit(self.env, truck, number, self.recipe[number])
            if self.admitted[number] == NEVER:
                self.stand(visit)
            else:
                self.work_at(visit)
            self.env.process(self.truck(truck, visit))
        if self.works is not None and beginning.interrupted is not None:
            for number, since, to_do in beginning.interrupted.tolist():
                work = self.works.under_way[number]
                work.since, work.to_do = since, to_do
                if work.stands:
                    self.works.stand(work)
                else:
                    self.set_to_work(work)
        self.find_papers(beginning)

    def find_papers(self, beginning: Beginning) -> None:
        """Let papers that have begun go on from where they are."""
        if beginning.papers is None:
            return
        for column, known in zip(
            (self.queued, self.admitted, self.finished), beginning.papers.T, strict=True
        ):
            column[self.visits :] = known.tolist()
        for number, at in self.papers.under_way.items():
            if self.queued[at] == NEVER:
                continue
            visit = _Visit(self.env, number, at, self.recipe[at])
            if self.admitted[at] == NEVER:
                self.stand(visit)
            else:
                self.work_at(visit)
            self.env.process(self.truck(number, visit))

    def arrivals(self, seconds: list[int], inside: int) -> Life:
        """Send each truck that comes on its way at the second of its arrival."""
        for truck, second in enumerate(seconds[inside:], inside):
            if second > self.env.now:
                yield self.env.timeout(second - self.env.now)
            self.env.process(self.truck(truck))

    def let_return(self, truck: int, second: int) -> None:
        """Let a truck come that has been here before."""
        there = self.env.timeout(second - self.env.now)
        there.callbacks.append(lambda _: self.comes(truck))

    def comes(self, truck: int) -> None:
        self.outcome[truck] = INSIDE
        self.env.process(self.truck(truck))

    def hand_in(self) -> Life:
        """Begin the papers that begin at a second."""
        for second, number in self.papers.begin:
            if second >= self.end:
                return
            if second > self.env.now:
                yield self.env.timeout(second - self.env.now)
            self.env.process(self.truck(number))

    def truck(self, number: int, here: _Visit | None = None) -> Life:
        """One truck, or its papers: queue, take, work and give at each stage, then leave.

        Who was inside from the beginning goes on from where it is `here`.
        """
        first = self.first_visit[number] if here is None else here.number
        for visit in range(first, self.first_visit[number + 1]):
            if here is None:
                here = _Visit(self.env, number, visit, self.recipe[visit])
                self.joining.append(here)
                self.unsettled = True
            outcome = yield here
            if outcome is not None:
                return
            self.finished[visit] = self.env.now
            if self.chooses:
                self.stages[here.recipe.stage].at_work -= 1
            self.give(here.recipe.give_out)
            here = None
        self.leave(number, RELEASED)

    def calendar(self, agenda: Iterable[tuple[int, "_Day"]]) -> Life:
        """Open and close stages, change shifts and refill budgets."""
        for second, day in agenda:
            if second > self.env.now:
                yield self.env.timeout(second - self.env.now)
            for number, admits in day.doors:
                stage = self.stages[number]
                stage.admits = admits
                self.touched.update(stage.neighbours)
            self.changes, self.turns, self.breaks = day.changes, day.turns, day.breaks
            self.ends = day.ends
            self.unsettled = True

    def expect(self, rule: Rule) -> None:
        """Settle the second in which an extra server is there that has been decided."""
        there = self.env.timeout(rule.due - self.env.now)
        there.callbacks.append(lambda _: self.wake())

    def wake(self) -> None:
        self.unsettled = True

    # ---- one second ----------------------------------------------------------------------------

    def settle(self) -> None:
        """Settle a round: (a) works have ended; now (b) impatience, (c) joins, (d), (e), (f)."""
        if self.impatient:
            for visit in sorted(self.impatient, key=_truck):
                visit.waiting = False
                stage = self.stages[visit.recipe.stage]
                stage.waiting -= 1
                self.touched.update(stage.neighbours)
                self.turn_out(visit, GAVE_UP)
            self.impatient.clear()
        if len(self.joining) > 1:
            self.joining.sort(key=_truck)
        for visit in self.joining:
            self.join(visit)
        self.joining.clear()
        if self.changes or self.ends:
            self.change()
        if self.rules:
            self.let_come()
        if self.breaks:
            self.stop_works()
        for convoy in self.convoys:
            self.depart(convoy, self.stages[convoy.stage])
        if self.touched:
            self.dispatch()
        while self.rules and self.look_at_queues():
            self.dispatch()
        if self.works is not None:
            self.let_go_on(self.works)
        self.unsettled = False

    def change(self) -> None:
        """End and change shifts, and refill budgets."""
        self.end_shifts()
        for resource, value in self.changes:
            if self.kind[resource] == SERVERS:
                self.free[resource] += value - self.capacity[resource]
                self.capacity[resource] = value
            else:
                self.free[resource] = value
            self.touched.update(self.wanted_by[resource])
        self.changes = ()

    def depart(self, convoy: Convoy, stage: _Stage) -> None:
        """Admit convoys, as long as one may go."""
        while stage.admits and convoy.departs(stage.waiting, self.env.now):
            for _ in range(min(convoy.count, stage.waiting)):
                self.admit(stage.first(self.env.now), stage)

    def let_come(self) -> None:
        """Begin and end the hours of rules, and let the servers come that are due."""
        for number, begins in self.turns:
            rule, had = self.rules[number], self.rules[number].extra
            rule.holds = begins
            if not begins and rule.close():
                self.heed(rule, had)
        self.turns = ()
        for rule in self.rules:
            if rule.due == self.env.now:
                rule.arrive()
                self.heed(rule, rule.extra - 1)

    def look_at_queues(self) -> bool:
        """Open and close servers by those who are left waiting; whether one came at once."""
        came = False
        for rule in self.rules:
            had = rule.extra
            if rule.look(self.waiting_at, self.env.now):
                self.heed(rule, had)
                if rule.due != NEVER:
                    self.expect(rule)
                came |= rule.extra > had
        return came

    def waiting_at(self, stage: int) -> int:
        return self.stages[stage].waiting

    def heed(self, rule: Rule, had: int) -> None:
        """Note what a rule has decided, and let servers come or go that it had not before."""
        self.free[rule.resource] += rule.extra - had
        if rule.extra > had:
            self.touched.update(self.wanted_by[rule.resource])
        self.openings.append((self.env.now, rule.resource, rule.extra, rule.due))

    def join(self, visit: _Visit) -> None:
        """Queue, unless the queue is longer than this truck tolerates."""
        number, now = visit.number, self.env.now
        if number in self.undecided:
            self.go(visit, self.choices.joining(number, self.stages))
        stage = self.stages[visit.recipe.stage]
        if 0 <= self.tolerance[number] <= stage.waiting:
            self.turn_out(visit, DIVERTED)
            return
        if self.papered and not self.goes_on(visit):
            return
        self.queued[number] = now
        heads_its_queue = self.stand(visit)
        if heads_its_queue and stage.admits:
            # Behind another it changes nothing: who stands first has been refused already.
            self.touched.update(stage.neighbours)

    def stand(self, visit: _Visit) -> bool:
        """Stand in the queue since the second of joining it; whether it stands first there."""
        number = visit.number
        queued, stage = self.queued[number], self.stages[visit.recipe.stage]
        if self.patience[number] != NEVER:
            deadline = self.env.timeout(queued + self.patience[number] - self.env.now)
            deadline.callbacks.append(lambda _: self.lose_patience(visit))
        if self.papered and self.stands_aside(visit, stage):
            return False
        if stage.convoy is not None:
            stage.convoy.join(queued, visit)
            if stage.convoy.after != NEVER and queued + stage.convoy.after >= self.env.now:
                due = self.env.timeout(queued + stage.convoy.after - self.env.now)
                due.callbacks.append(lambda _: self.wake())
        return stage.join(self.key(visit), visit)

    def key(self, visit: _Visit) -> Key:
        """Of the waiting of a truck, when it begins: priority, second of joining, number."""
        rank, truck = visit.recipe.rank, visit.truck
        priority = self.priority[truck] if rank is None else rank.priority
        return priority, self.queued[visit.number], truck

    def lose_patience(self, visit: _Visit) -> None:
        if visit.waiting:
            self.impatient.append(visit)
            self.unsettled = True

    def dispatch(self) -> None:
        """Admit the smallest admissible candidate, again and again until there is none."""
        now = self.env.now
        while self.touched:
            looked_at, self.touched = self.touched, set()
            candidates: list[_Candidate] = []
            for stage in looked_at:
                if stage.admits and stage.convoy is None:
                    for heap in stage.heaps.values():
                        stage.show_head(heap, candidates, now)
            claimed: set[int] = set()
            while candidates:
                _, stage, heap = heappop(candidates)
                visit = heap[0][1]
                if visit.number in self.lacking:
                    continue
                if visit.number in self.undecided:
                    self.go(visit, self.choices.fitting(visit.number, claimed))
                recipe = visit.recipe
                if not self.fits(recipe) or not claimed.isdisjoint(recipe.servers):
                    if recipe.claims and self.only_servers_lack(recipe):
                        claimed |= recipe.servers
                    continue
                heappop(heap)
                self.admit(visit, stage)
                if recipe.give_in or claimed:
                    # What it gave or spent may let smaller keys pass that were refused before.
                    self.touched |= looked_at
                    break
                stage.show_head(heap, candidates, now)

    def go(self, visit: _Visit, way: tuple[_Recipe, int] | None) -> None:
        """Make a visit in a way that has been chosen, if one has."""
        if way is not None:
            visit.recipe = self.recipe[visit.number] = way[0]
            self.work[visit.number] = way[1]

    def is_open(self, recipe: _Recipe) -> bool:
        """Whether a stage admits and as many servers are there as one truck takes."""
        return self.stages[recipe.stage].admits and all(
            self.capacity[resource] + sum(r.extra for r in self.rules if r.resource == resource)
            >= n
            for resource, n in recipe.take
            if self.kind[resource] == SERVERS
        )

    def fits(self, recipe: _Recipe) -> bool:
        for resource, n in recipe.need:  # noqa: SIM110 (`all` takes twice as long, and it counts here)
            if self.free[resource] < n:
                return False
        return True

    def only_servers_lack(self, recipe: _Recipe) -> bool:
        return all(
            self.free[resource] >= n
            for resource, n in recipe.need
            if self.kind[resource] != SERVERS
        )

    def admit(self, visit: _Visit, stage: _Stage) -> None:
        """Take and give, and start the work."""
        visit.waiting = False
        stage.waiting -= 1
        self.admitted[visit.number] = self.env.now
        for resource, n in visit.recipe.take:
            self.free[resource] -= n
        self.give(visit.recipe.give_in)
        self.work_at(visit)

    def work_at(self, visit: _Visit) -> None:
        """Work since the second of the admission; what should have ended before ends now."""
        admitted, work = self.admitted[visit.number], self.work[visit.number]
        stage = self.stages[visit.recipe.stage]
        if self.chooses:
            stage.at_work += 1
        if stage.pace is not None and admitted >= self.begin:
            work = stage.pace.of(admitted, work)
        if self.works is not None:
            made = Work((admitted, visit.truck), visit.recipe.stage, visit.number, work)
            self.works.begin(made, visit.recipe.take)
            self.hands[visit.number] = visit
            self.set_to_work(made)
            return
        work_time = stage.work_time
        done = admitted + work if work_time is None else work_time.end_of(admitted, work)
        if done != NEVER and done < self.end:
            visit.falls_due(max(0, done - self.env.now))

    # ---- shifts that overlap -------------------------------------------------------------------

    def end_shifts(self) -> None:
        """Let those leave whose shift ends and whose trucks nobody who stays can take over."""
        for resource, count in self.ends:
            gone = max(0, count - self.free[resource])
            self.free[resource] += gone
            self.leaving[resource] += gone
            self.touched.update(self.wanted_by[resource])
        self.ends = ()

    def left_over(self, tokens: Tokens) -> Tokens:
        """What of some servers that come back is not of those who leave."""
        rest = []
        for resource, n in tokens:
            gone = min(n, self.leaving[resource])
            self.leaving[resource] -= gone
            rest.append((resource, n - gone))
        return tuple(rest)

    # ---- works that breakdowns stop ------------------------------------------------------------

    def stop_works(self) -> None:
        """Let works stand still whose servers have broken in this second."""
        assert self.works is not None
        for resource, count, anew in self.breaks:
            for work in self.works.stop(resource, count, anew, self.env.now):
                self.stops.append((self.env.now, work.visit, work.to_do, 0))
        self.breaks = ()

    def let_go_on(self, works: Works) -> None:
        for work in works.go_on(self.env.now):
            self.stops.append((self.env.now, work.visit, work.to_do, 1))
            self.set_to_work(work)

    def set_to_work(self, work: Work) -> None:
        """Work since a second; what should have ended before ends now."""
        work_time = self.stages[work.stage].work_time
        done = work.since + work.to_do if work_time is None else work_time.end_of(
            work.since, work.to_do
        )  # fmt: skip
        work.ends = done
        if done != NEVER and done < self.end:
            over = self.env.timeout(max(0, done - self.env.now))
            over.callbacks.append(lambda _: self.may_be_over(work, done))

    def may_be_over(self, work: Work, due: int) -> None:
        """End a work, unless it was stopped and ends at another second."""
        if work.ends == due and self.works is not None and work.visit in self.works.under_way:
            del self.works.under_way[work.visit]
            self.hands.pop(work.visit).falls_due(0)
            # What it gives back may let a work go on for which no queue is looked at.
            self.unsettled = True

    def worked(self, stage: int, since: int, until: int) -> int:
        work_time = self.stages[stage].work_time
        if work_time is None:
            return until - since
        return work_time.passed(until) - work_time.passed(since)

    # ---- tokens --------------------------------------------------------------------------------

    def give(self, tokens: Tokens) -> None:
        """Put tokens back and note which stages may go on."""
        if self.leaving:
            tokens = self.left_over(tokens)
        for resource, n in tokens:
            self.free[resource] += n
            for stage in self.wanted_by[resource]:
                if stage.waiting and stage.admits:
                    self.touched.add(stage)
                    self.unsettled = True

    def turn_out(self, visit: _Visit, outcome: int) -> None:
        """Let a truck leave from a queue with what it still holds given back."""
        self.give_back(visit.truck, visit.number)
        self.leave(visit.truck, outcome)
        visit.falls_due(0, outcome)
        if self.next and visit.truck < self.trucks and self.next[visit.truck] != NEVER:
            self.let_return(self.next[visit.truck], self.env.now + self.after[visit.truck])

    def give_back(self, truck: int, beyond: int) -> None:
        """Give back the servers that a truck took at its visits before one, and still holds."""
        held: dict[int, int] = defaultdict(int)
        for number in range(self.first_visit[truck], beyond):
            recipe = self.recipe[number]
            for sign, tokens in ((1, recipe.take), (-1, recipe.give_in), (-1, recipe.give_out)):
                for resource, n in tokens:
                    if self.kind[resource] == SERVERS:
                        held[resource] += sign * n
        self.give(tuple((resource, n) for resource, n in held.items() if n))

    def leave(self, truck: int, outcome: int) -> None:
        self.outcome[truck] = outcome
        self.left[truck] = self.env.now
        if self.papered:
            for paper in self.papers.of.get(truck, ()):
                self.withdraw(paper)
            if truck >= self.trucks and outcome == RELEASED:
                # Of papers whose truck had left before the run begins the last works are not told.
                self.give_back(truck, self.first_visit[truck + 1])
                self.have_done(truck)

    # ---- papers --------------------------------------------------------------------------------

    def goes_on(self, visit: _Visit) -> bool:
        """Begin the papers that go with a visit; no papers go on whose truck has left."""
        truck = self.papers.truck.get(visit.truck)
        if truck is not None and self.left[truck] != NEVER:
            self.turn_out(visit, GAVE_UP)
            return False
        for paper in self.papers.with_visit.get(visit.number, ()):
            self.env.process(self.truck(paper))
        return True

    def stands_aside(self, visit: _Visit, stage: _Stage) -> bool:
        """Let others pass until the papers come, where that may be."""
        self.here[visit.truck] = visit
        if not stage.overtaking or visit.number not in self.lacking:
            return False
        stage.waiting += 1
        visit.waiting = True
        return True

    def withdraw(self, paper: int) -> None:
        """Take papers whose truck has left out of the queue in which they wait."""
        visit = self.here.get(paper)
        if visit is not None and visit.waiting:
            visit.waiting = False
            stage = self.stages[visit.recipe.stage]
            stage.waiting -= 1
            self.touched.update(stage.neighbours)
            self.unsettled = True
            self.turn_out(visit, GAVE_UP)

    def have_done(self, paper: int) -> None:
        """Papers are done with all: if its truck waits for nothing else, let it go on."""
        number = self.papers.done(paper)
        truck = self.papers.truck.get(paper)
        visit = None if truck is None else self.here.get(truck)
        if visit is None or visit.number != number or not visit.waiting:
            return
        stage = self.stages[visit.recipe.stage]
        if stage.overtaking:
            stage.join(self.key(visit), visit)
        self.touched.update(stage.neighbours)
        self.unsettled = True


class _Day:
    """What the calendars do in one second: doors that open or close, changes of resources, hours
    of rules that begin or end, servers that break, shifts that end."""

    def __init__(self) -> None:
        self.doors: list[tuple[int, bool]] = []
        self.changes: list[tuple[int, int]] = []
        self.turns: list[tuple[int, bool]] = []
        self.breaks: list[tuple[int, int, bool]] = []
        self.ends: list[tuple[int, int]] = []


def _leaving(plan: Plan) -> list[int]:
    """Servers whose shift has ended, with a truck in hand; empty where no shifts overlap."""
    if plan.leaving is None:
        return []
    known = None if plan.beginning is None else plan.beginning.leaving
    return [0] * len(plan.resource_kind) if known is None else list(known.tolist())


def _truck(visit: _Visit) -> int:
    return visit.truck


def _agenda(plan: Plan, begins: Standing) -> list[tuple[int, _Day]]:
    days: dict[int, _Day] = defaultdict(_Day)
    for stage, start, end in begins.doors.tolist():
        days[start].doors.append((stage, True))
        days[end].doors.append((stage, False))
    for second, resource, value in zip(
        plan.change_time[begins.changed :].tolist(),
        plan.change_resource[begins.changed :].tolist(),
        plan.change_value[begins.changed :].tolist(),
        strict=True,
    ):
        days[second].changes.append((resource, value))
    for second, begin, rule in begins.turns.tolist():
        days[second].turns.append((rule, bool(begin)))
    if plan.stops is not None:
        columns = (plan.stops.time, plan.stops.resource, plan.stops.count, plan.stops.anew)
        for second, server, count, anew in zip(*(c.tolist() for c in columns), strict=True):
            if second >= begins.second:
                days[second].breaks.append((server, count, anew))
    if plan.leaving is not None:
        ends = (plan.leaving.time, plan.leaving.resource, plan.leaving.count)
        for second, server, count in zip(*(c.tolist() for c in ends), strict=True):
            if second >= begins.second:
                days[second].ends.append((server, count))
    return sorted(days.items(), key=lambda item: item[0])


def _recipes(plan: Plan) -> list[_Recipe]:
    """The recipe of each kind of visit."""
    columns = (plan.kind_stage, plan.kind_take, plan.kind_give_in, plan.kind_give_out)
    kinds = list(zip(*(column.tolist() for column in columns), ranks_of(plan), strict=True))
    recipes = {kind: _Recipe(plan, *kind) for kind in dict.fromkeys(kinds)}
    return [recipes[kind] for kind in kinds]


def _wanted_by(plan: Plan, recipes: set[_Recipe], stages: list[_Stage]) -> list[list[_Stage]]:
    wanted: list[set[int]] = [set() for _ in plan.resource_kind]
    for recipe in recipes:
        for resource, _ in recipe.take:
            wanted[resource].add(recipe.stage)
    return [[stages[number] for number in sorted(numbers)] for numbers in wanted]


def _introduce_neighbours(stages: list[_Stage], wanted_by: list[list[_Stage]]) -> None:
    """Who may go depends on the candidates of a stage that claims, wherever tokens are shared.

    Budgets and stores count as well: whoever spends the last one lifts the claim of a truck that
    needs it.
    """
    group = {stage: {stage} for stage in stages}
    for sharers in wanted_by:
        if any(stage.claims for stage in sharers):
            together = set().union(*(group[stage] for stage in sharers))
            for stage in together:
                group[stage] = together
    for stage in stages:
        stage.neighbours = sorted(group[stage], key=lambda other: other.number)
    for resource, sharers in enumerate(wanted_by):
        wanted_by[resource] = sorted(
            {other for stage in sharers for other in stage.neighbours}, key=lambda s: s.number
        )
