"""Where the places of a port stand on its schematic map: for the eye only.

Nothing that happens at a port depends on it, and it is no part of the identity of a run.
"""

from itertools import combinations
from typing import Annotated, Self

from pydantic import Field, model_validator

from portsim.scenario.base_model import Name, Part
from portsim.scenario.units import Length
from portsim.scenario.validation_messages import ValueFault

__all__ = ["PortMap", "Spot"]

_TRUCK_M = (5.0, 100.0)


class Spot(Part):
    """Where a place stands, in places: one is as wide and as high as one place."""

    x: Annotated[float, Field(ge=-100.0, le=100.0)]
    """Along the road, from left to right."""
    y: Annotated[float, Field(ge=-20.0, le=20.0)]
    """Away from the road: 1, 2, … are rows below it, -1, -2, … above it, 0 is on it."""

    @model_validator(mode="after")
    def _beside_the_road(self) -> Self:
        if 0.0 < abs(self.y) < 1.0:
            raise ValueFault(
                expected="0, on the road, or 1 or more away from it",
                hint="a place is one high; write 1 for the first row below the road",
                code="map",
                at=("y",),
            )
        return self


class PortMap(Part):
    """The schematic map of the port, drawn where trucks are seen to move."""

    border: Annotated[float, Field(ge=-100.0, le=100.0)] | None = None
    """Where the border line crosses the road; between the gates of both sides if left out."""
    truck: Length = 20.0
    """How long a truck is drawn with the gap behind it."""
    places: dict[Name, Spot] = Field(default_factory=dict)
    """Where stages stand; those left out stand in a row of their own below the others. All are
    laid out from sides and routes if none is named."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        low, high = _TRUCK_M
        if not low <= self.truck <= high:
            raise ValueFault(
                expected=f"a length from {low:g} to {high:g} m", code="map", at=("truck",)
            )
        if self.border is not None and not self.places:
            raise ValueFault(
                expected="`border` beside `places`",
                hint="without places of its own the map is laid out from sides and routes",
                code="map",
                at=("border",),
                key=True,
            )
        for (name, one), (other, two) in combinations(self.places.items(), 2):
            if abs(one.x - two.x) < 1.0 and abs(one.y - two.y) < 1.0:
                raise ValueFault(
                    found=f"{other} at x {two.x:g}, y {two.y:g} and {name} at x {one.x:g}, "
                    f"y {one.y:g}",
                    expected="places that are 1 or more apart, along the road or away from it",
                    hint="a place is one wide and one high",
                    code="map",
                    at=("places", other),
                )
        return self
