"""Stamps that a log lacks are taken out of simulated periods, and nobody is named for them."""

import sys
from pathlib import Path

import numpy as np
import pytest

from portsim.gatelog import read_log
from portsim.held import held_against
from portsim.held.blanks import Blanks, blanks_of
from portsim.held.seen import Form, Seen
from portsim.held.spans import window_of

sys.path.insert(0, str(Path(__file__).parents[2] / "proof"))

from held import renamed, scenario_of
from known_ports import known_port

START, END = frozenset({"start", "end"}), frozenset({"end"})


def test_shares_of_stamps_that_are_missing_are_counted_by_stage():
    """Of eight visits of the gate a start is missing, of the yard two ends; trucks may leave out
    the scanner, and of whom its end is missing nothing is there: as many as elsewhere."""
    n = 8
    stage = np.tile([0, 1, 2], n)
    queue = np.repeat(100.0 * np.arange(n), 3)
    start = np.where(stage == 0, queue + 10, np.nan)
    done = queue + 20
    start[0] = np.nan
    lost = np.zeros(3 * n, dtype=bool)
    lost[[1, 4]] = True
    done[[1, 4]] = np.nan
    truck = np.repeat(np.arange(n), 3)
    out = np.full(n, 1_000.0)
    seen = Seen(
        queue[::3], np.zeros(n, np.int64), out, np.ones(n, bool), truck, stage, queue, start, done,
        lost,
    )  # fmt: skip
    form = Form(("gate", "yard", "scanner"), (START, END, END), {}, ("truck",), (0, 1), np.inf)
    blanks = blanks_of(seen, form, window_of(seen.arrival, "UTC", 60.0, None))
    assert blanks.start.tolist() == [1 / 8, 0, 0]
    assert blanks.end.tolist() == [0, 2 / 8, 1 / 8]
    assert blanks.whole.tolist() == [False, False, True]


def test_as_many_stamps_are_taken_out():
    blanks = Blanks(np.array([0.1, 0.0]), np.array([0.0, 0.3]), np.array([False, True]))
    stage = np.repeat([0, 1], 10_000)
    stamps = [np.zeros(20_000), np.ones(20_000), np.full(20_000, 2.0)]
    stamps[2][:5_000] = np.nan
    left, (queue, start, end) = blanks.out_of(stage, stamps, (1, 1))
    assert np.isfinite(queue).all()
    assert np.isnan(start[:10_000]).mean() == pytest.approx(0.1, abs=0.01)
    assert np.isfinite(start[10_000:]).all()
    # What is still to come is no blank.
    assert np.isnan(end[:10_000]).sum() == 5_000
    assert np.isnan(end[10_000:]).mean() == pytest.approx(0.3, abs=0.02)
    assert (left == ~(np.isnan(end) & (stage == 1))).all()
    again = blanks.out_of(stage, stamps, (1, 1))[1]
    assert np.array_equal(again[2], end, equal_nan=True)
    assert not np.array_equal(blanks.out_of(stage, stamps, (1, 2))[1][2], end, equal_nan=True)


def test_a_log_of_which_nothing_is_blank_leaves_periods_as_they_are():
    n = 4
    times = 100.0 * np.arange(n)
    zeros = np.zeros(n, np.int64)
    seen = Seen(
        times, zeros, times + 9, np.ones(n, bool), np.arange(n), zeros, times, times, times + 9,
        np.zeros(n, bool),
    )  # fmt: skip
    form = Form(("gate",), (START,), {}, ("truck",), (0,), np.inf)
    assert blanks_of(seen, form, window_of(times, "UTC", 60.0, None)) is None


def test_stamps_that_are_missing_make_no_server_missing(tmp_path):
    """Of port 4 some trucks seem to wait for their release while they are inspected."""
    port = known_port(4)
    file = port.log(port.truth["log"]["kind"], tmp_path)
    log = renamed(read_log(file, timezone=port.truth["timezone"]), port.truth)
    last = np.datetime64(port.truth["period"]["to"]).astype(object)
    first = (np.datetime64(last) - 20).astype(object)
    assert (
        held_against(scenario_of(port.truth), log, period=(first, last), replications=10).faults
        == []
    )
