"""Hours to choose from: when calendars may open and close, and the port with some of them.

What a roster under them costs may not enter.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from portsim.checking import Scenario
from portsim.errors import InputError
from portsim.reading.text import dotted, nearest, short
from portsim.scenario.calendar import Span
from portsim.scenario.clock import DAY_S, parse_time_of_day
from portsim.scenario.plain import plain
from portsim.scenario.units import parse_duration
from portsim.scenario.validation_messages import ValueFault
from portsim.scenario.value_text import spelt_time, spelt_week

__all__ = [
    "Hours",
    "Window",
    "as_it_is",
    "hours_text",
    "open_hours_a_week",
    "parse_windows",
    "usual_pair",
    "with_hours",
]

Pair = tuple[int, int]
"""When a calendar opens and closes on each day on which it is open, seconds after midnight."""
Hours = tuple[Pair | None, ...]
"""Of each calendar that may move; None as it is."""
_RANGE = re.compile(r"\s*(\d{1,2}:\d{2})\s*(?:\.\.\s*(\d{1,2}:\d{2})\s*(?::\s*(.+?))?)?\s*")
_EXAMPLE = "gate=08:00..12:00,18:00..24:00"


@dataclass(frozen=True, slots=True)
class Window:
    """When one calendar may open and close.

    Attributes:
        calendar: its name.
        opens: seconds after midnight, rising.
        closes: the same; 86,400 is midnight.
    """

    calendar: str
    opens: tuple[int, ...]
    closes: tuple[int, ...]

    @property
    def pairs(self) -> list[Pair]:
        """Every opening with every closing after it."""
        return [pair for pair in product(self.opens, self.closes) if pair[0] < pair[1]]


def parse_windows(texts: Sequence[str], scenario: Scenario) -> tuple[Window, ...]:
    """Read ``CALENDAR=08:00..12:00,18:00..24:00``: openings, closings, each with a step if wished.

    Args:
        texts: one for each calendar; the step is an hour if left out, ``08:00..12:00:30 min``.
        scenario: whose calendars these are.

    Raises:
        InputError: it cannot be read, or there is no such calendar.
    """
    windows: list[Window] = []
    for text in texts:
        where = f"--vary-hours {short(text)}"
        name, equals, rest = text.partition("=")
        ranges = rest.split(",")
        if not equals or len(ranges) != 2:
            raise InputError(
                f"{where}: write a calendar, when it may open, and when close: {_EXAMPLE}"
            )
        name = name.strip()
        if name not in scenario.calendars:
            near = nearest(name, list(scenario.calendars))
            hint = f"did you mean {near}?" if near else f"there are {', '.join(scenario.calendars)}"
            raise InputError(f"{where}: no calendar is called {name}\n    hint: {hint}")
        if name in [window.calendar for window in windows]:
            raise InputError(f"{where}: {name} stands twice")
        window = Window(name, _times(ranges[0], where), _times(ranges[1], where))
        if not window.pairs:
            raise InputError(f"{where}: it would close before it opens")
        if scenario.calendars[name].daylight is not None:
            raise InputError(f"{where}: {name} follows the daylight")
        windows.append(window)
    return tuple(windows)


def _times(text: str, where: str) -> tuple[int, ...]:
    match = _RANGE.fullmatch(text)
    try:
        if match is None:
            raise InputError(f"{where}: {text.strip()!r} is no range of times such as 08:00..12:00")
        low = parse_time_of_day(match[1])
        high = parse_time_of_day(match[2]) if match[2] else low
        step = round(parse_duration(match[3])) if match[3] else 3600
    except ValueFault as wrong:
        raise InputError(f"{where}: expected {wrong.expected}") from None
    if step < 60 or high < low or (high - low) % step:
        raise InputError(f"{where}: the range rises, and its steps reach the last time")
    return tuple(range(low, high + 1, step))


def _day(spans: Sequence[Span], pair: Pair) -> list[Span]:
    """The spans of a day that opens and closes at other times; its breaks stay."""
    if not spans:
        return []
    opens, closes = pair
    breaks = [(a[1], b[0]) for a, b in pairwise(spans)]
    marks = [opens, *(mark for pause in breaks for mark in pause), closes]
    parts = zip(marks[::2], marks[1::2], strict=True)
    clipped = ((max(start, opens), min(end, closes)) for start, end in parts)
    return [(start, end) for start, end in clipped if start < end]


def _week(week: Sequence[Sequence[Span]], pair: Pair) -> Any:
    return spelt_week([_day(spans, pair) for spans in week])


def as_it_is(scenario: Scenario, window: Window, pair: Pair) -> bool:
    """Whether a calendar opens and closes so already, on every day on which it is open."""
    calendar = scenario.calendars[window.calendar]
    weeks = [calendar.hours, *(period.hours for period in calendar.periods)]
    return all(_day(spans, pair) == list(spans) for week in weeks for spans in week)


def with_hours(
    scenario: Scenario, windows: Sequence[Window], hours: Hours, name: str
) -> tuple[Scenario, dict[str, Any]]:
    """The port with other hours, and what an overlay says of them.

    Raises:
        ScenarioError: hours that cannot be: no shift covers them, they run into others.
    """
    values: dict[str, Any] = {}
    for window, pair in zip(windows, hours, strict=True):
        if pair is None:
            continue
        calendar, path = scenario.calendars[window.calendar], ("calendars", window.calendar)
        values[dotted((*path, "hours"))] = _week(calendar.hours, pair)
        for number, period in enumerate(calendar.periods):
            values[dotted((*path, "periods", number, "hours"))] = _week(period.hours, pair)
    if not values:
        return scenario, {}
    made = scenario.replace(values, name=name)
    moved = [window.calendar for window, pair in zip(windows, hours, strict=True) if pair]
    words: Mapping[str, Any] = plain(made)["calendars"]
    kept = ("hours", "periods")
    return made, {one: {key: words[one][key] for key in kept if key in words[one]} for one in moved}


def open_hours_a_week(scenario: Scenario, calendar: str, pair: Pair | None = None) -> float:
    """Hours a week that a calendar is open, holidays and lunch apart; with other hours if given."""
    week = scenario.calendars[calendar].hours
    days = week if pair is None else [_day(spans, pair) for spans in week]
    return sum(end - start for day in days for start, end in day) / 3600.0


def usual_pair(scenario: Scenario, window: Window) -> Pair:
    """The opening and closing to choose from that are nearest to those of the first open day."""
    week = scenario.calendars[window.calendar].hours
    day = next((spans for spans in week if spans), ((0, DAY_S),))
    opens, closes = day[0][0], day[-1][1]
    return min(window.pairs, key=lambda pair: (abs(pair[0] - opens) + abs(pair[1] - closes), pair))


def hours_text(scenario: Scenario, windows: Sequence[Window], hours: Hours) -> str:
    """What is chosen, as people write it: ``Far gate 09:00-21:00``; empty where all is as it is."""
    return "; ".join(
        f"{scenario.calendars[window.calendar].label.in_english(window.calendar)} "
        f"{spelt_time(pair[0])}-{spelt_time(pair[1])}"
        for window, pair in zip(windows, hours, strict=True)
        if pair is not None
    )
