"""What one more is worth, on ports whose answer can be worked out on a sheet of paper."""

import sys

import pytest

import portsim
from portsim.cli import main
from portsim.studies.worth import ask, ones

BASE = """\
name: yard
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-05}
replications: 2
resources:
%(resources)s
stages:
%(stages)s
traffic:
  lorries:
    direction: export
    arrivals: {recorded: {file: came.csv}}
    load: 20 t
    route: [%(route)s]
%(more)s"""


@pytest.fixture
def worth(tmp_path):
    """The rows of a port, by kind and place; lorries come at the given times."""

    def of(came, resources, stages, route, more=""):
        (tmp_path / "came.csv").write_text("arrival\n" + "\n".join(came) + "\n", encoding="utf-8")
        words = {"resources": resources, "stages": stages, "route": route, "more": more}
        (tmp_path / "yard.yaml").write_text(BASE % words, encoding="utf-8")
        done = ask(tmp_path / "yard.yaml").conduct(
            portsim.experiment.Execution(say=lambda text: None)
        )
        return {(row["kind"], row["place"]): row for row in done.table.to_dict("records")}

    return of


def test_a_second_clerk_is_worth_what_the_queue_before_the_first_one_costs(worth):
    """Six lorries at 08:00 on both days, ten minutes each: out after 10, 20, … 60 min, 3.5 h in
    all; with two clerks after 10, 10, 20, 20, 30, 30 min, 2 h. A lane more is worth nothing."""
    came = [f"2024-03-0{day}T08:00:00" for day in (4, 5) for _ in range(6)]
    rows = worth(
        came,
        "  clerks: {capacity: 1}\n  lanes: {capacity: 9}",
        "  desk: {takes: {clerks: 1, lanes: 1}, time: 10 min}",
        "desk",
    )
    clerks, lanes = rows["server", "clerks"], rows["server", "lanes"]
    assert clerks["truck_hours"] == pytest.approx(1.5)
    assert clerks["joint_low"] == pytest.approx(1.5) == clerks["joint_high"]
    assert lanes["truck_hours"] == 0.0
    assert (clerks["rank"], lanes["rank"]) == (1, 2)
    # Six lorries still wait for two clerks.
    assert clerks["next"] == "clerks"


def test_of_two_posts_in_a_row_the_slow_one_is_worth_more_and_limits_next_to_the_other(worth):
    """Three lorries at 08:00. The desk takes 30 min, the gate 20 min: out after 50, 80, 110 min.
    With two at the desk they leave it after 30, 30, 60 and the gate after 50, 70, 90: 30 min less,
    a quarter of an hour a day. With two at the gate nothing changes: it never had a queue."""
    came = ["2024-03-04T08:00:00"] * 3
    rows = worth(
        came,
        "  clerks: {capacity: 1}\n  guards: {capacity: 1}",
        "  desk: {takes: {clerks: 1}, time: 30 min}\n  gate: {takes: {guards: 1}, time: 20 min}",
        "desk, gate",
    )
    assert rows["server", "clerks"]["truck_hours"] == pytest.approx(0.25)
    assert rows["server", "guards"]["truck_hours"] == 0.0
    # The second waits 20 min for the guard, the third 30 min for a clerk and 10 min for the guard.
    assert rows["server", "clerks"]["next"] in ("guards", "clerks")


def test_an_hour_more_is_worth_the_night_of_who_comes_just_too_late(worth):
    """One lorry at 20:10 each day; the desk is open from 08:00 to 20:00. An hour later it is out
    after ten minutes instead of 12 h; of the second day's lorry the period sees 3 h 50 min. An hour
    earlier saves the first one an hour. Over two days: (11 h 50 + 3 h 40) / 2 and 1 h / 2."""
    rows = worth(
        ["2024-03-04T20:10:00", "2024-03-05T20:10:00"],
        "  clerks: {capacity: 1}",
        "  desk: {takes: {clerks: 1}, time: 10 min, hours: day, at_close: finish}",
        "desk",
        'calendars:\n  day: {label: Hours, hours: "08:00-20:00"}\n',
    )
    later, earlier = rows["hour later", "day"], rows["hour earlier", "day"]
    assert later["truck_hours"] == pytest.approx((11 + 50 / 60 + 3 + 40 / 60) / 2)
    assert earlier["truck_hours"] == pytest.approx(0.5)
    assert later["released"] == pytest.approx(0.5)
    assert rows["server", "clerks"]["truck_hours"] == 0.0
    assert rows["server", "clerks"]["next"] == "desk: hours"


def test_a_larger_quota_is_worth_the_wait_until_midnight(worth):
    """Two lorries at 09:00 and one permit a day: the second waits till midnight, 15 h."""
    rows = worth(
        ["2024-03-04T09:00:00"] * 2,
        "  permits: {kind: budget, level: 1, refill: 00:00}",
        "  desk: {spends: {permits: 1}, time: 10 min}",
        "desk",
    )
    quota = rows["quota", "permits"]
    assert quota["truck_hours"] == pytest.approx(7.5)
    assert quota["next"] == ""


def test_in_a_roster_one_more_is_there_in_every_shift_and_round_the_clock_has_no_hour_more():
    port = portsim.Scenario.from_dict(
        {
            "name": "port",
            "timezone": "UTC",
            "period": {"from": "2024-03-04", "to": "2024-03-05"},
            "calendars": {
                "early": {"hours": "06:00-14:00"},
                "late": {"hours": "14:00-22:00"},
                "always": {},
                "split": {"hours": "00:00-12:00, 13:00-24:00"},
            },
            "resources": {
                "crew": {
                    "roster": [
                        {"calendar": "early", "count": 2},
                        {"calendar": "late", "count": 1},
                    ]
                }
            },
            "stages": {
                "gate": {"takes": {"crew": 1}, "time": "5 min", "hours": "always",
                         "at_close": "finish"},
                "look": {"time": "5 min", "hours": "split", "at_close": "finish"},
            },
            "traffic": {
                "trucks": {
                    "direction": "export",
                    "arrivals": {"rate": "20 per day"},
                    "load": "20 t",
                    "route": ["gate", "look"],
                }
            },
        }
    )  # fmt: skip
    (crew,) = ones(port)
    assert dict(crew.values) == {
        "resources.crew.roster[0].count": 3,
        "resources.crew.roster[1].count": 2,
    }


def test_the_command_ranks_and_refuses(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "came.csv").write_text("arrival\n" + "2024-03-04T08:00:00\n" * 6, encoding="utf-8")
    words = {
        "resources": "  clerks: {label: Clerks, capacity: 1}",
        "stages": "  desk: {takes: {clerks: 1}, time: 10 min}",
        "route": "desk",
        "more": "",
    }
    (tmp_path / "yard.yaml").write_text(BASE % words, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["portsim", "worth", "yard.yaml", "--out", "w"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "Worth most: one more: Clerks, 0.75 truck-hours a day" in said
    assert portsim.read("w").table["truck_hours"].tolist() == pytest.approx([0.75])
    monkeypatch.setattr(sys, "argv", ["portsim", "worth", "yard.yaml", "-n", "1", "--out", "x"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert not (tmp_path / "x").exists()
