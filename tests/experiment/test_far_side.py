"""A port whose far side works nine hours: nothing is busy all day, and trucks wait for days.

By hand: the near side passes 24 trucks an hour (three officers, 7.5 min each) while the far side is
open, and 40 more fill the strip behind them: 9 h × 24 + 40 = 256 a day. So of what trucks wait, the
night goes back to the far side's hours, and the day to the officers of the near side. More of
either helps; more officers of the far side, whom nobody waits for, do not.
"""

from pathlib import Path

import pytest

import portsim
from drawing import drawn_only
from portsim.results.waiting import splits

SEARCHES = None

PORT = """\
timezone: Asia/Tbilisi
period: {from: 2024-09-02, to: 2024-09-15, warm_up: 4 weeks}
replications: 2
calendars: {far-day: {hours: "09:00-18:00"}}
resources:
  near-officers: {label: Near-side officers, capacity: 3}
  strip: {capacity: 40}
  far-officers: {capacity: 7, calendar: far-day}
stages:
  near:
    takes: {near-officers: 1, strip: {count: 1, until: far}}
    at_close: finish
    time: {uniform: {low: 5 min, high: 10 min}}
  far:
    label: Far side
    hours: far-day
    takes: {far-officers: 1}
    at_close: finish
    time: {exponential: {mean: 10 min}}
traffic:
  trucks: {direction: export, arrivals: {rate: 300 per day}, route: [near, far]}
"""
POLICIES = {
    "more-near": "resources: {near-officers: {capacity: 4}}",
    "longer": 'calendars: {far-day: {hours: "09:00-20:00"}}',
    "more-far": "resources: {far-officers: {capacity: 8, calendar: far-day}}",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("far")
    (folder / "port.yaml").write_text(PORT)
    for name, words in POLICIES.items():
        (folder / f"{name}.yaml").write_text(f"extends: port.yaml\n{words}\n")
    files = [folder / f"{name}.yaml" for name in ("port", *POLICIES)]
    return portsim.compare([portsim.load(file) for file in files], jobs=1, audit="none")


def port(study, name, measure, place=""):
    table = study.summary
    rows = table[(table["scenario"] == name) & (table["truck_class"] == "all")]
    rows = rows[(rows["measure"] == measure) & (rows["place"] == place)]
    return float(rows["mean"].iloc[0])


def test_it_passes_what_the_night_and_the_strip_let_pass(study):
    assert port(study, "port", "throughput_per_day") == pytest.approx(256, rel=0.02)


def test_the_hours_of_the_far_side_come_first_and_the_officers_by_day_second(study):
    found = splits(study.summary)["port"]
    assert found.hours > 100
    assert [part.cause.text for part in found.named] == ["far: hours", "near-officers"]
    assert sum(part.hours for part in found.parts) == pytest.approx(found.hours)
    first, second = (part.hours / found.hours for part in found.parts[:2])
    # Fifteen hours of every day it is shut.
    assert first == pytest.approx(0.6, abs=0.05)
    assert first + second > 0.99
    # All of it is waited at the near side, while open, for places on the strip or for officers.
    for measure in ("strip", "near-officers"):
        assert port(study, "port", f"wait_for_mean_h[{measure}]", "near") > 40
    waited = port(study, "port", "wait_root_mean_h[far: hours]", "near")
    assert waited == pytest.approx(port(study, "port", "wait_for_mean_h[strip]", "near"), rel=0.01)


def test_more_of_what_is_named_helps_and_of_what_is_not_named_does_not(study):
    waited = {name: split.hours for name, split in splits(study.summary).items()}
    assert waited["more-near"] < 0.2 * waited["port"]
    assert waited["longer"] < 0.2 * waited["port"]
    assert waited["more-far"] == pytest.approx(waited["port"], rel=0.01)


def test_the_screen_says_it_in_one_sentence(study):
    said = str(study).replace("\n    ", " ")
    assert "h go back to the hours of Far side (far-day 09:00-18:00)," in said
    assert "h to Near-side officers." in said
    assert "Under longer it is" in said


def test_the_report_and_a_picture_say_it_too(study, tmp_path: Path):
    with drawn_only("causes", images=False):
        written = study.write(tmp_path / "out", force=True)
    assert tmp_path / "out/figures/causes.svg" in written
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "h go back to the hours of Far side (far-day 09:00-18:00)," in page.replace(
        "\u00a0", " "
    )
    assert "What trucks wait for" in page
