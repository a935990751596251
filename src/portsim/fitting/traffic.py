"""What is told of the traffic: classes, their arrivals, loads and routes, as a person writes them.

Arrivals, ways and works are told elsewhere; here they become plain values.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portsim.fitting.arrivals import ArrivalsTold, ClassTold
from portsim.fitting.behaviour import Behaviour
from portsim.fitting.likelihood import Evidence
from portsim.fitting.loads import load_told
from portsim.fitting.sheet import Sheet
from portsim.fitting.stage_values import FEW, StageTold
from portsim.fitting.traffic_rows import said_of_level
from portsim.fitting.ways import Ways
from portsim.gatelog import GateLog
from portsim.scenario.clock import DAYS
from portsim.scenario.value_text import spelt_hours, spelt_months, spelt_weekdays

__all__ = ["TrafficWriter"]

_ALL = 0.995
_LEAST_SHARE = 0.0005


class TrafficWriter:
    """Writes traffic on a sheet."""

    def __init__(
        self,
        sheet: Sheet,
        log: GateLog,
        names: Mapping[str, str],
        stages: Sequence[StageTold],
        evidence: Mapping[str, Evidence],
    ) -> None:
        """Names of the classes in the scenario by those of the log; stages in the log's order;
        evidence by stage of the log."""
        self._sheet, self._log, self._stages = sheet, log, stages
        self._classes = names
        self._class_names = sorted(names)
        self._ways = Ways(log)
        self._behaviour = Behaviour(sheet, log, stages, evidence, self._ways, names)
        self._apart = {told.name: told.apart() for told in stages}

    def written(self, told: ArrivalsTold) -> dict[str, Any]:
        """The traffic as a file says it."""
        traffic: dict[str, Any] = {}
        for each in told.classes:
            name = self._classes[each.name]
            path = f"traffic.{name}"
            own = (self._log.trucks["truck_class"].astype(str) == each.name).to_numpy()
            route, first = self._route(each, own, path)
            direction = each.direction or "import"
            if each.direction is None:
                self._sheet.row(f"{path}.direction", direction, "", "", "", "assumed", each.n, "no",
                                "the log does not say which way it goes")  # fmt: skip
            entry: dict[str, Any] = {
                **({} if name == each.name else {"label": each.name}),
                "direction": direction,
                "arrivals": self._arrivals(each, path),
                "route": route,
            }
            entry |= self._goods(own, path)
            entry |= self._behaviour.of_class(each.name, path, first)
            traffic[name] = entry
        self._behaviour.said_who_is_seen()
        said_of_level(self._sheet, told, len(self._log.trucks))
        if told.scatter is not None:
            cv = self._sheet.told("traffic.day_factor.gamma.cv", told.scatter, "", digits=3)
            traffic["day_factor"] = {"gamma": {"mean": 1, "cv": cv}}
        return traffic

    def _arrivals(self, each: ClassTold, path: str) -> dict[str, Any]:
        own, sheet = f"{path}.arrivals", self._sheet
        said: dict[str, Any] = {
            "rate": sheet.told(f"{own}.rate", each.rate, "a day", digits=3, per=" per day")
        }
        for day, factor in zip(DAYS, each.weekdays, strict=True):
            sheet.factor(f"{own}.weekdays.{day}", factor)
        weekdays = spelt_weekdays([round(factor.value, 4) for factor in each.weekdays])
        said["weekdays"] = sheet.value(weekdays, None, each.n, "A")
        for hour, (weight, low, high) in enumerate(each.hour_limits):
            sheet.row(f"{own}.hours.{hour:02}:00-{hour + 1:02}:00", round(weight, 4),
                      round(low, 4), round(high, 4), "", "share of the day's trucks (Wilson)",
                      each.hours_n, "yes" if each.hours_n >= FEW else "no", "")  # fmt: skip
        hours = spelt_hours([round(weight, 4) for weight in each.hours])
        said["hours"] = sheet.value(hours, None, each.hours_n, "A")
        for month, factor in each.months.items():
            sheet.factor(f"{own}.months.{month}", factor)
        if each.months:
            months = spelt_months(
                [round(each.months[m].value, 4) if m in each.months else 1.0 for m in range(1, 13)]
            )
            said["months"] = sheet.value(months, None, each.n, "A")
        if each.together > 1:
            said["together"] = sheet.value(each.together, None, each.n, "A")
            sheet.row(f"{own}.together", each.together, "", "", "trucks",
                      "trucks with the same arrival stamp", each.n, "yes",
                      "nearly all of them come so")  # fmt: skip
        return said

    def _goods(self, own: NDArray[np.bool_], path: str) -> dict[str, Any]:
        """Load of a class, and a row for values that are written."""
        said = {}
        told = load_told(self._log.trucks["load"].to_numpy(np.float64)[own])
        if told is not None:
            said["load"] = self._sheet.noted(told.words, told.n, "A")
            missing = int(own.sum()) - told.n
            self._sheet.row(f"{path}.load", f"{told.mean:.2f}", f"{told.low:.2f}",
                            f"{told.high:.2f}", "t", f"mean of the loads; {told.family}, "
                            f"{told.distance:.3f} off (Kolmogorov–Smirnov)", told.n,
                            "yes" if told.n >= FEW else "partly",
                            f"{missing} trucks have none written" if missing else "")  # fmt: skip
        value = self._log.trucks["value"].to_numpy(np.float64)[own]
        value = value[np.isfinite(value)]
        if len(value):
            away = 1.96 * float(value.std(ddof=1)) / len(value) ** 0.5 if len(value) > 1 else 0.0
            mean = float(value.mean())
            self._sheet.row(f"{path}.value", f"{mean:.2f}", f"{mean - away:.2f}",
                            f"{mean + away:.2f}", "as written", "mean of the values", len(value),
                            "partly", "the currency is not told, so that the scenario does not "
                            "say it: write value: with its currency")  # fmt: skip
        return said

    def _route(self, each: ClassTold, own: NDArray[np.bool_], path: str) -> tuple[list[Any], str]:
        """Steps of a class, and the stage of the log that most of its trucks pass first."""
        number = self._class_names.index(each.name)
        visits = self._ways.visits
        visits = visits[own[visits["truck"].to_numpy(np.int64)]]
        # In the order in which trucks of this class pass them, mostly.
        place = visits.groupby("truck").cumcount().groupby(visits["stage"]).mean()
        route: list[Any] = []
        first = ""
        for told, stage in sorted(
            zip(self._stages, self._log.stages, strict=True),
            key=lambda pair: place.get(pair[1], np.inf),
        ):
            if stage not in place:
                continue
            step: dict[str, Any] = {"stage": told.name}
            if stage not in self._log.always:
                passing = self._ways.share(own, stage)
                if passing.value < _LEAST_SHARE:
                    continue
                if passing.value < _ALL:
                    limits = [round(passing.low, 4), round(passing.high, 4)]
                    self._sheet.row(f"{path}.route[{told.name}].share", round(passing.value, 4),
                                    *limits, "", "share of its trucks (Wilson)", passing.n,
                                    passing.identifiable, passing.note)  # fmt: skip
                    # Few trucks may be twice as many; a share has no other half above 1.
                    shape = "lognormal" if passing.value < 0.5 and limits[0] > 0 else "normal"
                    step["share"] = self._sheet.value(
                        round(passing.value, 4), limits if limits[0] < limits[1] else None,
                        passing.n, "A", shape,
                    )  # fmt: skip
            time = self._own_time(told, number, f"{path}.route[{told.name}].time")
            if time is not None:
                step["time"] = time
            first = first or stage
            route.append(step if len(step) > 1 else told.name)
        called = dict(zip(self._log.stages, self._stages, strict=True))
        for later, earlier, part, n in self._ways.orders(own):
            a, b = called[later].name, called[earlier].name
            self._sheet.row(f"{path}.route", round(part, 4), "", "", "share of its trucks",
                            "order of stamps", n, "partly",
                            f"pass {b} before {a}, the others after it: a scenario has one order "
                            "a class, so give them classes of their own")  # fmt: skip
        return route or [self._stages[0].name], first or self._log.stages[0]

    def _own_time(self, told: StageTold, number: int, path: str) -> dict[str, Any] | None:
        """The work time of a class, where those of all classes surely are not one."""
        if not self._apart[told.name] or np.count_nonzero(told.classes == number) < FEW:
            return None
        law, n, limits = told.law(number)
        law, goodness = told.judged(law, number, named=False)
        return self._sheet.law(path, law, n, limits, told.stamped, goodness)
