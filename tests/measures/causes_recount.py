"""The causes of waiting once more, second by second and in plain words, from the rules alone.

Written after the rules in docs/explanation/measures.md; it shares no code with the package.
"""

from collections import Counter

from portsim.engines import INSIDE, Log
from portsim.engines.together import together
from portsim.plan.contract import BUDGET, FITTING, NEVER, SERVERS, STORE, Plan


def recount(plan: Plan, log: Log) -> Counter:
    """Seconds by (stage, what was missing, its root, class), pieces counted."""
    return _Recount(plan, log).run()


class _Recount:
    def __init__(self, plan, log):
        self.needed = {}
        if plan.papers is not None:
            done = log.papers[plan.papers.first_visit[1:] - 1, 2].tolist()
            for visit, when in zip(plan.papers.needed.tolist(), done, strict=True):
                self.needed.setdefault(visit, []).append(when)
        # Papers are trucks that count for nothing.
        chosen = log.ways.tolist()
        plan, log = together(plan, log)
        self.plan, self.log, self.context = plan, log, plan.context
        self.lists = [dict(plan.tokens(row)) for row in range(len(plan.list_start) - 1)]
        self.kind, self.could_take = self.chosen(plan, chosen)
        self.stage = [int(plan.kind_stage[kind]) for kind in self.kind]
        self.resources = range(len(plan.resource_kind))
        self.stages = range(len(plan.stage_pause))
        self.truck_of = [
            truck
            for truck in range(plan.trucks)
            for _ in range(plan.first_visit[truck], plan.first_visit[truck + 1])
        ]
        seconds = range(plan.end)
        self.capacity = [[self.level(r, t) for t in seconds] for r in self.resources]
        self.free = [[self.left(r, t) for t in seconds] for r in self.resources]

    # ---- a visit ---------------------------------------------------------------------------

    def chosen(self, plan, chosen):
        """The kind of each visit as it was made; and what those could take that choose only when
        they are admitted, in the order in which it counts: what they took first."""
        kinds, could = plan.visit_kind.tolist(), {}
        for row in range(0 if plan.ways is None else len(plan.ways.visit)):
            visit, ways = int(plan.ways.visit[row]), [kind for kind, _ in plan.ways.of(row)]
            if chosen[row] != NEVER:
                kinds[visit] = ways[chosen[row]]
            if plan.ways.rule[row] == FITTING:
                ways.sort(key=lambda kind: kind != kinds[visit])
                could[visit] = [self.lists[plan.kind_take[kind]] for kind in ways]
        return kinds, could

    def take(self, visit):
        return self.lists[self.plan.kind_take[self.kind[visit]]]

    def takes(self, visit):
        """What it may take, one of which is enough."""
        return self.could_take.get(visit, [self.take(visit)])

    def give_in(self, visit):
        return self.lists[self.plan.kind_give_in[self.kind[visit]]]

    def give_out(self, visit):
        return self.lists[self.plan.kind_give_out[self.kind[visit]]]

    def need(self, visit, take=None):
        back = self.give_in(visit)
        take = self.take(visit) if take is None else take
        return {r: n - back.get(r, 0) for r, n in take.items()}

    def out(self, truck):
        return self.plan.end if self.log.outcome[truck] == INSIDE else int(self.log.left[truck])

    def waits(self, visit, t):
        if self.log.queued[visit] == NEVER or self.log.queued[visit] > t:
            return False
        if self.log.admitted[visit] != NEVER:
            return t < self.log.admitted[visit]
        return t < self.out(self.truck_of[visit])

    def works(self, visit, t):
        log = self.log
        if log.admitted[visit] == NEVER or log.admitted[visit] > t:
            return False
        return log.finished[visit] == NEVER or t < log.finished[visit]

    def key(self, visit):
        truck = self.truck_of[visit]
        priority = int(self.plan.priority[truck])
        if self.plan.ranks is not None:
            priority = self.rank(visit)[0]
        return priority, int(self.log.queued[visit]), truck, visit

    def rank(self, visit):
        kind = self.kind[visit]
        return int(self.plan.ranks.priority[kind]), int(self.plan.ranks.rises[kind])

    def rise_at(self, stage):
        ranks = self.plan.ranks
        visits = range(len(self.truck_of))
        return ranks is not None and any(
            self.stage[v] == stage and self.rank(v)[1] != NEVER for v in visits
        )

    def may_claim(self, visit):
        ranks = self.plan.ranks
        return ranks is None or bool(ranks.claims[self.kind[visit]])

    # ---- resources -------------------------------------------------------------------------

    def changes(self, r):
        plan = self.plan
        rows = zip(plan.change_time, plan.change_resource, plan.change_value, strict=True)
        told = [
            (0, int(plan.resource_initial[r])),
            *((int(t), int(v)) for t, w, v in rows if w == r),
        ]
        opened = [(int(t), int(n)) for t, w, n, _ in self.log.openings if w == r]
        if not opened:
            return told
        # Rosters and queues side by side.
        return [
            (t, [v for s, v in told if s <= t][-1] + [0, *(n for s, n in opened if s <= t)][-1])
            for t in sorted({t for t, _ in told + opened})
        ]

    def level(self, r, t):
        return [value for since, value in self.changes(r) if since <= t][-1]

    def left(self, r, t):
        """How many are free in second t."""
        log, kind = self.log, self.plan.resource_kind[r]
        since, level = [change for change in self.changes(r) if change[0] <= t][-1]
        if kind == SERVERS:
            return level - sum(self.held(truck, r, t) for truck in range(self.plan.trucks))
        for visit in range(len(log.admitted)):
            if max(since, 0) <= log.admitted[visit] <= t:
                level += self.give_in(visit).get(r, 0) - self.take(visit).get(r, 0)
            offered_before_the_refill = log.admitted[visit] < log.finished[visit] == since
            if since <= log.finished[visit] <= t and log.finished[visit] != NEVER:
                if kind == BUDGET and since > 0 and offered_before_the_refill:
                    continue
                level += self.give_out(visit).get(r, 0)
        return level

    def held(self, truck, r, t):
        """Servers that a truck has in second t; of a store, what it will still offer."""
        plan, log = self.plan, self.log
        if not plan.arrival[truck] <= t < self.out(truck):
            return 0
        visits = range(plan.first_visit[truck], plan.first_visit[truck + 1])
        if plan.resource_kind[r] == STORE:
            return sum(
                self.give_out(v).get(r, 0) for v in visits if not NEVER != log.finished[v] <= t
            )
        found = 0
        for v in visits:
            if NEVER != log.admitted[v] <= t:
                found += self.take(v).get(r, 0) - self.give_in(v).get(r, 0)
            if NEVER != log.finished[v] <= t:
                found -= self.give_out(v).get(r, 0)
        return found

    def had_again(self, head, r, n, t):
        """When so many are free again, or given to the truck itself at its admission."""
        admitted = int(self.log.admitted[head])
        last = self.plan.end if admitted == NEVER else admitted
        return next((s for s in range(t + 1, last) if self.free[r][s] >= n), last)

    # ---- a second --------------------------------------------------------------------------

    def admits(self, stage, t):
        return any(a <= t < b for a, b in self.plan.admits(stage).tolist())

    def paused(self, stage, t):
        pauses = self.plan.stage_pause[stage]
        return pauses and not any(a <= t < b for a, b in self.plan.works(stage).tolist())

    def lacks_papers(self, visit, t):
        return any(when == NEVER or when > t for when in self.needed.get(visit, ()))

    def line(self, visit, t):
        """Who waits behind the same head: all of a stage, or all with the same need; who lets
        others pass until its papers come stands apart."""
        stage = self.stage[visit]
        need = (
            tuple(sorted(self.need(visit).items())) if self.plan.stage_overtaking[stage] else None
        )
        if self.plan.stage_overtaking[stage] and self.lacks_papers(visit, t):
            need = "papers"
        elif self.rise_at(stage):
            need = need, self.rank(visit)
        return stage, need

    def run(self):
        found = Counter()
        for t in range(self.context.start, self.plan.end):
            lines = {}
            for visit in range(len(self.truck_of)):
                if self.waits(visit, t):
                    lines.setdefault(self.line(visit, t), []).append(visit)
            for visits in lines.values():
                visits.sort(key=self.key)
            causes = {line: self.cause(line, lines, t) for line in lines}
            for line, visits in lines.items():
                missing, root = causes[line][0], self.root(line, causes, lines)
                for visit in visits:
                    truck = self.truck_of[visit]
                    cls = self.context.class_names[self.context.truck_class[truck]]
                    place = self.context.stage_names[line[0]]
                    found[place, missing, root, cls] += int(self.context.pieces[truck])
        return Counter({key: seconds for key, seconds in found.items() if seconds})

    def cause(self, line, lines, t):
        """What is missing; and the line, or the root, that this leads to."""
        stage, head = line[0], lines[line][0]
        names, resources = self.context.stage_names, self.context.resource_names
        if not self.admits(stage, t):
            return f"{names[stage]}: hours", None
        ways = []
        for take in self.takes(head):
            off, busy = [], []
            for r, n in sorted(self.need(head, take).items()):
                if self.free[r][t] < n:
                    few = self.capacity[r][t] < take[r]
                    kept = off if self.plan.resource_kind[r] == SERVERS and few else busy
                    kept.append((-self.had_again(head, r, n, t), r))
            when, r = min(off or busy, default=(0, None))
            ways.append((2 if off else 1 if busy else 0, -when, len(ways), r))
        lacks, _, _, r = min(ways)
        if lacks == 2:
            return f"{resources[r]}: off duty", None
        if self.lacks_papers(head, t):
            return f"{names[stage]}: papers", None
        if lacks == 1:
            return resources[r], self.keeper(r, lines, t)
        if self.plan.convoys is not None and stage in self.plan.convoys.stage:
            return f"{names[stage]}: convoy", None
        by = self.claimant(line, lines, t)
        return f"{names[by[0]]}: claim", by

    def keeper(self, r, lines, t):
        """The line, or the pausing stage, at which most of a resource is stuck."""
        if self.plan.resource_kind[r] == BUDGET:
            return None
        at_large, stuck = 0, []
        for stage in self.stages:
            working = sum(
                self.held(self.truck_of[v], r, t)
                for v in range(len(self.truck_of))
                if self.stage[v] == stage and self.works(v, t)
            )
            waiting = {
                line: sum(self.held(self.truck_of[v], r, t) for v in visits)
                for line, visits in lines.items()
                if line[0] == stage
            }
            paused = working > 0 and self.paused(stage, t)
            if paused or sum(waiting.values()):
                where = f"{self.context.stage_names[stage]}: hours" if paused else waiting
                stuck.append((working + sum(waiting.values()), -stage, where))
            else:
                at_large += working
        if not stuck:
            return None
        held, _, where = max(stuck, key=lambda one: one[:2])
        if held < at_large:
            return None
        if isinstance(where, str):
            return where
        most = max(where.values())
        equals = [line for line, n in where.items() if n == most]
        return min(equals, key=lambda line: self.key(lines[line][0]))

    def claimant(self, line, lines, t):
        claimed = {}
        heads = sorted((visits[0] for other, visits in lines.items() if self.admits(other[0], t)),
                       key=self.key)  # fmt: skip
        for head in heads:
            if self.lacks_papers(head, t):
                continue
            other, need = self.line(head, t), sorted(self.need(head))
            lacks = [r for r in need if self.free[r][t] < self.need(head)[r]]
            met = [claimed[r] for r in need if r in claimed]
            if other == line:
                for take in self.takes(head):
                    wanted = sorted(self.need(head, take).items())
                    if all(self.free[r][t] >= n for r, n in wanted):
                        return next(claimed[r] for r, _ in wanted if r in claimed)
            only = all(self.plan.resource_kind[r] == SERVERS for r in lacks)
            claims = self.plan.stage_claims[other[0]] and self.may_claim(head)
            if (lacks or met) and only and claims:
                for r in need:
                    if self.plan.resource_kind[r] == SERVERS:
                        claimed.setdefault(r, other)
        raise AssertionError("nothing was missing")

    def root(self, line, causes, lines):
        seen = []
        while True:
            missing, leads = causes[line]
            if leads is None:
                return missing
            if isinstance(leads, str):
                return leads
            if line in seen:
                circle = seen[seen.index(line) :]
                lacking = [one for one in circle if not causes[one][0].endswith(": claim")]
                return causes[min(lacking, key=lambda one: self.key(lines[one][0]))][0]
            seen.append(line)
            line = leads
