"""One fault for all that one cause explains: of many looks outside of chance those that are told.

Nothing is measured here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from portsim.held.looks import Look
from portsim.held.seen import Form
from portsim.held.spans import DAY_S, HOUR_S

__all__ = ["HOURS_S", "PACE", "Case", "sorted_out"]

HOURS_S = 600.0
"""Smallest difference of hours worth a word, seconds."""
PACE = 0.05
"""Smallest part of a pace worth a word."""
_NO_WORK = 0.15
"""Less work than such a part of what the scenario does counts as none."""


@dataclass(eq=False, slots=True)
class Case:
    """A possible fault, its look, and what is told of it."""

    kind: str
    stage: str
    look: Look
    more: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """What is told of it, as plain values."""
        each = self.look
        return {
            "kind": self.kind, "stage": self.stage, "log": each.log, "simulated": each.mean,
            "low": each.low, "high": each.high, **self.more,
        }  # fmt: skip


def sorted_out(sure: list[Case], form: Form) -> Iterator[Case]:
    """One fault for all that one cause explains."""
    caused = False
    for stage in form.stages:
        here = [case for case in sure if case.stage == stage]
        doors = list(_doors(here))
        yield from doors
        staffed = list(_staffed(here, doors))
        yield from staffed
        # Hours that differ reach into work that is told from stays, and into the pace.
        told = [case for case in here if not doors or case.more.get("stamped")]
        works = [case for case in told if case.kind == "work"]
        yield from works
        pace = [case for case in told if case.kind == "pace"]
        for case in pace:
            # Slower work ends fewer works an hour, and no more need be said if that is all.
            slower = 1.0 - case.look.log / case.look.mean
            known = works[0].look if works else None
            explained = known is not None and abs(1 - known.mean / known.log - slower) < PACE
            if not explained:
                case.more["work"] = "" if works else case.more["work"]
                yield case
        # Works begun an hour from any door are implied by the servers alone.
        near = all(abs(case.look.difference) <= HOUR_S for case in doors)
        implied = [case for case in here if case.kind == "implied" and near]
        yield from implied
        yield from (case for case in here if case.kind == "passing")
        caused = caused or bool(doors or staffed or works or pace or implied)
        if not caused:
            yield from (case for case in here if case.kind == "wait")
    yield from (case for case in sure if case.kind == "arrivals")


def _doors(here: Sequence[Case]) -> Iterator[Case]:
    """First and last work: told of all days where weekdays agree, else of the weekdays."""
    for kind in ("first", "last"):
        cases = [case for case in here if case.kind == kind]
        whole = [case for case in cases if case.more["weekday"] < 0]
        days = [case for case in cases if case.more["weekday"] >= 0]
        alike = [
            case
            for case in days
            if whole and _alike(case.look.difference, whole[0].look.difference)
        ]
        yield from whole
        odd = [case for case in days if case not in alike]
        merged: dict[int, Case] = {}
        for case in odd:
            key = round(case.look.difference / HOURS_S)
            if key in merged:
                merged[key].more["weekdays"].append(case.more["weekday"])
            else:
                case.more["weekdays"] = [case.more["weekday"]]
                merged[key] = case
        yield from merged.values()


def _alike(own: float, whole: float) -> bool:
    return abs(own - whole) <= max(3 * HOURS_S, 0.5 * abs(whole))


def _staffed(here: Sequence[Case], doors: Sequence[Case]) -> Iterator[Case]:
    """Servers: of all hours with the hours in which it is so, else of single hours."""
    cases = [case for case in here if case.kind == "servers"]
    outside = {hour for case in doors for hour in _between(case)}
    single = [c for c in cases if c.more["hour"] >= 0 and c.more["hour"] not in outside]
    whole = [case for case in cases if case.more["hour"] < 0]
    if not single and (outside or not whole):
        return
    if not single:
        whole[0].more["hours"] = []
        yield whole[0]
        return
    groups: dict[tuple[bool, int], list[Case]] = {}
    for case in single:
        none = case.look.log < _NO_WORK * case.look.mean
        size = int(np.copysign(max(1, round(abs(case.look.difference))), case.look.difference))
        groups.setdefault((none, size), []).append(case)
    for (none, size), some in groups.items():
        # One hour alone may be a clock that was off on a day.
        if len(some) == 1 and not any(case.look.difference * size > 0 for case in whole):
            continue
        main = max(some, key=lambda case: case.more["waited_h"])
        main.more["hours"] = sorted(case.more["hour"] for case in some)
        main.kind = "no_work" if none else "servers"
        yield main


def _between(case: Case) -> Iterator[int]:
    """Hours of the day between the scenario's door and that of the log."""
    ends = sorted((case.more["usual"], case.more["hour"]))
    for hour in range(int(ends[0] // HOUR_S), int(-(-ends[1] // HOUR_S)) + 1):
        yield hour % (DAY_S // HOUR_S)
