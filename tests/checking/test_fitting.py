"""Loads and lanes: sizes, bends, and what is said of words that make no vehicle and no lane."""

import pytest

AXLES = "{wheelbase: 5 m, fifth_wheel: 0.6 m, trailer: 40 m, track: 3 m}"
LOAD = "21 t\n    dimensions: {width: 3.5 m, axles: " + AXLES + "}"
BEND = ("fits: {width: 4 m}", "fits: {width: 4 m, bend: {radius: 60 m, angle: 90 deg}}")


def test_a_bend_that_a_load_does_not_clear_says_by_how_much(faults):
    (fault,) = faults(BEND, ("21 t", LOAD))
    assert (fault.path, fault.code) == ("traffic.tea.route[0]", "does-not-fit")
    assert fault.found.startswith("a load that needs a lane of 1")
    assert "m too much" in fault.found
    assert fault.expected == "a load that clears the 4 m of lanes in its bend of 60 m"
    assert "a radius of " in fault.hint


def test_the_radius_of_the_hint_clears(faults, scenario):
    (fault,) = faults(BEND, ("21 t", LOAD))
    radius = fault.hint.split("a radius of ")[1].split(" m")[0]
    scenario((BEND[0], BEND[1].replace("60 m", f"{radius} m")), ("21 t", LOAD))


def test_a_load_that_cannot_make_the_turn(faults):
    tight = (BEND[0], "fits: {width: 4 m, bend: {radius: 7 m, angle: 90 deg}}")
    (fault,) = faults(tight, ("21 t", LOAD))
    assert fault.found == "a load that cannot make the turn"
    assert "wheels lock or its trailer folds" in fault.hint


def test_a_stage_may_have_limits_of_its_own(scenario, faults):
    wide = ("takes: {lanes: {until: inspection}}", "takes: {lanes: 1}\n    fits: {width: 9 m}")
    scenario(wide, ("21 t", "21 t\n    dimensions: {width: 5 m}"))
    low = (wide[0], wide[1].replace("width: 9 m", "height: 4 m"))
    (fault,) = faults(low, ("21 t", "21 t\n    dimensions: {width: 5 m, height: 4.5 m}"))
    assert fault.expected == "a height of at most 4 m for gate"


def test_where_only_papers_pass_nothing_has_to_fit(scenario):
    scenario(
        ("21 t", "21 t\n    dimensions: {width: 5 m}"),
        ("[gate,", "[{stage: gate, papers_only: true},"),
    )


def test_a_length_that_follows_from_the_axles_is_held_against_the_lane(faults):
    changes = ("fits: {width: 4 m}", "fits: {length: 30 m}"), ("21 t", LOAD)
    (fault,) = faults(*changes)
    assert fault.found == "a load with a length of 44.4 m"


def test_without_axles_a_bend_is_not_judged(scenario):
    scenario(BEND, ("21 t", "21 t\n    dimensions: {width: 3.5 m}"))


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("wheelbase: 5 m", "wheelbase: 5", "axles.wheelbase", "a length with its unit"),
        ("wheelbase: 5 m", "wheelbase: 0 m", "axles.wheelbase", "a length above 0 m"),
        ("fifth_wheel: 0.6 m", "fifth_wheel: 5 m", "axles.fifth_wheel", "between the axles"),
        ("track: 3 m", "rear_steer: 2", "axles.rear_steer", "a share from 0 to 1, or `follow`"),
        ("track: 3 m", "steer_limit: 90 deg", "axles.steer_limit", "an angle from 1 to 80 deg"),
        ("trailer: 40 m, ", "", "axles.fifth_wheel", "`fifth_wheel` only with a `trailer`"),
        ("width: 3.5 m, ", "", "", "`width` beside `axles`"),
        ("width: 3.5 m,", "width: 3.5 m, length: 84 m,", "length", "the axles give, 44.4 m"),
    ],
)
def test_words_that_make_no_vehicle(faults, old, new, key, expected):
    (fault,) = faults(("21 t", LOAD.replace(old, new)))
    assert fault.path == f"traffic.tea.dimensions.{key}".rstrip(".")
    assert expected in fault.expected


@pytest.mark.parametrize(
    ("fits", "key", "expected"),
    [
        ("{bend: {radius: 9 m, angle: 90 deg}}", "", "`width` for a lane with a bend"),
        ("{width: 4 m, bend: {radius: 0 m, angle: 90 deg}}", ".bend.radius", "above 0 m"),
        ("{width: 4 m, bend: {radius: 9 m, angle: 200 deg}}", ".bend.angle", "1 to 180 deg"),
        ("{width: 4 m, bend: {radius: 9 m, angle: 90}}", ".bend.angle", "an angle with its unit"),
    ],
)
def test_words_that_make_no_lane(faults, fits, key, expected):
    (fault,) = faults(("fits: {width: 4 m}", f"fits: {fits}"))
    assert fault.path == f"resources.lanes.fits{key}"
    assert expected in fault.expected
