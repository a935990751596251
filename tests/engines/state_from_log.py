"""What a port looks like when a second is settled, worked out from nothing but plan and log."""

from collections import Counter

from portsim.engines import Log, leaving_at
from portsim.engines.together import together
from portsim.engines.went import as_it_went
from portsim.plan.contract import FITTING, NEVER, SERVERS, Plan


class State:
    """Who waits where and what is free at the end of a second."""

    def __init__(self, plan: Plan, log: Log, second: int) -> None:
        self.lacking = set() if plan.papers is None else _lacking(plan, log, second)
        """Visits of trucks that wait for papers which are not done."""
        self.ways: dict[int, list[tuple[int, int]]] = {}
        """Kinds of the ways among which is chosen at the admission, of visits not yet admitted."""
        for row in range(0 if plan.ways is None else len(plan.ways.visit)):
            visit = int(plan.ways.visit[row])
            if plan.ways.rule[row] == FITTING and not 0 <= log.admitted[visit] <= second:
                self.ways[visit] = plan.ways.of(row)
        # Papers are trucks like others to all that follows.
        self.plan, self.log = plan, log = together(as_it_went(plan, log), log)
        self.second = second
        self.waiting: list[tuple[int, int]] = []
        """Truck and visit of those who wait."""
        self.in_use: Counter[int] = Counter()
        """Of servers."""
        self.taken_now: set[int] = set()
        """Servers of which somebody took one in this very second."""
        self.capacity = dict(enumerate(plan.resource_initial.tolist()))
        """Of servers; of budgets and stores what is left."""
        for truck in range(plan.trucks):
            self._look_at(truck)
        self._look_at_the_calendar()
        self.closed_now: Counter[int] = Counter()
        """Extra servers that were there at some time of this second and are not at its end."""
        self._look_at_what_queues_opened()
        gone = leaving_at(plan, log, second + 1)
        for what, count in [] if gone is None else enumerate(gone.tolist()):
            self.in_use[what] -= count

    def _by_now(self, when: int) -> bool:
        return 0 <= when <= self.second

    def _look_at(self, truck: int) -> None:
        plan, log = self.plan, self.log
        left = self._by_now(log.left[truck])
        for visit in range(plan.first_visit[truck], plan.first_visit[truck + 1]):
            if not self._by_now(log.queued[visit]):
                continue
            if not self._by_now(log.admitted[visit]):
                if not left:
                    self.waiting.append((truck, visit))
                continue
            taken, given = (
                plan.tokens(plan.visit_take[visit]),
                plan.tokens(plan.visit_give_in[visit]),
            )
            if self._by_now(log.finished[visit]):
                given += plan.tokens(plan.visit_give_out[visit])
            for what, _ in taken:
                if plan.resource_kind[what] == SERVERS and log.admitted[visit] == self.second:
                    self.taken_now.add(what)
            if not left:  # whoever has left holds nothing, whatever it did
                for sign, tokens in ((1, taken), (-1, given)):
                    for what, n in tokens:
                        if plan.resource_kind[what] == SERVERS:
                            self.in_use[what] += sign * n

    def _look_at_the_calendar(self) -> None:
        plan, log = self.plan, self.log
        since = dict.fromkeys(self.capacity, -1)
        for when, what, value in zip(
            plan.change_time.tolist(),
            plan.change_resource.tolist(),
            plan.change_value.tolist(),
            strict=True,
        ):
            if when <= self.second:
                self.capacity[what], since[what] = value, when
        for visit in range(len(plan.visit_stage)):
            for column, row, sign in (
                (log.admitted, plan.visit_take, -1),
                (log.admitted, plan.visit_give_in, 1),
                (log.finished, plan.visit_give_out, 1),
            ):
                for what, n in plan.tokens(row[visit]):
                    when = column[visit]
                    if plan.resource_kind[what] != SERVERS and self._by_now(when):
                        self.capacity[what] += sign * n * (when >= since[what])

    def _look_at_what_queues_opened(self) -> None:
        for what in self.capacity:
            extra, most = 0, 0
            for when, other, there, _ in self.log.openings.tolist():
                if other == what and when <= self.second:
                    most = max(extra, most, there) if when == self.second else 0
                    extra = there
            self.capacity[what] += extra
            self.closed_now[what] = max(0, most - extra)

    def admissible(self) -> list[int]:
        """Trucks that could be admitted in this state: none, if the engine did its work."""
        plan = self.plan
        found: list[int] = []
        claimed: set[int] = set()
        heads: set[tuple[int, ...]] = set()
        for _, truck, visit in sorted((self.key(t, v), t, v) for t, v in self.waiting):
            stage = int(plan.visit_stage[visit])
            line = self.line(visit)
            behind = line in heads and not plan.stage_overtaking[stage]
            heads.add(line)
            if visit in self.lacking:
                continue
            if behind or not open_at(plan.admits(stage), self.second):
                continue
            if plan.convoys is not None and stage in plan.convoys.stage:
                # Whether a convoy could go is asked of the queue as a whole.
                continue
            ways = [kind for kind, _ in self.ways.get(visit, [])] or [plan.visit_kind[visit]]
            wants = []
            for kind in ways:
                lacking = {what for what, n in self.need(kind) if n > self.free(what)}
                servers = {
                    what
                    for what, _ in plan.tokens(plan.kind_take[kind])
                    if plan.resource_kind[what] == SERVERS
                }
                wants.append((lacking, servers))
            if any(not lacking and not servers & claimed for lacking, servers in wants):
                found.append(truck)
            elif plan.stage_claims[stage] and self.claims(visit) and lacking <= servers:
                claimed |= servers
        return found

    def key(self, truck: int, visit: int) -> tuple[int, int, int]:
        priority, queued = int(self.plan.priority[truck]), int(self.log.queued[visit])
        if self.plan.ranks is not None:
            priority, rises = self.rank(visit)
            priority -= 0 if rises == NEVER else (self.second - queued) // rises
        return priority, queued, truck

    def line(self, visit: int) -> tuple[int, ...]:
        """Of the queue in which a visit waits; where trucks rise, each rank has one."""
        stage = int(self.plan.visit_stage[visit])
        return (stage, *self.rank(visit)) if self.rise_at(stage) else (stage,)

    def rank(self, visit: int) -> tuple[int, int]:
        kind = self.plan.visit_kind[visit]
        return int(self.plan.ranks.priority[kind]), int(self.plan.ranks.rises[kind])

    def rise_at(self, stage: int) -> bool:
        ranks = self.plan.ranks
        return ranks is not None and bool(
            (ranks.rises[self.plan.kind_stage == stage] != NEVER).any()
        )

    def claims(self, visit: int) -> bool:
        ranks = self.plan.ranks
        return ranks is None or bool(ranks.claims[self.plan.visit_kind[visit]])

    def free(self, what: int) -> int:
        return self.capacity[what] - self.in_use[what]

    def need(self, kind: int) -> list[tuple[int, int]]:
        back = dict(self.plan.tokens(self.plan.kind_give_in[kind]))
        return [
            (what, n - back.get(what, 0)) for what, n in self.plan.tokens(self.plan.kind_take[kind])
        ]


def _lacking(plan: Plan, log: Log, second: int) -> set[int]:
    done = log.papers[plan.papers.first_visit[1:] - 1, 2]
    return {
        visit
        for visit, when in zip(plan.papers.needed.tolist(), done.tolist(), strict=True)
        if not 0 <= when <= second
    }


def open_at(intervals, second: int) -> bool:
    return any(start <= second < end for start, end in intervals.tolist())


def seconds_of(plan: Plan, log: Log) -> list[int]:
    """Every second in which the log or the calendars tell of something."""
    columns = (
        log.queued,
        log.admitted,
        log.finished,
        log.left,
        plan.change_time,
        plan.admit.ravel(),
        log.openings[:, 0],
        log.papers.ravel(),
    )
    return sorted({int(s) for column in columns for s in column if 0 <= s < plan.end})
