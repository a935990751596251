"""The search for hours and servers: what it finds of works that are all alike, and its passes."""

import datetime as dt

import numpy as np
import pytest

import portsim
from portsim.fitting.hours_and_servers import price
from portsim.fitting.passes import looked_up, passed, quantiles
from portsim.fitting.weeks import SLOTS, Clock, Span, of_row, row_of
from portsim.gatelog import read_log
from small_logs import came, csv, served


@pytest.mark.parametrize("minutes", [8, 9])
def test_works_that_are_all_alike_leave_no_hours_in_shreds(minutes, tmp_path):
    """They end at the same minutes of each day, and no port closes in between."""
    path = tmp_path / "gate.csv"
    path.write_text(csv(served(came(56, 130), minutes, servers=2), starts=False))
    (roster,) = portsim.fit(read_log([path], timezone="UTC")).stages[0].rosters
    assert set(roster.week) == {(Span(96, 216, 2),)}


def test_a_search_of_works_that_are_all_alike_tries_few_hours(tmp_path, monkeypatch):
    tried = []
    monkeypatch.setattr(
        "portsim.fitting.hours_and_servers.price", lambda pattern: tried.append(0) or price(pattern)
    )
    path = tmp_path / "gate.csv"
    path.write_text(csv(served(came(84, 70), 14, servers=2), starts=False))
    portsim.fit(read_log([path], timezone="UTC"))
    assert 100 < len(tried) < 2_000


def test_a_timeline_has_the_servers_of_every_slot():
    """Beside a table of all slots of all days, for days on which the clock changes too."""
    rng = np.random.default_rng(1)

    def pattern():
        row = np.zeros(SLOTS, dtype=np.int64)
        for _ in range(rng.integers(0, 5)):
            begin, end = sorted(rng.integers(0, SLOTS + 1, 2))
            row[begin:end] = rng.integers(0, 4)
        return of_row(row)

    for _ in range(200):
        other = {
            dt.date(2024, 3, 28) + dt.timedelta(int(n)): pattern() for n in rng.integers(-3, 20, 2)
        }
        clock = Clock("Europe/Warsaw", 1.7116e9, 1.7116e9 + 86_400 * 12, other)
        week = tuple(pattern() for _ in range(7))
        rows = np.concatenate(
            [row_of(other.get(date, week[date.weekday()])) for date in clock.dates]
        )
        times, servers = clock.timeline(week)
        assert (np.diff(servers) != 0).all()
        slots = np.array([clock.second(*divmod(n, SLOTS)) for n in range(len(rows))])
        now = servers[np.searchsorted(times, slots, side="right") - 1]
        # An hour that the clock leaves out has no second of its own.
        last = np.append(np.diff(slots) > 0, True)
        assert (now[last] == rows[last]).all()


def test_open_time_passes_while_it_is_open():
    times, open_ = np.array([0.0, 10.0, 30.0]), np.array([False, True, False])
    told = passed(np.array([35.0, 5.0, 12.0, 30.0, np.nan, 10.0]), times, open_)
    np.testing.assert_array_equal(told, [20.0, 0.0, 2.0, 20.0, np.nan, 0.0])


def test_tables_say_what_stands_nearest_and_nothing_beyond():
    tables = np.array([1.0, 2.0, 3.0, 7.0]), np.array([0, 0, 3]), np.array([3, 0, 1])
    seconds = np.array([0.0, 44.0, 46.0, 80.0, -10.0, -20.0, 5.0, 5.0, np.nan])
    classes = np.array([0, 0, 0, 0, 0, 0, 1, 2, 0])
    told = looked_up(seconds, classes, tables, (-16.0, 30.0, -9.0))
    assert told.tolist() == [1.0, 2.0, 3.0, -9.0, 1.0, -9.0, -9.0, 7.0, -9.0]


@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_quantiles_are_those_of_numpy(n):
    values = np.random.default_rng(n).exponential(size=n)
    shares = (0.0, 0.5, 0.9, 1.0)
    assert quantiles(values, shares) == np.quantile(values, shares).tolist()
