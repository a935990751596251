"""The geometry room: which load can use which lane. Pure functions of sizes; nothing is simulated.

    offtracking(vehicle, R)    how far a vehicle cuts the corner in an endless turn, if there is one
    turn(vehicle, bend)        the way through a whole turn, from straight to straight
    sweep(vehicle, lane)       what it sweeps, and the smallest width with which it clears
    smallest_radius(…)         the flattest bend it needs at the width there is
    fits(scenario)             every load of a scenario against every lane

`vehicle`, `bend`, `turning` and `clearing` know metres and radians only; `loads` alone reads the
words of a scenario.
"""

from portsim.geometry.bend import Bend, Lane
from portsim.geometry.clearing import Sweep, smallest_radius, sweep
from portsim.geometry.loads import Fit, Limit, fit, fits, lanes_at
from portsim.geometry.turning import Turn, turn
from portsim.geometry.vehicle import Vehicle, offtracking, sum_of_squares, trailing_length

__all__ = [
    "Bend",
    "Fit",
    "Lane",
    "Limit",
    "Sweep",
    "Turn",
    "Vehicle",
    "fit",
    "fits",
    "lanes_at",
    "offtracking",
    "smallest_radius",
    "sum_of_squares",
    "sweep",
    "trailing_length",
    "turn",
]
