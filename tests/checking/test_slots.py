"""Slots that trucks ask for: what is refused, with its place and what to write."""

import pytest

SLOTS = "slots:\n  gate: {calendar: day, every: 30 min, quota: {08:00-12:00: 8, 12:00-20:00: 4}}\n"
OLD, RATE = "traffic:\n", "arrivals: {rate: 60 per day}"
TEA = f"traffic:\n  tea:\n    direction: export\n    {RATE}\n"
QUOTA = "{08:00-12:00: 8, 12:00-20:00: 4}"
ASKS = "arrivals: {rate: 60 per day, slots: {of: gate, at_most: 2 days, no_show: 0.1}}"


@pytest.fixture
def of_slots(says):
    def check(old, new, at, path, found, expected, hint=""):
        assert old in SLOTS
        # The class asks for them, so that they are not left unused beside the fault.
        text = f"{SLOTS.replace(old, new)}{OLD}"
        says(OLD, text, at, f"slots.gate.{path}", found, expected, hint)

    return check


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        ("30 min", "30 s", "30 s", "every", "`30 s`", "a slot of a minute to a day", ""),
        ("30 min", "25 h", "25 h", "every", "`25 h`", "a slot of a minute to a day", ""),
        ("08:00-", "08:30-", "08:30", "quota.08:30-12:00", "`08:30-12:00`", "whole hours", ""),
        (": 8,", ": 8.5,", "8.5", "quota.08:00-12:00", "`8.5`", "a whole number", "6"),
        (QUOTA, "many", "many", "quota", "`many`", "a whole number", "6"),
        (QUOTA, "0", "0", "quota", "`0`", "a slot with a truck", "close"),
        ("calendar: day", "calendar: dawn", "dawn", "calendar", "`dawn`", "a calendar", "day"),
        ("calendar: day, ", "", "gate", "calendar", "no `calendar`", "`calendar`", ""),
    ],
)  # fmt: skip
def test_slots_that_cannot_be(of_slots, old, new, at, path, found, expected, hint):
    of_slots(old, new, at, path, found, expected, hint)


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        (
            "of: gate",
            "of: gates",
            "gates",
            "of",
            "`gates`",
            "a set of slots",
            "did you mean `gate`",
        ),
        ("of: gate, ", "", "slots", "of", "no `of`", "`of`: which slots", ""),
        ("2 days", "22 days", "22 days", "at_most", "`22 days`", "21 days or less", ""),
        ("0.1", "1.1", "1.1", "no_show", "`1.1`", "1 or less", ""),
        ("no_show", "noshow", "noshow", "noshow", "unknown key `noshow`", "one of", "`no_show`"),
    ],
)
def test_wishes_that_cannot_be(says, old, new, at, path, found, expected, hint):
    assert old in ASKS
    text = SLOTS + TEA.replace(RATE, ASKS.replace(old, new))
    says(TEA, text, at, f"traffic.tea.arrivals.slots.{path}", found, expected, hint)


def test_slots_that_nobody_asks_for(warning):
    found = warning((OLD, SLOTS + OLD))
    assert (found.code, found.path) == ("unused", "slots.gate")


def test_a_wait_shorter_than_a_slot(warning):
    found = warning((OLD, SLOTS + OLD), (RATE, ASKS.replace("2 days", "20 min")))
    assert (found.code, found.path) == ("slots", "traffic.tea.arrivals.slots.at_most")


def test_slots_in_short(scenario):
    tea = scenario((OLD, SLOTS + OLD), (RATE, "arrivals: {rate: 60 per day, slots: gate}"))
    assert tea.traffic.classes["tea"].arrivals.slots.of == "gate"
    assert tea.slots["gate"].quota == (0,) * 8 + (8,) * 4 + (4,) * 8 + (0,) * 4
