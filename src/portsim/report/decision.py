"""The room of the report: the decision, on one screen, before anything is explained.

    decision(facts)   what the policy in question would change against today's, and what not

Every figure stands in the summary or the comparison; which policy is in question, and which word
says how it does, is judged by joint intervals alone.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portsim.figures.difference import Difference
from portsim.figures.study import Estimate, Policy
from portsim.report.capacities import periods
from portsim.report.facts import NONE, Facts, between, percent
from portsim.report.inputs import counts, turning
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, month_year, say, sentences

__all__ = ["Bar", "Decision", "Line", "Open", "Tile", "decision"]

_LATE, _SHARE, _SLOW = "late_per_day", "completed_within_limit", "stay_p95_h"
_TRUCKS, _COST, _CAPACITY = "throughput_per_day", "staff_cost_per_day", "capacity_per_day"
_DAY_H = 24.0
_NEAR = 0.01
"""Share of the trucks that pass below which a difference in them is none worth a name."""
_CUT = 0.8
"""Length of the longest whole bar where another one is broken off beyond it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, today's and that of the policy in question."""

    figure: str
    name: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """When one side is open on the usual day: spans in hours of the day, and the same in words."""

    side: str
    spans: tuple[tuple[float, float], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A policy in the table."""

    name: str
    role: str
    """``today``, ``bound``, ``asked`` for the policy in question, or nothing."""
    open: tuple[Open, ...]
    days: str
    late: str
    share: float
    """Length of the bar of late trucks, 0 to 1."""
    cut: bool
    """Whether its bar is cut off: overloaded, so that it would dwarf all others."""
    cells: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the bar of inputs: ``measured``, ``told``, ``derived`` or ``assumed``."""

    kind: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The first screen."""

    headline: str
    lead: tuple[str, ...]
    tiles: tuple[Tile, ...]
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    sides: tuple[str, ...]
    bars: tuple[Bar, ...]
    turns: str
    cost: str
    """Why no cost is told; nothing where one is."""


def decision(facts: Facts) -> Decision | None:
    """The decision of a comparison; None where lateness cannot be compared: of a single policy, of
    promises that differ, or where no truck can be judged under today's policy."""
    late = facts.estimate(facts.base, _LATE)
    if not facts.others or math.isnan(facts.study.limit) or late is None:
        return None
    asked = _asked(facts)
    sides = tuple(
        dict.fromkeys(open_.side for policy in facts.study.policies for open_ in _open(policy)[0])
    )
    return Decision(
        headline=_headline(facts, asked, late),
        lead=tuple(_lead(facts, asked)),
        tiles=tuple(_tiles(facts, asked)),
        head=(
            *(say("Policy"), _when(facts), say("Late trucks a day")),
            *(_heads(facts)),
            say("Verdict"),
        ),
        lines=tuple(_lines(facts, asked)),
        sides=sides,
        bars=_bars(facts),
        turns=_turns(facts),
        cost=""
        if facts.estimate(facts.base, _COST) is not None
        else say("What it costs is not told: the scenarios give no wages."),
    )


def _asked(facts: Facts) -> Policy | None:
    """The policy in question: of those that somebody plans the one with the fewest late trucks, if
    these are clearly fewer than today's; None if no policy has clearly fewer."""
    clear = [
        (change.mean, number, policy)
        for number, policy in enumerate(facts.planned)
        if (change := facts.difference(policy, _LATE)) is not None
        and (change.fewer or not change.sure)
        and change.mean < 0
    ]
    return min(clear)[2] if clear else None


def _headline(facts: Facts, asked: Policy | None, late: Estimate) -> str:
    base = facts.base.label
    if asked is None:
        if late.mean == 0:
            return say("Under {base} no truck is late.", base=base)
        return say(
            "No policy clearly has fewer late trucks than {base}: {late} a day.",
            base=base,
            late=amounts.number(late.mean),
        )
    words = {
        "policy": asked.label,
        "base": base,
        "before": amounts.number(late.mean),
        "late": amounts.number(facts.mean(asked, _LATE)),
    }
    change = facts.difference(asked, _TRUCKS)
    if facts.replications < 2:
        return say(
            "In the one period simulated, {policy} has {late} late trucks a day instead of"
            " {before} under {base}.",
            **words,
        )
    first = say("{policy} would cut late trucks from {before} to {late} a day.", **words)
    if change is None:
        return first
    if _as_many(facts, change):
        second = say(
            "As many trucks pass as before, about {trucks} a day.",
            trucks=amounts.number(facts.mean(facts.base, _TRUCKS)),
        )
    elif change.more:
        second = say(
            "It would let {trucks} more trucks a day pass.", trucks=amounts.number(change.mean)
        )
    elif change.fewer:
        second = say(
            "It would let {trucks} fewer trucks a day pass.", trucks=amounts.number(-change.mean)
        )
    else:
        second = say("It would not clearly bring more trucks.")
    return sentences(first, second)


def _as_many(facts: Facts, change: Difference) -> bool:
    """Whether a difference surely is less than a hundredth of what passes: none worth a name."""
    least = _NEAR * facts.mean(facts.base, _TRUCKS)
    return change.sure and max(abs(change.low), abs(change.high)) < least


def _when(facts: Facts) -> str:
    clocks = {policy.clock for policy in facts.study.policies}
    if len(clocks) > 1:
        return say("Open on the usual day, 0 to 24 h")
    return say("Open on the usual day, 0 to 24 h, {clock}", clock=clocks.pop())


def _lead(facts: Facts, asked: Policy | None) -> Iterable[str]:
    limit = facts.study.limit_text
    late = (
        say("“Late” is a truck that is not out {limit} after it arrives.", limit=limit)
        if facts.study.from_arrival
        else say(
            "“Late” is a truck that is not out {limit} after the clock of the promise starts.",
            limit=limit,
        )
    )
    against = say("All policies are held against {base}.", base=facts.base.label)
    yield sentences(late, against)
    summary = (
        "" if asked is None else " ".join(str(facts.resolved(asked).get("summary") or "").split())
    )
    if asked is not None and summary:
        yield say(
            "{policy}, in the words of its author: {summary}", policy=asked.label, summary=summary
        )
    marks = counts(facts.base)
    simulated = say("Simulated periods: {count}.", count=periods(facts))
    if marks.marked:
        assumed = say(
            "Of {marked} inputs with a source {assumed} are assumed.",
            marked=marks.marked,
            assumed=marks.assumed,
        )
        simulated = sentences(simulated, assumed)
    yield simulated


def _tiles(facts: Facts, asked: Policy | None) -> Iterable[Tile]:
    came = _coming(facts.base, facts.mean(facts.base, "arrived"))
    late = (
        say("late trucks a day, of {count} that come", count=amounts.number(came))
        if math.isfinite(came)
        else label_of(_LATE)
    )
    yield _tile(facts, asked, _LATE, late)
    yield _tile(facts, asked, _SLOW, say("until 19 of 20 trucks are out"), _hours)
    worst = _worst(facts, facts.base)
    if worst is not None:
        name, share = worst
        figure, under = percent(share), month_year(name)
        other = None if asked is None else _worst(facts, asked)
        if other is not None:
            figure = say("{before} → {after}", before=figure, after=percent(other[1]))
            if other[0] != name:
                under = say("{before} → {after}", before=under, after=month_year(other[0]))
        yield Tile(figure, say("out in time in the worst month"), under)
    if facts.estimate(facts.base, _COST) is not None:
        yield _tile(facts, asked, _COST, label_of(_COST))
    elif facts.estimate(facts.base, _CAPACITY) is not None:
        yield _tile(
            facts, asked, _CAPACITY, say("trucks a day that the port could let through at most")
        )


def _coming(policy: Policy, arrived: float) -> float:
    """Trucks that come a day; NaN if the manifest does not say how long the period is."""
    ends = policy.ends
    if policy.start is None or ends is None:
        return math.nan
    # By the calendar: a day in which a clock is moved is a day.
    days = (ends.replace(tzinfo=None) - policy.start.replace(tzinfo=None)) / dt.timedelta(days=1)
    return arrived / days


def _tile(
    facts: Facts,
    asked: Policy | None,
    measure: str,
    name: str,
    write: Callable[[float], str] = amounts.number,
) -> Tile:
    before = _written(facts.estimate(facts.base, measure), write)
    if asked is None:
        return Tile(before, name)
    after = _written(facts.estimate(asked, measure), write)
    figure = say("{before} → {after}", before=before, after=after)
    change = facts.difference(asked, measure)
    return Tile(figure, name, _changed(change) if change is not None and change.sure else "")


def _changed(change: Difference) -> str:
    if not change.clear:
        return say("no clear difference")
    size = change if change.more else change.times(-1.0)
    words = {"interval": between(size)}
    if change.more:
        return say("95 %: {interval} more", **words)
    return say("95 %: {interval} fewer", **words)


def _hours(value: float) -> str:
    return say("{hours} h", hours=amounts.number(value))


def _written(estimate: Estimate | None, write: Callable[[float], str] = amounts.number) -> str:
    if estimate is None:
        return NONE
    return f"≥ {write(estimate.mean)}" if estimate.at_least else write(estimate.mean)


def _worst(facts: Facts, policy: Policy) -> tuple[str, float] | None:
    """The month with the smallest share out in time; None where there are not two to choose."""
    months = facts.study.months(policy, _SHARE)
    if len(months) < 2:
        return None
    name = min(months, key=lambda month: months[month].mean)
    return name, months[name].mean


def _heads(facts: Facts) -> list[str]:
    heads = [say("Out within {limit}", limit=facts.study.limit_text)]
    if _worst(facts, facts.base) is not None:
        heads.append(say("Worst month"))
    if facts.estimate(facts.base, _COST) is not None:
        heads.append(say("Staff against today"))
    return heads


def _lines(facts: Facts, asked: Policy | None) -> Iterable[Line]:
    policies = facts.study.policies
    late = {policy.name: facts.mean(policy, _LATE) for policy in policies}
    # One policy that is overloaded would flatten all others.
    calm = [late[policy.name] for policy in policies if not policy.overloaded]
    cut_off = [name for name, value in late.items() if calm and value > max(calm)]
    longest = max([value for value in calm or late.values() if math.isfinite(value)], default=0.0)
    for policy in policies:
        value = late[policy.name]
        opens, days = _open(policy)
        cells = [_share(facts, policy)]
        if _worst(facts, facts.base) is not None:
            worst = _worst(facts, policy)
            cells.append(NONE if worst is None else percent(worst[1]))
        if facts.estimate(facts.base, _COST) is not None:
            cells.append(_cost(facts, policy))
        role = "today" if policy is facts.base else "bound" if policy.bound else ""
        yield Line(
            name=policy.label,
            role="asked" if policy is asked else role,
            open=opens,
            days=days,
            late=_written(facts.estimate(policy, _LATE)),
            share=_length(value, longest)
            * (1.0 if policy.name in cut_off or not cut_off else _CUT),
            cut=policy.name in cut_off and longest > 0,
            cells=tuple(cells),
            verdict=_verdict(facts, policy),
        )


def _length(value: float, longest: float) -> float:
    return min(value / longest, 1.0) if longest > 0 and math.isfinite(value) else 0.0


def _share(facts: Facts, policy: Policy) -> str:
    share = facts.estimate(policy, _SHARE)
    return NONE if share is None else percent(share.mean)


def _cost(facts: Facts, policy: Policy) -> str:
    before, after = facts.mean(facts.base, _COST), facts.mean(policy, _COST)
    if policy is facts.base or not before > 0 or not math.isfinite(after):
        return NONE
    return say("{number} %", number=amounts.signed(100 * (after / before - 1)))


def _verdict(facts: Facts, policy: Policy) -> str:
    if policy is facts.base:
        return say("today") if policy.role == "today" else say("the yardstick")
    if policy.bound:
        return say("for comparison only")
    if policy.overloaded:
        return say("overloaded")
    change = facts.difference(policy, _LATE)
    if change is None or not change.sure:
        return NONE
    if not change.clear:
        return say("no clear difference")
    return say("better") if change.fewer else say("worse")


def _open(policy: Policy) -> tuple[tuple[Open, ...], str]:
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


def _bars(facts: Facts) -> tuple[Bar, ...]:
    by_mark: Mapping[str, int] = counts(facts.base).by_mark
    groups: dict[str, Any] = {
        "measured": ("AB", say("measured")),
        "told": ("C", say("second-hand")),
        "derived": ("D", say("derived")),
        "assumed": ("E", say("assumed")),
    }
    return tuple(
        Bar(kind, count, text)
        for kind, (marks, text) in groups.items()
        if (count := sum(by_mark.get(mark, 0) for mark in marks))
    )


def _turns(facts: Facts) -> str:
    if facts.swings is None:
        return say(
            "Which assumption could turn the answer is not known here: portsim sensitivity, written"
            " into this folder, tells it."
        )
    names = turning(facts.swings)
    if not names:
        return say("No assumption alone turns the answer within its range.")
    listed = say(", ").join(names)
    return say("Alone within its range, each of these turns it: {names}.", names=listed)
