"""Known ports as scenarios and as gate logs, to hold one against the other.

    from held import gate_log, scenario_of
    port = known_port(17)
    held_against(scenario_of(port.truth), gate_log(port), …)

The scenario says what the truth says, in the language of portsim; what is changed in the truth
before is a port that is modelled wrongly.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import portsim
from portsim.gatelog import GateLog, LogMap, Lost

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"


def _week(hours: Mapping[str, Any]) -> dict[str, str]:
    return {
        DAYS[int(day)]: ", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in spans)
        for day, spans in hours.items()
        if spans
    }


def _time(words: Mapping[str, Any]) -> Any:
    mean, cv = words["mean_min"], words["cv"]
    family = words["distribution"]
    if family == "constant":
        return f"{mean} min"
    if family == "exponential":
        return {"exponential": {"mean": f"{mean} min"}}
    if family == "triangular":
        half = float(np.sqrt(6) * cv * mean)
        ends = (mean - half, mean, mean + half)
        named = zip(("low", "mode", "high"), ends, strict=True)
        return {"triangular": {name: f"{end} min" for name, end in named}}
    return {family: {"mean": f"{mean} min", "cv": cv}}


def scenario_of(truth: Mapping[str, Any]) -> portsim.Scenario:
    """The truth of a known port as a scenario."""
    calendars: dict[str, Any] = {}
    resources: dict[str, Any] = {}
    stages: dict[str, Any] = {}
    for stage in truth["stages"]:
        name = stage["stage"]
        roster = []
        step = truth["step"] if truth["step"] and truth["step"]["stage"] == name else None
        parts = [(stage["servers"], {"valid_to": step["date"]} if step else {})]
        if step:
            # The first date of the new servers is closed for the old ones.
            before = pd.Timestamp(step["date"]) - pd.Timedelta(days=1)
            parts = [
                (stage["servers"], {"valid_to": before.date().isoformat()}),
                (step["servers"], {"valid_from": step["date"]}),
            ]
        for part, (groups, dates) in enumerate(parts):
            for number, group in enumerate(groups):
                if group["count"]:
                    calendar = f"{name} {part} {number}"
                    calendars[calendar] = {"hours": _week(group["hours"]), **dates}
                    roster.append({"calendar": calendar, "count": group["count"]})
        resources[f"{name} servers"] = {"roster": roster}
        pause = stage["at_close"] == "pause"
        words = stage["work"].get("*") or next(iter(stage["work"].values()))
        stages[name] = {
            "takes": {f"{name} servers": 1},
            "at_close": stage["at_close"],
            "time": _time(words),
            **({"hours": roster[0]["calendar"]} if pause else {}),
        }
    arrivals = truth["arrivals"]
    hours = {f"{h:02d}:00-{h + 1:02d}:00": float(v) for h, v in enumerate(arrivals["hour"])}
    mean = float(np.mean(arrivals["hour"]))
    traffic: dict[str, Any] = {}
    total = sum(truth["classes"].values())
    for cls, share in truth["classes"].items():
        profile: dict[str, Any] = {
            "rate": f"{arrivals['rate'] * share / total} per day",
            "weekdays": {DAYS[n]: v for n, v in enumerate(arrivals["week"])},
            "hours": {span: v / mean for span, v in hours.items()},
        }
        if arrivals["month"]:
            profile["months"] = {MONTHS[int(m[5:]) - 1]: v for m, v in arrivals["month"].items()}
        route = []
        for stage in truth["stages"]:
            step_: dict[str, Any] = {"stage": stage["stage"]}
            step_["time"] = _time(stage["work"].get(cls) or stage["work"]["*"])
            step_["share"] = stage["share"].get(cls, stage["share"].get("*", 1))
            route.append(step_)
        traffic[cls] = {"direction": "import", "arrivals": profile, "route": route}
    if arrivals["day_cv"]:
        traffic["day_factor"] = {"gamma": {"mean": 1.0, "cv": arrivals["day_cv"]}}
    return portsim.Scenario.from_dict(
        {
            "name": f"port-{truth['seed']}",
            "timezone": truth["timezone"],
            "period": {"from": truth["period"]["from"], "to": truth["period"]["to"]},
            "calendars": calendars,
            "resources": resources,
            "stages": stages,
            "traffic": traffic,
        }
    )


def gate_log(port: Any) -> GateLog:
    """The log of a known port without dirt."""
    trucks, visits = port.clean()
    known = trucks["arrival"].notna()
    step = 60 if port.truth["log"]["stamps"] == "minute" else 1
    resolution = {"arrival": step}
    stamped = {}
    for stage in port.truth["stages"]:
        there = frozenset(name for name, is_ in stage["stamps"].items() if is_)
        stamped[stage["stage"]] = there
        resolution |= {f"{stage['stage']} {name}": step for name in there}
    first = port.truth["stages"][0]
    queue = visits["queue"].where(
        visits["queue"].notna() | (visits["stage"] != first["stage"]),
        visits["truck"].map(trucks.set_index("truck")["arrival"]),
    )
    text = pd.Series([None] * len(trucks), dtype="str")
    frame = pd.DataFrame(
        {
            "truck": trucks["truck"].astype(str),
            "truck_class": trucks["truck_class"].astype("str"),
            "direction": text,
            "load": np.nan,
            "value": np.nan,
            "arrival": trucks["arrival"],
        }
    )
    assert known.all()
    always = tuple(
        s["stage"] for s in port.truth["stages"] if all(v == 1 for v in s["share"].values())
    )
    stamps = visits[["queue", "start", "end"]].to_numpy()
    return GateLog(
        trucks=frame,
        visits=visits.assign(queue=queue, resource=pd.Series([None] * len(visits), dtype="str")),
        stages=tuple(s["stage"] for s in port.truth["stages"]),
        stamped=stamped,
        always=always,
        resolution=resolution,
        timezone=port.truth["timezone"],
        first=float(trucks["arrival"].min()),
        last=float(np.nanmax(stamps)),
        sources=(),
        mapping=LogMap("trucks", {}),
        cleaning=pd.DataFrame(),
        lost=Lost(0, 0, 0, {}, (), 0),
    )
