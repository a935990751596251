"""Draws of a fit: inside their ranges, together where they hang together, used by --uncertain."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import portsim
from portsim.fitting import draws as drawing
from portsim.fitting.draws import ROWS
from portsim.gatelog import read_log
from portsim.scenario.assumptions import assumptions
from small_logs import FIRST, came, csv, served
from typed import typed


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """A gate that a truck in three finds busy, with works that differ: no number of servers of it
    is beyond doubt."""
    rng = np.random.default_rng(3)
    rows = []
    for arrival in came(28, rate=12):
        seconds = float(rng.lognormal(np.log(600), 0.6))
        rows.append((arrival, arrival, arrival + dt.timedelta(seconds=round(seconds))))
    path = tmp_path_factory.mktemp("gate") / "gate.csv"
    path.write_text(csv(rows, starts=False))
    return path


def column(table, path):
    (name,) = [name for name in table if name == path or name.startswith(f"{path} [")]
    return table[name].to_numpy(float)


def test_95_of_100_draws_lie_in_the_range_that_the_scenario_states(gate):
    fit = portsim.fit(read_log([gate], timezone="UTC"))
    drawn = fit.draws()
    assert len(drawn) == ROWS
    assert drawn["draw"].tolist() == list(range(1, ROWS + 1))
    listed, _ = assumptions([fit.scenario], "ABCDE")
    shaped = [each for each in listed if each.shape != "uniform"]
    assert {each.path for each in shaped} >= {
        "traffic.truck.arrivals.rate", "stages.gate.time.lognormal.mean",
    }  # fmt: skip
    for each in shaped:
        values = column(drawn, each.path)
        inside = np.mean((values >= each.low) & (values <= each.high))
        assert inside == pytest.approx(0.95, abs=0.03), each.path
    # The same fit, the same draws.
    pd.testing.assert_frame_equal(drawn, fit.draws())


def test_mean_and_spread_of_a_work_come_with_their_correlation():
    rng = np.random.default_rng(1)
    for cv in (0.3, 0.8):
        sigma = np.sqrt(np.log1p(cv**2))
        works = rng.lognormal(0.0, sigma, (2500, 1000))
        mean = works.mean(axis=1)
        told = np.corrcoef(mean, works.std(axis=1) / mean)[0, 1]
        assert drawing._correlation("lognormal", cv) == pytest.approx(told, abs=0.09)
        shape = cv**-2
        works = rng.gamma(shape, size=(2500, 1000))
        mean = works.mean(axis=1)
        told = np.corrcoef(mean, works.std(axis=1) / mean)[0, 1]
        assert drawing._correlation("gamma", cv) == pytest.approx(told, abs=0.06)


def test_numbers_of_servers_that_fit_alike_are_drawn_but_none_that_somebody_knows(gate):
    log = read_log([gate], timezone="UTC")
    fit = portsim.fit(log)
    # Nobody ever waited: any number from the most at work at once on gives the same stamps.
    servers = column(fit.draws(), "resources.gate-servers.capacity")
    counted = next(iter(fit.stages[0].rosters[0].counted.values()))
    assert counted.open_end
    assert set(servers) == set(range(counted.low, counted.high + 1))
    assert not [name for name in portsim.fit(log, servers={"gate": 6}).draws() if "servers" in name]


def test_servers_and_speed_that_fit_alike_keep_the_capacity_in_every_draw(tmp_path, monkeypatch):
    # The queue is never empty, and a truck leaves every five minutes: one clerk of five minutes, or
    # two of ten, or four of twenty.
    rng = np.random.default_rng(1)
    rows = []
    for number in range(6 * 288):
        end = FIRST + dt.timedelta(minutes=5 * (number + 1), seconds=int(rng.integers(-20, 21)))
        came_at = min(FIRST, end) - dt.timedelta(hours=3)
        came_at = max(came_at, end - dt.timedelta(hours=3)) if number > 40 else came_at
        rows.append((came_at, came_at, end))
    (tmp_path / "gate.csv").write_text(csv(rows, starts=False))
    fit = portsim.fit(read_log([tmp_path / "gate.csv"], timezone="UTC"))
    told = fit.stages[0]
    (number,) = {span.servers for day in told.rosters[0].week for span in day}
    alike = np.array([1, 2, 4])[np.arange(ROWS) % 3]
    monkeypatch.setattr(drawing, "_chosen", lambda *_: alike[:, None])
    time = "stages.gate.time.lognormal"
    values = {
        "resources.gate-servers.capacity": np.full(ROWS, float(number)),
        f"{time}.mean": np.full(ROWS, 5.0 * number),
        f"{time}.cv": np.full(ROWS, 0.1),
    }
    drawing._with_servers(fit.scenario, told, fit.port.classes, values)
    servers = values["resources.gate-servers.capacity"]
    assert set(servers) == {1, 2, 4}
    assert servers / values[f"{time}.mean"] == pytest.approx(1 / 5, rel=0.01)


def test_a_roster_of_two_levels_keeps_its_order(tmp_path):
    arrivals = came(28, rate=60)
    rows = served([each for each in arrivals if each.hour < 10], minutes=4, servers=1)
    rows += served([each for each in arrivals if each.hour >= 10], minutes=25, servers=9)
    rows.sort()
    (tmp_path / "gate.csv").write_text(csv(rows, starts=False))
    fit = portsim.fit(read_log([tmp_path / "gate.csv"], timezone="UTC"))
    counts = [name for name in fit.draws() if "count" in name or "capacity" in name]
    for name in counts:
        assert fit.draws()[name].min() >= 1


@pytest.mark.usefixtures("without_drawings")
def test_uncertain_takes_the_rows_and_a_policy_keeps_what_it_changes(gate, tmp_path):
    words = ("fit", gate, "--timezone", "UTC", "--hold-out", 0, "--out", "told")
    ended = typed(*words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    told = (tmp_path / "told/port.yaml").read_text()
    assert "draws: draws.csv" in told
    assert "shape: normal" in told
    table = pd.read_csv(tmp_path / "told/draws.csv")
    (tmp_path / "told/more.yaml").write_text(
        "extends: port.yaml\nname: more\nresources: {gate-servers: {capacity: 20}}\n"
    )
    assert typed("validate", "told/port.yaml", cwd=tmp_path).returncode == 0
    ended = typed(
        "compare", "told/port.yaml", "told/more.yaml", "--uncertain", "-n", 3, "--jobs", 1,
        "--out", "out", cwd=tmp_path,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    drawn = portsim.read(tmp_path / "out").drawn_inputs
    assert set(drawn["shape"]) == {"joint"}
    for row in drawn.itertuples():
        value = column(table, row.path)[row.replication - 1]
        assert row.value == pytest.approx(value), row.path
    mine = {name: set(rows["path"]) for name, rows in drawn.groupby("scenario", observed=True)}
    assert mine["told"] - mine["more"] == {"resources.gate-servers.capacity"}
    # Written anew elsewhere, the scenario still names the file that lies where it lay.
    (tmp_path / "copy.yaml").write_text(portsim.load(tmp_path / "told/port.yaml").to_yaml(tmp_path))
    assert typed("validate", "copy.yaml", cwd=tmp_path).returncode == 0
    assert portsim.load(tmp_path / "copy.yaml").study.draws == "told/draws.csv"


def test_the_ends_of_a_work_time_keep_their_order(tmp_path):
    rng = np.random.default_rng(5)
    arrivals = came(28, rate=20)
    rows = []
    for arrival in arrivals:
        end = arrival + dt.timedelta(seconds=round(float(rng.triangular(120, 600, 1080))))
        rows.append((arrival, arrival, end))
    (tmp_path / "gate.csv").write_text(csv(rows))
    fit = portsim.fit(read_log([tmp_path / "gate.csv"], timezone="UTC"))
    assert fit.scenario.stages["gate"].time.per_piece.kind == "triangular"
    drawn = fit.draws()
    low, mode, high = (
        column(drawn, f"stages.gate.time.triangular.{word}") for word in ("low", "mode", "high")
    )
    assert ((low < mode) & (mode < high)).all()
    # The mode lies where the mean does, and is as far off.
    assert mode.std() / mode.mean() == pytest.approx(0.33 / np.sqrt(len(rows)), rel=0.25)
