"""A vehicle as a chain of axles, and its steady turn.

Sources: the sum of squares is the formula of the Western Highway Institute (WHI), *Offtracking
Characteristics of Trucks and Truck Combinations*, 1970; off-tracking is measured as SAE J695 does,
from the middle of the front axle's path to the middle of the rear axle's path. A group of axles
counts as one axle in its middle (SAE J695, 3.1).
"""

import math
from dataclasses import dataclass

__all__ = ["Vehicle", "offtracking", "sum_of_squares", "trailing_length"]


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A tractor with a trailer, or a lorry without one; all lengths in metres.

    Attributes:
        wheelbase: front axle to the middle of the rear axles of the tractor; 0 lets the kingpin
            itself follow the path, a trailer without a tractor.
        fifth_wheel: how far the kingpin lies before the middle of the tractor's rear axles.
        trailer: kingpin to the middle of the trailer's rear axles; 0 for a lorry.
        steer: share k by which the trailer's rear axles steer against the angle at the kingpin:
            tan(bogie) = k tan(kingpin). The point of the trailer that follows without side slip
            then lies trailer / (1 + k) behind the kingpin: the effective wheelbase.
        follow: a crew steers the rear axles along the path of the front axle instead.
        steer_limit: largest angle of the rear axles, radians.
        front_lock: largest angle of the front wheels, radians.
        track: width over the tyres.
        width: width of the body or load.
        front_overhang: body before the front axle.
        load_ahead: load before the kingpin.
        rear_overhang: load behind the last axle.
    """

    wheelbase: float
    fifth_wheel: float = 0.0
    trailer: float = 0.0
    steer: float = 0.0
    follow: bool = False
    steer_limit: float = math.radians(60.0)
    front_lock: float = math.radians(45.0)
    track: float = 2.55
    width: float = 2.55
    front_overhang: float = 0.0
    load_ahead: float = 0.0
    rear_overhang: float = 0.0

    @property
    def tightest(self) -> float:
        """Smallest radius of the front axle's path that its lock allows, metres."""
        return self.wheelbase / math.sin(self.front_lock)

    @property
    def front(self) -> float:
        """From the front axle to the foremost point, metres."""
        before_kingpin = self.load_ahead - self.wheelbase + self.fifth_wheel
        return max(self.front_overhang, before_kingpin if self.trailer else 0.0)

    @property
    def back(self) -> float:
        """From the front axle to the rearmost point when straight, metres."""
        kingpin = self.wheelbase - self.fifth_wheel if self.trailer else self.wheelbase
        return max(self.wheelbase, kingpin + self.trailer + self.rear_overhang)

    @property
    def length(self) -> float:
        """Length over all when straight, metres."""
        return self.front + self.back


def trailing_length(vehicle: Vehicle, radius: float) -> float | None:
    """Kingpin to the point of the trailer's axis that is nearest to the centre of a steady turn.

    Unsteered that is the trailer, with linked steering trailer / (1 + steer). A crew that keeps
    the rear axles on the circle of the front axle moves it to the foot of a chord between the
    circles of kingpin and front axle, about half of the trailer. At the limit of their steering,
    rear axles stand across by that angle, and less is gained.

    Args:
        vehicle: the vehicle.
        radius: of the path of the middle of the front axle, metres.

    Returns:
        Metres; None if the turn is too tight for the steering.
    """
    length, kingpin = vehicle.trailer, vehicle.wheelbase**2 - vehicle.fifth_wheel**2
    if not length or not (vehicle.follow or vehicle.steer):
        return length
    foot = length / (1.0 + vehicle.steer)
    if vehicle.follow:
        foot = (length**2 - kingpin) / (2.0 * length)
    most = math.tan(vehicle.steer_limit)
    squared = radius**2 - kingpin
    if squared > foot**2 and length - foot <= math.sqrt(squared - foot**2) * most:
        return foot
    # At their limit the rear axles add it to the angle at the kingpin; in a steady turn the sum
    # has the sine length cos(limit) / radius of the kingpin.
    sine = length * math.cos(vehicle.steer_limit)
    if squared <= sine**2:
        return None
    bent = math.asin(sine / math.sqrt(squared)) - vehicle.steer_limit
    at_limit = vehicle.follow or vehicle.steer * math.tan(bent) >= most
    return math.sqrt(squared) * math.sin(bent) if at_limit else None


def sum_of_squares(vehicle: Vehicle, radius: float = math.inf) -> float | None:
    """WHI's sum of squares: tractor² − fifth wheel² + effective trailer², square metres.

    The radius matters for steered rear axles only, which have a limit; None beyond it.
    """
    if not vehicle.trailer:
        return vehicle.wheelbase**2
    foot = trailing_length(vehicle, radius)
    if foot is None:
        return None
    return vehicle.wheelbase**2 - vehicle.fifth_wheel**2 + foot**2


def offtracking(vehicle: Vehicle, radius: float) -> float | None:
    """How far the vehicle cuts the corner in an endless turn: R − sqrt(R² − ΣL²).

    Args:
        vehicle: the vehicle.
        radius: R, of the path of the middle of the front axle, metres.

    Returns:
        Metres from that path to the axis of the vehicle where it is nearest to the centre: at the
        rear axles if these are not steered. None if no such turn exists: ΣL² ≥ R².

    Raises:
        ValueError: a radius that is not above 0.
    """
    if not radius > 0.0:
        raise ValueError(f"a radius above 0 m, not {radius:g} m")
    squares = sum_of_squares(vehicle, radius)
    if squares is None or squares >= radius**2:
        return None
    return radius - math.sqrt(radius**2 - squares)
