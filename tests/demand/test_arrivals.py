"""When trucks come: rates, slots, records, and drivers who know the hours."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy import stats

from demand.ports import DAY, HOUR, port, trucks_of
from portsim.calendars import contains, to_utc, zone
from portsim.demand import base_start, calendar_intervals, draw, uniforms, window
from portsim.demand.arrivals import Base, quarters, rates
from portsim.demand.following import followed
from portsim.scenario.traffic import Arrivals

SHANGHAI = "Asia/Shanghai"
MIDNIGHT = int(dt.datetime(2024, 3, 4, tzinfo=ZoneInfo(SHANGHAI)).timestamp())
"""Monday 2024-03-04 00:00 in Shanghai."""

YEAR = """\
name: year
timezone: Asia/Almaty
period: {from: 2024-01-01, to: 2024-12-31}
stages: {gate: {time: 1 min}}
traffic:
  tea:
    direction: export
    arrivals:
      rate: 700 per day
      months: {Feb: 0.5, Sep: 2.2, Oct-Dec: 1.1}
      weekdays: {Sat: 0.8, Sun: 0.25}
      hours: {08:00-14:00: 3, 14:00-20:00: 2, 22:00-24:00: 1}
    route: [gate]
"""
MONTHS = [1, 0.5, 1, 1, 1, 1, 1, 1, 2.2, 1.1, 1.1, 1.1]
WEEKDAYS = [1, 1, 1, 1, 1, 0.8, 0.25]
HOURS = [0] * 8 + [3] * 6 + [2] * 6 + [0] * 2 + [1] * 2


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Local wall-clock of every truck of a year; the clocks go back by an hour on 1 March."""
    scenario = port(tmp_path_factory.mktemp("year"), text=YEAR)
    trucks = trucks_of(scenario)
    change = int(dt.datetime(2024, 2, 29, 18, tzinfo=dt.UTC).timestamp())
    local = trucks.arrival + np.where(trucks.arrival < change, 6, 5) * HOUR
    return local.astype("datetime64[s]"), trucks, scenario


def test_counts_by_month_weekday_and_hour(year):
    """Each of the 2,016 cells holds as many as the rate says, within 4.5 sigma."""
    local, *_ = year
    days = local.astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(int) % 12
    weekday = (days.astype(int) + 3) % 7
    hour = local.astype(int) % DAY // HOUR
    counts = np.zeros((12, 7, 24))
    np.add.at(counts, (month, weekday, hour), 1)
    expected = np.zeros((12, 7, 24))
    for day in np.arange("2024-01-01", "2025-01-01", dtype="datetime64[D]"):
        date = day.item()
        rate = 700 * MONTHS[date.month - 1] * WEEKDAYS[date.weekday()]
        expected[date.month - 1, date.weekday()] += rate * np.array(HOURS) / sum(HOURS)
    # On 29 February the hour from 23:00 passes twice, and its trucks come once.
    assert not counts[expected == 0].any()
    z = (counts - expected)[expected > 0] / np.sqrt(expected[expected > 0])
    assert np.abs(z).max() < 4.5
    assert z.std() == pytest.approx(1.0, abs=0.1)
    assert abs(counts.sum() - expected.sum()) < 4.5 * np.sqrt(expected.sum())


def test_within_an_hour_and_between_arrivals(year):
    """Uniform within the hour; gaps in a busy hour of one rate are exponential."""
    local, *_ = year
    second = local.astype(int)
    u = (second % HOUR + 0.5) / HOUR
    assert stats.kstest(u[:50_000], "uniform").pvalue > 1e-3
    busy = second[
        (local >= np.datetime64("2024-09-03T08")) & (local < np.datetime64("2024-09-03T14"))
    ]
    gaps = np.diff(busy)
    rate = 700 * 2.2 * 3 / sum(HOURS) / HOUR
    assert len(gaps) > 500
    assert stats.kstest(gaps + 0.5, stats.expon(scale=1 / rate).cdf).pvalue > 1e-3


def test_thinning_keeps_a_poisson_process(year):
    """Variance over mean of the counts of quarters of an hour is 1 at every scale."""
    _, trucks, scenario = year
    everyone = draw(scenario, scenario.seed, 1)
    for times in (0.25, 1.0, 4.0):
        kept = everyone.at(scenario, times).arrival
        kept = kept[(kept >= trucks.arrival[0]) & (kept < trucks.arrival[0] + 28 * DAY)]
        local = (kept + 6 * HOUR) % DAY // HOUR
        kept = kept[(local >= 8) & (local < 14)]
        counts = np.bincount((kept - kept[0]) // 900)
        days = (np.arange(len(counts)) * 900 + kept[0] + 6 * HOUR) % DAY // HOUR
        weekday = ((np.arange(len(counts)) * 900 + kept[0] + 6 * HOUR) // DAY + 3) % 7
        counts = counts[(days >= 8) & (days < 14) & (weekday < 5)]
        assert counts.var() / counts.mean() == pytest.approx(
            1.0, abs=4.5 * np.sqrt(2 / len(counts))
        )


def test_inversion_of_a_piecewise_rate_step_by_step(tmp_path):
    """The same exponential gaps, walked through the quarters of an hour one by one."""
    arrivals = (
        "{rate: 3 per day, months: {Jan: 0, Feb: 3}, weekdays: {Tue: 0}, "
        "hours: {08:00-09:00: 5, 09:00-20:00: 1}}"
    )
    text = YEAR.partition("    arrivals:")[0] + f"    arrivals: {arrivals}\n    route: [gate]\n"
    scenario = port(tmp_path, text=text)
    run, first = window(scenario), base_start(scenario)
    steps = quarters("Asia/Almaty", first, run.stop)
    edges, rate = steps.edges, rates(scenario.traffic.classes["tea"].arrivals, steps)
    assert edges[0] == first
    assert (np.diff(edges) == 900).all()
    found = draw(scenario, 5, 2)
    gaps = -np.log(1.0 - uniforms(5, 2, "class tea", "gap", 20_000))
    wanted, at, left = [], 0, 900 * 4 * rate[0]
    for gap in gaps:
        needed = gap
        while at < len(rate) and left <= needed:
            needed -= left
            at += 1
            left = 900 * 4 * rate[at] if at < len(rate) else 0.0
        if at == len(rate):
            break
        left -= needed
        wanted.append(int(edges[at + 1] - left / (4 * rate[at]) // 1 - 1))
    wanted = np.array(wanted)
    index = np.flatnonzero((wanted >= run.origin) & (wanted < run.stop))
    scale = 4 * uniforms(5, 2, "class tea", "scale", len(wanted))
    assert found.index.tolist() == index.tolist()
    assert np.abs(found.arrival - wanted[index]).max() <= 1
    assert (found.arrival == wanted[index]).mean() > 0.999
    np.testing.assert_array_equal(found.scale, scale[index])


def test_a_rate_of_nothing_brings_nobody(tmp_path):
    text = YEAR.replace("rate: 700 per day", "rate: 0 per day")
    assert len(draw(port(tmp_path, text=text), 1, 1).arrival) == 0


def test_trucks_together_come_in_one_second_and_keep_the_rate(tmp_path):
    trucks = trucks_of(port(tmp_path))
    mine = trucks.members(trucks.class_names.index("convoy"))
    index = trucks.index[mine]
    arrival = dict(zip(index.tolist(), trucks.arrival[mine].tolist(), strict=True))
    for number, second in arrival.items():
        first = number - number % 3
        assert [arrival.get(first + k) for k in range(3)] == [second] * 3
    assert abs(len(mine) / 28 - 9) < 4.5 * np.sqrt(3 * 9 / 28)


# ---- booked slots ------------------------------------------------------------------------------

BOOKED = "{calendar: night, per_hour: 2, early: {exponential: {mean: 2 h}}, no_show: 0.2}"


@pytest.mark.parametrize(
    ("per_hour", "hours"), [(7, "08:00-15:00"), (11, "08:00-19:00"), (1, "08:00-08:30")]
)
def test_slots_are_spread_evenly_over_the_open_hours(tmp_path, per_hour, hours):
    """The k-th slot begins when k/per_hour hours have been open, to the second; none at closing.

    At one an hour an opening of half an hour has a slot every other time.
    """
    scenario = port(
        tmp_path,
        (BOOKED, f"{{calendar: slots, per_hour: {per_hour}}}"),
        ("calendars:\n", f'calendars:\n  slots: {{hours: {{Mon-Sat: "{hours}"}}}}\n'),
    )
    trucks = trucks_of(scenario)
    mine = trucks.arrival[trucks.members(trucks.class_names.index("fruit"))]
    a, b = (int(part[:2]) * HOUR + int(part[3:]) * 60 for part in hours.split("-"))
    wanted, open_s = [], 0
    for day in range(base_start(scenario), MIDNIGHT + 21 * DAY, DAY):
        if (day - MIDNIGHT) // DAY % 7 != 6:
            wanted += [
                day + a + second
                for second in range(b - a)
                if -(open_s + second) * per_hour % HOUR < per_hour
            ]
            open_s += b - a
    assert mine.tolist() == [second for second in wanted if second >= MIDNIGHT - 7 * DAY]


def test_openings_shorter_than_a_slot_share_it(tmp_path):
    """One an hour in three openings of ten minutes a day: a slot every other day."""
    scenario = port(
        tmp_path,
        (BOOKED, "{calendar: slots, per_hour: 1}"),
        (
            "calendars:\n",
            'calendars:\n  slots: {hours: "09:00-09:10, 10:00-10:10, 11:00-11:10"}\n',
        ),
    )
    trucks = trucks_of(scenario)
    mine = trucks.arrival[trucks.members(trucks.class_names.index("fruit"))]
    assert len(mine) == 14
    assert set(np.diff(mine).tolist()) == {2 * DAY}


def test_early_late_and_absent(tmp_path):
    scenario = port(
        tmp_path,
        (
            BOOKED,
            (
                "{calendar: day, per_hour: 60, early: {uniform: {low: 0 s, high: 40 min}}, "
                "late: {exponential: {mean: 10 min}}, no_show: 0.2}"
            ),
        ),
    )
    run = window(scenario)
    trucks = trucks_of(scenario, times=4.0)
    cls = trucks.class_names.index("fruit")
    mine = trucks.members(cls)
    early = 2400 * trucks.uniforms(cls, "early")
    late = -600 * np.log1p(-trucks.uniforms(cls, "late"))
    slot = trucks.arrival[mine] - np.rint(late - early)
    open_ = calendar_intervals(scenario, "day", run.origin - DAY, run.stop + DAY)
    assert contains(open_, slot.astype(np.int64)).all()
    assert not (slot % 60).any()
    assert not contains(open_, trucks.arrival[mine]).all()
    slots = 4 * 28 * 8 * 60
    assert abs(len(mine) - 0.8 * slots) < 4.5 * np.sqrt(slots * 0.16) + 4 * 40
    assert (trucks.uniforms(cls, "no_show") >= 0.2).all()


# ---- recorded ----------------------------------------------------------------------------------


def test_recorded_arrivals_come_as_they_were_recorded(tmp_path):
    """Without an offset in the port's local time, with one in its own; outside the run none."""
    rows = [
        "2024-03-04T08:00:30",
        "2024-03-04T00:00:00Z",
        "2024-02-25T23:59:59",
        "2024-03-24T23:59:59",
        "2024-03-25T00:00:00",
    ]
    scenario = port(tmp_path, old="arrival\n" + "\n".join(rows) + "\n")
    trucks = trucks_of(scenario)
    mine = trucks.arrival[trucks.members(trucks.class_names.index("old"))]
    assert (mine - MIDNIGHT).tolist() == [8 * HOUR, 8 * HOUR + 30, 21 * DAY - 1]


def test_less_demand_leaves_some_records_out_and_more_finds_no_others(tmp_path):
    scenario = port(tmp_path)
    cls = trucks_of(scenario).class_names.index("old")
    times = {
        scale: trucks.arrival[trucks.members(cls)]
        for scale in (0.25, 0.5, 1.0, 2.5, 4.0)
        for trucks in [trucks_of(scenario, times=scale)]
    }
    once = times[1.0]
    assert len(np.unique(once)) == len(once) == 858  # 28 days of 30.6 a day
    assert np.array_equal(times[2.5], once)
    assert np.array_equal(times[4.0], once)
    assert np.isin(times[0.25], times[0.5]).all()
    assert np.isin(times[0.5], once).all()
    for scale in (0.25, 0.5):
        spread = np.sqrt(858 * scale * (1 - scale))
        assert abs(len(times[scale]) - scale * 858) < 4.5 * spread


# ---- drivers who know the hours ----------------------------------------------------------------

ALL_DAY = Arrivals.model_validate({"rate": "1 per day"})
SHIFT = Arrivals.model_validate({"rate": "1 per day", "hours": {"08:00-20:00": 1}})


def hours(*spans):
    """Open intervals by day of the first week and hours after its midnight."""
    return np.array(
        [(MIDNIGHT + day * DAY + a * HOUR, MIDNIGHT + day * DAY + b * HOUR) for day, a, b in spans],
        dtype=np.int64,
    ).reshape(-1, 2)


def lay(arrivals, open_, *when):
    base = Base(
        MIDNIGHT + np.array([day * DAY + int(h * HOUR) for day, h in when]), np.ones(len(when))
    )
    found = followed(base, arrivals, SHANGHAI, open_)
    assert np.array_equal(found.scale, base.scale)
    return [divmod(second / HOUR, 24) for second in (found.arrival - MIDNIGHT).tolist()]


def test_a_day_is_laid_over_its_open_hours_lunch_left_out():
    """Noon is half of the day; half of the eight open hours has passed after lunch, at 15:00."""
    open_ = hours((0, 10, 14), (0, 15, 19), (1, 10, 14))
    assert lay(ALL_DAY, open_, (0, 0), (0, 6), (0, 12), (0, 18), (1, 12)) == [
        (0, 10), (0, 12), (0, 15), (0, 17), (1, 12),
    ]  # fmt: skip


def test_the_first_and_last_hour_of_the_profile_bound_the_day():
    open_ = hours((0, 10, 14))
    assert lay(SHIFT, open_, (0, 8), (0, 14), (0, 17)) == [(0, 10), (0, 12), (0, 13)]


def test_trucks_of_closed_days_come_on_the_next_open_day_first_those_of_the_earliest():
    """Saturday, Sunday and Monday share the eight hours of Monday: noons are at 1/6, 3/6, 5/6."""
    open_ = hours((4, 9, 17), (7, 9, 17), (8, 9, 17))
    found = lay(ALL_DAY, open_, (4, 12), (5, 12), (6, 12), (7, 12), (8, 12))
    assert [round(day * 24 + hour, 6) for day, hour in found] == [
        round(day * 24 + hour, 6)
        for day, hour in [(4, 13), (7, 9 + 8 / 6), (7, 13), (7, 9 + 40 / 6), (8, 13)]
    ]


def test_hours_across_midnight_belong_to_the_day_on_which_they_begin():
    open_ = hours((0, 22, 30), (1, 22, 30), (2, 22, 30))
    assert lay(ALL_DAY, open_, (0, 0), (0, 12), (0, 18), (1, 3)) == [
        (0, 22),
        (1, 2),
        (1, 4),
        (1, 23),
    ]


def test_round_the_clock_moves_nobody():
    rng = np.random.default_rng(1)
    seconds = np.sort(rng.integers(0, 10 * DAY, 3000))
    base = Base(MIDNIGHT + seconds, np.ones(3000))
    open_ = hours((-3, 0, 24 * 20))
    found = followed(base, ALL_DAY, SHANGHAI, open_)
    assert np.abs(found.arrival - base.arrival).max() <= 1


def test_after_the_last_open_day_nobody_comes():
    open_ = hours((0, 10, 14))
    base = Base(MIDNIGHT + np.array([DAY // 2, DAY + 5]), np.ones(2))
    found = followed(base, ALL_DAY, SHANGHAI, open_).arrival
    assert found[0] == MIDNIGHT + 12 * HOUR
    assert found[1] > MIDNIGHT + 10**10
    assert (followed(base, ALL_DAY, SHANGHAI, hours()).arrival > MIDNIGHT + 10**10).all()


@pytest.mark.parametrize("calendar", ["day", "week", "night"])
def test_followers_keep_their_order_and_number_and_come_in_open_hours(tmp_path, calendar):
    scenario = port(tmp_path, ("follow: week", f"follow: {calendar}"))
    free = port(tmp_path, (", follow: week", ""))
    run = window(scenario)
    for known, followers in ((draw(free, 1, 1), draw(scenario, 1, 1)),):
        cls = known.class_names.index("clerks")
        before, after = (
            dict(zip(t.index[t.cls == cls].tolist(), t.arrival[t.cls == cls].tolist(), strict=True))
            for t in (known, followers)
        )
    seconds = np.array([after[index] for index in sorted(after)])
    assert (np.diff(seconds) >= 0).all()
    open_ = calendar_intervals(scenario, calendar, run.origin - DAY, run.stop + DAY)
    assert contains(open_, seconds).all()
    # Only trucks near the two ends can be in one run and not in the other.
    for index in before.keys() ^ after.keys():
        second = before.get(index, after.get(index))
        assert min(second - run.origin, run.stop - second) < 3 * DAY
    for index in before.keys() & after.keys():
        a, b = ((second - MIDNIGHT) // DAY for second in (before[index], after[index]))
        if calendar == "week":
            assert b == (a + 2 - (a % 7 - 5) if a % 7 >= 5 else a)
        else:
            assert a <= b <= a + (calendar == "night")


def test_the_window_is_local_and_whole_weeks(tmp_path):
    scenario = port(tmp_path)
    run = window(scenario)
    assert (run.origin, run.start, run.stop) == (MIDNIGHT - 7 * DAY, MIDNIGHT, MIDNIGHT + 21 * DAY)
    assert base_start(scenario) == to_utc(dt.date(2023, 1, 1), 0, zone(SHANGHAI), later=False)
