"""What is told of the stages: hours, servers and work times, as a person would write them.

Each stage leaves its calendars, its servers and its work times as plain values; nothing is
estimated here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from portsim.arrays import Reals
from portsim.fitting.calendars import levels
from portsim.fitting.means import law_of
from portsim.fitting.rosters import Roster
from portsim.fitting.sheet import Sheet
from portsim.fitting.weeks import SLOT_S
from portsim.fitting.work import Law
from portsim.scenario.clock import DAYS
from portsim.scenario.value_text import spelt_time

__all__ = ["StageTold", "StageWriter"]

_FOLLOWS = 0.8
_CENSUS = "servers by the likelihood of the works they imply, first come first served"


@dataclass(frozen=True, slots=True, eq=False)
class StageTold:
    """What is told of a stage."""

    name: str
    """Its name in the scenario."""
    rosters: tuple[Roster, ...]
    """Hours and servers; empty where the log cannot tell."""
    works: Reals
    """float64[n], work times in seconds."""
    classes: np.ndarray
    """int64[n], class of each."""
    opened: np.ndarray
    """bool[n], which began in the second of an opening."""
    stamped: bool
    """Whether starts are stamped."""

    def law(self, number: int | None = None) -> tuple[Law, int, dict[str, tuple[float, float]]]:
        """The work time, of a class or of all: see `means.law_of`."""
        own = np.full(len(self.works), True) if number is None else self.classes == number
        step = self.rosters[0].evidence.step
        return law_of(self.works[own], self.opened[own], step, stamped=self.stamped)

    def sentences(self) -> list[str]:
        """Hours, servers and work of the stage, a line a roster and group of weekdays."""
        if not self.rosters or not len(self.works):
            return [f"{self.name}: too few stamps to tell hours, servers or work"]
        lines = []
        for roster in self.rosters:
            alike: dict[Any, list[int]] = {}
            for day, pattern in enumerate(roster.week):
                if pattern:
                    alike.setdefault(pattern, []).append(day)
            for pattern, days in alike.items():
                hours = ", ".join(
                    f"{spelt_time(span.begin * SLOT_S)}-{spelt_time(span.end * SLOT_S)} "
                    f"{span.servers} {'server' if span.servers == 1 else 'servers'}"
                    + ("" if roster.counted[days[0], span].sure else " (not surely told)")
                    for span in pattern
                )
                since = f" from {roster.first}" if roster is not self.rosters[0] else ""
                week = "daily" if len(days) == len(DAYS) else ", ".join(DAYS[d] for d in days)
                lines.append(f"{self.name}{since}, {week}: {hours}")
        law, n, _ = self.law()
        close = "rests" if self.rosters[0].pauses else "is finished"
        lines.append(
            f"{self.name}: work {law.mean / 60:.1f} min, cv {law.cv:.2f} ({law.family}, "
            f"n = {n:,}); what is begun {close} at closing"
        )
        return lines


class StageWriter:
    """Writes stages on a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """No stage yet."""
        self._sheet = sheet
        self.values: dict[str, dict[str, Any]] = {"calendars": {}, "resources": {}, "stages": {}}
        """Calendars, resources and stages as a file says them."""

    def write(self, told: StageTold, stage: str, *, missing: int, given: bool) -> None:
        """Write a stage of the log.

        Args:
            told: what is told of it.
            stage: its name in the log.
            missing: visits that say nothing.
            given: whether its servers were not told but given.
        """
        path = f"stages.{told.name}"
        if missing:
            n = sum(len(roster.evidence.queue) for roster in told.rosters)
            self._sheet.row(path, missing, "", "", "visits", "left out: a stamp is missing", n,
                            "yes", "their server looks idle, so works may seem longer")  # fmt: skip
        if not told.rosters or not len(told.works):
            self._untold(told, stage)
            return
        shifts = []
        for level in levels(told.rosters):
            calendar = told.name if level.first == 1 else f"{told.name}-{level.first}"
            self.values["calendars"][calendar] = level.calendar
            shifts.append({"calendar": calendar, "count": self._count(told, level.count)})
        resource = f"{told.name}-servers"
        self.values["resources"][resource] = (
            {"capacity": shifts[0]["count"], "calendar": told.name}
            if len(shifts) == 1
            else {"roster": shifts}
        )
        self._told_rosters(told, resource, given=given)
        law, n, limits = told.law()
        self.values["stages"][told.name] = {
            "takes": {resource: 1},
            "hours": told.name,
            "at_close": "pause" if told.rosters[0].pauses else "finish",
            "time": self._sheet.law(f"{path}.time", law, n, limits, told.stamped),
        }

    def _count(self, told: StageTold, count: int) -> dict[str, Any]:
        surely = all(each.sure for roster in told.rosters for each in roster.counted.values())
        n = sum(len(roster.evidence.queue) for roster in told.rosters)
        more = max(
            each.high - span.servers
            for roster in told.rosters
            for (_, span), each in roster.counted.items()
        )
        less = max(
            span.servers - each.low
            for roster in told.rosters
            for (_, span), each in roster.counted.items()
        )
        limits = None if surely else [max(count - less, 1), count + more]
        return self._sheet.value(
            count, limits if limits and limits[0] < limits[1] else None, n, "D"
        )

    def _told_rosters(self, told: StageTold, resource: str, *, given: bool) -> None:
        for roster in told.rosters:
            since = f" from {roster.first}" if roster is not told.rosters[0] else ""
            alike: dict[Any, list[int]] = {}
            for day, pattern in enumerate(roster.week):
                alike.setdefault(pattern, []).append(day)
            n = len(roster.evidence.queue)
            for pattern, days in alike.items():
                name = ", ".join(DAYS[day] for day in days)
                if not pattern:
                    self._sheet.row(f"calendars.{told.name}.hours[{name}]{since}", "closed", "",
                                    "", "", "no work begins", n, "yes", "")  # fmt: skip
                edges = [edge for span in pattern for edge in span[:2]]
                for span in pattern:
                    for word, edge in (("opens", span.begin), ("closes", span.end)):
                        if edges.count(edge) > 1:
                            # Only the servers change there.
                            continue
                        low, high = roster.limits.get((days[0], edge), (edge, edge))
                        self._sheet.row(
                            f"calendars.{told.name}.hours[{name}].{word}{since}",
                            spelt_time(edge * SLOT_S), spelt_time(low * SLOT_S),
                            spelt_time(high * SLOT_S), "local time",
                            "likelihood of the works that hours imply", n,
                            "yes" if high - low <= 3 else "partly",
                            "" if high - low <= 3 else "no truck tells of the rest",
                        )  # fmt: skip
                    counted = roster.counted[days[0], span]
                    strange = roster.follows < _FOLLOWS
                    self._sheet.row(
                        f"resources.{resource}[{name} {spelt_time(span.begin * SLOT_S)}-"
                        f"{spelt_time(span.end * SLOT_S)}]{since}",
                        span.servers, counted.low, "" if counted.open_end else counted.high,
                        "servers", "given" if given else _CENSUS, n,
                        "no" if strange or counted.open_end else
                        "yes" if counted.sure else "partly",
                        "given with --servers" if given else
                        f"only {roster.follows:.0%} of the works are as first come first served "
                        "tells: say --servers if you know" if strange else
                        "more fit alike: say --servers if you know" if counted.open_end else "",
                    )  # fmt: skip

    def _untold(self, told: StageTold, stage: str) -> None:
        """A stage of which the log says too little: it is passed without delay."""
        self.values["calendars"].setdefault("always", {"hours": "round the clock"})
        self.values["stages"][told.name] = {
            "hours": "always",
            "at_close": "finish",
            "time": {"value": "0 min", "confidence": "E", "source": "assumed: not told by the log"},
        }
        self._sheet.row(f"stages.{told.name}.time", "0", "", "", "min", "assumed",
                        len(told.works), "no", f"too few stamps of {stage}")  # fmt: skip
