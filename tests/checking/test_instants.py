"""Recorded arrivals: instants as people write them, and lists held against the scenario."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portsim.errors import ScenarioError

CAME = ("{rate: 60 per day}", "{recorded: {file: came.csv}}")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def came(scenario):
    """Instants of a file, and the warnings, of a port in some zone."""

    def read(cells, zone="Asia/Shanghai", first="2024-03-04", last="2024-03-10", more=()):
        text = "arrival\n" + "\n".join(cells) + "\n"
        made = scenario(
            CAME,
            ("Asia/Shanghai", zone),
            ("from: 2024-03-04", f"from: {first}"),
            ("to: 2024-03-10", f"to: {last}"),
            *more,
            came_csv=text,
        )
        return made.origin.recorded["came.csv", "arrival"].tolist(), made.origin.warnings

    return read


@pytest.fixture
def refused(came):
    def of(*cells, **more):
        with pytest.raises(ScenarioError) as caught:
            came(cells, **more)
        return [(fault.line, fault.found, fault.hint) for fault in caught.value.faults]

    return of


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-05T08:40",
        "2024-03-05 08:40:00",
        "2024-03-05 08:40:00.250",
        "2024-03-05T00:40Z",
        "2024-03-05 05:40+05:00",
        "2024-03-05 05:40:00 +0500",
        "2024-03-05 02:40 UTC+02",
        "20240305T084000",
        "2024/3/5 8:40",
        "2024.03.05 08:40",
        "2024年3月5日 8:40",
        "2024年3月5日8时40分",
        "２０２４-０３-０５　０８：４０",
        "05.03.2024 08:40",
        "5.3.2024, 8:40",
        "3/5/2024 8:40 AM\n3/13/2024 0:00",
    ],
)
def test_one_instant_in_many_forms(came, cell):
    cells = cell.split("\n")
    if "," in cell:
        cells = [f'"{cell}"']
    seconds, _ = came(cells)
    assert seconds[0] == int(dt.datetime(2024, 3, 5, 8, 40, tzinfo=SHANGHAI).timestamp())


@pytest.mark.parametrize(
    ("cell", "hour"), [("12:05 AM", 0), ("11:05 am", 11), ("12:05 PM", 12), ("1:05 p.m.", 13)]
)
def test_twelve_hours(came, cell, hour):
    (second,), _ = came([f"2024-03-05 {cell}"])
    assert second == int(dt.datetime(2024, 3, 5, hour, 5, tzinfo=SHANGHAI).timestamp())


def test_24_00_is_the_end_of_the_day(came):
    (second,), _ = came(["2024-03-05 24:00"])
    assert second == int(dt.datetime(2024, 3, 6, tzinfo=SHANGHAI).timestamp())
    (second,), _ = came(["2024-03-09T24:00:00"], "America/New_York")
    assert second == int(dt.datetime(2024, 3, 10, 5, tzinfo=dt.UTC).timestamp())


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("2024-03-05", "a date has no time of day"),
        ("2024/3/5", "a date has no time of day"),
        ("05.03.2024", "a date has no time of day"),
        ("20240305", "a date has no time of day"),
        ("2024年3月5日", "a date has no time of day"),
        ("45356.36", "format the column as yyyy-mm-dd hh:mm:ss"),
        ("2024-03-05 24:01", "there is no such time of day"),
        ("2024-03-05 08:60", "there is no such time of day"),
        ("2024-03-05 13:00 PM", "there is no such time of day"),
        ("2024-03-05 08:40+25:00", "there is no such offset"),
        ("2023-02-29 08:40", "there is no such date"),
        ("1899-12-31 08:40", "there is no such date"),
        ("5/6/2024 08:40", "nothing in the column shows whether the day or the month comes first"),
        ("08:40", ""),
        ("2024-03-05 08", ""),
        ("1709599200", ""),
        ("5 March 2024 08:40", ""),
    ],
)
def test_no_instants(refused, cell, hint):
    ((line, found, said),) = refused(cell)
    assert (line, found) == (2, f"`{cell}`")
    assert said.startswith(hint)
    assert bool(said) == bool(hint)


def test_days_and_months_are_told_apart_by_the_column(came, refused):
    """13 in either place settles it; 13 in both is a fault."""
    seconds, _ = came(["5/3/2024 08:00", "13/3/2024 08:00"], last="2024-03-20")
    days = [dt.datetime.fromtimestamp(second, SHANGHAI).strftime("%d %b") for second in seconds]
    assert days == ["05 Mar", "13 Mar"]
    ((line, found, _),) = refused("5/13/2024 08:00", "6/6/2024 08:00", "13/5/2024 08:00")
    assert (line, found) == (4, "`13/5/2024 08:00` after `5/13/2024 08:00` in line 2")


def test_the_hour_that_is_shown_twice_is_the_first_and_that_is_said(came):
    cells = ["2024-10-27 01:59", "2024-10-27 02:30", "2024-10-27 02:30+01:00", "2024-10-27 03:00"]
    seconds, warnings = came(cells, "Europe/Berlin", "2024-10-21", "2024-10-27")
    at = [second - int(dt.datetime(2024, 10, 27, tzinfo=dt.UTC).timestamp()) for second in seconds]
    assert [second / 3600 for second in at] == pytest.approx([-1 / 60, 0.5, 1.5, 2.0])
    (doubt,) = [one for one in warnings if one.code == "doubled-hour"]
    assert doubt.line == 3
    assert "a time of the hour that the clock shows twice, in line 3" in doubt.found
    assert doubt.hint == "the first of the two is taken"


def test_the_hour_that_is_skipped_is_refused(refused, came):
    words = {"zone": "Europe/Berlin", "first": "2024-03-25", "last": "2024-03-31"}
    ((line, _, hint),) = refused(
        "2024-03-31 01:59", "2024-03-31 02:30", "2024-03-31 03:00", **words
    )
    assert line == 3
    assert hint.startswith("clocks skip it")
    came(["2024-03-31T02:30+01:00"], "Europe/Berlin", "2024-03-25", "2024-03-31")


# ---- against the scenario ----------------------------------------------------------------------


def row(day, hour=8):
    return f"2024-{day} {hour:02}:00"


def test_rows_outside_the_period_are_counted(came):
    _, warnings = came([row("03-03", 23), row("03-05"), row("03-06"), row("03-10"), row("03-11")])
    (left,) = warnings
    assert left.path == "traffic.tea.arrivals.recorded.file"
    assert left.found == "2 of 5 rows of came.csv outside the period"
    assert left.hint == "they are left out; the list goes from 2024-03-03 to 2024-03-11"


def test_nearly_all_and_all(came):
    _, warnings = came([row("03-05"), *[row("04-05")] * 4])
    assert [w.hint.split(";")[0] for w in warnings if w.code == "left-out"] == [
        "nearly all are left out"
    ]
    _, warnings = came([row("04-05"), row("04-06")])
    assert [w.hint.split(";")[0] for w in warnings] == ["no truck of it comes"]


def test_a_list_that_covers_the_run_is_not_doubted(came):
    days = [row(f"03-{day:02}", hour) for day in range(4, 11) for hour in (8, 9, 13)]
    assert came(days)[1] == ()


def test_a_warm_up_without_rows_is_told(came):
    warm = ("to: 2024-03-10}", "to: 2024-03-10, warm_up: 1 week}")
    days = [row(f"03-{day:02}") for day in range(4, 11)]
    _, (only,) = came(days, more=[warm])
    assert only.found == "no row of came.csv in the warm-up, 7 days before the period"
    assert came([row("02-28"), *days], more=[warm])[1] == ()


def test_a_list_shorter_than_the_period_is_told(came):
    days = [row(f"03-{day:02}") for day in range(4, 11)]
    _, (only,) = came(days, last="2024-03-31")
    assert (only.code, only.found) == (
        "list-short",
        "no row of came.csv in the last 21 days of the period",
    )


WEEK = [row(f"03-{day:02}", hour) for day in range(4, 11) for hour in (8, 9, 10)]


def test_a_day_that_stands_there_twice(came):
    _, (only,) = came([*WEEK, *WEEK[3:6]])
    assert (only.code, only.line) == ("day-twice", 23)
    assert only.found == "all 6 rows of 2024-03-05 more than once, again in lines 23, 24, 25"
    # Two trucks may well come in one second.
    assert came([*WEEK, WEEK[3]])[1] == ()


def test_rows_that_stand_there_twice(scenario):
    plates = [f"{number},{cell}" for number, cell in enumerate(WEEK)]
    text = "plate,arrival\n" + "\n".join([*plates, f"B,{WEEK[3]}", plates[3]]) + "\n"
    (only,) = scenario(CAME, came_csv=text).origin.warnings
    assert (only.code, only.line) == ("row-twice", 24)
    assert only.found == "a row that stands there before: again in line 24"


def test_midnights_are_doubted(came):
    _, (only,) = came([f"2024-03-{day:02} 00:00:00" for day in range(4, 11)])
    assert (only.code, only.found) == ("midnight", "00:00 in all 7 rows")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("    load: 21 t", "    scale: 2\n    load: 21 t", "traffic.tea.scale"),
        ("traffic:\n", "traffic:\n  scale: 1.5\n", "traffic.scale"),
    ],
)
def test_no_truck_is_invented(faults, old, new, path):
    (fault,) = faults(CAME, (old, new), came_csv="arrival\n2024-03-05 08:00\n")
    assert (fault.path, fault.code) == (path, "scale-recorded")
    assert "in place of `recorded` write a `rate`" in fault.hint


def test_less_than_was_recorded_is_fine(scenario):
    cells = "\n".join(row(f"03-{day:02}") for day in range(4, 11))
    scenario(
        CAME, ("    load: 21 t", "    scale: 0.5\n    load: 21 t"), came_csv=f"arrival\n{cells}\n"
    )


def test_a_month_is_no_date_and_the_hint_gives_its_days(faults):
    (fault,) = faults(("from: 2024-03-04", "from: 2024-02"))
    assert fault.hint == "write the day too: the month goes from 2024-02-01 to 2024-02-29"
