"""What limits a port at its capacity: where trucks wait, and what one more of a resource would add.

How the capacity is found may not enter.
"""

from collections.abc import Mapping
from functools import cache
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from portsim.experiment.climb import NEAR, Climb, climb
from portsim.experiment.demands import LOOK, Demands
from portsim.measures import Cause, Measurement, waits
from portsim.plan import STORE, Plan, more

__all__ = ["Gain", "beyond", "limits"]

_LITTLE, _PRESSED, _MUCH = 1.05, 1.3, 1.8
"""Multiples of the capacity's demand at which is asked what one more of a resource would give."""
_FURTHER = 16.0
"""The largest such multiple, where even one more leaves throughput rising."""
_CANDIDATES = 4
_STEP, _GAINS, _SHARE = 0.05, 0.004, 0.1
"""More of a resource than one where it has many, as a share; the share of the throughput from which
on a gain is none of luck; and the share of the largest gain below which one is not worth a name."""


class Gain(NamedTuple):
    """What one more of a resource, or of each of several, adds."""

    places: list[str]
    a_day: float
    at_least: bool
    """Whether throughput with one more still rose when the search had to end."""


def limits(port: Demands, top: Climb, reach: float) -> tuple[str, list[Gain]]:
    """What trucks wait for where more come than pass, and what one more of it would give.

    Returns:
        The root of most of the waiting, and the resources of which more lets more pass, each
        with the trucks a day that one more adds, the most first; where no resource by itself
        does, those that do together.
    """
    peak, drawn = top.peak, top.drawn
    plan = port.site(_PRESSED * peak, LOOK).at(_PRESSED * peak)
    waiting = waits(Measurement(plan, port.run(plan)))
    main = waiting.main_root()
    names = plan.context.resource_names if plan.context is not None else ()
    candidates = [
        names.index(cause.name) for cause, _ in waiting.by_root(("servers", "budget"))[:_CANDIDATES]
    ]
    steps = {
        resource: max(1, round(_STEP * _largest(plan, resource)))
        for resource in np.flatnonzero(plan.resource_kind != STORE).tolist()
    }
    tried = top.tried
    if drawn < _MUCH * peak:
        drawn = 2.0 * peak
        through = port.through(drawn)
        tried = {multiple: through(multiple) for multiple in (peak, _LITTLE * peak)}

    @cache
    def pressed(times: float) -> Plan:
        return port.search_site(drawn).at(times * peak)

    there = port.released(pressed(_PRESSED))
    before = max(value for value in (0.0, there, *tried.values()) if isfinite(value))

    def added(*these: int) -> tuple[float, bool]:
        """What more of these adds to the most that pass at any demand; whether at least."""

        def changed(plan: Plan) -> Plan:
            for resource in these:
                plan = more(plan, resource, steps[resource])
            return plan

        def through(times: float) -> float:
            return port.released(changed(pressed(times)))

        def rises() -> bool:
            return seen[-1] > (1.0 + NEAR) * seen[-2]

        if not (most := through(_PRESSED)) > (1.0 + _GAINS) * there:
            return 0.0, False
        seen, at_least = [through(_LITTLE), most], bool(port.fixed)
        if rises():
            seen.append(through(_MUCH))
            if rises():
                # The demand that fills the port is too small for one more.
                first = _MUCH * peak
                filled = climb(
                    lambda times: port.through(times, changed),
                    first,
                    max(first, min(_FURTHER * peak, reach)),
                )
                seen += filled.tried.values()
                at_least |= not filled.ended
        gain = max((value for value in seen if isfinite(value)), default=0.0) - before
        return (gain, at_least) if gain > _GAINS * before else (0.0, False)

    def gain(*these: int) -> Gain:
        sum_, at_least = added(*these)
        return Gain(
            [names[resource] for resource in these],
            sum_ / max(steps[resource] for resource in these),
            at_least,
        )

    gains = [entry for entry in map(gain, candidates) if entry.a_day > 0]
    gains.sort(key=lambda entry: -entry.a_day)
    if not gains and added(*steps)[0] > 0:
        # Those for which nobody waits, though they are as busy, are the first to be spared.
        together = [
            *candidates,
            *(resource for resource in steps if resource not in candidates),
        ]
        for resource in reversed(list(together)):
            without = [number for number in together if number != resource]
            if without and added(*without)[0] > 0:
                together = without
        gains = [gain(*together)]
    least = _SHARE * gains[0].a_day if gains else 0.0
    return "" if main is None else main.text, [entry for entry in gains if entry.a_day >= least]


def beyond(
    port: Demands, crowded: float, before: Mapping[str, float], after: Mapping[str, float]
) -> dict[str, Any]:
    """Who passes fewest at twice the demand, and what these wait for.

    Args:
        port: the port.
        crowded: multiple of the demand, twice that at which most pass.
        before: releases a day at half of it, by class and direction.
        after: those there.

    Returns:
        ``multiple``, ``per_day``, ``group``, ``before``, ``after``, ``waits_for``.
    """
    plan = port.site(crowded, LOOK).at(crowded)
    waiting = waits(Measurement(plan, port.run(plan)))
    groups = list(before)
    context = plan.context
    assert context is not None
    directions = [name for name in groups if name in context.directions]
    fall = {name: before[name] - after[name] for name in groups}
    losers = [name for name in directions if fall[name] > 0]
    if not 0 < len(losers) < len(directions):
        losers = [name for name in groups if name in context.class_names]
    loser = max(losers, key=lambda name: fall[name])
    of_loser = [loser in pair for pair in zip(context.class_names, context.directions, strict=True)]
    seconds = waiting.seconds[:, np.array(of_loser)].sum(axis=1)
    sums = np.bincount(waiting.root, weights=seconds, minlength=len(waiting.causes))
    things = [cause.kind in Cause.RESOURCES for cause in waiting.causes]
    cause = waiting.causes[int(np.where(things, sums, -1.0).argmax())]
    return {
        "multiple": crowded,
        "per_day": after["all"],
        "group": loser,
        "before": before[loser],
        "after": after[loser],
        "waits_for": cause.text if sums.max(initial=0.0) > 0 else "",
    }


def _largest(plan: Plan, resource: int) -> int:
    changes = plan.change_value[plan.change_resource == resource]
    return max(1, int(plan.resource_initial[resource]), int(changes.max(initial=0)))
