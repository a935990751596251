"""Spans: how long each visit and each truck waited, worked and stood, from plan and log alone.

Everything is int64 seconds and cut at the end of the run; averaging is done elsewhere.
"""

from collections.abc import Iterator
from functools import cache, cached_property, partial

import numpy as np

from portsim.arrays import Ints
from portsim.calendars import Intervals, intersect, measure_within, merge
from portsim.engines.log import INSIDE, Log
from portsim.measures.holdings import Holdings
from portsim.measures.papers import complete
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import NEVER, SERVERS, Context, Plan

__all__ = ["Spans", "context_of", "on_duty"]


class Spans:
    """What the log says about v visits and n trucks, in seconds.

    Each column is worked out when it is first asked for.
    """

    def __init__(self, plan: Plan, log: Log) -> None:
        """Get ready for a run."""
        self._plan, self._log = plan, log

    @cached_property
    def kinds(self) -> Kinds:
        """The visits by kind."""
        return Kinds.sort(self._plan)

    @cached_property
    def holdings(self) -> Holdings:
        """What trucks hold at them."""
        return Holdings.of(self._plan, self.kinds)

    @cached_property
    def truck(self) -> Ints:
        """int64[v], the truck of each visit."""
        return np.repeat(np.arange(self._plan.trucks), np.diff(self._plan.first_visit))

    @cached_property
    def place(self) -> Ints:
        """int64[v], stage and class of each visit: stage times number of classes plus class."""
        context = context_of(self._plan)
        classes = len(context.class_names)
        return self._plan.visit_stage * classes + context.truck_class[self.truck]

    @cached_property
    def reached(self) -> np.ndarray:
        """bool[v], the truck joined this queue."""
        return np.asarray(self._log.queued != NEVER)

    @cached_property
    def out(self) -> Ints:
        """int64[n], second of leaving, or the end of the run."""
        return np.where(self._log.outcome == INSIDE, self._plan.end, self._log.left)

    @cached_property
    def _waiting(self) -> Ints:
        """Visits that were not admitted. They are few: each column is mended there only."""
        return np.flatnonzero(self._log.admitted == NEVER)

    @cached_property
    def until(self) -> Ints:
        """int64[v], end of the waiting: admission, giving up or end of the run."""
        until, waiting = self._log.admitted.copy(), self._waiting
        until[waiting] = np.where(self.reached[waiting], self.out[self.truck[waiting]], 0)
        return until

    @cached_property
    def _queued(self) -> Ints:
        queued = self._log.queued.copy()
        queued[np.flatnonzero(~self.reached)] = 0
        return queued

    @cached_property
    def begun(self) -> Ints:
        """int64[v], start of the work, or the end of the run."""
        begun = self._log.admitted.copy()
        begun[self._waiting] = self._plan.end
        return begun

    @cached_property
    def done(self) -> Ints:
        """int64[v], end of the work, or the end of the run."""
        done = self._log.finished.copy()
        done[done == NEVER] = self._plan.end
        return done

    @cached_property
    def _openings(self) -> list[tuple[Intervals, Ints]]:
        return list(_openings(self._plan, self.kinds))

    @cached_property
    def opened(self) -> list[Intervals]:
        """When each stage admits and the servers its trucks take are on duty: int64[k, 2] of each
        stage, half-open intervals in plan seconds. What of the waiting there lies within is
        `wait_open`, what lies without `wait_closed`; where trucks take other servers than each
        other, it counts that some of them could go.
        """
        by_stage: dict[int, list[Intervals]] = {}
        for open_, alike in self._openings:
            by_stage.setdefault(int(self.kinds.stage[alike[0]]), []).append(open_)
        return [
            merge(np.concatenate(by_stage[stage]))
            if stage in by_stage
            else self._plan.admits(stage)
            for stage in range(len(self._plan.stage_pause))
        ]

    @cached_property
    def wait_open(self) -> Ints:
        """int64[v], waiting while the stage admitted and its servers were on duty; with a choice of
        servers, while those of any way were."""
        queued, until = self._queued, self.until
        wait_open = np.zeros_like(until)
        for open_, alike in self._openings:
            rows = self.kinds.visits(alike)
            rows = rows[until[rows] > queued[rows]]
            wait_open[rows] = measure_within(open_, queued[rows], until[rows])
        return wait_open

    @cached_property
    def wait_closed(self) -> Ints:
        """int64[v], the rest of the waiting."""
        return self.until - self._queued - self.wait_open

    @cached_property
    def lacking(self) -> Ints:
        """int64[v], second until which each visit waited for papers of its truck; that of joining
        the queue where it did not, NEVER where it never joined."""
        done = complete(self._plan, self._log)
        return np.where(self.reached, np.minimum(done, self.until), NEVER)

    @property
    def wait_papers(self) -> Ints:
        """int64[v], what of the waiting was waiting for papers of the truck itself."""
        return np.where(self.reached, self.lacking - self._log.queued, 0)

    @cached_property
    def paused(self) -> Ints:
        """int64[v], between admission and end of work while the work paused."""
        begun, done, kinds = self.begun, self.done, self.kinds
        paused = np.zeros_like(begun)
        for stage in np.flatnonzero(self._plan.stage_pause).tolist():
            rows = kinds.visits(np.flatnonzero(kinds.stage == stage))
            rows = rows[done[rows] > begun[rows]]
            worked = measure_within(self._plan.works(stage), begun[rows], done[rows])
            paused[rows] = done[rows] - begun[rows] - worked
        for visit, since, until in self.stood:
            paused[visit] += self.standing(visit, since, until)
        return paused

    @cached_property
    def stood(self) -> list[tuple[int, int, int]]:
        """Visits whose work a breakdown stopped, and from when until when it stood still."""
        since: dict[int, int] = {}
        beginning, stood = self._plan.beginning, []
        if beginning is not None and beginning.interrupted is not None:
            for visit, goes, _ in beginning.interrupted.tolist():
                if goes == NEVER:
                    since[visit] = beginning.second
        for second, visit, _, goes in self._log.stops.tolist():
            if goes:
                stood.append((visit, since.pop(visit), second))
            else:
                since[visit] = second
        return stood + [(visit, second, self._plan.end) for visit, second in since.items()]

    def standing(self, visit: int, since: int, until: int) -> int:
        """Seconds between two in which the work of a visit would have gone on."""
        stage = int(self._plan.visit_stage[visit])
        if not self._plan.stage_pause[stage]:
            return until - since
        edges = np.array([since]), np.array([until])
        return int(measure_within(self._plan.works(stage), *edges)[0])

    @cached_property
    def service(self) -> Ints:
        """int64[v], work in progress."""
        return self.done - self.begun - self.paused


def context_of(plan: Plan) -> Context:
    """The plan's context.

    Raises:
        ValueError: the plan was built without one.
    """
    if plan.context is None:
        msg = "measures need a plan with a context"
        raise ValueError(msg)
    return plan.context


def _openings(plan: Plan, kinds: Kinds) -> Iterator[tuple[Intervals, Ints]]:
    """When a stage admitted and its servers were on duty, and the kinds of visits this holds for.

    Budgets and stores make kinds of visits, too, but do not count here.
    """
    there = cache(partial(on_duty, plan))
    alike: dict[tuple[int, frozenset[tuple[tuple[int, int], ...]]], list[int]] = {}
    for kind, (stage, could) in enumerate(zip(kinds.stage.tolist(), kinds.could_take, strict=True)):
        wanted = frozenset(
            tuple((w, n) for w, n in plan.tokens(take) if plan.resource_kind[w] == SERVERS)
            for take in could
        )
        alike.setdefault((stage, wanted), []).append(kind)
    for (stage, ways), members in alike.items():
        parts = []
        for servers in ways:
            open_ = plan.admits(stage)
            for server, count in servers:
                open_ = intersect(open_, there(server, count))
            parts.append(open_)
        yield parts[0] if len(parts) == 1 else merge(np.concatenate(parts)), np.array(members)


def on_duty(plan: Plan, resource: int, count: int) -> Intervals:
    """Intervals in which so many servers of a kind, or more, are on duty."""
    since, values = plan.course(resource)
    times = np.append(since, plan.end)
    return merge(np.column_stack([times[:-1], times[1:]])[values >= count])
