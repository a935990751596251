"""The demand room: the trucks of a replication, with all their luck drawn beforehand."""

from portsim.demand.allotment import Bookings, slot_times
from portsim.demand.futures import DaysLevel, Futures, draw_futures
from portsim.demand.inside import Standing, trucks_inside
from portsim.demand.inverse import MOST_DRAWN, Observed, inverse, mean_of
from portsim.demand.opened import calendar_intervals
from portsim.demand.recurring import (
    Recurring,
    daily,
    draw_recurring,
    multipliable,
    real_calendar,
    recurring,
    steady,
)
from portsim.demand.rounding import Rounding
from portsim.demand.streams import uniforms
from portsim.demand.trucks import Trucks, Window, base_start, draw, draw_later, window

__all__ = [
    "MOST_DRAWN",
    "Bookings",
    "DaysLevel",
    "Futures",
    "Observed",
    "Recurring",
    "Rounding",
    "Standing",
    "Trucks",
    "Window",
    "base_start",
    "calendar_intervals",
    "daily",
    "draw",
    "draw_futures",
    "draw_later",
    "draw_recurring",
    "inverse",
    "mean_of",
    "multipliable",
    "real_calendar",
    "recurring",
    "slot_times",
    "steady",
    "trucks_inside",
    "uniforms",
    "window",
]
