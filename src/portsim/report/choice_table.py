"""The room of the report: the table of the first screen, a line a policy.

Which policy is in question is said elsewhere; words for how each does come from joint intervals.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portsim.figures.study import Estimate, Policy
from portsim.report.facts import NONE, Facts, percent
from portsim.report.usual_day import Open, usual_day
from portsim.wording import amounts, say

__all__ = ["COST", "LATE", "SHARE", "Line", "heads", "lines", "more", "worst_month", "written"]

LATE, SHARE, COST = "late_per_day", "completed_within_limit", "staff_cost_per_day"
_CUT = 0.8
"""Length of the longest whole bar where another one is broken off beyond it."""


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


def heads(facts: Facts) -> list[str]:
    """Heads of the columns between the late trucks and the verdict."""
    heads = [say("Out within {limit}", limit=facts.study.limit_text)]
    if worst_month(facts, facts.base) is not None:
        heads.append(say("Worst month"))
    if facts.estimate(facts.base, COST) is not None:
        # Held against another policy, or where none says that it is today's, it is not today.
        today = facts.base.role == "today"
        heads.append(say("Staff against today") if today else say("Staff against the yardstick"))
    elif facts.rostered(facts.base) > 0:
        today = facts.base.role == "today"
        heads.append(
            say("Rostered hours against today")
            if today
            else say("Rostered hours against the yardstick")
        )
    return heads


def lines(facts: Facts, asked: Policy | None) -> Iterable[Line]:
    """A line for each policy, of which `asked` is the one in question."""
    policies = facts.study.policies
    late = {policy.name: facts.mean(policy, LATE) for policy in policies}
    # One policy that is overloaded would flatten all others; against the baseline they are held.
    calm = [
        late[policy.name] for policy in policies if not policy.overloaded or policy is facts.base
    ]
    longest = max((value for value in calm if math.isfinite(value)), default=0.0)
    if not longest > 0:
        longest = max((value for value in late.values() if math.isfinite(value)), default=0.0)
    cut_off = {name for name, value in late.items() if value > longest > 0}
    whole = _CUT if cut_off else 1.0
    for policy in policies:
        value = late[policy.name]
        opens, days = usual_day(policy)
        cells = [_share(facts, policy)]
        if worst_month(facts, facts.base) is not None:
            worst = worst_month(facts, policy)
            cells.append(NONE if worst is None else percent(worst[1]))
        if facts.estimate(facts.base, COST) is not None:
            cells.append(_more(facts, policy, lambda one: facts.mean(one, COST)))
        elif facts.rostered(facts.base) > 0:
            cells.append(_more(facts, policy, facts.rostered))
        role = "today" if policy is facts.base else "bound" if policy.bound else ""
        yield Line(
            name=policy.label,
            role="asked" if policy is asked else role,
            open=opens,
            days=days,
            late=written(facts.estimate(policy, LATE)),
            share=_length(value, longest) * (whole if policy.name not in cut_off else 1.0),
            cut=policy.name in cut_off,
            cells=tuple(cells),
            verdict=_verdict(facts, policy),
        )


def _length(value: float, longest: float) -> float:
    return min(value / longest, 1.0) if longest > 0 and math.isfinite(value) else 0.0


def _share(facts: Facts, policy: Policy) -> str:
    share = facts.estimate(policy, SHARE)
    return NONE if share is None else percent(share.mean)


def _more(facts: Facts, policy: Policy, of: Callable[[Policy], float]) -> str:
    return NONE if policy is facts.base else more(of(facts.base), of(policy))


def more(before: float, after: float) -> str:
    """How much more one figure is than another, in per cent; a dash where that means nothing."""
    if not before > 0 or not math.isfinite(after):
        return NONE
    return say("{number} %", number=amounts.signed(100 * (after / before - 1)))


def _verdict(facts: Facts, policy: Policy) -> str:
    if policy is facts.base:
        held = say("today") if policy.role == "today" else say("the yardstick")
        return say(", ").join([held, say("overloaded")]) if policy.overloaded else held
    if policy.bound:
        return say("for comparison only")
    if policy.overloaded:
        return say("overloaded")
    change = facts.difference(policy, LATE)
    if change is None or not change.sure or facts.estimate(policy, SHARE) is None:
        return NONE
    if not change.clear:
        return say("no clear difference")
    return say("better") if change.fewer else say("worse")


def worst_month(facts: Facts, policy: Policy) -> tuple[str, float] | None:
    """The month with the smallest on-time share; None where there are not two to choose."""
    months = facts.study.months(policy, SHARE)
    if len(months) < 2:
        return None
    name = min(months, key=lambda month: months[month].mean)
    return name, months[name].mean


def written(estimate: Estimate | None, write: Callable[[float], str] = amounts.number) -> str:
    """A figure without its interval; a dash if it is not there."""
    if estimate is None:
        return NONE
    return f"≥ {write(estimate.mean)}" if estimate.at_least else write(estimate.mean)
