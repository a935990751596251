"""Forecasts of ports of which the answer is known by hand."""

import numpy as np
import pytest

import portsim
from forecasting.small import AT, PORT, SIX, at_times, clock, lay_out, outs
from portsim.checking import load
from portsim.forecasting import known_of
from portsim.forecasting.futures import run_futures

BY_CHANCE = {"rate": "100 per day", "time": "{exponential: {mean: 9 min}}"}
QUICK = {"futures": 20, "jobs": 1, "seed": 1}


def ahead(folder, rows=(), hours=6, policies=(), **words):
    scenario, state = lay_out(folder, rows, **words)
    return portsim.forecast(scenario, AT, state=state, hours=hours, policies=policies, **QUICK)


def test_six_wait_for_one_clerk_who_takes_ten_minutes_each(tmp_path):
    study = ahead(tmp_path, SIX)
    assert outs(study) == {
        "T0": "10:10", "T1": "10:20", "T2": "10:30", "T3": "10:40", "T4": "10:50", "T5": "11:00",
    }  # fmt: skip
    trucks = study.record.tables["trucks"]
    assert trucks["out_q10"].equals(trucks["out_mean"])
    assert trucks["out_q90"].equals(trucks["out_mean"])
    # Before anything of the second: at 10:30 two are out, and the third is just about to be.
    for column in ("waiting_mean", "waiting_q025", "waiting_q50", "waiting_q975"):
        waiting = at_times(study, column, "desk")
        assert [waiting[t] for t in ("10:00", "10:15", "10:30", "10:45", "11:00")] == [
            6,
            4,
            3,
            1,
            0,
        ]
    inside, released = at_times(study, "inside_mean"), at_times(study, "released_mean")
    assert [inside[t] for t in ("10:00", "10:15", "10:30", "11:00", "11:15")] == [6, 5, 4, 1, 0]
    assert [released[t] for t in ("10:00", "10:15", "10:30", "11:00", "11:15")] == [0, 1, 2, 5, 6]
    assert "The last of the 6 trucks now inside is out at 14 Apr 11:00" in study.sentences[1]
    assert study.sentences[2].startswith("Nothing is about to go wrong")


def test_a_truck_at_work_since_five_to_ten_is_out_at_five_past(tmp_path):
    rows = ["A,vans,desk,working,2025-04-14 09:55", "B,vans,desk,waiting,2025-04-14 09:58"]
    assert outs(ahead(tmp_path, rows)) == {"A": "10:05", "B": "10:15"}


def test_who_would_come_stands_behind_those_inside(tmp_path):
    trucks = ahead(tmp_path, SIX).record.tables["trucks"]
    coming = trucks[trucks["status"].eq("arriving")]
    assert coming["since"].map(clock).tolist() == [f"{hour}:00" for hour in range(10, 16)]
    # At half past ten the fourth is taken, and two stand before it; later nobody does.
    assert coming["out_mean"].map(clock).tolist() == [
        "11:10", "11:40", "12:40", "13:40", "14:40", "15:40",
    ]  # fmt: skip


def test_closing_at_half_past_ten_leaves_the_others_for_the_morning(tmp_path):
    # The fourth would be admitted at 10:30, and then nobody is any more.
    scenario, state = lay_out(tmp_path, SIX, hours="08:00-10:30", limit="12 h")
    study = portsim.forecast(scenario, AT, state=state, hours=24, **QUICK)
    assert outs(study) == {
        "T0": "10:10", "T1": "10:20", "T2": "10:30",
        "T3": "15 08:10", "T4": "15 08:20", "T5": "15 08:30",
    }  # fmt: skip
    trucks = study.record.tables["trucks"].set_index("truck")
    assert trucks.loc["T0":"T5", "before_closing"].tolist() == [1, 1, 0, 0, 0, 0]
    assert trucks.loc["T0":"T5", "within_limit"].tolist() == [1, 1, 1, 0, 0, 0]
    opening = study.sentences
    assert opening[0].startswith("When the port closes at 14 Apr 10:30, 3 trucks are waiting")
    assert opening[2].startswith("About to go wrong: 3 of the trucks now inside")
    assert "the first from 14 Apr 21:03 on" in opening[2]


def test_an_empty_port_stays_empty(tmp_path):
    study = ahead(tmp_path)
    assert study.table.filter(regex="waiting|inside|released").to_numpy().max() == 0
    assert outs(study) == {}
    assert study.sentences[1] == "Nobody is inside now."


def test_a_port_that_is_shut_lets_nobody_out(tmp_path):
    scenario, state = lay_out(tmp_path, SIX, hours="08:00-09:00")
    study = portsim.forecast(scenario, AT, state=state, hours=12, **QUICK)
    assert set(outs(study).values()) == {""}
    assert set(at_times(study, "waiting_q50").values()) == {6}
    trucks = study.record.tables["trucks"]
    inside = trucks[trucks["status"].eq("waiting")]
    assert inside["out_in_period"].eq(0).all()
    # Until 9:05 tomorrow is far beyond the twelve hours.
    assert inside["within_limit"].isna().all()
    assert inside["before_closing"].isna().all()
    assert "is out after 12 h or more" in study.sentences[1]


def test_a_second_team_saves_half(tmp_path):
    second, _ = lay_out(tmp_path, SIX, name="second", clerks=2)
    study = ahead(tmp_path, SIX, policies=[second])
    assert outs(study, "second") == {
        "T0": "10:10", "T1": "10:10", "T2": "10:20", "T3": "10:20", "T4": "10:30", "T5": "10:30",
    }  # fmt: skip
    saved = study.record.tables["saved"].iloc[0]
    # 0, 10, 10, 20, 20 and 30 minutes.
    assert saved["saved_mean_h"] == pytest.approx(0.25)
    assert saved["earlier"] == pytest.approx(5 / 6)
    assert saved["later"] == 0
    assert any(
        text.startswith("second saves each truck now inside 0.25 h") for text in study.sentences
    )


TWO_SIDED = """\
name: {name}
timezone: Asia/Shanghai
period: {{from: 2025-04-14, to: 2025-04-15}}
calendars: {{day: {{hours: "{hours}"}}}}
resources: {{clerk: {{capacity: {clerks}}}, officer: {{capacity: 1}}}}
stages:
  here: {{takes: {{clerk: 1}}, hours: day, at_close: finish, time: {time}}}
  there: {{takes: {{officer: 1}}, time: 15 min}}
traffic:
  out: {{direction: export, arrivals: {{rate: 0 per day}}, route: [here, there]}}
  back: {{direction: import, arrivals: {{rate: 0 per day}}, route: [there, here]}}
"""


def test_two_sides_meet_at_both_desks(tmp_path):
    rows = [
        "O1,out,here,waiting,2025-04-14 09:40",
        "O2,out,there,working,2025-04-14 09:50",
        "B1,back,there,waiting,2025-04-14 09:45",
        "B2,back,here,waiting,2025-04-14 09:50",
    ]
    study = ahead(tmp_path, rows, port=TWO_SIDED)
    # Here: O1 to 10:10, B2 to 10:20. There: O2 to 10:05, B1 to 10:20, then O1 to 10:35. B1 here to
    # 10:30.
    assert outs(study) == {"O1": "10:35", "O2": "10:05", "B1": "10:30", "B2": "10:20"}
    # Of two classes there are rows for each hour, of one class that comes.
    assert at_times(study, "waiting_q50", "here")["10:15"] == 0
    assert at_times(study, "waiting_q50", "there")["10:15"] == 1


def test_more_trucks_come_by_the_hour_as_the_scenario_says(tmp_path):
    scenario, state = lay_out(tmp_path, rate="240 per day", time="1 min")
    study = portsim.forecast(scenario, AT, state=state, hours=10, futures=200, jobs=1, seed=3)
    came = at_times(study, "released_mean")["20:00"] + at_times(study, "inside_mean")["20:00"]
    # Ten an hour: a hundred, and so its mean over two hundred futures is within three of them.
    assert abs(came - 100) < 3 * np.sqrt(100 / 200)


def test_more_futures_leave_the_first_ones_what_they_are(tmp_path):
    scenario, state = lay_out(
        tmp_path, SIX, rate="100 per day", time="{exponential: {mean: 9 min}}"
    )
    (port,) = known_of([load(scenario)], AT, state=state, hours=12).policies
    few, many = (run_futures(port, 1, count, None, 1, lambda n: None) for count in (10, 30))
    assert np.array_equal(few.table, many.table[:10])
    assert not np.array_equal(many.table[0], many.table[1])


def test_threads_and_calls_change_nothing(tmp_path):
    one, two = (ahead(tmp_path, SIX, **BY_CHANCE) for _ in range(2))
    scenario, state = lay_out(tmp_path, SIX, **BY_CHANCE)
    side = portsim.forecast(scenario, AT, state=state, hours=6, **{**QUICK, "jobs": 2})
    for name, table in one.record.tables.items():
        assert table.equals(two.record.tables[name])
        assert table.equals(side.record.tables[name])


def test_hours_pass_where_the_clock_is_set_forward(tmp_path):
    port = PORT.replace("Asia/Shanghai", "Europe/Berlin")
    rows = [f"T{k},vans,desk,waiting,2025-03-30 01:0{k}" for k in range(6)]
    scenario, state = lay_out(tmp_path, rows, port=port)
    study = portsim.forecast(scenario, "2025-03-30 01:30", state=state, hours=2, **QUICK)
    times = study.table.loc[study.table["stage"].eq(""), "time"].tolist()
    assert len(times) == 9
    assert times[0] == "2025-03-30T01:30:00+01:00"
    assert times[-1] == "2025-03-30T04:30:00+02:00"
    out = study.record.tables["trucks"]["out_mean"]
    # The third after half an hour: there is no two o'clock that night.
    assert out[2] == "2025-03-30T03:00:00+02:00"


def test_a_quarter_of_an_hour_is_enough(tmp_path):
    study = ahead(tmp_path, SIX, hours=0.25)
    assert outs(study) == {"T0": "10:10", **dict.fromkeys([f"T{k}" for k in range(1, 6)], "")}
    assert at_times(study, "inside_mean") == {"10:00": 6, "10:15": 5}


def test_a_policy_that_is_slower_is_said_to_cost(tmp_path):
    """A clerk of 20 minutes in place of 10: the k-th of six is out k times 10 minutes later."""
    scenario, state = lay_out(tmp_path, SIX)
    slow = scenario.parent / "slow.yaml"
    slow.write_text(f"extends: {scenario.name}\nname: slow\nstages: {{desk: {{time: 20 min}}}}\n")
    study = portsim.forecast(scenario, AT, state=state, hours=6, policies=[slow], **QUICK)
    (said,) = [text for text in study.sentences if text.startswith("slow ")]
    assert (
        said == "slow costs each truck now inside 0.58 h on average; 100 % of them are out later."
    )
