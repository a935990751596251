"""A site: one scenario in one replication, ready to give a plan at any scale of the demand.

Timetable and draft are put together here; nothing is laid out and no calendar is read any more.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portsim.arrays import Ints
from portsim.calendars import Intervals, intersect, merge
from portsim.demand import Trucks
from portsim.plan.beside import joined
from portsim.plan.contract import (
    BUDGET,
    NEVER,
    SERVERS,
    STORE,
    Again,
    Beginning,
    Convoys,
    Plan,
    SlotsAsked,
)
from portsim.plan.draft import Draft
from portsim.plan.interruptions import Interruptions
from portsim.plan.ranks import claiming, first_of, ranks_of
from portsim.plan.resumed import resumed
from portsim.plan.steps import Steps, changes
from portsim.plan.timetable import Timetable
from portsim.plan.visits import Visits
from portsim.plan.ways import ways_of
from portsim.scenario.inside import OpenedServers
from portsim.scenario.model import Scenario
from portsim.scenario.stages import Stage

__all__ = ["Site", "endless", "more"]

_ENDLESS = 10**9
_HISTORY_S = 60 * 86_400
"""Closures and breakdowns of a future are drawn from so long before its beginning on."""
_KINDS = {"servers": SERVERS, "budget": BUDGET, "store": STORE}


class Site:
    """The plans of one scenario in one replication; read-only once made, for any threads."""

    def __init__(self, timetable: Timetable, draft: Draft) -> None:
        """Put a timetable and a draft together; draw closures and breakdowns.

        Raises:
            ValueError: the draft was made for a scenario whose visits are others.
        """
        scenario = timetable.scenario
        if draft.key != timetable.draft_key:
            msg = f"a draft that was not laid out for {scenario.name}"
            raise ValueError(msg)
        self._scenario = scenario
        self._draft = draft
        classes = [scenario.traffic.classes[name] for name in draft.trucks.class_names]
        self._priority = np.array([cls.priority for cls in classes], dtype=np.int64)
        self._first = np.array([first_of(cls) for cls in classes], dtype=np.int64)
        self._pieces = np.array([cls.pieces for cls in classes], dtype=np.int64)
        trucks = draft.trucks
        self.timetable = timetable
        luck = Interruptions(timetable, trucks.seed, trucks.replication, trucks.antithetic)
        self._undisturbed = _empty(timetable, draft)
        self._empty = _interrupted(self._undisturbed, timetable, luck)
        self._resumed = resumed(
            scenario,
            draft.trucks,
            draft.visits,
            timetable.run.origin,
            self._empty.works,
            timetable.paces,
        )
        going_on = self._resumed
        self._work = draft.visits.work if going_on is None else going_on.work
        self._patience = draft.visits.patience if going_on is None else going_on.patience

    @property
    def trucks(self) -> Trucks:
        """All trucks of the draft."""
        return self._draft.trucks

    def at(self, times: float = 1.0, *, without: Collection[str] = ()) -> Plan:
        """The plan at the scenario's demand, or at `times` as much; `without` some classes.

        The draft's trucks are all there are: a draft of fewer than the base trucks gives a plan
        without those it leaves out. Arrays may be shared with other plans; nobody writes to them.
        """
        trucks, later = self._draft.trucks, self._draft.later
        come = self._come(trucks, times, without)
        return self._plan(come, None if later is None else self._come(later.trucks, times, without))

    def _come(self, trucks: Trucks, times: float, without: Collection[str]) -> NDArray[np.bool_]:
        come = trucks.come(self._scenario, times)
        if without:
            left_out = [number for number, name in enumerate(trucks.class_names) if name in without]
            come &= ~np.isin(trucks.cls, left_out)
        return come

    def all(self) -> Plan:
        """The plan with every truck of the draft."""
        return self._plan(np.ones(len(self._draft.trucks.arrival), dtype=bool))

    def unforeseen(self, number: int) -> Plan:
        """The plan without a truck of one of several futures that have been laid out together.

        In: its number, from 0: closures and breakdowns are those of the replication after it.
        """
        timetable = self.timetable
        if not timetable.interrupted:
            return self._undisturbed
        since = timetable.run.start - _HISTORY_S
        luck = Interruptions(timetable, self._draft.trucks.seed, number + 1, since=since)
        return _interrupted(self._undisturbed, timetable, luck)

    def future(self, empty: Plan, rows: Ints) -> Plan:
        """The plan of one future.

        Args:
            empty: what `unforeseen` gives of it.
            rows: int64[n], positions of its trucks in the draft, those inside first.
        """
        visits, trucks = self._draft.visits, self._draft.trucks
        count = visits.first[rows + 1] - visits.first[rows]
        begin = np.cumsum(count) - count
        visit = np.repeat(visits.first[rows] - begin, count) + np.arange(int(count.sum()))
        inside = rows[: int(np.searchsorted(rows, len(trucks.standing or ())))]
        return self._of(empty, rows, visit, count, visit[: int(count[: len(inside)].sum())])

    def _plan(self, keep: NDArray[np.bool_], later: NDArray[np.bool_] | None = None) -> Plan:
        visits, trucks = self._draft.visits, self._draft.trucks
        count = np.diff(visits.first)
        # Indices are ten times as fast as masks; a slice keeps what need not be copied.
        rows: Ints | slice = slice(None)
        visit: Ints | slice = slice(None)
        if not keep.all():
            rows, visit = np.flatnonzero(keep), np.flatnonzero(np.repeat(keep, count))
            count = count[rows]
        inside = len(trucks.standing or ())
        first = visits.first[: inside + 1]
        of_inside = np.flatnonzero(np.repeat(keep[:inside], np.diff(first)))
        plan = self._of(self._empty, rows, visit, count, of_inside)
        return self._with_later(plan, later)

    def _with_later(self, plan: Plan, come: NDArray[np.bool_] | None) -> Plan:
        """The plan with the papers of those that come after its end; of all, if not told."""
        later, filed = self._draft.later, self._draft.papers
        if later is None or filed is None or plan.papers is None:
            return plan
        cls = later.trucks.cls
        come = np.ones(len(cls), dtype=bool) if come is None else come
        priority = self._priority[cls]
        if later.preferred is not None:
            priority = np.where(later.preferred, self._first[cls], priority)
        kinds = len(self._draft.visits.kinds.stage) + len(filed.kinds.stage)
        origin = self.timetable.run.origin
        alone = later.of(come, origin, plan.end, priority, kinds)
        return replace(plan, papers=joined(plan.papers, alone))

    def _of(
        self,
        empty: Plan,
        rows: Ints | slice,
        visit: Ints | slice,
        count: Ints,
        of_inside: Ints,
    ) -> Plan:
        """The plan of some trucks: their positions and those of their visits, how many these are of
        each, and the visits of those inside."""
        visits, trucks = self._draft.visits, self._draft.trucks
        come, again = len(count), None
        if visits.times is not None and visits.after is not None:
            rows, visit, count, again = _with_returns(visits, rows, come)
        kinds, kind = visits.kinds, visits.kind[visit]
        moods = [
            np.where(holds[kind], np.repeat(drawn[rows], count), NEVER)
            if holds.any()
            else np.full(len(kind), NEVER, dtype=np.int64)
            for holds, drawn in (
                (kinds.patient, self._patience),
                (kinds.tolerant, visits.tolerance),
            )
        ]
        ways = visits.ways
        if ways is not None:
            ways = ways_of(ways, np.arange(len(visits.kind))[visit])
        assert empty.context is not None
        cls = trucks.cls[rows]
        priority = self._priority[cls]
        if visits.preferred is not None:
            priority = np.where(visits.preferred[rows], self._first[cls], priority)
        arrival = _arrivals(trucks.arrival[rows] - empty.context.origin, come, empty.end)
        first_visit = np.concatenate([[0], np.cumsum(count)])
        filed, papers = self._draft.papers, None
        if filed is not None:
            numbers = np.full(len(trucks.arrival), NEVER, dtype=np.int64)
            numbers[rows] = np.arange(len(arrival))
            papers = filed.of(numbers, arrival, first_visit, priority, len(kinds.stage))
        return replace(
            empty,
            arrival=arrival,
            priority=priority,
            first_visit=first_visit,
            visit_kind=kind,
            visit_work=self._work[visit],
            visit_patience=moods[0],
            visit_tolerance=moods[1],
            again=again,
            beginning=self._beginning(of_inside),
            papers=papers,
            ways=ways,
            context=replace(
                empty.context,
                **self._asked(rows, empty.context.origin),
                truck_class=cls,
                pieces=self._pieces[cls],
                tonnes=trucks.tonnes[rows],
                value=trucks.value[rows],
                residents=trucks.residents[rows],
            ),
        )

    def _asked(self, rows: Ints | slice, origin: int) -> dict[str, Any]:
        """What the context says of slots, of some trucks and of all that wanted one."""
        trucks = self._draft.trucks
        told = trucks.bookings
        if told is None:
            return {}
        cls, index, arrival = trucks.cls[rows], trucks.index[rows], trucks.arrival[rows]
        wanted = told.wanted_by(cls, index, arrival)
        # Who was inside from the beginning has luck of its own, perhaps that of another's number.
        inside = len(trucks.standing or ())
        came = np.arange(len(trucks.arrival))[rows] < inside
        within = (told.wanted >= origin) & (told.wanted < self.timetable.run.stop)
        return {
            "wanted": np.where(came, arrival, wanted) - origin,
            "slots": SlotsAsked(
                truck_class=told.cls[within],
                wanted=told.wanted[within] - origin,
                slot=told.slot[within] - origin,
                given=told.slot[within] >= 0,
                got=told.got[within],
                comes=told.arrival[within] >= 0,
                arrival=told.arrival[within] - origin,
                weight=self._pieces[told.cls[within]],
            ),
        }

    def _beginning(self, visits: Ints) -> Beginning | None:
        """How the port stands when the run begins, with the visits of those inside."""
        going_on, words = self._resumed, self._scenario.inside
        if going_on is None or words is None:
            return None
        initial = self._empty.resource_initial.tolist()
        levels = [
            words.left.get(name, level)
            for name, level in zip(self._scenario.resources, initial, strict=True)
        ]
        opened = [words.opened.get(name, OpenedServers()) for name in self._scenario.resources]
        due = [
            NEVER if some.due_in is None else going_on.second + round(some.due_in)
            for some in opened
        ]
        return Beginning(
            second=going_on.second,
            queued=going_on.queued[visits],
            admitted=going_on.admitted[visits],
            finished=going_on.finished[visits],
            level=np.array(levels, dtype=np.int64),
            extra=np.array([some.extra for some in opened], dtype=np.int64),
            due=np.array(due, dtype=np.int64),
        )


def endless(plan: Plan) -> Plan:
    """The plan with servers of every kind without end, at all hours.

    Stages keep their hours; budgets and stores are what they are. Work that waits for its
    servers has them at all hours, too.
    """
    servers = plan.resource_kind == SERVERS
    stays = ~servers[plan.change_resource]
    hours = plan.context.hours if plan.context is not None else ()
    return replace(
        plan,
        work_start=_starts(hours) if hours else plan.work_start,
        work=np.concatenate(hours) if hours else plan.work,
        resource_initial=np.where(servers, _ENDLESS, plan.resource_initial),
        change_time=plan.change_time[stays],
        change_resource=plan.change_resource[stays],
        change_value=plan.change_value[stays],
        openings=None,
        stops=None,
        leaving=None,
    )


def more(plan: Plan, resource: int, count: int) -> Plan:
    """The plan with `count` more of one resource, whenever it has any at all."""
    initial = plan.resource_initial.copy()
    initial[resource] += count * (initial[resource] > 0)
    values = plan.change_value
    raised = (plan.change_resource == resource) & (values > 0)
    return replace(plan, resource_initial=initial, change_value=values + count * raised)


def _empty(timetable: Timetable, draft: Draft) -> Plan:
    """The plan without a truck, and without what comes unforeseen."""
    scenario = timetable.scenario
    kinds = np.array([_KINDS[r.kind] for r in scenario.resources.values()], dtype=np.int64)
    stages = scenario.stages.values()
    none = np.zeros(0, dtype=np.int64)
    kinds_laid = draft.visits.kinds
    laid = [kinds_laid]
    if draft.papers is not None:
        laid.append(draft.papers.kinds)
    if draft.later is not None:
        laid.append(draft.later.filed.kinds)
    return Plan(
        end=timetable.end,
        arrival=none,
        priority=none,
        first_visit=np.zeros(1, dtype=np.int64),
        visit_kind=none,
        visit_work=none,
        visit_patience=none,
        visit_tolerance=none,
        kind_stage=np.concatenate([kinds_of.stage for kinds_of in laid]),
        kind_take=np.concatenate([kinds_of.take for kinds_of in laid]),
        kind_give_in=np.concatenate([kinds_of.give_in for kinds_of in laid]),
        kind_give_out=np.concatenate([kinds_of.give_out for kinds_of in laid]),
        list_start=draft.list_start,
        list_resource=draft.list_resource,
        list_count=draft.list_count,
        resource_kind=kinds,
        **_staffed(timetable.steps, kinds),
        stage_pause=np.array([stage.at_close == "pause" for stage in stages], dtype=bool),
        stage_claims=claiming(scenario),
        stage_overtaking=np.array([stage.overtaking for stage in stages], dtype=bool),
        **_open(timetable, timetable.admits, timetable.works, timetable.steps),
        openings=timetable.openings,
        leaving=timetable.leaving,
        paces=timetable.paces,
        convoys=_convoys(scenario),
        ranks=ranks_of(scenario, draft.trucks.class_names, kinds_laid.stage, kinds_laid.who),
    )


def _interrupted(plan: Plan, timetable: Timetable, luck: Interruptions) -> Plan:
    """The plan without a truck, with what comes unforeseen: the same one if nothing does."""
    if not timetable.interrupted:
        return plan
    (admits, works), (steps, stops) = luck.stages(), luck.resources()
    if stops is None and all(
        new is old
        for new, old in zip(
            (*admits, *works, *steps),
            (*timetable.admits, *timetable.works, *timetable.steps),
            strict=True,
        )
    ):
        return plan
    parts = _staffed(steps, plan.resource_kind) | _open(timetable, admits, works, steps)
    return replace(plan, **parts, stops=stops)


def _staffed(steps: Sequence[Steps], kinds: Ints) -> dict[str, Any]:
    """What a plan says of its resources."""
    time, resource, value = changes(steps, kinds)
    return {
        "resource_initial": np.array([step.initial for step in steps], dtype=np.int64),
        "change_time": time,
        "change_resource": resource,
        "change_value": value,
    }


def _open(
    timetable: Timetable,
    admits: Sequence[Intervals],
    works: Sequence[Intervals],
    steps: Sequence[Steps],
) -> dict[str, Any]:
    """What a plan says of the hours of its stages."""
    scenario, context = timetable.scenario, timetable.context
    if any(stage.attended for stage in scenario.stages.values()):
        context = replace(context, hours=tuple(works))
        works = _attended(scenario, works, steps, timetable.end)
    return {
        "admit_start": _starts(admits),
        "admit": np.concatenate(admits),
        "work_start": _starts(works),
        "work": np.concatenate(works),
        "context": context,
    }


def _convoys(scenario: Scenario) -> Convoys | None:
    rules = [
        (number, stage.convoy)
        for number, stage in enumerate(scenario.stages.values())
        if stage.convoy is not None
    ]
    if not rules:
        return None
    after = [NEVER if words.after is None else round(words.after) for _, words in rules]
    return Convoys(
        stage=np.array([number for number, _ in rules], dtype=np.int64),
        count=np.array([words.trucks for _, words in rules], dtype=np.int64),
        after=np.array(after, dtype=np.int64),
    )


def _attended(
    scenario: Scenario, works: Sequence[Intervals], steps: Sequence[Steps], end: int
) -> tuple[Intervals, ...]:
    """Work time of each stage; of the attended ones only where their servers are on duty, too.

    It is the same for all trucks of a stage: while as many servers as one of them takes are there,
    the works of all go on. Which of three trucks a team of two leaves is not asked.
    """
    rows = dict(zip(scenario.resources, steps, strict=True))

    def there(stage: Stage, hours: Intervals) -> Intervals:
        for name, take in stage.takes.items():
            count = scenario.resources[name].largest if take.count == "all" else take.count
            hours = intersect(hours, _enough(rows[name], count, end))
        return hours

    return tuple(
        there(stage, hours) if stage.attended else hours
        for stage, hours in zip(scenario.stages.values(), works, strict=True)
    )


def _enough(steps: Steps, count: int, end: int) -> Intervals:
    """When so many servers are on duty."""
    edges = np.concatenate([[0], steps.times, [end]])
    values = np.append(steps.initial, steps.values)
    return merge(np.column_stack([edges[:-1], edges[1:]])[values >= count])


def _with_returns(visits: Visits, rows: Ints | slice, come: int) -> tuple[Ints, Ints, Ints, Again]:
    """The trucks of a plan, `come` of them by themselves, and behind them their later comings.

    Returns:
        Positions of all these trucks and of their visits, how many these are, and who comes again
        in whose place.
    """
    assert visits.times is not None
    assert visits.after is not None
    own = np.arange(len(visits.times))[rows]
    trucks, last = own, np.arange(come)
    next_, after = np.full(come, NEVER), np.ones(come, dtype=np.int64)
    for time in range(visits.after.shape[1]):
        who = np.flatnonzero(visits.times[own] > time)
        place = len(trucks) + np.arange(len(who))
        next_[last[who]], after[last[who]] = place, visits.after[own[who], time]
        last[who] = place
        trucks = np.concatenate([trucks, own[who]])
        next_ = np.concatenate([next_, np.full(len(who), NEVER)])
        after = np.concatenate([after, np.ones(len(who), dtype=np.int64)])
    count = visits.first[trucks + 1] - visits.first[trucks]
    begin_of = np.cumsum(count) - count
    visit = np.repeat(visits.first[trucks] - begin_of, count) + np.arange(int(count.sum()))
    return trucks, visit, count, Again(next_, after)


def _arrivals(seconds: Ints, come: int, end: int) -> Ints:
    """Arrivals of the trucks that come by themselves, and the end of the run of all others."""
    if come == len(seconds):
        return seconds
    return np.concatenate([seconds[:come], np.full(len(seconds) - come, end)])


def _starts(rows: Sequence[Ints]) -> Ints:
    return np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64)
