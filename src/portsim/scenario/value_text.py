"""The scenario room's pen: values as a person would write them, each in one spelling.

The inverse of reading: what a text below is read as is the value it was made from, to the last
bit. No models and no trees may enter.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from pydantic import PlainSerializer

__all__ = [
    "pen",
    "spelt_dates",
    "spelt_days",
    "spelt_hour_factors",
    "spelt_hours",
    "spelt_months",
    "spelt_number",
    "spelt_quantity",
    "spelt_spans",
    "spelt_time",
    "spelt_week",
    "spelt_weekdays",
]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_S = 86_400
Spans = Sequence[tuple[int, int]]


def pen(spelt: Callable[[Any], Any]) -> PlainSerializer:
    """What makes a type of the language write its values as people do, in JSON.

    What cannot be written so, because somebody put it there unread, is left as it is for whoever
    reads it next.
    """

    def write(value: Any) -> Any:
        try:
            return spelt(value)
        except (TypeError, ValueError, ArithmeticError, AttributeError):
            return value

    return PlainSerializer(write, when_used="json")


def spelt_number(value: float) -> str:
    """A number in digits and a point, without an exponent; the shortest that reads as it."""
    return f"{Decimal(repr(float(value))).normalize():f}"


def spelt_quantity(*units: tuple[str, float], base: str) -> Callable[[float], str]:
    """A pen for quantities.

    Args:
        units: names and sizes, in the order of preference. A unit is taken where the quantity is a
            whole number of them; a name that ends in s is used from two on.
        base: name of the unit of size 1, for all others.
    """

    def spelt(value: float) -> str:
        for name, size in units:
            count = round(value / size)
            if count >= (2 if name.endswith("s") else 1) and count * size == value:
                return f"{count} {name}"
        return f"{spelt_number(value)} {base}"

    return spelt


def spelt_time(seconds: int) -> str:
    """Seconds after midnight as ``08:00``.

    Raises:
        ValueError: no whole minutes of a day.
    """
    if seconds % 60 or not 0 <= seconds <= _DAY_S:
        raise ValueError(f"{seconds} s after midnight are no time of day of whole minutes")
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def spelt_spans(spans: Spans) -> str:
    """Opening hours as ``10:00-14:00, 15:00-19:00``.

    Raises:
        ValueError: a span of no or too many hours.
    """
    if not spans:
        return "closed"
    if tuple(spans) == ((0, _DAY_S),):
        return "round the clock"
    return ", ".join(_span(*span) for span in spans)


def _span(start: int, end: int) -> str:
    if not 0 < end - start < _DAY_S and (start, end) != (0, _DAY_S):
        raise ValueError(f"from {start} to {end} s after midnight are no hours of a day")
    return f"{spelt_time(start)}-{spelt_time(end if end <= _DAY_S else end - _DAY_S)}"


def spelt_days(numbers: Iterable[int]) -> str:
    """Weekdays, Monday = 0, as ``Mon-Fri`` or ``Sat, Sun``, in the order of the week."""
    return _runs(_DAYS, sorted(set(numbers)))


def _runs(names: Sequence[str], numbers: Sequence[int]) -> str:
    """Names of rising numbers; three or more in a row as first-last."""
    if len(names) == len(_DAYS) and len(numbers) == len(_DAYS):
        return "daily"
    return ", ".join(
        f"{names[run[0]]}-{names[run[-1]]}" if len(run) > 2 else ", ".join(names[n] for n in run)
        for run in _neighbours(numbers)
    )


def _neighbours(numbers: Sequence[int]) -> Iterator[list[int]]:
    for _, run in itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        yield [number for _, number in run]


def spelt_week(week: Sequence[Spans]) -> str | dict[str, str]:
    """Hours of a week: one text where all days are alike, else by weekdays; closed days not named.

    Raises:
        ValueError: no week, or as `spelt_spans`.
    """
    if len(week) != len(_DAYS):
        raise ValueError(f"a week of {len(week)} days")
    if len({tuple(day) for day in week}) == 1:
        return spelt_spans(week[0])
    alike: dict[str, list[int]] = {}
    for number, spans in enumerate(week):
        if spans:
            alike.setdefault(spelt_spans(spans), []).append(number)
    return {_runs(_DAYS, days): text for text, days in alike.items()}


def spelt_dates(dates: tuple[dt.date, dt.date]) -> str:
    """One date, or ``first..last``."""
    first, last = dates
    return first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"


def spelt_months(factors: Sequence[float]) -> dict[str, float]:
    """Factors by month; those of 1 are left out but where all are."""
    return {
        (_MONTHS[run[0]] if len(run) == 1 else f"{_MONTHS[run[0]]}-{_MONTHS[run[-1]]}"): factor
        for run, factor in _alike(factors, 1.0)
    } or {"Jan-Dec": 1.0}


def spelt_weekdays(factors: Sequence[float]) -> dict[str, float]:
    """Factors by weekday; those of 1 are left out but where all are."""
    return {_runs(_DAYS, run): factor for run, factor in _alike(factors, 1.0)} or {"daily": 1.0}


def spelt_hours(weights: Sequence[float]) -> dict[str, float]:
    """Weights by hours of the day; those of 0 are left out."""
    return {
        f"{spelt_time(run[0] * 3600)}-{spelt_time((run[-1] + 1) * 3600)}": weight
        for run, weight in _alike(weights, 0.0)
    }


def spelt_hour_factors(factors: Sequence[float]) -> dict[str, float]:
    """Factors by hours of the day; those of 1 are left out but where all are."""
    return {
        f"{spelt_time(run[0] * 3600)}-{spelt_time((run[-1] + 1) * 3600)}": factor
        for run, factor in _alike(factors, 1.0)
    } or {"round the clock": 1.0}


def _alike(values: Sequence[float], left_out: float) -> Iterator[tuple[list[int], float]]:
    """Runs of neighbours with one value, but for that which stands where nothing is said."""
    for value, run in itertools.groupby(range(len(values)), lambda n: values[n]):
        if value != left_out:
            yield list(run), value
