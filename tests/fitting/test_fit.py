"""From a log to a scenario, as a user asks for it: round trips, the files, and bad input."""

import pandas as pd
import pytest

import portsim
from drawing import undrawn
from fitting.exported import exported
from portsim.fitting.arrivals import arrivals
from portsim.gatelog import read_log
from small_logs import came, csv, served
from typed import typed

PORT = """
timezone: Asia/Almaty
period: {from: 2024-09-16, to: 2024-10-27, warm_up: 1 week}
replications: 1
calendars:
  day: {hours: {Mon-Fri: "09:00-13:00, 14:00-18:00", Sat: "09:00-13:00"}}
resources:
  officers: {capacity: 2, calendar: day}
  clerks: {capacity: 4, calendar: day}
stages:
  gate: {takes: {officers: 1}, hours: day, at_close: finish, time: {erlang: {mean: 4 min, k: 3}}}
  desk:
    {takes: {clerks: 1}, hours: day, at_close: pause, time: {lognormal: {mean: 15 min, cv: 0.9}}}
traffic:
  imports:
    direction: import
    arrivals: {rate: 50 per day, hours: {"08:00-12:00": 3, "12:00-18:00": 2}}
    route: [gate, desk]
  exports:
    direction: export
    arrivals: {rate: 30 per day, hours: {"08:00-18:00": 1}}
    route: [desk, gate]
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """The log of a run, as portsim exports it."""
    return exported(tmp_path_factory.mktemp("port"), PORT)


@pytest.fixture(scope="module")
def fitted(log, tmp_path_factory):
    """What the command says of the log, and the folder in which it wrote `told`; both stay."""
    folder = tmp_path_factory.mktemp("fitted")
    with undrawn():
        ended = typed("fit", log, "--out", "told", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return ended, folder


def test_a_round_trip_gives_the_port_back(log, fitted):
    folder = fitted[1]
    told = portsim.load(folder / "told/port.yaml")
    given = portsim.load(log.parent / "port.yaml")
    day = given.calendars["day"].hours
    assert told.calendars["gate"].hours == told.calendars["desk"].hours == day
    assert {name: each.capacity for name, each in told.resources.items()} == {
        "gate-servers": 2,
        "desk-servers": 4,
    }
    assert {name: stage.at_close for name, stage in told.stages.items()} == {
        "gate": "finish",
        "desk": "pause",
    }
    classes = told.traffic.classes
    assert {cls.direction: [step.stage for step in cls.route] for cls in classes.values()} == {
        "export": ["desk", "gate"],
        "import": ["gate", "desk"],
    }
    table = pd.read_csv(folder / "told/fit.csv", index_col="path")
    for path, truth in (
        ("stages.gate.time.gamma.mean", 4.0),
        ("stages.desk.time.lognormal.mean", 15.0),
        ("traffic.imports.arrivals.rate", 50.0),
        ("traffic.exports.arrivals.rate", 30.0),
    ):
        low, high = float(table.loc[path, "low"]), float(table.loc[path, "high"])
        assert low <= truth <= high, path
    assert "fitted from log.csv, n = " in (folder / "told/port.yaml").read_text()


def test_every_form_of_the_log_of_a_run_is_the_same_log(log, tmp_path):
    words = ("--format", "xes", "--out", tmp_path / "log.xes")
    ended = typed("export", "results", *words, cwd=log.parent)
    assert ended.returncode == 0, ended.stderr
    # Of a workbook the first weeks say as much.
    events = pd.read_csv(log, nrows=6000)
    events.to_csv(tmp_path / "part.csv", index=False)
    events.to_excel(tmp_path / "log.xlsx", index=False)
    for rows, form in ((log, "xes"), (tmp_path / "part.csv", "xlsx")):
        one, other = read_log([rows]), read_log([tmp_path / f"log.{form}"])
        # The same evidence is told alike.
        pd.testing.assert_frame_equal(other.trucks, one.trucks)
        pd.testing.assert_frame_equal(other.visits, one.visits)
        assert (other.stages, other.stamped, other.resolution, other.always, other.timezone) == (
            one.stages, one.stamped, one.resolution, one.always, one.timezone
        )  # fmt: skip


def test_what_is_told_runs(fitted):
    told = portsim.load(fitted[1] / "told/port.yaml")
    study = portsim.run(told, replications=1, jobs=1)
    assert study.summary["mean"].notna().all()


def test_the_files_and_what_is_said(log, fitted):
    ended, folder = fitted
    names = sorted(path.name for path in (folder / "told").iterdir())
    assert names == [
        *("check", "cleaning.csv", "draws.csv", "fit.csv", "fit.html", "fit.kk.html"),
        *("fit.ru.html", "fit.zh.html", "held_out.csv", "map.yaml", "port.yaml"),
    ]
    assert "gate, Mon, Tue, Wed, Thu, Fri: 09:00-13:00 2 servers, 14:00-18:00 2" in ended.stdout
    assert "next: portsim validate told/port.yaml" in ended.stderr
    again = typed("fit", log, "--out", "told", cwd=folder)
    assert again.returncode == 2
    assert "port.yaml of an earlier fit" in again.stderr
    # The map is all that needs to be said: the same files come of it.
    words = ("--map", "told/map.yaml", "--out", "mapped", "--hold-out", 0)
    mapped = typed("fit", log, *words, cwd=folder)
    assert mapped.returncode == 0, mapped.stderr
    for name in ("port.yaml", "fit.csv", "draws.csv", "cleaning.csv"):
        made = (folder / "mapped" / name).read_bytes()
        # A port is called by its folder.
        assert made.replace(b"name: mapped", b"name: told") == (folder / "told" / name).read_bytes()


def test_servers_that_somebody_knows_are_taken(log):
    fit = portsim.fit(read_log([log]), servers={"gate": 3})
    assert fit.scenario.resources["gate-servers"].capacity == 3
    row = fit.table[fit.table["path"].str.startswith("resources.gate-servers")].iloc[0]
    assert row["method"] == "given"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--servers", "scan=2"], "expected a stage of the log: gate, desk"),
        (["--servers", "gate=many"], "expected STAGE=N"),
        (["--timezone", "Mars/Base"], "Mars/Base"),
    ],
)
def test_bad_input_writes_nothing(log, tmp_path, words, said):
    ended = typed("fit", log, "--out", "told", *words, cwd=tmp_path)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert not (tmp_path / "told").exists()


@pytest.mark.parametrize(("closes", "may_be"), [(20, True), (18, False)])
def test_that_one_crew_may_relieve_another_is_said_of_long_days(tmp_path, closes, may_be):
    rows = served(came(14, 80), minutes=9, opens=8, closes=closes)
    (tmp_path / "gate.csv").write_text(csv(rows))
    fit = portsim.fit(read_log([tmp_path / "gate.csv"], timezone="UTC"))
    note = fit.table[fit.table["path"].str.startswith("resources.")]["note"]
    assert note.str.contains("crews that relieve each other").any() == may_be


@pytest.mark.parametrize("first", [True, False])
def test_blanks_are_said_and_whether_they_are_at_random(tmp_path, first):
    """Thirty ends are blank: those of the first trucks, or some of all weeks."""
    lines = csv(served(came(21, 60), minutes=6)).splitlines()
    for number in range(1, 31) if first else range(5, len(lines), len(lines) // 30):
        lines[number] = lines[number].rpartition(",")[0] + ","
    (tmp_path / "gate.csv").write_text("\n".join([*lines, ""]))
    table = portsim.fit(read_log([tmp_path / "gate.csv"], timezone="UTC")).table
    rows = table[table["path"].str.startswith("blank.")]
    assert rows["path"].tolist() == ["blank.gate end"]
    row = rows.iloc[0]
    count = sum(line.endswith(",") for line in lines)
    assert float(row["value"]) == pytest.approx(count / row["n"], abs=1e-4)
    assert float(row["low"]) < count / row["n"] < float(row["high"])
    assert row["identifiable"] == ("partly" if first else "yes")
    assert row["note"].startswith("not at random") is first


@pytest.mark.parametrize("trucks", [1, 2, 5])
def test_hardly_a_truck(tmp_path, trucks):
    rows = [f"A{n},2025-03-0{n + 3} 08:0{n},2025-03-0{n + 3} 08:3{n}" for n in range(trucks)]
    (tmp_path / "few.csv").write_text("\n".join(["plate,arrival,gate end", *rows]) + "\n")
    fit = portsim.fit(read_log([tmp_path / "few.csv"], timezone="Asia/Almaty"))
    servers = fit.table[fit.table["path"].str.startswith("resources.")]
    assert (servers["identifiable"] != "yes").all()


def test_nothing_of_a_log_is_a_formula(tmp_path):
    rows = [f"=HYPERLINK({n}),2025-03-{n % 28 + 1:02} 08:00,2025-03-{n % 28 + 1:02} 09:00"
            for n in range(40)]  # fmt: skip
    (tmp_path / "gate.csv").write_text("\n".join(["plate,arrival,gate end", *rows, rows[0]]))
    ended = typed("fit", "gate.csv", "--out", "told", "--timezone", "UTC", "--hold-out", 0,
                  cwd=tmp_path)  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    written = (tmp_path / "told/cleaning.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in written
    assert ",=HYPERLINK" not in written


def days(path, counts, first="2025-03-03"):
    """A log with so many trucks on each day, all served at once."""
    rows = []
    for day, count in zip(pd.date_range(first, periods=len(counts)), counts, strict=True):
        for second in pd.date_range(day, periods=count + 1, freq=f"{86_400 // (count + 1)}s")[:-1]:
            rows.append(f"{second},{second + pd.Timedelta('5min')}")
    path.write_text("\n".join(["arrival,gate end", *rows]) + "\n")
    return read_log([path], timezone="Etc/GMT-5")


def test_equal_days_have_their_rate_and_no_scatter(tmp_path):
    told = arrivals(days(tmp_path / "a.csv", [24] * 28))
    (only,) = told.classes
    assert only.rate.value == pytest.approx(24)
    assert only.rate.low < 24 < only.rate.high
    assert [factor.value for factor in only.weekdays] == pytest.approx([1] * 7)
    assert told.scatter is None
    assert not only.months


def test_weekdays_are_told(tmp_path):
    told = arrivals(days(tmp_path / "a.csv", [30, 30, 30, 30, 30, 30, 9] * 6))
    (only,) = told.classes
    assert only.rate.value == pytest.approx(27)
    assert only.weekdays[6].value == pytest.approx(9 / 27)
    assert told.scatter is None


def test_days_that_differ_more_than_chance_are_told(tmp_path):
    told = arrivals(days(tmp_path / "a.csv", [40, 20] * 28))
    assert told.scatter is not None
    assert told.scatter.low < told.scatter.value < told.scatter.high
    assert told.scatter.value == pytest.approx((1 / 3) ** 2 - 1 / 30, abs=0.35)


def test_months_that_differ_are_told(tmp_path):
    counts = [20] * 11 + [20] * 31 + [40] * 28 + [20] * 31 + [20] * 10
    told = arrivals(days(tmp_path / "a.csv", counts, "2024-12-21"))
    (only,) = told.classes
    assert {1, 2, 3} <= set(only.months)
    assert only.months[2].value > 1.3
    assert only.months[1].value < 1


def test_a_class_that_goes_both_ways_becomes_two(tmp_path):
    """Half of the trucks go each way; of those of a third direction nobody knows which it is."""
    ways = ["Импорт", "вывоз"] * 60 + ["транзит"] * 12
    lines = ["plate,class,direction,arrival,gate end"]
    for number, way in enumerate(ways):
        came = pd.Timestamp("2025-03-03 08:00") + pd.Timedelta(hours=number)
        cls = "timber" if number < 20 else "fruit"
        lines.append(f"T{number:03},{cls},{way},{came},{came + pd.Timedelta(minutes=6)}")
    (tmp_path / "gate.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = portsim.fit(read_log([tmp_path / "gate.csv"], timezone="UTC"))
    classes = told.scenario.traffic.classes
    assert {name: cls.direction for name, cls in classes.items()} == {
        "fruit-export": "export",
        "fruit-import": "import",
        "fruit-транзит": "import",
        "timber-export": "export",
        "timber-import": "import",
    }
    unknown = told.table[told.table["path"].str.endswith(".direction")]
    assert unknown[["path", "identifiable"]].to_numpy().tolist() == [
        ["traffic.fruit-транзит.direction", "no"]
    ]


def test_sundays_without_a_record_are_one_line_and_each_a_row_of_the_list(tmp_path):
    file = tmp_path / "gate.csv"
    week = [row for row in served(came(42, rate=20), minutes=10) if row[0].weekday() != 6]
    file.write_text(csv(week))
    ended = typed("fit", file, "--timezone", "UTC", "--hold-out", 0, "--out", "told", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    said = [line for line in ended.stdout.splitlines() if "Sundays have none" in line]
    assert len(said) == 1
    # The last Sunday is behind the last truck.
    assert "cleaned: 5 x no record on 2024-09-08 … no record on 2024-10-06" in said[0]
    table = pd.read_csv(tmp_path / "told/cleaning.csv")
    assert table["what"].str.startswith("no record on").sum() == 5
