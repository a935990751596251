"""Known ports as scenarios and as gate logs, to hold one against the other.

    from held import gate_log, scenario_of
    port = known_port(17)
    held_against(scenario_of(port.truth), gate_log(port), …)

The scenario says what the truth says, in the language of portsim; what is changed in the truth
before is a port that is modelled wrongly.

    python proof/held.py [--ports 20] [--seed 1]
"""

import argparse
import copy
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from known_ports import known_port

import portsim
from portsim.gatelog import GateLog, LogMap, Lost
from portsim.held import held_against

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


def _changes(truth: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Truths with one thing changed at the stage with the largest load: what, where, the truth.

    The scenario has it changed, so that the log has a server fewer, slower work, later hours.
    """
    tight = max(truth["load"], key=truth["load"].get)
    for what in ("server", "work", "opening"):
        other = copy.deepcopy(dict(truth))
        stage = next(each for each in other["stages"] if each["stage"] == tight)
        if what == "server":
            stage["servers"][0]["count"] += 1
        elif what == "work":
            for words in stage["work"].values():
                words["mean_min"] /= 1.1
        else:
            groups = copy.deepcopy(stage["servers"])
            early = [spans for group in groups for spans in group["hours"].values() if spans]
            if any(spans[0][0] < 1 for spans in early):
                continue
            for spans in early:
                spans[0] = [spans[0][0] - 1, spans[0][1]]
            stage["servers"] = groups
        yield what, tight, other


NAMES = {"server": {"servers", "pace"}, "work": {"work", "pace"}, "opening": {"first", "no_work"}}
"""Which faults name what was changed."""


def main() -> None:
    """Hold known ports against their truth and changed truths, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ports", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    alarms, named, tried = 0, dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0)
    inside: list[float] = []
    for seed in range(asked.seed, asked.seed + asked.ports):
        port = known_port(seed)
        log = gate_log(port)
        held = held_against(scenario_of(port.truth), log)
        judged = held.table[held.table["inside"].ne("")]
        inside.append(float(judged["inside"].eq("yes").mean()))
        if held.faults:
            alarms += 1
            print(f"port {seed}: {held.sentences[1]}")
        if port.truth["step"]:
            continue
        for what, stage, truth in _changes(port.truth):
            faults = held_against(scenario_of(truth), log).faults
            tried[what] += 1
            right = any(f["stage"] == stage and f["kind"] in NAMES[what] for f in faults)
            named[what] += right
            if not right:
                print(
                    f"port {seed}, {what} at {stage}: {[(f['kind'], f['stage']) for f in faults]}"
                )
    print(f"truths suspected: {alarms} of {asked.ports}")
    print(f"figures of a truth inside: {np.mean(inside):.1%}, least {min(inside):.1%}")
    for what, count in named.items():
        print(f"{what} named at its stage: {count} of {tried[what]}")


if __name__ == "__main__":
    main()
