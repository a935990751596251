"""Inspection and laboratory at Bakhtu: channels, shares, and days on which a laboratory works."""

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from portsim.arrays import Ints
from portsim.calendars import local_seconds, zone
from portsim.checking import load
from portsim.demand import draw
from portsim.engines import Log
from portsim.engines.compiled import run
from portsim.plan import Plan, build

BAKHTU = Path(__file__).parents[2] / "scenarios" / "bakhtu"
BEIJING = zone("Asia/Shanghai")
DAY = 86_400


@cache
def ran(spec: str) -> tuple[Plan, Log]:
    port = load("+".join(f"{BAKHTU / name}.yaml" for name in spec.split("+")))
    plan = build(port, draw(port, 1, 1).at(port))
    return plan, run(plan)


def passing(plan: Plan, classes: set[str], stage: str) -> tuple[Ints, int]:
    """Numbers of the trucks of some classes that pass a stage, and how many trucks there are."""
    assert plan.context is not None
    named = np.isin(np.array(plan.context.class_names), list(classes))
    ours = np.flatnonzero(named[plan.context.truck_class])
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    here = truck[plan.visit_stage == plan.context.stage_names.index(stage)]
    both: Ints = np.intersect1d(here, ours)
    return both, len(ours)


GOODS = {"general", "e-commerce", "other-imports"}
FRUIT = {"fruit-vegetables"}
UNSCANNED = {"new-vehicles", "empty"}


@pytest.mark.parametrize(
    ("classes", "stage", "share"),
    [
        (GOODS, "documents", 0.2),
        (GOODS, "scan", 0.3),
        (GOODS, "inspection", 0.05),
        (FRUIT, "documents", 0.2),
        (FRUIT, "scan", 0.3),
        (FRUIT, "inspection", 0.2),
        (UNSCANNED, "documents", 0.0),
        (UNSCANNED, "scan", 0.0),
        (UNSCANNED, "inspection", 0.05),
    ],
)
def test_the_channels_keep_the_shares_of_the_port_facts(
    classes: set[str], stage: str, share: float
) -> None:
    found, trucks = passing(ran("hours-7x12")[0], classes, stage)

    assert len(found) / trucks == pytest.approx(share, abs=4 * (share / trucks) ** 0.5)


def test_goods_are_scanned_before_they_are_unloaded_and_never_only_read() -> None:
    plan, _ = ran("hours-7x12")
    scanned, read, opened = (
        passing(plan, GOODS | FRUIT, stage)[0] for stage in ("scan", "documents", "inspection")
    )

    assert set(opened) <= set(scanned)
    assert set(read).isdisjoint(scanned)


def holds() -> Ints:
    """Local seconds int64[n, 2] of the holds that came to their end: begin and end."""
    plan, log = ran("hours-7x12")
    assert plan.context is not None
    here = plan.visit_stage == plan.context.stage_names.index("laboratory")
    here &= log.finished >= 0
    both = np.stack([log.admitted[here], log.finished[here]], axis=1)
    local: Ints = local_seconds(both + plan.context.origin, BEIJING)
    return local


def test_the_laboratory_works_on_working_days_only() -> None:
    """1970-01-01 was a Thursday; Saturdays that China worked in 2024 are left out."""
    worked = {dt.date(2024, *day) for day in [(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14)]}
    worked |= {dt.date(2024, 9, 29), dt.date(2024, 10, 12)}
    begin, end = holds().T

    assert len(end) > 100
    for second in (*begin.tolist(), *(end - 1).tolist()):
        day = dt.date(1970, 1, 1) + dt.timedelta(days=second // DAY)
        assert day.weekday() < 5 or day in worked, day


def test_a_hold_over_a_weekend_is_two_days_longer() -> None:
    begin, end = holds().T
    summer = (begin >= _days(2024, 7, 1)) & (end < _days(2024, 8, 31))  # no holiday in it
    begin, end = begin[summer] - _days(2024, 7, 1), end[summer] - _days(2024, 7, 1)
    weekends = (end - 1) // (7 * DAY) - begin // (7 * DAY)  # 1 July 2024 was a Monday
    hold = end - begin - 2 * DAY * weekends

    assert set(weekends) == {0, 1}
    assert np.all((hold >= DAY) & (hold <= 5 * DAY))


def _days(*date: int) -> int:
    return (dt.date(*date) - dt.date(1970, 1, 1)).days * DAY


def test_a_guarantee_lets_goods_go_that_the_laboratory_would_have_held() -> None:
    plan, held = ran("hours-7x12")
    freed_plan, freed = ran("hours-7x12+release-against-guarantee")
    ours, _ = passing(plan, {"mutual-trade-goods"}, "laboratory")

    assert np.array_equal(plan.arrival, freed_plan.arrival)
    assert len(passing(freed_plan, {"mutual-trade-goods"}, "laboratory")[0]) == 0
    out = ours[(held.left[ours] >= 0) & (freed.left[ours] >= 0)]
    assert len(out) > 100
    assert np.median(held.left[out] - freed.left[out]) > 2 * DAY
