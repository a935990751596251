"""Mixtures, truncated normals, levels by date, works by the hour, convoys: what is refused."""

import pytest

TIME = "    time: {lognormal: {mean: 25 min, cv: 0.9}}\n"
AT = "stages.inspection.time"
MIXTURE = (
    "    time:\n      mixture:\n"
    "        - {weight: 9, lognormal: {mean: 25 min, cv: 0.9}}\n"
    "        - {weight: 1, uniform: {low: 2 h, high: 4 h}}\n"
)
NORMAL = "    time: {truncated_normal: {mean: 25 min, sd: 9 min, low: 5 min, high: 1 h}}\n"
BUDGET = "  permits: {kind: budget, level: 10, refill: 00:00}\n"


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        ("weight: 9, ", "", "{lognormal", "mixture[0].weight", "no `weight`", "`weight`", ""),
        ("weight: 9", "weight: 0", "0", "mixture[0].weight", "`0`", "more than 0", ""),
        (
            "uniform: {low: 2 h, high: 4 h}",
            "uniform: {low: 5 h, high: 4 h}",
            "{low",
            "mixture[1].uniform",
            "a mapping with low, high",
            "low and high in rising order",
            "",
        ),
        (
            "        - {weight: 1, uniform: {low: 2 h, high: 4 h}}\n",
            "",
            "mixture",
            "mixture",
            "a list of 1",
            "at least 2 of them",
            "",
        ),
    ],
)
def test_mixtures_that_cannot_be(says, old, new, at, path, found, expected, hint):
    assert old in MIXTURE
    says(TIME, MIXTURE.replace(old, new), at, f"{AT}.{path}", found, expected, hint)


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        ("sd: 9 min", "sd: 0 min", "0 min", "sd", "`0 min`", "deviation above 0", "as it is"),
        ("high: 1 h", "high: 5 min", "5 min}", "high", "`5 min`", "a low below the high", ""),
        (
            "low: 5 min, high: 1 h",
            "low: 2 h",
            "{mean",
            "",
            "2.4e-26 of the normal distribution between low and high",
            "0.001",
            "tail only",
        ),
        ("sd: 9 min, ", "", "truncated", "sd", "no `sd`", "`sd`", ""),
    ],
)
def test_truncated_normals_that_cannot_be(says, old, new, at, path, found, expected, hint):
    assert old in NORMAL
    where = ".".join(part for part in (AT, "truncated_normal", path) if part)
    says(TIME, NORMAL.replace(old, new), at, where, found, expected, hint)


@pytest.mark.parametrize(
    ("levels", "at", "path", "found", "expected"),
    [
        ("[{valid_from: 2024-03-08, valid_to: 2024-03-06, level: 2}]", "2024-03-06", "[0].valid_to",
         "`2024-03-06`", "a date that is not before valid_from, 2024-03-08"),
        ("[{valid_from: 2024-03-08}]", "{valid_from", "[0].level", "no `level`", "`level`"),
        ("[{valid_from: 2024-03-08, level: -1}]", "-1", "[0].level", "`-1`", "0 or more"),
    ],
)  # fmt: skip
def test_levels_that_cannot_be(says, levels, at, path, found, expected):
    budget = BUDGET.replace("refill", f"levels: {levels}, refill")
    says(BUDGET, budget, at, f"resources.permits.levels{path}", found, expected, "")


def test_a_store_has_no_levels(says):
    words = "  permits: {kind: store, level: 10, levels: [{level: 3}]}\n"
    path = "resources.permits.levels"
    says(BUDGET, words, "levels", path, "`levels` for a resource of kind store", "only", "kinds")


def test_a_level_that_no_day_has_is_doubted(warning):
    levels = (
        "levels: [{valid_to: 2024-03-03, level: 2}, {valid_from: 2024-03-09, level: 3}, "
        "{valid_from: 2024-03-10, level: 4}]"
    )
    found = warning((BUDGET, BUDGET.replace("refill", f"{levels}, refill")))
    assert (found.code, found.path) == ("unmet", "resources.permits.levels[0]")
    assert found.expected == "dates from 2024-03-04 to 2024-03-10 that no later level covers"


def test_a_need_may_be_met_on_some_dates_only(scenario, faults):
    spends = ("spends: {permits: 1, tractors: 1}", "spends: {permits: 12, tractors: 1}")
    more = (
        BUDGET,
        BUDGET.replace("refill", "levels: [{valid_from: 2024-03-09, level: 12}], refill"),
    )
    assert faults(spends)[0].code == "need"
    scenario(spends, more)


@pytest.mark.parametrize(
    ("factors", "at", "path", "found", "expected", "hint"),
    [
        ("1.3", "1.3", "", "`1.3`", "a mapping of hours to factors", ""),
        ("{22:00-06:00: 0}", "0", ".22:00-06:00", "`0`", "a factor from 0.1 to 5", ""),
        ("{22:00-06:00: 130 %}", "130", ".22:00-06:00", "`130 %`", "a factor", "1.3"),
        ("{22:30-06:00: 1.3}", "22:30", ".22:30-06:00", "`22:30-06:00`", "whole hours", ""),
        ("{night: 1.3}", "night", ".night", "`night`", "hours", "hours of opening"),
    ],
)
def test_works_by_the_hour_that_cannot_be(says, factors, at, path, found, expected, hint):
    words = f"{TIME}    time_by_hour: {factors}\n"
    says(TIME, words, at, f"stages.inspection.time_by_hour{path}", found, expected, hint)


@pytest.mark.parametrize(
    ("words", "at", "path", "found", "expected", "hint"),
    [
        ("{trucks: 0}", "0", "convoy.trucks", "`0`", "1 or more", ""),
        ("{after: 1 h}", "convoy", "convoy.trucks", "no `trucks`", "`trucks`", ""),
        ("{trucks: 3, after: 0 min}", "0 min", "convoy.after", "`0 min`", "a second", "take the"),
        ("{trucks: 3}\n    spends: {permits: 1}", "spends", "spends", "`spends` beside `convoy`",
         "a stage of a convoy at which nothing is taken", "the stage that comes next"),
        ("{trucks: 3}\n    overtaking: true", "overtaking", "overtaking",
         "`overtaking` beside `convoy`", "nothing is taken", "comes next"),
    ],
)  # fmt: skip
def test_convoys_that_cannot_be(says, words, at, path, found, expected, hint):
    release = "    time: 1 min\n"
    says(
        release,
        f"{release}    convoy: {words}\n",
        at,
        f"stages.release.{path}",
        found,
        expected,
        hint,
    )
