"""What a truck carries: tonnes, value, residents, and the pieces of a convoy."""

import numpy as np
import pytest

from demand.ports import plan_of, port, trucks_of
from portsim.demand import inverse


def of(trucks, name, column):
    return getattr(trucks, column)[trucks.members(trucks.class_names.index(name))]


@pytest.mark.parametrize(
    ("value", "residents"),
    [
        ("24000 CNY", 3), ("24000.01 CNY", 4), ("23999.99 CNY", 3), ("8000 CNY", 1),
        ("1 CNY", 1), ("0 CNY", 0),
    ],
)  # fmt: skip
def test_residents_are_the_value_over_the_quota_rounded_up(tmp_path, value, residents):
    scenario = port(tmp_path, ("value: {lognormal: {mean: 90000 CNY, cv: 0.6}}", f"value: {value}"))
    assert set(of(trucks_of(scenario), "tea", "residents").tolist()) == {residents}


def test_a_multiple_of_a_quota_with_cents_is_not_rounded_up(tmp_path):
    """2.1 / 0.7 is 3.0000000000000004 in binary; three residents are enough all the same."""
    scenario = port(
        tmp_path,
        ("value: {lognormal: {mean: 90000 CNY, cv: 0.6}}", "value: 2.1 CNY"),
        ("quota: 8000 CNY", "quota: 0.7 CNY"),
    )
    assert set(of(trucks_of(scenario), "tea", "residents").tolist()) == {3}


def test_residents_of_drawn_values(tmp_path):
    trucks = trucks_of(port(tmp_path))
    value, residents = of(trucks, "tea", "value"), of(trucks, "tea", "residents")
    assert ((residents - 1) * 8000.0 < value).all()
    assert (value <= residents * 8000.0).all()
    assert len(set(residents.tolist())) > 10


def test_residents_by_number_are_rounded(tmp_path):
    scenario = port(
        tmp_path, ("residents: {quota: 8000 CNY}", "residents: {uniform: {low: 1.6, high: 3.4}}")
    )
    found = of(trucks_of(scenario), "tea", "residents")
    assert set(found.tolist()) == {2, 3}


def test_a_price_times_the_load_is_the_value(tmp_path):
    trucks = trucks_of(port(tmp_path))
    tonnes, value = of(trucks, "convoy", "tonnes"), of(trucks, "convoy", "value")
    price = 3000 + 2000 * trucks.uniforms(trucks.class_names.index("convoy"), "price")
    np.testing.assert_allclose(value, tonnes * price, rtol=1e-12)
    assert not of(trucks, "cars", "value").any()
    assert np.ptp(tonnes) > 40


def test_the_work_of_a_convoy_is_the_sum_of_its_pieces(tmp_path):
    """Inspection: one gamma draw for the convoy and one exponential draw for each of 3 pieces."""
    scenario = port(tmp_path)
    trucks, plan = trucks_of(scenario), plan_of(scenario)
    cls = trucks.class_names.index("convoy")
    time = scenario.stages["inspection"].time
    seconds = inverse(time.per_truck, trucks.uniforms(cls, "inspection per_truck"), {})
    for piece in range(3):
        u = trucks.uniforms(cls, f"inspection per_piece {piece}")
        seconds = seconds - 180.0 * np.log1p(-u)
    inspected = trucks.uniforms(cls, "inspection share") < 0.5
    at = plan.visit_stage == plan.context.stage_names.index("inspection")
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    mine = at & (trucks.cls[truck] == cls)
    assert plan.visit_work[mine].tolist() == np.rint(seconds[inspected]).astype(int).tolist()
    assert plan.context.pieces[trucks.members(cls)].tolist() == [3] * len(trucks.members(cls))


def test_work_by_the_tonne(tmp_path):
    scenario = port(tmp_path)
    trucks, plan = trucks_of(scenario), plan_of(scenario)
    cls = trucks.class_names.index("convoy")
    each = 1 + 2 * trucks.uniforms(cls, "release per_tonne")
    truck = np.repeat(np.arange(plan.trucks), np.diff(plan.first_visit))
    mine = (plan.visit_stage == 2) & (trucks.cls[truck] == cls)
    wanted = np.rint(each * trucks.tonnes[trucks.members(cls)])
    assert plan.visit_work[mine].tolist() == wanted.tolist()
