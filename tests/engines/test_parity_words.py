"""Both engines tell the same of a port that sorts its trucks, prefers some and counts all."""

import numpy as np
import pytest

from demand.ports import port
from engines.agreed import agreed
from portsim.demand import draw
from portsim.engines import RELEASED
from portsim.measures import Measurement, measure
from portsim.plan import Site, draft, timetable

TEXT = """\
name: sorted
timezone: Asia/Almaty
period: {from: 2024-03-04, to: 2024-03-10, warm_up: 1 week}
completion: {limit: 6 h, from: declaration, event: admitted}
calendars:
  day: {hours: "08:00-20:00"}
open_hours: day
resources:
  slots: {kind: budget, level: 30, refill: 00:00}
  clerks: {roster: [{calendar: day, count: 2}]}
  scanner: {capacity: 1}
  bays: {capacity: 2}
stages:
  slot: {spends: {slots: 1}, time: 0 s}
  declaration:
    takes: {clerks: 1}
    hours: day
    at_close: pause
    time: {gamma: {mean: 15 min, cv: 0.8}}
  scan: {takes: {scanner: {count: 1, until: next}}, claims: true, time: 12 min}
  inspection:
    takes: {bays: 1}
    overtaking: true
    share: 0.8
    time: {lognormal: {mean: 90 min, cv: 0.7}}
  release: {takes: {clerks: 1}, hours: day, at_close: finish, time: 3 min}
channels:
  risk: {green: 0.5, documents: 0.2, scan: 0.2, physical: 0.1}
traffic:
  day_factor: {gamma: {mean: 1, cv: 0.3}}
  tea:
    direction: export
    arrivals:
      total: {trucks: 420, from: 2024-02-26, to: 2024-03-09}
      weekdays: {Sun: 0.3}
      hours: {06:00-22:00: 1}
    channels: risk
    preferred: {share: 0.1, priority: -2, skips: [slot]}
    tolerance: {waiting: 25, stages: declaration}
    route:
      - slot
      - declaration
      - {stage: scan, channels: [scan, physical]}
      - {stage: inspection, channels: physical}
      - release
  fruit:
    direction: import
    arrivals: {rate: 30 per day, follow: day}
    pieces: 2
    priority: 1
    channels: {green: 0.7, scan: 0.3}
    preferred: {share: 0.5, priority: 0}
    patience: {time: {exponential: {mean: 4 h}}, stages: [declaration, scan]}
    route: [declaration, {stage: scan, share: 0.6, channels: scan}, release]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    scenario = port(tmp_path_factory.mktemp("words"), text=TEXT)
    return Site(timetable(scenario), draft(scenario, draw(scenario, scenario.seed, 1)))


@pytest.mark.parametrize("times", [1.0, 2.0])
def test_a_port_with_all_these_words_is_told_alike(site, times):
    plan = site.at(times)
    log = agreed(plan)
    assert len(np.unique(plan.priority)) == 3
    tea = plan.context.truck_class == plan.context.class_names.index("tea")
    assert tea.sum() == 420 * times
    assert {0, 1, 2, 3} >= set(log.outcome.tolist()) > {RELEASED}
    passed = np.bincount(plan.visit_stage[log.finished >= 0], minlength=5)
    assert (passed > 5).all()
    waited = log.admitted - log.queued
    assert (waited[log.admitted >= 0] > 0).sum() > 100
    figures = measure(Measurement(plan, log)).figures.set_index(
        ["truck_class", "place", "measure"]
    )["value"]
    assert 0 < figures["tea", "", "completed_within_limit"] < 1
