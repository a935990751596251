"""Who gets which slot: by hand, against a book kept by hand, and what must never move a truck."""

import numpy as np
import pytest

from demand.ports import DAY, HOUR, port
from portsim.demand import base_start, calendar_intervals, draw, slot_times, uniforms, window
from portsim.scenario.slots import Slots

TEXT = """\
name: slots
timezone: Asia/Shanghai
seed: 7
period: {from: 2024-03-04, to: 2024-03-17}
calendars:
  day: {hours: "08:00-12:00, 13:00-17:10"}
slots:
  gate: {calendar: day, every: 30 min, quota: {08:00-12:00: 2, 13:00-17:00: 1}}
stages:
  gate: {time: 5 min}
traffic:
  tea:
    direction: export
    arrivals: {rate: 14 per day, hours: {06:00-18:00: 1}, slots: gate}
    route: [gate]
  rice:
    direction: export
    arrivals: {rate: 4 per day, slots: {of: gate, ahead: {uniform: {low: 0 h, high: 9 h}}}}
    route: [gate]
"""
CAME = "arrivals: {recorded: {file: came.csv}, slots: {of: gate, at_most: 1 day}}"
TEA = "arrivals: {rate: 14 per day, hours: {06:00-18:00: 1}, slots: gate}"
RICE = TEXT[TEXT.index("  rice:") :]


def told(scenario, replication=1):
    trucks = draw(scenario, 7, replication)
    return trucks, trucks.bookings


def clock(scenario, seconds):
    """Hours of the period's first local day."""
    return (np.asarray(seconds) - window(scenario).start) / HOUR


def recorded(tmp_path, times, words=CAME, *changes):
    """The port whose trucks want the given times of the first day, and nobody else."""
    lines = "".join(f"2024-03-04T{time},{k}\n" for k, time in enumerate(times))
    (tmp_path / "came.csv").write_text("arrival,k\n" + lines, encoding="utf-8")
    return port(tmp_path, (TEA, words), (RICE, ""), *changes, text=TEXT)


def test_a_morning_by_hand(tmp_path):
    """Slots of half an hour hold two trucks in the morning, one in the afternoon.

    Two at 8:05 and 8:10 get what they want; the third, at 8:20, waits until 8:30. That at 8:31
    shares this slot and comes as it wants; at 8:40 it is full: 9:00. At 12:30 the post is shut:
    13:00; of two at 16:40 the second finds the last slot of the day gone, for what is left from
    17:00 on is no slot: tomorrow at 8:00.
    """
    times = ["08:05:00", "08:10:00", "08:20:00", "08:31:00", "08:40:00", "12:30:00"]
    times += ["16:40:00", "16:41:00"]
    scenario = recorded(tmp_path, times)
    trucks, book = told(scenario)
    slots = [8, 8, 8.5, 8.5, 9, 13, 16.5, 32]
    assert clock(scenario, book.slot).tolist() == slots
    assert book.got.tolist() == [True, True, False, True, False, False, True, False]
    assert np.all(book.arrival[book.got] == book.wanted[book.got])
    moved = ~book.got
    within = book.arrival[moved] - book.slot[moved]
    assert ((within >= 0) & (within < 1800)).all()
    assert len(set(within.tolist())) == moved.sum()
    assert sorted(book.arrival.tolist()) == trucks.arrival.tolist()


def test_who_books_first_is_first(tmp_path):
    """All want 13:10, where there is room for one; who booked an hour before the others has it."""
    ahead = CAME.replace("of: gate,", "of: gate, ahead: {uniform: {low: 0 h, high: 40 h}},")
    scenario = recorded(tmp_path, ["13:10:00"] * 5, ahead)
    trucks, book = told(scenario)
    ahead = trucks.uniforms(0, "ahead", np.argsort(trucks.index))
    slots = clock(scenario, book.slot)[np.argsort(-ahead, kind="stable")]
    assert slots.tolist() == [13, 13.5, 14, 14.5, 15]


def test_who_finds_none_in_time_stays_away(tmp_path):
    """At 16:45 the slot is taken, and the next day's begins 15 h 15 min later."""
    times = ["16:40:00", "16:45:00"]
    for at_most, comes in (("15 h", False), ("16 h", True)):
        scenario = recorded(tmp_path, times, CAME.replace("1 day", at_most))
        trucks, book = told(scenario)
        assert (book.slot[1] >= 0) == comes
        assert (book.arrival[1] >= 0) == comes
        assert len(trucks.arrival[trucks.come(scenario)]) == 1 + comes


def test_the_times_of_slots():
    """An opening over midnight is one night; a day round the clock ends at midnight, and on the day
    of 23 hours eleven slots of two hours have room."""
    words = Slots.model_validate({"calendar": "x", "every": "2 h", "quota": 3})
    night = np.array([[22, 30], [46, 53]]) * HOUR - 8 * HOUR
    times = slot_times(words, night, "Asia/Shanghai")
    assert (times.begin / HOUR + 8).tolist() == [22, 24, 26, 28, 46, 48, 50]
    assert times.quota.tolist() == [3] * 7
    spring = 1_711_753_200  # 2024-03-30 00:00 in Warsaw; 31 March has 23 hours
    times = slot_times(words, np.array([[spring, spring + 71 * HOUR]]), "Europe/Warsaw")
    edges = np.cumsum([0, 24, 23, 24]) * HOUR + spring
    assert np.histogram(times.begin, edges)[0].tolist() == [12, 11, 12]


def by_hand(scenario, trucks):
    """The book kept slot by slot: for each truck in the order of booking the first with room."""
    book = trucks.bookings
    slots = scenario.slots["gate"]
    run = window(scenario)
    open_ = calendar_intervals(scenario, "day", base_start(scenario), run.stop + 40 * DAY)
    times = slot_times(slots, open_, scenario.timezone)
    room = dict(zip(times.begin.tolist(), times.quota.tolist(), strict=True))
    begins = sorted(room)
    names = sorted(scenario.traffic.classes)
    ahead = np.zeros(len(book.cls))
    for number, name in enumerate(names):
        mine = book.cls == number
        if name == "rice":
            u = uniforms(7, 1, "class rice", "ahead", int(book.index[mine].max()) + 1, False)
            ahead[mine] = np.rint(u[book.index[mine]] * 9 * HOUR)
    order = sorted(
        range(len(book.cls)),
        key=lambda k: (book.wanted[k] - ahead[k], book.wanted[k], book.cls[k], book.index[k]),
    )
    found = {}
    near = 0
    for k in order:
        wanted = int(book.wanted[k])
        while begins[near] + 1800 <= wanted - 9 * HOUR - DAY:
            near += 1
        at = near
        while begins[at] + 1800 <= wanted or not room[begins[at]]:
            at += 1
        found[k] = begins[at]
        room[begins[at]] -= 1
    return [found[k] for k in range(len(book.cls))]


def test_against_a_book_kept_slot_by_slot(tmp_path):
    scenario = port(tmp_path, text=TEXT)
    trucks, book = told(scenario)
    assert book.slot.tolist() == by_hand(scenario, trucks)
    assert 0.2 < book.got.mean() < 0.8
    # Nobody is given a slot that is full.
    filled = np.unique(book.slot, return_counts=True)[1]
    assert filled.max() == 2


def test_the_trucks_are_those_that_come_freely(tmp_path):
    """They want the very seconds, and carry the same goods; only when they come is another."""
    old = "    route: [gate]\n  rice"
    load = (old, f"    load: {{uniform: {{low: 1 t, high: 9 t}}}}\n{old}")
    ahead = ", slots: {of: gate, ahead: {uniform: {low: 0 h, high: 9 h}}}}"
    free = port(tmp_path, load, (", slots: gate}", "}"), (ahead, "}"), text=TEXT)
    asking = port(tmp_path, load, text=TEXT)
    came, moved = draw(free, 7, 1), draw(asking, 7, 1)
    come = np.flatnonzero(came.come(free))
    wanted = dict(
        zip(
            zip(moved.bookings.cls.tolist(), moved.bookings.index.tolist(), strict=True),
            moved.bookings.wanted.tolist(),
            strict=True,
        )
    )
    for k in come.tolist():
        assert wanted[int(came.cls[k]), int(came.index[k])] == came.arrival[k]
    goods = {(int(c), int(i)): t for c, i, t in zip(came.cls, came.index, came.tonnes, strict=True)}
    both = 0
    for c, i, t in zip(moved.cls.tolist(), moved.index.tolist(), moved.tonnes, strict=True):
        if (c, i) in goods:
            assert goods[c, i] == t
            both += 1
    assert both > 100


@pytest.mark.parametrize(
    "change",
    [
        ("to: 2024-03-17", "to: 2024-03-24"),
        ("to: 2024-03-17}", "to: 2024-03-17, warm_up: 2 weeks}"),
        ("  gate: {time: 5 min}", "  gate: {time: 9 min}"),
    ],
)
def test_what_moves_no_truck(tmp_path, change):
    """A later end, a warm-up, other works: the same trucks come at the same second."""
    early = (", slots: gate}", ", slots: {of: gate, early: {uniform: {low: 0 h, high: 3 h}}}}")
    first = draw(port(tmp_path, early, text=TEXT), 7, 1)
    scenario = port(tmp_path, early, change, text=TEXT)
    second = draw(scenario, 7, 1)
    start = window(scenario).start
    stop = start + 14 * DAY

    def rows(trucks):
        kept = (trucks.arrival >= start) & (trucks.arrival < stop)
        return list(
            zip(
                *(getattr(trucks, c)[kept].tolist() for c in ("arrival", "cls", "index")),
                strict=True,
            )
        )

    assert rows(first) == rows(second)


def test_early_late_and_absent(tmp_path):
    shifts = "early: {uniform: {low: 0 min, high: 20 min}}, late: 5 min"
    words = (", slots: gate}", f", slots: {{of: gate, {shifts}, no_show: 0.25}}}}")
    plain, kept = port(tmp_path, text=TEXT), port(tmp_path, words, text=TEXT)
    _, before = told(plain)
    trucks, book = told(kept)
    assert before.slot.tolist() == book.slot.tolist()
    tea, comes = book.cls == 1, book.arrival >= 0
    assert comes[~tea].all()
    assert comes[tea].mean() == pytest.approx(0.75, abs=0.02)
    shift = (book.arrival - before.arrival)[tea & comes] / 60
    assert -15 <= shift.min() < -14.5
    assert 4.5 < shift.max() <= 5
    assert shift.mean() == pytest.approx(-5, abs=0.2)
    assert set(trucks.index[trucks.cls == 1].tolist()) <= set(book.index[tea & comes].tolist())


def test_a_scale_decides_who_books(tmp_path):
    """Half as many trucks take half as many slots, and more of them get what they want."""
    all_, half = (
        told(port(tmp_path, *changes, text=TEXT))[1]
        for changes in ((), (("traffic:\n", "traffic:\n  scale: 0.5\n"),))
    )
    assert len(half.cls) == pytest.approx(len(all_.cls) / 2, rel=0.05)
    assert half.got.mean() > all_.got.mean() + 0.1


def test_the_book_of_one_a_slot_has_a_known_length(tmp_path):
    """Who books when it wants to come, in slots of length L with room for one each, as a queue in
    discrete time: Q' = (Q + A - 1)+, A Poisson of mean r; P(Q = 0) = (1 - r) exp(r) and E Q =
    r² / 2(1 - r). Source: Bruneel & Kim (1993), Discrete-Time Models for Communication Systems
    Including ATM, section 1.2.

    A truck gets what it wants where Q = 0 and it is the first of its slot. It waits as many edges
    of slots as it is in Q, E Q / r by Little's law, less the part of its own slot that had passed.
    """
    rate = 0.7
    scenario = port(
        tmp_path,
        ("08:00-12:00, 13:00-17:10", "round the clock"),
        ("quota: {08:00-12:00: 2, 13:00-17:00: 1}", "quota: 1"),
        ("rate: 14 per day, hours: {06:00-18:00: 1}", f"rate: {48 * rate} per day"),
        (RICE, ""),
        text=TEXT,
    )
    shares, waits = [], []
    for replication in range(1, 9):
        book = draw(scenario, 7, replication).bookings
        waits.append(np.where(book.got, 0, book.slot - book.wanted).mean() / 1800)
        shares.append(book.got.mean())
    share = (1 - rate) * np.expm1(rate) / rate
    first = (1 - rate) * (np.exp(rate) - 1 - rate) / rate**2
    wait = rate / (2 * (1 - rate)) - (1 / 2 - first)
    for found, told in ((shares, share), (waits, wait)):
        error = np.std(found, ddof=1) / np.sqrt(len(found))
        assert abs(np.mean(found) - told) < 4 * error
        assert error < 0.02 * told
