"""What is left of work and patience, given what has passed, and whom mere counts mean."""

import numpy as np
import pytest

import portsim
from portsim.demand import draw, inverse, trucks_inside
from portsim.engines import as_it_went, continued, simpy
from portsim.plan import NEVER, build
from portsim.plan.resumed import _given
from portsim.scenario.distributions import Distribution

U = (np.arange(2000) + 0.5) / 2000

PORT = """\
name: small
timezone: Asia/Shanghai
period: {from: 2025-04-14 20:00, to: 2025-04-15 20:00}
completion: {limit: 12 h}
calendars: {day: {hours: "08:00-18:00"}}
resources: {clerk: {capacity: 3}, officer: {capacity: 2}, yard: {capacity: 9}}
channels: {risk: {green: 0.9, red: 0.1}}
stages:
  gate: {takes: {yard: {until: next}}, time: 2 min, at_close: finish}
  desk: {takes: {clerk: 1}, time: 60 min, hours: day, at_close: pause}
  search: {takes: {officer: 1}, time: {exponential: {mean: 30 min}}, at_close: finish}
  seal: {time: {per_tonne: {uniform: {low: 1 min, high: 3 min}}, per_truck: 5 min}}
traffic:
  vans:
    direction: export
    arrivals: {rate: 48 per day}
    load: 10 t
    channels: risk
    patience: {time: {uniform: {low: 1 h, high: 5 h}}, stages: [gate, desk]}
    route: [gate, desk, {stage: search, channels: red}, seal]
  empties:
    direction: import
    arrivals: {rate: 24 per day}
    load: 1 t
    route: [gate, seal]
"""


@pytest.fixture
def port(tmp_path):
    def of(inside, text=PORT):
        file = tmp_path / "port.yaml"
        file.write_text(f"{text}inside: {inside}\n")
        return portsim.load(file)

    return of


def planned(scenario, replication=1):
    return build(scenario, draw(scenario, 1, replication).at(scenario))


def law(**words):
    return Distribution[float].model_validate(words)


def test_the_exponential_does_not_remember(port):
    exponential = law(exponential={"mean": 100.0})
    given = _given(exponential, np.full(len(U), 250.0), U, {})
    assert np.allclose(given, 250.0 + inverse(exponential, U, {}))


def test_the_uniform_is_uniform_above(port):
    given = _given(law(uniform={"low": 10.0, "high": 30.0}), np.full(len(U), 25.0), U, {})
    assert np.allclose(given, 25.0 + 5.0 * U)


def test_of_listed_values_those_that_are_left_are_alike(port):
    words = law(empirical={"values": (120.0, 180.0, 180.0, 540.0)})
    values, counts = np.unique(
        _given(words, np.full(1800, 150.0), U[:1800] / 0.9, {}), return_counts=True
    )
    assert values.tolist() == [180.0, 540.0]
    assert abs(counts[0] - 1200) <= 2


@pytest.mark.parametrize(
    "words",
    [
        {"lognormal": {"mean": 30.0, "cv": 0.9}},
        {"gamma": {"mean": 30.0, "cv": 0.5}},
        {"erlang": {"mean": 30.0, "k": 3}},
        {"weibull": {"mean": 30.0, "shape": 2.0}},
        {"triangular": {"low": 5.0, "mode": 20.0, "high": 90.0}},
    ],
)
@pytest.mark.parametrize("age", [0.0, 12.0, 40.0])
def test_given_an_age_a_work_is_one_of_those_that_last_as_long(words, age):
    """The quantiles of all works of this age or more."""
    words = law(**words)
    many = inverse(words, (np.arange(400_000) + 0.5) / 400_000, {})
    left = np.quantile(many[many >= age], U[5:-5])
    assert np.allclose(_given(words, np.full(len(U), age), U, {})[5:-5], left, rtol=2e-2)


def test_work_goes_on_as_long_as_its_law_says_and_paused_work_has_not_passed(port):
    """At the desk, open until 18:00, work of an hour that began at 17:30 has half an hour left for
    the morning, the one that began at 17:10 ten minutes; whoever waits goes after them. What has
    lasted for two hours of one ends when the run begins, but the desk is shut then."""
    scenario = port(
        "[{class: vans, stage: desk, status: working, since: 2025-04-14 17:30},"
        " {class: vans, stage: desk, status: working, since: 2025-04-14 17:10},"
        " {class: vans, stage: desk, status: working, since: 2025-04-14 10:00}]"
    )
    plan = planned(scenario)
    log = simpy.run(plan)
    eight = 12 * 3600 + plan.begin
    at_desk = np.flatnonzero(plan.visit_stage == 1)[:3]
    assert log.finished[at_desk].tolist() == [plan.begin, eight + 600, eight + 1800]


def test_remaining_work_that_is_told_is_that_long(port):
    scenario = port(
        "[{class: vans, stage: search, status: working, since: 2025-04-14 19:30, remaining: 7 min}]"
    )
    plan = planned(scenario)
    log = simpy.run(plan)
    assert log.finished[np.flatnonzero(plan.visit_stage == 2)[0]] == plan.begin + 420


def test_work_of_two_parts_lasts_longer_than_has_passed(port):
    """A sum of 5 minutes and 1 to 3 minutes for each of 10 tonnes is 15 to 35 minutes; after 20
    minutes it is 20 to 35, evenly."""
    rows = "{class: vans, stage: seal, status: working, since: 2025-04-14 19:40}"
    scenario = port(f"[{', '.join([rows] * 50)}]")
    works = []
    for replication in range(1, 5):
        plan = planned(scenario, replication)
        inside = plan.beginning
        now = (inside.admitted != NEVER) & (inside.finished == NEVER)
        works += plan.visit_work[: len(now)][now].tolist()
    minutes = np.array(works) / 60
    assert minutes.min() >= 20
    assert minutes.max() <= 35.01
    assert abs(minutes.mean() - 27.5) < 1.0


def test_who_has_waited_is_patient_enough_for_that(port):
    """Patience is 1 to 5 hours, evenly; who has waited for 3 gives up after 3 to 5."""
    rows = "{class: vans, stage: gate, since: 2025-04-14 17:00}"
    plan = planned(port(f"[{', '.join([rows] * 200)}]"))
    hours = plan.visit_patience[plan.first_visit[:200]] / 3600
    assert hours.min() >= 3
    assert abs(hours.mean() - 4) < 0.15


def test_who_is_searched_is_of_a_channel_that_is_searched(port):
    """Of the channels one in ten is red; whoever stands at the search is."""
    rows = "{class: vans, stage: search, since: 2025-04-14 19:00}"
    plan = planned(port(f"[{', '.join([rows] * 20)}]"))
    assert (plan.visit_stage[: plan.first_visit[20]] == 2).sum() == 20


def test_what_is_kept_from_the_stage_before_is_given_back_at_the_next_admission(port):
    """The yard is kept from the gate until the desk admits: who waits there has it, and who says
    that nothing is held has not."""
    rows = [
        f"{{class: vans, stage: desk, since: 2025-04-14 1{n}:00{held}}}"
        for n, held in enumerate(("", ", holds: {}", ", holds: yard"))
    ]
    plan = planned(port(f"[{', '.join(rows)}]"))
    free = simpy._Port(plan).free
    assert free[2] == 9 - 2


def test_counts_are_shared_out_by_pace_and_queue_as_fast_as_they_come(port):
    """48 vans and 24 empties a day pass the gate: of nine there six are vans, and one of them came
    every twenty minutes, the last ten minutes before."""
    inside = trucks_inside(port("{counts: {gate: 9, desk: {vans: 2}}}"))
    at_gate = [
        name for name, stage in zip(inside.classes, inside.stages, strict=True) if stage == "gate"
    ]
    assert (at_gate.count("vans"), at_gate.count("empties")) == (6, 3)
    begins = 1744632000
    assert ((begins - inside.since[:9]) / 60).tolist() == [170, 150, 130, 110, 90, 70, 50, 30, 10]
    assert ((begins - inside.since[9:]) / 60).tolist() == [45, 15]
    assert inside.assumed.all()


def test_trucks_inside_come_at_any_demand_and_others_only_later(port):
    scenario = port("{counts: {gate: 9}}")
    trucks = draw(scenario, 1, 1)
    few = trucks.at(scenario, 0.0)
    assert len(few.arrival) == 9
    assert (trucks.arrival[9:] >= 1744632000).all()
    assert (trucks.arrival[:9] < 1744632000).all()


def test_the_same_trucks_come_whoever_is_inside(port):
    """Arrivals and their luck do not depend on the beginning."""
    nobody, some = (draw(port(inside), 1, 1) for inside in ("{}", "{counts: {gate: 9}}"))
    assert np.array_equal(nobody.arrival, some.arrival[9:])
    assert np.array_equal(
        nobody.uniforms(1, "desk per_piece 0"),
        some.uniforms(1, "desk per_piece 0")[(some.cls[:9] == 1).sum() :],
    )


def test_what_was_to_come_back_at_a_stage_that_is_skipped_is_kept_until_the_next(port):
    """The yard is to come back at the search, which few pass: a van that waits for the seal may
    hold it still, or not; its admission there gives it back."""
    text = (
        PORT.replace("until: next", "until: search")
        .replace(
            "  seal: {time: {per_tonne: {uniform: {low: 1 min, high: 3 min}}, per_truck: 5 min}}",
            "  seal: {takes: {officer: 1}, time: 9 min, at_close: finish}",
        )
        .replace("route: [gate, seal]", "route: [seal]")
    )
    rows = [
        f"{{class: vans, stage: seal, since: 2025-04-14 1{n}:00, holds: {held}}}"
        for n, held in enumerate(("yard", "[]", "yard"))
    ]
    plan = planned(port(f"[{', '.join(rows)}]", text))
    assert simpy._Port(plan).free[2] == 9 - 2
    log = simpy.run(plan)
    admitted = log.admitted[np.flatnonzero(plan.visit_stage == 3)[:3]]
    rest, _ = continued(plan, log, int(admitted[1]) + 1)
    assert simpy._Port(rest).free[2] == 9 - 1


def test_work_that_began_in_a_slow_hour_is_as_long_as_it_was_then(port):
    """30 minutes begun at 19:50 are 60 by the pace of that hour. Of an exponential work 60 minutes
    are left on average, whatever has passed."""
    by_hour = ", time_by_hour: {19:00-20:00: 2}, at_close: finish}\n  seal"
    text = PORT.replace(", at_close: finish}\n  seal", by_hour)
    truck = "[{class: vans, stage: search, status: working, since: 2025-04-14 19:50}]"
    fixed = planned(port(truck, text.replace("{exponential: {mean: 30 min}}", "30 min")))
    begun = fixed.beginning
    first = int(np.flatnonzero((begun.admitted >= 0) & (begun.finished < 0))[0])
    assert fixed.visit_work[first] == 3600
    drawn = port(truck, text)
    works = [planned(drawn, replication).visit_work[first] - 600 for replication in range(1, 101)]
    assert np.mean(works) == pytest.approx(3600, abs=4 * 3600 / 100**0.5)
    assert min(works) >= 0


SCANS = """\
name: scans
timezone: Asia/Shanghai
period: {from: 2025-04-14 10:00, to: 2025-04-15 10:00}
resources: {new: {capacity: 1}, old: {capacity: 1}, lane: {capacity: 1}, lane 2: {capacity: 1}}
stages:
  gate: {takes: {lane: 1}, time: 6 min}
  gate 2: {takes: {lane 2: 1}, time: 9 min}
  scan: {takes: {new: 1}, instead_of: {new: {old: 1.5}}, time: 10 min}
traffic:
  vans:
    direction: export
    arrivals: {rate: 0 per day}
    route: [{stage: gate, or_shorter: gate 2}, scan]
"""
SINCE = "since: 2025-04-14 09"


@pytest.mark.parametrize(
    ("by", "ends"),
    [
        # On the new scanner for 5 of 10 minutes, on the old one for 4 of 15; the third follows.
        ("", ["10:05", "10:11", "10:15"]),
        # 5 of 15 on the old one, 4 of 10 on the new one.
        (", by: old", ["10:10", "10:06", "10:16"]),
    ],
)
def test_who_may_still_choose_does_and_others_have_chosen(port, by, ends):
    """Worked out by hand. In line 2 one is at work for 3 of 9 minutes and one waits behind it,
    though the other line is empty: they have chosen."""
    scenario = port(
        f"""
  - {{class: vans, stage: scan, status: working, {SINCE}:55{by}}}
  - {{class: vans, stage: scan, status: working, {SINCE}:56}}
  - {{class: vans, stage: scan, {SINCE}:57}}
  - {{class: vans, stage: gate 2, status: working, {SINCE}:57}}
  - {{class: vans, stage: gate 2, {SINCE}:58}}
""",
        SCANS,
    )
    plan = planned(scenario)
    log = simpy.run(plan)

    def clocks(visits):
        minutes = (log.finished[visits] - plan.begin) // 60
        return [f"10:{minute:02d}" for minute in minutes.tolist()]

    assert clocks(plan.first_visit[1:4] - 1) == ends
    assert clocks(plan.first_visit[3:5]) == ["10:06", "10:15"]
    last = as_it_went(plan, log)
    assert [plan.context.stage_names[n] for n in last.visit_stage[plan.first_visit[3:5]]] == [
        "gate 2",
        "gate 2",
    ]
