"""The compiled engine's preparation: a plan becomes the tables that its loop walks through.

Nothing is simulated here. Where trucks may not overtake, a stage has one *line* of waiting trucks;
elsewhere one for each distinct need. A line keeps a first-in-first-out list for each priority, its
*places*. What belongs together stands together in a row of a table, because the loop pays by the
cache line.
"""

from typing import Any, NamedTuple

import numpy as np

from portsim.arrays import Ints, own
from portsim.plan.beside import movers, papers_of
from portsim.plan.contract import NEVER, SERVERS, Openings, Papers, Plan
from portsim.plan.standing import Standing, standing

__all__ = ["ASIDE", "COMING", "IN_LINE", "NOBODY", "Tables", "tables_of"]

Table = np.ndarray
"""A structured array."""

NOBODY = 2**32 - 1
"""Stands for no truck, in tables that number them without a sign."""
IN_LINE, ASIDE, COMING = 1, 2, 3
"""How a truck stands in a queue, where it does: in a line, or letting others pass until its papers
are done; and papers that will begin at a second that is known."""


def _row(size: int, **fields: type) -> np.dtype[np.void]:
    """A row of a table. Rows of 2**k bytes and indices without a sign are quick to find."""
    formats = [np.dtype(kind) for kind in fields.values()]
    layout: Any = {
        "names": list(fields),
        "formats": formats,
        "offsets": [
            sum(other.itemsize for other in formats[:number]) for number in range(len(formats))
        ],
        "itemsize": size,
    }
    # As records, so that the loop also runs where Numba is told to leave it alone.
    dtype: np.dtype[np.void] = np.dtype((np.record, np.dtype(layout)))
    return dtype


_TRUCK = _row(
    32,
    key=np.int64,  # of its waiting: the smaller goes first
    visit=np.uint32,  # at which it is
    beyond=np.uint32,  # its last visit, plus one
    level=np.uint32,  # rank of its priority
    before=np.uint32,  # the truck ahead of it in its list
    after=np.uint32,
    stands=np.uint32,  # whether it waits in a queue, and how: IN_LINE and the next ones
)
_VISIT = _row(8, kind=np.uint32, work=np.uint32)
_KIND = _row(
    64,
    stage=np.uint32,
    line=np.uint32,
    # Rows of the table of tokens.
    takes=np.uint32,
    takes_end=np.uint32,
    give_in=np.uint32,
    give_in_end=np.uint32,
    give_out=np.uint32,
    give_out_end=np.uint32,
    # What must be free: what it takes less what it gives back at once.
    need=np.uint32,
    need_end=np.uint32,
    overtaking=np.uint32,  # of its stage
    level=np.uint32,  # of its visits, where they have one of their own
    claims=np.uint32,
)
_TOKENS = _row(16, count=np.int64, resource=np.uint32)
_LINE = _row(
    32,
    stage=np.uint32,
    admits=np.uint32,
    length=np.uint32,
    lowest=np.uint32,  # no truck of a lower level waits
    marked=np.uint32,  # to be looked at in the coming dispatch
    # Rows of `near`: the lines to look at when this one's head changes.
    near=np.uint32,
    near_end=np.uint32,
    gathers=np.uint32,  # left by convoys only: the dispatch passes it by
)
_PLACE = _row(8, head=np.uint32, tail=np.uint32)
_STAGE = _row(
    64,
    waiting=np.uint32,
    pause=np.uint32,
    work=np.uint32,
    work_end=np.uint32,
    aside=np.uint32,  # who waits for papers and lets others pass
    # Rows of `near`: the lines to look at when it opens or closes.
    near=np.uint32,
    near_end=np.uint32,
    paced=np.uint32,  # whether its work depends on when it begins
    rises=np.uint32,  # whether levels rise there while trucks wait
    admits=np.uint32,
    at_work=np.uint32,  # counted where trucks choose among ways
)
_RESOURCE = _row(
    32,
    # Of servers, capacity minus use (below 0 where a shift ended on unfinished trucks); of budgets
    # and stores, what is left.
    free=np.int64,
    capacity=np.int64,
    servers=np.uint32,
    claimed=np.uint32,  # refused to larger keys
    # Rows of `near`: the lines to look at when tokens come back.
    near=np.uint32,
    near_end=np.uint32,
)
_WORK = _row(32, start=np.int64, end=np.int64, done=np.int64)
"""Intervals of work time; `done` is the work time of the stage up to the end of each."""
_DOOR = _row(16, time=np.int64, stage=np.uint32, admits=np.uint32)
_CHANGE = _row(32, time=np.int64, value=np.int64, resource=np.uint32)

_RULE = _row(
    64,
    after=np.int64,
    extra=np.int64,  # servers that it has opened
    due=np.int64,  # when one more is there that has been decided, or NEVER
    most=np.int64,
    until=np.int64,
    resource=np.uint32,
    holds=np.uint32,  # whether its hours have begun
    # Rows of the table of what rules watch.
    watch=np.uint32,
    watch_end=np.uint32,
)
"""Of servers opened by the queue."""
_WATCH = _row(16, count=np.int64, stage=np.uint32)
_TURN = _row(16, time=np.int64, rule=np.uint32, begins=np.uint32)

_PAPERS = _row(
    32,
    begins=np.int64,
    # Of their truck, or NOBODY: its number, the visit with which they begin, the one that waits.
    belongs=np.uint32,
    with_visit=np.uint32,
    needed=np.uint32,
)
_OWN = _row(8, first=np.uint32, beyond=np.uint32)
"""The papers of a truck."""
_PACE = _row(16, since=np.int64, milli=np.int64)
"""How long work lasts by the second in which it begins."""

_RISE = _row(16, value=np.int64, every=np.int64)
"""What a level is worth when nobody has waited, 1 or more at all times, and the seconds after which
it is worth one less, or NEVER."""

_CONVOY = _row(
    32,
    after=np.int64,
    count=np.int64,
    stage=np.uint32,
    admits=np.uint32,  # whether its stage does
)
"""Of a stage that trucks leave together."""

_CHOICE = _row(16, rule=np.int64, first=np.uint32, beyond=np.uint32)
"""Of a visit that may be made in several ways, with its rows of the next table."""
_WAY = _row(8, kind=np.uint32, work=np.uint32)

_MOST_BITS, _MOST_ROWS = 63, 2**32 - 2
"""Of a signed 64-bit key, and of a table whose rows are numbered in 32 bits."""
_SLOWEST = 10
"""Work is a tenth of what it is in a plan at the least."""


_STOP = _row(32, time=np.int64, count=np.int64, resource=np.uint32, anew=np.uint32)
"""Of servers that break and stop the work in hand."""


_END = _row(32, time=np.int64, count=np.int64, resource=np.uint32)
"""Of shifts that overlap with the next one."""


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


def tables_of(plan: Plan) -> Tables:
    """Work out the tables of a plan.

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
    visits = np.empty(len(rows.kind), dtype=_VISIT)
    visits["kind"] = rows.kind
    # What fills the run at any pace never ends in it, however much longer it is.
    visits["work"] = np.minimum(rows.work, _MOST_ROWS)
    stage, take, give_in, give_out = (
        own(column)
        for column in (plan.kind_stage, plan.kind_take, plan.kind_give_in, plan.kind_give_out)
    )
    line, line_stage = _lines(stage, take, give_in, plan.stage_overtaking)
    kinds, tokens = _kind_table(plan, stage, line, take, give_in, give_out)
    kinds["overtaking"] = plan.stage_overtaking[stage]
    kinds["claims"] = plan.stage_claims[stage]
    if plan.ranks is not None:
        kinds["claims"] &= plan.ranks.claims
        kinds["level"] = of_kind
    lines, stages, resources, near = _places_to_look(plan, kinds, tokens, line_stage)
    lines["stage"] = line_stage
    if plan.convoys is not None:
        lines["gathers"] = np.isin(line_stage, plan.convoys.stage)
    lines["lowest"] = levels - 1
    stages["pause"] = plan.stage_pause
    stages["work"], stages["work_end"] = plan.work_start[:-1], plan.work_start[1:]
    begins, again, none = standing(plan), plan.again, np.zeros(0, dtype=np.int64)
    pace_start, paces = _paces(plan)
    stages["paced"] = plan.paces is not None
    if plan.ranks is not None:
        stages["rises"][stage[plan.ranks.rises != NEVER]] = 1
    resources["free"], resources["capacity"] = begins.free, begins.capacity
    resources["servers"] = plan.resource_kind == SERVERS
    trucks = np.zeros(count, dtype=_TRUCK)
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
        places=np.full(len(lines) * levels, NOBODY, dtype=_PLACE),
        stages=stages,
        resources=resources,
        kinds=kinds,
        tokens=tokens,
        near=near,
        works=_works(plan),
        doors=_doors(begins.doors),
        changes=_table(
            _CHANGE,
            time=plan.change_time[begins.changed :],
            resource=plan.change_resource[begins.changed :],
            value=plan.change_value[begins.changed :],
        ),
        rules=_rules(plan.openings, begins),
        watches=_watches(plan.openings),
        turns=_table(
            _TURN, time=begins.turns[:, 0], begins=begins.turns[:, 1], rule=begins.turns[:, 2]
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


def _stops(plan: Plan, begin: int) -> Table:
    stops = plan.stops
    if stops is None:
        return np.zeros(0, dtype=_STOP)
    table = _table(
        _STOP, time=stops.time, resource=stops.resource, count=stops.count, anew=stops.anew
    )
    return np.asarray(table[stops.time >= begin])


def _ends(plan: Plan, begin: int) -> Table:
    leaving = plan.leaving
    if leaving is None:
        return np.zeros(0, dtype=_END)
    table = _table(_END, time=leaving.time, resource=leaving.resource, count=leaving.count)
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
        return np.zeros(0, dtype=_PAPERS)
    numbers = {
        name: np.where(column == NEVER, NOBODY, column)
        for name, column in (
            ("belongs", papers.belongs),
            ("with_visit", papers.with_visit),
            ("needed", papers.needed),
        )
    }
    return _table(_PAPERS, begins=papers.begins, **numbers)


def _own(papers: Papers | None, trucks: int) -> Table:
    if papers is None:
        return np.zeros(0, dtype=_OWN)
    first, count = papers_of(papers, trucks).T
    return _table(_OWN, first=first, beyond=first + count)


def _all_never(values: Ints) -> bool:
    return not len(values) or int(values.max()) == NEVER


def _table(dtype: np.dtype, **columns: np.ndarray) -> Table:
    table = np.zeros(len(next(iter(columns.values()))), dtype=dtype)
    for name, values in columns.items():
        table[name] = values
    return table


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
        return _priorities(priority), none, np.zeros(0, dtype=_RISE)
    pairs, level = np.unique(
        np.column_stack([ranks.priority, ranks.rises]), axis=0, return_inverse=True
    )
    if not ranks.rise:
        return pairs[:, 0], level.ravel(), np.zeros(0, dtype=_RISE)
    value, every = pairs.T
    # Who waits from the first second to the last rises so often.
    most = np.where(every == NEVER, 0, plan.end // np.maximum(1, every))
    value = value - (value - most).min() + 1
    return none, level.ravel(), _table(_RISE, value=value, every=every)


def _works(plan: Plan) -> Table:
    length = plan.work[:, 1] - plan.work[:, 0]
    sums = np.concatenate([[0], np.cumsum(length)])
    before = np.repeat(sums[plan.work_start[:-1]], np.diff(plan.work_start))
    return _table(_WORK, start=plan.work[:, 0], end=plan.work[:, 1], done=sums[1:] - before)


def _convoys(plan: Plan) -> Table:
    words = plan.convoys
    if words is None:
        return np.zeros(0, dtype=_CONVOY)
    return _table(_CONVOY, stage=words.stage, count=words.count, after=words.after)


def _paces(plan: Plan) -> tuple[Ints, Table]:
    table = plan.paces
    if table is None:
        return np.zeros(len(plan.stage_pause) + 1, dtype=np.int64), np.zeros(0, dtype=_PACE)
    return own(table.start), _table(_PACE, since=table.since, milli=table.milli)


def _doors(doors: Ints) -> Table:
    """Where intervals of a stage touch, ceasing stands before beginning, so that it goes on."""
    stage, edges = doors[:, 0], doors[:, 1:].ravel()
    order = np.argsort(edges, kind="stable")
    admits = np.tile([1, 0], len(stage))
    return _table(_DOOR, time=edges[order], stage=np.repeat(stage, 2)[order], admits=admits[order])


def _choices(plan: Plan, visits: int) -> dict[str, Any]:
    words, none = plan.ways, np.zeros(0, dtype=np.uint32)
    if words is None:
        return {
            "choice": none,
            "choices": _table(_CHOICE, rule=none),
            "ways": _table(_WAY, kind=none),
        }
    choice = np.full(visits, NOBODY, dtype=np.uint32)
    choice[words.visit] = np.arange(len(words.visit))
    first, beyond = words.start[:-1], words.start[1:]
    return {
        "choice": choice,
        "choices": _table(_CHOICE, rule=words.rule, first=first, beyond=beyond),
        "ways": _table(_WAY, kind=words.kind, work=np.minimum(words.work, _MOST_ROWS)),
    }


def _rules(openings: Openings | None, begins: Standing) -> Table:
    if openings is None:
        return np.zeros(0, dtype=_RULE)
    return _table(
        _RULE,
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
        return np.zeros(0, dtype=_WATCH)
    return _table(_WATCH, count=openings.watch_count, stage=openings.watch_stage)


def _lines(stage: Ints, take: Ints, give_in: Ints, overtaking: np.ndarray) -> tuple[Ints, Ints]:
    """Line of each kind, and stage of each line; the first lines are the stages' own."""
    line = stage.copy()
    places = list(range(len(overtaking)))
    needs: dict[tuple[int, int, int], int] = {}
    for kind in np.flatnonzero(overtaking[stage]).tolist():
        need = int(stage[kind]), int(take[kind]), int(give_in[kind])
        if need not in needs:
            needs[need] = len(places)
            places.append(need[0])
        line[kind] = needs[need]
    return line, np.array(places, dtype=np.int64)


def _kind_table(
    plan: Plan, stage: Ints, line: Ints, take: Ints, give_in: Ints, give_out: Ints
) -> tuple[Table, Table]:
    """The kinds, and the tokens they take and give: all token lists, then the needs."""
    start = plan.list_start
    rows = start[take + 1] - start[take]
    need_end = len(plan.list_resource) + np.cumsum(rows)
    kinds = _table(
        _KIND,
        stage=stage,
        line=line,
        takes=start[take],
        takes_end=start[take + 1],
        give_in=start[give_in],
        give_in_end=start[give_in + 1],
        give_out=start[give_out],
        give_out_end=start[give_out + 1],
        need=need_end - rows,
        need_end=need_end,
    )
    owner = np.repeat(np.arange(len(take)), rows)
    taken = np.repeat(start[take] - (np.cumsum(rows) - rows), rows) + np.arange(len(owner))
    resource, count = plan.list_resource[taken], plan.list_count[taken]
    for kind in np.flatnonzero(start[give_in + 1] > start[give_in]).tolist():
        of_kind = owner == kind
        for back, n in plan.tokens(int(give_in[kind])):
            count[of_kind & (resource == back)] -= n
    tokens = _table(
        _TOKENS,
        resource=np.concatenate([plan.list_resource, resource]),
        count=np.concatenate([plan.list_count, count]),
    )
    return kinds, tokens


def _places_to_look(
    plan: Plan, kinds: Table, tokens: Table, line_stage: Ints
) -> tuple[Table, Table, Table, np.ndarray]:
    """Tables of lines, stages and resources, each with its rows of `near` (the fourth)."""
    rows = kinds["need_end"] - kinds["need"]
    wants = np.zeros((len(plan.resource_kind), len(line_stage)), dtype=bool)
    wants[tokens["resource"][len(plan.list_resource) :], np.repeat(kinds["line"], rows)] = True
    opens = line_stage == np.arange(len(plan.stage_pause))[:, None]
    number = np.arange(len(line_stage))
    lines = _table(_LINE, near=number, near_end=number + 1)
    near: list[Ints] = [number]
    for group in _groups(wants, opens, plan.stage_claims):
        wants[np.ix_(wants[:, group].any(axis=1), group)] = True
        opens[np.ix_(opens[:, group].any(axis=1), group)] = True
        lines["near"][group] = sum(map(len, near))
        lines["near_end"][group] = lines["near"][group] + len(group)
        near.append(group)
    tables: list[Table] = []
    for table, dtype in ((opens, _STAGE), (wants, _RESOURCE)):
        rows = table.sum(axis=1)
        ends = sum(map(len, near)) + np.cumsum(rows)
        tables.append(_table(dtype, near=ends - rows, near_end=ends))
        near.append(np.nonzero(table)[1])
    return lines, tables[0], tables[1], np.concatenate(near).astype(np.uint32)


def _groups(wants: np.ndarray, opens: np.ndarray, claims: np.ndarray) -> list[Ints]:
    """Lines of which each may go or not by the candidates of all, int64[m] each.

    Stages that share a resource with one that claims belong together. Budgets and stores count as
    well: whoever spends the last one lifts the claim of a truck that needs it.
    """
    if not claims.any():
        return []
    group = np.arange(len(claims))
    sharing = (wants.astype(np.int64) @ opens.T.astype(np.int64)) > 0
    for sharers in sharing:
        if claims[sharers].any():
            together = np.isin(group, group[sharers])
            group[together] = group[sharers].min()
    return [
        np.flatnonzero(opens[group == number].any(axis=0)) for number in np.unique(group[claims])
    ]
