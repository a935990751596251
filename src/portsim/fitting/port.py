"""A whole port told from a log: the scenario, and a table that says of each value how surely.

What is told of stages and arrivals comes from the modules beside this one; here it becomes what a
person would write in a file.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from portsim.arrays import Reals
from portsim.checking import Scenario
from portsim.checking.names import RESERVED
from portsim.errors import InputError
from portsim.fitting.arrivals import ArrivalsTold, ClassTold, Told, arrivals
from portsim.fitting.calendars import levels
from portsim.fitting.rosters import Roster, rosters
from portsim.fitting.stages import evidence_of, left_out, passed, share
from portsim.fitting.weeks import SLOT_S
from portsim.fitting.work import Law, work_law
from portsim.gatelog import GateLog
from portsim.scenario.clock import DAYS
from portsim.scenario.value_text import spelt_hours, spelt_months, spelt_time, spelt_weekdays

__all__ = ["Fit", "StageTold", "fit"]

_COLUMNS = ("path", "value", "low", "high", "unit", "method", "n", "identifiable", "note")
_FEW = 30
_ALL = 0.995
_LEAST_SHARE = 0.0005
_FOLLOWS = 0.8
_WEEK = dt.timedelta(days=6)
_NO_SIGNS = re.compile(r"[,+\[\]:/\\\s]+")
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
    stamped: bool
    """Whether starts are stamped."""

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
        law, n, _ = work_law(self.works, self.rosters[0].evidence.step)
        close = "rests" if self.rosters[0].pauses else "is finished"
        lines.append(
            f"{self.name}: work {law.mean / 60:.1f} min, cv {law.cv:.2f} ({law.family}, "
            f"n = {n:,}); what is begun {close} at closing"
        )
        return lines


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A port that was told from its records."""

    scenario: Scenario
    """The scenario; every fitted value says from what, and how surely."""
    table: pd.DataFrame
    """A row a value: path, value, low, high (95 %), unit, method, n, identifiable (yes, partly,
    no), note."""
    log: GateLog
    """The records, cleaned."""
    stages: tuple[StageTold, ...]
    arrivals: ArrivalsTold

    def to_yaml(self) -> str:
        """The scenario as the text of a file."""
        return self.scenario.to_yaml()


def fit(log: GateLog, *, servers: Mapping[str, int] | None = None, name: str = "port") -> Fit:
    """Tell a port from its records.

    Args:
        log: what `portsim.gatelog.read_log` gives.
        servers: how many servers a stage has while it is open, where somebody knows.
        name: of the scenario.

    Raises:
        InputError: a stage that the log does not have, or a log from which no port can be told.
    """
    known = dict(servers or {})
    for stage in known.keys() - set(log.stages):
        raise InputError(
            f"--servers: found `{stage}`; expected a stage of the log: {', '.join(log.stages)}"
        )
    if not log.stages or not len(log.visits):
        raise InputError("a log without a stage: found no visits; expected stamps of a stage")
    return _Writer(log, known, name).written()


def _named(text: str, taken: set[str]) -> str:
    """A name that a scenario may have."""
    plain = _NO_SIGNS.sub("-", text.strip()).strip("-")[:40] or "stage"
    name, number = plain, 1
    # Names of places that tables have anyway: the stage `exit` becomes `exit-2`.
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name)
    return name


class _Writer:
    """Values of the scenario and rows of the table, side by side."""

    def __init__(self, log: GateLog, servers: Mapping[str, int], name: str) -> None:
        self._log, self._servers, self._name = log, servers, name
        self._files = ", ".join(Path(source.file).name for source in log.sources)
        self._visits = passed(log)
        self._rows: list[tuple[Any, ...]] = []
        self._values: dict[str, Any] = {"calendars": {}, "resources": {}, "stages": {}}
        self._class_names = sorted(log.trucks["truck_class"].astype(str).unique())
        taken: set[str] = {"all", "export", "import", "scale", "day_factor", *RESERVED["traffic"]}
        self._classes = {own: _named(own, taken) for own in self._class_names}

    def written(self) -> Fit:
        told = arrivals(self._log)
        stages = []
        taken: set[str] = set().union(*RESERVED.values())
        told_from = evidence_of(self._log)
        missing = left_out(self._log, told_from)
        for stage, evidence in told_from.items():
            name = _named(stage, taken)
            found = rosters(evidence, self._log.timezone, self._servers.get(stage))
            works = np.concatenate([each.works for each in found]) if found else np.zeros(0)
            classes = np.concatenate([each.classes for each in found]) if found else np.zeros(0)
            there = np.isfinite(works)
            stages.append(
                StageTold(
                    name, tuple(found), works[there], classes[there].astype(np.int64),
                    evidence.has_starts,
                )
            )  # fmt: skip
            self._stage(stages[-1], stage)
            if missing[stage]:
                self._row(f"stages.{name}", missing[stage], "", "", "visits",
                          "left out: a stamp is missing", len(evidence.queue), "yes",
                          "their server looks idle, so works may seem longer")  # fmt: skip
        self._traffic(told, stages)
        # A share that is completed within a day needs a period of some days, however short the log.
        first, last = told.first, max(told.last, told.first + _WEEK)
        values = {
            "name": self._name,
            "summary": f"Told from {self._files}: {len(self._log.trucks):,} trucks.",
            "timezone": self._log.timezone,
            "period": {"from": first.isoformat(), "to": last.isoformat(), "warm_up": "1 week"},
            "replications": 10,
            "open_hours": next(iter(self._values["calendars"])),
            **self._values,
        }
        scenario = Scenario.from_dict(values)
        table = pd.DataFrame(self._rows, columns=list(_COLUMNS))
        return Fit(scenario, table, self._log, tuple(stages), told)

    # ---- how a value is said -------------------------------------------------------------------

    def _value(self, value: Any, limits: Any, n: int, mark: str) -> dict[str, Any]:
        said = {
            "value": value,
            "source": f"fitted from {self._files}, n = {n:,}",
            "confidence": mark,
        }
        return said if limits is None else {**said, "range": limits}

    def _row(self, path: str, value: Any, low: Any, high: Any, *rest: Any) -> None:
        self._rows.append((path, value, low, high, *rest))

    def _time(self, path: str, seconds: float, limits: tuple[float, float], n: int, mark: str,
              method: str) -> dict[str, Any]:  # fmt: skip
        """A duration in minutes, with its row."""
        low, high = (max(limit, 0.0) / 60 for limit in limits)
        value = seconds / 60
        self._row(path, f"{value:.3f}", f"{low:.3f}", f"{high:.3f}", "min", method, n, "yes", "")
        ranged = f"{low:.3f} min..{high:.3f} min" if low < high else None
        return self._value(f"{value:.3f} min", ranged, n, mark)

    def _law(self, path: str, law: Law, n: int, limits: Mapping[str, tuple[float, float]],
             stamped: bool) -> dict[str, Any]:  # fmt: skip
        """A work time as the language says it."""
        mark = "A" if stamped else "D"
        method = "stamped works" if stamped else "works told first come first served"
        method = f"{law.family} by moments, family by cross-validation; {method}"
        own = f"{path}.{law.family}"
        if law.shape:
            return {
                law.family: {
                    word: self._value(f"{seconds / 60:.3f} min", None, n, mark)
                    for word, seconds in law.shape.items()
                }
            }
        if law.family == "constant":
            return {"constant": self._time(own, law.mean, limits["mean"], n, mark, method)}
        said = {"mean": self._time(f"{own}.mean", law.mean, limits["mean"], n, mark, method)}
        if law.family != "exponential":
            low, high = max(limits["cv"][0], 0.01), limits["cv"][1]
            self._row(f"{own}.cv", f"{law.cv:.3f}", f"{low:.3f}", f"{high:.3f}", "", method, n,
                      "yes", "")  # fmt: skip
            ranged = [round(low, 3), round(high, 3)] if round(low, 3) < round(high, 3) else None
            said["cv"] = self._value(round(law.cv, 3), ranged, n, mark)
        return {law.family: said}

    # ---- stages --------------------------------------------------------------------------------

    def _stage(self, told: StageTold, stage: str) -> None:
        path = f"stages.{told.name}"
        if not told.rosters or not len(told.works):
            self._untold(told, stage)
            return
        shifts = []
        for level in levels(told.rosters):
            calendar = told.name if level.first == 1 else f"{told.name}-{level.first}"
            self._values["calendars"][calendar] = level.calendar
            shifts.append({"calendar": calendar, "count": self._count(told, level.count)})
        resource = f"{told.name}-servers"
        self._values["resources"][resource] = (
            {"capacity": shifts[0]["count"], "calendar": told.name}
            if len(shifts) == 1
            else {"roster": shifts}
        )
        self._told_rosters(told, stage, resource)
        law, n, limits = work_law(told.works, told.rosters[0].evidence.step)
        self._values["stages"][told.name] = {
            "takes": {resource: 1},
            "hours": told.name,
            "at_close": "pause" if told.rosters[0].pauses else "finish",
            "time": self._law(f"{path}.time", law, n, limits, told.stamped),
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
        return self._value(count, limits if limits and limits[0] < limits[1] else None, n, "D")

    def _told_rosters(self, told: StageTold, stage: str, resource: str) -> None:
        for roster in told.rosters:
            since = f" from {roster.first}" if roster is not told.rosters[0] else ""
            alike: dict[Any, list[int]] = {}
            for day, pattern in enumerate(roster.week):
                alike.setdefault(pattern, []).append(day)
            n = len(roster.evidence.queue)
            for pattern, days in alike.items():
                name = ", ".join(DAYS[day] for day in days)
                if not pattern:
                    self._row(f"calendars.{told.name}.hours[{name}]{since}", "closed", "", "", "",
                              "no work begins", n, "yes", "")  # fmt: skip
                edges = [edge for span in pattern for edge in span[:2]]
                for span in pattern:
                    for word, edge in (("opens", span.begin), ("closes", span.end)):
                        if edges.count(edge) > 1:
                            # Only the servers change there.
                            continue
                        low, high = roster.limits.get((days[0], edge), (edge, edge))
                        self._row(
                            f"calendars.{told.name}.hours[{name}].{word}{since}",
                            spelt_time(edge * SLOT_S), spelt_time(low * SLOT_S),
                            spelt_time(high * SLOT_S), "local time",
                            "likelihood of the works that hours imply", n,
                            "yes" if high - low <= 3 else "partly",
                            "" if high - low <= 3 else "no truck tells of the rest",
                        )  # fmt: skip
                    counted = roster.counted[days[0], span]
                    given = stage in self._servers
                    strange = roster.follows < _FOLLOWS
                    self._row(
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
        self._values["calendars"].setdefault("always", {"hours": "round the clock"})
        self._values["stages"][told.name] = {
            "hours": "always",
            "at_close": "finish",
            "time": {"value": "0 min", "confidence": "E", "source": "assumed: not told by the log"},
        }
        self._row(f"stages.{told.name}.time", "0", "", "", "min", "assumed", len(told.works), "no",
                  f"too few stamps of {stage}")  # fmt: skip

    # ---- traffic -------------------------------------------------------------------------------

    def _traffic(self, told: ArrivalsTold, stages: list[StageTold]) -> None:
        traffic: dict[str, Any] = {}
        for each in told.classes:
            name = self._classes[each.name]
            path = f"traffic.{name}"
            route = self._route(each, stages, path)
            direction = each.direction or "import"
            entry: dict[str, Any] = {
                "direction": direction,
                "arrivals": self._arrivals(each, path),
                "route": route,
            }
            if each.load_t is not None:
                mean, cv, n = each.load_t
                entry["load"] = (
                    {"lognormal": {"mean": f"{mean:.2f} t", "cv": round(cv, 3)}}
                    if cv > 0.01
                    else f"{mean:.2f} t"
                )
                self._row(f"{path}.load", f"{mean:.2f}", "", "", "t", "moments", n, "yes", "")
            traffic[name] = entry
        if told.platoons:
            self._row("traffic", "", "", "", "", "arrivals within one step of the stamps",
                      len(self._log.trucks), "no", told.platoons)  # fmt: skip
        if told.scatter is not None:
            cv = self._told("traffic.day_factor.gamma.cv", told.scatter, "", digits=3)
            traffic["day_factor"] = {"gamma": {"mean": 1, "cv": cv}}
        self._values["traffic"] = traffic

    def _told(self, path: str, told: Told, unit: str, *, digits: int, per: str = "") -> Any:
        value, low, high = (round(float(x), digits) for x in (told.value, told.low, told.high))
        self._row(path, value, low, high, unit, told.method, told.n, told.identifiable, told.note)
        limits: Any = None
        if 0 < low < high:
            limits = f"{low}{per}..{high}{per}" if per else [low, high]
        return self._value(f"{value}{per}" if per else value, limits, told.n, "A")

    def _arrivals(self, each: ClassTold, path: str) -> dict[str, Any]:
        own = f"{path}.arrivals"
        said: dict[str, Any] = {
            "rate": self._told(f"{own}.rate", each.rate, "a day", digits=3, per=" per day")
        }
        for day, factor in zip(DAYS, each.weekdays, strict=True):
            self._row(f"{own}.weekdays.{day}", round(factor.value, 4), round(factor.low, 4),
                      round(factor.high, 4), "", factor.method, factor.n, factor.identifiable,
                      factor.note)  # fmt: skip
        said["weekdays"] = spelt_weekdays([round(factor.value, 4) for factor in each.weekdays])
        said["hours"] = spelt_hours([round(weight, 4) for weight in each.hours])
        if each.months:
            said["months"] = spelt_months(
                [round(each.months[m].value, 4) if m in each.months else 1.0 for m in range(1, 13)]
            )
        return said

    def _route(self, each: ClassTold, stages: list[StageTold], path: str) -> list[Any]:
        trucks = self._log.trucks
        own = np.flatnonzero((trucks["truck_class"].astype(str) == each.name).to_numpy())
        number = self._class_names.index(each.name)
        visits = self._visits[self._visits["truck"].isin(own)]
        # In the order in which trucks of this class pass them, mostly.
        place = visits.groupby("truck").cumcount().groupby(visits["stage"]).mean()
        route: list[Any] = []
        for told, stage in sorted(
            zip(stages, self._log.stages, strict=True), key=lambda pair: place.get(pair[1], np.inf)
        ):
            went = visits.loc[visits["stage"] == stage, "truck"]
            mean, low, high = share(np.isin(own, went).astype(np.int64), max(len(own), 1))
            if mean < _LEAST_SHARE:
                continue
            step: dict[str, Any] = {"stage": told.name}
            if mean < _ALL and stage not in self._log.always:
                self._row(f"{path}.route[{told.name}].share", round(mean, 4), round(low, 4),
                          round(high, 4), "", "share of its trucks (Wilson)", len(own), "yes",
                          "")  # fmt: skip
                limits = [round(low, 4), round(high, 4)]
                step["share"] = self._value(
                    round(mean, 4), limits if limits[0] < limits[1] else None, len(own), "A"
                )
            time = self._own_time(told, number, f"{path}.route[{told.name}].time")
            if time is not None:
                step["time"] = time
            route.append(step if len(step) > 1 else told.name)
        return route or [stages[0].name]

    def _own_time(self, told: StageTold, number: int, path: str) -> dict[str, Any] | None:
        """The work time of a class, where those of all classes surely are not one."""
        if not _apart(told) or np.count_nonzero(told.classes == number) < _FEW:
            return None
        works = told.works[told.classes == number]
        law, n, limits = work_law(works, told.rosters[0].evidence.step)
        return self._law(path, law, n, limits, told.stamped)


def _apart(told: StageTold) -> bool:
    """Whether the mean works of some two classes have intervals that do not meet."""
    if not told.rosters:
        return False
    step = told.rosters[0].evidence.step
    limits = [
        work_law(told.works[told.classes == number], step)[2]["mean"]
        for number in np.unique(told.classes)
        if np.count_nonzero(told.classes == number) >= _FEW
    ]
    return bool(limits) and max(low for low, _ in limits) > min(high for _, high in limits)
