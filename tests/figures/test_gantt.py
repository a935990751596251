"""A day truck by truck: the hand-written days of `day_log`, cut and drawn."""

import datetime as dt
import re
import sys
from pathlib import Path

import pytest
from matplotlib.text import Text

import day_log
from portsim.cli import main
from portsim.figures import style
from portsim.figures.gantt import Piece, draw, pieces
from portsim.results.logs import PortLog, read_log
from portsim.wording import speaking

DAY = dt.date(2024, 3, 4)
HOUR = 3600.0


@pytest.fixture
def log(tmp_path: Path) -> PortLog:
    return read_log(day_log.write(tmp_path / "made"))


def test_time_is_cut_by_the_hours_of_the_stages(log: PortLog) -> None:
    found = list(pieces(log, log.trucks["truck"], day_log.at("04 00:00")))
    mine = [(p.stage, p.kind, p.begin / HOUR, p.end / HOUR) for p in found if p.truck == 2]
    assert mine == [
        ("check", "open", 12.5, 12.75),
        ("check", "service", 12.75, 13),
        ("check", "paused", 13, 14),
        ("check", "service", 14, 14.25),
        ("gate", "open", 14.25, 18),
        ("gate", "closed", 18, 34),
        ("gate", "service", 34, 34 + 5 / 60),
        ("post", "service", 34 + 5 / 60, 34 + 10 / 60),
    ]
    first = next(p for p in found if p.truck == 0)
    assert first == Piece(0, "check", "closed", 9 * HOUR, 10 * HOUR)
    # Turned away before it queued; and still waiting at the end of the log.
    assert not [p for p in found if p.truck == 3]
    assert [(p.kind, p.end - p.begin) for p in found if p.truck == 4] == [
        ("open", 60),
        ("closed", 6 * HOUR),
    ]


def test_pieces_add_up_to_what_the_log_says_of_waiting(log: PortLog) -> None:
    found = list(pieces(log, log.trucks["truck"], day_log.at("04 00:00")))
    for kind, column in (("closed", "wait_closed_s"), ("paused", "paused_s")):
        drawn = sum(p.end - p.begin for p in found if p.kind == kind)
        assert drawn == log.visits[column].sum()


def test_work_that_stood_still_while_its_stage_was_open_is_spoken_of(log: PortLog) -> None:
    # An hour of lunch explains an hour of truck 2; half an hour more was a breakdown.
    with style.our_style():
        assert "stood still" not in draw(log, DAY).caption
    log.visits.loc[log.visits["truck"].eq(2) & log.visits["stage"].eq("check"), "paused_s"] = 5400
    with style.our_style():
        assert "stood still for 0.50 h in all" in draw(log, DAY).caption


def test_rows_are_trucks_of_the_day_with_stay_and_outcome(log: PortLog) -> None:
    with style.our_style():
        sheet = draw(log, DAY)
    (axes,) = sheet.figure.axes
    texts = [text.get_text() for text in axes.texts]
    assert [text for text in texts if text[0].isdigit() and "  " in text] == [
        "09:00  Tea & more",
        "12:00  cars",
        "12:30  Tea & more",
        "17:50  Tea & more",
    ]
    assert [text for text in texts if text in {"1.8 h", "0.3 h", "21.7 h", "turned away"}] == [
        "1.8 h",
        "0.3 h",
        "21.7 h",
        "turned away",
    ]
    # Trucks that turned away were not out in time: they were never cleared.
    assert sheet.title == (
        "4 trucks came on Monday, 4 March 2024 under by-hand: 75 % were out within 24 h"
    )


def test_fewer_trucks_are_taken_evenly_from_first_to_last(log: PortLog) -> None:
    with style.our_style():
        (axes,) = draw(log, DAY, most=2).figure.axes
    names = [text.get_text()[:5] for text in axes.texts if "  " in text.get_text()]
    assert names == ["09:00", "17:50"]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-03-05", "no truck of by-hand came on that day"),
        ("2024-03-07", "not in the period, which goes from 2024-03-04 to 2024-03-06"),
        ("soon", "does not match the format"),
    ],
)
def test_days_without_a_picture(
    log: PortLog,
    day: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["portsim", "gantt", str(log.folder), "--day", day])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(log.folder.rglob("gantt*"))


def test_twice_the_same_bytes_and_gone_with_the_next_run(
    log: PortLog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []
    for _ in range(2):
        monkeypatch.setattr(
            sys, "argv", ["portsim", "gantt", str(log.folder), "--day", "2024-03-04"]
        )
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0
        files = [Path(line) for line in capsys.readouterr().out.split()]
        seen.append([file.read_bytes() for file in files])
    assert seen[0] == seen[1]
    assert [file.name for file in files] == [
        "gantt-2024-03-04-by-hand.svg",
        "gantt-2024-03-04-by-hand.png",
    ]
    day_log.write(log.folder)
    assert not list(log.folder.rglob("gantt*"))


@pytest.mark.parametrize("language", ["zh", "ru"])
def test_no_english_is_left_but_the_names(log: PortLog, language: str) -> None:
    with style.our_style(), speaking(language):
        sheet = draw(log, DAY)
    words = " ".join(text.get_text() for text in sheet.figure.findobj(Text))  # type: ignore[attr-defined]
    labels = log.labels("traffic") | log.labels("stages")
    period = str(log.entry.period["timezone"])
    names = " ".join([*labels, *labels.values(), log.entry.name, period])
    mine = re.findall("[A-Za-z]{2,}", f"{words} {sheet.title}")
    assert not set(mine) - set(re.findall("[A-Za-z]{2,}", names))
