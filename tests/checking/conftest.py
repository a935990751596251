"""A small port that is right, and what is said when somebody damages it."""

from collections.abc import Callable

import pytest

from portsim.checking import load
from portsim.errors import Fault, ScenarioError

BASE = """\
name: small
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-10}
calendars:
  day:
    hours: 10:00-20:00
    lunch: 14:00-15:00
  night:
    hours: 22:00-06:00
    holidays: [{country: CN}]
open_hours: day
resources:
  lanes:
    capacity: 4
    calendar: day
    fits: {width: 4 m}
  officers:
    roster: [{calendar: night, count: 2}]
  permits: {kind: budget, level: 10, refill: 00:00}
  tractors: {kind: store, level: 3}
stages:
  gate:
    takes: {lanes: {until: inspection}}
    time: 5 min
    hours: day
    at_close: finish
  inspection:
    takes: {officers: 1}
    spends: {permits: 1, tractors: 1}
    time: {lognormal: {mean: 25 min, cv: 0.9}}
    share: 0.3
    at_close: pause
    hours: night
  release:
    time: 1 min
    offers: {tractors: 1}
traffic:
  tea:
    direction: export
    arrivals: {rate: 60 per day}
    load: 21 t
    patience: 5 h
    route: [gate, inspection, release]
"""


@pytest.fixture
def write(tmp_path, monkeypatch) -> Callable[..., str]:
    """Write the base with some texts replaced; further files by name."""
    monkeypatch.chdir(tmp_path)

    def file(*changes: tuple[str, str], **files: str) -> str:
        text = BASE
        for old, new in changes:
            assert text.count(old) >= 1, old
            text = text.replace(old, new, 1)
        (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            stem, _, kind = name.rpartition("_")
            (tmp_path / f"{stem}.{kind}").write_text(content, encoding="utf-8")
        return text

    return file


@pytest.fixture
def scenario(write):
    """Load the base with some texts replaced."""

    def of(*changes: tuple[str, str], **files: str):
        write(*changes, **files)
        return load("x.yaml")

    return of


@pytest.fixture
def faults(write) -> Callable[..., tuple[Fault, ...]]:
    """All faults of the base with some texts replaced."""

    def of(*changes: tuple[str, str], **files: str) -> tuple[Fault, ...]:
        write(*changes, **files)
        with pytest.raises(ScenarioError) as caught:
            load("x.yaml")
        return caught.value.faults

    return of


@pytest.fixture
def says(write) -> Callable[..., None]:
    """Check the only fault of a damaged base, word by word as a person reads it."""

    def check(
        old: str, new: str, at: str, path: str, found: str, expected: str, hint: str = "", **files
    ) -> None:
        text = write((old, new), **files)
        with pytest.raises(ScenarioError) as caught:
            load("x.yaml")
        assert len(caught.value.faults) == 1, str(caught.value)
        (fault,) = caught.value.faults
        line = text.split("\n")[fault.line - 1]
        assert line[fault.column - 1 :].startswith(at), (line, fault.column)
        message = str(caught.value)
        assert message.startswith(f"x.yaml:{fault.line}:{fault.column}: error: {path}: ")
        assert f"found {found}; expected " in message
        assert expected in message.split("expected ", 1)[1]
        assert bool(fault.hint) == bool(hint)
        assert hint in fault.hint
        assert not hint or f"\n    hint: {fault.hint}" in message

    return check


@pytest.fixture
def warning(scenario) -> Callable[..., Fault]:
    """The only warning of the base with some texts replaced."""

    def of(*changes: tuple[str, str], **files: str) -> Fault:
        (only,) = scenario(*changes, **files).origin.warnings
        assert only.level == "warning"
        assert "warning:" in str(only)
        return only

    return of
