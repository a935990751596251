"""Days worked out on paper: work that lasts longer or shorter by the hour in which it begins."""

from dataclasses import replace

from engines.agreed import agreed
from plans import HOUR, Day, Stage, Truck, Visit, at, servers, story
from portsim.engines import continued

NIGHT = [(at("22:00"), 1500), (at("06:00+1"), 1000), (at("12:00+1"), 800)]
"""Half as long again from 22:00 on, as it is from 6:00 on, and four fifths from noon on."""


def desk(*arrivals_and_seconds, **stage):
    trucks = [
        Truck(at(arrival), [Visit("desk", seconds, {"officer": 1})])
        for arrival, seconds in arrivals_and_seconds
    ]
    stages = {"desk": Stage(pace=NIGHT, **stage)}
    return Day(at("00:00+2"), {"officer": servers(1)}, stages, trucks)


def test_the_hour_in_which_it_begins_counts(told):
    """An hour begun at 21:30 is over at 22:30. The truck of 21:40 is admitted then, and its hour is
    one and a half. That of 05:59:59 takes as long; the next is admitted at 07:29:59. At noon 30
    minutes are 24.
    """
    day = desk(
        ("21:30", HOUR), ("21:40", HOUR), ("05:59:59+1", HOUR), ("06:10+1", HOUR), ("12:00+1", 1800)
    )
    assert told(day) == [
        "21:30 21:30 22:30 | released 22:30",
        "21:40 22:30 00:00+1 | released 00:00+1",
        "05:59:59+1 05:59:59+1 07:29:59+1 | released 07:29:59+1",
        "06:10+1 07:29:59+1 08:29:59+1 | released 08:29:59+1",
        "12:00+1 12:00+1 12:24+1 | released 12:24+1",
    ]


def test_seconds_are_rounded_halves_up(told):
    """3 s by half as much again are 4.5 s, and 1 s is 1.5 s; 0 s stay 0 s."""
    day = desk(("23:00", 3), ("23:10", 1), ("23:20", 0))
    assert told(day) == [
        "23:00 23:00 23:00:05 | released 23:00:05",
        "23:10 23:10 23:10:02 | released 23:10:02",
        "23:20 23:20 23:20 | released 23:20",
    ]


def test_what_pauses_has_as_much_to_do(told):
    """Begun at 22:30, an hour is an hour and a half of work: half an hour until the desk shuts at
    23:00, and an hour from 07:00 on, though the night is over by then."""
    hours = [(at("20:00"), at("23:00")), (at("07:00+1"), at("20:00+1"))]
    day = desk(("22:30", HOUR), hours=hours, pause=True)
    assert told(day) == ["22:30 22:30 08:00+1 | released 08:00+1"]


def test_what_has_begun_is_not_made_longer_again():
    """A run that begins at 23:00 with the truck of 22:30 at work goes on as the whole one."""
    day = desk(("22:30", HOUR), ("22:40", HOUR))
    plan = day.plan()
    log = agreed(plan)
    rest, _ = continued(plan, log, at("23:00"))
    assert rest.visit_work.tolist() == [5400, HOUR]
    assert story(rest, agreed(rest)) == story(plan, log)


def test_a_plan_all_of_whose_works_last_as_they_are_is_the_plan_without(run):
    day = desk(("21:30", HOUR), ("21:40", HOUR), ("23:20", 7))
    same = day.plan()
    same = replace(same, paces=replace(same.paces, milli=same.paces.milli * 0 + 1000))
    assert run(same) == run(replace(same, paces=None))
