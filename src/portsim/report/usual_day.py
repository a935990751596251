"""The room of the report: when a port is open on its usual day, from the timetable of a policy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from portsim.figures.study import Policy
from portsim.figures.timetable import week_hours
from portsim.wording import say

__all__ = ["Open", "usual_day"]

_DAY_H = 24.0

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Open:
    """When one side is open on the usual day, in hours of the day.

    Attributes:
        side: its name.
        spans: while all of its calendars are open.
        partly: while any of them is: a yard may be open whose gate is shut.
        text: the same in words.
    """

    side: str
    spans: Spans
    partly: Spans
    text: str


def usual_day(policy: Policy) -> tuple[tuple[Open, ...], str]:
    """When each side is open on the most frequent day of the usual week that has any opening, and
    on how many days of the week it is so."""
    words = policy.entry.get("timetable") or {}
    by_side: dict[str, list[Sequence[Sequence[float]]]] = {}
    for calendar in words.get("calendars") or []:
        by_side.setdefault(str(calendar.get("side") or ""), []).append(calendar.get("open") or [])
    days = [
        tuple((side, _all(each, day), _on(chain(*each), day)) for side, each in by_side.items())
        for day in range(7)
    ]
    usual = Counter(day for day in days if any(partly for *_, partly in day))
    if not usual:
        return (), ""
    sides, count = max(usual.items(), key=lambda pair: pair[1])
    opens = tuple(Open(*each, _spoken(*each)) for each in sides)
    return opens, say("{count} days a week", count=count)


def _all(calendars: Sequence[Iterable[Sequence[float]]], day: int) -> Spans:
    """Hours of one day of the week in which all of some calendars are open."""
    common: Spans = ((0.0, _DAY_H),)
    for spans in calendars:
        common = tuple(
            (max(a, c), min(b, d))
            for a, b in common
            for c, d in _on(spans, day)
            if max(a, c) < min(b, d)
        )
    return common


def _on(spans: Iterable[Sequence[float]], day: int) -> Spans:
    """Hours of one day of the week in which any of some calendars is open."""
    return week_hours([list(span) for span in spans])[day]


def _spoken(side: str, spans: Spans, partly: Spans) -> str:
    text = f"{side} {_hours(spans) or say('closed')}".strip()
    if partly == spans:
        return text
    return say("{open}, partly {hours}", open=text, hours=_hours(partly))


def _hours(spans: Spans) -> str:
    return say(", ").join(f"{_clock(since)}–{_clock(until)}" for since, until in spans)


def _clock(hours: float) -> str:
    minutes = round(60 * hours)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
