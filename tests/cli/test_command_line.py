"""The command line as a user types it: exit codes, streams, and nothing written on bad input."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest

from drawing import drawn_only
from typed import typed as portsim

HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "pydantic", "simpy", "pyarrow", "rich")
SLOW = ("scipy.stats", "scipy.optimize", "scipy.integrate")

PORT = """\
timezone: Asia/Shanghai
period: {from: 2024-09-02, to: 2024-09-08}
replications: 2
calendars:
  day: {hours: "09:00-18:00", side: China}
resources:
  lanes: {capacity: 2, calendar: day}
stages:
  gate: {takes: {lanes: 1}, hours: day, at_close: finish, time: {exponential: {mean: 6 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {rate: 60 per day, hours: {"08:00-17:00": 1}}
    load: 20 t
    route: [gate]
"""
LONGER = 'extends: port.yaml\ncalendars: {day: {hours: "08:00-20:00"}}\n'


def apart(*words: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "portsim", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", **environment},
    )


@pytest.fixture
def port(tmp_path: Path) -> Path:
    (tmp_path / "port.yaml").write_text(PORT, encoding="utf-8")
    (tmp_path / "longer.yaml").write_text(LONGER, encoding="utf-8")
    return tmp_path


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_help_lists_the_verbs_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nsys.argv = ['portsim', '--help']\n"
        "from portsim.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
        # A study needs most of those; what few need would double the time to its start.
        "import portsim.experiment, portsim.gatelog, portsim.studies\n"
        f"loaded = [name for name in {SLOW!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for verb in (
        "run",
        "compare",
        "sweep",
        "optimise",
        "plot",
        "export",
        "gantt",
        "replay",
        "state",
        "validate",
        "geometry",
        "show",
        "schema",
        "new",
        "provenance",
    ):
        assert f"\n  {verb} " in done.stdout


def test_run_writes_the_contract_and_prints_the_table(port: Path) -> None:
    with drawn_only("overview"):
        done = portsim("run", "port.yaml", "--logs", "first", cwd=port)
    assert done.returncode == 0, done.stderr
    assert "trucks/day" in done.stdout
    assert {"out", "within", "24"} <= set(done.stdout.split())
    assert "written to results/port" in done.stdout.replace("\\", "/")
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stderr
    assert "50 % of 2 runs" in done.stderr
    assert "SimPy, the engine of reference, agrees on" in done.stdout
    found = files(port / "results" / "port")
    assert {
        "manifest.json",
        "summary.csv",
        "summary.xlsx",
        "replications.parquet",
        "curves.parquet",
        "trucks.parquet",
        "visits.parquet",
        "hours.parquet",
        "figures/overview.svg",
        "figures/overview.png",
        "report.html",
    } <= found
    assert "comparison.csv" not in found
    trucks = pd.read_parquet(port / "results" / "port" / "trucks.parquet")
    assert set(trucks["replication"]) == {1}
    assert str(trucks["arrival"].dt.tz) == "Asia/Shanghai"


def test_compare_twice_gives_the_same_bytes_and_a_changed_input_is_refused(port: Path) -> None:
    words = ("compare", "port.yaml", "longer.yaml", "--out", "out")
    first = apart(*words, cwd=port)
    assert first.returncode == 0, first.stderr
    assert "Differences are to port" in first.stdout
    before = {name: (port / "out" / name).read_bytes() for name in files(port / "out")}
    second = portsim(*words, "--jobs", 1, cwd=port)
    assert second.returncode == 0, second.stderr
    for name, data in before.items():
        if name != "manifest.json":
            assert (port / "out" / name).read_bytes() == data, name
    manifests = [
        json.loads(before["manifest.json"]),
        json.loads((port / "out/manifest.json").read_bytes()),
    ]
    for manifest in manifests:
        del manifest["run"]
    assert manifests[0] == manifests[1]
    assert manifests[0]["baseline"] == "port"

    refused = portsim(*words, "--seed", 7, cwd=port)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert (port / "out" / "summary.csv").read_bytes() == before["summary.csv"]
    with (
        # Drawn by the next command.
        mock.patch("portsim.figures.draw_all", return_value=[]),
        mock.patch("portsim.report.write_report", return_value=None),
    ):
        forced = portsim(*words, "--seed", 7, "--force", "--jobs", 1, cwd=port)
    assert forced.returncode == 0, forced.stderr
    assert (port / "out" / "summary.csv").read_bytes() != before["summary.csv"]

    with drawn_only("timetable"):
        drawn = portsim("plot", "out", cwd=port)
    assert drawn.returncode == 0, drawn.stderr
    assert "timetable.svg" in drawn.stdout


def test_bad_file_is_shown_with_its_line_and_nothing_is_written(port: Path) -> None:
    (port / "bad.yaml").write_text(
        PORT.replace("capacity: 2", "capasity: 2").replace("60 per day", "60"), encoding="utf-8"
    )
    for verb in ("run", "validate", "show"):
        done = portsim(verb, "bad.yaml", cwd=port)
        assert done.returncode == 2, (verb, done)
        assert done.stdout == ""
        assert "bad.yaml:7:" in done.stderr
        assert "did you mean" in done.stderr
        assert "capacity" in done.stderr
        assert "^" in done.stderr
        assert "2 faults" in done.stderr
    both = portsim("compare", "bad.yaml", "absent.yaml", cwd=port)
    assert both.returncode == 2
    assert "bad.yaml:7:" in both.stderr
    assert "absent.yaml" in both.stderr
    assert files(port) == {"port.yaml", "longer.yaml", "bad.yaml"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "port.yaml"), "two scenarios or more"),
        (("compare", "port.yaml", "port.yaml"), "called port"),
        (("compare", "port.yaml", "longer.yaml", "--baseline", "nobody"), "nobody"),
        (("run", "port.yaml", "--replications", "0"), "0"),
        (("run", "port.yaml", "--engine", "fast"), "fast"),
        (("rum", "port.yaml"), "rum"),
        (("plot", "nowhere"), "nowhere"),
    ],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(
    port: Path, words: tuple[str, ...], said: str
) -> None:
    done = portsim(*words, cwd=port)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert files(port) == {"port.yaml", "longer.yaml"}


def test_a_port_that_can_never_serve_ends_with_1_and_names_the_stage(port: Path) -> None:
    (port / "shut.yaml").write_text(
        'extends: port.yaml\ncalendars: {night: {hours: "01:00-02:00"}}\n'
        "stages: {gate: {hours: [day, night]}}\n",
        encoding="utf-8",
    )
    done = portsim("run", "shut.yaml", cwd=port)
    assert done.returncode in (1, 2)
    assert "gate" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (port / "results").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process on Windows")
def test_interrupt_ends_with_130_and_leaves_finished_runs_only(port: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "portsim", "run", "port.yaml", "-n", "400", "--out", "out"],
        cwd=port,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Who starts the tests in the background may have them ignore an interrupt.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert running.stderr is not None
    said = iter(running.stderr.readline, "")
    assert any("10 %" in line for line in said)  # a tenth is done: the runs are under way
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert out == ""
    assert "of 400 runs are kept in out: the same command goes on" in err
    assert files(port) == {"port.yaml", "longer.yaml", "out/.portsim-journal.sqlite"}


def test_validate_prints_loads(port: Path) -> None:
    done = portsim("validate", "port.yaml", cwd=port)
    assert done.returncode == 0, done.stderr
    # 60 trucks a day at 6 minutes are 6 of the 18 server-hours on duty.
    row = next(line for line in done.stdout.splitlines() if "lanes" in line).split()
    assert row[:5] == ["lanes", "servers", "2", "18.0", "18.0"]
    assert abs(float(row[6]) - 60 * 6 / 60 / 18) < 0.05
    assert "worst 4 weeks" not in done.stdout  # the period is shorter
    # Nobody works at places, but they are there.
    (port / "yard.yaml").write_text("extends: port.yaml\nresources: {lanes: {places: true}}\n")
    done = portsim("validate", "yard.yaml", cwd=port)
    row = next(line for line in done.stdout.splitlines() if "lanes" in line).split()
    assert row[:4] == ["lanes", "places", "2", "18.0"]


def test_show_names_the_file_of_each_value(port: Path) -> None:
    done = portsim("show", "longer.yaml", cwd=port)
    assert done.returncode == 0, done.stderr
    hours = next(line for line in done.stdout.splitlines() if "08:00-20:00" in line)
    assert "longer.yaml:2" in hours
    capacity = next(line for line in done.stdout.splitlines() if "capacity:" in line)
    assert "port.yaml:7" in capacity


def test_new_makes_a_scenario_that_validates_without_a_warning(tmp_path: Path) -> None:
    done = portsim("new", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = {"port.yaml", "longer-hours.yaml", "gate.csv", "scenario.schema.json"}
    assert files(tmp_path) == {f"mine/{name}" for name in names}
    for name in ("port", "longer-hours"):
        checked = portsim("validate", f"mine/{name}.yaml", cwd=tmp_path)
        assert checked.returncode == 0
        assert checked.stderr == ""
    again = portsim("new", "mine", cwd=tmp_path)
    assert again.returncode == 2
    assert "not empty" in again.stderr


def test_schema_is_json(tmp_path: Path) -> None:
    done = portsim("schema", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "properties" in json.loads(done.stdout)


def test_a_console_without_the_letters_does_not_end_the_program(port: Path) -> None:
    (port / "kz.yaml").write_text(
        "extends: port.yaml\nsummary: Бақты өткелі 巴克图\n", encoding="utf-8"
    )
    done = apart("show", "kz.yaml", cwd=port, PYTHONIOENCODING="gbk:replace")
    assert done.returncode == 0, done.stderr
