"""Going on: the same call does what is missing, and yields the bytes of an undisturbed study."""

import random
from pathlib import Path

import pytest

import portsim
from demand.ports import port
from experiment.small import BOTH, JOURNAL, LONG, OUT, SMALL, files, interrupted, results, written
from portsim.errors import InputError
from portsim.experiment import runner, workers
from portsim.experiment import study as studies

ALL = {(name, number) for number in (1, 2, 3) for name in ("short", "long")}


def again(scenarios, folder, **options):
    """The same call once more: its study and what it said."""
    said: list[str] = []
    words = {"jobs": 1, **options}
    study = portsim.compare(scenarios, **words, journal=folder, say=said.append)
    return study, said


# ---- Ctrl-C ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_interrupted_at_random_again_and_again_no_run_is_done_twice(
    scenarios, undisturbed, out, performed, seed
):
    luck = random.Random(seed)
    done = 0
    while done < 5:
        done = luck.randint(done + 1, 5)
        interrupted(scenarios, out, after=done)
        assert len(performed) == done
        assert files(out) == {JOURNAL}
    study, said = again(scenarios, out)
    assert said[0] == "5 of 6 runs were done before; going on from there"
    assert len(performed) == 6
    assert set(performed) == ALL
    assert written(study, out) == undisturbed


def test_workers_that_are_interrupted_lose_what_they_have_in_hand_only(scenarios, undisturbed, out):
    interrupted(scenarios, out, after=3, jobs=2)
    study, said = again(scenarios, out, jobs=2)
    assert said == ["3 of 6 runs were done before; going on from there"]
    assert written(study, out) == undisturbed


def test_runs_of_one_engine_serve_the_other_but_for_the_audit(
    scenarios, undisturbed, out, performed
):
    interrupted(scenarios, out, after=6, engine="simpy")
    performed.clear()
    study, _ = again(scenarios, out)
    assert performed == [("short", 1), ("long", 1)]
    assert written(study, out) == undisturbed


def test_an_interrupt_before_the_first_run_leaves_nothing(scenarios, out):
    interrupted(scenarios, out, after=0)
    assert not out.exists()


# ---- another study than before -----------------------------------------------------------------


def test_more_replications_go_on_from_those_that_are_there(scenarios, undisturbed, out, performed):
    interrupted(scenarios, out, after=4, replications=2)
    performed.clear()
    study, said = again(scenarios, out)
    assert sorted(performed) == [("long", 3), ("short", 3)]
    assert said == ["4 of 6 runs were done before; going on from there"]
    assert written(study, out) == undisturbed


def test_fewer_replications_take_the_first_of_those_that_are_there(scenarios, out, performed):
    interrupted(scenarios, out, after=6)
    performed.clear()
    study, _ = again(scenarios, out, replications=2)
    assert performed == []
    fresh = portsim.compare(scenarios, replications=2, jobs=1)
    assert written(study, out) == written(fresh, out.with_name("fresh"))


def test_of_two_scenarios_the_changed_one_is_done_again(
    scenarios, undisturbed, out, tmp_path, performed
):
    before = port(tmp_path, *LONG, ("rate: 40", "rate: 39"), text=SMALL)
    interrupted([scenarios[0], before], out, after=6)
    performed.clear()
    study, said = again(scenarios, out)
    assert performed == [("long", 1), ("long", 2), ("long", 3)]
    assert "long has changed since 3 of its runs were done: they are done again" in said
    assert written(study, out) == undisturbed


def test_a_scenario_that_is_left_out_or_joins_in_changes_nothing_for_the_others(
    scenarios, undisturbed, out, performed
):
    said: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        portsim.run(scenarios[0], jobs=1, journal=out, on_progress=stop_after(3))
    performed.clear()
    study, said = again(scenarios, out)
    assert performed == [("long", 1), ("long", 2), ("long", 3)]
    assert said == ["3 of 6 runs were done before; going on from there"]
    assert written(study, out) == undisturbed


def stop_after(runs):
    def stop(done, total):
        if done == runs:
            raise KeyboardInterrupt

    return stop


def test_another_seed_starts_anew_and_says_so(scenarios, undisturbed, out, performed):
    interrupted(scenarios, out, after=4, seed=12)
    performed.clear()
    study, said = again(scenarios, out)
    assert set(performed) == ALL
    assert said[0] == (
        "4 runs of an unfinished study do not fit any more (seed changed): the study starts anew"
    )
    assert written(study, out) == undisturbed


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("versions", lambda: {"numpy": "1.0"}, "versions"),
        ("code_digest", lambda: "another portsim", "code"),
    ],
)
def test_another_version_starts_anew_and_says_so(
    scenarios, undisturbed, out, performed, monkeypatch, name, value, what
):
    with monkeypatch.context() as then:
        then.setattr(runner, name, value)
        interrupted(scenarios, out, after=4)
    performed.clear()
    study, said = again(scenarios, out)
    assert set(performed) == ALL
    assert f"do not fit any more ({what} changed): the study starts anew" in said[0]
    assert written(study, out) == undisturbed


def test_logs_that_are_asked_for_later_cost_those_runs_only(scenarios, out, performed):
    interrupted(scenarios, out, after=6)
    performed.clear()
    study, _ = again(scenarios, out, logs="first")
    assert sorted(performed) == [("long", 1), ("short", 1)]
    fresh = portsim.compare(scenarios, jobs=1, logs="first")
    assert written(study, out) == written(fresh, out.with_name("fresh"))


@pytest.mark.parametrize("logs", ["none", "first"])
def test_logs_that_are_not_asked_for_any_more_are_left_out(scenarios, out, performed, logs):
    interrupted(scenarios, out, after=6, logs="all")
    performed.clear()
    study, _ = again(scenarios, out, logs=logs)
    assert performed == []
    fresh = portsim.compare(scenarios, jobs=1, logs=logs)
    assert written(study, out) == written(fresh, out.with_name("fresh"))


def test_a_full_audit_that_is_asked_for_later_does_all_again(scenarios, out, performed):
    interrupted(scenarios, out, after=6)
    performed.clear()
    study, _ = again(scenarios, out, audit="full")
    assert set(performed) == ALL
    assert study.manifest.audit.mode == "full"


# ---- nothing to go on from ---------------------------------------------------------------------


def test_an_input_found_wrong_in_a_run_leaves_neither_journal_nor_folder(
    scenarios, tmp_path, monkeypatch
):
    def perform(task):
        raise InputError("stage gate: nobody can ever pass")

    monkeypatch.setattr(workers, "run_one", perform)
    with pytest.raises(InputError, match="nobody can ever pass"):
        portsim.compare(scenarios, jobs=1, journal=tmp_path / "results" / "port")
    assert list(tmp_path.iterdir()) == []


def test_the_same_on_the_command_line_ends_with_2(command, tmp_path, monkeypatch):
    def perform(task):
        raise InputError("stage gate: nobody can ever pass")

    monkeypatch.setattr(workers, "run_one", perform)
    ended = command("run", "short.yaml", "--jobs", 1)
    assert ended.code == 2
    assert ended.err.strip().endswith("error: stage gate: nobody can ever pass")
    assert files(tmp_path) == {"short.yaml", "long.yaml"}
    assert not (tmp_path / "results").exists()


# ---- writing the results -----------------------------------------------------------------------


def no_more_runs(monkeypatch):
    def perform(task):
        raise AssertionError("this run was done before")

    monkeypatch.setattr(workers, "run_one", perform)


def test_results_that_could_not_be_written_need_no_run_again(
    command, out, monkeypatch, undisturbed
):
    def full(*words, **more):
        raise OSError(28, "No space left on device", "summary.csv")

    with monkeypatch.context() as then:
        then.setattr(studies, "write_record", full)
        ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 1
    assert "error: No space left on device: summary.csv" in ended.err
    assert files(out) == {JOURNAL}
    no_more_runs(monkeypatch)
    ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 0, ended.err
    assert "6 of 6 runs were done before" in ended.err
    assert results(out) == undisturbed


@pytest.mark.parametrize("moment", range(1, 6))
def test_interrupted_while_results_are_put_in_place_the_same_command_makes_them_whole(
    command, out, monkeypatch, undisturbed, moment
):
    moves = 0

    def replace(path, target):
        nonlocal moves
        moves += 1
        if moves == moment:
            raise KeyboardInterrupt
        return original(path, target)

    original = Path.replace
    with monkeypatch.context() as then:
        then.setattr(Path, "replace", replace)
        ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 130
    assert "interrupted while writing out; the same command" in ended.err
    assert "manifest.json" not in files(out)
    no_more_runs(monkeypatch)
    ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 0, ended.err
    assert results(out) == undisturbed


def test_interrupted_while_pictures_are_drawn_no_run_is_done_again(
    command, out, monkeypatch, undisturbed
):
    def draw_all(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as then:
        then.setattr("portsim.figures.draw_all", draw_all)
        ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 130
    assert "manifest.json" in files(out)
    no_more_runs(monkeypatch)
    ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 0, ended.err
    assert results(out) == undisturbed


def test_unfinished_results_without_a_journal_are_refused_as_ever(command, out):
    out.mkdir()
    (out / "summary.csv").write_text("half", encoding="utf-8")
    ended = command(*BOTH, *OUT, "--jobs", 1)
    assert ended.code == 2
    assert "holds results that were not finished" in ended.err
    assert files(out) == {"summary.csv"}
