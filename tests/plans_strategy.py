"""Random small days for Hypothesis: coarse seconds, few servers, every rule within reach.

A day follows from one source of luck, and Hypothesis draws no more than its seed: drawing each
choice of a day takes longer than all engines together. Who wants the smallest day on which
something happens asks for days that shrink.
"""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from plans import (
    BUDGET,
    NEVER,
    SERVERS,
    STORE,
    Day,
    Opens,
    Paper,
    Resource,
    Stage,
    Truck,
    Visit,
)
from portsim.plan.contract import FITTING, SHORTEST

RESOURCES = ("lanes", "officers", "permits", "tractors")
STAGES = ("gate", "declaration", "inspection", "release")


def _one_of_each(luck: Random, columns: tuple) -> list[Any]:
    """One of each column; what stands twice in a column comes twice as often."""
    return [luck.choice(column) for column in columns]


_coming = ((0, 0, 1, 2, 4, 8), (0, 0, 1, -2), range(12), (1, 1, 0), (1, 1, 1, 2, 4))
"""Seconds after the truck before, priority, kind of truck, 0 if all its work takes no time, and how
many come together that are alike in everything."""
_returning = (((), (), (), (1,), (4,), (8, 2), (1, 1, 1), (16, 4)),)
"""After how many seconds a truck that leaves from a queue comes again, each time that it may."""
_mood = [(NEVER, NEVER)] * 12 + [(p, NEVER) for p in (1, 4, 8, 12)] + [(NEVER, t) for t in range(4)]
_visiting = ((4, 0, 1, 2, 4, 8, 4, 3, 20), _mood)
"""Work, and patience and tolerance."""
_rules = ((False, True), (False, True), (False, True), (0, 0, 2, 5))
"""Pause, claims, overtaking, last entry."""
_closing = ((False, True), range(0, 80, 2), (2, 4, 8))
"""Whether, from when and how long a stage is closed."""
_opening = ((True, True, False), (0, 0, 4, 12), (16, 8, 4, 24), (4, 8, 16, 40))
"""Whether a stage has hours; from when on, how long it is open, and how long shut, in turn."""
_pacing = ((False, False, True), (0, 0, 8, 20), (1000, 1500, 500, 2125, 100), (6, 12, 30))
"""Whether work depends on when it begins; from when on, at which pace, and how long until it does
so the other way round."""
_gathering = ((False, False, True), range(4), (2, 3, 2, 4, 1), (8, NEVER, 4, 1, 16))
"""Whether trucks leave a stage in convoys, which, of how many, and after how long."""
_ranking = ((False, False, False, False, True, True), (True, True, False))
"""Whether visits have ranks by their kind, and whether they rise."""
_rank = ((0, 1, 2, 4, -3), (NEVER, 4, 2, 12, 1), (True, True, False))
"""Priority, seconds after which it is one less, and whether the visit claims where it may."""
_choosing = ((False, True), (SHORTEST, FITTING, SHORTEST, FITTING, 1, 2))
"""Whether trucks choose among ways, and by which rule."""
_way = ((True, True, True, False), range(1, 4), (1, 2), (4, 0, 1, 2, 8, 20), (True, False))
"""Whether a visit has several; how many stages further on the next one is, how many more ways
there are, their work, and whether they take another server where that may be."""
_LEVELS = {SERVERS: (2, 1, 3, 0), BUDGET: (3, 6, 1, 0), STORE: (1, 0, 0, 4)}
_needing = {
    # whether it is taken, how many, how many visits later it is given back, and at the admission
    SERVERS: ((True, False), (1, 1, 2), (0, 0, 1, 2), (True, True, False)),
    # whether it is spent or offered, how many
    BUDGET: ((True, False), (1, 1, 1, 2)),
    STORE: ((True, True, False), (1, -2)),
}
_lanes = ((True, True, True, False), (1, 2, 1, 1), (0, 1, 1, 2), (True, True, False))
_queueing = ((True, False, False), (2, 3, 1, 4), (2, 1, 3, 4), (0, 0, 1), (4, 0, 1, 2, 8))
"""Whether servers are opened by the queue; how many wait at its stages, and at how few less they
close; how many more stages are watched, and after how long one is there."""
_within = ((1, 1, 2, 3), (True, False), (0, 0, 8, 20), (12, 24, 40))
"""How many may be opened; whether the rule has hours, from when on, and how long."""


_breaking = ((True, False), (1, 1, 2), (True, False), (2, 4, 9, 30))
"""Whether servers break now and then amid work, how many together, whether works begin anew, and
how long a repair takes."""


_overlapping = ((True, True, False), (0, 1, 2))
"""Whether shifts overlap, and how many more end at a change than the capacity falls by."""
_having = ((False, False, True), (1, 1, 2), (0, 0, 1), (True, False))
"""Whether trucks of a kind have papers; how many, which of the other routes these go, and whether
they are handed in before the arrival."""
_filing = ((0, 4, 8, 20), range(3), range(3), (4, 0, 1, 2, 8))
"""How long before, or with which visit papers begin; which visit waits for them, counted from the
last or the one they begin with; and work."""


def days(*, shrink: bool = False) -> st.SearchStrategy[Day]:
    """Such days; with `shrink` Hypothesis draws each choice, and a failure tells a small one."""
    return st.randoms(use_true_random=not shrink).map(random_day)


def random_day(luck: Random) -> Day:
    """A day of up to 80 seconds, 20 trucks and 60 visits."""
    end = luck.randint(25, 80)
    resources = _resources(luck, end)
    stages = {name: _stages(luck, end) for name in STAGES[: luck.randint(1, 4)]}
    gathers, where, *convoy = _one_of_each(luck, _gathering)
    name = STAGES[where % len(stages)]
    if gathers:
        stage = stages[name]
        stage.convoy, stage.claims, stage.overtaking = tuple(convoy), False, False
    for resource in resources.values():
        if resource.kind == SERVERS:
            resource.opens = _opens(luck, end, tuple(stages))
            resource.breaks = _breaks(luck, end)
            if not (resource.opens or resource.breaks):
                resource.leaving = _leaving(luck, resource)
    # Trucks come in a few kinds that share a route and what it takes; times are their own.
    free = name if gathers else ""
    kinds = [_routes(luck, resources, tuple(stages), free) for _ in range(luck.randint(1, 4))]
    _with_ranks(luck, kinds, stages)
    _with_ways(luck, end, kinds, stages, resources)
    trucks, now = [], 0
    for _ in range(luck.choice((14, 12, 10, 8, 6, 4, 2, 1))):
        gap, priority, kind, hurry, alike = _one_of_each(luck, _coming)
        now = min(now + gap, end - 1)
        visits = [
            _own(visit, hurry, *_one_of_each(luck, _visiting)) for visit in kinds[kind % len(kinds)]
        ]
        moody = any(v.patience != NEVER or v.tolerance != NEVER for v in visits)
        (again,) = _one_of_each(luck, _returning) if moody else ((),)
        trucks += [Truck(now, visits, priority, again=again)] * alike
    having = _one_of_each(luck, _having)
    if not having[0] or not any(kinds):
        return Day(end, resources, stages, trucks[:20])
    return _with_papers(luck, Day(end, resources, stages, trucks[:14]), kinds, having)


def _with_ranks(luck: Random, kinds: list[list[Visit]], stages: dict[str, Stage]) -> None:
    """Perhaps give visits ranks of their kinds."""
    ranked, rise = _one_of_each(luck, _ranking)
    for visit in [visit for kind in kinds for visit in kind] if ranked else ():
        priority, rises, claims = _one_of_each(luck, _rank)
        visit.rank = (priority, rises if rise else NEVER, claims)
    if ranked and rise:
        # Nothing claims where anything rises.
        for stage in stages.values():
            stage.claims = False


def _with_ways(
    luck: Random,
    end: int,
    kinds: list[list[Visit]],
    stages: dict[str, Stage],
    resources: dict[str, Resource],
) -> None:
    """Perhaps let trucks choose in which way they make their visits."""
    chooses, rule = _one_of_each(luck, _choosing)
    if not chooses:
        return
    # One that no route takes but in place of another.
    resources["scanners"] = Resource(SERVERS, 1, [(end // 2, 2)] if end % 2 else ())
    for visit in [visit for kind in kinds for visit in kind]:
        if rule == FITTING:
            # Such a stage neither claims nor lets overtake.
            stages[visit.stage].claims = stages[visit.stage].overtaking = False
        several, *words = _one_of_each(luck, _way)
        if several:
            visit.ways, visit.rule = tuple(_ways(visit, stages, resources, rule, *words)), rule


plans = days().map(Day.plan)
"""Such days as plans."""


def _seconds(luck: Random, end: int, least: int) -> list[int]:
    """Up to three seconds of a day, in order."""
    return sorted(luck.sample(range(1, end), luck.randint(least, 3)))


def _resources(luck: Random, end: int) -> dict[str, Resource]:
    found = {}
    for name in RESOURCES[: luck.choice((3, 2, 4, 1))]:
        kind = SERVERS if not found else luck.choice((SERVERS, STORE, BUDGET, STORE))
        levels = _LEVELS[kind]
        times = [] if kind == STORE else _seconds(luck, end, 0)
        initial = luck.choice((2, 1, 2, 3)) if name == "lanes" else luck.choice(levels)
        found[name] = Resource(kind, initial, [(second, luck.choice(levels)) for second in times])
    return found


def _stages(luck: Random, end: int) -> Stage:
    pause, claims, overtaking, last_entry = _one_of_each(luck, _rules)
    has_hours, start, open_, shut = _one_of_each(luck, _opening)
    hours = None
    if has_hours:
        hours = [(at, min(at + open_, end)) for at in range(start, end, open_ + shut)]
    closed, start, length = _one_of_each(luck, _closing)
    closures = [(start, min(end, start + length))] if closed and start < end else []
    paced, since, milli, length = _one_of_each(luck, _pacing)
    turns = [(since, milli), (since + length, 1250), (since + 2 * length, 750)] if paced else []
    words = (hours, last_entry if hours else 0, closures, pause, claims, overtaking)
    return Stage(*words, pace=turns)


def _leaving(luck: Random, resource: Resource) -> list[tuple[int, int]] | None:
    """Of some of the changes of a roster so many end their shift, perhaps more than it falls by."""
    overlaps, more = _one_of_each(luck, _overlapping)
    if not overlaps:
        return None
    found, there = [], resource.initial
    for second, value in resource.changes:
        count = min(there, max(0, there - value) + more)
        found += [(second, count)] * (count > 0)
        there = value
    return found


def _breaks(luck: Random, end: int) -> list[tuple[int, int, int, bool]]:
    breaks, count, anew, repair = _one_of_each(luck, _breaking)
    if not breaks:
        return []
    starts = _seconds(luck, end, 1)
    return [(start, start + repair, count, anew) for start in starts]


def _opens(luck: Random, end: int, stages: tuple[str, ...]) -> Opens | None:
    opens, count, less, more, after = _one_of_each(luck, _queueing)
    if not opens:
        return None
    most, has_hours, start, length = _one_of_each(luck, _within)
    first = luck.randint(0, len(stages) - 1)
    watched = [stages[(first + number) % len(stages)] for number in range(1 + more)]
    when = {stage: count + number for number, stage in enumerate(watched)}
    hours = [(at, min(at + length, end)) for at in range(start, end, length + 8)]
    return Opens(when, max(0, count - less), after, most, hours if has_hours else None)


def _with_papers(
    luck: Random, day: Day, kinds: list[list[Visit]], having: tuple[bool, int, int, bool]
) -> Day:
    """The day with papers of some of its trucks, and of some that come after its end."""
    _, count, other, before = having
    routes = [route for route in kinds if route]

    def file(truck: Truck | None) -> Paper:
        early, begins, needed, work = _one_of_each(luck, _filing)
        route = routes[other % len(routes)]
        visits = [_own(visit, 1, work, (NEVER, NEVER)) for visit in route]
        if truck is None:
            return Paper(visits, begins=max(0, day.end - early - 1))
        last = len(truck.visits) - 1
        if before:
            place = max(0, last - needed) if last >= 0 else None
            return Paper(visits, begins=max(0, truck.arrival - early), needed=place)
        begins = min(begins, last)
        place = min(begins + needed, last + 1)
        return Paper(visits, None, begins, place if place <= last else None)

    trucks = []
    for number, truck in enumerate(day.trucks):
        may = number % 2 == 0 and (before or truck.visits)
        papers = [file(truck) for _ in range(count)] if may else []
        trucks.append(Truck(truck.arrival, truck.visits, truck.priority, papers=papers))
    alone = [file(None)] if before else []
    # No papers where trucks leave together or come again, works are stopped, or shifts overlap.
    resources = {
        name: replace(resource, breaks=(), leaving=None) for name, resource in day.resources.items()
    }
    stages = {name: replace(stage, convoy=None) for name, stage in day.stages.items()}
    return Day(day.end, resources, stages, trucks, alone=alone)


def _routes(
    luck: Random, resources: dict[str, Resource], stages: tuple[str, ...], free: str
) -> list[Visit]:
    """A route with its tokens; what servers it takes it gives back somewhere on its way."""
    length = luck.choice((3, 2, 2, 1, 3, 2, 3, 1, 3, 2, 3, 0))
    route = [Visit(luck.choice(stages), 0, take={}, give_in={}, give_out={}) for _ in range(length)]
    for here, visit in enumerate(route):
        for name, resource in resources.items():
            columns = _lanes if name == "lanes" else _needing[resource.kind]
            needed, count, *keeping = _one_of_each(luck, columns)
            if not needed:
                continue
            if count < 0:
                _add(visit.give_out, name, -count)
                continue
            if visit.stage == free:
                # Where convoys are formed nothing is taken.
                continue
            visit.take[name] = count
            if keeping:
                until = min(here + keeping[0] * (resource.leaving is None), length - 1)
                at_admission = until > here and keeping[1]
                _add(route[until].give_in if at_admission else route[until].give_out, name, count)
    return route


def _ways(
    visit: Visit,
    stages: dict[str, Stage],
    resources: dict[str, Resource],
    rule: int,
    further: int,
    more: int,
    work: int,
    other: bool,
) -> list[Visit]:
    """Other ways of a visit that a plan may have."""
    stage, names = stages[visit.stage], list(stages)
    if stage.convoy is not None:
        return []
    if rule == FITTING:
        swapped = _swapped(visit, resources)
        return [] if swapped is None else [replace(swapped, work=work)]
    found = []
    for number in range(1 if rule != SHORTEST else more):
        at = (names.index(visit.stage) + further + number) % len(names)
        if stages[names[at]].convoy is None:
            way = (_swapped(visit, resources) if other else None) or visit
            found.append(replace(way, stage=names[at], work=work))
    return found


def _swapped(visit: Visit, resources: dict[str, Resource]) -> Visit | None:
    """The visit with another server in place of one that it gives back at its end."""
    servers = [name for name, one in resources.items() if one.kind == SERVERS]
    free = [name for name in servers if name not in visit.take]
    for name in servers:
        count = visit.take.get(name, 0)
        if free and count and visit.give_out.get(name, 0) >= count:
            take, out = dict(visit.take), dict(visit.give_out)
            take[free[0]] = take.pop(name)
            out[name] -= count
            _add(out, free[0], count)
            return replace(visit, take=take, give_out=out)
    return None


def _add(tokens: dict[str, int], name: str, count: int) -> None:
    tokens[name] = tokens.get(name, 0) + count


def _own(visit: Visit, hurry: int, work: int, mood: tuple[int, int]) -> Visit:
    patience, tolerance = mood
    return replace(visit, work=hurry * work, patience=patience, tolerance=tolerance)
