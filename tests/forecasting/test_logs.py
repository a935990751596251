"""A forecast from a gate log: who was inside, how trucks come, and nothing of what came later."""

import numpy as np
import pandas as pd
import pytest

import portsim
from forecasting.logs import lay_out, log_of, table_of
from portsim.checking import load
from portsim.errors import InputError
from portsim.forecasting import known_of
from portsim.forecasting.recent import Came, as_recently, level_of

AT = "2024-04-03 15:20"
QUICK = {"futures": 20, "jobs": 1}


@pytest.fixture(scope="module")
def yard(tmp_path_factory):
    folder = tmp_path_factory.mktemp("yard")
    scenario = lay_out(folder)
    return folder, scenario, table_of(scenario)


def stands(inside):
    return sorted(zip(inside.stages, inside.working.tolist(), inside.since.tolist(), strict=True))


@pytest.mark.parametrize("at", [AT, "2024-04-03 07:45", "2024-04-05 08:40"])
def test_a_log_with_all_stamps_says_who_is_inside(yard, at):
    folder, scenario, table = yard
    (port,) = known_of([load(scenario)], at, log=log_of(folder, table)).policies
    truth = portsim.state(scenario, at)
    (there,) = known_of([truth.scenario()], at).policies
    assert len(there.origin.inside) > 2
    assert stands(port.origin.inside) == stands(there.origin.inside)
    for name in ("classes", "arrived"):
        known, true = (sorted(getattr(p.origin.inside, name)) for p in (port, there))
        assert list(known) == list(true)


LINES = """\
  gate 2: {takes: {lanes 2: 1}, time: 9 min}
  papers: {takes: {clerks: 1}, instead_of: {clerks: {junior: 1.5}}"""


def test_a_log_says_in_which_line_a_truck_stands(tmp_path):
    """The two lanes have a line each, and the clerks a junior who takes half as long again."""
    file = lay_out(tmp_path)
    text = file.read_text()
    for old, new in (
        ("lanes: {capacity: 2}", "lanes: {capacity: 1}, lanes 2: {capacity: 1}"),
        ("capacity: 3, calendar: day}", "capacity: 2, calendar: day}, junior: {capacity: 1}"),
        ("  papers: {takes: {clerks: 1}", LINES),
        ("route: [gate, papers]", "route: [{stage: gate, or_shorter: gate 2}, papers]"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    log = log_of(tmp_path, table_of(file))
    for at in (AT, "2024-04-03 09:10", "2024-04-05 08:40"):
        (port,) = known_of([load(file)], at, log=log).policies
        (true,) = known_of([portsim.state(file, at).scenario()], at).policies
        assert stands(port.origin.inside) == stands(true.origin.inside)
        told = portsim.forecast(file, at, log=log, hours=4, futures=4, jobs=1)
        assert told.trucks["truck"].ne("").sum() == len(port.origin.inside)
    alone = load(file).replace({"stages.papers.instead_of": {}}, name="alone")
    with pytest.raises(InputError, match="alone: junior are at work with trucks at papers"):
        known_of([load(file), alone], AT, log=log)


def test_without_starts_the_first_in_the_queue_are_at_work(yard):
    folder, scenario, table = yard
    log = log_of(folder, table, without=("start", "queue"))
    (port,) = known_of([load(scenario)], AT, log=log).policies
    true = known_of([portsim.state(scenario, AT).scenario()], AT).policies[0].origin.inside
    inside = port.origin.inside
    by_stage = [pd.Series(some.stages).value_counts().to_dict() for some in (inside, true)]
    assert by_stage[0] == by_stage[1]
    at_work = [int(some.working.sum()) for some in (inside, true)]
    assert at_work[0] == at_work[1] > 0


def test_nothing_that_was_stamped_later_matters(yard):
    folder, scenario, table = yard
    whole = portsim.forecast(scenario, AT, log=log_of(folder, table), hours=12, **QUICK)
    second = pd.Timestamp(AT, tz="Asia/Shanghai")
    other = table.copy()
    stamps = ["arrival", *(name for name in table.columns if " " in name)]
    for name in stamps:
        later = pd.to_datetime(other[name], utc=True) >= second
        moved = pd.to_datetime(other.loc[later, name]) + pd.Timedelta("37min")
        other.loc[later, name] = moved.map(lambda at: at.isoformat())
    changed = portsim.forecast(scenario, AT, log=log_of(folder, other), hours=12, **QUICK)
    for name, rows in whole.record.tables.items():
        assert rows.equals(changed.record.tables[name])
    assert whole.manifest.fingerprint == changed.manifest.fingerprint


def test_recent_days_are_told_back(yard):
    folder, scenario, table = yard
    study = portsim.forecast(scenario, AT, log=log_of(folder, table), hours=12, **QUICK)
    facts = study.manifest.study["arrivals"]
    assert facts["from"] == "recent"
    assert facts["days"] == 28
    (port,) = known_of([load(scenario)], AT, log=log_of(folder, table)).policies
    cars, vans = (port.traffic.classes[name].arrivals for name in ("cars", "vans"))
    # 28 days with a factor of cv 0.3: within three standard errors of 90 and of 30.
    slack = 3 * 0.3 / np.sqrt(28)
    assert cars.rate == pytest.approx(90, rel=slack)
    assert vans.rate == pytest.approx(30, rel=1.3 * slack)
    assert sum(cars.hours[6:18]) / sum(cars.hours) > 0.99
    assert np.sqrt(port.traffic.day_factor.gamma.cv**2) == pytest.approx(0.3, abs=0.12)
    assert any("came where" in text for text in study.sentences)


def test_an_even_log_has_no_factor_of_the_day(yard):
    _, scenario, _ = yard
    port = known_of([portsim.state(scenario, AT).scenario()], AT).policies[0]
    # One every twelve minutes, from six to eighteen, for thirty days: less scattered than chance.
    midnight = int(pd.Timestamp("2024-04-03", tz="Asia/Shanghai").timestamp())
    days = midnight - 86_400 * np.arange(30, 0, -1)
    seconds = (days[:, None] + np.arange(6 * 3600, 18 * 3600, 720)).ravel()
    came = Came(seconds, ["cars"] * len(seconds), int(days[0]))
    recent, off, _ = as_recently(port, came)
    assert recent.traffic.day_factor is None
    assert recent.traffic.classes["cars"].arrivals.rate == pytest.approx(60)
    assert recent.traffic.classes["vans"].arrivals.rate == 0
    assert off < 1e-9
    assert level_of(recent, came, off)[0] is None


def test_the_level_of_today_is_updated_by_what_came(yard):
    _, scenario, _ = yard
    port = known_of([portsim.state(scenario, AT).scenario()], AT).policies[0]
    midnight = int(pd.Timestamp("2024-04-03", tz="Asia/Shanghai").timestamp())
    # From 6:00 to 15:20 of twelve hours 7/9 of 120 trucks are usual, 93 1/3; 140 came.
    seconds = midnight + np.linspace(6 * 3600, 15 * 3600, 140).astype(np.int64)
    level, facts = level_of(port, Came(seconds, ["cars"] * 140, midnight - 86_400))
    # A gamma factor of cv 0.3 has the shape 1 / 0.09.
    assert level.shape == pytest.approx(1 / 0.09 + 140, rel=2e-3)
    assert level.rate == pytest.approx(1 / 0.09 + 280 / 3, rel=2e-3)
    assert facts["level"] == pytest.approx((1 / 0.09 + 140) / (1 / 0.09 + 280 / 3), rel=1e-3)
    # Of a day that was not recorded from its midnight on nothing is known.
    unknown, _ = level_of(port, Came(seconds, ["cars"] * 140, midnight + 7200))
    assert unknown.shape == unknown.rate == pytest.approx(1 / 0.09, rel=2e-3)
    # What is told from few days may be off, and today's trucks say the more.
    loose, _ = level_of(port, Came(seconds, ["cars"] * 140, midnight - 86_400), 0.01)
    assert loose.shape == pytest.approx(1 / 0.10 + 140, rel=2e-3)


def test_a_busy_day_brings_more_trucks(yard):
    folder, scenario, table = yard
    log = log_of(folder, table)
    known = known_of([load(scenario)], AT, log=log, hours=8)
    level = known.level.shape / known.level.rate
    study = portsim.forecast(scenario, AT, log=log, hours=8, futures=400, jobs=1)
    rows = study.table[study.table["stage"].eq("")]
    came = (rows["inside_mean"] + rows["released_mean"]).diff().iloc[1:12].sum()
    # 15:20 to 18:00, 2 2/3 of twelve hours at the rate of the log.
    classes = known.policies[0].traffic.classes.values()
    weekday = next(iter(classes)).arrivals.weekdays[2]
    usual = sum(cls.arrivals.rate for cls in classes) * weekday * 8 / 36
    assert came == pytest.approx(level * usual, rel=0.05)


@pytest.mark.parametrize("at", ["2024-02-01 10:00", "2024-04-10 10:00"])
def test_a_minute_outside_of_the_log(yard, at):
    folder, scenario, table = yard
    with pytest.raises(InputError, match=r"is outside of the log, which goes from 2024-02-26"):
        portsim.forecast(scenario, at, log=log_of(folder, table), **QUICK)


def test_a_policy_that_lacks_the_stage_of_a_truck(yard, tmp_path):
    folder, scenario, table = yard
    other = tmp_path / "other.yaml"
    text = scenario.read_text(encoding="utf-8").replace("papers", "desk")
    other.write_text(text.replace("name: yard", "name: other"), encoding="utf-8")
    with pytest.raises(InputError, match=r"other: trucks of cars are inside at papers, which"):
        portsim.forecast(scenario, AT, log=log_of(folder, table), policies=[other], **QUICK)


def test_few_days_are_no_recent_days(yard):
    folder, scenario, table = yard
    log = log_of(folder, table)
    study = portsim.forecast(scenario, "2024-03-04 12:00", log=log, hours=3, **QUICK)
    assert study.manifest.study["arrivals"]["from"] == "scenario"
    with pytest.raises(InputError, match="fewer than 14 whole days"):
        portsim.forecast(scenario, "2024-03-04 12:00", log=log, arrivals="recent", **QUICK)


def test_a_truck_that_never_left_is_forgotten(yard):
    folder, scenario, table = yard
    lost = table.copy()
    came = pd.to_datetime(lost["arrival"], utc=True)
    early = came.lt(pd.Timestamp("2024-03-20", tz="UTC")) & lost["class"].eq("cars")
    row = early.to_numpy().nonzero()[0][-1]
    lost.loc[row, ["papers queue", "papers start", "papers end"]] = None
    known = known_of([load(scenario)], AT, log=log_of(folder, lost))
    assert known.forgotten == 1
    true = known_of([load(scenario)], AT, log=log_of(folder, table))
    assert len(known.policies[0].origin.inside) == len(true.policies[0].origin.inside)
