"""The words of resources: what a port has a limited number of.

Capacities, rosters, budgets, stores and breakdowns as people write them; no arithmetic on time.
"""

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from portsim.scenario.base_model import Count, Listed, Name, Part
from portsim.scenario.calendar import Date
from portsim.scenario.clock import parse_days, parse_time_of_day
from portsim.scenario.distributions import Distribution, check_gap, spread
from portsim.scenario.labels import Label, by_language
from portsim.scenario.sizes import Envelope
from portsim.scenario.units import Duration, Money
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen, spelt_days, spelt_time

__all__ = ["Breakdowns", "Level", "Opens", "Refill", "Resource", "Shift"]


class Shift(Part):
    """Part of a roster: so many while a calendar is open."""

    calendar: Name
    """When this shift works."""
    count: Count
    """How many work in it."""
    cost_per_week: Money | None = None
    """What one of them is paid a week, for want of a `cost_per_staffed_hour`: with breaks, nights,
    weekends and overtime."""


class Breakdowns(Part):
    """Part of a resource fails from time to time; the truck it serves is finished first, unless
    `work` says otherwise."""

    every: Annotated[Distribution[Duration], spread]
    """Time from the end of one repair to the next breakdown."""
    repair: Annotated[Distribution[Duration], spread]
    """Time until it works again."""
    count: Annotated[int, Field(ge=1)] = 1
    """How many fail together."""
    work: Literal["finished", "resumed", "anew"] = "finished"
    """The work in hand. finished: what breaks finishes its truck first; resumed: the work stands
    still until a server is there again, and goes on where it was; anew: it then begins anew."""

    @model_validator(mode="after")
    def _now_and_then(self) -> Self:
        check_gap(self.every)
        return self


class Opens(Part):
    """Servers that the queue opens, beside those of the capacity or roster.

    One more is decided when so many wait; the next one only when that one is there and so many
    still wait. When the queue is gone all of them close, finishing the truck in hand, and one that
    is on its way turns back.
    """

    when_waiting: Annotated[dict[Name, Annotated[Count, Field(ge=1)]], Field(min_length=1)]
    """By stage, how many wait there when one more server is decided; of several stages, any. Who
    is admitted in the second of joining has not waited."""
    until_waiting: Count
    """The extra servers close when so many wait or fewer, at each of these stages."""
    after: Duration = 0.0
    """From the decision until the server is there: the way, and what must be set up."""
    at_most: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """How many extra servers there may be at a time."""
    within: Name | None = None
    """The calendar in which they may be opened; at its end all of them close. Always, if left
    out."""

    @model_validator(mode="after")
    def _closes_below(self) -> Self:
        least = min(self.when_waiting.values())
        if self.until_waiting >= least:
            raise ValueFault(
                found=f"{self.until_waiting}",
                expected=f"fewer than the {least} at which a server is opened",
                hint="between the two numbers nothing changes; were they one, servers would come "
                "and go with every truck",
                code="opens",
                at=("until_waiting",),
            )
        return self


def _refill(value: Any) -> Any:
    if value == "daily":
        hint = "write refill: 00:00; it is daily unless `days` says otherwise"
        raise ValueFault(
            expected="a time of day such as 00:00 or 8:00", hint=hint, code="time-of-day"
        )
    return value if value is None or isinstance(value, dict | Refill) else {"at": value}


def _times(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,)


TimeOfDay = Annotated[
    int,
    BeforeValidator(parse_time_of_day),
    pen(spelt_time),
    WithJsonSchema({"type": "string", "examples": ["00:00"]}),
]
Days = Annotated[
    tuple[int, ...],
    BeforeValidator(parse_days),
    pen(spelt_days),
    WithJsonSchema({"type": "string", "examples": ["daily", "Mon-Fri"]}),
]


class Refill(Part):
    """When a budget is set to its level again; what was left lapses."""

    short_form: ClassVar[str] = "at"

    at: Annotated[tuple[TimeOfDay, ...], BeforeValidator(_times), Field(min_length=1)]
    """Wall-clock times of the refill."""
    days: Days = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays of the refill."""
    timezone: str | None = None
    """IANA zone of the wall clock; the port's if left out."""


class Level(Part):
    """Another level of a budget for part of the year."""

    valid_from: Date | None = None
    """First local date whose refills set it to this level."""
    valid_to: Date | None = None
    """Last local date, inclusive."""
    level: Count
    """Level after a refill on these dates."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            expected = f"a date that is not before valid_from, {self.valid_from}"
            raise ValueFault(expected=expected, code="date", at=("valid_to",))
        return self

    def covers(self, date: dt.date) -> bool:
        """Whether it holds on a local date."""
        first, last = self.valid_from or dt.date.min, self.valid_to or dt.date.max
        return first <= date <= last


class Resource(Part):
    """Something a port has a limited number of: servers, a budget or a store."""

    kind: Literal["servers", "budget", "store"] = "servers"
    """servers: lanes, posts, officers, taken and given back; budget: set to its level at each
    refill; store: filled by offers and emptied by spends."""
    label: Annotated[Label, by_language] = Label()
    """What people call it, for pictures and tables."""
    capacity: Count | None = None
    """servers: how many there are."""
    calendar: Name | None = None
    """servers: the capacity holds while this calendar is open, else it is 0."""
    places: bool = False
    """servers: these are places, as of a yard, or posts such as lanes, desks or a scanner, whose
    people, if any, are a resource of their own: their hours are no hours of staff."""
    roster: Listed[Shift] = ()
    """servers: capacity as the sum of the shifts that work."""
    breakdowns: Listed[Breakdowns] = ()
    """servers: what fails from time to time."""
    handover: Literal["wait", "overlap"] = "wait"
    """servers: what a shift has in hand when it ends. wait: it is finished, and counts as work of
    the next shift until then; overlap: those whose shift has ended finish it beside the next shift,
    which begins at once with all it has."""
    opens: Opens | None = None
    """servers: how many more the queue opens, and when."""
    fits: Envelope | None = None
    """servers: the largest load that can use one."""
    cost_per_staffed_hour: Money | None = None
    """servers: what an hour of one server costs."""
    cost_per_overtime_hour: Money | None = None
    """servers: what an hour costs that one works on after the hours end; nothing, if left out."""
    level: Count | None = None
    """budget: level after a refill; store: level at the start of the run."""
    levels: Listed[Level] = ()
    """budget: other levels on some dates, those of its refill's clock; the last one that covers a
    date holds."""
    refill: Annotated[Refill | None, BeforeValidator(_refill)] = None
    """budget: when it is refilled."""

    @model_validator(mode="after")
    def _parts_of_its_kind(self) -> Self:
        belongs = {
            "servers": {
                "capacity", "calendar", "roster", "breakdowns", "handover", "opens", "fits",
                "cost_per_staffed_hour", "cost_per_overtime_hour", "places",
            },
            "budget": {"level", "levels", "refill"},
            "store": {"level"},
        }[self.kind]  # fmt: skip
        strange = sorted(self.model_fields_set - belongs - {"kind", "label"})
        if strange:
            others = " and ".join(f"`{name}`" for name in strange)
            raise ValueFault(
                found=f"{others} for a resource of kind {self.kind}",
                expected=f"only {', '.join(f'`{name}`' for name in sorted(belongs))} for this kind",
                hint="kinds are servers (taken and given back), budget (refilled) and store; "
                f"take out {others}, or change the kind",
                code="wrong-kind",
                at=(strange[0],),
                key=True,
            )
        if self.kind == "servers" and (self.capacity is None) == (not self.roster):
            raise ValueFault(
                found="both a capacity and a roster" if self.roster else "neither",
                expected="either a capacity or a roster",
                hint="write capacity: 4, or roster: [{calendar: day, count: 4}]",
                code="capacity",
            )
        if self.calendar is not None and self.roster:
            raise ValueFault(
                expected="a calendar only with a capacity",
                hint="the shifts of a roster name their own calendars",
                code="capacity",
                at=("calendar",),
            )
        weekly = [shift.cost_per_week is not None for shift in self.roster]
        if self.places and (self.priced or self.cost_per_overtime_hour is not None):
            raise ValueFault(
                found="a wage of places",
                expected="places without a wage: nobody works there",
                hint="take out places: true, or the wage",
                code="wages",
                at=("places",),
                key=True,
            )
        if any(weekly) and (self.cost_per_staffed_hour is not None or not all(weekly)):
            by_hour = self.cost_per_staffed_hour is not None
            raise ValueFault(
                found="both a cost_per_week and a cost_per_staffed_hour"
                if by_hour
                else "a cost_per_week of some shifts and not of others",
                expected="one way to pay all of its shifts",
                hint="write cost_per_week for every shift, or cost_per_staffed_hour and none",
                code="wages",
                at=("cost_per_staffed_hour",) if by_hour else ("roster", weekly.index(False)),
            )
        if self.kind != "servers" and self.level is None:
            article = "after each refill" if self.kind == "budget" else "at the start"
            hint = f"write level: 10, what there is {article}"
            raise ValueFault(
                found="no `level`", expected=f"`level` for a {self.kind}", hint=hint, code="level"
            )
        if self.kind == "budget" and self.refill is None:
            raise ValueFault(
                found="no `refill`",
                expected="`refill` for a budget",
                hint="write refill: 00:00",
                code="refill",
            )
        return self

    @property
    def largest(self) -> int:
        """Nominal capacity: of servers the count, of a roster the sum of its shifts; of budgets
        the largest of their levels.
        """
        if self.kind != "servers":
            return max([self.level or 0, *(part.level for part in self.levels)])
        return self.capacity if self.capacity is not None else sum(s.count for s in self.roster)

    @property
    def priced(self) -> bool:
        """Whether what its servers are paid is said."""
        weekly = any(shift.cost_per_week is not None for shift in self.roster)
        return weekly or self.cost_per_staffed_hour is not None

    def cost_a_day(self, hours: float, overtime: float = 0.0) -> float:
        """What its servers are paid a day; 0 without a price.

        Args:
            hours: staffed hours a day of all of them; NaN is NaN, where an hour has a price.
            overtime: hours a day worked on after the hours end.
        """
        cost = sum(shift.count * (shift.cost_per_week or 0.0) / 7 for shift in self.roster)
        if self.cost_per_staffed_hour is not None:
            cost += hours * self.cost_per_staffed_hour
        if self.cost_per_overtime_hour is not None:
            cost += overtime * self.cost_per_overtime_hour
        return float(cost)

    def level_on(self, date: dt.date) -> int:
        """What a refill on a local date sets a budget to."""
        levels = [part.level for part in self.levels if part.covers(date)]
        return levels[-1] if levels else self.level or 0
