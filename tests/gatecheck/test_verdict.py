"""What is named for a port that is modelled wrongly, and the silence about one that is right."""

import datetime as dt

import numpy as np
import pytest

from portsim.errors import InputError
from portsim.held import held_against
from portsim.wording import LANGUAGES, speaking
from small_logs import FIRST, came, csv, port, served


def kinds(held):
    return {(fault["kind"], fault["stage"]) for fault in held.faults}


@pytest.mark.parametrize("starts", [True, False])
def test_a_port_as_it_is_raises_no_word(pair, starts: bool) -> None:
    held = held_against(*pair(csv(served(came(28)), starts)), replications=10)
    assert held.faults == []
    assert "within what chance does" in held.sentences[0]
    # With its own trucks: as few come in one period or many, all figures go the same way.
    judged = held.table[held.table["arrivals"].eq("log") & held.table["inside"].ne("")]
    assert judged["inside"].eq("yes").mean() > 0.9
    assert held.facts["from"] == "2024-09-09"
    assert held.facts["warm_up_days"] == 7


def test_slower_work_is_named_with_how_much(pair) -> None:
    held = held_against(*pair(csv(served(came(28), minutes=11))), replications=10)
    assert kinds(held) == {("work", "gate")}
    (fault,) = held.faults
    assert fault["log"] == pytest.approx(660, abs=1)
    assert fault["simulated"] == pytest.approx(600, abs=1)
    assert "Main gate: work takes 10 % longer than modelled" in held.sentences[1]


def test_a_server_fewer_is_named_with_its_number(pair) -> None:
    scenario = port(servers=3, rate=100)
    rows = served(came(28, 100), servers=2)
    held = held_against(*pair(csv(rows), scenario), replications=10)
    assert kinds(held) == {("servers", "gate")}
    (fault,) = held.faults
    assert fault["log"] == pytest.approx(2, abs=0.05)
    assert fault["simulated"] == pytest.approx(3, abs=0.05)
    assert "1 fewer at work than modelled" in held.sentences[1]


def test_what_changed_on_a_day_is_told_with_the_day(pair) -> None:
    days = came(42)
    change = FIRST + dt.timedelta(days=28)
    early = served([day for day in days if day < change])
    late = served([day for day in days if day >= change], minutes=11)
    held = held_against(*pair(csv(early + late)), replications=10)
    assert kinds(held) == {("work", "gate")}
    assert held.faults[0]["since"] == "2024-09-30"
    assert "Since 30 September 2024; before that it was as modelled." in held.sentences[1]


def test_without_starts_a_server_fewer_is_told_by_the_works_that_it_implies(pair) -> None:
    scenario = port(servers=3, rate=100)
    rows = served(came(28, 100), servers=2)
    held = held_against(*pair(csv(rows, starts=False), scenario), replications=10)
    assert kinds(held) == {("implied", "gate")}
    assert held.faults[0]["cause"] == "servers"
    assert "a server fewer than modelled" in held.sentences[1]
    assert "with one fewer it takes as long as modelled" in held.sentences[1]


def test_without_starts_slower_work_is_told_from_a_server_fewer(pair) -> None:
    scenario = port(servers=2, rate=100)
    rows = served(came(28, 100), servers=2, minutes=11)
    held = held_against(*pair(csv(rows, starts=False), scenario), replications=10)
    assert kinds(held) == {("implied", "gate")}
    (fault,) = held.faults
    assert fault["cause"] == "work"
    assert fault["log"] == pytest.approx(660, abs=2)
    assert "Main gate: work takes 10 % longer than modelled" in held.sentences[1]
    assert "first come first served" in held.sentences[1]


def test_without_starts_a_server_more_is_told(pair) -> None:
    scenario = port(servers=2, rate=130)
    rows = served(came(28, 130), servers=3)
    held = held_against(*pair(csv(rows, starts=False), scenario), replications=10)
    assert kinds(held) == {("implied", "gate")}
    assert held.faults[0]["cause"] == "servers"
    assert "a server more than modelled" in held.sentences[1]


@pytest.mark.parametrize(
    ("opens", "words"), [(9, "the first work comes 60"), (7, "the first work comes 60")]
)
def test_other_hours_are_named(pair, opens: int, words: str) -> None:
    rows = served(came(28), opens=opens)
    held = held_against(*pair(csv(rows)), replications=10)
    assert ("first", "gate") in kinds(held)
    told = " ".join(held.sentences)
    assert words in told
    assert ("later" if opens > 8 else "earlier") in told
    assert f"at {opens:02}:00 as a rule, at 08:00 in the scenario" in told


def test_days_without_work_are_named_by_date(pair) -> None:
    shut = (dt.date(2024, 9, 18),)
    held = held_against(*pair(csv(served(came(28, 40), shut=shut))), replications=10)
    (fault,) = [each for each in held.faults if each["kind"] == "shut"]
    assert fault["dates"] == ["2024-09-18"]


def test_more_trucks_than_the_scenario_lets_come_are_named(pair) -> None:
    held = held_against(*pair(csv(served(came(28))), port(rate=25)), replications=10)
    assert kinds(held) == {("arrivals", "")}


def test_the_verdict_is_said_in_every_language(pair) -> None:
    held = held_against(*pair(csv(served(came(28), minutes=11))), replications=10)
    texts = set()
    for language in LANGUAGES:
        with speaking(language):
            texts.add(held.sentences[1])
    assert len(texts) == len(LANGUAGES)


def test_servers_that_the_queue_opens_are_said_where_they_are(pair) -> None:
    opens = "opens: {when_waiting: {gate: 90}, until_waiting: 1}"
    scenario = port().replace("calendar: day}", f"calendar: day, {opens}}}")
    assert "opens" in scenario
    held = held_against(*pair(csv(served(came(28))), scenario), replications=10)
    assert held.faults == []
    assert held.facts["opened"] == ["gate"]
    assert "The queue opens servers at: Main gate." in " ".join(held.sentences)
    plain = held_against(*pair(csv(served(came(28)))), replications=10)
    assert "The queue opens" not in " ".join(plain.sentences)


def test_one_truck_is_a_log(pair) -> None:
    arrival = FIRST + dt.timedelta(hours=9)
    rows = [(arrival, arrival, arrival + dt.timedelta(minutes=10))]
    held = held_against(*pair(csv(rows)), replications=10)
    table = held.table[held.table["arrivals"].eq("log") & held.table["truck_class"].eq("all")]
    values = table.set_index(["place", "measure"])["log"]
    assert values["", "arrivals_per_day"] == 1
    assert values["", "throughput_per_day"] == 1
    assert {fault["kind"] for fault in held.faults} <= {"arrivals"}


def test_three_trucks_are_measured_as_by_hand(pair) -> None:
    minutes = [(0, 0, 10), (5, 10, 20), (6, 20, 30)]
    # A second day, so that the first is looked at to the limit of the promise.
    rows = [
        tuple(FIRST + dt.timedelta(days=day, hours=9, minutes=m) for m in three)
        for day in (0, 1)
        for three in minutes
    ]
    held = held_against(*pair(csv(rows)), replications=10)
    table = held.table[held.table["arrivals"].eq("log") & held.table["truck_class"].eq("all")]
    log = table.set_index(["place", "measure"])["log"]
    simulated = table.set_index(["place", "measure"])["simulated"]
    wait, work = (0 + 5 + 14) / 3 / 60, 10 / 60
    assert log["gate", "wait_mean_h"] == pytest.approx(wait)
    assert log["gate", "work_mean_h"] == pytest.approx(work)
    assert log["", "stay_mean_h"] == pytest.approx(wait + work)
    assert log["gate", "queue_mean"] == pytest.approx(2 * 19 / (48 * 60))
    assert log["", "completed_within_limit"] == 1
    # A port of constant work gives back with these trucks what they did.
    for key in (("gate", "wait_mean_h"), ("", "stay_mean_h"), ("gate", "queue_mean")):
        assert simulated[key] == pytest.approx(log[key], rel=0.1)


def test_trucks_that_wait_when_the_log_ends_wait(pair) -> None:
    """Forty come at 17:30 of the last of ten days; three are served, and 37 stand there."""
    late = [FIRST + dt.timedelta(days=9, hours=17, minutes=30)] * 40
    rows = served(came(9, rate=30) + late)
    log_ends = FIRST + dt.timedelta(days=10)
    stamped = csv(rows, starts=False).splitlines()
    cut = [
        line if end < log_ends else line.rpartition(",")[0] + ","
        for line, (_, _, end) in zip(stamped[1:], rows, strict=True)
    ]
    assert sum(line.endswith(",") for line in cut) == 37
    held = held_against(*pair("\n".join([stamped[0], *cut]) + "\n"), replications=10)
    table = held.table[held.table["arrivals"].eq("log") & held.table["truck_class"].eq("all")]
    there = table.set_index(["place", "measure"])["log"]["gate", "queue_mean"]
    first = dt.datetime.fromisoformat(held.facts["from"])
    hours = sum(
        (min(end, log_ends) - came_).total_seconds() / 3600
        for came_, _, end in rows
        if came_ >= first
    )
    assert there == pytest.approx(hours / ((log_ends - first).total_seconds() / 3600), rel=1e-3)


def test_some_days_of_a_log_may_be_chosen(pair) -> None:
    both = pair(csv(served(came(28))))
    period = (dt.date(2024, 9, 16), dt.date(2024, 9, 22))
    held = held_against(*both, period=period, replications=10)
    assert (held.facts["from"], held.facts["to"]) == ("2024-09-16", "2024-09-22")
    assert held.facts["warm_up_days"] == 7
    with pytest.raises(InputError, match="no truck of the log came from 2030"):
        held_against(*both, period=(dt.date(2030, 1, 1), dt.date(2030, 1, 7)))
    with pytest.raises(InputError, match="10 replications or more"):
        held_against(*both, replications=9)


def test_a_second_check_gives_the_same(pair) -> None:
    both = pair(csv(served(came(21))))
    first, second = (held_against(*both, replications=10) for _ in range(2))
    assert first.table.equals(second.table)
    assert first.distances.equals(second.distances)
    other = held_against(*both, replications=10, seed=7)
    own = first.table["arrivals"].eq("own")
    assert not np.array_equal(other.table[own]["simulated"], first.table[own]["simulated"])


TWO = """
name: two
timezone: UTC
period: {from: 2024-09-09, to: 2024-09-29, warm_up: 1 week}
calendars:
  always: {hours: "00:00-24:00"}
resources:
  gates: {capacity: 1, calendar: always}
  desks: {capacity: 2, calendar: always}
stages:
  gate: {takes: {gates: 1}, at_close: finish, time: 10 min}
  desk: {takes: {desks: 1}, at_close: finish, time: 21 min}
traffic:
  trucks:
    direction: import
    arrivals: {rate: 160 per day, hours: {"06:00-16:00": 1}}
    route: [gate, desk]
"""


def test_what_a_log_tells_of_later_days_is_not_missing_in_those_that_are_looked_at(pair) -> None:
    # More come than the gate can take: as the days end that are looked at, hundreds wait there,
    # and the log goes on to say when they were at the desk.
    gate = served(came(28, 160), 10, 1, 0, 24)
    desk = served([end for *_, end in gate], 21, 2, 0, 24)
    lines = ["plate,arrival,gate start,gate end,desk start,desk end"]
    for number, ((arrival, *at_gate), (_, *at_desk)) in enumerate(zip(gate, desk, strict=True)):
        stamps = [f"{stamp:%Y-%m-%d %H:%M:%S}" for stamp in (arrival, *at_gate, *at_desk)]
        lines.append(",".join([f"T{number:05}", *stamps]))
    days = dt.date(2024, 9, 9), dt.date(2024, 9, 22)
    scenario, log = pair("\n".join(lines) + "\n", TWO)
    held = held_against(scenario, log, period=days, replications=10)
    assert [fault for fault in held.faults if fault["kind"] != "arrivals"] == []
