"""Values to try as people write them, and the points they make."""

import pytest

from portsim.checking import load
from portsim.errors import InputError, ScenarioError
from portsim.scenario.identity import identity
from portsim.studies import vary
from portsim.studies.points import grid, parse_vary


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2..5", (2, 3, 4, 5)),
        ("10..30:10", (10, 20, 30)),
        ("0.1..0.3:0.1", (0.1, 0.2, 0.3)),
        ("1..2:0.5", (1.0, 1.5, 2.0)),
        ("7", (7,)),
        ("2 min,4 min", ("2 min", "4 min")),
        ("2 min..6 min:2 min", ("2 min", "4 min", "6 min")),
        ("true, false", (True, False)),
        ("early,late", ("early", "late")),
    ],
)
def test_values_are_read_as_yaml_reads_them(text, values):
    path, found = parse_vary(f"resources.lanes.capacity={text}")
    assert path == "resources.lanes.capacity"
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("traffic.scale", "write a path and its values"),
        ("=1..3", "write a path and its values"),
        ("traffic.scale=", "write a path and its values"),
        ("traffic.scale=0.5..2", r"write the step, e.g. 0.5..2:0.25"),
        ("traffic.scale=0.5..2:0.4", "steps of 0.4 lead from 0.5 to 1.7 or 2.1"),
        ("a=5..2", "a range that rises"),
        ("a=1..5:0", "a range that rises"),
        ("a=1..5:", "a range such as"),
        ("a=2 min..8:2", "write the unit with each number"),
        ("a=1,2,1", "1 stands twice"),
        ("a=1,,2", "a comma too many"),
        ("a=1..2000", "2000 values"),
    ],
)
def test_values_that_cannot_be_read_are_refused_with_what_to_write(text, said):
    with pytest.raises(InputError, match=said):
        parse_vary(text)


def test_points_are_policies_times_all_combinations_the_last_path_turning_fastest(yard):
    (yard.parent / "two.yaml").write_text("extends: yard.yaml\nname: two\n", encoding="utf-8")
    points = grid(
        [yard, yard.parent / "two.yaml"],
        {"resources.scales.capacity": (1, 2), "stages.weigh.time": ("5 min", "10 min")},
    )
    assert [(p.policy, *p.values) for p in points.points] == [
        (policy, scales, time)
        for policy in ("yard", "two")
        for scales in (1, 2)
        for time in ("5 min", "10 min")
    ]
    assert len({p.scenario.name for p in points.points}) == 8
    assert points.points[3].scenario.resources["scales"].capacity == 2
    assert points.first_of_each == {points.points[0].scenario.name, points.points[4].scenario.name}


def test_all_refused_values_are_told_together(yard):
    with pytest.raises(ScenarioError) as error:
        grid([yard], {"traffic.scale": (1, 9), "resources.scales.capacity": (1, 2.5)})
    told = "\n".join(map(str, error.value.faults))
    assert "traffic.scale = 9" in told
    assert "resources.scales.capacity = 2.5" in told


@pytest.mark.parametrize(
    ("specs", "varied", "said"),
    [
        (["yard.yaml"], {}, "nothing is varied"),
        (["yard.yaml", "yard.yaml"], {"traffic.scale": (1, 2)}, "two policies are called yard"),
        (
            ["yard.yaml"],
            {"traffic.scale": tuple(range(1, 1001)), "resources.scales.capacity": tuple(range(11))},
            "11,000 points are too many",
        ),
    ],
)
def test_grids_that_make_no_sense_are_refused(yard, specs, varied, said):
    with pytest.raises(InputError, match=said):
        grid([yard.parent / spec for spec in specs], varied)


def test_the_study_section_says_what_is_varied_and_changes_neither_trucks_nor_hash(yard):
    before = identity(load(yard))
    study = "study:\n  vary: {resources.scales.capacity: 1..3}\n  measures: [stay_mean_h]\n"
    yard.write_text(yard.read_text(encoding="utf-8") + study, encoding="utf-8")
    assert identity(load(yard)) == before
    assert [p.values for p in grid([yard]).points] == [(1,), (2,), (3,)]
    varied = vary(yard, {"resources.scales.capacity": 3})
    assert identity(varied) != before


def test_a_fault_in_the_study_section_has_its_line(yard):
    text = yard.read_text(encoding="utf-8")
    yard.write_text(text + "study: {vary: {traffic.scale: 3..1}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        grid([yard])
    assert error.value.faults[0].line == text.count("\n") + 1
    assert "a range that rises" in str(error.value.faults[0])
