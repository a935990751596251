"""What is known from below only: a bound in the table people see first, and no promise kept."""

import math

import pandas as pd
import pytest

from portsim.figures.difference import Difference
from portsim.report.facts import between
from portsim.results import Manifest, Run, ScenarioEntry
from portsim.results.headline_table import headline, remarks


def study(notes, limits=(24.0, 24.0)):
    names = ("base", "new")
    manifest = Manifest(
        scenarios=tuple(
            ScenarioEntry(name, {}, "", limit_h=limit)
            for name, limit in zip(names, limits, strict=True)
        ),
        baseline="base",
        seed=1,
        replications=2,
        engine="compiled",
        versions={},
        fingerprint="",
        run=Run("", "", 0.0, 1),
    )
    figures = {"stay_mean_h": 10.0, "completed_within_limit": 0.5, "arrived": 9.0,
               "released": 5.0, "diverted": 0.0, "given_up": 0.0}  # fmt: skip
    summary = pd.DataFrame(
        [
            (name, "all", "", measure, value, math.nan, math.nan,
             note if measure == "stay_mean_h" else "")
            for name, note in zip(names, notes, strict=True)
            for measure, value in figures.items()
        ],
        columns=["scenario", "truck_class", "place", "measure",
                 "mean", "ci_low", "ci_high", "note"],
    )  # fmt: skip
    comparison = pd.DataFrame(
        [("new", "all", "", "stay_mean_h", -2.5, math.nan, math.nan)],
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
    return summary, comparison, manifest


@pytest.mark.parametrize(
    ("notes", "text"),
    [
        (("", ""), "−2.5"),
        (("", "at least"), "≥ −2.5"),
        (("at least", ""), "≤ −2.5"),
        (("at least", "overloaded; at least"), "unknown"),
    ],
)
def test_a_difference_of_bounds_is_a_bound_or_unknown(notes, text):
    table = headline(*study(notes))
    assert table.loc["  difference", "mean stay, h"] == text


def test_shares_of_different_promises_are_not_put_under_one(capsys):
    summary, comparison, manifest = study(("", ""), (4.0, 12.0))
    assert "out within the limit" in headline(summary, comparison, manifest)
    (text,) = [one for one in remarks(summary, manifest) if "promises" in one]
    assert text == (
        "The on-time shares are of different promises and are not compared: base 4 h; new 12 h."
    )
    same = study(("", ""))
    assert "out within 24 h" in headline(*same)
    assert not any("promises" in one for one in remarks(same[0], same[2]))


def test_an_interval_without_width_is_none():
    assert between(Difference(50.0, 50.0, 50.0)) == (
        "the same in every simulated period: no interval"
    )
    assert between(Difference(50.0, 49.0, 51.0)) == "49.0 to 51.0"
