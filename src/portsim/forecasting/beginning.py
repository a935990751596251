"""The beginning of a forecast: a scenario whose period is the coming hours, with who is inside now.

What is known of the trucks comes in; whatever happens after the minute may not.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from portsim.calendars import to_utc, zone
from portsim.checking.possible import state_of
from portsim.demand import trucks_inside
from portsim.errors import InputError
from portsim.scenario.inside import Inside, TrucksInside
from portsim.scenario.model import Scenario
from portsim.scenario.moments import parse_moment, spelt_moment
from portsim.scenario.validation_messages import ValueFault

__all__ = [
    "LEAST_H",
    "MOST_H",
    "begun",
    "ends_twice",
    "from_file",
    "local_minute",
    "minute_of",
    "nobody",
    "second_of",
]

LEAST_H, MOST_H = 0.25, 31 * 24.0


def minute_of(at: str | dt.datetime) -> dt.datetime:
    """The minute at which a forecast begins, local time of the port.

    Raises:
        InputError: it is none.
    """
    try:
        moment = parse_moment(at)
    except ValueFault as wrong:
        hint = 'write e.g. --at "2025-04-14 10:00"'
        raise InputError(f"at: found {at}; expected {wrong.expected}\n    hint: {hint}") from None
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    return moment


def second_of(scenario: Scenario, minute: dt.datetime) -> int:
    """UTC epoch second of a minute of a port's local time."""
    of_day = minute.hour * 3600 + minute.minute * 60
    return to_utc(minute.date(), of_day, zone(scenario.timezone), later=False)


def local_minute(scenario: Scenario, second: int) -> dt.datetime:
    """What the clock of a port shows at a UTC epoch second."""
    return dt.datetime.fromtimestamp(second, zone(scenario.timezone)).replace(tzinfo=None)


def _end(scenario: Scenario, minute: dt.datetime, hours: float) -> int:
    """The second at which so many hours have passed, whatever clocks do meanwhile."""
    return second_of(scenario, minute) + round(hours * 3600)


def ends_twice(scenario: Scenario, minute: dt.datetime, hours: float) -> bool:
    """Whether a period would end in the second one of two hours that the clock shows alike."""
    end = _end(scenario, minute, hours)
    return second_of(scenario, local_minute(scenario, end)) != end


def begun(
    scenario: Scenario,
    minute: dt.datetime,
    hours: float,
    inside: TrucksInside | None,
    left: Mapping[str, int] | None = None,
) -> Scenario:
    """The scenario that begins at a minute with these trucks inside.

    Args:
        scenario: checked.
        minute: local time of the port.
        hours: how long its period lasts, whole quarters of an hour.
        inside: who is inside; None for those of the scenario itself, whose period begins then.
        left: what is left of budgets and stores; their level where it is not said.

    Raises:
        InputError: the hours are too few or too many, or the scenario says nothing of who is
            inside, or says it of another minute; or its trucks have papers.
    """
    if not LEAST_H <= hours <= MOST_H or hours * 4 != round(hours * 4):
        raise InputError(
            f"hours: found {hours:g}; expected quarters of an hour, 0.25 to {MOST_H:g}\n"
            "    hint: write e.g. --hours 48"
        )
    if any(cls.papers for cls in scenario.traffic.classes.values()):
        raise InputError(
            f"{scenario.name}: trucks have papers, and a state does not tell how far these are; no "
            "forecast can begin with it"
        )
    if inside is None:
        inside, left = _own(scenario, minute)
    ends = local_minute(scenario, _end(scenario, minute, hours))
    period = scenario.period.model_copy(update={"from_": minute, "to": ends, "warm_up": 0.0})
    words = Inside(left=dict(left or {}))
    copy = scenario.model_copy(update={"period": period, "inside": words})
    return copy.from_origin(replace(scenario.origin, inside=inside, checked=""))


def _own(scenario: Scenario, minute: dt.datetime) -> tuple[TrucksInside, Mapping[str, int]]:
    """The trucks of which the scenario itself says that they are inside, and what is left."""
    words, inside = scenario.inside, trucks_inside(scenario)
    if words is None or inside is None or scenario.period.begins != minute:
        begins = spelt_moment(scenario.period.begins)
        raise InputError(
            f"{scenario.name}: does not say who is inside at {spelt_moment(minute)}"
            + ("" if words is None else f", but at {begins}")
            + "\n    hint: give a state with --state FILE, or the gate log with --log FILE"
        )
    return inside, words.left


def from_file(scenario: Scenario, minute: dt.datetime, hours: float, file: Path) -> Scenario:
    """The scenario that begins with the trucks of a file, held against it.

    Raises:
        InputError: as `begun`; the file cannot be read.
        ScenarioError: a row cannot be, each with its line.
    """
    empty = begun(scenario, minute, hours, nobody())
    return begun(scenario, minute, hours, state_of(empty, file))


def nobody() -> TrucksInside:
    """No trucks at all."""
    none, nothing, flags = np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool)
    return TrucksInside((), (), (), flags, none, none, nothing, nothing, none, (), flags, none, ())
