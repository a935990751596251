"""Single values that a careless planner gets wrong: what the message says, word by word."""

import pytest

from portsim.demand import window

HOURS = "wall-clock hours such as"
DURATION = 'a duration with its unit, e.g. "25 min"'
KNOWN = (
    "one of `constant`, `exponential`, `lognormal`, `gamma`, `erlang`, `weibull`, "
    "`triangular`, `uniform`, `empirical`"
)
CALENDAR = "10:00-20:00"
TIME = "time: 5 min"


def test_the_base_is_right(scenario):
    assert scenario().origin.warnings == ()


@pytest.mark.parametrize(
    "hours",
    [
        "8:00-20:00",
        "0:00-24:00",
        "20:00-24:00",
        "22:00-6:00",
        "22:00-24:00, 0:00-6:00",
        "08:00–20:00",
        "08:00 — 20:00",
        "8:00~20:00",
        "８:００-２０:００",
        "8：00-20：00",
        "8:00-12:00，13:00-20:00",
        "round the clock",
        "{Mon-Fri: 8:00-20:00}",
        '{Mon–Fri: 8:00-20:00, "Sat, Sun": closed}',
        "{daily: 0:00-24:00}",
    ],
)
def test_hours_that_work(scenario, hours):
    assert scenario((CALENDAR, hours)).calendars["day"].hours[0]


def test_unquoted_times_stay_times(scenario):
    made = scenario(
        (CALENDAR, "8:00-24:00"), ("14:00-15:00", "12:00-13:00"), ("refill: 00:00", "refill: 8:00")
    )
    assert made.calendars["day"].hours[0] == ((28_800, 86_400),)
    assert made.calendars["day"].lunch == ((43_200, 46_800),)
    assert made.resources["permits"].refill.at == (28_800,)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("20:00", (72_000,)),
        ("24:00", (86_400,)),
        ("[8:00, 20:00]", (28_800, 72_000)),
        ("{at: 8:00, days: Mon-Fri}", (28_800,)),
        ("{at: [8:00, 24:00]}", (28_800, 86_400)),
    ],
)
def test_refills_that_work(scenario, written, seconds):
    made = scenario(("refill: 00:00", f"refill: {written}"))
    assert made.resources["permits"].refill.at == seconds


def test_hours_across_midnight(scenario):
    assert scenario().calendars["night"].hours[0] == ((79_200, 108_000),)


@pytest.mark.parametrize(
    ("hours", "expected", "hint"),
    [
        ("8-20", HOURS, 'write "8:00-20:00"'),
        ("8:00", HOURS, "of opening and of closing"),
        ("08.00-20.00", HOURS, 'write "08:00-20:00"'),
        ("8:00 to 20:00", HOURS, 'write "8:00-20:00"'),
        ("8am-8pm", HOURS, "24 hours"),
        ("800", HOURS, "of opening and of closing"),
        ("yes", HOURS, 'write "round the clock"'),
        ("no", HOURS, 'write "closed"'),
        ("true", HOURS, 'write "round the clock"'),
        ("24/7", HOURS, 'write "round the clock"'),
        ("20:00-20:00", HOURS, "round the clock"),
        ("24:00-06:00", HOURS, "open at 00:00"),
        ("8:00-25:00", "a time of day from 00:00 to 24:00", "there is no 25:00"),
        ("8:00-20:60", "a time of day from 00:00 to 24:00", "there is no 20:60"),
        ("8:00-14:00, 13:00-20:00", "spans that do not overlap", ""),
        ("22:00-9:00, 8:00-10:00", "end before the next day's begin", ""),
    ],
)
def test_hours_that_are_none(says, hours, expected, hint):
    says(CALENDAR, hours, hours, "calendars.day.hours", f"`{hours}`", expected, hint)


def test_hours_as_a_list(says):
    words = ("a list of 2", HOURS, 'write one text: "8:00-12:00, 13:00-17:00"')
    says(CALENDAR, "[8:00-12:00, 13:00-17:00]", "[8", "calendars.day.hours", *words)


def test_lunch_that_is_none(says):
    words = ("`14:00`", HOURS, "of opening and of closing")
    says("lunch: 14:00-15:00", "lunch: 14:00", "14:00", "calendars.day.lunch", *words)
    words = ("`no`", HOURS, "delete the line")
    says("lunch: 14:00-15:00", "lunch: no", "no", "calendars.day.lunch", *words)


@pytest.mark.parametrize(
    ("week", "at", "key", "found", "expected", "hint"),
    [
        ("{Mon-Fry: 8:00-9:00}", "Mon-Fry", "Mon-Fry", "`Fry`", "weekdays such as", "`Friday`"),
        ("{weekdays: 8:00-9:00}", "weekdays", "weekdays", "`weekdays`", "weekdays", "`Mon-Fri`"),
        ("{Mon: 8:00-25:00}", "8:00-25", "Mon", "`8:00-25:00`", "from 00:00 to 24:00", "25:00"),
        ("{Mon: 5}", "5", "Mon", "`5`", HOURS, "of opening"),
        (
            "{Mon-Fri: 8:00-9:00, Fri: closed}",
            "Fri: closed",
            "Fri",
            "`Fri`",
            "Fri only once; it is in `Mon-Fri` too",
            "",
        ),
        (
            "{Mon: 20:00-9:00, Tue: 8:00-9:00}",
            "20:00",
            "Mon",
            "`20:00-9:00`",
            "before those of Tue begin",
            "",
        ),
    ],
)
def test_weeks_that_are_none(says, week, at, key, found, expected, hint):
    says(CALENDAR, week, at, f"calendars.day.hours.{key}", found, expected, hint)


@pytest.mark.parametrize(
    ("written", "at", "path", "found", "expected", "hint"),
    [
        ("25:00", "25:00", "", "`25:00`", "from 00:00 to 24:00", "there is no 25:00"),
        ("daily", "daily", "", "`daily`", "a time of day such as", "write refill: 00:00"),
        ("0", "0", "", "`0`", "a time of day such as", "write 0:00"),
        ("[8:00, 9]", "9", "[1]", "`9`", "a time of day such as", "write 9:00"),
        ("8:00-9:00", "8:00-9", "", "`8:00-9:00`", "a time of day such as", "hours and minutes"),
        ("{at: 8:00, days: Mo}", "Mo", ".days", "`Mo`", "weekdays", "did you mean `Mon`?"),
    ],
)
def test_refills_that_are_none(says, written, at, path, found, expected, hint):
    path = f"resources.permits.refill{path}"
    says("refill: 00:00", f"refill: {written}", at, path, found, expected, hint)


@pytest.mark.parametrize(
    ("time", "found", "expected", "hint"),
    [
        ("25", "`25`", DURATION, "write the unit: 25 s, min, h, d or w"),
        ('"25"', "`25`", DURATION, "write the unit: 25 s"),
        ("-5 min", "`-5 min`", "a duration of 0 or more", ""),
        ("5 mins", "`5 mins`", DURATION, "unknown unit `mins`; did you mean `min`?"),
        ("5 minuts", "`5 minuts`", DURATION, "did you mean `minutes`?"),
        ("5 分钟", "`5 分钟`", DURATION, "did you mean `min`?"),
        ("5 parsecs", "`5 parsecs`", DURATION, "unknown unit `parsecs`"),
        ("1,5 h", "`1,5 h`", DURATION, "write a point: 1.5 h"),
        ("5-8 min", "`5-8 min`", DURATION, "{uniform: {low: 5 min, high: 8 min}}"),
        ("0:05", "`0:05`", DURATION, "no time of day"),
        ("five minutes", "`five minutes`", DURATION, "a number with s, min, h, d or w"),
        ("true", "`true`", DURATION, ""),
        ("9" * 40 + " w", "`" + "9" * 40 + " w`", "a sensible size", ""),
        ("lognormal", "`lognormal`", "a distribution with its parameters", "{lognormal: {…}}"),
        ("[5 min]", "a list of 1", DURATION, ""),
        ("", "nothing", "a mapping with `per_truck`", "write a value, or delete the key"),
        ("{}", "an empty mapping", "exactly one distribution", ""),
        (
            "{mean: 25 min, cv: 1}",
            "a mapping with mean, cv",
            "a distribution by its name",
            "one of constant, exponential, lognormal, gamma, erlang, weibull, triangular",
        ),
        (
            "{lognormal: {mean: 1 h, cv: 1}, constant: 1 h}",
            "a mapping with lognormal, constant",
            "exactly one distribution",
            "constant, lognormal",
        ),
    ],
)
def test_times_that_are_none(says, time, found, expected, hint):
    at = time or "time:"
    says(TIME, f"time: {time}", at, "stages.gate.time", found, expected, hint)


@pytest.mark.parametrize("time", ["25min", "1 h 30 min", "５ min", "0.5 h", "2 hours"])
def test_times_that_work(scenario, time):
    assert scenario((TIME, f"time: {time}")).stages["gate"].time.per_piece.constant > 0


@pytest.mark.parametrize(
    ("time", "at", "path", "found", "expected", "hint"),
    [
        (
            "{normal: {mean: 5 min, sd: 1 min}}",
            "normal",
            ".normal",
            "unknown key `normal`",
            KNOWN,
            "did you mean `lognormal`?",
        ),
        (
            "{lognormal: {mean: 25 min}}",
            "lognormal",
            ".lognormal.cv",
            "no `cv`",
            "`cv`: standard deviation over mean",
            "",
        ),
        (
            "{lognormal: {mean: 25 min, sd: 3 min}}",
            "sd",
            ".lognormal.sd",
            "unknown key `sd`",
            "`cv`",
            "the standard deviation divided by the mean",
        ),
        (
            "{lognormal: {mean: 25, cv: 1}}",
            "25",
            ".lognormal.mean",
            "`25`",
            DURATION,
            "write the unit",
        ),
        ("{lognormal: 25 min}", "25", ".lognormal", "`25 min`", "`mean`, `cv`", "{mean: 25 min"),
        ("{lognormal: {mean: 1 h, cv: 0}}", "0}", ".lognormal.cv", "`0`", "more than 0", ""),
        ("{erlang: {mean: 1 h, k: 1.5}}", "1.5", ".erlang.k", "`1.5`", "a whole number", ""),
        (
            "{uniform: {low: 2 h, high: 1 h}}",
            "{low",
            ".uniform",
            "a mapping with low, high",
            "low and high in rising order",
            "",
        ),
        ("{per_truck: 5}", "5", ".per_truck", "`5`", DURATION, "write the unit"),
        (
            "{per_truk: 5 min}",
            "per_truk",
            ".per_truk",
            "unknown key `per_truk`",
            "`per_truck`",
            "did you mean `per_truck`?",
        ),
        (
            "{value: 5 min, sorce: x}",
            "sorce",
            ".sorce",
            "unknown key `sorce`",
            "source",
            "did you mean `source`?",
        ),
    ],
)
def test_distributions_that_are_none(says, time, at, path, found, expected, hint):
    says(TIME, f"time: {time}", at, f"stages.gate.time{path}", found, expected, hint)


@pytest.mark.parametrize(
    ("share", "expected", "hint"),
    [
        ("30%", "a number", "write 0.3"),
        ("1.3", "1 or less", ""),
        ("30", "1 or less", "30 % is 0.3"),
        ("-0.1", "0 or more", ""),
        ("half", "a number", ""),
        ("0,3", "a number", "write 0.3"),
        ("０.３", "a number", "write 0.3"),
        ("3/10", "a number", "write 0.3"),
        ("yes", "a number", ""),
    ],
)
def test_shares(says, share, expected, hint):
    path = "stages.inspection.share"
    says("share: 0.3", f"share: {share}", share, path, f"`{share}`", expected, hint)


@pytest.mark.parametrize(
    ("written", "found", "hint"),
    [
        ('"4"', "`4`", "write it without quotes: 4"),
        ("4.0", "`4.0`", "write 4"),
        ("４", "`４`", "write 4"),
        ("4 lanes", "`4 lanes`", "write the number alone: 4"),
        ("four", "`four`", ""),
        ("[4]", "a list of 1", ""),
    ],
)
def test_whole_numbers(says, written, found, hint):
    path = "resources.lanes.capacity"
    says("capacity: 4", f"capacity: {written}", written, path, found, "a whole number", hint)


def test_negative_counts(says):
    path = "resources.lanes.capacity"
    says("capacity: 4", "capacity: -1", "-1", path, "`-1`", "0 or more")


@pytest.mark.parametrize(("word", "meant"), [("no", "false"), ("yes", "true"), ("on", "true")])
def test_booleans(says, word, meant):
    new = f"{TIME}\n    claims: {word}"
    words = (f"`{word}`", "`true` or `false`", f"write `{meant}`")
    says(TIME, new, word, "stages.gate.claims", *words)


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        (
            "rate: 60 per day",
            "rate: 60",
            "60",
            "traffic.tea.arrivals.rate",
            "`60`",
            'a rate with its unit, e.g. "60 per day"',
            "60 per day, per hour or per week",
        ),
        (
            "rate: 60 per day",
            "rate: 60 trucks per day",
            "60",
            "traffic.tea.arrivals.rate",
            "`60 trucks per day`",
            "a rate",
            "did you mean `per day`?",
        ),
        (
            "{rate: 60 per day}",
            "60 per day",
            "60",
            "traffic.tea.arrivals",
            "`60 per day`",
            "a mapping with a rate",
            "write {rate: 60 per day}",
        ),
        (
            "{rate: 60 per day}",
            "{}",
            "{}",
            "traffic.tea.arrivals",
            "none",
            "exactly one of `rate`, `total`, `booked` and `recorded`",
            "write {rate: 60 per day}",
        ),
        (
            "{rate: 60 per day}",
            "{rate: 60 per day, booked: {calendar: day, per_hour: 3}}",
            "{rate",
            "traffic.tea.arrivals",
            "`booked` and `rate` together",
            "exactly one",
            "keep one",
        ),
        (
            "{rate: 60 per day}",
            "{rate: 60 per day, months: {Janury: 1}}",
            "Janury",
            "traffic.tea.arrivals.months.Janury",
            "`Janury`",
            "months such as",
            "did you mean `Jan`?",
        ),
        (
            "{rate: 60 per day}",
            "{rate: 60 per day, weekdays: {Sun: 50%}}",
            "50%",
            "traffic.tea.arrivals.weekdays.Sun",
            "`50%`",
            "a factor from 0 to 1000",
            "write 0.5",
        ),
        (
            "{rate: 60 per day}",
            "{rate: 60 per day, hours: {8:00-12:30: 3}}",
            "8:00-12:30",
            "traffic.tea.arrivals.hours.8:00-12:30",
            "`8:00-12:30`",
            "whole hours",
            "",
        ),
        (
            "{rate: 60 per day}",
            "{booked: {calendar: day, per_hour: 3, no_show: 20%}}",
            "20%",
            "traffic.tea.arrivals.booked.no_show",
            "`20%`",
            "a number",
            "write 0.2",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 9, from: 2024-03-04, to: 2024-03-01}}",
            "2024-03-01",
            "traffic.tea.arrivals.total.to",
            "`2024-03-01`",
            "not before the first, 2024-03-04",
            "",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 0, from: 2024-03-04, to: 2024-03-08}}",
            "0",
            "traffic.tea.arrivals.total.trucks",
            "`0`",
            "1 or more",
            "",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 9, from: 2024-03-04}}",
            "total",
            "traffic.tea.arrivals.total.to",
            "no `to`",
            "`to`: last local date",
            "",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 9, from: 2024-03-04, to: 2034-04-08}}",
            "2034",
            "traffic.tea.arrivals.total.to",
            "`2034-04-08`",
            "at most ten years apart",
            "",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 9, from: 2024-03-04, to: 2024-03-08}, together: 3}",
            "together",
            "traffic.tea.arrivals.together",
            "`together`",
            "`together` only with a `rate`",
            "",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 9, from: 2024-03-04, to: 2024-03-08}, rate: 3 per day}",
            "{total",
            "traffic.tea.arrivals",
            "`rate` and `total` together",
            "exactly one of",
            "keep one",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 500001, from: 2024-03-04, to: 2024-03-08}}",
            "500001",
            "traffic.tea.arrivals.total.trucks",
            "100,000 a day",
            "at most 100,000 trucks a day",
            "no road port",
        ),
        (
            "{rate: 60 per day}",
            "{total: {trucks: 9, from: 2024-03-04, to: 2024-03-08}, months: {Mar: 0}}",
            "{trucks",
            "traffic.tea.arrivals.total",
            "9 trucks and no day for them",
            "with a factor above 0",
            "months and weekdays leave no day",
        ),
        (
            "{rate: 60 per day}",
            "{booked: {calendar: day, per_hour: 3}, months: {Jan: 2}}",
            "months",
            "traffic.tea.arrivals.months",
            "`months`",
            "`months` only with a `rate` or a `total`",
            "",
        ),
        ("21 t", "21", "21", "traffic.tea.load", "`21`", 'e.g. "21 t"', "21 t or kg"),
        ("21 t", "21 tons", "21", "traffic.tea.load", "`21 tons`", "a mass", "did you mean `t`?"),
        ("5 h", "5", "5", "traffic.tea.patience", "`5`", DURATION, "write the unit"),
        (
            "patience: 5 h",
            "tolerance: -5",
            "-5",
            "traffic.tea.tolerance",
            "`-5`",
            "0 or more",
            "",
        ),
        (
            "patience: 5 h",
            "value: 5 CNY\n    price: 1 CNY/t",
            "price",
            "traffic.tea.price",
            "a price beside a value",
            "either a `value` a truck or a `price` a tonne",
            "",
        ),
        (
            "kind: budget",
            "kind: budgte",
            "budgte",
            "resources.permits.kind",
            "`budgte`",
            "`servers`, `budget` or `store`",
            "did you mean `budget`?",
        ),
        (
            "capacity: 4",
            "kind: server\n    capacity: 4",
            "server",
            "resources.lanes.kind",
            "`server`",
            "`servers`, `budget` or `store`",
            "did you mean `servers`?",
        ),
        (
            "fits: {width: 4 m}",
            "level: 5",
            "level",
            "resources.lanes.level",
            "`level` for a resource of kind servers",
            "only `breakdowns`, `calendar`, `capacity`",
            "take out `level`",
        ),
        (
            "capacity: 4\n",
            "\n",
            "lanes",
            "resources.lanes",
            "neither",
            "either a capacity or a roster",
            "write capacity: 4",
        ),
        (
            "level: 10, ",
            "",
            "{kind",
            "resources.permits",
            "no `level`",
            "`level` for a budget",
            "write level: 10",
        ),
        (
            ", refill: 00:00",
            "",
            "{kind",
            "resources.permits",
            "no `refill`",
            "`refill` for a budget",
            "write refill: 00:00",
        ),
        (
            "roster: [{calendar: night, count: 2}]",
            "roster: {calendar: night, count: 2}",
            "{cal",
            "resources.officers.roster",
            "a mapping with calendar, count",
            "a list",
            "square brackets",
        ),
        (
            "fits: {width: 4 m}",
            "breakdowns: [{every: 1 s, repair: 1 h}]",
            "1 s",
            "resources.lanes.breakdowns[0].every",
            "`1 s`",
            "a minute or more",
            "",
        ),
    ],
)
def test_other_values(says, old, new, at, path, found, expected, hint):
    says(old, new, at, path, found, expected, hint)


@pytest.mark.parametrize(
    ("date", "expected", "hint"),
    [
        ("2024-13-04", "a date that exists", "year-month-day"),
        ("04.03.2024", "a date such as 2024-09-21", "write 2024-03-04"),
        ("2024/3/4", "a date such as", "write 2024-03-04"),
        ("2024年3月4日", "a date such as", "write 2024-03-04"),
        ("20240304", "a date such as", "write 2024-03-04"),
        ("next Monday", "a date such as", "year-month-day"),
        ("1066-10-14", "a date from 1970 to 2100", ""),
    ],
)
def test_dates(says, date, expected, hint):
    says("from: 2024-03-04", f"from: {date}", date, "period.from", f"`{date}`", expected, hint)


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        (
            "from: 2024-03-04",
            "from: 2025-03-04",
            "2024-03-10",
            "period.to",
            "`2024-03-10`",
            "not before the first, 2025-03-04",
            "",
        ),
        (
            "to: 2024-03-10",
            "to: 2024-03-10, warm_up: 10 d",
            "10 d",
            "period.warm_up",
            "`10 d`",
            'whole weeks, e.g. "4 weeks"',
            "keeps weekdays in step",
        ),
        (
            "from: 2024-03-04",
            "from: 2024-03-11 10:30",
            "2024-03-10",
            "period.to",
            "`2024-03-10`",
            "an end after the beginning, 2024-03-11 10:30",
            "",
        ),
        (
            "{from: 2024-03-04, to: 2024-03-10}",
            "{from: 2024-03-04 10:30, to: 2024-03-04 11:29}",
            "2024-03-04 11:29",
            "period.to",
            "`2024-03-04 11:29`",
            "an hour or more",
            "",
        ),
        (
            "from: 2024-03-04",
            "from: 2024-03-04 25:00",
            "2024-03-04 25:00",
            "period.from",
            "`2024-03-04 25:00`",
            "a time of day from 00:00 to 24:00",
            "there is no 25:00",
        ),
        (
            "{from: 2024-03-04, to: 2024-03-10}",
            "2024",
            "2024",
            "period",
            "`2024`",
            "a mapping with `from`, `to`",
            "{from: 2024, to: …}",
        ),
        (
            "name: small",
            "name: a b",
            "a b",
            "name",
            "`a b`",
            "without blanks",
            "write name: a-b",
        ),
        (
            "name: small",
            "name: small\nreplications: 0",
            "0",
            "replications",
            "`0`",
            "1 or more",
            "",
        ),
        (
            "name: small",
            "name: small\nposition: {latitude: 146, longitude: 82}",
            "146",
            "position.latitude",
            "`146`",
            "90 or less",
            "",
        ),
        (
            "holidays: [{country: CN}]",
            "closed: [2024-02-30]",
            "2024-02-30",
            "calendars.night.closed[0]",
            "`2024-02-30`",
            "a date that exists",
            "year-month-day",
        ),
        (
            "holidays: [{country: CN}]",
            "valid_from: 2024-05-01\n    valid_to: 2024-04-01",
            "2024-04-01",
            "calendars.night.valid_to",
            "`2024-04-01`",
            "not before valid_from, 2024-05-01",
            "",
        ),
        (
            "holidays: [{country: CN}]",
            "daylight: yes",
            "yes",
            "calendars.night.daylight",
            "`yes`",
            "`true`, `false` or a mapping",
            "write `true`",
        ),
        (
            "[{country: CN}]",
            "[{country: China}]",
            "China",
            "calendars.night.holidays[0].country",
            "`China`",
            "the ISO 3166 code of a country",
            "did you mean `CN`?",
        ),
        (
            "[{country: CN}]",
            "[CN]",
            "CN",
            "calendars.night.holidays[0]",
            "`CN`",
            "a mapping with `country`",
            "{country: CN}",
        ),
        (
            "[{country: CN}]",
            "[{country: 波兰}]",
            "波兰",
            "calendars.night.holidays[0].country",
            "`波兰`",
            "the ISO 3166 code of a country",
            "did you mean `PL`?",
        ),
        (
            "[{country: CN}]",
            "[{country: DE, subdivision: Bayer}]",
            "Bayer",
            "calendars.night.holidays[0].subdivision",
            "`Bayer`",
            "a part of DE with holidays of its own",
            "it has BB, BE, BW, BY",
        ),
    ],
)
def test_periods_places_and_calendars(says, old, new, at, path, found, expected, hint):
    says(old, new, at, path, found, expected, hint)


@pytest.mark.parametrize(
    ("words", "at", "found", "expected", "hint"),
    [
        ("{event: admitted}", "admitted", "`event: admitted` with a clock that starts at the",
         "the name of a stage under `from` for it", "write e.g. {from: declaration, event"),
        ("{from: gate, event: admited}", "admited", "`admited`", "`queued` or `admitted`",
         "did you mean `admitted`?"),
    ],
)  # fmt: skip
def test_a_clock_that_starts_with_work_needs_a_stage(faults, words, at, found, expected, hint):
    (only,) = faults(("name: small", f"name: small\ncompletion: {words}"))
    assert only.path == "completion.event"
    assert only.found.startswith(found)
    assert only.expected == expected
    assert only.hint.startswith(hint)
    assert (only.line, words.index(at)) == (2, only.column - len("completion: ") - 1)


@pytest.mark.parametrize("written", ["2024-03-05", "[2024-03-05]", "2024-03-05..2024-03-05"])
def test_one_date_alone_may_be_closed(scenario, written):
    day = scenario(("lunch: 14:00-15:00", f"closed: {written}")).calendars["day"]
    assert [(first.day, last.day) for first, last in day.closed] == [(5, 5)]


def test_a_period_no_longer_than_the_limit_is_no_fault_but_a_word(scenario):
    """Completion and stays look at trucks that come a limit before the end: there are none."""
    (remark,) = scenario(("to: 2024-03-10", "to: 2024-03-04")).origin.warnings
    assert (remark.path, remark.found) == ("period.to", "a period of 1 day")
    assert "completion: {limit: 12 h}" in remark.hint
    assert not scenario(("to: 2024-03-10", "to: 2024-03-05")).origin.warnings
    short = scenario(("to: 2024-03-10}", "to: 2024-03-04}\ncompletion: {limit: 12 h}"))
    assert not short.origin.warnings


def test_a_period_may_begin_and_end_at_any_minute(scenario):
    some = scenario(
        ("{from: 2024-03-04, to: 2024-03-10}", "{from: 2024-03-04 10:30, to: 2024-03-06T09:15}")
    )
    period = some.period
    assert (str(period.begins), str(period.ends)) == ("2024-03-04 10:30:00", "2024-03-06 09:15:00")
    assert (str(period.first_day), str(period.last_day)) == ("2024-03-04", "2024-03-06")
    assert [fault.code for fault in some.origin.warnings] == ["part-days"]
    run = window(some)
    assert run.stop - run.start == 46 * 3600 + 45 * 60


@pytest.mark.parametrize("last", ["2024-03-10", "2024-03-11 00:00", "2024-03-10 24:00"])
def test_the_midnight_after_the_last_day_is_its_end(scenario, last):
    period = scenario(("to: 2024-03-10", f"to: {last}")).period
    assert (period.whole_days, period.days, str(period.last_day)) == (True, 7.0, "2024-03-10")


@pytest.mark.parametrize(
    "every",
    [
        "59 s",
        "{weibull: {mean: 59 s, shape: 2}}",
        "{uniform: {low: 0 s, high: 100 s}}",
        "{triangular: {low: 0 s, mode: 1 s, high: 100 s}}",
        "{gamma: {mean: 1 s, cv: 1}}",
    ],
)
def test_breakdowns_without_end(faults, every):
    (fault,) = faults(
        ("fits: {width: 4 m}", f"breakdowns: [{{every: {every}, repair: 1 h}}]"),
    )
    assert (fault.code, fault.path) == ("gap", "resources.lanes.breakdowns[0].every")
