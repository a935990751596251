"""Hours and servers of a known port beside those that were told of it, hour by hour of its weeks.

    port = known_port(27)
    right(port, of_rosters(told, port))
    right(port, of_simod(json.loads(text), tasks_of(process), port))

Servers are int64[days, 288] by stage: at each five minutes of the port's days.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from fitted_stages import table
from known_ports import Port

from portsim.fitting.weeks import SLOTS, row_of

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_TASK = "{http://www.omg.org/spec/BPMN/20100524/MODEL}task"


def dates_of(port: Port) -> list[dt.date]:
    """The days of its log."""
    first, last = (dt.date.fromisoformat(port.truth["period"][end]) for end in ("from", "to"))
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def of_truth(port: Port) -> dict[str, np.ndarray]:
    """The servers that there are."""
    dates, step = dates_of(port), port.truth["step"]
    found = {}
    for stage in port.truth["stages"]:
        before = table(stage["servers"])
        after = table(step["servers"]) if step and step["stage"] == stage["stage"] else before
        found[stage["stage"]] = np.array(
            [
                (after if step and date.isoformat() >= step["date"] else before)[date.weekday()]
                for date in dates
            ]
        )
    return found


def of_rosters(stages: Sequence[tuple[Mapping[str, Any], Any]], port: Port) -> dict[str, Any]:
    """The servers that portsim tells.

    Args:
        stages: of the truth, each beside what is told of it, see `told_ports.Told.stages`.
        port: whose days they are; after the last date of the rosters the last of them goes on.
    """
    dates = dates_of(port)
    found = {}
    for stage, told in stages:
        rows = np.zeros((len(dates), SLOTS), dtype=np.int64)
        for number, date in enumerate(dates):
            there = [each for each in told.rosters if each.first <= date] or told.rosters[:1]
            if there:
                hours = there[-1].exceptions.get(date, there[-1].week[date.weekday()])
                rows[number] = row_of(hours)
        found[stage["stage"]] = rows
    return found


def tasks_of(process: Path) -> dict[str, str]:
    """Name of each task of a BPMN file by its id."""
    tree = ElementTree.parse(process)
    return {task.attrib["id"]: task.attrib.get("name", "") for task in tree.iter(_TASK)}


def of_simod(model: Mapping[str, Any], tasks: Mapping[str, str], port: Port) -> dict[str, Any]:
    """The servers that Simod tells: of each task, how many of its resources are there by their
    calendars, each as many as its amount says.

    Args:
        model: what Simod writes for the simulation (JSON).
        tasks: see `tasks_of`.
        port: whose days they are.
    """
    weekdays = [date.weekday() for date in dates_of(port)]
    calendars = {each["id"]: _week(each["time_periods"]) for each in model["resource_calendars"]}
    resources = {
        each["id"]: int(each.get("amount", 1)) * calendars[each["calendar"]]
        for profile in model["resource_profiles"]
        for each in profile["resource_list"]
    }
    found: dict[str, Any] = {}
    for each in model["task_resource_distribution"]:
        name = tasks.get(each["task_id"], "")
        rows = sum(resources[one["resource_id"]] for one in each["resources"])
        found[name] = found.get(name, 0) + rows[weekdays]
    return found


def _week(spans: Sequence[Mapping[str, str]]) -> np.ndarray:
    """int64[7, SLOTS], 1 where a calendar is open for the most of five minutes."""
    rows = np.zeros((7, SLOTS), dtype=np.int64)
    for span in spans:
        first, last = (DAYS.index(span[end].upper()) for end in ("from", "to"))
        begin, end = (_slot(span[end]) for end in ("beginTime", "endTime"))
        for day in range(first, last + 1 if last >= first else last + 8):
            # A span that ends at 23:59:59 or at midnight ends with its day.
            rows[day % 7, begin : end if end > begin else SLOTS] = 1
    return rows


def _slot(clock: str) -> int:
    hour, minute, second = clock.split(":")
    return round((int(hour) * 3600 + int(minute) * 60 + float(second)) / 300)


def right(port: Port, told: Mapping[str, Any]) -> dict[str, float]:
    """Share of stage-hours rightly told as open or closed, of all; and with the exact number of
    servers, of those in which the port is open or told to be. A stage not told counts as closed."""
    truth = of_truth(port)
    open_, exact, all_, some = 0, 0, 0, 0
    for stage, rows in truth.items():
        other = told.get(stage, np.zeros_like(rows))
        open_ += int(((rows > 0) == (other > 0)).sum())
        all_ += rows.size
        either = (rows > 0) | (other > 0)
        exact += int((rows == other)[either].sum())
        some += int(either.sum())
    return {"hours": open_ / all_, "servers": exact / max(some, 1)}
