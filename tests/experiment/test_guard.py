"""Scripts without the guard that worker processes need."""

import os
import subprocess
import sys

import pytest

from experiment.small import lay_out

RUN = """\
import portsim
from portsim.experiment import conduct, workers

workers._WORTH_A_POOL_S, conduct._wants_capacity = -1.0, lambda keep: False
"""
"""Processes are worth their start, and SimPy need not search a capacity for ten seconds."""
PLAIN = RUN + 'print(len(portsim.run(portsim.load("short.yaml"), engine="simpy", jobs=2).table))\n'
INSIDE = (
    RUN
    + """\


def main():
    study = portsim.run(portsim.load("short.yaml"), engine="simpy", jobs=2)
    print(len(study.table))


"""
)


@pytest.fixture
def script(tmp_path):
    def run(text):
        folder = lay_out(tmp_path)
        (folder / "script.py").write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "script.py"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("text", "line"), [(PLAIN, 5), (INSIDE + "main()\n", 12), (INSIDE + "if 1:\n    main()\n", 13)]
)
def test_a_missing_guard_is_named_with_its_line(script, text, line):
    ended = script(text)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith(
        f'portsim.errors.InputError: script.py:{line}: `if __name__ == "__main__":` is missing.'
    )
    assert "memory" not in ended.stderr
    # Nobody has read the script again.
    assert ended.stderr.count("Traceback") == 1


def test_a_guarded_script_runs(script):
    ended = script(INSIDE + 'if __name__ == "__main__":\n    main()\n')
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 0
