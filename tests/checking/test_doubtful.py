"""Warnings of what is perhaps not meant: each with its place, and a near miss that is silent."""

import pytest

from portsim.checking import load

PORT = """\
timezone: Europe/Warsaw
period: {from: 2025-03-03, to: 2025-03-30}
calendars:
  gate: {hours: {Mon-Sat: "08:00-20:00"}}
  customs: {hours: {Mon-Sat: "08:00-20:00"}, lunch: "13:00-14:00"}
resources:
  booths: {capacity: 2, calendar: gate}
  clerks: {capacity: 4, calendar: customs}
  inspectors: {capacity: 2, calendar: customs}
stages:
  gate: {takes: {booths: 1}, hours: gate, at_close: finish, time: 3 min}
  declaration: {takes: {clerks: 1}, hours: customs, at_close: finish, time: 8 min}
  inspection: {takes: {inspectors: 1}, hours: customs, at_close: finish, time: 13 min}
  release: {time: 3 min}
traffic:
  imports:
    direction: import
    arrivals: {rate: 139 per day}
    route: [gate, declaration, {stage: inspection, share: 0.36}, release]
  exports:
    direction: export
    arrivals: {rate: 112 per day}
    route: [gate, declaration, {stage: inspection, share: 0.25}, release]
"""

CLASSES = ("imports", "exports")


@pytest.fixture
def warned(tmp_path, monkeypatch):
    """Warnings of the port with some texts replaced, or of a policy laid on it."""
    monkeypatch.chdir(tmp_path)

    def of(policy: str = "", *changes: tuple[str, str]):
        text = PORT
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (tmp_path / "port.yaml").write_text(text, encoding="utf-8")
        if not policy:
            return load("port.yaml").origin.warnings
        (tmp_path / "policy.yaml").write_text(f"extends: port.yaml\n{policy}", encoding="utf-8")
        return load("policy.yaml").origin.warnings

    return of


def codes(warnings):
    return [(fault.code, fault.path) for fault in warnings]


def test_the_port_itself_is_right(warned):
    assert warned() == ()


def test_a_share_where_each_route_has_its_own(warned):
    (fault,) = warned("stages: {inspection: {share: 0.15}}\n")
    assert (fault.code, fault.path) == ("unmet", "stages.inspection.share")
    assert (fault.file, fault.line) == ("policy.yaml", 2)
    assert "route: {inspection: {share: …}}" in fault.hint
    assert fault.level == "warning"


def test_a_share_that_one_route_leaves_to_the_stage(warned):
    route = ("[gate, declaration, {stage: inspection, share: 0.25}, release]",
             "[gate, declaration, inspection, release]")  # fmt: skip
    assert warned("stages: {inspection: {share: 0.15}}\n", route) == ()


def test_a_time_that_a_policy_changes_in_vain(warned):
    own = "{stage: inspection, share: 0.36, time: 9 min}", "{stage: inspection, time: 9 min}"
    changes = (
        ("{stage: inspection, share: 0.36}", own[0]),
        ("{stage: inspection, share: 0.25}", own[1]),
    )
    assert warned("", *changes) == ()  # each stage must have a time
    found = warned("stages: {inspection: {time: 5 min}}\n", *changes)
    assert codes(found) == [("unmet", "stages.inspection.time")]


def test_a_list_that_takes_stages_out_of_the_route_of_the_base(warned):
    (fault,) = warned("traffic: {imports: {route: [{stage: inspection, share: 0.18}]}}\n")
    assert (fault.code, fault.path) == ("lost-stages", "traffic.imports.route")
    assert (fault.file, fault.line) == ("policy.yaml", 2)
    assert fault.found == "a route of imports without gate, declaration, release"
    assert "route: {gate: null, declaration: null, release: null}" in fault.hint


@pytest.mark.parametrize(
    "policy",
    [
        "traffic: {imports: {route: {inspection: {share: 0.18}}}}\n",
        "traffic: {imports: {route: {inspection: null}}}\n",
        "traffic: {imports: {route: [release, inspection, declaration, gate]}}\n",
        # A stage that is gone from the port cannot be passed.
        "stages: {inspection: null}\nresources: {inspectors: null}\ntraffic:\n"
        + "".join(f"  {cls}: {{route: [gate, declaration, release]}}\n" for cls in CLASSES),
    ],
)
def test_routes_that_lose_nothing_in_silence(warned, policy):
    assert warned(policy) == ()


ROSTER = """\
calendars:
  lunch-a: {hours: {Mon-Sat: "08:00-20:00"}, lunch: "12:00-13:00"}
  lunch-b: {hours: {Mon-Sat: "08:00-20:00"}, lunch: "13:00-14:00"}
resources:
  clerks:
    {capacity: null, calendar: null,
     roster: [{calendar: lunch-a, count: 2}, {calendar: lunch-b, count: 2}]}
"""


def test_a_staggered_lunch_by_the_roster_alone(warned):
    (fault,) = warned(ROSTER)
    assert (fault.code, fault.path) == ("idle-staff", "resources.clerks.roster")
    assert "clerks on duty Mon-Sat 13:00-14:00 while declaration is shut" in fault.found
    assert "hours without a break" in fault.hint


def test_a_staggered_lunch_with_hours_that_include_it(warned):
    assert warned(ROSTER + "stages: {declaration: {hours: gate}}\n") == ()


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        ('{Mon-Sat: "07:00-21:00"}', ()),  # an hour before opening, an hour to finish the last
        ('{Mon-Sat: "07:40-20:00"}', ()),
        ('{Mon-Sat: "06:00-20:00"}', ("Mon-Sat 06:00-08:00",)),
        ('{Mon-Sat: "08:00-23:00"}', ("Mon-Sat 20:00-23:00",)),
        ('"08:00-20:00"', ("Sun 08:00-20:00",)),
    ],
)
def test_staff_on_duty_while_its_stage_is_shut(warned, hours, found):
    warnings = warned(
        "", ("calendars:", f"calendars:\n  police: {{hours: {hours}}}"),
        ("booths: {capacity: 2, calendar: gate}", "booths: {capacity: 2, calendar: police}"),
    )  # fmt: skip
    assert codes(warnings) == [("idle-staff", "resources.booths.calendar")] * len(found)
    # Nobody is paid for places that stand empty.
    places = "resources: {booths: {places: true}}\n"
    assert warned(f"{places}calendars: {{gate: {{hours: {hours}}}}}\n"
                  'stages: {gate: {hours: customs}}\n') == ()  # fmt: skip
    for fault, hours_ in zip(warnings, found, strict=True):
        assert f"booths on duty {hours_} while gate is shut" in fault.found


def test_a_single_day_is_no_habit(warned):
    """The gate is closed on one Monday of four, the booths are not."""
    assert warned(
        "", ("calendars:", 'calendars:\n  day: {hours: {Mon-Sat: "08:00-20:00"}}'),
        ("booths: {capacity: 2, calendar: gate}", "booths: {capacity: 2, calendar: day}"),
        ('  gate: {hours: {Mon-Sat: "08:00-20:00"}}',
         '  gate: {hours: {Mon-Sat: "08:00-20:00"}, closed: [2025-03-10]}'),
    ) == ()  # fmt: skip


def test_staff_that_goes_along_to_a_later_stage_works_there(warned):
    assert (
        warned(
            "stages: {declaration: {takes: {clerks: {count: 1, until: release}}}}\n"
            'calendars: {late: {hours: {Mon-Sat: "08:00-23:00"}}}\n'
            "resources: {clerks: {calendar: late}}\n"
        )
        == ()
    )


HALL = 'calendars: {hall: {hours: "08:00-20:00"}}\n'


def test_hours_extended_where_the_staff_is_not(warned):
    (fault,) = warned(HALL + "stages: {declaration: {hours: hall}}\n")
    assert (fault.code, fault.path) == ("nobody-there", "stages.declaration.hours")
    assert "declaration open Sun 08:00-20:00 with too few of clerks on duty" in fault.found


def test_a_stage_that_leaves_the_break_to_the_staff(warned):
    """No warning: nobody is admitted while the clerks eat, whoever says so."""
    assert warned("stages: {declaration: {hours: gate}}\n") == ()


def test_work_that_goes_on_with_nobody_there(warned):
    (fault,) = warned(HALL + "stages: {declaration: {hours: hall, at_close: pause}}\n")
    assert (fault.code, fault.path) == ("unattended", "stages.declaration.at_close")
    assert "Mon-Sat 13:00-14:00; Sun 08:00-20:00 without clerks" in fault.found
    assert "attended: true" in fault.hint
    assert "hours: [hall, customs]" in fault.hint


@pytest.mark.parametrize("word", ["attended: true, hours: hall", "hours: [hall, customs]"])
def test_work_that_waits_for_the_staff(warned, word):
    hall = HALL if "hall" in word else ""
    assert warned(f"{hall}stages: {{declaration: {{{word}, at_close: pause}}}}\n") == ()


def test_a_roster_of_nights_leaves_nobody_at_noon(warned):
    roster = "{capacity: null, calendar: null, roster: [{calendar: am, count: 2}]}"
    am = 'calendars: {am: {hours: {Mon-Sat: "08:00-12:00"}}}\n'
    (fault,) = warned(f"{am}resources: {{booths: {roster}}}\n")
    assert codes([fault]) == [("nobody-there", "stages.gate.hours")]
    assert "Mon-Sat 12:00-20:00" in fault.found


@pytest.mark.parametrize(
    ("preferred", "found"),
    [
        ("{share: 0.2, skips: declaration}", [("skipped-work", "skips")]),
        ("{share: 0.2, priority: -1}", []),
        ("{share: 0.2, skips: inspection}", []),  # a check that not all trucks get
        ("{share: 0.2, skips: release}", []),  # nobody works there
        ("{share: 0, skips: declaration}", []),
        ("{share: 0.2, priority: 0}", [("unmet", "priority")]),
    ],
)
def test_preferred_trucks(warned, preferred, found):
    warnings = warned(f"traffic: {{imports: {{preferred: {preferred}}}}}\n")
    wanted = [(code, f"traffic.imports.preferred.{key}") for code, key in found]
    assert codes(warnings) == wanted
    assert all("clerks" in fault.found for fault in warnings if fault.code == "skipped-work")


@pytest.mark.parametrize(("waiting", "many"), [("0", 1), ("0.4", 1), ("1", 0), ("30", 0)])
def test_a_tolerance_of_nothing(warned, waiting, many):
    found = warned(f"traffic: {{imports: {{tolerance: {waiting}}}}}\n")
    assert codes(found) == [("tolerance", "traffic.imports.tolerance")] * many


@pytest.mark.parametrize(
    ("lunch", "many"), [("06:00-07:00", 1), ("20:00-21:00", 1), ("19:30-20:30", 0)]
)
def test_a_lunch_outside_the_hours(warned, lunch, many):
    hours = 'hours: {Mon-Sat: "08:00-20:00"}'
    found = warned("", (f"gate: {{{hours}}}", f'gate: {{{hours}, lunch: "{lunch}"}}'))
    assert codes(found) == [("unmet", "calendars.gate.lunch")] * many


def test_days_that_differ_for_nobody(warned):
    booked = "arrivals: {booked: {calendar: gate, per_hour: 9}}"
    factor = ("traffic:", "traffic:\n  day_factor: {lognormal: {mean: 1, cv: 0.3}}")
    rates = ("arrivals: {rate: 139 per day}", booked), ("arrivals: {rate: 112 per day}", booked)
    assert codes(warned("", factor, *rates)) == [("unmet", "traffic.day_factor")]
    assert warned("", factor, rates[0]) == ()


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("at_close: finish, attended: true", "stages.gate.attended"),
        ("at_close: pause, attended: true", "stages.release.attended"),
    ],
)
def test_attended_where_it_says_nothing(warned, words, path):
    stage = path.split(".")[1]
    from portsim.errors import ScenarioError  # noqa: PLC0415

    hours = ", hours: gate" if stage == "release" else ""
    with pytest.raises(ScenarioError) as caught:
        warned(f"stages: {{{stage}: {{{words}{hours}}}}}\n")
    assert [fault.path for fault in caught.value.faults] == [path]


LEFT = """\
stages: {declaration: {hours: gate}, inspection: {hours: gate}}
resources: {clerks: {calendar: gate}, inspectors: {calendar: gate}}
"""


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (LEFT, []),  # the calendar of the customs is left over: the policy goes another way
        ('calendars: {spare: {hours: "08:00-20:00"}}\n', [("unused", "calendars.spare")]),
        ("stages: {weighing: {time: 3 min}}\n", [("unvisited", "stages.weighing")]),
    ],
)
def test_what_a_policy_leaves_over_and_what_it_adds_for_nobody(warned, policy, found):
    assert codes(warned(policy)) == found
