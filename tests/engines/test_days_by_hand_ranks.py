"""Days worked out on paper: priorities by stage, that rise with the wait, and urgent trucks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.agreed import agreed
from plans import MINUTE, NEVER, Day, Stage, Truck, Visit, at, servers, story
from portsim.engines import compiled, continued

WORK = 10 * MINUTE


def lane(*trucks, lanes=1, **words):
    """One stage whose trucks take a lane for 10 minutes: (arrival, lanes, rank) of each."""
    came = [
        Truck(at(arrival), [Visit("gate", WORK, {"lanes": take}, rank=rank)])
        for arrival, take, rank in trucks
    ]
    return Day(at("03:00"), {"lanes": servers(lanes)}, {"gate": Stage(**words)}, came)


def starts(lines):
    return [line.split()[1] for line in lines]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        # 29 minutes are worth two levels: it is where the other began, and joined before it.
        (10, ["00:00", "00:10", "00:20", "00:30", "00:40"]),
        # They are worth one: the other goes before it, and at 00:40 it has two.
        (15, ["00:00", "00:10", "00:20", "00:40", "00:30"]),
        (NEVER, ["00:00", "00:10", "00:20", "00:40", "00:30"]),
    ],
)
def test_a_level_for_each_time_that_it_has_waited(told, every, expected):
    """Three of the first second keep the lane until 00:30. Who came at 00:01 has priority 2 and
    rises, who came at 00:02 has 0 and does not."""
    rises = every * MINUTE if every != NEVER else NEVER
    first = ("00:00", 1, (-5, NEVER, True))
    slow, quick = ("00:01", 1, (2, rises, True)), ("00:02", 1, (0, NEVER, True))
    assert starts(told(lane(first, first, first, slow, quick))) == expected


def test_the_level_counts_that_holds_when_a_lane_is_free(told):
    """At 00:10 it has waited for 9 minutes and goes behind; at 00:20 for 19, and goes before who
    came at 00:12, of priority 0."""
    trucks = [
        ("00:00", 1, (0, NEVER, True)),
        ("00:01", 1, (1, WORK, True)),
        ("00:02", 1, (0, NEVER, True)),
        ("00:12", 1, (0, NEVER, True)),
    ]
    assert starts(told(lane(*trucks))) == ["00:00", "00:20", "00:10", "00:30"]


def test_where_levels_rise_the_first_of_each_rank_may_go(told):
    """One of two lanes is taken until 00:10. Who needs both goes before who needs one, and does not
    keep him from going: no rank waits for another. Without a rise only the first in line may go."""
    trucks = [
        ("00:00", 1, (0, NEVER, True)),
        ("00:01", 2, (-1, 30 * MINUTE, True)),
        ("00:02", 1, (5, NEVER, True)),
    ]
    assert starts(told(lane(*trucks, lanes=2))) == ["00:00", "00:12", "00:02"]
    trucks[1] = ("00:01", 2, (-1, NEVER, True))
    assert starts(told(lane(*trucks, lanes=2))) == ["00:00", "00:10", "00:20"]


def test_another_order_at_another_stage(told):
    """Two of one second: the second goes first at the gate, the first goes first at the desk."""
    trucks = [
        Truck(
            at("00:00"),
            [
                Visit("gate", 0, {"lanes": 1}, rank=(at_gate, NEVER, True)),
                Visit("desk", WORK, {"clerks": 1}, rank=(at_desk, NEVER, True)),
            ],
        )
        for at_gate, at_desk in ((1, 0), (0, 1))
    ]
    stages = {"gate": Stage(), "desk": Stage([(at("00:01"), at("03:00"))])}
    day = Day(at("03:00"), {"lanes": servers(1), "clerks": servers(1)}, stages, trucks)
    assert told(day) == [
        "00:00 00:00 00:00 | 00:00 00:01 00:11 | released 00:11",
        "00:00 00:00 00:00 | 00:00 00:11 00:21 | released 00:21",
    ]


@pytest.mark.parametrize(
    ("urgent", "expected"),
    [
        # It keeps both lanes from those after it: one is free at 00:10, the other at 00:12.
        (True, ["00:00", "00:02", "00:12", "00:22", "00:22"]),
        # Lanes are never free together, but that both trucks of 00:10 and 00:12 have gone.
        (False, ["00:00", "00:02", "00:22", "00:10", "00:12"]),
    ],
)
def test_an_urgent_one_keeps_what_it_needs_and_nobody_is_interrupted(told, urgent, expected):
    """It needs both lanes and comes from another stage than those who take one."""
    usual, first = (0, NEVER, False), (-1, NEVER, urgent)
    trucks = [
        Truck(at("00:00"), [Visit("gate", WORK, {"lanes": 1}, rank=usual)]),
        Truck(at("00:02"), [Visit("gate", WORK, {"lanes": 1}, rank=usual)]),
        Truck(at("00:03"), [Visit("pass", WORK, {"lanes": 2}, rank=first)]),
        Truck(at("00:04"), [Visit("gate", WORK, {"lanes": 1}, rank=usual)]),
        Truck(at("00:05"), [Visit("gate", WORK, {"lanes": 1}, rank=usual)]),
    ]
    stages = {"gate": Stage(), "pass": Stage(claims=True)}
    assert starts(told(Day(at("03:00"), {"lanes": servers(2)}, stages, trucks))) == expected


@pytest.mark.parametrize("second", ["00:02", "00:15", "00:20", "00:21"])
def test_a_run_cut_while_they_wait_goes_on(second):
    ranks = [(2, 10 * MINUTE, True), (0, NEVER, True), (1, 5 * MINUTE, True)]
    plan = lane(*((f"00:{n:02}", 1, ranks[n % 3]) for n in range(9))).plan()
    log = agreed(plan)
    rest, keep = continued(plan, log, at(second))
    left = [line for line, kept in zip(story(plan, log), keep, strict=True) if kept]
    assert story(rest, agreed(rest)) == left


# ---- what theory says --------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 60), st.integers(0, 3), st.integers(1, 50)),
        max_size=30,
    )
)
@settings(deadline=None, max_examples=150)
def test_what_order_there_is_moves_no_work(trucks):
    """At one lane the sum of work times wait is the same in whatever order, to the second: it is
    what the work in hand comes to over time. Source: Kleinrock (1965), A conservation law."""

    def weighted(ranks):
        came = sorted(zip(trucks, ranks, strict=True), key=lambda truck: truck[0][0])
        visits = [
            Truck(second, [Visit("gate", work, {"lanes": 1}, rank=rank)])
            for (second, work, *_), rank in came
        ]
        plan = Day(5000, {"lanes": servers(1)}, {"gate": Stage()}, visits).plan()
        log = compiled.run(plan)
        return int(((log.admitted - log.queued) * plan.visit_work).sum())

    by_rank = [(priority, rises, True) for *_, priority, rises in trucks]
    assert weighted(by_rank) == weighted([None] * len(trucks))
