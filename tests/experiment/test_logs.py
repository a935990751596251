"""The logs of a real run: when what was open tells the same waiting as the measures do."""

import numpy as np
import pandas as pd
import pytest

import portsim
from demand.ports import port
from experiment.small import SMALL
from portsim.results.study_kinds import LOGS

GATE = """\
gate:
    takes: {lanes: 1, men: 1}
    hours: day
    at_close: pause
    last_entry: 30 min
    closures: [{name: wind, every: 20 h, lasts: {exponential: {mean: 2 h}}}]
    time:"""
MEN = """\
label: Gate lanes}
  men: {calendar: late, capacity: 1}"""
CHANGES = (
    ("gate: {takes: {lanes: 1}, hours: day, at_close: finish, time:", GATE),
    ("{exponential: {mean: 5 min}}}", "{exponential: {mean: 5 min}}"),
    ("label: Gate lanes}", MEN),
    (
        '  later: {hours: "08:00-20:00"}',
        '  later: {hours: "08:00-20:00"}\n  late: {hours: "11:00-20:00"}',
    ),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    scenario = port(tmp_path_factory.mktemp("logs"), *CHANGES, text=SMALL)
    study = portsim.run(scenario, replications=1, jobs=1, logs="first")
    return {name: study.record.tables[name] for name in LOGS}


def within(hours: pd.DataFrame, begin: pd.Timestamp, end: pd.Timestamp) -> float:
    low = hours["begins"].clip(lower=begin)
    high = hours["ends"].clip(upper=end)
    return float((high - low).dt.total_seconds().clip(lower=0).sum())


def test_hours_cut_waiting_as_the_measures_do(kept: dict[str, pd.DataFrame]) -> None:
    hours, visits = kept["hours"], kept["visits"].dropna(subset=["admitted"])
    gate = hours[(hours["stage"] == "gate") & (hours["what"] == "open")]
    mine = visits[visits["stage"] == "gate"]
    waited = (mine["admitted"] - mine["queued"]).dt.total_seconds()
    inside = [within(gate, *row) for row in zip(mine["queued"], mine["admitted"], strict=True)]
    assert mine["wait_closed_s"].sum() > 0
    np.testing.assert_array_equal(waited - inside, mine["wait_closed_s"])


def test_hours_of_work_cut_paused_work(kept: dict[str, pd.DataFrame]) -> None:
    hours, visits = kept["hours"], kept["visits"].dropna(subset=["finished"])
    work = hours[(hours["stage"] == "gate") & (hours["what"] == "work")]
    mine = visits[visits["stage"] == "gate"]
    worked = [within(work, *row) for row in zip(mine["admitted"], mine["finished"], strict=True)]
    assert mine["paused_s"].sum() > 0
    np.testing.assert_array_equal(worked, mine["work_s"])
    # The release never pauses: it has hours to be admitted in only.
    assert set(hours.loc[hours["stage"] == "release", "what"]) == {"open"}


def test_hours_of_the_port_and_closures_are_there(kept: dict[str, pd.DataFrame]) -> None:
    hours = kept["hours"]
    port_hours = hours[hours["stage"] == ""]
    assert len(port_hours) > 0
    gate = hours[(hours["stage"] == "gate") & (hours["what"] == "open")]
    last = gate["ends"].dt.tz_convert("Asia/Shanghai")
    # Half an hour before closing nobody is let in, and wind closes the gate at odd times.
    assert ((last.dt.hour < 17) | ((last.dt.hour == 17) & (last.dt.minute <= 30))).all()
    assert (last.dt.second > 0).any()
