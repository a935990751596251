"""Findings in words: what a comparison does not show, and what its statistics say."""

from dataclasses import replace

import pandas as pd
import pytest

from portsim.results import Manifest, Run, ScenarioEntry
from portsim.results.capacities import capacity_remarks
from portsim.results.findings import (
    DEMAND,
    SAME,
    UNTOLD,
    Finding,
    finding_sentences,
    findings,
    statistics_sentences,
)
from portsim.results.headline_table import remarks
from portsim.results.manifest import counted

OVERLOADED = {"kind": "servers", "place": "lanes", "label": "Gate lanes", "load": 1.254, "days": 28,
              "from": "2024-09-10"}  # fmt: skip


def manifest(*overloaded, **more):
    return Manifest(
        scenarios=tuple(
            ScenarioEntry(name, {}, "", OVERLOADED if name in overloaded else {})
            for name in ("short", "long", "night")
        ),
        baseline="short",
        seed=1,
        replications=30,
        engine="compiled",
        versions={},
        fingerprint="",
        run=Run("", "", 0.0, 1),
        **more,
    )


def summary(capacity, throughput=100.0, **others):
    values = {"throughput_per_day": throughput, "completed_within_limit": 0.9, "arrived": 9000.0,
              "released": 8990.0, "diverted": 0.0, "given_up": 0.0, **others}  # fmt: skip
    rows = [
        (name, "all", "", measure, value)
        for name, most in capacity.items()
        for measure, value in {**values, "capacity_per_day": most}.items()
    ]
    return pd.DataFrame(
        rows, columns=["scenario", "truck_class", "place", "measure", "mean"]
    ).assign(note="")


def comparison(*rows):
    """Scenario, measure, joint interval."""
    frame = pd.DataFrame(rows, columns=["scenario", "measure", "joint_low", "joint_high"])
    other = frame.assign(joint_low=-1e9, joint_high=1e9)
    return pd.concat(
        [frame.assign(truck_class="all", place=""),
         # Of one class or stage nothing is spoken.
         other.assign(truck_class="tea", place=""),
         other.assign(truck_class="all", place="gate")]
    )  # fmt: skip


WIDE = {"short": 140.0, "long": 300.0, "night": 300.0}


@pytest.mark.parametrize(
    ("low", "high", "capacity", "kind"),
    [
        # 1 % of the baseline's 100 a day; a quarter more capacity than that in both.
        (-0.8, 0.9, WIDE, DEMAND),
        (0.2, 0.9, WIDE, DEMAND),
        (-3.0, 5.0, WIDE, UNTOLD),
        (0.2, 1.1, WIDE, None),
        (-3.0, 5.0, {**WIDE, "short": 120.0}, UNTOLD),
        (-3.0, 5.0, {**WIDE, "long": 120.0}, UNTOLD),
        (-0.8, 0.9, {**WIDE, "short": 120.0}, SAME),
        (-0.8, 1.1, {**WIDE, "short": 120.0}, UNTOLD),
        (-5.0, -2.0, {**WIDE, "short": 120.0}, None),
        # One replication has no interval.
        (float("nan"), float("nan"), WIDE, None),
    ],
)
def test_differences_of_the_throughput(low, high, capacity, kind):
    rows = comparison(("long", "throughput_per_day", low, high))
    found = findings(summary(capacity), rows, manifest())
    assert found == ([] if kind is None else [Finding("long", "throughput_per_day", kind)])


def test_demand_is_no_limit_of_an_overloaded_scenario():
    rows = comparison(("long", "throughput_per_day", -0.5, 0.5))
    for name in ("short", "long"):
        (found,) = findings(summary(WIDE), rows, manifest(name))
        assert found.kind == SAME


@pytest.mark.parametrize(
    "others",
    [
        # A quarter stays inside, some turn away or give up, none is released; the port could
        # release 140 and 300 a day, and 150 came.
        {"released": 6750.0},
        {"diverted": 10.0},
        {"given_up": 10.0},
        {"released": 0.0},
        {"released": 6000.0, "arrived": 9000.0},
    ],
)
def test_demand_was_no_limit_where_not_all_that_came_were_let_through(others):
    rows = comparison(("long", "throughput_per_day", -0.5, 0.5))
    (found,) = findings(summary(WIDE, **others), rows, manifest())
    assert found.kind == SAME
    text = remarks(summary(WIDE, **others), manifest())
    assert not any("Demand was the limit" in sentence for sentence in text)


def test_demand_explains_the_throughput_only():
    rows = comparison(
        ("long", "completed_within_limit", -0.02, 0.03),
        ("night", "completed_within_limit", -0.008, 0.0089),
    )
    found = findings(summary(WIDE), rows, manifest())
    assert [one.kind for one in found] == [UNTOLD, SAME]


def test_sentences_name_all_of_which_the_same_is_to_be_said():
    found = [
        Finding("long", "throughput_per_day", DEMAND),
        Finding("long", "completed_within_limit", SAME),
        Finding("night", "throughput_per_day", DEMAND),
        Finding("night", "completed_within_limit", UNTOLD),
    ]
    assert finding_sentences(found, manifest()) == [
        "No difference in trucks a day between short and long, night: demand was the limit.",
        "No difference in on-time share above 1 % between short and long.",
        "night: on-time share not distinguishable from short with 30 replications.",
    ]
    pairs = manifest(statistics={"antithetic": True})
    assert finding_sentences(found[3:], pairs) == [
        (
            "night: on-time share not distinguishable from short with 30 replications in"
            " antithetic pairs."
        )
    ]
    assert finding_sentences([], manifest("short")) == [
        "Differences to short, which is overloaded, hold for this period only."
    ]
    assert finding_sentences([], manifest("long")) == []


def test_remarks_hold_findings_and_overload_together():
    rows = comparison(
        ("long", "throughput_per_day", -0.5, 0.6), ("night", "throughput_per_day", 0.0, 0.0)
    )
    text = remarks(summary(WIDE), manifest("night"), rows)
    assert text[0] == (
        "night is overloaded: in the 28 days from 10 September 2024 the trucks that came asked Gate"
        " lanes for 125 % of their working time; stay and completion hold for this period only."
    )
    assert "No difference in trucks a day between short and long: demand was the limit." in text
    assert "No difference in trucks a day above 1 % between short and night." in text
    # Folders without a comparison, or from before there were statistics, read as they did.
    assert remarks(summary(WIDE), manifest())[-1].startswith("Demand was the limit, not the port")


# ---- what was asked of the statistics ----------------------------------------------------------

HELD = {
    "measure": "completed_within_limit",
    "unit": "share",
    "scenario": "short",
    "difference": False,
    "asked": 0.005,
    "relative": False,
    "half_width": 0.004321,
    "largest": 0.005,
    "met": True,
    "alike": False,
    "observations": 30,
    "needs": 23,
}
RELATIVE = {
    **HELD,
    "measure": "throughput_per_day",
    "difference": True,
    "scenario": "long",
    "asked": 0.25,
    "relative": True,
    # 0.25 / 1.25 = 20 % of a mean of 50.
    "largest": 10.0,
}


def said(**statistics):
    return statistics_sentences(manifest(statistics={"observations": 30, **statistics}))


def test_missing_runs_are_counted_where_figures_are_told():
    some = manifest()
    lacking = [
        replace(e, replications=n) for e, n in zip(some.scenarios, (30, 28, 30), strict=True)
    ]
    found = [Finding("night", "completed_within_limit", UNTOLD)]
    (text,) = finding_sentences(found, replace(some, scenarios=tuple(lacking)))
    assert text.endswith("not distinguishable from short with 30 replications (long 28 of them).")
    alone = replace(some, scenarios=(replace(some.scenarios[0], replications=28),))
    (text,) = finding_sentences(found, alone)
    assert text.endswith("with 28 of 30 replications.")
    alike = {"scenario": "long", "measure": "completed_within_limit", "value": 1.0,
             "may_differ": 0.1}  # fmt: skip
    (text,) = statistics_sentences(
        replace(some, scenarios=tuple(lacking), statistics={"no_spread": [alike]})
    )
    assert "in each of 28 of 30 replications: no interval" in text


def test_runs_missing_at_many_points_are_counted():
    some = replace(manifest(), failures=("a: replication 2",))
    assert counted(some) == "30 replications (1 run missing)"
    some = replace(some, failures=("a: replication 2", "b: replication 2"))
    assert counted(some) == "30 replications (2 runs missing)"


def test_what_limits_and_what_falls_is_said_on_screen():
    found = {
        "multiple": 1.9, "per_day": 812.3, "at_least": False, "waits_for": "",
        "limits": [{"places": ["clerks"], "gain_per_day": 41.23}],
        "beyond": {"multiple": 3.8, "per_day": 531.0, "group": "import", "before": 240.0,
                   "after": 90.0, "waits_for": "clerks"},
    }  # fmt: skip
    some = manifest()
    entries = [replace(some.scenarios[0], capacity=found),
               replace(some.scenarios[1], capacity={"why": "no truck comes"}),
               some.scenarios[2]]  # fmt: skip
    assert capacity_remarks(replace(some, scenarios=tuple(entries))) == [
        (
            "Times the demand at which capacity is reached, and what limits it: short (1.9, clerks,"
            " one more: +41.2 a day)."
        ),
        (
            "short: at 3.8 times the demand fewer trucks pass (531 a day) than at 1.9 (812):"
            " of import 90.0 instead of 240, for they wait for clerks."
        ),
        "long: the capacity was not measured: no truck comes.",
    ]


def test_a_gain_whose_end_was_not_seen_is_at_least_so_large_on_screen():
    found = {
        "multiple": 2.0, "per_day": 8.0, "at_least": False, "beyond": {}, "waits_for": "",
        "limits": [{"places": ["desk"], "gain_per_day": 4.0, "at_least": True}],
    }  # fmt: skip
    some = manifest()
    entries = [replace(some.scenarios[0], capacity=found)]
    (said,) = capacity_remarks(replace(some, scenarios=tuple(entries)))
    assert said.endswith(": short (2, desk, one more: at least +4.00 a day).")


def test_an_unknown_capacity_is_not_ample():
    rows = comparison(("long", "throughput_per_day", -3.0, 5.0))
    (found,) = findings(summary({**WIDE, "short": float("nan")}), rows, manifest())
    assert found.kind == UNTOLD


def test_one_goal():
    assert said(precision=[HELD]) == [
        (
            "Precision met with 30 replications: completed_within_limit, asked ± 0.005: short "
            "± 0.00432."
        )
    ]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"half_width": 5.0}, "± 10 %"),
        ({"half_width": 20.0, "met": False, "needs": 1234}, "± 40 %, would need some 1,300 rep"),
        ({"half_width": 20.0, "met": False, "needs": 120}, "± 40 %, would need some 120 replic"),
        ({"half_width": 9.0, "met": False, "needs": 24}, "± 18 %, at the last look only"),
        ({"half_width": 0.0, "met": True, "alike": True, "needs": None}, "all alike."),
        (
            {"half_width": 0.0, "largest": 0.0, "met": False, "alike": True, "needs": None},
            "all alike, too few to believe it.",
        ),
        ({"half_width": None, "met": False, "needs": None}, "undefined"),
        ({"half_width": 3.0, "largest": 0.0, "met": False, "needs": None}, "undefined"),
    ],
)
def test_goals_met_or_not(found, text):
    one = {**RELATIVE, **found}
    (line,) = said(precision=[one])
    state = "met" if one["met"] else "NOT met"
    start = f"Precision {state} with 30 replications: difference:throughput_per_day, asked ± 25 %:"
    assert line.startswith(f"{start} long {text}")


def test_goals_met_and_not_met_are_two_sentences_and_hold_together():
    lines = said(precision=[HELD, {**HELD, "scenario": "long"}, {**RELATIVE, "met": False}])
    assert lines[0] == (
        "Precision met with 30 replications, all intervals together at 95 %: "
        "completed_within_limit, asked ± 0.005: short ± 0.00432, long ± 0.00432."
    )
    assert lines[1].startswith("Precision NOT met with 30 replications, all intervals together")


def test_pairs_need_twice_as_many_replications():
    one = {**RELATIVE, "half_width": 20.0, "met": False, "needs": 120}
    (line,) = said(antithetic=True, precision=[one])
    assert "with 30 replications in antithetic pairs" in line
    assert "would need some 240 replications" in line


@pytest.mark.parametrize(
    ("best", "text"),
    [
        (
            {"delta": 0.01, "selected": "long", "decided_with": 24, "left": ["long"]},
            (
                "Best by on-time share: long, selected with 24 replications (95 % right if the "
                "best leads by 0.01 or more)."
            ),
        ),
        # Never best here and not told apart there: one sentence says both.
        (
            {
                "delta": 0.01,
                "selected": "long",
                "decided_with": 24,
                "left": ["long"],
                "may_be_best": ["long", "night"],
            },
            "or more; the intervals do not tell it from night, which may be as good).",
        ),
        (
            {"delta": 0.01, "selected": None, "decided_with": None, "left": ["long", "night"]},
            (
                "Best by on-time share: not decided with 30 replications for a difference of "
                "0.01; still possible: long, night."
            ),
        ),
    ],
)
def test_the_best(best, text):
    whole = {"measure": "completed_within_limit", "observations": 30, "may_be_best": ["long"]}
    whole |= best
    (line,) = said(best=whole)
    assert text in line


def test_shares_that_never_varied():
    alike = {"scenario": "long", "measure": "completed_within_limit", "value": 1.0,
             "may_differ": 0.095}  # fmt: skip
    assert said(no_spread=[alike]) == [
        (
            "long: on-time share was 100.0 % in each of 30 replications: no interval can be "
            "given; up to 10 % of such periods may differ (95 %, rule of three)."
        )
    ]


def test_what_pairing_gave():
    rows = [
        {"scenario": name, "measure": measure, "variance_ratio": ratio, "correlation": None}
        for name, measure, ratio in (
            ("long", "throughput_per_day", 0.051),
            ("night", "throughput_per_day", 0.402),
            ("long", "completed_within_limit", 0.7),
            ("night", "completed_within_limit", None),
            ("long", "inside_max", 0.9),
        )
    ]
    what = "trucks a day 0.051 to 0.4, on-time share 0.7."
    assert said(common_random_numbers=rows) == [
        (
            "Common random numbers: variance of the differences over that of independent runs "
            f"(below 1 is a gain): {what}"
        )
    ]
    assert said(antithetic_pairs=rows)[0].endswith(what)
    # A ratio of variances of a few observations says nothing.
    assert said(common_random_numbers=rows, observations=9) == []


def test_statistics_are_kept_in_the_manifest():
    one = manifest(statistics={"precision": [HELD]})
    assert Manifest.from_bytes(one.to_bytes()) == one
