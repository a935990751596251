"""The verb `state` and what it writes: who is inside, out of a log and out of a run."""

import pandas as pd
import pytest

import portsim
from forecasting.seen import held_up
from portsim.errors import InputError
from small_logs import port
from typed import typed

AT = "2024-09-02 08:25"


@pytest.fixture
def gate(tmp_path):
    """Three trucks; at 08:25 the first has left, one is at work and one waits."""
    text = held_up("08:05,08:05,08:20", "08:10,08:20,08:40", "08:22,08:40,09:10")
    (tmp_path / "gate.csv").write_text(text)
    (tmp_path / "small.yaml").write_text(port())
    return tmp_path


def test_a_log_by_hand(gate):
    state, forgotten = portsim.state_in_log(gate / "small.yaml", gate / "gate.csv", AT)
    rows = state.trucks[["stage", "status", "since", "arrived"]].to_numpy().tolist()
    assert rows == [
        ["gate", "working", "2024-09-02T08:20:00+00:00", "2024-09-02T08:10:00+00:00"],
        ["gate", "waiting", "2024-09-02T08:22:00+00:00", "2024-09-02T08:22:00+00:00"],
    ]
    assert (forgotten, state.left) == (0, {})


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_forecast_from_its_file_is_that_from_the_log(gate, ending):
    scenario, file = gate / "small.yaml", gate / f"state.{ending}"
    state, _ = portsim.state_in_log(scenario, gate / "gate.csv", AT)
    state.write(file)
    few = {"hours": 2, "futures": 5, "jobs": 1}
    of_log = portsim.forecast(scenario, AT, log=gate / "gate.csv", arrivals="scenario", **few)
    of_file = portsim.forecast(scenario, AT, state=file, **few)
    inside = [s.trucks[s.trucks["status"].ne("arriving")] for s in (of_log, of_file)]
    # What comes is another matter: the log says of today how many came.
    columns = ["truck", "stage", "status", "since"]
    pd.testing.assert_frame_equal(inside[0][columns], inside[1][columns])
    assert len(inside[0]) == 2


def test_as_typed(gate):
    words = ("state", "small.yaml", "--at", AT)
    done = typed(*words, "--log", "gate.csv", "--out", "state.csv", cwd=gate)
    assert done.returncode == 0, done.stderr
    assert "small, 2024-09-02 08:25: 2 trucks inside." in done.stdout
    assert done.stdout.rstrip().endswith("state.csv")
    assert len(pd.read_csv(gate / "state.csv")) == 2
    run = typed("state", "small.yaml", "--at", "2024-09-03 12:00", "--out", "run.csv", cwd=gate)
    assert run.returncode == 0, run.stderr
    state = portsim.state(gate / "small.yaml", "2024-09-03 12:00")
    assert len(pd.read_csv(gate / "run.csv")) == len(state.trucks)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--out", "state.txt"), "a state is written as .csv, .xlsx, .parquet"),
        (("--out", "none/state.csv"), "none: no such folder"),
        (("--out", "s.csv", "--log", "gate.csv", "--replication", 2), "leave out --log"),
        (("--out", "s.csv", "--at", "noon"), "at: found noon"),
    ],
)
def test_what_cannot_be_is_refused(gate, words, error):
    refused = typed("state", "small.yaml", "--at", AT, *words, cwd=gate)
    assert refused.returncode == 2
    assert error in refused.stderr
    assert sorted(file.name for file in gate.iterdir()) == ["gate.csv", "small.yaml"]


def test_a_minute_outside_of_the_log_is_refused(gate):
    with pytest.raises(InputError, match="outside of the log"):
        portsim.state_in_log(gate / "small.yaml", gate / "gate.csv", "2024-10-02 08:25")
