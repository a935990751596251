"""Small ports of which every answer is known by hand: full and empty, shut and open.

What stands around the figures must hold for them all: remarks, titles, and how far a figure goes.
"""

import re

import pytest
from matplotlib.text import Text

import portsim
from portsim.figures import overview, stages, stay, style, week
from portsim.figures.study import Study
from portsim.results import read_record

HEAD = """\
name: port
timezone: {zone}
period: {{from: {first}, to: {last}}}
completion: {{limit: 12 h}}
replications: 1
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The study of a port, and what is said of it: in remarks, in pictures, on the page.

    Every picture is drawn, but only those of the page are written.
    """
    monkeypatch.setattr(style, "save", lambda *_: [])

    def conduct(text, zone="Asia/Shanghai", first="2024-03-04", last="2024-03-05", **files):
        for name, rows in files.items():
            (tmp_path / f"{name}.csv").write_text("\n".join(["arrival", *rows]), encoding="utf-8")
        file = tmp_path / "port.yaml"
        file.write_text(HEAD.format(zone=zone, first=first, last=last) + text, encoding="utf-8")
        study = portsim.run(portsim.load(file), jobs=1)
        out = tmp_path / "out"
        study.write(out)
        page = re.sub(r"<[^>]+>", "", (out / "report.html").read_text(encoding="utf-8"))
        page = page.replace("\u00a0", " ")
        return study, str(study), page, Study(read_record(out))

    return conduct


def figure(study, measure, place=""):
    table = study.summary
    rows = table[(table["truck_class"] == "all") & (table["place"] == place)]
    (row,) = rows[rows["measure"] == measure].to_dict("records")
    return row["mean"], row["note"]


NIGHT = """\
calendars: {night: {hours: "22:00-06:00"}}
resources: {desk: {capacity: 1}}
stages: {gate: {hours: night, takes: {desk: 1}, at_close: finish, time: 30 min}}
traffic:
  lorry: {direction: import, arrivals: {recorded: {file: came.csv}}, route: [gate]}
"""


def test_a_port_that_lets_fewer_through_than_come_is_not_limited_by_demand(made):
    """A truck each hour, and eight hours of half-hour work: 16 of the 24 a day."""
    came = [f"2024-03-0{day} {hour:02}:15" for day in (4, 5) for hour in range(24)]
    study, said, page, _ = made(NIGHT, came=came)
    assert figure(study, "arrived")[0] == 48
    assert figure(study, "released")[0] < 30
    assert "Demand was the limit" not in said
    assert "Demand is the limit" not in page
    assert "was the limit, not the port" not in page


ONE_A_DAY = """\
calendars: {noon: {hours: "12:00-13:00"}}
slots: {gate: {calendar: noon, every: 1 h, quota: QUOTA}}
stages: {gate: {time: 30 min}}
traffic:
  lorry:
    direction: import
    arrivals: {rate: 48 per day, slots: {of: gate, at_most: 1 day}}
    route: [gate]
"""


def test_who_finds_no_slot_is_spoken_of_and_demand_was_no_limit(made):
    """One slot a day for some 48 that want one: two trucks come in two days."""
    study, said, page, _ = made(ONE_A_DAY.replace("QUOTA", "1"))
    assert figure(study, "arrived")[0] == 2
    away = 1 - 1 / figure(study, "slots_wanted_per_day")[0]
    text = f"{100 * away:.1f} % of the trucks that wanted a slot found none and stayed away"
    for words in (" ".join(said.split()), page):
        assert text in words
        assert "was the limit, not the port" not in words


def test_nothing_is_said_of_slots_where_each_truck_finds_one(made):
    plenty = ONE_A_DAY.replace("QUOTA", "200").replace("12:00-13:00", "00:00-24:00")
    study, said, page, _ = made(plenty)
    assert figure(study, "slot_as_wanted")[0] == 1
    assert "found none" not in said + page


ONE_PERMIT = """\
calendars: {late: {hours: "09:00-17:00"}}
resources:
  clerks: {capacity: 1, calendar: late}
  permits: {kind: budget, level: 1, refill: "08:00"}
stages: {desk: {takes: {clerks: 1}, spends: {permits: 1}, at_close: finish, time: 10 min}}
traffic:
  lorry: {direction: import, arrivals: {recorded: {file: lorries.csv}}, route: [desk]}
  fruit: {direction: import, priority: -1, arrivals: {recorded: {file: fruit.csv}}, route: [desk]}
"""


def test_what_more_staff_would_make_worse_is_no_bound(made):
    """The first lorry has the permit of the 4th. The clerk comes at 09:00 on the 5th and gives the
    permit to the fruit of 08:30. Without end of clerks the lorry of 18:00 has it at 08:00, after 14
    hours, and the fruit waits for the 6th."""
    study, said, page, drawn = made(
        ONE_PERMIT,
        last="2024-03-06",
        lorries=["2024-03-04 09:30", "2024-03-04 18:00"],
        fruit=["2024-03-05 08:30"],
    )
    assert figure(study, "completed_within_limit")[0] == pytest.approx(2 / 3)
    assert figure(study, "completion_ceiling")[0] == pytest.approx(1 / 3)
    assert "Even with no end of staff, lanes and places" not in said + page
    sheet = overview.draw(drawn)
    assert "at most" not in " ".join(text.get_text() for text in sheet.figure.findobj(Text))


BREAKS = """\
resources: {scanner: {capacity: 1, breakdowns: [{every: 287 min, repair: 1 h, work: resumed}]}}
stages: {scan: {takes: {scanner: 1}, time: 30 min}}
traffic:
  lorry: {direction: import, arrivals: {recorded: {file: came.csv}}, route: [scan]}
"""


@pytest.mark.parametrize(("word", "paused"), [("resumed", True), ("finished", False)])
def test_work_that_a_breakdown_stopped_is_not_said_to_pause_while_closed(made, word, paused):
    """The scanner breaks after 4 h 47 min for an hour; works follow each other without a
    pause, so that it stops that of 04:30."""
    came = [f"2024-03-04 {hour:02}:{minute}" for hour in range(24) for minute in ("00", "30")]
    text = BREAKS.replace("resumed", word)
    text = text if paused else text.replace("time: 30 min", "time: 30 min, at_close: finish")
    study, _, page, drawn = made(text, came=came)
    assert (figure(study, "paused_mean_h", "scan")[0] > 0) == paused
    assert ("work paused while closed" in page) != paused
    assert ("work paused" in page.replace("work paused while closed", "")) == paused
    assert stages.pause_text(drawn) == ("work paused" if paused else "work paused while closed")


def test_nothing_is_said_of_demand_where_nobody_is_released(made):
    day = NIGHT.replace("22:00-06:00", "08:00-10:00")
    study, said, page, _ = made(day, first="2024-03-04", last="2024-03-04",
                                came=["2024-03-04 11:00", "2024-03-04 12:00"])  # fmt: skip
    assert figure(study, "released")[0] == 0
    assert "limit, not the port" not in said + page


STOPS = """\
calendars: {once: {hours: "08:00-18:00", valid_to: 2024-03-04}}
resources: {desk: {capacity: 1}}
stages: {gate: {hours: once, takes: {desk: 1}, at_close: finish, time: 1 h}}
traffic:
  lorry: {direction: import, arrivals: {recorded: {file: came.csv}}, route: [gate]}
"""


def test_a_quantile_that_hangs_on_a_truck_still_inside_is_at_least_so_long(made):
    """Stays of 1, 2, 3 and 4 h, and one that comes on the second day and never leaves."""
    came = ["2024-03-04 08:00"] * 4 + ["2024-03-05 08:00"]
    study, _, page, drawn = made(STOPS, last="2024-03-08", came=came)
    assert figure(study, "stay_p50_h") == (3.0, "")
    p95, note = figure(study, "stay_p95_h")
    assert p95 > 4
    assert note == "at least"
    curve = drawn.curve(drawn.policies[0], "stay")
    share = dict(zip(curve.x.tolist(), curve.mean.tolist(), strict=True))
    assert [share[h] for h in (0.5, 1.0, 2.0, 4.0, 168.0)] == pytest.approx([0, 0.2, 0.4, 0.8, 0.8])
    title = stay.draw(drawn).title
    assert title.startswith("Half of the trucks leave within 3.00 h, 95 % within at least ")
    assert "80.0 %" in page


def test_all_stays_alike_leave_at_their_hour(made):
    came = [f"2024-03-0{day} {hour:02}:00" for day in (4, 5) for hour in (9, 11, 13)]
    open_ = STOPS.replace(", valid_to: 2024-03-04", "")
    _, _, _, drawn = made(open_, last="2024-03-17", came=came)
    curve = drawn.curve(drawn.policies[0], "stay")
    share = dict(zip(curve.x.tolist(), curve.mean.tolist(), strict=True))
    assert (share[0.5], share[1.0]) == (0.0, 1.0)
    assert week.draw(drawn).title == "Nobody waits in the mean week"


def test_a_day_of_25_hours_is_a_day_of_the_month(made):
    text = """\
resources: {desk: {capacity: 1}}
stages: {gate: {takes: {desk: 1}, time: 10 min}}
traffic:
  lorry: {direction: import, arrivals: {recorded: {file: came.csv}}, route: [gate]}
"""
    study, *_ = made(text, zone="Europe/Warsaw", first="2024-10-27", last="2024-10-27",
                     came=["2024-10-27 08:00", "2024-10-27 09:00"])  # fmt: skip
    assert figure(study, "throughput_per_day")[0] == 2
    assert figure(study, "throughput_per_day[2024-10]")[0] == 2


def test_use_is_told_of_the_time_that_can_be_worked(made):
    """Four hours of work in an opening of eight; the desk is on duty round the clock."""
    text = STOPS.replace("08:00-18:00", "08:00-16:00").replace(", valid_to: 2024-03-04", "")
    text = text.replace("calendars: {", 'calendars: {always: {hours: "00:00-24:00"}, ')
    text = text.replace("capacity: 1}", "capacity: 1, calendar: always}")
    came = [f"2024-03-0{day} {hour:02}:00" for day in (4, 5) for hour in (8, 10, 12, 14)]
    study, _, page, _ = made(text, came=came)
    assert figure(study, "utilisation", "desk")[0] == pytest.approx(0.5)
    assert figure(study, "staffed_h_per_day", "desk")[0] == 24
    assert "rostered time in use" not in page
    assert "in use 50 % of the time in which it can be used and some stage works" in page


PROMISED = """\
name: port
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-10}
replications: 3
calendars: {day: {hours: "08:00-20:00"}}
resources: {clerk: {capacity: 1}}
stages: {desk: {hours: day, takes: {clerk: 1}, at_close: finish, time: 5 min}}
traffic: {lorry: {direction: import, arrivals: {rate: 60/d}, route: [desk]}}
"""


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ("{limit: 2 h}", ": port 24 h; other 2 h."),
        (
            "{from: desk, event: admitted}",
            ": port 24 h from the arrival; other 24 h from admission to desk.",
        ),
        ("{limit: 24 h}", ""),
    ],
)
@pytest.mark.usefixtures("without_drawings")
def test_shares_of_unlike_promises_are_not_held_against_each_other(tmp_path, promise, said):
    port, other = tmp_path / "port.yaml", tmp_path / "other.yaml"
    port.write_text(PROMISED, encoding="utf-8")
    other.write_text(f"extends: port.yaml\ncompletion: {promise}\n", encoding="utf-8")
    study = portsim.compare([port, other], jobs=1)
    compared = study.comparison["measure"].str.contains("completed_within_limit|ceiling")
    judged = [one["measure"] for one in study.manifest.statistics["verdicts"]]
    out = tmp_path / "out"
    study.write(out)
    page = re.sub(r"<[^>]+>", "", (out / "report.html").read_text(encoding="utf-8"))
    if not said:
        assert compared.any()
        assert "completed_within_limit" in judged
        assert "different promises" not in str(study) + page
        return
    with pytest.raises(portsim.errors.InputError, match="other promises something else than port"):
        portsim.compare([port, other], select="delta=0.01", jobs=1)
    assert not compared.any()
    assert "completed_within_limit" not in judged
    assert said in str(study)
    assert "different promises and are not compared" in page
    assert "get more trucks out within" not in page


def test_a_port_that_turns_everybody_away_has_no_demand_at_which_most_pass(tmp_path):
    port = tmp_path / "port.yaml"
    turns = PROMISED.replace("rate: 60/d}", "rate: 60/d}, tolerance: 0")
    port.write_text(turns, encoding="utf-8")
    study = portsim.run(port, jobs=1)
    assert figure(study, "capacity_per_day")[0] == 0
    assert study.manifest.scenarios[0].capacity["multiple"] is None
    assert "Times the demand" not in str(study)
