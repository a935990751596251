"""The words of the value of time: what an hour at the port costs trucks, their drivers and goods.

Prices only; how long trucks stay, and what a policy costs, may not enter. No truck fares otherwise
for them.
"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, model_validator

from portsim.scenario.base_model import Part
from portsim.scenario.units import Money
from portsim.scenario.validation_messages import ValueFault

__all__ = ["HourAtThePort", "TimeValue"]


class TimeValue(Part):
    """What an hour that one truck spends at the port costs: the sum of its parts."""

    short_form: ClassVar[str] = "truck"

    truck: Money | None = None
    """The vehicle, which earns nothing meanwhile."""
    drivers: Money | None = None
    """All who drive it."""
    goods: Money | None = None
    """Its goods: what spoils, and what is tied up in them."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.truck is None and self.drivers is None and self.goods is None:
            raise ValueFault(
                found="nothing",
                expected="an amount of `truck`, `drivers` or `goods`",
                hint="write e.g. {truck: 60 CNY, drivers: 30 CNY}, what an hour costs",
                code="value-of-time",
            )
        return self

    @property
    def an_hour(self) -> float:
        """Of the parts together, in the currency of the scenario."""
        return float((self.truck or 0.0) + (self.drivers or 0.0) + (self.goods or 0.0))


def _hour(value: Any) -> Any:
    """An amount alone is one of the truck with all that is on it."""
    return value if isinstance(value, dict | TimeValue) else {"truck": value}


HourAtThePort = Annotated[TimeValue, BeforeValidator(_hour)]
