"""Verdicts on hand-made figures: they say what the joint intervals say, and never more."""

import numpy as np
import pandas as pd
import pytest

from portsim.experiment.verdicts import judged
from portsim.measures import unit_of
from portsim.statistics import compare
from thorough import cases

NAMES = ("base", "one", "two")


def table(values, measure="stay_mean_h", cls="all", note=""):
    """Rows of replications: values[scenario][replication]."""
    rows = [
        (name, number, cls, "", measure, value, 1, note if name == "two" else "")
        for name, some in zip(NAMES, values, strict=True)
        for number, value in enumerate(some, 1)
    ]
    columns = [
        "scenario",
        "replication",
        "truck_class",
        "place",
        "measure",
        "value",
        "count",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns)


def verdict(frame, **more):
    (found,) = judged(frame, "base", None, more.pop("classes", []), False, unit_of)["verdicts"]
    return found


def test_a_policy_is_best_only_if_the_joint_interval_tells_it_apart():
    """Random policies: best alone means clear of all; not clear of the baseline is never best."""
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(cases(60, 300)):
        luck = rng.normal(0, 1, 8)
        centres = rng.choice([0.0, 0.6, 1.5], 3)
        values = [20 + c + luck + rng.normal(0, 0.7, 8) for c in centres]
        frame = table(values)
        found = verdict(frame)
        joint = compare(frame, "base", unit_of).set_index("scenario")
        unclear = [
            name for name in ("one", "two")
            if joint.loc[name, "joint_low"] <= 0 <= joint.loc[name, "joint_high"]
        ]  # fmt: skip
        best = found["best"]
        seen.add((len(best), best[0] == "base"))
        if best[0] == "base":
            assert set(unclear) <= set(best)
        elif len(best) == 1:
            assert best[0] not in unclear
        elif best[0] in unclear:
            assert "base" in best
    assert {(1, True), (1, False), (2, True), (2, False)} <= seen


def test_less_of_a_stay_is_better_and_more_of_a_share():
    values = [[9.0, 9.1, 9.2], [4.0, 4.1, 4.3], [6.0, 6.2, 6.1]]
    stay = verdict(table(values))
    assert (stay["best"], stay["worst"], stay["told"]) == (["one"], ["base"], True)
    share = verdict(table(np.array(values) / 10, "completed_within_limit"))
    assert (share["best"], share["worst"]) == (["base"], ["one"])


def test_policies_that_are_alike_are_not_ranked():
    found = verdict(table([[1.0, 1.0, 1.0]] * 3, "completed_within_limit"))
    assert (found["told"], found["alike"]) == (False, True)


def test_a_measure_that_a_policy_lacks_is_not_judged():
    frame = table([[9.0, 9.1], [4.0, 4.1], [5.0, 5.1]], "staff_cost_per_day")
    assert (
        judged(frame[frame["scenario"] != "two"], "base", None, [], False, unit_of)["verdicts"]
        != []
    )
    with_stay = pd.concat([frame[frame["scenario"] != "two"], table([[1.0, 2.0]] * 3)])
    found = judged(with_stay, "base", None, [], False, unit_of)["verdicts"]
    assert [one["measure"] for one in found] == ["stay_mean_h"]


def test_a_capacity_of_which_only_a_bound_is_known_may_be_the_largest():
    values = [[100.0, 101.0, 102.0], [300.0, 301.0, 302.5], [200.0, 201.0, 202.5]]
    known = verdict(table(values, "capacity_per_day"))
    assert known["best"] == ["one"]
    bound = verdict(table(values, "capacity_per_day", note="at least"))
    assert (bound["best"], bound["worst"], bound["told"]) == (["one", "two"], ["base"], True)


def test_classes_are_told_where_they_fare_differently():
    gains = table([[9.0, 9.1, 9.3], [4.0, 4.2, 4.1], [9.0, 9.1, 9.3]], cls="tea")
    loses = table([[5.0, 5.1, 5.0], [7.0, 7.2, 7.1], [5.0, 5.1, 5.0]], cls="cars")
    frame = pd.concat([gains, loses])
    found = judged(frame, "base", None, ["tea", "cars"], False, unit_of)["class_changes"]
    assert [one["scenario"] for one in found] == ["one"]
    assert [cls for cls, _ in found[0]["better"]] == ["tea"]
    assert [cls for cls, _ in found[0]["worse"]] == ["cars"]
    assert found[0]["worse"][0][1] == pytest.approx(2.0 + 1 / 15)
    # All classes better: what is said of all trucks says it.
    alike = pd.concat([gains, gains.assign(truck_class="cars")])
    assert "class_changes" not in judged(alike, "base", None, ["tea", "cars"], False, unit_of)
