"""The picture of a bend: true to scale, says what was found, and nothing where nothing is known."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from portsim.figures import draw_turns, style, turning
from portsim.figures.sheet import Sheet
from portsim.geometry import Fit, Lane, Vehicle, sweep
from portsim.wording import speaking

BLADE = Vehicle(
    5.0, 0.6, 60.0, follow=True, track=3.0, width=4.5, front_overhang=1.4, rear_overhang=22.0
)
LANE = Lane(12.0, 75.0, math.radians(90), 1.0, 6.0, 8.0)


def fit(vehicle: Vehicle, lane: Lane) -> Fit:
    swept = sweep(vehicle, lane)
    return Fit((), vehicle, lane, swept, swept.width, lane.width - swept.width)


def drawn(found: Fit) -> Sheet:
    with style.our_style():
        sheet = turning.draw("blade", "gate", found)
    assert sheet is not None
    return sheet


def test_it_is_true_to_scale() -> None:
    (axes,) = drawn(fit(BLADE, LANE)).figure.axes
    box = axes.get_window_extent()
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert box.width / (right - left) == pytest.approx(box.height / (high - low), rel=1e-3)


@pytest.mark.parametrize(
    ("vehicle", "lane", "said"),
    [
        (BLADE, LANE, "clears with"),
        (BLADE, Lane(5.0, 50.0, math.radians(90)), "does not clear"),
        (Vehicle(5.0, trailer=40.0), Lane(9.0, 16.0, math.pi), "cannot make the turn"),
        (Vehicle(6.0), Lane(6.0, 20.0, 1.0), "clears with"),
    ],
)
def test_the_title_is_what_was_found(vehicle: Vehicle, lane: Lane, said: str) -> None:
    sheet = drawn(fit(vehicle, lane))
    assert said in sheet.title
    texts = [text.get_text() for text in sheet.figure.findobj(Text) if isinstance(text, Text)]
    assert any("to scale" in text for text in texts)


def test_the_marked_point_is_where_the_load_comes_furthest_in() -> None:
    found = fit(BLADE, LANE)
    assert found.swept is not None
    (axes,) = drawn(found).figure.axes
    (mark,) = [line for line in axes.lines if line.get_marker() == "D"]
    x, y = (np.asarray(values, float) for values in mark.get_data())
    assert LANE.outer.depth(x, y)[0] == pytest.approx(found.swept.body, abs=0.01)


def test_nothing_is_drawn_where_nothing_is_known(tmp_path: Path) -> None:
    unknown = Fit((), None, LANE, None, math.nan, math.nan)
    locked = fit(BLADE, Lane(12.0, 8.0, 1.0))
    folder = tmp_path / "new"
    assert draw_turns(folder, {"a": ("a", "b", unknown), "c": ("c", "d", locked)}) == []
    assert not folder.exists()


def test_the_same_bend_gives_the_same_bytes(tmp_path: Path) -> None:
    turns = {"blade--gate": ("blade", "gate", fit(BLADE, LANE))}
    first = {file.name: file.read_bytes() for file in draw_turns(tmp_path, turns)}
    assert set(first) == {"blade--gate.svg", "blade--gate.png"}
    assert {file.name: file.read_bytes() for file in draw_turns(tmp_path, turns)} == first


@pytest.mark.parametrize("language", ["zh", "ru"])
def test_no_english_is_left_but_the_names(language: str) -> None:
    with speaking(language):
        sheet = drawn(fit(BLADE, LANE))
    words = " ".join(text.get_text() for text in sheet.figure.findobj(Text))  # type: ignore[attr-defined]
    assert set(re.findall("[A-Za-z]{2,}", words)) <= {"blade", "gate"}
