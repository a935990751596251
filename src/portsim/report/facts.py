"""The room of the report: differences and figures as the sentences of a page want them.

Nothing is computed that the result folder does not hold; no sentence enters.
"""

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from portsim.figures.difference import Difference
from portsim.figures.study import Estimate, Policy, Study
from portsim.report.blocks import Cell
from portsim.results.findings import caps, without_slot
from portsim.results.port_remarks import promise_text
from portsim.results.shown import shown_table
from portsim.wording import amounts, say

__all__ = [
    "NONE",
    "Facts",
    "between",
    "cell",
    "limit_text",
    "percent",
    "with_interval",
]

NONE = "–"
"""Written where there is no figure."""


class Facts:
    """A study, asked for what sentences are made of."""

    def __init__(self, study: Study, swings: pd.DataFrame | None = None) -> None:
        self.study = study
        self.swings = None if swings is None else shown_table(swings, study.names)
        self.base = study.base
        self.others = [policy for policy in study.policies if policy is not study.base]

    @property
    def planned(self) -> list[Policy]:
        """The other policies without the bounds that nobody plans; all if they are all bounds."""
        return [policy for policy in self.others if not policy.bound] or self.others

    def difference(self, policy: Policy, measure: str) -> Difference | None:
        """How far ``policy`` lies from the baseline, or None if that was not compared."""
        return self.study.difference(policy, measure)

    def estimate(
        self, policy: Policy, measure: str, place: str = "", kind: str = "all"
    ) -> Estimate | None:
        """A figure of the summary, or None if it is not there."""
        return self.study.estimate(policy, measure, place, kind)

    def mean(self, policy: Policy, measure: str, place: str = "", kind: str = "all") -> float:
        """The mean of a figure, ``nan`` if it is not there."""
        estimate = self.estimate(policy, measure, place, kind)
        return estimate.mean if estimate is not None else math.nan

    @property
    def overloaded(self) -> list[Policy]:
        """Policies under which the demand for a time reaches or exceeds what can be given."""
        return [policy for policy in self.study.policies if policy.overloaded]

    @property
    def ample(self) -> list[Policy]:
        """Policies under which demand was the limit: the port could let far more through."""
        return [policy for policy in self.study.policies if self.study.demand_limited(policy)]

    def lost(self, policy: Policy) -> float:
        """Share of the trucks that came and turned away or gave up; 0 where none came."""
        came = self.mean(policy, "arrived")
        gone = self.mean(policy, "diverted") + self.mean(policy, "given_up")
        return gone / came if came > 0 and math.isfinite(gone) else 0.0

    def slotless(self, policy: Policy) -> float:
        """Share of the trucks that wanted a slot and found none; 0 where nobody wants one."""
        names = ("slots_wanted_per_day", "no_slot_per_day")
        share = without_slot({name: self.mean(policy, name) for name in names})
        return share if math.isfinite(share) else 0.0

    @property
    def capped(self) -> list[tuple[Policy, float]]:
        """Policies that not even servers without end would get all trucks out in time under, and
        the share that they could not exceed.
        """
        ceilings = [(p, self.mean(p, "completion_ceiling")) for p in self.study.policies]
        return [
            (policy, most)
            for policy, most in ceilings
            if caps(most, self.mean(policy, "completed_within_limit"))
        ]

    def rostered(self, policy: Policy) -> float:
        """Hours a day on duty of all servers that have hours, by a calendar or a roster; without
        places; NaN where nobody has hours, or they are not known.
        """
        resources = self.resolved(policy).get("resources") or {}
        names = [
            name
            for name, words in resources.items()
            if not words.get("places") and (words.get("calendar") or words.get("roster"))
        ]
        hours = [self.mean(policy, "staffed_h_per_day", str(name)) for name in names]
        return sum(hours) if hours else math.nan

    @property
    def replications(self) -> int:
        """How often the period was simulated."""
        return self.study.manifest.replications

    def simulated(self, policy: Policy) -> int:
        """How often the period was simulated under a policy, to its end."""
        there = self.study.manifest.lacking.get(policy.name)
        return self.replications if there is None else there

    def resolved(self, policy: Policy) -> dict[str, Any]:
        """The policy's scenario as it was run."""
        return dict(policy.entry.get("resolved") or {})


def percent(share: float) -> str:
    """A share in per cent with one digit after the point."""
    return amounts.percent(share, 1)


def with_interval(estimate: Estimate, write: Callable[[float], str] = amounts.number) -> str:
    """A figure and, in brackets, its 95 % interval if it has one."""
    mean = write(estimate.mean)
    if estimate.alike:
        return say("{mean} (the same in every simulated period: no interval)", mean=mean)
    if not estimate.sure:
        return mean
    return say("{mean} ({interval})", mean=mean, interval=between(estimate, write))


def cell(estimate: Estimate | None, write: Callable[[float], str] = amounts.number) -> Cell:
    """A figure in a table, its interval on a second line; a dash if it is not there."""
    if estimate is None:
        return Cell(NONE)
    text = write(estimate.mean)
    if estimate.at_least:
        text = say("at least {figure}", figure=text)
    if estimate.alike:
        return Cell(text, say("no interval"))
    return Cell(text, between(estimate, write) if estimate.sure else "")


def between(figure: Estimate | Difference, write: Callable[[float], str] = amounts.number) -> str:
    """The interval of a figure or of a difference."""
    if figure.low == figure.high:
        return say("the same in every simulated period: no interval")
    return amounts.span(write(figure.low), write(figure.high))


def limit_text(policy: Policy) -> str:
    """The promise of a policy in words: ``24 h``."""
    return promise_text(policy.limit)
