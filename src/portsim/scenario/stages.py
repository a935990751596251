"""The words of stages: what a truck queues for, takes, has done and gives back.

Only words; what they mean second by second is said by the rules of an engine.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from portsim.scenario.base_model import Listed, Name, Part, Several, Share
from portsim.scenario.clock import parse_spans
from portsim.scenario.distributions import Distribution, check_gap, spread
from portsim.scenario.hints import about_number
from portsim.scenario.labels import Label, by_language
from portsim.scenario.sizes import Envelope
from portsim.scenario.units import Duration
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen, spelt_hour_factors

__all__ = ["Amount", "Closures", "Convoy", "Stage", "Take", "WorkTime", "work_time"]

Need = Annotated[int, Field(ge=1, le=1_000_000)]


def _take(value: Any) -> Any:
    return value if isinstance(value, dict | Take | Amount) else {"count": value}


def _tokens(value: Any) -> Any:
    """Leave a mapping to pydantic; say how the names of a list become one."""
    if isinstance(value, dict):
        return value
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
        hint = f"write {{{', '.join(f'{name}: 1' for name in names)}}}"
    else:
        hint = "write a mapping, {lanes: 1}"
    raise ValueFault(expected="a mapping of resources to how many", hint=hint, code="wrong-type")


class Take(Part):
    """Servers a truck takes at its admission and keeps for a while."""

    short_form: ClassVar[str] = "count"

    count: Annotated[
        Need | Literal["all"],
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "all"}]}),
    ] = 1
    """How many; ``all`` is the largest capacity the resource has."""
    until: str = "end"
    """end: of this work; next: until the next stage admits the truck (blocking); a stage: until
    that stage admits it; exit: until it leaves the port."""

    def given_at(self, number: int, route: Sequence[str]) -> int:
        """Place in a route of the stage whose admission gives back what stage `number` of it took,
        the next of its name; the length of the route for the exit, `number` for the end of this
        work.
        """
        if self.until == "end":
            return number
        if self.until == "next":
            return number + 1
        return len(route) if self.until == "exit" else route.index(self.until, number + 1)


class Amount(Part):
    """Tokens of a budget or a store, spent at the admission or offered at the end of the work."""

    short_form: ClassVar[str] = "count"

    count: Need = 1
    """How many."""
    per: Literal["truck", "piece", "resident"] = "truck"
    """Multiplied by what the truck has of these."""


class WorkTime(Part):
    """How long the work takes: the sum of the parts given."""

    short_form: ClassVar[str] = "per_piece"

    per_truck: Annotated[Distribution[Duration] | None, spread] = None
    """One draw for the whole truck or convoy."""
    per_piece: Annotated[Distribution[Duration] | None, spread] = None
    """One draw for each piece."""
    per_tonne: Annotated[Distribution[Duration] | None, spread] = None
    """One draw a truck, times its tonnes."""
    per_resident: Annotated[Distribution[Duration] | None, spread] = None
    """One draw a truck, times its residents."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if all(getattr(self, part) is None for part in WorkTime.model_fields):
            raise ValueFault(expected="a time, e.g. per_truck: 5 min", code="time")
        return self


def _work_time(value: Any) -> Any:
    if value is None or isinstance(value, WorkTime):
        return value
    if isinstance(value, dict) and any(str(key).startswith("per_") for key in value):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", value.strip()):
        hint = "a duration is no time of day: write 5 min, 1 h 30 min"
        raise ValueFault(
            expected='a duration with its unit, e.g. "25 min"', hint=hint, code="quantity"
        )
    return {"per_piece": value}


work_time = BeforeValidator(_work_time)
"""Reads a plain duration or distribution as one draw for each piece."""


class Closures(Part):
    """Unplanned closures of a stage, such as wind: nobody foresees them."""

    name: Name
    """What closes the stage; stages that name the same cause are closed together."""
    every: Annotated[Distribution[Duration], spread]
    """Time from the end of one closure to the next."""
    lasts: Annotated[Distribution[Duration], spread]
    """Time until it is over."""

    @model_validator(mode="after")
    def _now_and_then(self) -> Self:
        check_gap(self.every)
        return self


_LEAST, _MOST = 0.1, 5.0


def _by_hour(value: Any) -> tuple[float, ...]:
    if not isinstance(value, dict) or not value:
        expected = "a mapping of hours to factors, e.g. {22:00-06:00: 1.3}"
        raise ValueFault(expected=expected, code="profile")
    factors = [1.0] * 24
    for key, factor in value.items():
        try:
            spans = parse_spans(key)
        except ValueFault as wrong:
            raise wrong.below(key, key=True) from None
        number = isinstance(factor, int | float) and not isinstance(factor, bool)
        if not number or not _LEAST <= factor <= _MOST:
            expected = f"a factor from {_LEAST:g} to {_MOST:g}, a plain number"
            raise ValueFault(
                expected=expected, hint=about_number(factor), code="profile", at=(key,)
            )
        for start, end in spans:
            if start % 3600 or end % 3600:
                expected = "whole hours, e.g. 22:00-06:00"
                raise ValueFault(expected=expected, code="profile", at=(key,), key=True)
            for hour in range(start // 3600, end // 3600):
                factors[hour % 24] = float(factor)
    return tuple(factors)


T = TypeVar("T")
Tokens = Annotated[dict[Name, T], BeforeValidator(_tokens)]


class Convoy(Part):
    """Trucks leave the queue of a stage together, and nobody alone."""

    trucks: Annotated[int, Field(ge=1, le=100_000)]
    """How many make a convoy: as soon as so many wait, the first of them go."""
    after: Duration | None = None
    """A smaller one goes when the first of those who wait has done so for this long; never, if left
    out."""

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.after is not None and self.after < 1.0:
            raise ValueFault(
                expected="a second or more",
                hint="without any waiting nobody goes in convoy: take the convoy out",
                code="convoy",
                at=("after",),
            )
        return self


class Stage(Part):
    """A place where trucks queue, take, work and give."""

    label: Annotated[Label, by_language] = Label()
    """What people call it, for pictures and tables."""
    activity: str = ""
    """Activity code of the corridor programme CAREC CPMM, e.g. "customs"."""
    takes: Tokens[Annotated[Take, BeforeValidator(_take)]] = Field(default_factory=dict)
    """Servers taken at the admission."""
    instead_of: Annotated[
        dict[Name, dict[Name, Annotated[float, Field(ge=0.1, le=10.0)]]], Field(max_length=1)
    ] = Field(default_factory=dict)
    """Servers that do in place of one that is taken, in this order, and how many times as long
    the work lasts with them, to thousandths and whole seconds: {new scanner: {old scanner: 1.6}}.
    A truck takes the first that is free when its turn comes."""
    spends: Tokens[Annotated[Amount, BeforeValidator(_take)]] = Field(default_factory=dict)
    """Tokens of budgets and stores taken at the admission and never given back."""
    fits: Envelope | None = None
    """The largest load that can pass here, where that is not said by each of the lanes it takes:
    a load that takes all lanes of a gate has another width than one lane."""
    offers: Tokens[Annotated[Amount, BeforeValidator(_take)]] = Field(default_factory=dict)
    """Tokens put into stores at the end of the work."""
    time: Annotated[WorkTime, work_time]
    """How long the work takes."""
    time_by_hour: Annotated[
        tuple[float, ...],
        BeforeValidator(_by_hour),
        pen(spelt_hour_factors),
        WithJsonSchema(
            {
                "type": "object",
                "additionalProperties": {"type": "number"},
                "examples": [{"22:00-06:00": 1.3}],
            }
        ),
    ] = (1.0,) * 24
    """Factors of the work time, of this stage and of the steps of routes that have their own, by
    the hour of the port's clock in which the work begins; 1 where an hour is left out. To
    thousandths."""
    share: Share = 1.0
    """Share of the trucks that pass here, drawn for each."""
    hours: Several[Name] = ()
    """Calendars that must all be open for a truck to be admitted."""
    at_close: Literal["finish", "pause"] | None = None
    """finish: work goes on after the hours; pause: it waits for the next opening. Whether the
    officers are on duty in these hours does not count, unless the stage is `attended`."""
    attended: bool = False
    """With pause: work goes on only while as many servers as one truck takes are on duty, too, of
    each kind that it takes here, and not broken."""
    last_entry: Duration = 0.0
    """Nobody is admitted in this last part of the hours."""
    closures: Listed[Closures] = ()
    """What closes the stage without warning."""
    claims: bool = False
    """Its next truck keeps the servers it needs from trucks with larger keys."""
    convoy: Convoy | None = None
    """Let trucks go in convoys only; nothing can be taken, claimed or overtaken there."""
    overtaking: bool = False
    """A truck may pass another that waits for something else."""

    @property
    def instead(self) -> tuple[str, ...]:
        """The servers that do in place of one that is taken, in the order in which they are."""
        return tuple(name for some in self.instead_of.values() for name in some)

    def lasting(self, by: str) -> float:
        """How many times as long the work lasts with servers that do in place of those named; 1 if
        `by` is empty."""
        return next((some[by] for some in self.instead_of.values() if by in some), 1.0)

    def swapped(self) -> "list[tuple[Stage, float]]":
        """The stage as trucks pass it that take another server, and how many times as long the
        work lasts then."""
        return [
            (
                self.model_copy(
                    update={
                        "takes": {
                            other if name == first else name: take
                            for name, take in self.takes.items()
                        },
                        "instead_of": {},
                    }
                ),
                factor,
            )
            for first, others in self.instead_of.items()
            for other, factor in others.items()
        ]

    @model_validator(mode="after")
    def _free_where_convoys_gather(self) -> Self:
        words = ("takes", "spends", "claims", "overtaking", "attended", "instead_of")
        wrong = [word for word in words if self.convoy is not None and getattr(self, word)]
        if wrong:
            raise ValueFault(
                found=f"`{wrong[0]}` beside `convoy`",
                expected="a stage of a convoy at which nothing is taken",
                hint="put what its trucks take into the stage that comes next",
                code="convoy",
                at=(wrong[0],),
                key=True,
            )
        return self
