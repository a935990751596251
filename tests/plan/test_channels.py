"""Risk channels: each truck is in one, and passes only the stages meant for it."""

import numpy as np
import pytest

from demand.ports import PORT, facts, port
from portsim.demand import uniforms
from portsim.plan import draft_key

ROUTE = "    route: [gate, inspection, release]\n  convoy:"
CHANNELS = "{green: 0.6, documents: 0.2, scan: 0.15, physical: 0.05}"
SORTED = (
    f"    channels: {CHANNELS}\n"
    "    route: [gate, {stage: scanner, channels: scan},"
    " {stage: inspection, share: 0.5, channels: [scan, physical]},"
    " {stage: desk, channels: documents}, release]\n  convoy:"
)
STAGES = ("stages:\n", "stages:\n  scanner: {time: 3 min}\n  desk: {time: 4 min}\n")


def sorted_port(folder, *changes):
    return port(folder, STAGES, (ROUTE, SORTED), *changes)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    scenario = port(tmp_path_factory.mktemp("base"), STAGES)
    return scenario, facts(scenario)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    scenario = sorted_port(tmp_path_factory.mktemp("sorted"))
    return scenario, facts(scenario)


def tea(found):
    return {index: row for (name, index), row in found.items() if name == "tea"}


def test_a_uniform_a_truck_says_its_channel_and_the_channel_its_way(known):
    """[0, 0.6) green, to 0.8 documents, to 0.95 scan, the rest physical; the share of the
    inspection holds within scan and physical."""
    scenario, found = known
    mine = tea(found)
    u, share = (
        uniforms(scenario.seed, 1, "class tea", purpose, max(mine) + 1)
        for purpose in ("channel", "inspection share")
    )
    seen = dict.fromkeys(("green", "documents", "scan", "physical"), 0)
    for index, row in mine.items():
        channel = next(
            name for name, end in zip(seen, (0.6, 0.8, 0.95, 1.0), strict=True) if u[index] < end
        )
        seen[channel] += 1
        wanted = ["gate"]
        wanted += ["scanner"] if channel == "scan" else []
        wanted += ["inspection"] if channel in ("scan", "physical") and share[index] < 0.5 else []
        wanted += ["desk"] if channel == "documents" else []
        assert [stage for stage, _ in row[4]] == [*wanted, "release"]
    n = len(mine)
    for name, part in (("green", 0.6), ("documents", 0.2), ("scan", 0.15), ("physical", 0.05)):
        assert abs(seen[name] - part * n) < 4.5 * np.sqrt(n * part * (1 - part))


def test_channels_of_one_class_move_no_other_draw(base, known):
    """Everybody else is the same; the trucks of the class keep their load, work and patience."""
    _, found = known
    for key, row in base[1].items():
        if key[0] != "tea":
            assert found[key] == row
            continue
        assert (found[key][:4], found[key][5]) == (row[:4], row[5])
        work = dict(row[4])
        assert {s: w for s, w in found[key][4] if s in ("gate", "release")} == {
            s: work[s] for s in ("gate", "release")
        }
        # The luck of the share is the same: 0.3 of all before, 0.5 of two channels now.
        if "inspection" in dict(found[key][4]) and "inspection" in work:
            assert dict(found[key][4])["inspection"] == work["inspection"]
    assert found.keys() == base[1].keys()


def test_smaller_demand_is_a_subset_with_the_same_channels(known):
    scenario, found = known
    assert facts(scenario, times=0.5).items() < found.items()
    assert found.items() < facts(scenario, times=3.0).items()


def test_another_share_moves_only_trucks_at_its_border(known, tmp_path):
    """0.1 of the trucks, from green to documents; the channels after them keep theirs."""
    _, found = known
    fewer = tea(facts(sorted_port(tmp_path, ("0.6, documents: 0.2", "0.5, documents: 0.3"))))
    changed = [index for index, row in tea(found).items() if row[4] != fewer[index][4]]
    n = len(fewer)
    assert abs(len(changed) - 0.1 * n) < 4.5 * np.sqrt(n * 0.09)
    for index in changed:
        assert "desk" in dict(fewer[index][4])
        assert "desk" not in dict(tea(found)[index][4])


def test_a_set_with_a_name_is_the_same_as_one_in_the_class(known, tmp_path):
    scenario, found = known
    named = sorted_port(
        tmp_path,
        (f"    channels: {CHANNELS}\n", "    channels: exports\n"),
        ("traffic:\n", f"channels: {{exports: {CHANNELS}}}\ntraffic:\n"),
    )
    assert facts(named) == found
    assert draft_key(named) == draft_key(scenario)


def test_the_key_of_a_draft_knows_the_channels(known, tmp_path):
    key = draft_key(known[0])
    for change in (
        ("scan: 0.15, physical: 0.05", "scan: 0.05, physical: 0.15"),
        ("scan: 0.15, physical: 0.05", "physical: 0.05, scan: 0.15"),
        ("channels: [scan, physical]", "channels: [physical]"),
        ("channels: documents", "channels: [documents, green]"),
    ):
        scenario = sorted_port(tmp_path, change)
        assert facts(scenario) != known[1]
        assert draft_key(scenario) != key


def test_the_last_channel_takes_what_rounding_leaves(tmp_path):
    """Three thirds written with nine digits; nobody is left without a channel."""
    shares = "{a: 0.333333333, b: 0.333333333, c: 0.3333333335}"
    way = ", ".join(
        f"{{stage: {s}, channels: {c}}}"
        for s, c in zip(("scanner", "desk", "inspection"), "abc", strict=True)
    )
    words = f"    channels: {shares}\n    route: [{way}]\n  convoy:"
    inspected = ("    share: 0.3\n", "")
    found = tea(facts(port(tmp_path, STAGES, (ROUTE, words), inspected)))
    assert {len(row[4]) for row in found.values()} == {1}


def test_the_port_has_trucks_to_sort():
    assert ROUTE in PORT
