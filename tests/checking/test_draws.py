"""What trucks may draw is foreseen: nobody needs more than a budget, or a lane, ever has."""

import numpy as np
import pytest
from pydantic import ValidationError

from portsim.checking.draws import exceeds
from portsim.demand import inverse
from portsim.experiment import Execution, Keep, run_all
from portsim.scenario.distributions import Distribution

MOST = "at most the 10 that permits ever has"


def spent(residents: str, count: int = 1):
    """Permits for each resident at the inspection."""
    return (
        ("permits: 1,", f"permits: {{count: {count}, per: resident}},"),
        ("patience: 5 h", f"residents: {residents}"),
    )


@pytest.mark.parametrize(
    ("residents", "count", "found"),
    [
        ("11", 1, "a need of 11 permits at inspection"),
        ("4", 3, "a need of 12 permits at inspection"),
        (
            "{uniform: {low: 1, high: 20}}",
            1,
            "need above that at inspection for 50 % of the trucks",
        ),
        ("{triangular: {low: 12, mode: 13, high: 14}}", 1, "inspection for 100 % of the trucks"),
        ("{lognormal: {mean: 5, cv: 0.5}}", 1, "a need above that at inspection for 3.54 % of"),
    ],
)
def test_more_residents_than_permits(faults, residents, count, found):
    (fault,) = faults(*spent(residents, count))
    assert fault.path == "traffic.tea.residents"
    assert fault.line > 0
    assert fault.found.startswith(found) or found in fault.found
    assert fault.expected == MOST
    assert "would wait for ever" in fault.hint


@pytest.mark.parametrize(
    ("residents", "count"),
    [
        ("10", 1),
        ("5", 2),
        ("{uniform: {low: 1, high: 10}}", 1),
        ("{triangular: {low: 1, mode: 4, high: 10}}", 1),
        ("{lognormal: {mean: 2, cv: 0.1}}", 1),
    ],
)
def test_no_more_residents_than_permits(scenario, residents, count):
    assert scenario(*spent(residents, count)).origin.warnings == ()


def test_hardly_any_truck_is_warned_of(warning):
    """Of an Erlang of 20 phases with mean 4, one value in ten million exceeds 10.5."""
    found = warning(*spent("{erlang: {mean: 4, k: 20}}"))
    assert (found.path, found.expected) == ("traffic.tea.residents", MOST)
    assert found.found == "a need above that at inspection for one truck in 10,330,541"


def test_residents_that_follow_from_a_price(faults, scenario):
    def goods(price):
        quota = "{quota: 8000 CNY}\n    price: " + price
        return (*spent(quota), ("load: 21 t", "load: {uniform: {low: 10 t, high: 20 t}}"))

    assert scenario(*goods("4000 CNY/t")).origin.warnings == ()
    assert scenario(*goods("{uniform: {low: 1 CNY/t, high: 4000 CNY/t}}")).origin.warnings == ()
    (fault,) = faults(*goods("5000 CNY/t"))
    assert fault.found == "a need above that at inspection for 40 % of the trucks"
    # A load of 20 t at 4,100 needs 10.25 quotas; the corner of both is small.
    (fault,) = faults(*goods("{uniform: {low: 1 CNY/t, high: 4100 CNY/t}}"))
    told = 1 / float(fault.found.rpartition(" ")[2].replace(",", ""))
    load, price = np.meshgrid(np.linspace(10, 20, 3001), np.linspace(1, 4100, 3001))
    assert told == pytest.approx(np.mean(load * price > 80_000), rel=0.1)


def test_nobody_passes_where_the_share_is_none(scenario):
    scenario(*spent("11"), ("share: 0.3", "share: 0"))


@pytest.mark.parametrize(
    "words",
    [
        {"exponential": {"mean": 4.0}},
        {"lognormal": {"mean": 4.0, "cv": 0.9}},
        {"gamma": {"mean": 4.0, "cv": 0.5}},
        {"erlang": {"mean": 4.0, "k": 3}},
        {"weibull": {"mean": 4.0, "shape": 1.7}},
        {"triangular": {"low": 1.0, "mode": 2.0, "high": 7.0}},
        {"triangular": {"low": 2.0, "mode": 2.0, "high": 7.0}},
        {"triangular": {"low": 1.0, "mode": 7.0, "high": 7.0}},
        {"uniform": {"low": 1.0, "high": 7.0}},
        {"weibull": {"mean": 4.0, "shape": 0.05}},
        {"truncated_normal": {"mean": 3.0, "sd": 2.0, "low": 1.0, "high": 9.0}},
        {
            "mixture": [
                {"weight": 1.0, "erlang": {"mean": 4.0, "k": 3}},
                {"weight": 3.0, "weibull": {"mean": 9.0, "shape": 2.0}},
                {"weight": 2.0, "triangular": {"low": 1.0, "mode": 2.0, "high": 7.0}},
            ]
        },
    ],
)
def test_the_odds_are_those_of_the_draws(words):
    spread = Distribution[float].model_validate(words)
    u = np.array([0.001, 0.2, 0.5, 0.9, 0.99999])
    found = [exceeds(spread, float(x), {}) for x in inverse(spread, u, {})]
    assert found == pytest.approx(1.0 - u, rel=1e-6)
    assert exceeds(spread, 1e300, {}) < 1e-99
    assert exceeds(spread, 0.0, {}) == 1.0


def test_odds_of_observed_values_and_of_nothing():
    observed = {("x.csv", "n", ""): np.array([1.0, 2.0, 2.0, 9.0])}
    words = {"empirical": {"file": "x.csv", "column": "n"}}
    assert exceeds(Distribution[float].model_validate(words), 2.0, observed) == 0.25
    assert exceeds(Distribution[float].model_validate(words), 2.0, {}) == 0.0
    listed = Distribution[float].model_validate({"empirical": {"values": (9.0, 2.0, 1.0, 2.0)}})
    assert exceeds(listed, 2.0, {}) == 0.25
    assert inverse(listed, np.array([0.0, 0.3, 0.99]), {}).tolist() == [1.0, 2.0, 9.0]
    assert exceeds(Distribution[float].model_validate({"exponential": {"mean": 0.0}}), 1, {}) == 0.0
    assert exceeds(Distribution[float].model_validate({"constant": 3.0}), 3.0, {}) == 0.0


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"values": ()},
        {"file": "x.csv"},
        {"column": "n"},
        {"values": (1.0,), "file": "x.csv", "column": "n"},
        {"values": (1.0,), "unit": "min"},
    ],
)
def test_observed_values_are_listed_or_in_a_file(words):
    with pytest.raises(ValidationError, match="either `values`, or a `file`"):
        Distribution[float].model_validate({"empirical": words})


# ---- what a truck keeps -------------------------------------------------------------------------


def keeping(until: str, more: str = "2"):
    return (
        ("{lanes: {until: inspection}}", f"{{lanes: {{count: 3, until: {until}}}}}"),
        ("time: 1 min\n", f"time: 1 min\n    takes: {{lanes: {more}}}\n    at_close: finish\n"),
    )


@pytest.mark.parametrize("more", ["2", "all"])
def test_a_truck_that_would_wait_for_itself(faults, more):
    (fault,) = faults(*keeping("exit", more))
    assert fault.path == "stages.release.takes.lanes"
    assert fault.expected == "at most the 4 that lanes ever has, with those a truck still holds"
    assert fault.found == f"a need of {2 if more == '2' else 4}"
    assert "a truck of tea keeps 3 since gate" in fault.hint


@pytest.mark.parametrize("until", ["end", "next", "inspection", "release"])
def test_what_is_given_back_at_the_admission_can_be_taken_again(scenario, until):
    scenario(*keeping(until))


def test_what_trucks_of_another_channel_keep_is_not_held_against_them(scenario, faults):
    def route(gate, release):
        return (
            *keeping("exit"),
            ("patience: 5 h", "channels: {green: 0.5, red: 0.5}"),
            (
                "[gate, inspection, release]",
                f"[{{stage: gate, channels: {gate}}}, {{stage: release, channels: {release}}}]",
            ),
        )

    scenario(*route("green", "red"))
    (fault,) = faults(*route("[green, red]", "red"))
    assert fault.path == "stages.release.takes.lanes"


def test_what_passes_the_checks_is_run(scenario):
    """Permits a resident within the level, the largest need there is, and all of them at once."""
    port = scenario(*spent("{uniform: {low: 0, high: 10}}"), ("period:", "seed: 3\nperiod:"))
    study = run_all([port], Keep(counterfactuals=False), replications=3, how=Execution(jobs=1))
    assert study.manifest.failures == ()
