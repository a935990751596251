"""Known ports of another making: their truth is held right, and what is changed in it is named."""

import copy
import sys
from pathlib import Path

import pytest

from portsim.held import held_against

sys.path.insert(0, str(Path(__file__).parents[2] / "proof"))

from held import drift, gate_log, scenario_of
from known_ports import known_port


@pytest.mark.parametrize("seed", [9, 10, 11])
def test_the_truth_is_inside_and_silent(seed: int) -> None:
    port = known_port(seed)
    held = held_against(scenario_of(port.truth), gate_log(port), replications=10)
    assert held.faults == []
    judged = held.table[held.table["inside"].ne("")]
    assert judged["inside"].eq("yes").mean() > 0.8


def test_a_server_too_many_and_quicker_work_are_named() -> None:
    port = known_port(10)
    log, truth = gate_log(port), port.truth
    more = copy.deepcopy(truth)
    more["stages"][0]["servers"][0]["count"] += 1
    faults = held_against(scenario_of(more), log, replications=10).faults
    assert [(fault["kind"], fault["stage"]) for fault in faults] == [("servers", "declaration")]
    quick = copy.deepcopy(truth)
    for words in quick["stages"][0]["work"].values():
        words["mean_min"] /= 1.1
    faults = held_against(scenario_of(quick), log, replications=10).faults
    assert [(fault["kind"], fault["stage"]) for fault in faults] == [("work", "declaration")]


def test_fourteen_days_show_a_missing_officer_and_slower_work_and_nothing_else() -> None:
    # The starts of work are not stamped there.
    answers = dict(drift(1, replications=10))
    assert len(answers) == 5
    assert all(answers.values()), answers
