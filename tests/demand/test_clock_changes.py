"""Days of 23 and 25 hours: clocks change when trucks come, never how many."""

import datetime as dt

import numpy as np
import pytest

from demand.ports import DAY, HOUR
from portsim.calendars import local_seconds, open_intervals, to_utc, zone
from portsim.checking import load
from portsim.demand import draw
from portsim.demand.arrivals import Base, of_the_day, quarters, rates
from portsim.demand.following import followed
from portsim.scenario.calendar import Calendar
from portsim.scenario.traffic import Arrivals

CHANGES = [
    ("Europe/Berlin", dt.date(2024, 3, 31), 23),
    ("Europe/Berlin", dt.date(2024, 10, 27), 25),
    ("Africa/Cairo", dt.date(2024, 4, 26), 23),  # at midnight: the day begins at one
    ("Africa/Cairo", dt.date(2024, 10, 31), 25),  # back from midnight: 23 to 24 twice
    ("America/Havana", dt.date(2024, 11, 3), 25),  # back from one: its midnight is shown twice
    ("Australia/Lord_Howe", dt.date(2024, 4, 7), 24.5),
    ("Australia/Lord_Howe", dt.date(2024, 10, 6), 23.5),
    ("Asia/Almaty", dt.date(2024, 2, 29), 25),
]
PROFILES = [
    {},
    {"22:00-24:00": 1, "00:00-06:00": 1},
    {"02:00-03:00": 1},
    {"00:00-01:00": 5, "23:00-24:00": 2},
    {"01:00-02:00": 1, "02:00-03:00": 7, "03:00-04:00": 2, "08:00-20:00": 1},
]


def arrivals(profile, **more):
    hours = {"hours": profile} if profile else {}
    return Arrivals.model_validate({"rate": "240 per day", **hours, **more})


def around(place, date):
    first, last = date - dt.timedelta(days=3), date + dt.timedelta(days=4)
    return tuple(to_utc(day, 0, zone(place), later=False) for day in (first, last))


@pytest.mark.parametrize(("place", "date", "length"), CHANGES)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_day_has_its_trucks(place, date, length, profile):
    """The cumulated rate of each local day is that of its weekday and month."""
    weekdays = {date.strftime("%a"): 3}
    words = arrivals(profile, weekdays=weekdays)
    steps = quarters(place, *around(place, date))
    assert (np.bincount(steps.day) / 4).tolist() == [24.0] * 3 + [length] + [24.0] * 3
    due = np.bincount(steps.day, weights=rates(words, steps) * 900)
    assert due == pytest.approx([240.0] * 3 + [720.0] + [240.0] * 3)


@pytest.mark.parametrize(
    ("date", "hours"),
    [
        # Forward: the trucks of two to three come with those of the next hour.
        (dt.date(2024, 3, 31), [1, 7 + 2, 0, 0]),
        # Back: those of two to three come in both.
        (dt.date(2024, 10, 27), [1, 3.5, 3.5, 2]),
    ],
)
def test_an_hour_that_is_skipped_or_doubled_keeps_its_trucks(date, hours):
    words = arrivals({"01:00-02:00": 1, "02:00-03:00": 7, "03:00-04:00": 2})
    start = to_utc(date, 0, zone("Europe/Berlin"), later=False)
    steps = quarters("Europe/Berlin", start, start + 23 * HOUR)
    shares = of_the_day(words, steps) / 2.4  # ten parts in 24 hours: a mean of 10 / 24
    assert shares[::4][1:5] == pytest.approx(hours)
    assert shares[: 4 * 5].sum() == pytest.approx(4 * 10)


def test_other_days_are_untouched_to_the_bit():
    """Where no clock changes the factors are the plain weights over their mean."""
    words = arrivals(PROFILES[4])
    steps = quarters("Europe/Berlin", *around("Europe/Berlin", dt.date(2024, 3, 31)))
    weights = np.asarray(words.hours)
    plain = (weights / weights.mean())[steps.hour]
    usual = ~np.isin(steps.day, steps.changed)
    assert np.array_equal(of_the_day(words, steps)[usual], plain[usual])
    assert steps.changed.tolist() == [3]


PORT = """
timezone: Europe/Berlin
period: {from: 2024-03-25, to: 2024-04-07}
stages: {gate: {time: 1 min}}
calendars: {night: {hours: "20:00-06:00"}, always: {hours: "round the clock"}}
traffic:
  t: {direction: import, arrivals: {ARRIVALS}, route: [gate]}
"""


@pytest.fixture
def drawn(tmp_path):
    def draw_all(words, scale=1.0, replications=1, first="2024-03-25", last="2024-04-07"):
        text = PORT.replace("{ARRIVALS}", words)
        file = tmp_path / "port.yaml"
        file.write_text(text.replace("2024-03-25", first).replace("2024-04-07", last))
        scenario = load(file)
        numbers = range(1, replications + 1)
        return [draw(scenario, 3, number).at(scenario, scale).arrival for number in numbers]

    return draw_all


def per_day(seconds):
    local = local_seconds(np.concatenate(seconds), zone("Europe/Berlin"))
    return np.unique(local.astype("datetime64[s]").astype("datetime64[D]"), return_counts=True)


@pytest.mark.parametrize(
    ("first", "last", "day"),
    [("2024-03-25", "2024-04-07", "2024-03-31"), ("2024-10-21", "2024-11-03", "2024-10-27")],
)
@pytest.mark.parametrize("hours", ['{"02:00-03:00": 1}', '{"22:00-24:00": 1, "00:00-06:00": 1}'])
def test_drawn_trucks_are_as_many_on_every_day(drawn, first, last, day, hours):
    words = f"{{rate: 240 per day, hours: {hours}}}"
    days, counts = per_day(drawn(words, replications=12, first=first, last=last))
    means = dict(zip(days.astype(str).tolist(), (counts / 12).tolist(), strict=True))
    assert len(means) == 14
    assert abs(means[day] - 240) < 4.5 * np.sqrt(240 / 12)
    assert max(abs(mean - 240) for mean in means.values()) < 4.5 * np.sqrt(240 / 12)


def test_a_count_is_exact_and_smaller_demand_is_a_part_of_larger(drawn):
    words = '{total: {trucks: 500, from: 2024-03-31, to: 2024-03-31}, hours: {"02:00-03:00": 1}}'
    (trucks,) = drawn(words)
    start = to_utc(dt.date(2024, 3, 31), 0, zone("Europe/Berlin"), later=False)
    assert len(trucks) == 500
    assert set(((trucks - start) // HOUR).tolist()) == {2}  # from 03:00 on the clock
    words = '{rate: 240 per day, hours: {"02:00-03:00": 1}}'
    (few,), (many,) = drawn(words, 0.5), drawn(words, 2.0)
    assert np.isin(few, many).all()
    assert 0 < len(few) < len(many)


@pytest.mark.parametrize("date", [dt.date(2024, 3, 31), dt.date(2024, 10, 27)])
@pytest.mark.parametrize("hours", ["round the clock", "20:00-06:00", "01:00-04:00, 12:00-20:00"])
@pytest.mark.parametrize("profile", PROFILES)
def test_followers_keep_their_day_their_order_and_their_share(date, hours, profile):
    """Each open day has the trucks of its date, in their order, spread over all it is open."""
    place = "Europe/Berlin"
    start, stop = around(place, date)
    words = arrivals(profile)
    steps = quarters(place, start, stop)
    # Trucks evenly spread over the cumulated rate, 1,000 a day.
    due = np.concatenate([[0.0], np.cumsum(rates(words, steps) * 900 / 240)])
    at = np.interp((np.arange(7000) + 0.5) / 1000, due, steps.edges).astype(np.int64)
    base = Base(at, np.ones(7000))
    open_ = open_intervals(
        Calendar.model_validate({"hours": hours}),
        port_zone=place,
        position=None,
        start=start - DAY,
        stop=stop + DAY,
    )
    came = followed(base, words, place, open_).arrival
    assert (np.diff(came) >= 0).all()
    before = local_seconds(base.arrival, zone(place)) // DAY
    tail = 6 * HOUR if hours == "20:00-06:00" else 0
    assert np.array_equal((local_seconds(came, zone(place)) - tail) // DAY, before)


def test_round_the_clock_moves_nobody_on_days_without_24_hours():
    place = "Europe/Berlin"
    for date in (dt.date(2024, 3, 31), dt.date(2024, 10, 27)):
        start, stop = around(place, date)
        seconds = np.arange(start, stop, 301, dtype=np.int64)
        open_ = np.array([[start - 9 * DAY, stop + 9 * DAY]])
        came = followed(Base(seconds, np.ones(len(seconds))), arrivals({}), place, open_).arrival
        assert np.abs(came - seconds).max() <= 1


def test_slots_are_given_out_by_the_hour_that_passes(drawn):
    """A day of 23 hours has 23 hours of slots: who serves ten an hour serves no eleventh."""
    (trucks,) = drawn("{booked: {calendar: always, per_hour: 10}}")
    days, counts = per_day([trucks])
    found = dict(zip(days.astype(str).tolist(), counts.tolist(), strict=True))
    assert found.pop("2024-03-31") == 230
    assert set(found.values()) == {240}
