"""The live page in a notebook: of a scenario, and of a study."""

import json
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import portsim
from live.conftest import PORT, SETTLED, SMALL
from portsim.errors import InputError


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL.replace("RATE", "100"), "utf-8")
    (tmp_path / "later.yaml").write_text(
        'extends: small.yaml\ncalendars: {day: {hours: "08:00-22:00"}}\n', "utf-8"
    )
    (tmp_path / "quicker.yaml").write_text(
        "extends: small.yaml\nstages: {desk: {time: 3 min}}\n", "utf-8"
    )
    return file


def test_what_a_notebook_shows_is_what_is_written(small: Path, tmp_path: Path) -> None:
    shown = portsim.live(small, small.with_name("later.yaml"))
    out = shown.write(tmp_path / "page.html")
    framed = shown._repr_html_()
    assert framed.startswith('<iframe title="small" srcdoc="')
    srcdoc = framed.split('srcdoc="')[1].split('" style')[0]
    assert '"' not in srcdoc
    assert unescape(srcdoc) == out.read_text("utf-8") == shown.html
    assert '"file":"small.yaml"' in shown.html
    with pytest.raises(InputError, match="no such folder"):
        shown.write(tmp_path / "nowhere" / "page.html")
    with pytest.raises(InputError, match="at most 3"):
        portsim.live(small, *[small.with_name("later.yaml")] * 4)


def test_a_study_pins_what_can_be_moved_and_leaves_out_the_rest(small: Path) -> None:
    files = [small, small.with_name("quicker.yaml"), small.with_name("later.yaml")]
    study = portsim.compare(files, replications=1, jobs=1)
    shown = study.live()
    assert shown.name == "small"
    assert '"policies":[["later",' in shown.html
    assert study.live("quicker").name == "quicker"
    with pytest.raises(InputError, match="no scenario slower in this study; it has small, quicker"):
        study.live("slower")


def test_the_page_of_a_study_is_that_of_its_scenario(tmp_path: Path) -> None:
    """What a study keeps of a port with every word of calendars makes the very same page, where
    its values come from included."""
    file = tmp_path / "port.yaml"
    file.write_text(PORT % ("2024-03-25", "2024-04-07"), "utf-8")
    port = portsim.load(file)
    study = portsim.run(port, replications=1, jobs=1)
    told, own = (
        json.loads(shown.html.split('id="data">', 1)[1].split("</script>", 1)[0])
        for shown in (study.live(replications=1), portsim.live(port, replications=1))
    )
    assert set(told["marks"]) == {"calendars.near.hours"}
    assert told == own


def test_in_a_frame_it_answers_too(browser: Browser, small: Path, tmp_path: Path) -> None:
    view = browser.new_page()
    heard: list[str] = []
    view.on("console", lambda message: heard.append(message.text))
    view.on("pageerror", lambda error: heard.append(str(error)))
    file = tmp_path / "notebook.html"
    file.write_text(f"<!doctype html><title>n</title>{portsim.live(small)._repr_html_()}", "utf-8")
    view.goto(file.as_uri())
    frame = view.frames[1]
    frame.wait_for_function(SETTLED, timeout=60_000)
    frame.get_by_role("button", name="one more: clerk").click()
    frame.wait_for_function(SETTLED, timeout=60_000)
    assert "points against as it is" in frame.locator("#kept-change").inner_text()
    assert heard == []
    view.close()
