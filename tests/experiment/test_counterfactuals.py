"""Counterfactual runs against the same thing written as a scenario of its own."""

import math
from pathlib import Path

import pytest

import portsim
import portsim.experiment.counterfactuals as counterfactuals_module
from demand.ports import port
from portsim.errors import StuckError
from portsim.experiment import conduct
from portsim.experiment.common_draws import replications
from portsim.plan import Site, endless
from portsim.plan.contract import SERVERS

BAKHTU = Path(__file__).parents[2] / "scenarios" / "bakhtu"
BUSY = "hours-7x12.yaml+wind-busy-month.yaml"
NONE = "hours-7x12.yaml+wind-none.yaml"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Six weeks of a busy month, without wind loads, and with unlimited staff besides: values."""
    short = tmp_path_factory.mktemp("counterfactuals") / "short.yaml"
    short.write_text(
        f"extends: {BAKHTU / 'port.yaml'}\n"
        "period: {from: 2024-09-01, to: 2024-10-12, warm_up: 2 weeks}\n"
    )
    named = {
        "real": BUSY,
        "none": NONE,
        "endless": f"{NONE}+unlimited-staff.yaml",
    }
    scenarios = {
        name: portsim.load("+".join(str(BAKHTU / part) for part in files.split("+")) + f"+{short}")
        for name, files in named.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        # Nobody looks at their capacities.
        patch.setattr(conduct, "_wants_capacity", lambda keep: False)
        study = portsim.compare(list(scenarios.values()), replications=2, jobs=1, audit="none")
    rows = study.replications[study.replications["place"] == ""]
    keys = ["replication", "truck_class", "measure"]
    return {
        name: rows[rows["scenario"] == scenario.name].set_index(keys)["value"].to_dict()
        for name, scenario in scenarios.items()
    }


def test_the_ceiling_is_what_unlimited_staff_would_complete(found):
    mine = {at: value for at, value in found["none"].items() if at[2] == "completion_ceiling"}
    assert {cls for _, cls, _ in mine} > {"all", "export", "import", "general"}
    for (replication, cls, _), value in mine.items():
        same = found["endless"][replication, cls, "completed_within_limit"]
        assert value == same or (math.isnan(value) and math.isnan(same))
    assert 0.9 < mine[1, "all", "completion_ceiling"] < 0.99


@pytest.mark.parametrize("name", ["real", "none"])
def test_nothing_is_above_its_ceiling(found, name):
    rows = found[name]
    for (replication, cls, measure), ceiling in rows.items():
        if measure == "completion_ceiling" and not math.isnan(ceiling):
            assert rows[replication, cls, "completed_within_limit"] <= ceiling


def test_oversized_loads_cost_the_others_the_difference_to_none_of_them(found):
    mine = {at: value for at, value in found["real"].items() if at[2] == "oversized_delay_h"}
    assert {cls for _, cls, _ in mine}.isdisjoint({"wind-blades", "wind-parts"})
    for (replication, cls, _), value in mine.items():
        if cls in ("all", "export"):  # of which wind loads are not a part here
            continue
        stays = [found[name][replication, cls, "stay_mean_h"] for name in ("real", "none")]
        # A table has ten digits.
        assert value == pytest.approx(stays[0] - stays[1], abs=1e-8)
    # A group is the mean of its classes, weighted; imports suffer from the lanes they share.
    assert mine[1, "all", "oversized_delay_h"] > 0.02
    assert found["real"][1, "all", "oversized_late_per_day"] > 0


def test_a_port_whose_oversized_loads_do_not_come_loses_nothing_to_them(found):
    costs = {value for at, value in found["none"].items() if at[2].startswith("oversized_")}
    assert costs == {0.0}


def test_only_servers_become_endless(tmp_path):
    scenario = portsim.load(BAKHTU / "hours-7x12.yaml")
    ((_, _, shared),) = replications([scenario], 1, [1], 1)
    site = Site(shared.timetable.get(), shared.draft.get())
    plain = site.at()
    more = endless(plain)
    kinds = plain.resource_kind
    assert (more.resource_initial[kinds == SERVERS] > 1e6).all()
    assert (more.resource_initial == plain.resource_initial)[kinds != SERVERS].all()
    assert not (kinds[more.change_resource] == SERVERS).any()
    kept = kinds[plain.change_resource] != SERVERS
    assert more.change_value.tolist() == plain.change_value[kept].tolist()
    for column in ("arrival", "visit_stage", "visit_work", "admit", "work"):
        assert getattr(more, column).tolist() == getattr(plain, column).tolist()


def test_a_clock_that_starts_at_a_stage_has_no_ceiling(tmp_path):
    """With servers without end the clocks would start at other times, and judge other trucks."""
    later = port(tmp_path, ("traffic:\n", "completion: {limit: 4 h, from: release}\ntraffic:\n"))
    assert "completion_ceiling" not in set(
        portsim.run(later, replications=1, jobs=1).summary["measure"]
    )


BIG = "dimensions: {length: 30 m, width: 3 m, height: 4 m}"


@pytest.mark.parametrize("offers", [False, True])
def test_loads_that_bring_what_others_wait_for_have_no_cost(tmp_path, offers):
    """Without them the others would wait for ever, and that is no cost of size."""
    brings = [
        (
            "  lanes: {capacity: 2}\n",
            "  lanes: {capacity: 2}\n  trailers: {kind: store, level: 9}\n",
        ),
        ("    at_close: finish\n", "    at_close: finish\n    offers: {trailers: 1}\n"),
    ]
    big = port(
        tmp_path,
        ("  convoy:\n    direction: export\n", f"  convoy:\n    {BIG}\n    direction: export\n"),
        *(brings if offers else []),
    )
    found = set(portsim.run(big, replications=1, jobs=1).summary["measure"])
    assert ("oversized_delay_h" in found) is not offers


def test_a_port_without_oversized_loads_has_no_cost_of_them(tmp_path):
    measures = set(portsim.run(port(tmp_path), replications=1, jobs=1).summary["measure"])
    assert "completion_ceiling" in measures
    assert not {measure for measure in measures if measure.startswith("oversized_")}


CIRCLE = """\
name: circle
timezone: UTC
period: {from: 2024-01-01, to: 2024-01-28}
completion: {limit: 1 h}
replications: 5
seed: 1
resources: {cn: {capacity: 2}, kz: {capacity: 2}}
stages:
  cn-out: {takes: {cn: {count: 1, until: next}}, time: 10 min}
  kz-in: {takes: {kz: 1}, time: 10 min}
  kz-out: {takes: {kz: {count: 1, until: next}}, time: 10 min}
  cn-in: {takes: {cn: 1}, time: 10 min}
traffic:
  e: {direction: export, arrivals: {rate: 3 per day}, route: [cn-out, kz-in]}
  i: {direction: import, arrivals: {rate: 3 per day}, route: [kz-out, cn-in]}
"""


def test_trucks_that_would_block_each_other_if_more_came_cost_no_replication(tmp_path):
    """At four times the demand two of five replications end in a circle; none as it is."""
    study = portsim.run(port(tmp_path, text=CIRCLE), jobs=1)
    assert study.manifest.failures == ()
    row = study.summary[
        (study.summary["measure"] == "throughput_per_day") & (study.summary["truck_class"] == "all")
    ].iloc[0]
    assert row["replications"] == 5
    found = study.summary[study.summary["measure"] == "capacity_per_day"].iloc[0]
    assert found["note"] == "at least"
    assert found["mean"] > 0


def test_one_truck_that_could_not_come_four_times_at_once_is_run(tmp_path):
    """It takes 1 and then 2 of 6 places; four of them hold 4 and want 2 each."""
    one = """\
name: one
timezone: UTC
period: {from: 2024-01-01, to: 2024-01-02}
completion: {limit: 1 h}
replications: 1
seed: 1
resources: {s: {capacity: 6}}
stages:
  a: {takes: {s: {count: 1, until: d}}, time: 600 s}
  b: {takes: {s: {count: 2, until: end}}, time: 600 s}
  c: {time: 600 s}
  d: {time: 0 s}
traffic:
  c01: {direction: import, arrivals: {recorded: {file: c01.csv}}, route: [a, b, c, d]}
"""
    csv = "arrival\n2024-01-01T10:00:00\n"
    study = portsim.run(port(tmp_path, text=one, c01=csv), jobs=1)
    values = study.summary[study.summary["truck_class"] == "all"].set_index("measure")
    assert values["mean"]["released"] == 1
    assert values["mean"]["capacity_per_day"] == 0.5
    assert values["note"]["capacity_per_day"] == "at least"


def test_a_run_that_asks_what_if_and_fails_leaves_an_empty_row_that_says_why(tmp_path, monkeypatch):
    calls = []

    def stuck(plan, log):
        calls.append(plan)
        raise StuckError("2 trucks wait; for each other:\n  more")

    monkeypatch.setattr(counterfactuals_module, "check_stuck", stuck)
    study = portsim.run(port(tmp_path), replications=1, jobs=1)
    assert calls
    assert study.manifest.failures == ()
    row = study.summary[study.summary["measure"] == "completion_ceiling"].iloc[0]
    assert math.isnan(row["mean"])
    assert row["note"] == "undefined; not measured: 2 trucks wait, for each other"
