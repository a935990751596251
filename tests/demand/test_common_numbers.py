"""All luck is addressed: what is added to a scenario moves no draw of what was there before."""

import pickle

import numpy as np
import pytest

from demand.ports import PORT, facts, port, trucks_of
from portsim.demand import draw, uniforms, window

MORE = """  zebra:
    direction: export
    arrivals: {rate: 40 per day}
    route: [gate]
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    scenario = port(tmp_path_factory.mktemp("base"))
    return scenario, facts(scenario)


def test_the_port_has_trucks_of_every_kind_in_and_around_the_run(base):
    _, known = base
    names = [name for name, _ in known]
    assert {name: names.count(name) > 100 for name in set(names)} == dict.fromkeys(
        ("tea", "convoy", "fruit", "cars", "clerks", "old"), True
    )


@pytest.mark.parametrize("name", ["aardvark", "zebra"])
def test_another_class_moves_nothing(base, tmp_path, name):
    scenario = port(tmp_path, text=PORT + MORE.replace("zebra", name))
    found = facts(scenario)
    assert {key: value for key, value in found.items() if key[0] != name} == base[1]
    assert len(found) > len(base[1])


def test_another_stage_with_share_and_times_moves_nothing(base, tmp_path):
    scenario = port(
        tmp_path,
        ("stages:\n", "stages:\n  scan: {share: 0.5, time: {erlang: {mean: 9 min, k: 2}}}\n"),
        ("[gate, inspection, release]", "[gate, scan, inspection, release]"),
        ("[gate, release]", "[scan, gate, release]"),
    )
    found = facts(scenario)
    scanned = sum(any(stage == "scan" for stage, _ in row[4]) for row in found.values())
    assert scanned > 100
    for key, row in base[1].items():
        arrival, tonnes, value, residents, visits, moods = found[key]
        rest = tuple(visit for visit in visits if visit[0] != "scan")
        assert (arrival, tonnes, value, residents, rest) == row[:5]
        if key[0] != "fruit":  # a new first stage takes over patience and tolerance
            assert moods == row[5]
    assert found.keys() == base[1].keys()


@pytest.mark.parametrize("weeks", [2, 5])
def test_a_longer_warm_up_moves_nothing(base, tmp_path, weeks):
    scenario = port(tmp_path, ("warm_up: 1 week", f"warm_up: {weeks} weeks"))
    begin = window(base[0]).origin
    assert window(scenario).origin == begin - (weeks - 1) * 604_800
    found = facts(scenario)
    assert {key: row for key, row in found.items() if row[0] >= begin} == base[1]
    assert len(found) > len(base[1])


@pytest.mark.parametrize("to", ["2024-03-25", "2024-05-31"])
def test_a_later_end_moves_nothing(base, tmp_path, to):
    """Not even a truck that comes early for a slot after the old end, nor those that follow a night
    which the old end cuts in two."""
    scenario = port(tmp_path, ("to: 2024-03-24", f"to: {to}"))
    found = facts(scenario)
    stop = window(base[0]).stop
    assert {key: row for key, row in found.items() if row[0] < stop} == base[1]


def test_a_later_start_within_the_year_moves_nothing(base, tmp_path):
    scenario = port(tmp_path, ("from: 2024-03-04", "from: 2024-03-11"))
    begin = window(scenario).origin
    assert facts(scenario) == {key: row for key, row in base[1].items() if row[0] >= begin}


@pytest.mark.parametrize(
    ("scale", "least", "most"), [(0.5, 0.4, 0.6), (0.0, 0, 0), (2.5, 2.3, 2.7)]
)
def test_another_scale_gives_a_subset_or_a_superset(base, tmp_path, scale, least, most):
    changes = [("traffic:\n", f"traffic:\n  scale: {scale}\n")]
    if scale > 1.0:
        # Of recorded trucks there are no more than were recorded.
        changes.append(
            ("    arrivals: {recorded", f"    scale: {1 / scale}\n    arrivals: {{recorded")
        )
    found = facts(port(tmp_path, *changes))
    small, large = sorted((found, base[1]), key=len)
    assert small.items() <= large.items()
    for name in {name for name, _ in base[1]}:
        share = sum(key[0] == name for key in found) / sum(key[0] == name for key in base[1])
        if name == "old" and scale > 1.0:
            assert share == 1.0
        else:
            assert least <= share <= most, name


def test_the_scale_of_a_class_is_its_own(base, tmp_path):
    scenario = port(tmp_path, ("    load: 20 t\n", "    load: 20 t\n    scale: 0.5\n"))
    found = facts(scenario)
    assert found.items() < base[1].items()
    assert {key[0] for key in base[1].keys() - found.keys()} == {"fruit"}


def test_saturated_demand_is_four_times_and_holds_the_rest(base):
    scenario, known = base
    found = facts(scenario, times=4.0)
    assert known.items() <= found.items()
    records = [sum(key[0] == "old" for key in some) for some in (found, known)]
    assert records[0] == records[1]
    assert 3.8 < (len(found) - records[0]) / (len(known) - records[1]) < 4.2
    assert facts(scenario, times=9.0).keys() == found.keys()


def test_hours_of_a_policy_move_nothing(base, tmp_path):
    scenario = port(
        tmp_path,
        ('day: {hours: "10:00-14:00, 15:00-19:00"}', "day: {hours: round the clock}"),
        ("capacity: 2", "roster: [{calendar: week, count: 5}]"),
    )
    assert facts(scenario) == base[1]


def test_hours_that_are_followed_move_only_the_followers_arrivals(base, tmp_path):
    scenario = port(tmp_path, ('Mon-Fri: "09:00-17:00"', 'Mon-Sat: "08:00-20:00"'))
    found = facts(scenario, times=4.0)
    before = facts(base[0], times=4.0)
    moved = 0
    for key in found.keys() & before.keys():
        if key[0] == "clerks":
            assert found[key][1:] == before[key][1:]
            moved += found[key][0] != before[key][0]
        else:
            assert found[key] == before[key]
    assert moved > 100


def test_same_seed_same_bytes(base):
    scenario, _ = base
    first, second = (draw(scenario, 3, 2) for _ in range(2))
    assert pickle.dumps(first) == pickle.dumps(second)


@pytest.mark.parametrize("other", [(7, 2), (8, 1), (1, 7)])
def test_replications_and_seeds_are_independent(base, other):
    """Correlation of the uniforms within 4.5 sigma of 0, and other arrivals."""
    one = uniforms(7, 1, "class tea", "gap", 20_000)
    two = uniforms(*other, "class tea", "gap", 20_000)
    for shift in (0, 1, 2):
        r = np.corrcoef(one[: 20_000 - shift], two[shift:])[0, 1]
        assert abs(r) < 4.5 / np.sqrt(20_000)
    a, b = draw(base[0], 7, 1), draw(base[0], *other)
    tea = a.class_names.index("tea")
    same = np.intersect1d(a.arrival[a.cls == tea], b.arrival[b.cls == tea])
    assert len(same) < 0.02 * (a.cls == tea).sum()


def test_a_longer_stream_begins_with_the_shorter_one():
    for address in (
        (1, 1, "class a", "load"),
        (1, 1, "class a", "loa"),
        (1, 11, "class a", "load"),
    ):
        np.testing.assert_array_equal(uniforms(*address, 1000)[:7], uniforms(*address, 7))
    streams = {
        uniforms(*address, 3).tobytes()
        for address in (
            (1, 1, "class a", "load"), (11, 1, "class a", "load"), (1, 11, "class a", "load"),
            (1, 1, "class a", "b load"), (1, 1, "class a b", "load"), (2, 1, "class a", "load"),
        )
    }  # fmt: skip
    assert len(streams) == 6


def test_numbers_go_by_second_then_class_then_index(base):
    """Trucks that come together, and copies of one recorded truck, tie in many seconds."""
    trucks = trucks_of(base[0], times=4.0)
    names = [trucks.class_names[number] for number in trucks.cls]
    key = list(zip(trucks.arrival.tolist(), names, trucks.index.tolist(), strict=True))
    assert key == sorted(key)
    assert len(np.unique(trucks.arrival)) < len(key) - 500
    assert trucks.class_names == tuple(sorted(trucks.class_names))
