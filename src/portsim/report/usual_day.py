"""The room of the report: when a port is open on its usual day, from the timetable of a policy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portsim.figures.study import Policy
from portsim.wording import say

__all__ = ["Open", "usual_day"]

_DAY_H = 24.0


@dataclass(frozen=True, slots=True)
class Open:
    """When one side is open on the usual day: spans in hours of the day, and the same in words."""

    side: str
    spans: tuple[tuple[float, float], ...]
    text: str


def usual_day(policy: Policy) -> tuple[tuple[Open, ...], str]:
    """When each side is open on the most frequent day of the usual week that has any opening, and
    on how many days of the week it is so."""
    words = policy.entry.get("timetable") or {}
    by_side: dict[str, list[Sequence[float]]] = {}
    for calendar in words.get("calendars") or []:
        by_side.setdefault(str(calendar.get("side") or ""), []).extend(calendar.get("open") or [])
    days = [tuple((side, _on(spans, day)) for side, spans in by_side.items()) for day in range(7)]
    usual = Counter(day for day in days if any(spans for _, spans in day))
    if not usual:
        return (), ""
    sides, count = max(usual.items(), key=lambda pair: pair[1])
    opens = tuple(Open(side, spans, _spoken(side, spans)) for side, spans in sides)
    return opens, say("{count} days a week", count=count)


def _on(spans: Iterable[Sequence[float]], day: int) -> tuple[tuple[float, float], ...]:
    """Hours of one day of the week in which any of some calendars is open."""
    begin = _DAY_H * day
    cut = sorted(
        (max(since - begin, 0.0), min(until - begin, _DAY_H))
        for since, until in spans
        if since < begin + _DAY_H and until > begin
    )
    joined: list[tuple[float, float]] = []
    for since, until in cut:
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], until)
        else:
            joined.append((since, until))
    return tuple(joined)


def _spoken(side: str, spans: Sequence[tuple[float, float]]) -> str:
    hours = say(", ").join(f"{_clock(since)}–{_clock(until)}" for since, until in spans)
    return f"{side} {hours or say('closed')}".strip()


def _clock(hours: float) -> str:
    minutes = round(60 * hours)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
