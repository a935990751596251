"""A cluster: a real dask scheduler and its workers on this machine, one of which is killed."""

import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest

import portsim
from demand.ports import port
from experiment.small import BOTH, OUT, SMALL, files, results, written
from portsim.cli.progress import Bar
from portsim.errors import InputError
from portsim.experiment import cluster as clusters
from portsim.experiment.cluster import cluster

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a process cannot be killed as SIGKILL does on Windows"
)

MANY = 10
"""Replications: twenty runs, so that some are left when a worker is killed."""


@contextmanager
def program(module, *words, cwd):
    """A program of dask's that ends with the block, whatever happens."""
    with (cwd / f"{module}.log").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *words],
            cwd=cwd,
            stdout=log,
            stderr=log,
        )
        try:
            yield running
        finally:
            running.kill()
            running.wait(20)


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Address of a scheduler, its workers, none so far, and what starts one."""
    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    with ExitStack() as stack:
        # Another scheduler on this machine may have the usual port of the dashboard.
        bare = ("--no-dashboard", "--dashboard-address", ":0")
        here = ("--host", "127.0.0.1", *bare, "--scheduler-file", str(file))
        scheduler = stack.enter_context(program("dask_scheduler", *here, "--port", "0", cwd=folder))
        wait_for(lambda: address_in(file) or scheduler.poll() is not None)
        address = address_in(file)
        mine = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1")

        def start():
            words = (f"tcp://{address}", *mine)
            return stack.enter_context(program("dask_worker", *words, cwd=folder))

        yield address, [], start


@pytest.fixture
def dask(started):
    """Address of a scheduler with two workers, and the workers; a test may kill one of them."""
    address, workers, start = started
    workers[:] = [worker for worker in workers if worker.poll() is None]
    workers += [start() for _ in range(2 - len(workers))]
    wait_for(lambda: workers_at(address) == 2)
    return address, workers


def wait_for(what, patience=60):
    until = time.monotonic() + patience
    while not what():
        assert time.monotonic() < until, "dask did not come up"
        time.sleep(0.1)


def address_in(file):
    try:
        return json.loads(file.read_text(encoding="utf-8"))["address"].removeprefix("tcp://")
    except (OSError, ValueError):
        return None


def workers_at(address):
    with cluster(f"dask://{address}", None) as (executor, _):
        return len(executor._client.nthreads())


@pytest.fixture(scope="module")
def many(scenarios, tmp_path_factory):
    """The results of one worker here."""
    study = portsim.compare(scenarios, jobs=1, replications=MANY)
    return written(study, tmp_path_factory.mktemp("many"))


@pytest.fixture
def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_a_scenario_that_was_changed_in_python_runs_with_its_new_values(scenarios, dask, tmp_path):
    address, _ = dask
    lanes = scenarios[0].resources["lanes"].model_copy(update={"capacity": 3})
    changed = scenarios[0].model_copy(update={"resources": {"lanes": lanes}})
    with cluster(f"dask://{address}", None) as (executor, workers):
        found = portsim.run(changed, executor=executor, jobs=workers)
    of_the_file = port(tmp_path, ("lanes: {capacity: 1", "lanes: {capacity: 3"), text=SMALL)
    expected = written(portsim.run(of_the_file, jobs=1), tmp_path / "file")
    assert written(found, tmp_path / "dask")["summary.csv"] == expected["summary.csv"]


def test_a_worker_that_is_killed_in_the_middle_changes_no_byte(scenarios, dask, many, tmp_path):
    address, workers = dask
    killed = []

    def kill(done, total):
        if done == 3:
            workers[0].kill()
            workers[0].wait(20)
            killed.append(done)

    with cluster(f"dask://{address}", None) as (executor, side_by_side):
        assert side_by_side == 2
        study = portsim.compare(
            scenarios,
            replications=MANY,
            executor=executor,
            jobs=side_by_side,
            on_progress=kill,
        )
    assert killed == [3]
    assert study.manifest.failures == ()
    assert written(study, tmp_path / "out") == many
    assert workers[1].poll() is None  # the one left did the rest, and stays
    assert workers_at(address) == 1


def test_the_command_line_joins_a_cluster_and_outlives_a_worker(
    command, out, dask, many, monkeypatch
):
    address, workers = dask

    def kill(bar, done, total):
        original(bar, done, total)
        if done == 3:
            workers[1].kill()

    original = Bar.__call__
    monkeypatch.setattr(Bar, "__call__", kill)
    ended = command(*BOTH, *OUT, "-n", MANY, "--cluster", f"dask://{address}")
    assert ended.code == 0, ended.err
    assert results(out) == many
    assert json.loads((out / "manifest.json").read_bytes())["run"]["workers"] == 2
    assert workers[0].poll() is None


def test_the_command_line_starts_a_cluster_of_its_own(command, out, undisturbed):
    ended = command(*BOTH, *OUT, "--cluster", "dask", "--jobs", 1)
    assert ended.code == 0, ended.err
    assert results(out) == undisturbed


@pytest.mark.parametrize("where", ["nonsense", "dask://", "ray://127.0.0.1:1", "dask:8786"])
def test_what_is_no_cluster_is_refused_and_nothing_written(command, tmp_path, where):
    ended = command(*BOTH, *OUT, "--cluster", where)
    assert ended.code == 2
    assert f"error: a cluster is dask or dask://HOST:PORT, not {where}" in ended.err
    assert files(tmp_path) == {"short.yaml", "long.yaml"}


@pytest.mark.parametrize("where", ["127.0.0.1:{}", "127.0.0.1:nowhere", "no-such-host.invalid:{}"])
def test_an_address_where_nobody_answers_is_refused_and_nothing_written(
    command, tmp_path, free_port, monkeypatch, where
):
    monkeypatch.setattr(clusters, "_PATIENCE", "1s")
    address = where.format(free_port)
    ended = command(*BOTH, *OUT, "--cluster", f"dask://{address}")
    assert ended.code == 2
    assert f"error: no dask scheduler answers at {address}" in ended.err
    assert "Traceback" not in ended.err
    assert files(tmp_path) == {"short.yaml", "long.yaml"}
    assert not (tmp_path / "out").exists()


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(InputError, match=r"pip install 'portsim\[cluster\]'"),
        cluster("dask", None),
    ):
        pass
