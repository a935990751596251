"""What is asked of the statistics: the words read, and refused where they mean nothing."""

import datetime as dt

import pytest

from portsim.errors import InputError
from portsim.experiment.goals import Goals, Target, check_months, parse_goals
from portsim.scenario.measure_catalogue import CAPACITY, MEASURES


def test_goals_are_read():
    asked = parse_goals(
        compared=True,
        precision="completed_within_limit=0.005, throughput_per_day = 1%,"
        "difference:completed_within_limit=0.01,difference:throughput_per_day[2024-03]=2.5 %",
        max_replications=60,
        best="stay_p95_h",
        select="delta=0.5",
        antithetic=True,
    )
    assert asked.targets == (
        Target("completed_within_limit", 0.005, relative=False, difference=False),
        Target("throughput_per_day", 0.01, relative=True, difference=False),
        Target("completed_within_limit", 0.01, relative=False, difference=True),
        Target("throughput_per_day[2024-03]", 0.025, relative=True, difference=True),
    )
    assert (asked.most, asked.best, asked.delta) == (60, "stay_p95_h", 0.5)
    assert asked.antithetic
    assert asked.adds


def test_nothing_asked_is_no_input():
    asked = parse_goals(compared=False)
    assert asked == Goals()
    assert not asked.adds
    assert parse_goals(compared=True, select=0.5) == parse_goals(compared=True, select="delta=0.5")
    # Folders made before the options existed keep their fingerprint.
    assert asked.inputs() == {}


@pytest.mark.parametrize(
    "words",
    [
        {"precision": "throughput_per_day=1%"},
        {"precision": "throughput_per_day=1"},
        {"precision": "difference:throughput_per_day=1"},
        {"precision": "throughput_per_day=1%", "max_replications": 20},
        {"best": "throughput_per_day"},
        {"select": "delta=0.1"},
        {"select": "delta=0.2"},
        {"antithetic": True},
    ],
)
def test_whatever_changes_the_outcome_is_an_input(words):
    mine = parse_goals(compared=True, **words).inputs()
    assert mine
    others = [
        parse_goals(compared=True, **other).inputs()
        for other in (
            {},
            {"precision": "throughput_per_day=1.5%"},
            {"precision": "throughput_per_day=1%", "max_replications": 30},
        )
    ]
    assert mine not in others


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"precision": ""}, r"'' is not MEASURE=HALF_WIDTH; for example completed_within_limit=0"),
        ({"precision": "stay_mean_h"}, "'stay_mean_h' is not MEASURE=HALF_WIDTH"),
        ({"precision": "=1"}, "'=1' is not MEASURE=HALF_WIDTH"),
        ({"precision": "throughput=1"}, "no measure is called throughput; did you mean throughput"),
        ({"precision": "utilisation=1%"}, "utilisation: a measure of stages or resources"),
        ({"precision": "stay_mean_h=-1"}, "--precision stay_mean_h: '-1' is not a number above 0"),
        ({"precision": "stay_mean_h=nan"}, "'nan' is not a number above 0"),
        ({"precision": "stay_mean_h=0%"}, "'0' is not a number above 0"),
        ({"precision": "stay_mean_h=150%"}, "150% must be below 100 %"),
        ({"precision": "stay_mean_h=1,stay_mean_h=2%"}, "stay_mean_h stands twice"),
        ({"precision": "inside_max[2024-03]=1"}, r"by month there are throughput_per_day and"),
        ({"precision": "difference:stay_mean_h=1", "compared": False}, "only one scenario"),
        ({"select": "delta=1", "compared": False}, "only one scenario; use it with compare"),
        ({"best": "stay_mean_h", "compared": False}, "only one scenario; use it with compare"),
        ({"best": "arrived"}, "--best arrived: neither more nor less of it is better; choose one"),
        ({"best": "stay"}, "no measure is called stay"),
        ({"select": "0.01"}, "'0.01' is not delta=NUMBER, the smallest difference worth"),
        ({"select": "delta=0"}, "--select delta: '0' is not a number above 0"),
        ({"select": 0}, "^select: '0' is not a number above 0"),
        ({"max_replications": 50}, "say what for with --precision or --select"),
        ({"select": "delta=1", "max_replications": 9}, "too few to judge a precision; 10 or more"),
        ({"select": "delta=1", "max_replications": 19, "antithetic": True}, "few.*; 20 or more"),
    ],
)
def test_nonsense_is_refused_with_what_was_expected(words, says):
    with pytest.raises(InputError, match=says):
        parse_goals(**{"compared": True, **words})


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_every_measure_has_its_place(measure):
    """Of the port, or of stages and resources; only of the port's can one be better."""
    known = MEASURES[measure]
    assert not (known.better and "port" not in known.places)
    if "port" not in known.places:
        with pytest.raises(InputError, match="not of the whole port"):
            parse_goals(compared=False, precision=f"{measure}=1")
    elif known.by_cause:
        with pytest.raises(InputError, match="it is given by cause"):
            parse_goals(compared=False, precision=f"{measure}=1")
    elif known.found_by == CAPACITY:
        with pytest.raises(InputError, match="found once, by runs of its own"):
            parse_goals(compared=False, precision=f"{measure}=1")
    else:
        assert parse_goals(compared=False, precision=f"{measure}=1").targets


def test_a_capacity_may_tell_the_best_but_replications_are_not_added_for_it():
    assert parse_goals(compared=True, best="capacity_per_day").best == "capacity_per_day"
    with pytest.raises(InputError, match="--best capacity_per_day: a capacity is found once"):
        parse_goals(compared=True, best="capacity_per_day", select="delta=3")


def test_months_must_be_in_the_period():
    first, last = dt.date(2023, 12, 5), dt.date(2024, 2, 1)
    for month in ("2023-12", "2024-01", "2024-02"):
        measure = f"throughput_per_day[{month}]"
        check_months(parse_goals(compared=True, best=measure), first, last)
        check_months(parse_goals(compared=True, precision=f"{measure}=1"), first, last)
    for month in ("2023-11", "2024-03", "2024-00", "march"):
        asked = parse_goals(compared=True, precision=f"completed_within_limit[{month}]=0.1")
        with pytest.raises(InputError, match="no such month; it goes from 2023-12 to 2024-02"):
            check_months(asked, first, last)
