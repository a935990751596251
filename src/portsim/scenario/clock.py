"""The words of a clock: hours of a day, days of a week, as a person writes them.

Text becomes seconds after local midnight and numbers of weekdays; dates, zones and calendars may
not enter.
"""

import itertools
import re
import unicodedata
from typing import Any

from portsim.reading.text import nearest, short
from portsim.scenario.validation_messages import ValueFault

__all__ = [
    "DAYS",
    "DAY_S",
    "HOURS",
    "Span",
    "parse_days",
    "parse_spans",
    "parse_time_of_day",
    "parse_week",
]

Span = tuple[int, int]
"""Opening and closing, seconds after local midnight of the day on which it opens; the second may
exceed 86,400 where the hours run across midnight."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_S = 86_400
HOURS = 'wall-clock hours such as "10:00-14:00, 15:00-19:00", "22:00-06:00" or "closed"'
_WEEKDAYS = 'weekdays such as "Mon", "Mon-Fri", "Sat, Sun" or "daily"'
_FULL_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_SPAN = re.compile(rf"{_TIME.pattern}\s*-\s*{_TIME.pattern}")
_CLOSED = {"closed", "no", "none", "off", "false"}
_OPEN = {"open", "yes", "on", "true", "always", "24h", "24/7", "24 h", "24 hours", "all day"}
_DAY_WORDS = {
    **dict.fromkeys(("weekday", "weekdays", "workdays", "working days", "工作日"), "Mon-Fri"),
    **dict.fromkeys(("weekend", "weekends", "周末"), "Sat, Sun"),
    **dict.fromkeys(("every day", "everyday", "all", "always", "每天"), "daily"),
}


def _plain(text: str) -> str:
    """The text with the signs of a Chinese keyboard and every kind of dash made plain."""
    return re.sub("[‐-―−~]", "-", unicodedata.normalize("NFKC", text)).strip()


def parse_spans(value: Any) -> tuple[Span, ...]:
    """Read ``"10:00-14:00, 15:00-19:00"`` into spans of seconds after midnight, sorted.

    Raises:
        Wrong: not hours, an hour that does not exist, or two spans that overlap.
    """
    if not isinstance(value, str):
        raise ValueFault(expected=HOURS, hint=_advice(value), code="hours")
    text = _plain(value).lower()
    if text == "closed":
        return ()
    if text == "round the clock":
        return ((0, DAY_S),)
    spans = sorted(_parse_span(part.strip()) for part in text.split(","))
    for (_, end), (start, _) in itertools.pairwise(spans):
        if start < end:
            raise ValueFault(expected="spans that do not overlap", code="hours-overlap")
    return tuple(spans)


def _parse_span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueFault(expected=HOURS, hint=_advice(text), code="hours")
    start, end = (_wall_clock(match[1], match[2]), _wall_clock(match[3], match[4]))
    if start == DAY_S:
        raise ValueFault(expected=HOURS, hint="24:00 can only close; open at 00:00", code="hours")
    if start == end:
        raise ValueFault(
            expected=HOURS, hint='for a whole day write "round the clock"', code="hours"
        )
    return (start, end if end > start else end + DAY_S)


def _advice(value: Any) -> str:
    """What somebody who wrote this for hours may have meant."""
    if isinstance(value, list):
        texts = ", ".join(str(part) for part in value if isinstance(part, str))
        return f'write one text: "{short(texts)}"' if texts else ""
    text = "" if value is None else str(value).strip().lower()
    with_minutes = re.sub(r"(?<![\d:.])(\d{1,2})(?![\d:.])", r"\1:00", text.replace(".", ":"))
    with_dash = re.sub(r"\s*(?:to|until|till|до|至|到)\s*", "-", with_minutes)
    if text in _CLOSED:
        hint = 'write "closed", or delete the line'
    elif text in _OPEN:
        hint = 'write "round the clock"'
    elif re.search(r"\d\s*[ap]\.?m", text):
        hint = 'the clock has 24 hours: "8:00-20:00"'
    elif _SPAN.fullmatch(with_dash):
        hint = f'write "{with_dash}"'
    else:
        hint = 'write the hours of opening and of closing: "8:00-20:00"'
    return hint


def _wall_clock(hour: str, minute: str) -> int:
    seconds = int(hour) * 3600 + int(minute) * 60
    if int(minute) > 59 or seconds > DAY_S:
        raise ValueFault(
            expected="a time of day from 00:00 to 24:00",
            hint=f"there is no {hour}:{minute}",
            code="no-such-time",
        )
    return seconds


def parse_time_of_day(value: Any) -> int:
    """Read ``"8:00"`` into seconds after midnight; ``"24:00"`` is the end of the day, 86,400.

    Raises:
        Wrong: not a time of day, or one that does not exist.
    """
    match = _TIME.fullmatch(_plain(value)) if isinstance(value, str) else None
    if match is None:
        number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 24
        hint = f"write {value}:00" if number else "write hours and minutes, 8:00"
        raise ValueFault(
            expected="a time of day such as 00:00 or 8:00", hint=hint, code="time-of-day"
        )
    return _wall_clock(match[1], match[2])


def _day_number(text: str) -> int:
    name = text.strip().lower()
    for number, day in enumerate(DAYS):
        if name in (day.lower(), _FULL_DAYS[number]):
            return number
    meant = _DAY_WORDS.get(name) or nearest(name, (*DAYS, *_FULL_DAYS)).title()
    hint = f"did you mean `{meant}`?" if meant else ""
    found = f"`{short(text.strip())}`"
    raise ValueFault(expected=_WEEKDAYS, hint=hint, found=found, code="weekday")


def parse_days(value: Any) -> tuple[int, ...]:
    """Read ``"Mon-Fri"``, ``"Sat, Sun"`` or ``"daily"`` into weekday numbers, Monday = 0.

    Raises:
        Wrong: not a weekday.
    """
    if not isinstance(value, str):
        hint = ""
        if isinstance(value, list) and all(isinstance(day, str) for day in value):
            hint = f'write one text: "{short(", ".join(value))}"'
        raise ValueFault(expected=_WEEKDAYS, hint=hint, code="weekday")
    text = _plain(value)
    if text.lower() == "daily":
        return tuple(range(7))
    days: list[int] = []
    for part in text.split(","):
        if part.strip().lower() in _DAY_WORDS:
            _day_number(part)
        first, _, last = part.partition("-")
        start = _day_number(first)
        stop = _day_number(last) if last else start
        days += [(start + i) % 7 for i in range((stop - start) % 7 + 1)]
    return tuple(days)


def parse_week(value: Any) -> tuple[tuple[Span, ...], ...]:
    """Read the hours of a week: one text for every day, or a mapping of weekdays to texts.

    Returns:
        Seven tuples of spans, Monday first; a day that is not named is closed.

    Raises:
        Wrong: not hours, not a weekday, a day named twice, or hours that overlap the next day's.
    """
    if not isinstance(value, dict):
        spans = parse_spans(value)
        if spans and spans[-1][1] - DAY_S > spans[0][0]:
            raise ValueFault(
                expected="hours that end before the next day's begin", code="hours-overlap"
            )
        return (spans,) * 7
    week: list[tuple[Span, ...]] = [()] * 7
    named: dict[int, str] = {}
    for key, hours in value.items():
        try:
            days = parse_days(key)
        except ValueFault as wrong:
            raise wrong.below(key, key=True) from None
        try:
            spans = parse_spans(hours)
        except ValueFault as wrong:
            raise wrong.below(key) from None
        for day in days:
            if day in named:
                words = f"{DAYS[day]} only once; it is in `{short(named[day])}` too"
                raise ValueFault(expected=words, code="weekday-twice", at=(key,), key=True)
            named[day] = key
            week[day] = spans
    for day in range(7):
        today, tomorrow = week[day], week[(day + 1) % 7]
        if today and tomorrow and today[-1][1] - DAY_S > tomorrow[0][0]:
            raise ValueFault(
                expected=f"hours that end before those of {DAYS[(day + 1) % 7]} begin",
                code="hours-overlap",
                at=(named[day],),
            )
    return tuple(week)
