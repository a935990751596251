"""The known ports against which what is fitted is held: days by hand, theory, and their dirt."""

import csv
import datetime as dt
import gzip
import json
import math
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "proof"))

from known_ports import KINDS, known_port
from known_ports.hours import second, servers, with_more
from known_ports.sweep import sweep

UTC = ZoneInfo("UTC")
MONDAY = dt.date(2024, 1, 8)
DATES = [MONDAY + dt.timedelta(days=n) for n in range(14)]
LUNCH = {"0": [[8, 12], [13, 17]], "1": [[8, 12], [13, 17]]}


def at(*clocks: str, date: dt.date = MONDAY) -> np.ndarray:
    hours = [int(clock[:2]) + int(clock[3:]) / 60 for clock in clocks]
    return np.array([second(date, 0, UTC) + 3600 * hour for hour in hours])


def clocks(seconds: np.ndarray) -> list[str]:
    return [f"{dt.datetime.fromtimestamp(round(s), UTC):%a %H:%M}" for s in seconds]


def half_hours(count: int) -> np.ndarray:
    return np.full(count, 1800.0)


def test_one_clerk_finishes_into_lunch_and_into_the_evening():
    clerk = servers([{"count": 1, "hours": LUNCH}], None, None, DATES, UTC)
    queue = at("07:50", "07:55", "11:50", "11:55", "16:50", "16:55")
    start, end = sweep(queue, half_hours(6), clerk, pause=False)
    assert clocks(start) == ["Mon 08:00", "Mon 08:30", "Mon 11:50", "Mon 13:00", "Mon 16:50",
                             "Tue 08:00"]  # fmt: skip
    assert clocks(end) == ["Mon 08:30", "Mon 09:00", "Mon 12:20", "Mon 13:30", "Mon 17:20",
                           "Tue 08:30"]  # fmt: skip


def test_one_clerk_pauses_over_lunch_and_over_the_night():
    clerk = servers([{"count": 1, "hours": LUNCH}], None, None, DATES, UTC)
    queue = at("11:50", "11:55", "16:40", "16:45")
    start, end = sweep(queue, half_hours(4), clerk, pause=True)
    assert clocks(start) == ["Mon 11:50", "Mon 13:20", "Mon 16:40", "Tue 08:10"]
    assert clocks(end) == ["Mon 13:20", "Mon 13:50", "Tue 08:10", "Tue 08:40"]


def test_who_ends_at_closing_does_not_pause_and_nobody_begins_at_closing():
    clerk = servers([{"count": 1, "hours": LUNCH}], None, None, DATES, UTC)
    start, end = sweep(at("11:30", "11:40"), half_hours(2), clerk, pause=True)
    assert clocks(start) == ["Mon 11:30", "Mon 13:00"]
    assert clocks(end) == ["Mon 12:00", "Mon 13:30"]


def test_the_night_clerk_begins_while_the_others_are_still_finishing():
    day, night = {"0": [[8, 20]]}, {"0": [[20, 24]], "1": [[0, 8]]}
    team = [{"count": 2, "hours": day}, {"count": 1, "hours": night}]
    queue = at("19:45", "19:50", "19:55", "20:05")
    start, _ = sweep(queue, half_hours(4), servers(team, None, None, DATES, UTC), pause=False)
    assert clocks(start) == ["Mon 19:45", "Mon 19:50", "Mon 20:00", "Mon 20:30"]


def test_a_second_clerk_from_a_date_on_leaves_the_first_alone():
    always = {str(day): [[0, 24]] for day in range(7)}
    one, two = ([{"count": n, "hours": always}] for n in (1, 2))
    tuesday = MONDAY + dt.timedelta(days=1)
    spans = servers(one, two, tuesday, DATES, UTC)
    queue = at("23:40", "23:45", "23:50")
    start, end = sweep(queue, half_hours(3), spans, pause=False)
    assert clocks(start) == ["Mon 23:40", "Tue 00:00", "Tue 00:10"]
    assert clocks(end)[0] == "Tue 00:10"


def test_who_is_never_served_has_no_start():
    clerk = servers([{"count": 1, "hours": LUNCH}], None, None, DATES[:1], UTC)
    start, end = sweep(at("16:50", "16:55"), half_hours(2), clerk, pause=False)
    assert clocks(start[:1]) == ["Mon 16:50"]
    assert math.isinf(start[1])
    assert math.isinf(end[1])


def test_hours_more_are_for_those_who_close_and_end_at_midnight():
    team = [{"count": 2, "hours": {"0": [[8, 12], [13, 20]]}},
            {"count": 1, "hours": {"0": [[9, 17]]}}]  # fmt: skip
    more = with_more(team, 1, 2)
    assert more[0] == {"count": 3, "hours": {"0": [[8, 12], [13, 22]]}}
    assert more[1] == team[1]
    assert with_more(team, 0, 9)[0]["hours"] == {"0": [[8, 12], [13, 24]]}


def waiting(count: int, load: float, service: np.ndarray) -> float:
    """Mean wait over mean work, of trucks that come at random and servers who are always there."""
    rng = np.random.default_rng(7)
    queue = np.cumsum(rng.exponential(service.mean() / (load * count), len(service)))
    start, _ = sweep(queue, service, [[(-1.0, np.inf)]] * count, pause=False)
    return float((start - queue).mean() / service.mean())


def test_one_server_of_constant_work_waits_as_pollaczek_and_khinchine_say():
    assert waiting(1, 0.8, np.full(200_000, 60.0)) == pytest.approx(0.8 / 2 / 0.2, rel=0.04)


def test_three_servers_of_exponential_work_wait_as_erlang_says():
    offered = 2.4
    tail = offered**3 / 6 / (1 - 0.8)
    wait = tail / (1 + offered + offered**2 / 2 + tail) / (3 - offered)
    work = np.random.default_rng(8).exponential(60.0, 200_000)
    assert waiting(3, 0.8, work) == pytest.approx(wait, rel=0.05)


def test_a_seed_is_a_port_to_the_byte(tmp_path: Path):
    for kind in KINDS:
        if kind != "xlsx":  # A workbook has its time of making within.
            first, again = (known_port(9).log(kind, tmp_path / name) for name in "ab")
            assert first.read_bytes() == again.read_bytes()
    assert (tmp_path / "a/truth.json").read_bytes() == (tmp_path / "b/truth.json").read_bytes()
    assert known_port(9).truth["stages"] != known_port(10).truth["stages"]


def test_a_policy_meets_the_same_trucks_with_the_same_work():
    port = known_port(36)
    tight = max(port.truth["load"], key=port.truth["load"].get)
    now, more = port.simulate(1), port.simulate(1, servers_more={tight: 1})
    assert now["arrival"].equals(more["arrival"])
    assert more["stay_h"].mean() < now["stay_h"].mean()
    for stage in port.truth["stages"]:
        if stage["at_close"] == "finish":
            name = stage["stage"]
            works = [frame[f"{name} end"] - frame[f"{name} start"] for frame in (now, more)]
            np.testing.assert_allclose(*works, atol=1e-5)
    assert not now["arrival"].equals(port.simulate(2)["arrival"])


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_works_and_shares_are_those_of_the_truth(seed: int):
    port = known_port(seed)
    trucks = port.simulate(1)
    for stage in port.truth["stages"]:
        for name in port.truth["classes"]:
            here = trucks[trucks["truck_class"] == name]
            passed = here[here[f"{stage['stage']} queue"].notna()]
            share = stage["share"].get(name, stage["share"].get("*", 1))
            spread = 5 * math.sqrt(share * (1 - share) / len(here)) + 1e-9
            assert len(passed) / len(here) == pytest.approx(share, abs=spread)
            words = stage["work"].get(name) or stage["work"]["*"]
            if stage["at_close"] == "finish":
                work = (passed[f"{stage['stage']} end"] - passed[f"{stage['stage']} start"]) / 60
                spread = 5 * words["mean_min"] * words["cv"] / math.sqrt(len(passed)) + 1e-6
                assert work.mean() == pytest.approx(words["mean_min"], abs=spread)


def test_clean_stamps_are_those_of_the_log():
    port = known_port(3)
    trucks, visits = port.clean()
    assert trucks["arrival"].is_monotonic_increasing
    for stage in port.truth["stages"]:
        here = visits[visits["stage"] == stage["stage"]]
        for stamp, there in stage["stamps"].items():
            assert here[stamp].notna().any() == there
    _, exact = port.clean(exact=True)
    apart = (exact["end"] - visits["end"]).dropna()
    assert apart.between(0, 60 if port.truth["log"]["stamps"] == "minute" else 1).all()
    if port.truth["log"]["closed_at_end"]:
        assert visits["end"].max() < port.span[1]


def test_a_hundred_ports_have_everything_that_a_log_may_have():
    seen: Counter[str] = Counter()
    for seed in range(100):
        truth = known_port(seed).truth
        seen[f"{len(truth['stages'])} stages"] += 1
        seen[f"{len(truth['classes'])} classes"] += 1
        seen["overload"] += truth["overload"]
        seen["step"] += truth["step"] is not None
        seen["trend"] += bool(truth["arrivals"]["month"])
        seen[truth["log"]["kind"]] += 1
        for stage in truth["stages"]:
            seen[stage["at_close"]] += 1
            seen["team" if len(stage["servers"]) > 1 else "alone"] += 1
            seen["lunch"] += any(len(s) > 1 for s in stage["servers"][0]["hours"].values())
            seen["Sunday off"] += "6" not in stage["servers"][0]["hours"]
            seen["start" if stage["stamps"]["start"] else "no start"] += 1
            seen[next(iter(stage["work"].values()))["distribution"]] += 1
    wanted = {*(f"{n} stages" for n in range(1, 6)), *(f"{n} classes" for n in (1, 2, 3)), *KINDS,
              "overload", "step", "trend", "finish", "pause", "team", "alone", "lunch",
              "Sunday off", "start", "no start", "lognormal", "gamma", "constant", "exponential",
              "triangular"}  # fmt: skip
    assert not [name for name in sorted(wanted) if seen[name] < 5]


@pytest.mark.parametrize("seed", [0, 4, 9, 11])
def test_the_dirt_is_as_much_as_the_truth_says(seed: int):
    port = known_port(seed)
    rows, done = port.dirty, port.truth["dirt"]
    trucks, _ = port.clean()
    again = done.get("rows_twice", 0) + done.get("day_twice", {}).get("many", 0)
    assert len(rows) == len(trucks) - done.get("lost_trucks", 0) + again
    assert int(rows.duplicated().sum()) == again
    if "blank" in done:
        left = rows.drop_duplicates("truck")
        clean = trucks[trucks["truck"].isin(left["truck"])]
        assert (
            clean["arrival"].notna().sum() - left["arrival"].notna().sum()
            == (done["blank"]["arrival"])
        )
    for day in done.get("lost_days", ()):
        begin = second(dt.date.fromisoformat(day), 0, port.zone)
        assert not rows["arrival"].between(begin, begin + 82_000).any()


@pytest.mark.parametrize("seed", [35, 14, 11])
def test_every_kind_of_file_says_the_same(seed: int, tmp_path: Path):
    port = known_port(seed)
    rows = port.dirty
    stamps = [name for name in rows.columns if name not in ("truck", "plate", "truck_class")]
    count = int(rows[stamps].notna().to_numpy().sum())
    log = port.truth["log"]
    with port.log("csv", tmp_path).open(encoding=log["encoding"], newline="") as text:
        table = list(csv.reader(text, delimiter=log["separator"]))
    assert table[0] == list(log["columns"].values())
    assert len(table) == len(rows) + 1
    assert sum(bool(cell) for row in table[1:] for cell in row[2:]) == count
    with port.log("events", tmp_path).open(encoding=log["encoding"], newline="") as text:
        assert len(list(csv.reader(text, delimiter=log["separator"]))) == count + 1
    sheet = pd.read_excel(port.log("xlsx", tmp_path), engine="openpyxl")
    assert int(sheet.iloc[:, 2:].notna().to_numpy().sum()) == count
    file = port.log("xes", tmp_path)
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    tree = ET.fromstring(data)
    assert len(tree.findall("trace")) == len(rows)
    assert len(tree.findall("trace/event")) == count
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["dirt"] == port.truth["dirt"]
