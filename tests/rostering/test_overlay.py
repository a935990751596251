"""A roster as words of a scenario says what was tried, and people's weeks add up to it."""

import numpy as np
import pytest
import yaml

import portsim
from portsim.rostering.overlay import overlay
from portsim.rostering.people import people_rows
from portsim.rostering.trials import Trials
from portsim.rostering.week import choices
from portsim.scenario.tours import Shift
from portsim.studies.requirement import Requirement

PORT = """\
name: yard
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-17, warm_up: 1 week}
replications: 3
seed: 5
completion: {limit: 9 h}
resources:
  desks: {capacity: 2}
  doors: {capacity: 2}
stages:
  paper: {takes: {desks: 1}, time: {exponential: {mean: 30 min}}, at_close: finish}
  gate: {takes: {doors: 1}, time: 12 min, at_close: finish}
traffic:
  trucks:
    direction: export
    arrivals: {rate: 50 per day, hours: {"06:00-20:00": 1}}
    load: 20 t
    route: [paper, gate]
shifts:
  posts: {doors: {fewest: 1}}
  people:
    staff:
      posts: [desks, doors]
      starts: [08:00, 20:00]
      lengths: [12 h]
      breaks: [{after: 5 h, lasts: 30 min, covered: false}]
      patterns: [12 h on 24 off, 5 on 2 off]
      wage: 10 CNY
      night: {times: 1.5}
      weekend: {times: 2}
      overtime: {over: 40 h, times: 1.5}
    clerks:
      posts: desks
      starts: 22:00
      lengths: [24 h, 8 h]
      patterns: [24 h on 72 off, 4 on 4 off]
      wage: 12 CNY
"""


@pytest.fixture
def port(tmp_path):
    (tmp_path / "yard.yaml").write_text(PORT, encoding="utf-8")
    return portsim.load(tmp_path / "yard.yaml")


def some_roster(words, luck):
    """A choice of a few turns, with every shift given to a post at random."""
    chosen = np.zeros(len(words.cost), dtype=np.int64)
    for number in luck.integers(0, len(words.tours), 5):
        chosen[number] += 1
    for row in words.given.toarray():
        begun = int(row @ chosen)
        able = np.flatnonzero(row < 0)
        for _ in range(begun):
            chosen[luck.choice(able)] += 1
    assert not (words.given @ chosen).any()
    return chosen


@pytest.mark.parametrize("seed", range(4))
def test_the_overlay_gives_the_figures_of_the_trial(port, tmp_path, seed):
    words = choices(port)
    chosen = some_roster(words, np.random.default_rng(seed))
    promise = Requirement("completed_within_limit", at_least=0.9)
    trials = Trials(port, words.posts, words.edges, [promise], 3, port.seed, jobs=1)
    tried = trials.reached(words.on_duty(chosen))[:, 0]
    said = overlay(port, words, chosen)
    (tmp_path / "roster.yaml").write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    manned = portsim.load(f"{tmp_path / 'yard.yaml'}+{tmp_path / 'roster.yaml'}")
    figures = portsim.Draws(manned, 3).ask(measures="completed_within_limit")
    assert figures["completed_within_limit"].tolist() == pytest.approx(tried.tolist(), abs=0)
    # Whatever is paid for nights and overtime, a run of the overlay tells the cost of the roster.
    cost = portsim.Draws(manned, 1).ask(measures="staff_cost_per_day")["staff_cost_per_day"]
    assert 7 * cost.item() == pytest.approx(float(words.cost @ chosen), abs=0.01)
    assert 0 < tried.mean() < 1 or seed


@pytest.mark.parametrize("seed", range(4))
def test_the_weeks_of_people_add_up_to_the_roster_in_every_week(port, seed):
    words = choices(port)
    chosen = some_roster(words, np.random.default_rng(seed))
    rows = people_rows(words, chosen, words.spread(chosen))
    assert len(rows) == int((words.people @ chosen).sum())
    assert sum(row["cost"] for row in rows) == pytest.approx(float(words.cost @ chosen))
    # Everybody works a line of the same table the week after, and nobody the same as another.
    assert sorted(row["next"] for row in rows) == [row["line"] for row in rows]
    begun = sum(words.spread(chosen).values())
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert sum(len(row[day].split(",")) for row in rows for day in days if row[day]) == begun


def test_who_works_twelve_hours_of_thirty_six_goes_on_in_turn_from_week_to_week(port):
    """A shift begins 36 hours after the one before, across the end of the week too."""
    (turn,) = [
        tour
        for tour in choices(port).tours
        if tour.pattern == "12 h on 24 off" and tour.people == "staff"
    ]
    who, starts = 0, []
    for week in range(6):
        starts += [week * 168 + day * 24 + shift.start // 3600 for day, shift in turn.lines[who]]
        who = (who - turn.moves) % turn.persons
    assert set(np.diff(starts)) == {36}


def test_a_shift_beyond_midnight_is_written_on_two_days(port):
    words = choices(port)
    number = next(n for n, tour in enumerate(words.tours) if tour.pattern == "24 h on 72 off")
    chosen = np.zeros(len(words.cost), dtype=np.int64)
    chosen[number] = 1
    assert {shift for _, shift in words.tours[number].duty} == {Shift(22 * 3600, 24 * 3600)}
    said = overlay(port, words, chosen)
    (calendar,) = said["calendars"].values()
    assert calendar["hours"] == "round the clock"
    assert said["resources"]["doors"]["capacity"] == 0
