"""Workers: any executor will do, and neither their number nor their order changes a byte."""

import multiprocessing
import os
import pickle
import signal
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

import portsim
from experiment.small import BOTH, JOURNAL, OUT, files, results, written
from portsim.cli.progress import Bar
from portsim.errors import PortsimError
from portsim.experiment import workers
from portsim.experiment.common_draws import Lazy, replications
from portsim.experiment.tasks import Task, run_one

no_sigkill = pytest.mark.skipif(os.name == "nt", reason="nothing is killed this way on Windows")


class Backwards(Executor):
    """Begins when all tasks are there, and does the last one first."""

    def __init__(self, expected):
        self._expected = expected
        self._given = []
        self.done = []

    def submit(self, work, /, *words, **more):
        future = Future()
        self._given.append((future, work, words))
        if len(self._given) == self._expected:
            threading.Thread(target=self._all).start()
        return future

    def _all(self):
        for future, work, words in reversed(self._given):
            future.set_running_or_notify_cancel()
            self.done.append((words[0].scenario.name, words[0].replication))
            future.set_result(work(*words))


def same_but_for_the_engine(found, undisturbed):
    """What the engines have in common: all but the words on who ran and who audited."""
    mine = {**found["manifest.json"], "engine": "", "audit": {}}
    other = {**undisturbed["manifest.json"], "engine": "", "audit": {}}
    return {**found, "manifest.json": mine} == {**undisturbed, "manifest.json": other}


# ---- executors ---------------------------------------------------------------------------------


def test_threads_given_as_executor(scenarios, undisturbed, tmp_path):
    with ThreadPoolExecutor(3) as pool:
        study = portsim.compare(scenarios, executor=pool, jobs=3)
        assert written(study, tmp_path / "out") == undisturbed
        assert study.manifest.run.workers == 3
        assert pool.submit(int, "7").result() == 7  # not shut down: it is not ours


def test_processes_given_as_executor(scenarios, undisturbed, tmp_path):
    ways = multiprocessing.get_all_start_methods()
    way = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    with ProcessPoolExecutor(2, mp_context=way) as pool:
        study = portsim.compare(scenarios, executor=pool, jobs=2)
        assert written(study, tmp_path / "out") == undisturbed
        assert pool.submit(int, "7").result() == 7


def test_runs_that_finish_in_the_opposite_order_give_the_same_bytes(
    scenarios, undisturbed, tmp_path
):
    # Six runs and two searches for a capacity.
    backwards = Backwards(expected=8)
    study = portsim.compare(scenarios, executor=backwards, jobs=6)
    assert len(backwards.done) == 8
    assert backwards.done[-1] == ("short", 1)
    assert written(study, tmp_path / "out") == undisturbed


@pytest.mark.parametrize("jobs", [2, 5, 64])
def test_any_number_of_jobs_gives_the_same_bytes(scenarios, undisturbed, tmp_path, jobs):
    study = portsim.compare(scenarios, jobs=jobs)
    assert study.manifest.run.workers == min(jobs, 8)  # six runs, and two capacities
    assert written(study, tmp_path / "out") == undisturbed


def test_all_cores_work_by_default_in_threads_for_the_compiled_engine(scenarios, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    seen = set()

    def watch(task):
        seen.add((os.getpid(), threading.current_thread() is threading.main_thread()))
        return run_one(task)

    monkeypatch.setattr(workers, "run_one", watch)
    study = portsim.compare(scenarios)
    assert study.manifest.run.workers == 4
    assert seen == {(os.getpid(), False)}


def test_processes_work_by_default_for_simpy(scenarios, monkeypatch):
    pools = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, many, mp_context, **more):
            pools.append((many, mp_context.get_start_method()))
            super().__init__(many)

    monkeypatch.setattr(workers, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(workers, "_WORTH_A_POOL_S", -1.0)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    portsim.compare(scenarios, engine="simpy")
    # A fork would copy the threads of numpy's libraries in any state.
    assert pools in ([(3, "forkserver")], [(3, "spawn")])


def test_a_study_that_is_over_sooner_than_processes_start_is_run_at_once(scenarios, monkeypatch):
    monkeypatch.setattr(workers, "ProcessPoolExecutor", None)
    monkeypatch.setattr(workers, "_WORTH_A_POOL_S", 1e9)
    study = portsim.compare(scenarios, engine="simpy", jobs=2, replications=1)
    assert study.manifest.engine == "simpy"


# ---- a killed worker ---------------------------------------------------------------------------


def kill_a_worker_of_mine() -> None:
    victim = multiprocessing.active_children()[0]
    os.kill(victim.pid, signal.SIGKILL)
    victim.join(20)


@no_sigkill
def test_a_killed_worker_is_explained_and_the_same_command_goes_on(
    command, out, monkeypatch, scenarios, tmp_path, without_capacities
):
    def kill(bar, done, total):
        original(bar, done, total)
        if done == 2:
            kill_a_worker_of_mine()

    original = Bar.__call__
    monkeypatch.setattr(workers, "_WORTH_A_POOL_S", -1.0)
    words = (*BOTH, *OUT, "--engine", "simpy", "--jobs", 2)
    with monkeypatch.context() as then:
        then.setattr(Bar, "__call__", kill)
        ended = command(*words)
    assert ended.code == 1
    assert "error: a worker was killed, probably because memory ran out; use fewer --jobs" in (
        ended.err
    )
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert files(out) == {JOURNAL}
    monkeypatch.setattr(workers, "_WORTH_A_POOL_S", 1e9)
    ended = command(*words)
    assert ended.code == 0, ended.err
    assert "of 6 runs were done before; going on from there" in ended.err
    undisturbed = written(portsim.compare(scenarios, jobs=1), tmp_path / "undisturbed")
    assert same_but_for_the_engine(results(out), undisturbed)


class Broken(Executor):
    """A pool of which a worker was killed while it had a run in hand, or before."""

    def __init__(self, in_hand):
        self._in_hand = in_hand

    def submit(self, work, /, *words, **more):
        if not self._in_hand:
            raise BrokenProcessPool("a child process terminated abruptly")
        future = Future()
        future.set_exception(BrokenProcessPool("a process in the pool was terminated abruptly"))
        return future


@pytest.mark.parametrize("in_hand", [True, False])
def test_a_killed_worker_of_an_executor_given_is_explained_too(scenarios, in_hand):
    with pytest.raises(PortsimError, match="a worker was killed, probably because memory ran out"):
        portsim.compare(scenarios, executor=Broken(in_hand), jobs=1)


class Gone(Executor):
    """A cluster that gives up what it has in hand, as dask's does when its scheduler is killed."""

    def submit(self, work, /, *words, **more):
        future = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_cluster_that_has_gone_is_explained(scenarios):
    with pytest.raises(
        PortsimError, match=r"the workers have gone: .* Nothing is kept: .* same call"
    ):
        portsim.compare(scenarios, executor=Gone(), jobs=1)


# ---- what runs share ---------------------------------------------------------------------------


def test_a_shared_value_is_worked_out_once_for_all_threads():
    many, made = 16, []
    together = threading.Barrier(many)

    def make(word):
        made.append(word)
        return [word]

    once = Lazy(make, "trucks")

    def get(_):
        together.wait(20)
        return once.get()

    with ThreadPoolExecutor(many) as pool:
        values = list(pool.map(get, range(many)))
    assert made == ["trucks"]
    assert all(value is values[0] for value in values)


def test_a_value_that_could_not_be_worked_out_is_tried_again():
    answers = iter([ZeroDivisionError("no"), "yes"])

    def make():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    once = Lazy(make)
    with pytest.raises(ZeroDivisionError):
        once.get()
    assert once.get() == "yes"


def test_a_task_that_is_sent_away_carries_recipes_and_no_values(scenarios):
    (scenario, number, shared), *_ = replications(scenarios, 11, [1], 1)
    task = Task(scenario, number, shared, "compiled")
    before = pickle.dumps(task)
    here = run_one(task)
    after = pickle.dumps(task)
    assert len(after) <= len(before) + 64  # what was worked out meanwhile stays here
    there = run_one(pickle.loads(after))
    assert there.figures.equals(here.figures)


def test_runs_of_one_replication_share_trucks_and_of_one_scenario_calendars(scenarios):
    runs = list(replications(scenarios, 11, [1, 2], 2))
    order = [(scenario.name, number) for scenario, number, _ in runs]
    assert order == [("short", 1), ("short", 2), ("long", 1), ("long", 2)]
    found = {
        (scenario.name, number): (shared.timetable, shared.draft)
        for scenario, number, shared in runs
    }
    assert found["short", 1][0] is found["short", 2][0]
    assert found["short", 1][0] is not found["long", 1][0]
    assert found["short", 1][1] is found["long", 1][1]
    assert found["short", 1][1] is not found["short", 2][1]
