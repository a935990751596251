"""Use of servers against their staffing: what trucks held at each second, and what could work.

Servers that are taken and given together, as a desk and its clerk, have one course of use; it is
followed once for all of them. How it is followed may not enter.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from portsim.arrays import Ints, own
from portsim.calendars import intersect
from portsim.measures.holdings import given_back
from portsim.measures.measurement import Measurement
from portsim.measures.order import argsort_ints
from portsim.measures.spans import Spans, context_of
from portsim.measures.staffing import Staffing
from portsim.measures.visit_kinds import Kinds
from portsim.plan.contract import NEVER, SERVERS, Plan

if TYPE_CHECKING:
    from portsim.measures.server_course import Course, Groups

__all__ = ["server_use"]

_NONE = np.zeros(0, dtype=np.int64)

_Staff: TypeAlias = Mapping[int, Staffing]


def server_use(run: Measurement) -> dict[int, tuple[int, int]]:
    """Token-seconds used of what could work, and worked over time, in the period: by servers.

    Over time is what is held above the roster, but for pauses; of servers without a calendar or
    roster, what works while no stage that takes them is open.
    """
    # Whoever only reads results need not wait until Numba is loaded.
    from portsim.measures.server_course import Standing, follow  # noqa: PLC0415

    run = run.with_papers
    plan, spans, start = run.plan, run.spans, context_of(run.plan).start
    alike = _alike(plan, spans.kinds)
    if not alike:
        return {}
    groups = _groups(plan, spans, alike, run.staffing)
    steps = zip(groups.step[:-1].tolist(), groups.step[1:].tolist(), strict=True)
    at = [a + np.searchsorted(groups.since[a:b], start, side="right") - 1 for a, b in steps]
    pausing = np.count_nonzero(plan.stage_pause)
    used, working, resting = np.zeros((3, len(alike)), dtype=np.int64)
    standing = Standing(
        used=used,
        working=working,
        resting=resting,
        there=np.zeros((len(alike), pausing), dtype=np.int64),
        shut=np.ones(pausing, dtype=np.int64),
        last=np.full(len(at), start, dtype=np.int64),
        at=np.array(at, dtype=np.int64),
        sums=np.zeros((len(at), 2), dtype=np.int64),
    )
    follow(_course(run, alike, groups), groups, standing)
    every = [server for servers in alike for server in servers]
    return dict(zip(every, map(tuple, standing.sums.tolist()), strict=True))


def _alike(plan: Plan, kinds: Kinds) -> list[list[int]]:
    """Servers of which every kind of visit takes and gives the same."""
    groups: dict[bytes, list[int]] = {}
    for server in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        columns = [table[:, server] for table in (kinds.take, kinds.give_in, kinds.give_out)]
        groups.setdefault(np.concatenate(columns).tobytes(), []).append(server)
    return list(groups.values())


def _course(run: Measurement, alike: Sequence[Sequence[int]], groups: "Groups") -> "Course":
    """What happens to servers."""
    from portsim.measures.server_course import Course  # noqa: PLC0415 - see above

    plan, log, spans, kinds = run.plan, run.log, run.spans, run.spans.kinds
    moves = np.diff(groups.first) > 0
    works = np.flatnonzero((log.admitted != NEVER) & moves[spans.holdings.which])
    time, resource, count = given_back(plan, log, kinds, spans.holdings)
    group = np.full(len(plan.resource_kind), -1, dtype=np.int64)
    group[[servers[0] for servers in alike]] = np.arange(len(alike))
    back = np.flatnonzero(group[resource] >= 0)
    still = np.concatenate([_still(run, alike[n][0], n) for n in range(len(alike))])
    pausing = np.flatnonzero(plan.stage_pause)
    edges = [plan.works(stage).ravel() for stage in pausing.tolist()]
    second = np.concatenate(
        [spans.begun[works], spans.done[works], time[back], *edges, still[:, 0], still[:, 1]]
    )
    return Course(
        order=argsort_ints(second),
        second=second,
        kind=spans.holdings.which[works],
        back=np.column_stack([group[resource[back]], count[back]]),
        edge=np.repeat(np.arange(len(pausing)), [len(marks) for marks in edges]),
        still=own(still[:, 2:]),
        end=plan.end,
    )


def _still(run: Measurement, server: int, group: int) -> Ints:
    """Works that a breakdown keeps still with some servers: int64[k, 4], from when until when, the
    group and how many of these they hold; where such work pauses, the time in which it would go
    on."""
    plan, spans = run.plan, run.spans
    rows: list[tuple[int, int, int, int]] = []
    held = _at_work(spans, server) if spans.stood else _NONE
    for visit, since, until in spans.stood:
        stage, count = int(plan.visit_stage[visit]), int(held[spans.holdings.which[visit]])
        whole = np.array([[since, until]])
        parts = intersect(plan.works(stage), whole) if plan.stage_pause[stage] else whole
        rows += [(a, b, group, count) for a, b in parts.tolist() if count]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def _at_work(spans: Spans, server: int) -> Ints:
    """Servers that each kind of `Holdings` holds at work: int64[k]."""
    kinds, holdings = spans.kinds, spans.holdings
    if kinds.keeps(server):
        return holdings.at_work(server)
    return np.asarray((kinds.take - kinds.give_in)[holdings.kind, server])


def _groups(plan: Plan, spans: Spans, alike: Sequence[Sequence[int]], staff: _Staff) -> "Groups":
    """The groups of servers, what kinds of visits do with them, and who is on duty."""
    from portsim.measures.server_course import Groups  # noqa: PLC0415 - see above

    kinds, kind_of, one = spans.kinds, spans.holdings.kind, [servers[0] for servers in alike]
    takes, gives = (kinds.take - kinds.give_in)[kind_of][:, one], kinds.give_out[kind_of][:, one]
    held = np.stack([_at_work(spans, server) for server in one], axis=1)
    kind, group = np.nonzero((takes != 0) | (gives != 0) | (held != 0))
    pauses = np.where(plan.stage_pause, np.cumsum(plan.stage_pause) - 1, -1)
    every = [staff[server] for servers in alike for server in servers]
    return Groups(
        first=np.searchsorted(kind, np.arange(len(kind_of) + 1)),
        group=own(group),
        takes=takes[kind, group],
        gives=gives[kind, group],
        held=held[kind, group],
        pauses=pauses[kinds.stage[kind_of]],
        servers=_ends([len(servers) for servers in alike]),
        rostered=np.array([staffing.rostered for staffing in every], dtype=np.int64),
        step=_ends([len(staffing.times) for staffing in every]),
        since=np.concatenate([staffing.times for staffing in every]),
        staffed=np.concatenate([staffing.staffed for staffing in every]),
        available=np.concatenate([staffing.available for staffing in every]),
    )


def _ends(lengths: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
