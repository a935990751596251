"""Periods that begin and end at any minute, worked out by hand."""

import numpy as np
import pytest

from portsim.checking import load
from portsim.demand import draw
from portsim.engines import simpy
from portsim.measures import Measurement, measure
from portsim.plan import build, timetable

PORT = """\
name: small
timezone: {zone}
period: {{from: {first}, to: {last}}}
completion: {{limit: {limit}}}
calendars: {{always: {{hours: round the clock}}}}
resources: {{clerks: {{capacity: 1, calendar: always}}}}
stages: {{desk: {{takes: {{clerks: 1}}, time: 30 min, at_close: finish}}}}
traffic:
  vans:
    direction: export
    arrivals: {{booked: {{calendar: always, per_hour: 1}}}}
    route: [desk]
"""


@pytest.fixture
def port(tmp_path):
    def of(first, last, zone="Asia/Shanghai", limit="2 h"):
        file = tmp_path / "port.yaml"
        file.write_text(PORT.format(first=first, last=last, zone=zone, limit=limit))
        return load(file)

    return of


def figures(scenario):
    plan = build(scenario, draw(scenario, 1, 1).at(scenario))
    measured = measure(Measurement(plan, simpy.run(plan)))
    rows = {row[2]: row[3] for row in measured.rows if row[:2] == ("all", "")}
    return rows, {curve.curve: curve for curve in measured.curves if curve.cls == "all"}


def test_days_of_which_parts_lie_in_the_period(port):
    """From noon to 06:00 two days later: half a day, a whole one and a quarter."""
    context = timetable(port("2024-03-04 12:00", "2024-03-06 06:00")).context
    assert context.day_parts.tolist() == [0.5, 1.0, 0.25]
    assert context.days == 1.75
    assert context.whole.tolist() == [False, True, False]
    assert (context.day_edges / 3600).tolist() == [0, 12, 36, 42]
    assert (context.nights / 3600).tolist() == [16, 40]
    assert context.month_names == ()
    assert context.hour_of_week[:2].tolist() == [12, 13]


def test_a_day_of_23_hours_is_a_day(port):
    """Clocks change in the night to 31 March: from noon to noon are 23 hours, 12 of the 24 of one
    day and 11 of the 23 of the next."""
    context = timetable(port("2024-03-30 12:00", "2024-03-31 12:00", "Europe/Brussels")).context
    assert context.day_parts.tolist() == [0.5, 11 / 23]
    assert context.day_edges.tolist() == [0, 12 * 3600, 23 * 3600]


def test_a_period_of_parts_of_days_is_told_in_parts_of_days(port):
    """A truck comes at each full hour and works for 30 minutes: of the 42 hours from 12:00 on each
    lets one out, 24 a day; the one whole day had 24; and half a truck is inside on average."""
    rows, curves = figures(port("2024-03-04 12:00", "2024-03-06 06:00"))
    assert rows["arrived"] == rows["released"] == 42
    assert rows["throughput_per_day"] == 24.0
    assert rows["throughput_max_day"] == rows["arrived_max_day"] == 24.0
    assert rows["inside_mean"] == 0.5
    assert rows["completed_within_limit"] == 1.0
    assert not any("[" in name for name in rows)
    assert np.array_equal(curves["throughput"].y, [np.nan, 24.0, np.nan], equal_nan=True)
    assert len(curves["month"].x) == 0


def test_what_a_short_period_cannot_tell_is_left_out(port):
    """From 10:15 to 11:45: the truck of 11:00, and no whole day, night, or hour of a limit."""
    rows, curves = figures(port("2024-03-04 10:15", "2024-03-04 11:45"))
    assert rows["arrived"] == rows["released"] == 1
    assert rows["throughput_per_day"] == 16.0
    for name in ("completed_within_limit", "stay_mean_h", "overnight_mean", "throughput_max_day"):
        assert np.isnan(rows[name]), name
    assert np.isnan(curves["week"].y).all()


def test_whole_days_are_counted_as_ever(port):
    """The same midnights, whether a date or a minute is written."""
    dates, minutes = (
        timetable(port(*period)).context
        for period in (("2024-03-04", "2024-03-05"), ("2024-03-04 00:00", "2024-03-06 00:00"))
    )
    assert dates.day_parts is minutes.day_parts is None
    assert np.array_equal(dates.day_edges, minutes.day_edges)
    assert dates.month_names == minutes.month_names == ("2024-03",)
