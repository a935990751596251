"""Lanes: the smallest width and radius that clear, aprons and oversails, and what cannot turn."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.geometry import Lane, Vehicle, smallest_radius, sweep
from thorough import cases

BOX = Vehicle(5.0, trailer=8.0, track=2.5, width=2.5, front_overhang=1.4, rear_overhang=3.0)
BLADE = Vehicle(
    5.0, 0.6, 60.0, follow=True, track=3.0, width=4.5, front_overhang=1.4, rear_overhang=22.0
)
RIGHT = math.radians(90)


def test_a_straight_lane_must_be_as_wide_as_the_vehicle() -> None:
    lane = Lane(6.0, 20_000.0, math.radians(1))
    assert sweep(BOX, lane).width == pytest.approx(2.5, abs=0.01)
    assert sweep(dataclasses.replace(BOX, width=4.0), lane).width == pytest.approx(4.0, abs=0.01)


def test_a_lorry_in_a_full_bend_by_hand() -> None:
    """Steady circle of a rigid lorry: R outside at its nose, inside at its rear axle."""
    lorry = Vehicle(6.0, track=2.5, width=2.5, front_overhang=1.5)
    swept = sweep(lorry, Lane(6.0, 20.0, math.pi))
    outer = 20.0
    axis = math.sqrt(outer**2 - 7.5**2) - 1.25  # from the centre to the rear axle's middle
    assert swept.width == pytest.approx(outer - (axis - 1.25), abs=0.02)
    assert swept.path == pytest.approx(outer - math.hypot(axis, 6.0), abs=0.02)


@pytest.mark.parametrize(
    ("vehicle", "lane"),
    [
        (BOX, Lane(4.2, 40.0, RIGHT, oversail_outer=1.0)),
        (BLADE, Lane(9.0, 40.0, RIGHT, apron=1.0, oversail_inner=6.0, oversail_outer=4.0)),
    ],
)
def test_a_lane_of_the_smallest_radius_has_the_smallest_width(vehicle: Vehicle, lane: Lane) -> None:
    radius = smallest_radius(vehicle, lane)
    assert radius is not None
    assert sweep(vehicle, dataclasses.replace(lane, radius=radius)).width == pytest.approx(
        lane.width, abs=0.1
    )
    assert sweep(vehicle, dataclasses.replace(lane, radius=radius + 0.05)).width <= lane.width
    assert sweep(vehicle, dataclasses.replace(lane, radius=radius * 0.9)).width > lane.width


def test_no_radius_helps_a_vehicle_wider_than_the_lane() -> None:
    assert smallest_radius(BOX, Lane(2.4, 3000.0, RIGHT)) is None


def test_a_vehicle_whose_front_wheels_lock_cannot_turn() -> None:
    swept = sweep(BOX, Lane(50.0, 8.0, RIGHT))
    assert swept.turn is None
    assert math.isinf(swept.width)
    assert math.isfinite(sweep(BOX, Lane(50.0, 9.0, math.radians(20))).width)


def test_a_vehicle_that_folds_shows_how_far_it_came() -> None:
    swept = sweep(Vehicle(5.0, trailer=40.0), Lane(50.0, 16.0, math.pi))
    assert math.isinf(swept.width)
    assert swept.turn is not None
    assert swept.turn.folded


def test_an_apron_is_for_wheels_and_load_an_oversail_for_the_load_only() -> None:
    lane = Lane(6.0, 25.0, RIGHT)
    bare = sweep(BOX, lane)
    apron = sweep(BOX, dataclasses.replace(lane, apron=1.0))
    assert apron.width == pytest.approx(bare.width - 1.0, abs=0.01)
    oversail = sweep(BOX, dataclasses.replace(lane, oversail_inner=5.0))
    assert bare.body == pytest.approx(bare.width)
    assert oversail.width == pytest.approx(bare.wheels, abs=0.01)


def test_the_tip_that_swings_out_needs_the_outer_oversail() -> None:
    lane = Lane(9.0, 60.0, RIGHT, oversail_inner=30.0)
    kept_in = sweep(BLADE, lane)
    hangs_out = sweep(BLADE, dataclasses.replace(lane, oversail_outer=10.0))
    assert hangs_out.path < kept_in.path
    assert hangs_out.width < kept_in.width
    longer = dataclasses.replace(BLADE, rear_overhang=30.0)
    assert sweep(longer, lane).path > kept_in.path


@settings(max_examples=cases(6, 15), deadline=None)
@given(st.floats(20.0, 60.0), st.floats(0.3, 2.5), st.floats(5.0, 12.0), st.floats(1.1, 1.5))
def test_the_width_grows_with_angle_and_trailer_and_falls_with_the_radius(
    radius: float, angle: float, trailer: float, factor: float
) -> None:
    def width(radius: float, angle: float, trailer: float) -> float:
        vehicle = dataclasses.replace(BOX, trailer=trailer)
        return sweep(vehicle, Lane(6.0, radius, angle)).width

    here = width(radius, angle, trailer)
    assert width(radius * factor, angle, trailer) <= here + 0.01
    assert width(radius, angle * factor, trailer) >= here - 0.01
    assert width(radius, angle, trailer * factor) >= here - 0.01


def test_everything_swept_lies_in_the_lane_that_is_said_to_clear() -> None:
    lane = Lane(9.0, 50.0, RIGHT, apron=2.0, oversail_inner=6.0, oversail_outer=5.0)
    swept = sweep(BLADE, lane)
    assert swept.turn is not None
    way = swept.turn
    sides = [way.on_trailer(BLADE, np.linspace(0.0, 82.0, 400), side) for side in (-2.25, 2.25)]
    depth = np.stack([lane.outer.depth(p[..., 0], p[..., 1] + swept.path) for p in sides])
    assert depth.min() >= -5.0 - 0.01
    assert depth.max() <= swept.width + 8.0 + 0.01
    tyres = [way.on_trailer(BLADE, 60.0, side) for side in (-1.5, 1.5)]
    wheels = np.stack([lane.outer.depth(p[..., 0], p[..., 1] + swept.path) for p in tyres])
    assert wheels.min() >= -0.01
    assert wheels.max() <= swept.width + 2.0 + 0.01
