"""Loads of a scenario against its lanes: the words become vehicles and lanes, the answer a verdict.

A lane is whatever has `fits`: a resource, or a stage whose way is not that of the lanes it takes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from portsim.geometry.bend import Lane
from portsim.geometry.clearing import Sweep, smallest_radius, sweep
from portsim.geometry.vehicle import Vehicle, offtracking
from portsim.scenario.model import Scenario
from portsim.scenario.sizes import Axles, Dimensions, Envelope
from portsim.scenario.stages import Stage

__all__ = ["Fit", "Limit", "fit", "fits", "lane_of", "lanes_at", "vehicle_of"]

_UNITS = (("length", "m"), ("width", "m"), ("height", "m"), ("mass", "t"))
_FINE = 1e-3


@dataclass(frozen=True, slots=True)
class Limit:
    """A plain size of a load that is more than a lane lets through.

    Attributes:
        side: length, width, height or mass.
        size: of the load, in `unit`.
        most: what the lane lets through, in `unit`.
        unit: m or t.
    """

    side: str
    size: float
    most: float
    unit: str


@dataclass(frozen=True, slots=True)
class Fit:
    """What geometry says of one load in one lane.

    Attributes:
        over: plain limits that the load exceeds.
        vehicle: the load on its axles; None if these are not known.
        lane: the lane with its bend; None if it has none.
        swept: what is swept in the bend; None where load or lane lack what is needed.
        width: smallest lane width that would clear, metres; infinite if the load cannot make the
            turn at all, NaN if the lane or the load has no width.
        clearance: width of the lane less that, metres; NaN as above.
    """

    over: tuple[Limit, ...]
    vehicle: Vehicle | None
    lane: Lane | None
    swept: Sweep | None
    width: float
    clearance: float

    @property
    def fits(self) -> bool:
        """Whether nothing known speaks against it."""
        return not self.over and not self.clearance < -_FINE

    @property
    def judged(self) -> bool:
        """Whether the bend, if there is one, could be judged."""
        return self.lane is None or self.vehicle is not None

    def smallest_radius(self) -> float | None:
        """Smallest radius of the lane's outer edge that would clear, metres.

        None if none would, or if there is no bend to judge.
        """
        if self.vehicle is None or self.lane is None:
            return None
        return smallest_radius(self.vehicle, self.lane)

    def steady(self) -> float | None:
        """Off-tracking of an endless turn on the path of the front axle, metres; None if none."""
        if self.vehicle is None or self.lane is None:
            return None
        path = self.swept.path if self.swept is not None else 0.0
        radius = self.lane.radius - path
        if radius <= self.vehicle.tightest:
            return None
        return offtracking(self.vehicle, radius)


def vehicle_of(dimensions: Dimensions) -> Vehicle | None:
    """The vehicle that the words describe, in metres and radians; None without axles."""
    axles: Axles | None = dimensions.axles
    if axles is None or dimensions.width is None:
        return None
    follow = axles.rear_steer == "follow"
    return Vehicle(
        wheelbase=axles.wheelbase,
        fifth_wheel=axles.fifth_wheel,
        trailer=axles.trailer or 0.0,
        steer=0.0 if axles.rear_steer == "follow" else axles.rear_steer,
        follow=follow,
        steer_limit=math.radians(axles.steer_limit),
        front_lock=math.radians(axles.front_lock),
        track=axles.track or dimensions.width,
        width=dimensions.width,
        front_overhang=axles.front_overhang,
        load_ahead=axles.load_ahead,
        rear_overhang=axles.rear_overhang,
    )


def lane_of(envelope: Envelope) -> Lane | None:
    """The lane that the words describe, in metres and radians; None without a bend."""
    bend = envelope.bend
    if bend is None or envelope.width is None:
        return None
    return Lane(
        width=envelope.width,
        radius=bend.radius,
        angle=math.radians(bend.angle),
        apron=bend.apron,
        oversail_inner=bend.oversail_inner,
        oversail_outer=bend.oversail_outer,
    )


def fit(dimensions: Dimensions, envelope: Envelope) -> Fit:
    """Hold one load against one lane."""
    vehicle, lane = vehicle_of(dimensions), lane_of(envelope)
    swept = sweep(vehicle, lane) if vehicle is not None and lane is not None else None
    sizes = {side: getattr(dimensions, side) for side, _ in _UNITS}
    sizes["length"] = dimensions.overall
    over = []
    for side, unit in _UNITS:
        # In a bend the width of a load counts with all that it sweeps and may hang over.
        if side == "width" and swept is not None:
            continue
        size, most = sizes[side], getattr(envelope, side)
        if size is not None and most is not None and size > most + 1e-9:
            over.append(Limit(side, size, most, unit))
    need = swept.width if swept is not None else sizes["width"]
    if need is None or envelope.width is None:
        return Fit(tuple(over), vehicle, lane, swept, math.nan, math.nan)
    return Fit(tuple(over), vehicle, lane, swept, need, envelope.width - need)


def lanes_at(name: str, stage: Stage, scenario: Scenario) -> dict[str, Envelope]:
    """The lanes a load has to fit at a stage, by name: the stage's own, else those it takes."""
    if stage.fits is not None:
        return {name: stage.fits}
    taken = ((key, scenario.resources.get(key)) for key in stage.takes)
    return {
        key: resource.fits
        for key, resource in taken
        if resource is not None and resource.fits is not None
    }


def fits(scenario: Scenario) -> Iterator[tuple[str, str, bool, Fit]]:
    """Every load of a scenario in every lane.

    Yields:
        Name of the class, name of the lane (a resource or a stage), whether the load passes it on
        its route, and the verdict; in the order of the file.
    """
    lanes = {key: lane.fits for key, lane in scenario.resources.items() if lane.fits is not None}
    lanes |= {key: lane.fits for key, lane in scenario.stages.items() if lane.fits is not None}
    for name, cls in scenario.traffic.classes.items():
        if cls.dimensions is None:
            continue
        passed: set[str] = set()
        for step in cls.route:
            stage = scenario.stages.get(step.stage)
            if stage is not None and not step.papers_only:
                passed |= lanes_at(step.stage, stage, scenario).keys()
        for lane, envelope in lanes.items():
            yield name, lane, lane in passed, fit(cls.dimensions, envelope)
