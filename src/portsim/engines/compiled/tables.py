"""The compiled engine's preparation: a plan becomes the tables that its loop walks through.

Nothing is simulated here. A line of waiting trucks keeps a first-in-first-out list for each
priority, its *places*.
"""

from typing import Any, NamedTuple

import numpy as np

from portsim.arrays import Ints, own
from portsim.engines.compiled.layout import layout_of
from portsim.engines.compiled.rows import (
    CHANGE,
    CHOICE,
    CONVOY,
    DOOR,
    END,
    OWN,
    PACE,
    PAPERS,
    PLACE,
    RISE,
    RULE,
    STOP,
    TRUCK,
    TURN,
    VISIT,
    WATCH,
    WAY,
    WORK,
    table_of,
)
from portsim.plan.beside import movers, papers_of
from portsim.plan.contract import NEVER, SERVERS, Openings, Papers, Plan
from portsim.plan.standing import Standing

__all__ = ["ASIDE", "COMING", "IN_LINE", "NOBODY", "Tables", "tables_of"]

Table = np.ndarray
"""A structured array."""

NOBODY = 2**32 - 1
"""Stands for no truck, in tables that number them without a sign."""
IN_LINE, ASIDE, COMING = 1, 2, 3
"""How a truck stands in a queue, where it does: in a line, or letting others pass until its papers
are done; and papers that will begin at a second that is known."""

_MOST_BITS, _MOST_ROWS = 63, 2**32 - 2
"""Of a signed 64-bit key, and of a table whose rows are numbered in 32 bits."""
_SLOWEST = 10
"""Work is a tenth of what it is in a plan at the least."""


class Tables(NamedTuple):
    """What the loop walks through; n trucks, v visits, q lines, s stages, r resources, k kinds.

    Papers stand behind the trucks in all tables of these, and are numbered so.
    """

    end: int
    truck_bits: int
    """The lowest bits of a key hold the truck's number,"""
    time_bits: int
    """and the next ones a second."""
    levels: int
    """Number of distinct priorities, or of distinct pairs of one and its rise."""
    inside: int
    """The first so many trucks have come when the run begins,"""
    begin: int
    """and this is its first second."""
    returns: bool
    """Whether any truck may come again."""
    trucks_only: int
    """Number of trucks; the rows behind them are papers."""
    moody: bool
    """Whether any visit has a patience or a tolerance."""
    papered: bool
    """Whether there are papers."""
    ranked: bool
    """Whether levels are those of kinds, not of trucks."""
    trucks: Table
    visits: Table
    lines: Table
    places: Table
    """Of line q and level p in row q * levels + p."""
    stages: Table
    resources: Table
    kinds: Table
    tokens: Table
    near: np.ndarray
    works: Table
    doors: Table
    """When stages begin and cease to admit, by time."""
    changes: Table
    rules: Table
    """Of servers opened by the queue,"""
    watches: Table
    """the stages they watch,"""
    turns: Table
    """and when their hours begin and end, by time."""
    stops: Table
    """Servers that break and stop the work in hand, by time,"""
    failing: np.ndarray
    """uint8[r], those that may do so,"""
    interrupted: Ints
    """int64[k, 3], and works that they had stopped as the run begins: truck, since when they go on
    or NEVER, and what is to be done."""
    ends: Table
    """Ends of shifts that overlap, by time."""
    papers: Table
    own: Table
    """The papers of each truck."""
    convoys: Table
    """Of stages that trucks leave together."""
    rising: Table
    """Of levels, where any of them rises; else none."""
    paces: Table
    """Of stage s in rows pace_start[s] to pace_start[s + 1],"""
    pace_start: Ints
    """which are none where no work depends on when it begins."""
    choice: np.ndarray
    """uint32[v], row of the next table, or NOBODY; of length 0 where there is no choice."""
    choices: Table
    ways: Table
    arrival: Ints
    patience: Ints
    tolerance: Ints
    present: Ints
    """Trucks inside when the run begins."""
    coming: Ints
    """int64[k, 2], trucks that come again, and when, as the run begins."""
    next: Ints
    """Truck that comes when another has left from a queue, or NEVER,"""
    after: Ints
    """and how long after it."""


def tables_of(plan: Plan, begins: Standing) -> Tables:
    """Work out the tables of a plan.

    Args:
        plan: the plan.
        begins: how its port stands when the run begins.

    Raises:
        OverflowError: seconds, trucks and priorities do not fit into one 63-bit key together.
    """
    rows = movers(plan)
    priorities, of_kind, rising = _levels(plan, rows.priority)
    count, levels = len(rows.priority), max(1, len(rising), len(priorities))
    most = int(rising["value"].max(initial=levels))
    bits = [max(1, int(n).bit_length()) for n in (count, plan.end, most)]
    slowest = 1 if plan.paces is None else _SLOWEST
    if sum(bits) > _MOST_BITS or max(len(rows.kind), plan.end * slowest) > _MOST_ROWS:
        raise OverflowError(
            f"{count} trucks, {plan.end} seconds and {most} priorities are more "
            "than the compiled engine can number; use the engine simpy"
        )
    visits = np.empty(len(rows.kind), dtype=VISIT)
    visits["kind"] = rows.kind
    # What fills the run at any pace never ends in it, however much longer it is.
    visits["work"] = np.minimum(rows.work, _MOST_ROWS)
    laid_out = layout_of(plan)
    lines, kinds, stages, resources = (
        _fresh(table)
        for table in (laid_out.lines, laid_out.kinds, laid_out.stages, laid_out.resources)
    )
    if plan.ranks is not None:
        kinds["claims"] &= plan.ranks.claims
        kinds["level"] = of_kind
    if plan.convoys is not None:
        lines["gathers"] = np.isin(lines["stage"], plan.convoys.stage)
    lines["lowest"] = levels - 1
    stages["pause"] = plan.stage_pause
    stages["work"], stages["work_end"] = plan.work_start[:-1], plan.work_start[1:]
    again, none = plan.again, np.zeros(0, dtype=np.int64)
    pace_start, paces = _paces(plan)
    stages["paced"] = plan.paces is not None
    if plan.ranks is not None:
        stages["rises"][plan.kind_stage[plan.ranks.rises != NEVER]] = 1
    resources["free"], resources["capacity"] = begins.free, begins.capacity
    resources["servers"] = plan.resource_kind == SERVERS
    trucks = np.zeros(count, dtype=TRUCK)
    trucks["visit"], trucks["beyond"] = rows.first_visit[:-1], rows.first_visit[1:]
    trucks["visit"][begins.truck] = begins.visit
    trucks["visit"][plan.trucks :] += begins.papers.astype(np.uint32)
    if plan.ranks is None and levels > 1:
        trucks["level"] = np.searchsorted(priorities, rows.priority)
    return Tables(
        end=int(plan.end),
        truck_bits=bits[0],
        time_bits=bits[1],
        levels=levels,
        inside=int(np.searchsorted(plan.arrival, begins.second)),
        begin=begins.second,
        returns=plan.again is not None,
        trucks_only=plan.trucks,
        moody=not (_all_never(plan.visit_patience) and _all_never(plan.visit_tolerance)),
        papered=plan.papers is not None and len(plan.papers) > 0,
        ranked=plan.ranks is not None,
        trucks=trucks,
        visits=visits,
        lines=lines,
        places=np.full(len(lines) * levels, NOBODY, dtype=PLACE),
        stages=stages,
        resources=resources,
        kinds=kinds,
        tokens=laid_out.tokens,
        near=laid_out.near,
        works=_works(plan),
        doors=_doors(begins.doors),
        changes=table_of(
            CHANGE,
            time=plan.change_time[begins.changed :],
            resource=plan.change_resource[begins.changed :],
            value=plan.change_value[begins.changed :],
        ),
        rules=_rules(plan.openings, begins),
        watches=_watches(plan.openings),
        turns=table_of(
            TURN, time=begins.turns[:, 0], begins=begins.turns[:, 1], rule=begins.turns[:, 2]
        ),
        stops=_stops(plan, begins.second),
        failing=_failing(plan),
        interrupted=_interrupted(plan),
        ends=_ends(plan, begins.second),
        papers=_papers(plan.papers),
        own=_own(plan.papers, plan.trucks),
        convoys=_convoys(plan),
        rising=rising,
        paces=paces,
        pace_start=pace_start,
        **_choices(plan, len(visits)),
        arrival=own(plan.arrival),
        patience=own(rows.patience),
        tolerance=own(rows.tolerance),
        present=begins.truck,
        coming=_coming(plan),
        next=none if again is None else own(again.next),
        after=none if again is None else own(again.after),
    )


def _fresh(table: Table) -> Table:
    """A copy to write to, of which the bytes between the fields are 0, too: they are shipped."""
    fresh = np.zeros(len(table), dtype=table.dtype)
    fresh[:] = table
    return fresh


def _stops(plan: Plan, begin: int) -> Table:
    stops = plan.stops
    if stops is None:
        return np.zeros(0, dtype=STOP)
    table = table_of(
        STOP, time=stops.time, resource=stops.resource, count=stops.count, anew=stops.anew
    )
    return np.asarray(table[stops.time >= begin])


def _ends(plan: Plan, begin: int) -> Table:
    leaving = plan.leaving
    if leaving is None:
        return np.zeros(0, dtype=END)
    table = table_of(END, time=leaving.time, resource=leaving.resource, count=leaving.count)
    return np.asarray(table[leaving.time >= begin])


def _failing(plan: Plan) -> np.ndarray:
    failing = np.zeros(len(plan.resource_kind), dtype=bool)
    return (failing if plan.stops is None else plan.stops.fails).astype(np.uint8)


def _interrupted(plan: Plan) -> Ints:
    beginning = plan.beginning
    if beginning is None or beginning.interrupted is None:
        return np.zeros((0, 3), dtype=np.int64)
    rows = own(beginning.interrupted)
    truck = np.searchsorted(plan.first_visit, rows[:, 0], side="right") - 1
    return np.column_stack([truck, rows[:, 1:]])


def _coming(plan: Plan) -> Ints:
    beginning = plan.beginning
    if beginning is None or beginning.coming is None:
        return np.zeros((0, 2), dtype=np.int64)
    return own(beginning.coming)


def _papers(papers: Papers | None) -> Table:
    if papers is None:
        return np.zeros(0, dtype=PAPERS)
    numbers = {
        name: np.where(column == NEVER, NOBODY, column)
        for name, column in (
            ("belongs", papers.belongs),
            ("with_visit", papers.with_visit),
            ("needed", papers.needed),
        )
    }
    return table_of(PAPERS, begins=papers.begins, **numbers)


def _own(papers: Papers | None, trucks: int) -> Table:
    if papers is None:
        return np.zeros(0, dtype=OWN)
    first, count = papers_of(papers, trucks).T
    return table_of(OWN, first=first, beyond=first + count)


def _all_never(values: Ints) -> bool:
    return not len(values) or int(values.max()) == NEVER


def _priorities(priority: Ints) -> Ints:
    """The distinct priorities, rising; one at least."""
    if not len(priority) or priority.min() == priority.max():
        return np.zeros(1, dtype=np.int64)  # sorting them all would cost a tenth of a run
    return np.unique(priority)


def _levels(plan: Plan, priority: Ints) -> tuple[Ints, Ints, Table]:
    """The distinct priorities of trucks; or the level of each kind, and what levels are worth where
    any rises."""
    ranks, none = plan.ranks, np.zeros(0, dtype=np.int64)
    if ranks is None:
        return _priorities(priority), none, np.zeros(0, dtype=RISE)
    pairs, level = np.unique(
        np.column_stack([ranks.priority, ranks.rises]), axis=0, return_inverse=True
    )
    if not ranks.rise:
        return pairs[:, 0], level.ravel(), np.zeros(0, dtype=RISE)
    value, every = pairs.T
    # Who waits from the first second to the last rises so often.
    most = np.where(every == NEVER, 0, plan.end // np.maximum(1, every))
    value = value - (value - most).min() + 1
    return none, level.ravel(), table_of(RISE, value=value, every=every)


def _works(plan: Plan) -> Table:
    length = plan.work[:, 1] - plan.work[:, 0]
    sums = np.concatenate([[0], np.cumsum(length)])
    before = np.repeat(sums[plan.work_start[:-1]], np.diff(plan.work_start))
    return table_of(WORK, start=plan.work[:, 0], end=plan.work[:, 1], done=sums[1:] - before)


def _convoys(plan: Plan) -> Table:
    words = plan.convoys
    if words is None:
        return np.zeros(0, dtype=CONVOY)
    return table_of(CONVOY, stage=words.stage, count=words.count, after=words.after)


def _paces(plan: Plan) -> tuple[Ints, Table]:
    table = plan.paces
    if table is None:
        return np.zeros(len(plan.stage_pause) + 1, dtype=np.int64), np.zeros(0, dtype=PACE)
    return own(table.start), table_of(PACE, since=table.since, milli=table.milli)


def _doors(doors: Ints) -> Table:
    """Where intervals of a stage touch, ceasing stands before beginning, so that it goes on."""
    stage, edges = doors[:, 0], doors[:, 1:].ravel()
    order = np.argsort(edges, kind="stable")
    admits = np.tile([1, 0], len(stage))
    return table_of(DOOR, time=edges[order], stage=np.repeat(stage, 2)[order], admits=admits[order])


def _choices(plan: Plan, visits: int) -> dict[str, Any]:
    words, none = plan.ways, np.zeros(0, dtype=np.uint32)
    if words is None:
        return {
            "choice": none,
            "choices": table_of(CHOICE, rule=none),
            "ways": table_of(WAY, kind=none),
        }
    choice = np.full(visits, NOBODY, dtype=np.uint32)
    choice[words.visit] = np.arange(len(words.visit))
    first, beyond = words.start[:-1], words.start[1:]
    return {
        "choice": choice,
        "choices": table_of(CHOICE, rule=words.rule, first=first, beyond=beyond),
        "ways": table_of(WAY, kind=words.kind, work=np.minimum(words.work, _MOST_ROWS)),
    }


def _rules(openings: Openings | None, begins: Standing) -> Table:
    if openings is None:
        return np.zeros(0, dtype=RULE)
    return table_of(
        RULE,
        after=openings.after,
        extra=begins.extra,
        due=begins.due,
        most=openings.most,
        until=openings.until,
        resource=openings.resource,
        watch=openings.watch_start[:-1],
        watch_end=openings.watch_start[1:],
    )


def _watches(openings: Openings | None) -> Table:
    if openings is None:
        return np.zeros(0, dtype=WATCH)
    return table_of(WATCH, count=openings.watch_count, stage=openings.watch_stage)
