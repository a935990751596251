"""The measures once more, counted second by second from plan and log, slowly and in plain words.

Written after docs/explanation/measures.md, the table of measures; shares no code with the package.
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np

from portsim.engines import DIVERTED, GAVE_UP, INSIDE, RELEASED, Log
from portsim.engines.together import together
from portsim.plan.contract import BUDGET, NEVER, SERVERS, Context, Plan

HOUR, DAY = 3600, 86_400
Found = dict[tuple[str, str, str], tuple[float, str]]


class Port:
    """Everything at every second of the run."""

    def __init__(self, plan: Plan, log: Log) -> None:
        self.plan, self.log = plan, log
        self.context: Context = plan.context
        self.start, self.end = self.context.start, plan.end
        self.period = range(self.start, self.end)
        self.days = len(self.context.day_edges) - 1
        self.weight = self.context.pieces.tolist()
        self.out = [
            plan.end if log.outcome[n] == INSIDE else int(log.left[n]) for n in range(plan.trucks)
        ]
        self.visits = [
            range(plan.first_visit[n], plan.first_visit[n + 1]) for n in range(plan.trucks)
        ]
        self.capacity = [self._capacity(what) for what in range(len(plan.resource_kind))]

    def _capacity(self, what):
        level, found = int(self.plan.resource_initial[what]), []
        changes = {
            int(t): int(v)
            for t, r, v in zip(
                self.plan.change_time,
                self.plan.change_resource,
                self.plan.change_value,
                strict=True,
            )
            if r == what
        }
        for second in range(self.end):
            level = changes.get(second, level)
            found.append(level + self._extra(what, second))
        return found

    def work_of(self, truck, visit):
        """Seconds of work by the hour in which it began; if it never did, of the arrival."""
        work, paces = int(self.plan.visit_work[visit]), self.plan.paces
        if paces is None:
            return work
        admitted = int(self.log.admitted[visit])
        begun = admitted if admitted != NEVER else int(self.plan.arrival[truck])
        rows = zip(*paces.of(int(self.plan.visit_stage[visit])), strict=True)
        milli = [int(m) for since, m in rows if since <= begun][-1]
        return int(work * milli / 1000 + 0.5)

    def _extra(self, what, second):
        """Servers that the queue has opened."""
        rows = [there for when, r, there, _ in self.log.openings if r == what and when <= second]
        return int(rows[-1]) if rows else 0

    def groups(self):
        context = self.context
        yield "all", list(range(self.plan.trucks))
        for direction in ("export", "import"):
            if direction in context.directions:
                yield (
                    direction,
                    [
                        n
                        for n in range(self.plan.trucks)
                        if context.directions[context.truck_class[n]] == direction
                    ],
                )
        for number, name in enumerate(context.class_names):
            yield name, [n for n in range(self.plan.trucks) if context.truck_class[n] == number]

    # ---- one visit -----------------------------------------------------------------------------

    def until(self, truck, visit):
        admitted = int(self.log.admitted[visit])
        return admitted if admitted != NEVER else self.out[truck]

    @cache  # noqa: B019 - a port lives for one test
    def everything_held(self, second):
        return [self.held(truck, second) for truck in range(self.plan.trucks)]

    @cache  # noqa: B019
    def split(self, truck, visit):
        """Seconds of waiting open, waiting closed, service and pause of a visit."""
        found = [0, 0, 0, 0]
        plan, log = self.plan, self.log
        if log.queued[visit] == NEVER:
            return found
        stage = int(plan.visit_stage[visit])
        for second in range(log.queued[visit], self.until(truck, visit)):
            kind = plan.visit_kind[visit]
            ways = plan.could_take[kind] if plan.could_take else (plan.kind_take[kind],)
            staffed = any(
                all(
                    self.capacity[what][second] >= n
                    for what, n in plan.tokens(way)
                    if plan.resource_kind[what] == SERVERS
                )
                for way in ways
            )
            found[0 if staffed and within(plan.admits(stage), second) else 1] += 1
        if log.admitted[visit] != NEVER:
            last = log.finished[visit] if log.finished[visit] != NEVER else self.end
            for second in range(log.admitted[visit], last):
                paused = plan.stage_pause[stage] and not within(plan.works(stage), second)
                paused = paused or self.stands(visit, second)
                found[3 if paused else 2] += 1
        return found

    def stands(self, visit, second):
        """Whether a breakdown keeps the work of a visit still."""
        rows = [goes for s, v, _, goes in self.log.stops if v == visit and s <= second]
        return bool(rows) and not rows[-1]

    def stay(self, visit):
        """Seconds from joining a queue to the end of the work there, or of the run."""
        last = self.log.finished[visit] if self.log.finished[visit] != NEVER else self.end
        return int(last - self.log.queued[visit])

    def keeps(self, visit):
        plan = self.plan
        back = dict(plan.tokens(plan.visit_give_out[visit]))
        return any(
            n > back.get(what, 0)
            for what, n in plan.tokens(plan.visit_take[visit])
            if plan.resource_kind[what] == SERVERS
        )

    def blocked(self, truck, visit):
        """Seconds of standing after a visit, and whether it stands there still."""
        if not self.keeps(visit) or self.log.finished[visit] == NEVER:
            return 0, False
        if self.log.queued[visit + 1] == NEVER:
            return 0, False
        still = self.log.admitted[visit + 1] == NEVER and self.log.outcome[truck] == INSIDE
        return self.until(truck, visit + 1) - int(self.log.finished[visit]), bool(still)

    def held(self, truck, second):
        """Servers held in a second, by resource, and those of them held by a work that pauses."""
        plan, log = self.plan, self.log
        held, paused = {}, False
        if not plan.arrival[truck] <= second < self.out[truck]:
            return held, paused
        for visit in self.visits[truck]:
            begun = NEVER != log.admitted[visit] <= second
            over = NEVER != log.finished[visit] <= second
            stage = int(plan.visit_stage[visit])
            if begun and not over:
                paused = bool(plan.stage_pause[stage]) and not within(plan.works(stage), second)
                paused = paused or self.stands(visit, second)
            for happened, sign, column in (
                (begun, 1, plan.visit_take),
                (begun, -1, plan.visit_give_in),
                (over, -1, plan.visit_give_out),
            ):
                for what, n in plan.tokens(column[visit]) if happened else ():
                    if plan.resource_kind[what] == SERVERS:
                        held[what] = held.get(what, 0) + sign * n
        return held, paused

    def at_work(self, truck, second):
        return (
            any(
                NEVER != self.log.admitted[v] <= second
                and not NEVER != self.log.finished[v] <= second
                for v in self.visits[truck]
            )
            and second < self.out[truck]
        )

    @cache  # noqa: B019
    def can_work(self, what, second):
        """Whether a stage is open in which some truck works with a resource, were it there."""
        plan = self.plan
        for truck in range(plan.trucks):
            held = {}
            for visit in self.visits[truck]:
                take = dict(plan.tokens(plan.visit_take[visit]))
                for tokens, sign in ((plan.visit_take, 1), (plan.visit_give_in, -1)):
                    for w, n in plan.tokens(tokens[visit]):
                        held[w] = held.get(w, 0) + sign * n
                servers = plan.resource_kind[what] == SERVERS
                if held.get(what, 0) > 0 if servers else take.get(what, 0) > 0:
                    stage = int(plan.visit_stage[visit])
                    open_ = within(plan.admits(stage), second) or within(plan.works(stage), second)
                    if open_ and all(
                        self.capacity[w][second] >= n
                        for w, n in take.items()
                        if plan.resource_kind[w] == SERVERS
                    ):
                        return True
                for w, n in plan.tokens(plan.visit_give_out[visit]):
                    held[w] = held.get(w, 0) - n
        return False

    def _set(self, what):
        """Tokens of a budget set in the period, or before for its start, that can be spent."""
        total, level, since = 0, None, self.start
        for second in range(self.start, self.end + 1):
            fresh = second < self.end and (
                second == self.start
                or second in self.plan.change_time[self.plan.change_resource == what]
            )
            if (fresh or second == self.end) and level is not None:
                total += level * any(self.can_work(what, s) for s in range(since, second))
            if fresh:
                level, since = self.capacity[what][second], second
        return total

    # ---- the table -----------------------------------------------------------------------------

    def figures(self) -> Found:
        found: Found = {}
        for name, trucks in self.groups():
            self._flow(found, name, trucks)
            self._cohort(found, name, trucks)
            self._state(found, name, trucks)
            for number, stage in enumerate(self.context.stage_names):
                self._stage(found, name, trucks, number, stage)
        self._papers(found)
        # Papers use resources as trucks do.
        beside = Port(*together(self.plan, self.log))
        for number, name in enumerate(self.context.resource_names):
            beside._resource(found, number, name)
        return found

    def gone(self, trucks, outcome):
        return [
            n for n in trucks if self.log.outcome[n] == outcome and self.log.left[n] in self.period
        ]

    def total(self, trucks):
        return sum(self.weight[n] for n in trucks)

    def _flow(self, found, name, trucks):
        context = self.context
        out = self.gone(trucks, RELEASED)
        flows = {
            "arrived": self.total(n for n in trucks if self.plan.arrival[n] in self.period),
            "released": self.total(out),
            "diverted": self.total(self.gone(trucks, DIVERTED)),
            "given_up": self.total(self.gone(trucks, GAVE_UP)),
            "throughput_per_day": self.total(out) / self.days,
            "throughput_tonnes_per_day": sum(context.tonnes[n] for n in out) / self.days,
            "throughput_value_per_day": sum(context.value[n] for n in out) / self.days,
            "residents_per_day": sum(context.residents[n] for n in out) / self.days,
        }
        if context.before is not None:
            again = [n for n in trucks if context.before[n] and self.plan.arrival[n] in self.period]
            left = [n for n in trucks if not context.expected[n]]
            flows["came_again"] = self.total(again)
            flows["lost"] = self.total(self.gone(left, DIVERTED) + self.gone(left, GAVE_UP))
        open_ = sum(within(context.open_hours, second) for second in self.period) / HOUR
        flows["throughput_per_open_hour"] = self.total(out) / open_ if open_ else math.nan
        for what, seconds in (
            ("throughput_max_day", {n: int(self.log.left[n]) for n in out}),
            ("arrived_max_day", {n: int(self.plan.arrival[n]) for n in trucks}),
        ):
            flows[what] = max(
                self.total(n for n, second in seconds.items() if a <= second < b)
                for a, b in pairwise(context.day_edges.tolist())
            )
        for number, month in enumerate(context.month_names):
            a, b = context.month_edges[number : number + 2].tolist()
            mine = [n for n in out if a <= self.log.left[n] < b]
            days = sum(a <= day < b for day in context.day_edges[:-1].tolist())
            flows[f"throughput_per_day[{month}]"] = self.total(mine) / days
        found.update({(name, "", what): (value, "") for what, value in flows.items()})

    @staticmethod
    def open_ended(stays, q):
        """A quantile lies between two stays in order; is either cut, or one before them?"""
        upper = sorted(stay for stay, _ in stays)[math.ceil((len(stays) - 1) * q)] if stays else 0
        return "at least" if any(cut and stay <= upper for stay, cut in stays) else ""

    def clock(self, truck):
        stage = self.context.clock_stage
        if stage < 0:
            return int(self.plan.arrival[truck])
        # Of several visits of the stage the first counts.
        for visit in self.visits[truck]:
            if self.plan.visit_stage[visit] == stage and self.log.queued[visit] != NEVER:
                admitted = int(self.log.admitted[visit])
                if self.context.clock_admitted and admitted != NEVER:
                    return admitted
                # Never admitted: on trial since it queued, and it cannot be released.
                return int(self.log.queued[visit])
        return NEVER

    def judged(self, second):
        return self.start <= second < self.end - self.context.limit

    def _cohort(self, found, name, trucks):
        context, log = self.context, self.log
        on_trial = [n for n in trucks if self.judged(self.clock(n))]
        kept = [
            n
            for n in on_trial
            if log.outcome[n] == RELEASED and log.left[n] <= self.clock(n) + context.limit
        ]
        slots = {"": range(self.end)}
        for number, month in enumerate(context.month_names):
            slots[f"[{month}]"] = range(*context.month_edges[number : number + 2].tolist())
        for when, span in slots.items():
            judged = self.total(n for n in on_trial if self.clock(n) in span)
            good = self.total(n for n in kept if self.clock(n) in span)
            share = good / judged if judged else math.nan
            found[name, "", f"completed_within_limit{when}"] = (share, "")
            seconds = sum(self.judged(second) for second in span)
            late = (judged - good) / (seconds / DAY) if seconds else math.nan
            found[name, "", f"late_per_day{when}"] = (late, "")

        staying = self.staying(trucks)
        stays = [
            (self.out[n] - int(self.plan.arrival[n]), bool(log.outcome[n] == INSIDE))
            for n in staying
            for _ in range(self.weight[n])
        ]
        at_least = "at least" if sum(cut for _, cut in stays) > 0.001 * len(stays) else ""
        mean = sum(stay for stay, _ in stays) / len(stays) / HOUR if stays else math.nan
        found[name, "", "stay_mean_h"] = (mean, at_least)
        for what, q in (("stay_p50_h", 0.5), ("stay_p95_h", 0.95)):
            value, note = math.nan, ""
            if stays:
                value = float(np.quantile([stay for stay, _ in stays], q))
                note = self.open_ended(stays, q)
            found[name, "", what] = (value / HOUR, note)
        parts = ("wait_open_mean_h", "wait_closed_mean_h", "service_mean_h", "paused_mean_h")
        for number, what in enumerate(parts):
            seconds = sum(
                self.weight[n] * self.split(n, visit)[number]
                for n in staying
                for visit in self.visits[n]
            )
            value = seconds / len(stays) / HOUR if stays else math.nan
            found[name, "", what] = (value, at_least)
        if self.plan.papers is not None:
            seconds = sum(
                self.weight[n] * self.lacking(n, visit) for n in staying for visit in self.visits[n]
            )
            value = seconds / len(stays) / HOUR if stays else math.nan
            found[name, "", "wait_papers_mean_h"] = (value, at_least)

    def lacking(self, truck, visit):
        """Seconds in which a visit waits and some of its papers are not done."""
        papers, log = self.plan.papers, self.log
        if log.queued[visit] == NEVER:
            return 0
        last = [
            int(log.papers[papers.first_visit[p + 1] - 1, 2])
            for p in range(len(papers))
            if papers.needed[p] == visit
        ]
        return sum(
            any(done == NEVER or done > second for done in last)
            for second in range(log.queued[visit], self.until(truck, visit))
        )

    def _papers(self, found):
        """What desks did for papers, and how long these took."""
        plan, log, papers = self.plan, self.log, self.plan.papers
        if papers is None:
            return
        taken, desks = [], {}
        for p in range(len(papers)):
            rows = log.papers[papers.first_visit[p] : papers.first_visit[p + 1]].tolist()
            if rows[-1][2] in self.period:
                taken.append(rows[-1][2] - rows[0][0])
            owner = papers.belongs[p]
            gone = self.end if owner == NEVER else self.out[owner]
            for row, kind in zip(
                rows, papers.visit_kind[papers.first_visit[p] :].tolist(), strict=False
            ):
                name = self.context.stage_names[plan.kind_stage[kind]]
                desks.setdefault(name, []).append((*row, gone))
        found["all", "", "papers_time_mean_h"] = (mean(taken) / HOUR, "")
        for name, rows in desks.items():
            waits = [begun - came for came, begun, _, _ in rows if begun in self.period]
            waiting = sum(
                NEVER != came <= second < (begun if begun != NEVER else gone)
                for came, begun, _, gone in rows
                for second in self.period
            )
            done = sum(over in self.period for _, _, over, _ in rows)
            found["all", name, "papers_per_day"] = (done / self.days, "")
            found["all", name, "papers_queue_mean"] = (waiting / len(self.period), "")
            found["all", name, "papers_wait_mean_h"] = (mean(waits) / HOUR, "")

    def staying(self, trucks):
        return [
            n
            for n in trucks
            if self.judged(self.plan.arrival[n]) and self.log.outcome[n] in (RELEASED, INSIDE)
        ]

    def _state(self, found, name, trucks):
        inside = [
            self.total(n for n in trucks if self.plan.arrival[n] <= second < self.out[n])
            for second in range(self.end)
        ]
        start = self.total(
            n for n in trucks if self.plan.arrival[n] < self.start and self.out[n] >= self.start
        )
        end = self.total(n for n in trucks if self.log.outcome[n] == INSIDE)
        nights = [inside[second] for second in self.context.nights.tolist()]
        state = {
            "inside_mean": mean(inside[self.start :]),
            "inside_max": max(inside[self.start :]),
            "inside_at_start": start,
            "inside_at_end": end,
            "growth_per_day": (end - start) / self.days,
            "overnight_mean": mean(nights),
        }
        found.update({(name, "", what): (value, "") for what, value in state.items()})
        places = [("", None), *((p, n) for n, p in enumerate(self.context.stage_names))]
        for place, stage in places:
            queue = self.queue(trucks, stage)[self.start :]
            if stage is not None and not self.passes(name, stage):
                continue
            found[name, place, "queue_mean"] = (mean(queue), "")
            found[name, place, "queue_max"] = (max(queue), "")

    def passes(self, name, stage):
        """Whether the route of some class of a group has a stage; of all, every stage counts."""
        context = self.context
        if name == "all":
            return True
        names = zip(context.class_names, context.directions, strict=True)
        return any(
            name in both and context.routes[stage][number] for number, both in enumerate(names)
        )

    def queue(self, trucks, stage=None):
        found = [0] * self.end
        for n in trucks:
            for visit in self.visits[n]:
                if (
                    stage in (None, self.plan.visit_stage[visit])
                    and self.log.queued[visit] != NEVER
                ):
                    for second in range(self.log.queued[visit], self.until(n, visit)):
                        found[second] += self.weight[n]
        return found

    def _convoys(self, found, stage, place, everyone):
        rules = self.plan.convoys
        if rules is None or stage not in rules.stage:
            return
        most = int(rules.count[rules.stage.tolist().index(stage)])
        convoys = trucks = 0
        for second in self.period:
            gone = sum(1 for v in everyone if self.log.admitted[v] == second)
            convoys, trucks = convoys + math.ceil(gone / most), trucks + gone
        found["all", place, "convoys_per_day"] = (convoys / self.days, "")
        mean = trucks / convoys if convoys else math.nan
        found["all", place, "convoy_trucks_mean"] = (mean, "")

    def _stage(self, found, name, trucks, stage, place):
        log, plan = self.log, self.plan
        if not self.passes(name, stage):
            return
        here = [(n, v) for n in trucks for v in self.visits[n] if plan.visit_stage[v] == stage]
        done = sum(self.weight[n] for n, v in here if log.finished[v] in self.period)
        found[name, place, "throughput_per_day"] = (done / self.days, "")
        takes = {w for v in range(plan.visits) if plan.visit_stage[v] == stage
                 for w, _ in plan.tokens(plan.visit_take[v])}  # fmt: skip
        if plan.stops is not None and takes & set(np.flatnonzero(plan.stops.fails).tolist()):
            stopped = [
                self.weight[n]
                for s, v, _, goes in log.stops
                for n in trucks
                if v in self.visits[n] and plan.visit_stage[v] == stage
                if s in self.period and not goes
            ]
            found[name, place, "interrupted_per_day"] = (sum(stopped) / self.days, "")
        if plan.context.again is not None and plan.context.again[stage]:
            more = sum(
                self.weight[n]
                for n in trucks
                for v in [v for m, v in here if m == n][1:]
                if log.finished[v] in self.period
            )
            found[name, place, "again_per_day"] = (more / self.days, "")
        everyone = [v for v in range(len(plan.visit_stage)) if plan.visit_stage[v] == stage]
        if name == "all":
            self._convoys(found, stage, place, everyone)
        for what, outcome, mood in (
            ("diverted", DIVERTED, plan.visit_tolerance),
            ("given_up", GAVE_UP, plan.visit_patience),
        ):
            if any(mood[v] != NEVER for v in everyone):
                at = {
                    n: next(v for v in self.visits[n] if log.finished[v] == NEVER)
                    for n in self.gone(trucks, outcome)
                }
                lost = self.total(n for n, v in at.items() if plan.visit_stage[v] == stage)
                found[name, place, what] = (lost, "")
        staying = set(self.staying(trucks))
        judged = [(n, v) for n, v in here if n in staying and log.queued[v] != NEVER]
        count = sum(self.weight[n] for n, _ in judged)
        if not count and name != "all":
            return
        parts = [
            ("wait_open_mean_h", 0),
            ("wait_closed_mean_h", 1),
            ("service_mean_h", 2),
            ("paused_mean_h", 3),
        ]
        for what, number in parts:
            total = sum(self.weight[n] * self.split(n, v)[number] for n, v in judged)
            column = log.admitted if number < 2 else log.finished
            cut = sum(self.weight[n] for n, v in judged if column[v] == NEVER)
            found[name, place, what] = (
                total / count / HOUR if count else math.nan,
                "at least" if cut > 0.001 * count else "",
            )
        needed = set() if plan.papers is None else set(plan.papers.needed.tolist())
        if needed.intersection(everyone):
            total = sum(self.weight[n] * self.lacking(n, v) for n, v in judged)
            cut = sum(self.weight[n] for n, v in judged if log.admitted[v] == NEVER)
            found[name, place, "wait_papers_mean_h"] = (
                total / count / HOUR if count else math.nan,
                "at least" if cut > 0.001 * count else "",
            )
        stays = [
            (self.stay(v), log.finished[v] == NEVER)
            for n, v in judged
            for _ in range(self.weight[n])
        ]
        cut = sum(cut for _, cut in stays)
        mean_ = sum(stay for stay, _ in stays) / count / HOUR if count else math.nan
        found[name, place, "stay_mean_h"] = (mean_, "at least" if cut > 0.001 * count else "")
        for what, q in (("stay_p50_h", 0.5), ("stay_p95_h", 0.95)):
            value = float(np.quantile([s for s, _ in stays], q)) if stays else math.nan
            found[name, place, what] = (value / HOUR, self.open_ended(stays, q))
        if any(self.keeps(v) for v in everyone):
            total = sum(self.weight[n] * self.blocked(n, v)[0] for n, v in judged)
            cut = sum(
                self.weight[n]
                for n, v in judged
                if log.finished[v] == NEVER or self.blocked(n, v)[1]
            )
            found[name, place, "blocked_mean_h"] = (
                total / count / HOUR if count else math.nan,
                "at least" if cut > 0.001 * count else "",
            )

    def _resource(self, found, what, name):
        plan, log = self.plan, self.log
        if plan.resource_kind[what] == BUDGET:
            given = self._set(what)
            spent = sum(
                dict(plan.tokens(plan.visit_take[v])).get(what, 0)
                for v in range(len(plan.visit_stage))
                if log.admitted[v] in self.period
            )
            asked = sum(
                dict(plan.tokens(plan.visit_take[v])).get(what, 0)
                for n in range(plan.trucks)
                for v in self.visits[n]
                if plan.arrival[n] in self.period
            )
            found["all", name, "utilisation"] = (spent / given if given else math.nan, "")
            found["all", name, "load"] = (asked / given if given else math.nan, "")
        if plan.resource_kind[what] != SERVERS:
            return
        used = above = asked = available = 0
        capacity = self.capacity[what]
        rostered = self.context.rostered is None or self.context.rostered[what]
        for second in self.period:
            now = standing = working = 0
            for truck, (held, paused) in enumerate(self.everything_held(second)):
                now += held.get(what, 0)
                standing += held.get(what, 0) if paused else 0
                working += held.get(what, 0) if self.at_work(truck, second) and not paused else 0
            works = capacity[second] if self.can_work(what, second) else 0
            available += works
            used += min(now, works)
            above += max(0, now - standing - capacity[second] if rostered else working - works)
        for truck in range(plan.trucks):
            held = 0
            for visit in self.visits[truck] if plan.arrival[truck] in self.period else ():
                held += dict(plan.tokens(plan.visit_take[visit])).get(what, 0)
                held -= dict(plan.tokens(plan.visit_give_in[visit])).get(what, 0)
                asked += held * self.work_of(truck, visit)
                held -= dict(plan.tokens(plan.visit_give_out[visit])).get(what, 0)
        staffed = sum(capacity[second] for second in self.period) if rostered else available
        found["all", name, "utilisation"] = (used / available if available else math.nan, "")
        found["all", name, "load"] = (asked / available if available else math.nan, "")
        found["all", name, "available_h_per_day"] = (available / HOUR / self.days, "")
        found["all", name, "overtime_h_per_day"] = (above / HOUR / self.days, "")
        found["all", name, "staffed_h_per_day"] = (staffed / HOUR / self.days, "")
        if plan.openings is None or what not in plan.openings.resource:
            return
        hours = sum(
            self._extra(what, second)
            for second in self.period
            if rostered or self.can_work(what, second)
        )
        there = [0, *(int(n) for _, r, n, _ in self.log.openings if r == what)]
        when = [0, *(int(s) for s, r, _, _ in self.log.openings if r == what)]
        opened = sum(
            there[row] > there[row - 1] and when[row] >= self.start for row in range(1, len(there))
        )
        found["all", name, "extra_h_per_day"] = (hours / HOUR / self.days, "")
        found["all", name, "opened_per_day"] = (opened / self.days, "")


def mean(values):
    return sum(values) / len(values) if values else math.nan


def within(intervals, second):
    return any(a <= second < b for a, b in intervals.tolist())
