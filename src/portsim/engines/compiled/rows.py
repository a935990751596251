"""The compiled engine's tables, row by row: what stands in which, and in how many bytes.

What belongs together stands together in a row, because the loop pays by the cache line. No value is
worked out here.
"""

from typing import Any

import numpy as np

__all__ = [
    "CHANGE",
    "CHOICE",
    "CONVOY",
    "DOOR",
    "END",
    "KIND",
    "LINE",
    "OWN",
    "PACE",
    "PAPERS",
    "PLACE",
    "RESOURCE",
    "RISE",
    "RULE",
    "STAGE",
    "STOP",
    "TOKENS",
    "TRUCK",
    "TURN",
    "VISIT",
    "WATCH",
    "WAY",
    "WORK",
    "table_of",
]


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


TRUCK = _row(
    32,
    key=np.int64,  # of its waiting: the smaller goes first
    visit=np.uint32,  # at which it is
    beyond=np.uint32,  # its last visit, plus one
    level=np.uint32,  # rank of its priority
    before=np.uint32,  # the truck ahead of it in its list
    after=np.uint32,
    stands=np.uint32,  # whether it waits in a queue, and how: IN_LINE and the next ones
)
VISIT = _row(8, kind=np.uint32, work=np.uint32)
KIND = _row(
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
TOKENS = _row(16, count=np.int64, resource=np.uint32)
LINE = _row(
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
PLACE = _row(8, head=np.uint32, tail=np.uint32)
STAGE = _row(
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
RESOURCE = _row(
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
WORK = _row(32, start=np.int64, end=np.int64, done=np.int64)
"""Intervals of work time; `done` is the work time of the stage up to the end of each."""
DOOR = _row(16, time=np.int64, stage=np.uint32, admits=np.uint32)
CHANGE = _row(32, time=np.int64, value=np.int64, resource=np.uint32)

RULE = _row(
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
WATCH = _row(16, count=np.int64, stage=np.uint32)
TURN = _row(16, time=np.int64, rule=np.uint32, begins=np.uint32)

PAPERS = _row(
    32,
    begins=np.int64,
    # Of their truck, or NOBODY: its number, the visit with which they begin, the one that waits.
    belongs=np.uint32,
    with_visit=np.uint32,
    needed=np.uint32,
)
OWN = _row(8, first=np.uint32, beyond=np.uint32)
"""The papers of a truck."""
PACE = _row(16, since=np.int64, milli=np.int64)
"""How long work lasts by the second in which it begins."""

RISE = _row(16, value=np.int64, every=np.int64)
"""What a level is worth when nobody has waited, 1 or more at all times, and the seconds after which
it is worth one less, or NEVER."""

CONVOY = _row(
    32,
    after=np.int64,
    count=np.int64,
    stage=np.uint32,
    admits=np.uint32,  # whether its stage does
)
"""Of a stage that trucks leave together."""

CHOICE = _row(16, rule=np.int64, first=np.uint32, beyond=np.uint32)
"""Of a visit that may be made in several ways, with its rows of the next table."""
WAY = _row(8, kind=np.uint32, work=np.uint32)

STOP = _row(32, time=np.int64, count=np.int64, resource=np.uint32, anew=np.uint32)
"""Of servers that break and stop the work in hand."""

END = _row(32, time=np.int64, count=np.int64, resource=np.uint32)
"""Of shifts that overlap with the next one."""


def table_of(dtype: np.dtype, **columns: np.ndarray) -> np.ndarray:
    """A table of such rows, from arrays of equal lengths by name; what is not named is 0."""
    table = np.zeros(len(next(iter(columns.values()))), dtype=dtype)
    for name, values in columns.items():
        table[name] = values
    return table
