"""Days worked out on paper: hours, lunch, nights, weekends, last entry and closures."""

from plans import HOUR, MINUTE, Day, Stage, Truck, Visit, at, servers

OFFICE_HOURS = [(at("08:00"), at("18:00")), (at("08:00+1"), at("18:00+1"))]


def office(*arrivals_and_minutes, end="00:00+2", officers=1, **stage):
    """One desk with one officer; (arrival, minutes of work) of each truck."""
    trucks = [
        Truck(at(arrival), [Visit("desk", round(minutes * MINUTE), {"officer": 1})])
        for arrival, minutes in arrivals_and_minutes
    ]
    stage.setdefault("hours", OFFICE_HOURS)
    return Day(at(end), {"officer": servers(officers)}, {"desk": Stage(**stage)}, trucks)


def test_work_begun_before_the_night_is_finished_where_the_stage_finishes(told):
    """The desk closes at 18:00. The truck of 17:40 is served until 18:10, ten minutes of overtime;
    the officer is free then, but the desk is closed, so the truck of 17:45 starts at 08:00."""
    day = office(("17:40", 30), ("17:45", 30), pause=False)
    assert told(day) == [
        "17:40 17:40 18:10 | released 18:10",
        "17:45 08:00+1 08:30+1 | released 08:30+1",
    ]


def test_work_pauses_over_the_night_and_keeps_its_officer(told):
    """Of 30 minutes begun at 17:40, 20 are done at 18:00 and 10 remain for the morning. The officer
    is bound all night, so the next truck starts at 08:10, not at 08:00."""
    day = office(("17:40", 30), ("17:45", 30), pause=True)
    assert told(day) == [
        "17:40 17:40 08:10+1 | released 08:10+1",
        "17:45 08:10+1 08:40+1 | released 08:40+1",
    ]


WEEKEND = [(at("08:00+4"), at("18:00+4")), (at("08:00+7"), at("18:00+7"))]


def test_work_pauses_over_a_weekend(told):
    """Day 4 is a Friday, 08:00 to 18:00, and day 7 the Monday. Of an hour begun on Friday at 17:30
    half is left for Monday; the truck of Saturday noon follows it at 08:30."""
    day = office(("17:30+4", 60), ("12:00+5", 10), hours=WEEKEND, pause=True, end="00:00+8")
    assert told(day) == [
        "17:30+4 17:30+4 08:30+7 | released 08:30+7",
        "12:00+5 08:30+7 08:40+7 | released 08:40+7",
    ]


def test_work_is_finished_before_a_weekend(told):
    """The same Friday at a desk that finishes: done at 18:30, and Monday begins with the truck of
    Saturday noon."""
    day = office(("17:30+4", 60), ("12:00+5", 10), hours=WEEKEND, pause=False, end="00:00+8")
    assert told(day) == [
        "17:30+4 17:30+4 18:30+4 | released 18:30+4",
        "12:00+5 08:00+7 08:10+7 | released 08:10+7",
    ]


def test_a_pause_spans_several_short_openings(told):
    """The desk opens for ten minutes an hour, from 08:00. 25 minutes of work begun at 08:05 take
    five minutes, then ten from 09:00, then ten from 10:00: done at 10:10, as it closes."""
    hours = [(at(f"{hour:02}:00"), at(f"{hour:02}:10")) for hour in range(8, 12)]
    assert told(office(("08:05", 25), hours=hours, pause=True)) == [
        "08:05 08:05 10:10 | released 10:10"
    ]


LUNCH = [(at("08:00"), at("12:00")), (at("13:00"), at("18:00"))]


def test_lunch_interrupts_work_that_pauses(told):
    """90 minutes begun at 11:00: an hour before lunch, half an hour after it."""
    assert told(office(("11:00", 90), ("11:05", 10), hours=LUNCH, pause=True)) == [
        "11:00 11:00 13:30 | released 13:30",
        "11:05 13:30 13:40 | released 13:40",
    ]


def test_lunch_waits_for_work_that_is_finished(told):
    """90 minutes begun at 11:00 end at 12:30, in the break; nobody new is called before 13:00."""
    assert told(office(("11:00", 90), ("11:05", 10), hours=LUNCH, pause=False)) == [
        "11:00 11:00 12:30 | released 12:30",
        "11:05 13:00 13:10 | released 13:10",
    ]


def test_last_entry_shortens_admission_but_not_work(told):
    """Last entry is half an hour before 18:00. At 17:29:59 a truck still gets in and is served, at
    a desk that pauses, until 17:49:59; the truck of 17:30:00 comes too late by a second."""
    day = office(("17:29:59", 20), ("17:30", 20), officers=2, last_entry=30 * MINUTE, pause=True)
    assert told(day) == [
        "17:29:59 17:29:59 17:49:59 | released 17:49:59",
        "17:30 08:00+1 08:20+1 | released 08:20+1",
    ]


def test_last_entry_holds_before_every_break_and_can_leave_nothing(told):
    """Open 08:00–12:00, 13:00–13:20 and 14:00–18:00 with last entry half an hour before each
    closing: nobody enters after 11:30, nor in the short opening at 13:00, until 14:00."""
    hours = [(at("08:00"), at("12:00")), (at("13:00"), at("13:20")), (at("14:00"), at("18:00"))]
    day = office(("11:30", 5), ("13:00", 5), hours=hours, last_entry=30 * MINUTE, officers=2)
    assert told(day) == [
        "11:30 14:00 14:05 | released 14:05",
        "13:00 14:00 14:05 | released 14:05",
    ]


def test_a_closure_stops_admission_and_work_that_pauses(told):
    """Wind closes the desk from 10:00 to 11:00. Work begun at 09:50 has 20 of its 30 minutes left
    at 11:00. The truck of 10:15 finds an officer, but enters at 11:00."""
    day = office(("09:50", 30), ("10:15", 10), officers=2, pause=True)
    day.stages["desk"].closures = [(at("10:00"), at("11:00"))]
    assert told(day) == [
        "09:50 09:50 11:20 | released 11:20",
        "10:15 11:00 11:10 | released 11:10",
    ]


def test_a_closure_stops_admission_only_where_work_is_finished(told):
    """The same wind at a desk that finishes: the first is done at 10:20."""
    day = office(("09:50", 30), ("10:15", 10), officers=2, pause=False)
    day.stages["desk"].closures = [(at("10:00"), at("11:00"))]
    assert told(day) == [
        "09:50 09:50 10:20 | released 10:20",
        "10:15 11:00 11:10 | released 11:10",
    ]


def test_nobody_foresees_a_closure(told):
    """Last entry is an hour before 18:00, not an hour before the breakdown of 10:00–10:30: the
    truck of 09:45 enters and pauses. After the breakdown the old last entry stands."""
    day = office(("09:45", 30), ("16:59:59", 5), ("17:00", 5), last_entry=HOUR, pause=True)
    day.stages["desk"].closures = [(at("10:00"), at("10:30"))]
    assert told(day) == [
        "09:45 09:45 10:45 | released 10:45",
        "16:59:59 16:59:59 17:04:59 | released 17:04:59",
        "17:00 08:00+1 08:05+1 | released 08:05+1",
    ]


def test_hours_that_touch_are_one_interval(told):
    """08:00–12:00 and 12:00–18:00 close nothing at noon: last entry does not bite before noon, the
    truck of 12:00:00 enters at once, and the work of 11:50 does not pause."""
    hours = [(at("08:00"), at("12:00")), (at("12:00"), at("18:00"))]
    day = office(
        ("11:50", 20), ("12:00", 5), hours=hours, last_entry=30 * MINUTE, pause=True, officers=2
    )
    assert told(day) == [
        "11:50 11:50 12:10 | released 12:10",
        "12:00 12:00 12:05 | released 12:05",
    ]


def test_work_that_ends_exactly_at_closing_does_not_pause(told):
    """Half an hour begun at 17:30 is done at 18:00:00 sharp, pause or not; the officer is free at
    that second, but hours are half-open and the desk admits nobody at 18:00:00."""
    day = office(("17:30", 30), ("17:40", 10), pause=True)
    assert told(day) == [
        "17:30 17:30 18:00 | released 18:00",
        "17:40 08:00+1 08:10+1 | released 08:10+1",
    ]


def test_one_second_of_work_left_at_closing_costs_the_night(told):
    """30 minutes and one second begun at 17:30 end a second after the desk opens again."""
    assert told(office(("17:30", 30 + 1 / 60), pause=True)) == [
        "17:30 17:30 08:00:01+1 | released 08:00:01+1"
    ]


def test_hours_are_half_open(told):
    """The desk opens at 08:00:00 for the truck of 07:59:59, admits at 17:59:59 and not at
    18:00:00."""
    day = office(("07:59:59", 1), ("17:59:59", 1), ("18:00", 1), officers=3)
    assert told(day) == [
        "07:59:59 08:00 08:01 | released 08:01",
        "17:59:59 17:59:59 18:00:59 | released 18:00:59",
        "18:00 08:00+1 08:01+1 | released 08:01+1",
    ]


def test_work_of_no_time_does_not_wait_for_the_work_time(told):
    """A stamp of 0 s at 17:59:59 is done at 17:59:59, and so is one behind it in the queue."""
    assert (
        told(office(("17:59:59", 0), ("17:59:59", 0), pause=True))
        == ["17:59:59 17:59:59 17:59:59 | released 17:59:59"] * 2
    )


def test_work_of_no_time_ends_in_the_second_in_which_the_stage_opens(told):
    """A stamp of 0 s that waited through lunch is done at 13:00:00, not when lunch began."""
    assert told(office(("12:30", 0), hours=LUNCH, pause=True)) == [
        "12:30 13:00 13:00 | released 13:00"
    ]


def test_work_that_pauses_and_never_comes_to_its_end(told):
    """There is no work time after 18:00 of the second day: what is left then stays unfinished."""
    assert told(office(("17:50+1", 20), pause=True)) == ["17:50+1 17:50+1 never | inside"]
