"""The state of a port as its gate log shows it, as a list with which a scenario can begin.

Where trucks stand is read elsewhere; here it becomes rows.
"""

import datetime as dt
from pathlib import Path

import pandas as pd

from portsim.calendars import zone
from portsim.checking import Spec, read_in
from portsim.checking.inside import COLUMNS
from portsim.experiment import State
from portsim.forecasting.beginning import LEAST_H, minute_of
from portsim.forecasting.past import Past, check_names
from portsim.gatelog import GateLog, read_log
from portsim.scenario.value_text import spelt_number

__all__ = ["state_in_log"]


def state_in_log(
    scenario: Spec, log: GateLog | str | Path, at: str | dt.datetime
) -> tuple[State, int]:
    """Cut the state at a minute out of a gate log.

    Args:
        scenario: the port, or its file; its names are those of the state.
        log: the port's records, or their file; nothing is looked at that was stamped at `at` or
            later.
        at: the minute, local time of the port.

    Returns:
        The state, and how many trucks that the log never shows leaving are taken to have left.

    Raises:
        InputError: no minute, or one outside of the log; log and scenario have no stage in common.
        ScenarioError: the scenario has faults.
    """
    (port,) = read_in(scenario)
    if isinstance(log, str | Path):
        log = read_log(log, timezone=port.timezone)
    minute = minute_of(at)
    there = Past.of(log, port, minute).standing(port, minute, LEAST_H)
    inside = there.inside
    check_names(port, inside)
    place = zone(port.timezone)

    def instant(seconds: int) -> str:
        return dt.datetime.fromtimestamp(seconds, place).isoformat()

    rows = [
        {
            "truck": inside.names[truck],
            "class": cls,
            "stage": inside.stages[truck],
            "status": "working" if inside.working[truck] else "waiting",
            "since": instant(int(inside.since[truck])),
            "arrived": instant(int(inside.arrived[truck])),
            "direction": port.traffic.classes[cls].direction,
            "load": "" if pd.isna(inside.tonnes[truck]) else spelt_number(inside.tonnes[truck]),
            "holds": "",
            "remaining": "",
            "drawn": "",
        }
        for truck, cls in enumerate(inside.classes)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return State(port, minute, table, dict(there.left), {}), there.forgotten
