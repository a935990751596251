"""The words of sizes: how large a load is, on which axles it stands, and what a lane lets through.

Only words; what follows from them is worked out by `portsim.geometry`.
"""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from portsim.scenario.base_model import Part
from portsim.scenario.units import Angle, Length, Mass
from portsim.scenario.validation_messages import ValueFault

__all__ = ["Axles", "Bend", "Dimensions", "Envelope"]

_SAME_M = 0.5


class Bend(Part):
    """A bend of a lane, between two straights. Its width is the lane's, between the kerbs."""

    radius: Length
    """Radius of the outer edge of the lane in the bend."""
    angle: Angle
    """By how much the direction changes, up to 180 deg."""
    apron: Length = 0.0
    """Paved strip beyond the inner edge that wheels may cross."""
    oversail_inner: Length = 0.0
    """Strip beyond the apron without posts and walls: a load may hang over it, no wheel may cross
    it."""
    oversail_outer: Length = 0.0
    """The same beyond the outer edge, where the rear end of a load swings out."""

    @model_validator(mode="after")
    def _a_bend(self) -> Self:
        if self.radius <= 0.0:
            raise ValueFault(expected="a radius above 0 m", code="bend", at=("radius",))
        if not 1.0 <= self.angle <= 180.0:
            hint = "a straight lane has no bend" if self.angle < 1.0 else ""
            expected = "an angle from 1 to 180 deg"
            raise ValueFault(expected=expected, hint=hint, code="bend", at=("angle",))
        return self


class Envelope(Part):
    """The largest load that can use a lane; what is left out has no limit."""

    length: Length | None = None
    """Largest length."""
    width: Length | None = None
    """Width of the lane between its edges: the largest width of a load where it is straight."""
    height: Length | None = None
    """Largest height."""
    mass: Mass | None = None
    """Largest mass."""
    bend: Bend | None = None
    """The tightest bend of the lane."""

    @model_validator(mode="after")
    def _width_of_a_bend(self) -> Self:
        if self.bend is not None and not self.width:
            hint = "write width: 6 m, the width of the lane between its edges"
            raise ValueFault(
                found="no `width`",
                expected="`width` for a lane with a bend",
                hint=hint,
                code="bend",
            )
        return self


def _rear_steer(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value == "follow" or (number and 0 <= value <= 1):
        return value
    raise ValueFault(
        expected="a share from 0 to 1, or `follow`",
        hint="0: fixed axles; 0.5: linked, half as much as the angle at the kingpin; "
        "follow: a crew steers them along the way of the tractor",
        code="rear-steer",
    )


class Axles(Part):
    """On which axles a load stands and how far it juts out; groups of axles count in their
    middle."""

    wheelbase: Length
    """Front axle of the tractor to the middle of its rear axles."""
    front_overhang: Length = 0.0
    """Body of the tractor before its front axle."""
    front_lock: Angle = 45.0
    """Largest angle of the front wheels."""
    fifth_wheel: Length = 0.0
    """How far the kingpin lies before the middle of the tractor's rear axles."""
    trailer: Length | None = None
    """Kingpin to the middle of the trailer's rear axles; left out for a lorry without a trailer."""
    rear_steer: Annotated[
        float | Literal["follow"],
        BeforeValidator(_rear_steer),
        WithJsonSchema(
            {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"const": "follow"}]}
        ),
    ] = 0.0
    """How the trailer's rear axles steer. 0: not. A share k up to 1: linked to the kingpin, with
    the tangent of k times that of its angle; this shortens the effective wheelbase to trailer /
    (1 + k). follow: a crew steers them along the way of the front axle."""
    steer_limit: Angle = 60.0
    """Largest angle of the trailer's rear axles."""
    track: Length | None = None
    """Width over the tyres; the width of the load if left out."""
    load_ahead: Length = 0.0
    """Load before the kingpin."""
    rear_overhang: Length = 0.0
    """Load behind the last group of axles, such as the tip of a blade."""

    @model_validator(mode="after")
    def _a_chain(self) -> Self:
        for name in ("wheelbase", "trailer", "track"):
            if getattr(self, name) == 0.0:
                raise ValueFault(expected="a length above 0 m", code="axles", at=(name,))
        if self.fifth_wheel >= self.wheelbase:
            expected = "a kingpin between the axles of the tractor"
            raise ValueFault(expected=expected, code="axles", at=("fifth_wheel",))
        for name in ("front_lock", "steer_limit"):
            if not 1.0 <= getattr(self, name) <= 80.0:
                raise ValueFault(expected="an angle from 1 to 80 deg", code="axles", at=(name,))
        lone = {"fifth_wheel", "rear_steer", "steer_limit", "load_ahead"} & self.model_fields_set
        if lone and self.trailer is None:
            name = min(lone)
            raise ValueFault(
                expected=f"`{name}` only with a `trailer`",
                hint="write trailer: 12 m, from the kingpin to the middle of the rear axles",
                code="axles",
                at=(name,),
                key=True,
            )
        return self

    @property
    def length(self) -> float:
        """Length over all of load and vehicle when straight, metres."""
        kingpin = self.wheelbase - self.fifth_wheel
        if self.trailer is None:
            return self.front_overhang + self.wheelbase + self.rear_overhang
        front = max(self.front_overhang, self.load_ahead - kingpin)
        return front + kingpin + self.trailer + self.rear_overhang


class Dimensions(Part):
    """The size of a load with its vehicle."""

    length: Length | None = None
    """Length over all; that of the axles with what juts out if these are given."""
    width: Length | None = None
    """Width."""
    height: Length | None = None
    """Height above the road."""
    mass: Mass | None = None
    """Mass of vehicle and load."""
    axles: Axles | None = None
    """On which axles the load stands: with them follows which bends it can take."""

    @model_validator(mode="after")
    def _in_agreement(self) -> Self:
        if self.axles is None:
            return self
        if not self.width:
            hint = "write width: 4.5 m, the width of the load"
            raise ValueFault(
                found="no `width`", expected="`width` beside `axles`", hint=hint, code="axles"
            )
        if self.length is not None and abs(self.length - self.axles.length) > _SAME_M:
            made = math.floor(self.axles.length * 10 + 0.5) / 10
            raise ValueFault(
                expected=f"the length over all that the axles give, {made:g} m",
                hint="leave `length` out, or mend `trailer`, `rear_overhang` or `front_overhang`",
                code="length",
                at=("length",),
            )
        return self

    @property
    def overall(self) -> float | None:
        """Length over all, metres; None if not known."""
        return self.axles.length if self.axles is not None else self.length
