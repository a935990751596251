"""Published counts: exactly so many trucks between two dates, where the profile puts them."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from demand.ports import DAY, HOUR, PORT, facts, port, trucks_of
from portsim.calendars import contains
from portsim.demand import calendar_intervals, uniforms, window
from portsim.demand.arrivals import Luck, counted
from portsim.errors import InputError
from portsim.experiment.common_draws import demand_key
from portsim.scenario.traffic import Arrivals

PROFILE = "months: {Mar: 2}, weekdays: {Sat: 0.5, Sun: 0}, hours: {08:00-12:00: 3, 12:00-20:00: 1}"
TOTAL = "total: {trucks: 900, from: 2024-03-01, to: 2024-03-20}"
RATE = "arrivals: {rate: 20 per day, follow: night}"


def with_total(words=f"{{{TOTAL}, {PROFILE}}}", *changes):
    """The change of the port that lets its cars come by a count, and more changes."""
    return ((RATE, f"arrivals: {words}"), *changes)


def cars(scenario, replication=1, times=1.0):
    trucks = trucks_of(scenario, replication, times)
    return trucks.arrival[trucks.members(trucks.class_names.index("cars"))]


def day_of(scenario, date, arrivals):
    start = (
        window(scenario).start
        + (np.datetime64(date) - np.datetime64("2024-03-04")).astype(int) * DAY
    )
    return (arrivals - start) // DAY


@pytest.mark.parametrize("replication", [1, 2])
def test_exactly_so_many_come_and_only_on_the_stated_dates(tmp_path, replication):
    """The run begins with the warm-up on 26 February and ends on the 24th of March."""
    scenario = port(tmp_path, *with_total())
    found = cars(scenario, replication)
    assert len(found) == 900
    day = day_of(scenario, "2024-03-01", found)
    assert (day.min(), day.max()) == (0, 19)


@pytest.mark.parametrize("times", [2.0, 3.0, 4.0])
def test_whole_scales_are_exact_multiples_and_hold_the_smaller_ones(tmp_path, times):
    scenario = port(tmp_path, *with_total())
    found, once = cars(scenario, times=times), cars(scenario)
    assert len(found) == times * 900
    assert np.isin(once, found).all()
    # They are trucks of their own, not copies in the same second.
    assert len(np.unique(found)) > 0.99 * len(found)


def test_a_smaller_scale_is_a_subset(tmp_path):
    scenario = port(tmp_path, *with_total())
    some, every = facts(scenario, times=0.4), facts(scenario)
    assert some.items() <= every.items()
    mine = sum(name == "cars" for name, _ in some)
    assert abs(mine - 360) < 4.5 * np.sqrt(900 * 0.4 * 0.6)


def test_the_profile_shapes_the_count(tmp_path):
    """16 days from 29 February on: 1 of the factor 1, else 2; Saturdays half, no Sunday; three of
    the hours before noon weigh 3 and eight 1, so 12 of 20 trucks come before noon."""
    words = "{total: {trucks: 40000, from: 2024-02-29, to: 2024-03-15}, " + PROFILE + "}"
    scenario = port(tmp_path, *with_total(words))
    found = cars(scenario)
    assert len(found) == 40_000
    weights = np.array([1, 2, 1, 0, 2, 2, 2, 2, 2, 1, 0, 2, 2, 2, 2, 2])
    expected = 40_000 * weights / weights.sum()
    counts = np.bincount(day_of(scenario, "2024-02-29", found), minlength=16)
    assert not counts[weights == 0].any()
    wanted = expected[weights > 0]
    # A multinomial: the counts depend on each other, hence one degree of freedom less.
    assert stats.chisquare(counts[weights > 0], wanted).pvalue > 1e-3
    second = (found - window(scenario).start) % DAY
    assert ((second >= 8 * HOUR) & (second < 20 * HOUR)).all()
    early = int((second < 12 * HOUR).sum())
    assert abs(early - 24_000) < 4.5 * np.sqrt(40_000 * 0.6 * 0.4)
    assert stats.kstest((second[second < 12 * HOUR] % HOUR + 0.5) / HOUR, "uniform").pvalue > 1e-3


def test_places_by_hand():
    """Two hours of weights 3 and 1 on one day of Shanghai, each truck by its own uniform."""
    arrivals = Arrivals.model_validate(
        {
            "total": {"trucks": 25, "from": "2024-03-04", "to": "2024-03-04"},
            "hours": {"08:00-09:00": 3, "20:00-21:00": 1},
        }
    )
    base = counted(arrivals.total, arrivals, "Asia/Shanghai", Luck(3, 2, "class cars", {}))
    u = uniforms(3, 2, "class cars", "place", 100)
    late = u >= 0.75
    inside = np.where(late, (u - 0.75) * 4, u / 0.75)
    midnight = 1_709_481_600
    wanted = midnight + np.where(late, 20, 8) * HOUR + inside * HOUR
    assert np.abs(base.arrival - wanted).max() <= 1
    assert (base.arrival == np.floor(wanted)).mean() > 0.99
    assert np.floor(base.scale).tolist() == [0, 1, 2, 3] * 25


def test_more_trucks_leave_the_others_where_they_are(tmp_path):
    few = facts(port(tmp_path, *with_total()), times=4.0)
    more = facts(
        port(tmp_path, *with_total(f"{{{TOTAL}, {PROFILE}}}".replace("900", "950"))), times=4.0
    )
    assert few.items() <= more.items()
    assert len(more) == len(few) + 4 * 50


@pytest.mark.parametrize(
    "change",
    [
        ("from: 2024-03-04, to: 2024-03-24", "from: 2024-03-12, to: 2024-03-24"),
        ("to: 2024-03-24", "to: 2024-03-15"),
        ("warm_up: 1 week", "warm_up: 0 weeks"),
    ],
)
@pytest.mark.parametrize("factor", ["", "traffic:\n  day_factor: {gamma: {mean: 1, cv: 0.5}}\n"])
def test_the_period_cuts_the_count_and_moves_no_draw(tmp_path, change, factor):
    words = ("traffic:\n", factor or "traffic:\n")
    whole = cars(port(tmp_path, *with_total(), words))
    assert len(whole) == 900
    scenario = port(tmp_path, *with_total(), words, change)
    run = window(scenario)
    cut = cars(scenario)
    assert cut.tolist() == whole[(whole >= run.origin) & (whole < run.stop)].tolist()
    assert 0 < len(cut) < 900


def test_a_period_of_another_year_keeps_the_places(tmp_path):
    """Without a day factor the dates alone say where the trucks come."""
    words = "{total: {trucks: 900, from: 2023-12-01, to: 2024-03-20}, hours: {08:00-20:00: 1}}"
    last = port(tmp_path, *with_total(words), ("from: 2024-03-04", "from: 2023-12-20"))
    this = port(tmp_path, *with_total(words))
    before, after = cars(last), cars(this)
    assert after.tolist() == before[before >= window(this).origin].tolist()


def test_the_factor_of_a_day_is_the_one_its_other_trucks_have(tmp_path):
    """On the days with the largest factors both classes are larger; their counts go together."""
    scenario = port(
        tmp_path,
        *with_total("{total: {trucks: 20000, from: 2024-02-27, to: 2024-03-23}}"),
        ("rate: 30 per day, months: {Mar: 1.5}, weekdays: {Sun: 0.2}", "rate: 700 per day"),
        ("traffic:\n", "traffic:\n  day_factor: {gamma: {mean: 1, cv: 0.5}}\n"),
    )
    trucks = trucks_of(scenario)
    days = (trucks.arrival - window(scenario).origin) // DAY
    counts = {
        name: np.bincount(days[trucks.cls == trucks.class_names.index(name)], minlength=28)[1:27]
        for name in ("cars", "tea")
    }
    assert counts["cars"].sum() == 20_000
    assert np.corrcoef(counts["cars"], counts["tea"])[0, 1] > 0.98


def test_it_moves_nobody_else(tmp_path):
    found, known = facts(port(tmp_path, *with_total())), facts(port(tmp_path))
    assert {k: v for k, v in found.items() if k[0] != "cars"} == {
        k: v for k, v in known.items() if k[0] != "cars"
    }


def test_drivers_of_a_count_may_know_the_hours(tmp_path):
    scenario = port(tmp_path, *with_total(f"{{{TOTAL}, {PROFILE}, follow: night}}"))
    found = cars(scenario)
    run = window(scenario)
    open_ = calendar_intervals(scenario, "night", run.origin - DAY, run.stop + DAY)
    assert len(found) == 900
    assert contains(open_, found).all()


def test_luck_that_leaves_no_second_is_said(tmp_path):
    scenario = port(tmp_path, *with_total(), ("traffic:\n", "traffic:\n  day_factor: 0\n"))
    with pytest.raises(InputError, match=r"class cars: no second from 2024-03-01 to 2024-03-20"):
        cars(scenario)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
factors = st.floats(0.01, 9) | st.just(0)


@given(
    trucks=st.integers(1, 300),
    first=st.dates(dt.date(2023, 1, 1), dt.date(2025, 1, 1)),
    days=st.integers(1, 40),
    place=st.sampled_from(["Asia/Almaty", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]),
    months=st.dictionaries(st.sampled_from(MONTHS), factors, min_size=1),
    weekdays=st.dictionaries(st.sampled_from(DAYS), factors, min_size=1),
    hour=st.integers(0, 23),
    seed=st.integers(0, 99),
)
@example(
    trucks=60,
    first=dt.date(2023, 3, 7),
    days=6,
    place="America/St_Johns",
    months={"Jan": 0},
    weekdays=dict.fromkeys(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"), 0),
    hour=2,
    seed=0,
)
@settings(max_examples=60, deadline=None)
def test_every_truck_comes_on_a_stated_date_with_a_factor(
    trucks, first, days, place, months, weekdays, hour, seed
):
    """Whatever the zone and its changes of the clock; local dates and hours by the library."""
    last = first + dt.timedelta(days=days - 1)
    total = {"trucks": trucks, "from": str(first), "to": str(last)}
    hours = {f"{hour:02}:00-{hour + 1:02}:00": 2, "10:00-12:00": 1}
    words = {"total": total, "months": months, "weekdays": weekdays, "hours": hours}
    arrivals = Arrivals.model_validate(words)
    luck = Luck(seed, 1, "class cars", {})
    dates = [first + dt.timedelta(days=n) for n in range(days)]

    def factor(day):
        return months.get(MONTHS[day.month - 1], 1) * weekdays.get(DAYS[day.weekday()], 1)

    def there(day, wanted):
        """Trucks of an hour that the clock skips come in the next one."""
        begin = dt.datetime.combine(day, dt.time(wanted), ZoneInfo(place))
        return dt.datetime.fromtimestamp(begin.timestamp(), ZoneInfo(place)).hour

    if not any(map(factor, dates)):
        with pytest.raises(InputError, match="has a factor above 0"):
            counted(arrivals.total, arrivals, place, luck)
        return
    base = counted(arrivals.total, arrivals, place, luck)
    assert [int((base.scale < scale).sum()) for scale in range(5)] == [
        trucks * scale for scale in range(5)
    ]
    for second in base.arrival.tolist():
        local = dt.datetime.fromtimestamp(second, ZoneInfo(place))
        assert first <= local.date() <= last
        assert factor(local.date()) > 0
        assert local.hour in {there(local.date(), wanted) for wanted in (hour, 10, 11)}


def test_scenarios_of_other_counts_do_not_share_their_trucks(tmp_path):
    keys = {
        demand_key(port(tmp_path, *with_total(words)))
        for words in (
            f"{{{TOTAL}}}",
            f"{{{TOTAL.replace('900', '901')}}}",
            f"{{{TOTAL.replace('03-20', '03-21')}}}",
            f"{{{TOTAL}, months: {{Mar: 2}}}}",
        )
    }
    assert len(keys) == 4


def test_the_port_of_these_tests_has_room_for_the_count():
    assert RATE in PORT
