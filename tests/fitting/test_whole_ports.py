"""Whole logs of ports whose behaviour is known: what is told of them stands in the scenario."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import portsim
from fitting.exported import exported
from portsim.gatelog import read_log

PORT = """
timezone: Asia/Almaty
period: {from: 2024-09-16, to: 2024-11-17, warm_up: 1 week}
replications: 1
calendars:
  day: {hours: {Mon-Sat: "08:00-18:00"}, closed: [2024-10-08, 2024-10-25]}
resources:
  officers: {capacity: 2, calendar: day}
  clerks: {capacity: 3, calendar: day}
stages:
  gate:
    {takes: {officers: 1}, hours: day, at_close: finish, time: {lognormal: {mean: 10 min, cv: 0.6}}}
  desk: {takes: {clerks: 1}, hours: day, at_close: finish, time: {gamma: {mean: 12 min, cv: 0.5}}}
traffic:
  slow:
    direction: import
    arrivals: {rate: 60 per day, hours: {"06:00-16:00": 1}}
    load: {lognormal: {mean: 18 t, cv: 0.2}}
    patience: {lognormal: {mean: 3 h, cv: 0.8}}
    route: [gate, desk]
  fast:
    direction: export
    arrivals: {rate: 30 per day, hours: {"06:00-16:00": 1}}
    priority: -1
    route: [gate, desk]
  convoy:
    direction: export
    arrivals: {rate: 12 per day, hours: {"06:00-16:00": 1}, together: 3}
    route: [gate, desk]
"""


@pytest.fixture(scope="module")
def behaved(tmp_path_factory):
    """The fit of the exported log of a port with patience, a priority, convoys and holidays."""
    return portsim.fit(read_log([exported(tmp_path_factory.mktemp("port"), PORT)]))


def limits(fit, path):
    row = fit.table.set_index("path").loc[path]
    return float(row["low"]), float(row["high"])


def test_patience_comes_back(behaved):
    low, high = limits(behaved, "traffic.slow.patience.time.lognormal.mean")
    assert low <= 180 <= high < 220
    classes = behaved.scenario.traffic.classes
    assert classes["slow"].patience.stages == ("gate",)
    assert classes["fast"].patience is None
    # Those who gave up are no trucks that do not pass.
    assert [step.share for step in classes["slow"].route] == [None, None]
    low, high = limits(behaved, "traffic.slow.arrivals.rate")
    assert low <= 60 <= high


def test_the_priority_comes_back_and_the_servers_with_it(behaved):
    priorities = {name: cls.priority for name, cls in behaved.scenario.traffic.classes.items()}
    assert priorities == {"slow": 0, "fast": -1, "convoy": 0}
    resources = behaved.scenario.resources
    assert {name: each.capacity for name, each in resources.items()} == {
        "gate-servers": 2,
        "desk-servers": 3,
    }
    rows = behaved.table[behaved.table["path"].str.startswith("resources.")]
    # In the last half hour of the desk hardly anybody waits.
    sure = rows["identifiable"].eq("yes")
    assert rows.loc[~sure, "path"].str.contains("desk-servers.*17:30-18:00").all()
    assert sure.sum() == 2


def test_convoys_loads_and_holidays_come_back(behaved):
    classes = behaved.scenario.traffic.classes
    assert {name: cls.arrivals.together for name, cls in classes.items()} == {
        "slow": 1,
        "fast": 1,
        "convoy": 3,
    }
    low, high = limits(behaved, "traffic.slow.load")
    assert low <= 18 <= high
    assert classes["slow"].load.kind == "lognormal"
    dates = [dt.date(2024, 10, 8), dt.date(2024, 10, 25)]
    assert behaved.scenario.calendars["gate"].closed == tuple((date, date) for date in dates)
    assert portsim.run(behaved.scenario, replications=1, jobs=1).summary["mean"].notna().all()


def test_every_value_has_a_source_and_a_row(behaved):
    text = behaved.to_yaml()
    for word in ("rate", "weekdays", "hours", "together", "priority", "patience", "load"):
        assert f"{word}:" in text
    rows = set(behaved.table["path"])
    assert {
        "stages.gate.time.fit",
        "stages.gate.overtaken",
        "traffic.trend",
        "traffic.on_closed_days",
        "traffic.slow.arrivals.hours.08:00-09:00",
        "traffic.fast.priority",
        "traffic.fast.patience",
    } <= rows
    assert set(behaved.table["identifiable"]) <= {"yes", "partly", "no"}


def written(path, rows, header):
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_hours_over_midnight(tmp_path):
    # One server from 20:00 to 04:00, ten minutes a truck; trucks queue all day long.
    luck = np.random.default_rng(1)
    free, rows = pd.Timestamp("2025-03-03 20:00"), []
    came = np.sort(luck.uniform(0, 28 * 86_400, 28 * 40))
    for number, second in enumerate(came):
        queue = pd.Timestamp("2025-03-03") + pd.Timedelta(seconds=float(second))
        begin = max(queue, free)
        if 4 <= begin.hour < 20:
            begin = begin.normalize() + pd.Timedelta(hours=20)
        free = begin + pd.Timedelta(minutes=float(luck.gamma(9, 10 / 9)))
        rows.append(f"K{number},{queue:%Y-%m-%d %H:%M},{free:%Y-%m-%d %H:%M}")
    path = written(tmp_path / "night.csv", rows, "plate,arrival,gate end")
    fit = portsim.fit(read_log([path], timezone="Etc/GMT-5"))
    (stage,) = fit.stages
    edges = {(span.begin, span.end, span.servers) for day in stage.rosters[0].week for span in day}
    assert edges == {(0, 48, 1), (240, 288, 1)}
    law, _, limits_ = stage.law()
    assert limits_["mean"][0] <= 600 <= limits_["mean"][1]
    assert law.family == "gamma"


def test_two_sides_with_a_zone_each(tmp_path):
    # Out of China at the gate's clock of UTC+8, into Kazakhstan at the desk's of UTC+5.
    luck = np.random.default_rng(2)
    came = np.concatenate(
        [day * 86_400 + np.sort(luck.uniform(28_800, 61_200, 60)) for day in range(28)]
    )
    free, rows = pd.Timestamp("2025-03-03"), []
    for number, second in enumerate(came):
        queue = pd.Timestamp("2025-03-03") + pd.Timedelta(seconds=float(second))
        free = max(queue, free) + pd.Timedelta(minutes=float(luck.gamma(4, 2)))
        out = free + pd.Timedelta(minutes=5) - pd.Timedelta(hours=3)
        stamps = (f"{each:%Y-%m-%d %H:%M}" for each in (queue, free, out))
        rows.append(f"K{number}," + ",".join(stamps))
    path = written(tmp_path / "two.csv", rows, "plate,arrival,gate end,desk end")
    first = read_log([path], timezone="Asia/Shanghai")
    first.write_map(tmp_path / "map.yaml")
    words = (tmp_path / "map.yaml").read_text()
    of_desk = "{stage: desk, stamp: end"
    assert of_desk in words
    words = words.replace(of_desk, of_desk + ", timezone: Etc/GMT-5")
    # With the right clock it is the other way round.
    words = words.replace("stages: [desk, gate]", "stages: [gate, desk]")
    (tmp_path / "map.yaml").write_text(words)
    fit = portsim.fit(read_log([path], tmp_path / "map.yaml"))
    gate = fit.log.visits[fit.log.visits["stage"] == "gate"]["end"].to_numpy()
    desk = fit.log.visits[fit.log.visits["stage"] == "desk"]["end"].to_numpy()
    assert np.median(desk - gate) == 300
    (route,) = (cls.route for cls in fit.scenario.traffic.classes.values())
    assert [step.stage for step in route] == ["gate", "desk"]
    low, high = limits(fit, "stages.gate.time.gamma.mean")
    assert low <= 8 <= high


@pytest.mark.parametrize("trucks", [0, 1, 2])
def test_hardly_a_truck_of_a_class(tmp_path, trucks):
    start = pd.Timestamp("2025-03-03 08:00")
    rows = [
        f"K{n},{'rare' if n < trucks else 'usual'},{20 + n % 3},"
        f"{start + pd.Timedelta(minutes=20 * n)},{start + pd.Timedelta(minutes=20 * n + 9)}"
        for n in range(1500)
    ]
    path = written(tmp_path / "a.csv", rows, "plate,cargo,load t,arrival,gate end")
    fit = portsim.fit(read_log([path], timezone="Etc/GMT-5"))
    assert len(fit.scenario.traffic.classes) == (2 if trucks else 1)
    portsim.run(fit.scenario, replications=1, jobs=1)
