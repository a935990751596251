"""Papers from words to a plan: whose there are, when they begin, what waits; and no other draw."""

import numpy as np
import pytest

from demand.ports import HOUR
from portsim.checking import load
from portsim.demand import draw, draw_later
from portsim.engines import compiled
from portsim.errors import InputError
from portsim.experiment.states import state
from portsim.forecasting.beginning import begun, minute_of
from portsim.measures import Measurement
from portsim.plan import NEVER, Site, draft, timetable

PORT = """\
name: small
timezone: UTC
period: {from: 2024-03-04, to: 2024-03-05}
resources:
  clerks: {capacity: 2}
stages:
  gate: {time: 5 min}
  scan: {share: 0.5, time: {exponential: {mean: 20 min}}}
  release: {overtaking: true, time: {exponential: {mean: 2 min}}}
  desk: {takes: {clerks: 1}, time: {exponential: {mean: 25 min}}}
  till: {share: 0.25, time: 3 min}
channels: {risk: {green: 0.8, red: 0.2}}
traffic:
  tea:
    direction: export
    arrivals: {rate: 90 per day}
    priority: 2
    channels: risk
    route: [gate, scan, release]
    papers:
      declaration:
        route: [desk, till]
        before_arrival: {uniform: {low: 1 h, high: 6 h}}
        needed_at: scan
      analysis: {route: [desk], channels: red, begins_after: gate, needed_at: release}
  fruit:
    direction: import
    arrivals: {rate: 20 per day}
    route: [release]
    papers: {permit: {route: [till], share: 0.5, needed_at: release}}
"""


def port(folder, *changes):
    text = PORT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "port.yaml").write_text(text, encoding="utf-8")
    return load(folder / "port.yaml")


def plan_of(scenario, later=True):
    after = draw_later(scenario, 7, 1) if later else None
    return Site(timetable(scenario), draft(scenario, draw(scenario, 7, 1), after)).at()


def test_papers_go_their_way_and_begin_when_they_are_said_to(tmp_path):
    plan = plan_of(port(tmp_path), later=False)
    papers, context = plan.papers, plan.context
    stage = [context.stage_names[number] for number in plan.kind_stage[papers.visit_kind]]
    tea = plan.context.truck_class == context.class_names.index("tea")
    own = np.bincount(papers.belongs, minlength=plan.trucks)
    # Each tea has a declaration, a fifth of them an analysis, half of the fruit a permit that a
    # quarter of these have to pay.
    assert np.all(own[tea] >= 1)
    assert 0.1 < np.mean(own[tea] == 2) < 0.35
    assert 0.02 < np.mean(own[~tea] == 1) < 0.3
    assert stage.count("desk") == own[tea].sum()
    early = plan.arrival[papers.belongs] - papers.begins
    handed = papers.begins != NEVER
    assert np.all((early[handed] >= HOUR) | (papers.begins[handed] == 0))
    assert np.all(early[handed] <= 6 * HOUR)
    assert np.array_equal(papers.priority, np.where(tea[papers.belongs], 2, 0))
    first, last = plan.first_visit[papers.belongs], plan.first_visit[papers.belongs + 1] - 1
    passes = last - first == 2
    declared = handed & tea[papers.belongs]
    # Who is not scanned needs its declaration at the release.
    assert np.array_equal(papers.needed[declared], first[declared] + 1)
    assert 0.3 < passes[declared].mean() < 0.7
    analysed = ~handed & tea[papers.belongs]
    assert np.array_equal(papers.with_visit[analysed], first[analysed] + 1)
    assert np.array_equal(papers.needed[analysed], last[analysed])


def test_papers_move_no_other_draw(tmp_path):
    with_papers = plan_of(port(tmp_path))
    begin = PORT.index("    papers:\n      declaration")
    end = PORT.index("  fruit:")
    permit = "    papers: {permit: {route: [till], share: 0.5, needed_at: release}}\n"
    without = plan_of(port(tmp_path, (PORT[begin:end], ""), (permit, "")))
    assert without.papers is None
    for column in ("arrival", "first_visit", "visit_work", "visit_stage"):
        assert np.array_equal(getattr(with_papers, column), getattr(without, column))
    # A name of its own is luck of its own; another one beside it changes nothing.
    renamed = plan_of(port(tmp_path, ("analysis:", "assay:")))
    assert not np.array_equal(renamed.papers.visit_work, with_papers.papers.visit_work)
    alone = plan_of(port(tmp_path, (permit, "")))
    tea = with_papers.context.truck_class == 1
    mine = np.append(tea, True)[with_papers.papers.belongs]
    work = np.repeat(mine, np.diff(with_papers.papers.first_visit))
    assert np.array_equal(alone.papers.visit_work, with_papers.papers.visit_work[work])


def test_a_run_that_ends_earlier_is_the_beginning_of_the_longer_one(tmp_path):
    """Those who come after its end hand in before it, and the clerks have as much to do."""
    short, long = (
        plan_of(port(tmp_path, ("to: 2024-03-05", f"to: 2024-03-0{day}"))) for day in (5, 7)
    )
    told, whole = compiled.run(short), compiled.run(long)
    assert np.any(short.papers.belongs == NEVER)

    def before(seconds):
        return np.where(seconds < short.end, seconds, NEVER)

    for column in ("queued", "admitted", "finished"):
        assert np.array_equal(getattr(told, column), before(getattr(whole, column)[: short.visits]))
    begun = before(whole.papers)
    assert np.array_equal(told.papers[told.papers[:, 0] != NEVER], begun[begun[:, 0] != NEVER])
    without = compiled.run(plan_of(port(tmp_path), later=False))
    assert not np.array_equal(without.admitted, told.admitted)


def test_papers_are_no_trucks(tmp_path):
    plan = plan_of(port(tmp_path))
    run = Measurement(plan, compiled.run(plan))
    assert run.inside.weight.sum() == plan.trucks
    assert run.with_papers.inside.weight.sum() == plan.trucks
    assert run.with_papers.plan.trucks == plan.trucks + len(plan.papers)


def test_no_state_tells_how_far_papers_are(tmp_path):
    scenario = port(tmp_path)
    with pytest.raises(InputError, match="no state can be cut out of a run in which trucks have"):
        state(scenario, "2024-03-04 12:00")
    with pytest.raises(InputError, match="no forecast can begin with it"):
        begun(scenario, minute_of("2024-03-04 12:00"), 8.0, None)
