"""The audit: SimPy looks over the shoulder of the compiled engine in every study."""

import os
import re
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import portsim
from demand.ports import plan_of, port
from experiment.small import (
    BOTH,
    OUT,
    QUICK,
    SMALL,
    lay_out,
    program,
    results,
    run,
    written,
)
from portsim.engines import INSIDE, engine
from portsim.engines.audit import audit
from portsim.errors import AuditError
from portsim.experiment import tasks
from portsim.plan.contract import NEVER

DAY = 86_400
VISITS = ("queued", "admitted", "finished")
COLUMNS = (*VISITS, "outcome", "left")


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return plan_of(port(tmp_path_factory.mktemp("plan"), text=SMALL))


@pytest.fixture(scope="module")
def log(plan):
    return engine("compiled")(plan)


def spoilt(log, column, row, by=1):
    """The log of an engine that is wrong in one entry."""
    wrong = getattr(log, column).copy()
    wrong[row] += by
    return replace(log, **{column: wrong})


def entry(log, column, first, beyond):
    """An entry that an engine made between two seconds."""
    when = log.left if column == "outcome" else getattr(log, column)
    return int(np.flatnonzero((first <= when) & (when < beyond - 1))[-1])


# ---- what is compared --------------------------------------------------------------------------


def test_an_engine_that_is_right_agrees_on_every_visit_begun_before_the_cut(plan, log):
    for until in (1, plan.end // 3, plan.end, 10 * plan.end):
        begun = np.count_nonzero((log.queued != NEVER) & (log.queued < until))
        assert audit(plan, log, until) == begun
    assert audit(plan, log, plan.end) > 100


@pytest.mark.parametrize("column", COLUMNS)
def test_an_entry_wrong_before_the_cut_is_named_with_truck_stage_and_both_numbers(
    plan, log, column
):
    until = plan.end // 2
    row = entry(log, column, 0, until)
    right = int(getattr(log, column)[row])
    with pytest.raises(AuditError) as caught:
        audit(plan, spoilt(log, column, row), until)
    said = str(caught.value)
    if column in VISITS:
        truck = int(np.searchsorted(plan.first_visit, row, side="right")) - 1
        stage = plan.context.stage_names[plan.visit_stage[row]]
        assert f"truck {truck} at {stage} (visit {row})" in said
        assert f"{column}: {right + 1} here, {right} in SimPy" in said
    else:
        left, outcome = int(log.left[row]), int(log.outcome[row])
        wrong = {"left": left, "outcome": outcome, column: right + 1}
        assert f"truck {row}: it left at {wrong['left']} with outcome {wrong['outcome']}" in said
        assert f"at {left} with {outcome} in SimPy" in said
    assert "nothing of this run can be trusted" in said
    assert "--engine simpy" in said


def test_of_many_wrong_visits_the_first_is_shown(plan, log):
    wrong = spoilt(spoilt(log, "queued", [12, 40]), "admitted", [9, 30])
    with pytest.raises(AuditError, match=r"\(visit 9\)"):
        audit(plan, wrong, plan.end)


@pytest.mark.parametrize("column", COLUMNS)
def test_an_entry_wrong_after_the_cut_is_seen_by_a_full_audit_only(plan, log, column):
    until = plan.end // 2
    wrong = spoilt(log, column, entry(log, column, until, plan.end))
    assert audit(plan, wrong, until) == audit(plan, log, until)
    with pytest.raises(AuditError):
        audit(plan, wrong, plan.end)


def test_an_outcome_without_a_departure_is_wrong_whenever_one_looks(plan, log):
    """Trucks inside at the very end have no other outcome, cut or not."""
    inside = int(np.flatnonzero(log.outcome == INSIDE)[0])
    wrong = spoilt(log, "outcome", inside)
    for until in (int(plan.arrival[inside]) + 1, plan.end):
        with pytest.raises(AuditError, match=f"truck {inside}"):
            audit(plan, wrong, until)


def test_a_departure_without_its_outcome_is_wrong(plan, log):
    """Whatever stands in its place, be it a larger number or a smaller one."""
    released = entry(log, "outcome", 0, plan.end)
    for by in (-1, 1):
        with pytest.raises(AuditError, match=f"truck {released}: it left at .* outcome {1 + by} "):
            audit(plan, spoilt(log, "outcome", released, by), plan.end)


def test_events_that_did_not_happen_and_events_left_out_are_seen(plan, log):
    row = entry(log, "finished", 0, plan.end // 2)
    never = spoilt(log, "finished", row, NEVER - int(log.finished[row]))
    with pytest.raises(AuditError, match="finished: -1 here"):
        audit(plan, never, plan.end // 2)
    late = spoilt(log, "finished", row, plan.end)
    with pytest.raises(AuditError, match="finished: -1 here"):
        audit(plan, late, plan.end // 2)


# ---- what of a study is audited ----------------------------------------------------------------


@pytest.fixture
def audited(monkeypatch):
    """The plans that are audited, and until when."""
    seen = []

    def watch(plan, log, until):
        seen.append((plan, until))
        return audit(plan, log, until)

    monkeypatch.setattr(tasks, "audit", watch)
    return seen


def test_replication_1_of_every_scenario_is_audited_by_default(scenarios, audited):
    study = portsim.compare(scenarios, jobs=1, logs="first")
    assert len(audited) == 2
    begun = study.visits["queued"].notna().sum()
    assert study.manifest.audit.mode == "default"
    assert study.manifest.audit.visits == begun > 200


def test_the_warm_up_and_14_days_are_audited_by_default(tmp_path, audited):
    longer = port(
        tmp_path,
        ("period: {from: 2024-03-04, to: 2024-03-06}",
         "period: {from: 2024-03-04, to: 2024-03-24, warm_up: 1 week}"),
        text=SMALL,
    )  # fmt: skip
    portsim.run(longer, jobs=1)
    ((plan, until),) = audited
    assert until == (7 + 14) * DAY < plan.end == (7 + 21) * DAY


def test_a_full_audit_looks_at_all_of_every_replication(scenarios, audited):
    study = portsim.compare(scenarios, jobs=1, audit="full", logs="all")
    assert len(audited) == 6
    assert all(until == plan.end for plan, until in audited)
    assert study.manifest.audit.mode == "full"
    assert study.manifest.audit.visits == study.visits["queued"].notna().sum()


def test_no_audit_if_none_is_asked_for_or_simpy_itself_runs(scenarios, audited):
    for words in ({"audit": "none"}, {"engine": "simpy"}, {"engine": "simpy", "audit": "full"}):
        study = portsim.compare(scenarios, jobs=1, replications=1, **words)
        assert (study.manifest.audit.mode, study.manifest.audit.visits) == ("none", 0)
    assert audited == []


def test_the_compiled_engine_is_the_default_and_an_audit_changes_no_figure(
    scenarios, undisturbed, tmp_path
):
    assert undisturbed["manifest.json"]["engine"] == "compiled"
    found = written(portsim.compare(scenarios, jobs=1, audit="none"), tmp_path / "out")
    compiled = written(portsim.compare(scenarios, jobs=1), tmp_path / "compiled")
    for name in ("summary.csv", "replications.parquet", "comparison.csv", "curves.parquet"):
        assert found[name] == compiled[name]


# ---- an engine that is wrong -------------------------------------------------------------------


def wrong_engine(column, chosen=lambda run: True):
    """Engines of which the compiled one adds a second to one entry in the runs chosen."""
    runs = Counter()

    def find(name):
        right = engine(name)

        def steam(plan):
            log = right(plan)
            runs[name] += 1
            return spoilt(log, column, entry(log, column, 0, plan.end)) if chosen(runs) else log

        return steam if name == "compiled" else right

    return find


@pytest.mark.parametrize("column", COLUMNS)
def test_a_study_with_a_wrong_engine_ends_in_an_error(scenarios, monkeypatch, column):
    monkeypatch.setattr(tasks, "engine", wrong_engine(column))
    with pytest.raises(AuditError, match="the engines disagree about truck"):
        portsim.compare(scenarios, jobs=2)


def test_a_later_replication_is_looked_at_by_a_full_audit_only(scenarios, monkeypatch):
    # What if: those runs, and those of the capacity, have engines of their own.
    second = wrong_engine("admitted", lambda runs: runs["compiled"] == 3)
    monkeypatch.setattr(tasks, "engine", second)
    assert portsim.run(scenarios[0], jobs=1).manifest.audit.mode == "default"
    third = wrong_engine("admitted", lambda runs: runs["compiled"] == 3)
    monkeypatch.setattr(tasks, "engine", third)
    with pytest.raises(AuditError):
        portsim.run(scenarios[0], jobs=1, audit="full")


def test_the_command_line_ends_with_1_and_writes_no_results(command, out, monkeypatch):
    monkeypatch.setattr(tasks, "engine", wrong_engine("finished"))
    ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 1
    said = r"error: replication 1 of \w+: the engines disagree about truck \d+ at \w+ \(visit \d+\)"
    assert re.search(said, ended.err)
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert not out.exists()


def test_the_outcome_stands_on_the_screen_and_in_the_manifest(command, out):
    ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 0, ended.err
    found = results(out)["manifest.json"]["audit"]
    assert found["mode"] == "default"
    assert f"SimPy, the engine of reference, agrees on {found['visits']:,} visits" in " ".join(
        ended.out.split()
    )
    ended = command(*BOTH, *OUT, "--jobs", 1, "--audit", "full")
    assert ended.code == 0, ended.err
    assert results(out)["manifest.json"]["audit"]["visits"] > 2 * found["visits"]
    assert "visits of all runs" in " ".join(ended.out.split())
    ended = command(*BOTH, *OUT, "--jobs", 1, "--audit", "none")
    assert "Audit" not in ended.out
    assert results(out)["manifest.json"]["audit"] == {"mode": "none", "visits": 0}


# ---- without numba -----------------------------------------------------------------------------


def test_where_numba_cannot_be_imported_simpy_runs_and_says_so(
    tmp_path, scenarios, without_capacities
):
    lay_out(tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "numba.py").write_text("raise ImportError('no numba for this machine')\n")
    path = os.pathsep.join([str(tmp_path / "lib"), *filter(None, sys.path)])
    words = (*BOTH, *OUT, "-j", "1")
    ended = run([*program(tmp_path, QUICK), *words], tmp_path, PYTHONPATH=path)
    assert ended.returncode == 0, ended.stderr
    assert "no numba for this machine" in ended.stderr
    assert "SimPy runs in its place" in ended.stderr
    found = results(tmp_path / "out")
    assert found["manifest.json"]["engine"] == "simpy"
    assert found["manifest.json"]["audit"]["mode"] == "none"
    compiled = written(portsim.compare(scenarios, jobs=1), tmp_path / "compiled")
    for name in ("summary.csv", "replications.parquet", "comparison.csv", "curves.parquet"):
        assert found[name] == compiled[name]
