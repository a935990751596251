"""Every verb on a port whose names are Chinese and Russian."""

from contextlib import nullcontext
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from drawing import drawn_only
from typed import typed

PORT = """\
name: 口岸-одна
timezone: Asia/Shanghai
period: {from: 2024-09-16, to: 2024-09-18}
replications: 2
calendars:
  白班: {hours: "09:00-18:00", side: China}
  смена: {hours: "09:00-18:00", side: Kazakhstan, label: Смена 2}
resources:
  车道: {capacity: {value: 2, range: [1, 3], confidence: E, source: 假设}, calendar: 白班}
  инспектор: {capacity: 1, calendar: смена, cost_per_staffed_hour: 60 CNY}
stages:
  入口: {takes: {车道: 1}, hours: 白班, at_close: finish, time: 10 min}
  досмотр: {takes: {инспектор: 1}, hours: смена, at_close: finish, time: 12 min}
traffic:
  进口: {direction: import, arrivals: {rate: 20 per day}, load: 20 t, route: [入口, досмотр]}
  вывоз: {direction: export, arrivals: {rate: 20 per day}, load: 20 t, route: [досмотр, 入口]}
observed:
  - {name: 卡车, label: Грузовики, measure: arrived, role: input, value: 120}
"""
LONGER = 'extends: 口岸.yaml\nname: 长班-смена\ncalendars: {白班: {hours: "06:00-20:00"}}\n'
POLICIES = ("口岸.yaml", "смена.yaml")
DAY = ("--day", "2024-09-17")
OUT = ("--replications", 2, "--out")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("имена")
    (folder / "口岸.yaml").write_text(PORT, encoding="utf-8")
    (folder / "смена.yaml").write_text(LONGER, encoding="utf-8")
    # `plot` draws all pictures of it below, and `report` its page.
    with drawn_only():
        done = ended(folder, "compare", *POLICIES, "--out", "结果", "--logs", "first")
    assert done.returncode == 0, done.stderr
    assert "口岸-одна" in done.stdout
    return folder


def ended(folder: Path, *words: object) -> "CompletedProcess[str]":
    return typed(*words, cwd=folder)


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "口岸.yaml"),
        ("show", "смена.yaml"),
        ("provenance", "口岸.yaml"),
        ("run", "口岸.yaml", *OUT, "一"),
        ("plot", "结果"),
        ("report", "结果", "--lang", "ru", "--out", "отчёт.html"),
        ("gantt", "结果", *DAY),
        ("replay", "结果", *DAY, "--scenario", "长班-смена"),
        ("export", "结果", "--format", "csv"),
        ("sweep", "口岸.yaml", "--vary", "resources.车道.capacity=1,2", *OUT, "二"),
        (
            *("optimise", "口岸.yaml", "--vary", "resources.инспектор.capacity=1..2"),
            *("--require", "stay_mean_h[вывоз]<=24", *OUT, "三"),
        ),
        ("sensitivity", "口岸.yaml", *OUT, "四"),
    ],
    ids=lambda words: words[0],
)
def test_any_name_does_in_every_verb(place: Path, words: tuple[object, ...]) -> None:
    # What a run draws are pictures that `plot` draws too.
    with drawn_only() if words[0] == "run" else nullcontext():
        done = ended(place, *words)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr


def test_files_on_the_disk_bear_the_names(place: Path) -> None:
    assert ended(place, "gantt", "结果", *DAY).returncode == 0
    assert (place / "结果" / "figures" / "gantt-2024-09-17-口岸-одна.png").exists()
