"""The turn itself: how tractor and trailer follow while the front axle goes round a bend.

Each unit is a tractrix: its rear axle moves along its own axis, so its direction ψ follows the
direction θ of its front end as dψ/ds = sin(θ − ψ) / L (for example M. W. Sayers, *Vehicle
Offtracking Models*, Transportation Research Record 1052, 1986). A kingpin before the rear axles
and steered rear axles add the terms below. Walking pace: no slip, no banking.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Reals
from portsim.geometry.bend import Bend
from portsim.geometry.vehicle import Vehicle

__all__ = ["Turn", "turn"]

_CORRECTION_M = 8.0
"""In about this distance a crew brings rear axles back that have left the path."""
_FOLDED = 0.02
"""Cosine of the angle between two units at which the turn has failed."""
_AFTER = 3.0
"""Lengths of the vehicle driven on after the arc: it is straight again but for 5 %."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a vehicle is while its front axle goes round a bend.

    Attributes:
        lead: path of the middle of the front axle.
        front: float64[n, 2], the middle of the front axle, metres.
        tractor: float64[n], direction of the tractor, radians.
        trailer: float64[n], direction of the trailer, radians.
        folded: whether the turn ends where a unit stands across the one before it.
    """

    lead: Bend
    front: Reals
    tractor: Reals
    trailer: Reals
    folded: bool

    def on_tractor(self, ahead: float, left: float) -> Reals:
        """Path of a point of the tractor, so far ahead of the front axle and left of the axis.

        Returns:
            float64[n, 2], metres.
        """
        return self.front + _turned(self.tractor, ahead, left)

    def on_trailer(self, vehicle: Vehicle, behind: Reals | float, left: float) -> Reals:
        """Paths of points of the trailer or its load, so far behind the kingpin.

        Args:
            vehicle: the vehicle that turns.
            behind: metres, one or float64[k].
            left: metres left of the axis.

        Returns:
            float64[n, 2], or float64[n, k, 2] for several.
        """
        hitch = vehicle.fifth_wheel - vehicle.wheelbase
        kingpin = self.front + _turned(self.tractor, hitch, 0.0)
        if isinstance(behind, float):
            return kingpin + _turned(self.trailer, -behind, left)
        points: Reals = kingpin[:, None, :] + _turned(self.trailer[:, None], -behind[None, :], left)
        return points


def _turned(direction: Reals, ahead: Reals | float, left: float) -> Reals:
    cos, sin = np.cos(direction), np.sin(direction)
    return np.stack([ahead * cos - left * sin, ahead * sin + left * cos], axis=-1)


def turn(vehicle: Vehicle, lead: Bend, step: float = 0.5) -> Turn:
    """Drive a vehicle round a bend, from a straight start until it is nearly straight again.

    Args:
        vehicle: the vehicle.
        lead: path of the middle of its front axle; angles above 180 degrees are taken too, but
            not by a crew that steers the rear axles.
        step: distance between the answers, metres.

    Returns:
        Positions from where the front axle enters the arc, about every step.

    Raises:
        ValueError: rear axles that follow the path of more than half a turn.
    """
    if vehicle.follow and lead.angle > math.pi + 1e-9:
        raise ValueError("rear axles can follow a bend of up to 180 degrees")
    # Slow to load, and few ports have lanes to clear.
    from scipy.integrate import solve_ivp  # noqa: PLC0415

    arc = lead.radius * lead.angle
    reach = vehicle.wheelbase + vehicle.trailer
    ends = ((0.0, arc), (arc, arc + _AFTER * reach))
    change = _change(vehicle, lead)
    state: Reals = np.zeros(2)
    distances, states, folded = [np.zeros(1)], [np.zeros((1, 2))], False
    # The curve changes at the end of the arc: two integrations, so that no step straddles it.
    for start, stop in ends:
        marks = np.linspace(start, stop, max(2, math.ceil((stop - start) / step) + 1))
        done = solve_ivp(
            change,
            (start, stop),
            state,
            t_eval=marks,
            events=_fold(vehicle, lead),
            rtol=1e-6,
            atol=1e-8,
            max_step=max(step, reach / 4.0),
        )
        # The first answer repeats the last of the integration before.
        distances.append(done.t[1:])
        states.append(done.y.T[1:])
        if done.status == 1:
            folded = True
            break
        state = done.y[:, -1]
    where, angles = np.concatenate(distances), np.vstack(states)
    places = np.array([lead.at(float(s)) for s in where])
    tractor = angles[:, 0] if vehicle.wheelbase else places[:, 2]
    trailer = angles[:, 1] if vehicle.trailer else tractor
    return Turn(lead, places[:, :2], tractor, trailer, folded)


def _pull(vehicle: Vehicle, direction: float, state: Reals) -> tuple[float, float, float]:
    """What the kingpin does: yaw of the tractor, speed along the trailer's axis and across it.

    All per metre of the front axle's path. The kingpin lies `fifth_wheel` before the tractor's
    rear axles and so has their speed along the tractor and its yaw across it.
    """
    if vehicle.wheelbase:
        lag = direction - state[0]
        yaw, forward, tractor = math.sin(lag) / vehicle.wheelbase, math.cos(lag), float(state[0])
    else:
        yaw, forward, tractor = 0.0, 1.0, direction
    side = vehicle.fifth_wheel * yaw
    angle = tractor - float(state[1])
    along = forward * math.cos(angle) - side * math.sin(angle)
    across = forward * math.sin(angle) + side * math.cos(angle)
    return yaw, along, across


def _change(vehicle: Vehicle, lead: Bend) -> Callable[[float, Reals], list[float]]:
    most = math.tan(vehicle.steer_limit)

    def change(distance: float, state: Reals) -> list[float]:
        x, y, direction = lead.at(distance)
        yaw, along, across = _pull(vehicle, direction, state)
        if not vehicle.trailer:
            return [yaw, 0.0]
        # Tangent of the angle at which the rear axles roll, to the left of the trailer's axis.
        if vehicle.follow:
            rolls = _followed(vehicle, lead, (x, y), state, direction)
        else:
            rolls = -vehicle.steer * across / along if along > 0.0 else 0.0
        rolls = min(max(rolls, -most), most)
        return [yaw, (across - along * rolls) / vehicle.trailer]

    return change


def _followed(
    vehicle: Vehicle, lead: Bend, front: tuple[float, float], state: Reals, direction: float
) -> float:
    tractor = float(state[0]) if vehicle.wheelbase else direction
    hitch = vehicle.fifth_wheel - vehicle.wheelbase
    x = front[0] + hitch * math.cos(tractor) - vehicle.trailer * math.cos(float(state[1]))
    y = front[1] + hitch * math.sin(tractor) - vehicle.trailer * math.sin(float(state[1]))
    inside, heading = lead.beside(x, y)
    wanted = heading - math.atan(inside / _CORRECTION_M) - float(state[1])
    return math.tan(min(max(wanted, -vehicle.steer_limit), vehicle.steer_limit))


def _fold(vehicle: Vehicle, lead: Bend) -> Callable[[float, Reals], float]:
    def fold(distance: float, state: Reals) -> float:
        direction = lead.at(distance)[2]
        _, along, _ = _pull(vehicle, direction, state)
        lag = math.cos(direction - float(state[0])) if vehicle.wheelbase else 1.0
        return min(lag, along if vehicle.trailer else 1.0) - _FOLDED

    fold.terminal = True  # type: ignore[attr-defined]
    return fold
