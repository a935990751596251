"""The small port of these tests, as an object and as files for the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import portsim

SMALL = """\
name: short
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-06}
replications: 3
seed: 11
calendars:
  day: {hours: "10:00-18:00"}
  later: {hours: "08:00-20:00"}
resources:
  lanes: {capacity: 1, label: Gate lanes}
stages:
  gate: {takes: {lanes: 1}, hours: day, at_close: finish, time: {exponential: {mean: 5 min}}}
  release: {time: 1 min}
traffic:
  tea:
    direction: export
    arrivals: {rate: 40 per day}
    load: 20 t
    route: [gate, release]
  cars:
    direction: import
    arrivals: {rate: 20 per day, follow: later}
    load: 1 t
    tolerance: 30
    route: [gate, release]
"""
LONG = (("name: short", "name: long"), ("hours: day, at", "hours: later, at"))

BOTH = ("compare", "short.yaml", "long.yaml")
"""The command of most tests here; its results go to OUT."""
OUT = ("--out", "out")

JOURNAL = ".portsim-journal.sqlite"


def lay_out(folder: Path) -> Path:
    """Both policies as scenario files."""
    (folder / "short.yaml").write_text(SMALL, encoding="utf-8")
    (folder / "long.yaml").write_text(
        "extends: short.yaml\nname: long\nstages: {gate: {hours: later}}\n", encoding="utf-8"
    )
    return folder


def results(folder: Path) -> dict[str, bytes | dict]:
    """What a result folder says, byte for byte, but for when and how it was made."""
    found: dict[str, bytes | dict] = {
        file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()
    }
    manifest = json.loads(found["manifest.json"])
    del manifest["run"]
    return {**found, "manifest.json": manifest}


def written(study, folder: Path) -> dict[str, bytes | dict]:
    """The results of a study, without pictures."""
    study.write(folder, figures=False)
    return results(folder)


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


PATCHED = """\
import sys
sys.argv[0] = "portsim"
{patch}
from portsim.cli import program
if __name__ == "__main__":
    program()
"""
WITHOUT_PICTURES = """\
import sys
from types import ModuleType
import portsim.figures
from portsim.figures import painters
letters, report = ModuleType("portsim.figures.letters"), ModuleType("portsim.report")
portsim.figures.draw_all, letters.undrawn = lambda *_: [], lambda manifest: []
report.write_report = report.write_check_pages = lambda *_, **__: None
report.write_forecast_pages = report.write_roster_pages = report.write_check_pages
sys.modules |= {"portsim.figures.letters": letters, "portsim.report": report}
painters._MOST = 0
"""
"""Saves the second that matplotlib needs to load, here and in a painter that would wait beside."""
QUICK = f"""\
{WITHOUT_PICTURES}
from portsim.experiment import conduct
conduct._wants_capacity = lambda keep: False
"""
"""Nor is a capacity searched: SimPy takes ten seconds for one."""


def program(folder: Path, patch: str = WITHOUT_PICTURES) -> list[str]:
    """The command line as a program of its own with something changed in it beforehand."""
    file = folder / "patched.py"
    file.write_text(PATCHED.format(patch=patch), encoding="utf-8")
    return [sys.executable, str(file)]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", **more}


def run(words: list[str], cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        words,
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
        env=environment(**more),
    )


def interrupted(scenarios, folder: Path, after: int, **options) -> None:
    """A study that Ctrl-C ends when so many runs are done."""

    def stop(done, total):
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        portsim.compare(scenarios, **{"jobs": 1, **options}, journal=folder, on_progress=stop)
