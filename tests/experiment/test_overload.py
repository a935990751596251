"""Overload of whole studies: what is called so, when, and in which words."""

import numpy as np
import pytest

import portsim
from demand.ports import port
from portsim.experiment.loads import loads
from portsim.experiment.overload import overloads
from portsim.measures import Strain
from portsim.results.overloads import overload_sentence

HEAD = """\
name: port
timezone: Europe/Warsaw
period: {from: 2025-03-03, to: 2025-03-16}
replications: 5
calendars:
  day: {hours: "08:00-16:00"}
  night: {hours: "16:00-24:00"}
"""
LANE = """\
resources: {lanes: {capacity: 1, label: Gate lanes}}
stages: {gate: {takes: {lanes: 1}, hours: day, at_close: finish, time: 3 min}}
traffic: {t: {direction: import, arrivals: {rate: 200 per day}, route: [gate]}}
"""
QUOTA = """\
resources: {quota: {kind: budget, level: 100, refill: "00:00"}}
stages: {permit: {spends: {quota: 1}, time: 5 min}}
traffic: {t: {direction: import, arrivals: {rate: 113 per day}, route: [permit]}}
"""
STRIP = """\
resources:
  near: {capacity: 3}
  strip: {capacity: 40}
  far: {capacity: 7, calendar: day}
stages:
  near-side:
    label: Near side
    takes: {near: 1, strip: {until: far-side}}
    at_close: finish
    time: {uniform: {low: 5 min, high: 10 min}}
  far-side: {takes: {far: 1}, hours: day, at_close: finish, time: {exponential: {mean: 10 min}}}
traffic: {t: {direction: import, arrivals: {rate: 300 per day}, route: [near-side, far-side]}}
"""
QUIET = {"jobs": 1, "audit": "none"}


def study_of(folder, text, *changes):
    return portsim.run(port(folder, *changes, text=HEAD + text), **QUIET)


def remark(study):
    return overload_sentence(study.manifest.scenarios[0].overload, "it")


def noted(study):
    """Measures of the port that hold for this period only."""
    rows = study.summary[study.summary["note"].str.contains("overloaded")]
    return set(rows.loc[rows["place"].eq("") & rows["truck_class"].eq("all"), "measure"])


def load_of(study, place):
    rows = study.summary[study.summary["place"].eq(place) & study.summary["measure"].eq("load")]
    return float(rows["mean"].iloc[0])


def test_a_lane_that_is_asked_for_ten_hours_in_eight(tmp_path):
    """200 trucks of 3 min in 8 h: 1.25 on average, whether or not somebody wrote its hours down."""
    study = study_of(tmp_path, LANE)
    assert load_of(study, "lanes") == pytest.approx(1.25, abs=0.04)
    said = f"{100 * load_of(study, 'lanes'):.0f} % of their working time"
    assert remark(study) == (
        f"it is overloaded: in the 14 days from 3 March 2025 the trucks that came asked Gate lanes "
        f"for {said}; stay and completion hold for this period only."
    )
    assert {"throughput_per_day", "stay_mean_h", "inside_max", "throughput_max_day"} <= noted(study)
    assert not {"arrived", "released", "arrived_max_day", "capacity_per_day"} & noted(study)
    again = study_of(tmp_path, LANE, ("capacity: 1,", "capacity: 1, calendar: day,"))
    assert load_of(again, "lanes") == load_of(study, "lanes")
    assert remark(again) == remark(study)


def test_a_quota_of_which_more_is_asked_than_given(tmp_path):
    study = study_of(tmp_path, QUOTA)
    assert load_of(study, "quota") == pytest.approx(1.13, abs=0.04)
    said = f"the trucks that came asked for {100 * load_of(study, 'quota'):.0f} % of quota"
    assert said in remark(study)
    assert "weeks" not in remark(study)


def test_a_queue_that_grows_though_nobody_is_asked_for_too_much(tmp_path):
    """Forty places, full while the far side is shut: far officers have an hour to spare in ten."""
    study = study_of(tmp_path, STRIP, ("08:00-16:00", "09:00-18:00"))
    assert all(load_of(study, place) < 0.9 for place in ("near", "strip", "far"))
    assert "of the trucks that Near side could admit came to it, so its queue grew" in remark(study)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (LANE, [("200 per day", "150 per day")]),
        (LANE, [("200 per day", "150 per day"), ("replications: 5", "replications: 1")]),
        (QUOTA, [("113 per day", "93 per day")]),
        (STRIP, [("08:00-16:00", "09:00-18:00"), ("300 per day", "235 per day")]),
        # From Friday on: two days' trucks wait at the end, as at the end of each week.
        (LANE, [("2025-03-03, to: 2025-03-16", "2025-03-07, to: 2025-03-13"),
                ('"08:00-16:00"', '{Mon-Fri: "08:00-16:00"}'), ("200 per day", "105 per day")]),
        (LANE, [("2025-03-03, to: 2025-03-16", "2025-03-03, to: 2025-03-09"),
                ('"08:00-16:00"', '{Mon-Fri: "08:00-16:00"}'), ("200 per day", "105 per day")]),
    ],
)  # fmt: skip
def test_a_port_that_can_do_its_work_is_not_overloaded(tmp_path, text, changes):
    study = study_of(tmp_path, text, *changes)
    assert remark(study) == ""
    assert noted(study) == set()


def test_what_is_slight_in_one_replication_is_no_overload():
    def run(load):
        return [Strain("servers", "clerk", np.full(7, load), np.ones(7), 0.01)]

    assert [one.load for one in overloads([run(1.5), run(1.5)])] == [1.5]
    assert overloads([run(1.5), []]) == overloads([]) == []


def test_the_highest_load_comes_first_and_resources_before_stages():
    def strain(kind, place, load):
        return Strain(kind, place, np.full(7, load), np.ones(7), 0.01)

    run = [
        strain("stage", "gate", 3.0),
        strain("budget", "quota", 1.1),
        strain("servers", "lanes", 2.0),
    ]
    assert [one.place for one in overloads([run, run])] == ["lanes", "quota", "gate"]


def test_validate_and_the_run_agree(tmp_path):
    """The loads of the first replication, before and after it was run."""
    for text, place in ((LANE, "lanes"), (QUOTA, "quota")):
        scenario = port(tmp_path, text=HEAD + text)
        (before,) = loads(scenario)
        after = portsim.run(scenario, replications=1, **QUIET).replications
        mine = after[after["place"].eq(place)].set_index("measure")["value"]
        # A table has ten digits.
        assert before.load == pytest.approx(mine["load"], rel=5e-10)
        if text == LANE:
            wanted = [mine["staffed_h_per_day"], mine["available_h_per_day"]]
            assert [before.staffed_h, before.available_h] == wanted == [8.0, 8.0]


def test_shifts_that_never_meet_do_not_add_up(tmp_path):
    roster = "lanes: {roster: [{calendar: day, count: 2}, {calendar: night, count: 3}]}"
    scenario = port(tmp_path, ("lanes: {capacity: 1, label: Gate lanes}", roster), text=HEAD + LANE)
    (lanes,) = loads(scenario)
    assert lanes.largest == 3
    # Two by day and three at night are 40 h on duty; the gate is open for the sixteen of the day.
    assert (lanes.staffed_h, lanes.available_h) == (40.0, 16.0)
