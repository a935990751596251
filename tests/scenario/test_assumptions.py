"""Which marked inputs can be varied, over what, and why others cannot."""

from pathlib import Path

import pytest

from portsim.checking import Scenario, load
from portsim.scenario.assumptions import assumptions

PORT = """\
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-05}
resources:
  lanes: {capacity: &few {value: 2, source: guess, confidence: E, range: 1..4}}
  posts: {capacity: *few}
  booths: {capacity: {value: 2, source: guess, confidence: E, range: 1..4}}
  desks: {capacity: {value: 9, confidence: E, range: 1..4}}
  halves: {capacity: {value: 2, confidence: D, range: [1.5, 3]}}
stages:
  gate:
    takes: {lanes: 1, posts: 1, booths: 1, desks: 1, halves: 1}
    time: {value: 1 h 30 min, confidence: E, range: 45 min..2 h}
  hall: {time: {value: {lognormal: {mean: 2, cv: 0.5}}, confidence: E, range: 1..3}}
  yard: {time: {value: 5 min, confidence: E, range: 3..8}}
  scan:
    time: {value: {lognormal: {mean: 8 h, cv: 0.9}}, confidence: E, range: 3 h..24 h}
  done: {time: {value: {uniform: {low: 1 min, high: 3 min}}, confidence: E, range: 1 min..4 min}}
  out: {share: {value: 0.5, confidence: C, range: 0..1}, time: {value: 1 s, confidence: E}}
traffic:
  tea:
    direction: export
    arrivals: {rate: 40 per day}
    route: [gate, hall, yard, scan, done, out]
"""


@pytest.fixture
def policy(tmp_path: Path) -> Scenario:
    text = PORT.replace("mean: 2, cv: 0.5}", "mean: 2 h, cv: 0.5}")
    (tmp_path / "port.yaml").write_text(text, encoding="utf-8")
    return load(tmp_path / "port.yaml")


def test_numbers_are_read_in_the_unit_of_the_value(policy):
    found = {one.path: one for one in assumptions([policy])[0]}
    gate = found["stages.gate.time"]
    assert (gate.unit, gate.low, gate.base, gate.high) == ("h", 0.75, 1.5, 2.0)
    assert gate.written(0.75) == "0.75 h"
    lanes = found["resources.lanes.capacity"]
    assert (lanes.whole, lanes.ends, lanes.written(4.0)) == (True, [1, 4], 4)


def test_an_anchor_is_one_assumption_and_the_same_words_elsewhere_are_another(policy):
    found = {one.path: one.paths for one in assumptions([policy])[0]}
    assert found["resources.lanes.capacity"] == [
        "resources.lanes.capacity",
        "resources.posts.capacity",
    ]
    assert found["resources.booths.capacity"] == ["resources.booths.capacity"]


def test_the_range_of_a_distribution_is_that_of_the_parameter_it_fits(policy):
    found = {one.path: one for one in assumptions([policy])[0]}
    scan = found["stages.scan.time.lognormal.mean"]
    assert (scan.base, scan.low, scan.high) == (8, 3, 24)
    # 1..3 fits neither the mean in hours nor the cv of 0.5.
    assert not [path for path in found if path.startswith("stages.hall")]


def test_what_cannot_be_varied_is_listed_with_the_reason(policy):
    left = {one.path: one.why for one in assumptions([policy])[1]}
    assert left == {
        "resources.desks.capacity": "its value lies outside its range 1..4",
        "resources.halves.capacity": "its range 1.5..3 has ends that are no whole numbers",
        "stages.hall.time": "its range fits none of its values",
        "stages.yard.time": "its range 3..8 cannot be read beside its value",
        "stages.done.time": "its range fits several of its values (uniform.low, uniform.high)",
        "stages.out.time": "it states no range",
    }


def test_marks_and_patterns_choose(policy):
    def paths(**words):
        return [one.path for one in assumptions([policy], **words)[0]]

    assert paths(marks="C") == ["stages.out.share"]
    assert paths(only=["resources.*"]) == ["resources.lanes.capacity", "resources.booths.capacity"]
    assert paths(only=["resources.*"], but=["*.booths.*"]) == ["resources.lanes.capacity"]


def test_policies_of_one_base_file_share_its_assumptions(policy, tmp_path):
    (tmp_path / "more.yaml").write_text(
        "extends: port.yaml\nresources: {lanes: {capacity: 3}}\n", encoding="utf-8"
    )
    found = {one.path: one for one in assumptions([policy, load(tmp_path / "more.yaml")])[0]}
    # The second policy has a number of its own for the lanes, but not for the posts.
    assert found["resources.lanes.capacity"].places == {
        "port": ["resources.lanes.capacity", "resources.posts.capacity"],
        "more": ["resources.posts.capacity"],
    }
    assert set(found["stages.gate.time"].places) == {"port", "more"}
