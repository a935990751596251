"""The room of wording: numbers and dates as the language being spoken writes them."""

import datetime as dt
import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from babel import dates, numbers

from portsim.languages import FACTS
from portsim.wording.tongue import say, tongue

__all__ = [
    "date",
    "date_of_week",
    "day_month",
    "day_month_year",
    "days",
    "decimal",
    "month",
    "month_year",
    "period",
    "rounded",
    "weekdays",
]

_HUGE = 1e15


def rounded(value: float, digits: int) -> Decimal:
    """A number with so many digits after the point, half of the last one rounded up.

    Sums in another order end in other bits, so what people read is rounded from twelve digits:
    a figure is the same in every sentence and table.
    """
    if not math.isfinite(value) or abs(value) >= _HUGE:
        return Decimal(value)
    return Decimal(f"{value:.12g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def decimal(value: float, digits: int) -> str:
    """A number with so many digits after the point, thousands set off, and a true minus sign."""
    exact = rounded(value, digits) + 0  # of nothing no sign is left
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = numbers.format_decimal(exact, format=pattern, locale=tongue().locale)
    return text.replace("-", "−")


def day_month(day: dt.date) -> str:
    """A day of the year: ``28 Sep``."""
    return dates.format_date(day, FACTS[tongue().language].day_month, tongue().locale)


def day_month_year(day: dt.date) -> str:
    """A day in few letters, its year too: ``28 Sep 2024``."""
    return dates.format_date(day, FACTS[tongue().language].day_month_year, tongue().locale)


def date(day: dt.date) -> str:
    """A day in full: ``28 September 2024``."""
    return dates.format_date(day, FACTS[tongue().language].date, tongue().locale)


def date_of_week(day: dt.date) -> str:
    """A day in full with its weekday: ``Saturday, 28 September 2024``."""
    return dates.format_date(day, FACTS[tongue().language].date_of_week, tongue().locale)


def month_year(name: str) -> str:
    """A month named ``2024-09`` in words: ``Sep 2024``."""
    year, number = name.split("-")
    first = dt.date(int(year), int(number), 1)
    return dates.format_date(first, FACTS[tongue().language].month_year, tongue().locale)


def month(number: int) -> str:
    """A month, 1 to 12, in as few letters as can be: ``Sep``."""
    return str(tongue().locale.months["stand-alone"]["abbreviated"][number])


def days() -> list[str]:
    """The days of the week in few letters, from Monday."""
    names = tongue().locale.days["stand-alone"]["abbreviated"]
    return [str(names[day]) for day in range(7)]


def weekdays(numbers: Iterable[int]) -> str:
    """Some days of the week, Monday = 0: ``daily``, ``Mon-Fri``, ``Mon, Wed``."""
    names, parts = days(), list[list[int]]()
    for day in sorted(set(numbers)):
        if parts and parts[-1][-1] == day - 1:
            parts[-1].append(day)
        else:
            parts.append([day])
    if parts == [list(range(len(names)))]:
        return say("daily")
    return say(", ").join(
        names[part[0]]
        if len(part) == 1
        else say("{first}-{last}", first=names[part[0]], last=names[part[-1]])
        for part in parts
    )


def period(first: dt.date, last: dt.date) -> str:
    """From one day to another, both counted."""
    return f"{date(first)} – {date(last)}"
