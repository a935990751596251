"""The words of slots: times that a port gives out, and how trucks ask for them and keep them.

Only words; who gets which slot is the business of `portsim.demand`.
"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from portsim.scenario.base_model import Name, Part, Share
from portsim.scenario.clock import parse_spans
from portsim.scenario.distributions import Distribution, spread
from portsim.scenario.units import Duration
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen, spelt_hours

__all__ = ["SlotWish", "Slots"]

_MOST = 100_000
_LONGEST_S = 86_400.0
_DAY_S = 86_400.0


def _quota(value: Any) -> tuple[int, ...]:
    if not isinstance(value, dict):
        return (_number(value, ()),) * 24
    quota = [0] * 24
    for key, number in value.items():
        try:
            spans = parse_spans(key)
        except ValueFault as wrong:
            raise wrong.below(key, key=True) from None
        for start, end in spans:
            if start % 3600 or end % 3600:
                expected = "whole hours, e.g. 8:00-12:00"
                raise ValueFault(expected=expected, code="quota", at=(key,), key=True)
            for hour in range(start // 3600, end // 3600):
                quota[hour % 24] = _number(number, (key,))
    return tuple(quota)


def _number(value: Any, at: tuple[str, ...]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        expected = f"a whole number of trucks from 0 to {_MOST:,}, or a mapping of hours to some"
        hint = "write quota: 6, or {08:00-12:00: 8, 12:00-20:00: 4}"
        raise ValueFault(expected=expected, hint=hint, code="quota", at=at)
    return value


def _spelt_quota(quota: tuple[int, ...]) -> Any:
    return quota[0] if len(set(quota)) == 1 else spelt_hours(quota)


class Slots(Part):
    """Times at which trucks may come, and how many at each; several classes may share them."""

    calendar: Name
    """When slots are given out: each opening is cut into slots from its beginning on, one of more
    than a day at midnight as well."""
    every: Duration
    """Length of a slot. What is left of an opening and shorter is none."""
    quota: Annotated[
        tuple[int, ...],
        BeforeValidator(_quota),
        pen(_spelt_quota),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "integer", "minimum": 0},
                    {"type": "object", "additionalProperties": {"type": "integer"}},
                ],
                "examples": [6, {"08:00-12:00": 8, "12:00-20:00": 4}],
            }
        ),
    ]
    """Trucks in a slot; or by the hour in which it begins, by the port's clock, with 0 where an
    hour is left out. A convoy of `pieces` counts as one."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not 60.0 <= self.every <= _LONGEST_S:
            raise ValueFault(expected="a slot of a minute to a day", code="slots", at=("every",))
        if not any(self.quota):
            expected, hint = "a slot with a truck", "to close it, close its calendar"
            raise ValueFault(expected=expected, hint=hint, code="slots", at=("quota",))
        return self


class SlotWish(Part):
    """How the trucks of a class get slots: each wants the time at which it would come by itself.

    They book one after the other: a truck gets the slot in which its time lies if there is room,
    else the next one with room, and waits for it at home.
    """

    short_form: ClassVar[str] = "of"

    of: Name
    """Which slots."""
    ahead: Annotated[Distribution[Duration] | None, spread] = None
    """How long before the time it wants a truck books; at that very time, if left out."""
    at_most: Duration = 7 * _DAY_S
    """How long after the time it wants its slot may begin; who finds none stays away. Up to 21
    days."""
    early: Annotated[Distribution[Duration] | None, spread] = None
    """How long a truck comes before its time: the one it wanted, if its slot has it, else one
    within its slot, each as likely."""
    late: Annotated[Distribution[Duration] | None, spread] = None
    """How long after its time it comes; taken off the earliness."""
    no_show: Share = 0.0
    """Share of the trucks with a slot that never come."""

    @model_validator(mode="after")
    def _within_reach(self) -> Self:
        if self.at_most > 21 * _DAY_S:
            raise ValueFault(expected="21 days or less", code="slots", at=("at_most",))
        return self
