"""Whole turns: against the steady state, a slow integration of another kind, and symmetry."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portsim.geometry import Bend, Turn, Vehicle, offtracking, turn
from thorough import cases

WB_19 = Vehicle(wheelbase=6.6, trailer=12.3)
TANKER = Vehicle(wheelbase=5.0, fifth_wheel=0.8, trailer=9.0)


def inside(vehicle: Vehicle, way: Turn) -> np.ndarray:
    """How far the trailer's rear axle has been inside the front axle's path, float64[n]."""
    rear = way.on_trailer(vehicle, vehicle.trailer, 0.0)
    return np.array([way.lead.beside(x, y)[0] for x, y in rear])


def dragged(vehicle: Vehicle, bend: Bend, step: float) -> tuple[float, float]:
    """Directions after the arc by dragging sticks: each rear end moves along its own stick only.

    No angles are integrated: the front end is moved, and the rear end pulled straight after it.
    """
    rear = np.array([-vehicle.wheelbase, 0.0])
    hitch = rear + np.array([vehicle.fifth_wheel, 0.0])
    tail = hitch - np.array([vehicle.trailer, 0.0])
    for at in np.arange(0.0, bend.radius * bend.angle, step):
        front = np.array(bend.at(at + step)[:2])
        axis = front - rear
        axis /= np.hypot(*axis)
        rear = front - vehicle.wheelbase * axis
        hitch = rear + vehicle.fifth_wheel * axis
        beam = hitch - tail
        beam /= np.hypot(*beam)
        tail = hitch - vehicle.trailer * beam
    return math.atan2(axis[1], axis[0]), math.atan2(beam[1], beam[0])


@pytest.mark.parametrize(
    ("vehicle", "radius"), [(WB_19, 15.0), (WB_19, 30.0), (TANKER, 12.5), (TANKER, 40.0)]
)
def test_a_long_turn_becomes_the_steady_one(vehicle: Vehicle, radius: float) -> None:
    bend = Bend(radius, math.radians(720))
    way = turn(vehicle, bend)
    axle = way.on_trailer(vehicle, vehicle.trailer, 0.0)
    distance = radius - np.hypot(axle[:, 0], axle[:, 1] - radius)
    last = int(np.argmin(np.abs(np.hypot(*(way.front - bend.at(radius * bend.angle)[:2]).T))))
    steady = offtracking(vehicle, radius)
    assert steady is not None
    # At R = 15 m the longer trailer needs more than two rounds to settle to the centimetre.
    assert distance[last] == pytest.approx(steady, abs=0.04)
    assert distance[: last + 1].max() <= steady + 1e-6


@pytest.mark.parametrize(("steer", "follow"), [(0.5, False), (1.0, False), (0.0, True)])
def test_steered_axles_settle_where_the_formula_says(steer: float, follow: bool) -> None:
    vehicle = Vehicle(5.0, 0.6, 30.0, steer=steer, follow=follow)
    radius = 60.0
    way = turn(vehicle, Bend(radius, math.radians(180)))
    at_end = round(radius * math.pi / 0.5) - 2
    points = way.on_trailer(vehicle, np.linspace(0.0, 30.0, 601), 0.0)[at_end]
    nearest = np.hypot(points[:, 0], points[:, 1] - radius).min()
    steady = offtracking(vehicle, radius)
    assert steady is not None
    assert radius - nearest == pytest.approx(steady, abs=0.02)


@settings(max_examples=cases(10, 25), deadline=None)
@given(
    st.floats(3.0, 7.0),
    st.floats(0.0, 1.5),
    st.floats(4.0, 15.0),
    st.floats(15.0, 60.0),
    st.floats(0.2, 3.0),
)
def test_sticks_dragged_in_small_steps_agree(
    tractor: float, fifth: float, trailer: float, radius: float, angle: float
) -> None:
    vehicle, bend = Vehicle(tractor, fifth, trailer), Bend(radius, angle)
    way = turn(vehicle, bend)
    last = int(np.argmin(np.hypot(*(way.front - bend.at(radius * angle)[:2]).T)))
    first, second = dragged(vehicle, bend, radius * angle / 4000)
    assert way.tractor[last] == pytest.approx(first, abs=2e-3)
    assert way.trailer[last] == pytest.approx(second, abs=2e-3)


@settings(max_examples=cases(10, 25), deadline=None)
@given(st.floats(15.0, 60.0), st.floats(0.2, 2.5), st.floats(5.0, 12.0), st.floats(1.1, 1.5))
def test_more_angle_and_trailer_cut_deeper_more_radius_less(
    radius: float, angle: float, trailer: float, factor: float
) -> None:
    vehicle = Vehicle(6.0, 0.0, trailer)
    deepest = inside(vehicle, turn(vehicle, Bend(radius, angle))).max()
    steady = offtracking(vehicle, radius)
    assert steady is None or deepest <= steady + 1e-6
    further = inside(vehicle, turn(vehicle, Bend(radius, angle * factor))).max()
    assert further >= deepest - 1e-3
    flatter = inside(vehicle, turn(vehicle, Bend(radius * factor, angle))).max()
    assert flatter <= deepest + 1e-3
    longer = Vehicle(6.0, 0.0, trailer * factor)
    assert inside(longer, turn(longer, Bend(radius, angle))).max() >= deepest - 1e-3


def test_a_straight_line_has_no_offtracking() -> None:
    way = turn(WB_19, Bend(1e9, 1e-8))
    assert np.abs(inside(WB_19, way)).max() < 1e-6
    assert np.abs(way.trailer).max() < 1e-6


def test_both_flanks_of_a_straight_vehicle_are_alike() -> None:
    way = turn(WB_19, Bend(30.0, math.radians(90)))
    left, right = (way.on_trailer(WB_19, 12.3, side) for side in (1.25, -1.25))
    middle = way.on_trailer(WB_19, 12.3, 0.0)
    assert (left + right) / 2 == pytest.approx(middle)
    assert np.hypot(*(left - right).T) == pytest.approx(2.5)


@settings(max_examples=cases(8, 20), deadline=None)
@given(st.floats(10.0, 50.0), st.floats(0.2, math.pi))
def test_seen_in_a_mirror_the_exit_is_the_entry(radius: float, angle: float) -> None:
    """The bend itself is the same from both ends: so is the depth of mirrored points."""
    bend = Bend(radius, angle)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-60, 60, 200), rng.uniform(-10, 60, 200)
    # Mirrored on the line through the centre and the middle of the arc.
    towards = math.sin(angle / 2), -math.cos(angle / 2)
    along = x * towards[0] + (y - radius) * towards[1]
    mirrored_x = 2 * along * towards[0] - x
    mirrored_y = radius + 2 * along * towards[1] - (y - radius)
    assert bend.depth(x, y) == pytest.approx(bend.depth(mirrored_x, mirrored_y), abs=1e-9)


def test_depth_is_the_distance_from_the_edge() -> None:
    """Against the nearest of many points of the edge, for points inside it."""
    bend = Bend(25.0, math.radians(100))
    line = np.array([bend.at(s)[:2] for s in np.arange(-80, 130, 0.02)])
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-30, 20, 60), rng.uniform(0.1, 20, 60)
    depth = bend.depth(x, y)
    nearest = np.array([np.hypot(*(line - p).T).min() for p in np.column_stack([x, y])])
    within = depth > 0
    assert within.sum() > 30
    assert depth[within] == pytest.approx(nearest[within], abs=1e-3)


def test_a_trailer_too_long_for_the_turn_folds() -> None:
    assert turn(Vehicle(6.0, 0.0, 30.0), Bend(15.0, math.radians(180))).folded
    assert not turn(Vehicle(6.0, 0.0, 30.0), Bend(15.0, math.radians(20))).folded


def test_a_crew_follows_half_a_turn_at_most() -> None:
    with pytest.raises(ValueError, match="180"):
        turn(Vehicle(5.0, 0.0, 30.0, follow=True), Bend(60.0, 4.0))


def test_axles_that_follow_keep_to_the_path() -> None:
    vehicle = Vehicle(5.0, 0.6, 40.0, follow=True)
    off = inside(vehicle, turn(vehicle, Bend(60.0, math.radians(90))))
    assert np.abs(off).max() < 0.75
    fixed = Vehicle(5.0, 0.6, 40.0)
    assert inside(fixed, turn(fixed, Bend(60.0, math.radians(90)))).max() > 5.0
