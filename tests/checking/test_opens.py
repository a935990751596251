"""Servers opened by the queue: what is refused, with its place and what to write."""

import pytest

OPENS = "opens: {when_waiting: {gate: 30}, until_waiting: 10, after: 15 min, at_most: 2}"
OLD = "    capacity: 4\n"
PATH = "resources.lanes.opens"


@pytest.mark.parametrize(
    ("old", "new", "at", "path", "found", "expected", "hint"),
    [
        ("gate: 30", "gates: 30", "gates", "when_waiting.gates", "`gates`", "a stage", "`gate`"),
        ("gate: 30", "gate: 0", "0", "when_waiting.gate", "`0`", "1 or more", ""),
        ("{gate: 30}", "{}", "{}", "when_waiting", "an empty mapping", "at least 1 of them", ""),
        ("waiting: 10", "waiting: 30", "30", "until_waiting", "30", "fewer than the 30", "come"),
        ("waiting: 10", "waiting: -1", "-1", "until_waiting", "`-1`", "0 or more", ""),
        ("15 min", "15", "15", "after", "`15`", "a duration", "write the unit"),
        ("at_most: 2", "at_most: 0", "0", "at_most", "`0`", "1 or more", ""),
        (
            "at_most: 2",
            "within: dawn",
            "dawn",
            "within",
            "`dawn`",
            "the name of a calendar",
            "known: day, night",
        ),
        (
            "at_most: 2",
            "atmost: 2",
            "atmost",
            "atmost",
            "unknown key `atmost`",
            "one of `at_most`",
            "`at_most`",
        ),
        (
            ", until_waiting: 10",
            "",
            "opens",
            "until_waiting",
            "no `until_waiting`",
            "`until_waiting`: the extra servers close",
            "",
        ),
    ],
)
def test_words_that_cannot_be(says, old, new, at, path, found, expected, hint):
    assert old in OPENS
    new = f"{OLD}    {OPENS.replace(old, new)}\n"
    says(OLD, new, at, f"{PATH}.{path}", found, expected, hint)


def test_of_several_stages_the_smallest_number_counts(says):
    words = OPENS.replace("gate: 30", "gate: 30, release: 9")
    says(
        OLD, f"{OLD}    {words}\n", "10", f"{PATH}.until_waiting", "10", "fewer than the 9", "come"
    )


def test_budgets_are_not_opened(says):
    old, found = "level: 10,", "`opens` for a resource of kind budget"
    says(
        *(old, f"{old} {OPENS},", "opens", "resources.permits.opens"),
        *(found, "only `level`", "take out `opens`"),
    )


def test_a_stage_where_nobody_ever_waits(faults):
    (fault,) = faults(
        (OLD, f"{OLD}    {OPENS.replace('gate', 'attic')}\n"),
        ("stages:\n", "stages:\n  attic: {time: 1 min}\n"),
    )
    assert (fault.path, fault.code) == (f"{PATH}.when_waiting.attic", "opens")
    assert fault.hint == "nobody ever waits there"


def test_all_of_them_is_no_number(faults):
    (fault,) = faults(
        (OLD, f"{OLD}    {OPENS}\n"), ("{until: inspection}", "{count: all, until: inspection}")
    )
    assert (fault.path, fault.found) == ("stages.gate.takes.lanes", "`all`")
    assert "write how many it takes" in fault.hint


def test_work_that_waits_for_its_servers_cannot_wait_for_extra_ones(faults):
    (fault,) = faults(
        (OLD, f"{OLD}    {OPENS}\n"),
        ("    hours: day\n    at_close: finish", "    attended: true\n    at_close: pause"),
    )
    assert (fault.path, fault.code) == ("stages.gate.attended", "opens")


def test_the_calendar_of_extra_servers_is_in_use(scenario):
    loaded = scenario(
        (OLD, f"{OLD}    {OPENS[:-1]}, within: evening}}\n"),
        ("calendars:\n", "calendars:\n  evening: {hours: 17:00-20:00}\n"),
    )
    assert not [fault for fault in loaded.origin.warnings if fault.path == "calendars.evening"]
    assert loaded.resources["lanes"].opens.after == 900.0
