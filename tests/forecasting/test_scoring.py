"""Forecasts of the past: who was inside, right and wrong scenarios, and the command line."""

import numpy as np
import pytest

import portsim
from forecasting.seen import held_up
from portsim.errors import InputError
from portsim.forecasting import score
from portsim.forecasting.seen_in_log import gone_unseen, present
from portsim.gatelog import read_log
from small_logs import came, csv, port, served
from typed import typed

WEEKS = 5
QUICK = {"origins": 40, "futures": 40, "hours": 8, "seed": 1}


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """Five weeks of a gate with one officer, ten minutes a truck, 08:00 to 18:00."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "gate.csv").write_text(csv(served(came(7 * WEEKS))))
    (folder / "small.yaml").write_text(port())
    return folder


def test_who_was_inside_by_hand(tmp_path):
    text = held_up("08:05,08:10,08:20", "08:10,08:20,08:40", "08:50,09:00,09:10")
    (tmp_path / "log.csv").write_text(text)
    (tmp_path / "small.yaml").write_text(port())
    there = present(
        read_log([tmp_path / "log.csv"], timezone="UTC"), portsim.load(tmp_path / "small.yaml")
    )
    assert there.stages == ("", "gate")
    # Before anything of 08:15, 08:30, 08:45, 09:00.
    assert there.inside.tolist() == [[2.0, 1.0, 0.0, 1.0]] * 2
    assert there.came[0].tolist() == [2.0, 0.0, 0.0, 1.0]


def test_who_lacks_an_end_is_gone_when_twelve_went_after_it():
    joined, done = np.arange(14.0), np.arange(14.0) + 0.5
    done[[1, 2]] = np.inf
    assert np.flatnonzero(gone_unseen(joined, done)).tolist() == []
    joined, done = np.arange(15.0), np.arange(15.0) + 0.5
    done[[1, 2]] = np.inf
    # After the first of them thirteen less one without an end came, after the other as many.
    assert np.flatnonzero(gone_unseen(joined, done)).tolist() == [1, 2]
    assert not gone_unseen(joined, np.full(15, np.inf)).any()


def test_a_right_scenario_is_better_than_none_and_a_wrong_one_worse(gate):
    log = read_log([gate / "gate.csv"], timezone="UTC")
    right = score(gate / "small.yaml", log, **QUICK).set_index(["stage", "horizon_h"])
    assert list(right.index) == [(s, h) for s in ("", "gate") for h in (1, 2, 4, 8)]
    assert set(right["n"]) == {40}
    whole = right.loc[""]
    assert (whole["coverage_95"] > 0.85).all()
    assert (whole["skill"].loc[[2, 4]] > 0.0).all()
    (gate / "wrong.yaml").write_text(port(work="14 min"))
    wrong = score(gate / "wrong.yaml", log, **QUICK).set_index(["stage", "horizon_h"])
    assert (wrong["crps"] > right["crps"]).all()
    assert (wrong["coverage_80"] < right["coverage_80"]).all()


def test_nothing_later_than_an_origin_is_looked_at(gate, tmp_path):
    """Where the rest of the log is another port, forecasts of before are the same."""
    lines = (gate / "gate.csv").read_text().splitlines()
    log = read_log([gate / "gate.csv"], timezone="UTC")
    begin = len(lines) * 4 // 5
    (tmp_path / "gate.csv").write_text("\n".join(lines[:begin]))
    part = read_log([tmp_path / "gate.csv"], timezone="UTC")
    at = "2024-09-20 11:00"
    both = [portsim.forecast(gate / "small.yaml", at, log=one, jobs=1) for one in (log, part)]
    assert both[0].table.equals(both[1].table)


def test_as_typed(gate, tmp_path):
    words = ("forecast", gate / "small.yaml", "--score", gate / "gate.csv", "--out", "out")
    some = ("--origins", 5, "--futures", 10, "--hours", 2)
    done = typed(*words, *some, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "CRPS" in done.stdout
    table = (tmp_path / "out/scores.csv").read_text("utf-8-sig").splitlines()
    assert table[0].startswith("stage,horizon_h,n,coverage_50,coverage_80,coverage_95,crps")
    assert len(table) == 1 + 2 * 2
    again = typed(*words, *some, cwd=tmp_path)
    assert again.returncode == 2
    assert "found scores.csv of an earlier replay" in again.stderr
    refused = typed(*words, "--at", "2024-09-20 11:00", cwd=tmp_path)
    assert refused.returncode == 2
    assert "leave out --at" in refused.stderr


def test_a_log_that_is_too_short_is_refused(gate, tmp_path):
    (tmp_path / "gate.csv").write_text(csv(served(came(10))))
    log = read_log([tmp_path / "gate.csv"], timezone="UTC")
    with pytest.raises(InputError, match="too short to be scored"):
        score(gate / "small.yaml", log, **QUICK)
