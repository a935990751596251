"""`portsim live`: what it writes, and what it refuses with a word that helps."""

import datetime as dt
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from live.states import meant
from portsim.checking import load
from portsim.cli.main import cli
from portsim.demand import draw
from portsim.errors import InputError
from portsim.livepage.busiest import busiest
from portsim.livepage.draws import planes
from portsim.livepage.policies import state_of


def run(*words: str | Path):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    assert run("new", tmp_path / "port").exit_code == 0
    return tmp_path / "port" / "port.yaml"


def test_the_page_of_the_starter_is_one_small_file(starter: Path, tmp_path: Path) -> None:
    out = tmp_path / "port.html"
    said = run("live", starter, "--out", out, "--lang", "ru")
    assert said.exit_code == 0, said.output
    assert said.output == f"{out}\n"
    text = out.read_text("utf-8")
    assert len(text) < 1_500_000
    assert '<html lang="ru">' in text
    assert "http:" not in text
    assert "https:" not in text
    # Twice the same, to the byte.
    assert run("live", starter, "--out", out, "--lang", "ru").exit_code == 0
    assert out.read_text("utf-8") == text


def test_what_the_page_cannot_lay_out_anew_is_named_and_nothing_written(
    starter: Path, tmp_path: Path
) -> None:
    policy = starter.with_name("again.yaml")
    policy.write_text(
        "extends: port.yaml\n"
        "traffic:\n"
        "  imports: {patience: 2 h, comes_again: {share: 0.5, after: 3 h}}\n"
        "  exports: {arrivals: {slots: {of: gate}}}\n"
        "slots: {gate: {calendar: day, every: 30 min, quota: 40}}\n",
        "utf-8",
    )
    said = run("live", policy, "--out", tmp_path / "port.html")
    assert said.exit_code != 0
    assert not os.path.lexists(tmp_path / "port.html")
    told = str(said.exception)
    assert "traffic.imports: trucks that come again" in told
    assert "traffic.exports.arrivals.slots" in told


def test_hours_that_trucks_follow_stay_as_they_are(starter: Path, tmp_path: Path) -> None:
    base = starter.with_name("follow.yaml")
    base.write_text("extends: port.yaml\ntraffic: {imports: {arrivals: {follow: day}}}\n", "utf-8")
    policy = starter.with_name("longer.yaml")
    policy.write_text('extends: follow.yaml\ncalendars: {day: {hours: "06:00-23:00"}}\n', "utf-8")
    out = tmp_path / "port.html"
    assert run("live", base, "--out", out, "-n", 1).exit_code == 0
    assert '"fixedCalendars":["day"]' in out.read_text("utf-8")
    with pytest.raises(InputError, match="trucks follow the hours of day"):
        state_of(load(base), load(policy))


def test_policies_are_states_of_the_page_or_refused(starter: Path, tmp_path: Path) -> None:
    longer = starter.with_name("longer-hours.yaml")
    said = run("live", starter, longer, "--out", tmp_path / "port.html", "--replications", 1)
    assert said.exit_code == 0, said.output
    base, policy = load(starter), load(longer)
    state = state_of(base, policy)
    assert state["calendars"]["day"]["rules"][0]["hours"][5] == [[28_800, 46_800], [50_400, 68_400]]
    assert meant(base, state).calendars["day"].hours == policy.calendars["day"].hours
    others = starter.with_name("others.yaml")
    for words, why in (
        ("traffic: {imports: {load: 21 t}}", "more than what can be moved"),
        ("traffic: {scale: 1.234}", "traffic.scale is 1.234"),
        ('stages: {gate: {time_by_hour: {"08:00-09:00": 1.5}}}', "not by one factor"),
    ):
        others.write_text(f"extends: port.yaml\n{words}\n", "utf-8")
        with pytest.raises(InputError, match=why):
            state_of(base, load(others))
    others.write_text(
        "extends: port.yaml\ntraffic: {scale: 1.25}\nresources: {lanes: {capacity: 5}}\n"
        'stages: {gate: {time_by_hour: {"00:00-24:00": 1.2}}}\n',
        "utf-8",
    )
    state = state_of(base, load(others))
    assert (state["demand"], state["staff"][0], state["pace"]) == (15, [5], [120, 100, 100])


def test_a_folder_that_does_not_exist_is_refused(starter: Path, tmp_path: Path) -> None:
    said = run("live", starter, "--out", tmp_path / "nowhere" / "port.html")
    assert "no such folder" in str(said.exception)


def test_the_weeks_shown_are_those_in_which_most_trucks_come(starter: Path) -> None:
    """Twice as many trucks come in July, which begins on a Monday."""
    policy = starter.with_name("year.yaml")
    policy.write_text(
        "extends: port.yaml\n"
        "period: {from: 2024-05-01, to: 2024-09-15, warm_up: 1 week}\n"
        "traffic:\n"
        "  imports: {arrivals: {months: {Jan-Jun: 1, Jul: 2, Aug-Dec: 1}}}\n",
        "utf-8",
    )
    scenario = load(policy)
    trucks = draw(scenario, scenario.seed, 1)
    period = busiest(scenario, trucks, 4).period
    assert (period.first_day, period.last_day) == (dt.date(2024, 7, 1), dt.date(2024, 7, 28))
    assert period.warm_up == scenario.period.warm_up
    assert busiest(scenario, trucks, 60) is scenario


def test_columns_are_cut_into_planes_the_lowest_first() -> None:
    layout_, stream = planes({"a": [1, 2], "b": [258, 3], "none": []})
    assert layout_ == [["a", 2, 1], ["b", 2, 2], ["none", 0, 1]]
    assert stream == bytes([1, 2, 2, 3, 1, 0])
