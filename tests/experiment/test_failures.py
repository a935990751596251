"""A replication that fails is named; the others go on, and the tables do without it."""

import pytest

import portsim
import portsim.figures
from experiment.small import BOTH, JOURNAL, OUT, files, results
from portsim.errors import StuckError
from portsim.experiment import workers
from portsim.experiment.tasks import run_one
from portsim.results.manifest import counted
from portsim.scenario.measure_catalogue import CAPACITY, measure_of

CIRCLE = StuckError("2 trucks wait for each other in a circle")


@pytest.fixture
def failing(monkeypatch):
    """Make chosen runs fail; tells which were tried."""

    def these(*runs, error=CIRCLE):
        tried = []

        def fail(task):
            tried.append((task.scenario.name, task.replication))
            if (task.scenario.name, task.replication) in runs:
                raise error
            return run_one(task)

        monkeypatch.setattr(workers, "run_one", fail)
        return tried

    return these


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    "error", [StuckError("a circle"), ZeroDivisionError("a bug"), MemoryError()]
)
def test_the_rest_goes_on(scenarios, failing, jobs, error):
    tried = failing(("short", 2), error=error)
    said, counts = [], []
    study = portsim.compare(
        scenarios,
        jobs=jobs,
        say=said.append,
        on_progress=lambda done, total: counts.append((done, total)),
    )
    assert len(tried) == 6
    assert counts[-1] == (6, 6)
    assert f"replication 2 of short (seed 11) failed: {error}" in said
    assert study.manifest.failures == ("replication 2 of short (seed 11)",)
    assert study.manifest.replications == 3
    assert study.manifest.lacking == {"short": 2}
    assert counted(study.manifest) == "3 replications (short 2 of them)"
    rows = study.replications
    # Capacities have runs of their own.
    rows = rows[~rows["measure"].map(lambda name: measure_of(name).found_by == CAPACITY)]
    there = set(zip(rows["scenario"], rows["replication"], strict=True))
    assert there == {("short", 1), ("short", 3), ("long", 1), ("long", 2), ("long", 3)}


def test_the_tables_do_without_it_and_pairs_are_made_of_the_rest(scenarios, failing):
    """A mean of the other two, and differences of the two replications that both have."""
    failing(("short", 2))
    study = portsim.compare(scenarios, jobs=1)
    key = {"truck_class": "all", "place": "", "measure": "throughput_per_day"}

    def values(name):
        rows = study.replications
        for column, word in {**key, "scenario": name}.items():
            rows = rows[rows[column] == word]
        return rows.set_index("replication")["value"]

    def row(frame, name):
        for column, word in {**key, "scenario": name}.items():
            frame = frame[frame[column] == word]
        return frame.iloc[0]

    short, long = values("short"), values("long")
    assert row(study.summary, "short")["mean"] == pytest.approx(short.mean())
    assert row(study.summary, "long")["mean"] == pytest.approx(long.mean())
    assert row(study.comparison, "long")["difference"] == pytest.approx((long - short).mean())


def test_failures_stand_in_order_whatever_the_order_of_work(scenarios, failing):
    failing(("short", 3), ("long", 2), ("short", 1))
    for jobs in (1, 3):
        study = portsim.compare(scenarios, jobs=jobs)
        assert study.manifest.failures == (
            "replication 2 of long (seed 11)",
            "replication 1 of short (seed 11)",
            "replication 3 of short (seed 11)",
        )


def test_the_command_line_names_it_and_ends_with_1(command, out, failing):
    failing(("short", 2))
    ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 1
    assert "replication 2 of short (seed 11) failed: 2 trucks wait for each other" in ended.err
    last = ended.err.strip().splitlines()[-1]
    assert last == "error: replication 2 of short (seed 11) failed; the tables do without it"
    assert "trucks/day" in ended.out
    assert results(out)["manifest.json"]["failures"] == ["replication 2 of short (seed 11)"]


def test_if_all_replications_of_a_scenario_fail_the_error_itself_is_raised(scenarios, failing, out):
    failing(*[("short", number) for number in (1, 2, 3)])
    with pytest.raises(StuckError, match="wait for each other in a circle"):
        portsim.compare(scenarios, jobs=1, journal=out)
    # What the other scenario came to is not lost.
    assert files(out) == {JOURNAL}


def test_an_error_that_is_not_portsims_own_is_named_with_its_run(scenarios, failing):
    failing(("short", 1), error=ZeroDivisionError("division by zero"))
    with pytest.raises(portsim.errors.PortsimError) as caught:
        portsim.run(scenarios[0], replications=1, jobs=1)
    assert str(caught.value) == (
        "replication 1 of short (seed 11) failed: ZeroDivisionError: division by zero"
    )


def test_if_all_fail_the_command_line_ends_with_1_and_nothing_is_written(command, out, failing):
    failing(*[("short", number) for number in (1, 2, 3)])
    ended = command("run", "short.yaml", *OUT, "--jobs", 1)
    assert ended.code == 1
    assert ended.err.strip().endswith("error: 2 trucks wait for each other in a circle")
    assert ended.out == ""
    assert not out.exists()


def test_what_failed_is_tried_again_by_the_same_command(command, out, failing, undisturbed):
    failing(("short", 2))
    assert command(*BOTH, *OUT, "--jobs", 1).code == 1
    failing()
    assert command(*BOTH, *OUT, "--jobs", 1).code == 0
    assert results(out) == undisturbed


def test_a_disk_full_of_pictures_leaves_an_unfinished_folder_and_the_journal(
    scenarios, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device", "queue.png")

    monkeypatch.setattr(portsim.figures, "draw_all", full)
    study = portsim.run(scenarios[0], jobs=1, replications=1, journal=tmp_path)
    with pytest.raises(OSError, match="No space left"):
        study.write(tmp_path)
    assert {"summary.csv", JOURNAL} <= files(tmp_path)
    assert "manifest.json" not in files(tmp_path)
    monkeypatch.undo()
    portsim.run(scenarios[0], jobs=1, replications=1, journal=tmp_path).write(
        tmp_path, figures=False
    )
    assert "manifest.json" in files(tmp_path)
