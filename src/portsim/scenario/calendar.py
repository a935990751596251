"""The words of a calendar: when something is open, as a person writes it in a scenario file.

Only the words and their validation live here; turning them into seconds is the business of
`portsim.calendars`.
"""

import calendar
import datetime as dt
import re
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from portsim.scenario.base_model import Listed, Part, Several
from portsim.scenario.clock import DAY_S, DAYS, HOURS, Span, parse_days, parse_spans, parse_week
from portsim.scenario.labels import Label, by_language
from portsim.scenario.units import Duration
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import pen, spelt_dates, spelt_spans, spelt_week

__all__ = [
    "DAYS",
    "Calendar",
    "CalendarPeriod",
    "Daylight",
    "Holidays",
    "Span",
    "parse_date",
    "parse_days",
    "parse_spans",
]


def parse_date(value: Any) -> dt.date:
    """Read a date such as ``2024-09-21``.

    Raises:
        Wrong: not a date, or one that does not exist.
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            date = dt.date.fromisoformat(value.strip())
        except ValueError:
            raise ValueFault(
                expected="a date that exists", hint="the order is year-month-day", code="date"
            ) from None
        if 1970 <= date.year <= 2100:
            return date
        raise ValueFault(expected="a date from 1970 to 2100", code="date")
    raise ValueFault(expected="a date such as 2024-09-21", hint=_date_advice(value), code="date")


def _date_advice(value: Any) -> str:
    """The same date in the right order, if it can be told."""
    text = str(value).strip()
    whole_month = re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", text)
    if whole_month is not None and 1 <= int(whole_month[2]) <= 12:
        days = calendar.monthrange(int(whole_month[1]), int(whole_month[2]))[1]
        whole = f"{int(whole_month[1]):04}-{int(whole_month[2]):02}"
        return f"write the day too: the month goes from {whole}-01 to {whole}-{days}"
    parts = re.fullmatch(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?", text)
    order = (1, 2, 3)
    if parts is None:
        parts = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
        order = (3, 2, 1)
    if parts is None:
        return "the order is year-month-day"
    year, month, day = (int(parts[number]) for number in order)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return "the order is year-month-day"
    return f"write {year:04}-{month:02}-{day:02}"


def _parse_dates(value: Any) -> tuple[dt.date, dt.date]:
    if isinstance(value, str) and ".." in value:
        first, _, last = value.partition("..")
        start, stop = parse_date(first.strip()), parse_date(last.strip())
        if stop < start:
            raise ValueFault(expected="a first date that is not after the last", code="date")
        return (start, stop)
    date = parse_date(value)
    return (date, date)


Date = Annotated[
    dt.date,
    BeforeValidator(parse_date),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
Dates = Annotated[
    tuple[dt.date, dt.date],
    BeforeValidator(_parse_dates),
    pen(spelt_dates),
    WithJsonSchema({"type": "string", "examples": ["2024-05-01", "2024-05-01..2024-05-03"]}),
]
WeekHours = Annotated[
    tuple[tuple[Span, ...], ...],
    BeforeValidator(parse_week),
    pen(spelt_week),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ],
            "description": HOURS + ", for every day or by weekday",
        }
    ),
]
Spans = Annotated[
    tuple[Span, ...],
    BeforeValidator(parse_spans),
    pen(spelt_spans),
    WithJsonSchema({"type": "string", "examples": ["13:00-14:00"]}),
]


class Holidays(Part):
    """Days on which a calendar is closed because a state celebrates."""

    country: Annotated[str, WithJsonSchema({"type": "string", "examples": ["CN", "KZ", "PL"]})]
    """ISO 3166 code of the country: any that the `holidays` library knows."""
    subdivision: str | None = None
    """A part of it with holidays of its own, e.g. BY for Bavaria in DE."""
    observed: bool = True
    """Also the days on which a holiday is observed and the bridge days of an office calendar."""
    only: Listed[str] | None = None
    """Close only on holidays whose English name contains one of these texts."""
    make_up: bool = True
    """Open on weekend days that the state has declared working days, with the hours of the
    weekday they make up for."""


class Daylight(Part):
    """Open only between sunrise and sunset at the port's position."""

    after_sunrise: Duration = 0.0
    """Open only this long after sunrise."""
    before_sunset: Duration = 0.0
    """Close this long before sunset."""


def _daylight(value: Any) -> Any:
    if isinstance(value, bool):
        return {} if value else None
    if value is None or isinstance(value, dict | Daylight):
        return value
    meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(value).lower())
    raise ValueFault(
        expected="`true`, `false` or a mapping with `after_sunrise`, `before_sunset`",
        hint=f"write `{meant}`" if meant else "",
        code="daylight",
    )


class CalendarPeriod(Part):
    """Other hours for part of the year."""

    valid_from: Date | None = None
    """First local date of these hours."""
    valid_to: Date | None = None
    """Last local date of these hours, inclusive."""
    hours: WeekHours
    """Hours of the week in these dates."""
    lunch: Spans = ()
    """Taken out of the hours of every day in these dates."""


class Calendar(Part):
    """When something is open, in wall-clock time of its own zone."""

    label: Annotated[Label, by_language] = Label()
    """What people call it, for pictures and tables."""
    side: str = ""
    """On which side of the border it is, e.g. Poland, for the timetable picture."""
    timezone: str | None = None
    """IANA zone of its wall clock; the port's if left out."""
    hours: WeekHours = (((0, DAY_S),),) * 7
    """Hours of the week; round the clock if left out."""
    lunch: Spans = ()
    """Taken out of the hours of every day."""
    holidays: Listed[Holidays] = ()
    """Closed on these states' holidays."""
    closed: Several[Dates] = ()
    """Closed on these local dates: one date, or a first..last."""
    valid_from: Date | None = None
    """Closed before this local date."""
    valid_to: Date | None = None
    """Closed after this local date."""
    periods: Listed[CalendarPeriod] = ()
    """Other hours for part of the year; the last one that covers a date holds."""
    daylight: Annotated[Daylight | None, BeforeValidator(_daylight)] = None
    """Only in daylight at the port's position."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        parts: list[tuple[tuple[str | int, ...], Calendar | CalendarPeriod]] = [((), self)]
        parts += [(("periods", number), period) for number, period in enumerate(self.periods)]
        for path, part in parts:
            if part.valid_from and part.valid_to and part.valid_to < part.valid_from:
                raise ValueFault(
                    expected=f"a date that is not before valid_from, {part.valid_from}",
                    code="date",
                    at=(*path, "valid_to"),
                )
        return self
