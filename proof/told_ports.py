"""A known port told from its dirty log, beside the port: names, trucks, policies, own simulations.

    told = told_port(17, folder)
    told.simulated(3)                       # trucks of the told port, as the known one gives them
    told.policy({"servers_more": {"gate": 1}})

What is measured of both is not decided here.
"""

import copy
import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from known_ports import Port, known_port
from known_ports.files import header
from known_ports.hours import second

import portsim
from portsim.fitting.calendars import levels
from portsim.fitting.weeks import SLOTS
from portsim.gatelog import GateLog, read_log
from portsim.held.replayed import runs
from portsim.plan import NEVER

AFTER = dt.timedelta(days=7)
"""So long the trucks of the last day are followed."""
_SAME_HOURS = 0.8
"""Servers whose hours are alike by so much are those that a policy speaks of."""


@dataclass(frozen=True, eq=False)
class Told:
    """What was told of a known port from its log."""

    port: Port
    log: GateLog
    fit: Any
    """Of all weeks; the weeks before the last quarter are in `fit.held_out`, if there are any."""
    read_s: float
    fit_s: float
    """Seconds of processor time, of the fit with its check."""

    @property
    def earlier(self) -> Any:
        """What the weeks before the held-out ones tell, of a short log all of them."""
        return self.fit.held_out.earlier if self.fit.held_out else self.fit.port

    @property
    def stages(self) -> list[tuple[Mapping[str, Any], Any]]:
        """Stages of the truth beside what is told of them, without those that were not found."""
        language = self.port.truth["log"]["language"]
        by_name = dict(zip(self.log.stages, self.earlier.stages, strict=True))
        pairs = [
            (each, _of(by_name, each["stage"], language)) for each in self.port.truth["stages"]
        ]
        return [(each, told) for each, told in pairs if told is not None]

    @property
    def period(self) -> tuple[float, float]:
        """First second of the weeks that are looked at, and the second after them."""
        out = self.fit.held_out
        if out is None:
            return self.port.span
        return (
            second(out.first, 0, self.port.zone),
            second(out.last + dt.timedelta(days=1), 0, self.port.zone),
        )

    def simulated(self, seeds: range) -> list[pd.DataFrame]:
        """Periods of the told port with trucks of its own, from the first day of the log on.

        Returns:
            ``truck_class``, ``arrival`` (UTC epoch seconds) and ``stay_h`` of the trucks that came
            in the log's days, infinite for those inside a week after the last of them.
        """
        truth = self.port.truth["period"]
        first, last = (dt.date.fromisoformat(truth[end]) for end in ("from", "to"))
        values = tree(self.earlier)
        values["period"] = {
            "from": first.isoformat(), "to": (last + AFTER).isoformat(),
            "warm_up": f"{self.port.truth['warm_up_days']} days",
        }  # fmt: skip
        scenario = portsim.Scenario.from_dict(values)
        frames = []
        for plan, log in runs(scenario, seeds.start, len(seeds)):
            origin = plan.context.origin
            inside = log.left == NEVER
            stay = np.where(inside, np.inf, (log.left - plan.arrival) / 3600)
            names = np.array(plan.context.class_names, dtype=object)[plan.context.truck_class]
            frame = pd.DataFrame(
                {"truck_class": names, "arrival": plan.arrival + float(origin), "stay_h": stay}
            )
            begin, end = self.port.span
            frames.append(frame[frame["arrival"].between(begin, end, "left")])
        return frames

    def policy(self, words: Mapping[str, Any]) -> portsim.Scenario | None:
        """The told port with what a planner would change in it; None where it cannot be put."""
        return _policy(self, words)


def _of(by_name: Mapping[str, Any], stage: str, language: str) -> Any:
    """What is told of a stage, whatever the log calls it."""
    return by_name.get(header(stage, language), by_name.get(stage))


def told_port(seed: int, folder: Path, kind: str | None = None) -> Told:
    """Write the log of a known port and tell the port from it.

    Raises:
        InputError: the log is refused.
    """
    port = known_port(seed)
    file = port.log(kind or port.truth["log"]["kind"], folder)
    began = time.process_time()
    log = read_log(file, timezone=port.truth["timezone"])
    read_s = time.process_time() - began
    began = time.process_time()
    fit = portsim.fit(log, hold_out=None, name=f"told-{seed}")
    return Told(port, log, fit, read_s, time.process_time() - began)


def tree(told: Any) -> dict[str, Any]:
    """The scenario as plain values."""
    return yaml.safe_load(told.scenario.to_yaml())


def _policy(told: Told, words: Mapping[str, Any]) -> portsim.Scenario | None:
    stages = {truth["stage"]: (truth, known) for truth, known in told.stages}
    (kind, change), = words.items()  # fmt: skip
    (stage, much), = change.items()  # fmt: skip
    if stage not in stages or not stages[stage][1].rosters:
        return None
    truth, known = stages[stage]
    values = copy.deepcopy(tree(told.earlier))
    values["name"] = f"{values['name']}-policy"
    resource = next(iter(values["stages"][known.name]["takes"]))
    if kind == "servers_more":
        groups = truth["servers"]
        if told.port.truth["step"] and told.port.truth["step"]["stage"] == stage:
            groups = told.port.truth["step"]["servers"]
        done = _more_servers(values, resource, known, groups[0]["hours"], much)
    else:
        done = _longer(values, resource, known, much)
    return portsim.Scenario.from_dict(values) if done else None


def _open(week: Any, least: int) -> np.ndarray:
    """bool[7, slots]: when at least so many servers are there."""
    rows = np.zeros((7, SLOTS), dtype=bool)
    for day, pattern in enumerate(week):
        for begin, end, servers in pattern:
            rows[day, begin:end] |= servers >= least
    return rows


def _hours(hours: Mapping[str, Any]) -> np.ndarray:
    rows = np.zeros((7, SLOTS), dtype=bool)
    for day, spans in hours.items():
        for begin, end in spans:
            rows[int(day), round(begin * 12) : round(end * 12)] = True
    return rows


def _more_servers(values: Any, resource: str, known: Any, hours: Any, much: int) -> bool:
    """So many more (or fewer) of the servers who have these hours."""
    wanted = _hours(hours)
    parts = levels(known.rosters)
    alike = [
        (wanted & there).sum() / max((wanted | there).sum(), 1)
        for there in (_open(known.rosters[-1].week, part.first) for part in parts)
    ]
    best = int(np.argmax(alike))
    entry = values["resources"][resource]
    if "roster" not in entry:
        if alike[best] < _SAME_HOURS:
            entry["roster"] = [{"calendar": entry.pop("calendar"), "count": entry.pop("capacity")}]
        else:
            return _counted(entry, "capacity", much)
    if alike[best] >= _SAME_HOURS and _counted(entry["roster"][best], "count", much):
        return True
    if much < 0:
        return False
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    values["calendars"]["more"] = {
        "hours": {
            days[int(day)]: ", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in spans)
            for day, spans in hours.items() if spans
        }
    }  # fmt: skip
    entry["roster"].append({"calendar": "more", "count": much})
    return True


def _clock(hour: float) -> str:
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"


def _counted(entry: Any, key: str, much: int) -> bool:
    """Another count, with its range."""
    count = entry[key] if isinstance(entry[key], dict) else {"value": entry[key]}
    if count["value"] + much < 1:
        return False
    count["value"] += much
    if "range" in count:
        count["range"] = [max(1, int(end) + much) for end in count["range"]]
    entry[key] = count if len(count) > 1 else count["value"]
    return True


def _longer(values: Any, resource: str, known: Any, much: float) -> bool:
    """So many hours more for those who work until the stage closes, not beyond midnight."""
    slots = round(much * 12)

    def extended(day: Any) -> Any:
        return (*day[:-1], day[-1]._replace(end=min(day[-1].end + slots, SLOTS))) if day else day

    longer = [replace(roster, week=tuple(map(extended, roster.week))) for roster in known.rosters]
    parts = levels(longer)
    entry = values["resources"][resource]
    names = [part["calendar"] for part in entry.get("roster", [entry])]
    if len(parts) != len(names):
        return False
    for name, part in zip(names, parts, strict=True):
        values["calendars"][name] = part.calendar
    return True
