"""The words of a moment: a local date, or a date with a time of day, at which a period may turn.

Which seconds these are in a time zone may not enter.
"""

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from portsim.scenario.calendar import parse_date
from portsim.scenario.clock import parse_time_of_day
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen

__all__ = ["Moment", "parse_moment", "spelt_moment"]

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]+(\d{1,2}:\d{2})(?::00)?")


def parse_moment(value: Any) -> dt.date | dt.datetime:
    """Read ``2024-09-21``, a whole day, or ``2024-09-21 10:30``, a minute of local time.

    Raises:
        ValueFault: neither, or one that does not exist.
    """
    if isinstance(value, dt.datetime):
        if value.tzinfo is None and value == value.replace(second=0, microsecond=0):
            return value
        raise ValueFault(
            expected="a whole minute of local time, without an offset",
            hint="write e.g. 2024-09-21 10:30",
            code="date",
        )
    match = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return parse_date(value)
    seconds = parse_time_of_day(match[2])
    midnight = dt.datetime.combine(parse_date(match[1]), dt.time())
    return midnight + dt.timedelta(seconds=seconds)


def spelt_moment(moment: dt.date | dt.datetime) -> str:
    """A moment as it is written: ``2024-09-21`` or ``2024-09-21 10:30``."""
    if isinstance(moment, dt.datetime):
        return moment.strftime("%Y-%m-%d %H:%M")
    return moment.isoformat()


Moment = Annotated[
    dt.datetime | dt.date,
    BeforeValidator(parse_moment),
    pen(spelt_moment),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2})?$",
            "examples": ["2024-09-21", "2024-09-21 10:30"],
        }
    ),
]
