"""The compiled engine's loop: the rules of an engine, second by second, in compiled code.

It knows tables of integers only. The rules and their order are those of `portsim.engines.simpy`,
which is the one to read; here stands how they are done without an object and without a search.
Every compiled function of the loop is in this file, because Numba's cache looks for changes in one
file only.

Events that could not be sorted beforehand (ends of work, ends of patience) wait in a heap of single
integers: second, what ends and truck packed together, so that the smallest is the next one and
trucks of one second come in the order of their number. The key of a waiting truck (priority, second
of joining, number) is packed likewise.
"""

from typing import Any

import numpy as np
from numba import njit

from portsim.arrays import Ints
from portsim.compiling import by_reference
from portsim.engines.compiled.lists import LAST, Lists
from portsim.engines.compiled.tables import ASIDE, COMING, IN_LINE, NOBODY, Tables
from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, RELEASED, STAYED_AWAY
from portsim.plan.contract import FITTING, NEVER, SHORTEST

__all__ = ["simulate"]

_NOBODY = np.uint32(NOBODY)
_NO, _ONE, _TWO, _THREE = (np.uint64(number) for number in range(4))
_EVENTS, _LOOKED, _MOVERS, _OPENINGS = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
_STOPS, _STAND = np.uint64(4), np.uint64(5)
"""Where `Lists.size` keeps the lengths of the lists."""

# Nothing is made or freed in the loop, and counting who refers to a table took a third of the time.
# Only `simulate` is called from outside; doors to its parts took as long to compile as the parts.
_PLAIN: dict[str, Any] = {"nogil": True, "_nrt": False}
_INSIDE: dict[str, Any] = {**_PLAIN, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_compiled = njit(cache=True, **_PLAIN)
_part = njit(**_INSIDE)
_inlined = njit(forceinline=True, **_INSIDE)


@_compiled
def simulate(t: Tables, s: Lists, ruled: Any) -> None:
    """Run the tables from their first second to their end; the log stands in the lists.

    Args:
        t, s: the run.
        ruled: None where nobody looks at queues: no servers that they open, no convoys. That it is
            None is known to the compiler, which leaves out what it guards. Else True.
    """
    _run(by_reference(t), by_reference(s), ruled)


@_part
def _run(t: Tables, s: Lists, ruled: Any) -> None:
    event_bits = t.truck_bits + 1
    _find(t, s)
    truck, door, change = np.uint32(t.inside), np.uint32(0), np.uint32(0)
    arrives = t.arrival[truck] if truck < len(t.arrival) else t.end
    opens = t.doors[0].time if len(t.doors) else t.end
    changes = t.changes[0].time if len(t.changes) else t.end
    turn = np.uint32(0)
    turns = _turn_after(t, s, turn, t.begin - 1, ruled)
    fails, stop, shift = len(s.ends) > 0, np.uint32(0), np.uint32(0)
    breaks = _next_break(t, stop, shift)
    while True:
        now = min(t.end, arrives, opens, changes, turns, breaks)
        if s.size[_EVENTS] > _NO:
            now = min(now, s.events[0] >> event_bits)
        if now >= t.end:
            break
        while opens == now:
            _open(t, s, t.doors[door].stage, t.doors[door].admits)
            door += 1
            opens = t.doors[door].time if door < len(t.doors) else t.end
        came = truck
        while arrives == now:
            truck += 1
            arrives = t.arrival[truck] if truck < len(t.arrival) else t.end
        # A round; and another one where works that took no time have ended.
        while True:
            _end_works(t, s, now, fails)
            if t.moody:
                _lose_patience(t, s, now)
            _join_all(t, s, came, truck, now, now not in (changes, turns, breaks))
            came = truck
            if breaks == now:
                shift = _end_shifts(t, s, shift, now)
            while changes == now:
                _change(t, s, t.changes[change].resource, t.changes[change].value)
                change += 1
                changes = t.changes[change].time if change < len(t.changes) else t.end
            if turns == now:
                turn = _let_come(t, s, turn, now)
            if breaks == now:
                stop = _break(t, s, stop, now)
                breaks = _next_break(t, stop, shift)
            turns = _admit_all(t, s, turn, now, ruled, fails)
            if s.size[_EVENTS] == _NO or s.events[0] >> event_bits > now:
                break


@_part
def _find(t: Tables, s: Lists) -> None:
    """Let the trucks that are inside from the beginning go on from where they stand, and those that
    have been here before come again."""
    for row in range(len(t.coming)):
        _let_return(t, s, t.coming[row, 0], t.coming[row, 1])
    for row in range(len(t.papers)):
        papers = t.trucks[t.trucks_only + row]
        if papers.visit == papers.beyond:
            s.outcome[t.trucks_only + row] = RELEASED
    for number in t.present:
        truck = np.uint32(number)
        at = t.trucks[truck].visit
        if s.admitted[at] != NEVER:
            _work(t, s, truck, at, s.admitted[at])
            continue
        queued = s.queued[at]
        if t.moody:
            _be_patient(t, s, truck, at, queued)
        _line_up(t, s, truck, at)
    for row in range(len(t.interrupted)):
        truck, since = np.uint32(t.interrupted[row, 0]), t.interrupted[row, 1]
        s.to_do[truck] = t.interrupted[row, 2]
        if since == NEVER:
            _stand(t, s, truck)
        else:
            _set_to_work(t, s, truck, since)
    if t.papered:
        _find_papers(t, s)


@_part
def _find_papers(t: Tables, s: Lists) -> None:
    """Let papers go on that have begun, and have those begin whose second is known."""
    for row in range(len(t.papers)):
        number = np.uint32(t.trucks_only + row)
        at = t.trucks[number].visit
        if at == t.trucks[number].beyond:
            continue
        if s.admitted[at] != NEVER:
            _work(t, s, number, at, s.admitted[at])
        elif s.queued[at] != NEVER:
            _line_up(t, s, number, at)
        elif t.papers[row].with_visit == _NOBODY:
            _hand_in(t, s, number, max(t.papers[row].begins, t.begin))


# ---- the steps of a round ----------------------------------------------------------------------


@_inlined
def _end_works(t: Tables, s: Lists, now: int, fails: bool) -> None:
    """(a) Works that end."""
    until = ((now << 1) | 1) << t.truck_bits
    while s.size[_EVENTS] > _NO and s.events[0] < until:
        truck = np.uint32(s.events[_NO] & ((1 << t.truck_bits) - 1))
        s.size[_EVENTS] = _pop(s.events, s.size[_EVENTS])
        at = t.trucks[truck].visit
        if t.returns and s.outcome[truck] == STAYED_AWAY:
            # It has not been at work: it comes again.
            s.outcome[truck] = INSIDE
            s.movers[s.size[_MOVERS]] = truck
            s.size[_MOVERS] += _ONE
            continue
        if t.papered and t.trucks[truck].stands == COMING:
            t.trucks[truck].stands = 0
            s.movers[s.size[_MOVERS]] = truck
            s.size[_MOVERS] += _ONE
            continue
        if fails:
            if s.ends[truck] != now:
                # It was stopped, and ends at another second.
                continue
            s.ends[truck] = NEVER
        s.finished[at] = now
        kind = t.kinds[t.visits[at].kind]
        if len(t.choice):
            t.stages[kind.stage].at_work -= 1
        _give(t, s, kind.give_out, kind.give_out_end)
        if at + 1 < t.trucks[truck].beyond:
            t.trucks[truck].visit = at + 1
            s.movers[s.size[_MOVERS]] = truck
            s.size[_MOVERS] += _ONE
        else:
            _release(t, s, truck, now)


@_inlined
def _release(t: Tables, s: Lists, truck: Any, now: int) -> None:
    s.outcome[truck] = RELEASED
    s.left[truck] = now
    if t.papered:
        if truck < t.trucks_only:
            _withdraw(t, s, truck, now)
        else:
            # Of papers whose truck had left before the run begins the last works are not told.
            t.trucks[truck].visit = t.trucks[truck].beyond
            _give_back(t, s, truck, RELEASED, now)
            _have_done(t, s, truck)


@_part
def _lose_patience(t: Tables, s: Lists, now: int) -> None:
    """(b) Trucks whose patience ends leave."""
    until = (now + 1) << (t.truck_bits + 1)
    while s.size[_EVENTS] > _NO and s.events[0] < until:
        truck = np.uint32(s.events[_NO] & ((1 << t.truck_bits) - 1))
        s.size[_EVENTS] = _pop(s.events, s.size[_EVENTS])
        at = t.trucks[truck].visit
        # The deadline may be that of a queue which the truck has long left behind.
        if t.trucks[truck].stands and s.queued[at] + t.patience[at] == now:
            _step_out(t, s, truck, at)
            _turn_out(t, s, truck, GAVE_UP, now)


@_inlined
def _join_all(t: Tables, s: Lists, came: int, until: int, now: int, settled: bool) -> None:
    """(c) Movers and the arrivals [came, until) join their queues, by number."""
    mover = _NO
    alone = settled and s.size[_MOVERS] + (until - came) == 1
    if t.papered:
        # What leaves a queue with them is gone before anybody looks how long it is.
        for passing in range(came, until):
            if t.trucks[passing].visit == t.trucks[passing].beyond:
                _release(t, s, passing, now)
    while mover < s.size[_MOVERS] or came < until:
        if mover == s.size[_MOVERS] or (came < until and came < s.movers[mover]):
            truck = came
            came += 1
            if t.trucks[truck].visit == t.trucks[truck].beyond:
                if not t.papered:
                    _release(t, s, truck, now)
                continue
        else:
            truck = s.movers[mover]
            mover += _ONE
        _join(t, s, np.uint32(truck), now, alone)
    s.size[_MOVERS] = _NO


@_inlined
def _join(t: Tables, s: Lists, truck: Any, now: int, alone: bool) -> None:
    """Queue, unless the queue is longer than this truck tolerates."""
    at = t.trucks[truck].visit
    if len(t.choice):
        alone = not _choose(t, s, at) and alone
    kind = t.kinds[t.visits[at].kind]
    if t.moody:
        if 0 <= t.tolerance[at] <= t.stages[kind.stage].waiting:
            _turn_out(t, s, truck, DIVERTED, now)
            return
        _be_patient(t, s, truck, at, now)
    s.queued[at] = now
    if t.ranked:
        t.trucks[truck].level = kind.level
    if t.papered and _see_to_papers(t, s, truck, at, now):
        return
    line = t.lines[kind.line]
    if (
        alone
        and line.length == 0
        and line.admits
        and s.size[_LOOKED] == _NO
        and line.near_end == line.near + 1
        and _fits(t.resources, t.tokens, kind.need, kind.need_end)
    ):
        # Nobody else could go in this round, so the dispatch would do just this.
        _admit(t, s, truck, at, now)
        return
    if _put_in(t, truck, kind.line, _key(t, truck, now)):
        _look_near(t, s, line.near, line.near_end)


@_inlined
def _be_patient(t: Tables, s: Lists, truck: Any, at: Any, queued: int) -> None:
    """Note when a truck that joined its queue at some second will lose patience."""
    if t.patience[at] != NEVER and t.patience[at] < t.end - queued:
        deadline = ((((queued + t.patience[at]) << 1) | 1) << t.truck_bits) | truck
        s.size[_EVENTS] = _push(s.events, s.size[_EVENTS], deadline)


@_inlined
def _key(t: Tables, truck: Any, queued: int) -> Any:
    """Of the waiting of a truck: priority, second of joining its queue, number."""
    level = np.int64(t.trucks[truck].level)
    return (((level << t.time_bits) | queued) << t.truck_bits) | truck


@_inlined
def _change(t: Tables, s: Lists, number: int, value: int) -> None:
    """(d) A shift changes, or a budget is set anew."""
    resource = t.resources[number]
    if resource.servers:
        resource.free += value - resource.capacity
        resource.capacity = value
    else:
        resource.free = value
    _look_near(t, s, resource.near, resource.near_end)


@_part
def _let_come(t: Tables, s: Lists, turn: Any, now: int) -> Any:
    """(d) Hours of rules begin and end, and servers come that are due; the next turn of hours."""
    while turn < len(t.turns) and t.turns[turn].time == now:
        number = t.turns[turn].rule
        t.rules[number].holds = t.turns[turn].begins
        if not t.turns[turn].begins:
            _close(t, s, number, now)
        turn += 1
    for number in range(len(t.rules)):
        if t.rules[number].due == now:
            _set_extra(t, s, number, t.rules[number].extra + 1, NEVER, now)
    return np.uint32(turn)


@_inlined
def _admit_all(t: Tables, s: Lists, turn: Any, now: int, ruled: Any, fails: bool) -> Any:
    """Convoys, (e) and (f): admit, and again where those left waiting have a server at once; then
    (g) works go on that a breakdown had stopped. Gives the next second that rules ask for."""
    if ruled is not None:
        for number in range(len(t.convoys)):
            _depart(t, s, number, now)
    while True:
        if s.size[_LOOKED] > _NO:
            _dispatch(t, s, now)
        if ruled is None:
            break
        if not _look_at_queues(t, s, now):
            break
    if fails:
        _go_on(t, s, now)
    return _turn_after(t, s, turn, now, ruled)


@_inlined
def _turn_after(t: Tables, s: Lists, turn: Any, now: int, ruled: Any) -> Any:
    """The next second that rules ask for; the end where there are none."""
    if ruled is None:
        return t.end
    return _next_turn(t, s, turn, now)


@_part
def _depart(t: Tables, s: Lists, number: int, now: int) -> None:
    """Admit convoys of a stage, as long as one may go."""
    convoy = t.convoys[number]
    line = t.lines[convoy.stage]
    while convoy.admits and line.length > 0:
        if line.length < convoy.count and _may_go(t, s, number) > now:
            break
        for _ in range(min(np.int64(line.length), convoy.count)):
            truck = _first(t, s, convoy.stage, now)
            _take_out(t, truck, convoy.stage)
            _admit(t, s, truck, t.trucks[truck].visit, now)


@_part
def _may_go(t: Tables, s: Lists, number: int) -> Any:
    """When the truck that has waited longest has done so for long enough; the end if never."""
    convoy, longest = t.convoys[number], t.end
    if convoy.after == NEVER or t.lines[convoy.stage].length == 0:
        return t.end
    for level in range(t.levels):
        head = t.places[np.uint64(convoy.stage * t.levels + level)].head
        if head != _NOBODY:
            longest = min(longest, s.queued[t.trucks[head].visit])
    return min(t.end, longest + convoy.after)


@_part
def _look_at_queues(t: Tables, s: Lists, now: int) -> bool:
    """(f) Those left waiting open and close servers; whether one is there at once."""
    came = False
    for number in range(len(t.rules)):
        rule = t.rules[number]
        enough, few = False, True
        for row in range(rule.watch, rule.watch_end):
            waiting = _waiting(t, t.watches[row].stage)
            enough = enough or waiting >= t.watches[row].count
            few = few and waiting <= rule.until
        if few:
            _close(t, s, number, now)
        elif enough and rule.holds and rule.due == NEVER and rule.extra < rule.most:
            if rule.after > 0:
                _set_extra(t, s, number, rule.extra, now + rule.after, now)
            else:
                _set_extra(t, s, number, rule.extra + 1, NEVER, now)
                came = True
    return came


@_part
def _waiting(t: Tables, number: int) -> Any:
    """How many wait at a stage."""
    stage = t.stages[number]
    waiting = np.int64(stage.aside)
    for row in range(stage.near, stage.near_end):
        if t.lines[t.near[row]].stage == number:
            waiting += t.lines[t.near[row]].length
    return waiting


@_part
def _close(t: Tables, s: Lists, number: int, now: int) -> None:
    """Close the extra servers of a rule, and call off the one that is due."""
    if t.rules[number].extra > 0 or t.rules[number].due != NEVER:
        _set_extra(t, s, number, 0, NEVER, now)


@_part
def _set_extra(t: Tables, s: Lists, number: int, extra: int, due: int, now: int) -> None:
    """Have so many extra servers, and one more at a second, and note it."""
    rule = t.rules[number]
    resource = t.resources[rule.resource]
    resource.free += extra - rule.extra
    if extra > rule.extra:
        _look_near(t, s, resource.near, resource.near_end)
    rule.extra, rule.due = extra, due
    row = s.size[_OPENINGS]
    if row < len(s.openings):
        s.openings[row, 0] = now
        s.openings[row, 1] = rule.resource
        s.openings[row, 2] = extra
        s.openings[row, 3] = due
    s.size[_OPENINGS] += _ONE


@_part
def _next_turn(t: Tables, s: Lists, turn: Any, now: int) -> Any:
    """The next second in which hours of rules begin or end, a server is due, or a convoy is."""
    turns = t.turns[turn].time if turn < len(t.turns) else t.end
    for number in range(len(t.rules)):
        if t.rules[number].due != NEVER:
            turns = min(turns, t.rules[number].due)
    for number in range(len(t.convoys)):
        due = _may_go(t, s, number)
        # A stage that is shut then looks when it opens.
        if due > now:
            turns = min(turns, due)
    return turns


@_inlined
def _dispatch(t: Tables, s: Lists, now: int) -> None:
    """(e) Admit the smallest admissible candidate, again and again until there is none."""
    again = True
    while again:
        again = claims = False
        candidates = _NO
        for row in range(s.size[_LOOKED]):
            candidates = _show_first(t, s, s.looked[row], candidates, now)
        while candidates > _NO:
            truck = np.uint32(s.keys[_NO] & ((1 << t.truck_bits) - 1))
            candidates = _pop(s.keys, candidates)
            at = t.trucks[truck].visit
            if t.papered and _lacks_papers(t, s, truck, at):
                continue
            if len(t.choice):
                _fit(t, s, at, claims)
            kind = t.kinds[t.visits[at].kind]
            if not _fits(t.resources, t.tokens, kind.need, kind.need_end) or (
                claims and _meets_a_claim(t.resources, t.tokens, kind.need, kind.need_end)
            ):
                if kind.claims and _only_servers_lack(
                    t.resources, t.tokens, kind.need, kind.need_end
                ):
                    _claim(t.resources, t.tokens, kind.need, kind.need_end)
                    claims = True
                continue
            _take_out(t, truck, kind.line)
            _admit(t, s, truck, at, now)
            if claims or kind.give_in < kind.give_in_end:
                # What it gave or spent may let smaller keys pass that were refused before.
                again = True
                break
            candidates = _show_next(t, s, truck, kind, candidates, now)
        if claims:
            for number in range(len(t.resources)):
                t.resources[number].claimed = 0
    for row in range(s.size[_LOOKED]):
        t.lines[s.looked[row]].marked = 0
    s.size[_LOOKED] = _NO


# ---- admission ---------------------------------------------------------------------------------


@_inlined
def _show_first(t: Tables, s: Lists, number: int, candidates: Any, now: int) -> Any:
    """Put the key of a line's first truck among the candidates, if it has any; their number. Where
    levels rise, those of the first of each level."""
    line = t.lines[number]
    if line.length == 0 or not line.admits:
        return candidates
    if t.stages[line.stage].rises:
        for level in range(t.levels):
            candidates = _show_head(t, s, number * t.levels + level, candidates, now)
        return candidates
    return _push(s.keys, candidates, _key_now(t, s, _lowest(t, number), now))


@_inlined
def _show_next(t: Tables, s: Lists, truck: Any, kind: Any, candidates: Any, now: int) -> Any:
    """Put the key of who stands behind an admitted truck among the candidates, if anybody does."""
    if t.stages[kind.stage].rises:
        place = kind.line * t.levels + t.trucks[truck].level
        return _show_head(t, s, place, candidates, now)
    return _show_first(t, s, kind.line, candidates, now)


@_part
def _show_head(t: Tables, s: Lists, number: int, candidates: Any, now: int) -> Any:
    """Put the key of the first truck of one level of a line among the candidates, if any."""
    head = t.places[np.uint64(number)].head
    if head == _NOBODY:
        return candidates
    return _push(s.keys, candidates, _key_now(t, s, head, now))


@_inlined
def _lowest(t: Tables, number: int) -> Any:
    """The first truck of the lowest level of a line that is not empty."""
    line = t.lines[number]
    place = np.uint64(number * t.levels + line.lowest)
    while t.places[place].head == _NOBODY:
        place += _ONE
        line.lowest += 1
    return t.places[place].head


@_part
def _first(t: Tables, s: Lists, number: int, now: int) -> Any:
    """The first truck of a line that is not empty."""
    if not t.stages[t.lines[number].stage].rises:
        return _lowest(t, number)
    first, least = _NOBODY, np.int64(LAST)
    for level in range(t.levels):
        head = t.places[np.uint64(number * t.levels + level)].head
        if head != _NOBODY and _key_now(t, s, head, now) < least:
            first, least = head, _key_now(t, s, head, now)
    return first


@_inlined
def _key_now(t: Tables, s: Lists, truck: Any, now: int) -> Any:
    """The key of a truck that waits, as its level is at a second."""
    if len(t.rising) == 0:
        return t.trucks[truck].key
    rise, queued = t.rising[t.trucks[truck].level], s.queued[t.trucks[truck].visit]
    value = rise.value
    if rise.every > 0:
        value -= (now - queued) // rise.every
    return (((value << t.time_bits) | queued) << t.truck_bits) | truck


@_inlined
def _fits(resources: Any, tokens: Any, need: int, need_end: int) -> bool:
    for row in range(need, need_end):
        if resources[tokens[row].resource].free < tokens[row].count:
            return False
    return True


@_inlined
def _meets_a_claim(resources: Any, tokens: Any, need: int, need_end: int) -> bool:
    for row in range(need, need_end):  # noqa: SIM110 (Numba knows no `any`)
        if resources[tokens[row].resource].claimed:
            return True
    return False


@_inlined
def _only_servers_lack(resources: Any, tokens: Any, need: int, need_end: int) -> bool:
    for row in range(need, need_end):
        resource = resources[tokens[row].resource]
        if not resource.servers and resource.free < tokens[row].count:
            return False
    return True


@_inlined
def _claim(resources: Any, tokens: Any, need: int, need_end: int) -> None:
    for row in range(need, need_end):
        resource = resources[tokens[row].resource]
        resource.claimed = resource.servers


@_inlined
def _admit(t: Tables, s: Lists, truck: Any, at: Any, now: int) -> None:
    """Take and give, and start the work."""
    kind = t.kinds[t.visits[at].kind]
    s.admitted[at] = now
    for row in range(kind.takes, kind.takes_end):
        t.resources[t.tokens[row].resource].free -= t.tokens[row].count
    _give(t, s, kind.give_in, kind.give_in_end)
    _work(t, s, truck, at, now)


@_inlined
def _work(t: Tables, s: Lists, truck: Any, at: Any, admitted: int) -> None:
    """Work since the second of the admission; what should have ended before the run ends then."""
    visit = t.visits[at]
    stage = t.kinds[visit.kind].stage
    if len(t.choice):
        t.stages[stage].at_work += 1
    work: Any = np.int64(visit.work)
    if t.stages[stage].paced and admitted >= t.begin:
        work = _paced(t, stage, admitted, work)
    done = admitted + work
    if t.stages[stage].pause:
        done = _end_of_work(t, stage, admitted, work)
    done = max(done, t.begin)
    if len(s.ends) > 0:
        s.since[truck], s.to_do[truck], s.ends[truck] = admitted, work, done
    if done < t.end:
        event = (done << (t.truck_bits + 1)) | truck
        s.size[_EVENTS] = _push(s.events, s.size[_EVENTS], event)


@_part
def _paced(t: Tables, stage: int, now: int, work: int) -> Any:
    """How long work lasts that begins at a second."""
    low, high = t.pace_start[stage], t.pace_start[stage + 1]
    # The last that holds by then; the first one always does.
    while high - low > 1:
        middle = (low + high) >> 1
        if t.paces[middle].since <= now:
            low = middle
        else:
            high = middle
    return (work * t.paces[low].milli + 500) // 1000


@_part
def _passed(t: Tables, stage: int, now: int) -> Any:
    """Work time of a stage before a second."""
    # The last interval that has begun.
    first, high = np.int64(t.stages[stage].work), np.int64(t.stages[stage].work_end)
    low = first
    while low < high:
        middle = (low + high) >> 1
        if t.works[middle].start <= now:
            low = middle + 1
        else:
            high = middle
    if low == first:
        return np.int64(0)
    return t.works[low - 1].done - max(0, t.works[low - 1].end - now)


@_part
def _end_of_work(t: Tables, stage: int, now: int, work: int) -> Any:
    """Second at which so much work time of a stage has passed since `now`; the end if never."""
    if work == 0:
        return now
    passed = _passed(t, stage, now)
    # The first interval by whose end all is done.
    low, beyond = np.int64(t.stages[stage].work), np.int64(t.stages[stage].work_end)
    high = beyond
    while low < high:
        middle = (low + high) >> 1
        if t.works[middle].done < passed + work:
            low = middle + 1
        else:
            high = middle
    if low == beyond:
        return t.end
    return t.works[low].end - (t.works[low].done - passed - work)


# ---- shifts that overlap -----------------------------------------------------------------------


@_part
def _end_shifts(t: Tables, s: Lists, shift: Any, now: int) -> Any:
    """(d) Let those leave whose shift ends and whose trucks nobody who stays can take over; the
    next end of a shift."""
    while shift < len(t.ends) and t.ends[shift].time <= now:
        server = t.ends[shift].resource
        gone = max(0, t.ends[shift].count - t.resources[server].free)
        t.resources[server].free += gone
        s.leaving[server] += gone
        _look_near(t, s, t.resources[server].near, t.resources[server].near_end)
        shift += 1
    return np.uint32(shift)


@_part
def _next_break(t: Tables, stop: Any, shift: Any) -> Any:
    """The next second in which servers break or a shift ends that overlaps."""
    breaks = t.stops[stop].time if stop < len(t.stops) else t.end
    return min(breaks, t.ends[shift].time) if shift < len(t.ends) else breaks


@_part
def _left_over(s: Lists, server: Any, count: Any) -> Any:
    """Of some servers that come back, how many are not of those who leave."""
    gone = min(count, s.leaving[server])
    s.leaving[server] -= gone
    return count - gone


# ---- works that breakdowns stop ----------------------------------------------------------------


@_part
def _break(t: Tables, s: Lists, stop: Any, now: int) -> Any:
    """(d) Servers break; the next of those that will."""
    while stop < len(t.stops) and t.stops[stop].time == now:
        _stop_works(t, s, stop, now)
        stop += 1
    return np.uint32(stop)


@_part
def _stop_works(t: Tables, s: Lists, number: int, now: int) -> None:
    """Let the works stand still whose servers have broken, those admitted last first."""
    server = t.stops[number].resource
    short = min(t.stops[number].count, -t.resources[server].free - s.idle[server])
    while short > 0:
        last, since, took = NEVER, NEVER, 0
        for truck in range(len(s.ends)):
            # Of those admitted in one second the one with the larger number.
            if s.ends[truck] != NEVER and s.admitted[t.trucks[truck].visit] >= since:
                count = _taken(t, t.trucks[truck].visit, server)
                if count > 0:
                    last, took = truck, count
                    since = s.admitted[t.trucks[truck].visit]
        if last == NEVER:
            break
        visit = t.visits[t.trucks[last].visit]
        if t.stops[number].anew:
            s.to_do[last] = _whole(t, visit, since)
        else:
            s.to_do[last] -= _worked(t, t.kinds[visit.kind].stage, s.since[last], now)
        _stand(t, s, np.uint32(last))
        _note_stop(t, s, now, last, 0)
        short -= took


@_part
def _whole(t: Tables, visit: Any, admitted: int) -> Any:
    """All the work of a visit that began at a second."""
    stage = t.kinds[visit.kind].stage
    work: Any = np.int64(visit.work)
    if t.stages[stage].paced and admitted >= t.begin:
        work = _paced(t, stage, admitted, work)
    return work


@_part
def _taken(t: Tables, at: int, server: int) -> Any:
    """Servers of a kind that a visit took."""
    kind = t.kinds[t.visits[at].kind]
    for row in range(kind.takes, kind.takes_end):
        if t.tokens[row].resource == server:
            return t.tokens[row].count
    return np.int64(0)


@_part
def _worked(t: Tables, stage: int, since: int, until: int) -> Any:
    """Work time of a stage between two seconds."""
    if t.stages[stage].pause:
        return _passed(t, stage, until) - _passed(t, stage, since)
    return np.int64(until - since)


@_part
def _stand(t: Tables, s: Lists, truck: Any) -> None:
    """Let the work of a truck stand still."""
    s.ends[truck] = NEVER
    admitted = s.admitted[t.trucks[truck].visit]
    place = s.size[_STAND]
    while place > _NO:
        other = s.stand[place - _ONE]
        before = s.admitted[t.trucks[other].visit]
        if before < admitted or (before == admitted and other < truck):
            break
        s.stand[place] = other
        place -= _ONE
    s.stand[place] = truck
    s.size[_STAND] += _ONE
    _count_idle(t, s, truck, 1)


@_part
def _count_idle(t: Tables, s: Lists, truck: Any, sign: int) -> None:
    kind = t.kinds[t.visits[t.trucks[truck].visit].kind]
    for row in range(kind.takes, kind.takes_end):
        if t.failing[t.tokens[row].resource]:
            s.idle[t.tokens[row].resource] += sign * t.tokens[row].count


@_part
def _go_on(t: Tables, s: Lists, now: int) -> None:
    """(g) Let works go on whose servers are there again, those admitted first before others."""
    left = _NO
    for place in range(s.size[_STAND]):
        truck = s.stand[place]
        kind = t.kinds[t.visits[t.trucks[truck].visit].kind]
        there = True
        for row in range(kind.takes, kind.takes_end):
            resource = t.tokens[row].resource
            if (
                t.failing[resource]
                and t.resources[resource].free + s.idle[resource] < t.tokens[row].count
            ):
                there = False
        if there:
            _count_idle(t, s, truck, -1)
            _note_stop(t, s, now, truck, 1)
            _set_to_work(t, s, truck, now)
        else:
            s.stand[left] = truck
            left += _ONE
    s.size[_STAND] = left


@_part
def _set_to_work(t: Tables, s: Lists, truck: Any, since: int) -> None:
    """Work since a second at what is to be done; what should have ended before ends at once."""
    stage = t.kinds[t.visits[t.trucks[truck].visit].kind].stage
    s.since[truck] = since
    done = since + s.to_do[truck]
    if t.stages[stage].pause:
        done = _end_of_work(t, stage, since, s.to_do[truck])
    done = max(done, t.begin)
    s.ends[truck] = done
    if done < t.end:
        event = (done << (t.truck_bits + 1)) | truck
        s.size[_EVENTS] = _push(s.events, s.size[_EVENTS], event)


@_part
def _note_stop(t: Tables, s: Lists, now: int, truck: Any, goes: int) -> None:
    row = s.size[_STOPS]
    s.stops[row, 0], s.stops[row, 1] = now, t.trucks[truck].visit
    s.stops[row, 2], s.stops[row, 3] = s.to_do[truck], goes
    s.size[_STOPS] += _ONE


# ---- what comes back, and who may go on --------------------------------------------------------


@_inlined
def _look_near(t: Tables, s: Lists, first: int, beyond: int) -> None:
    """Look at some lines in the coming dispatch, where anyone waits and the stage admits."""
    for row in range(first, beyond):
        line = t.lines[t.near[row]]
        if line.length > 0 and line.admits and not line.marked:
            line.marked = 1
            s.looked[s.size[_LOOKED]] = t.near[row]
            s.size[_LOOKED] += _ONE


@_part
def _open(t: Tables, s: Lists, number: int, admits: int) -> None:
    """Let a stage begin or cease to admit."""
    stage = t.stages[number]
    stage.admits = admits
    for row in range(stage.near, stage.near_end):
        line = t.lines[t.near[row]]
        if line.stage == number:
            line.admits = 0 if line.gathers else admits
    for row in range(len(t.convoys)):
        if t.convoys[row].stage == number:
            t.convoys[row].admits = admits
    _look_near(t, s, stage.near, stage.near_end)


@_inlined
def _give(t: Tables, s: Lists, first: int, beyond: int) -> None:
    """Put tokens back and note which lines may go on."""
    for row in range(first, beyond):
        resource = t.resources[t.tokens[row].resource]
        if len(s.leaving):
            resource.free += _left_over(s, t.tokens[row].resource, t.tokens[row].count)
        else:
            resource.free += t.tokens[row].count
        _look_near(t, s, resource.near, resource.near_end)


@_part
def _turn_out(t: Tables, s: Lists, truck: Any, outcome: int, now: int) -> None:
    """Let a truck leave from a queue, with the servers that it still holds given back."""
    _give_back(t, s, truck, outcome, now)
    if t.papered and truck < t.trucks_only:
        _withdraw(t, s, truck, now)


@_part
def _give_back(t: Tables, s: Lists, truck: Any, outcome: int, now: int) -> None:
    """Give back the servers that a truck still holds, and note how it left."""
    first = t.trucks[truck - 1].beyond if truck > 0 else 0
    for visit in range(first, t.trucks[truck].visit):
        kind = t.kinds[t.visits[visit].kind]
        _count(t, s, kind.takes, kind.takes_end, 1)
        _count(t, s, kind.give_in, kind.give_in_end, -1)
        _count(t, s, kind.give_out, kind.give_out_end, -1)
    for number in range(len(t.resources)):
        resource = t.resources[number]
        if s.held[number] != 0 and resource.servers:
            if len(s.leaving):
                resource.free += _left_over(s, number, s.held[number])
            else:
                resource.free += s.held[number]
            _look_near(t, s, resource.near, resource.near_end)
        s.held[number] = 0
    s.outcome[truck] = outcome
    s.left[truck] = now
    if t.returns and truck < t.trucks_only and t.next[truck] != NEVER:
        _let_return(t, s, t.next[truck], now + t.after[truck])


@_part
def _let_return(t: Tables, s: Lists, truck: int, second: int) -> None:
    """Let a truck come that has been here before."""
    if second < t.end:
        event = (second << (t.truck_bits + 1)) | truck
        s.size[_EVENTS] = _push(s.events, s.size[_EVENTS], event)


@_inlined
def _count(t: Tables, s: Lists, first: int, beyond: int, sign: int) -> None:
    for row in range(first, beyond):
        s.held[t.tokens[row].resource] += sign * t.tokens[row].count


# ---- papers ------------------------------------------------------------------------------------


@_part
def _hand_in(t: Tables, s: Lists, number: Any, second: int) -> None:
    """Have papers begin at some second."""
    if second < t.end:
        t.trucks[number].stands = COMING
        event = (second << (t.truck_bits + 1)) | number
        s.size[_EVENTS] = _push(s.events, s.size[_EVENTS], event)


@_part
def _see_to_papers(t: Tables, s: Lists, truck: Any, at: Any, now: int) -> bool:
    """Begin the papers that go with a visit; whether this one cannot begin at once for papers."""
    if truck >= t.trucks_only:
        owner = t.papers[truck - t.trucks_only].belongs
        if owner == _NOBODY or s.left[owner] == NEVER:
            return False
        s.queued[at] = NEVER
        _give_back(t, s, truck, GAVE_UP, now)
        return True
    for row in range(t.own[truck].first, t.own[truck].beyond):
        if t.papers[row].with_visit == at:
            _hand_in(t, s, np.uint32(t.trucks_only + row), now)
    if not _lacks_papers(t, s, truck, at):
        return False
    if _line_up(t, s, truck, at):
        line = t.lines[t.kinds[t.visits[at].kind].line]
        _look_near(t, s, line.near, line.near_end)
    return True


@_part
def _lacks_papers(t: Tables, s: Lists, truck: Any, at: Any) -> bool:
    """Whether papers are not done that a visit waits for."""
    if truck < t.trucks_only:
        for row in range(t.own[truck].first, t.own[truck].beyond):
            if t.papers[row].needed == at and s.outcome[t.trucks_only + row] != RELEASED:
                return True
    return False


@_part
def _line_up(t: Tables, s: Lists, truck: Any, at: Any) -> Any:
    """Stand in a queue since the second of joining it; whether first in a line."""
    kind = t.kinds[t.visits[at].kind]
    if t.ranked:
        t.trucks[truck].level = kind.level
    if t.papered and kind.overtaking and _lacks_papers(t, s, truck, at):
        t.trucks[truck].stands = ASIDE
        t.stages[kind.stage].aside += 1
        if t.moody:
            t.stages[kind.stage].waiting += 1
        return False
    return _put_in(t, truck, kind.line, _key(t, truck, s.queued[at]))


@_part
def _step_out(t: Tables, s: Lists, truck: Any, at: Any) -> None:
    """Leave a queue, wherever in it a truck or its papers stand."""
    kind = t.kinds[t.visits[at].kind]
    if t.trucks[truck].stands == ASIDE:
        t.trucks[truck].stands = 0
        t.stages[kind.stage].aside -= 1
        if t.moody:
            t.stages[kind.stage].waiting -= 1
        return
    _take_out(t, truck, kind.line)
    _look_near(t, s, t.lines[kind.line].near, t.lines[kind.line].near_end)


@_part
def _withdraw(t: Tables, s: Lists, truck: Any, now: int) -> None:
    """Take the papers of a truck that has left out of the queues in which they wait."""
    for row in range(t.own[truck].first, t.own[truck].beyond):
        number = np.uint32(t.trucks_only + row)
        if t.trucks[number].stands == IN_LINE:
            _step_out(t, s, number, t.trucks[number].visit)
            _give_back(t, s, number, GAVE_UP, now)


@_part
def _have_done(t: Tables, s: Lists, number: Any) -> None:
    """Papers are done with all: if their truck waits for nothing else, let it go on."""
    papers = t.papers[number - t.trucks_only]
    # Papers that a visit waits for have a truck.
    if papers.needed == _NOBODY:
        return
    truck, at = np.uint32(papers.belongs), papers.needed
    if t.trucks[truck].visit != at or not t.trucks[truck].stands or _lacks_papers(t, s, truck, at):
        return
    line = t.lines[t.kinds[t.visits[at].kind].line]
    if t.trucks[truck].stands == ASIDE:
        _step_out(t, s, truck, at)
        if not _line_up(t, s, truck, at):
            return
    _look_near(t, s, line.near, line.near_end)


# ---- ways among which trucks choose ------------------------------------------------------------


@_part
def _choose(t: Tables, s: Lists, at: Any) -> bool:
    """Choose the way of a visit as its truck joins the queue; whether that is left for later."""
    if t.choice[at] == _NOBODY:
        return False
    words = t.choices[t.choice[at]]
    if words.rule == FITTING:
        return True
    best = np.uint32(words.first)
    if words.rule == SHORTEST:
        open_, fewest = False, np.int64(0)
        for row in range(words.first, words.beyond):
            is_open, length = _is_open(t, t.ways[row].kind), _length(t, t.ways[row].kind)
            first = row == words.first
            if first or (is_open and not open_) or (is_open == open_ and length < fewest):
                best, open_, fewest = np.uint32(row), is_open, length
    elif _waiting(t, t.kinds[t.ways[best].kind].stage) >= words.rule and _is_open(
        t, t.ways[best + 1].kind
    ):
        best = np.uint32(best + 1)
    _go(t, s, at, best)
    return False


@_part
def _fit(t: Tables, s: Lists, at: Any, claims: bool) -> None:
    """Choose the first way in which a truck may be admitted, if there is one."""
    if t.choice[at] == _NOBODY:
        return
    words = t.choices[t.choice[at]]
    if words.rule != FITTING:
        return
    for row in range(words.first, words.beyond):
        kind = t.kinds[t.ways[row].kind]
        if _fits(t.resources, t.tokens, kind.need, kind.need_end) and not (
            claims and _meets_a_claim(t.resources, t.tokens, kind.need, kind.need_end)
        ):
            _go(t, s, at, row)
            return


@_part
def _go(t: Tables, s: Lists, at: Any, row: Any) -> None:
    """Make a visit in the way of a row."""
    s.ways[t.choice[at]] = np.int64(row) - np.int64(t.choices[t.choice[at]].first)
    t.visits[at].kind, t.visits[at].work = t.ways[row].kind, t.ways[row].work


@_part
def _length(t: Tables, number: Any) -> Any:
    """How many wait and are at work at the stage of a kind of visit."""
    stage = t.kinds[number].stage
    return _waiting(t, stage) + np.int64(t.stages[stage].at_work)


@_part
def _is_open(t: Tables, number: Any) -> bool:
    """Whether the stage of a kind of visit admits, and as many servers are there as it takes."""
    kind = t.kinds[number]
    if not t.stages[kind.stage].admits:
        return False
    for row in range(kind.takes, kind.takes_end):
        resource = t.tokens[row].resource
        there = t.resources[resource].capacity
        for rule in range(len(t.rules)):
            if t.rules[rule].resource == resource:
                there += t.rules[rule].extra
        if t.resources[resource].servers and there < t.tokens[row].count:
            return False
    return True


# ---- lines of waiting trucks -------------------------------------------------------------------


@_inlined
def _put_in(t: Tables, number: Any, line: int, key: int) -> bool:
    """Put a truck into its line; whether it stands first in its list there."""
    truck = t.trucks[number]
    if t.moody:
        t.stages[t.lines[line].stage].waiting += 1
    t.lines[line].length += 1
    place = t.places[np.uint64(line * t.levels + truck.level)]
    # Only trucks that joined in an earlier round of this very second can have larger keys.
    ahead, behind = place.tail, _NOBODY
    while ahead != _NOBODY and t.trucks[ahead].key > key:
        ahead, behind = t.trucks[ahead].before, ahead
    truck.stands = IN_LINE
    truck.key = key
    truck.before = ahead
    truck.after = behind
    if behind == _NOBODY:
        place.tail = number
    else:
        t.trucks[behind].before = number
    if ahead != _NOBODY:
        # Behind another it changes nothing: who stands first has been refused already.
        t.trucks[ahead].after = number
        return False
    place.head = number
    t.lines[line].lowest = min(t.lines[line].lowest, truck.level)
    return True


@_inlined
def _take_out(t: Tables, number: Any, line: int) -> None:
    """Take a truck out of its line, wherever it stands."""
    truck = t.trucks[number]
    place = t.places[np.uint64(line * t.levels + truck.level)]
    if truck.before == _NOBODY:
        place.head = truck.after
    else:
        t.trucks[truck.before].after = truck.after
    if truck.after == _NOBODY:
        place.tail = truck.before
    else:
        t.trucks[truck.after].before = truck.before
    truck.stands = 0
    t.lines[line].length -= 1
    if t.moody:
        t.stages[t.lines[line].stage].waiting -= 1


# ---- heaps of integers -------------------------------------------------------------------------
#
# Each key has four below it: half as many steps as with two, and no larger key is looked at twice.
# What lies beyond a heap's size is LAST, so that every key has four, whatever the size.


@_inlined
def _push(heap: Ints, size: Any, key: int) -> Any:
    """Put a key into a heap; its new size."""
    at = size
    while at > _NO:
        up = (at - _ONE) >> _TWO
        if heap[up] <= key:
            break
        heap[at] = heap[up]
        at = up
    heap[at] = key
    return size + _ONE


@_inlined
def _pop(heap: Ints, size: Any) -> Any:
    """Take the smallest key, which is heap[0], out of a heap; its new size."""
    size -= _ONE
    key = heap[size]
    heap[size] = LAST
    at, down = _NO, _ONE
    while down < size:
        low = down + np.uint64(heap[down + _ONE] < heap[down])
        high = down + _TWO + np.uint64(heap[down + _THREE] < heap[down + _TWO])
        least = high if heap[high] < heap[low] else low
        if heap[least] >= key:
            break
        heap[at] = heap[least]
        at, down = least, (least << _TWO) + _ONE
    if size > _NO:
        heap[at] = key
    return size
