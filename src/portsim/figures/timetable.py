"""Who is open when: both sides of the border on one clock, and when all are open together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from portsim.figures import style, text_layout
from portsim.figures.sheet import WIDTH, Sheet
from portsim.figures.study import Policy, Study
from portsim.wording import amounts, day_month_year, say

Spans = tuple[tuple[float, float], ...]

_SIDES = (
    (style.PALE, style.BLUE, ""),
    ("#fde0b8", style.ORANGE, "////"),
    ("#e6d9ea", style.PURPLE, "...."),
)
_OVERLAP = "#2f6b3a"
_NAME, _CALENDAR, _RIGHT = 1.72, 2.0, 1.05
_BAR, _PATTERN, _BETWEEN = 0.19, 0.06, 0.19
_SMALL = 0.13
_LANE = style.SMALL - 0.3
_CLOCK = 0.42
_WIDE = 4.4
"""Inches from which on every second hour has a name."""


@dataclass(frozen=True, slots=True)
class _Lane:
    label: str
    side: str
    week: tuple[Spans, ...]

    @property
    def called(self) -> str:
        """Its name, wrapped."""
        return text_layout.wrap(self.label, _CALENDAR - 0.1, _LANE)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Days of the week on which every lane keeps the same hours."""

    days: list[int]
    hours: tuple[Spans, ...]

    @property
    def common(self) -> Spans:
        spans = self.hours[0]
        for other in self.hours[1:]:
            spans = _meet(spans, other)
        return spans


@dataclass(frozen=True, slots=True)
class _Block:
    policy: Policy
    lanes: list[_Lane]
    patterns: list[_Pattern]
    closed: list[int]

    @property
    def together(self) -> float:
        """Hours a week in which all are open."""
        return sum(len(p.days) * sum(b - a for a, b in p.common) for p in self.patterns)

    @property
    def daily(self) -> float:
        """Hours in which all are open, on the most frequent kind of day with any opening."""
        if not self.patterns:
            return 0.0
        usual = max(self.patterns, key=lambda pattern: len(pattern.days))
        return sum(b - a for a, b in usual.common)

    @property
    def bar(self) -> float:
        """Height of a lane: as many lines as the longest of their names needs."""
        lines = max((lane.called.count("\n") + 1 for lane in self.lanes), default=1)
        return max(_BAR, 0.125 * lines + 0.05)

    @property
    def height(self) -> float:
        bars = len(self.lanes) * len(self.patterns) * self.bar
        bars += _PATTERN * (len(self.patterns) - 1)
        return (
            max(bars, 0.15 * self.name.count("\n") + 0.15 + _SMALL * (self.days.count("\n") + 1))
            + _BETWEEN
        )

    @property
    def name(self) -> str:
        """The policy's name, wrapped."""
        return text_layout.wrap(self.policy.label, _NAME - 0.1, style.SIZE, bold=True)

    @property
    def days(self) -> str:
        """The days of each pattern in words, wrapped."""
        text = "; ".join(text_layout.days_named(p.days) for p in self.patterns)
        text = text or say("closed all week")
        if self.closed and self.patterns:
            text += "; " + say("{days} closed", days=text_layout.days_named(self.closed))
        return text_layout.wrap(text, _NAME - 0.1, style.SMALL)


def draw(study: Study) -> Sheet | None:
    """Opening hours of every calendar on a 24-hour axis, overlap shaded, one block a policy."""
    blocks = [b for p in study.policies if (b := _block(p)) is not None]
    if not blocks:
        return None
    sides = list(dict.fromkeys(lane.side for block in blocks for lane in block.lanes))
    looks = {side: _SIDES[index % len(_SIDES)] for index, side in enumerate(sides)}
    height = sum(block.height for block in blocks)
    key = [
        Patch(fc=f, ec=e, hatch=h, label=side or say("open")) for side, (f, e, h) in looks.items()
    ]
    key.append(Patch(fc=_OVERLAP, alpha=0.4, ec=_OVERLAP, label=say("all open together")))
    clock = blocks[0].policy.clock
    sheet = Sheet(
        _title(blocks),
        say(
            "Bars show when each post is open, on one clock for both sides ({clock}); trucks can go"
            " all the way through only in the shaded hours, counted at the right. Hours of an"
            " ordinary week, without holidays.",
            clock=clock,
        ),
        height + 0.62 + _CLOCK * len(_other_clocks(blocks)),
        key,
    )
    names = [lane.label for block in blocks for lane in block.lanes]
    widest = max(text_layout.width(name, _LANE) for name in names) + 0.12
    left = 0.14 + _NAME + min(widest, _CALENDAR)
    width = WIDTH - left - _RIGHT - 0.2
    axes = sheet.axes(left, 0.20, width, height)
    axes.set_xlim(0, 24)
    axes.set_ylim(height, 0)
    step = 2 if width > _WIDE else 3
    axes.set_xticks(range(0, 25, step), [f"{hour:02d}:00" for hour in range(0, 25, step)])
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(say("time of day ({clock})", clock=clock))
    together = say("all open together")
    sheet.text(
        *(left + width + 0.12, 0.0, together), size=style.SMALL, colour=style.MUTED, room=_RIGHT
    )
    for row, (side, other) in enumerate(_other_clocks(blocks).items(), start=1):
        _clock(axes, row, side, other, step)
    y = 0.0
    for block in blocks:
        _draw_block(sheet, axes, block, y, looks=looks, left=left, width=width)
        y += block.height
        if block is not blocks[-1]:
            axes.axhline(y, color=style.FAINT, lw=0.8)
    return sheet


class _OtherClock(NamedTuple):
    ahead: float
    """Hours by which it is ahead of the port's."""
    since: date | None
    """From when on it has been so, where the period begins before."""


def _other_clocks(blocks: Sequence[_Block]) -> dict[str, _OtherClock]:
    """Sides whose clocks show another time than the port's at the end of the period; not of a side
    for which policies say several things.
    """
    by_side: dict[str, set[_OtherClock]] = {}
    for policy in (block.policy for block in blocks):
        calendars = (policy.entry.get("resolved") or {}).get("calendars") or {}
        for calendar in (policy.entry.get("timetable") or {}).get("calendars") or []:
            zone = (calendars.get(calendar.get("name")) or {}).get("timezone") or policy.zone
            clock = _ahead(policy, str(zone))
            if clock is not None and clock.ahead and calendar.get("side"):
                by_side.setdefault(str(calendar["side"]), set()).add(clock)
    return {side: clocks.pop() for side, clocks in by_side.items() if len(clocks) == 1}


def _ahead(policy: Policy, zone: str) -> _OtherClock | None:
    """How far the clocks of a zone are ahead at the end of the period, and since when."""
    if policy.start is None or policy.ends is None:
        return None
    first, last = policy.start.date(), (policy.ends - timedelta(seconds=1)).date()
    days = [last - timedelta(days=n) for n in range((last - first).days + 1)]
    hours = [_between(day, policy.zone, zone) for day in days]
    same = next((n for n, ahead in enumerate(hours) if ahead != hours[0]), len(days))
    return _OtherClock(hours[0], days[same - 1] if same < len(days) else None)


def _between(day: date, here: str, there: str) -> float:
    noon = datetime.combine(day, time(12))
    offsets = [noon.replace(tzinfo=ZoneInfo(name)).utcoffset() for name in (there, here)]
    return ((offsets[0] or timedelta()) - (offsets[1] or timedelta())) / timedelta(hours=1)


def _clock(axes: Axes, row: int, side: str, clock: _OtherClock, step: int) -> None:
    """Another clock below the axis of hours."""
    other = axes.secondary_xaxis(-_CLOCK * row / _inches(axes))
    hours = range(0, 25, step)
    other.set_xticks(hours, [clock_text((hour + clock.ahead) % 24) for hour in hours])
    other.tick_params(length=0, labelcolor=style.MUTED)
    other.spines["bottom"].set_visible(False)
    label = say("clocks of {side}", side=side)
    if clock.since is not None:
        since = day_month_year(clock.since)
        label = say("clocks of {side}, since {date}", side=side, date=since)
    other.set_xlabel(label, color=style.MUTED)


def _inches(axes: Axes) -> float:
    box, figure = axes.get_position(), axes.get_figure(root=True)
    assert figure is not None
    return float(box.height * figure.get_size_inches()[1])


def _draw_block(
    sheet: Sheet,
    axes: Axes,
    block: _Block,
    top: float,
    *,
    looks: Mapping[str, tuple[str, str, str]],
    left: float,
    width: float,
) -> None:
    y = top + _BETWEEN / 2
    sheet.text(0.14, 0.20 + y, block.name, bold=True)
    under = 0.20 + y + 0.15 * (block.name.count("\n") + 1)
    sheet.text(0.14, under, block.days, size=style.SMALL, colour=style.MUTED)
    last = y
    for pattern in block.patterns:
        tall = block.bar * len(block.lanes)
        for begin, end in pattern.common:
            low, high = y - 0.055, y + tall + 0.045
            axes.fill_between([begin, end], low, high, fc=_OVERLAP, alpha=0.4, lw=0)
        for index, (lane, spans) in enumerate(zip(block.lanes, pattern.hours, strict=True)):
            lane_top = y + block.bar * index
            face, edge, hatch = looks[lane.side]
            spare = (block.bar - 0.125 * (lane.called.count("\n") + 1)) / 2
            down = 0.20 + lane_top + min(spare, 0.03)
            sheet.text(left - 0.07, down, lane.called, size=_LANE, align="right")
            for begin, end in spans:
                axes.barh(
                    lane_top + block.bar / 2 - 0.005,
                    end - begin,
                    block.bar * 0.74,
                    left=begin,
                    fc=face,
                    ec=edge,
                    hatch=hatch,
                )
                hours = f"{clock_text(begin)}–{clock_text(end)}"
                if text_layout.width(hours, 6.8) < (end - begin) / 24 * width - 0.06:
                    axes.text(
                        (begin + end) / 2,
                        lane_top + block.bar / 2,
                        hours,
                        ha="center",
                        va="center",
                        fontsize=6.8,
                        bbox={"fc": face, "ec": "none", "pad": 0.4} if hatch else None,
                    )
        daily = sum(end - begin for begin, end in pattern.common)
        sheet.text(
            left + width + 0.12,
            0.20 + y,
            say("{hours} h a day", hours=amounts.plain(daily)),
            bold=True,
            room=_RIGHT,
        )
        last = y
        y += tall + _PATTERN
    below = 0.20 + (last + 0.155 if block.patterns else y)
    week = say("{hours} h a week", hours=amounts.plain(block.together))
    sheet.text(left + width + 0.12, below, week, size=style.SMALL)


def _block(policy: Policy) -> _Block | None:
    timetable: Mapping[str, Any] = policy.entry.get("timetable") or {}
    merged: dict[tuple[str, tuple[Spans, ...]], list[str]] = {}
    for index, calendar in enumerate(timetable.get("calendars") or [], start=1):
        label = str(calendar.get("label") or calendar.get("name") or "")
        label = text_layout.drawable(label, say("calendar {number}", number=index))
        side = text_layout.drawable(str(calendar.get("side") or ""), say("other side"))
        merged.setdefault((side, week_hours(calendar.get("open") or [])), []).append(label)
    if not merged:
        return None
    lanes = [_Lane(_joined(labels), side, week) for (side, week), labels in merged.items()]
    patterns: dict[tuple[Spans, ...], list[int]] = {}
    for day in range(7):
        patterns.setdefault(tuple(lane.week[day] for lane in lanes), []).append(day)
    closed = [day for hours, days in patterns.items() if not any(hours) for day in days]
    kept = [_Pattern(days, hours) for hours, days in patterns.items() if any(hours)]
    return _Block(policy, lanes, kept, closed)


def _joined(labels: list[str]) -> str:
    first, *rest = labels
    return ", ".join([first, *(text[:1].lower() + text[1:] for text in rest)])


def week_hours(spans: list[list[float]]) -> tuple[Spans, ...]:
    """Cut hours of the week at midnight into the hours of seven days."""
    days: list[list[tuple[float, float]]] = [[] for _ in range(7)]
    for begin, end in sorted((float(a), float(b)) for a, b in spans):
        for day in range(int(begin // 24), int(-(-end // 24))):
            low, high = max(begin, 24.0 * day) - 24 * day, min(end, 24.0 * day + 24) - 24 * day
            if high > low:
                # To the second, or the same hours of two days would differ in their last digit.
                days[day % 7].append((round(low, 4), round(high, 4)))
    return tuple(_unite(sorted(day)) for day in days)


def _unite(spans: list[tuple[float, float]]) -> Spans:
    united: list[tuple[float, float]] = []
    for begin, end in spans:
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((begin, end))
    return tuple(united)


def _meet(first: Spans, second: Spans) -> Spans:
    both = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return tuple((begin, end) for begin, end in sorted(both) if end > begin)


def clock_text(hour: float) -> str:
    """An hour of the day as ``10:30``."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _title(blocks: list[_Block]) -> str:
    least = min(blocks, key=lambda block: block.daily)
    most = max(blocks, key=lambda block: block.daily)
    hours = amounts.plain(least.daily)
    if len(blocks) == 1 or least.daily == most.daily:
        if len(blocks) == 1:
            return say(
                "All posts are open together {hours} h a day, {week} h a week",
                hours=hours,
                week=amounts.plain(most.together),
            )
        return say("All posts are open together {hours} h a day under every policy", hours=hours)
    return say(
        "All posts are open together {hours} h a day under {least}, {longest} h a day under {most}",
        hours=hours,
        least=least.policy.label,
        longest=amounts.plain(most.daily),
        most=most.policy.label,
    )
