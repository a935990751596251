"""What a policy says otherwise: values, hours, routes, staff, and marks that differ."""

import pytest

from portsim.results.changes import NOTHING, Change, changes, idle_paths, is_idle

BASE = {
    "name": "base",
    "summary": "a port",
    "timezone": "UTC",
    # Four whole weeks: 24 working days and 4 Sundays.
    "period": {"from": "2025-03-03", "to": "2025-03-30"},
    "calendars": {
        "day": {"hours": {"Mon-Sat": "08:00-20:00"}, "lunch": "13:00-14:00"},
        "far": {"hours": "08:00-20:00"},
    },
    "resources": {
        "clerks": {"capacity": 4, "calendar": "day"},
        "booths": {"capacity": 2},
    },
    "stages": {
        "gate": {"takes": {"booths": 1}, "hours": "far", "at_close": "finish", "time": "3 min"},
        "desk": {
            "takes": {"clerks": 1},
            "hours": "day",
            "at_close": "finish",
            "time": {"lognormal": {"mean": "8 min", "cv": 0.9}},
        },
        "scan": {"time": "5 min", "share": 0.4},
    },
    "traffic": {
        "tea": {
            "direction": "import",
            "arrivals": {"rate": "60 per day", "hours": {"08:00-20:00": 1}},
            "route": ["gate", {"stage": "desk", "share": 0.5}, "scan"],
        }
    },
}


def of(**sections):
    """The changes of a policy with some keys of things replaced: section__thing={key: value}."""
    data = {**BASE, "name": "policy", "summary": "another"}
    for name, words in sections.items():
        section, _, thing = name.partition("__")
        data[section] = dict(data[section])
        if words is None:
            del data[section][thing]
        else:
            data[section][thing] = {**data[section].get(thing, {}), **words}
    return changes(BASE, data)


def said(found):
    return [(one.kind, one.path, one.was, one.now) for one in found]


def test_nothing_but_a_name():
    assert of() == []


def test_a_value_and_a_default():
    assert said(of(resources__booths={"capacity": 3})) == [
        ("value", "resources.booths.capacity", "2", "3")
    ]
    assert said(of(stages__gate={"share": 0.5})) == [("value", "stages.gate.share", "1", "0.5")]
    assert said(of(stages__gate={"claims": True})) == [
        ("value", "stages.gate.claims", "false", "true")
    ]


def test_a_distribution_and_a_profile_are_one_value():
    exponential = {"exponential": {"mean": "8 min"}}
    assert said(of(stages__desk={"time": exponential})) == [
        (
            "value",
            "stages.desk.time",
            "{lognormal: {mean: 8 min, cv: 0.9}}",
            "{exponential: {mean: 8 min}}",
        )
    ]
    arrivals = {"rate": "70 per day", "hours": {"06:00-20:00": 1}}
    assert said(of(traffic__tea={"arrivals": arrivals})) == [
        ("value", "traffic.tea.arrivals.rate", "60 per day", "70 per day"),
        ("value", "traffic.tea.arrivals.hours", "{08:00-20:00: 1}", "{06:00-20:00: 1}"),
    ]


def test_hours_of_a_calendar_and_what_they_cost():
    """11 hours on 24 days; without the lunch 12; four clerks each."""
    assert said(of(calendars__day={"lunch": "closed"})) == [
        (
            "hours",
            "calendars.day",
            "Mon-Sat 08:00-13:00, 14:00-20:00; 264 h in the period",
            "Mon-Sat 08:00-20:00; 288 h in the period",
        ),
        ("staff", "resources.clerks", "264.0 staffed h a week", "288.0 staffed h a week"),
        ("staff", "staff", "264.0 staffed h a week", "288.0 staffed h a week"),
    ]


def test_nobody_works_at_places():
    """A yard that opens longer is no more staff."""
    yard = {"booths": {"capacity": 50, "calendar": "far", "places": True}}
    was, now = (
        {**BASE, "name": name, "resources": {**BASE["resources"], **yard}}
        for name in ("today", "policy")
    )
    now["calendars"] = {**BASE["calendars"], "far": {"hours": "06:00-22:00"}}
    assert [one.kind for one in changes(was, now)] == ["hours"]


def test_a_closed_day_shows_in_the_hours_of_the_period():
    (found,) = of(calendars__far={"closed": ["2025-03-04"]})
    assert (found.was, found.now) == (
        "daily 08:00-20:00; 336 h in the period", "daily 08:00-20:00; 324 h in the period",
    )  # fmt: skip


def test_a_calendar_written_otherwise_that_is_open_alike():
    assert of(calendars__far={"hours": {"daily": "08:00-20:00"}}) == []


def test_things_lost_and_won():
    # Without Sundays nothing else: the gate follows the day of the customs, too.
    found = of(calendars__new={"hours": "10:00-12:00"}, resources__clerks=None)
    assert ("hours", "calendars.new", NOTHING, "daily 10:00-12:00; 56 h in the period") in said(
        found
    )
    assert ("value", "resources.clerks", "{capacity: 4, calendar: day}", NOTHING) in said(found)
    assert len([one for one in found if one.path == "calendars.new"]) == 1


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ([{"stage": "desk", "share": 0.2}],
         [("", "gate, scan", NOTHING), (".desk.share", "0.5", "0.2")]),
        (["gate", "weigh", {"stage": "desk", "share": 0.5}, "scan"], [("", NOTHING, "weigh")]),
        (["scan", "gate", {"stage": "desk", "share": 0.5}],
         [("", "gate, desk, scan", "scan, gate, desk")]),
        (["gate", {"stage": "desk", "share": 0.5}, {"stage": "scan", "share": 0.1}],
         [(".scan.share", "0.4 (of the stage)", "0.1")]),
        (["gate", "desk", "scan"], [(".desk.share", "0.5", "1")]),
        (["gate", {"stage": "desk", "share": 0.5, "time": "9 min"}, {"stage": "scan"}],
         [(".desk.time", "{lognormal: {mean: 8 min, cv: 0.9}} (of the stage)", "9 min")]),
    ],
)  # fmt: skip
def test_routes(route, expected):
    found = of(traffic__tea={"route": route})
    assert said(found) == [
        ("route", f"traffic.tea.route{path}", was, now) for path, was, now in expected
    ]


def test_marks_where_they_differ():
    sources = [
        [{"path": path, "confidence": mark, "source": who, "value": 1}]
        for path, mark, who in (
            ("stages.gate.time", "A", "a visit"), ("stages.gate.time", "E", "a guess"),
        )
    ]  # fmt: skip
    data = {
        **BASE,
        "stages": {**BASE["stages"], "gate": {**BASE["stages"]["gate"], "time": "2 min"}},
    }
    (found,) = changes(BASE, data, *sources)
    assert (found.was, found.was_from) == ("3 min", "A, a visit")
    assert (found.now, found.now_from) == ("2 min", "E, a guess")
    (alike,) = changes(BASE, data, sources[0], sources[0])
    assert (alike.was_from, alike.now_from) == ("", "")


def test_marks_of_a_step_are_found_by_its_stage():
    tea = {**BASE["traffic"]["tea"], "route": ["gate", "scan", {"stage": "desk", "share": 0.2}]}
    data = {**BASE, "traffic": {"tea": tea}}
    mark = {"path": "traffic.tea.route[2].share", "confidence": "E", "source": ""}
    found = changes(BASE, data, [], [mark])
    assert [(one.path, one.now_from) for one in found][-1] == ("traffic.tea.route.desk.share", "E")


def test_a_folder_of_another_language_gives_its_values():
    old = {**BASE, "calendars": {"day": {"open": "always"}}}
    found = changes(old, {**old, "seed": 9})
    assert said(found) == [("value", "seed", "1", "9")]


@pytest.mark.parametrize(
    ("path", "kind", "idle", "expected"),
    [
        ("stages.gate.share", "value", ["stages.gate.share"], True),
        ("stages.gate.share", "value", ["stages.gate"], True),
        ("stages.gate.share", "value", ["stages.gate.sh"], False),
        ("calendars.day", "hours", ["calendars.day.hours"], True),
        ("stages.gate.share", "value", [""], True),
        ("stages.gate.share", "value", [], False),
        ("staff", "staff", [""], False),
    ],
)
def test_what_has_no_effect(path, kind, idle, expected):
    assert is_idle(Change(path, "1", "2", kind=kind), idle) is expected


def test_what_a_manifest_says_has_no_effect():
    warnings = [
        {"code": "unmet", "path": "stages.gate.share"},
        {"code": "idle-staff", "path": "resources.clerks.roster"},
        {"code": "no-effect", "path": "", "against": "port"},
    ]
    assert idle_paths(warnings, "port") == ["stages.gate.share", ""]
    assert idle_paths(warnings, "other") == ["stages.gate.share"]
