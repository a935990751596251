"""A port's own records beside a simulated day: the same trucks play the same."""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import portsim
from portsim.cli import main
from portsim.errors import InputError
from portsim.experiment import conduct
from portsim.gatelog import read_log as read_gate_log
from portsim.held.names import partners
from portsim.replay import recorded
from portsim.replay.day import day_data
from portsim.results.logs import PortLog, read_log
from portsim.scenario.model import Scenario

PORT = """
name: two
timezone: UTC
period: {from: 2024-09-09, to: 2024-09-11}
replications: 1
sides: {West: {}, East: {}}
calendars:
  west: {hours: "08:00-18:00", side: West}
  east: {hours: "10:00-16:00", side: East}
resources: {w: {capacity: 1}, e: {capacity: 1}}
stages:
  exit gate: {hours: west, takes: {w: 1}, at_close: finish, time: 4 min}
  entry post: {hours: east, takes: {e: 1}, at_close: finish, time: 4 min}
traffic:
  out: {direction: outbound, arrivals: {rate: 100 per day}, route: [exit gate, entry post]}
  home: {direction: inbound, arrivals: {rate: 30 per day}, route: [entry post, exit gate]}
"""
DAY = dt.date(2024, 9, 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recorded")
    (path / "port.yaml").write_text(PORT, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # Nobody looks at its capacity, for which SimPy searches for seconds.
        patch.setattr(conduct, "_wants_capacity", lambda keep: False)
        study = portsim.run(path / "port.yaml", jobs=1, logs="first", engine="simpy", audit="none")
    study.write(path / "out", figures=False)
    told_by_a_gate(read_log(path / "out")).to_csv(path / "real.csv", index=False)
    return path


def told_by_a_gate(log: PortLog) -> pd.DataFrame:
    """A row a truck, as a port writes it: no queues but the arrival."""
    wide = log.visits.pivot(index="truck", columns="stage", values=["admitted", "finished"])
    rows = log.trucks[["direction", "truck_class", "arrival"]].rename(
        columns={"truck_class": "class"}
    )
    rows.insert(0, "plate", [f"T{n:04}" for n in log.trucks["truck"]])
    for stage in ("exit gate", "entry post"):
        rows[f"{stage} start"] = wide["admitted", stage].to_numpy()
        rows[f"{stage} end"] = wide["finished", stage].to_numpy()
    stamps = rows.columns[3:]
    rows[stamps] = rows[stamps].apply(lambda each: each.dt.strftime("%Y-%m-%d %H:%M:%S"))
    return rows


def by_truck(data: dict[str, Any]) -> list[Any]:
    rows = zip(data["kind"], data["first"][:-1], data["first"][1:], strict=True)
    return sorted((kind, data["at"][a:b], data["code"][a:b]) for kind, a, b in rows)


def real_of(folder: Path, log: PortLog) -> PortLog:
    gate = read_gate_log(folder / "real.csv", timezone="UTC")
    kinds = zip(gate.trucks["truck_class"], gate.trucks["direction"].fillna(""), strict=True)
    same = partners(Scenario.model_validate(log.entry.resolved), gate.stages, kinds)
    return recorded(log, gate, "real", same.stages, same.classes)


def test_the_same_trucks_told_as_a_gate_log_do_the_same(folder: Path) -> None:
    """Both directions, though records have one order of stages; who is left inside stays there."""
    log = read_log(folder / "out")
    real = real_of(folder, log)
    for day in (DAY, DAY + dt.timedelta(days=1)):
        simulated, told = day_data(log, day), day_data(real, day)
        assert by_truck(told) == by_truck(simulated)
        assert told["places"] == simulated["places"]
        assert told["classes"] == simulated["classes"]
    assert "T0001" in set(real.trucks["name"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--log", "real.csv"], ""),
        (["--scenario", "two", "--scenario", "two", "--log", "real.csv"], "two days fit on a page"),
        (["--timezone", "UTC"], "give its --log too"),
        (["--log", "none.csv"], "none.csv"),
    ],
)
def test_as_typed(
    folder: Path,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    page = folder / "page.html"
    page.unlink(missing_ok=True)
    line = ["portsim", "replay", "out", "--day", str(DAY), *words, "--out", page.name]
    monkeypatch.setattr(sys, "argv", line)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == (2 if said else 0)
    assert said in capsys.readouterr().err
    assert page.exists() is not bool(said)
    if page.exists():
        assert "B  Gate log real.csv" in page.read_text("utf-8")


def test_a_day_that_the_records_do_not_have_is_refused(folder: Path) -> None:
    log = read_log(folder / "out")
    real = real_of(folder, log)
    empty = real.trucks[real.trucks["arrival"] > real.end]
    with pytest.raises(InputError, match="no truck of real was at the port"):
        day_data(
            type(real)(real.folder, real.manifest, real.entry, 1, empty, real.visits, real.hours),
            DAY,
        )
