"""The whole chain against theory, in the short form; `make proof` runs the long one.

A scenario as a user writes it goes through words, demand, plan, engine, measures and intervals,
and the exact value has to lie within an interval that would miss one of all these values in a
thousand suites.
"""

import functools

import pytest
from scipy import stats

import portsim
from portsim.experiment import conduct
from theory.cases import CASES, Case, scenario
from theory.rules import RULES

REPLICATIONS = 20
MISSES = 0.001


@functools.cache
def cases() -> dict[str, Case]:
    """All of them, solved once and only where one is looked at."""
    return {make.__name__: make() for make in (*CASES, *RULES)}


@pytest.mark.parametrize("name", [make.__name__ for make in (*CASES, *RULES)])
def test_theory_lies_within_the_interval(tmp_path, monkeypatch, name):
    # No capacity is asked for; nobody looks at it.
    monkeypatch.setattr(conduct, "_wants_capacity", lambda keep: False)
    case, file = cases()[name], tmp_path / "port.yaml"
    file.write_text(scenario(case, REPLICATIONS, seed=1, days=84), encoding="utf-8")
    found = portsim.run(portsim.load(file), audit="none", jobs=1).summary
    rows = found.set_index(["truck_class", "place", "measure"])
    values = sum(len(each.known) for each in cases().values())
    factor = stats.t.ppf(1 - MISSES / values / 2, REPLICATIONS - 1)
    for known in case.known:
        row = rows.loc[(known.cls, known.place, known.measure)]
        half = factor * row["sd"] / REPLICATIONS**0.5
        assert half < 0.35 * known.value, f"{known.measure}: ± {half} is not sharp"
        assert abs(row["mean"] - known.value) <= half, (
            f"{case.name}, {known.measure}: {row['mean']} ± {half}, not {known.value}"
        )
