"""Clocks that were off for whole days are found, and what looks alike is left."""

import datetime as dt

import numpy as np
import pytest

FIRST = dt.datetime(2025, 3, 3, tzinfo=dt.UTC)
DAYS = 21
OFF = range(8, 13)
"""Days on which something is otherwise: 11 to 15 March."""
HOUR = dt.timedelta(hours=1)


def port(
    opens=lambda stage, day: 8, hours=10, stages=("gate", "desk"), minutes=(4, 6), come=(5, 17)
):
    """A row a truck: 70 arrivals a day between two hours, first come first served by one server a
    stage, who begins nothing after so many hours; stamped to the minute at each end."""
    rng = np.random.default_rng(1)
    now = [np.sort((day * 24 + rng.uniform(*come, 70)) * 60) for day in range(DAYS)]
    came = np.concatenate(now)
    ends, queue = [], came
    for stage, mean in zip(stages, minutes, strict=True):
        free, out = 0.0, []
        for join in queue:
            start = max(join, free)
            while True:
                day = int(start // 1440)
                morning = day * 1440 + opens(stage, day) * 60
                start = max(start, morning)
                if start < morning + hours * 60:
                    break
                start = (day + 1) * 1440
            free = start + mean * (0.5 + rng.random())
            out.append(free)
        queue = np.array(out)
        ends.append(queue)
    return [
        [FIRST + dt.timedelta(minutes=int(m)) for m in row] for row in zip(came, *ends, strict=True)
    ]


def text(rows, stages=("gate", "desk")):
    header = ",".join(["plate", "arrival", *(f"{stage} end" for stage in stages)])
    lines = [
        ",".join([f"K{n}", *(f"{time:%Y-%m-%d %H:%M}" if time else "" for time in row)])
        for n, row in enumerate(rows)
    ]
    return "\n".join([header, *lines]) + "\n"


def off(rows, column, hours, days=OFF):
    """The same with a clock fast on some days."""
    dates = {(FIRST + dt.timedelta(days=day)).date() for day in days}
    return [
        [
            time + hours * HOUR if number == column and time.date() in dates else time
            for number, time in enumerate(row)
        ]
        for row in rows
    ]


def clocks(log):
    """What is said of clocks, and how many stamps it is about."""
    said = log.cleaning[log.cleaning["what"].str.contains("clock")]
    return said.groupby(["stage", "what"]).size().to_dict()


@pytest.mark.parametrize("hours", [1, -1, 0.5, 2])
@pytest.mark.parametrize(("column", "stage"), [(2, "gate"), (3, "desk"), (4, "exit")])
def test_a_clock_is_told_by_gaps_and_hours(read, column, stage, hours):
    """Also the last one, whose gap on one side and whose hours go together."""
    stages, minutes = ("bar", "gate", "desk", "exit"), (3, 4, 6, 2)
    rows = port(stages=stages, minutes=minutes)
    clean = read(text(rows, stages))
    assert clocks(clean) == {}
    log = read(text(off(rows, column, hours), stages))
    way = "fast" if hours > 0 else "slow"
    ((key, count),) = clocks(log).items()
    assert key == (stage, f"a clock {abs(hours):g} h {way}")
    assert 0 < count <= 5 * 70
    assert log.visits.equals(clean.visits)


def test_all_stamps_of_a_stage_are_of_one_clock(read):
    """Its queue is where the stage before ends: both move, and the time between them stays."""
    rows = [[a, g, g, d] for a, g, d in port()]
    header = "plate,arrival,gate end,desk queue,desk end"
    body = text(rows, ("gate", "desk", "x")).split("\n", 1)[1]
    clean = read(f"{header}\n{body}")
    wrong = off(off(rows, 2, -1), 3, -1)
    log = read(f"{header}\n" + text(wrong, ("gate", "desk", "x")).split("\n", 1)[1])
    assert set(clocks(log)) == {("desk", "a clock 1 h slow")}
    assert log.visits.equals(clean.visits)


def test_who_waited_over_night_into_days_with_a_wrong_clock(read):
    """Their queue was stamped while the clock was right: it says nothing of their end."""
    rows = [[a, g, g, d] for a, g, d in port(minutes=(4, 8), come=(7, 17.5))]
    header = "plate,arrival,gate end,desk queue,desk end"
    body = text(rows, ("gate", "desk", "x")).split("\n", 1)[1]
    clean = read(f"{header}\n{body}")
    assert any(q.date() < d.date() and d.date() == (FIRST + 8 * 24 * HOUR).date()
               for _, _, q, d in rows)  # fmt: skip
    wrong = off(off(rows, 2, 1), 3, 1)
    log = read(f"{header}\n" + text(wrong, ("gate", "desk", "x")).split("\n", 1)[1])
    assert log.visits.equals(clean.visits)


def test_a_clock_that_is_off_until_the_log_ends(read):
    rows = port()
    clean = read(text(rows))
    log = read(text(off(rows, 1, 1, range(DAYS - 6, DAYS + 1))))
    assert set(clocks(log)) == {("gate", "a clock 1 h fast")}
    assert log.visits.equals(clean.visits)


@pytest.mark.parametrize("stage", ["gate", "desk"])
@pytest.mark.parametrize("days", [OFF, range(DAYS - 6, DAYS)])
@pytest.mark.parametrize("later", [1, -1, 2])
def test_other_hours_are_no_clock(read, stage, days, later):
    """A stage that opens and closes an hour later for some days: a crew that came later."""
    rows = port(opens=lambda name, day: 8 + later * (name == stage and day in days))
    log = read(text(rows))
    assert "moved" not in " ".join(log.cleaning["treatment"])
    assert set(clocks(log)) <= {("", w) for w in log.cleaning["what"] if w.startswith("perhaps")}


def test_slow_work_is_no_clock(read):
    """A queue of a day and more, over some days in which the desk takes 11 minutes for 6."""
    rows = port(minutes=(4, 11))
    assert clocks(read(text(rows))) == {}


@pytest.mark.parametrize("hours", [1, -1])
def test_summer_time_on_one_side_is_no_clock(read, hours):
    """All stages of the other side go an hour otherwise: it may be the arrival, or they."""
    stages = ("gate", "desk", "exit")
    rows = port(lambda *_: 0, 24, stages, (4, 6, 2), come=(0, 24))
    for column in (1, 2, 3):
        rows = off(rows, column, hours)
    log = read(text(rows, stages))
    assert "moved" not in " ".join(log.cleaning["treatment"])


def test_a_queue_that_hides_the_gap_leaves_a_doubt(read):
    """Nobody waits less than hours at the desk; that it opened later is all that is seen."""
    rows = port(minutes=(4, 9.5))
    log = read(text(off(rows, 2, 1)))
    assert clocks(log) == {
        ("", "perhaps the clock of desk 1 h fast from 2025-03-11 to 2025-03-15"): 1
    }
    doubt = log.cleaning["what"].str.startswith("perhaps")
    (treatment,) = log.cleaning["treatment"][doubt]
    assert treatment == "left as it is: waits may have been as long, or hours others"
    (clock,) = log.lost.clocks
    assert (clock.stages, clock.fast, clock.hours) == (("desk",), 3600, True)
    assert clock.dates == tuple(dt.date(2025, 3, day) for day in range(11, 16))
    until = log.before(dt.datetime(2025, 3, 13, tzinfo=dt.UTC).timestamp())
    assert until.lost.clocks[0].dates == clock.dates[:2]
