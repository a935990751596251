"""The capacity against ports whose capacity is known by hand."""

import math

import pytest

import portsim
from demand.ports import port
from portsim.experiment import Execution, Keep, conduct, limits, run_all, workers
from portsim.experiment.capacity import Capacity, CapacityTask, find

SEARCHES = True

PERIOD = "period: {from: 2024-01-01, to: 2024-01-28}"
PORT = f"""\
timezone: UTC
{PERIOD}
completion: {{limit: 4 h}}
seed: 1
calendars:
  week: {{hours: {{Mon-Fri: round the clock}}}}
  shift: {{hours: "08:00-16:00"}}
  lunch: {{hours: "08:00-12:00, 13:00-17:00"}}
  office: {{hours: {{Mon-Fri: "09:00-18:00"}}}}
resources:
  officers: {{capacity: 1}}
stages:
  gate: {{takes: {{officers: 1}}, time: 5 min}}
traffic:
  trucks: {{direction: import, arrivals: {{rate: 14.4 per day}}, route: [gate]}}
"""
GATE = "  gate: {takes: {officers: 1}, time: 5 min}\n"
TRUCKS = "arrivals: {rate: 14.4 per day}"


def measured(scenario, replications=2) -> Capacity:
    return find(CapacityTask(scenario, scenario.seed, "compiled", replications))


def value(found: Capacity, measure="capacity_per_day", cls="all", place="") -> float:
    values = [row[4] for row in found.rows if row[1:4] == (cls, place, measure)]
    assert values, found
    return sum(values) / len(values)


def notes(found: Capacity) -> set[str]:
    return {row[6] for row in found.rows if row[3] == "capacity_per_day"}


def gate(words: str) -> tuple[str, str]:
    return GATE, f"  gate: {{takes: {{officers: 1}}, {words}}}\n"


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        # 24 h × 12 an hour; twice that.
        ([], 288.0),
        ([("capacity: 1", "capacity: 2")], 576.0),
        # 8 h × 12 an hour; of 7 min the 69th begins at 476 min and ends after closing time.
        ([gate("hours: shift, at_close: finish, time: 5 min")], 96.0),
        ([gate("hours: shift, at_close: finish, time: 7 min")], 69.0),
        # Shifts of the officers in place of hours of the gate.
        (
            [
                ("capacity: 1", "capacity: 1, calendar: shift"),
                gate("at_close: finish, time: 7 min"),
            ],
            69.0,
        ),
        # Two halves of a day of 4 h: 35 each, the last after its end; paused, they are one of 8 h.
        ([gate("hours: lunch, at_close: finish, time: 7 min")], 70.0),
        ([gate("hours: lunch, at_close: pause, time: 7 min")], 480 / 7),
        # Five days of seven; one day of 14 closed.
        ([gate("hours: week, at_close: finish, time: 5 min")], 288 * 5 / 7),
        (
            [
                ("to: 2024-01-28", "to: 2024-01-14"),
                ('shift: {hours: "08:00-16:00"}', ('shift: {hours: "08:00-16:00", '
                 'closed: [2024-01-10]}')),
                gate("hours: shift, at_close: finish, time: 5 min"),
            ],
            96 * 13 / 14,
        ),
        # Half the period under other hours.
        (
            [
                ('shift: {hours: "08:00-16:00"}', ('shift: {hours: "08:00-16:00", '
                 'periods: [{valid_from: 2024-01-15, hours: "08:00-20:00"}]}')),
                gate("hours: shift, at_close: finish, time: 5 min"),
            ],
            (96 + 144) / 2,
        ),
        # A period of one Thursday is measured in Thursdays, of a weekend in weekends.
        (
            [
                (PERIOD, "period: {from: 2024-01-04, to: 2024-01-04}"),
                gate("hours: office, at_close: finish, time: 5 min"),
            ],
            108.0,
        ),
        # Two stages in a row: the slower one, 3 × 72.
        (
            [
                ("officers: {capacity: 1}", "officers: {capacity: 1}\n  bays: {capacity: 3}"),
                (GATE, GATE + "  bay: {takes: {bays: 1}, time: 20 min}\n"),
                ("route: [gate]", "route: [gate, bay]"),
            ],
            216.0,
        ),
        # Fifty permits a day.
        (
            [
                (
                    "officers: {capacity: 1}",
                    ('officers: {capacity: 1}\n  permits: {kind: budget, level: 50, '
                    'refill: {at: "00:00"}}'),
                ),
                gate("spends: {permits: 1}, time: 5 min"),
            ],
            50.0,
        ),
        # Trucks that come by day wait, and pass at night.
        ([(TRUCKS, "arrivals: {rate: 14.4 per day, hours: {08:00-10:00: 1}}")], 288.0),
        # Slots in the morning: as many again are given out.
        ([(TRUCKS, "arrivals: {booked: {calendar: shift, per_hour: 2}}")], 288.0),
        # Twice as many trucks at twice the scale, or the same as a count: the same port.
        ([("route: [gate]", "scale: 2, route: [gate]")], 288.0),
        (
            [(TRUCKS, "arrivals: {total: {trucks: 5000, from: 2024-01-01, to: 2024-12-31}}")],
            288.0,
        ),
        # A season leaves no mark.
        (
            [
                (PERIOD, "period: {from: 2024-01-01, to: 2024-03-31}"),
                (TRUCKS, "arrivals: {rate: 14.4 per day, months: {Jan: 0, Feb: 20}}"),
            ],
            288.0,
        ),
    ],
)  # fmt: skip
def test_capacities_worked_out_by_hand(tmp_path, changes, right):
    """To half a percent: where demand is just above what passes, the port is empty at times."""
    found = measured(port(tmp_path, *changes, text=PORT))
    assert value(found) == pytest.approx(right, rel=0.005)
    assert notes(found) == {""}


def test_the_multiple_is_the_demand_that_fills_the_port(tmp_path):
    """14.4 a day fill a twentieth of one server, a fortieth of two."""
    one = measured(port(tmp_path, text=PORT))
    two = measured(port(tmp_path, ("capacity: 1", "capacity: 2"), text=PORT))
    assert 20 * 0.98 < one.facts["multiple"] < 20 * 1.06
    assert 40 * 0.98 < two.facts["multiple"] < 40 * 1.06
    assert value(one, "capacity_multiple") == pytest.approx(one.facts["multiple"])


@pytest.mark.parametrize(
    ("time", "capacity", "seed"),
    # Seeds whose trucks are the luckiest at dozens of times the demand that fills the port.
    [
        ("{exponential: {mean: 20 min}}", 1, 2),
        ("{lognormal: {mean: 20 min, cv: 1.5}}", 1, 3),
        ("{lognormal: {mean: 20 min, cv: 1.5}}", 2, 2),
    ],
)
def test_the_multiple_is_so_too_where_works_differ(tmp_path, time, capacity, seed):
    """72 a day pass each server; demand is six tenths of that: 1.67 times as much fills it."""
    changes = [
        (TRUCKS, f"arrivals: {{rate: {0.6 * 72 * capacity} per day}}"),
        ("capacity: 1", f"capacity: {capacity}"),
        (GATE, f"  gate: {{takes: {{officers: 1}}, time: {time}}}\n"),
    ]
    scenario = port(tmp_path, *changes, text=PORT)
    found = find(CapacityTask(scenario, seed, "compiled", 3))
    assert value(found) == pytest.approx(72 * capacity, rel=0.03)
    assert found.facts["multiple"] == pytest.approx(1 / 0.6, rel=0.05)
    assert notes(found) == {""}


STRIP = (
    ("officers: {capacity: 1}", ("officers: {capacity: 3}\n  strip: {capacity: 40}\n"
     "  far-officers: {capacity: 7}")),
    (GATE, ("  gate: {takes: {officers: 1, strip: {count: 1, until: far}}, at_close: finish, "
     "time: 7.5 min}\n  far: {takes: {far-officers: 1}, hours: far, at_close: finish, "
     "time: 10 min}\n")),
    ("calendars:\n", 'calendars:\n  far: {hours: "09:00-18:00"}\n'),
    ("route: [gate]", "route: [gate, far]"),
)  # fmt: skip


def test_a_strip_between_two_sides(tmp_path):
    """Nine hours of the near side's 24 an hour, and the 40 that stood on the strip at nine.

    The last three leave the near side as the far one closes; they stand among the 40 by nine.
    """
    found = measured(port(tmp_path, *STRIP, text=PORT))
    assert value(found) == pytest.approx(9 * 24 - 3 + 40, abs=0.5)
    assert found.facts["waits_for"] == "far: hours"
    # One more at the near side: 8 an hour for 9 hours.
    assert found.facts["limits"][0]["places"] == ["officers"]
    assert found.facts["limits"][0]["gain_per_day"] == pytest.approx(72, abs=3)


def test_the_slower_stage_is_named_and_what_one_more_of_it_adds(tmp_path):
    changes = [
        ("officers: {capacity: 1}", "officers: {capacity: 1}\n  bays: {capacity: 3}"),
        (GATE, GATE + "  bay: {takes: {bays: 1}, time: 20 min}\n"),
        ("route: [gate]", "route: [gate, bay]"),
    ]
    found = measured(port(tmp_path, *changes, text=PORT))
    assert [limit["places"] for limit in found.facts["limits"]] == [["bays"]]
    # A fourth bay of 72 a day; one officer lets pass just as many as four bays.
    gain = value(found, "capacity_gain_per_day", place="bays")
    assert gain == pytest.approx(72, abs=1.5)


SMALL = f"""\
timezone: UTC
{PERIOD}
completion: {{limit: 4 h}}
seed: 1
calendars: {{day: {{hours: "09:00-17:00"}}}}
resources: {{desk: {{capacity: 1, calendar: day}}}}
stages:
  gate: {{takes: {{desk: 1}}, hours: day, at_close: pause, time: 1 h}}
traffic:
  trucks: {{direction: import, arrivals: {{booked: {{calendar: day, per_hour: 1}}}}, route: [gate]}}
"""
"""Eight slots a day at one desk of an hour a truck, eight hours a day."""
TWO = (
    ("desk: {capacity: 1, calendar: day}", ("desk: {capacity: 1, calendar: day}, "
     "quick: {capacity: 1, calendar: day}")),
    ("traffic:\n", ("  lane: {takes: {quick: 1}, hours: day, at_close: pause, time: 30 min}\n"
     "traffic:\n  others: {direction: export, arrivals: {booked: {calendar: day, per_hour: 1}}, "
     "route: [lane]}\n")),
)  # fmt: skip
"""A lane beside it, of half an hour a truck, for eight others."""
FAR = (
    ("calendars: {day:", 'calendars: {far: {hours: "12:00-14:00"}, day:'),
    ("desk: {capacity: 1, calendar: day}", ("desk: {capacity: 1, calendar: day}, "
     "places: {capacity: 2}, foreign: {capacity: 1, calendar: far}")),
    ("takes: {desk: 1}", "takes: {desk: 1, places: {count: 1, until: far}}"),
    ("time: 1 h}\n", ("time: 10 min}\n  far: {takes: {foreign: 1}, hours: far, at_close: pause, "
     "time: 30 min}\n")),
    ("route: [gate]", "route: [gate, far]"),
)  # fmt: skip
"""Two places on a strip, and behind it two hours a day of half an hour a truck."""


def gains(found: Capacity) -> dict[str, float]:
    assert not any(limit["at_least"] for limit in found.facts["limits"])
    return {limit["places"][0]: limit["gain_per_day"] for limit in found.facts["limits"]}


@pytest.mark.parametrize(
    ("text", "changes", "right", "first", "added"),
    [
        # As much again as the port has, which is far more than a third of it.
        (PORT, [], 288, "officers", 288),
        (SMALL, [], 8, "desk", 8),
        (SMALL, [("capacity: 1", "capacity: 2")], 16, "desk", 8),
        (SMALL, FAR, 4, "foreign", 4),
        # The wait for the slow desk is the longer one; one more of the quick one lets more pass.
        (SMALL, TWO, 24, "quick", 16),
        # Where one in 50 trucks has a lane of its own, too: all of what it adds.
        (
            PORT,
            [
                ("officers: {capacity: 1}", "officers: {capacity: 3}\n  bays: {capacity: 1}"),
                (GATE, GATE + "  bay: {takes: {bays: 1}, time: 60 min}\n"),
                ("traffic:\n", ("traffic:\n  few: {direction: export, arrivals: "
                 "{rate: 0.4 per day}, route: [bay]}\n")),
            ],
            864 + 24,
            "officers",
            288,
        ),
    ],
)  # fmt: skip
def test_one_more_adds_all_that_it_lets_pass(tmp_path, text, changes, right, first, added):
    found = measured(port(tmp_path, *changes, text=text))
    assert value(found) == pytest.approx(right, rel=0.005)
    name, gain = next(iter(gains(found).items()))
    assert name == first
    assert gain == pytest.approx(added, rel=0.02)
    assert value(found, "capacity_gain_per_day", place=first) == pytest.approx(gain)


def test_all_separate_lanes_that_limit_are_named_the_one_that_adds_most_first(tmp_path):
    found = gains(measured(port(tmp_path, *TWO, text=SMALL)))
    assert list(found) == ["quick", "desk"]
    assert found["desk"] == pytest.approx(8, abs=0.1)


def test_a_gain_is_at_least_so_large_where_the_demand_ends_before_it(tmp_path, monkeypatch):
    """Of a record no more can come, and where the search has to end something is left to gain."""
    monkeypatch.setattr(limits, "_FURTHER", 1.0)
    found = measured(port(tmp_path, text=SMALL))
    (limit,) = found.facts["limits"]
    assert limit["at_least"]
    assert 4 < limit["gain_per_day"] < 8
    (note,) = {row[6] for row in found.rows if row[3] == "capacity_gain_per_day"}
    assert note == "at least"
    # What is released is not.
    assert notes(found) == {""}


def test_stages_that_are_the_limit_together_are_named_together(tmp_path):
    changes = [
        ("officers: {capacity: 1}", "officers: {capacity: 2}\n  bays: {capacity: 2}"),
        (GATE, GATE + "  bay: {takes: {bays: 1}, time: 5 min}\n"),
        ("route: [gate]", "route: [gate, bay]"),
    ]
    found = measured(port(tmp_path, *changes, text=PORT))
    (limit,) = found.facts["limits"]
    assert sorted(limit["places"]) == ["bays", "officers"]
    assert limit["gain_per_day"] > 100


def test_the_mix_is_that_of_the_period_and_what_is_released_is_told_by_class(tmp_path):
    """One in three exports, though all of them come in one month of the two."""
    changes = [
        (PERIOD, "period: {from: 2024-01-01, to: 2024-02-29}"),
        ("traffic:\n", ("traffic:\n  out: {direction: export, arrivals: {rate: 7.2 per day, "
         "months: {Jan: 0, Feb: 2}}, route: [gate]}\n")),
    ]  # fmt: skip
    found = measured(port(tmp_path, *changes, text=PORT))
    # 29 of 60 days at twice the rate are 29/30 of it.
    share = 7.2 * 29 / 30 / (7.2 * 29 / 30 + 14.4)
    assert value(found, cls="out") / value(found) == pytest.approx(share, rel=0.03)
    assert value(found, cls="out") + value(found, cls="trucks") == pytest.approx(288, rel=0.005)
    assert value(found, cls="export") == value(found, cls="out")


# ---- where few come ------------------------------------------------------------------------------


@pytest.mark.parametrize("slots", [1, 2, 3, 5, 16])
@pytest.mark.parametrize("hours", ["09:00-17:00", "09:00-11:00"])
def test_a_port_passes_no_less_than_it_does_every_day_however_many_come(tmp_path, slots, hours):
    changes = [("per_hour: 1", f"per_hour: {slots}"), ('"09:00-17:00"', f'"{hours}"')]
    found = measured(port(tmp_path, *changes, text=SMALL), 4)
    right = 8 if hours.endswith("17:00") else 2
    assert [row[4] for row in found.rows if row[1:4] == ("all", "", "capacity_per_day")] == [
        pytest.approx(right)
    ] * 4
    # And no demand is told that brings fewer; of few, luck leaves a slot empty now and then.
    assert 0.999 <= found.facts["multiple"] * slots < 1.25


def test_a_quota_of_three_a_day_is_a_capacity_of_three(tmp_path):
    changes = [
        ("desk: {capacity: 1, calendar: day}", ("desk: {capacity: 1, calendar: day}, quota: "
         '{kind: budget, level: 3, refill: {at: "00:00", days: daily}}')),
        ("takes: {desk: 1}", "takes: {desk: 1}, spends: {quota: 1}"),
        ("time: 1 h", "time: 1 min"),
        ("09:00-17:00", "09:00-13:00"),
    ]  # fmt: skip
    found = measured(port(tmp_path, *changes, text=SMALL), 4)
    assert value(found) == 3.0
    assert 0.75 <= found.facts["multiple"] < 0.75 * 1.25
    assert gains(found) == {"quota": pytest.approx(1.0)}


def test_convoys_count_their_pieces(tmp_path):
    """Two hours a day and three times an hour a convoy of three: two pieces a day."""
    changes = [
        ("09:00-17:00", "09:00-11:00"),
        ("direction: import,", "direction: import, pieces: 3,"),
    ]
    found = measured(port(tmp_path, *changes, text=SMALL), 4)
    # A convoy more or less in eight weeks.
    assert value(found) == pytest.approx(2.0, abs=3 / 56)
    # Of the forty that pass in eight weeks a few must be spare.
    assert 0.98 / 3 < found.facts["multiple"] < 1.4 / 3


# ---- where no end was seen ---------------------------------------------------------------------


def test_a_port_without_any_limit_is_at_least_what_was_tried(tmp_path):
    found = measured(port(tmp_path, (GATE, "  gate: {time: 5 min}\n"), text=PORT), 1)
    assert notes(found) == {"at least"}
    assert found.facts["at_least"]
    assert 2000 < value(found) < 3600
    assert found.facts["limits"] == []


def test_recorded_trucks_cannot_be_multiplied(tmp_path):
    """Three in a week, again and again: no more than that is known of a port for hundreds."""
    changes = [
        (PERIOD, "period: {from: 2024-09-12, to: 2024-09-18}"),
        (TRUCKS, "arrivals: {recorded: {file: few.csv}}"),
    ]
    few = "arrival\n2024-09-13 17:50\n2024-09-13 17:55\n2024-09-13 18:00\n"
    found = measured(port(tmp_path, *changes, text=PORT, few=few))
    assert value(found) == pytest.approx(3 / 7)
    assert found.facts["multiple"] == 1
    assert notes(found) == {"at least"}


def test_a_class_of_which_none_comes_multiplies_nothing(tmp_path):
    """One recorded truck, which passes, and others at a rate of nought: all that came passed."""
    changes = [
        (PERIOD, "period: {from: 2024-09-12, to: 2024-09-18}"),
        (TRUCKS, "arrivals: {recorded: {file: few.csv}}"),
        ("traffic:\n", ("traffic:\n  none: {direction: export, arrivals: {rate: 0 per day}, "
         "route: [gate]}\n")),
    ]  # fmt: skip
    found = measured(port(tmp_path, *changes, text=PORT, few="arrival\n2024-09-13 17:50\n"), 4)
    assert value(found) == pytest.approx(1 / 7)
    assert found.facts["multiple"] == 1
    assert notes(found) == {"at least"}


def test_a_record_without_a_truck_in_the_period_keeps_nothing_from_an_end(tmp_path):
    changes = [
        ("traffic:\n", ("traffic:\n  few: {direction: export, arrivals: "
         "{recorded: {file: few.csv}}, route: [gate]}\n")),
    ]  # fmt: skip
    found = measured(port(tmp_path, *changes, text=PORT, few="arrival\n2023-09-13 17:50\n"))
    assert value(found) == pytest.approx(288, rel=0.005)
    assert notes(found) == {""}


def test_recorded_trucks_beside_others_come_once_while_these_are_multiplied(tmp_path):
    changes = [
        (PERIOD, "period: {from: 2024-09-12, to: 2024-09-18}"),
        ("traffic:\n", ("traffic:\n  few: {direction: export, arrivals: "
         "{recorded: {file: few.csv}}, route: [gate]}\n")),
    ]  # fmt: skip
    few = "arrival\n2024-09-13 17:50\n2024-09-13 17:55\n2024-09-13 18:00\n"
    found = measured(port(tmp_path, *changes, text=PORT, few=few))
    assert value(found) == pytest.approx(288, rel=0.005)
    assert value(found, cls="few") == pytest.approx(3 / 7, rel=0.1)
    assert notes(found) == {"at least"}


def test_without_any_truck_there_is_no_capacity_and_it_says_so(tmp_path):
    found = measured(port(tmp_path, ("traffic:\n", "traffic:\n  scale: 0\n"), text=PORT))
    ((*key, number, _, note),) = found.rows
    assert key == [1, "all", "", "capacity_per_day"]
    assert math.isnan(number)
    assert note == "not measured: no truck comes"


def test_the_profile_may_be_what_bounds(tmp_path):
    """Trucks come from 8 to 10 and none waits behind three: 24 begin by ten, three wait then."""
    changes = [
        (TRUCKS, ("arrivals: {rate: 14.4 per day, hours: {08:00-10:00: 1}}, "
         "tolerance: {waiting: {constant: 3}}")),
    ]  # fmt: skip
    found = measured(port(tmp_path, *changes, text=PORT))
    assert value(found) == pytest.approx(27, rel=0.01)


# ---- where throughput falls --------------------------------------------------------------------

CHOKES = (
    ("officers: {capacity: 1}", "officers: {capacity: 1}\n  desks: {capacity: 1}"),
    (GATE, ("  papers: {takes: {officers: 1}, time: 5 min}\n"
     "  gate: {takes: {officers: 1}, time: 10 min}\n  side: {takes: {desks: 1}, time: 9 min}\n")),
    ("route: [gate]}", ("patience: {time: 2 h, stages: gate}, route: [papers, gate]}\n"
     "  others: {direction: export, arrivals: {rate: 3 per day}, route: [side]}")),
)  # fmt: skip
"""The same officer for papers and gate: who comes for papers first is served first, and who has
waited two hours at the gate gives up. Of 15 min each 96 a day pass; of twice as many far fewer."""


def test_a_port_that_chokes_says_where_it_passes_most_and_who_loses_beyond(tmp_path):
    found = measured(port(tmp_path, *CHOKES, text=PORT), 3)
    # The others pass by, and are a fifth as many.
    assert 65 < value(found, cls="import") < 96
    assert notes(found) == {"falls beyond"}
    beyond, multiple = found.facts["beyond"], found.facts["multiple"]
    # Who gives up has cost 5 min of the officer's 1440, who passes 15.
    assert 96 / 14.4 * 0.95 < multiple < 96 / 14.4 * 1.1
    assert beyond["after"] == pytest.approx((1440 - 5 * 2 * multiple * 14.4) / 10, rel=0.15)
    assert beyond["group"] == "import"
    assert beyond["waits_for"] == "officers"
    assert beyond["multiple"] == pytest.approx(2 * multiple)
    assert beyond["after"] < 0.7 * beyond["before"]
    assert value(found, "beyond_capacity_per_day", "import") == pytest.approx(beyond["after"])


def test_trucks_that_block_each_other_give_no_capacity_beyond_what_went_well(tmp_path):
    circle = (
        ("officers: {capacity: 1}", "a: {capacity: 2}\n  b: {capacity: 2}"),
        (GATE, ("  a1: {takes: {a: {count: 1, until: next}}, time: 10 min}\n"
         "  b1: {takes: {b: 1}, time: 10 min}\n"
         "  b2: {takes: {b: {count: 1, until: next}}, time: 10 min}\n"
         "  a2: {takes: {a: 1}, time: 10 min}\n")),
        (TRUCKS, "arrivals: {rate: 3 per day}"),
        ("route: [gate]}", ("route: [a1, b1]}\n  out: {direction: export, "
         "arrivals: {rate: 3 per day}, route: [b2, a2]}")),
    )  # fmt: skip
    found = measured(port(tmp_path, *circle, text=PORT), 4)
    assert notes(found) == {"at least"}
    assert 1 < value(found) < 30


# ---- as a part of a study ----------------------------------------------------------------------


@pytest.fixture
def searched(monkeypatch):
    """Whose capacity is looked for."""
    seen = []

    def watch(task):
        seen.append(task.scenario.name)
        return find(task)

    monkeypatch.setattr(workers, "find", watch)
    return seen


def test_the_tables_hold_it_by_replication_and_the_manifest_what_limits_it(tmp_path, searched):
    study = portsim.run(port(tmp_path, text=PORT), replications=2, jobs=1)
    assert searched == ["small"]
    rows = study.replications
    mine = rows[(rows["measure"] == "capacity_per_day") & (rows["truck_class"] == "all")]
    assert mine["replication"].tolist() == [1, 2]
    assert mine["value"].tolist() == [288.0, 288.0]
    (entry,) = study.manifest.scenarios
    assert entry.capacity["limits"][0]["places"] == ["officers"]
    assert entry.capacity["replications"] == 2


def test_a_study_that_goes_on_does_not_look_again(tmp_path, searched):
    scenario, out = port(tmp_path, text=PORT), tmp_path / "out"
    first = portsim.run(scenario, replications=2, jobs=1, journal=out)
    again = portsim.run(scenario, replications=2, jobs=1, journal=out)
    assert searched == ["small"]
    assert again.summary.equals(first.summary)
    portsim.run(scenario, replications=3, jobs=1, journal=out)
    assert searched == ["small", "small"]


@pytest.mark.parametrize(
    "options", [{"counterfactuals": False}, {"measures": frozenset({"arrived"})}]
)
def test_nobody_looks_for_what_is_not_asked(tmp_path, searched, options):
    keep, how = Keep(**options), Execution(jobs=1)
    study = run_all([port(tmp_path, text=PORT)], keep, replications=1, how=how)
    assert searched == []
    assert "capacity_per_day" not in set(study.summary["measure"])


def test_both_engines_and_any_number_of_workers_find_the_same(tmp_path):
    scenario = port(tmp_path, *STRIP, text=PORT)
    first = measured(scenario, 1)
    other = find(CapacityTask(scenario, scenario.seed, "simpy", 1))
    assert other.rows == first.rows
    assert other.facts == first.facts


def test_a_search_that_breaks_costs_no_run(tmp_path, monkeypatch):
    def broken(task):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(workers, "find", broken)
    said = []
    study = portsim.run(port(tmp_path, text=PORT), replications=2, jobs=1, say=said.append)
    assert study.manifest.failures == ()
    assert "the capacity of small was not measured: a bug" in said
    row = study.summary[study.summary["measure"] == "capacity_per_day"].iloc[0]
    assert math.isnan(row["mean"])
    assert row["note"] == "undefined; not measured: a bug"
    assert "small: the capacity was not measured: a bug." in str(study)


def test_it_is_no_goal_of_a_precision():
    with pytest.raises(portsim.errors.InputError, match="capacity_per_day"):
        conduct.parse_goals(compared=False, precision="capacity_per_day=1%")


def test_the_best_may_be_told_by_it(tmp_path):
    """From the few replications that tell it, though the study has more."""
    one = port(tmp_path, ("seed: 1", "name: one\nseed: 1"), text=PORT)
    two = port(
        tmp_path, ("seed: 1", "name: two\nseed: 1"), ("capacity: 1", "capacity: 2"), text=PORT
    )
    study = portsim.compare([one, two], replications=6, best="capacity_per_day", jobs=1)
    best = study.manifest.statistics["best"]
    assert best["may_be_best"] == ["two"]
    assert best["observations"] == 4
    row = study.comparison[study.comparison["measure"] == "capacity_per_day"].iloc[0]
    assert (row["difference"], row["pairs"]) == (288.0, 4)
