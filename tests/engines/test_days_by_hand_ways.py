"""Days worked out on paper: a line for each lane, overflow, and servers that are unlike."""

import numpy as np
import pytest

from engines.agreed import agreed
from plans import MINUTE, NEVER, Day, Stage, Truck, Visit, at, servers, story
from portsim.engines import as_it_came, compiled, continued
from portsim.measures import Measurement, measure
from portsim.measures.choices import chosen_rows
from portsim.plan.contract import FITTING, SHORTEST

WORK = 10 * MINUTE
LANES = {"first": servers(1), "second": servers(1)}


def visit(rule=SHORTEST, work=WORK, other=WORK, **words):
    """At one of two lanes, each with a server of its own."""
    way = Visit("lane 2", other, {"second": 1})
    return Visit("lane 1", work, {"first": 1}, ways=[way], rule=rule, **words)


def day(*arrivals, resources=LANES, rule=SHORTEST, one=None, two=None, **words):
    trucks = [Truck(at(arrival), [visit(rule, **words)]) for arrival in arrivals]
    stages = {"lane 1": one or Stage(), "lane 2": two or Stage()}
    return Day(at("03:00"), resources, stages, trucks)


def went(what):
    """Lane and admission of each truck."""
    plan = what.plan()
    log = agreed(plan)
    plan, log = as_it_came(plan, log)
    lanes = [1 + int(stage) for stage in plan.visit_stage]
    return list(zip(lanes, [line.split()[1] for line in story(plan, log)], strict=True))


def test_the_shortest_line_with_who_is_at_work_and_of_equal_ones_the_first():
    """Works at lane 1 last for 30 minutes. The third joins it, for both have one at work; the
    fourth lane 2; the fifth lane 1 again, which is free only at 00:30 and 01:00, and does not
    change over when lane 2 is idle from 00:21 on."""
    arrivals = ("00:00", "00:01", "00:02", "00:03", "00:04")
    assert went(day(*arrivals, work=30 * MINUTE)) == [
        (1, "00:00"),
        (2, "00:01"),
        (1, "00:30"),
        (2, "00:11"),
        (1, "01:00"),
    ]


def test_those_of_one_second_see_who_joined_before_them():
    assert [lane for lane, _ in went(day("00:00", "00:00", "00:00"))] == [1, 2, 1]


def test_a_lane_that_is_shut_or_not_staffed_is_not_chosen_unless_all_are():
    """Lane 2 admits from 00:05 on; lane 1 has nobody from 00:20 to 00:40; both are shut at 00:45,
    when one waits at lane 2 and nobody at lane 1."""
    resources = LANES | {"first": servers(1, (at("00:20"), 0), (at("00:40"), 1))}
    one = Stage([(0, at("00:41")), (at("01:00"), at("03:00"))])
    two = Stage([(at("00:05"), at("00:42")), (at("01:00"), at("03:00"))])
    arrivals = ("00:01", "00:02", "00:06", "00:25", "00:26", "00:27", "00:45")
    assert went(day(*arrivals, resources=resources, one=one, two=two)) == [
        (1, "00:01"),
        (1, "00:11"),
        (2, "00:06"),
        (2, "00:25"),
        (2, "00:35"),
        (2, "01:00"),
        (1, "01:00"),
    ]


def test_what_overflows_goes_to_the_other_stage_when_so_many_wait():
    """One is at work and two wait when the fourth comes; when the fifth does, too; at 00:11 one of
    them has gone, and the sixth stays. (In the second in which he goes he still stands there for
    who joins: 00:10 would be too early.)"""
    arrivals = ("00:00", "00:01", "00:02", "00:03", "00:04", "00:11")
    assert went(day(*arrivals, rule=2)) == [
        (1, "00:00"),
        (1, "00:10"),
        (1, "00:20"),
        (2, "00:03"),
        (2, "00:13"),
        (1, "00:30"),
    ]
    shut = Stage([(at("02:00"), at("03:00"))])
    assert {lane for lane, _ in went(day(*arrivals, rule=2, two=shut))} == {1}


def scanners(*arrivals, **words):
    """One queue for a new scanner and an old one, which takes half as long again."""
    way = Visit("scan", 15 * MINUTE, {"old": 1})
    visits = [Visit("scan", WORK, {"new": 1}, ways=[way], rule=FITTING)]
    trucks = [Truck(at(arrival), visits, **words) for arrival in arrivals]
    return Day(at("03:00"), {"new": servers(1), "old": servers(1)}, {"scan": Stage()}, trucks)


def test_the_first_server_that_is_free_takes_the_first_in_line(told):
    """Both are taken at 00:02; the new one is free at 00:10, the old one at 00:16. At 00:31 both
    are, and the new one is preferred."""
    assert told(scanners("00:00", "00:01", "00:02", "00:03", "00:40")) == [
        "00:00 00:00 00:10 | released 00:10",
        "00:01 00:01 00:16 | released 00:16",
        "00:02 00:10 00:20 | released 00:20",
        "00:03 00:16 00:31 | released 00:31",
        "00:40 00:40 00:50 | released 00:50",
    ]


@pytest.mark.parametrize("second", ["00:01", "00:02", "00:10", "00:11", "00:16"])
@pytest.mark.parametrize("what", [scanners, day])
def test_a_run_cut_before_and_after_they_choose_goes_on(what, second):
    plan = what("00:00", "00:01", "00:02", "00:03", "00:12").plan()
    log = agreed(plan)
    rest, keep = continued(plan, log, at(second))
    left = [line for line, kept in zip(story(plan, log), keep, strict=True) if kept]
    assert story(rest, agreed(rest)) == left


def test_who_turns_away_looks_at_the_queue_that_it_has_chosen():
    """Two wait at lane 1, one at lane 2 and one of each is at work: who bears one looks there."""
    trucks = [Truck(at("00:00"), [visit()]) for _ in range(5)]
    trucks += [Truck(at("00:01"), [visit(tolerance=n)]) for n in (1, 2)]
    plan = Day(at("03:00"), LANES, {"lane 1": Stage(), "lane 2": Stage()}, trucks).plan()
    log = agreed(plan)
    assert log.outcome.tolist()[5:] == [2, 1]
    assert log.ways.tolist() == [0, 1, 0, 1, 0, 1, 1]


def test_what_was_chosen_is_counted_and_measured_as_if_there_had_been_no_choice():
    """Three of five joined lane 1; of four with either scanner three had the new one. Whoever
    asks how many waited at a stage is told of those that were there, within three hours."""
    arrivals = ("00:00", "00:01", "00:02", "00:03", "00:04")
    lanes = day(*arrivals, work=30 * MINUTE).plan()
    run = Measurement(lanes, agreed(lanes))
    assert chosen_rows(*run.as_given, stages=True) == {
        0: [("all", "lane 1", "chosen_share", 0.6, 5, "")],
        1: [("all", "lane 2", "chosen_share", 0.4, 5, "")],
    }
    assert chosen_rows(*run.as_given, stages=False) == {}
    figures = measure(run).figures.set_index(["place", "truck_class", "measure"])["value"]
    # Waits at lane 1 of 0, 28 and 56 minutes, at lane 2 of 0 and 8.
    assert figures["lane 1", "all", "queue_mean"] * 180 == pytest.approx(84)
    assert figures["lane 2", "all", "queue_mean"] * 180 == pytest.approx(8)
    assert figures["second", "all", "utilisation"] * 180 == pytest.approx(20)
    both = scanners("00:00", "00:01", "00:02", "00:20").plan()
    run = Measurement(both, agreed(both))
    assert chosen_rows(*run.as_given, stages=True) == {}
    assert [row[0][1:4] for row in chosen_rows(*run.as_given, stages=False).values()] == [
        ("new", "chosen_share", 0.75),
        ("old", "chosen_share", 0.25),
    ]


# ---- what theory says --------------------------------------------------------------------------


def poisson(seed, every, means, make):
    """Log and plan of 16,000 trucks that come at random, with works of so many means each."""
    luck = np.random.default_rng(seed)
    seconds = np.cumsum(luck.exponential(every, 16_000)).astype(int).tolist()
    works = np.rint(luck.exponential(1.0, len(seconds))[:, None] * means).astype(int).tolist()
    trucks = [Truck(s, [make(*work)]) for s, work in zip(seconds, works, strict=True)]
    names = ("lane 1", "lane 2", "scan")
    servers_ = {name: servers(1) for name in ("first", "second", "new", "old")}
    plan = Day(max(seconds) + 90_000, servers_, {name: Stage() for name in names}, trucks).plan()
    return plan, compiled.run(plan)


def near(values, expected):
    return np.mean(values) == pytest.approx(
        expected, abs=4 * np.std(values, ddof=1) / len(values) ** 0.5
    )


def test_the_wait_before_two_lanes_of_which_the_shorter_is_joined():
    """The chain of both lengths, solved: trucks at random, exponential works of 10 minutes, load
    0.8. Source: Haight (1958), Two queues in parallel; Flatto & McKean (1977)."""
    most, come, serve = 32, 1.6, 1.0
    index = np.arange(most * most).reshape(most, most)
    rates = np.zeros((most * most, most * most))
    for a in range(most):
        for b in range(most):
            goal = (a + 1, b) if a <= b else (a, b + 1)
            if max(goal) < most:
                rates[index[a, b], index[goal]] += come
            if a:
                rates[index[a, b], index[a - 1, b]] += serve
            if b:
                rates[index[a, b], index[a, b - 1]] += serve
    rates -= np.diag(rates.sum(axis=1))
    rates[:, -1] = 1.0
    chance = np.linalg.solve(rates.T, np.eye(most * most)[-1]).reshape(most, most)
    a, b = np.indices((most, most))
    queue = (chance * (np.maximum(a - 1, 0) + np.maximum(b - 1, 0))).sum()
    wait = queue / come * 10
    waits, shares = [], []
    for seed in range(8):
        plan, log = poisson(seed, 375, [600, 600], lambda w, v: visit(work=w, other=v))
        waits.append(((log.admitted - log.queued) / MINUTE).mean())
        shares.append((log.ways == 0).mean())
        assert plan.visits == len(log.ways)
    assert 17 < wait < 21
    assert near(waits, wait)
    assert near(shares, (chance * (a <= b)).sum())
    assert np.std(waits) < 2.5


def test_the_wait_before_a_quick_server_and_a_slow_one():
    """One queue, works of 10 minutes at the quick server and twice that at the slow one, and the
    quick one preferred: the chain of the states (0, quick, slow, 2, 3, …), solved. Source: Gumbel
    (1960), Waiting lines with heterogeneous servers; Krishnamoorthi (1963)."""
    come, quick, slow = 1.2, 1.0, 0.5
    load = come / (quick + slow)
    # Unknown: nobody; the quick one alone; the slow one alone; both and nobody waits.
    balance = np.array(
        [
            [-come, quick, slow, 0],
            [come, -(come + quick), 0, slow],
            [0, 0, -(come + slow), quick],
            [1, 1, 1, 1 / (1 - load)],
        ]
    )
    _, _, only_slow, both = np.linalg.solve(balance, [0, 0, 0, 1])
    wait = both * load / (1 - load) ** 2 / come * 10
    share = slow * (only_slow + both / (1 - load)) / come
    way = lambda w: Visit("scan", w, {"old": 1})  # noqa: E731
    waits, shares = [], []
    for seed in range(8):
        _, log = poisson(
            seed,
            500,
            [600, 1200],
            lambda w, v: Visit("scan", w, {"new": 1}, ways=[way(v)], rule=FITTING),
        )
        waits.append(((log.admitted - log.queued) / MINUTE).mean())
        shares.append((log.ways == 1).mean())
    assert near(waits, wait)
    assert near(shares, share)
    assert np.std(waits) < 5
    assert NEVER not in log.ways
