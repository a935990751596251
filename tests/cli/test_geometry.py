"""`portsim geometry` as a user types it."""

from pathlib import Path

import pytest

from typed import typed as portsim

PORT = """\
timezone: Asia/Shanghai
period: {from: 2024-09-02, to: 2024-09-08}
resources:
  lanes: {capacity: 2, fits: {width: 4 m}}
stages:
  gate: {takes: {lanes: 1}, time: 6 min}
  bend: {time: 1 min, fits: {width: 6 m, bend: {radius: 30 m, angle: 90 deg}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 60 per day}
    dimensions:
      width: 2.55 m
      axles: {wheelbase: 4 m, trailer: 8 m, track: 2.5 m, front_overhang: 1.4 m}
    route: [gate, bend]
"""


@pytest.fixture
def port(tmp_path: Path) -> Path:
    (tmp_path / "port.yaml").write_text(PORT, encoding="utf-8")
    return tmp_path


def rows(text: str) -> dict[str, list[str]]:
    return {line.split()[1]: line.split() for line in text.splitlines() if "lorries " in line}


def test_it_prints_load_by_lane_and_draws_the_bend(port: Path) -> None:
    done = portsim("geometry", "port.yaml", cwd=port)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    found = rows(done.stdout)
    assert found["lanes"][2:6] == ["yes", "yes", "1.45", "2.55"]
    where, fits, clearance, width, radius, steady = found["bend"][2:8]
    assert (where, fits) == ("yes", "yes")
    assert float(clearance) + float(width) == pytest.approx(6.0, abs=0.011)
    assert 10 < float(radius) < 30
    assert 1 < float(steady) < 2
    folder = port / "results" / "port-geometry"
    assert {file.name for file in folder.iterdir()} == {
        "lorries--bend.svg",
        "lorries--bend.png",
    }


def test_a_load_that_does_not_fit_is_shown_here_and_refused_elsewhere(port: Path) -> None:
    (port / "long.yaml").write_text(
        "extends: port.yaml\ntraffic: {lorries: {dimensions: {axles: {trailer: 30 m}}}}\n",
        encoding="utf-8",
    )
    done = portsim("geometry", "long.yaml", "--out", "here", cwd=port)
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout)["bend"][3] == "no"
    assert "sweeps too wide" in done.stdout
    assert (port / "here" / "lorries--bend.png").exists()
    refused = portsim("validate", "long.yaml", cwd=port)
    assert refused.returncode == 2
    assert "needs a lane of" in refused.stderr


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        ("traffic: {lorries: {dimensions: null}}", "no load with dimensions"),
        (
            "resources: {lanes: {fits: null}}\nstages: {bend: {fits: null}}",
            "no lane with geometry",
        ),
    ],
)
def test_without_loads_or_lanes_it_says_what_to_write(port: Path, overlay: str, said: str) -> None:
    (port / "bare.yaml").write_text(f"extends: port.yaml\n{overlay}\n", encoding="utf-8")
    done = portsim("geometry", "bare.yaml", cwd=port)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert "hint: write below" in done.stderr
    assert not (port / "results").exists()
