"""What is said of channels that do not add up, and of steps for channels that are not there."""

import pytest

LOAD = "    load: 21 t\n"
ROUTE = "route: [gate, inspection, release]"
OLD = f"{LOAD}    patience: 5 h\n    {ROUTE}"
STEP = "{stage: inspection, channels: physical}"


def class_with(channels, step=STEP):
    words = f"    channels: {channels}\n" if channels else ""
    return f"{LOAD}{words}    patience: 5 h\n    route: [gate, {step}, release]"


@pytest.mark.parametrize(
    ("channels", "at", "found", "expected", "hint"),
    [
        ("{green: 0.6, physical: 0.3}", "{green", "shares with a sum of 0.9", "a sum of 1",
         "0.1 is missing; each truck is in exactly one channel"),
        ("{green: 0.6, physical: 0.5}", "{green", "shares with a sum of 1.1", "a sum of 1",
         "0.1 is too much"),
        ("{green: 0.6, physical: 0.400000002}", "{green", "shares with a sum of 1.000000002",
         "a sum of 1", "2e-09 is too much"),
        ("[green, physical]", "[green", "a list of 2", "text or a mapping", ""),
        ("{}", "{}", "an empty mapping", "at least 1", ""),
    ],
)  # fmt: skip
def test_shares_that_do_not_add_up(says, channels, at, found, expected, hint):
    says(OLD, class_with(channels), at, "traffic.tea.channels", found, expected, hint)


def test_a_sum_within_a_billionth_is_whole(scenario):
    scenario((OLD, class_with("{a: 0.333333333, physical: 0.6666666675}")))


@pytest.mark.parametrize(
    ("channels", "at", "path", "found", "expected", "hint"),
    [
        ("{green: 1, physical: 0}", "0", "physical", "`0`", "a share above 0",
         "nobody can be in it; leave it out, in an overlay with `physical: null`"),
        ("{green: 0.6, physical: 40%}", "40%", "physical", "`40%`", "a number", "write 0.4"),
        ("{green: 1.6}", "1.6", "green", "`1.6`", "1 or less", ""),
    ],
)  # fmt: skip
def test_a_share_that_is_none(says, channels, at, path, found, expected, hint):
    path = f"traffic.tea.channels.{path}"
    says(OLD, class_with(channels), at, path, found, expected, hint)


def test_a_step_for_a_channel_of_another_name(says):
    says(
        OLD, class_with("{green: 0.6, physcal: 0.4}"), "physical",
        "traffic.tea.route[1].channels", "`physical`", "the name of a channel",
        "did you mean `physcal`?",
    )  # fmt: skip
    says(
        OLD,
        class_with("{green: 0.6, red: 0.4}", "{stage: inspection, channels: [red, scan]}"),
        "scan", "traffic.tea.route[1].channels[1]", "`scan`", "the name of a channel",
        "known: green, red",
    )  # fmt: skip


def test_a_step_for_channels_in_a_class_without(says):
    says(
        OLD, class_with(""), "channels", "traffic.tea.route[1].channels",
        "a step for channels in a class without", "`channels` of the class tea",
        "write e.g. channels: {green: 0.9, physical: 0.1} beside its route",
    )  # fmt: skip


def test_a_step_for_no_channel(says):
    says(
        OLD, class_with("{green: 0.6, red: 0.4}", "{stage: inspection, channels: []}"),
        "[]", "traffic.tea.route[1].channels", "an empty list", "at least 1",
    )  # fmt: skip


def test_a_set_that_is_not_there(says):
    says(
        OLD, class_with("exports"), "exports", "traffic.tea.channels", "`exports`",
        "the name of a set of channels", "known: none",
    )  # fmt: skip


def with_sets(sets):
    return ("traffic:\n", f"channels: {{{sets}}}\ntraffic:\n")


def test_one_fault_of_a_set_is_reported_once(faults):
    found = faults((OLD, class_with("exports")), with_sets("exports: {green: 0.6, physical: 0.3}"))
    assert [(fault.path, fault.found) for fault in found] == [
        ("channels.exports", "shares with a sum of 0.9")
    ]


def test_a_misspelt_section_is_reported_once(faults):
    found = faults(
        (OLD, class_with("exports")),
        ("traffic:\n", "chanels: {exports: {physical: 1}}\ntraffic:\n"),
    )
    assert [fault.hint for fault in found] == ["did you mean `channels`?"]


def test_what_nobody_uses_is_warned_of(warning):
    only = warning((OLD, class_with("exports")), with_sets("exports: {physical: 1}, old: {a: 1}"))
    assert (only.path, only.expected) == ("channels.old", "a set of channels that some class names")
    only = warning((OLD, class_with("{green: 1}", "inspection")))
    assert only.path == "traffic.tea.channels"
    assert only.expected == "a step of the route for some of these channels"
