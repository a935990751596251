"""portsim provenance as a user types it, and the counts that end a run and its manifest."""

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

from typed import typed

PORT = """\
timezone: UTC
period: {from: 2024-09-02, to: 2024-09-03}
resources:
  lanes: {capacity: {value: 2, source: "visit, in May", confidence: B, range: 1..4}}
stages:
  gate: {takes: {lanes: 1}, time: {value: 6 min, confidence: E}}
traffic:
  lorries: {direction: export, arrivals: {rate: 60 per day}, priority: -1, route: [gate]}
"""
SAID = (
    "Inputs of port: 5; measured (A, B) 1, second-hand (C) 0, derived (D) 0, assumed (E) 1, "
    "unmarked 3"
)


def portsim(*words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    done = typed(*words, cwd=cwd)
    streams = (text.encode() for text in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, *streams)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    (tmp_path / "port.yaml").write_text(PORT, encoding="utf-8")
    return tmp_path


def test_the_table_shows_mark_value_line_range_and_source(port: Path) -> None:
    done = portsim("provenance", "port.yaml", cwd=port)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == ["B", "resources.lanes.capacity", "=", "2", "port.yaml:4"]
    assert lines[1].strip() == "range 1 to 4; visit, in May"
    assert lines[-1] == f"{SAID}."


def test_the_csv_opens_in_a_spreadsheet(port: Path) -> None:
    done = portsim("provenance", "port.yaml", "--format", "csv", cwd=port)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"))))
    assert len(rows) == 5
    assert rows[0] == {
        "path": "resources.lanes.capacity",
        "value": "2",
        "confidence": "B",
        "range_low": "1",
        "range_high": "4",
        "range_of": "resources.lanes.capacity",
        "source": "visit, in May",
        "note": "",
        "file": "port.yaml",
        "line": "4",
    }


def test_faults_are_told_as_by_validate(port: Path) -> None:
    (port / "port.yaml").write_text(PORT.replace("6 min", "6 mins"), encoding="utf-8")
    done = portsim("provenance", "port.yaml", cwd=port)
    assert done.returncode == 2
    assert b"stages.gate.time" in done.stderr
    assert not done.stdout


def test_a_run_ends_with_the_counts_and_keeps_them(port: Path) -> None:
    done = portsim("run", "port.yaml", "-n", "1", "--audit", "none", cwd=port)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.decode().split())
    assert f"{SAID}; portsim provenance lists them." in said
    manifest = json.loads((port / "results/port/manifest.json").read_bytes())
    (entry,) = manifest["scenarios"]
    assert entry["inputs"] == {
        "measured": 1,
        "second_hand": 0,
        "derived": 0,
        "assumed": 1,
        "unmarked": 3,
    }
