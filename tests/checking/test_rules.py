"""Faults between the parts: closing, needs, routes, loads, what is counted and never given."""

import pytest

from portsim.scenario.legs import legs

COMMENTED = [
    (f"    {line}", f"#   {line}")
    for line in ("direction:", "arrivals:", "load:", "patience:", "route:")
]
BREAKDOWNS = "breakdowns: [{every: 9 d, repair: 2 h}]"


@pytest.mark.parametrize(
    ("changes", "path", "why"),
    [
        ([("    at_close: finish\n", "")], "stages.gate.at_close", "the stage has hours: say"),
        (
            [("time: 1 min", "time: 1 min\n    closures: [{name: wind, every: 5 d, lasts: 4 h}]")],
            "stages.release.at_close",
            "the stage has closures: say",
        ),
        (
            [("time: 1 min", "time: 1 min\n    takes: {officers: 1}")],
            "stages.release.at_close",
            "officers has a roster",
        ),
        (
            [("time: 1 min", "time: 1 min\n    takes: {lanes: 1}")],
            "stages.release.at_close",
            "lanes has a calendar",
        ),
        (
            [
                ("resources:", f"resources:\n  x: {{capacity: 1, {BREAKDOWNS}}}"),
                ("time: 1 min", "time: 1 min\n    takes: {x: 1}"),
            ],
            "stages.release.at_close",
            "x has breakdowns",
        ),
    ],
)  # fmt: skip
def test_at_close_where_it_matters(faults, scenario, changes, path, why):
    (fault,) = faults(*changes)
    assert (fault.path, fault.found, fault.column) == (path, "no `at_close`", 3)
    assert fault.hint.startswith(why)
    # What is offered is not refused when it is written.
    pauses = why.endswith("say")
    offered = "`at_close: finish`" + (" or `at_close: pause`" if pauses else "")
    assert fault.expected == offered
    assert pauses or "give the stage `hours` and write `at_close: pause`" in fault.hint
    stage = path.split(".")[1]
    for word in ("finish", "pause") if pauses else ("finish",):
        repaired = (f"  {stage}:\n", f"  {stage}:\n    at_close: {word}\n")
        scenario(*changes, repaired)


def test_at_close_is_not_asked_where_nothing_closes(scenario):
    assert scenario().stages["release"].at_close is None


@pytest.mark.parametrize(("word", "hint"), [("stop", "`pause`"), ("Finish", "`finish`")])
def test_at_close_of_another_word(says, word, hint):
    path = "stages.gate.at_close"
    says("close: finish", f"close: {word}", word, path, f"`{word}`", "`finish` or `pause`", hint)


def test_pause_without_hours(says):
    words = ("`pause`", "hours or closures", "write `finish`, give the stage the calendar")
    says("1 min", "1 min\n    at_close: pause", "pause", "stages.release.at_close", *words)


def test_last_entry_without_hours(says):
    words = ("`1 h`", "`hours` for a stage with a last entry")
    says("1 min", "1 min\n    last_entry: 1 h", "1 h", "stages.release.last_entry", *words)


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "most"),
    [
        ("{officers: 1}", "{officers: 3}", "3", "inspection.takes.officers", "a need of 3", 2),
        ("{permits: 1,", "{permits: 11,", "11", "inspection.spends.permits", "a need of 11", 10),
        ("capacity: 4", "capacity: 0", "{until", "gate.takes.lanes", "a need of 1", 0),
        (
            "{officers: 1}",
            "{officers: {count: 3, until: next}}",
            "{count",
            "inspection.takes.officers",
            "a need of 3",
            2,
        ),
    ],
)
def test_needs_above_any_capacity(says, old, new, at, path, found, most):
    expected = f"at most the {most} that {path.rpartition('.')[2]} ever has"
    says(old, new, at, f"stages.{path}", found, expected, "wait for ever")


def test_all_of_nothing(faults):
    (fault,) = faults(("capacity: 4", "capacity: 0"), ("{until:", "{count: all, until:"))
    assert fault.found == "all of lanes, which is none"


def test_a_need_that_only_two_shifts_together_could_meet(faults):
    (fault,) = faults(
        ("count: 2}]", "count: 2}, {calendar: day, count: 1}]"), ("{officers: 1}", "{officers: 3}")
    )
    assert (fault.path, fault.found) == ("stages.inspection.takes.officers", "a need of 3")
    assert "at one time" in fault.expected
    assert "never work together" in fault.hint


def test_a_stage_that_is_never_open_while_staffed(says):
    path = "stages.gate.takes.officers"
    new = "takes: {officers: 1, lanes: {until: inspection}}"
    words = ("`officers`", "a stage that is open while officers is staffed", "never meet")
    says("takes: {lanes: {until: inspection}}", new, "officers", path, *words)


def test_calendars_that_are_never_open_together(says):
    words = ("`day, night`, never open", "open at some time", "never open together")
    says("    hours: day", "    hours: [day, night]", "[day", "stages.gate.hours", *words)


def test_hours_that_end_before_the_period(faults):
    (fault,) = faults(("lunch: 14:00-15:00", "valid_to: 2024-01-31"))
    assert (fault.path, fault.found) == ("stages.gate.hours", "`day`, never open")
    assert "valid_to" in fault.hint


def test_a_last_entry_longer_than_the_hours(says):
    path = "stages.gate.last_entry"
    words = ("`9 h`", "a last entry shorter than the hours")
    says("    hours: day", "    hours: day\n    last_entry: 9 h", "9 h", path, *words)


@pytest.mark.parametrize("stage", ["gate", "scan"])
def test_until_a_stage_that_does_not_come_later(faults, stage):
    changes = [("until: inspection", f"until: {stage}")]
    if stage == "scan":
        changes += [
            ("stages:", "stages:\n  scan: {time: 1 min}"),
            ("[gate,", "[scan, gate,"),
        ]
    (fault,) = faults(*changes)
    assert (fault.path, fault.found) == ("stages.gate.takes.lanes.until", f"`{stage}`")
    assert fault.expected == "a stage that the route of tea passes after gate"
    assert "goes on through inspection, release" in fault.hint


@pytest.mark.parametrize(("word", "found"), [("5", "`5`"), ("[end]", "a list of 1")])
def test_until_is_text(faults, word, found):
    (fault,) = faults(("until: inspection", f"until: {word}"))
    assert (fault.found, fault.expected) == (found, "text")


@pytest.mark.parametrize("word", ["end", "next", "exit", "release"])
def test_until_that_works(scenario, word):
    made = scenario(("until: inspection", f"until: {word}"))
    assert made.stages["gate"].takes["lanes"].until == word


def test_a_stage_may_stand_twice_in_a_route(scenario):
    made = scenario(
        ("[gate, inspection, release]", "[gate, inspection, gate, release]"),
        ("until: inspection", "until: next"),
    )
    assert [leg.luck for leg in legs(made.traffic.classes["tea"])] == [
        "gate", "inspection", "gate:2.0", "release"
    ]  # fmt: skip


def test_patience_at_a_stage_off_the_route(faults):
    extra = "  wood:\n    direction: import\n    arrivals: {rate: 1 per day}\n    route: [extra]\n"
    (fault,) = faults(
        ("stages:", "stages:\n  extra: {time: 1 min}"),
        ("traffic:\n", f"traffic:\n{extra}"),
        ("patience: 5 h", "patience: {time: 5 h, stages: [gate, extra]}"),
    )
    assert (fault.path, fault.found) == ("traffic.tea.patience.stages[1]", "`extra`")
    assert fault.expected == "a stage of the route of tea"
    assert fault.hint == "it passes gate, inspection, release"


def test_a_load_that_fits_no_lane(says):
    words = ("a load with a width of 5 m", "a width of at most 4 m for lanes", "of its own")
    new = "21 t\n    dimensions: {width: 5 m, length: 80 m}"
    says("21 t", new, "gate", "traffic.tea.route[0]", *words)


@pytest.mark.parametrize(
    ("changes", "what", "why"),
    [
        ([("time: 1 min", "time: {per_tonne: 5 s}"), ("    load: 21 t\n", "")], "load",
         "release takes its time per tonne"),
        ([("time: 1 min", "time: {per_resident: 5 s}")], "residents",
         "release takes its time per resident"),
        ([("{permits: 1,", "{permits: {count: 1, per: resident},")], "residents",
         "inspection counts permits per resident"),
        ([("21 t", "21 t\n    residents: {quota: 8000 CNY}")], "value", "a `value` or a `price`"),
        ([("load: 21 t", "price: 4540 CNY/t")], "load", "a `load` for the price a tonne"),
    ],
)  # fmt: skip
def test_quantities_that_are_counted_and_not_given(faults, changes, what, why):
    (fault,) = faults(*changes)
    assert fault.path == f"traffic.tea.{what}"
    assert fault.found in (f"no {what}", f"no `{what}`")
    assert why in fault.expected


def test_quota_of_nothing(says):
    new = "21 t\n    value: 9 CNY\n    residents: {quota: 0 CNY}"
    says("21 t", new, "0 CNY", "traffic.tea.residents.quota", "`0 CNY`", "a quota above 0")


def test_scales_that_multiply(faults):
    (fault,) = faults(
        ("traffic:", "traffic:\n  scale: 3"), ("load: 21 t", "load: 21 t\n    scale: 2")
    )
    assert (fault.path, fault.found) == ("traffic.tea.scale", "6 together")
    assert "at most 4" in fault.expected


def test_misspelt_scale(says):
    words = ("`scael`", "a class of trucks", "did you mean `scale`?")
    says("traffic:", "traffic:\n  scael: 0.5", "scael", "traffic.scael", *words)


def test_no_traffic(faults):
    (fault,) = faults(("traffic:\n  tea:\n", "traffic: {}\n#"), *COMMENTED)
    assert fault.path == "traffic"
    assert fault.expected == "at least one class of trucks"


def test_one_cause_of_closures_with_two_times(faults):
    wind = "closures: [{{name: wind, every: 5 d, lasts: {}}}]"
    (fault,) = faults(
        ("    hours: day\n", f"    hours: day\n    {wind.format('4 h')}\n"),
        ("    hours: night\n", f"    hours: night\n    {wind.format('5 h')}\n"),
    )
    assert (fault.path, fault.found) == ("stages.inspection.closures[0].name", "`wind`")
    assert fault.expected == "the same times for wind as at stage gate"
    assert "closed together" in fault.hint


@pytest.mark.parametrize(
    ("arrivals", "told"),
    [
        ("{rate: 100000 per day}", "1,467,200,000 up to this class"),
        ("{booked: {calendar: day, per_hour: 3600}}", "316,915,200 up to this class"),
    ],
)
def test_more_trucks_than_can_be_drawn(faults, arrivals, told):
    """Ten years and the year before them, four times the demand; 3,668 days of all hours."""
    (fault,) = faults(
        ("from: 2024-03-04, to: 2024-03-10", "from: 2024-03-04, to: 2033-01-15"),
        ("{rate: 60 per day}", arrivals),
    )
    assert (fault.code, fault.path) == ("too-many-trucks", "traffic.tea.arrivals")
    assert fault.found == told
    assert fault.expected.startswith("at most 200,000,000 trucks")


def test_trucks_of_all_classes_count_together(faults, write):
    more = "arrivals: {rate: 13000 per day}"
    second = f"\n  more: {{direction: import, {more}, route: [release]}}"
    changes = (
        ("from: 2024-03-04, to: 2024-03-10", "from: 2024-03-04, to: 2032-12-31"),
        ("arrivals: {rate: 60 per day}", more),
        ("route: [gate, inspection, release]", f"route: [release]{second}"),
    )
    (fault,) = faults(*changes)
    assert fault.path == "traffic.more.arrivals"
