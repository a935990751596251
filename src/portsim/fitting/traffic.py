"""What is told of the traffic: classes, their arrivals, loads and routes, as a person writes them.

Arrivals and works are told elsewhere; here they become plain values.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from portsim.fitting.arrivals import ArrivalsTold, ClassTold
from portsim.fitting.sheet import Sheet
from portsim.fitting.stage_values import StageTold
from portsim.fitting.stages import passed, share
from portsim.gatelog import GateLog
from portsim.scenario.clock import DAYS
from portsim.scenario.value_text import spelt_hours, spelt_months, spelt_weekdays

__all__ = ["TrafficWriter"]

_FEW = 30
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
    ) -> None:
        """Names of the classes in the scenario by those of the log; stages in the log's order."""
        self._sheet, self._log, self._stages = sheet, log, stages
        self._classes = names
        self._class_names = sorted(names)
        self._visits = passed(log)

    def written(self, told: ArrivalsTold) -> dict[str, Any]:
        """The traffic as a file says it."""
        traffic: dict[str, Any] = {}
        for each in told.classes:
            name = self._classes[each.name]
            path = f"traffic.{name}"
            route = self._route(each, path)
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
            if each.load_t is not None:
                mean, cv, n = each.load_t
                entry["load"] = (
                    {"lognormal": {"mean": f"{mean:.2f} t", "cv": round(cv, 3)}}
                    if cv > 0.01
                    else f"{mean:.2f} t"
                )
                self._sheet.row(f"{path}.load", f"{mean:.2f}", "", "", "t", "moments", n, "yes", "")
            traffic[name] = entry
        if told.platoons:
            self._sheet.row("traffic", "", "", "", "", "arrivals within one step of the stamps",
                      len(self._log.trucks), "no", told.platoons)  # fmt: skip
        if told.scatter is not None:
            cv = self._sheet.told("traffic.day_factor.gamma.cv", told.scatter, "", digits=3)
            traffic["day_factor"] = {"gamma": {"mean": 1, "cv": cv}}
        return traffic

    def _arrivals(self, each: ClassTold, path: str) -> dict[str, Any]:
        own = f"{path}.arrivals"
        said: dict[str, Any] = {
            "rate": self._sheet.told(f"{own}.rate", each.rate, "a day", digits=3, per=" per day")
        }
        for day, factor in zip(DAYS, each.weekdays, strict=True):
            self._sheet.row(f"{own}.weekdays.{day}", round(factor.value, 4), round(factor.low, 4),
                      round(factor.high, 4), "", factor.method, factor.n, factor.identifiable,
                      factor.note)  # fmt: skip
        said["weekdays"] = spelt_weekdays([round(factor.value, 4) for factor in each.weekdays])
        said["hours"] = spelt_hours([round(weight, 4) for weight in each.hours])
        if each.months:
            said["months"] = spelt_months(
                [round(each.months[m].value, 4) if m in each.months else 1.0 for m in range(1, 13)]
            )
        return said

    def _route(self, each: ClassTold, path: str) -> list[Any]:
        trucks = self._log.trucks
        own = np.flatnonzero((trucks["truck_class"].astype(str) == each.name).to_numpy())
        number = self._class_names.index(each.name)
        visits = self._visits[self._visits["truck"].isin(own)]
        # In the order in which trucks of this class pass them, mostly.
        place = visits.groupby("truck").cumcount().groupby(visits["stage"]).mean()
        route: list[Any] = []
        for told, stage in sorted(
            zip(self._stages, self._log.stages, strict=True),
            key=lambda pair: place.get(pair[1], np.inf),
        ):
            went = visits.loc[visits["stage"] == stage, "truck"]
            mean, low, high = share(np.isin(own, went).astype(np.int64), max(len(own), 1))
            if mean < _LEAST_SHARE:
                continue
            step: dict[str, Any] = {"stage": told.name}
            if mean < _ALL and stage not in self._log.always:
                self._sheet.row(f"{path}.route[{told.name}].share", round(mean, 4), round(low, 4),
                          round(high, 4), "", "share of its trucks (Wilson)", len(own), "yes",
                          "")  # fmt: skip
                limits = [round(low, 4), round(high, 4)]
                step["share"] = self._sheet.value(
                    round(mean, 4), limits if limits[0] < limits[1] else None, len(own), "A"
                )
            time = self._own_time(told, number, f"{path}.route[{told.name}].time")
            if time is not None:
                step["time"] = time
            route.append(step if len(step) > 1 else told.name)
        return route or [self._stages[0].name]

    def _own_time(self, told: StageTold, number: int, path: str) -> dict[str, Any] | None:
        """The work time of a class, where those of all classes surely are not one."""
        if not _apart(told) or np.count_nonzero(told.classes == number) < _FEW:
            return None
        law, n, limits = told.law(number)
        return self._sheet.law(path, law, n, limits, told.stamped)


def _apart(told: StageTold) -> bool:
    """Whether the mean works of some two classes have intervals that do not meet."""
    if not told.rosters:
        return False
    limits = [
        told.law(number)[2]["mean"]
        for number in np.unique(told.classes)
        if np.count_nonzero(told.classes == number) >= _FEW
    ]
    return bool(limits) and max(low for low, _ in limits) > min(high for _, high in limits)
