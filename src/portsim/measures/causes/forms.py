"""The forms of what the walk reads and writes: tables of integers, events by time, the state."""

from typing import NamedTuple

import numpy as np

from portsim.arrays import Ints

__all__ = [
    "ADMITTED",
    "BACK",
    "BITS",
    "CHANGE",
    "CODES",
    "DOOR",
    "FINISHED",
    "GAVE_IN",
    "LEFT_QUEUE",
    "NOBODY",
    "PASSED",
    "QUEUED",
    "READY",
    "WORK",
    "Events",
    "State",
    "Static",
]

QUEUED, ADMITTED, LEFT_QUEUE, PASSED, GAVE_IN, FINISHED, READY = range(7)
"""What happened to a visit; PASSED: it was admitted as it came, without waiting; GAVE_IN: at its
admission more came back than was taken of a resource; READY: the last of its papers came.
Within a second what comes free is undone before what is taken: so no resource seems to be had in
between, only because one truck gets what another gives."""
CODES = 3
"""Bits for what happened."""
DOOR, WORK, CHANGE, BACK = range(4)
"""What the calendars did: a stage began or ceased to admit, or to work; a capacity or a level
changed; and trucks that left unserved gave back what they had kept."""
NOBODY = -1
BITS = 62
"""Resources are told apart by so many bits, which may be shared; the next bit stands for heads."""


class Static(NamedTuple):
    """What does not change; v visits, n trucks, k kinds, q lines, s stages, r resources.

    Visits of one kind are alike in stage, in what they take and give, and in what the truck holds
    of the h resources that are tracked because they may be kept.
    """

    start: int
    """The walk ends here."""
    end: int
    resources: int
    stages: int
    lines: int
    tracked: int
    kind: np.ndarray
    """int32[v]."""
    truck: Ints
    """int64[v]."""
    queued: Ints
    """int64[v]."""
    admitted: Ints
    """int64[v]."""
    priority: Ints
    """int64[n]."""
    rank: Ints
    """int64[k], the priority of a kind in place of that; of length 0 where trucks have theirs."""
    cls: Ints
    """int64[n]."""
    weight: Ints
    """int64[n], what the waiting counts with."""
    kind_stage: Ints
    kind_line: Ints
    aside: Ints
    """int64[s], the line in which trucks let others pass until their papers are done; or nobody:
    they hold up who is behind them."""
    way_start: Ints
    """int64[k + 1], rows of `need_start`: the ways in which a visit of the kind may be admitted,
    the first of which it was."""
    need_start: Ints
    """int64[w + 1], rows of the next four: what must be free for each way."""
    need_resource: Ints
    need_count: Ints
    need_take: Ints
    """How many are taken, though as many may be given back at once."""
    need_lack: Ints
    """Row of `State.lack_until`."""
    enter_start: Ints
    """int64[k + 1], rows of the next two: what is taken at the admission, less what comes back."""
    enter_resource: Ints
    enter_count: Ints
    back_start: Ints
    """int64[k + 1], rows of the next two: what comes back at the admission, less what is taken."""
    back_resource: Ints
    back_count: Ints
    leave_start: Ints
    """int64[k + 1], rows of the next two: what comes back at the end of the work."""
    leave_resource: Ints
    leave_count: Ints
    lack_start: Ints
    """int64[r + 1], rows of `lack_count`: the needs that there are of a resource."""
    lack_count: Ints
    sort: Ints
    """int64[r], kind of resource."""
    claims: np.ndarray
    """bool[k], whether a visit of the kind claims."""
    gathers: np.ndarray
    """bool[s], trucks leave it in convoys."""
    line_stage: Ints
    line_start: Ints
    """int64[s + 1], rows of `line_of`: the lines of a stage."""
    line_of: Ints
    wants: Ints
    """int64[q], bits of the resources that a line's trucks need."""
    column: Ints
    """int64[r], of a tracked resource, else NOBODY."""
    column_bit: Ints
    """int64[h], the bit of the resource of each column."""
    site_start: Ints
    """int64[h + 1], rows of `site`: stages at which it is held."""
    site: Ints
    held_waiting: Ints
    """int64[k, h], what a truck holds while it waits for a visit,"""
    held_working: Ints
    """and between its admission and the end of its work."""
    holds: np.ndarray
    """bool[k], whether any of that is not 0."""


class Events(NamedTuple):
    """What happened, by time."""

    time: Ints
    visit: Ints
    """int64[m], visit and what happened."""
    step_time: Ints
    step_sort: Ints
    step_what: Ints
    """The stage or the resource."""
    step_before: Ints
    """What was before: of `State.admits` or `State.works`, the capacity or level; what was kept."""


class State(NamedTuple):
    """What changes, as it stands at the end of the run, and room for notes."""

    free: Ints
    """int64[r]."""
    capacity: Ints
    lack_until: Ints
    """First second at which so many are free again."""
    admits: Ints
    """int64[s]."""
    works: Ints
    """int64[s]: 1 while works go on, 0 outside the hours, −1 − r while resource r is off duty."""
    head: Ints
    """int64[q]."""
    tail: Ints
    before: np.ndarray
    """int32[v]."""
    after: np.ndarray
    weights: Ints
    """int64[q, c], weight waiting."""
    waiting_holds: Ints
    """int64[q, h], tokens held by the trucks of a line."""
    working_holds: Ints
    """int64[s, h], tokens held by the trucks at work in a stage."""
    missing: Ints
    """int64[q], what the head lacks."""
    link: Ints
    """int64[q], whom that leads to: a line, or beyond all lines the hours of a stage that pauses,
    beyond all stages a resource off duty; or nobody."""
    watch: Ints
    """int64[q], bits of what may change that."""
    fresh: Ints
    """int64[q], whether it must be looked at anyway."""
    row: Ints
    """int64[q], row of the sums."""
    lacking: np.ndarray
    """int8[v], whether papers are not done."""
    active: Ints
    """int64[q], the lines in which anyone waits, in any order, and"""
    slot: Ints
    """where each of them stands there."""
    sizes: Ints
    """int64[2], how many lines are active; how many rows the sums have."""
    first: Ints
    """int64[q * causes], the latest row of a line and a cause."""
    steps: Ints
    """int64[q + 1]."""
    claimed: Ints
    """int64[r]."""
    passed: Ints
    """int64[q]."""
    free_then: Ints
    lack_then: Ints
