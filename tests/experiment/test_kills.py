"""Killed, or without room on the disk: the same command goes on where the program ended.

What is killed is a process of its own; the command that goes on mostly needs none.
"""

import os
import random
import signal
import subprocess
import time

import pytest

import portsim
from experiment.small import (
    BOTH,
    JOURNAL,
    OUT,
    QUICK,
    environment,
    files,
    lay_out,
    program,
    results,
    run,
    written,
)
from portsim.experiment import conduct

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL and no rlimit on Windows")

MANY = 25
WORDS = (*BOTH, *OUT, "-n", str(MANY), "-j", "2")
ALONE = (*WORDS[:-1], "1")
"""Without other processes, where it is the first one that matters."""

NOTED = f"""{QUICK}
from portsim.experiment.journal import Journal
add = Journal.add
def noted(journal, done):
    add(journal, done)
    with open("kept", "a") as file:
        file.write(f"{{done.scenario}} {{done.replication}}\\n")
Journal.add = noted
"""
"""Writes down each run that has been kept, once it has."""


@pytest.fixture(scope="module")
def many(scenarios, tmp_path_factory):
    """The results of many replications that nobody disturbed; no capacity is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conduct, "_wants_capacity", lambda keep: False)
        study = portsim.compare(scenarios, jobs=1, replications=MANY)
    return written(study, tmp_path_factory.mktemp("many"))


SIX = (*BOTH, *OUT, "-j", "1", "--audit", "none")


@pytest.fixture(scope="module")
def six(scenarios, tmp_path_factory):
    """The results of six runs that nobody disturbed, and of which no more than figures is asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conduct, "_wants_capacity", lambda keep: False)
        study = portsim.compare(scenarios, jobs=1, audit="none")
    return written(study, tmp_path_factory.mktemp("six"))


HANGING = f"""{QUICK}
import time
from portsim.experiment import workers
run_one = workers.run_one
def hang(task):
    if task.replication == 2:
        time.sleep(600)
    return run_one(task)
workers.run_one = hang
"""
"""Is at work on the third run until it is killed."""


def start(words, cwd):
    return subprocess.Popen(
        words,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def lines(file):
    return file.read_text(encoding="utf-8").split("\n")[:-1] if file.exists() else []


def complete(out):
    return (out / "manifest.json").exists() and not (out / JOURNAL).exists()


def test_killed_at_random_moments_the_same_command_gets_through_and_does_no_run_twice(
    tmp_path, out, many
):
    lay_out(tmp_path)
    words = [*program(tmp_path, NOTED), *WORDS]
    noted = tmp_path / "kept"
    luck = random.Random(20240304)
    killed = 0
    for _ in range(2):
        if complete(out):
            break
        before, until = len(lines(noted)), time.monotonic() + 60
        running = start(words, tmp_path)
        try:
            while len(lines(noted)) == before and running.poll() is None:
                assert time.monotonic() < until
                time.sleep(0.01)
            time.sleep(luck.uniform(0.0, 0.2))
        finally:
            running.kill()
            running.communicate(timeout=30)
        killed += running.returncode == -signal.SIGKILL
    assert killed >= 1
    if not complete(out):
        ended = run(words, tmp_path)
        assert ended.returncode == 0, ended.stderr
    assert results(out) == many
    kept = lines(noted)
    assert len(kept) == len(set(kept)) <= 2 * MANY
    # A kill between keeping and noting loses the note, not the run.
    assert len(kept) >= 2 * MANY - killed
    assert not list(out.glob(".portsim-*"))


def test_killed_while_results_are_put_in_place_the_same_command_makes_them_whole(
    tmp_path, out, command, without_capacities, six
):
    patch = f"""{QUICK}
import os, signal
from pathlib import Path
moves, replace = [], Path.replace
def killing(path, target):
    moves.append(path)
    if len(moves) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(path, target)
Path.replace = killing
"""
    ended = run([*program(tmp_path, patch), *SIX], tmp_path)
    assert ended.returncode == -signal.SIGKILL
    assert "manifest.json" not in files(out)
    assert any(name.endswith(".tmp") for name in files(out))
    ended = command(*SIX)
    assert ended.code == 0, ended.err
    assert "6 of 6 runs were done before" in ended.err
    assert results(out) == six


def test_killed_when_every_run_is_kept_no_file_of_the_journal_stays(
    tmp_path, out, command, without_capacities, six
):
    """The next command finds nothing to do: SQLite then writes nothing, and mends nothing."""
    patch = f"""{QUICK}
import os, signal
from portsim.experiment import runner
def killing(*words):
    os.kill(os.getpid(), signal.SIGKILL)
runner.Batch = killing
"""
    ended = run([*program(tmp_path, patch), *SIX], tmp_path)
    assert ended.returncode == -signal.SIGKILL
    assert {name for name in files(out) if name != JOURNAL} == {f"{JOURNAL}-journal"}
    ended = command(*SIX)
    assert ended.code == 0, ended.err
    assert "6 of 6 runs were done before" in ended.err
    assert results(out) == six
    assert not list(out.glob(".portsim-*"))


def test_killed_while_the_journal_is_removed_the_same_command_removes_the_rest(
    tmp_path, out, command, without_capacities, six
):
    patch = f"""{QUICK}
import os, signal
from pathlib import Path
unlink = Path.unlink
def killing(path, *words, **options):
    unlink(path, *words, **options)
    if path.name.startswith("{JOURNAL}"):
        os.kill(os.getpid(), signal.SIGKILL)
Path.unlink = killing
"""
    ended = run([*program(tmp_path, patch), *SIX], tmp_path)
    assert ended.returncode == -signal.SIGKILL
    assert (out / JOURNAL).exists()
    assert complete(out) is False
    ended = command(*SIX)
    assert ended.code == 0, ended.err
    assert "6 of 6 runs were done before" in ended.err
    assert results(out) == six
    assert not list(out.glob(".portsim-*"))


def test_when_the_disk_is_full_finished_runs_stay_and_the_same_command_goes_on(
    tmp_path, out, command, without_capacities, many
):
    full = f"""{QUICK}
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
"""
    ended = run([*program(tmp_path, full), *ALONE], tmp_path)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("error: finished runs cannot be kept (")
    assert "make room on the disk and give the same command again" in last
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    assert {name for name in files(out) if not name.startswith(JOURNAL)} == set()
    ended = command(*ALONE)
    assert ended.code == 0, ended.err
    before = ended.err.partition(f" of {2 * MANY} runs were done before")[0].split("\n")[-1]
    assert 1 <= int(before) < 2 * MANY
    assert "damaged" not in ended.err
    assert results(out) == many


def test_with_no_room_at_all_the_command_says_so(tmp_path, out):
    lay_out(tmp_path)
    full = f"{QUICK}\nimport resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    ended = run([*program(tmp_path, full), *ALONE], tmp_path)
    assert ended.returncode == 1
    assert "error: finished runs cannot be kept (" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not out.exists()


def test_while_one_is_at_work_a_second_is_refused(tmp_path, out, command, without_capacities):
    words = (*BOTH, *OUT, "-n", "5", "-j", "1")
    running = start([*program(tmp_path, HANGING), *words], tmp_path)
    try:
        assert running.stderr is not None
        while "20 % of" not in (line := running.stderr.readline()):
            assert line, "it ended"
        ended = command(*words)
        assert ended.code == 2
        assert "error: out: another portsim is at work here; wait for it or choose" in ended.err
        assert ended.out == ""
    finally:
        running.kill()
        running.communicate(timeout=30)
    # Whoever is killed holds nothing back.
    ended = command(*words)
    assert ended.code == 0, ended.err
    assert "2 of 10 runs were done before" in ended.err
