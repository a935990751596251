"""Counterfactual measures of days worked out on paper."""

import math
from dataclasses import replace

import numpy as np
import pytest

from measures.test_days_by_hand import DESK, END, MINUTE, line
from plans import Stage, plan
from portsim.engines.simpy import run
from portsim.measures import Measurement, ceiling_rows, oversized_rows, tally

WIND = line(("08:00", 60), cls="wind", pieces=3)
LORRIES = line(("08:30", 10), ("10:00", 10), cls="lorry")


def counted(trucks, classes=("lorry", "wind"), limit=30 * MINUTE):
    made = plan(END, DESK, {"desk": Stage()}, trucks)
    names = made.context.class_names
    truck_class = np.array(
        [classes.index(names[number]) for number in made.context.truck_class], dtype=np.int64
    )
    context = replace(
        made.context, class_names=classes, directions=("export",) * len(classes),
        truck_class=truck_class, routes=np.ones((1, len(classes)), dtype=bool), limit=limit,
    )  # fmt: skip
    made = replace(made, context=context)
    return context, tally(Measurement(made, run(made)))


def table(rows):
    return {(cls, measure): (value, count) for cls, _, measure, value, count, _ in rows}


def test_a_lorry_behind_an_oversized_load_waits_half_an_hour_for_it():
    """08:30 it comes, 09:00 the clerk is free, so it stays 40 min in place of 10; the other one 10
    either way. The limit of half an hour is missed by one truck in two days."""
    context, real = counted(sorted([*WIND, *LORRIES], key=lambda truck: truck.arrival))
    _, without = counted(LORRIES)
    rows = oversized_rows(context, ["wind"], real, without)
    found = table(rows)
    assert set(found) == {
        (cls, measure)
        for cls in ("all", "export", "lorry")
        for measure in ("oversized_delay_h", "oversized_late_per_day")
    }
    for cls in ("all", "lorry"):
        assert found[cls, "oversized_delay_h"] == (pytest.approx(0.25), 2)
        assert found[cls, "oversized_late_per_day"] == (0.5, 2)


def test_without_another_truck_there_is_nobody_to_cost_anything():
    context, real = counted(WIND)
    _, without = counted([])
    found = table(oversized_rows(context, ["wind"], real, without))
    assert math.isnan(found["all", "oversized_delay_h"][0])
    assert found["all", "oversized_late_per_day"] == (0.0, 0)


def test_the_ceiling_counts_pieces_of_the_cohort():
    """Of three pieces that take an hour and two lorries of ten minutes, half an hour is enough for
    the lorries; a third one comes too late to be judged."""
    late = line(("23:50+1", 5), cls="lorry")
    context, endless = counted([*WIND, *LORRIES[1:], *line(("13:00", 10), cls="lorry"), *late])
    found = table(ceiling_rows(context, endless))
    assert found["all", "completion_ceiling"] == (0.4, 5)
    assert found["wind", "completion_ceiling"] == (0.0, 3)
    assert found["lorry", "completion_ceiling"] == (1.0, 2)
