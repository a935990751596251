"""The cheapest point, worked out by hand: limits of all points together, costs, the nearest."""

import math

import pandas as pd
import pytest

from portsim.errors import InputError
from portsim.studies.points import grid
from portsim.studies.promises import parse_minimise, parse_require
from portsim.studies.require import rank, unpriced
from portsim.studies.requirement import Objective, Requirement

P95 = Requirement("stay_p95_h", at_most=10.0)
# t(2) at 1 − 0.05 / 6, as tables for three Bonferroni comparisons have it.
T3 = 7.6488


def priced(yard, **hours: int):
    text = yard.read_text(encoding="utf-8")
    for name, cost in hours.items():
        text = text.replace(
            f"{name}: {{capacity: 1,",
            f"{name}: {{cost_per_staffed_hour: {cost} CNY, capacity: 1,",
        )
    yard.write_text(text, encoding="utf-8")
    return yard


def runs(points, found: dict[tuple, list[float]], measure="stay_p95_h"):
    """Replications of points, with eight staffed hours a day for each scale and for the clerk."""
    rows = []
    for values, figures in found.items():
        where = ["yard", *map(float, values)]
        for number, value in enumerate(figures, 1):
            for place, which, figure in (
                ("", measure, value),
                ("scales", "staffed_h_per_day", 8.0 * values[0]),
                ("clerks", "staffed_h_per_day", 8.0),
            ):
                rows.append([*where, number, "all", place, which, figure, 1, ""])
    names = [
        "policy",
        *points.varied,
        "replication",
        "truck_class",
        "place",
        "measure",
        "value",
        "count",
    ]
    names.append("note")
    return pd.DataFrame(rows, columns=names)


def test_a_stay_known_from_below_keeps_no_promise_that_it_be_short(yard):
    points = scales(yard)
    found = runs(points, THREE)
    assert rank(found, points, [P95])["met"].eq("yes").any()
    cut = found["measure"].eq("stay_p95_h") & found["replication"].eq(2)
    found.loc[cut, "note"] = "at least"
    table = rank(found, points, [P95])
    assert table["met"].eq("no").all()
    assert table["high"].eq(float("inf")).all()


def scales(yard, **more):
    return grid([yard], {"resources.scales.capacity": (1, 2, 3), **more})


THREE = {(1,): [10.0, 11.0, 12.0], (2,): [5.0, 6.0, 7.0], (3,): [4.0, 5.0, 6.0]}


def test_what_would_meet_it_alone_does_not_meet_it_among_three(yard):
    points = scales(priced(yard, scales=100))
    table = rank(runs(points, THREE), points, [P95])
    # Two scales: 6 + 4.303/√3 = 8.48 alone, but 6 + 7.649/√3 = 10.42 for all three together.
    assert table["resources.scales.capacity"].tolist() == [3.0, 2.0, 1.0]
    assert table["rank"].tolist() == [1, 0, 0]
    assert table["met"].tolist() == ["yes", "no", "no"]
    assert table["high"].tolist() == pytest.approx([x + T3 / 3**0.5 for x in (5, 6, 11)], abs=1e-3)
    assert table["cost_per_day"].tolist() == [2400.0, 1600.0, 800.0]
    assert table["staffed_h_per_day"].tolist() == [32.0, 24.0, 16.0]
    assert table["frontier"].tolist() == ["yes", "yes", "yes"]


def test_two_requirements_must_both_be_met_and_share_the_five_per_cent(yard):
    points = scales(priced(yard, scales=100))
    loose = Requirement("stay_p95_h", at_most=14.0)
    least = Requirement("stay_p95_h", at_least=-1.0)
    table = rank(runs(points, THREE), points, [loose, least])
    assert table["rank"].tolist() == [1, 1, 2, 2, 0, 0]
    assert table["resources.scales.capacity"].tolist() == [2.0, 2.0, 3.0, 3.0, 1.0, 1.0]
    assert (table["high"] > table["mean"] + T3 / 3**0.5 + 1).all()


def test_of_points_of_one_cost_the_better_is_on_the_frontier_and_a_worse_dear_one_is_not(yard):
    points = scales(priced(yard, scales=0))
    table = rank(runs(points, THREE), points, [P95])
    assert table["cost_per_day"].tolist() == [0.0] * 3
    best = table[table["frontier"].eq("yes")]
    assert best["resources.scales.capacity"].tolist() == [3.0]


def test_a_dear_point_that_is_worse_is_not_on_the_frontier(yard):
    points = scales(priced(yard, scales=100, clerks=1))
    assert unpriced(points) == []
    worse = {**THREE, (3,): [6.0, 7.0, 8.0]}
    table = rank(runs(points, worse), points, [P95])
    best = table[table["frontier"].eq("yes")]
    assert sorted(best["resources.scales.capacity"]) == [1.0, 2.0]
    assert sorted(table["cost_per_day"]) == [808.0, 1608.0, 2408.0]


def test_without_costs_the_fewest_staffed_hours_come_first(yard):
    points = scales(yard)
    assert unpriced(points) is None
    loose = Requirement("stay_p95_h", at_most=16.0)
    table = rank(runs(points, THREE), points, [loose])
    assert table["cost_per_day"].isna().all()
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["staffed_h_per_day"].tolist() == [16.0, 24.0, 32.0]


def test_a_server_without_a_cost_is_named(yard):
    assert unpriced(scales(priced(yard, scales=100))) == ["clerks"]


def test_when_none_meets_it_the_nearest_mean_comes_first(yard):
    points = scales(yard)
    strict = Requirement("stay_p95_h", at_most=3.0)
    table = rank(runs(points, THREE), points, [strict])
    assert table["rank"].tolist() == [0, 0, 0]
    assert table["resources.scales.capacity"].tolist() == [3.0, 2.0, 1.0]


def test_nobody_chooses_the_traffic_so_each_is_ranked_by_itself(yard):
    points = scales(yard, **{"traffic.cars.scale": (1, 2)})
    easy = {(c, 1): [1.0, 1.1, 1.2] for c in (1, 2, 3)}
    hard = {(1, 2): [90.0] * 3, (2, 2): [2.0] * 3, (3, 2): [1.0] * 3}
    table = rank(runs(points, {**easy, **hard}), points, [P95])
    ranks = table.set_index(["traffic.cars.scale", "resources.scales.capacity"])["rank"].to_dict()
    assert [ranks[1.0, c] for c in (1.0, 2.0, 3.0)] == [1, 2, 3]
    assert [ranks[2.0, c] for c in (1.0, 2.0, 3.0)] == [0, 1, 2]
    assert table["traffic.cars.scale"].tolist() == [1.0] * 3 + [2.0] * 3
    best = table[table["frontier"].eq("yes")]
    assert best["resources.scales.capacity"].tolist() == [1.0, 2.0, 3.0, 1.0]


def test_limits_of_a_share_stay_between_0_and_1_and_one_run_meets_nothing(yard):
    points = scales(yard)
    share = Requirement("completed_within_limit", at_least=0.5)
    found = {(1,): [0.9, 0.95, 0.99], (2,): [1.0] * 3, (3,): [0.99]}
    table = rank(runs(points, found, "completed_within_limit"), points, [share])
    by = table.set_index("resources.scales.capacity")
    assert 0.0 < by["low"][1.0] < by["mean"][1.0] < by["high"][1.0] < 1.0
    assert (by["low"][2.0], by["met"][2.0]) == (1.0, "yes")
    assert math.isnan(by["low"][3.0])
    assert by["met"][3.0] == "no"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("completed_within_limit>=0.95", "completed_within_limit>=0.95"),
        (" completed_within_limit >= 95 % ", "completed_within_limit>=0.95"),
        ("completed_within_limit>=0.7%", "completed_within_limit>=0.007"),
        ("stay_p95_h[export]<=24", "stay_p95_h[export]<=24"),
        ("stay_p95_h[export]<=24 h", "stay_p95_h[export]<=24"),
        ("stay_p95_h<=1d", "stay_p95_h<=24"),
        ("stay_mean_h <= 90 min", "stay_mean_h<=1.5"),
        ("throughput_per_day>=90 a day", "throughput_per_day>=90"),
        ("overtime_h_per_day[clerks]<=2 h/d", "overtime_h_per_day[clerks]<=2"),
        ("stay_p95_h[all]<=24", "stay_p95_h<=24"),
        ("queue_max[weigh, lorries]<=7", "queue_max[lorries, weigh]<=7"),
        ("utilisation[clerks]<=0.85", "utilisation[clerks]<=0.85"),
        ("growth_per_day<=-1.5", "growth_per_day<=-1.5"),
        ("inside_mean<=1e-7", "inside_mean<=1e-07"),
        # Two promises are never written alike, however little they differ.
        ("inside_mean<=1000.001", "inside_mean<=1000.001"),
        ("inside_mean<=1000.002", "inside_mean<=1000.002"),
        ("inside_mean<=1234567", "inside_mean<=1234567.0"),
    ],
)
def test_requirements_are_read_as_written(yard, text, said):
    one = parse_require(text, scales(yard))
    assert str(one) == said
    assert parse_require(said, scales(yard)) == one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("completed_within_limit=0.95", "write a measure, >= or <=, and a number"),
        ("completed_within_limit>0.95", "write a measure, >= or <=, and a number"),
        ("completed_within_limit>=95", "from 0 to 1"),
        ("completed_within>=0.95", "did you mean completed_within_limit"),
        ("capacity_per_day>=300", "a sweep has no measure capacity_per_day"),
        ("wait_for_mean_h<=3", "a sweep has no measure wait_for_mean_h"),
        ("stay_p95_h[export<=24", "write a measure, >= or <=, and a number"),
        ("stay_p95_h<=1 dy", "stay_p95_h is in h; found 1 dy"),
        ("completed_within_limit>=0,95", "0,95 is no number\n    hint: write 0.95, with a point"),
        ("inside_mean<=40 h", "inside_mean is a plain number; found 40 h"),
        ("throughput_per_day>=90 t", "throughput_per_day is in 1/d; found 90 t"),
        ("staff_cost_per_day<=9000", "no server has a cost_per_staffed_hour"),
        ("time_cost_per_day[export]<=9000 CNY", "no value_of_time is said of export"),
        ("stay_p95_h<=nan", "nan is no number"),
        ("stay_p95_h<=24%", "is no share; write it without %"),
        ("stay_p95_h[exprot]<=24", "did you mean export"),
        ("utilisation<=0.9", r"write e.g. utilisation\[scales\]"),
        ("utilisation[weigh]<=0.9", "is one of resources"),
        ("utilisation[scales, export]<=0.9", "is one of resources"),
        ("stay_p95_h[scales]<=9", "is not one of resources"),
        ("inside_mean[weigh]<=9", "is one of the whole port"),
        ("queue_max[weigh, import]<=9", "import has not weigh in its route"),
        ("blocked_mean_h<=1", r"write e.g. blocked_mean_h\[weigh\]"),
    ],
)
def test_requirements_that_nothing_can_meet_are_refused_before_anything_runs(yard, text, said):
    with pytest.raises(InputError, match=said):
        parse_require(text, scales(yard))


def test_amounts_of_money_are_in_the_currency_of_the_port(yard):
    points = scales(priced(yard, scales=100))
    for text in ("100", "100 CNY", "100 CNY a day", "100 yuan/d"):
        assert (
            str(parse_require(f"staff_cost_per_day<={text}", points)) == "staff_cost_per_day<=100"
        )
    with pytest.raises(InputError, match=r"staff_cost_per_day is in CNY/d; found 100 EUR"):
        parse_require("staff_cost_per_day<=100 EUR", points)
    with pytest.raises(InputError, match=r"clerks has no cost_per_staffed_hour; .* scales"):
        parse_require("staff_cost_per_day[clerks]<=100", points)


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("completed_within_limit>=95%", {"measure": "completed_within_limit", "at_least": 0.95}),
        (
            "stay_p95_h[export]<=24",
            {"measure": "stay_p95_h", "at_most": 24, "truck_class": "export"},
        ),
        (
            "queue_max[weigh, lorries]<=7",
            {"measure": "queue_max", "at_most": 7, "place": "weigh", "truck_class": "lorries"},
        ),
    ],
)
def test_a_requirement_as_an_object_is_the_one_in_words(yard, text, promise):
    points, required = scales(yard), Requirement(**promise)
    assert parse_require(text, points) == required
    assert parse_require(required, points) == required
    assert str(parse_require(text, points)) == str(required)


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ({"measure": "stay_p95_h", "at_most": 9, "truck_class": "exprot"}, "did you mean export"),
        # A class is no place, though brackets take either.
        ({"measure": "stay_p95_h", "at_most": 9, "place": "export"}, "no place is called export"),
        ({"measure": "queue_max", "at_most": 9, "truck_class": "weigh"}, "no truck_class is"),
        ({"measure": "inside_mean", "at_most": 9, "place": "weigh"}, "one of the whole port"),
        ({"measure": "stay_p95_h[export]", "at_most": 9}, "did you mean stay_p95_h"),
        ({"measure": "completed_within_limit", "at_least": 95}, "from 0 to 1"),
        ({"measure": "stay_p95_h"}, "give at_least or at_most"),
        ({"measure": "stay_p95_h", "at_least": 1, "at_most": 2}, "give at_least or at_most"),
        ({"measure": "stay_p95_h", "at_most": math.nan}, "no number to hold it to"),
    ],
)
def test_an_object_that_nothing_can_meet_is_refused_by_its_own_words(yard, promise, said):
    with pytest.raises(InputError, match=said) as caught:
        parse_require(Requirement(**promise), scales(yard))
    assert "--" not in str(caught.value)


def test_an_objective_as_an_object_is_the_one_in_words(yard):
    points = scales(yard)
    small = Objective("stay_mean_h", truck_class="export")
    assert parse_minimise("stay_mean_h[export]", points) == parse_minimise(small, points) == small
    with pytest.raises(InputError, match="no truck_class is called exprot"):
        parse_minimise(Objective("stay_mean_h", truck_class="exprot"), points)
