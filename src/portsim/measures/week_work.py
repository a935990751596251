"""Curves of resources over the week: the work that comes to servers, and who is rostered for it."""

import numpy as np

from portsim.arrays import Reals
from portsim.measures.curve import Curve
from portsim.measures.measurement import Measurement
from portsim.measures.spans import context_of
from portsim.measures.sums import sum_by
from portsim.plan.contract import SERVERS

__all__ = ["week_work"]

_HOUR_S = 3600
_WEEK_H = 168


def week_work(run: Measurement) -> list[Curve]:
    """What is asked of servers in each hour of the local week, and how many are rostered then.

    Args:
        run: the run.

    Returns:
        `week_work`, `week_work_most` and `week_rostered` of each kind of servers, in servers: the
        work of the visits that join the queue in that hour, in server-hours an hour, as a mean and
        in the week that has most of it in this hour, and the mean number on duty; of servers
        without a roster those that can work. Undefined where the period does not begin
        at a full hour, and for hours of the week that it does not have in full.
    """
    every = run.with_papers
    plan, log, kinds, context = every.plan, every.log, every.spans.kinds, every.context
    start = context.start
    # Part of an hour has part of the work.
    hour = context.hour_of_week[: (plan.end - start) // _HOUR_S]
    count = np.bincount(hour, minlength=_WEEK_H)
    week = np.arange(_WEEK_H, dtype=np.float64)
    edges = start + _HOUR_S * np.arange(len(hour) + 1)
    since = (log.queued - start) // _HOUR_S
    asked = every.spans.reached & (log.queued >= start) & (since < len(hour))
    visits = np.flatnonzero(asked)
    work = plan.visit_work[visits]
    code = kinds.of[visits] * len(hour) + since[visits]
    seconds = sum_by(code, work, len(kinds) * len(hour)).reshape(len(kinds), len(hour))

    def mean(hourly: Reals) -> Reals:
        with np.errstate(invalid="ignore", divide="ignore"):
            total = np.bincount(hour, weights=hourly, minlength=_WEEK_H)
            return np.asarray(total / _HOUR_S / count)

    drawn: list[Curve] = []
    for server in np.flatnonzero(plan.resource_kind == SERVERS).tolist():
        place = context_of(plan).resource_names[server]
        if kinds.keeps(server):
            # Who is kept for later stages works there too.
            total = sum_by(since[visits], kinds.held(server)[visits] * work, len(hour))
        else:
            total = kinds.give_out[:, server] @ seconds
        staff = run.staffing[server]
        there = staff.between(staff.staffed, edges, plan.end)
        most = np.full(_WEEK_H, np.nan)
        np.fmax.at(most, hour, total / _HOUR_S)
        for name, values in (
            ("week_work", mean(total)),
            ("week_work_most", most),
            ("week_rostered", mean(there)),
        ):
            drawn.append(Curve("all", place, name, "h", "1", week, values))
    return drawn
