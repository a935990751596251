"""Both policies of the small port, loaded, undisturbed, and on the command line."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import portsim
import portsim.figures
import portsim.report
from experiment.small import lay_out, written
from portsim.checking import load
from portsim.cli import main
from portsim.experiment import capacity, conduct, workers
from portsim.experiment.tasks import run_one
from portsim.scenario.identity import identity

_FOUND: dict[tuple[object, ...], capacity.Capacity] = {}
"""Capacities by all that they depend on; both engines find the same, as test_capacity shows."""


@pytest.fixture(scope="module", autouse=True)
def capacities_found_once(request) -> Iterator[None]:
    """In this process, a search that was made before is not made again; it takes most of a study.

    Modules that are about such searches say ``SEARCHES = True``; ``SEARCHES = None`` say those
    that have no use for any capacity.
    """
    searches = getattr(request.module, "SEARCHES", False)
    if searches:
        yield
        return
    if searches is None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(conduct, "_wants_capacity", lambda keep: False)
            yield
        return

    def find(task):
        key = (identity(task.scenario), task.seed, task.replications, task.antithetic)
        if key not in _FOUND:
            _FOUND[key] = capacity.find(replace(task, engine="compiled"))
        return _FOUND[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "find", find)
        yield


@pytest.fixture
def without_capacities(monkeypatch) -> None:
    """No capacity is asked for: worker processes would search with SimPy for ten seconds each."""
    monkeypatch.setattr(conduct, "_wants_capacity", lambda keep: False)


# Nobody changes these two, so all modules share what costs seconds.
@pytest.fixture(scope="session")
def scenarios(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    lay_out(folder)
    return load(folder / "short.yaml"), load(folder / "long.yaml")


@pytest.fixture(scope="session")
def undisturbed(scenarios, tmp_path_factory):
    """The results of six runs that nobody disturbed."""
    study = portsim.compare(scenarios, jobs=1)
    return written(study, tmp_path_factory.mktemp("undisturbed"))


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def command(tmp_path, monkeypatch, capsys) -> Callable[..., Ended]:
    """The command line in this process, so that its insides can be changed; nothing is drawn."""
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(portsim.figures, "draw_all", lambda *_: [])
    monkeypatch.setattr(portsim.report, "write_report", lambda *_, **__: None)

    def give(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["portsim", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Ended(end.value.code, *capsys.readouterr())

    return give


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def performed(monkeypatch) -> list[tuple[str, int]]:
    """The runs that are computed, by scenario and replication."""
    seen = []

    def watch(task):
        seen.append((task.scenario.name, task.replication))
        return run_one(task)

    monkeypatch.setattr(workers, "run_one", watch)
    return seen
