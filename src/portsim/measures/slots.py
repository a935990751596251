"""Measures of slots: who got the time that was wanted, and how long the others waited at home.

They are told of the trucks that wanted a time in the period, whether or not they came; where no
class asks for slots there are none.
"""

import numpy as np

from portsim.arrays import Ints
from portsim.measures.groups import Groups, Row
from portsim.measures.measurement import Measurement
from portsim.measures.wanted import Wanted
from portsim.plan.contract import SlotsAsked

__all__ = ["late_for_promise", "slot_rows"]

_HOUR = 3600.0
_WAITS = {"slot_wait_mean_h": None, "slot_wait_p95_h": 0.95}
_COUNTS = ("slots_wanted_per_day", "no_slot_per_day", "no_show_per_day")
_SHARE = "slot_as_wanted"


def slot_rows(run: Measurement, wanted: Wanted) -> list[Row]:
    """Rows of the port for the groups that have a class that asks for slots."""
    asked, context = run.context.slots, run.context
    if asked is None or not wanted.any(*_WAITS, *_COUNTS, _SHARE):
        return []
    groups = run.groups
    of_period = (asked.wanted >= context.start) & (asked.wanted < run.plan.end)
    weight = asked.weight
    wait = np.where(asked.got, 0, asked.slot - asked.wanted) / _HOUR
    counts = {
        "slots_wanted_per_day": of_period,
        "no_slot_per_day": of_period & ~asked.given,
        "no_show_per_day": of_period & asked.given & ~asked.comes,
    }
    per_day = {name: _sums(groups, asked, which, weight) for name, which in counts.items()}
    got = _sums(groups, asked, of_period & asked.got, weight)
    ask = np.unique(asked.truck_class)
    rows: list[Row] = []
    members = groups.members(asked.truck_class)
    for number, name in enumerate(groups.names):
        if not groups.table[number, ask].any():
            continue
        for measure, sums in per_day.items():
            rows.append((name, "", measure, sums[number] / context.days, int(sums[number]), ""))
        all_ = int(per_day["slots_wanted_per_day"][number])
        rows.append((name, "", _SHARE, got[number] / all_ if all_ else np.nan, all_, ""))
        mine = members[number]
        mine = mine[(of_period & asked.given)[mine]]
        waits = np.repeat(wait[mine], weight[mine])
        for measure, share in _WAITS.items():
            value = np.nan
            if len(waits):
                value = float(waits.mean() if share is None else np.quantile(waits, share))
            rows.append((name, "", measure, value, len(waits), ""))
    return rows


def late_for_promise(run: Measurement) -> tuple[Ints, Ints, Ints]:
    """Trucks that break a promise whose clock starts at the time they wanted and are in no log.

    They found no slot, or come after the end of the run to one that was too late. Who does not keep
    a slot is not judged.

    Returns:
        int64[k] each: class, weight and the second they wanted.
    """
    context, asked = run.context, run.context.slots
    none = np.zeros(0, dtype=np.int64)
    if asked is None or not context.clock_wanted:
        return none, none, none
    last = run.plan.end - context.limit
    judged = (asked.wanted >= context.start) & (asked.wanted < last)
    lost = ~asked.given | (asked.comes & (asked.arrival >= run.plan.end))
    rows = np.flatnonzero(judged & lost)
    return asked.truck_class[rows], asked.weight[rows], asked.wanted[rows]


def _sums(groups: Groups, asked: SlotsAsked, which: np.ndarray, weight: Ints) -> np.ndarray:
    return groups.sums(asked.truck_class[which], weight[which])
