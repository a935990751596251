"""What must not get worse when a port gets more: true of one station, and where it is not.

With one class, one station and first come, first served, the start of the n-th truck depends on how
many of the trucks before it are still in service; all of them leave no later with more servers or
longer hours, so it does neither (induction; Kiefer and Wolfowitz 1955 for constant capacity). Where
classes, stages or priorities differ there is no such law (Graham 1969: more machines, a longer
day): `make proof` counts how often.
"""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.longer import early_gate, leaving, second_lane, with_longer_hours, with_more_servers
from plans import RELEASED, SERVERS, Day, Resource, Stage, Truck, Visit, at
from thorough import cases

ordinary = settings(
    deadline=None, max_examples=cases(60, 300), suppress_health_check=[HealthCheck.too_slow]
)
END = 60


@st.composite
def stations(draw: st.DrawFn) -> Day:
    """One class at one station: hours, closures, a roster, works of all lengths."""
    second, few = st.integers(0, END - 1), st.integers(0, 3)
    need = draw(st.integers(1, 2))
    steps = [(t, draw(few)) for t in sorted(draw(st.sets(second, max_size=3)))]
    starts = sorted(draw(st.sets(second, max_size=3)))
    hours = [(a, min(END, a + draw(st.integers(1, 25)))) for a in starts] or None
    closed = [(a, min(END, a + 6)) for a in draw(st.sets(second, max_size=1))]
    stage = Stage(
        hours, draw(st.sampled_from((0, 0, 3))) if hours else 0, closed, draw(st.booleans())
    )
    work = st.sampled_from((0, 1, 2, 3, 5, 8, 13, 21))
    came = sorted(draw(st.lists(second, max_size=12)))
    trucks = [Truck(t, [Visit("desk", draw(work), {"officers": need})]) for t in came]
    return Day(END, {"officers": Resource(SERVERS, draw(few), steps)}, {"desk": stage}, trucks)


@given(stations(), st.integers(1, 3))
@ordinary
def test_more_servers_keep_nobody_longer_at_a_first_come_station(run, day, more):
    richer = with_more_servers(day, "officers", more)
    before, after = leaving(day, run(day.plan())), leaving(richer, run(richer.plan()))
    assert np.all(after <= before)


@given(stations(), st.integers(0, END - 1), st.integers(1, 30))
@ordinary
def test_longer_hours_keep_nobody_longer_at_a_first_come_station(run, day, start, length):
    """So throughput is never lower, up to any second."""
    longer = with_longer_hours(day, "desk", (start, min(END, start + length)))
    before, after = leaving(day, run(day.plan())), leaving(longer, run(longer.plan()))
    assert np.all(after <= before)


def test_one_lane_more_at_the_gate_can_keep_a_truck_longer(run):
    one, two = (leaving(second_lane(n), run(second_lane(n).plan())).tolist() for n in (1, 2))
    assert one == [at("08:15"), at("08:35")]
    assert two == [at("08:28"), at("08:23")]


def test_longer_hours_at_the_gate_can_lower_throughput(run):
    outcomes = {opens: run(early_gate(opens).plan()).outcome for opens in ("08:00", "07:30")}
    released = {opens: int(np.sum(told == RELEASED)) for opens, told in outcomes.items()}
    assert released == {"08:00": 3, "07:30": 2}
