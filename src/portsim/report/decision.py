"""The room of the report: the decision, on one screen, before anything is explained.

    decision(facts)   what the policy in question would change against today's, and what not

Every figure stands in the summary or the comparison; which policy is in question, and which word
says how it does, is judged by joint intervals alone.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portsim.figures.difference import Difference
from portsim.figures.study import Estimate, Policy
from portsim.report.facts import NONE, Facts, between, percent
from portsim.report.inputs import counts, turned_tried, turning
from portsim.report.usual_day import Open, usual_day
from portsim.scenario.measure_catalogue import label_of
from portsim.wording import amounts, month_year, say, sentences

__all__ = ["Bar", "Decision", "Line", "Open", "Tile", "decision"]

_LATE, _SHARE, _SLOW = "late_per_day", "completed_within_limit", "stay_p95_h"
_SMALL = 0.1
"""Share of the period in which nobody can be judged, up to which it is as good as judged whole."""
_TRUCKS, _COST, _CAPACITY = "throughput_per_day", "staff_cost_per_day", "capacity_per_day"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, today's and that of the policy in question."""

    figure: str
    name: str
    under: str = ""


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
    lead: str
    tiles: tuple[Tile, ...]
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    sides: tuple[str, ...]
    bars: tuple[Bar, ...]
    turns: str


def decision(facts: Facts) -> Decision | None:
    """The decision of a comparison; None where lateness cannot be compared: of a single policy, of
    promises that differ, where no truck can be judged under today's policy, or of a record without
    differences of it."""
    late = facts.estimate(facts.base, _LATE)
    if not facts.others or math.isnan(facts.study.limit) or late is None:
        return None
    # Of no truck that is judged none is late: that is no finding.
    judged = facts.estimate(facts.base, _SHARE) is not None
    if not judged or all(facts.difference(policy, _LATE) is None for policy in facts.others):
        return None
    asked = _asked(facts)
    sides = tuple(
        dict.fromkeys(
            open_.side for policy in facts.study.policies for open_ in usual_day(policy)[0]
        )
    )
    return Decision(
        headline=_headline(facts, asked, late),
        lead=_lead(facts),
        tiles=tuple(_tiles(facts, asked)),
        head=(
            *(say("Policy"), say("Open on the usual day"), say("Late trucks a day")),
            *(_heads(facts)),
            say("Verdict"),
        ),
        lines=tuple(_lines(facts, asked)),
        sides=sides,
        bars=_bars(facts),
        turns=_turns(facts),
    )


def _asked(facts: Facts) -> Policy | None:
    """The policy in question: of those that somebody plans the one with the fewest late trucks, if
    these are clearly fewer than today's; None if no policy has clearly fewer."""
    clear = [
        (change.mean, number, policy)
        for number, policy in enumerate(facts.planned)
        if (change := facts.difference(policy, _LATE)) is not None
        and (change.fewer or facts.replications < 2)
        and change.mean < 0
        and facts.estimate(policy, _SHARE) is not None
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
    if asked.overloaded:
        last = say("But it is overloaded: its figures depend on how long the period is.")
        return sentences(first, _passing(change), last)
    return sentences(first, _passing(change))


def _passing(change: Difference | None) -> str:
    if change is None:
        return ""
    if change.more:
        return say(
            "It would let {trucks} more trucks a day pass.", trucks=amounts.number(change.mean)
        )
    if change.fewer:
        return say(
            "It would let {trucks} fewer trucks a day pass.", trucks=amounts.number(-change.mean)
        )
    return say("It would not clearly bring more trucks.")


def _lead(facts: Facts) -> str:
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
    gone = say("So is one that turns away or gives up.") if _lost(facts) else ""
    wanted = facts.base.promise[1] == "wanted"
    slotless = wanted and any(facts.slotless(policy) > 0 for policy in facts.study.policies)
    without = say("So is one that finds no slot.") if slotless else ""
    return sentences(late, gone, without, against)


def _lost(facts: Facts) -> bool:
    return any(facts.lost(policy) > 0 for policy in facts.study.policies)


def _stays(facts: Facts) -> str:
    # Stays are of those that do not leave early, and always from the arrival.
    if _lost(facts):
        return say(
            "hours after arrival within which 19 of 20 trucks are out, of those that do not turn"
            " away or give up"
        )
    if not facts.study.from_arrival:
        return say("hours after arrival within which 19 of 20 trucks are out")
    return say("hours within which 19 of 20 trucks are out")


def _tiles(facts: Facts, asked: Policy | None) -> Iterable[Tile]:
    came = _coming(facts)
    late = (
        say("late trucks a day, of {count} that come", count=amounts.number(came))
        if math.isfinite(came)
        else label_of(_LATE)
    )
    yield _tile(facts, asked, _LATE, late)
    yield _tile(facts, asked, _SLOW, _stays(facts))
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
        yield _tile(
            facts,
            asked,
            _COST,
            say("cost of staff a day, {currency}", currency=currency)
            if (currency := str(facts.base.entry.get("currency") or ""))
            else say("cost of staff a day"),
        )
    elif facts.estimate(facts.base, _CAPACITY) is not None:
        yield _tile(facts, asked, _CAPACITY, say("trucks a day that could pass at most"))


def _coming(facts: Facts) -> float:
    """Trucks that come a day under the baseline; NaN where late ones cannot be said to be of these:
    their clock starts elsewhere, the end of the period in which nobody can be judged is a large
    part of it, or the manifest does not say how long it is."""
    policy, ends = facts.base, facts.base.ends
    if policy.start is None or ends is None or not facts.study.from_arrival:
        return math.nan
    # By the calendar: a day in which a clock is moved is a day.
    days = (ends.replace(tzinfo=None) - policy.start.replace(tzinfo=None)) / dt.timedelta(days=1)
    came = facts.mean(policy, "arrived") / days
    alike = facts.study.limit <= _SMALL * 24 * days and facts.mean(policy, _LATE) <= came
    return came if alike else math.nan


def _tile(facts: Facts, asked: Policy | None, measure: str, name: str) -> Tile:
    before = facts.estimate(facts.base, measure)
    if asked is None:
        return Tile(_written(before), name)
    after = facts.estimate(asked, measure)
    figure = say("{before} → {after}", before=_written(before), after=_written(after))
    change = facts.difference(asked, measure)
    # Of a figure that is only a bound the interval is none of the true change.
    bounded = any(estimate is not None and estimate.at_least for estimate in (before, after))
    told = change is not None and change.sure and not bounded
    return Tile(figure, name, _changed(change) if change is not None and told else "")


def _changed(change: Difference) -> str:
    if not change.clear:
        return say("no clear difference")
    size = change if change.more else change.times(-1.0)
    alike = size.low == size.high
    words = {"interval": amounts.number(size.mean) if alike else between(size)}
    return say("{interval} more", **words) if change.more else say("{interval} fewer", **words)


def _written(estimate: Estimate | None) -> str:
    if estimate is None:
        return NONE
    text = amounts.number(estimate.mean)
    return amounts.at_least(text) if estimate.at_least else text


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
        # Held against another policy, or where none says that it is today's, it is not today.
        today = facts.base.role == "today"
        heads.append(say("Staff against today") if today else say("Staff against the yardstick"))
    return heads


def _lines(facts: Facts, asked: Policy | None) -> Iterable[Line]:
    policies = facts.study.policies
    late = {policy.name: facts.mean(policy, _LATE) for policy in policies}
    # One policy that is overloaded would flatten all others; against the baseline they are held.
    calm = [
        late[policy.name] for policy in policies if not policy.overloaded or policy is facts.base
    ]
    longest = max((value for value in calm if math.isfinite(value)), default=0.0)
    if not longest > 0:
        longest = max((value for value in late.values() if math.isfinite(value)), default=0.0)
    for policy in policies:
        value = late[policy.name]
        opens, days = usual_day(policy)
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
            share=min(value / longest, 1.0) if longest > 0 and math.isfinite(value) else 0.0,
            cut=longest > 0 and value > longest,
            cells=tuple(cells),
            verdict=_verdict(facts, policy),
        )


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
        return say("bound only")
    if policy.overloaded:
        return say("overloaded")
    change = facts.difference(policy, _LATE)
    if change is None or not change.sure or facts.estimate(policy, _SHARE) is None:
        return NONE
    if not change.clear:
        return say("no clear difference")
    return say("better") if change.fewer else say("worse")


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
    tried = turned_tried(facts.swings, facts.base.name, [p.name for p in facts.others])
    if tried is None:
        return say(
            "Which assumption could turn the answer is not known here: portsim sensitivity, written"
            " into this folder, tells it."
        )
    names = turning(tried)
    if not names:
        return say("No assumption alone turns the answer within its range.")
    listed = say(", ").join(names)
    return say("Alone within its range, each of these turns it: {names}.", names=listed)
