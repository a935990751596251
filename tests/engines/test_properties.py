"""What holds for every plan, tried on random ones.

`test_parity` sees that they are no toys, and that every log is the one of the rules word by word.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.state_from_log import State, open_at, seconds_of
from plans import (
    DIVERTED,
    GAVE_UP,
    INSIDE,
    NEVER,
    RELEASED,
    SERVERS,
    STAYED_AWAY,
    Day,
    Paper,
    Visit,
    papers_of,
)
from plans_strategy import days
from portsim.engines import Log, as_it_came, comings
from portsim.engines.together import together
from portsim.engines.went import as_it_went
from portsim.plan.contract import FITTING, Plan
from portsim.plan.cut import left_by_cut
from thorough import cases

# Each engine has plans of its own; together they see twice as many.
few = settings(
    deadline=None, max_examples=cases(25, 70), suppress_health_check=[HealthCheck.too_slow]
)


# ---- what a log may say ------------------------------------------------------------------------


@given(days())
@few
def test_every_truck_is_accounted_for(run, day):
    """A truck goes from visit to visit without a gap and ends in the way its outcome says."""
    plan = day.plan()
    plan, log = as_it_came(plan, run(plan))
    for truck in range(plan.trucks):
        visits = list(range(plan.first_visit[truck], plan.first_visit[truck + 1]))
        now, outcome = plan.arrival[truck], RELEASED
        for visit in visits:
            queued, admitted, finished = (
                column[visit] for column in (log.queued, log.admitted, log.finished)
            )
            if queued == NEVER:
                outcome = DIVERTED
            elif admitted == NEVER:
                patience = plan.visit_patience[visit]
                deadline = queued + patience if patience != NEVER else plan.end
                outcome = GAVE_UP if deadline < plan.end else INSIDE
                assert queued == now
                now = deadline
            elif finished == NEVER:
                outcome = INSIDE
                assert now == queued <= admitted
            else:
                assert now == queued <= admitted <= finished
                now = finished
                continue
            rest = slice(visit + 1, visits[-1] + 1)
            assert admitted == NEVER or queued != NEVER
            assert (finished == NEVER) & np.all(log.queued[rest] == NEVER)
            assert np.all(log.admitted[rest] == NEVER) & np.all(log.finished[rest] == NEVER)
            break
        assert log.outcome[truck] == outcome
        assert log.left[truck] == (NEVER if outcome == INSIDE else now)
    for column in (log.queued, log.admitted, log.finished, log.left):
        assert np.all((column == NEVER) | ((column >= 0) & (column < plan.end)))


def lasting(plan, stage, work, second):
    """Seconds of work that begins at some second."""
    if plan.paces is None:
        return work
    by_second = dict(zip(*(column.tolist() for column in plan.paces.of(stage)), strict=True))
    last = max(since for since in by_second if since <= second)
    return int(Decimal(int(work) * by_second[last]).scaleb(-3).quantize(0, ROUND_HALF_UP))


@given(days())
@few
def test_all_papers_are_accounted_for(run, day):
    """Papers begin when they should, go from visit to visit without a gap, and stop at the first
    queue which they could not leave before their truck left; no visit begins without those it
    waits for."""
    plan = day.plan()
    log = run(plan)
    for number, visits in enumerate(papers_of(log, plan)):
        papers = plan.papers
        truck = papers.belongs[number]
        left = plan.end if truck == NEVER or log.left[truck] == NEVER else log.left[truck]
        now = papers.begins[number]
        if papers.with_visit[number] != NEVER:
            now = log.queued[papers.with_visit[number]]
        for queued, admitted, finished in visits:
            assert queued == (NEVER if now == NEVER or now > left or now >= plan.end else now) or (
                queued == NEVER and now == left  # it depends on which of the two comes first
            )
            assert admitted == NEVER or queued <= admitted <= left
            assert finished == NEVER or NEVER < admitted <= finished
            now = finished
        needed = papers.needed[number]
        if needed != NEVER and log.admitted[needed] != NEVER:
            assert now != NEVER
            assert now <= log.admitted[needed]


@given(days())
@few
def test_work_takes_its_time(run, day):
    """Work lasts as long as it must: by the clock, or by the stage's work time where it pauses;
    but for what a breakdown adds."""
    plan = day.plan()
    log = run(plan)
    plan = as_it_went(plan, log)
    stopped = set(log.stops[:, 1].tolist())
    plan, log = together(plan, log)
    for visit in np.flatnonzero(log.admitted != NEVER):
        stage = plan.visit_stage[visit]
        work = lasting(plan, stage, plan.visit_work[visit], log.admitted[visit])
        end = log.finished[visit] if log.finished[visit] != NEVER else plan.end
        seconds = [
            not plan.stage_pause[stage] or open_at(plan.works(stage), second)
            for second in range(log.admitted[visit], end)
        ]
        if visit in stopped:
            assert log.finished[visit] == NEVER or sum(seconds) >= work
        elif log.finished[visit] == NEVER:
            assert sum(seconds) <= work
        else:
            assert sum(seconds) == work
            assert work == 0 or seconds[-1]


@given(days())
@few
def test_nobody_is_admitted_while_a_stage_is_closed_or_after_losing_patience(run, day):
    plan = day.plan()
    log = run(plan)
    plan = as_it_went(plan, log)
    for visit in np.flatnonzero(log.admitted != NEVER):
        admitted = log.admitted[visit]
        assert open_at(plan.admits(plan.visit_stage[visit]), admitted)
        patience = plan.visit_patience[visit]
        assert patience == NEVER or admitted < log.queued[visit] + patience


@given(days())
@few
def test_never_more_tokens_in_use_than_the_rules_allow(run, day):
    """Whenever a token is taken, no more are in use than there are; what is in use above capacity
    was taken before the roster fell. Budgets and stores never fall below nothing."""
    plan = day.plan()
    log = run(plan)
    for second in seconds_of(plan, log):
        state = State(plan, log, second)
        for what, capacity in state.capacity.items():
            assert state.in_use[what] >= 0
            if plan.resource_kind[what] != SERVERS:
                assert capacity >= 0
            elif what in state.taken_now:
                assert state.in_use[what] <= capacity + state.closed_now[what]


@given(days())
@few
def test_nobody_waits_who_could_go(run, day):
    """When a second is settled, no candidate is admissible: no server idles beside a queue that it
    could serve, and no claim outlives its reason."""
    plan = day.plan()
    log = run(plan)
    for second in seconds_of(plan, log):
        assert State(plan, log, second).admissible() == []


@given(days())
@few
def test_first_come_first_served_within_stage_and_priority(run, day):
    """Without overtaking, nobody is admitted while a smaller key waits in the same line since an
    earlier second and goes on waiting."""
    made = day.plan()
    told = run(made)
    plan, log = together(as_it_went(made, told), told)
    for second in np.unique(log.admitted[log.admitted != NEVER]):
        state = State(made, told, int(second))
        first = {}
        for truck, visit in state.waiting:
            if log.queued[visit] < second:
                line = state.line(visit)
                first[line] = min(first.get(line, (np.inf,)), state.key(truck, visit))
        for truck in range(plan.trucks):
            for visit in range(plan.first_visit[truck], plan.first_visit[truck + 1]):
                stage = plan.visit_stage[visit]
                if log.admitted[visit] == second and not plan.stage_overtaking[stage]:
                    assert state.key(truck, visit) < first.get(state.line(visit), (np.inf,))


# ---- plans that must give the same log ---------------------------------------------------------


def before(plan: Plan, log: Log, second: int) -> Log:
    """The log as far as it was known at the beginning of a second."""

    def cut(column):
        return np.where(column < second, column, NEVER)

    return Log(
        queued=cut(log.queued),
        admitted=cut(log.admitted),
        finished=cut(log.finished),
        outcome=np.select(
            [comings(plan, log) >= second, log.left < second],
            [np.where(plan.arrival < plan.end, INSIDE, STAYED_AWAY), log.outcome],
            np.where(log.outcome == STAYED_AWAY, STAYED_AWAY, INSIDE),
        ),
        left=cut(log.left),
        openings=log.openings[log.openings[:, 0] < second],
        stops=log.stops[log.stops[:, 0] < second],
        papers=cut(log.papers),
        ways=ways_before(plan, log, second),
    )


def ways_before(plan: Plan, log: Log, second: int) -> np.ndarray:
    """What had been chosen before a second."""
    if plan.ways is None:
        return log.ways
    owner = np.searchsorted(plan.first_visit, plan.ways.visit, side="right") - 1
    joined = np.where(
        log.queued[plan.ways.visit] != NEVER, log.queued[plan.ways.visit], log.left[owner]
    )
    when = np.where(plan.ways.rule == FITTING, log.admitted[plan.ways.visit], joined)
    return np.where((when != NEVER) & (when < second), log.ways, NEVER)


def known_at(day: Day, second: int, **what) -> tuple[Day, np.ndarray]:
    """The day without the trucks that come at some second or later, but with the papers that these
    hand in before; and which visits of papers are left, of all."""
    come = [truck for truck in day.trucks if truck.arrival < second]
    handed_in = [
        replace(paper, priority=truck.priority)
        for truck in day.trucks[len(come) :]
        for paper in truck.papers
        if paper.begins is not None
    ]
    rows = [
        truck.arrival < second or paper.begins is not None
        for truck in day.trucks
        for paper in truck.papers
        for _ in paper.visits
    ]
    rows += [True for paper in day.alone for _ in paper.visits]
    known = replace(day, trucks=come, alone=[*handed_in, *day.alone], **what)
    return known, np.array(rows, dtype=bool)


def of_those_known(plan: Plan, log: Log, second: int, papers: np.ndarray) -> Log:
    """The log of the trucks that arrive before a second, of those that come in their place, and of
    some visits of papers."""
    trucks, visits = left_by_cut(plan, second)
    rows = np.arange(plan.visits)[visits]
    return Log(
        queued=log.queued[visits],
        admitted=log.admitted[visits],
        finished=log.finished[visits],
        outcome=log.outcome[trucks],
        left=log.left[trucks],
        openings=log.openings,
        stops=np.column_stack(
            [
                log.stops[:, 0],
                np.searchsorted(rows, log.stops[:, 1]),
                log.stops[:, 2:],
            ]
        ),
        papers=log.papers[papers],
        ways=log.ways[[] if plan.ways is None else np.isin(plan.ways.visit, rows)],
    )


@given(days(), st.integers(1, 80))
@few
def test_the_past_does_not_depend_on_later_arrivals(run, day, second):
    """Without the trucks that arrive at some second or later, the log up to then is the same."""
    plan = day.plan()
    known, papers = known_at(day, second)
    known = known.plan()
    past = of_those_known(plan, before(plan, run(plan), second), min(second, day.end), papers)
    assert before(known, run(known), second) == past


@given(days(), st.integers(1, 80))
@few
def test_the_past_does_not_depend_on_the_end(run, day, second):
    """A run that ends earlier, with all that its calendars held after that gone, tells the same."""
    second = min(second, day.end)
    short, papers = known_at(day, second, end=second)
    plan = day.plan()
    past = before(plan, run(plan), second)
    assert run(short.plan()) == of_those_known(plan, past, second, papers)


@given(days())
@few
def test_same_plan_same_log(run, day):
    assert run(day.plan()) == run(day.plan())


@given(days(), st.integers(2, 7))
@few
def test_all_times_of_a_plan_times_k_give_the_log_times_k(run, day, k):
    plan = day.plan()
    if plan.paces is not None:
        # Works that last for parts of a second are rounded: whole ones are not.
        whole = replace(plan.paces, milli=plan.paces.milli // 1000 * 1000 + 1000)
        plan = replace(plan, paces=whole)
    log = run(plan)

    def times_k(column):
        return np.where(column == NEVER, NEVER, column * k)

    longer = replace(
        plan,
        end=plan.end * k,
        arrival=plan.arrival * k,
        visit_work=plan.visit_work * k,
        visit_patience=np.where(plan.visit_patience == NEVER, NEVER, plan.visit_patience * k),
        change_time=plan.change_time * k,
        admit=plan.admit * k,
        work=plan.work * k,
        leaving=plan.leaving and replace(plan.leaving, time=plan.leaving.time * k),
        stops=plan.stops and replace(plan.stops, time=plan.stops.time * k),
        again=plan.again and replace(plan.again, after=plan.again.after * k),
        convoys=plan.convoys and replace(plan.convoys, after=times_k(plan.convoys.after)),
        paces=plan.paces and replace(plan.paces, since=plan.paces.since * k),
        ranks=plan.ranks and replace(plan.ranks, rises=times_k(plan.ranks.rises)),
        ways=plan.ways and replace(plan.ways, work=plan.ways.work * k),
        openings=plan.openings
        and replace(plan.openings, after=plan.openings.after * k, within=plan.openings.within * k),
        papers=plan.papers
        and replace(
            plan.papers,
            begins=np.where(plan.papers.begins == NEVER, NEVER, plan.papers.begins * k),
            visit_work=plan.papers.visit_work * k,
        ),
    )

    assert run(longer) == Log(
        queued=times_k(log.queued),
        admitted=times_k(log.admitted),
        finished=times_k(log.finished),
        outcome=log.outcome,
        left=times_k(log.left),
        openings=np.where([True, False, False, True], times_k(log.openings), log.openings),
        stops=log.stops * [k, 1, k, 1],
        papers=times_k(log.papers),
        ways=log.ways,
    )


@given(days(), st.lists(st.integers(1, 80), max_size=5, unique=True))
@few
def test_a_constant_capacity_equals_steps_that_repeat_it(run, day, seconds):
    """A roster that is written down again at some seconds is the same roster."""
    repeated = {}
    for name, resource in day.resources.items():
        changes = dict(resource.changes)
        if resource.kind == SERVERS:
            for second in set(seconds) - set(changes):
                past = [s for s in changes if s < second]
                changes[second] = changes[max(past)] if past else resource.initial
        repeated[name] = replace(resource, changes=sorted(changes.items()))
    assert run(replace(day, resources=repeated).plan()) == run(day.plan())


@given(days(), st.data())
@few
def test_hours_cut_in_two_touching_halves_equal_the_whole(run, day, data):
    plan = day.plan()

    def halved(starts, rows):
        pieces, edges = [], [0]
        for stage in range(len(starts) - 1):
            for a, b in rows[starts[stage] : starts[stage + 1]].tolist():
                middle = data.draw(st.integers(a, b))
                pieces += [row for row in ((a, middle), (middle, b)) if row[0] < row[1]]
            edges.append(len(pieces))
        return np.array(edges), np.array(pieces, dtype=np.int64).reshape(-1, 2)

    admit_start, admit = halved(plan.admit_start, plan.admit)
    work_start, work = halved(plan.work_start, plan.work)
    cut = replace(plan, admit_start=admit_start, admit=admit, work_start=work_start, work=work)
    assert run(cut) == run(plan)


def with_lanes(day: Day, capacity: int | None) -> Day:
    """The day with so many lanes all the time, or without any need of them."""
    if capacity is not None:
        lanes = replace(day.resources["lanes"], initial=capacity, changes=())
        return replace(day, resources=day.resources | {"lanes": lanes})

    def without(visit: Visit) -> Visit:
        take, give_in, give_out = (
            {what: n for what, n in tokens.items() if what != "lanes"}
            for tokens in (visit.take, visit.give_in, visit.give_out)
        )
        ways = [without(way) for way in visit.ways]
        return replace(visit, take=take, give_in=give_in, give_out=give_out, ways=ways)

    def alike(papers: Sequence[Paper]) -> list[Paper]:
        return [replace(paper, visits=[without(v) for v in paper.visits]) for paper in papers]

    trucks = [
        replace(t, visits=[without(v) for v in t.visits], papers=alike(t.papers))
        for t in day.trucks
    ]
    return replace(day, trucks=trucks, alone=alike(day.alone))


@given(days())
@few
def test_unlimited_capacity_equals_a_large_one(run, day):
    """More lanes than there are trucks for are as good as lanes that nobody needs. (Not so with
    claims: whoever waits for an officer claims the lanes as well, however many there are.)"""
    stages = {name: replace(stage, claims=False) for name, stage in day.stages.items()}
    day = replace(day, stages=stages)
    enough = 3 * together(made := day.plan(), run(made))[0].visits
    log = run(with_lanes(day, None).plan())
    assert run(with_lanes(day, enough).plan()) == run(with_lanes(day, 10**12).plan()) == log


@given(days())
@few
def test_no_convoy_waits_that_could_go(run, day):
    """When a second is settled, fewer wait than make a convoy, and none of them for too long; who
    leaves in one second leaves in the order of the keys."""
    plan = day.plan()
    log, rules = run(plan), plan.convoys
    for row in range(0 if rules is None else len(rules.stage)):
        visits = np.flatnonzero((plan.visit_stage == rules.stage[row]) & (log.queued != NEVER))
        truck = np.searchsorted(plan.first_visit, visits, side="right") - 1
        queued, admitted = log.queued[visits], log.admitted[visits]
        until = np.where(admitted != NEVER, admitted, plan.end)
        until = np.where((admitted == NEVER) & (log.left[truck] != NEVER), log.left[truck], until)
        for second in seconds_of(plan, log):
            waits = (queued <= second) & (until > second)
            if open_at(plan.admits(int(rules.stage[row])), second) and waits.any():
                assert waits.sum() < rules.count[row]
                after = rules.after[row]
                assert after == NEVER or second - queued[waits].min() < after
            goes, waited = admitted == second, waits & (queued < second)
            state = State(plan, log, second)
            keys = [state.key(*pair) for pair in zip(truck.tolist(), visits.tolist(), strict=True)]
            if goes.any() and waited.any():
                last = max(keys[row] for row in np.flatnonzero(goes))
                assert last < min(keys[row] for row in np.flatnonzero(waited))


@given(days())
@few
def test_the_order_in_which_stages_and_resources_are_numbered_does_not_matter(run, day):
    backwards = replace(
        day,
        resources=dict(reversed(day.resources.items())),
        stages=dict(reversed(day.stages.items())),
    )
    log, other = run(day.plan()), run(backwards.plan())
    names = list(day.resources)
    for name in names:
        here, there = names.index(name), list(backwards.resources).index(name)
        assert np.array_equal(
            np.delete(log.openings[log.openings[:, 1] == here], 1, axis=1),
            np.delete(other.openings[other.openings[:, 1] == there], 1, axis=1),
        )
    if sum(bool(resource.breaks) for resource in day.resources.values()) > 1:
        # Of servers of two kinds that break in one second the first of them stops works first.
        return
    assert replace(other, openings=log.openings) == log


@given(days())
@few
def test_stages_that_nobody_visits_change_nothing(run, day):
    """An idle stage, and an idle crew with a roster of its own, leave the log as it is."""
    idle = replace(next(iter(day.stages.values())), claims=True)
    crew = replace(day.resources["lanes"], changes=[(s, 1) for s in range(1, day.end, 3)])
    crew.opens = None
    more = replace(
        day, stages={"idle": idle} | day.stages, resources={"crew": crew} | day.resources
    )
    log = run(day.plan())
    # Its resources are numbered from 1 on there.
    assert run(more.plan()) == replace(log, openings=log.openings + np.array([0, 1, 0, 0]))
