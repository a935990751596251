"""What is said on the way: a bar on a terminal, a line for each tenth elsewhere, the compiling."""

import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from numba.core.caching import NullCache
from numba.core.dispatcher import Dispatcher

from experiment.small import QUICK, environment, lay_out, program
from portsim.cli.progress import Bar
from portsim.engines import choice, compiled
from portsim.measures import prepare

SLOW = f"""{QUICK}
import time
from portsim.experiment import workers
run_one = workers.run_one
def slow(task):
    time.sleep(0.03)
    return run_one(task)
workers.run_one = slow
"""


@pytest.mark.parametrize("total", [10, 20, 1000, 99_999])
def test_elsewhere_than_on_a_terminal_each_tenth_has_one_plain_line(capsys, total):
    with Bar() as bar:
        for done in range(total + 1):
            bar(done, total)
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert [line.partition(" %")[0] for line in lines] == [str(10 * n) for n in range(1, 11)]
    for line in lines:
        assert re.fullmatch(rf"\d+ % of {total} runs, \d+ s", line)


def test_a_study_of_few_runs_has_no_more_lines_than_runs(capsys):
    with Bar() as bar:
        for done in range(4):
            bar(done, 3)
    assert capsys.readouterr().err.count("\n") == 3


def test_when_more_runs_are_asked_for_it_goes_on_from_the_share_that_is_done(capsys):
    with Bar() as bar:
        for total, begun in ((20, 0), (40, 20), (50, 40)):
            for done in range(begun, total + 1):
                bar(done, total)
    lines = [line.partition(" runs")[0] for line in capsys.readouterr().err.splitlines()]
    assert lines[:10] == [f"{10 * n} % of 20" for n in range(1, 11)]
    assert lines[10:] == [
        *(f"{share} % of 40" for share in (60, 70, 80, 90, 100)),
        *(f"{share} % of 50" for share in (90, 100)),
    ]


@pytest.mark.skipif(os.name == "nt", reason="no pty on Windows")
def test_on_a_terminal_a_bar_moves_with_the_remaining_time(tmp_path):
    import pty  # noqa: PLC0415 - not on Windows

    lay_out(tmp_path)
    master, slave = pty.openpty()
    words = ["run", "short.yaml", "--out", "out", "-n", "40", "-j", "1", "--audit", "none"]
    plain = {"NO_COLOR": "1", "TERM": "xterm", "COLUMNS": "100"}
    running = subprocess.Popen(
        [*program(tmp_path, SLOW), *words],
        cwd=tmp_path,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        env=environment(**plain),
    )
    os.close(slave)
    seen = b""
    try:
        # On Linux the end of a terminal is an error.
        with suppress(OSError):
            while data := os.read(master, 65536):
                seen += data
        out, _ = running.communicate(timeout=60)
    finally:
        os.close(master)
        running.kill()
        running.wait(20)
    assert running.returncode == 0, seen
    text = seen.decode("utf-8", errors="replace")
    assert "━" in text
    shown = re.findall(r"simulating .*?(\d+) of 40 runs.*?(\d:\d\d:\d\d)", text)
    done = [int(count) for count, _ in shown]
    assert done == sorted(done)
    assert len(set(done)) > 2
    assert {remaining for _, remaining in shown}
    assert "% of 40 runs" not in text
    assert "drawing pictures" in text
    assert b"\x1b" not in out


# ---- compiling ---------------------------------------------------------------------------------


def test_the_first_compilation_is_announced(tmp_path):
    lay_out(tmp_path)
    (tmp_path / "cache").mkdir()
    running = subprocess.Popen(
        [*program(tmp_path), "run", "short.yaml", "--out", "out", "-n", "1", "--audit", "none"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(NUMBA_CACHE_DIR=str(tmp_path / "cache")),
    )
    ready = "getting the compiled engine ready: about twenty seconds at its first use"
    before = ""
    try:
        assert running.stderr is not None
        # What was announced needs not be awaited: every test runs what was compiled.
        while ready not in (line := running.stderr.readline()):
            assert line, before
            before += line
    finally:
        running.kill()
        running.communicate(timeout=30)
    assert "% of 1 runs" not in before


def test_all_that_a_run_needs_is_compiled_at_once_and_kept_for_the_next_time():
    assert choice.choose("compiled", lambda _: None, prepare) == "compiled"
    every = {
        value
        for name, module in sys.modules.items()
        if name.startswith(("portsim.engines", "portsim.measures"))
        for value in vars(module).values()
        if isinstance(value, Dispatcher) and not isinstance(value._cache, NullCache)
    }
    for function in every:
        assert function.signatures, function.py_func
        kept = Path(function.stats.cache_path)
        assert list(kept.glob(f"{function.py_func.__module__.rpartition('.')[2]}."
                              f"{function.py_func.__name__}-*.nbc")), function.py_func  # fmt: skip
    assert {function.py_func.__name__ for function in every} == {
        "simulate", "walk", "follow", "_number", "_collect", "add_up", "by_digit", "most_present",
        "pick_ranks",
    }  # fmt: skip


def test_an_engine_that_is_there_at_once_is_not_announced(monkeypatch):
    monkeypatch.setattr(choice, "_WORTH_A_WORD_S", 600.0)
    said: list[str] = []
    before = set(threading.enumerate())
    assert choice.choose("compiled", said.append) == "compiled"
    assert choice.choose("simpy", said.append) == "simpy"
    assert said == []
    for thread in set(threading.enumerate()) - before:
        # Nobody waits for ten minutes to say a word.
        thread.join(timeout=10)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "error", [RuntimeError("no cache here\nat all"), OSError(), ImportError("x")]
)
def test_an_engine_that_cannot_be_loaded_is_replaced_and_that_is_said(monkeypatch, error):
    def run(plan):
        raise error

    monkeypatch.setattr(compiled, "run", run)
    said: list[str] = []
    assert choice.choose("compiled", said.append) == "simpy"
    (text,) = said
    reason = str(error).partition("\n")[0] or "no reason"
    assert f"({type(error).__name__}: {reason})" in text
    assert "SimPy runs in its place" in text
    assert sys.modules["portsim.engines.compiled"] is compiled
