"""Small plans written by hand: the words in which the tests describe a day at a port."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from portsim.engines import DIVERTED, GAVE_UP, INSIDE, RELEASED, STAYED_AWAY, Log
from portsim.plan.contract import (
    BUDGET,
    NEVER,
    SERVERS,
    STORE,
    Again,
    Beginning,
    Context,
    Convoys,
    Leaving,
    Openings,
    Paces,
    Papers,
    Plan,
    Ranks,
    Stops,
    Ways,
)

Counts = Mapping[str, int]
DAY, HOUR, MINUTE = 86_400, 3600, 60


@dataclass
class Opens:
    """Servers opened by the queue, beside those of a resource."""

    when: Mapping[str, int]
    """How many wait at a stage when one more is decided."""
    until: int = 0
    after: int = 0
    most: int = 1
    within: Sequence[tuple[int, int]] | None = None
    """Half-open intervals, always if None."""


@dataclass
class Resource:
    kind: int
    initial: int
    changes: Sequence[tuple[int, int]] = ()
    opens: Opens | None = None
    leaving: Sequence[tuple[int, int]] | None = None
    """When shifts end that overlap with the next, and how many of them; None: none does."""
    breaks: Sequence[tuple[int, int, int, bool]] = ()
    """From when until when how many are broken, and whether the works that they stop begin anew."""

    def broken(self, second: int) -> int:
        return sum(count for start, end, count, _ in self.breaks if start <= second < end)

    def course(self, end: int) -> tuple[int, list[tuple[int, int]]]:
        """What there is at second 0, and each change, with what is broken taken off."""
        marks = {0, *(s for s, _ in self.changes), *(s for row in self.breaks for s in row[:2])}
        steps, value = [], self.initial
        for second in sorted(mark for mark in marks if mark < end):
            value = dict(self.changes).get(second, value)
            there = max(0, value - self.broken(second))
            if not steps or steps[-1][1] != there:
                steps.append((second, there))
        return steps[0][1], steps[1:]

    def stops(self, end: int) -> list[tuple[int, int, bool]]:
        """Second, how many of those on duty break, and whether works begin anew."""
        found = []
        value = self.initial
        for second in range(end):
            value = dict(self.changes).get(second, value)
            before = sum(c for s, e, c, _ in self.breaks if s < second < e)
            for start, _, count, anew in self.breaks:
                if start == second > 0:
                    fall = min(count, max(0, value - before))
                    before += count
                    found += [(second, fall, anew)] * (fall > 0)
        return found


def at(clock: str) -> int:
    """The second of a clock time: 08:00, 08:00:30, or 08:00+1 for the day after."""
    time, _, day = clock.partition("+")
    hours, minutes, *seconds = (int(part) for part in time.split(":"))
    return int(day or 0) * DAY + hours * HOUR + minutes * MINUTE + sum(seconds)


def clock(second: int) -> str:
    """The clock time of a second, as `at` reads it; "never" for what did not come."""
    if second == NEVER:
        return "never"
    day, rest = divmod(second, DAY)
    time = f"{rest // HOUR:02}:{rest // MINUTE % 60:02}"
    return time + (f":{rest % MINUTE:02}" if rest % MINUTE else "") + (f"+{day}" if day else "")


def servers(
    capacity: int,
    *steps: tuple[int, int],
    opens: Opens | None = None,
    breaks: Sequence[tuple[int, int, int, bool]] = (),
    leaving: Sequence[tuple[int, int]] | None = None,
) -> Resource:
    """So many servers, with (second, new capacity) steps."""
    return Resource(SERVERS, capacity, steps, opens, leaving, breaks)


def budget(level: int, *refills: int) -> Resource:
    """A budget set to its level at each refill."""
    return Resource(BUDGET, level, [(second, level) for second in refills])


def store(level: int = 0) -> Resource:
    return Resource(STORE, level)


@dataclass
class Stage:
    hours: Sequence[tuple[int, int]] | None = None
    """Half-open intervals of work time, always if None."""
    last_entry: int = 0
    """Seconds before the end of each interval after which nobody is admitted."""
    closures: Sequence[tuple[int, int]] = ()
    pause: bool = False
    claims: bool = False
    overtaking: bool = False
    convoy: tuple[int, int] | None = None
    """Trucks leave in convoys: of how many, and after how many seconds at the latest."""
    pace: Sequence[tuple[int, int]] = ()
    """Seconds from which work that begins lasts for so many thousandths; 1000 before the first."""


@dataclass
class Visit:
    stage: str
    work: int
    take: Counts = field(default_factory=dict)
    give_in: Counts = field(default_factory=dict)
    give_out: Counts | None = None
    """What the visit takes of servers, unless said otherwise."""
    patience: int = NEVER
    tolerance: int = NEVER
    rank: tuple[int, int, bool] | None = None
    """Priority in place of that of the truck, seconds after which it is one less, or NEVER, and
    whether the visit claims, where its stage lets visits claim."""
    ways: "Sequence[Visit]" = ()
    """The other ways in which it may be made: their stage, work, and what they take and give."""
    rule: int = 0
    """By which one is chosen: SHORTEST, FITTING, or a number of trucks."""


@dataclass
class Paper:
    """What is done for a truck beside it."""

    visits: Sequence[Visit]
    begins: int | None = None
    """The second, or else"""
    with_visit: int | None = None
    """which visit of its truck it begins with: its first if neither is said."""
    needed: int | None = -1
    """Which visit of its truck waits for it; the last unless said; none if None."""
    priority: int = 0
    """Of one whose truck is not there."""


@dataclass
class Truck:
    arrival: int
    visits: Sequence[Visit]
    priority: int = 0
    pieces: int = 1
    cls: str = "truck"
    past: Sequence[Sequence[int]] = ()
    """Of one who is inside at the beginning (queued, admitted, finished) of its visits so far."""
    again: Sequence[int] = ()
    """So many seconds after turning away or giving up it comes again, each time that it may."""
    papers: Sequence[Paper] = ()


def plan(
    end: int,
    resources: Mapping[str, Resource],
    stages: Mapping[str, Stage],
    trucks: Sequence[Truck],
    start: int = 0,
    begins: int | None = None,
    left: Counts | None = None,
    alone: Sequence[Paper] = (),
) -> Plan:
    """Put a hand-written day into the arrays of a plan; trucks come in order of arrival."""
    assert all(a.arrival <= b.arrival for a, b in pairwise(trucks))
    trucks, again = _with_others(end, trucks)
    names, places = list(resources), list(stages)
    classes = tuple(dict.fromkeys(t.cls for t in trucks)) or ("truck",)
    lists: list[list[tuple[int, int]]] = [[]]

    def row(counts: Counts) -> int:
        pairs = sorted((names.index(name), count) for name, count in counts.items() if count)
        if pairs not in lists:
            lists.append(pairs)
        return lists.index(pairs)

    own_visits = [visit for truck in trucks for visit in truck.visits]
    owned = [(number, paper) for number, truck in enumerate(trucks) for paper in truck.papers]
    owned += [(NEVER, paper) for paper in alone]
    of_papers = [visit for _, paper in owned for visit in paper.visits]
    ways = [way for visit in own_visits for way in visit.ways]
    visits = own_visits + of_papers + ways
    servers_only = {n for n, r in resources.items() if r.kind == SERVERS}
    give_out = [
        v.give_out
        if v.give_out is not None
        else {n: c for n, c in v.take.items() if n in servers_only}
        for v in visits
    ]
    admit, work = [], []
    for stage in stages.values():
        hours = [(0, end)] if stage.hours is None else _cut(stage.hours, ())
        early = stage.last_entry if stage.hours is not None else 0
        closed = [*stage.closures, (end, math.inf)]
        admit.append(_cut([(a, b - early) for a, b in hours if a < b - early], closed))
        work.append(_cut(hours, closed))
    changes = sorted(
        (second, r.kind != SERVERS, names.index(n), value)
        for n, r in resources.items()
        for second, value in (r.course(end)[1] if r.breaks else r.changes)
        if second < end
    )
    ints = _ints
    ranks: list[tuple[int, int, bool] | None] = [v.rank for v in visits]
    if any(rank is not None for rank in ranks):
        # The ranks of trucks become those of their visits.
        movers = [t.priority for t in trucks for _ in t.visits]
        movers += [
            p.priority if t == NEVER else trucks[t].priority for t, p in owned for _ in p.visits
        ]
        movers += [p for v, p in zip(own_visits, movers, strict=False) for _ in v.ways]
        ranks = [rank or (p, NEVER, True) for rank, p in zip(ranks, movers, strict=True)]
    needs = [
        (places.index(v.stage), row(v.take), row(v.give_in), row(give), rank)
        for v, give, rank in zip(visits, give_out, ranks, strict=True)
    ]
    kinds = list(dict.fromkeys(needs))
    kind_of = ints(kinds.index(need) for need in needs)
    beyond = len(own_visits) + len(of_papers)
    own, first = len(own_visits), [0, *np.cumsum([len(t.visits) for t in trucks]).tolist()]
    days = np.unique(np.append(np.arange(start, end, DAY), end))
    return Plan(
        end=end,
        arrival=ints(t.arrival for t in trucks),
        priority=ints(t.priority for t in trucks),
        first_visit=np.cumsum([0, *(len(t.visits) for t in trucks)]).astype(np.int64),
        visit_kind=kind_of[:own],
        visit_work=ints(v.work for v in own_visits),
        visit_patience=ints(v.patience for v in own_visits),
        visit_tolerance=ints(v.tolerance for v in own_visits),
        kind_stage=ints(stage for stage, *_ in kinds),
        kind_take=ints(take for _, take, *_ in kinds),
        kind_give_in=ints(give for _, _, give, *_ in kinds),
        kind_give_out=ints(give for _, _, _, give, _ in kinds),
        list_start=np.cumsum([0, *(len(pairs) for pairs in lists)]).astype(np.int64),
        list_resource=ints(r for pairs in lists for r, _ in pairs),
        list_count=ints(c for pairs in lists for _, c in pairs),
        resource_kind=ints(r.kind for r in resources.values()),
        resource_initial=ints(
            r.course(end)[0] if r.breaks else r.initial for r in resources.values()
        ),
        change_time=ints(second for second, *_ in changes),
        change_resource=ints(what for *_, what, _ in changes),
        change_value=ints(value for *_, value in changes),
        stage_pause=np.array([s.pause for s in stages.values()], dtype=bool),
        stage_claims=np.array([s.claims for s in stages.values()], dtype=bool),
        stage_overtaking=np.array([s.overtaking for s in stages.values()], dtype=bool),
        admit_start=np.cumsum([0, *(len(rows) for rows in admit)]).astype(np.int64),
        admit=_rows(admit),
        work_start=np.cumsum([0, *(len(rows) for rows in work)]).astype(np.int64),
        work=_rows(work),
        openings=_openings(end, resources, places),
        stops=_stops(end, resources),
        leaving=_leaving(end, resources),
        again=again,
        papers=_papers(trucks, owned, first, kind_of[own:beyond]) if owned else None,
        ways=_ways(own_visits, kind_of[:own], kind_of[beyond:]) if ways else None,
        paces=_paces(list(stages.values())),
        convoys=_convoys(list(stages.values())),
        ranks=_ranks([rank for *_, rank in kinds]),
        beginning=None if begins is None else _beginning(resources, trucks, begins, left or {}),
        context=Context(
            origin=0,
            start=start,
            limit=DAY,
            clock_stage=-1,
            class_names=classes,
            directions=tuple("export" for _ in classes),
            stage_names=tuple(places),
            routes=np.array(
                [
                    [
                        any(
                            t.cls == cls and v.stage == s
                            for t in trucks
                            for visit in t.visits
                            for v in (visit, *visit.ways)
                        )
                        for cls in classes
                    ]
                    for s in places
                ],
                dtype=bool,
            ).reshape(len(places), len(classes)),
            again=np.array(
                [any([v.stage for v in t.visits].count(s) > 1 for t in trucks) for s in places],
                dtype=bool,
            ),
            resource_names=tuple(names),
            truck_class=ints(classes.index(t.cls) for t in trucks),
            pieces=ints(t.pieces for t in trucks),
            tonnes=np.full(len(trucks), 20.0),
            value=np.full(len(trucks), 1e5),
            residents=ints(0 for _ in trucks),
            day_edges=days.astype(np.int64),
            month_edges=ints([start, end]),
            month_names=("1970-01",),
            nights=np.arange(start + 4 * HOUR, end, DAY, dtype=np.int64),
            hour_of_week=(np.arange(-(-(end - start) // HOUR)) % 168).astype(np.int64),
            open_hours=ints([0, end]).reshape(1, 2),
        ),
    )


@dataclass
class Day:
    """A hand-written day: what `plan` takes, kept together so that it can be changed and shown."""

    end: int
    resources: Mapping[str, Resource]
    stages: Mapping[str, Stage]
    trucks: Sequence[Truck]
    begins: int | None = None
    """The second at which the run begins, with the trucks that came before inside."""
    left: Counts | None = None
    """What is left then of budgets and stores; what they began with unless said."""
    alone: Sequence[Paper] = ()
    """Papers of trucks that come after the end."""

    def plan(self) -> Plan:
        start = self.begins or 0
        words = (self.resources, self.stages, self.trucks, start, self.begins, self.left)
        return plan(self.end, *words, self.alone)


def visits_of(log: Log, plan: Plan, truck: int) -> list[tuple[int, int, int]]:
    """(queued, admitted, finished) of each visit of a truck."""
    rows = slice(int(plan.first_visit[truck]), int(plan.first_visit[truck + 1]))
    return list(
        zip(
            log.queued[rows].tolist(),
            log.admitted[rows].tolist(),
            log.finished[rows].tolist(),
            strict=True,
        )
    )


OUTCOMES = {
    INSIDE: "inside",
    RELEASED: "released",
    DIVERTED: "diverted",
    GAVE_UP: "gave up",
    STAYED_AWAY: "stayed away",
}


def papers_of(log: Log, plan: Plan) -> list[list[tuple[int, int, int]]]:
    """(queued, admitted, finished) of each visit of each paper."""
    rows = [] if plan.papers is None else plan.papers.first_visit.tolist()
    return [[tuple(row) for row in log.papers[a:b].tolist()] for a, b in pairwise(rows)]


def story(plan: Plan, log: Log) -> list[str]:
    """A line for each truck: when it queued, was admitted and finished at each visit, its end."""
    lines = []
    for truck in range(plan.trucks):
        visits = [" ".join(map(clock, visit)) for visit in visits_of(log, plan, truck)]
        end = OUTCOMES[int(log.outcome[truck])]
        if log.left[truck] != NEVER:
            end += " " + clock(int(log.left[truck]))
        lines.append(" | ".join([*visits, end]))
    for paper in papers_of(log, plan):
        lines.append(" | ".join(["papers", *(" ".join(map(clock, visit)) for visit in paper)]))
    return lines


def _stops(end: int, resources: Mapping[str, Resource]) -> Stops | None:
    if not any(r.breaks for r in resources.values()):
        return None
    rows = sorted(
        (second, number, row, count, anew)
        for number, r in enumerate(resources.values())
        for row, (second, count, anew) in enumerate(r.stops(end) if r.breaks else ())
    )
    return Stops(
        time=_ints(second for second, *_ in rows),
        resource=_ints(number for _, number, *_ in rows),
        count=_ints(count for *_, count, _ in rows),
        anew=np.array([anew for *_, anew in rows], dtype=bool),
        fails=np.array([bool(r.breaks) for r in resources.values()], dtype=bool),
    )


def _leaving(end: int, resources: Mapping[str, Resource]) -> Leaving | None:
    overlaps = [r.leaving is not None for r in resources.values()]
    if not any(overlaps):
        return None
    rows = sorted(
        (second, number, count)
        for number, r in enumerate(resources.values())
        for second, count in r.leaving or ()
        if second < end
    )
    columns = _ints(value for row in rows for value in row).reshape(-1, 3).T
    return Leaving(*columns, np.array(overlaps, dtype=bool))


def _with_others(end: int, trucks: Sequence[Truck]) -> tuple[Sequence[Truck], Again | None]:
    """The trucks, and behind them those that come again in their place."""
    if not any(truck.again for truck in trucks):
        return trucks, None
    rows, next_, after = list(trucks), [NEVER] * len(trucks), [0] * len(trucks)
    last = list(range(len(trucks)))
    for number in range(max(len(truck.again) for truck in trucks)):
        for k, truck in enumerate(trucks):
            if len(truck.again) > number:
                next_[last[k]], after[last[k]] = len(rows), truck.again[number]
                last[k] = len(rows)
                rows.append(replace(truck, arrival=end))
                next_.append(NEVER)
                after.append(0)
    return rows, Again(_ints(next_), _ints(after))


def _openings(
    end: int, resources: Mapping[str, Resource], places: Sequence[str]
) -> Openings | None:
    rules = [(number, r.opens) for number, r in enumerate(resources.values()) if r.opens]
    if not rules:
        return None
    within = [
        [(0, end)] if o.within is None else _cut(o.within, [(end, math.inf)]) for _, o in rules
    ]
    return Openings(
        resource=_ints(number for number, _ in rules),
        after=_ints(o.after for _, o in rules),
        most=_ints(o.most for _, o in rules),
        until=_ints(o.until for _, o in rules),
        watch_start=np.cumsum([0, *(len(o.when) for _, o in rules)]).astype(np.int64),
        watch_stage=_ints(places.index(stage) for _, o in rules for stage in o.when),
        watch_count=_ints(count for _, o in rules for count in o.when.values()),
        within_start=np.cumsum([0, *map(len, within)]).astype(np.int64),
        within=_rows(within),
    )


def _papers(
    trucks: Sequence[Truck],
    owned: Sequence[tuple[int, Paper]],
    first: Sequence[int],
    kinds: np.ndarray,
) -> Papers:
    def place(truck: int, visit: int | None) -> int:
        if visit is None or truck == NEVER:
            return NEVER
        return first[truck + 1 if visit < 0 else truck] + visit

    begins = [NEVER if p.begins is None else p.begins for _, p in owned]
    return Papers(
        belongs=_ints(truck for truck, _ in owned),
        priority=_ints(p.priority if t == NEVER else trucks[t].priority for t, p in owned),
        begins=_ints(begins),
        with_visit=_ints(
            place(truck, (paper.with_visit or 0) if paper.begins is None else None)
            for truck, paper in owned
        ),
        needed=_ints(place(truck, paper.needed) for truck, paper in owned),
        first_visit=np.cumsum([0, *(len(p.visits) for _, p in owned)]).astype(np.int64),
        visit_kind=kinds,
        visit_work=_ints(v.work for _, p in owned for v in p.visits),
    )


def _convoys(stages: Sequence[Stage]) -> Convoys | None:
    rules = [(number, *s.convoy) for number, s in enumerate(stages) if s.convoy is not None]
    return Convoys(*(_ints(column) for column in zip(*rules, strict=True))) if rules else None


def _ways(visits: Sequence[Visit], kinds: np.ndarray, others: np.ndarray) -> Ways:
    choosing = [number for number, visit in enumerate(visits) if visit.ways]
    rest = iter(others.tolist())
    kind = [k for n in choosing for k in (int(kinds[n]), *(next(rest) for _ in visits[n].ways))]
    count = [1 + len(visits[n].ways) for n in choosing]
    return Ways(
        visit=_ints(choosing),
        rule=_ints(visits[n].rule for n in choosing),
        start=np.cumsum([0, *count]).astype(np.int64),
        kind=_ints(kind),
        work=_ints(way.work for n in choosing for way in (visits[n], *visits[n].ways)),
    )


def _ranks(rows: Sequence[tuple[int, int, bool] | None]) -> Ranks | None:
    """Of the kinds, all of which have one or none."""
    told = [row for row in rows if row is not None]
    if not told:
        return None
    priority, rises, claims = zip(*told, strict=True)
    return Ranks(_ints(priority), _ints(rises), np.array(claims, dtype=bool))


def _paces(stages: Sequence[Stage]) -> Paces | None:
    if not any(stage.pace for stage in stages):
        return None
    rows = [sorted({0: 1000, **dict(stage.pace)}.items()) for stage in stages]
    return Paces(
        start=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        since=_ints(since for row in rows for since, _ in row),
        milli=_ints(milli for row in rows for _, milli in row),
    )


def _beginning(
    resources: Mapping[str, Resource], trucks: Sequence[Truck], second: int, left: Counts
) -> Beginning:
    rows = [
        (*times, NEVER, NEVER, NEVER)[:3]
        for truck in trucks
        if truck.arrival < second
        for times in [*truck.past, *[()] * (len(truck.visits) - len(truck.past))]
    ]
    queued, admitted, finished = _ints(s for row in rows for s in row).reshape(-1, 3).T
    level = _ints(left.get(name, r.initial) for name, r in resources.items())
    return Beginning(second, queued, admitted, finished, level)


def _ints(values: object) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _rows(groups: list[list[tuple[int, int]]]) -> np.ndarray:
    return _ints(edge for rows in groups for row in rows for edge in row).reshape(-1, 2)


def _cut(
    rows: Sequence[tuple[int, int]], closures: Sequence[tuple[float, float]]
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for a, b in sorted(rows):
        if found and a <= found[-1][1]:
            found[-1] = (found[-1][0], max(b, found[-1][1]))
        else:
            found.append((a, b))
    for c, d in closures:
        found = [
            part for a, b in found for part in ((a, min(b, c)), (max(a, d), b)) if part[0] < part[1]
        ]
    return found
