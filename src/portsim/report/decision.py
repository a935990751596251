"""The room of the report: the decision, on one screen, before anything is explained.

    decision(facts)   what the policy in question would change against today's, and what not

Every figure stands in the summary or the comparison; which policy is in question, and which word
says how it does, is judged by joint intervals alone.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portsim.figures.difference import Difference
from portsim.figures.study import Estimate, Policy
from portsim.report.blocks import Tile
from portsim.report.capacities import periods
from portsim.report.choice_table import (
    COST,
    LATE,
    SHARE,
    Line,
    heads,
    lines,
    more,
    worst_month,
    written,
)
from portsim.report.facts import Facts, between, percent
from portsim.report.inputs import counts, turned_tried, turning
from portsim.report.usual_day import Open, usual_day
from portsim.results.called import path_called
from portsim.scenario.measure_catalogue import TIME_COST, TOTAL_COST, label_of, measure_of
from portsim.wording import amounts, in_own_letters, month_year, say, sentences

__all__ = ["Bar", "Decision", "Line", "Open", "Tile", "decision"]

_SLOW = "stay_p95_h"
_SMALL = 0.1
"""Share of the period in which nobody can be judged, up to which it is as good as judged whole."""
_TRUCKS, _CAPACITY = "throughput_per_day", "capacity_per_day"
_NEAR = 0.01
"""Share of the trucks that pass below which a difference in them is none worth a name."""


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
    partly: bool
    """Whether a side is open in part at some time."""
    bars: tuple[Bar, ...]
    turns: str
    cost: str
    """Why no cost is told; nothing where one is."""


def decision(facts: Facts) -> Decision | None:
    """The decision of a comparison; None where lateness cannot be compared: of a single policy, of
    promises that differ, where no truck can be judged under today's policy, or of a record without
    differences of it."""
    late = facts.estimate(facts.base, LATE)
    if not facts.others or math.isnan(facts.study.limit) or late is None:
        return None
    # Of no truck that is judged none is late: that is no finding.
    judged = facts.estimate(facts.base, SHARE) is not None
    if not judged or all(facts.difference(policy, LATE) is None for policy in facts.others):
        return None
    asked = _asked(facts)
    opens = [open_ for policy in facts.study.policies for open_ in usual_day(policy)[0]]
    return Decision(
        headline=_headline(facts, asked, late),
        lead=tuple(_lead(facts, asked)),
        tiles=tuple(_tiles(facts, asked)),
        head=(
            say("Policy"),
            # Of ports whose calendars name no side nobody knows when one is open.
            *([_when(facts)] if opens else []),
            say("Late trucks a day"),
            *heads(facts),
            say("Verdict"),
        ),
        lines=tuple(lines(facts, asked)),
        sides=tuple(dict.fromkeys(open_.side for open_ in opens)),
        partly=any(open_.partly != open_.spans for open_ in opens),
        bars=_bars(facts),
        turns=_turns(facts),
        cost=_uncosted(facts),
    )


def _uncosted(facts: Facts) -> str:
    """Why no cost is told, and what stands in its place; empty where one is told."""
    if facts.estimate(facts.base, COST) is not None:
        return ""
    why = say("What it costs is not told: the scenarios give no wages.")
    if not facts.rostered(facts.base) > 0:
        return why
    return sentences(
        why,
        say(
            "Rostered hours are those of all posts with hours of their own, officers and lanes"
            " alike; places count for nothing."
        ),
    )


def _asked(facts: Facts) -> Policy | None:
    """The policy in question: of those that somebody plans the one with the fewest late trucks, if
    these are clearly fewer than today's; None if no policy has clearly fewer."""
    clear = [
        (change.mean, number, policy)
        for number, policy in enumerate(facts.planned)
        if (change := facts.difference(policy, LATE)) is not None
        and (change.fewer or facts.replications < 2)
        and change.mean < 0
        and facts.estimate(policy, SHARE) is not None
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
        "late": amounts.number(facts.mean(asked, LATE)),
    }
    change = facts.difference(asked, _TRUCKS)
    if facts.replications < 2:
        return say(
            "In the one period simulated, {policy} has {late} late trucks a day instead of"
            " {before} under {base}.",
            **words,
        )
    first = say("{policy} would cut late trucks from {before} to {late} a day.", **words)
    last = [_passing(facts, change)]
    if asked.bound:
        last.append(say("But it is a bound that nobody plans."))
    if asked.overloaded:
        last.append(say("But it is overloaded: its figures depend on how long the period is."))
    return sentences(first, *last)


def _passing(facts: Facts, change: Difference | None) -> str:
    if change is None:
        return ""
    if _as_many(facts, change):
        return say(
            "As many trucks pass as before, about {trucks} a day.",
            trucks=amounts.number(facts.mean(facts.base, _TRUCKS)),
        )
    if change.more:
        return say(
            "It would let {trucks} more trucks a day pass.", trucks=amounts.number(change.mean)
        )
    if change.fewer:
        return say(
            "It would let {trucks} fewer trucks a day pass.", trucks=amounts.number(-change.mean)
        )
    return say("It would not clearly bring more trucks.")


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
    gone = say("So is one that turns away or gives up.") if _lost(facts) else ""
    wanted = facts.base.promise[1] == "wanted"
    slotless = wanted and any(facts.slotless(policy) > 0 for policy in facts.study.policies)
    without = say("So is one that finds no slot.") if slotless else ""
    yield sentences(late, gone, without, against)
    summary = (
        "" if asked is None else " ".join(str(facts.resolved(asked).get("summary") or "").split())
    )
    # Who cannot read it is helped by nothing that stands in the way of the figures.
    if asked is not None and in_own_letters(summary):
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


def _lost(facts: Facts) -> bool:
    return any(facts.lost(policy) > 0 for policy in facts.study.policies)


def _stays(facts: Facts) -> str:
    # Stays are of those that do not leave early, and always from the arrival.
    if _lost(facts):
        return say(
            "until 19 of 20 trucks are out, from their arrival, of those that do not turn away or"
            " give up"
        )
    if not facts.study.from_arrival:
        return say("until 19 of 20 trucks are out, from their arrival")
    return say("until 19 of 20 trucks are out")


def _tiles(facts: Facts, asked: Policy | None) -> Iterable[Tile]:
    came = _coming(facts)
    late = (
        say("late trucks a day, of {count} that come", count=amounts.number(came))
        if math.isfinite(came)
        else label_of(LATE)
    )
    yield _tile(facts, asked, LATE, late)
    yield _tile(facts, asked, _SLOW, _stays(facts), _hours)
    worst = worst_month(facts, facts.base)
    if worst is not None:
        name, share = worst
        figure, under = percent(share), month_year(name)
        other = None if asked is None else worst_month(facts, asked)
        if other is not None:
            figure = say("{before} → {after}", before=figure, after=percent(other[1]))
            if other[0] != name:
                under = say("{before} → {after}", before=under, after=month_year(other[0]))
        yield Tile(figure, say("out in time in the worst month"), under)
    currency = str(facts.base.entry.get("currency") or "")
    if facts.estimate(facts.base, COST) is not None:
        yield _tile(
            facts,
            asked,
            COST,
            say("cost of staff a day, {currency}", currency=currency)
            if currency
            else say("cost of staff a day"),
        )
    if facts.estimate(facts.base, TOTAL_COST) is not None:
        text = say("staff and the time of trucks together a day, {currency}", currency=currency)
        yield _tile(facts, asked, TOTAL_COST, text)
    elif facts.estimate(facts.base, TIME_COST) is not None:
        text = say("cost of the time of trucks a day, {currency}", currency=currency)
        yield _tile(facts, asked, TIME_COST, text)
    elif facts.estimate(facts.base, COST) is None and facts.rostered(facts.base) > 0:
        before = facts.rostered(facts.base)
        after = math.nan if asked is None else facts.rostered(asked)
        known = math.isfinite(after)
        figure = amounts.number(before)
        if known:
            figure = say("{before} → {after}", before=figure, after=amounts.number(after))
        yield Tile(figure, say("rostered hours a day"), more(before, after) if known else "")
    elif (
        facts.estimate(facts.base, COST) is None
        and facts.estimate(facts.base, _CAPACITY) is not None
    ):
        yield _tile(
            facts, asked, _CAPACITY, say("trucks a day that the port could let through at most")
        )


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
    alike = facts.study.limit <= _SMALL * 24 * days and facts.mean(policy, LATE) <= came
    return came if alike else math.nan


def _tile(
    facts: Facts,
    asked: Policy | None,
    measure: str,
    name: str,
    write: Callable[[float], str] = amounts.number,
) -> Tile:
    before = facts.estimate(facts.base, measure)
    if asked is None:
        return Tile(written(before, write), name)
    after = facts.estimate(asked, measure)
    figure = say("{before} → {after}", before=written(before, write), after=written(after, write))
    change = facts.difference(asked, measure)
    # Of a figure that is only a bound the interval is none of the true change.
    bounded = any(estimate is not None and estimate.at_least for estimate in (before, after))
    told = change is not None and change.sure and not bounded
    money = measure_of(measure).money
    return Tile(figure, name, _changed(change, money=money) if change is not None and told else "")


def _changed(change: Difference, *, money: bool) -> str:
    if not change.clear:
        return say("no clear difference")
    size = change if change.more else change.times(-1.0)
    alike = size.low == size.high
    words = {"interval": amounts.number(size.mean) if alike else between(size)}
    if alike:
        if change.more:
            return say("{interval} more", **words)
        return say("{interval} less", **words) if money else say("{interval} fewer", **words)
    if change.more:
        return say("95 %: {interval} more", **words)
    if money:
        return say("95 %: {interval} less", **words)
    return say("95 %: {interval} fewer", **words)


def _hours(value: float) -> str:
    return say("{hours} h", hours=amounts.number(value))


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
            "Which assumption could turn the answer is not known here: portsim sensitivity, with"
            " --out a folder inside this one, tells it."
        )
    names = turning(tried)
    if not names:
        return say("No assumption alone turns the answer within its range.")
    listed = say(", ").join(map(path_called(facts.study.manifest), names))
    return say("Alone within its range, each of these turns it: {names}.", names=listed)
