"""Days worked out on paper: a line for each lane, overflow, and servers that are unlike."""

import pytest

from engines.agreed import agreed
from plans import MINUTE, Day, Stage, Truck, Visit, at, servers, story
from portsim.engines import as_it_came, continued
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
