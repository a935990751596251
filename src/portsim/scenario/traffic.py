"""The words of traffic: which trucks come, when, with what, and where they go.

Only words; drawing the trucks is the business of `portsim.demand`.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from portsim.reading.text import nearest, short
from portsim.scenario.base_model import Listed, Name, Part, Several, Share, Spelt
from portsim.scenario.calendar import Date
from portsim.scenario.channels import Channels, Preferred
from portsim.scenario.clock import parse_days, parse_spans
from portsim.scenario.distributions import Distribution, spread
from portsim.scenario.hints import about_key, about_number
from portsim.scenario.labels import Label, by_language
from portsim.scenario.papers import Papers
from portsim.scenario.recorded import Recorded
from portsim.scenario.sizes import Dimensions
from portsim.scenario.slots import SlotWish
from portsim.scenario.stages import WorkTime, work_time
from portsim.scenario.units import Duration, Mass, Money, Number, Price, Rate
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen, spelt_hours, spelt_months, spelt_weekdays

__all__ = [
    "Arrivals",
    "Booked",
    "ComesAgain",
    "Overflow",
    "Patience",
    "Recorded",
    "Residents",
    "SentBack",
    "Shorter",
    "Step",
    "Tolerance",
    "Total",
    "Traffic",
    "TruckClass",
]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
T = TypeVar("T")


def _factor(value: Any, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
        hint = about_number(value)
        expected = "a factor from 0 to 1000, a plain number"
        raise ValueFault(expected=expected, hint=hint, code="profile", at=(key,))
    return float(value)


def _profile(value: Any, example: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        raise ValueFault(expected=f"a mapping to factors, e.g. {example}", code="profile")
    return value


def _keys(key: str, read: Callable[[str], Iterable[T]]) -> Iterable[T]:
    try:
        return read(key)
    except ValueFault as wrong:
        raise wrong.below(key, key=True) from None


def _months(profile: Any) -> tuple[float, ...]:
    factors = [1.0] * 12
    for key, value in _profile(profile, "{Sep: 2.2, Oct-Dec: 1.1}").items():
        for month in _keys(key, _month_numbers):
            factors[month] = _factor(value, key)
    return tuple(factors)


def _month_numbers(text: str) -> range:
    first, _, last = (part.strip().title() for part in text.replace("–", "-").partition("-"))
    for name in (first, last or first):
        if name not in MONTHS:
            like = nearest(name[:3], MONTHS) if name.isalpha() else ""
            hint = f"did you mean `{like}`?" if like else f"months are {', '.join(MONTHS)}"
            expected = 'months such as "Jan" or "Jan-May"'
            raise ValueFault(expected=expected, hint=hint, found=f"`{short(text)}`", code="month")
    start = MONTHS.index(first)
    stop = MONTHS.index(last) if last else start
    if stop < start:
        hint = f"write two entries: {first}-Dec and Jan-{last}"
        raise ValueFault(expected="months in the order of one year", hint=hint, code="month")
    return range(start, stop + 1)


def _weekdays(profile: Any) -> tuple[float, ...]:
    factors = [1.0] * 7
    for key, value in _profile(profile, "{Sat: 0.8, Sun: 0.5}").items():
        for day in _keys(key, parse_days):
            factors[day] = _factor(value, key)
    return tuple(factors)


def _hours(profile: Any) -> tuple[float, ...]:
    factors = [0.0] * 24
    for key, value in _profile(profile, "{8:00-14:00: 3, 14:00-20:00: 2}").items():
        for start, end in _keys(key, parse_spans):
            if start % 3600 or end % 3600:
                expected = "whole hours, e.g. 8:00-12:00"
                raise ValueFault(expected=expected, code="profile", at=(key,), key=True)
            for hour in range(start // 3600, end // 3600):
                factors[hour % 24] = _factor(value, key)
    if not any(factors):
        raise ValueFault(expected="at least one hour with arrivals", code="profile")
    return tuple(factors)


def _map_schema(example: dict[str, float]) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "object", "additionalProperties": {"type": "number"}, "examples": [example]}
    )


class Booked(Part):
    """Slots booked in advance, spread evenly over a calendar's open hours."""

    calendar: Name
    """When slots are given out."""
    per_hour: Annotated[int, Field(ge=1, le=3600)]
    """Slots in an open hour."""
    early: Annotated[Distribution[Duration] | None, spread] = None
    """How long before its slot a truck arrives."""
    late: Annotated[Distribution[Duration] | None, spread] = None
    """How long after its slot a truck arrives; taken off the earliness."""
    no_show: Share = 0.0
    """Share of the slots whose truck never comes."""


class Total(Part):
    """A published count: so many trucks came between two dates, and nothing else is known."""

    trucks: Annotated[int, Field(ge=1, le=50_000_000)]
    """Trucks that come from the first date to the last, exactly, at a scale of 1."""
    from_: Annotated[Date, Field(alias="from")]
    """First local date."""
    to: Date
    """Last local date, inclusive."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            expected = f"a last date that is not before the first, {self.from_}"
            raise ValueFault(expected=expected, code="date", at=("to",))
        if (self.to - self.from_).days > 3660:
            raise ValueFault(expected="dates at most ten years apart", code="date", at=("to",))
        return self


def _slots(value: Any) -> Any:
    return {"of": value} if isinstance(value, str) else value


class Arrivals(Part):
    """When the trucks of a class come; exactly one of rate, total, booked and recorded."""

    rate: Rate | None = None
    """Mean trucks a calendar day of a month, weekday and hour with factor 1."""
    total: Total | None = None
    """A count of trucks between two dates, laid over them by the factors."""
    months: Annotated[
        tuple[float, ...],
        BeforeValidator(_months),
        pen(spelt_months),
        _map_schema({"Jan-Aug": 0.8, "Sep": 2.2}),
    ] = (1.0,) * 12
    """Factors of the rate or total by month; 1 where a month is left out."""
    weekdays: Annotated[
        tuple[float, ...],
        BeforeValidator(_weekdays),
        pen(spelt_weekdays),
        _map_schema({"Sat, Sun": 0.5}),
    ] = (1.0,) * 7
    """Factors of the rate or total by weekday; 1 where a weekday is left out."""
    hours: Annotated[
        tuple[float, ...],
        BeforeValidator(_hours),
        pen(spelt_hours),
        _map_schema({"08:00-14:00": 3, "14:00-20:00": 2}),
    ] = (1.0,) * 24
    """Weights of the hours of the day, for each hour of a span: {8:00-12:00: 3, 12:00-20:00: 1}
    brings 12 parts in 4 hours and 8 parts in 8. 0 where an hour is left out. They share out the
    day's trucks and do not change their number."""
    together: Annotated[int, Field(ge=1, le=1000)] = 1
    """Trucks that come in the same second."""
    follow: Name | None = None
    """Lay the same trucks over the open hours of this calendar: drivers who know the hours."""
    slots: Annotated[SlotWish | None, BeforeValidator(_slots)] = None
    """Let the same trucks come when they get a slot; freely, if left out."""
    booked: Booked | None = None
    """Slots booked in advance, all of them given out, whoever may want one: trucks that come."""
    recorded: Recorded | None = None
    """Trucks from a file."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        each = ("rate", "total", "booked", "recorded")
        ways = {way for way in each if getattr(self, way) is not None}
        if len(ways) != 1:
            together = " and ".join(f"`{way}`" for way in sorted(ways))
            raise ValueFault(
                found=f"{together} together" if ways else "none",
                expected="exactly one of `rate`, `total`, `booked` and `recorded`",
                hint="keep one of them" if ways else "write {rate: 60 per day}",
                code="arrivals",
            )
        if self.slots is not None and self.booked is not None:
            raise ValueFault(
                found="`slots` beside `booked`",
                expected="either slots that trucks ask for, or `booked` ones that bring trucks",
                hint="keep the slots, and say with a `rate` how many want one",
                code="arrivals",
                at=("slots",),
                key=True,
            )
        strange = {"months", "weekdays", "hours", "together"} & self.model_fields_set
        if self.total is not None:
            # Each truck of a count is placed by itself.
            strange &= {"together"}
        if strange and self.rate is None:
            names = sorted(strange)
            needed = "a `rate`" if "together" in strange else "a `rate` or a `total`"
            expected = f"{', '.join(f'`{name}`' for name in names)} only with {needed}"
            raise ValueFault(expected=expected, code="arrivals", at=(names[0],), key=True)
        return self


class Residents(Part):
    """Border residents pooled on a truck, worked out from the value of its goods."""

    quota: Money
    """Duty-free value a resident and day; residents = ceil(value / quota)."""


class Patience(Part):
    """How long a truck waits in one queue before it gives up."""

    short_form: ClassVar[str] = "time"

    time: Annotated[Distribution[Duration], spread]
    """Longest wait, drawn once a truck."""
    stages: Several[Name] = ()
    """Queues in which it may give up; the first of its route if left out."""


class Tolerance(Part):
    """How long a queue may be before a truck that comes to it turns away."""

    short_form: ClassVar[str] = "waiting"

    waiting: Annotated[Distribution[Number], spread]
    """Number waiting at which it turns away, drawn once a truck, rounded down; what is drawn below
    1 counts as 1, so that nobody turns away where nobody waits. A plain 0 turns all away."""
    stages: Several[Name] = ()
    """Queues from which it may turn away; the first of its route if left out."""


def _sent_back(value: Any) -> Any:
    return value if value is None or isinstance(value, dict | SentBack) else {"share": value}


class SentBack(Part):
    """Trucks that are sent back after a stage, such as those that fail a check."""

    short_form: ClassVar[str] = "share"

    share: Share
    """Share of those that pass here whom it sends back; the same each time."""
    to: Name | None = None
    """The stage of the route from which they pass everything again up to this one; this one alone
    if left out."""
    at_most: Annotated[int, Field(ge=1, le=20)] = 3
    """So often at most: after that everybody may go on."""


class ComesAgain(Part):
    """Trucks that come again when they have turned away or given up."""

    share: Share
    """Share of those that leave a queue so who come again; the others go to another port."""
    after: Annotated[Distribution[Duration], spread]
    """How long after leaving they come, a second at least."""
    at_most: Annotated[int, Field(ge=1, le=20)] = 3
    """So often at most: after that they go to another port."""


class Shorter(Part):
    """Other stages that a truck may join in place of one: lines of their own for lanes."""

    short_form: ClassVar[str] = "of"

    of: Annotated[Several[Name], Field(min_length=1)]
    """The other stages. A truck joins the one at which the fewest wait and are at work, of those
    that are open and have their servers there; among equals the first. It does not change."""
    sight: Annotated[int, Field(ge=1, le=1000)] | None = None
    """It sees so many of them all, one beside the other in this order and around, from one drawn
    at random; 1 is a choice at random. All of them, if left out."""


class Overflow(Part):
    """Another stage to which trucks go when a queue is long."""

    to: Name
    """The other stage, if it is open and has its servers there."""
    when_waiting: Annotated[int, Field(ge=1, le=1_000_000)]
    """So many wait when a truck goes there that comes."""


def _shorter(value: Any) -> Any:
    return value if value is None or isinstance(value, dict | Shorter) else {"of": value}


class Step(Part):
    """One stage of a route, with what is particular to this class."""

    short_form: ClassVar[str] = "stage"

    stage: Name
    """Name of the stage."""
    share: Share | None = None
    """Share of this class that passes here, in place of the stage's."""
    channels: Annotated[Several[Name], Field(min_length=1)] = ()
    """Only trucks of these channels pass here; a share, of the step or of the stage, is then a
    share of them."""
    time: Annotated[WorkTime | None, work_time] = None
    """Work time of this class, in place of the stage's."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] | None = None
    """Priority of this class at this stage, in place of its own; preferred trucks keep theirs."""
    or_shorter: Annotated[Shorter | None, BeforeValidator(_shorter)] = None
    """Other stages, of which the one with the shortest queue is passed in place of this one. Who
    passes at all, with which priority and how patiently is said here; what is taken and how long
    the work lasts at each of them, unless the step has a time."""
    overflow: Overflow | None = None
    """Another stage that is passed in place of this one when many wait here."""
    sent_back: Annotated[SentBack | None, BeforeValidator(_sent_back)] = None
    """Those that go back to an earlier stage of the route when their work here is over, and pass
    the stages from there on once more with other luck."""

    @property
    def others(self) -> tuple[str, ...]:
        """The stages that may be passed in place of this one."""
        if self.or_shorter is not None:
            return self.or_shorter.of
        return () if self.overflow is None else (self.overflow.to,)

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if self.or_shorter is not None and self.overflow is not None:
            raise ValueFault(
                found="`overflow` beside `or_shorter`",
                expected="one of the two",
                hint="a truck chooses once, as it comes",
                code="choice",
                at=("overflow",),
                key=True,
            )
        return self

    papers_only: bool = False
    """Only the crew passes here with its papers and the load goes another way: no lane of this
    stage has to fit it. Takes and times are the same."""


def _step(value: Any) -> Any:
    if isinstance(value, str):
        return {"stage": value}
    if isinstance(value, Step):
        return value
    keys = value if isinstance(value, dict) else {}
    if any(key in Step.model_fields or about_key(key, Step.model_fields) for key in keys):
        return value
    name = next(iter(keys), "gate")
    raise ValueFault(
        expected="the name of a stage, or a mapping with `stage`",
        hint=f"write {short(name)}, or {{stage: {short(name)}, share: 0.3}}",
        code="step",
    )


def _way(value: Any) -> Any:
    if isinstance(value, str):
        hint = f"write [{short(', '.join(part.strip() for part in value.split(',')))}]"
        raise ValueFault(expected="a list of stages", hint=hint, code="wrong-type")
    if isinstance(value, dict):
        hint = "a list stands in square brackets; a mapping changes the route of a base"
        raise ValueFault(expected="a list of stages", hint=hint, code="wrong-type")
    return value


def _come(value: Any) -> Any:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        rate = str(value) if isinstance(value, str) else f"{value} per day"
        hint = f"write {{rate: {short(rate)}}}"
        raise ValueFault(expected="a mapping with a rate", hint=hint, code="wrong-type")
    return value


def _patience(value: Any) -> Any:
    if value is None or isinstance(value, Patience):
        return value
    if isinstance(value, dict) and ("time" in value or "stages" in value):
        return value
    return {"time": value}


def _tolerance(value: Any) -> Any:
    if value is None or isinstance(value, Tolerance):
        return value
    if isinstance(value, dict) and ("waiting" in value or "stages" in value):
        return value
    return {"waiting": value}


def _residents(value: Any) -> Any:
    if isinstance(value, dict) and "quota" in value:
        return Residents.model_validate(value)
    return value


class TruckClass(Part):
    """Trucks that come, carry and go alike."""

    label: Annotated[Label, by_language] = Label()
    """What people call it, for pictures and tables."""
    direction: Name
    """Which way its trucks cross, in words of your own: export and import, inbound and outbound …
    A scenario has two of them at most. A truck is one crossing in one direction."""
    arrivals: Annotated[Arrivals, BeforeValidator(_come)]
    """When they come."""
    scale: Annotated[float, Field(ge=0.0, le=4.0)] = 1.0
    """Share of these trucks that come; up to four times as many."""
    load: Annotated[Distribution[Mass] | None, spread] = None
    """Tonnes of goods; none if left out."""
    value: Annotated[Distribution[Money] | None, spread] = None
    """Value of the goods."""
    price: Annotated[Distribution[Price] | None, spread] = None
    """Price of the goods a tonne, in place of a value."""
    residents: Annotated[
        Annotated[Residents, Field()] | Annotated[Distribution[Number], spread] | None,
        BeforeValidator(_residents),
    ] = None
    """Border residents who buy the goods of a truck: a number, or the quota it follows from."""
    pieces: Annotated[int, Field(ge=1, le=1000)] = 1
    """Vehicles or pieces that move as one; the weight of the truck in every count."""
    dimensions: Dimensions | None = None
    """Size of the load, where lanes have limits."""
    channels: Name | Channels | None = None
    """Shares of its trucks by risk channel, or the name of such a set under `channels` of the
    scenario. Each truck is in one channel; steps of the route say for which they are."""
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    """The smaller goes first; nobody is interrupted."""
    rises_every: Duration | None = None
    """For each time so long that a truck has waited in a queue its priority is one better there;
    it stays as it is, if left out."""
    urgent: bool = False
    """At every stage its next truck keeps the servers that it needs from all trucks that go after
    it, until it has them; nobody is interrupted. It needs a priority before all others."""
    preferred: Preferred | None = None
    """Trucks of this class that go before the others."""
    patience: Annotated[Patience | None, BeforeValidator(_patience)] = None
    """How long it waits before it gives up."""
    tolerance: Annotated[Tolerance | None, BeforeValidator(_tolerance)] = None
    """How long a queue may be before it turns away."""
    comes_again: ComesAgain | None = None
    """Those that turn away or give up and come again with the same load; nobody, if left out."""
    route: Annotated[
        Listed[Annotated[Step, BeforeValidator(_step)]],
        Field(min_length=1),
        BeforeValidator(_way),
    ]
    """Stages in the order in which they are passed. In an overlay a list replaces the route of
    the base; a mapping changes single steps of it by their stages: {inspection: {share: 0.2}},
    {weighing: {after: gate}} puts one in or moves it, {scan: null} takes one out."""
    papers: dict[Name, Papers] = Field(default_factory=dict)
    """What is done for each of its trucks beside it, by name: papers that pass desks of their own
    while the truck queues, drives or is at work, or before it comes."""

    def with_other(self, number: int, stage: str) -> "TruckClass":
        """The class with another stage in place of that of one of its steps."""
        step = self.route[number].model_copy(
            update={"stage": stage, "or_shorter": None, "overflow": None}
        )
        route = (*self.route[:number], step, *self.route[number + 1 :])
        return self.model_copy(update={"route": route})

    def of_papers(self, papers: Papers | None) -> "TruckClass":
        """A class whose trucks go the way of these papers and take what they take; none without."""
        steps: tuple[Step, ...] = ()
        if papers is not None:
            asked: dict[str, Any] = {"channels": papers.channels} if papers.channels else {}
            steps = tuple(Step(stage=stage, **asked) for stage in papers.route)
        without = {"patience": None, "tolerance": None, "preferred": None}
        return self.model_copy(update={**without, "papers": {}, "route": steps})

    @property
    def loaded(self) -> bool:
        """Whether there is a load, drawn or recorded."""
        recorded = self.arrivals.recorded
        return self.load is not None or (recorded is not None and recorded.load is not None)

    @model_validator(mode="after")
    def _rises_in_time(self) -> Self:
        if self.rises_every is not None and self.rises_every < 1.0:
            raise ValueFault(
                expected="a second or more",
                hint="the longer it is, the slower a priority rises",
                code="rises",
                at=("rises_every",),
            )
        return self

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if self.value is not None and self.price is not None:
            raise ValueFault(
                found="a price beside a value",
                expected="either a `value` a truck or a `price` a tonne",
                code="value",
                at=("price",),
                key=True,
            )
        return self


class Traffic(Spelt):
    """The classes of trucks by name, and how much of all of them."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, TruckClass]

    @model_validator(mode="before")
    @classmethod
    def _misspelt_scale(cls, traffic: Any) -> Any:
        for key, value in traffic.items() if isinstance(traffic, dict) else ():
            if isinstance(value, int | float) and key != "scale" and nearest(key, ["scale"]):
                hint = "did you mean `scale`?"
                raise ValueFault(
                    expected="a class of trucks", hint=hint, code="unknown-key", at=(key,), key=True
                )
        return traffic

    scale: Annotated[float, Field(ge=0.0, le=4.0)] = 1.0
    """Share of the trucks of every class that come; up to four times as many."""
    day_factor: Annotated[Distribution[float] | None, spread] = None
    """Factor of the rates, drawn for each local day and the same for all classes: days differ by
    more than the chance of single trucks. Give it a mean of 1."""

    @property
    def classes(self) -> dict[str, TruckClass]:
        """The classes by name, in the order of the file."""
        return dict(self.__pydantic_extra__)

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions in which classes go, in the order of the alphabet."""
        return tuple(sorted({cls.direction for cls in self.classes.values()}))

    def ways_of_papers(self, name: str) -> "Traffic":
        """The same trucks on the way of their papers of a name; on none where they have none."""
        others: dict[str, Any] = {
            key: cls.of_papers(cls.papers.get(name)) for key, cls in self.classes.items()
        }
        return Traffic.model_construct(scale=self.scale, day_factor=self.day_factor, **others)

    @property
    def visited(self) -> set[str]:
        """The stages that some truck passes, or some papers."""
        return {
            stage
            for cls in self.classes.values()
            for route in (
                [stage for step in cls.route for stage in (step.stage, *step.others)],
                *(papers.route for papers in cls.papers.values()),
            )
            for stage in route
        }

    def passes(self, group: str, stage: str) -> bool:
        """Whether a class, or one of a direction, has a stage in its route; ``all`` always has."""
        return group == "all" or any(
            group in (name, cls.direction)
            and any(stage in (step.stage, *step.others) for step in cls.route)
            for name, cls in self.classes.items()
        )
