"""Waiting by cause over many runs: a cause that a run does not name is 0 there."""

import math

import numpy as np
import pandas as pd

from portsim.experiment.batch import _figures
from portsim.experiment.by_cause import with_causes
from portsim.experiment.journal import Kept
from portsim.measures import unit_of
from portsim.statistics import compare, summarise

KEYS = pd.DataFrame(
    [
        ("all", "", "wait_open_mean_h"),
        ("all", "", "wait_closed_mean_h"),
        ("all", "gate", "wait_open_mean_h"),
        ("tea", "gate", "wait_open_mean_h"),
    ],
    columns=["truck_class", "place", "measure"],
    dtype=str,
)
FEWER = KEYS.iloc[:3].reset_index(drop=True)


def kept(scenario, replication, keys, causes, nobody=False):
    values = np.where(nobody, np.nan, np.arange(len(keys)) + 1.0)
    return Kept(
        scenario=scenario,
        replication=replication,
        keys=keys,
        values=values,
        counts=np.full(len(keys), 7),
        notes={2: "at least"},
        strains=[],
        audited=0,
        causes=causes,
    )


RUNS = [
    kept("short", 1, KEYS, [("all", "gate", "wait_for_mean_h[clerks]", 4.0)]),
    kept("short", 2, KEYS, [("tea", "gate", "wait_for_mean_h[lanes]", 2.0)]),
    kept("long", 1, FEWER, []),
    kept("long", 2, FEWER, [], nobody=True),
]


def test_means_are_over_all_runs_that_could_have_named_the_cause():
    figures = _figures(with_causes(RUNS))
    found = summarise(figures, unit_of).set_index(["scenario", "truck_class", "place", "measure"])
    clerks = ("all", "gate", "wait_for_mean_h[clerks]")
    assert found.loc[("short", *clerks), ["mean", "replications"]].tolist() == [2.0, 2]
    # Only the run in which anyone came counts, and tea never does there.
    assert found.loc[("long", *clerks), ["mean", "replications"]].tolist() == [0.0, 1]
    assert found.loc[("short", *clerks), "note"] == "at least"
    assert found.loc[("short", *clerks), "unit"] == "h"
    tea = ("tea", "gate", "wait_for_mean_h[lanes]")
    assert found.loc[("short", *tea), "mean"] == 1.0
    assert ("long", *tea) not in found.index
    assert figures.loc[figures["measure"] == "wait_for_mean_h[clerks]", "count"].eq(7).all()


def test_a_cause_that_one_policy_lacks_is_compared_all_the_same():
    runs = [*RUNS[:2], RUNS[2], kept("long", 2, KEYS, [])]
    found = compare(_figures(with_causes(runs)), "long", unit_of)
    rows = found[found["measure"] == "wait_for_mean_h[clerks]"]
    assert rows["difference"].tolist() == [2.0]
    assert rows["pairs"].tolist() == [2]


def test_without_causes_nothing_changes():
    plain = [RUNS[2], RUNS[3]]
    assert with_causes(plain) == plain
    assert math.isnan(with_causes(RUNS)[3].values[-1])
