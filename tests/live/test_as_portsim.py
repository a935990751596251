"""What the page works out is what portsim does: hours, staff, trucks, logs and figures."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import pytest
from playwright.sync_api import Page

from live.conftest import SETTLED
from live.states import meant, random_state
from portsim.checking import load
from portsim.demand import draw
from portsim.engines import compiled
from portsim.engines.log import Log
from portsim.errors import InputError
from portsim.experiment.costs import money_rows, needed
from portsim.livepage import Contents, contents
from portsim.measures import Measurement, Wanted, figures
from portsim.measures.curves import curves
from portsim.plan import Site, draft, timetable
from portsim.scenario.model import Scenario
from thorough import cases

STATES, WHOLE = cases(120, 500), cases(3, 6)
"""In spring and in autumn each: states of which hours and steps are compared, and all."""
TABLES = """(states) => states.map((state) => {
  const table = timetable(rules, state);
  return [table.admits, table.works, table.steps, table.open, table.paces];
})"""
FIGURES = {
    "kept": "completed_within_limit",
    "throughput": "throughput_per_day",
    "stay": "stay_mean_h",
    "queueMean": "queue_mean",
    "insideStart": "inside_at_start",
    "insideEnd": "inside_at_end",
    "time": "time_cost_per_day",
}
WAITS = ("wait_open_mean_h", "wait_closed_mean_h")
CURVES = {"queue": "queue", "inside": "inside", "daily": "throughput"}
SEEN = """[...seen.figures.entries()].map(([k, f]) => [k, JSON.stringify(f,
  (name, value) => ArrayBuffer.isView(value) ? [...value] : value)])"""


def usual_of(page: Page) -> tuple[dict, tuple[int, int]]:
    days = page.evaluate(
        "[rules.run.origin, rules.run.origin + rules.run.end].map((s) => Math.floor(s / DAY))"
    )
    return page.evaluate("asItIs(rules)"), tuple(days)


def test_hours_and_steps_are_those_of_portsim_in_every_state(
    opened: Callable[..., Page], made: Contents
) -> None:
    """Clock changes, holidays, make-up days, lunch, hours across midnight, daylight, closed days,
    rosters, refills, breakdowns and paces: many states in the spring and in the autumn."""
    page = opened(made)
    usual, days = usual_of(page)
    luck = Random(17)
    states = [usual, *(random_state(luck, usual, days) for _ in range(STATES - 1))]
    told = page.evaluate(TABLES, states)
    for number, (state, (admits, works, steps, open_, paces)) in enumerate(
        zip(states, told, strict=True)
    ):
        table = timetable(meant(made.scenario, state))
        assert admits == [rows.ravel().tolist() for rows in table.admits], number
        assert works == [rows.ravel().tolist() for rows in table.works], number
        assert steps == [
            [[0, int(s.initial)], *np.column_stack([s.times, s.values]).tolist()]
            for s in table.steps
        ], number
        assert open_ == table.context.open_hours.ravel().tolist(), number
        if table.paces is None:
            assert paces is None
        else:
            rows = [np.column_stack(table.paces.of(s)).tolist() for s in range(len(table.works))]
            assert paces == rows, number


def test_overlays_from_the_page_give_the_same_figures(
    opened: Callable[..., Page], made: Contents, port: Path
) -> None:
    """The state is written as YAML, read by portsim and run: doors, steps, trucks, the whole way.

    The figures of each replication are equal to the last digits that sums of floats have.
    """
    same_whatever_is_moved(opened(made), port, WHOLE)


def test_rules_that_decide_by_queues_shifts_and_breakdowns_give_the_same_figures(
    opened: Callable[..., Page], ruled: Path
) -> None:
    """Choices of lanes and servers, servers that the queue opens, shifts that overlap, breakdowns
    that stop the work in hand, and drivers who follow hours that stay as they are."""
    logs = same_whatever_is_moved(opened(contents(load(ruled))), ruled, 2 * WHOLE)
    assert sum(len(log.openings) for log in logs) > 80 * WHOLE
    assert sum(len(log.stops) for log in logs) > 80 * WHOLE
    assert all(np.isin(log.ways, (-1, 0, 1)).all() and (log.ways == 1).any() for log in logs)


def test_shares_of_trucks_give_the_same_figures_whichever_is_moved(
    opened: Callable[..., Page], shared: Path
) -> None:
    """Channels of a set that two classes name and of a class alone, shares of a stage and of a
    step, ways back, servers kept from stage to stage, preferred trucks that skip one."""
    same_whatever_is_moved(opened(contents(load(shared))), shared, 2 * WHOLE)


def some_shares(page: Page, luck: Random) -> list[int]:
    """Any that can be together."""
    counts = page.evaluate("rules.shares.sliders.map(({ values }) => values.length)")
    while True:
        shares = [luck.randrange(count) for count in counts]
        if page.evaluate("(shares) => canBe(rules, shares)", shares):
            return shares


def same_whatever_is_moved(page: Page, port: Path, states: int) -> list[Log]:
    usual, days = usual_of(page)
    fixed = page.evaluate("rules.fixedCalendars")
    logs: list[Log] = []
    for seed in range(states):
        state = random_state(Random(seed), usual, days, mild=True)
        state["calendars"] |= {name: usual["calendars"][name] for name in fixed}
        state["shares"] = some_shares(page, Random(seed))
        page.evaluate("(now) => { state = now; ask(); }", state)
        page.wait_for_function(SETTLED, timeout=120_000)
        policy = port.with_name(f"policy-{seed}.yaml")
        policy.write_text(page.evaluate("yamlText()"), "utf-8")
        told = page.evaluate(SEEN)
        assert len(told) == 4
        logs += same_figures(load(policy), {k + 1: json.loads(text) for k, text in told})
    return logs


REFUSALS = cases(24, 60)
ASKED = """(states) => states.map((state) => [
  faults(rules, state, timetable(rules, state)).length > 0,
  overlay(rules, state, { source: "s", summary: "t" }),
])"""


def test_the_page_refuses_the_overlays_that_portsim_refuses_and_no_others(
    opened: Callable[..., Page], made: Contents, port: Path
) -> None:
    """Stages that are never open or never staffed while they are, found by both or by neither."""
    refuse_alike(opened(made), port)


def test_it_refuses_alike_where_other_servers_would_do(
    opened: Callable[..., Page], ruled: Path
) -> None:
    refuse_alike(opened(contents(load(ruled), replications=1)), ruled)


def refuse_alike(page: Page, port: Path) -> None:
    usual, days = usual_of(page)
    luck = Random(18)
    states = [random_state(luck, usual, days, mild=bool(n % 3)) for n in range(REFUSALS)]
    for state in states[::4]:
        # Shut: a calendar; at one time only with another: nights and days; nobody on duty.
        name = luck.choice([*usual["calendars"]])
        state["calendars"][name]["rules"] = [
            {"hours": [luck.choice(([], [[79_200, 86_400]]))] * 7, "lunch": rule["lunch"]}
            for rule in usual["calendars"][name]["rules"]
        ]
    for state in states[1::4]:
        state["staff"][luck.randrange(4)][0] = 0
    refused = []
    for number, (state, (fault, text)) in enumerate(
        zip(states, page.evaluate(ASKED, states), strict=True)
    ):
        policy = port.with_name("refused.yaml")
        policy.write_text(text, "utf-8")
        refused.append(_refusal(policy))
        assert fault == (refused[-1] != ""), (number, state, refused[-1])
    known = ("never", "need", "instead_of")
    assert all(any(word in why for word in known) for why in refused if why)
    assert REFUSALS // 6 < refused.count("") < REFUSALS - REFUSALS // 6


def _refusal(policy: Path) -> str:
    try:
        load(policy)
    except InputError as error:
        return str(error)
    return ""


def same_figures(scenario: Scenario, told: dict[int, dict]) -> list[Log]:
    table = timetable(scenario)
    logs = []
    for number, said in told.items():
        trucks = draw(scenario, scenario.seed, number)
        plan = Site(table, draft(scenario, trucks)).at()
        run = Measurement(plan, compiled.run(plan))
        wanted = frozenset({*FIGURES.values(), *WAITS, "arrived", "load", "stay_mean_h"})
        listed = figures(run, Wanted(wanted | needed(wanted)))
        listed += money_rows(scenario, listed)
        rows = {(cls, place, name): (value, n) for cls, place, name, value, n, _ in listed}
        for own, name in FIGURES.items():
            # Where no class says what its time is worth, it costs nothing here.
            assert near(said[own], rows.get(("all", "", name), (0.0, 0))[0]), (name, number)
        assert near(said["arrived"], rows["all", "", "arrived"][0] / run.context.days)
        # Of a stage hours a truck of the port, of which the rows of the stage tell those a visit.
        staying = rows["all", "", "stay_mean_h"][1]
        for stage, parts in zip(run.context.stage_names, said["waits"], strict=True):
            for part, name in zip(parts, WAITS, strict=True):
                mean, visits = rows["all", stage, name]
                assert near(part, mean * visits / staying if visits else 0.0), (name, stage, number)
        for resource, share in zip(run.context.resource_names, said["loads"], strict=True):
            known = rows.get(("all", resource, "load"), (np.nan, 0))[0]
            # Where no truck may come at all, portsim speaks of no load, and the page of none.
            assert near(share, known) or (not share and np.isnan(known)), (resource, number)
        drawn = {
            (curve.place, curve.curve): curve.y for curve in curves(run, []) if curve.cls == "all"
        }
        for own, name in {**CURVES, "week": "week"}.items():
            curve = np.asarray(drawn["", name])
            said_curve = np.array(said[own], dtype=float)
            assert said_curve == pytest.approx(curve, rel=1e-9, abs=1e-9, nan_ok=True), own
        logs.append(run.as_given[1])
    return logs


def near(said: float | None, known: float) -> bool:
    """Equal to the last digits that sums of floats have; None stands for what is not known."""
    return np.isnan(known) if said is None else bool(said == pytest.approx(known, rel=1e-9))
