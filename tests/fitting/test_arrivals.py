"""Arrivals told from logs of ports whose traffic is known."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from portsim.fitting.arrivals import arrivals
from portsim.gatelog import BareDay, Blank, GateLog, LogMap, Lost, read_log
from thorough import cases

MONDAY = dt.date(2025, 3, 3)
FLAT = np.ones(24) / 24
WEEK = np.array([1.3, 1.2, 1.1, 1.1, 1.2, 0.7, 0.4])


def log_of(seconds, classes="truck", *, zone="Etc/GMT-5", step=60, lost=(), dropped=0, **columns):
    """A log of one stage: trucks that came at these seconds, and left ten minutes later."""
    order = np.argsort(seconds, kind="stable")
    seconds = np.asarray(seconds, dtype=float)[order]
    names = np.broadcast_to(np.asarray(classes, dtype=object), len(order))
    trucks = pd.DataFrame(
        {
            "truck": [f"K{n}" for n in range(len(order))],
            "truck_class": names[order] if len(names) else names,
            "direction": columns.get("direction", pd.NA),
            "load": np.broadcast_to(columns.get("load", np.nan), len(order)).astype(float),
            "value": np.nan,
            "arrival": np.floor(seconds / step) * step,
        }
    )
    visits = pd.DataFrame(
        {
            "truck": np.arange(len(order)),
            "stage": "gate",
            "queue": trucks["arrival"],
            "start": np.nan,
            "end": trucks["arrival"] + 600,
            "resource": pd.NA,
        }
    )
    trucks["arrival"] = trucks["arrival"].mask(
        columns.get("blank", np.zeros(len(order), dtype=bool))
    )
    if "blank" in columns:
        visits["queue"] = np.nan
    cleaning = pd.DataFrame(columns=["file", "row", "truck", "stage", "what", "treatment"])
    ends = (seconds[0], seconds[-1] + 600) if len(seconds) else (0.0, 86_400.0 * 9)
    first, last = columns.get("ends", ends)
    nothing = Lost(0, dropped, 0, {"arrival": Blank(len(order), 0, 1.0)}, tuple(lost), 0)
    stamped = {"gate": frozenset({"queue", "end"})}
    steps = {"arrival": step, "gate end": step}
    mapping = LogMap.__new__(LogMap)
    return GateLog(
        trucks, visits, ("gate",), stamped, ("gate",), steps, zone, first, last, (), mapping,
        cleaning, nothing,
    )  # fmt: skip


def drawn(luck, days, rate, *, weekdays=WEEK, hours=FLAT, cv=0.0, first=MONDAY, factors=None):
    """Seconds UTC of trucks of known rate and factors, in UTC+5."""
    start = dt.datetime.combine(first, dt.time(), ZoneInfo("Etc/GMT-5")).timestamp()
    if factors is None:
        factors = luck.gamma(cv**-2, cv**2, days) if cv else np.ones(days)
    weekday = (np.arange(days) + first.weekday()) % 7
    day = np.repeat(np.arange(days), luck.poisson(rate * weekdays[weekday] * factors))
    hour = luck.choice(24, len(day), p=hours)
    return start + day * 86_400 + hour * 3600 + luck.uniform(0, 3600, len(day))


@pytest.mark.parametrize(("rate", "cv", "weeks"), [(8, 0, 5), (40, 0, 4), (60, 0.3, 6)])
def test_intervals_hold_what_they_promise(rate, cv, weeks):
    luck = np.random.default_rng(20250303)
    draws, held = cases(120, 240), np.zeros(8)
    for _ in range(draws):
        seconds = drawn(luck, 7 * weeks + 2, rate, cv=cv, first=MONDAY - dt.timedelta(1))
        (told,) = arrivals(log_of(seconds)).classes
        held[0] += told.rate.low <= rate <= told.rate.high
        held[1:] += [
            each.low <= factor <= each.high
            for each, factor in zip(told.weekdays, WEEK, strict=True)
        ]
    assert 0.91 <= held[0] / draws <= 0.98
    assert 0.91 <= held[1:].mean() / draws <= 0.98
    assert (held[1:] / draws >= 0.90).all()


def test_the_scatter_of_days():
    luck = np.random.default_rng(7)
    draws, held, told_without = cases(60, 120), 0, 0
    for _ in range(draws):
        told = arrivals(log_of(drawn(luck, 60, 60, cv=0.3))).scatter
        held += told is not None and told.low <= 0.3 <= told.high
        told_without += arrivals(log_of(drawn(luck, 60, 20))).scatter is not None
    assert 0.91 <= held / draws <= 0.99
    assert told_without <= 5


def test_a_common_factor_does_not_look_like_classes_that_differ():
    luck = np.random.default_rng(8)
    different = 0
    for _ in range(60):
        factors = luck.gamma(0.3**-2, 0.3**2, 44)
        parts = [drawn(luck, 44, rate, factors=factors) for rate in (30, 20)]
        names = np.repeat(["export", "import"], [len(part) for part in parts]).astype(object)
        first, second = arrivals(log_of(np.concatenate(parts), names)).classes
        different += first.weekdays != second.weekdays
    assert different <= 3


def test_hours():
    luck = np.random.default_rng(9)
    hours = np.zeros(24)
    hours[8:20] = np.repeat([3, 1], 6) / 24
    (told,) = arrivals(log_of(drawn(luck, 120, 60, hours=hours))).classes
    assert sum(told.hours) == pytest.approx(24)
    assert told.hours == pytest.approx(hours * 24, abs=0.2)
    assert set(told.hours[:8]) == {0.0}


def test_two_classes_of_different_weekdays_and_hours():
    luck = np.random.default_rng(10)
    other, early = WEEK[::-1].copy(), np.repeat([2, 0], 12) / 24
    parts = [
        drawn(luck, 114, 30),
        drawn(luck, 114, 20, weekdays=other, hours=early),
        drawn(luck, 114, 0.5),
    ]
    names = np.repeat(["a", "b", "rare"], [len(part) for part in parts]).astype(object)
    told = arrivals(log_of(np.concatenate(parts), names))
    assert [each.name for each in told.classes] == ["a", "b", "rare"]
    for each, rate, factors in zip(told.classes, (30, 20, 0.5), (WEEK, other, None), strict=True):
        assert each.rate.low <= rate <= each.rate.high
        if factors is not None:
            assert [day.value for day in each.weekdays] == pytest.approx(factors, abs=0.2)
    assert set(told.classes[1].hours[12:]) == {0.0}
    assert told.classes[0].hours[20] > 0.7
    assert "all classes" in told.classes[2].weekdays[0].note


def test_by_hand_lost_days_do_not_count_and_closed_ones_do():
    # Ten trucks a day from Sunday to Sunday two weeks on; no Sundays, and one Wednesday is lost.
    start = dt.datetime(2025, 3, 1, tzinfo=ZoneInfo("Etc/GMT-5")).timestamp()
    gone = {dt.date(2025, 3, 12)}
    dates = [dt.date(2025, 3, 1) + dt.timedelta(n) for n in range(17)]
    open_days = [n for n, d in enumerate(dates) if d.weekday() != 6 and d not in gone]
    seconds = [start + n * 86_400 + 3600 * (8 + k) for n in open_days for k in range(10)]
    bare = [BareDay(d, "closed") for d in dates if d.weekday() == 6]
    bare += [BareDay(d, "lost") for d in gone]
    told = arrivals(log_of(seconds, lost=bare, dropped=15))
    assert (told.first, told.last) == (dates[1], dates[-2])
    (told,) = told.classes
    assert told.n == 110
    assert told.rate.value == pytest.approx(60 / 7 * (1 + 15 / len(seconds)))
    assert "dropped" in told.rate.note
    assert [each.value for each in told.weekdays] == pytest.approx([7 / 6] * 6 + [0])
    assert told.weekdays[6].low == 0 < told.weekdays[6].high < 0.5
    assert told.weekdays[2].identifiable == "partly"
    assert told.months == {}


@pytest.mark.parametrize("trucks", [0, 1, 2])
@pytest.mark.parametrize("ends", [(0.0, 86_400.0 * 9), (86_400.0 * 4, 86_400.0 * 4 + 9_000)])
def test_next_to_no_trucks(trucks, ends):
    told = arrivals(log_of(86_400.0 * 4 + np.arange(trucks) * 4000, ends=ends))
    assert told.scatter is None
    assert told.platoons == ""
    assert len(told.classes) == min(trucks, 1)
    for each in told.classes:
        assert each.rate.identifiable == "no"
        assert each.rate.low <= each.rate.value < each.rate.high < 200
        assert {day.identifiable for day in each.weekdays} == {"no"}
        assert sum(each.hours) == pytest.approx(24)


def test_a_weekday_that_was_never_seen():
    seconds = drawn(np.random.default_rng(11), 6, 50)
    (told,) = arrivals(log_of(seconds)).classes
    unseen = [each.identifiable == "no" for each in told.weekdays]
    assert unseen == [True, False, False, False, False, True, True]
    assert told.weekdays[6].value == 1.0
    assert told.rate.identifiable == "partly"


def test_hours_follow_the_clock_when_it_changes():
    zone = ZoneInfo("Europe/Berlin")
    days = [dt.date(2025, 3, 24) + dt.timedelta(n) for n in range(14)]
    noons = [dt.datetime.combine(day, dt.time(0, 30), zone).timestamp() for day in days]
    late = [dt.datetime.combine(day, dt.time(23, 30), zone).timestamp() for day in days]
    told = arrivals(log_of(noons + late, zone="Europe/Berlin"))
    assert (told.first, told.last) == (days[1], days[-2])
    assert told.classes[0].rate.value == pytest.approx(2.0)
    assert told.classes[0].hours == (12.0, *(0.0,) * 22, 12.0)


def test_months():
    luck = np.random.default_rng(12)
    first, days = dt.date(2024, 12, 20), 220
    dates = [first + dt.timedelta(n) for n in range(days)]
    factors = np.array([1.6 if date.month == 4 else 1.0 for date in dates])
    (told,) = arrivals(log_of(drawn(luck, days, 30, first=first, factors=factors))).classes
    assert sorted(told.months) == [1, 2, 3, 4, 5, 6, 7, 12]
    assert told.months[12].identifiable == "partly"
    ratio = told.months[4].value / told.months[5].value
    assert ratio == pytest.approx(1.6, abs=0.15)
    mean = factors[1:-1].mean()
    assert told.rate.low <= 30 * mean <= told.rate.high
    assert told.months[4].low <= 1.6 / mean <= told.months[4].high


def test_months_that_do_not_differ_are_not_told():
    luck = np.random.default_rng(13)
    told = [arrivals(log_of(drawn(luck, 140, 30, cv=0.3))).classes[0].months for _ in range(60)]
    assert sum(bool(months) for months in told) <= 3


def test_trucks_without_an_arrival_are_counted_in():
    luck = np.random.default_rng(14)
    seconds = drawn(luck, 44, 30)
    blank = luck.random(len(seconds)) < 0.2
    (told,) = arrivals(log_of(seconds, blank=blank)).classes
    (whole,) = arrivals(log_of(seconds)).classes
    assert told.rate.value == pytest.approx(whole.rate.value, rel=0.01)
    assert "no arrival stamp" in told.rate.note
    (told,) = arrivals(log_of(seconds, blank=np.ones(len(seconds), dtype=bool))).classes
    assert "first stamp stands" in told.rate.note
    assert told.rate.value == pytest.approx(whole.rate.value, rel=0.01)


def test_platoons():
    luck = np.random.default_rng(15)
    alone = drawn(luck, 60, 80)
    assert arrivals(log_of(alone)).platoons == ""
    told = arrivals(log_of(np.concatenate([alone, alone[::3] + 1.0])))
    assert "within one step of 60 s" in told.platoons
    false = sum(bool(arrivals(log_of(drawn(luck, 30, 60))).platoons) for _ in range(60))
    assert false <= 3


def test_direction():
    seconds = drawn(np.random.default_rng(16), 20, 10)
    (told,) = arrivals(log_of(seconds, direction="export")).classes
    assert told.direction == "export"
    (told,) = arrivals(log_of(seconds)).classes
    assert told.direction is None


def test_a_file(tmp_path):
    luck = np.random.default_rng(17)
    rows = ["plate,arrival,gate end"]
    for number, second in enumerate(np.sort(drawn(luck, 60, 20))):
        came = dt.datetime.fromtimestamp(second, ZoneInfo("Etc/GMT-5"))
        left = came + dt.timedelta(minutes=20)
        rows.append(f"K{number:05},{came:%Y-%m-%d %H:%M},{left:%Y-%m-%d %H:%M}")
    path = tmp_path / "gate.csv"
    path.write_text("\n".join(rows) + "\n")
    told = arrivals(read_log(path, timezone="Etc/GMT-5"))
    assert (told.first, told.last) == (MONDAY + dt.timedelta(1), MONDAY + dt.timedelta(58))
    (told,) = told.classes
    assert told.rate.low <= 20 <= told.rate.high
    assert told.rate.identifiable == "yes"
