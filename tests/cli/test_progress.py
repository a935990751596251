"""What is said on the way: a bar on a terminal, a line for each tenth elsewhere, the compiling."""

import os
import re
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from experiment.small import WITHOUT_PICTURES, environment, lay_out, program
from portsim.cli.progress import Bar
from portsim.engines import choice, compiled

SLOW = f"""{WITHOUT_PICTURES}
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
    words = ["run", "short.yaml", "--out", "out", "-n", "60", "-j", "1"]
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
    shown = re.findall(r"simulating .*?(\d+) of 60 runs.*?(\d:\d\d:\d\d)", text)
    done = [int(count) for count, _ in shown]
    assert done == sorted(done)
    assert len(set(done)) > 2
    assert {remaining for _, remaining in shown}
    assert "% of 60 runs" not in text
    assert "drawing pictures" in text
    assert b"\x1b" not in out


# ---- compiling ---------------------------------------------------------------------------------


def test_the_first_compilation_is_announced(tmp_path):
    lay_out(tmp_path)
    (tmp_path / "cache").mkdir()
    ended = subprocess.run(
        [*program(tmp_path), "run", "short.yaml", "--out", "out", "-n", "1", "--audit", "none"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
        env=environment(NUMBA_CACHE_DIR=str(tmp_path / "cache")),
    )
    assert ended.returncode == 0, ended.stderr
    ready = "getting the compiled engine ready: about twenty seconds at its first use"
    assert ready in ended.stderr
    assert ended.stderr.index(ready) < ended.stderr.index("% of 1 runs")
    kept = {file.name.partition("-")[0] for file in (tmp_path / "cache").rglob("*.nbc")}
    # All for the next time.
    walk = {"walk.walk", "kinds._number", "kinds._collect", "kinds._by_digit"}
    assert kept == {"loop.simulate"} | walk


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
