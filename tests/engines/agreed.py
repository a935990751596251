"""One log from all engines, or a failure that tells who says what."""

from dataclasses import fields, replace

import numpy as np

from engines import slow_engine
from plans import Day, story
from portsim.engines import Log, compiled, simpy, stuck
from portsim.plan.contract import Plan

SLOW_UP_TO = 200
"""Seconds that the slow engine is asked to walk through."""


def agreed(what: Day | Plan, by_word: Log | None = None) -> Log:
    """The log of a day or plan, the same by every engine, and so is who is stuck.

    `by_word` is the log of the slow engine, if it has walked through this plan before.
    """
    plan = what if isinstance(what, Plan) else what.plan()
    reference, log = simpy.run(plan), compiled.run(plan)
    assert log == reference, first_difference(plan, log, reference)
    assert stuck(plan, log) == stuck(plan, reference)
    if plan.end <= SLOW_UP_TO:
        by_word = by_word or slow_engine.run(plan)
        assert log == by_word, first_difference(plan, log, by_word)
    return log


def first_difference(plan: Plan, log: Log, reference: Log) -> str:
    """What became of the first truck of which two logs tell different stories."""
    for truck, (told, right) in enumerate(
        zip(story(plan, log), story(plan, reference), strict=True)
    ):
        if told != right:
            return f"truck {truck}: {told}\ninstead of: {right}"
    opened, rightly = log.openings.tolist(), reference.openings.tolist()
    if opened != rightly:
        return f"opened {opened}\ninstead of: {rightly}"
    stopped, rightly = log.stops.tolist(), reference.stops.tolist()
    return "no difference" if stopped == rightly else f"stopped {stopped}\ninstead of: {rightly}"


def arrays_of(plan: Plan) -> dict[str, np.ndarray]:
    """The arrays of a plan by name."""
    values = {field.name: getattr(plan, field.name) for field in fields(plan)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def with_arrays(plan: Plan, change) -> Plan:
    """The plan with something done to each of its arrays."""
    return replace(plan, **{name: change(array) for name, array in arrays_of(plan).items()})
