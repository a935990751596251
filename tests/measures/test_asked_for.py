"""Who asks for few measures gets what who asks for all of them gets, and pays for no more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.test_properties import few, weighed
from plans import HOUR, Stage, Truck, Visit, plan, servers
from portsim.engines.simpy import run
from portsim.measures import Measurement, Wanted, figures, measure, tally
from portsim.measures.trial import Trial
from portsim.measures.visit_kinds import Kinds
from portsim.scenario.measure_catalogue import MEASURES

NAMES = (
    *MEASURES,
    *(f"throughput_per_day[2024-0{month}]" for month in (1, 2)),
    *(f"completed_within_limit[2024-0{month}]" for month in (1, 2)),
)


@given(weighed(), st.sets(st.sampled_from(NAMES), max_size=4), st.booleans())
@few
def test_the_rows_asked_for_are_those_of_all_rows(day, names, port_only):
    log = run(day)
    every = figures(Measurement(day, log))
    found = figures(Measurement(day, log), Wanted(frozenset(names), port_only))
    # As text, for NaN is no number to compare.
    assert repr(found) == repr(
        [row for row in every if row[2] in names and not (port_only and row[1])]
    )
    whole = figures(Measurement(day, log), Wanted(port_only=port_only))
    assert repr(whole) == repr([row for row in every if not (port_only and row[1])])


@given(weighed(), st.sets(st.sampled_from(NAMES), max_size=3))
@few
def test_curves_and_strains_do_not_depend_on_what_is_asked_for(day, names):
    log = run(day)
    all_, some = measure(Measurement(day, log)), measure(Measurement(day, log), names=names)
    assert len(all_.curves) == len(some.curves)
    for one, other in zip(all_.curves, some.curves, strict=True):
        assert (one.cls, one.place, one.curve) == (other.cls, other.place, other.curve)
        assert np.array_equal(one.y, other.y, equal_nan=True)
    told = [
        [(s.place, s.demand.tolist(), s.given.tolist()) for s in m.strains] for m in (all_, some)
    ]
    assert told[0] == told[1]
    assert set(some.figures["measure"]) <= names


def worked_out(names: set[str], *, port_only: bool = True) -> set[str]:
    """The parts of a run that some measures ask for, besides those of the checks of each run."""
    trucks = [Truck(hour * HOUR, [Visit("desk", 2 * HOUR, {"clerk": 1})]) for hour in (1, 2, 3)]
    day = plan(24 * HOUR, {"clerk": servers(1)}, {"desk": Stage()}, trucks)
    found = Measurement(day, run(day))
    before = {"as_given", "as_planned", "plan", "log", "context", "spans", "inside"}
    assert set(vars(found)) == before
    assert figures(found, Wanted(frozenset(names), port_only))
    columns = {
        f"spans.{name}" for name in vars(found.spans) if not name.startswith("_") and name != "out"
    }
    return (vars(found).keys() - before - {"groups"}) | columns


@pytest.mark.parametrize(
    ("measures", "parts"),
    [
        ({"throughput_per_day", "inside_max", "growth_per_day"}, set()),
        ({"completed_within_limit"}, {"trial"}),
        ({"stay_p95_h", "stay_mean_h"}, {"trial", "cohort"}),
        (
            {"queue_mean"},
            {"queues", *(f"spans.{n}" for n in ("truck", "place", "reached", "until"))},
        ),
    ],
)
def test_a_figure_of_the_port_takes_only_its_own_parts(measures, parts):
    assert worked_out(measures) == parts


def test_loads_look_at_no_visit_of_the_log():
    parts = worked_out({"load", "staffed_h_per_day"}, port_only=False)
    assert parts == {"open_times", "staffing", "daily_loads", "spans.kinds"}


def test_nothing_is_worked_out_twice(monkeypatch):
    called = []
    for kind, name in ((Kinds, "sort"), (Trial, "of")):
        real = getattr(kind, name)
        monkeypatch.setattr(
            kind, name, lambda *words, _of=kind, _real=real: called.append(_of) or _real(*words)
        )
    trucks = [Truck(hour * HOUR, [Visit("desk", 2 * HOUR, {"clerk": 1})]) for hour in (1, 2, 3)]
    day = plan(24 * HOUR, {"clerk": servers(1)}, {"desk": Stage(pause=True)}, trucks)
    found = Measurement(day, run(day))
    measure(found)
    tally(found)
    assert sorted(map(str, called)) == sorted(map(str, (Kinds, Trial)))
