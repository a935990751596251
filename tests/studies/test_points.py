"""Ranges and lists as people write them, and the points they make."""

import pytest

from portsim.errors import InputError, ScenarioError
from portsim.results.sweep import label
from portsim.studies.points import grid, parse_vary
from studies.test_varied import PORT


@pytest.fixture
def port(tmp_path):
    file = tmp_path / "port.yaml"
    file.write_text(PORT, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=2..5", (2, 3, 4, 5)),
        ("a.b=0.5..1.5:0.25", (0.5, 0.75, 1.0, 1.25, 1.5)),
        ("a.b=-2..2:2", (-2, 0, 2)),
        ("a.b=0.1..0.3:0.1", (0.1, 0.2, 0.3)),
        ("a.b=2 min..6 min:2 min", ("2 min", "4 min", "6 min")),
        ("a.b=2 min, 4 min,8 min", ("2 min", "4 min", "8 min")),
        ("a.b=3,1,2", (3, 1, 2)),
        ("a.b=day, night", ("day", "night")),
        ("a.b=7", (7,)),
    ],
)
def test_values_as_they_are_written(text, values):
    found = parse_vary(text)
    assert found == ("a.b", values)
    assert [type(value) for value in found[1]] == [type(value) for value in values]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a.b", "write a path and its values"),
        ("=1..2", "write a path and its values"),
        ("a.b=", "write a path and its values"),
        ("a.b=8..2", "a range that rises"),
        ("a.b=1..2:0", "a range that rises"),
        ("a.b=0.5..3", "write the step"),
        ("a.b=0..1:0.3", "steps of 0.3 lead from 0 to 0.9 or 1.2"),
        ("a.b=2 min..8:2", "write the unit with each number: 2 min..8 min:2 min"),
        ("a.b=1..5000", "at most 1000 values"),
        ("a.b=1,2,1", "each value once"),
        ("a.b=1,,2", "a comma too many"),
        ("a.b=x..y", "a range such as"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_was_expected(text, said):
    with pytest.raises(InputError) as error:
        parse_vary(text)
    assert said in str(error.value)


def test_points_are_all_combinations_the_last_turning_fastest(port):
    made = grid([port], {"resources.lanes.capacity": (1, 2), "traffic.scale": (0.5, 1, 2)})
    assert [point.values for point in made.points] == [
        (1, 0.5), (1, 1), (1, 2), (2, 0.5), (2, 1), (2, 2),
    ]  # fmt: skip
    assert [p.scenario.resources["lanes"].capacity for p in made.points] == [1, 1, 1, 2, 2, 2]
    assert len({point.scenario.name for point in made.points}) == 6
    assert {point.policy for point in made.points} == {"base"}


def test_the_file_says_what_to_vary_unless_the_command_does(port):
    port.write_text(PORT + "study: {vary: {traffic.scale: 0.5..1:0.25}}\n", encoding="utf-8")
    assert list(grid([port]).varied.items()) == [("traffic.scale", (0.5, 0.75, 1.0))]
    assert list(grid([port], {"resources.lanes.capacity": (1,)}).varied) == [
        "resources.lanes.capacity"
    ]


def test_faults_of_many_points_are_told_together(port):
    with pytest.raises(ScenarioError) as error:
        grid([port], {"traffic.scale": (1, 50, 99)})
    assert ["= 50" in f.file or "= 99" in f.file for f in error.value.faults] == [True, True]


def test_nothing_to_vary_and_too_many_points_are_refused(port):
    with pytest.raises(InputError, match="nothing is varied"):
        grid([port])
    with pytest.raises(InputError, match="two policies are called base"):
        grid([port, port], {"traffic.scale": (1, 2)})
    many = tuple(range(1, 1001))
    with pytest.raises(InputError, match="1,000,000 points are too many"):
        grid([port], {"resources.lanes.capacity": many, "resources.booths 1.5.capacity": many})


ROSTERED = """\
timezone: Asia/Shanghai
period: {from: 2024-03-04, to: 2024-03-05}
calendars: {early: {hours: "06:00-14:00"}, late watch: {hours: "14:00-22:00"}}
resources:
  clerks:
    roster: [{calendar: early, count: 2}, {calendar: late watch, count: 1},
             {calendar: early, count: 1}]
  scouts: {roster: [{calendar: early, count: 2}, {calendar: late watch, count: 1}]}
stages: {gate: {takes: {clerks: 1, scouts: 1}, at_close: finish, time: 5 min}}
traffic:
  tea: {direction: export, arrivals: {rate: 40 per day}, load: 20 t, route: [gate]}
"""


def test_shifts_are_named_by_their_calendars_and_numbers_are_taken_too(tmp_path):
    file = tmp_path / "rostered.yaml"
    file.write_text(ROSTERED, encoding="utf-8")
    for asked, named in (
        ("resources.scouts.roster[1].count", "resources.scouts.roster[late watch].count"),
        ("resources.scouts.roster[late watch].count", "resources.scouts.roster[late watch].count"),
        # Of two shifts of one calendar neither is the one that is meant.
        ("resources.clerks.roster[2].count", "resources.clerks.roster[2].count"),
    ):
        made = grid([file], {asked: (1, 3)})
        assert list(made.varied) == [named]
    made = grid([file], {"resources.scouts.roster[1].count": (1, 3)})
    assert [p.scenario.resources["scouts"].roster[1].count for p in made.points] == [1, 3]
    assert label("resources.scouts.roster[late watch].count") == "scouts, late watch"
    assert label("resources.clerks.roster[2].count") == "clerks.roster[2].count"
    with pytest.raises(ScenarioError, match="the path of a value"):
        grid([file], {"resources.clerks.roster[early].count": (1, 3)})
