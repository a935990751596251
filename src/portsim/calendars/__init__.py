"""The room of calendars: from opening hours in words to open intervals and capacity in seconds.

Everything that leaves this room is int64 seconds; what may not enter are trucks, plans and files.
"""

from portsim.calendars.holiday_days import (
    about_state,
    closed_days,
    make_up_days,
    swapped_days,
    undecided,
)
from portsim.calendars.intervals import (
    Intervals,
    advance,
    clip,
    contains,
    intersect,
    measure_within,
    merge,
    shorten,
    subtract,
    total,
    union,
)
from portsim.calendars.openings import MARGIN_S, holiday_dates, open_intervals
from portsim.calendars.steps import capacity_steps, subtract_down
from portsim.calendars.weeks import WEEK_MIN, recurring, week_in_words
from portsim.calendars.zones import (
    UnknownZone,
    local_seconds,
    offsets,
    to_utc,
    zone,
    zone_names,
)

__all__ = [
    "MARGIN_S",
    "WEEK_MIN",
    "Intervals",
    "UnknownZone",
    "about_state",
    "advance",
    "capacity_steps",
    "clip",
    "closed_days",
    "contains",
    "holiday_dates",
    "intersect",
    "local_seconds",
    "make_up_days",
    "measure_within",
    "merge",
    "offsets",
    "open_intervals",
    "recurring",
    "shorten",
    "subtract",
    "subtract_down",
    "swapped_days",
    "to_utc",
    "total",
    "undecided",
    "union",
    "week_in_words",
    "zone",
    "zone_names",
]
