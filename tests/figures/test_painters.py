"""Painters: what they do, where, and that nothing is lost when they cannot do it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from drawing import drawn_only
from portsim.figures import draw_all
from portsim.figures.painters import Painters
from portsim.report import page
from portsim.results import read_record
from portsim.wording import speaking

WHERE = "__import__('time').sleep(0.01) or __import__('os').getpid()"
LANGUAGE = "__import__('time').sleep(0.01) or __import__('portsim.wording').wording.tongue()"
READY_S = 60


@contextmanager
def one_that_is_ready() -> Iterator[Painters]:
    with Painters(1) as painters:
        (painter,) = painters._painters
        assert painter._ready.wait(READY_S)
        yield painters


@pytest.fixture(scope="module")
def one() -> Iterator[Painters]:
    """A painter that no test ends: it needs a second to get ready."""
    with one_that_is_ready() as painters:
        yield painters


def test_nobody_else_draws_by_default() -> None:
    assert set(Painters().paint(WHERE, [eval] * 3)) == {os.getpid()}
    assert not Painters.beside(1)._painters


def shares(painters: Painters) -> bool:
    """Whether another process does a part of the work, and this one too."""
    places = set(painters.paint(WHERE, [eval] * 40))
    return len(places) == 2 and os.getpid() in places


def test_a_painter_takes_its_share_and_answers_stand_in_their_order() -> None:
    with one_that_is_ready() as painters:
        assert shares(painters)
        texts = [f"{number} + 0 * len(study)" for number in range(40)]
        # These are more than it can bear.
        assert painters.paint("", [Adder(text) for text in texts]) == list(range(40))


class Adder:
    """A job that no painter can be given: its module is not on their path."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, study: str) -> Any:
        return eval(self.text, {"study": study})


def test_a_painter_speaks_the_language_that_is_spoken_here(one: Painters) -> None:
    with speaking("zh", on_page=True):
        spoken = one.paint(LANGUAGE, [eval] * 20)
    assert {(tongue.language, tongue.on_page) for tongue in spoken} == {("zh", True)}


def test_an_error_is_raised_here(one: Painters) -> None:
    with pytest.raises(ZeroDivisionError):
        one.paint("1 / 0", [eval] * 5)
    assert shares(one)


def test_a_painter_that_is_gone_is_done_without() -> None:
    with one_that_is_ready() as painters:
        (painter,) = painters._painters
        painter._process.kill()
        painter._process.wait()
        assert set(painters.paint(WHERE, [eval] * 5)) == {os.getpid()}
        assert set(painters.paint(WHERE, [eval] * 5)) == {os.getpid()}


def test_where_no_python_can_be_started_all_is_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "")
    assert not Painters(2)._painters
    monkeypatch.setattr("sys.executable", os.devnull)
    assert not Painters(2)._painters


def test_pictures_and_page_are_the_same_whoever_draws_them(
    one: Painters, folder_of: Any, schedules: Any, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, dict(list(schedules.items())[:2]), 2, 28)
    record = read_record(folder)
    alone = {path.name: path.read_bytes() for path in draw_all(record, folder)}
    assert {path.name: path.read_bytes() for path in draw_all(record, folder, one)} == alone
    with drawn_only("overview", "queue", "stay_by_stage", "comparison", "timetable"):
        assert page(record, "ru", painters=one) == page(record, "ru")
