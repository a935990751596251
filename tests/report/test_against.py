"""A page may hold the runs of a folder against another policy than they were compared with."""

from pathlib import Path

import pandas as pd
import pytest

import portsim
from portsim.errors import InputError
from portsim.report.against import held_against
from portsim.results import read_record

PORT = """\
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-08}
replications: 4
calendars: {day: {hours: "08:00-20:00"}}
resources: {lane: {capacity: 1}}
stages:
  gate:
    hours: day
    at_close: finish
    takes: {lane: 1}
    time: {exponential: {mean: MINUTES min}}
traffic:
  trucks: {arrivals: {rate: 60/day}, direction: export, route: [gate]}
"""


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("ports")
    files = []
    for name, minutes in (("a", 8), ("b", 9), ("c", 10)):
        file = folder / f"{name}.yaml"
        file.write_text(PORT.replace("MINUTES", str(minutes)), encoding="utf-8")
        files.append(file)
    return files


QUIET = {"jobs": 1, "audit": "none"}


@pytest.fixture(scope="module")
def compared(ports: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a comparison with the first of them."""
    folder = tmp_path_factory.mktemp("compared") / "a"
    portsim.compare(ports, **QUIET).write(folder, figures=False)
    return folder


def test_it_is_what_compare_would_have_told(
    ports: list[Path], compared: Path, tmp_path: Path
) -> None:
    portsim.compare(ports, baseline="b", **QUIET).write(tmp_path / "b", figures=False)
    turned = held_against(read_record(compared), "b")
    asked = read_record(tmp_path / "b")
    pd.testing.assert_frame_equal(
        turned.tables["comparison"].reset_index(drop=True),
        asked.tables["comparison"].reset_index(drop=True),
        check_dtype=False,
        check_categorical=False,
    )
    assert turned.manifest.baseline == "b"
    assert not {"verdicts", "class_changes"} & set(turned.manifest.statistics)


def test_what_cannot_be_is_told(ports: list[Path], compared: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no policy is called z; there are a, b, c"):
        held_against(read_record(compared), "z")
    portsim.run(ports[0], **QUIET).write(tmp_path / "one", figures=False)
    with pytest.raises(InputError, match="nothing is compared there; found one policy, a"):
        held_against(read_record(tmp_path / "one"), "a")
