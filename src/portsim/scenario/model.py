"""A whole scenario: the port, its traffic and the question asked of it, immutable once read.

The parts have files of their own; here they meet. Faults between parts are found in
`portsim.checking`.
"""

import datetime as dt
import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from portsim.reading.text import short
from portsim.scenario.base_model import Listed, Name, Part, Several
from portsim.scenario.calendar import Calendar
from portsim.scenario.channels import Channels
from portsim.scenario.currency import amounts
from portsim.scenario.inside import Inside
from portsim.scenario.labels import Label, Side, by_language
from portsim.scenario.map import PortMap
from portsim.scenario.moments import Moment, spelt_moment
from portsim.scenario.observed import Observed
from portsim.scenario.origin import Origin
from portsim.scenario.plain import plain
from portsim.scenario.resources import Resource
from portsim.scenario.shifts import Shifts
from portsim.scenario.slots import Slots
from portsim.scenario.stages import Stage
from portsim.scenario.study import Questions
from portsim.scenario.time_value import HourAtThePort
from portsim.scenario.traffic import Traffic, TruckClass
from portsim.scenario.units import Duration
from portsim.scenario.validation_messages import ValueFault

__all__ = ["Completion", "Period", "Position", "Scenario"]

WEEK_S = 604_800


class Position(Part):
    """Where the port is, for the daylight."""

    latitude: Annotated[float, Field(ge=-90.0, le=90.0)]
    """Degrees north."""
    longitude: Annotated[float, Field(ge=-180.0, le=180.0)]
    """Degrees east."""


def _whole_weeks(seconds: float) -> float:
    if seconds % WEEK_S:
        raise ValueFault(
            expected='whole weeks, e.g. "4 weeks"',
            hint="a warm-up of whole weeks keeps weekdays in step",
            code="warm-up",
        )
    return seconds


class Period(Part):
    """The time a study looks at: whole days, or from one minute to another."""

    from_: Annotated[Moment, Field(alias="from")]
    """First local date, or the local minute at which the period begins."""
    to: Moment
    """Last local date, inclusive, or the local minute at which the period ends."""
    warm_up: Annotated[Duration, AfterValidator(_whole_weeks)] = 0.0
    """Whole weeks before the period in which the port fills; not counted."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        first, last = self.first_day, self.last_day
        if self.ends <= self.begins:
            if self.whole_days:
                expected = f"a last date that is not before the first, {self.from_}"
            else:
                expected = f"an end after the beginning, {spelt_moment(self.from_)}"
            raise ValueFault(expected=expected, code="date", at=("to",))
        if self.ends - self.begins < dt.timedelta(hours=1):
            raise ValueFault(expected="a period of an hour or more", code="date", at=("to",))
        if (last - first).days > 3660:
            raise ValueFault(expected="a period of at most ten years", code="date", at=("to",))
        return self

    @property
    def begins(self) -> dt.datetime:
        """The local minute at which the period begins."""
        return _minute(self.from_)

    @property
    def ends(self) -> dt.datetime:
        """The local minute at which it ends; the midnight after a last date."""
        if isinstance(self.to, dt.datetime):
            return self.to
        return _minute(self.to) + dt.timedelta(days=1)

    @property
    def first_day(self) -> dt.date:
        """First local date of which some part lies in the period."""
        return self.begins.date()

    @property
    def last_day(self) -> dt.date:
        """Last local date of which some part lies in the period."""
        return (self.ends - dt.timedelta(minutes=1)).date()

    @property
    def whole_days(self) -> bool:
        """Whether it begins and ends at midnight."""
        return self.begins.time() == self.ends.time() == dt.time()

    @property
    def days(self) -> float:
        """How many days it lasts by the calendar, whatever clocks do meanwhile."""
        return (self.ends - self.begins) / dt.timedelta(days=1)

    @property
    def text(self) -> str:
        """From when to when, as it is written."""
        return f"{spelt_moment(self.from_)} to {spelt_moment(self.to)}"


def _minute(moment: dt.date) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment
    return dt.datetime.combine(moment, dt.time())


class Completion(Part):
    """The promise on trial: released within a limit."""

    limit: Duration = 86_400.0
    """Longest time in which a truck should be released."""
    from_: Annotated[str, Field(alias="from")] = "arrival"
    """When its clock starts: arrival; wanted, when the truck would have come without waiting for a
    slot; or the name of a stage."""
    event: Literal["queued", "admitted"] = "queued"
    """queued: the clock starts on joining the queue of that stage; admitted: when it admits the
    truck and the work there begins."""

    @property
    def clock(self) -> str:
        """When its clock starts, in words: ``arrival``, ``declaration queued``."""
        if self.from_ in ("arrival", "wanted"):
            return self.from_
        return f"{self.from_} {self.event}"

    @model_validator(mode="after")
    def _no_work_at_the_arrival(self) -> Self:
        if self.event == "admitted" and self.from_ in ("arrival", "wanted"):
            start = "the arrival" if self.from_ == "arrival" else "the time that was wanted"
            raise ValueFault(
                found=f"`event: admitted` with a clock that starts at {start}",
                expected="the name of a stage under `from` for it",
                hint="write e.g. {from: declaration, event: admitted}",
                code="completion",
                at=("event",),
            )
        return self


def _file_name(name: str) -> str:
    """Refuse what cannot name a folder on every machine, or stand in a stack on a command line."""
    if not 1 <= len(name) <= 200 or re.search(r'[\s/\\:*?"<>|]', name) or not name.isprintable():
        tidy = re.sub(r'[\s/\\:*?"<>|]+', "-", name).strip("-")[:200]
        raise ValueFault(
            expected='a name of 1 to 200 characters without blanks and without / \\ : * ? " < > |',
            hint=f"write name: {short(tidy)}" if tidy else "",
            code="name",
        )
    return name


def _inside(value: Any) -> Any:
    """A list alone is one of trucks."""
    return {"trucks": value} if isinstance(value, list) else value


class Scenario(Part):
    """A port, its traffic and the period of a study."""

    name: Annotated[
        str,
        AfterValidator(_file_name),
        WithJsonSchema({"type": "string", "pattern": r"^[^\s/\\:*?\"<>|]+$", "maxLength": 200}),
    ]
    """Name of the scenario in commands, folders and files; the file's name if left out."""
    label: Annotated[Label, by_language] = Label()
    """What people call it, in tables and pictures; its name if left out. A policy that extends
    another file has its own."""
    summary: str = ""
    """What the scenario is, in a sentence."""
    role: Literal["today", "candidate", "bound"] = "candidate"
    """What it is among policies that are compared: ``today``, the one the others are held against;
    ``candidate``; or ``bound``, which nobody plans and which only shows what could be had at most.
    """
    timezone: str
    """IANA zone of the port's local time."""
    position: Position | None = None
    """Where the port is."""
    period: Period
    """The days of the study."""
    replications: Annotated[int, Field(ge=1, le=100_000)] = 10
    """How often the period is repeated with other luck."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    """Root of all luck; the same seed gives the same trucks."""
    completion: Completion = Completion()
    """The promise on trial."""
    sides: dict[Name, Side] = Field(default_factory=dict)
    """What the sides of the border that calendars name are called."""
    map: PortMap | None = None
    """Where places stand when trucks are seen to move; laid out from sides and routes if left out.
    Nothing else depends on it."""
    calendars: dict[Name, Calendar] = Field(default_factory=dict)
    """When something is open."""
    open_hours: Several[Name] = ()
    """Calendars that must all be open for the port to count as open."""
    resources: dict[Name, Resource] = Field(default_factory=dict)
    """What the port has a limited number of."""
    stages: dict[Name, Stage] = Field(min_length=1)
    """Where trucks queue, take, work and give."""
    channels: dict[Name, Channels] = Field(default_factory=dict)
    """Sets of risk channels that classes may name: shares of the trucks by channel."""
    slots: dict[Name, Slots] = Field(default_factory=dict)
    """Times that classes may ask for under their `arrivals`, and how many trucks may have each."""
    traffic: Traffic
    """Which trucks come."""
    inside: Annotated[Inside | None, BeforeValidator(_inside)] = None
    """Which trucks are inside when the period begins; nobody, if left out."""
    value_of_time: dict[Name, HourAtThePort] = Field(default_factory=dict)
    """What an hour at the port costs a truck, by class; under `all` that of the classes that are
    not named. No truck fares otherwise for it."""
    observed: Listed[Observed] = ()
    """Published figures to hold beside the results; no result depends on them."""
    shifts: Shifts | None = None
    """Who may work when and what they cost, for portsim roster; no part of a plain run."""
    study: Questions = Questions()
    """What portsim sweep tries and what --uncertain draws; no part of a plain run."""

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @property
    def origin(self) -> Origin:
        """Where the scenario comes from: its tree as written, and what stood in attached files."""
        return self._origin

    @property
    def currency(self) -> str:
        """ISO 4217 code of the currency in which its amounts are written; empty without any."""
        return next((code for _, code in amounts(self) if code), "")

    @property
    def chooses(self) -> bool:
        """Whether trucks choose among stages where they queue, or have one of several servers."""
        return any(stage.instead_of for stage in self.stages.values()) or any(
            step.others for cls in self.traffic.classes.values() for step in cls.route
        )

    def hour_of(self, cls: str) -> float | None:
        """What an hour at the port costs a truck of a class, in `currency`; None if not said."""
        told = self.value_of_time.get(cls, self.value_of_time.get("all"))
        return None if told is None else told.an_hour

    def channels_of(self, cls: TruckClass) -> dict[str, float]:
        """Shares of a class's trucks by channel, in the order of the file; empty without any."""
        if isinstance(cls.channels, str):
            return self.channels.get(cls.channels, {})
        return cls.channels or {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the values: parametrised models have no name that pickle could look up."""
        return _revive, (type(self), plain(self), self._origin)

    def from_origin(self, origin: Origin) -> Self:
        """This scenario, with where it comes from."""
        copy = self.model_copy()
        copy._origin = origin
        return copy


def _revive(kind: type[Scenario], data: dict[str, Any], origin: Origin) -> Scenario:
    return kind.model_validate(data).from_origin(origin)
