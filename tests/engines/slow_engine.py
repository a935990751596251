"""The rules of an engine once more, written down as slowly and plainly as they are spoken.

Every second of the run is walked through, whether anything happens in it or not; everything is
looked at again each time; nothing is remembered that can be found by looking. It exists only to
be compared with, so that a mistake in an engine has to be made twice, in two ways, to pass.
"""

from collections import Counter

import numpy as np

from portsim.engines.log import DIVERTED, GAVE_UP, INSIDE, RELEASED, STAYED_AWAY, Log
from portsim.plan.contract import BUDGET, FITTING, NEVER, SERVERS, SHORTEST, Beginning, Plan

Tokens = tuple[tuple[int, int], ...]
Key = tuple[int, int, int]

RULES = {
    "joint needs": ("joint need met", "refused for a part of a joint need"),
    "ways": (
        "chose the shortest",
        "of equal ones the first",
        "passed a shut one by",
        "all were shut",
        "overflowed",
        "the other was shut",
        "took the other server",
        "took the first server",
        "waited for any of them",
    ),
    "budgets": ("budget spent", "budget awaited", "leftovers lapse"),
    "stores": ("store offered", "store awaited"),
    "rosters": ("capacity rises", "capacity below use"),
    "holds": ("kept past a visit's end", "refused for kept servers"),
    "blocking chains": ("gave at the admission", "let another follow at once"),
    "pause": ("paused", "ended exactly at closing"),
    "finish": ("finished after closing",),
    "last entry": ("kept out by the last entry",),
    "claims": (
        "refused by a claim",
        "passed a claim",
        "claims nothing for want of a budget",
    ),
    "priorities": ("priority went first",),
    "ranks by kind": (
        "another priority here",
        "claimed as its kind does",
        "let others claim",
        "rose past another",
        "rose beside one that lacks something",
        "rose and did not pass",
    ),
    "overtaking": ("overtook",),
    "opened by the queue": (
        "decided",
        "came as decided",
        "came at once",
        "another followed",
        "as many as there may be",
        "kept out of its hours",
        "closed by the queue",
        "closed at the end of its hours",
        "called off",
        "finished what it held",
        "one of several stages",
    ),
    "papers": (
        "handed in before the truck came",
        "begun with a visit",
        "done before they were needed",
        "stood aside for papers",
        "held up others for papers",
        "waited for a second paper",
        "let go by its papers",
        "passed one who stood aside",
        "gave up without papers",
        "withdrawn from a queue",
        "worked on for nobody",
        "nothing followed",
        "never begun",
        "of a truck that comes later",
    ),
    "convoys": (
        "convoy of so many",
        "convoy after so long",
        "convoy waits for the door",
        "two convoys at once",
        "left behind by a convoy",
        "convoy gives what it kept",
    ),
    "work by the hour": ("longer by the hour", "shorter by the hour", "half a second"),
    "turning away": ("turned away", "turned away, giving back"),
    "giving up": ("gave up", "gave up, giving back", "gave up while closed"),
    "coming again": ("came again", "came again a second time", "came beside a mover"),
    "breakdowns amid work": (
        "stopped",
        "stopped the one admitted last",
        "an idle one broke",
        "stood still",
        "went on",
        "went on with the server of another",
        "began anew",
        "stopped a second time",
        "stopped while its stage was shut",
    ),
    "shifts that overlap": (
        "left with a truck in hand",
        "left idle",
        "began beside those who left",
        "came back to those who left",
    ),
    "ties": ("tie in one queue", "work of 0 s", "four rounds in a second"),
    "the end": ("waiting at the end", "working at the end", "no visits"),
}
"""What `run` counts where it came to matter, by rule."""


def run(plan: Plan, seen: Counter[str] | None = None) -> Log:
    """Run a plan; `seen` counts which rules came to matter."""
    port = _Port(plan, Counter() if seen is None else seen)
    begin = 0
    if plan.beginning is not None:
        begin = plan.beginning.second
        port.remember(plan.beginning)
    for now in range(begin, plan.end):
        port.one_second(now)
    return port.log()


class _Port:
    def __init__(self, plan: Plan, seen: Counter[str]) -> None:
        self.plan = plan
        self.seen = seen
        # Papers count on from the trucks, and their visits from the visits of these.
        kind_of = plan.visit_kind.tolist()
        self.last = dict(enumerate(plan.first_visit[1:].tolist()))
        self.first = dict(enumerate(plan.first_visit[:-1].tolist()))
        self.work_of = dict(enumerate(plan.visit_work.tolist()))
        self.patience = dict(enumerate(plan.visit_patience.tolist()))
        self.tolerance = dict(enumerate(plan.visit_tolerance.tolist()))
        self.papers = range(0)
        if plan.papers is not None:
            for row in range(len(plan.papers)):
                number = plan.trucks + row
                self.first[number] = plan.visits + int(plan.papers.first_visit[row])
                self.last[number] = plan.visits + int(plan.papers.first_visit[row + 1])
            for visit, work in enumerate(plan.papers.visit_work.tolist(), plan.visits):
                self.work_of[visit] = work
            kind_of += plan.papers.visit_kind.tolist()
            self.papers = range(plan.trucks, plan.trucks + len(plan.papers))
        visits = range(len(kind_of))
        self.kind_of = dict(enumerate(kind_of))
        self.take = {v: plan.tokens(plan.kind_take[kind_of[v]]) for v in visits}
        self.give_in = {v: plan.tokens(plan.kind_give_in[kind_of[v]]) for v in visits}
        self.give_out = {v: plan.tokens(plan.kind_give_out[kind_of[v]]) for v in visits}
        self.stage_of = {v: int(plan.kind_stage[kind_of[v]]) for v in visits}
        kinds = dict(enumerate(plan.resource_kind.tolist()))
        self.servers = {what for what, kind in kinds.items() if kind == SERVERS}
        self.budgets = {what for what, kind in kinds.items() if kind == BUDGET}
        # What is in use, of servers; what is left, of budgets and stores.
        self.capacity = dict(enumerate(plan.resource_initial.tolist()))
        self.in_use = dict.fromkeys(self.servers, 0)

        self.priority = dict(enumerate(plan.priority.tolist()))
        for number in self.papers:
            self.priority[number] = int(plan.papers.priority[number - plan.trucks])
        self.queued: dict[int, int] = {}
        self.admitted: dict[int, int] = {}
        self.finished: dict[int, int] = {}
        # Those that come by themselves come within the run; of others nobody knows.
        self.outcome = {
            truck: INSIDE if plan.arrival[truck] < plan.end else STAYED_AWAY
            for truck in range(plan.trucks)
        }
        self.outcome |= dict.fromkeys(self.papers, INSIDE)
        self.returns: dict[int, int] = {}  # the second at which each truck comes again
        self.left: dict[int, int] = {}
        self.waiting: dict[int, int] = {}  # the visit for which each waiting truck waits
        self.working: dict[int, int] = {}  # the visit at which each working truck works
        self.work_ends: dict[int, int] = {}  # and the second at which it will be done
        self.holds: dict[int, Counter[int]] = {t: Counter() for t in self.outcome}
        self.begun: set[int] = set()  # papers
        rules = self.plan.openings
        self.rules = {} if rules is None else dict(enumerate(rules.resource.tolist()))
        self.extra = dict.fromkeys(self.rules, 0)
        self.due = dict.fromkeys(self.rules, NEVER)
        self.leavers: Counter[int] = Counter()  # whose shift has ended, with a truck in hand
        self.stands: set[int] = set()  # working trucks whose work stands still
        self.since: dict[int, int] = {}  # the second since which the work of a truck has gone on
        self.left_to_do: dict[int, int] = {}  # what was to be done then, of works stopped before
        self.stopped: list[tuple[int, int, int, int]] = []
        self.there_before: dict[int, int] = {}
        self.told: list[tuple[int, int, int, int]] = []
        self.chosen: dict[int, int] = {}  # rows of the ways, and which was chosen
        # Only to count what came to matter.
        self.refused_for_papers: set[int] = set()
        self.lacked: set[tuple[int, int]] = set()  # visits refused for want of a resource
        self.with_truck: set[int] = set()  # papers that begin in the next round
        self.let_go: set[int] = set()  # trucks that fit since another gave at its admission

    def remember(self, beginning: Beginning) -> None:
        """Tell the port what has happened before, truck by truck and step by step."""
        self.remember_levels(beginning)
        self.remember_rules(beginning)
        if beginning.leaving is not None:
            self.leavers.update(dict(enumerate(beginning.leaving.tolist())))
            self.seen["left before the beginning"] += bool(+self.leavers)
        for truck, second in [] if beginning.coming is None else beginning.coming.tolist():
            self.returns[truck] = second
            self.seen["about to come again at the beginning"] += 1
        again = [] if beginning.again is None else beginning.again.tolist()
        row = 0
        for truck in range(self.plan.trucks):
            if self.plan.arrival[truck] < beginning.second or truck in again:
                self.seen["came again before the beginning"] += truck in again
                self.outcome[truck] = INSIDE
                row = self.remember_truck(beginning, truck, row)
        self.remember_papers(beginning)
        for what, count in self.leavers.items():
            if what in self.servers:
                self.in_use[what] -= count

    def remember_levels(self, beginning: Beginning) -> None:
        for what in self.capacity:
            if what in self.servers:
                for second, other, value in zip(
                    self.plan.change_time,
                    self.plan.change_resource,
                    self.plan.change_value,
                    strict=True,
                ):
                    if int(other) == what and second < beginning.second:
                        self.capacity[what] = int(value)
            else:
                self.capacity[what] = int(beginning.level[what])

    def remember_truck(self, beginning: Beginning, truck: int, row: int) -> int:
        """Tell of a truck inside, whose visits stand in the beginning from a row on; the next."""
        columns = (beginning.queued, beginning.admitted, beginning.finished)
        seconds = {
            visit: tuple(int(column[at]) for column in columns)
            for at, visit in enumerate(range(self.first[truck], self.last[truck]), row)
        }
        self.remember_visits(beginning, truck, seconds)
        return row + len(seconds)

    def remember_papers(self, beginning: Beginning) -> None:
        for paper in self.papers:
            rows = {} if beginning.papers is None else beginning.papers
            seconds = {
                visit: tuple(int(second) for second in rows[visit - self.plan.visits])
                for visit in range(self.first[paper], self.last[paper])
                if beginning.papers is not None
            }
            if seconds and seconds[self.first[paper]][0] != NEVER:
                self.begun.add(paper)
                self.seen["papers under way at the beginning"] += 1
                self.remember_visits(beginning, paper, seconds)

    def remember_visits(
        self, beginning: Beginning, truck: int, seconds: dict[int, tuple[int, ...]]
    ) -> None:
        for visit, (queued, admitted, finished) in seconds.items():
            self.queued[visit] = queued
            if admitted == NEVER:
                self.waiting[truck] = visit
                self.seen["waiting at the beginning"] += 1
                break
            self.admitted[visit] = admitted
            self.hold(truck, self.take[visit], 1)
            self.hold(truck, self.give_in[visit], -1)
            if finished == NEVER:
                self.working[truck] = visit
                self.remember_work(beginning, truck, visit)
                self.seen["working at the beginning"] += 1
                break
            self.finished[visit] = finished
            self.hold(truck, self.give_out[visit], -1)
        else:
            self.outcome[truck] = RELEASED  # papers that are done
        self.seen["holding at the beginning"] += +self.holds[truck] != Counter()

    def remember_work(self, beginning: Beginning, truck: int, visit: int) -> None:
        rows = [] if beginning.interrupted is None else beginning.interrupted.tolist()
        self.since[truck] = self.admitted[visit]
        work = self.work_of[visit]
        for _, since, work_left in [row for row in rows if row[0] == visit]:
            self.since[truck], self.left_to_do[truck] = since, work_left
            work = work_left
        if self.since[truck] == NEVER:
            self.seen["standing still at the beginning"] += 1
            self.stands.add(truck)
            self.work_ends[truck] = NEVER
            return
        ends = self.end_of_work(visit, self.since[truck], work)
        self.work_ends[truck] = max(ends, beginning.second)

    def remember_rules(self, beginning: Beginning) -> None:
        for rule, what in self.rules.items():
            if beginning.extra is not None:
                self.extra[rule] = int(beginning.extra[what])
                self.seen["opened at the beginning"] += self.extra[rule] > 0
            if beginning.due is not None:
                self.due[rule] = int(beginning.due[what])
                self.seen["due at the beginning"] += self.due[rule] != NEVER

    def hold(self, truck: int, tokens: Tokens, sign: int) -> None:
        for what, n in tokens:
            if what in self.servers:
                self.in_use[what] += sign * n
                self.holds[truck][what] += sign * n

    # ---- one second ----------------------------------------------------------------------------

    def one_second(self, now: int) -> None:
        self.let_go.clear()
        round_ = 0
        while self.one_round(now, round_):
            round_ += 1
        if round_ >= 4:
            self.seen["four rounds in a second"] += 1
        self.seen["kept out by the last entry"] += any(
            self.works(self.stage_of[visit], now)
            and not self.admits(self.stage_of[visit], now)
            and not self.lacks(visit, self.there())
            for visit in self.waiting.values()
        )

    def one_round(self, now: int, round_: int) -> bool:
        # (a) works that end
        ended = sorted(t for t in self.working if self.work_ends[t] == now)
        movers = []
        for truck in ended:
            visit = self.working.pop(truck)
            self.left_to_do.pop(truck, None)
            self.finished[visit] = now
            self.give(truck, self.give_out[visit])
            if visit + 1 < self.last[truck]:
                self.seen["kept past a visit's end"] += +self.holds[truck] != Counter()
                movers.append((truck, visit + 1))
            else:
                self.leave(truck, RELEASED, now)
        # (b) trucks whose patience ends leave
        impatient = sorted(
            truck
            for truck, visit in self.waiting.items()
            if self.patience.get(visit, NEVER) != NEVER
            and now - self.queued[visit] == self.patience[visit]
        )
        for truck in impatient:
            visit = self.waiting.pop(truck)
            self.seen["gave up"] += 1
            self.seen["gave up without papers"] += bool(self.lacking(truck, visit))
            self.seen["gave up while closed"] += not self.admits(self.stage_of[visit], now)
            self.seen["gave up, giving back"] += +self.holds[truck] != Counter()
            self.leave(truck, GAVE_UP, now)
        # (c) trucks join queues
        joining = list(movers)
        if round_ == 0:
            joining += self.those_who_come(now)
            self.seen["came beside a mover"] += bool(movers) and now in self.returns.values()
        joining += self.papers_that_begin(now, round_)
        for truck, visit in sorted(joining):
            self.join(truck, visit, now)
        # (d) in the first round, capacity steps, then refills
        if round_ == 0:
            self.end_shifts(now)
            self.changes(now)
            self.hours_of_rules(now)
            self.those_due(now)
            self.break_servers(now)
        # convoys, and (e) admissions
        admissions = self.convoys(now)
        admissions += self.admit_all(now)
        # (f) servers opened and closed by those who could not go
        while self.look_at_queues(now):
            admissions += self.admit_all(now)
        # (g) works that stand still go on
        self.let_go_on(now)
        return bool(ended or impatient or joining or admissions or self.with_truck)

    def those_who_come(self, now: int) -> list[tuple[int, int]]:
        """Trucks that arrive, for the first time or again, each with its first visit."""
        coming = []
        for truck in range(self.plan.trucks):
            again = self.returns.get(truck) == now
            if self.plan.arrival[truck] == now or again:
                self.seen["came again"] += again
                self.outcome[truck] = INSIDE
                first = int(self.plan.first_visit[truck])
                if first < self.plan.first_visit[truck + 1]:
                    coming.append((truck, first))
                else:
                    self.seen["no visits"] += 1
                    self.leave(truck, RELEASED, now)
        return coming

    def join(self, truck: int, visit: int, now: int) -> None:
        self.choose(visit, now)
        stage, tolerance = self.stage_of[visit], self.tolerance.get(visit, NEVER)
        owner = self.owner(truck)
        if owner != NEVER and owner in self.left:
            self.seen["nothing followed"] += 1
            self.leave(truck, GAVE_UP, now)
            return
        ahead = sum(1 for other in self.waiting.values() if self.stage_of[other] == stage)
        if tolerance != NEVER and ahead >= tolerance:
            self.seen["turned away"] += 1
            self.seen["turned away, giving back"] += +self.holds[truck] != Counter()
            self.leave(truck, DIVERTED, now)
            return
        self.seen["tie in one queue"] += any(
            self.stage_of[v] == stage and self.queued[v] == now for v in self.waiting.values()
        )
        self.waiting[truck] = visit
        self.queued[visit] = now
        if truck in self.papers:
            self.seen["handed in before the truck came"] += (
                owner != NEVER and self.plan.arrival[owner] > now
            )
            self.seen["of a truck that comes later"] += owner == NEVER
        else:
            mine = self.papers_of(truck)
            self.with_truck |= {
                p for p in mine if self.plan.papers.with_visit[p - self.plan.trucks] == visit
            }
            needed = [p for p in mine if self.plan.papers.needed[p - self.plan.trucks] == visit]
            lacking = self.lacking(truck, visit)
            self.seen["done before they were needed"] += bool(needed) and not lacking
            aside = self.plan.stage_overtaking[stage]
            self.seen["stood aside for papers"] += bool(lacking) and bool(aside)
            self.seen["waited for a second paper"] += len(lacking) > 1

    # ---- ways ----------------------------------------------------------------------------------

    def ways_of(self, visit: int, rule: int | None = None) -> list[tuple[int, int]]:
        """The ways of a visit of which none has been chosen, by a rule or whichever."""
        ways = self.plan.ways
        rows = [] if ways is None else np.flatnonzero(ways.visit == visit).tolist()
        rows = [row for row in rows if row not in self.chosen]
        return [way for row in rows if rule in (None, ways.rule[row]) for way in ways.of(row)]

    def go(self, visit: int, number: int) -> None:
        """Make a visit in one of its ways."""
        (row,) = np.flatnonzero(self.plan.ways.visit == visit).tolist()
        kind, self.work_of[visit] = self.plan.ways.of(row)[number]
        self.chosen[row] = number
        self.tell_kind(visit, kind)

    def tell_kind(self, visit: int, kind: int) -> None:
        plan = self.plan
        self.kind_of[visit] = kind
        self.take[visit] = plan.tokens(plan.kind_take[kind])
        self.give_in[visit] = plan.tokens(plan.kind_give_in[kind])
        self.give_out[visit] = plan.tokens(plan.kind_give_out[kind])
        self.stage_of[visit] = int(plan.kind_stage[kind])

    def is_open(self, kind: int, now: int) -> bool:
        there = self.there()
        return self.admits(int(self.plan.kind_stage[kind]), now) and all(
            there[what] >= n
            for what, n in self.plan.tokens(self.plan.kind_take[kind])
            if what in self.servers
        )

    def choose(self, visit: int, now: int) -> None:
        """What a truck chooses that joins a queue."""
        ways = self.ways_of(visit)
        if not ways or self.ways_of(visit, FITTING):
            return
        stages = [int(self.plan.kind_stage[kind]) for kind, _ in ways]
        open_ = [self.is_open(kind, now) for kind, _ in ways]
        waiting = Counter(self.stage_of[v] for v in self.waiting.values())
        if self.ways_of(visit, SHORTEST):
            there = waiting + Counter(self.stage_of[v] for v in self.working.values())
            allowed = [n for n in range(len(ways)) if open_[n] or not any(open_)]
            lengths = [there[stages[n]] for n in allowed]
            number = allowed[lengths.index(min(lengths))]
            self.seen["chose the shortest"] += len(set(lengths)) > 1
            self.seen["of equal ones the first"] += lengths.count(min(lengths)) > 1
            self.seen["all were shut"] += not any(open_)
            self.seen["passed a shut one by"] += any(
                there[stages[n]] < min(lengths) for n in range(len(ways)) if n not in allowed
            )
        else:
            (row,) = np.flatnonzero(self.plan.ways.visit == visit).tolist()
            many = waiting[stages[0]] >= self.plan.ways.rule[row]
            number = int(many and open_[1])
            self.seen["overflowed"] += number
            self.seen["the other was shut"] += many and not open_[1]
        self.go(visit, number)

    def fit(self, visit: int, claimed: set[int]) -> None:
        """Let a truck have the first of its servers that is free, if one is."""
        ways = self.ways_of(visit, FITTING)
        before = self.kind_of[visit]
        for number, (kind, _) in enumerate(ways):
            self.tell_kind(visit, kind)
            servers = {what for what, _ in self.take[visit] if what in self.servers}
            if not self.lacks(visit, self.there()) and not servers & claimed:
                self.seen["took the other server"] += number > 0
                self.seen["took the first server"] += number == 0
                self.go(visit, number)
                return
        self.seen["waited for any of them"] += bool(ways)
        self.tell_kind(visit, before)

    # ---- papers --------------------------------------------------------------------------------

    def owner(self, number: int) -> int:
        """The truck of some papers, if it is in the plan."""
        if number not in self.papers:
            return NEVER
        return int(self.plan.papers.belongs[number - self.plan.trucks])

    def papers_of(self, truck: int) -> list[int]:
        return [paper for paper in self.papers if self.owner(paper) == truck]

    def lacking(self, truck: int, visit: int) -> list[int]:
        """Papers of a truck that this visit waits for and that are not done."""
        return [
            paper
            for paper in self.papers_of(truck)
            if self.plan.papers.needed[paper - self.plan.trucks] == visit
            and self.outcome[paper] != RELEASED
        ]

    def papers_that_begin(self, now: int, round_: int) -> list[tuple[int, int]]:
        """Those whose second has come, in its first round, and those of the round before."""
        found = set(self.with_truck)
        self.seen["begun with a visit"] += len(found)
        self.with_truck = set()
        for paper in self.papers if round_ == 0 else ():
            row = paper - self.plan.trucks
            second = int(self.plan.papers.begins[row])
            known = self.plan.papers.with_visit[row] == NEVER and paper not in self.begun
            if known and max(second, self.plan.begin) == now:
                found.add(paper)
        self.begun |= found
        return [(paper, self.first[paper]) for paper in found]

    def end_shifts(self, now: int) -> None:
        """Of those whose shift ends as many leave with a truck in hand as nobody can take over."""
        leaving = self.plan.leaving
        for row in [] if leaving is None else range(len(leaving.time)):
            if leaving.time[row] == now:
                what, count = int(leaving.resource[row]), int(leaving.count[row])
                staying = self.capacity[what] - count
                gone = max(0, self.in_use[what] - staying)
                self.seen["left with a truck in hand"] += gone > 0
                self.seen["left idle"] += gone < count
                self.leavers[what] += gone
                self.in_use[what] -= gone

    def changes(self, now: int) -> None:
        for kinds in (self.servers, self.budgets):
            for second, what, value in zip(
                self.plan.change_time,
                self.plan.change_resource,
                self.plan.change_value,
                strict=True,
            ):
                if second == now and int(what) in kinds:
                    before = self.capacity[int(what)]
                    self.capacity[int(what)] = int(value)
                    if int(what) in self.servers:
                        self.seen["capacity rises"] += value > before
                        self.seen["capacity below use"] += value < self.in_use[int(what)]
                    else:
                        self.seen["leftovers lapse"] += before > 0

    # ---- servers that break amid work ----------------------------------------------------------

    def break_servers(self, now: int) -> None:
        stops = self.plan.stops
        for row in [] if stops is None else range(len(stops.time)):
            if stops.time[row] == now:
                self.break_some(
                    int(stops.resource[row]), int(stops.count[row]), stops.anew[row], now
                )

    def break_some(self, what: int, count: int, anew: bool, now: int) -> None:
        """Stop one work after the other until as many servers stand as have broken, but for those
        that were idle."""
        missing = self.in_use[what] - self.there()[what] - self.idle(what)
        self.seen["an idle one broke"] += missing < count
        missing = min(missing, count)
        while missing > 0:
            going = [t for t in self.working if t not in self.stands and self.took(t, what)]
            if not going:
                return
            last = max(going, key=lambda truck: (self.admitted[self.working[truck]], truck))
            visit = self.working[last]
            self.seen["stopped"] += 1
            self.seen["stopped the one admitted last"] += len(going) > 1
            self.seen["stopped a second time"] += last in self.left_to_do
            stage, since = self.stage_of[visit], self.since[last]
            shut = self.plan.stage_pause[stage] and not self.works(stage, now)
            self.seen["stopped while its stage was shut"] += bool(shut)
            whole = self.seconds_of_work(visit, self.admitted[visit])
            left = self.left_to_do.get(last, whole)
            if self.plan.stage_pause[stage]:
                left -= sum(self.works(stage, second) for second in range(since, now))
            else:
                left -= now - since
            if anew:
                self.seen["began anew"] += 1
                left = whole
            self.left_to_do[last] = left
            self.stands.add(last)
            self.work_ends[last] = NEVER
            self.stopped.append((now, visit, left, 0))
            missing -= self.took(last, what)

    def took(self, truck: int, what: int) -> int:
        """How many servers of a kind the work of a truck took."""
        return dict(self.take[self.working[truck]]).get(what, 0)

    def idle(self, what: int) -> int:
        """Servers of a kind in the hands of works that stand still."""
        return sum(self.took(truck, what) for truck in self.stands)

    def let_go_on(self, now: int) -> None:
        stops = self.plan.stops
        failing = set() if stops is None else set(np.flatnonzero(stops.fails).tolist())
        for truck in sorted(self.stands, key=lambda t: (self.admitted[self.working[t]], t)):
            visit, there = self.working[truck], self.there()
            needs = {what: n for what, n in self.take[visit] if what in failing}
            if all(there[w] - self.in_use[w] + self.idle(w) >= n for w, n in needs.items()):
                self.seen["went on"] += 1
                rises = any(there[what] > self.there_before.get(what, -1) for what in needs)
                self.seen["went on with the server of another"] += not rises
                self.stands.remove(truck)
                self.since[truck] = now
                self.work_ends[truck] = self.end_of_work(visit, now, self.left_to_do[truck])
                self.stopped.append((now, visit, self.left_to_do[truck], 1))
        self.seen["stood still"] += bool(self.stands)
        self.there_before = self.there()

    # ---- servers opened by the queue -----------------------------------------------------------

    def hours_of_rules(self, now: int) -> None:
        """Where the hours of a rule have ended, all of its extra servers close."""
        for rule in self.rules:
            if any(int(end) == now for _, end in self.plan.openings.hours(rule)):
                self.seen["closed at the end of its hours"] += self.extra[rule] > 0
                self.close(rule, now)

    def those_due(self, now: int) -> None:
        for rule in self.rules:
            if self.due[rule] == now:
                self.seen["came as decided"] += 1
                self.seen["another followed"] += self.extra[rule] > 0
                self.tell(rule, self.extra[rule] + 1, NEVER, now)

    def look_at_queues(self, now: int) -> bool:
        """Open and close servers; whether one is there at once, so that somebody may go."""
        rules, at_once = self.plan.openings, False
        lengths = Counter(self.stage_of[visit] for visit in self.waiting.values())
        for rule in self.rules:
            watched = rules.watches(rule)
            if max(lengths[stage] for stage, _ in watched) <= rules.until[rule]:
                self.seen["closed by the queue"] += self.extra[rule] > 0
                self.close(rule, now)
                continue
            asking = [stage for stage, count in watched if lengths[stage] >= count]
            if not asking or self.due[rule] != NEVER:
                continue
            if not any(start <= now < end for start, end in rules.hours(rule)):
                self.seen["kept out of its hours"] += 1
                continue
            if self.extra[rule] >= rules.most[rule]:
                self.seen["as many as there may be"] += 1
                continue
            self.seen["one of several stages"] += len(asking) < len(watched)
            if rules.after[rule] > 0:
                self.seen["decided"] += 1
                self.tell(rule, self.extra[rule], now + int(rules.after[rule]), now)
            else:
                self.seen["came at once"] += 1
                self.tell(rule, self.extra[rule] + 1, NEVER, now)
                at_once = True
        return at_once

    def close(self, rule: int, now: int) -> None:
        what = self.rules[rule]
        if self.extra[rule] > 0 or self.due[rule] != NEVER:
            self.seen["called off"] += self.due[rule] != NEVER
            held_by_extra = self.extra[rule] > 0 and self.in_use[what] > self.capacity[what]
            self.seen["finished what it held"] += held_by_extra
            self.tell(rule, 0, NEVER, now)

    def tell(self, rule: int, extra: int, due: int, now: int) -> None:
        what = self.rules[rule]
        self.extra[rule], self.due[rule] = extra, due
        self.told.append((now, what, extra, due))

    def there(self) -> dict[int, int]:
        """What there is of each resource, extra servers among them."""
        there = dict(self.capacity)
        for rule, what in self.rules.items():
            there[what] += self.extra[rule]
        return there

    # ---- convoys -------------------------------------------------------------------------------

    def convoys(self, now: int) -> int:
        """Let convoys go from the stages that have them; how many trucks went."""
        gone, rules = 0, self.plan.convoys
        for row in range(0 if rules is None else len(rules.stage)):
            stage, count, after = (
                int(column[row]) for column in (rules.stage, rules.count, rules.after)
            )
            while True:
                here = {t: v for t, v in self.waiting.items() if self.stage_of[v] == stage}
                enough = len(here) >= count
                late = after != NEVER and any(now - self.queued[v] >= after for v in here.values())
                if not here or not (enough or late):
                    break
                if not self.admits(stage, now):
                    self.seen["convoy waits for the door"] += 1
                    break
                self.seen["convoy of so many"] += enough
                self.seen["convoy after so long"] += not enough
                self.seen["two convoys at once"] += len(here) > count
                first = sorted(here, key=lambda truck: self.key(truck, here[truck], now))[:count]
                self.seen["left behind by a convoy"] += len(first) < len(here) < 2 * count
                self.seen["convoy gives what it kept"] += any(
                    self.give_in[here[truck]] for truck in first
                )
                for truck in first:
                    self.admit(truck, here[truck], now)
                gone += len(first)
        return gone

    def gathers(self, stage: int) -> bool:
        return self.plan.convoys is not None and stage in self.plan.convoys.stage

    # ---- admission -----------------------------------------------------------------------------

    def admit_all(self, now: int) -> int:
        admissions = 0
        while self.admit_one(now):
            admissions += 1
        return admissions

    def admit_one(self, now: int) -> bool:
        """Admit the smallest admissible candidate, if there is one."""
        claimed: set[int] = set()
        passed_over: list[int] = []
        for key, truck in sorted(self.candidates(now)):
            visit = self.waiting[truck]
            if self.lacking(truck, visit):
                self.seen["held up others for papers"] += any(
                    self.stage_of[v] == self.stage_of[visit] and not self.lacks(v, self.there())
                    for t, v in self.waiting.items()
                    if t != truck
                )
                self.refused_for_papers.add(visit)
                continue
            self.fit(visit, claimed)
            servers = {what for what, _ in self.take[visit] if what in self.servers}
            lacks = self.lacks(visit, self.there())
            fits = not lacks
            if fits and not servers & claimed:
                self.seen["overtook"] += any(
                    self.stage_of[v] == self.stage_of[visit] and self.key(t, v, now) < key
                    for t, v in self.waiting.items()
                )
                self.seen["priority went first"] += any(
                    self.stage_of[v] == self.stage_of[visit]
                    and self.queued[v] < self.queued[visit]
                    and self.priority[t] > self.priority[truck]
                    for t, v in self.waiting.items()
                )
                if self.plan.ranks is not None:
                    self.count_ranks(truck, visit, now)
                self.seen["passed one who stood aside"] += any(
                    self.stage_of[v] == self.stage_of[visit]
                    and self.lacking(t, v)
                    and self.key(t, v, now) < key
                    for t, v in self.waiting.items()
                )
                self.seen["let go by its papers"] += visit in self.refused_for_papers
                self.seen["passed a claim"] += bool(claimed)
                self.seen["let another follow at once"] += truck in self.let_go
                self.admit(truck, visit, now)
                return True
            self.seen["refused by a claim"] += fits
            if lacks:
                self.count_refusal(truck, visit, lacks)
            if self.plan.stage_claims[self.stage_of[visit]]:
                if not self.may_claim(visit):
                    self.seen["let others claim"] += 1
                elif lacks <= self.servers:
                    self.seen["claimed as its kind does"] += self.plan.ranks is not None
                    claimed |= servers
                else:
                    self.seen["claims nothing for want of a budget"] += 1
            passed_over.append(truck)
        return False

    def candidates(self, now: int) -> list[tuple[Key, int]]:
        found = []
        for stage in range(len(self.plan.stage_pause)):
            if not self.admits(stage, now) or self.gathers(stage):
                continue
            line = sorted(
                (self.key(truck, visit, now), truck)
                for truck, visit in self.waiting.items()
                if self.stage_of[visit] == stage
            )
            overtaking = bool(self.plan.stage_overtaking[stage])
            if self.rise_at(stage):
                # The first of each rank, and of each need of it where that may be.
                ranks = set()
                for key, truck in line:
                    visit = self.waiting[truck]
                    if overtaking and self.lacking(truck, visit):
                        self.refused_for_papers.add(visit)
                        continue
                    rank = self.rank(visit)
                    if overtaking:
                        rank += (self.take[visit], self.give_in[visit])
                    if rank not in ranks:
                        found.append((key, truck))
                    ranks.add(rank)
            elif overtaking:
                needs = set()
                for key, truck in line:
                    visit = self.waiting[truck]
                    if self.lacking(truck, visit):
                        self.refused_for_papers.add(visit)
                        continue
                    need = (self.take[visit], self.give_in[visit])
                    if need not in needs:
                        found.append((key, truck))
                    needs.add(need)
            else:
                found += line[:1]
        return found

    def key(self, truck: int, visit: int, now: int) -> Key:
        priority = self.priority[truck]
        if self.plan.ranks is not None:
            priority, rises = self.rank(visit)
            if rises != NEVER:
                priority -= (now - self.queued[visit]) // rises
        return priority, self.queued[visit], truck

    def rank(self, visit: int) -> tuple[int, ...]:
        """Priority and rise of a visit by its kind."""
        ranks, kind = self.plan.ranks, self.kind_of[visit]
        return int(ranks.priority[kind]), int(ranks.rises[kind])

    def rise_at(self, stage: int) -> bool:
        """Whether any kind of visit rises at a stage."""
        ranks = self.plan.ranks
        return ranks is not None and any(
            ranks.rises[kind] != NEVER and self.plan.kind_stage[kind] == stage
            for kind in range(len(self.plan.kind_stage))
        )

    def may_claim(self, visit: int) -> bool:
        return self.plan.ranks is None or bool(self.plan.ranks.claims[self.kind_of[visit]])

    def count_ranks(self, truck: int, visit: int, now: int) -> None:
        """What it came to that a truck went before those who wait at its stage."""
        (priority, rises), key = self.rank(visit), self.key(truck, visit, now)
        self.seen["another priority here"] += priority != self.priority[truck]
        others = [
            (t, v)
            for t, v in self.waiting.items()
            if t != truck and self.stage_of[v] == self.stage_of[visit]
        ]
        for other, its in others:
            its_priority, _ = self.rank(its)
            first = self.key(other, its, now)
            self.seen["rose past another"] += key < first and its_priority < priority
            self.seen["rose beside one that lacks something"] += (
                self.rise_at(self.stage_of[visit])
                and first < key
                and not self.plan.stage_overtaking[self.stage_of[visit]]
            )
            self.seen["rose and did not pass"] += (
                rises != NEVER and now - self.queued[visit] >= rises and its_priority > priority
            )

    def lacks(self, visit: int, capacity: dict[int, int]) -> set[int]:
        """Resources of which too little is free for a visit."""
        give_in = dict(self.give_in[visit])
        return {
            what
            for what, n in self.take[visit]
            if capacity[what] - self.in_use.get(what, 0) + give_in.get(what, 0) < n
        }

    def count_refusal(self, truck: int, visit: int, lacks: set[int]) -> None:
        self.seen["refused for a part of a joint need"] += len(lacks) < len(self.take[visit])
        self.lacked |= {(visit, what) for what in lacks}
        kept: Counter[int] = Counter()
        for other in self.waiting:
            if other != truck:
                kept += self.holds[other]
        without = {what: n + kept[what] for what, n in self.there().items()}
        self.seen["refused for kept servers"] += not self.lacks(visit, without)

    def admit(self, truck: int, visit: int, now: int) -> None:
        del self.waiting[truck]
        refused = {t for t, v in self.waiting.items() if self.lacks(v, self.there())}
        self.seen["joint need met"] += len(self.take[visit]) > 1
        self.working[truck] = visit
        self.admitted[visit] = self.since[truck] = now
        for what, n in self.take[visit]:
            if what in self.servers:
                self.in_use[what] += n
                self.seen["began beside those who left"] += self.leavers[what] > 0
                self.holds[truck][what] += n
            else:
                self.capacity[what] -= n
                self.seen["budget spent"] += what in self.budgets
                kind = "budget" if what in self.budgets else "store"
                self.seen[f"{kind} awaited"] += (visit, what) in self.lacked
        self.seen["gave at the admission"] += bool(self.give_in[visit])
        self.give(truck, self.give_in[visit])
        self.let_go |= {t for t in refused if not self.lacks(self.waiting[t], self.there())}
        self.work_ends[truck] = self.end_of_work(visit, now)

    def end_of_work(self, visit: int, now: int, work: int | None = None) -> int:
        stage = self.stage_of[visit]
        work = self.seconds_of_work(visit, now) if work is None else work
        self.seen["work of 0 s"] += work == 0
        if not self.plan.stage_pause[stage]:
            self.seen["finished after closing"] += any(
                now < closing < now + work for _, closing in self.plan.works(stage).tolist()
            )
            return now + work
        second, done = now, 0
        while done < work and second < self.plan.end:
            done += self.works(stage, second)
            second += 1
        self.seen["paused"] += done == work and second > now + work
        self.seen["ended exactly at closing"] += done == work > 0 and any(
            second == closing for _, closing in self.plan.works(stage).tolist()
        )
        return second if done == work else self.plan.end

    def seconds_of_work(self, visit: int, now: int) -> int:
        work, stage = self.work_of[visit], self.stage_of[visit]
        if self.plan.paces is None or now < self.plan.begin:
            return work
        held = [
            milli for since, milli in zip(*self.plan.paces.of(stage), strict=True) if since <= now
        ]
        exact = work * int(held[-1])
        # To the nearest second, halves up.
        seconds = exact // 1000 + (exact % 1000 >= 500)
        self.seen["longer by the hour"] += seconds > work
        self.seen["shorter by the hour"] += seconds < work
        self.seen["half a second"] += exact % 1000 == 500
        return seconds

    def admits(self, stage: int, now: int) -> bool:
        return any(start <= now < end for start, end in self.plan.admits(stage).tolist())

    def works(self, stage: int, now: int) -> bool:
        return any(start <= now < end for start, end in self.plan.works(stage).tolist())

    # ---- giving and leaving --------------------------------------------------------------------

    def give(self, truck: int, tokens: Tokens) -> None:
        for what, n in tokens:
            if what in self.servers:
                home = min(n, self.leavers[what])
                self.seen["came back to those who left"] += home > 0
                self.leavers[what] -= home
                self.in_use[what] -= n - home
                self.holds[truck][what] -= n
            else:
                self.capacity[what] += n
                self.seen["store offered"] += 1

    def leave(self, truck: int, outcome: int, now: int) -> None:
        for what, n in list(self.holds[truck].items()):
            self.give(truck, ((what, n),))
        self.outcome[truck] = outcome
        self.left[truck] = now
        again = self.plan.again
        if outcome != RELEASED and again is not None and again.next[truck] != NEVER:
            self.returns[int(again.next[truck])] = now + int(again.after[truck])
            self.seen["came again a second time"] += self.plan.arrival[truck] == self.plan.end
        for paper in self.papers_of(truck):
            if paper in self.waiting:
                del self.waiting[paper]
                self.seen["withdrawn from a queue"] += 1
                self.leave(paper, GAVE_UP, now)
            self.seen["worked on for nobody"] += paper in self.working
            self.seen["never begun"] += paper not in self.begun

    def log(self) -> Log:
        visits, trucks = range(self.plan.visits), range(self.plan.trucks)
        beyond = range(self.plan.visits, len(self.stage_of))
        self.seen["waiting at the end"] += len(self.waiting)
        self.seen["working at the end"] += len(self.working)
        return Log(
            queued=_column(self.queued, visits),
            admitted=_column(self.admitted, visits),
            finished=_column(self.finished, visits),
            outcome=_column(self.outcome, trucks),
            left=_column(self.left, trucks),
            openings=np.array(self.told, dtype=np.int64).reshape(-1, 4),
            stops=np.array(self.stopped, dtype=np.int64).reshape(-1, 4),
            ways=_column(
                self.chosen, range(0 if self.plan.ways is None else len(self.plan.ways.visit))
            ),
            papers=np.column_stack(
                [
                    _column(seconds, beyond)
                    for seconds in (self.queued, self.admitted, self.finished)
                ]
            ),
        )


def _column(seconds: dict[int, int], rows: range) -> np.ndarray:
    return np.array([seconds.get(row, NEVER) for row in rows], dtype=np.int64)
