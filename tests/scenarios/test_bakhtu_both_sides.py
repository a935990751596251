"""Both sides of the border at Bakhtu: finite room between them, and clocks that disagree."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from portsim.arrays import Ints
from portsim.calendars import intersect, open_intervals, to_utc, total, zone
from portsim.checking import load
from portsim.demand import draw
from portsim.engines import GAVE_UP, Log, check_stuck
from portsim.engines.compiled import run
from portsim.plan import Plan, build

BAKHTU = Path(__file__).parents[2] / "scenarios" / "bakhtu"
WEEK = "period: {from: 2024-09-16, to: 2024-09-22, warm_up: 0 weeks}\n"


def ran(tmp_path: Path, text: str, policy: str = "hours-7x12") -> tuple[Plan, Log]:
    file = tmp_path / "varied.yaml"
    file.write_text(f"extends: {BAKHTU / policy}.yaml\n{text}", encoding="utf-8")
    port = load(file)
    plan = build(port, draw(port, 1, 1).at(port))
    log = run(plan)
    check_stuck(plan, log)
    return plan, log


def admitted(plan: Plan, log: Log, stage: str) -> Ints:
    """Seconds at which a stage admitted somebody, sorted."""
    assert plan.context is not None
    here = plan.visit_stage == plan.context.stage_names.index(stage)
    seconds: Ints = np.sort(log.admitted[here & (log.admitted >= 0)])
    return seconds


def between(plan: Plan, log: Log, first: str, second: str) -> Ints:
    """Trucks on the way at each admission of the first stage, that truck included."""
    assert plan.context is not None
    here = np.flatnonzero(plan.visit_stage == plan.context.stage_names.index(first))
    here = here[log.admitted[here] >= 0]
    assert np.all(plan.visit_stage[here + 1] == plan.context.stage_names.index(second))
    onto, off = np.sort(log.admitted[here]), log.admitted[here + 1]
    off = np.sort(off[off >= 0])
    on: Ints = np.arange(1, len(onto) + 1) - np.searchsorted(off, onto, side="right")
    return on


EXPORTS, IMPORTS = ("gate-export", "kz-post-export"), ("kz-post-import", "gate-import")
PLENTY = "resources: {strip-export: {capacity: 4000}, strip-import: {capacity: 4000}}\n"


@pytest.mark.parametrize(
    ("slow", "first", "second"), [("kz-officers", *EXPORTS), ("gate-officers", *IMPORTS)]
)
def test_a_slow_side_fills_the_strip_and_stops_the_other(
    tmp_path: Path, slow: str, first: str, second: str
) -> None:
    """One officer on one side: whoever comes last over the strip waits for a place on it."""
    weak = f"resources: {{{slow}: {{capacity: 1}}}}\n"
    loads = "traffic: {wind-blades: {scale: 0}, wind-parts: {scale: 0}}\n"
    plan, log = ran(tmp_path, WEEK + loads + weak)
    on = between(plan, log, first, second)
    let_in, let_out = admitted(plan, log, first), admitted(plan, log, second)

    assert on.max() == 40
    assert len(let_in) - len(let_out) == 40  # full on Sunday night
    # once full, the stronger side admits only as the weaker one does
    full = on == 40
    assert full.mean() > 0.5
    assert np.isin(let_in[full], let_out).mean() > 0.5

    boundless = weak.replace("resources: {", PLENTY.strip()[:-1] + ", ", 1)
    plan, log = ran(tmp_path, WEEK + loads + boundless)
    assert len(admitted(plan, log, first)) > len(let_in) + 100


@pytest.mark.parametrize("policy", ["hours-5x8", "hours-7x8-after-clock-change"])
def test_four_times_the_traffic_jams_nothing(tmp_path: Path, policy: str) -> None:
    """Convoys that hold part of the strip while they wait for more of it would close it for ever;
    here each takes its places at once, and nobody waits for room that he holds himself."""
    wind = (
        "wind-blades: {arrivals: {rate: 5 per week}}, wind-parts: {arrivals: {rate: 10 per week}}"
    )
    text = "period: {from: 2024-06-01, to: 2024-07-14, warm_up: 0 weeks}\n"
    text += f"traffic: {{scale: 4, {wind}}}\n"
    plan, log = ran(tmp_path, text, policy)  # raises StuckError if trucks wait in a circle

    assert between(plan, log, *IMPORTS).max() == 40
    assert len(admitted(plan, log, "wind-gate")) > 20


# ---- the clock change ---------------------------------------------------------------------------


def open_together(day: dt.date) -> float:
    """Hours of a Beijing day in which gate, customs and Kazakh post are all open."""
    port = load(BAKHTU / "clock-change-2024.yaml")
    start, stop = (
        to_utc(day + dt.timedelta(days=n), 0, zone("Asia/Shanghai"), later=False) for n in (0, 1)
    )
    together = np.array([[start, stop]])
    for office in ("gate-cn", "customs-cn", "kz-post"):
        hours = open_intervals(
            port.calendars[office],
            port_zone=port.timezone,
            position=None,
            start=start,
            stop=stop,
        )
        together = intersect(together, hours)
    return total(together) / 3600


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (dt.date(2024, 1, 15), 8.0),
        (dt.date(2024, 2, 28), 8.0),
        (dt.date(2024, 2, 29), 8.0),
        (dt.date(2024, 3, 1), 6.0),
        (dt.date(2024, 3, 2), 6.0),
        (dt.date(2024, 9, 21), 6.0),
    ],
    ids=str,
)
def test_the_clock_change_took_two_of_eight_hours(day: dt.date, hours: float) -> None:
    assert open_together(day) == hours


# ---- files laid over a schedule -----------------------------------------------------------------


def laid(tmp_path: Path, over: str, text: str = WEEK) -> tuple[Plan, Log]:
    file = tmp_path / "varied.yaml"
    file.write_text(f"extends: {BAKHTU / 'port.yaml'}\n{text}", encoding="utf-8")
    port = load(f"{BAKHTU / 'hours-7x12.yaml'}+{BAKHTU / over}.yaml+{file}")
    plan = build(port, draw(port, 1, 1).at(port))
    log = run(plan)
    check_stuck(plan, log)
    return plan, log


def passes(plan: Plan, stage: str) -> Ints:
    """Truck of each visit of a stage, sorted."""
    assert plan.context is not None
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    here: Ints = truck[plan.visit_stage == plan.context.stage_names.index(stage)]
    return here


def test_no_hour_calls_more_trucks_than_it_has_slots(tmp_path: Path) -> None:
    plan, log = laid(tmp_path, "kazakh-electronic-queue")
    called = np.concatenate([admitted(plan, log, s) for s in ("kz-slot", "kz-slot-missed")])
    hours = np.bincount(called // 3600)  # all clocks are whole hours from UTC

    assert hours.max() == 36
    before = ran(tmp_path, WEEK)
    assert len(admitted(*before, "kz-slot")) == 0


def test_who_misses_his_slot_spends_another_and_one_in_twenty_needs_none(tmp_path: Path) -> None:
    plan, _ = laid(tmp_path, "kazakh-electronic-queue")
    imports = passes(plan, "kz-post-import")
    called, missed = passes(plan, "kz-slot"), passes(plan, "kz-slot-missed")

    assert set(missed) <= set(called)
    assert len(missed) / len(called) == pytest.approx(0.1, abs=0.03)
    first = np.setdiff1d(imports, called)
    assert len(first) / len(imports) == pytest.approx(0.05, abs=0.02)
    assert set(plan.priority[first]) == {-2}
    assert np.array_equal(passes(plan, "kz-drive-in"), imports)


def test_each_trailer_leaves_behind_a_tractor_that_found_a_trailer(tmp_path: Path) -> None:
    """Ten trailers stand there at first, so at most ten tractors more than trailers have gone."""
    plan, log = laid(tmp_path, "drop-and-pull")
    dropped = admitted(plan, log, "trailer-drop")
    paired = admitted(plan, log, "tractor-hitch")
    gone = admitted(plan, log, "trailer-hitch")
    seconds = np.unique(np.concatenate([dropped, paired, gone]))
    counts = [np.searchsorted(of, seconds, side="right") for of in (dropped, paired, gone)]

    assert len(gone) > 300
    assert np.all(counts[2] <= counts[1])
    assert np.all(counts[1] <= counts[0] + 10)
    waits = log.admitted - log.queued
    assert plan.context is not None
    tractor = plan.visit_stage == plan.context.stage_names.index("tractor-hitch")
    assert waits[tractor & (log.admitted >= 0)].max() <= 24 * 3600
    given_up = log.left[log.outcome == GAVE_UP]
    assert len(given_up) > 0  # in September far more tractors come than trailers


WIND = {"wind-blades", "wind-parts"}


def convoys(plan: Plan) -> dict[str, int]:
    assert plan.context is not None
    counts = np.bincount(plan.context.truck_class, minlength=len(plan.context.class_names))
    return {name: int(counts[plan.context.class_names.index(name)]) for name in sorted(WIND)}


def test_a_busy_month_has_a_hundred_and_thirty_five_pieces() -> None:
    port = load(f"{BAKHTU / 'hours-7x12.yaml'}+{BAKHTU / 'wind-busy-month.yaml'}")
    plan = build(port, draw(port, 1, 1).at(port))
    found, months = convoys(plan), (335 + 28) / 30.4

    assert 3 * found["wind-blades"] / months == pytest.approx(45, rel=0.25)
    assert 3 * found["wind-parts"] / months == pytest.approx(90, rel=0.2)


def test_without_wind_loads_everyone_else_comes_at_the_same_second(tmp_path: Path) -> None:
    with_, _ = ran(tmp_path, WEEK)
    without, _ = laid(tmp_path, "wind-none")

    assert sum(convoys(without).values()) == 0
    assert sum(convoys(with_).values()) > 0
    assert set(without.arrival) <= set(with_.arrival)


def test_a_wide_lane_leaves_the_gate_to_the_others(tmp_path: Path) -> None:
    """While a convoy passes, single trucks are let in; at today's gate none is."""
    for over, alone in (("wind-busy-month", True), ("wind-wide-lane", False)):
        text = WEEK + "traffic: {wind-parts: {arrivals: {rate: 10 per week}}}\n"
        plan, log = laid(tmp_path, over, text if over == "wind-wide-lane" else WEEK)
        assert plan.context is not None
        here = plan.visit_stage == plan.context.stage_names.index("wind-gate")
        passed = here & (log.finished >= 0)
        both = np.stack([log.admitted[passed], log.finished[passed]], axis=1)
        singles = np.concatenate([admitted(plan, log, s) for s in ("gate-export", "gate-import")])
        singles.sort()
        inside = np.searchsorted(singles, both[:, 1]) - np.searchsorted(singles, both[:, 0])
        assert len(both) > 2
        assert bool(np.all(inside == 0)) is alone
