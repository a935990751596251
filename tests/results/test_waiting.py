"""What trucks wait for, said on the screen: roots, what changes them, and hours by their name."""

import math

import pandas as pd
import pytest

from portsim.results import Manifest, Run, ScenarioEntry
from portsim.results.waiting import Split, changes, hours_of, label_of, splits, waiting_for
from portsim.scenario.measure_catalogue import Cause

RESOLVED = {
    "calendars": {"far-day": {"hours": "09:00-18:00"}, "week": {"hours": {"Mon": "08:00-12:00"}}},
    "resources": {"clerks": {"label": "Clerks of the near side"}},
    "stages": {
        "far": {"label": "Far side", "hours": "far-day"},
        "near": {"hours": ["far-day", "week"]},
        "yard": {},
    },
}


def manifest(*names):
    return Manifest(
        scenarios=tuple(ScenarioEntry(name, RESOLVED, "") for name in names),
        baseline=names[0] if len(names) > 1 else None,
        seed=1,
        replications=5,
        engine="compiled",
        versions={},
        fingerprint="",
        run=Run("", "", 0.0, 1),
    )


def summary(**policies):
    rows = []
    for name, (waited, roots) in policies.items():
        rows.append((name, "all", "", "wait_open_mean_h", waited / 4))
        rows.append((name, "all", "", "wait_closed_mean_h", 3 * waited / 4))
        rows.append((name, "tea", "", "wait_root_mean_h[clerks]", 99.0))
        rows.append((name, "all", "near", "wait_root_mean_h[clerks]", 99.0))
        rows.append((name, "all", "", "wait_for_mean_h[clerks]", 99.0))
        rows += [
            (name, "all", "", f"wait_root_mean_h[{root}]", hours) for root, hours in roots.items()
        ]
    return pd.DataFrame(
        rows, columns=["scenario", "truck_class", "place", "measure", "mean"]
    ).assign(note="")


def comparison(**rows):
    return pd.DataFrame(
        [
            ("new", "all", "", f"wait_root_mean_h[{root.replace('_', ': ')}]", *values)
            for root, values in rows.items()
        ],
        columns=[
            "scenario",
            "truck_class",
            "place",
            "measure",
            "difference",
            "joint_low",
            "joint_high",
        ],
    )


OLD = (100.0, {"far: hours": 60.0, "clerks": 25.0, "yard: hours": 10.0, "far: off duty": 5.0})


def test_roots_are_named_until_they_make_up_most_of_the_waiting():
    found = splits(summary(old=OLD))["old"]
    assert found.hours == 100.0
    assert [part.cause.text for part in found.named] == ["far: hours", "clerks"]
    assert waiting_for(summary(old=OLD), manifest("old"), None) == [
        (
            "Of 100 h that a truck waits under old, 60.0 h go back to the hours of Far side "
            "(far-day 09:00-18:00), 25.0 h to Clerks of the near side."
        )
    ]


@pytest.mark.parametrize("waits", [(0.05, {"clerks": 0.05}), (0.0, {}), (5.0, {})])
def test_of_hardly_any_waiting_nothing_is_said(waits):
    assert waiting_for(summary(old=waits), manifest("old"), None) == []


def test_what_a_policy_changes_is_told_where_it_is_clear():
    new = (41.0, {"far: hours": 1.0, "clerks": 26.0, "far: off duty": 14.0})
    table = comparison(
        far_hours=(-59.0, -62.0, -56.0),
        clerks=(7.0, -1.0, 15.0),
        yard_hours=(-2.0, -2.1, -1.9),
        **{"far_off duty": (9.0, 8.0, 10.0)},
    )
    said = waiting_for(summary(old=OLD, new=new), manifest("old", "new"), table)
    assert said[1] == (
        "Under new it is 41.0 h: 59.0 h less for the hours of Far side (far-day 09:00-18:00), 9.00 "
        "h more for Far side off duty."
    )
    # One replication has no intervals: then what it shows is told.
    once = comparison(far_hours=(-59.0, math.nan, math.nan))
    found = splits(summary(old=OLD, new=new))
    assert [one.hours for one in changes(once, "new", found["old"], found["new"])] == [-59.0]


def test_where_only_the_policy_makes_trucks_wait_its_causes_are_told():
    new = (9.0, {"clerks": 9.0})
    table = comparison(clerks=(9.0, 8.0, 10.0))
    said = waiting_for(summary(old=(0.0, {}), new=new), manifest("old", "new"), table)
    assert said == [
        "Of 9.00 h that a truck waits under new, 9.00 h go back to Clerks of the near side."
    ]


def test_hours_and_labels_are_those_of_the_scenario():
    assert hours_of(RESOLVED, "far") == "far-day 09:00-18:00"
    assert hours_of(RESOLVED, "near") == "far-day 09:00-18:00, week"
    assert hours_of(RESOLVED, "yard") == ""
    assert hours_of({}, "far") == ""
    assert label_of(RESOLVED, "near") == "near"
    noted = {
        "stages": {"far": {"hours": {"value": "d"}}},
        "calendars": {"d": {"hours": {"value": "x"}}},
    }
    assert hours_of(noted, "far") == "d x"


def test_parts_are_sorted_by_their_hours():
    assert isinstance(found := splits(summary(old=OLD))["old"], Split)
    assert [part.hours for part in found.parts] == [60.0, 25.0, 10.0, 5.0]
    assert found.parts[3].cause == Cause("off duty", "far")
