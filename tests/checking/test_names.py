"""Names: unknown, misspelt, twice, reserved, and the wrong kind of thing under a verb."""

import pytest

CALENDAR = "the name of a calendar"
STAGE = "the name of a stage"
RESOURCE = "the name of a resource"


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "name", "expected", "hint"),
    [
        ("open_hours: day", "open_hours: dya", "dya", "open_hours", "dya", CALENDAR, "`day`"),
        ("open_hours: day", "open_hours: [dya]", "dya", "open_hours[0]", "dya", CALENDAR, "`day`"),
        ("    hours: day", "    hours: dya", "dya", "stages.gate.hours", "dya", CALENDAR, "`day`"),
        (
            "    hours: day",
            "    hours: [day, nigth]",
            "nigth",
            "stages.gate.hours[1]",
            "nigth",
            CALENDAR,
            "`night`",
        ),
        (
            "calendar: day\n",
            "calendar: dya\n",
            "dya",
            "resources.lanes.calendar",
            "dya",
            CALENDAR,
            "`day`",
        ),
        (
            "calendar: night",
            "calendar: nigth",
            "nigth",
            "resources.officers.roster[0].calendar",
            "nigth",
            CALENDAR,
            "`night`",
        ),
        (
            "per day}",
            "per day, follow: zzz}",
            "zzz",
            "traffic.tea.arrivals.follow",
            "zzz",
            CALENDAR,
            "known: day, night",
        ),
        (
            "{rate: 60 per day}",
            "{booked: {calendar: dayy, per_hour: 5}}",
            "dayy",
            "traffic.tea.arrivals.booked.calendar",
            "dayy",
            CALENDAR,
            "`day`",
        ),
        (
            "{officers: 1}",
            "{officer: 1}",
            "officer:",
            "stages.inspection.takes.officer",
            "officer",
            RESOURCE,
            "`officers`",
        ),
        (
            "{permits: 1,",
            "{permit: 1,",
            "permit:",
            "stages.inspection.spends.permit",
            "permit",
            RESOURCE,
            "`permits`",
        ),
        (
            "offers: {tractors: 1}",
            "offers: {tractor: 1}",
            "tractor:",
            "stages.release.offers.tractor",
            "tractor",
            RESOURCE,
            "`tractors`",
        ),
        (
            "[gate, inspection, release]",
            "[gate, inspecton, release]",
            "inspecton",
            "traffic.tea.route[1]",
            "inspecton",
            STAGE,
            "`inspection`",
        ),
        (
            "[gate, inspection, release]",
            "[gate, {stage: inspecton, share: 0.1}, release]",
            "inspecton",
            "traffic.tea.route[1].stage",
            "inspecton",
            STAGE,
            "`inspection`",
        ),
        (
            "until: inspection",
            "until: inspecton",
            "inspecton",
            "stages.gate.takes.lanes.until",
            "inspecton",
            STAGE,
            "`inspection`",
        ),
        (
            "until: inspection",
            "until: ends",
            "ends",
            "stages.gate.takes.lanes.until",
            "ends",
            STAGE,
            "`end`",
        ),
        (
            "name: small",
            "name: small\ncompletion: {limit: 24 h, from: gaet}",
            "gaet",
            "completion.from",
            "gaet",
            STAGE,
            "`gate`",
        ),
        (
            "patience: 5 h",
            "patience: {time: 5 h, stages: [gaet]}",
            "gaet",
            "traffic.tea.patience.stages[0]",
            "gaet",
            STAGE,
            "`gate`",
        ),
        (
            "patience: 5 h",
            "tolerance: {waiting: 5, stages: gaet}",
            "gaet",
            "traffic.tea.tolerance.stages",
            "gaet",
            STAGE,
            "`gate`",
        ),
    ],
)
def test_unknown_names_and_the_nearest(says, old, new, at, path, name, expected, hint):
    says(old, new, at, path, f"`{name}`", expected, hint)


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "expected", "hint"),
    [
        ("    share", "    shrae", "shrae", "stages.inspection.shrae", "`share`", "`share`"),
        ("timezone: A", "timezon: A", "timezon", "timezon", "`timezone`", "`timezone`"),
        ("stages:", "stage:", "stage", "stage", "`stages`", "`stages`"),
        ("calendars:", "calendar:", "calendar", "calendar", "`calendars`", "`calendars`"),
        ("{officers: 1}", "{officers: {qq: 1}}", "qq", "stages.inspection.takes.officers.qq",
         "one of `count`, `until`", ""),
        ("    load", "    laod", "laod", "traffic.tea.laod", "`load`", "`load`"),
        ("at_close: f", "at_colse: f", "at_colse", "stages.gate.at_colse", "`at_close`",
         "`at_close`"),
        ("    takes: {l", "    needs: {l", "needs", "stages.gate.needs", "`takes`", "`takes`"),
    ],
)  # fmt: skip
def test_unknown_keys_show_the_key_and_the_nearest(says, old, new, at, path, expected, hint):
    says(old, new, at, path, f"unknown key `{at}`", expected, hint)


@pytest.mark.parametrize(
    ("verb", "written", "found", "kinds"),
    [
        ("takes: {officers: 1}", "takes: {permits: 1}", "permits", "servers"),
        ("spends: {permits: 1, tractors: 1}", "spends: {officers: 1}", "officers", "budget or"),
        ("offers: {tractors: 1}", "offers: {permits: 1}", "permits", "store"),
    ],
)
def test_wrong_kinds(faults, verb, written, found, kinds):
    (fault,) = faults((verb, written))
    assert fault.found.startswith(f"`{found}` of kind ")
    assert fault.expected.startswith(f"a resource of kind {kinds}")
    assert fault.path.endswith(f".{found}")
    assert "servers are taken; budgets and stores are spent" in fault.hint


@pytest.mark.parametrize(
    ("written", "found", "hint"),
    [
        ("[officers]", "a list of 1", "write {officers: 1}"),
        ("officers", "`officers`", "write {officers: 1}"),
        ("[officers, lanes]", "a list of 2", "write {officers: 1, lanes: 1}"),
        ("5", "`5`", "write a mapping"),
    ],
)
def test_a_list_where_names_need_counts(says, written, found, hint):
    path = "stages.inspection.takes"
    expected = "a mapping of resources to how many"
    says("takes: {officers: 1}", f"takes: {written}", written, path, found, expected, hint)


@pytest.mark.parametrize(
    ("route", "found", "expected", "hint"),
    [
        ("gate", "`gate`", "a list of stages", "write [gate]"),
        ("gate, release", "`gate, release`", "a list of stages", "write [gate, release]"),
        ("[]", "an empty list", "at least 1", ""),
        ("{gate: 1}", "a mapping with gate", "a list", "square brackets"),
    ],
)
def test_routes_that_are_no_lists(says, route, found, expected, hint):
    at = f"route: {route}"[7:]
    says("[gate, inspection, release]", route, at, "traffic.tea.route", found, expected, hint)


@pytest.mark.parametrize(
    ("step", "found", "hint"),
    [
        ("{inspection: 0.3}", "a mapping with inspection", "{stage: inspection, share: 0.3}"),
        ("5", "`5`", "{stage: gate"),
        ("[inspection]", "a list of 1", "{stage: gate"),
    ],
)
def test_steps_that_are_none(says, step, found, hint):
    words = (found, "the name of a stage, or a mapping with `stage`", hint)
    route = f"[gate, {step}, release]"
    says("[gate, inspection, release]", route, step, "traffic.tea.route[1]", *words)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("  tea:", "  export:", "traffic.export"),
        ("  tea:", "  all:", "traffic.all"),
        ("resources:", "resources:\n  all: {capacity: 1}", "resources.all"),
        ("stages:", "stages:\n  exit: {time: 1 min}", "stages.exit"),
        ("stages:", "stages:\n  arrival: {time: 1 min}", "stages.arrival"),
    ],
)
def test_reserved_names(says, old, new, path):
    name = path.partition(".")[2]
    says(old, new, name, path, f"`{name}`", "another name", "a meaning of its own")


def test_name_of_a_stage_and_a_resource(says):
    words = ("`gate`", "a name that no stage has", "gate-posts")
    says("resources:", "resources:\n  gate: {capacity: 1}", "gate", "resources.gate", *words)


@pytest.mark.parametrize(
    ("old", "new", "path", "name"),
    [
        ("stages:", 'stages:\n  "a,b": {time: 1 min}', "stages.a,b", "a,b"),
        ("calendars:", 'calendars:\n  "8:00": {}', "calendars.8:00", "8:00"),
        ("traffic:\n  tea:", 'traffic:\n  "tea+":', "traffic.tea+", "tea+"),
    ],
)
def test_names_with_signs(faults, old, new, path, name):
    (fault,) = faults((old, new))
    assert (fault.path, fault.found) == (path, f"`{name}`")
    assert "without , + [ ] : /" in fault.expected


def test_hours_where_the_name_of_a_calendar_belongs(says):
    words = ("`8:00-20:00`", "a name of", "hours belong to a calendar")
    says("open_hours: day", "open_hours: 8:00-20:00", "8:00", "open_hours", *words)


@pytest.mark.parametrize("name", ["释放", "Погрузка", "gate 2", "дверь-1"])
def test_names_in_other_scripts(scenario, name):
    made = scenario(("  release:", f"  {name}:"), ("inspection, release]", f"inspection, {name}]"))
    assert name in made.stages


@pytest.mark.parametrize(
    ("old", "new", "at", "expected"),
    [
        ("stages:", "stages:\n  spare: {time: 4 min}", "stages.spare", "some route passes"),
        ("resources:", "resources:\n  spare: {capacity: 3}", "resources.spare", "some stage takes"),
        ("calendars:", "calendars:\n  spare: {}", "calendars.spare", "something follows"),
    ],
)
def test_what_nobody_uses_is_a_warning(warning, old, new, at, expected):
    fault = warning((old, new))
    assert (fault.path, fault.found) == (at, "`spare`")
    assert expected in fault.expected
    assert fault.column == 3


def test_a_store_that_is_never_filled_is_a_warning(warning):
    fault = warning(("    offers: {tractors: 1}\n", ""))
    assert fault.path == "stages.inspection.spends.tractors"
    assert "only ever gets emptier" in fault.hint


@pytest.mark.parametrize(
    ("zone", "nearest"),
    [
        ("Asia/Almata", "did you mean `Asia/Almaty`"),
        ("asia/shanghai", "did you mean `Asia/Shanghai`"),
        ("Beijing", "did you mean `Asia/Shanghai`?"),
        ("Asia/Astana", "did you mean `Asia/Almaty`?"),
        ("UTC+8", "name a city's zone"),
        ("zzz", ""),
    ],
)
def test_unknown_zones_and_the_nearest(says, zone, nearest):
    words = (f"`{zone}`", "an IANA time zone", nearest)
    says("timezone: Asia/Shanghai", f"timezone: {zone}", zone, "timezone", *words)


def test_zones_of_calendars_and_refills(faults):
    found = faults(
        ("hours: 22:00-06:00", "hours: 22:00-06:00\n    timezone: Asia/Almatyy"),
        ("refill: 00:00", "refill: {at: 00:00, timezone: Asia/Shanghia}"),
    )
    assert [fault.path for fault in found] == [
        "calendars.night.timezone",
        "resources.permits.refill.timezone",
    ]
    assert "`Asia/Shanghai`" in found[1].hint


def test_unknown_holidays(says):
    path = "calendars.night.holidays[0].only[1]"
    words = ("`Nowruz`", "the English name of a holiday of CN", "names are such as")
    says("country: CN", "country: CN, only: [Labor, Nowruz]", "Nowruz", path, *words)


def test_a_year_whose_working_days_are_not_announced_is_a_warning(warning):
    fault = warning(("from: 2024-03-04, to: 2024-03-10", "from: 2027-03-04, to: 2027-03-10"))
    assert (fault.path, fault.found) == ("calendars.night.holidays[0].country", "CN in 2027")
    assert "not announced yet" in fault.hint


def test_daylight_needs_a_position(says):
    path = "calendars.night.daylight"
    words = ("daylight without a position", "a `position` of the port", "write position:")
    says("holidays: [{country: CN}]", "daylight: true", "true", path, *words)


@pytest.mark.parametrize("written", ["{lat: 46.7, lon: 82.7}", "{latitud: 46.7, longitud: 82.7}"])
def test_other_words_for_a_position(faults, written):
    first, second = faults(("name: small", f"name: small\nposition: {written}"))
    assert first.hint == "did you mean `latitude`?"
    assert second.hint == "did you mean `longitude`?"
