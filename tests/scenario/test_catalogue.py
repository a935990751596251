"""The catalogue of measures: what it says of each, and how names with brackets are read."""

import math
from pathlib import Path

import pytest

import portsim
from portsim.scenario.measure_catalogue import (
    CAPACITY,
    COUNTERFACTUAL,
    LOG,
    MEASURES,
    STAFF_COST,
    TIME_COST,
    TOTAL_COST,
    Cause,
    headings,
    measure_of,
    named,
    unit_of,
)

SHIPPED = Path(__file__).parents[2] / "results"


@pytest.mark.parametrize(
    ("text", "base", "inside", "parts", "month"),
    [
        ("stay_mean_h", "stay_mean_h", "", [], ""),
        (" stay_p95_h [export,  gate] ", "stay_p95_h", "export,  gate", ["export", "gate"], ""),
        ("throughput_per_day[2024-09]", "throughput_per_day", "2024-09", ["2024-09"], "2024-09"),
        ("throughput_per_day[2024-9]", "throughput_per_day", "2024-9", ["2024-9"], ""),
        ("wait_for_mean_h[far: hours]", "wait_for_mean_h", "far: hours", ["far: hours"], ""),
        ("stay_mean_h[]", "stay_mean_h", "", [], ""),
        ("stay_mean_h[ , ]", "stay_mean_h", ",", [], ""),
    ],
)
def test_names_are_parted_from_what_stands_in_brackets(text, base, inside, parts, month):
    found = named(text)
    assert (found.base, found.inside, found.parts, found.month) == (base, inside, parts, month)
    assert found.written
    assert found.measure is MEASURES[base]
    assert measure_of(text) is MEASURES[base]
    assert named(str(found)) == found


@pytest.mark.parametrize(
    "text", ["", "stay_mean_h[gate", "stay_mean_h]", "stay_mean_h[a][b]", "stay mean", "[gate]"]
)
def test_what_is_not_written_as_a_name_is_no_measure(text):
    found = named(text)
    assert (found.base, found.inside, found.measure, found.written) == (text, "", None, False)
    with pytest.raises(KeyError):
        measure_of(text)


def test_money_is_in_the_currency_of_the_scenario():
    assert unit_of("staff_cost_per_day") == "money/d"
    assert unit_of("staff_cost_per_day", "CNY") == "CNY/d"
    assert unit_of("wait_for_mean_h[lanes]", "CNY") == "h"
    assert "staff_cost_per_day" in headings()
    assert headings().keys() - headings(money=False).keys() == {STAFF_COST, TIME_COST, TOTAL_COST}


@pytest.mark.parametrize("name", MEASURES)
def test_facts_of_a_measure_agree_with_each_other(name):
    one = MEASURES[name]
    assert one.name == name
    assert one.places <= {"port", "stage", "resource"}
    assert one.better in {-1, 0, 1}
    assert one.lowest < one.highest
    assert one.found_by in {LOG, CAPACITY, COUNTERFACTUAL}
    # What is told first, judged by or better is of the whole port.
    assert "port" in one.places or not (one.heading or one.judged or one.better or one.monthly)
    assert one.better or not one.judged
    assert not (one.share and one.summable)
    assert (name.rpartition("_")[2] == "h") == (one.unit == "h")
    assert name.endswith("_per_day") == one.per_day or name.endswith("_max_day")
    assert named(name).written
    assert [name for name in MEASURES if MEASURES[name].label == one.label] == [name]


@pytest.mark.parametrize(
    "kind", ["servers", "off duty", "hours", "claim", "papers", "convoy", "unexplained"]
)
def test_a_cause_is_read_as_it_was_written(kind):
    cause = Cause(kind, "" if kind == "unexplained" else "far side")
    assert Cause.read(cause.of("wait_root_mean_h")) == cause
    assert Cause.read(cause.of("stay_mean_h")) is None
    assert Cause.read("wait_root_mean_h") is None


def test_the_results_that_are_shipped_are_what_the_catalogue_says():
    """Every measure but costs, of which nothing has a price there, and those of servers that
    queues open, of slots, of convoys, of what is done again and of breakdowns that stop works, of
    which there are none; and nothing else."""
    met = set()
    for folder in ("bakhtu", "mutual-trade-2024"):
        study = portsim.read(SHIPPED / folder)
        (resolved, *_) = (entry.resolved for entry in study.manifest.scenarios)
        currency = study.manifest.scenarios[0].currency
        rows = study.summary.itertuples(index=False)
        for _, cls, place, measure, unit, mean, low, high, *_ in rows:
            asked = named(measure)
            one = asked.measure
            assert one is not None, measure
            met.add(one.name)
            kinds = [kind for kind in ("stage", "resource") if place in resolved[f"{kind}s"]]
            assert one.places.intersection(kinds if place else ["port"]), (measure, place)
            assert bool(asked.inside) == (one.by_cause or bool(asked.month)), measure
            assert one.monthly or not asked.month, measure
            assert cls == "all" or one.by_class or one.found_by == CAPACITY, (measure, cls)
            assert unit == unit_of(measure, currency), measure
            known = [value for value in (mean, low, high) if not math.isnan(value)]
            assert all(one.lowest <= value <= one.highest for value in known), measure
    elsewhere = {STAFF_COST, TIME_COST, TOTAL_COST, "waiting_cost_per_day"}
    elsewhere |= {"extra_h_per_day", "opened_per_day"}
    elsewhere |= {"again_per_day", "came_again", "lost", "interrupted_per_day", "chosen_share"}
    elsewhere |= {name for name in MEASURES if "papers" in name}
    elsewhere |= {"slots_wanted_per_day", "slot_as_wanted", "slot_wait_mean_h", "slot_wait_p95_h"}
    elsewhere |= {"no_slot_per_day", "no_show_per_day", "convoys_per_day", "convoy_trucks_mean"}
    assert met == MEASURES.keys() - elsewhere
