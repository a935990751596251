"""The search alone, on curves whose top is known."""

import math

import pytest

from portsim.experiment.climb import climb


def of(curve, drawn=None):
    """Draws nothing: every multiple is answered by the curve."""

    def draw(most):
        if drawn is not None:
            drawn.append(most)

        def through(multiple):
            assert multiple <= most
            return curve(multiple)

        return through

    return draw


@pytest.mark.parametrize("knee", [0.03, 0.7, 1.0, 3.3, 21.0, 500.0])
def test_a_plateau_is_found_at_its_beginning(knee):
    found = climb(of(lambda m: min(m, knee)), 1.0, 10_000.0)
    assert found.ended
    assert found.tried[found.peak] == pytest.approx(knee, rel=0.002)
    assert 0.99 * knee < found.peak < 1.07 * knee


@pytest.mark.parametrize("top", [0.2, 0.9, 1.9, 7.0])
@pytest.mark.parametrize("after", [0.1, 0.5, 1.0])
def test_a_peak_is_found_however_steeply_it_falls_beyond(top, after):
    """Rises in step with the demand, then falls by so much for each multiple of the top."""

    def curve(m):
        return m if m <= top else max(0.0, top - after * (m - top))

    found = climb(of(curve), 1.0, 10_000.0)
    assert found.ended
    assert found.tried[found.peak] > 0.94 * top


def test_what_never_stops_rising_ends_where_it_must():
    found = climb(of(lambda m: m), 2.0, 64.0)
    assert not found.ended
    assert found.peak == 64.0


@pytest.mark.parametrize("knee", [20.0, 24.0])
def test_a_plateau_between_the_last_doubling_and_the_end_is_found(knee):
    found = climb(of(lambda m: min(m, knee)), 1.0, 40.0)
    assert found.ended
    assert found.tried[found.peak] == pytest.approx(knee, rel=0.002)
    beyond = climb(of(lambda m: min(m, 36.0)), 1.0, 40.0)
    assert not beyond.ended
    assert beyond.tried[beyond.peak] == pytest.approx(36.0, rel=0.002)


def test_only_the_same_trucks_are_compared():
    """Larger draws are other trucks: what was tried is tried again with them."""
    drawn = []
    found = climb(of(lambda m: min(m, 20.0), drawn), 1.0, 1000.0)
    assert drawn == [4.0, 8.0, 16.0, 32.0, 64.0]
    assert min(found.tried) > 8.0


def test_demands_at_which_nothing_moves_any_more_are_no_capacity():
    """Nor an end of the search: without the circular wait more might have passed."""
    found = climb(of(lambda m: m if m < 3.0 else math.nan), 1.0, 1000.0)
    assert not found.ended
    assert 2.0 <= found.peak < 3.0
    below = climb(of(lambda m: m if m < 0.1 else math.nan), 1.0, 1000.0)
    assert 0.05 < below.peak < 0.1
    assert math.isnan(climb(of(lambda m: math.nan), 1.0, 1000.0).peak)


def test_what_cannot_be_multiplied_is_tried_once_unless_fewer_bring_more():
    found = climb(of(lambda m: m), 1.0, 1.0)
    assert (found.peak, found.ended) == (1.0, False)
    choked = climb(of(lambda m: m if m < 0.5 else 0.4), 1.0, 1.0)
    assert 0.4 < choked.peak < 0.5
