"""A scenario and a log, written and read."""

from collections.abc import Callable
from pathlib import Path

import pytest

import portsim
from portsim.gatelog import GateLog, read_log
from small_logs import port


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Writes both."""

    def write(log: str, scenario: str | None = None) -> tuple[Path, Path]:
        (tmp_path / "port.yaml").write_text(scenario or port(), encoding="utf-8")
        (tmp_path / "gate.csv").write_text(log, encoding="utf-8")
        return tmp_path / "port.yaml", tmp_path / "gate.csv"

    return write


@pytest.fixture
def pair(
    files: Callable[..., tuple[Path, Path]],
) -> Callable[..., tuple[portsim.Scenario, GateLog]]:
    """Writes both and reads them."""

    def read(log: str, scenario: str | None = None) -> tuple[portsim.Scenario, GateLog]:
        yaml, table = files(log, scenario)
        return portsim.load(yaml), read_log(table, timezone="UTC")

    return read
