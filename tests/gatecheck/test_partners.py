"""Stages and classes of a log find their partners, and what has none is said."""

import pytest

from portsim.errors import InputError
from portsim.held import held_against
from portsim.held.names import partners
from small_logs import came, csv, port, served

TWO_SIDES = """
name: two-sides
timezone: UTC
period: {from: 2024-09-09, to: 2024-09-29, warm_up: 1 week}
calendars: {day: {hours: "06:00-20:00"}}
resources: {east: {capacity: 2, calendar: day}, west: {capacity: 2, calendar: day}}
stages:
  east side: {takes: {east: 1}, hours: day, at_close: finish, time: 5 min}
  west side: {takes: {west: 1}, hours: day, at_close: finish, time: 5 min}
traffic:
  goods export:
    direction: export
    arrivals: {rate: 30 per day, hours: {"08:00-16:00": 1}}
    route: [east side, west side]
  goods import:
    direction: import
    arrivals: {rate: 30 per day, hours: {"08:00-16:00": 1}}
    route: [west side, east side]
"""


def test_case_blanks_and_hyphens_make_no_difference(pair) -> None:
    scenario, _ = pair(csv(served(came(2))))
    assert partners(scenario, ["GATE"], []).stages == {"GATE": "gate"}
    assert partners(scenario, ["main_gate"], []).stages == {"main_gate": "gate"}


def test_no_stage_in_common_is_refused_with_both_lists(pair) -> None:
    both = pair(csv(served(came(7)), name="weighing"))
    with pytest.raises(InputError, match=r"no stage in common: it has gate, the log weighing"):
        held_against(*both)


def test_like_names_of_one_side_are_refused(pair) -> None:
    scenario, _ = pair(csv(served(came(2))))
    with pytest.raises(InputError, match="two stages of like names, `gate` and `GATE`"):
        partners(scenario, ["gate", "GATE"], [])


def test_one_class_takes_all_trucks(pair) -> None:
    scenario, _ = pair(csv(served(came(2))))
    found = partners(scenario, ["gate"], [("a", ""), ("b", "import")])
    assert set(found.classes.values()) == {"trucks"}
    assert found.strange_classes == ()


def test_stages_of_one_side_only_are_said(pair) -> None:
    more = port().replace("stages:\n", "stages:\n  barrier: {label: Way out, time: 1 min}\n")
    more = more.replace("route: [gate]", "route: [gate, barrier]")
    held = held_against(*pair(csv(served(came(21))), more), replications=10)
    assert held.facts["lone_stages"] == ["barrier"]
    assert "Not in the log, so not compared: Way out." in held.sentences
    assert held.faults == []


def test_who_crosses_the_other_way_passes_the_stages_the_other_way_round(pair) -> None:
    head = "plate,class,direction,arrival,east side start,east side end,west side start"
    lines = [f"{head},west side end"]
    stamps = []
    for way, seed in (("export", 1), ("import", 2)):
        first = served(came(21, 30, seed), 5, 2, 6, 20)
        second = served([row[2] for row in first], 5, 2, 6, 20)
        for one, other in zip(first, second, strict=True):
            east, west = (one, other) if way == "export" else (other, one)
            stamps.append((way, (one[0], *east[1:], *west[1:])))
    for number, (way, row) in enumerate(stamps):
        texts = [f"{each:%Y-%m-%d %H:%M:%S}" for each in row]
        lines.append(",".join([f"T{number}", "goods", way, *texts]))
    scenario, log = pair("\n".join(lines) + "\n", TWO_SIDES)
    held = held_against(scenario, log, replications=10)
    table = held.table.set_index(["arrivals", "truck_class", "place", "measure"])["log"]
    for cls in ("goods export", "goods import"):
        for place in ("east side", "west side"):
            assert table["log", cls, place, "work_mean_h"] == pytest.approx(5 / 60)
            assert table["log", cls, place, "wait_mean_h"] < 0.2
        assert table["log", cls, "", "stay_mean_h"] < 1.0
        assert table["log", cls, "", "completed_within_limit"] == 1
