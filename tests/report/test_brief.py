"""One sheet of A4, and slides: the facts of the first screen, for whoever decides."""

import io
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pptx import Presentation

from folders import write
from portsim.figures.study import Study
from portsim.report import brief, write_brief, write_slides
from portsim.report.assumed import topics
from portsim.report.decision import decision
from portsim.report.facts import Facts
from portsim.report.slides import slides
from portsim.results import read_record
from typed import typed

Made = Callable[..., Facts]


def port(late: float) -> dict[str, float]:
    return {
        "late_per_day": late,
        "completed_within_limit": 1 - late / 100,
        "throughput_per_day": 100.0,
        "arrived": 3100.0,
    }


def source(path: str, value: object, mark: str = "E", **others: object) -> dict[str, object]:
    return {"path": path, "value": value, "confidence": mark, "source": "assumed", **others}


@pytest.fixture
def seventeen(tmp_path: Path) -> Path:
    """Seventeen policies with long names, and a summary that no sheet has room for."""
    means = {f"policy number {i} with a long name": port(50.0 - i) for i in range(17)}
    names = list(means)
    long = {"resolved": {"name": names[16], "summary": "Words upon words. " * 40}}
    bound = {"resolved": {"name": names[3], "role": "bound"}}
    return write(tmp_path / "many", means, entries={names[16]: long, names[3]: bound})


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_whatever_the_port_it_is_one_sheet(
    browser: Browser, two: Path, seventeen: Path, tmp_path: Path, language: str
) -> None:
    alone = write(tmp_path / "alone", {"old": port(30.0)})
    page = browser.new_page()
    for folder in (two, seventeen, alone):
        out = write_brief(read_record(folder), folder, language, tmp_path / "brief.html")
        page.goto(out.as_uri())
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/MediaBox", pdf)) == 1
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1280, "height": 800})
    page.close()


def test_it_says_what_the_first_screen_says_and_says_it_once(two: Path) -> None:
    text = brief(read_record(two))
    assert text.count("would cut late trucks from 13.6 to 9.84 a day.") == 1
    assert "China 10:00–19:00; Kazakhstan 10:00–22:00; 7 days a week" in text
    assert text.count("118 assumed") == 1
    assert 'class="answer"' not in text


def test_policies_without_room_are_counted_and_those_that_matter_stay(seventeen: Path) -> None:
    text = brief(read_record(seventeen))
    assert "Policies that are not on this sheet: 7." in text
    for kept in (0, 3, 16):
        assert f'class="word">policy number {kept} with a long name</th>' in text
    assert "Words upon words" not in text


def test_what_is_assumed_stands_by_topic(facts_of: Made) -> None:
    sources = [
        source("resources.gate.capacity", 4, range=["4", "8"]),
        source("resources.desk.capacity", 2),
        source("resources.hall.capacity", 9, "A"),
        source("stages.scan.share", 0.2, range=["0.05", "1"]),
        source("stages.scan.time.erlang.k", 3),
        source("stages.never.share", 0.0),
        source("period.from", "2024-01-01", "B"),
    ]
    resolved = {"name": "old", "resources": {"gate": {"label": "Officers"}}}
    entries = {"old": {"sources": sources, "resolved": resolved}}
    facts = facts_of({"old": port(30.0)}, entries=entries)
    staff, work = topics(facts)
    assert (staff.name, staff.text) == ("Staff, lanes and places", "2 of 3 assumed")
    assert staff.share == pytest.approx(2 / 3)
    assert staff.named == "Officers 4 (4 to 8), desk 2"
    # A shape is no time of a stage, and a share of nobody is no news.
    assert (work.text, work.named) == ("3 of 3 assumed", "scan 20 % (5 to 100 %)")
    assert topics(facts_of({"old": port(30.0)})) == ()
    # Where nothing else is assumed it is not "everything else".
    money = {"old": {"sources": [source("value_of_time.tea.truck", "12 EUR")]}}
    (topic,) = topics(facts_of({"old": port(30.0)}, entries=money))
    assert topic.name == "The value of time"


def words_of(data: bytes) -> list[list[str]]:
    """The texts of each slide."""
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        texts += [c.text for s in slide.shapes if s.has_table for c in s.table.iter_cells()]
        found.append(texts)
    return found


def test_slides_have_the_decision_the_hours_the_curves_and_what_is_assumed(two: Path) -> None:
    record = read_record(two)
    data = slides(record)
    told = words_of(data)
    made = decision(Facts(Study(record)))
    assert made is not None
    assert told[0][0] == made.headline
    assert {tile.figure for tile in made.tiles} <= set(told[0])
    assert {line.verdict for line in made.lines} <= set(told[1])
    assert any("118 assumed" in text for text in told[-1])
    assert any("Staff, lanes and places: 24 of 28 assumed" in text for text in told[-1])
    shown = Presentation(io.BytesIO(data))
    pictures = [s for slide in shown.slides for s in slide.shapes if s.shape_type == 13]
    assert len(pictures) == 5
    for slide in shown.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= shown.slide_width
            assert shape.top + shape.height <= shown.slide_height
    assert slides(record) == data
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_slides_of_a_single_policy_say_the_answer(tmp_path: Path) -> None:
    folder = write(tmp_path / "alone", {"old": port(30.0)})
    told = words_of(write_slides(read_record(folder), folder).read_bytes())
    assert "Under old, 70.0 % (69.0 to 71.0 %) of the trucks are out within 24 h." in told[0][1]


def test_without_python_pptx_the_command_that_installs_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "made", {"old": port(30.0)})
    monkeypatch.setitem(sys.modules, "pptx", None)
    done = typed("report", folder, "--format", "pptx", cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'portsim[slides]'" in done.stderr
    assert not (folder / "slides.pptx").exists()
    sheet = typed("report", folder, "--brief", cwd=tmp_path)
    assert (sheet.returncode, sheet.stdout.strip()) == (0, str(folder / "brief.html"))
    both = typed("report", folder, "--brief", "--format", "pptx", cwd=tmp_path)
    assert both.returncode == 2
