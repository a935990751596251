"""Steady turns against published values, and against circles drawn by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portsim.geometry import Vehicle, offtracking, sum_of_squares, trailing_length

WB_19 = Vehicle(wheelbase=6.6, trailer=12.3)
BLADE = Vehicle(wheelbase=0.0, trailer=50.0)
TOWED = Vehicle(wheelbase=6.6, trailer=50.0)


@pytest.mark.parametrize(
    ("vehicle", "radius", "published"),
    [
        (WB_19, 15.0, 9.51),
        (WB_19, 30.0, 3.45),
        (BLADE, 60.0, 26.83),
        (TOWED, 60.0, 27.50),
    ],
)
def test_published_values(vehicle: Vehicle, radius: float, published: float) -> None:
    found = offtracking(vehicle, radius)
    assert found == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(("vehicle", "limit"), [(BLADE, 50.0), (TOWED, 50.43)])
def test_no_steady_turn_at_or_below_the_published_radius(vehicle: Vehicle, limit: float) -> None:
    assert offtracking(vehicle, limit) is None
    assert offtracking(vehicle, limit / 2) is None
    above = offtracking(vehicle, limit + 0.01)
    assert above is not None
    assert above < limit + 0.01


def test_a_kingpin_before_the_axles_helps_by_its_square() -> None:
    assert sum_of_squares(Vehicle(6.6, 0.9, 12.3)) == pytest.approx(6.6**2 - 0.9**2 + 12.3**2)
    assert sum_of_squares(Vehicle(6.6, 0.0, 0.0)) == pytest.approx(6.6**2)


@given(st.floats(0.1, 1.0), st.floats(8.0, 60.0), st.floats(1.0, 4.0))
def test_linked_axles_shorten_the_wheelbase_as_said(share: float, trailer: float, far: float):
    """Kingpin, foot and bogie by triangles: the bogie rolls square to its own radius."""
    radius = trailer * (1.0 + far)
    vehicle = Vehicle(0.0, 0.0, trailer, steer=share)
    foot = trailing_length(vehicle, radius)
    assert foot == pytest.approx(trailer / (1 + share))
    axis = math.sqrt(radius**2 - foot**2)
    at_kingpin, at_bogie = foot / axis, (trailer - foot) / axis
    assert at_bogie == pytest.approx(share * at_kingpin)


def test_axles_that_follow_stand_on_the_circle_of_the_front_axle() -> None:
    vehicle = Vehicle(5.0, 0.6, 60.0, follow=True)
    foot = trailing_length(vehicle, 80.0)
    assert foot is not None
    axis = math.sqrt(80.0**2 - 5.0**2 + 0.6**2 - foot**2)
    assert math.hypot(axis, 60.0 - foot) == pytest.approx(80.0)
    assert offtracking(vehicle, 80.0) == pytest.approx(80.0 - axis)


def test_axles_at_their_limit_stand_across_by_just_that_angle() -> None:
    vehicle = Vehicle(0.0, 0.0, 60.0, follow=True, steer_limit=math.radians(10))
    foot = trailing_length(vehicle, 65.0)
    assert foot is not None
    axis = math.sqrt(65.0**2 - foot**2)
    assert (60.0 - foot) / axis == pytest.approx(math.tan(math.radians(10)))
    assert math.hypot(axis, 60.0 - foot) < 65.0
    assert offtracking(vehicle, 59.0) is None


@given(st.floats(1.0, 10.0), st.floats(0.0, 60.0), st.floats(0.1, 200.0), st.floats(0.1, 50.0))
def test_less_with_a_larger_radius_more_with_a_longer_trailer(
    tractor: float, trailer: float, radius: float, more: float
) -> None:
    first = offtracking(Vehicle(tractor, 0.0, trailer), radius)
    wider = offtracking(Vehicle(tractor, 0.0, trailer), radius + more)
    longer = offtracking(Vehicle(tractor, 0.0, trailer + more), radius)
    if first is None:
        assert longer is None
    else:
        assert wider is not None
        assert wider < first
        assert longer is None or longer > first


@pytest.mark.parametrize("radius", [0.0, -5.0, math.nan])
def test_a_radius_is_above_zero(radius: float) -> None:
    with pytest.raises(ValueError, match="radius"):
        offtracking(WB_19, radius)
