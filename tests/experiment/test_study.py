"""Studies: the same whatever the workers do, on the same trucks, with faults said in words."""

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import portsim
from demand.ports import facts, port
from experiment.small import SMALL, written
from portsim.errors import InputError, StuckError
from portsim.experiment import common_draws, runner, workers
from portsim.experiment.common_draws import demand_key
from portsim.experiment.loads import loads
from portsim.experiment.tasks import Task, run_one
from portsim.measures import unit_of
from portsim.results.study_kinds import LOGS
from portsim.scenario.measure_catalogue import CAPACITY, measure_of


@pytest.fixture(scope="module")
def study(scenarios):
    return portsim.compare(scenarios, jobs=1, logs="first")


def frames(study):
    return {"comparison": None, **study.record.tables}


def assert_same(one, other):
    for name, frame in frames(one).items():
        if frame is not None:
            pd.testing.assert_frame_equal(frame, frames(other)[name], check_exact=True)
    a, b = (replace(study.manifest, run=None) for study in (one, other))
    assert a == b


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_two_workers_give_the_same_frames_and_bytes(
    request, scenarios, study, tmp_path, monkeypatch, engine
):
    monkeypatch.setattr(workers, "_WORTH_A_POOL_S", -1.0)
    if engine == "simpy":
        request.getfixturevalue("without_capacities")
    side_by_side = portsim.compare(scenarios, jobs=2, logs="first", engine=engine)
    assert side_by_side.manifest.run.workers == 2
    if engine == "simpy":
        study = portsim.compare(scenarios, jobs=1, logs="first", engine=engine)
    assert_same(study, side_by_side)
    one, other = written(study, tmp_path / "one"), written(side_by_side, tmp_path / "two")
    assert one == other
    assert set(one) >= {
        "summary.csv",
        "replications.parquet",
        "comparison.csv",
        "curves.parquet",
        "trucks.parquet",
    }


def test_the_order_in_which_tasks_finish_does_not_matter(scenarios, study, monkeypatch):
    def backwards(tasks, total, *_):
        done = [workers.do(task) for task in tasks]
        assert len(done) == total
        yield from reversed(done)

    monkeypatch.setattr(runner, "performed", backwards)
    assert_same(study, portsim.compare(scenarios, jobs=1, logs="first"))


def test_faults_of_a_worker_reach_the_caller(scenarios, monkeypatch, tmp_path):
    monkeypatch.setattr(workers, "_WORTH_A_POOL_S", -1.0)
    stuck = port(tmp_path, ("to: 2024-03-05", "to: 2024-03-06"), text=RING)
    with pytest.raises(StuckError, match="in a circle"):
        portsim.compare([scenarios[0], stuck], jobs=2, replications=1, engine="simpy")


# ---- the same trucks ---------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_scenarios_alike_in_traffic_share_the_very_same_trucks(
    scenarios, monkeypatch, without_capacities, jobs
):
    drawn, seen = [], []

    def draw(scenario, seed, replication, antithetic):
        drawn.append((scenario.name, seed, replication))
        return original(scenario, seed, replication, antithetic)

    def watch(task: Task):
        seen.append((task.scenario.name, task.replication, id(task.shared.draft.get())))
        return run_one(task)

    original = common_draws.draw
    monkeypatch.setattr(common_draws, "draw", draw)
    monkeypatch.setattr(workers, "run_one", watch)
    portsim.compare(scenarios, jobs=jobs, replications=2, seed=5)
    assert sorted(drawn) == [("short", 5, 1), ("short", 5, 2)]
    for replication in (1, 2):
        mine = [row for row in seen if row[1] == replication]
        assert len({draft for _, _, draft in mine}) == 1
        assert sorted(name for name, _, _ in mine) == ["long", "short"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate: 40 per day", "rate: 41 per day"),
        ('later: {hours: "08:00-20:00"}', 'later: {hours: "08:00-19:00"}'),
        ("load: 20 t", "load: 21 t"),
        ("timezone: Asia/Shanghai", "timezone: Asia/Almaty"),
        ("to: 2024-03-06", "to: 2024-03-07"),
        ("calendars:\n", "position: {latitude: 46.7, longitude: 82.9}\ncalendars:\n"),
    ],
)
def test_scenarios_unlike_in_what_trucks_depend_on_draw_their_own(scenarios, tmp_path, old, new):
    other = port(tmp_path, (old, new), text=SMALL)
    assert demand_key(other) != demand_key(scenarios[0])
    assert demand_key(scenarios[1]) == demand_key(scenarios[0])


def test_the_log_shows_the_same_trucks_under_both_policies(study):
    trucks = study.trucks
    same = [
        "truck",
        "truck_class",
        "direction",
        "pieces",
        "tonnes",
        "value",
        "residents",
        "arrival",
    ]
    short, long = (
        trucks.loc[trucks["scenario"] == name, same].reset_index(drop=True)
        for name in ("short", "long")
    )
    pd.testing.assert_frame_equal(short, long)
    assert set(trucks["replication"]) == {1}
    visits = study.visits
    works = [visits.loc[visits["scenario"] == n, "work_s"].tolist() for n in ("short", "long")]
    assert works[0] == works[1]
    assert str(trucks["arrival"].dt.tz) == "Asia/Shanghai"


def test_traffic_of_another_scale_shares_the_trucks_in_common(scenarios, tmp_path):
    less = port(tmp_path, ("traffic:\n", "traffic:\n  scale: 0.5\n"), text=SMALL)
    assert facts(less).items() <= facts(scenarios[0]).items()


# ---- what a study holds ------------------------------------------------------------------------


def test_every_scenario_and_replication_has_a_capacity(study):
    rows = study.replications
    mine = rows[(rows["measure"] == "capacity_per_day") & (rows["truck_class"] == "all")]
    assert mine[["scenario", "replication"]].to_numpy().tolist() == [
        ["short", 1], ["short", 2], ["short", 3], ["long", 1], ["long", 2], ["long", 3],
    ]  # fmt: skip
    assert set(mine["place"]) == {""}
    # One lane for 8 h at 5 min a truck lets about 96 through, for 12 h 144; demand is 60.
    value = mine.groupby("scenario")["value"].mean()
    assert 80 < value["short"] < 112
    assert 120 < value["long"] < 168
    assert "capacity_per_day" in set(study.summary["measure"])
    through = rows[
        (rows["measure"] == "throughput_per_day")
        & (rows["truck_class"] == "all")
        & (rows["place"] == "")
    ]
    assert through["value"].max() < 75


def test_rows_are_the_same_in_every_replication(study):
    """A flow or a queue that was nothing in one replication is a 0 there, not a gap: a mean over
    replications must not leave out the quiet ones."""
    rows = study.replications
    states = rows[
        ~rows["measure"].str.endswith("_h")
        & ~rows["measure"].map(lambda name: measure_of(name).found_by == CAPACITY)
    ]
    keys = states.groupby(["scenario", "replication"])[["truck_class", "place", "measure"]].apply(
        lambda frame: frozenset(map(tuple, frame.to_numpy()))
    )
    assert len(set(keys)) == 1
    assert ("cars", "gate", "diverted") in keys.iloc[0]
    zero = rows[(rows["measure"] == "queue_max") & (rows["place"] == "release")]
    assert len(zero) == 2 * 3 * 5
    assert not rows.duplicated(["scenario", "replication", "truck_class", "place", "measure"]).any()


def test_units_are_known_for_every_row(study):
    for frame in (study.summary, study.comparison):
        assert frame["unit"].tolist() == [unit_of(measure) for measure in frame["measure"]]


def test_seed_and_replications_come_from_the_first_scenario_unless_said_otherwise(
    scenarios, study, without_capacities
):
    assert (study.manifest.seed, study.manifest.replications) == (11, 3)
    assert study.manifest.baseline == "short"
    other = portsim.compare(scenarios, baseline="long", seed=12, replications=1, jobs=1)
    assert (other.manifest.seed, other.manifest.replications) == (12, 1)
    assert other.manifest.baseline == "long"
    assert set(other.comparison["scenario"]) == {"short"}
    assert other.manifest.fingerprint != study.manifest.fingerprint


def test_replication_1_is_the_same_in_a_shorter_study(scenarios, study):
    one = portsim.run(scenarios[1], replications=1, jobs=1)
    assert one.comparison is None
    assert not set(LOGS) & set(one.record.tables)
    assert (one.trucks, one.visits, one.hours) == (None, None, None)
    rows = study.replications
    mine = rows[(rows["scenario"] == "long") & (rows["replication"] == 1)].reset_index(drop=True)
    # A cause of waiting that only another run names is 0 in this one.
    mine = mine[
        ~(mine["measure"].astype(str).str.contains(": |wait_for|wait_root") & mine["value"].eq(0.0))
    ]
    mine = mine.reset_index(drop=True)
    text = dict.fromkeys(["scenario", "truck_class", "place", "measure", "note"], str)
    alone, mine = one.replications.astype(text), mine.astype(text)
    # The demand that fills a port is told from the trucks of all replications together.
    alone, mine = (
        some[some["measure"].ne("capacity_multiple")].reset_index(drop=True)
        for some in (alone, mine)
    )
    # What other runs waited for stands here too, and is 0.
    key = ["truck_class", "place", "measure"]
    here = pd.MultiIndex.from_frame(mine[key]).isin(pd.MultiIndex.from_frame(alone[key]))
    assert not mine.loc[~here, "value"].any()
    assert mine.loc[~here, "measure"].str.startswith("wait_").all()
    pd.testing.assert_frame_equal(alone, mine[here].reset_index(drop=True), check_exact=True)


@pytest.mark.parametrize(("logs", "kept"), [("none", set()), ("first", {1}), ("all", {1, 2})])
def test_logs_are_kept_as_asked(scenarios, without_capacities, logs, kept):
    study = portsim.run(scenarios[0], replications=2, jobs=1, logs=logs)
    found = {name: study.record.tables[name] for name in LOGS if name in study.record.tables}
    assert set(found) == ({"trucks", "visits", "hours"} if kept else set())
    for frame in found.values():
        assert set(frame["replication"]) == kept


def test_progress_counts_every_run(scenarios, without_capacities):
    told = []
    portsim.run(scenarios[0], replications=2, jobs=1, on_progress=lambda n, m: told.append((n, m)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_it_prints_well(study):
    table = study.table
    assert table.index.tolist()[0].startswith("short")
    assert table.index.tolist()[1].startswith("long")
    assert table.index.tolist()[2].startswith("  ")  # the difference, below its scenario
    assert {"trucks/day", "out within 24 h", "capacity/day"} <= set(table.columns)
    assert "±" in table.loc[table.index[0], "trucks/day"]
    text = str(study)
    assert repr(study) == "<Study: short, long; 3 replications>"
    assert "short" in text
    assert "trucks/day" in text
    assert study.sentences
    assert all(sentence in text for sentence in study.sentences)
    assert "<table" in study._repr_html_()


# ---- what is refused ---------------------------------------------------------------------------


def test_names_that_clash_are_refused(scenarios):
    with pytest.raises(InputError, match="two scenarios are called short"):
        portsim.compare([scenarios[0], scenarios[1], scenarios[0]])


def test_one_scenario_is_no_comparison(scenarios):
    with pytest.raises(InputError, match="for one use run"):
        portsim.compare(scenarios[:1])


def test_an_unknown_baseline_is_refused(scenarios):
    with pytest.raises(InputError, match="no scenario is called longer; there are short, long"):
        portsim.compare(scenarios, baseline="longer")


@pytest.mark.parametrize(
    "change",
    [
        ("to: 2024-03-06", "to: 2024-03-07"),
        ("03-06}", "03-06, warm_up: 1 week}"),
        ("Asia/Shanghai", "Asia/Urumqi"),
    ],
)  # fmt: skip
def test_other_periods_and_zones_are_refused(scenarios, tmp_path, change):
    other = port(tmp_path, ("name: short", "name: other"), change, text=SMALL)
    with pytest.raises(InputError, match="other and short have different periods or time zones"):
        portsim.compare([scenarios[0], other])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"engine": "steam"}, "no engine is called steam; there are compiled, simpy"),
        ({"logs": "some"}, "logs must be one of none, first, all, not some"),
        ({"replications": 0}, "1 replication or more, not 0"),
        ({"audit": "some"}, "audit must be one of default, full, none, not some"),
        ({"jobs": 0}, "1 job or more, not 0"),
    ],
)
def test_nonsense_is_refused(scenarios, words, says):
    with pytest.raises(InputError, match=says):
        portsim.run(scenarios[0], **words)


RING = """\
name: ring
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-05}
replications: 1
resources:
  ramps: {capacity: 1}
  cranes: {capacity: 1}
stages:
  ramp: {takes: {ramps: {until: next}}, time: 30 min}
  crane: {takes: {cranes: {until: next}}, time: 30 min}
traffic:
  out: {direction: export, arrivals: {rate: 40 per day}, route: [ramp, crane]}
  in: {direction: import, arrivals: {rate: 40 per day}, route: [crane, ramp]}
"""


def test_a_circular_wait_names_trucks_resources_and_stages(tmp_path):
    with pytest.raises(StuckError) as caught:
        portsim.run(port(tmp_path, text=RING), jobs=1)
    text = str(caught.value)
    assert "trucks wait for each other in a circle" in text
    assert "holds 1 ramps and wants 1 cranes at crane" in text
    assert "holds 1 cranes and wants 1 ramps at ramp" in text
    assert "(until)" in text


def test_a_need_that_a_drawn_breakdown_never_lets_be_met_is_waited_for(tmp_path):
    """Two fail in turn for weeks, and a truck needs both: what passed the checks is run."""
    scenario = port(
        tmp_path,
        (
            "lanes: {capacity: 1, label: Gate lanes}",
            "lanes: {capacity: 2, breakdowns: [{every: 1 min, repair: 4 weeks}]}",
        ),
        ("takes: {lanes: 1}", "takes: {lanes: all}"),
        text=SMALL,
    )  # fmt: skip
    summary = portsim.run(scenario, jobs=1).summary
    of_port = summary[(summary["truck_class"] == "all") & (summary["place"] == "")]
    mean = of_port.set_index("measure")["mean"]
    assert mean["released"] == 0
    assert mean["inside_at_end"] == mean["arrived"] - mean["diverted"] > 0


# ---- overload ----------------------------------------------------------------------------------


def test_an_overloaded_scenario_says_so_with_the_reason(tmp_path, without_capacities):
    scenario = port(
        tmp_path,
        ("rate: 40 per day", "rate: 140 per day"),
        ("label: Gate lanes", "calendar: day, label: Gate lanes"),
        text=SMALL,
    )
    study = portsim.run(scenario, replications=2, jobs=1)
    (entry,) = study.manifest.scenarios
    overload = entry.overload
    assert 1.4 < overload["load"] < 2.0  # 160 trucks of 5 min against 8 h: 167 %
    assert (overload["kind"], overload["label"]) == ("servers", "Gate lanes")
    assert overload["from"] == "2024-03-04"
    assert "stay and completion hold for this period only" in str(study)
    assert study.table.index[0] == "short (overloaded)"
    row = study.summary.set_index(["truck_class", "place", "measure"])["note"]
    assert "overloaded" in row["all", "", "throughput_per_day"]
    assert row["all", "", "arrived"] == ""


def test_a_port_with_room_is_not_overloaded(study):
    assert not any(entry.overloaded for entry in study.manifest.scenarios)
    assert not study.summary["note"].str.contains("overloaded").any()


def test_offered_loads_of_a_scenario(scenarios):
    (lanes,) = loads(scenarios[0])
    assert (lanes.resource, lanes.kind, lanes.largest, lanes.staffed_h) == (
        "lanes",
        "servers",
        1,
        8.0,  # nobody takes one while the gate is shut
    )
    assert lanes.available_h == 8.0
    assert 3.5 < lanes.asked_h < 7  # 60 trucks of 5 min a day
    assert lanes.load == pytest.approx(lanes.asked_h / 8)
    assert lanes.worst == pytest.approx(lanes.load)


# ---- pickles -----------------------------------------------------------------------------------


def test_a_scenario_pickles(scenarios, tmp_path):
    with_files = port(tmp_path)
    for scenario in (*scenarios, with_files):
        again = pickle.loads(pickle.dumps(scenario))
        assert again.model_dump() == scenario.model_dump()
        assert facts(again) == facts(scenario)
        assert again.origin.digests == scenario.origin.digests
    assert np.array_equal(*(s.origin.recorded["old.csv", "arrival"] for s in (again, with_files)))
