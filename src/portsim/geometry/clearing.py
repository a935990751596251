"""Whether a vehicle clears a lane: what it sweeps, and how wide or how flat the lane must be."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from portsim.arrays import Reals
from portsim.geometry.bend import Bend, Lane
from portsim.geometry.turning import Turn, turn
from portsim.geometry.vehicle import Vehicle

__all__ = ["Sweep", "smallest_radius", "sweep"]

_FINE_M = 0.001
_SIDE_M = 0.75
_FLATTEST_M = 20_000.0
_NEVER = 1e6


@dataclass(frozen=True, slots=True)
class Sweep:
    """The best way of a vehicle round a bend: as far out as its outer edge allows.

    Attributes:
        turn: the way, in the frame of the front axle's path: y is 0 where that begins, not where
            the outer edge does. Of a vehicle that cannot make the turn, the way until it folds;
            None if the bend is tighter than its front wheels turn.
        path: depth of the front axle's path, from the outer edge, metres.
        wheels: depth of the innermost tyre, metres.
        body: depth of the innermost point of body and load, metres.
        width: smallest lane width with which the vehicle clears, metres; infinite if it
            cannot make the turn.
    """

    turn: Turn | None
    path: float
    wheels: float
    body: float
    width: float


def _depths(
    vehicle: Vehicle, way: Turn, edge: Bend, path: float
) -> tuple[Reals, Reals, Reals, Reals]:
    """Depths of wheels and body on the outer and the inner side, each float64[n, points]."""
    half, load = vehicle.track / 2.0, vehicle.width / 2.0
    trailer = [vehicle.trailer] if vehicle.trailer else []
    nose, rear = vehicle.front_overhang, -vehicle.wheelbase
    # A lorry without a trailer carries its load on the tractor.
    broad = half if trailer else load
    tail = rear if trailer else rear - vehicle.rear_overhang

    def depth(points: list[Reals]) -> Reals:
        every = np.concatenate([p.reshape(len(way.front), -1, 2) for p in points], axis=1)
        return edge.depth(every[..., 0], every[..., 1] + path)

    def tyres(side: float) -> Reals:
        axles = [way.on_tractor(ahead, side * half) for ahead in (0.0, rear)]
        return depth([*axles, *(way.on_trailer(vehicle, at, side * half) for at in trailer)])

    def bodies(side: float) -> Reals:
        # The lane is convex on its outer side: there a corner comes nearest to the edge. The inner
        # edge bulges into the lane: there the middle of a side may, so the sides are sampled.
        steps = _SIDE_M if side > 0.0 else math.inf
        points = [way.on_tractor(at, side * broad) for at in _between(tail, nose, steps)]
        if trailer:
            ends = (-vehicle.load_ahead, vehicle.trailer + vehicle.rear_overhang)
            points.append(way.on_trailer(vehicle, _between(*ends, steps), side * load))
        return depth(points)

    return tyres(-1.0), tyres(1.0), bodies(-1.0), bodies(1.0)


def _between(start: float, stop: float, step: float) -> Reals:
    count = 2 if math.isinf(step) else max(2, math.ceil((stop - start) / step) + 1)
    return np.linspace(start, stop, count)


@lru_cache(maxsize=512)
def sweep(vehicle: Vehicle, lane: Lane) -> Sweep:
    """Find the smallest width with which a vehicle clears a bend, and the way it takes then.

    The front axle keeps to a line parallel to the outer edge, as far out as wheels (up to the
    edge) and body (up to the outer oversail) allow; further in it would only cut deeper. Wheels
    may then go as far in as width and apron reach, the body over the inner oversail too. The
    width is never below the track.

    Args:
        vehicle: the vehicle.
        lane: the lane; its width has no say.

    Returns:
        The way and the smallest width.
    """

    def way(path: float) -> tuple[float, Turn | None]:
        if lane.radius - path <= max(vehicle.tightest, _FINE_M):
            return -_NEVER, None
        driven = turn(vehicle, Bend(lane.radius - path, lane.angle))
        if driven.folded:
            return -_NEVER, driven
        wheels, _, body, _ = _depths(vehicle, driven, lane.outer, path)
        return min(float(wheels.min()), float(body.min()) + lane.oversail_outer), driven

    low = vehicle.track / 2.0
    room, best = way(low)
    if -_NEVER < room < -_FINE_M:
        high = low
        while -_NEVER < room < 0.0:
            low, high = high, high - room * 1.05 + _FINE_M
            room, best = way(high)
        if room >= 0.0:
            low = _zero(lambda path: way(path)[0], low, high, _FINE_M)
            room, best = way(low)
        else:
            low = high
    if best is None or best.folded:
        return Sweep(best, low, math.inf, math.inf, math.inf)
    outer_wheels, wheels, outer_body, body = _depths(vehicle, best, lane.outer, low)
    tyre = float(max(wheels.max(), outer_wheels.max()))
    flank = float(max(body.max(), outer_body.max()))
    inner = max(tyre - lane.apron, flank - lane.apron - lane.oversail_inner)
    # The strips lie in the bend; before and after it the wheels need a lane of their own.
    width = max(inner, vehicle.track)
    return Sweep(best, low, tyre, flank, width)


def smallest_radius(vehicle: Vehicle, lane: Lane) -> float | None:
    """The smallest radius of the outer edge with which a vehicle clears, all else unchanged.

    Returns:
        Metres; None if the vehicle is too wide for the lane at any radius.
    """

    def missing(radius: float) -> float:
        wanted = sweep(vehicle, Lane(lane.width, radius, *_rest(lane))).width
        return min(wanted, _NEVER) - lane.width

    clears, fails = lane.radius, lane.radius
    while missing(clears) > 0.0:
        fails, clears = clears, 2.0 * clears
        if clears > _FLATTEST_M:
            return None
    while fails == clears or missing(fails) <= 0.0:
        clears, fails = fails, fails / 2.0
        if fails < vehicle.track:
            return clears
    return _zero(missing, fails, clears, 10 * _FINE_M)


def _zero(function: Callable[[float], float], low: float, high: float, fine: float) -> float:
    # Slow to load, and few ports have lanes to clear.
    from scipy.optimize import brentq  # noqa: PLC0415

    return float(brentq(function, low, high, xtol=fine))


def _rest(lane: Lane) -> tuple[float, float, float, float]:
    return lane.angle, lane.apron, lane.oversail_inner, lane.oversail_outer
