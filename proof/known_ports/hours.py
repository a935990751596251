"""Hours by weekday as open spans in seconds: of each server, of a stage, a week's worth of them.

No trucks enter here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

Spans = list[tuple[float, float]]
"""Half-open spans of UTC epoch seconds in order, none touching the next."""
Group = Mapping[str, Any]
"""``{"count": servers, "hours": {weekday: [[from, to], ...]}}``: weekdays "0" (Monday) to "6",
hours of the local clock as numbers."""


def second(date: dt.date, hour: float, zone: ZoneInfo) -> float:
    """UTC epoch second of an hour of the local clock; 24 is the next midnight."""
    if hour >= 24:
        return second(date + dt.timedelta(days=1), hour - 24, zone)
    clock = dt.time(int(hour), round(hour % 1 * 60))
    return dt.datetime.combine(date, clock, zone).timestamp()


def spans_of(hours: Mapping[str, Sequence[Sequence[float]]], dates: Iterable[dt.date],
             zone: ZoneInfo) -> Spans:  # fmt: skip
    """The open spans of these dates; spans that touch, as those of a night, are one."""
    found = [
        (second(date, opens, zone), second(date, closes, zone))
        for date in dates
        for opens, closes in hours.get(str(date.weekday()), ())
    ]
    return merged(found)


def merged(spans: Iterable[tuple[float, float]]) -> Spans:
    """The union of spans."""
    union: Spans = []
    for opens, closes in sorted(spans):
        if union and opens <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], closes))
        else:
            union.append((opens, closes))
    return union


def servers(groups: Sequence[Group], changed: Sequence[Group] | None, date: dt.date | None,
            dates: Sequence[dt.date], zone: ZoneInfo) -> list[Spans]:  # fmt: skip
    """The open spans of every single server.

    Args:
        groups: the servers of the stage.
        changed: those from a date on, None if they stay. The first goes on where the first was, and
            so on, so that nobody is interrupted by a change elsewhere.
        date: that date.
        dates: the dates that are wanted, in order.
        zone: of the clock.
    """
    before = [group["hours"] for group in groups for _ in range(group["count"])]
    if changed is None or date is None:
        return [spans_of(hours, dates, zone) for hours in before]
    after = [group["hours"] for group in changed for _ in range(group["count"])]
    early = [day for day in dates if day < date]
    late = [day for day in dates if day >= date]
    return [
        merged(
            (spans_of(before[k], early, zone) if k < len(before) else [])
            + (spans_of(after[k], late, zone) if k < len(after) else [])
        )
        for k in range(max(len(before), len(after)))
    ]


def weekly(groups: Sequence[Group]) -> float:
    """Server hours of a week."""
    return sum(
        group["count"] * (closes - opens)
        for group in groups
        for spans in group["hours"].values()
        for opens, closes in spans
    )


def with_more(groups: Sequence[Group], servers_more: int, hours_more: float) -> list[dict]:
    """The groups of a policy.

    Args:
        groups: as they are.
        servers_more: so many more (or fewer) in the first group.
        hours_more: so many hours more at the end of each day, for all who work until the stage
            closes; never beyond midnight.
    """
    closing = {
        day: max(group["hours"][day][-1][1] for group in groups if group["hours"].get(day))
        for day in {day for group in groups for day, spans in group["hours"].items() if spans}
    }
    changed = []
    for number, group in enumerate(groups):
        hours = {day: [list(span) for span in spans] for day, spans in group["hours"].items()}
        for day, spans in hours.items():
            if spans and spans[-1][1] == closing[day]:
                spans[-1][1] = min(24, spans[-1][1] + hours_more)
        count = group["count"] + (servers_more if number == 0 else 0)
        changed.append({"count": max(count, 0), "hours": hours})
    return changed
