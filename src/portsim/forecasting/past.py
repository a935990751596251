"""The past of a forecast: a gate log as it stood at the minute, in the words of a scenario."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from portsim.calendars import zone
from portsim.errors import InputError
from portsim.forecasting.beginning import begun, nobody, second_of
from portsim.forecasting.from_log import Standing, standing_in
from portsim.forecasting.recent import Came
from portsim.forecasting.seen_in_log import classes_of
from portsim.gatelog import GateLog
from portsim.held.names import Partners, partners
from portsim.plan import timetable
from portsim.scenario.inside import TrucksInside
from portsim.scenario.legs import places_at
from portsim.scenario.model import Scenario
from portsim.scenario.moments import spelt_moment

__all__ = ["Past", "check_names"]

_AFTER_S = 86_400
"""A port may have been quiet for so long before the forecast."""
_BEFORE_DAYS = 8


@dataclass(frozen=True, eq=False, slots=True)
class Past:
    """A gate log as it stood at a minute."""

    log: GateLog
    names: Partners
    came: Came

    @classmethod
    def of(cls, log: GateLog, scenario: Scenario, minute: dt.datetime) -> "Past":
        """Cut a log.

        Raises:
            InputError: the minute lies outside of the log, or log and scenario have no stage in
                common.
        """
        second = second_of(scenario, minute)
        ways = log.trucks["direction"].astype(object)
        kinds = zip(
            log.trucks["truck_class"].astype(str),
            ways.where(log.trucks["direction"].notna(), "").astype(str),
            strict=True,
        )
        names = partners(scenario, log.stages, kinds)
        if not log.first < second <= log.last + _AFTER_S:
            first, last = (
                dt.datetime.fromtimestamp(int(end), dt.UTC).astimezone(zone(scenario.timezone))
                for end in (log.first, log.last)
            )
            raise InputError(
                f"at: {spelt_moment(minute)} is outside of the log, which goes from"
                f" {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}\n"
                "    hint: it begins after the first stamp, and at most a day after the last"
            )
        past = log.before(second)
        arrival = past.firsts
        known = ~np.isnan(arrival) & (arrival < second)
        classes = classes_of(past, names, scenario)
        came = Came(
            np.floor(arrival[known]).astype(np.int64),
            [name for name, there in zip(classes, known, strict=True) if there],
            int(np.ceil(log.first)),
        )
        return cls(past, names, came)

    def standing(self, scenario: Scenario, minute: dt.datetime, hours: float) -> Standing:
        """Who is inside at the minute."""
        empty = begun(scenario, minute, hours, nobody())
        earlier = minute - dt.timedelta(days=_BEFORE_DAYS)
        before_it = begun(scenario, earlier, 24.0 * _BEFORE_DAYS, nobody())
        return standing_in(self.log, self.names, empty, timetable(empty), timetable(before_it))


def check_names(policy: Scenario, inside: TrucksInside) -> None:
    """Refuse a policy that does not have the classes, stages and servers of the trucks inside.

    Raises:
        InputError: it does not.
    """
    for cls, stage in sorted(set(zip(inside.classes, inside.stages, strict=True))):
        words = policy.traffic.classes.get(cls)
        if words is None or (stage, 1) not in places_at(words):
            raise InputError(
                f"{policy.name}: trucks of {cls} are inside at {stage}, which it does not know\n"
                "    hint: a policy keeps the stages at which trucks stand"
            )
    for stage, by in sorted(set(zip(inside.stages, inside.by, strict=True))):
        if by and by not in policy.stages[stage].instead:
            raise InputError(
                f"{policy.name}: {by} are at work with trucks at {stage}, where they do in place "
                "of none\n    hint: a policy keeps the servers at which trucks are"
            )
