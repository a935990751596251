"""A yard whose hours can be worked out on a sheet of paper, and the command line in this process.

Six lorries come at 08:00 sharp, each is weighed for ten minutes: with c scales the k-th is out
after 10 · ⌈k / c⌉ minutes. What comes in between is drawn, so that there is luck too.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import portsim.figures
from portsim.cli import main

YARD = """\
name: yard
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-05}
replications: 3
seed: 11
completion: {limit: 2 h, from: arrival}
calendars:
  day: {hours: "08:00-20:00"}
resources:
  scales: {capacity: 1, calendar: day}
  clerks: {capacity: 1, calendar: day}
stages:
  weigh: {takes: {scales: 1}, hours: day, at_close: finish, time: 10 min}
  papers: {takes: {clerks: 1}, hours: day, at_close: finish, time: {exponential: {mean: 5 min}}}
traffic:
  lorries:
    direction: export
    arrivals: {recorded: {file: came.csv}}
    load: 20 t
    route: [weigh]
  cars:
    direction: import
    arrivals: {rate: 60 per day, hours: {"08:00-16:00": 1}}
    load: 1 t
    route: [papers]
"""
CAME = "arrival\n" + "2024-03-04 08:00:00\n" * 6


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    (tmp_path / "came.csv").write_text(CAME, encoding="utf-8")
    file = tmp_path / "yard.yaml"
    file.write_text(YARD, encoding="utf-8")
    return file


@pytest.fixture
def command(yard, monkeypatch, capsys) -> Callable[..., Ended]:
    """The command line, at work in the folder of the yard; draws no pictures."""
    monkeypatch.chdir(yard.parent)
    monkeypatch.setattr(portsim.figures, "draw_all", lambda *_: [])

    def give(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["portsim", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Ended(end.value.code, *capsys.readouterr())

    return give
