"""The ledger of inputs: what is an input, whose mark it bears, and how many there are."""

from pathlib import Path

import pytest

import portsim
from portsim.scenario.provenance import Input, counts, inputs

PORT = """\
summary: three lanes
timezone: Asia/Shanghai
period: {from: 2024-09-02, to: 2024-09-08}
replications: 2
seed: 3
calendars:
  day:
    label: By day
    hours: {Mon-Fri: "09:00-18:00", Sat: "09:00-12:00"}
    closed: [2024-09-03]
    holidays: {value: [{country: CN}], source: law, confidence: A}
resources:
  lanes: {capacity: &few {value: 2, source: visit, confidence: B, range: 1..4}, calendar: day}
  posts: {capacity: *few}
stages:
  gate:
    activity: customs
    takes: {lanes: 1, posts: {count: 1, until: end}}
    hours: day
    at_close: finish
    claims: {value: true, source: rule book}
    time:
      value:
        lognormal:
          mean: 6 min
          cv: {value: 0.5, confidence: E, range: 0.2..1}
      source: watched
      confidence: C
      range: 4 min..8 min
  hall: {time: 0 s}
traffic:
  scale: 1.0
  lorries:
    direction: export
    arrivals: {rate: 60 per day, months: {Sep: 2, Oct: 1}}
    value: {value: 8000 CNY, confidence: D, source: sum}
    route: [gate, {stage: hall, share: 0.5, time: 2 min}]
"""


@pytest.fixture
def ledger(tmp_path: Path) -> dict[str, Input]:
    path = tmp_path / "port.yaml"
    path.write_text(PORT, encoding="utf-8")
    tree = portsim.load(path).origin.tree
    assert tree is not None
    return {one.dotted: one for one in inputs(tree)}


def test_every_field_with_a_quantity_is_one_input_and_names_are_none(ledger):
    assert list(ledger) == [
        "calendars.day.hours",
        "calendars.day.closed",
        "calendars.day.holidays[0]",
        "resources.lanes.capacity",
        "resources.posts.capacity",
        "stages.gate.takes.lanes",
        "stages.gate.takes.posts.count",
        "stages.gate.claims",
        "stages.gate.time.lognormal.mean",
        "stages.gate.time.lognormal.cv",
        "stages.hall.time",
        "traffic.scale",
        "traffic.lorries.arrivals.rate",
        "traffic.lorries.arrivals.months",
        "traffic.lorries.value",
        "traffic.lorries.route[1].share",
        "traffic.lorries.route[1].time",
    ]
    assert ledger["traffic.lorries.arrivals.months"].value == {"Sep": 2, "Oct": 1}


def test_a_mark_holds_for_all_inside_and_the_innermost_wins(ledger):
    mean = ledger["stages.gate.time.lognormal.mean"]
    assert (mean.confidence, mean.source) == ("C", "watched")
    assert (mean.range, mean.noted) == (("4 min", "8 min"), ("stages", "gate", "time"))
    cv = ledger["stages.gate.time.lognormal.cv"]
    assert (cv.confidence, cv.source, cv.range) == ("E", "watched", ("0.2", "1"))
    assert cv.noted == cv.path
    assert ledger["calendars.day.holidays[0]"].confidence == "A"
    assert ledger["traffic.lorries.value"].confidence == "D"


def test_a_source_without_a_mark_is_listed_but_counts_as_unmarked(ledger):
    claims = ledger["stages.gate.claims"]
    assert (claims.value, claims.source, claims.group) == (True, "rule book", "unmarked")


def test_an_anchor_counts_wherever_it_is_used_and_keeps_its_line(ledger):
    lanes, posts = (ledger[f"resources.{one}.capacity"] for one in ("lanes", "posts"))
    assert lanes.place == posts.place
    assert lanes.place.line == 13
    assert posts.confidence == "B"


def test_counts_add_up_to_the_list(ledger):
    assert counts(ledger.values()) == {
        "measured": 3,
        "second_hand": 1,
        "derived": 1,
        "assumed": 1,
        "unmarked": 11,
    }


def test_data_in_a_file_is_an_input(tmp_path):
    (tmp_path / "times.csv").write_text("t\n3\n4\n", encoding="utf-8")
    text = PORT.replace(
        "share: 0.5, time: 2 min", "time: {empirical: {file: times.csv, column: t, unit: min}}"
    )
    (tmp_path / "port.yaml").write_text(text, encoding="utf-8")
    found = inputs(portsim.load(tmp_path / "port.yaml").origin.tree)
    last = found[-1]
    assert last.dotted == "traffic.lorries.route[1].time.empirical"
    assert last.value == {"file": "times.csv", "column": "t", "unit": "min"}
