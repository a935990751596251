"""Comings: when each truck of a run came, and the run told so that each coming is a truck.

Measures know trucks that come once. Trucks that come again stand in a plan as others that may come;
here those that did are put among the rest by the second of their arrival. Nothing is counted.
"""

from dataclasses import replace

import numpy as np

from portsim.arrays import Ints
from portsim.engines.log import DIVERTED, GAVE_UP, Log
from portsim.engines.went import as_it_went
from portsim.plan.contract import NEVER, Plan

__all__ = ["as_it_came", "comings"]


def comings(plan: Plan, log: Log) -> Ints:
    """When each truck came, int64[n]: NEVER of those that stayed away.

    A second at or after the end is that of a truck that has left and would come again then.
    """
    again = plan.again
    if again is None:
        return plan.arrival
    arrived = np.where(plan.arrival < plan.end, plan.arrival, NEVER)
    beginning = plan.beginning
    if beginning is not None and beginning.coming is not None:
        arrived[beginning.coming[:, 0]] = beginning.coming[:, 1]
    if beginning is not None and beginning.again is not None:
        # When they came is not told; no later than they joined their first queue.
        place = int(plan.first_visit[int(np.searchsorted(plan.arrival, beginning.second))])
        for truck in beginning.again.tolist():
            arrived[truck] = beginning.queued[place]
            place += int(plan.first_visit[truck + 1] - plan.first_visit[truck])
    gone = np.isin(log.outcome, (DIVERTED, GAVE_UP)) & (again.next != NEVER)
    arrived[again.next[gone]] = log.left[gone] + again.after[gone]
    return arrived


def as_it_came(plan: Plan, log: Log) -> tuple[Plan, Log]:
    """The run with every coming as a truck of its own, in the order of their arrivals.

    Those that stayed away are left out, and visits are what was chosen. Of a plan in which nobody
    comes again and nothing is chosen both are given back as they are.

    Returns:
        A plan without `again` and the log of its trucks. The context knows who had been there
        before (`before`), and of whom another coming was still to be expected (`expected`).
    """
    plan, again = as_it_went(plan, log), plan.again
    if again is None:
        return plan, log
    arrived = comings(plan, log)
    came = (arrived != NEVER) & (arrived < plan.end)
    trucks = np.flatnonzero(came)
    trucks = trucks[np.argsort(arrived[trucks], kind="stable")]
    count = np.diff(plan.first_visit)[trucks]
    first = np.concatenate([[0], np.cumsum(count)])
    visits = np.repeat(plan.first_visit[trucks] - first[:-1], count) + np.arange(int(first[-1]))
    later = np.arange(plan.trucks) >= np.searchsorted(plan.arrival, plan.end)
    context = plan.context
    if context is not None:
        columns = ("truck_class", "pieces", "tonnes", "value", "residents")
        context = replace(
            context,
            before=later[trucks],
            expected=(again.next != NEVER)[trucks],
            **{name: getattr(context, name)[trucks] for name in columns},
        )
    moods = ("kind", "work", "patience", "tolerance")
    told = replace(
        plan,
        arrival=arrived[trucks],
        priority=plan.priority[trucks],
        first_visit=first.astype(np.int64),
        **{f"visit_{name}": getattr(plan, f"visit_{name}")[visits] for name in moods},
        again=None,
        context=context,
    )
    stops = log.stops
    if len(stops):
        number = np.zeros(plan.visits, dtype=np.int64)
        number[visits] = np.arange(len(visits))
        stops = np.column_stack([stops[:, 0], number[stops[:, 1]], stops[:, 2:]])
    return told, replace(
        log,
        stops=stops,
        queued=log.queued[visits],
        admitted=log.admitted[visits],
        finished=log.finished[visits],
        outcome=log.outcome[trucks],
        left=log.left[trucks],
    )
