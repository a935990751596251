"""What is known when a forecast begins: who is inside, how trucks will come, under which policies.

Files and logs become scenarios here; nothing is run.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from portsim.errors import InputError
from portsim.forecasting.announced import Announced, announced_in, with_announced
from portsim.forecasting.beginning import (
    LEAST_H,
    MOST_H,
    begun,
    ends_twice,
    from_file,
    minute_of,
    second_of,
)
from portsim.forecasting.earlier import Earlier, earlier_in
from portsim.forecasting.futures import Level
from portsim.forecasting.past import Past, check_names
from portsim.forecasting.recent import FEWEST_DAYS, as_recently, level_of
from portsim.gatelog import GateLog
from portsim.results import digest
from portsim.scenario.identity import identity
from portsim.scenario.model import Scenario
from portsim.scenario.moments import spelt_moment

__all__ = ["HOURS", "KIND", "Known", "known_of"]

KIND = "forecast"
HOURS = 48.0
_SAY_WHEN = (
    "at: not said; expected the minute at which the port was so\n"
    '    hint: write e.g. --at "2025-04-14 10:00"'
)


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """What is known when a forecast begins.

    Attributes:
        policies: scenarios whose period is the coming hours, with who is inside; the first is the
            port as it is.
        at: the minute, local time.
        hours: how long the forecast looks ahead.
        level: what today's arrivals say of today; None where nothing is known of it.
        arrivals: where the trucks of the coming hours are from, made of JSON types only.
        forgotten: trucks that a log never shows leaving and that are taken to have left.
        unsure: trucks of whom the log leaves open at which of the next stages they are.
        announced: trucks of whom it is known when they come.
        earlier: how good earlier forecasts of this port were.
    """

    policies: tuple[Scenario, ...]
    at: dt.datetime
    hours: float
    level: Level | None = None
    arrivals: dict[str, Any] = field(default_factory=lambda: {"from": "scenario"})
    forgotten: int = 0
    unsure: int = 0
    announced: Announced | None = None
    earlier: Earlier | None = None

    def fingerprint(self, futures: int, seed: int) -> str:
        """Of all that the outcome depends on: SHA-256 in hex."""
        inside = [policy.origin.inside for policy in self.policies]
        return digest(
            {
                "kind": KIND,
                "scenarios": [identity(policy) for policy in self.policies],
                "inside": ["" if some is None else some.digest for some in inside],
                "at": spelt_moment(self.at),
                "hours": self.hours,
                "level": None if self.level is None else list(astuple(self.level)),
                "arrivals": self.arrivals,
                "announced": _listed(self.announced),
                "scored": {} if self.earlier is None else self.earlier.facts,
                "futures": futures,
                "seed": seed,
            }
        )


def _listed(announced: Announced | None) -> Any:
    """Announced trucks, made of JSON types only."""
    if announced is None:
        return None
    rows = zip(announced.names, announced.classes, announced.seconds.tolist(), strict=True)
    return [list(row) for row in rows]


def known_of(
    scenarios: Sequence[Scenario],
    at: str | dt.datetime | None,
    *,
    state: str | Path | None = None,
    log: GateLog | None = None,
    hours: float = HOURS,
    arrivals: str | None = None,
    announced: str | Path | None = None,
    scores: str | Path | None = None,
) -> Known:
    """What is known of a port when a forecast begins.

    Args:
        scenarios: the port as it is, and other policies.
        at: the minute; if None that at which the scenario begins, which says who is inside.
        state: CSV, xlsx or parquet with a row a truck inside; None for what the log shows, or else
            for what the scenario says.
        log: the port's own records; nothing of it is looked at that was stamped at `at` or later.
        hours: how long the forecast looks ahead.
        arrivals: ``scenario``, as that says; ``recent``, as in the recent days of the log; None for
            the latter where the log has enough of them.
        announced: list of trucks that will come, of whose classes no others come.
        scores: result folder that says how good earlier forecasts of this port were.

    Raises:
        InputError, ScenarioError: see `portsim.forecasting.forecast`.
    """
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < len(names):
        raise InputError(f"policies need names of their own; found {', '.join(names)}")
    first = scenarios[0]
    if at is None and (state is not None or log is not None):
        raise InputError(_SAY_WHEN)
    minute = first.period.begins if at is None else minute_of(at)
    if LEAST_H <= hours <= MOST_H and ends_twice(first, minute, hours):
        raise InputError(
            f"hours: {hours:g} from {spelt_moment(minute)} on end in an hour that the clock shows"
            " twice\n    hint: look an hour further, or less far"
        )
    earlier = None if scores is None else earlier_in(scores, first)
    past = None if log is None else Past.of(log, first, minute)
    forgotten = unsure = 0
    if state is not None:
        file = Path(state)
        policies = [from_file(scenario, minute, hours, file) for scenario in scenarios]
    elif past is not None:
        standing = past.standing(first, minute, hours)
        forgotten, unsure = standing.forgotten, standing.unsure
        for scenario in scenarios:
            check_names(scenario, standing.inside)
        policies = [
            begun(scenario, minute, hours, standing.inside, standing.left) for scenario in scenarios
        ]
    else:
        policies = [begun(scenario, minute, hours, None) for scenario in scenarios]
    policies, level, facts = _coming(policies, past, arrivals)
    listed = None
    if announced is not None:
        listed = announced_in(Path(announced), first, second_of(first, minute))
        policies = [with_announced(policy, listed) for policy in policies]
        facts["announced"] = len(listed.names)
    return Known(tuple(policies), minute, hours, level, facts, forgotten, unsure, listed, earlier)


def _coming(
    policies: list[Scenario], past: Past | None, arrivals: str | None
) -> tuple[list[Scenario], Level | None, dict[str, Any]]:
    """How the trucks of the coming hours come in each policy, and what today says of today."""
    if arrivals not in (None, "scenario", "recent"):
        raise InputError(f"arrivals: found {arrivals}; expected scenario or recent")
    facts: dict[str, Any] = {"from": "scenario"}
    if past is None:
        if arrivals == "recent":
            raise InputError(
                "arrivals: recent days are those of a log\n    hint: give the gate log, --log FILE"
            )
        return policies, None, facts
    off = 0.0
    if arrivals != "scenario":
        told = [as_recently(policy, past.came) for policy in policies]
        recent = [policy for policy in told if policy is not None]
        if recent:
            policies, (_, off, facts) = [policy for policy, *_ in recent], recent[0]
        elif arrivals == "recent":
            raise InputError(
                f"arrivals: the log has fewer than {FEWEST_DAYS} whole days before the forecast\n"
                "    hint: give more of it, or --arrivals scenario"
            )
    level, today = level_of(policies[0], past.came, off)
    return policies, level, {**facts, **today}
